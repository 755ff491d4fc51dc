"""Records of meetings: who attended, what was said under each item of the agenda, what was decided."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.inputs.document_schemas import OF_ITEM
from papers.model.figures import Cell, Figure, Source
from papers.model.references import check_known
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from papers.inputs.document_schemas import RecordFile
    from papers.inputs.markdown import Section
    from papers.inputs.records import RecordDocument
    from papers.inputs.unread import Unread
    from papers.inputs.yaml import Document
    from papers.model.economies import Economies, Economy
    from papers.model.meetings import Meeting

_CODE = re.compile(r"[A-Z][A-Z0-9]+")


@dataclass
class Record:
    """The record of a meeting; what its file does not state is empty.

    `attendance` is in the organisation's order, each economy with its line in the file. `next_meeting` is a meeting
    of the forum or, if its code is not known, `next_text`.
    """

    meeting: Meeting
    chair: str
    attendance: dict[Economy, Place]
    observers: list[str]
    guests: list[str]
    texts: dict[str, Section]  # those of its own file, by item of the agenda
    decisions: list[str]
    next_meeting: Meeting | None
    next_text: str
    file: str
    files: list[str] = field(default_factory=list)

    @property
    def attending(self) -> Figure:
        """The number of member economies that attended, with their lines."""
        sources = [
            Source(1, (Cell(place, economy=economy.name),)) for economy, place in self.attendance.items()
        ]
        what = f"member economies that attended {self.meeting.code}"
        return Figure(len(sources), (), what, lambda: sources, self.file)


def item_section(item: str) -> str:
    """Return the name of the narrative section about an item: item-3, item-Session-1.2."""
    return OF_ITEM + in_file_name(item)


def in_file_name(item: str) -> str:
    """Return an item of the agenda as the names of files have it: 3, Session-1.2."""
    return re.sub(r"[^\w.]+", "-", item).strip("-")


def build_records(
    documents: list[RecordDocument],
    meetings: list[Meeting],
    register: Economies,
    unread: Unread,
    problems: Problems,
) -> dict[str, Record]:
    """Return the records by code of the meeting. One with a problem is added to `unread`."""
    by_code = {meeting.code: meeting for meeting in meetings}
    records = {}
    for document in documents:
        code, before, record = document.code, len(problems.found), None
        if code in by_code:
            record = _record(document, by_code[code], _Known(by_code, register, unread), problems)
        elif not unread.has("meeting", code):
            _report_no_meeting(code, document.data, list(by_code), problems)
        if record is None or len(problems.found) > before:
            unread.add("record", code)
        else:
            records[code] = record
    return records


@dataclass(frozen=True)
class _Known:
    """What a record may name: meetings by code, economies; and what could not be read."""

    meetings: dict[str, Meeting]
    register: Economies
    unread: Unread


def _report_no_meeting(
    code: str, document: Document[RecordFile], codes: list[str], problems: Problems
) -> None:
    found, expected = f"a record of {quoted(code)}", "a name that is the code of a meeting"
    near = did_you_mean(code, codes, "Or rename the file.")
    todo = f"Add meetings/{code}.yaml, in which code and ordinal are enough. {near}"
    problems.add(Place(document.name), "unknown-meeting", found, expected, todo)


def _record(read: RecordDocument, meeting: Meeting, known: _Known, problems: Problems) -> Record:
    document, form = read.data, read.data.form
    for key in ("observers", "guests"):
        for index, name in enumerate(getattr(form, key)):
            known.register.check_body(name, document.place(key, index), problems)
    if form.chair:
        known.register.check_body(form.chair, document.place("chair"), problems)
    following = _next_meeting(document, known, problems)
    return Record(
        meeting=meeting,
        chair=form.chair or "",
        attendance=_attendance(document, known.register, problems),
        observers=form.observers,
        guests=form.guests,
        texts=_texts(read, meeting, problems),
        decisions=form.decisions,
        next_meeting=following,
        next_text="" if following else form.next_meeting or "",
        file=document.name,
        files=[document.name, meeting.file, *([following.file] if following else [])],
    )


def _attendance(
    document: Document[RecordFile], register: Economies, problems: Problems
) -> dict[Economy, Place]:
    """Return the economies that attended, in the organisation's order, each with its line."""
    found: dict[Economy, Place] = {}
    for index, name in enumerate(document.form.attendance):
        place = document.place("attendance", index)
        economy = register.find(name, place, problems)
        if economy in found:
            problems.add(
                place, "doubled", f"{quoted(name)} again", "each economy once", "Delete one of them."
            )
        elif economy is not None:
            found[economy] = place
    return dict(sorted(found.items(), key=lambda pair: pair[0]))


def _texts(read: RecordDocument, meeting: Meeting, problems: Problems) -> dict[str, Section]:
    """Return the texts that the file itself has, by item of the agenda."""
    items, texts = [item for item, _ in meeting.agenda], {}
    for index, (one, text) in enumerate(zip(read.data.form.items, read.texts, strict=True)):
        place = read.data.place("items", index, "item")
        check_known(one.item, items, place, "item", False, problems)
        if one.item in texts:
            problems.add(
                place, "doubled", f"the item {quoted(one.item)} again", "each item once", "Join the two."
            )
        texts[one.item] = text
    return texts


def _next_meeting(document: Document[RecordFile], known: _Known, problems: Problems) -> Meeting | None:
    """Return the next meeting if the file names one of the forum; a code that is none of them is a problem."""
    named, meetings = document.form.next_meeting or "", known.meetings
    if _CODE.fullmatch(named) and named not in meetings and not known.unread.has("meeting", named):
        place, expected = document.place("next_meeting"), "the code of a meeting, or a sentence"
        todo = did_you_mean(named, meetings, "Correct the code, or write a sentence.")
        problems.add(place, "unknown-meeting", quoted(named), expected, todo)
    return meetings.get(named)
