"""What changed between two editions of the schedule; an activity that is changed in several ways counts under each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.model.figures import Source
from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.model.schedule import Activity, Edition


# Kinds of change, in the order in which papers tell them.
KINDS = (
    "added",
    "approved",
    "started",
    "completed",
    "extended",
    "shortened",
    "rescheduled",
    "set back",
    "renamed",
    "changed hands",
    "moved area",
    "numbered",
    "withdrawn",
)
_ORDINARY = ("approved", "started", "completed", "numbered")
CLOSED = ("completed", "withdrawn")
_RANK = {"proposed": 0, "approved": 1, "in progress": 2}
# In which column of the workbook a change is seen; the others are changes of the status.
_COLUMNS = {
    "added": "id",
    "extended": "last_year",
    "shortened": "last_year",
    "rescheduled": "first_year",
    "renamed": "activity",
    "changed hands": "proponents",
    "moved area": "priority_area",
    "numbered": "project_number",
}
_REASON = re.compile(r"\breason:\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Change:
    """One change of one activity; `before` is the activity in the older edition, None where it was not listed there."""

    kind: str
    activity: Activity
    before: Activity | None
    reason: str = ""

    @property
    def source(self) -> Source:
        """The change as something that is counted: the cells that differ, in the older edition and in the newer."""
        column = _COLUMNS.get(self.kind, "status")
        before = self.before.evidence(column) if self.before else ()
        return Source(1, before + self.activity.evidence(column))


@dataclass(frozen=True)
class Changes:
    """All changes from the edition `since` to the edition `year`, by kind and then in the order of the workbook.

    Every activity of either edition is in exactly one of: those of `all`, `unchanged`, `missing`.
    """

    since: int
    year: int
    all: tuple[Change, ...]
    unchanged: tuple[Activity, ...]
    missing: tuple[Activity, ...]  # listed before and not any more: an error of the newer edition

    def of(self, kind: str) -> tuple[Change, ...]:
        """The changes of one of KINDS."""
        if kind not in KINDS:
            raise KeyError(kind)
        return tuple(change for change in self.all if change.kind == kind)

    @property
    def added(self) -> tuple[Change, ...]:
        return self.of("added")

    @property
    def completed(self) -> tuple[Change, ...]:
        return self.of("completed")

    @property
    def extended(self) -> tuple[Change, ...]:
        return self.of("extended")

    @property
    def withdrawn(self) -> tuple[Change, ...]:
        return self.of("withdrawn")

    @property
    def renamed(self) -> tuple[Change, ...]:
        return self.of("renamed")

    @property
    def changed_hands(self) -> tuple[Change, ...]:
        return self.of("changed hands")

    def __bool__(self) -> bool:
        return bool(self.all or self.missing)


def changes(old: Edition, new: Edition) -> Changes:
    """What the edition `new` changes in the edition `old`; activities are the same where their IDs are."""
    before = {activity.id: activity for activity in old.activities}
    now = {activity.id for activity in new.activities}
    found, unchanged = [], []
    for activity in new.activities:
        of_one = _changes_of(before.get(activity.id), activity)
        found += of_one
        unchanged += [] if of_one else [activity]
    found.sort(key=lambda change: KINDS.index(change.kind))
    missing = tuple(activity for activity in old.activities if activity.id not in now)
    return Changes(old.year, new.year, tuple(found), tuple(unchanged), missing)


def edition_before(editions: dict[int, Edition], year: int) -> Edition | None:
    """The last edition older than that of `year`; None where it is the first."""
    years = [other for other in editions if other < year]
    return editions[max(years)] if years else None


def overdue(edition: Edition) -> tuple[Activity, ...]:
    """Activities whose last year is over, and that are neither completed nor withdrawn."""
    return tuple(a for a in edition.activities if a.last_year < edition.year and a.status not in CLOSED)


def _changes_of(before: Activity | None, now: Activity) -> list[Change]:
    kinds = (
        _kinds_of_change(before, now)
        if before
        else ["added", *([now.status] if now.status in CLOSED else [])]
    )
    # One reason stands in Remarks: it explains what is out of the ordinary, where anything is.
    special = [kind for kind in kinds if kind not in _ORDINARY] or kinds
    return [
        Change(kind, now, before, reason_of(before, now, kind) if kind in special else "") for kind in kinds
    ]


def _kinds_of_change(before: Activity, now: Activity) -> list[str]:
    kinds = [_status_change(before.status, now.status)] if before.status != now.status else []
    if now.last_year != before.last_year:
        kinds.append("extended" if now.last_year > before.last_year else "shortened")
    differs = {
        "rescheduled": now.first_year != before.first_year,
        "renamed": now.title != before.title,
        "changed hands": set(now.proponents) != set(before.proponents),
        "moved area": now.area != before.area,
        "numbered": now.project_number != before.project_number,
    }
    return kinds + [kind for kind, yes in differs.items() if yes]


def _status_change(before: str, now: str) -> str:
    if now in CLOSED:
        return now
    if before in CLOSED or _RANK[now] < _RANK[before]:
        return "set back"
    return "started" if now == "in progress" else "approved"


def reason_of(before: Activity | None, now: Activity, kind: str) -> str:
    """Why: what follows "Reason:" in Remarks, or all of them where the activity was withdrawn; "" if nothing is new there."""
    if before and now.remarks == before.remarks:
        return ""
    found = _REASON.search(now.remarks)
    if found:
        return found[1].strip()
    return now.remarks if kind == "withdrawn" else ""


def check_editions(editions: Iterable[Edition], problems: Problems) -> None:
    """Each edition follows the one of the year before it, and loses nothing of it.

    Editions whose own workbook has problems are passed over: what could not be read would seem to have disappeared.
    """
    broken = {problem.place.file for problem in problems.found}
    for old, new in pairwise(sorted(editions, key=lambda edition: edition.year)):
        if broken.isdisjoint((old.file, new.file)):
            _check_years(old, new, problems)
            _check_pair(old, new, problems)


def _check_years(old: Edition, new: Edition, problems: Problems) -> None:
    if new.year != old.year + 1:
        gap = " and ".join(str(year) for year in range(old.year + 1, new.year))
        found = f"the edition {new.year} after that of {old.year}"
        todo = f"Add the workbook of {gap}, or correct the name of this file."
        problems.add(Place(new.file), "edition-gap", found, "an edition for each year", todo)


def _check_pair(old: Edition, new: Edition, problems: Problems) -> None:
    before = {activity.id: activity for activity in old.activities}
    seen = changes(old, new)
    for lost in seen.missing:
        _refuse_lost(lost, seen, new, problems)
    for activity in new.activities:
        known = before.get(activity.id)
        if activity.status == "withdrawn" and (known is None or known.status != "withdrawn"):
            _check_reason(known, activity, problems)
        if known is None:
            _check_id(activity, old, new, problems)
        else:
            _check_status(known, activity, old, problems)
            _check_project(known, activity, old, problems)
            _check_shortened(known, activity, new, problems)


def _refuse_lost(lost: Activity, seen: Changes, new: Edition, problems: Problems) -> None:
    twin = next((c.activity for c in seen.added if folded(c.activity.title) == folded(lost.title)), None)
    todo = (
        f"Is it {twin.id} (cell {twin.cells['id'].cell})? Give that row the ID {lost.id} again."
        if twin
        else f"Put it back; an activity that is over stays listed as completed or withdrawn (it stands in {lost.place})."
    )
    found = f"no activity {lost.id}, {quoted(lost.title)}, which the edition {seen.since} lists"
    place = Place(new.file, lost.place.sheet, key=lost.id)
    problems.add(place, "lost-activity", found, f"a row with the ID {lost.id}", todo)


def _check_reason(before: Activity | None, now: Activity, problems: Problems) -> None:
    if reason_of(before, now, "withdrawn"):
        return
    found = "no reason" if not now.remarks else "only the remarks of the edition before"
    todo = f"Say why {now.id} was withdrawn, or correct its status."
    problems.add(now.cells["remarks"], "no-reason", found, "the reason of a withdrawn activity", todo)


def _check_id(now: Activity, old: Edition, new: Edition, problems: Problems) -> None:
    year = re.match(r"([0-9]{4})-", now.id)
    if year and int(year[1]) != new.year:
        found = f"the ID {now.id}, which the edition {old.year} does not have"
        expected = f"an ID that begins with {new.year}-, as of each activity that is new in this edition"
        todo = "Correct the ID: an activity keeps its own through the years, and a new one gets a new one."
        problems.add(now.cells["id"], "id-year", found, expected, todo)


def _check_status(before: Activity, now: Activity, old: Edition, problems: Problems) -> None:
    if before.status in CLOSED and now.status != before.status:
        found = f'"{now.status}", although it was {before.status} in the edition {old.year}'
        expected = f'"{before.status}": an activity does not come back'
        todo = f"Correct it here or in {before.cells['status']}, or list the new work under a new ID."
        problems.add(now.cells["status"], "came-back", found, expected, todo)


def _check_project(before: Activity, now: Activity, old: Edition, problems: Problems) -> None:
    if before.project_number and now.project_number != before.project_number:
        found = quoted(now.project_number) if now.project_number else "no number"
        expected = f"{before.project_number}, as in the edition {old.year}"
        todo = f"Correct it here or in {before.cells['project_number']}; another project is another activity."
        problems.add(now.cells["project_number"], "project-changed", found, expected, todo)


def _check_shortened(before: Activity, now: Activity, new: Edition, problems: Problems) -> None:
    if now.status not in CLOSED and now.last_year < min(before.last_year, new.year):
        found = (
            f"the last year moved from {before.last_year} to {now.last_year}, with the status {now.status}"
        )
        expected = f"a last year from {new.year} on, or the status completed or withdrawn"
        problems.add(
            now.cells["last_year"], "over-but-open", found, expected, "Correct the year or the status."
        )
