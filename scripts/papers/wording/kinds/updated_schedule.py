"""The updated implementation schedule: the changes since the edition before, and the schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.schedule_changes import changes
from papers.store.work_files import UPDATED_SCHEDULE
from papers.wording import english, needs, schedule_text
from papers.wording.kinds import implementation_schedule
from papers.wording.narrative import narrative
from papers.wording.paragraphs import paragraph, paragraphs
from papers.wording.phrases import say
from papers.wording.tags import Blocks, Chart, Flag, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper
    from papers.model.schedule import Edition
    from papers.wording.narrative import NamedFigures

TAGS = {
    "title": Text("title over the text"),
    "introduction": Blocks("what the paper updates and since when, then the narrative where there is one"),
    "year": Text("the edition: 2017, or June 2017"),
    "previous": Text("the edition before: 2016, or June 2016"),
    "summary": Blocks("the changes in words"),
    "has_changes": Flag("yes where anything changed"),
    "changes": schedule_text.changes_tag("the edition before"),
    "not_listed": schedule_text.NOT_LISTED_TAG,
    "status": Blocks("counts by status in words"),
    "has_statuses": Flag("whether the schedule has a column of statuses"),
    "has_usual_statuses": Flag("whether they are proposed, approved, in progress, completed, withdrawn"),
    "statuses": schedule_text.STATUS_HEADS,
    "areas": schedule_text.STATUS_ROWS,
    "overdue": Blocks(
        "which activities are overdue, or that none is; nothing without timeframes or statuses"
    ),
    "timeline": Chart("the activities as bars from their first to their last year; none without activities"),
}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    plan, edition = model.plans[paper.plan], needs.edition_of(model, paper)
    older = needs.edition_before_of(model, paper)
    found = changes(older, edition)
    summary = schedule_text.changes_in_words(model, found)
    first = paragraph(_what_is_updated(model, paper, older))
    own = narrative(model, paper, "introduction", facts(model, paper))
    return {
        "title": say(model, "updated-schedule.heading", edition=english.edition(edition.name)),
        "introduction": richtext.blocks(first, *own["blocks"]),
        "year": english.edition(edition.name) if plan.areas and edition.activities else "",
        "previous": english.edition(older.name) if summary else "",
        "summary": paragraphs(summary),
        "has_changes": bool(found),
        "changes": schedule_text.table_of_changes(found, plan),
        "not_listed": schedule_text.not_listed_in_words(model, found),
        "status": paragraphs(
            [
                *schedule_text.statuses_in_words(edition),
                *schedule_text.without_area_in_words(edition, plan),
            ]
        ),
        "has_statuses": edition.has_statuses,
        "has_usual_statuses": schedule_text.has_usual_statuses(edition),
        "statuses": schedule_text.status_heads(edition, plan),
        "areas": schedule_text.table_of_statuses(edition, plan),
        "overdue": schedule_text.overdue_blocks(model, edition, paper.name_economies),
        "timeline": schedule_text.timeline(edition),
    }


def facts(model: Model, paper: Paper) -> NamedFigures:
    """Return the figures that the introduction may name."""
    return schedule_text.schedule_facts(model, needs.edition_of(model, paper))


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the file of the meeting that presented the edition before: the paper states place and dates."""
    older = needs.edition_before_of(model, paper)
    tabled = _tabled(model, paper, older)
    return [tabled[0].file] if tabled else []


def _what_is_updated(model: Model, paper: Paper, older: Edition) -> str:
    tabled = _tabled(model, paper, older)
    presented = where_and_when = ""
    if tabled:
        meeting, earlier = tabled
        where = english.place(meeting.city, meeting.economy)
        presented = str(earlier.number)
        where_and_when = ", ".join(
            word for word in (where, english.dates(meeting.start, meeting.end)) if word
        )
    return say(
        model,
        "updated-schedule.introduction",
        edition=english.edition(paper.schedule),
        older=english.edition(older.name),
        presented=presented,
        where_and_when=where_and_when,
    )


def _tabled(model: Model, paper: Paper, older: Edition) -> tuple[Meeting, Paper] | None:
    """Return the first paper before this one that presented the edition `older`, with its meeting."""
    shown = ("strategic-plan", "implementation-schedule", UPDATED_SCHEDULE)
    found = [
        (meeting, other)
        for meeting in model.held
        for other in meeting.papers
        if (other.plan, other.schedule) == (paper.plan, older.name)
        and other.kind in shown
        and other.number < paper.number
    ]
    return min(found, key=lambda pair: pair[1].number, default=None)


WORDS = Words(
    tags=TAGS, context=context, facts=facts, sources=sources, notices=implementation_schedule.notices
)
