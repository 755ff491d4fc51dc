"""The same fact told differently in two papers of one meeting: a total, a date, a name.

Only what a paper says in a form that leaves no doubt is compared, so that a finding is one:
  - the meeting's name, place and dates on the covers;
  - the title of a paper on its cover, and beside its number in a table (agenda, classification list);
  - the total of an indicator in a year, in tables of indicators by year;
  - a number typed before the words for an indicator, against all that the meeting's tables say of that indicator;
  - the dates of a meeting behind its name or code, against those of its file.
"""

from __future__ import annotations

import datetime
import re
from functools import cache
from typing import TYPE_CHECKING

from papers.checks.words import RawFinding, lowercase, phrase_pattern, raw_finding
from papers.docx.texts import PaperTexts, Piece, Table, comparable
from papers.numbers import is_number
from papers.problems import quoted
from papers.wording.english import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_VALUE = {word: str(number) for number, word in enumerate(_NUMBERS, 1)}
_COUNT = r"(?<![\w.,/-])(\d{1,3}(?:,\d{3})+|\d+|" + "|".join(_NUMBERS) + r")\s"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONTH = "|".join(MONTHS)
_DATES = (
    rf"(?P<d1>\d{{1,2}})(?: (?P<m1>{_MONTH}))?(?: (?P<y1>\d{{4}}))?(?: ?- ?(?P<d2>\d{{1,2}})(?: (?P<m2>{_MONTH}))?)?"
    r"(?: (?P<y2>\d{4}))?"
)
# Behind a meeting's name: "(Port Moresby, Papua New Guinea, 12-13 September 2018", "in Lima, 7 September 2016".
_WORD = re.compile(r"\w+")
_HELD = rf"\)?(?: in|:|,| \()? ?(?:[A-Z][\w' .]*, ){{0,3}}{_DATES}"
PaperFacts = dict[str, list]


@cache
def _dated(name: str) -> re.Pattern:
    """A meeting's name, and a date behind it."""
    return re.compile(rf"(?<!\w){re.escape(name)}{_HELD}")


def empty_facts() -> PaperFacts:
    """The facts of a paper that says nothing."""
    return {sort: [] for sort in ("cover", "listed", "stated", "totals", "typed", "held")}


class FactReader:
    """Finds the facts in a paper: lists that JSON can carry, to be kept until the paper changes."""

    def __init__(self, rules: dict):
        self.indicators = {
            name: [lowercase(comparable(w)) for w in words] for name, words in rules["indicators"].items()
        }
        self.by_short = {words[0]: name for name, words in self.indicators.items()}
        self.areas = [lowercase(comparable(area)) for area in rules["areas"]]
        self.titles = {lowercase(comparable(title)) for title in rules["title_heads"]}
        units = sorted(
            ((w, n) for n, words in self.indicators.items() for w in words), key=lambda p: -len(p[0])
        )
        self.units = [name for _, name in units]
        self.unit = phrase_pattern(tuple(words for words, _ in units))
        self.signs = [max(re.findall(r"\w+", words), key=len) for words, _ in units]  # one word of each
        self.count = re.compile(_COUNT + "$")
        self.meetings: dict[
            str, list[tuple[str, dict]]
        ] = {}  # names and meetings, by the first word of the name
        for meeting in (meeting for meeting in rules["meetings"] if meeting["start"]):
            for name in map(comparable, meeting["names"]):
                self.meetings.setdefault(_WORD.findall(name)[0], []).append((name, meeting))

    def facts(self, texts: PaperTexts) -> PaperFacts:
        facts, told = empty_facts(), []
        for piece in texts.pieces:
            if piece.style in ("CoverMeeting", "CoverTitle"):
                facts["cover"].append([piece.style, piece.text])
            elif piece.flow == "document" or piece.flow.startswith("footnote"):
                told.append(piece)
        self._typed(told, facts)
        self._held(told, facts)
        for table in texts.tables:
            self._table(table, facts)
        return facts

    def _typed(self, pieces: list[Piece], facts: PaperFacts) -> None:
        """Numbers before the name of an indicator; a paper that has no such name is not looked through."""
        small = [lowercase(piece.text) for piece in pieces]
        signs = [sign for sign in self.signs if sign in "\n".join(small)]
        for piece, words in zip(pieces, small, strict=True):
            for match in self.unit.finditer(words) if any(sign in words for sign in signs) else ():
                before = self.count.search(words[: match.start()])
                if before:
                    number = _VALUE.get(before[1], before[1].replace(",", ""))
                    years = _YEAR.findall(_sentence(words, match.start()))
                    said = piece.text[before.start(1) : match.end()]
                    around = _around(piece.text, before.start(1), match.end())
                    name = self.units[match.lastindex - 1]
                    facts["typed"].append([name, number, years, said, piece.where, around])

    def _held(self, pieces: list[Piece], facts: PaperFacts) -> None:
        """`SMEWG47 (Port Moresby, Papua New Guinea, 12-13 September 2018)`, also with commas."""
        whole = "\n".join(piece.text for piece in pieces)
        known = (one for word in {*_WORD.findall(whole)} for one in self.meetings.get(word, ()))
        for name, meeting in sorted((one for one in known if one[0] in whole), key=lambda one: one[0]):
            expression = _dated(name)
            for piece in pieces:
                for match in expression.finditer(piece.text) if name in piece.text else ():
                    days = _days(match)
                    if days and not (meeting["start"] <= days[0] <= days[1] <= meeting["end"]):
                        said, around = match[0], _around(piece.text, *match.span())
                        facts["held"].append([name, said, meeting["dates"], piece.where, around])

    def _table(self, table: Table, facts: PaperFacts) -> None:
        if not table.rows or table.layout:
            return
        heads = [lowercase(head) for head in table.rows[0]]
        about = lowercase(f"{table.caption} {table.heading}")
        by_year = not any(area in about for area in self.areas)
        for number, row in enumerate(table.rows[1:], 2):
            where = f"{table.where}, row {number}"
            self._listed(row, heads, where, facts)
            name = self.by_short.get(lowercase(row[0]))
            for head, cell in zip(heads[1:], row[1:], strict=False):
                indicator, value = name or self.by_short.get(head), cell.replace(",", "")
                if not (indicator and value.isdecimal()):
                    continue
                year = head.partition(" (")[0] if name else ""
                facts["stated"].append([indicator, year, value])
                if by_year and name and _YEAR.match(year):
                    facts["totals"].append([indicator, year, value, where, row[0]])

    def _listed(self, row: list[str], heads: list[str], where: str, facts: PaperFacts) -> None:
        """The title that a table gives beside the number of a paper."""
        if is_number(row[0]):
            for head, cell in zip(heads, row, strict=False):
                if head in self.titles and cell:
                    facts["listed"].append([row[0], cell, where])


