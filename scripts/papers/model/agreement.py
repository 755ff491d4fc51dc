"""Whether the inputs of a plan say the same of an activity or project: schedule, sessions of proposals, returns.

What Work Plans say of an activity is checked where they are read. A disagreement is no mistake of one file: only a
person knows which of the two cells is right, so it is a notice with both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.problems import MAX_ALIKE, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.inputs.plan_folder import PlanFolder
    from papers.model.indicator_returns import ReturnEntry
    from papers.model.period import Period
    from papers.model.ranking import Proposal, ProposalSession
    from papers.model.schedule import Activity, Edition
    from papers.problems import Place

    Listed = list[tuple[Edition, Activity]]  # an activity in each edition that lists it, the latest first


def disagreements(period: Period, folder: PlanFolder) -> list[str]:
    """Return a notice of each disagreement in the inputs of a plan; `folder` has the cells of their rows."""
    if period.plan is None:
        return []
    found = list(_Agreement(period, folder).notices())
    more = len(found) - MAX_ALIKE
    return found if more <= 0 else [*found[:MAX_ALIKE], f"{more} more inputs of {folder.base} disagree so"]


class _Agreement:
    def __init__(self, period: Period, folder: PlanFolder):
        self.period, self.folder = period, folder
        self.areas = {area.id: area.name for area in period.plan.areas} if period.plan else {}
        self.by_id: dict[str, Listed] = {}
        self.by_project: dict[str, Listed] = {}
        for _, edition in sorted(period.editions.items(), reverse=True):
            for activity in edition.activities:
                self.by_id.setdefault(activity.id, []).append((edition, activity))
                if activity.project_number:
                    self.by_project.setdefault(activity.project_number, []).append((edition, activity))

    def notices(self) -> Iterator[str]:
        for session in self.period.sessions.values():
            yield from self._of_session(session)
        yield from self._of_returns()

    def _of_session(self, session: ProposalSession) -> Iterator[str]:
        rows = next(book.proposals for book in self.folder.projects if book.session == session.name) or ()
        cells = {row.place("number").cell: row.places for row in rows}
        for proposal in session.proposals:
            listed, own = self.by_project.get(str(proposal.number), []), cells[proposal.place.cell]
            what = f"the project {proposal.number}"
            yield from self._area(what, proposal.area, own.get("priority_area"), listed)
            yield from _proponents(what, proposal, own["proposing"], listed)
            yield from _begun_before(what, int(session.name[:4]), proposal, listed)

    def _of_returns(self) -> Iterator[str]:
        files = self.folder.returns.returns if self.folder.returns else ()
        rows = {(file.file, row.at): row for file in files for row in file.items}
        for found in self.period.indicators.returns:
            for entry in found.entries:
                if entry.activity_id:
                    listed, row = self.by_id.get(entry.activity_id, []), rows[entry.key]
                    what = f"the activity {entry.activity_id}"
                    yield from self._area(what, entry.area, row.places.get("area"), listed)
                    yield from _carried_out(what, entry, row.place("activity_id"), listed)

    def _area(self, what: str, area: str, cell: Place | None, listed: Listed) -> Iterator[str]:
        """Yield a notice where no edition has the activity in this area."""
        others = [one for _, one in listed if one.area and "area" in one.cells]
        if area and cell and others and all(one.area != area for one in others):
            found, expected = self.areas.get(area, area), self.areas.get(others[0].area, others[0].area)
            yield _differ(cell, f"{what} under {found}", others[0].cells["area"], expected)


def _proponents(what: str, proposal: Proposal, cell: Place, listed: Listed) -> Iterator[str]:
    """Yield a notice where no economy that proposes the project is a proponent in any edition."""
    others = [one for _, one in listed if one.proponents and "who" in one.cells]
    own = {*proposal.proposing, *proposal.co_sponsors}
    if proposal.proposing and others and all(own.isdisjoint(one.proponents) for one in others):
        names = "; ".join(economy.name for economy in proposal.proposing)
        expected = "; ".join(economy.name for economy in others[0].proponents)
        yield _differ(cell, f"{what} of {names}", others[0].cells["who"], expected)


def _begun_before(what: str, year: int, proposal: Proposal, listed: Listed) -> Iterator[str]:
    """Yield a notice where an edition of an earlier year than the session has the project as more than proposed."""
    for edition, one in listed:
        if edition.year < year and one.meaning in ("approved", "in progress", "completed"):
            found = f"{what} among the proposals of {year}"
            yield _differ(proposal.place, found, _status(one), f"{one.status} in {edition.name}")
            return


def _carried_out(what: str, entry: ReturnEntry, cell: Place, listed: Listed) -> Iterator[str]:
    """Yield a notice where an economy reports an activity that was withdrawn before, or later was only proposed."""
    for edition, one in listed:
        withdrawn = edition.year < entry.year and one.is_withdrawn
        proposed = edition.year > entry.year and one.meaning == "proposed"
        if withdrawn or proposed:
            found = f"{what} reported for {entry.year}"
            yield _differ(cell, found, _status(one), f"{one.status} in {edition.name}")
            return


def _status(activity: Activity) -> Place:
    return activity.cells.get("status", activity.place)


def _differ(cell: Place, found: str, other: Place, expected: str) -> str:
    expected, todo = f"{expected}, as in {other}", "Correct one of the two cells."
    return str(Problem(cell, "disagreement", found, expected, todo))
