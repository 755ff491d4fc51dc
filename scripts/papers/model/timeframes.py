"""Timeframes of activities: the forms in which a cell may state them, and the years that they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.inputs.settings import NAME_IN_BRACES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from papers.inputs.settings import TimeframeForm

_MONTHS = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)"
)
_YEAR = r"[0-9]{4}"
_TO = r" ?(?:[-–—]|to|and|until) ?"
# Part of a year: Q2, first half of, June, mid.
_PART = rf"(?:q[1-4]|{_MONTHS}|(?:first|second) half(?: of)?|h[12]|(?:early|mid|late)-?)"
_PARTS = rf"{_PART}(?:{_TO}{_PART})?"
_WHEN = rf"(?:{_PARTS} ?)?"
# Forms that every forum understands; the groups first and last are the years.
_FORMS = (
    rf"{_WHEN}(?P<first>{_YEAR})",  # 2016, Q2 2016, June 2016
    rf"(?P<first>{_YEAR}) {_PARTS}",  # 2016 Q2
    rf"{_WHEN}(?P<first>{_YEAR}){_TO}{_WHEN}(?P<last>{_YEAR})",  # 2016-2017, June 2016 to March 2017
    rf"(?P<first>{_YEAR}) ?[-–/] ?(?P<short>[0-9]{{2}})",  # 2016-17
)
_OPEN = (
    rf"(?:from|since) {_WHEN}(?P<first>{_YEAR})(?: on| onwards?)?",  # from 2016 on
    rf"{_WHEN}(?P<first>{_YEAR}) onwards?",
    rf"(?:until|by|before end of|by end of) {_WHEN}(?P<last>{_YEAR})",  # until 2017
    r"ongoing|continuous|continuing|every year|annual|annually",
)
EXAMPLES = ("2016", "2016-2017", "Q2 2016", "June 2016", "from 2016 on", "until 2017", "ongoing")


@dataclass(frozen=True)
class Timeframe:
    """When an activity takes place: its years, both included, and its words in the workbook.

    `first` and `last` are None where they are not stated: without `last` it is never over. `text` is "" where
    the workbook has columns of years, so that papers word them.
    """

    text: str = ""
    first: int | None = None
    last: int | None = None


class TimeframeReader:
    """Reads timeframes in the forms of a forum and in those that every forum understands."""

    def __init__(self, forms: Iterable[TimeframeForm] = ()):
        forms = list(forms)
        self._own = [
            (re.compile(_pattern(form.text)), folded(form.first or ""), folded(form.last or ""))
            for form in forms
        ]
        self.examples = [*(form.text for form in forms), *EXAMPLES]

    def read(self, text: str) -> Timeframe | None:
        """Return the timeframe that a text states; None where it fits no form."""
        words = " ".join(folded(text).split())
        for pattern, first, last in self._own:
            if match := pattern.fullmatch(words):
                years = {name: int(value) for name, value in match.groupdict().items()}
                return Timeframe(text, years.get(first), years.get(last))
        for form in (*_FORMS, *_OPEN):
            if match := re.fullmatch(form, words):
                return _timeframe(text, match.groupdict(), is_open=form in _OPEN)
        return None


def _timeframe(text: str, found: Mapping[str, str | None], is_open: bool) -> Timeframe:
    first, last = (int(year) if (year := found.get(key)) else None for key in ("first", "last"))
    if short := found.get("short"):
        last = int(f"{str(first)[:2]}{short}")
    return Timeframe(text, first, last if is_open or last is not None else first)


def _pattern(text: str) -> str:
    """Return the pattern of a form of settings.yaml: each {name} is a year."""
    words = " ".join(folded(text).split())
    parts, seen = NAME_IN_BRACES.split(words), set[str]()
    pattern = ""
    for at, part in enumerate(parts):
        if at % 2 == 0:
            pattern += re.escape(part)
        else:
            pattern += f"(?P={part})" if part in seen else f"(?P<{part}>{_YEAR})"
            seen.add(part)
    return pattern