def _around(text: str, start: int, end: int) -> list[str]:
    return [text[max(0, start - 40) : start], text[start:end], text[end : end + 40]]


def _sentence(words: str, at: int) -> str:
    start = words.rfind(". ", 0, at) + 1
    end = words.find(". ", at)
    return words[start : end if end >= 0 else len(words)]


def _days(match: re.Match) -> tuple[str, str] | None:
    """First and last day as ISO text; None where it is no date."""
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


def compare(papers: list[tuple[dict, PaperFacts]]) -> Iterator[tuple[dict, RawFinding]]:
    """The findings in the papers (as the manifest names them) of one meeting, each with its paper."""
    yield from _covers(papers)
    yield from _titles(papers)
    yield from _totals(papers)
    stated = [fact for _, facts in papers for fact in facts["stated"]]
    for paper, facts in papers:
        for indicator, number, years, said, where, around in facts["typed"]:
            known = _known(stated, indicator, years)
            if known and number not in known:
                expected = (
                    f"a number that the tables of this meeting give ({', '.join(sorted(known, key=int))})"
                )
                todo = "Name the figure instead of typing it (inputs/README.md), or correct one of them."
                yield paper, _raw(where, quoted(said), expected, todo, around)
        for name, said, dates, where, around in facts["held"]:
            todo = "Correct the date here, or in the file of the meeting."
            yield paper, _raw(where, quoted(said, 100), f"{dates}, the dates of {name}", todo, around)


def _raw(where: str, found: str, expected: str, todo: str, around: list[str]) -> RawFinding:
    return {**raw_finding("consistency", Piece("", where, ""), found, expected, todo), "around": around}


def _known(stated: list, indicator: str, years: list[str]) -> set[str]:
    """The numbers that tables give for an indicator: of the years that the sentence names, if they are told by year."""
    of = [(year, number) for name, year, number in stated if name == indicator]
    named = {number for year, number in of if not year or any(one in year for one in years)}
    by_year = any(year and any(one in year for one in years) for year, _ in of)
    return named if years and by_year else {number for _, number in of}


def _covers(papers: list[tuple[dict, PaperFacts]]) -> Iterator[tuple[dict, RawFinding]]:
    """Meeting, place and dates as on the cover of most papers; of equally many, as on the first."""
    said = [(p, [text for style, text in f["cover"] if style == "CoverMeeting"]) for p, f in papers]
    those = [lines for _, lines in said if lines]
    usual = max(those, key=those.count, default=[])
    for paper, lines in said:
        if lines and lines != usual:
            expected = f"{quoted(', '.join(usual), 160)}, as the other covers of this meeting say"
            todo, found = "Correct one of them.", quoted(", ".join(lines), 160)
            yield paper, _raw("the cover", found, expected, todo, ["", lines[0], ""])


def _titles(papers: list[tuple[dict, PaperFacts]]) -> Iterator[tuple[dict, RawFinding]]:
    titles = {p["number"]: " ".join(t for style, t in f["cover"] if style == "CoverTitle") for p, f in papers}
    for paper, facts in papers:
        for number, title, where in facts["listed"]:
            cover = titles.get(number)
            if cover and lowercase(title) != lowercase(cover):
                expected = f"{quoted(cover, 160)}, the title on the cover of {number}"
                todo, found = "Correct one of them.", quoted(title, 160)
                yield paper, _raw(where, found, expected, todo, ["", title, ""])


def _totals(papers: list[tuple[dict, PaperFacts]]) -> Iterator[tuple[dict, RawFinding]]:
    """An indicator's total of a year, against the first paper that gives it."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for paper, facts in papers:
        for indicator, year, value, where, label in facts["totals"]:
            number, before = first.setdefault((indicator, year), (paper["number"], value))
            if before != value and number != paper["number"]:
                found = f"{quoted(label)} of {year}: {value}"
                expected = f"{before}, as {number} says"
                todo = "Count both until the same day (as_of), or correct one of them."
                yield paper, _raw(where, found, expected, todo, ["", label, ""])
