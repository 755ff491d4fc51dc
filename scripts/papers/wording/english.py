"""How papers write dates, ordinals, lists of economies, numbers, shares and changes.

The functions that word a `Figure` mark the words with it, see figure_markers.py.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from papers import richtext
from papers.inputs.dates import MONTHS
from papers.model.figures import Amount, Derived, Figure
from papers.problems import plural
from papers.wording.figure_markers import marked

if TYPE_CHECKING:
    import datetime

    from papers.model.economies import Economy
    from papers.model.schedule import Activity

_ORDINALS = [
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
NUMBER_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
NOT_REPORTED = "not reported"

# Dates and years


def date(day: datetime.date) -> str:
    """8 November 2017."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def date_within(day: datetime.date, year: int) -> str:
    """4 September, in a sentence that names its year; 4 September 2019 if it is in another one."""
    return date(day).removesuffix(f" {year}")


def edition(name: str) -> str:
    """2021, or June 2021: the name of an edition in words."""
    year, _, month = name.partition("-")
    return f"{MONTHS[int(month) - 1]} {year}" if month else year


def dates(start: datetime.date | None, end: datetime.date | None) -> str:
    """7-8 September 2016; 30 August-2 September 2016; "" where neither day is known."""
    if start is None or end is None or start == end:
        day = start or end
        return date(day) if day else ""
    if start.year != end.year:
        return f"{date(start)}-{date(end)}"
    if start.month != end.month:
        return f"{start.day} {MONTHS[start.month - 1]}-{date(end)}"
    return f"{start.day}-{date(end)}"


def years(first: int, last: int) -> str:
    """2016-2017; 2016 where both are the same."""
    return str(first) if first == last else f"{first}-{last}"


# Meetings


def ordinal_suffix(number: int) -> str:
    """st, nd, rd or th."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def ordinal_words(number: int) -> str:
    """Third, Twenty-Ninth, as in a title; with digits from 100 on: 122nd."""
    if number < 20:
        return _ORDINALS[number - 1]
    if number >= 100:
        return f"{number}{ordinal_suffix(number)}"
    tens, ones = divmod(number, 10)
    if ones:
        return f"{_TENS[tens - 2]}-{_ORDINALS[ones - 1]}"
    return f"{_TENS[tens - 2][:-1]}ieth"


def numbered(ordinal: int | None, name: str, style: str) -> richtext.LineData:
    """Return a meeting's name with its ordinal as a line.

    `style` is raised (47th), spelled (Forty-Seventh) or none.
    """
    if ordinal is None or style == "none":
        return richtext.line(name)
    if style == "spelled":
        return richtext.line(f"{ordinal_words(ordinal)} {name}")
    return richtext.line(str(ordinal), [ordinal_suffix(ordinal), "^"], f" {name}")


def place(city: str, economy: Economy | None) -> str:
    """Lima, Peru; with the economy's name without article; "" for a virtual meeting."""
    return ", ".join(word for word in (city, economy.name if economy else "") if word)


# Lists


def listed(words: list[str]) -> str:
    """a; a and b; a, b and c; "a, b; c; and d" where one of them contains a comma."""
    if len(words) > 1 and any("," in word for word in words):
        return "; ".join([*words[:-1], f"and {words[-1]}"])
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)


def economies_in_cell(economies: tuple[Economy, ...]) -> str:
    """Peru, the Philippines; a single name without article; semicolons where a name contains a comma."""
    if len(economies) == 1:
        return economies[0].name
    separator = "; " if any("," in economy.name for economy in economies) else ", "
    return separator.join(economy.with_article for economy in economies)


def proponents_in_cell(activity: Activity) -> str:
    """Peru, the Philippines, Secretariat: the economies that propose an activity, then the other bodies."""
    if not activity.bodies:
        return economies_in_cell(activity.proponents)
    names = [economy.with_article for economy in activity.proponents]
    if len(names) == 1:
        names = [activity.proponents[0].name]
    names += activity.bodies
    return ("; " if any("," in name for name in names) else ", ").join(names)


def timeframe(activity: Activity) -> str:
    """2016-2017, or the words of the workbook: from 2016 on; "" where neither is stated."""
    when = activity.timeframe
    if when.text or when.first is None or when.last is None:
        return when.text
    return years(when.first, when.last)


def economies_in_text(economies: tuple[Economy, ...]) -> str:
    """Peru, the Philippines and Viet Nam, in APEC order; "China; Hong Kong, China; and Japan"."""
    names = [economy.with_article for economy in sorted(economies)]
    if len(names) < 2:
        return "".join(names)
    if any("," in name for name in names):
        return "; ".join([*names[:-1], f"and {names[-1]}"])
    return f"{', '.join(names[:-1])} and {names[-1]}"


