"""Project proposals of a session, ranked: the mean of members' scores, and points for the link to the priorities.

All figures are exact fractions; they are rounded only when they are worded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING

from papers.model.figures import Cell, Figure, Source
from papers.numbers import NumberError, ProjectNumber
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.config import Ranking
    from papers.inputs.workbooks import ProjectsBook
    from papers.inputs.xlsx import Row
    from papers.model.economies import Economies, Economy
    from papers.model.plan import Plan

LINKS = ("direct", "indirect", "none")  # from the most direct on
LOWEST, HIGHEST = 1, 10


@dataclass(frozen=True)
class Proposal:
    """A proposal; funding is in US dollars."""

    number: ProjectNumber
    title: str
    proposing: tuple[Economy, ...]
    co_sponsors: tuple[Economy, ...]
    area: str  # id of the priority area; "" where it is linked to none
    link: str
    funding: int
    place: Place
    cell_of_funding: Place

    @property
    def source(self) -> Source:
        """A proposal as something that is counted."""
        return Source(1, (Cell(self.place, self.title, self._who),))

    @property
    def funding_stated(self) -> Figure:
        """The funding, with its cell."""
        source = Source(self.funding, (Cell(self.cell_of_funding, self.title, self._who),))
        return Figure(self.funding, (), f"funding requested for {self.number}, USD", lambda: [source])

    @property
    def _who(self) -> str:
        return "; ".join(economy.name for economy in self.proposing)

    def is_own(self, economy: Economy) -> bool:
        """Whether it is this economy's own proposal."""
        return economy in self.proposing or economy in self.co_sponsors


@dataclass(frozen=True)
class Score:
    """What a member gave to a proposal, 1 to 10; `own`: it proposes or co-sponsors it."""

    member: Economy
    number: ProjectNumber
    points: int
    own: bool
    place: Place

    @property
    def source(self) -> Source:
        """A score as something that is counted: once, whatever it is."""
        return Source(1, (Cell(self.place, str(self.number), self.member.name),))

    @property
    def stated(self) -> Figure:
        """The score itself, with its cell."""
        source = Source(self.points, self.source.cells)
        return Figure(self.points, (), f"score for {self.number}", lambda: [source])


@dataclass
class ProposalSession:
    """The proposals of a session and their scores, in the order of the workbook."""

    name: str
    file: str
    proposals: list[Proposal] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """The inputs that it was read from."""
        return [self.file]

    def scores_of(self, proposal: Proposal) -> dict[Economy, Score]:
        return {score.member: score for score in self.scores if score.number == proposal.number}

    @property
    def members(self) -> list[Economy]:
        """The members that gave a score, in APEC order."""
        return sorted({score.member for score in self.scores})

    def source_of_member(self, member: Economy) -> Source:
        """A member as something that is counted: the cells of all its scores."""
        given = [score for score in self.scores if score.member == member]
        return Source(1, tuple(cell for score in given for cell in score.source.cells))


@dataclass(frozen=True)
class RankedProposal:
    """A proposal with its place. Without any score that counts, rank, mean, median and total are None."""

    rank: int | None
    proposal: Proposal
    scores: dict[Economy, Score]
    counted: tuple[Score, ...]
    mean: Fraction | None
    median: Fraction | None
    bonus: Fraction
    total: Fraction | None
    tie: str = ""  # the rule that put it behind the one before it with the same total


def ranking(session: ProposalSession, rules: Ranking) -> list[RankedProposal]:
    """The proposals in order of rank; those without a score that counts come last, without a rank."""
    scored = [_scored(session, proposal, rules) for proposal in session.proposals]
    # Python's sort is stable: the last key by the number gives one order whatever the workbook's.
    scored.sort(key=lambda r: r.proposal.number)
    scored.sort(key=lambda r: (r.total is None, -(r.total or 0), *_tie_keys(r, rules)))
    placed: list[RankedProposal] = []
    for at, one in enumerate(scored, 1):
        before = placed[-1] if placed else None
        placed.append(_placed(at, one, before, rules))
    return placed


def _scored(session: ProposalSession, proposal: Proposal, rules: Ranking) -> RankedProposal:
    scores = session.scores_of(proposal)
    counted = tuple(scores[e] for e in sorted(scores) if rules.own_scores_count or not scores[e].own)
    bonus = Fraction(str(getattr(rules, proposal.link)))
    if not counted:
        return RankedProposal(None, proposal, scores, (), None, None, bonus, None)
    points = [Fraction(score.points) for score in counted]
    mean = sum(points) / len(points)
    return RankedProposal(None, proposal, scores, counted, mean, median(points), bonus, mean + bonus)


def _tie_keys(ranked: RankedProposal, rules: Ranking) -> list:
    keys = {
        "link": LINKS.index(ranked.proposal.link),
        "median": -(ranked.median or 0),
        "number": ranked.proposal.number,
    }
    return [keys[rule] for rule in rules.ties]


def _placed(at: int, one: RankedProposal, before: RankedProposal | None, rules: Ranking) -> RankedProposal:
    """The proposal with its rank; equal ones share that of the first, and a tie tells its rule."""
    if one.total is None:
        return one
    rank, tie = at, ""
    if before is not None and before.total == one.total:
        mine, its = _tie_keys(one, rules), _tie_keys(before, rules)
        tie = next((rule for rule, a, b in zip(rules.ties, mine, its, strict=True) if a != b), "")
        rank = at if tie else before.rank
    fields = {**vars(one), "rank": rank, "tie": tie}
    return RankedProposal(**fields)


