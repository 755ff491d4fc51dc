"""The summary report of a meeting: who attended, what was said under each item, decisions, the next meeting.

It is often tabled at the meeting after the one that it is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.records import item_section
from papers.wording import counts, english, needs
from papers.wording.narrative import NamedFigures, narrative, prose
from papers.wording.paragraphs import bullets, paragraph, paragraphs
from papers.wording.phrases import Count, said, say
from papers.wording.tags import Blocks, Each, Line, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper
    from papers.model.records import Record

TAGS = {
    "title": Text("title of the paper"),
    "meeting": Line("the meeting that it is about, with its ordinal"),
    "place_and_dates": Text("Lima, Peru, 7-8 September 2016; what is not known is left out"),
    "attendance": Blocks("who chaired and attended, observers and guests; empty where nothing is known"),
    "items": Each(
        "the items of the agenda that have a text or papers",
        {
            "heading": Line("number and title of the item"),
            "text": Blocks("what was said under it"),
            "papers": Blocks("the papers that were tabled under it"),
        },
    ),
    "decisions": Blocks("what was decided, numbered; empty where nothing is known"),
    "next_meeting": Text(
        "the next meeting with its place and dates, or a sentence; empty where it is not known"
    ),
}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    record = needs.record_of(model, paper)
    meeting = record.meeting
    place, dates = english.place(meeting.city, meeting.economy), english.dates(meeting.start, meeting.end)
    return {
        "title": paper.title,
        "meeting": english.numbered(meeting.ordinal, meeting.name, model.forum.ordinals),
        "place_and_dates": ", ".join(words for words in (place, dates) if words),
        "attendance": paragraphs(_attendance(model, record)),
        "items": _items(model, paper, record),
        "decisions": paragraphs(record.decisions, richtext.NUMBER),
        "next_meeting": _next(model, record),
    }


def facts(model: Model, paper: Paper) -> NamedFigures:
    """Return the figures that the texts about items may name."""
    record = needs.record_of(model, paper)
    return NamedFigures(
        {
            "member_economies": lambda: english.figure(counts.economies(model)),
            "attending": lambda: english.figure(record.attending),
        }
    )


def _attendance(model: Model, record: Record) -> list[str]:
    names = [economy.with_article for economy in record.attendance]
    return said(
        say(model, "summary-report.chair", chair=record.chair),
        say(
            model,
            "summary-report.attendance",
            attending=Count(record.attending, "economy"),
            members=Count(counts.economies(model), "economy"),
            names=english.listed(names),
        ),
        say(model, "summary-report.observers", names="; ".join(record.observers)),
        say(model, "summary-report.guests", names="; ".join(record.guests)),
    )


def _items(model: Model, paper: Paper, record: Record) -> list[Values]:
    named, items = facts(model, paper), []
    meeting, above = _current(model, record.meeting), say(model, "summary-report.papers")
    for item, title in meeting.agenda:
        own = record.texts.get(item)
        written = narrative(model, paper, item_section(item), named)
        text = [*(prose(own, named) if own else ()), *written["blocks"]]
        papers = [
            one for one in sorted(meeting.papers, key=lambda one: one.number) if one.agenda_item == item
        ]
        if text or papers:
            listed = [
                *map(paragraph, said(above)),
                *bullets(f"{one.number}: {one.title}" for one in papers)["blocks"],
            ]
            items.append(
                {
                    "heading": richtext.line(_heading(meeting, item, title)),
                    "text": richtext.blocks(*text),
                    "papers": richtext.blocks(*(listed if papers else ())),
                }
            )
    return items


def _heading(meeting: Meeting, item: str, title: str) -> str:
    label = meeting.item_labels[item]
    called = f"{label} {item}".strip()
    return f"{called}. {title}" if title else called if label else f"Item {item}"


def _current(model: Model, meeting: Meeting) -> Meeting:
    """Return the meeting as the model has it: a public edition has no restricted papers."""
    return next(one for one in model.meetings if one.code == meeting.code)


def _next(model: Model, record: Record) -> str:
    if record.next_meeting is None:
        return record.next_text
    following = record.next_meeting
    name = richtext.plain(english.numbered(following.ordinal, following.name, model.forum.ordinals)["line"])
    place, dates = (
        english.place(following.city, following.economy),
        english.dates(following.start, following.end),
    )
    return f"{', '.join(words for words in (name, place, dates) if words)}."


WORDS = Words(tags=TAGS, context=context, facts=facts)
