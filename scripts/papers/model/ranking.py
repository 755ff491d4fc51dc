"""Project proposals, ranked by the mean of members' scores plus points for the link to the priorities.

All figures are exact fractions, which are rounded only in the text of the paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, Any

from papers.model.figures import Cell, Figure, Source
from papers.model.row_reader import RowReader, is_whole
from papers.problems import Place, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.inputs.settings import Ranking
    from papers.inputs.unread import Unread
    from papers.inputs.workbooks import ProjectsBook
    from papers.inputs.xlsx import Row
    from papers.model.economies import Economy
    from papers.numbers import ProjectNumber

LINKS = ("direct", "indirect", "none")  # the most direct first
LOWEST, HIGHEST = 1, 10  # scores


@dataclass(frozen=True)
class Proposal:
    """A project proposal; `funding` is in US dollars."""

    number: ProjectNumber
    title: str
    proposing: tuple[Economy, ...]
    co_sponsors: tuple[Economy, ...]
    area: str  # id of the priority area; "" for a proposal without one
    link: str
    funding: int
    place: Place
    cell_of_funding: Place
    cells: Mapping[str, Place] = field(default_factory=dict, compare=False)  # of the columns that decide
    proposing_bodies: tuple[str, ...] = ()  # those that are no economy, and so give no scores
    sponsoring_bodies: tuple[str, ...] = ()

    @property
    def source(self) -> Source:
        """The proposal as one thing that a figure counts."""
        return Source(1, (Cell(self.place, self.title, self._proposing_names),))

    @property
    def funding_stated(self) -> Figure:
        """The requested funding as a figure, with its cell."""
        source = Source(self.funding, (Cell(self.cell_of_funding, self.title, self._proposing_names),))
        return Figure(self.funding, (), f"funding requested for {self.number}, USD", lambda: [source])

    @property
    def _proposing_names(self) -> str:
        return "; ".join([*(economy.name for economy in self.proposing), *self.proposing_bodies])

    def cells_of(self, *names: str) -> tuple[Cell, ...]:
        """Return the cells of these columns, for what decides figures about the proposal."""
        return tuple(
            Cell(self.cells[name], str(self.number), self._proposing_names)
            for name in names
            if name in self.cells
        )

    def is_own(self, economy: Economy) -> bool:
        """Return whether an economy proposes or co-sponsors it."""
        return economy in self.proposing or economy in self.co_sponsors


@dataclass(frozen=True)
class Score:
    """A member's score for a proposal, 1 to 10; `own` if the member proposes or co-sponsors it."""

    member: Economy
    number: ProjectNumber
    points: int
    own: bool
    place: Place
    places: tuple[Place, ...] = field(default=(), compare=False)  # of the project and of the member

    @property
    def source(self) -> Source:
        """The score as one thing that a figure counts, whatever its points."""
        named = tuple(Cell(place, str(self.number), self.member.name) for place in self.places)
        return Source(1, (Cell(self.place, str(self.number), self.member.name),), named)

    @property
    def stated(self) -> Figure:
        """The points as a figure, with their cell."""
        source = replace(self.source, counts=self.points)
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
        """The workbook that it was read from."""
        return [self.file]

    def scores_of(self, proposal: Proposal) -> dict[Economy, Score]:
        return {score.member: score for score in self.scores if score.number == proposal.number}

    @property
    def members(self) -> list[Economy]:
        """The members that scored any proposal, in APEC order."""
        return sorted({score.member for score in self.scores})

    def source_of_member(self, member: Economy) -> Source:
        """Return a member as one thing that a figure counts: the cells of all its scores."""
        given = [score for score in self.scores if score.member == member]
        cells = tuple(cell for score in given for cell in score.source.cells)
        return Source(1, cells, tuple(cell for score in given for cell in score.source.decided_by))


@dataclass(frozen=True)
class RankedProposal:
    """A proposal with its rank. Rank, mean, median and total are None where no score counts.

    `scores` are all scores by member, `counted` those that count, `bonus` the points for the link, `total`
    mean plus bonus.
    """

    rank: int | None
    proposal: Proposal
    scores: dict[Economy, Score]
    counted: tuple[Score, ...]
    mean: Fraction | None
    median: Fraction | None
    bonus: Fraction
    total: Fraction | None
    tie: str = ""  # the rule that ranked it after the previous proposal, which has the same total


