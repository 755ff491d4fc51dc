"""Check that the papers of one meeting state the same facts: totals, dates, titles, names.

Only statements in a form that leaves no doubt are compared, so that each finding is a real one:
  - the meeting's name, place and dates on the covers;
  - the title of a paper on its cover, and next to its number in a table (agenda, classification list);
  - the total of an indicator in a year, in tables of indicators by year;
  - a number typed before the wording of an indicator, compared with all tables of the meeting about that
    indicator;
  - the dates after a meeting's name or code, compared with those in the meeting's file.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from papers.characters import with_plain_signs
from papers.checks.raw_findings import Excerpt, RawFinding, excerpt
from papers.checks.words import folded, lowercase, phrase_pattern
from papers.numbers import Grammar
from papers.problems import quoted
from papers.wording.english import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.checks.rules import MeetingDates, RuleSet
    from papers.docx.texts import PaperTexts, Piece, Table

_NUMBERS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_DIGITS = {word: str(number) for number, word in enumerate(_NUMBERS, 1)}
_COUNT = re.compile(r"(?<![\w.,/-])(\d{1,3}(?:,\d{3})+|\d+|" + "|".join(_NUMBERS) + r")\s$")
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d+(\.\d+)?%?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONTH = "|".join(MONTHS)
_DATES = (
    rf"(?P<d1>\d{{1,2}})(?: (?P<m1>{_MONTH}))?(?: (?P<y1>\d{{4}}))?(?: ?- ?(?P<d2>\d{{1,2}})(?: (?P<m2>{_MONTH}))?)?"
    r"(?: (?P<y2>\d{4}))?"
)
# After a meeting's name: "(Port Moresby, Papua New Guinea, 12-13 September 2018", "in Lima, 7 September 2016".
_HELD = rf"\)?(?: in|:|,| \()? ?(?:[A-Z][\w' .]*, ){{0,3}}{_DATES}"
_COVER_MEETING, _COVER_TITLE = "CoverMeeting", "CoverTitle"  # styles


class CoverLine(NamedTuple):
    """A line of the cover, by its style."""

    style: str
    text: str


class ListedTitle(NamedTuple):
    """The title next to a paper's number in a table."""

    number: str
    title: str
    where: str


class TableNumber(NamedTuple):
    """A number of an indicator in a table; `year` is "" where the table is not by year."""

    indicator: str
    year: str
    number: str


class TableTotal(NamedTuple):
    """The total of an indicator in a year, in a table of all priority areas."""

    indicator: str
    year: str
    number: str
    where: str
    label: str


class TypedNumber(NamedTuple):
    """A number before the wording of an indicator in a sentence, with the years that the sentence names."""

    indicator: str
    number: str
    years: list[str]
    words: str
    where: str
    around: Excerpt


class WrongDates(NamedTuple):
    """Dates after a meeting's name that are not within its `dates`."""

    name: str
    words: str
    dates: str
    where: str
    around: Excerpt


@dataclass
class PaperFacts:
    """The facts that one paper states.

    They depend on the paper, the rules and the program only, and are cached.
    """

    cover: list[CoverLine] = field(default_factory=list)
    listed: list[ListedTitle] = field(default_factory=list)
    stated: list[TableNumber] = field(default_factory=list)
    totals: list[TableTotal] = field(default_factory=list)
    typed: list[TypedNumber] = field(default_factory=list)
    held: list[WrongDates] = field(default_factory=list)

    def as_data(self) -> dict[str, list]:
        """Return the facts as plain data for JSON."""
        return vars(self)

    @classmethod
    def from_data(cls, data: dict[str, list]) -> PaperFacts:
        """Return facts that were written as JSON."""
        return cls(
            [CoverLine(*values) for values in data["cover"]],
            [ListedTitle(*values) for values in data["listed"]],
            [TableNumber(*values) for values in data["stated"]],
            [TableTotal(*values) for values in data["totals"]],
            [TypedNumber(*values, Excerpt(*around)) for *values, around in data["typed"]],
            [WrongDates(*values, Excerpt(*around)) for *values, around in data["held"]],
        )


@cache
def _dates_after(name: str) -> re.Pattern:
    """Return an expression for a meeting's name with dates after it."""
    return re.compile(rf"(?<!\w){re.escape(name)}{_HELD}")


