"""How things are worded: dates, ordinals, lists of economies. One home for each manner of speaking."""

from __future__ import annotations

import datetime

from papers import text
from papers.model.economies import Economy

_MONTHS = [
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
]
_ONES = [
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
]
_TENS = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]


def date(day: datetime.date) -> str:
    """8 November 2017."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def dates(start: datetime.date | None, end: datetime.date | None) -> str:
    """7-8 September 2016; 30 August-2 September 2016; "" where not known."""
    if start is None or end is None or start == end:
        day = start or end
        return date(day) if day else ""
    if start.year != end.year:
        return f"{date(start)}-{date(end)}"
    if start.month != end.month:
        return f"{start.day} {_MONTHS[start.month - 1]}-{date(end)}"
    return f"{start.day}-{date(end)}"


def ending(number: int) -> str:
    """The ending of an ordinal: st, nd, rd, th."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def spelled(number: int) -> str:
    """An ordinal in words, as a title writes it: Third, Twenty-Ninth; digits from 100 on."""
    if number < 20:
        return _ONES[number - 1]
    if number >= 100:
        return f"{number}{ending(number)}"
    tens, ones = divmod(number, 10)
    if ones:
        return f"{_TENS[tens - 2]}-{_ONES[ones - 1]}"
    return f"{_TENS[tens - 2][:-1]}ieth"


def numbered(number: int | None, name: str, manner: str) -> dict:
    """A meeting's name with its ordinal, as a line; `manner`: raised, spelled or none."""
    if number is None or manner == "none":
        return text.line(name)
    if manner == "spelled":
        return text.line(f"{spelled(number)} {name}")
    return text.line(str(number), [ending(number), "^"], f" {name}")


def place(city: str, economy: Economy | None) -> str:
    """City, Economy; short name without article; "" for a virtual meeting."""
    return ", ".join(word for word in (city, economy.name if economy else "") if word)


def economies(those: tuple[Economy, ...]) -> str:
    """A table's entry: a single name without article, several with; semicolons where a name holds a comma."""
    if len(those) == 1:
        return those[0].name
    between = "; " if any("," in economy.name for economy in those) else ", "
    return between.join(economy.with_article for economy in those)


def years(first: int, last: int) -> str:
    """2016 - 2017; a single year alone."""
    return str(first) if first == last else f"{first} - {last}"


_DIGITS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def number(amount: int) -> str:
    """A number before a noun: "no", "one" to "nine", then digits, with commas from 1,000 on."""
    return _DIGITS[amount] if 0 <= amount < 10 else f"{amount:,}"


def plural(noun: str) -> str:
    """activities, economies, returns, workshops; regular nouns only."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def count(amount: int, noun: str) -> str:
    """no activity; one activity; 14 activities."""
    return f"{number(amount)} {noun if amount in (0, 1) else plural(noun)}"


def listed(words: list[str]) -> str:
    """a; a and b; a, b and c; with semicolons where a word holds a comma."""
    between = "; " if any("," in word for word in words) else ", "
    return " and ".join(part for part in (between.join(words[:-1]), words[-1] if words else "") if part)
