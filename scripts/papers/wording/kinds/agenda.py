"""The agenda of a meeting (usually paper 001): its items, each with the papers tabled under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.wording import english, paper_notes
from papers.wording.cover import submitted_by
from papers.wording.phrases import say
from papers.wording.tags import Each, Line, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper

TAGS = {
    "title": Text("title of the paper"),
    "meeting": Line("the meeting with its ordinal"),
    "place_and_dates": Text("Lima, Peru, 7-8 September 2016; what is not known is left out"),
    "note": Text("says that no agenda is known; usually empty"),
    "items": Each(
        "the items, and at the end the papers that stand under none",
        {
            "item": Text(
                "number of the item, after its own label if it has one; empty for papers under no item"
            ),
            "title": Line("its title, or in italics that it is not known"),
            "papers": Each(
                "the papers tabled under it, in order of their numbers",
                {
                    "number": Text("2016/SMEWG43/015"),
                    "title": Text("title of the paper"),
                    "purpose": Text("what the paper is for: Information; empty where there is none"),
                    "submitted_by": Text("who submits it"),
                },
            ),
        },
    ),
}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    meeting = model.meeting_of(paper)
    place = english.place(meeting.city, meeting.economy)
    dates = english.dates(meeting.start, meeting.end)
    return {
        "title": paper.title,
        "meeting": english.numbered(meeting.ordinal, meeting.name, model.forum.ordinals),
        "place_and_dates": ", ".join(words for words in (place, dates) if words),
        "note": "" if meeting.agenda else say(model, "agenda.no-items"),
        "items": _items(model, meeting),
    }


def _items(model: Model, meeting: Meeting) -> list[Values]:
    items = []
    for item, title in meeting.agenda:
        shown = richtext.line(title or [say(model, "agenda.unknown-title"), "i"])
        called = f"{meeting.item_labels[item]} {item}".strip()
        items.append({"item": called, "title": shown, "papers": _papers(model, meeting, item)})
    rest = _papers(model, meeting, "")
    heading = richtext.line(say(model, "agenda.no-item", items=len(items)))
    return [*items, {"item": "", "title": heading, "papers": rest}] if rest else items


def _papers(model: Model, meeting: Meeting, item: str) -> list[Values]:
    papers = sorted(meeting.papers, key=lambda paper: paper.number)
    return [
        {
            "number": str(paper.number),
            "title": f"{paper.title} ({paper_notes.SET_ASIDE})" if paper.set_aside else paper.title,
            "purpose": paper.purpose,
            "submitted_by": submitted_by(model, paper),
        }
        for paper in papers
        if paper.agenda_item == item
    ]


WORDS = Words(tags=TAGS, context=context)