class FactReader:
    """Finds the facts that a paper states."""

    def __init__(self, rules: RuleSet):
        self.grammar = Grammar.from_data(rules.numbers)
        indicators = {name: [folded(w) for w in wordings] for name, wordings in rules.indicators.items()}
        self.by_short = {wordings[0]: name for name, wordings in indicators.items()}
        self.areas = [folded(area) for area in rules.areas]
        self.title_heads = {folded(head) for head in rules.title_heads}
        units = sorted(
            ((wording, name) for name, wordings in indicators.items() for wording in wordings),
            key=lambda unit: -len(unit[0]),
        )
        self.indicator_of_group = [name for _, name in units]
        self.unit = phrase_pattern(tuple(wording for wording, _ in units))
        self.longest_words = [max(_WORD.findall(wording), key=len) for wording, _ in units]
        self.meetings: dict[
            str, list[tuple[str, MeetingDates]]
        ] = {}  # first word of a name -> names, meetings
        for meeting in (meeting for meeting in rules.meetings if meeting.start):
            for name in map(with_plain_signs, meeting.names):
                self.meetings.setdefault(_WORD.findall(name)[0], []).append((name, meeting))

    def facts(self, texts: PaperTexts) -> PaperFacts:
        """Return the facts of a paper."""
        facts, running_text = PaperFacts(), []
        for piece in texts.pieces:
            if piece.style in (_COVER_MEETING, _COVER_TITLE):
                facts.cover.append(CoverLine(piece.style, piece.text))
            elif piece.flow == "document" or piece.flow.startswith("footnote"):
                running_text.append(piece)
        facts.typed += self._typed_numbers(running_text)
        facts.held += self._wrong_dates(running_text)
        for table in texts.tables:
            self._read_table(table, facts)
        return facts

    def _typed_numbers(self, pieces: list[Piece]) -> Iterator[TypedNumber]:
        """Yield numbers before the wording of an indicator; skip pieces without a word of such a wording."""
        small = [lowercase(piece.text) for piece in pieces]
        likely = [word for word in self.longest_words if word in "\n".join(small)]
        for piece, text in zip(pieces, small, strict=True):
            if not any(word in text for word in likely):
                continue
            for match in self.unit.finditer(text):
                count = _COUNT.search(text[: match.start()])
                if count:
                    start, end = count.start(1), match.end()
                    yield TypedNumber(
                        self.indicator_of_group[match.lastindex - 1],
                        _DIGITS.get(count[1], count[1].replace(",", "")),
                        _YEAR.findall(_sentence(text, match.start())),
                        piece.text[start:end],
                        piece.where,
                        excerpt(piece.text, start, end),
                    )

    def _wrong_dates(self, pieces: list[Piece]) -> Iterator[WrongDates]:
        """Yield dates such as `SMEWG47 (Port Moresby, 12-13 September 2018)` that are not the meeting's."""
        whole = "\n".join(piece.text for piece in pieces)
        likely = (named for word in {*_WORD.findall(whole)} for named in self.meetings.get(word, ()))
        for name, meeting in sorted((n for n in likely if n[0] in whole), key=lambda named: named[0]):
            for piece in (piece for piece in pieces if name in piece.text):
                for match in _dates_after(name).finditer(piece.text):
                    days = _days(match)
                    if days and not (meeting.start <= days[0] <= days[1] <= meeting.end):
                        around = excerpt(piece.text, *match.span())
                        yield WrongDates(name, match[0], meeting.dates, piece.where, around)

    def _read_table(self, table: Table, facts: PaperFacts) -> None:
        if not table.rows or table.layout:
            return
        heads = [lowercase(head) for head in table.rows[0]]
        context = lowercase(f"{table.caption} {table.heading}")
        of_all_areas = not any(area in context for area in self.areas)
        for number, row in enumerate(table.rows[1:], 2):
            where = f"{table.where}, row {number}"
            facts.listed += self._listed_titles(row, heads, where)
            row_indicator = self._indicator_of(row[0])
            for head, cell in zip(heads[1:], row[1:], strict=False):
                indicator, value = row_indicator or self.by_short.get(head), cell.replace(",", "")
                if not (indicator and _FIGURE.fullmatch(value)):
                    continue
                year = head.partition(" (")[0] if row_indicator else ""
                facts.stated.append(TableNumber(indicator, year, value))
                if of_all_areas and row_indicator and _YEAR.match(year):
                    facts.totals.append(TableTotal(indicator, year, value, where, row[0]))

    def _indicator_of(self, label: str) -> str | None:
        """Return the indicator that is the head of a row: Berths, or with its unit, Berths (number)."""
        words = lowercase(label)
        return self.by_short.get(words) or self.by_short.get(words.rpartition(" (")[0])

    def _listed_titles(self, row: list[str], heads: list[str], where: str) -> Iterator[ListedTitle]:
        """Yield the title in a row that begins with the number of a paper."""
        if self.grammar.is_number(row[0]):
            for head, cell in zip(heads, row, strict=False):
                if head in self.title_heads and cell:
                    yield ListedTitle(row[0], cell, where)


