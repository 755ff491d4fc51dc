"""HTML elements that escape every text, unless the text was itself returned by this module."""

from __future__ import annotations

import datetime
import html
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from papers.characters import printable
from papers.wording import english

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papers.register.facts import Register, RegisterEntry

_VOID = {"input", "link"}
_TAG_OF_MARK = {"^": "sup", "b": "strong", "i": "em"}


class Markup(str):
    """Text that is already HTML."""

    __slots__ = ()


def el(name: str, *children: str | Markup, **attributes: str | int | bool | None) -> Markup:
    """Return an element.

    In the names of attributes, `class_` stands for class and `data_x` for data-x. An attribute that is None
    or False is left out; one that is True has no value.
    """
    inner = "".join([child if isinstance(child, Markup) else escaped(child) for child in children])
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Markup(opening if name in _VOID else f"{opening}{inner}</{name}>")


@lru_cache(maxsize=4096)  # entries share most of their words
def escaped(text: str) -> Markup:
    """Return a text as HTML."""
    return Markup(html.escape(printable(text), quote=False))


def joined(children: list[Markup], separator: str = "") -> Markup:
    return Markup(separator.join(children))


@lru_cache(maxsize=4096, typed=True)  # 1 is not True
def _attribute(key: str, value: str | int | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{html.escape(printable(str(value)))}"'


def href(path: str) -> str:
    """Return the relative address of a file, given its path from the page's own folder."""
    return quote(path) if path.startswith("../") else f"./{quote(path)}"


def screen_reader_only(words: str) -> Markup:
    """Return words that are read out by screen readers and not shown."""
    return el("span", words, class_="screen-reader-only")


def format_date(date: str) -> str:
    """Return "12 September 2018" for "2018-09-12", and "" for ""."""
    return english.date(datetime.date.fromisoformat(date)) if date else ""


def time_element(date: str) -> Markup:
    """Return a <time> element for a date like 2018-09-12."""
    return el("time", format_date(date), datetime=date)


def count(number: int, noun: str) -> str:
    """Return "1 paper", "33 papers", "1,000 papers"."""
    return f"{number:,} {noun if number == 1 else english.plural(noun)}"


def extent(papers: int, starts: Sequence[str]) -> str:
    """Return "33 papers of 10 meetings, 2016 to 2020", given the first days of the meetings, "" if unknown."""
    years = sorted({start[:4] for start in starts if start})
    span = f", {years[0]}" + (f" to {years[-1]}" if years[-1] != years[0] else "") if years else ""
    return f"{count(papers, 'paper')} of {count(len(starts), 'meeting')}{span}"


def runs(line: tuple[tuple[str, str], ...]) -> Markup:
    """Return runs of (text, marks) as HTML."""
    return joined([_run(words, marks) for words, marks in line])


def _run(words: str, marks: str) -> Markup:
    inner = escaped(words)
    for mark in marks:
        inner = el(_TAG_OF_MARK[mark], inner)
    return inner


def state(entry: RegisterEntry, register: Register) -> str:
    """Return the state of an entry: withdrawn, superseded, revising, issued or built.

    A paper is "revising" when it is issued and has a revision that is not issued yet.
    """
    newest = register.newest(entry)
    if entry.withdrawn:
        return "withdrawn"
    if newest is not entry and (newest.issued or not entry.issued):
        return "superseded"
    if newest is not entry:
        return "revising"
    return "issued" if entry.issued else "built"


def title_of(entry: RegisterEntry) -> Markup:
    """Return the title, isolated so that right-to-left letters in it do not reverse the text around it."""
    return el("bdi", entry.title)
