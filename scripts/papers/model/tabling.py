"""Papers that are tabled at several meetings: one list has paper, meeting, agenda item and number, and all else follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from papers.inputs.schemas import MeetingFile, PaperEntry, Tabling, TablingFile
from papers.inputs.yaml import Document
from papers.problems import Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

Meetings = list[Document[MeetingFile]]
_FROM_LIST = ("number", "agenda_item", "forum_doc_no", "supersedes")


def with_tablings(meetings: Meetings, list_: Document[TablingFile] | None, problems: Problems) -> Meetings:
    """The meetings with number, agenda item and Forum Doc. No. of each paper that the list has."""
    rows = list_.form.tabled if list_ else []
    found = [_meeting(document, rows, problems) for document in meetings]
    if list_:
        _check_rows(list_, meetings, problems)
    return found


def also_tabled(list_: Document[TablingFile] | None) -> dict[str, tuple[str, ...]]:
    """Number of a paper -> what its list says of its other tablings: ("Also tabled at SOM3/SCE as 2016/SOM3/SCE/003",)."""
    rows = [row for row in list_.form.tabled if row.number] if list_ else []
    return {
        row.number: tuple(
            f"Also tabled at {o.meeting} as {o.number}" for o in rows if o.paper == row.paper and o != row
        )
        for row in rows
    }


def _meeting(
    document: Document[MeetingFile], rows: list[Tabling], problems: Problems
) -> Document[MeetingFile]:
    papers = [_entry(document, at, rows, problems) for at in range(len(document.form.papers))]
    return replace(document, form=document.form.model_copy(update={"papers": papers}))


def _entry(document: Document[MeetingFile], at: int, rows: list[Tabling], problems: Problems) -> PaperEntry:
    entry, code = document.form.papers[at], document.form.code
    if entry.tabled is None:
        return entry
    for key in _FROM_LIST:
        if getattr(entry, key) is not None:
            expected, todo = (
                "it in the list of tablings alone",
                f"Delete the line {key}: tabling.yaml says it.",
            )
            problems.add(
                document.place("papers", at, key), "said-twice", f"{key} beside tabled", expected, todo
            )
    tablings = [row for row in rows if row.paper == entry.tabled]
    here = next((row for row in tablings if row.meeting == code), None)
    if here is None:
        names = [row.paper for row in rows if row.meeting == code]
        todo = did_you_mean(entry.tabled, names, f"Add a line with meeting: {code} to tabling.yaml.")
        expected = f"a paper that tabling.yaml has for {code}"
        problems.add(
            document.place("papers", at, "tabled"), "unknown-tabling", quoted(entry.tabled), expected, todo
        )
        return entry
    earlier = [row.number for row in tablings[: tablings.index(here)] if row.number]
    from_list = {key: getattr(here, key) for key in ("number", "agenda_item", "supersedes")}
    return entry.model_copy(update={**from_list, "forum_doc_no": earlier[-1] if earlier else None})


def _check_rows(
    list_: Document[TablingFile], meetings: Iterable[Document[MeetingFile]], problems: Problems
) -> None:
    """Each tabling once; one at a meeting of this forum is named by a paper there, one elsewhere has its number."""
    entries = {document.form.code: [entry.tabled for entry in document.form.papers] for document in meetings}
    seen = set()
    for at, row in enumerate(list_.form.tabled):
        place = list_.place("tabled", at)
        if (row.paper, row.meeting) in seen:
            found = f"{quoted(row.paper)} at {row.meeting} again"
            problems.add(place, "doubled-tabling", found, "each tabling once", "Delete one of the two.")
        elif row.meeting in entries and row.paper not in entries[row.meeting]:
            expected = f"a paper of {row.meeting} with tabled: {row.paper}"
            todo = "Add that line to its entry, or delete this one."
            problems.add(place, "unknown-tabling", f"{quoted(row.paper)} at {row.meeting}", expected, todo)
        elif row.meeting not in entries and row.number is None:
            found = f"no number of {quoted(row.paper)} at {row.meeting}"
            todo = "Write it: the papers of other bodies are not numbered here."
            problems.add(place, "missing-number", found, "its number there", todo)
        seen.add((row.paper, row.meeting))
