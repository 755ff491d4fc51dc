"""Dates that somebody typed as text: which have one meaning only, and what is wrong with the others."""

from __future__ import annotations

import datetime
import re

from papers.problems import quoted

TYPE_DATE = "Format the cell as Date and type it again, such as 2018-08-29."
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_BY_NAME = {name[:3].lower(): at for at, name in enumerate(MONTHS, 1)}
_BY_NAME |= {name.lower(): at for at, name in enumerate(MONTHS, 1)} | {"sept": 9}
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY, _MONTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?", r"(?P<month>[a-z]+)\.?"
_IN_WORDS = (
    re.compile(rf"{_DAY}[ -]{_MONTH},?[ -](?P<year>[0-9]{{4}})"),  # 12 September 2018
    re.compile(rf"{_MONTH} {_DAY},? (?P<year>[0-9]{{4}})"),  # September 12, 2018
)
_IN_NUMBERS = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_FIRST, _LAST = datetime.date(1989, 1, 1), datetime.date(2100, 12, 31)  # as for years


def date_in_words(text: str) -> datetime.date | None:
    """Return the day of a text such as 2017-05-05 or 5 May 2017; None where it is none, or might be several."""
    parts = _parts(text)
    try:
        day = datetime.date(*parts) if parts else None
    except ValueError:
        return None
    return day if day and _FIRST <= day <= _LAST else None


def _parts(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day as they are typed, whether or not there is such a day."""
    text = " ".join(text.split()).lower()
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    for form in _IN_WORDS:
        if (match := form.fullmatch(text)) and match["month"] in _BY_NAME:
            return int(match["year"]), _BY_NAME[match["month"]], int(match["day"])
    return None


def wrong_date(text: str) -> tuple[str, str]:
    """Return what is wrong with a text in place of a date, and what to do."""
    shown, parts = quoted(text), _parts(text)
    if parts:
        return f"{shown}, {_why_no_day(*parts)}", TYPE_DATE
    if match := _IN_NUMBERS.fullmatch(text.strip()):
        return _in_numbers(shown, int(match[4]), int(match[1]), int(match[3]))
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?", text.strip()):
        return f"{shown}, a number that is typed as text", TYPE_DATE
    return shown, TYPE_DATE


def _why_no_day(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return f"which has no month ({month})"
    if not _FIRST.year <= year <= _LAST.year:
        return f"whose year is not between {_FIRST.year} and {_LAST.year}"
    return f"a day that {MONTHS[month - 1]} {year} does not have"


def _in_numbers(shown: str, year: int, first: int, second: int) -> tuple[str, str]:
    """Describe a date such as 03/04/2017, in which the month may be the first or the second number."""
    days = []
    for month, day in ((second, first), (first, second)):
        try:
            days.append(datetime.date(year, month, day))
        except ValueError:
            continue
    days = [*dict.fromkeys(days)]
    if len(days) == 2:
        found = f"{shown}, which may be {_in_english(days[0])} or {_in_english(days[1])}"
        return found, f"Type {days[0]} or {days[1]}."
    return (shown, f"Type {days[0]}.") if days else (f"{shown}, which is no day", TYPE_DATE)


def _in_english(day: datetime.date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"
