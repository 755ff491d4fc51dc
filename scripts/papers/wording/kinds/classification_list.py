"""The document classification list of a meeting (usually paper 000): which papers are public, and which are not and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.figures import counted
from papers.wording import english
from papers.wording.tags import WHOLE, Each, Share, Text

if TYPE_CHECKING:
    import datetime

    from papers.inputs.config import ListColumn
    from papers.ledger.corrections import CorrectionRow
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper

TEMPLATE, NAMESPACE = "classification-list", "classification"
PARTS = ("classification-list",)
NEEDS = ()  # the meeting's file belongs to every paper of the meeting
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


def context(model: Model, paper: Paper) -> dict:
    """The list's tags of one paper; the list names itself too."""
    meeting, columns = model.meeting_of(paper), _columns(model)
    papers = sorted(meeting.papers, key=lambda one: one.number)
    return {
        "title": paper.title,
        "summary": summary(meeting),
        "columns": [{"title": column.title, "share": share} for column, share in columns],
        "rows": [{"cells": _row(model, one, columns)} for one in papers],
    }


def _columns(model: Model) -> list[tuple[ListColumn, int]]:
    """Each column with its share of the width."""
    columns = model.config.classification_columns
    whole = sum(column.width for column in columns)
    return [(column, int(WHOLE * column.width / whole)) for column in columns]


def _row(model: Model, paper: Paper, columns: list[tuple[ListColumn, int]]) -> list[dict]:
    cells = _cells(model, paper)
    return [{"text": cells[column.field], "share": share} for column, share in columns]


def sources(model: Model, paper: Paper) -> list[str]:
    """The list of corrections, where it has any of a paper of the meeting."""
    papers = model.meeting_of(paper).papers
    return [model.corrections.file] if any(model.corrections.of(one.number) for one in papers) else []


def summary(meeting: Meeting) -> str:
    """One sentence: The list names 12 papers of the meeting, of which two are restricted."""
    those = [paper for paper in meeting.papers if paper.access == "restricted"]
    restricted = counted(those, "restricted papers", lambda paper: paper.source, meeting.file)
    every = counted(meeting.papers, "papers of the meeting", lambda paper: paper.source, meeting.file)
    papers = english.count(every, "paper")
    if not those:
        rest = "It is public." if len(meeting.papers) == 1 else "All of them are public."
        return f"The list names {papers} of the meeting. {rest}"
    verb = "is" if len(those) == 1 else "are"
    return f"The list names {papers} of the meeting, of which {english.number(restricted)} {verb} restricted."


def _supersedes(paper: Paper) -> str:
    return f"Supersedes {paper.supersedes}" if paper.supersedes else ""


def correction(row: CorrectionRow, restricted: bool) -> str:
    """An open correction in words; the list may be public, so it quotes nothing of a restricted paper."""
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
    if days[0] == days[1]:  # only the hour tells
        days = [f"{english.date(moment.date())}, {moment:%H:%M}" for moment in (came, cut_off)]
    return f"Late: received on {days[0]} (cut-off {days[1]}), allowed by {allowed_by}"


def _cells(model: Model, paper: Paper) -> dict[str, str]:
    if paper.withheld:
        told = {"number": str(paper.number), "title": paper.title, "access": "No"}
        return {**dict.fromkeys(("reason", "derestriction", "notes"), ""), **told}
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