def _sentence(text: str, at: int) -> str:
    """Return the sentence around a place in a text."""
    start = text.rfind(". ", 0, at) + 1
    end = text.find(". ", at)
    return text[start : end if end >= 0 else len(text)]


def _days(match: re.Match) -> tuple[str, str] | None:
    """Return first and last day as ISO text; None where the match is no date."""
    month, year = match["m2"] or match["m1"], match["y2"] or match["y1"]
    if not (month and year):
        return None
    try:
        last = datetime.date(int(year), MONTHS.index(month) + 1, int(match["d2"] or match["d1"]))
        first_month = MONTHS.index(match["m1"] or month) + 1
        first = datetime.date(int(match["y1"] or year), first_month, int(match["d1"]))
    except ValueError:
        return None
    return first.isoformat(), last.isoformat()


def compare(papers: dict[str, PaperFacts]) -> Iterator[tuple[str, RawFinding]]:
    """Compare the papers of one meeting (number -> facts).

    Yield each finding with the number of its paper.
    """
    yield from _compare_covers(papers)
    yield from _compare_titles(papers)
    yield from _compare_totals(papers)
    stated = [fact for facts in papers.values() for fact in facts.stated]
    for number, facts in papers.items():
        for typed in facts.typed:
            known = _numbers_in_tables(stated, typed)
            if known and typed.number not in known:
                expected = (
                    f"a number from the tables of this meeting ({', '.join(sorted(known, key=_value))})"
                )
                todo = "Name the figure instead of typing it (inputs/README.md), or correct one of them."
                yield number, _finding(typed.where, quoted(typed.words), expected, todo, typed.around)
        for held in facts.held:
            expected, todo = (
                f"{held.dates}, the dates of {held.name}",
                "Correct the dates in one of the two places.",
            )
            yield number, _finding(held.where, quoted(held.words, 100), expected, todo, held.around)


def _finding(where: str, found: str, expected: str, todo: str, around: Excerpt) -> RawFinding:
    return RawFinding("consistency", where, found, expected, todo, around)


def _value(figure: str) -> float:
    return float(figure.rstrip("%"))


def _numbers_in_tables(stated: list[TableNumber], typed: TypedNumber) -> set[str]:
    """Return the indicator's numbers in tables, of the years that the sentence names if possible."""
    of_indicator = [fact for fact in stated if fact.indicator == typed.indicator]
    named = [f for f in of_indicator if not f.year or any(year in f.year for year in typed.years)]
    by_year = any(fact.year for fact in named)
    return {fact.number for fact in (named if by_year else of_indicator)}


def _compare_covers(papers: dict[str, PaperFacts]) -> Iterator[tuple[str, RawFinding]]:
    """Compare meeting, place and dates with most covers; if as many say otherwise, with the first."""
    lines = {
        number: [line.text for line in facts.cover if line.style == _COVER_MEETING]
        for number, facts in papers.items()
    }
    with_lines = [texts for texts in lines.values() if texts]
    usual = max(with_lines, key=with_lines.count, default=[])
    for number, texts in lines.items():
        if texts and texts != usual:
            expected = f"{quoted(', '.join(usual), 160)}, as on the other covers of this meeting"
            found, around = quoted(", ".join(texts), 160), Excerpt("", texts[0], "")
            yield number, _finding("the cover", found, expected, "Correct one of them.", around)


def _compare_titles(papers: dict[str, PaperFacts]) -> Iterator[tuple[str, RawFinding]]:
    titles = {
        number: " ".join(line.text for line in facts.cover if line.style == _COVER_TITLE)
        for number, facts in papers.items()
    }
    for number, facts in papers.items():
        for listed in facts.listed:
            cover = titles.get(listed.number)
            if cover and lowercase(listed.title) != lowercase(cover):
                expected = f"{quoted(cover, 160)}, the title on the cover of {listed.number}"
                found, around = quoted(listed.title, 160), Excerpt("", listed.title, "")
                yield number, _finding(listed.where, found, expected, "Correct one of them.", around)


def _compare_totals(papers: dict[str, PaperFacts]) -> Iterator[tuple[str, RawFinding]]:
    """Compare an indicator's total of a year with that of the first paper that states it."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for number, facts in papers.items():
        for total in facts.totals:
            paper, before = first.setdefault((total.indicator, total.year), (number, total.number))
            if before != total.number and paper != number:
                found = f"{quoted(total.label)} of {total.year}: {total.number}"
                todo = "Count both until the same day (as_of), or correct one of them."
                around = Excerpt("", total.label, "")
                yield number, _finding(total.where, found, f"{before}, as in {paper}", todo, around)
