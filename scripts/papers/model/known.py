"""What was known on the day of a paper. Only here is it decided what a paper leaves out because it came later.

`Model.as_of` gives a paper its day and its returns; the rest is asked for where it is used, so that a paper reads
only the inputs that it declares. Data that have a day or a year of their own are left out: returns, records and
exchanges of the rotation, editions of the schedule that a Work Plan would take, other meetings and their papers, and
corrections. What an entry names itself, such as an edition, is known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from papers.number_patterns import NumberError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from papers.ledger.rules import Ledger
    from papers.model.corrections import Corrections
    from papers.model.meetings import Meeting, Paper
    from papers.model.rotation import Rotation
    from papers.model.tabling import OtherTabling
    from papers.model.workplan import WorkPlan
    from papers.numbers import Grammar

    Day = datetime.date | None


def day_of(paper: Paper, meeting: Meeting) -> Day:
    """Return the day of a paper: its `as_of`, or the first day of its meeting; None where neither is stated."""
    return paper.as_of or meeting.start


def meetings_on(meetings: Iterable[Meeting], day: Day) -> list[Meeting]:
    """Return the meetings that had begun by a day, and those whose days are not known; all where it is None."""
    return [one for one in meetings if not (day and one.start and one.start > day)]


def workplan_on(workplan: WorkPlan, day: Day) -> WorkPlan:
    """Return a Work Plan with the edition of its year that was the latest on a day."""
    return workplan.known_on(day) if day else workplan


def rotation_on(rotation: Rotation, meetings: Iterable[Meeting], day: Day) -> Rotation:
    """Return the rotation as known on a day."""
    starts = {meeting.code: meeting.start for meeting in meetings if meeting.start}
    return rotation.known_on(day, starts) if day else rotation


# What lists of papers say. A list is kept up to date after its meeting began, so only its `as_of` leaves something out.


def corrections_on(corrections: Corrections, ledger: Ledger, as_of: Day) -> Corrections:
    """Return the corrections of papers that had been issued by a day: they have no day of their own."""
    if as_of is None:
        return corrections
    issued = {row.paper: ledger.issued(row.paper) for row in corrections.rows}
    rows = [row for row in corrections.rows if (event := issued[row.paper]) and event.date <= f"{as_of}"]
    return replace(corrections, rows=rows)


def tablings_on(
    tablings: Iterable[OtherTabling], meetings: Iterable[Meeting], grammar: Grammar, as_of: Day
) -> list[OtherTabling]:
    """Return the tablings at meetings that had begun by a day; of another body, those with a number of its year."""
    by_code = {meeting.code: meeting for meeting in meetings}

    def is_known(other: OtherTabling) -> bool:
        if other.meeting in by_code:
            return bool(meetings_on([by_code[other.meeting]], as_of))
        try:
            return as_of is None or grammar.parse(other.number).year <= as_of.year
        except NumberError:
            return True  # a number of another body that does not say when

    return [other for other in tablings if is_known(other)]