def ranking(session: ProposalSession, rules: Ranking) -> list[RankedProposal]:
    """Return the proposals in order of rank; those without a score that counts come last, without a rank."""
    scored = [_scored(session, proposal, rules) for proposal in session.proposals]
    # Python's sort is stable: sorting by number first gives equals one order, whatever that of the workbook.
    scored.sort(key=lambda r: r.proposal.number)
    scored.sort(key=lambda r: (r.total is None, -(r.total or 0), *_tie_keys(r, rules)))
    ranked: list[RankedProposal] = []
    for position, proposal in enumerate(scored, 1):
        previous = ranked[-1] if ranked else None
        ranked.append(_with_rank(proposal, position, previous, rules))
    return ranked


def _scored(session: ProposalSession, proposal: Proposal, rules: Ranking) -> RankedProposal:
    scores = session.scores_of(proposal)
    counted = tuple(scores[e] for e in sorted(scores) if rules.own_scores_count or not scores[e].own)
    bonus = Fraction(str(getattr(rules, proposal.link)))
    if not counted:
        return RankedProposal(None, proposal, scores, (), None, None, bonus, None)
    points = [Fraction(score.points) for score in counted]
    mean = sum(points, Fraction()) / len(points)
    return RankedProposal(None, proposal, scores, counted, mean, median(points), bonus, mean + bonus)


def _tie_keys(ranked: RankedProposal, rules: Ranking) -> list[Any]:
    keys: dict[str, Any] = {
        "link": LINKS.index(ranked.proposal.link),
        "median": -(ranked.median or 0),
        "number": ranked.proposal.number,
    }
    return [keys[rule] for rule in rules.ties]


def _with_rank(
    proposal: RankedProposal, position: int, previous: RankedProposal | None, rules: Ranking
) -> RankedProposal:
    """Return the proposal with its rank: its position, or the rank of an equal one before it."""
    if proposal.total is None:
        return proposal
    rank: int | None = position
    tie = ""
    if previous is not None and previous.total == proposal.total:
        keys = zip(rules.ties, _tie_keys(proposal, rules), _tie_keys(previous, rules), strict=True)
        tie = next((rule for rule, own, other in keys if own != other), "")
        rank = position if tie else previous.rank
    return replace(proposal, rank=rank, tie=tie)


