"""The document classification list of a meeting (usually paper 000): which papers are public, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.figures import counted
from papers.model.known import corrections_on, tablings_on
from papers.wording import english, paper_notes
from papers.wording.phrases import Count, say
from papers.wording.tags import WHOLE, Each, Share, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.inputs.settings import ListColumn
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper

_SHARE = Share("how wide the column is")
TAGS = {
    "title": Text("title of the paper"),
    "summary": Text("how many papers there are, and how many are restricted"),
    "columns": Each("the columns that settings.yaml asks for", {"title": Text("the head"), "share": _SHARE}),
    "rows": Each(
        "the papers in order of their numbers",
        {"cells": Each("one for each column", {"text": Text("what stands in it"), "share": _SHARE})},
    ),
}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`. The list names itself too."""
    meeting, columns = model.meeting_of(paper), _columns(model)
    papers = sorted(meeting.papers, key=lambda each: each.number)
    return {
        "title": paper.title,
        "summary": summary(model, meeting),
        "columns": [{"title": column.title, "share": share} for column, share in columns],
        "rows": [{"cells": _row(model, each, paper, columns)} for each in papers],
    }


def _columns(model: Model) -> list[tuple[ListColumn, int]]:
    """Return each column with its share of the width."""
    columns = model.settings.classification_columns
    total = sum(column.width for column in columns)
    return [(column, int(WHOLE * column.width / total)) for column in columns]


def _row(model: Model, paper: Paper, in_list: Paper, columns: list[tuple[ListColumn, int]]) -> list[Values]:
    cells = _cells(model, paper, in_list)
    return [{"text": cells[column.field], "share": share} for column, share in columns]


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the file of corrections if there is any of a paper of the meeting."""
    papers = model.meeting_of(paper).papers
    return [model.corrections.file] if any(model.corrections.of(each.number.base) for each in papers) else []


def summary(model: Model, meeting: Meeting) -> str:
    """This list covers 12 papers of the meeting, of which two are restricted."""
    restricted = [paper for paper in meeting.papers if paper.access == "restricted"]
    total = counted(meeting.papers, "papers of the meeting", lambda paper: paper.source, meeting.file)
    number = counted(restricted, "restricted papers", lambda paper: paper.source, meeting.file)
    counts = {"papers": Count(total, "paper"), "restricted": Count(number, "paper")}
    return say(model, "classification-list.summary", **counts)


def _supersedes(model: Model, paper: Paper) -> str:
    earlier = paper.supersedes
    return say(model, "classification-list.supersedes", number=earlier) if earlier else ""


def _notes(model: Model, paper: Paper, in_list: Paper, restricted: bool) -> str:
    known = corrections_on(model.corrections, model.ledger, in_list.as_of)
    corrections = [paper_notes.correction(row, restricted) for row in known.still_open(paper.number.base)]
    tabled = tablings_on(paper.also_tabled, model.meetings, model.grammar, in_list.as_of)
    elsewhere = [other.words for other in tabled]
    set_aside = paper_notes.SET_ASIDE if paper.set_aside else ""
    notes = (paper.notes, set_aside, _late(paper), _supersedes(model, paper), *elsewhere, *corrections)
    return "; ".join(words for words in notes if words)


def _late(paper: Paper) -> str:
    return (
        paper_notes.late(paper.late.received, paper.late.cut_off.moment, paper.late.allowed_by)
        if paper.late
        else ""
    )


def _cells(model: Model, paper: Paper, in_list: Paper) -> dict[str, str]:
    if paper.withheld:
        cells = {"number": str(paper.number), "title": paper.title, "access": "No"}
        return {**dict.fromkeys(("reason", "derestriction", "notes"), ""), **cells}
    restricted = paper.access == "restricted"
    until = (
        english.date(paper.restricted_until)
        if paper.restricted_until
        else say(model, "classification-list.no-date")
    )
    return {
        "number": str(paper.number),
        "title": paper.title,
        "access": "No" if restricted else "Yes",
        "reason": paper.reason,
        "derestriction": until if restricted else "",
        "notes": _notes(model, paper, in_list, restricted),
    }


WORDS = Words(tags=TAGS, context=context, sources=sources)