# Figures


def number(amount: Figure) -> str:
    """A reported figure before a noun: no, one to nine, then digits: 14, 1,204."""
    value = _reported(amount)
    if isinstance(value, int) and 0 <= value < 10:
        return marked(NUMBER_WORDS[value], amount)
    return marked(rounded(value), amount)


def alone(amount: Figure) -> str:
    """A reported figure without a noun after it: none, one to nine, then digits."""
    return number(amount) if amount.value else marked("none", amount)


def count(amount: Figure, noun: str, several: str = "") -> str:
    """no activity; one activity; 14 activities. `several` is the plural of a noun that is not regular."""
    return f"{number(amount)} {noun if amount.value in (0, 1) else several or plural(noun)}"


def agree(amount: Figure, singular: str, plural: str) -> str:
    """Return the form of a verb that agrees with `count`: the singular for none and for one."""
    return plural if _reported(amount) > 1 else singular


def figure(value: Figure) -> str:
    """A figure in a table: 14; 1,204; 12.5; 45.5%; 0 where that was reported; "not reported" where nobody reported."""
    if value.value is None:
        return marked(NOT_REPORTED, value)
    return marked(rounded(value.value) + ("%" if value.unit == "%" else ""), value)


def with_unit(value: Figure) -> str:
    """A figure with its unit: 28 berths; 45.5%; "not reported" without a unit."""
    unit = f" {value.unit}" if value.reported and value.unit not in ("", "%") else ""
    return f"{figure(value)}{unit}"


def rounded(value: Amount) -> str:
    """1,204; 12.5: with one decimal where it is not whole; halves of a tenth are rounded up."""
    if isinstance(value, int):
        return f"{value:,}"
    tenths = _rounded(value * 10)
    return f"{tenths // 10:,}" if tenths % 10 == 0 else f"{tenths // 10:,}.{tenths % 10}"


def difference(larger: Figure, smaller: Figure, what: str) -> str:
    """12; 12.5; 4.5 percentage points; "less than 0.1" where it would be rounded to 0.

    `what` names the difference.
    """
    value = _reported(larger) - _reported(smaller)
    words = rounded(value) if not 0 < value < Fraction(1, 20) else "less than 0.1"
    points = " percentage points" if larger.unit == "%" else ""
    return f"{marked(words, Derived('difference', (larger, smaller), what))}{points}"


def percent(part: Figure, whole: Figure, what: str = "") -> str:
    """57.1%; 50%; halves of a tenth are rounded up; "not applicable" where the whole is 0.

    `what` names the share.
    """
    if not whole.value:
        return "not applicable"
    return marked(_percent(_reported(part), whole.value), Derived("share", (part, whole), what))


def change(before: Figure, now: Figure, year_before: int | None = None, year: int | None = None) -> str:
    """up from 12 to 14 (+16.7%); down from 5 to 4 (-20%); unchanged at 3; not reported for 2017.

    There is no change from or to a figure that nobody reported, and no percentage of 0. The change of a
    percentage is in percentage points.
    """
    both = [(before, year_before, "before"), (now, year, "now")]
    missing = [(value, when, word) for value, when, word in both if not value.reported]
    if missing:
        total = Figure.sum(value for value, _, _ in missing).called(missing[0][0].what)
        when_missing = " and ".join(f"for {when}" if when else word for _, when, word in missing)
        return f"{marked(NOT_REPORTED, total)} {when_missing}"
    old, new = _reported(before), _reported(now)
    if old == new:
        return f"unchanged at {figure(now)}"
    up = new > old
    words = f"{'up' if up else 'down'} from {figure(before)} to {figure(now)}"
    if now.unit == "%":
        larger, smaller = (now, before) if up else (before, now)
        return f"{words} ({'+' if up else '-'}{difference(larger, smaller, f'change of {now.what}')})"
    if not old:
        return words
    share = f"{'+' if up else '-'}{_percent(new - old if up else old - new, old)}"
    return f"{words} ({marked(share, Derived('change', (before, now), now.what))})"


def _reported(amount: Figure) -> Amount:
    """Return the value of a figure that somebody reported."""
    if amount.value is None:
        raise AssertionError(f"not reported: {amount.what}; sentences name reported figures only")
    return amount.value


def _percent(part: Amount, whole: Amount) -> str:
    return f"{rounded(Fraction(part * 100) / whole)}%"


def _rounded(value: Amount) -> int:
    """Round to a whole number, halves up. Exact: binary fractions would round some halves down."""
    return int(value + Fraction(1, 2))
