"""How things are worded: dates, ordinals, lists of economies. One home for each manner of speaking."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Derived, Figure
from papers.problems import plural
from papers.wording.figure_markers import capitalised, marked

if TYPE_CHECKING:
    import datetime

    from papers.model.economies import Economy


MONTHS = [
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
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def dates(start: datetime.date | None, end: datetime.date | None) -> str:
    """7-8 September 2016; 30 August-2 September 2016; "" where not known."""
    if start is None or end is None or start == end:
        day = start or end
        return date(day) if day else ""
    if start.year != end.year:
        return f"{date(start)}-{date(end)}"
    if start.month != end.month:
        return f"{start.day} {MONTHS[start.month - 1]}-{date(end)}"
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
        return richtext.line(name)
    if manner == "spelled":
        return richtext.line(f"{spelled(number)} {name}")
    return richtext.line(str(number), [ending(number), "^"], f" {name}")


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


def number(amount: Figure) -> str:
    """A number before a noun: "no", "one" to "nine", then digits, with commas from 1,000 on."""
    words = _DIGITS[amount.value] if 0 <= amount.value < 10 else f"{amount.value:,}"
    return marked(words, amount)


def count(amount: Figure, noun: str) -> str:
    """no activity; one activity; 14 activities."""
    return f"{number(amount)} {noun if amount.value in (0, 1) else plural(noun)}"


def listed(words: list[str]) -> str:
    """a; a and b; a, b and c; with semicolons where a word holds a comma."""
    between = "; " if any("," in word for word in words) else ", "
    return " and ".join(part for part in (between.join(words[:-1]), words[-1] if words else "") if part)


def sentence(words: str) -> str:
    """With a capital at the beginning."""
    return capitalised(words)


NOT_REPORTED = "not reported"


def figure(value: Figure) -> str:
    """14; 1,204; 0 where that was reported; "not reported" where nobody said anything."""
    return marked(f"{value.value:,}" if value.reported else NOT_REPORTED, value)


def percent(part: Figure, whole: Figure, what: str = "") -> str:
    """57.1%, 50%, 100%; halves of a tenth go up; "not applicable" of nothing."""
    if not whole.value:
        return "not applicable"
    return marked(_percent(part.value, whole.value), Derived("share", (part, whole), what))


def _percent(part: int, whole: int) -> str:
    tenths = _rounded(Fraction(part * 1000, whole))
    return f"{tenths // 10:,}%" if tenths % 10 == 0 else f"{tenths // 10:,}.{tenths % 10}%"


def _rounded(value: Fraction) -> int:
    """The nearest whole number; a half goes up. Never through binary fractions, which round by chance."""
    return int(value + Fraction(1, 2))


def change(before: Figure, now: Figure, year_before: int | None = None, year: int | None = None) -> str:
    """up from 12 to 14 (+16.7%); down from 5 to 4 (-20%); unchanged at 3; not reported for 2017.

    From or to a figure that nobody reported there is no change to tell, nor a percentage of nothing.
    """
    missing = [(before, year_before, "before"), (now, year, "now")]
    missing = [(value, when, word) for value, when, word in missing if not value.reported]
    if missing:
        words = marked(NOT_REPORTED, Figure.sum(value for value, _, _ in missing).called(missing[0][0].what))
        return f"{words} {' and '.join(f'for {when}' if when else word for _, when, word in missing)}"
    if before.value == now.value:
        return f"unchanged at {figure(now)}"
    up = now.value > before.value
    words = f"{'up' if up else 'down'} from {figure(before)} to {figure(now)}"
    if not before.value:
        return words
    share = f"{'+' if up else '-'}{_percent(abs(now.value - before.value), before.value)}"
    return f"{words} ({marked(share, Derived('change', (before, now), now.what))})"


def economies_in_text(those: tuple[Economy, ...]) -> str:
    """Peru, the Philippines and Viet Nam, in APEC order; "China; Hong Kong, China; and Japan"; "" of none."""
    names = [economy.with_article for economy in sorted(those)]
    if len(names) < 2:
        return "".join(names)
    if any("," in name for name in names):
        return "; ".join([*names[:-1], f"and {names[-1]}"])
    return f"{', '.join(names[:-1])} and {names[-1]}"
