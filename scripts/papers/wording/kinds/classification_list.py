"""The document classification list of a meeting (usually paper 000): which papers are public, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.figures import counted
from papers.wording import english
from papers.wording.kind import Kind
from papers.wording.tags import WHOLE, Each, Share, Text, Values

if TYPE_CHECKING:
    import datetime

    from papers.inputs.config import ListColumn
    from papers.ledger.corrections import CorrectionRow
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper

_SHARE = Share("how wide the column is")
TAGS = {
    "title": Text("title of the paper"),
    "summary": Text("how many papers there are, and how many are restricted"),
    "columns": Each("the columns that config.yaml asks for", {"title": Text("the head"), "share": _SHARE}),
    "rows": Each(
        "the papers in order of their numbers",
        {"cells": Each("one for each column", {"text": Text("what stands in it"), "share": _SHARE})},
    ),
}
NO_DATE = "Not decided"


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`. The list names itself too."""
    meeting, columns = model.meeting_of(paper), _columns(model)
    papers = sorted(meeting.papers, key=lambda each: each.number)
    return {
        "title": paper.title,
        "summary": summary(meeting),
        "columns": [{"title": column.title, "share": share} for column, share in columns],
        "rows": [{"cells": _row(model, each, columns)} for each in papers],
    }


def _columns(model: Model) -> list[tuple[ListColumn, int]]:
    """Return each column with its share of the width."""
    columns = model.config.classification_columns
    total = sum(column.width for column in columns)
    return [(column, int(WHOLE * column.width / total)) for column in columns]


def _row(model: Model, paper: Paper, columns: list[tuple[ListColumn, int]]) -> list[Values]:
    cells = _cells(model, paper)
    return [{"text": cells[column.field], "share": share} for column, share in columns]


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the file of corrections if there is any of a paper of the meeting."""
    papers = model.meeting_of(paper).papers
    return [model.corrections.file] if any(model.corrections.of(each.number) for each in papers) else []


def summary(meeting: Meeting) -> str:
    """The list names 12 papers of the meeting, of which two are restricted."""
    restricted = [paper for paper in meeting.papers if paper.access == "restricted"]
    total = counted(meeting.papers, "papers of the meeting", lambda paper: paper.source, meeting.file)
    papers = english.count(total, "paper")
    if not restricted:
        rest = "It is public." if len(meeting.papers) == 1 else "All of them are public."
        return f"The list names {papers} of the meeting. {rest}"
    number = counted(restricted, "restricted papers", lambda paper: paper.source, meeting.file)
    verb = english.agree(number, "is", "are")
    return f"The list names {papers} of the meeting, of which {english.number(number)} {verb} restricted."


def _supersedes(paper: Paper) -> str:
    return f"Supersedes {paper.supersedes}" if paper.supersedes else ""


def correction(row: CorrectionRow, restricted: bool) -> str:
    """Return an open correction in words.

    As the list may be public, it quotes nothing of a restricted paper.
    """
    if restricted:
        return f"Correction {row.id} is open"
    return f"Correction {row.id}, {row.place}: “{row.as_printed}” should read “{row.correct}”"


def _notes(model: Model, paper: Paper, restricted: bool) -> str:
    corrections = [correction(row, restricted) for row in model.corrections.still_open(paper.number)]
    notes = (paper.notes, _late(paper), _supersedes(paper), *paper.also_tabled, *corrections)
    return "; ".join(words for words in notes if words)


def _late(paper: Paper) -> str:
    return late(paper.late.received, paper.late.cut_off.moment, paper.late.allowed_by) if paper.late else ""


def late(came: datetime.datetime, cut_off: datetime.datetime, allowed_by: str) -> str:
    """Late: received on 27 August 2018 (cut-off 24 August 2018), allowed by SMEWG Chair."""
    days = [english.date(moment.date()) for moment in (came, cut_off)]
    if days[0] == days[1]:  # then the times make the difference
        days = [f"{english.date(moment.date())}, {moment:%H:%M}" for moment in (came, cut_off)]
    return f"Late: received on {days[0]} (cut-off {days[1]}), allowed by {allowed_by}"


def _cells(model: Model, paper: Paper) -> dict[str, str]:
    if paper.withheld:
        cells = {"number": str(paper.number), "title": paper.title, "access": "No"}
        return {**dict.fromkeys(("reason", "derestriction", "notes"), ""), **cells}
    restricted = paper.access == "restricted"
    until = english.date(paper.restricted_until) if paper.restricted_until else NO_DATE
    return {
        "number": str(paper.number),
        "title": paper.title,
        "access": "No" if restricted else "Yes",
        "reason": paper.reason,
        "derestriction": until if restricted else "",
        "notes": _notes(model, paper, restricted),
    }


KIND = Kind(
    name="classification-list",
    namespace="classification",
    tags=TAGS,
    parts=("classification-list",),
    needs=(),  # the meeting's file belongs to every paper of the meeting
    context=context,
    sources=sources,
)
