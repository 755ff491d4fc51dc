"""What a plan takes over from another one: each open activity of that plan, with its ID in this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.period import Carried, CarryOver
from papers.model.references import check_known, check_once
from papers.model.schedule_changes import latest_edition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.inputs.plan_schemas import CarryOverFile
    from papers.inputs.yaml import Document
    from papers.model.period import Period
    from papers.model.schedule import Edition
    from papers.problems import Problems


def build_carry_over(
    document: Document[CarryOverFile], name: str, periods: Mapping[str, Period], problems: Problems
) -> CarryOver | None:
    """Return what the plan of the folder `name` takes over; None where the other plan is unknown or unread.

    An open activity without a line is a notice. Unknown and doubled IDs are reported with their lines.
    """
    before, others = periods.get(document.form.from_), [other for other in periods if other != name]
    place = document.place("from")
    check_known(document.form.from_, others, place, "plan", False, problems)
    if before is None or before is periods[name]:
        return None
    edition = latest_edition(before.editions)
    _check_ids(document, edition, before, periods[name], problems)
    if before.plan is None or edition is None:
        return None
    activities = {activity.id: activity for activity in edition.activities}
    carried = tuple(
        Carried(activities[line.was], line.now or "", line.why or "")
        for line in document.form.activities
        if line.was in activities
    )
    notices = [] if before.unread.any("schedule") else _notices(document, edition)
    return CarryOver(document.name, before.plan, edition, carried, notices)


def _check_ids(
    document: Document[CarryOverFile],
    edition: Edition | None,
    before: Period,
    period: Period,
    problems: Problems,
) -> None:
    ids = [activity.id for activity in edition.activities] if edition else []
    own, seen_was, seen_now = sorted(period.activity_ids), set[str](), set[str]()
    for index, line in enumerate(document.form.activities):
        place = document.place("activities", index, "was")
        check_known(line.was, ids, place, "activity", before.unread.any("schedule"), problems)
        check_once(line.was, seen_was, place, problems)
        place = document.place("activities", index, "now")
        if line.now is not None:
            check_known(line.now, own, place, "activity", period.unread.any("schedule"), problems)
            check_once(line.now, seen_now, place, problems)
        elif line.why is None:
            found = f"no reason why {line.was} is not carried over"
            problems.add(place, "no-reason", found, "the reason: why: ...", "Add it, or write the new ID.")


def _notices(document: Document[CarryOverFile], edition: Edition) -> list[str]:
    listed = {line.was for line in document.form.activities}
    silent = [activity.id for activity in edition.open_activities if activity.id not in listed]
    if not silent:
        return []
    return [
        f"{document.name} has no line for {', '.join(silent)}, which {edition.file} lists as open: "
        "add a line for each, with now: null and why: ... for an activity that is not carried over"
    ]
