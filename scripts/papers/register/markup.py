"""Elements of HTML that cannot be written unescaped: every text is escaped unless an element made it."""

from __future__ import annotations

import datetime
import html
from typing import TYPE_CHECKING
from urllib.parse import quote

from papers.characters import printable
from papers.wording import english

if TYPE_CHECKING:
    from papers.register.facts import Register, RegisterEntry

_VOID = {"input", "link"}


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def el(name: str, *children: str | Markup, **attributes: str | int | bool | None) -> Markup:
    """An element. Of an attribute's name, `class_` is class and `data_x` is data-x; None and False leave it out."""
    inner = "".join([child if isinstance(child, Markup) else escaped(child) for child in children])
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Markup(opening if name in _VOID else f"{opening}{inner}</{name}>")


def escaped(text: str) -> Markup:
    """A text as HTML."""
    return Markup(html.escape(printable(text), quote=False))


def joined(children: list[Markup], between: str = "") -> Markup:
    return Markup(between.join(children))


def _attribute(key: str, value: str | int | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{html.escape(printable(str(value)))}"'


def href(place: str) -> str:
    """The address of a file by its place below the page's own folder; never anything but a relative path."""
    return f"./{quote(place)}"


def screen_reader_only(words: str) -> Markup:
    """Words for those who hear the page, where others see from the place what is meant."""
    return el("span", words, class_="heard")


_MARKS = {"^": "sup", "b": "strong", "i": "em"}


def day(date: str) -> str:
    """12 September 2018, from 2018-09-12; "" of ""."""
    return english.date(datetime.date.fromisoformat(date)) if date else ""


def when(date: str) -> Markup:
    """A day as people read it and programs find it."""
    return el("time", day(date), datetime=date)


def count(number: int, noun: str) -> str:
    """1 paper, 33 papers, 1,000 papers."""
    return f"{number:,} {noun if number == 1 else english.plural(noun)}"


def runs(line: tuple[tuple[str, str], ...]) -> Markup:
    """Runs of [text, marks] as HTML."""
    return joined([_run(words, marks) for words, marks in line])


def _run(words: str, marks: str) -> Markup:
    inner = escaped(words)
    for mark in marks:
        inner = el(_MARKS[mark], inner)
    return inner


def state(entry: RegisterEntry, index: Register) -> str:
    """withdrawn, superseded, revising (an issued paper whose revision is not issued yet), issued, or built."""
    newest = index.newest(entry)
    if entry.withdrawn:
        return "withdrawn"
    if newest is not entry and (newest.issued or not entry.issued):
        return "superseded"
    if newest is not entry:
        return "revising"
    return "issued" if entry.issued else "built"


def title_of(entry: RegisterEntry) -> Markup:
    """The title, kept apart from what stands beside it: letters that run from right to left turn nothing else around."""
    return el("bdi", entry.title)
