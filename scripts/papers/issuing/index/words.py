"""How the index words dates and states."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from papers.issuing.index.elements import Markup, el, escaped, joined
from papers.wording import english

if TYPE_CHECKING:
    from papers.issuing.index.facts import Entry, Index

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


def state(entry: Entry, index: Index) -> str:
    """withdrawn, superseded, revising (an issued paper whose revision is not issued yet), issued, or built."""
    newest = index.newest(entry)
    if entry.withdrawn:
        return "withdrawn"
    if newest is not entry and (newest.issued or not entry.issued):
        return "superseded"
    if newest is not entry:
        return "revising"
    return "issued" if entry.issued else "built"


def title_of(entry: Entry) -> Markup:
    """The title, kept apart from what stands beside it: letters that run from right to left turn nothing else around."""
    return el("bdi", entry.title)
