"""What people write for a date or a list, where it can mean one thing only."""

from __future__ import annotations

import datetime
import re

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NUMBER_OF = {name.lower(): at for at, name in enumerate(_MONTHS, 1)}
_NUMBER_OF |= {name[:3].lower(): at for at, name in enumerate(_MONTHS, 1)} | {"sept": 9}
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_MONTH, _YEAR = r"(?P<month>[A-Za-z]{3,9})\.?", r"(?P<year>[12][0-9]{3})"
_FORMS = (
    re.compile(rf"{_DAY}[ -]{_MONTH},?[ -]{_YEAR}"),  # 12 September 2018
    re.compile(rf"{_MONTH} {_DAY},? {_YEAR}"),  # September 12, 2018
)


def written_date(text: str) -> datetime.date | None:
    """Return a date that is written with the name of its month, or year first; None for any other text.

    In 03/04/2017 the month may be either number, so that it is none.
    """
    text = " ".join(text.split())
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return _date_of(*map(int, text.split("-")))
    for form in _FORMS:
        if (found := form.fullmatch(text)) and (month := _NUMBER_OF.get(found["month"].lower())):
            return _date_of(int(found["year"]), month, int(found["day"]))
    return None


def _date_of(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def written_list(text: str) -> list[str] | None:
    """Return a single text as the list that it stands for; None where it may be several.

    A comma, a semicolon or the word "and" may stand between two entries or be part of one.
    """
    several = re.search(r"[,;\n]|\band\b", text) or not text.strip()
    return None if several else [text.strip()]
