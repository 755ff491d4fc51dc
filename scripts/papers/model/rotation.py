"""The two rotations of the Terms of Reference: the Chair (and Vice Chair), and the first meeting's host.

Both follow APEC order. An economy that cannot take its turn exchanges it with the next in line, so that
both serve and the order afterwards is unchanged. The APEC host economy of the year holds the second
meeting.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.inputs.schemas import RotationFile, SwapForm, TurnsForm
    from papers.inputs.yaml import Document
    from papers.model.economies import Economies, Economy

TERM = {"chair": 2, "host": 1}  # calendar years
_EXPECTED = {
    "chair": "an announcement at least one year before the term begins: by {}",
    "host": "an announcement within the first half of the year before: by {}",
}


@dataclass(frozen=True)
class RecordedHolder:
    """The economy that a record names as holder of a post, and the source of the record."""

    economy: Economy
    source: str

    def begins(self, year: int, meetings: Mapping[str, datetime.date]) -> datetime.date:
        """Return the first day of the meeting that is its source, or of the year in which the post was held."""
        return meetings.get(self.source, datetime.date(year, 1, 1))


@dataclass(frozen=True)
class Post:
    """A post in one year: its holder by the rotation, and the recorded holder where there is a record."""

    by_rotation: Economy
    known: RecordedHolder | None = None

    @property
    def holder(self) -> Economy:
        return self.known.economy if self.known else self.by_rotation

    @property
    def agrees(self) -> bool:
        """Whether the holder is that of the rotation."""
        return self.holder == self.by_rotation


@dataclass(frozen=True)
class TurnExchange:
    """An exchange of turns: `other` serves from `first_year` instead of `economy`, which serves after it."""

    role: str
    economy: Economy
    other: Economy
    first_year: int
    announced: datetime.date
    meeting: str

    @property
    def last_year(self) -> int:
        """The last year of the turn that `economy` gave up."""
        return self.first_year + TERM[self.role] - 1

    @property
    def later(self) -> int:
        """The first year of the turn that `economy` took over."""
        return self.first_year + TERM[self.role]


@dataclass
class Turns:
    """One rotation: turns of `length` years, numbered from 0 in `first_year`, in the order of `economies`."""

    economies: tuple[Economy, ...]
    first_year: int
    first: int  # index of the economy of turn 0
    length: int
    known: dict[int, RecordedHolder] = field(default_factory=dict)
    exchanged: dict[int, Economy] = field(
        default_factory=dict
    )  # turn -> the economy that serves by an exchange

    def turn(self, year: int) -> int:
        """Return the number of the turn to which a year belongs."""
        return (year - self.first_year) // self.length

    def begins(self, year: int) -> bool:
        """Return whether a turn begins in a year."""
        return (year - self.first_year) % self.length == 0

    def of_turn(self, turn: int) -> Economy:
        """Return the economy that serves in a turn, exchanges included."""
        by_order = self.economies[(self.first + turn) % len(self.economies)]
        return self.exchanged.get(turn, by_order)

    def exchange(self, turn: int) -> Economy:
        """Exchange a turn with the next one; return the economy that serves in it now."""
        serving, later = self.of_turn(turn + 1), self.of_turn(turn)
        self.exchanged[turn], self.exchanged[turn + 1] = serving, later
        return serving

    def post(self, year: int) -> Post:
        return Post(self.of_turn(self.turn(year)), self.known.get(year))

    def known_on(self, day: datetime.date, meetings: Mapping[str, datetime.date]) -> Turns:
        """Return the turns without exchanges and without what later records say, counted from a turn that had begun."""
        records = {year: one for year, one in self.known.items() if one.begins(year, meetings) <= day}
        back = max(0, -(-(self.first_year - day.year) // self.length))
        first = (self.first - back) % len(self.economies)
        return Turns(self.economies, self.first_year - back * self.length, first, self.length, records)


@dataclass(frozen=True)
class RotationYear:
    """The posts of one year; None where there is none, or where it is not known."""

    year: int
    chair: Post
    vice_chair: Economy | None
    first_host: Post
    second_host: Economy | None


@dataclass
class Rotation:
    """Both rotations of a forum, exchanges included; `second_hosts`: year -> APEC host economy."""

    file: str
    chair: Turns
    host: Turns
    second_hosts: dict[int, Economy]
    exchanges: list[TurnExchange] = field(default_factory=list)

    def known_on(self, day: datetime.date, meetings: Mapping[str, datetime.date]) -> Rotation:
        """Return the rotation as known on a day: without records of later years and exchanges announced later.

        `meetings` maps the codes of meetings, which may be sources of records, to their first days.
        """
        chair, host = self.chair.known_on(day, meetings), self.host.known_on(day, meetings)
        known = Rotation(self.file, chair, host, self.second_hosts)
        for each in self.exchanges:
            if each.announced <= day:
                turns = chair if each.role == "chair" else host
                economy, turn = turns.of_turn(turns.turn(each.first_year)), turns.turn(each.first_year)
                known.exchanges.append(replace(each, economy=economy, other=turns.exchange(turn)))
        return known

    @property
    def files(self) -> list[str]:
        """The file that it was read from; that of the APEC hosts is an input of every paper."""
        return [self.file]

    def year(self, year: int) -> RotationYear:
        """Return the posts of a year. The incoming Chair is Vice Chair in the year before its term."""
        incoming = self.chair.post(year + 1).holder if self.chair.begins(year + 1) else None
        posts = self.chair.post(year), incoming, self.host.post(year)
        return RotationYear(year, *posts, self.second_hosts.get(year))

    def years(self, first: int, last: int) -> list[RotationYear]:
        """Return the posts of each year from `first` to `last`, both included."""
        return [self.year(year) for year in range(first, last + 1)]


def latest_announcement(role: str, first_year: int) -> datetime.date:
    """Return the last day on which an exchange of a turn that begins in `first_year` may be announced."""
    if role == "chair":
        return datetime.date(first_year - 1, 1, 1)
    return datetime.date(first_year - 1, 6, 30)


def build_rotation(
    document: Document[RotationFile], register: Economies, hosts: dict[int, str], problems: Problems
) -> Rotation | None:
    """Return the rotation of a file; None where it has problems, which are reported with their lines.

    `hosts` maps years to the names of the APEC host economies.
    """
    before = len(problems.found)
    reader = _RotationReader(document, register, problems)
    found = {role: reader.turns(role, getattr(document.form, role)) for role in TERM}
    turns = {role: each for role, each in found.items() if each}
    if len(turns) < len(TERM):
        return None
    by_name = {economy.name: economy for economy in register.economies}
    seconds = {year: by_name[name] for year, name in hosts.items() if name in by_name}
    rotation = Rotation(document.name, turns["chair"], turns["host"], seconds)
    swaps = sorted(enumerate(document.form.swaps), key=lambda pair: (pair[1].role, pair[1].term, pair[0]))
    for index, swap in swaps:  # in order of terms, as a turn may be exchanged more than once
        exchange = reader.exchange(index, swap, turns[swap.role])
        if exchange:
            rotation.exchanges.append(exchange)
    return rotation if len(problems.found) == before else None


class _RotationReader:
    def __init__(self, document: Document[RotationFile], register: Economies, problems: Problems):
        self.document, self.register, self.problems = document, register, problems
        self.seen: set[tuple[str, int, str]] = set()  # role, term and economy of the swaps

    def turns(self, role: str, form: TurnsForm) -> Turns | None:
        """Return the turns of a role without exchanges; None where the first economy is unknown."""
        first = self.register.find(form.first, self.document.place(role, "first"), self.problems)
        known: dict[int, RecordedHolder] = {}
        for index, turn in enumerate(form.known):
            place = self.document.place(role, "known", index, "economy")
            economy = self.register.find(turn.economy, place, self.problems)
            if turn.year in known:
                year = self.document.place(role, "known", index, "year")
                todo = "Delete one of the two entries."
                self.problems.add(year, "doubled", f"{turn.year} twice", "each year once", todo)
            elif economy:
                known[turn.year] = RecordedHolder(economy, turn.source)
        if first is None:
            return None
        economies = tuple(self.register.economies)
        return Turns(economies, form.first_year, economies.index(first), TERM[role], known)

    def exchange(self, index: int, swap: SwapForm, turns: Turns) -> TurnExchange | None:
        """Carry out a swap and return it; None, with a problem, where the rules do not allow it."""
        before = len(self.problems.found)
        economy = self.register.find(swap.economy, self._place(index, "economy"), self.problems)
        self._check_term(index, swap, turns)
        self._check_announced(index, swap)
        if economy and len(self.problems.found) == before:
            self._check_turn(index, swap, turns, economy)
        if economy is None or len(self.problems.found) > before:
            return None
        other = turns.exchange(turns.turn(swap.term))
        return TurnExchange(swap.role, economy, other, swap.term, swap.announced, swap.meeting or "")

    def _check_term(self, index: int, swap: SwapForm, turns: Turns) -> None:
        place, found, todo = self._place(index, "term"), f"the term {swap.term}", "Correct the year."
        if swap.term < turns.first_year:
            expected = f"{turns.first_year} or later, as the rotation begins in {turns.first_year}"
            self.problems.add(place, "term", found, expected, todo)
        elif not turns.begins(swap.term):
            expected = f"the first year of a term, {swap.term - 1} or {swap.term + 1}"
            self.problems.add(place, "term", found, expected, todo)
        if (swap.role, swap.term, swap.economy) in self.seen:
            todo = "Delete one of the two entries."
            self.problems.add(place, "doubled", f"{found} twice", "each exchange once", todo)
        self.seen.add((swap.role, swap.term, swap.economy))

    def _check_announced(self, index: int, swap: SwapForm) -> None:
        latest = latest_announcement(swap.role, swap.term)
        if swap.announced > latest:
            found = f"an exchange of the turn of {swap.term} announced on {swap.announced}"
            expected = _EXPECTED[swap.role].format(latest)
            todo = "Correct the date, or delete the exchange, which the Terms of Reference do not allow."
            self.problems.add(self._place(index, "announced"), "announced-late", found, expected, todo)

    def _check_turn(self, index: int, swap: SwapForm, turns: Turns, economy: Economy) -> None:
        turn = turns.turn(swap.term)
        holder, following = turns.of_turn(turn), turns.of_turn(turn + 1)
        if economy != holder:
            found = f"{economy.name}, whose turn does not begin in {swap.term}"
            expected, todo = f"{holder.name}, whose turn it is", "Correct the economy or the year."
            self.problems.add(self._place(index, "economy"), "not-its-turn", found, expected, todo)
        elif swap.exchanged_with is not None:
            place = self._place(index, "exchanged_with")
            other = self.register.find(swap.exchanged_with, place, self.problems)
            if other and other != following:
                expected = f"{following.name}, the next in line"
                todo = "Correct it, or delete the line."
                self.problems.add(place, "not-next-in-line", quoted(other.name), expected, todo)

    def _place(self, index: int, key: str) -> Place:
        return self.document.place("swaps", index, key)
