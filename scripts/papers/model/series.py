"""The series of numbers that a meeting's papers have, from what its file states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.number_patterns import NumberError
from papers.problems import did_you_mean, quoted

if TYPE_CHECKING:
    from papers.inputs.schemas import MeetingFile, PaperEntry
    from papers.inputs.yaml import Document
    from papers.numbers import Grammar, Series
    from papers.problems import Problems

_SINGLE = ("number_prefix", "folder", "file_prefix")


def read_series(document: Document[MeetingFile], grammar: Grammar, problems: Problems) -> list[Series]:
    """Return the series of a meeting, usually one; [] and a problem with its line where one is wrong."""
    form = document.form
    if form.series:
        return _several(document, grammar, problems)
    prefix = form.number_prefix or _default_prefix(form, grammar)
    if prefix is None:
        found, expected = "neither start nor number_prefix", "one of them, as numbers begin with the year"
        todo = "Add the dates of the meeting, or the line number_prefix."
        problems.add(document.place("papers"), "no-year", found, expected, todo)
        return []
    key = next((key for key in _SINGLE if getattr(form, key)), "code")
    series = _series(document, (key,), (prefix, form.folder, form.file_prefix), grammar, problems)
    return [series] if series else []


def series_of(
    entry: PaperEntry,
    index: int,
    all_series: list[Series],
    document: Document[MeetingFile],
    problems: Problems,
) -> Series | None:
    """Return the series in which a paper without a number gets one: that in its entry, else the first.

    None and a problem where the entry names another series.
    """
    if entry.series is None:
        return all_series[0]
    known = [series.prefix for series in all_series]
    if entry.series in known:
        return all_series[known.index(entry.series)]
    place, expected = document.place("papers", index, "series"), f"one of {', '.join(known)}"
    todo = did_you_mean(entry.series, known, "Correct it, or add it to series in this file.")
    problems.add(place, "unknown-series", quoted(entry.series), expected, todo)
    return None


def _several(document: Document[MeetingFile], grammar: Grammar, problems: Problems) -> list[Series]:
    form, before = document.form, len(problems.found)
    for key in _SINGLE:
        if getattr(form, key) is not None:
            found, expected = f"{key} together with series", f"{key} in each of the series, or no series"
            problems.add(document.place(key), "said-twice", found, expected, "Move it there, or delete it.")
    found_series: dict[str, Series] = {}
    for at, stated in enumerate(form.series):
        keys, values = ("series", at, "prefix"), (stated.prefix, stated.folder, stated.file_prefix)
        series = _series(document, keys, values, grammar, problems)
        if series and series.prefix in found_series:
            place = document.place(*keys)
            found, expected = f"the series {series.prefix} again", "each series once"
            problems.add(place, "doubled-series", found, expected, "Delete one of them.")
        if series:
            found_series.setdefault(series.prefix, series)
    return [*found_series.values()] if len(problems.found) == before else []


def _default_prefix(form: MeetingFile, grammar: Grammar) -> str | None:
    """Return the prefix by the organisation's rule; None where the meeting has no date for its year."""
    if form.start is None:
        return None
    year = str(form.start.year)
    ordinal = str(form.ordinal or "")
    return grammar.default_series({"year": year, "yy": year[2:], "code": form.code, "ordinal": ordinal})


def _series(
    document: Document[MeetingFile],
    keys: tuple[str | int, ...],
    values: tuple[str, str | None, str | None],
    grammar: Grammar,
    problems: Problems,
) -> Series | None:
    try:
        return grammar.series(*values)
    except NumberError as error:
        todo = f"{error.why[:1].upper()}{error.why[1:]}."
        todo += " Correct it, or state number_prefix in this file." if keys == ("code",) else ""
        problems.add(document.place(*keys), "number", error.found, error.expected, todo)
        return None