class ProposalReader(RowReader):
    """Reads proposals and scores from the workbook of a session; reports each defect with its cell."""

    def session(self, book: ProjectsBook, unread: Unread) -> ProposalSession:
        """Return the session with the proposals and scores of all rows that are correct.

        It is added to `unread` if a row is not, or if the rows of a sheet could not be read.
        """
        session, before = ProposalSession(book.session, book.file), len(self.problems.found)
        if book.proposals == []:
            place, todo = Place(book.file, "Proposals"), "Add the proposals, or delete the workbook."
            self.problems.add(place, "no-proposals", "no row", "a row for each proposal", todo)
        numbers = self._proposals(book.proposals or [], session)
        if book.proposals is None or None in numbers:
            unread.add("session", book.session)
        rows = {number: row for number, row in numbers.items() if number}
        by_number = {proposal.number: proposal for proposal in session.proposals}
        all_listed = not unread.has("session", book.session)
        session.scores = self._scores(book.scores or [], rows, all_listed, by_number)
        if not is_whole(book.proposals, book.scores) or len(self.problems.found) > before:
            unread.add("session", book.session)
        return session

    def _proposals(self, rows: list[Row], session: ProposalSession) -> dict[ProjectNumber | None, Row]:
        """Add the proposals of all rows that are correct; return number -> row, None for a wrong number."""
        listed: dict[ProjectNumber | None, Row] = {}
        for row in rows:
            number = self.read_project_number(row, "number")
            if number is not None and number in listed:
                self._report_doubled(row, "number", f"the project {number}", listed[number])
            else:
                listed[number] = row
            proposal = self._proposal(row, number)
            if proposal:
                session.proposals.append(proposal)
        return listed

    def _report_doubled(self, row: Row, field: str, what: str, first: Row) -> None:
        found = f"{what} again (first in {first.place(field).cell})"
        self.report(row, field, "doubled", found, "each once", "Delete one of the two rows.")

    def _proposal(self, row: Row, number: ProjectNumber | None) -> Proposal | None:
        before = len(self.problems.found)
        link, area = self.read_choice(row, "link", LINKS), self.read_area(row, "priority_area")
        proposing, bodies = self._parties(row, "proposing")
        sponsors, sponsoring = self._parties(row, "co_sponsors")
        both = [economy.name for economy in sorted({*proposing} & {*sponsors})]
        for name in [*both, *sorted({*bodies} & {*sponsoring})]:
            found = f"{name}, which also proposes the project"
            self.report(row, "co_sponsors", "doubled", found, "other economies", "Delete it in this cell.")
        needs_area = self.has_areas and link in ("direct", "indirect")
        if needs_area and row["priority_area"] is None and not row.unread:
            expected = f"the {self.level.one}, as the link is {link}"
            self.report(row, "priority_area", "empty", "an empty cell", expected, "Fill it in.")
        title, funding = row["title"], row["funding"]
        if number is None or title is None or funding is None or not (proposing or bodies) or not link:
            return None
        if row.unread or len(self.problems.found) > before:
            return None
        places = {name: row.place(name) for name in ("link", "proposing", "co_sponsors")}
        cells = row.place("number"), row.place("funding"), places
        return Proposal(number, title, proposing, sponsors, area, link, funding, *cells, bodies, sponsoring)

    def _parties(self, row: Row, field: str) -> tuple[tuple[Economy, ...], tuple[str, ...]]:
        """Return the economies of a cell in APEC order, and its bodies, each once."""
        economies, bodies = self.read_parties(row, field)
        return tuple(sorted({*economies})), tuple(dict.fromkeys(bodies))

    def _scores(
        self,
        rows: list[Row],
        listed: dict[ProjectNumber, Row],
        all_listed: bool,
        proposals: dict[ProjectNumber, Proposal],
    ) -> list[Score]:
        """Return the scores of all rows that are correct.

        `all_listed` says whether `listed` has all projects of the sheet Proposals.
        """
        scores: list[Score] = []
        first_rows: dict[tuple[ProjectNumber, Economy], Row] = {}
        for row in rows:
            number, member = self._scored_number(row, listed, all_listed), self._member(row)
            points = self._points(row)
            if number is None or member is None:
                continue
            if (number, member) in first_rows:
                first = first_rows[number, member]
                self._report_doubled(row, "member", f"{member.name} for {number}", first)
                continue
            first_rows[number, member] = row
            if points is not None and number in proposals:
                own = proposals[number].is_own(member)
                named = row.place("number"), row.place("member")
                scores.append(Score(member, number, points, own, row.place("score"), named))
        return scores

    def _scored_number(
        self, row: Row, listed: dict[ProjectNumber, Row], all_listed: bool
    ) -> ProjectNumber | None:
        number = self.read_project_number(row, "number")
        if number is None or number in listed or not all_listed:
            return number
        known = [str(project) for project in listed]
        todo = did_you_mean(str(number), known, "Correct it, or add the proposal.")
        expected = "a project of the sheet Proposals"
        self.report(row, "number", "unknown-proposal", quoted(number), expected, todo)
        return None

    def _member(self, row: Row) -> Economy | None:
        if row["member"] is None:
            return None
        return self.register.find(row["member"], row.place("member"), self.problems)

    def _points(self, row: Row) -> int | None:
        points: int | None = row["score"]
        if points is not None and not LOWEST <= points <= HIGHEST:
            expected = f"a whole number from {LOWEST} to {HIGHEST}"
            todo = "Ask the member, and correct it."
            self.report(row, "score", "score-range", str(points), expected, todo)
            return None
        return points
