"""Papers that are tabled at several meetings, as inputs/<forum>/tabling.yaml lists them.

An entry of a meeting's file refers to the list with `tabled`; its number, agenda item, Forum Doc. No. and
earlier revision then come from the list alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from papers.problems import Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.schemas import MeetingFile, PaperEntry, Tabling, TablingFile
    from papers.inputs.unread import Unread
    from papers.inputs.yaml import Document

    Meetings = list[Document[MeetingFile]]

_FROM_LIST = ("number", "agenda_item", "forum_doc_no", "supersedes")


def with_tablings(
    meetings: Meetings, tabling_list: Document[TablingFile] | None, unread: Unread, problems: Problems
) -> Meetings:
    """Return the meetings, their papers completed from the list of tablings.

    Names of papers that are not found in the list, or all of them if it could not be read, are added to
    `unread`.
    """
    tablings = tabling_list.form.tabled if tabling_list else []
    found = [_meeting(document, tablings, unread, problems) for document in meetings]
    if tabling_list:
        _check_tablings(tabling_list, meetings, unread, problems)
    return found


@dataclass(frozen=True)
class OtherTabling:
    """Another meeting at which a paper is tabled, by its code or name, and the paper's number there."""

    meeting: str
    number: str

    @property
    def words(self) -> str:
        return f"Also tabled at {self.meeting} as {self.number}"


def also_tabled(tabling_list: Document[TablingFile] | None) -> dict[str, tuple[OtherTabling, ...]]:
    """Return number of a paper -> its other tablings."""
    tablings = [tabling for tabling in tabling_list.form.tabled if tabling.number] if tabling_list else []
    return {
        tabling.number: tuple(
            OtherTabling(other.meeting, other.number)
            for other in tablings
            if other.number and other.paper == tabling.paper and other != tabling
        )
        for tabling in tablings
        if tabling.number
    }


def _meeting(
    document: Document[MeetingFile], tablings: list[Tabling], unread: Unread, problems: Problems
) -> Document[MeetingFile]:
    papers = [
        _entry(document, index, tablings, unread, problems) for index in range(len(document.form.papers))
    ]
    return replace(document, form=document.form.model_copy(update={"papers": papers}))


def _entry(
    document: Document[MeetingFile],
    index: int,
    tablings: list[Tabling],
    unread: Unread,
    problems: Problems,
) -> PaperEntry:
    entry, code = document.form.papers[index], document.form.code
    if entry.tabled is None:
        return entry
    _check_only_in_list(document, index, problems)
    of_paper = [tabling for tabling in tablings if tabling.paper == entry.tabled]
    current = next((tabling for tabling in of_paper if tabling.meeting == code), None)
    if current is None:
        if not unread.has("tabling"):
            names = [tabling.paper for tabling in tablings if tabling.meeting == code]
            todo = did_you_mean(entry.tabled, names, f"Add a line with meeting: {code} to tabling.yaml.")
            place = document.place("papers", index, "tabled")
            expected = f"a paper that tabling.yaml has for {code}"
            problems.add(place, "unknown-tabling", quoted(entry.tabled), expected, todo)
        unread.add("tabling", entry.tabled)
        return entry
    earlier = [tabling.number for tabling in of_paper[: of_paper.index(current)] if tabling.number]
    from_list = {key: getattr(current, key) for key in ("number", "agenda_item", "supersedes")}
    return entry.model_copy(update={**from_list, "forum_doc_no": earlier[-1] if earlier else None})


def _check_only_in_list(document: Document[MeetingFile], index: int, problems: Problems) -> None:
    """Report values that come from the list and are stated in the meeting's file too."""
    for key in _FROM_LIST:
        if getattr(document.form.papers[index], key) is not None:
            place, found = document.place("papers", index, key), f"{key} together with tabled"
            todo = f"Delete the line {key}; its value comes from tabling.yaml."
            problems.add(place, "said-twice", found, f"{key} only in tabling.yaml", todo)


def _check_tablings(
    tabling_list: Document[TablingFile],
    meetings: Iterable[Document[MeetingFile]],
    unread: Unread,
    problems: Problems,
) -> None:
    """Check that each tabling is listed once, and that a paper of its meeting refers to it.

    A meeting of another body has no file here: the number of the paper has to be in the list. A paper that
    is not found in the list, which was reported, may be any of those that its meeting seems to lack.
    """
    meetings = list(meetings)
    entries = {document.form.code: [entry.tabled for entry in document.form.papers] for document in meetings}
    _check_numbers(tabling_list, meetings, problems)
    seen: set[tuple[str, str]] = set()
    for index, tabling in enumerate(tabling_list.form.tabled):
        place, code = tabling_list.place("tabled", index), tabling.meeting
        if (tabling.paper, code) in seen:
            found = f"{quoted(tabling.paper)} at {code} again"
            problems.add(place, "doubled-tabling", found, "each tabling once", "Delete one of the two.")
        elif code in entries and tabling.paper not in entries[code]:
            if any(unread.has("tabling", name) for name in (tabling.paper, *filter(None, entries[code]))):
                continue
            expected = f"a paper of {code} with tabled: {tabling.paper}"
            todo = f"Add that line to the paper in the file of {code}, or delete this one."
            problems.add(place, "unknown-tabling", f"{quoted(tabling.paper)} at {code}", expected, todo)
        elif code not in entries and tabling.number is None and not unread.has("meeting", code):
            found = f"no number of {quoted(tabling.paper)} at {code}"
            todo = "Add a line number: with the number that the other body gave it."
            problems.add(place, "missing-number", found, f"its number at {code}", todo)
        seen.add((tabling.paper, code))


def _check_numbers(tabling_list: Document[TablingFile], meetings: Meetings, problems: Problems) -> None:
    """Report numbers of tablings that another paper has: in a meeting's file, or in another line of the list."""
    taken = {
        entry.number: document.place("papers", index, "number")
        for document in meetings
        for index, entry in enumerate(document.form.papers)
        if entry.number and entry.tabled is None
    }
    for index, tabling in enumerate(tabling_list.form.tabled):
        if tabling.number is None:
            continue
        place = tabling_list.place("tabled", index, "number")
        if tabling.number in taken:
            found = f"the number {tabling.number} again (first in {taken[tabling.number]})"
            todo = "Give one of the two papers its own number."
            problems.add(place, "doubled-number", found, "each number once", todo)
        taken.setdefault(tabling.number, place)
