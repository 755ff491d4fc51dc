"""Changes between two editions of the schedule, and checks that each edition follows the one before it.

An activity that was changed in several ways has a change of each kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.inputs.plan_levels import DEFAULT_LEVELS
from papers.model.figures import Source
from papers.model.schedule import CLOSED
from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from papers.inputs.unread import Unread
    from papers.model.economies import Economy
    from papers.model.schedule import Activity, Edition


# Kinds of change, in the order in which papers list them.
KINDS = (
    "added",
    "approved",
    "started",
    "completed",
    "extended",
    "shortened",
    "rescheduled",
    "set back",
    "status changed",
    "renamed",
    "changed hands",
    "moved area",
    "numbered",
    "withdrawn",
)
_ORDINARY = ("approved", "started", "completed", "numbered")
_RANK = {"proposed": 0, "approved": 1, "in progress": 2}
# The role of the column in which a change is seen; all others are changes of the status.
_CHANGED_ROLES = {
    "added": "id",
    "extended": "last",
    "shortened": "last",
    "rescheduled": "first",
    "renamed": "title",
    "changed hands": "who",
    "moved area": "area",
    "numbered": "project",
}
_COMPARED = (*dict.fromkeys((*_CHANGED_ROLES.values(), "status")), "means")
_REASON = re.compile(r"\breason:\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Change:
    """One change of one activity; `before` is the activity in the older edition, or None."""

    kind: str
    activity: Activity
    before: Activity | None
    reason: str = ""

    @property
    def source(self) -> Source:
        """The change as one thing that a figure counts: the cells that differ in both editions."""
        role = _CHANGED_ROLES.get(self.kind, "status")
        before = self.before.cells_of(role) if self.before else ()
        changed = Source(1, before + self.activity.cells_of(role))
        if role != "status":
            return changed
        declared = self.before.cells_of("means") if self.before else ()
        return changed.because_of((*declared, *self.activity.cells_of("means")))


@dataclass(frozen=True)
class Changes:
    """All changes from the edition `since` to the edition `name`, by kind and in the workbook's order.

    Every activity of either edition is in exactly one of: those of `all`, `unchanged`, `missing`.
    """

    since: str
    name: str
    all: tuple[Change, ...]
    unchanged: tuple[Activity, ...]
    missing: tuple[Activity, ...]  # only in the older edition, which is an error of the newer one
    area_name: str = DEFAULT_LEVELS[0].one  # what the area of an activity is called in the plan
    before: Mapping[str, Activity] = field(default_factory=dict)  # the activities of the older edition, by ID

    def source_of_unchanged(self, activity: Activity) -> Source:
        """Return an unchanged activity as one thing that a figure counts: its ID, and all that was compared."""
        compared = self.before[activity.id].cells_of("id", *_COMPARED), activity.cells_of(*_COMPARED)
        return activity.source("id").because_of(cell for cells in compared for cell in cells)

    def of(self, kind: str) -> tuple[Change, ...]:
        """Return the changes of one of KINDS; KeyError for any other kind."""
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

    def __bool__(self) -> bool:
        return bool(self.all or self.missing)


def changes(old: Edition, new: Edition) -> Changes:
    """Return the changes from the edition `old` to the edition `new`; an activity keeps its ID."""
    old_by_id = {activity.id: activity for activity in old.activities}
    new_ids = {activity.id for activity in new.activities}
    found, unchanged = [], []
    for activity in new.activities:
        changed = _changes_of(old_by_id.get(activity.id), activity)
        found += changed
        unchanged += [] if changed else [activity]
    found.sort(key=lambda change: KINDS.index(change.kind))
    missing = tuple(activity for activity in old.activities if activity.id not in new_ids)
    return Changes(old.name, new.name, tuple(found), tuple(unchanged), missing, new.area_name, old_by_id)


def edition_before(editions: Mapping[str, Edition], name: str) -> Edition | None:
    """Return the latest edition before that of a name; None where there is none."""
    return _latest(editions, [other for other in editions if other < name])


def latest_edition(editions: Mapping[str, Edition], year: int | None = None) -> Edition | None:
    """Return the latest edition, of a year or of all; None where there is none."""
    return _latest(editions, [name for name in editions if year is None or name[:4] == str(year)])


def first_edition(editions: Mapping[str, Edition]) -> Edition | None:
    """Return the first edition, which was endorsed with the plan; None where there is none."""
    return editions[min(editions)] if editions else None


def _latest(editions: Mapping[str, Edition], names: list[str]) -> Edition | None:
    return editions[max(names)] if names else None


def overdue(edition: Edition) -> tuple[Activity, ...]:
    """Return the activities whose last year is over and that are neither completed nor withdrawn.

    There are none where the workbook has no column of statuses or timeframes; none without an end is overdue.
    """
    if not edition.has_statuses:
        return ()
    return tuple(a for a in edition.open_activities if a.last_year and a.last_year < edition.year)


def _changes_of(before: Activity | None, now: Activity) -> list[Change]:
    kinds = _kinds_of_change(before, now) if before else ["added", *_since_added(now)]
    # Remarks hold one reason. It explains the changes that are out of the ordinary, if there are any.
    explained = [kind for kind in kinds if kind not in _ORDINARY] or kinds
    reasons = {kind: reason_of(before, now, kind) for kind in explained}
    return [Change(kind, now, before, reasons.get(kind, "")) for kind in kinds]


def _since_added(now: Activity) -> list[str]:
    """Return what happened to an activity since it was added: the kinds that one proposed before would have."""
    status = _status_change("proposed", now.meaning) if now.meaning in (*_RANK, *CLOSED) else ""
    kinds = [status] if status and now.meaning != "proposed" else []
    return kinds + (["numbered"] if now.project_number else [])


def _kinds_of_change(before: Activity, now: Activity) -> list[str]:
    kinds = [_status_change(before.meaning, now.meaning)] if before.status != now.status else []
    if now.last_year != before.last_year:
        kinds.append("extended" if _ends_later(before, now) else "shortened")
    differs = {
        "rescheduled": _begins_otherwise(before, now),
        "renamed": now.title != before.title,
        "changed hands": _proponents(now) != _proponents(before),
        "moved area": now.area != before.area,
        "numbered": now.project_number != before.project_number,
    }
    return kinds + [kind for kind, is_different in differs.items() if is_different]


def _proponents(activity: Activity) -> set[Economy | str]:
    return {*activity.proponents, *activity.bodies}


def _begins_otherwise(before: Activity, now: Activity) -> bool:
    """Return whether the first year differs, or the words of the timeframe within the same years."""
    if now.last_year != before.last_year:
        return now.first_year != before.first_year
    old, new = before.timeframe, now.timeframe
    return (new.first, folded(new.text)) != (old.first, folded(old.text))


def _ends_later(before: Activity, now: Activity) -> bool:
    """Return whether an activity ends later than before; one without an end ends after all others."""
    return now.last_year is None or (before.last_year is not None and now.last_year > before.last_year)


def _status_change(before: str, now: str) -> str:
    """Return the kind of change between two meanings of statuses; statuses of one meaning have other names."""
    if before == now or now not in (*_RANK, *CLOSED):
        return "status changed"
    if now in CLOSED:
        return now
    if before in CLOSED or _RANK[now] < _RANK.get(before, 0):
        return "set back"
    if before not in _RANK and now == "proposed":
        return "status changed"
    return "started" if now == "in progress" else "approved"


def reason_of(before: Activity | None, now: Activity, kind: str) -> str:
    """Return the text after "Reason:" in new remarks, or all new remarks of a withdrawn activity, or ""."""
    if before and now.remarks == before.remarks:
        return ""
    found = _REASON.search(now.remarks)
    if found:
        return found[1].strip()
    return now.remarks if kind == "withdrawn" else ""


def check_editions(editions: Iterable[Edition], unread: Unread, problems: Problems) -> None:
    """Check that each edition keeps all activities of the one before.

    Unread editions are not compared: a row that could not be read would be reported as missing. An edition
    that lacks an activity is added to `unread`, as another of its IDs may be that of the activity.
    """
    for old, new in pairwise(sorted(editions, key=lambda edition: edition.name)):
        if not (unread.has("schedule", old.name) or unread.has("schedule", new.name)):
            _check_pair(old, new, unread, problems)


def _check_pair(old: Edition, new: Edition, unread: Unread, problems: Problems) -> None:
    old_by_id = {activity.id: activity for activity in old.activities}
    found = changes(old, new)
    for lost in found.missing:
        _report_lost(lost, found, new, problems)
        unread.add("schedule", new.name)
    lost_titles = {folded(lost.title) for lost in found.missing}
    for activity in new.activities:
        before = old_by_id.get(activity.id)
        if activity.is_withdrawn and (before is None or not before.is_withdrawn):
            _check_reason(before, activity, problems)
        if before is None and folded(activity.title) not in lost_titles:
            _check_id(activity, old, new, problems)
        elif before:
            _check_status(before, activity, old, problems)
            _check_project(before, activity, old, problems)
            _check_shortened(before, activity, new, problems)


def _report_lost(lost: Activity, found: Changes, new: Edition, problems: Problems) -> None:
    titled = [c.activity for c in found.added if folded(c.activity.title) == folded(lost.title)]
    if titled:
        cell = titled[0].cells["id"].cell
        todo = f"Is it {titled[0].id} (cell {cell})? Give that row the ID {lost.id} again."
    else:
        names = [status.name for status in new.statuses if status.means in CLOSED] if new.has_statuses else []
        status = f", with the status {' or '.join(names)}" if names else ""
        todo = f"Copy its row from {lost.place}. An activity that is over stays in the schedule{status}."
    what = f"no activity {lost.id}, {quoted(lost.title)}, which the edition {found.since} lists"
    place = Place(new.file, lost.place.sheet, key=lost.id)
    problems.add(place, "lost-activity", what, f"a row with the ID {lost.id}", todo)


def _check_reason(before: Activity | None, now: Activity, problems: Problems) -> None:
    if "remarks" not in now.cells or reason_of(before, now, "withdrawn"):
        return  # nobody has to state a reason in a workbook without a column for it
    found = "no reason" if not now.remarks else "only the remarks of the edition before"
    todo = f"Write why {now.id} was withdrawn, or correct its status."
    problems.add(now.cells["remarks"], "no-reason", found, "the reason of a withdrawn activity", todo)


def _check_id(now: Activity, old: Edition, new: Edition, problems: Problems) -> None:
    year = re.match(r"([0-9]{4})-", now.id)
    if year and int(year[1]) != new.year:
        found = f"the ID {now.id}, which the edition {old.name} does not have"
        expected = f"an ID that begins with {new.year}-, as for each activity that is new in this edition"
        todo = "Correct the ID. An activity keeps its ID in all editions; a new activity gets an ID of its first year."
        problems.add(now.cells["id"], "id-year", found, expected, todo)


def _check_status(before: Activity, now: Activity, old: Edition, problems: Problems) -> None:
    if not before.is_open and now.meaning != before.meaning:
        found = f'"{now.status}", although it was {before.status} in the edition {old.name}'
        expected = f'"{before.status}", as an activity that is over does not start again'
        todo = f"Correct it here or in {before.cells['status']}, or list the new work under a new ID."
        problems.add(now.cells["status"], "came-back", found, expected, todo)


def _check_project(before: Activity, now: Activity, old: Edition, problems: Problems) -> None:
    if before.project_number and now.project_number != before.project_number:
        found = quoted(now.project_number) if now.project_number else "no number"
        expected = f"{before.project_number}, as in the edition {old.name}"
        todo = (
            f"Correct it here or in {before.cells['project']}. "
            "List another project as another activity, with a new ID."
        )
        problems.add(now.cells["project"], "project-changed", found, expected, todo)


def _check_shortened(before: Activity, now: Activity, new: Edition, problems: Problems) -> None:
    if not (now.last_year and now.is_open and now.status):
        return
    if now.last_year < min(before.last_year or new.year, new.year):
        found = (
            f"the last year moved from {before.last_year} to {now.last_year}, with the status {now.status}"
        )
        expected = f"a last year from {new.year} on, or the status completed or withdrawn"
        problems.add(now.cells["last"], "over-but-open", found, expected, "Correct the year or the status.")