class ProposalReader:
    """Turns rows into proposals and scores; everything that does not fit is told with its cell."""

    def __init__(self, register: Economies, plans: Iterable[Plan], problems: Problems):
        self.register, self.problems = register, problems
        self.areas = {wording: area.id for plan in plans for area in plan.areas for wording in area.wordings}

    def session(self, book: ProjectsBook) -> ProposalSession:
        session = ProposalSession(book.session, book.file)
        if not book.proposals and not any(p.place.file == book.file for p in self.problems.found):
            place, todo = Place(book.file, "Proposals"), "Fill it in, or take the workbook away."
            self.problems.add(place, "no-proposals", "no row", "a row for each proposal", todo)
        seen: dict[ProjectNumber, Row] = {}
        for row in book.proposals:
            number = self._number(row)
            if number in seen and number is not None:
                self._doubled(row, "number", f"the project {number}", seen[number])
            elif number is not None:
                seen[number] = row
            proposal = self._proposal(row, number)
            if proposal:
                session.proposals.append(proposal)
        by_number = {proposal.number: proposal for proposal in session.proposals}
        session.scores = self._scores(book.scores, seen, by_number)
        return session

    def _refuse(self, row: Row, field: str, kind: str, found: str, expected: str, todo: str) -> None:
        self.problems.add(row.place(field), kind, found, expected, todo)

    def _doubled(self, row: Row, field: str, what: str, first: Row) -> None:
        found = f"{what} again (first in {first.place(field).cell})"
        self._refuse(row, field, "doubled", found, "each once", "Delete one of the two rows.")

    def _number(self, row: Row) -> ProjectNumber | None:
        if row["number"] is None:
            return None
        try:
            return ProjectNumber.parse(row["number"])
        except NumberError as error:
            todo = f"The reason: {error.why}."
            self._refuse(row, "number", "project-number", error.found, error.expected, todo)
            return None

    def _proposal(self, row: Row, number: ProjectNumber | None) -> Proposal | None:
        before = len(self.problems.found)
        link, area = self._link(row), self._area(row)
        proposing, sponsors = self._economies(row, "proposing"), self._economies(row, "co_sponsors")
        for economy in sorted(set(proposing) & set(sponsors)):
            found = f"{economy.name}, which proposes it too"
            self._refuse(row, "co_sponsors", "doubled", found, "other economies", "Delete it here.")
        if link in ("direct", "indirect") and row["priority_area"] is None:
            expected = f"the priority area that the link ({link}) leads to"
            self._refuse(row, "priority_area", "empty", "an empty cell", expected, "Fill it in.")
        if number is None or row["title"] is None or row["funding"] is None or not proposing or not link:
            return None
        if len(self.problems.found) > before:
            return None
        funding, places = row["funding"], (row.place("number"), row.place("funding"))
        return Proposal(number, row["title"], proposing, sponsors, area, link, funding, *places)

    def _link(self, row: Row) -> str:
        link = (row["link"] or "").casefold()
        if link and link not in LINKS:
            todo = did_you_mean(link, LINKS, "Pick one from the list in the cell.")
            expected = "one of " + ", ".join(LINKS)
            self._refuse(row, "link", "unknown-link", quoted(row["link"]), expected, todo)
            return ""
        return link

    def _area(self, row: Row) -> str:
        wording = row["priority_area"]
        if wording is None or wording in self.areas:
            return self.areas.get(wording, "")
        todo = did_you_mean(wording, self.areas, "Pick one from the list in the cell.")
        self._refuse(
            row, "priority_area", "unknown-area", quoted(wording), "a priority area of the plan", todo
        )
        return ""

    def _economies(self, row: Row, field: str) -> tuple[Economy, ...]:
        names = [name.strip() for name in (row[field] or "").split(";")]
        found = [self.register.find(name, row.place(field), self.problems) for name in names if name]
        economies = [economy for economy in found if economy]
        for economy in sorted({e for e in economies if economies.count(e) > 1}):
            self._refuse(row, field, "doubled", f"{economy.name} twice", "each economy once", "Delete one.")
        return tuple(sorted(set(economies)))

    def _scores(
        self, rows: list[Row], listed: dict[ProjectNumber, Row], proposals: dict[ProjectNumber, Proposal]
    ) -> list[Score]:
        scores, seen = [], {}
        for row in rows:
            number, member = self._scored_number(row, listed), self._member(row)
            points = self._points(row)
            if number is None or member is None:
                continue
            if (number, member) in seen:
                self._doubled(row, "member", f"{member.name} for {number}", seen[number, member])
                continue
            seen[number, member] = row
            if points is not None and number in proposals:
                own = proposals[number].is_own(member)
                scores.append(Score(member, number, points, own, row.place("score")))
        return scores

    def _scored_number(self, row: Row, listed: dict[ProjectNumber, Row]) -> ProjectNumber | None:
        number = self._number(row)
        if number is not None and number not in listed:
            known = [str(one) for one in listed]
            todo = did_you_mean(str(number), known, "Correct it, or add the proposal.")
            expected = "a project of the sheet Proposals"
            self._refuse(row, "number", "unknown-proposal", quoted(number), expected, todo)
            return None
        return number

    def _member(self, row: Row) -> Economy | None:
        if row["member"] is None:
            return None
        return self.register.find(row["member"], row.place("member"), self.problems)

    def _points(self, row: Row) -> int | None:
        points = row["score"]
        if points is not None and not LOWEST <= points <= HIGHEST:
            expected = f"a whole number from {LOWEST} to {HIGHEST}"
            self._refuse(
                row, "score", "score-range", str(points), expected, "Ask the member, and correct it."
            )
            return None
        return points
