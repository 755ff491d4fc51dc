"""Figures in words: each is marked while a paper is worded, so that none reaches the paper without its trace.

A mark surrounds the words of a figure, wherever sentences carry them. It is made of characters that no input can hold, as
XML forbids them; `taken_out` takes the marks out again and says where each figure stood. Words that are not meant for a
paper (notes, tests, checks) are worded outside `collecting` and never marked.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.model.figures import Derived, Figure

_BEGIN, _THEN, _END = "\x01", "\x02", "\x03"
_MARKED = re.compile(f"{_BEGIN}([0-9]+){_THEN}([^{_END}]*){_END}")
_collected: ContextVar[list[Figure | Derived] | None] = ContextVar("collected", default=None)


class ChartValue(int):
    """A value of a chart that knows which figure it is."""

    figure: Figure


@dataclass(frozen=True)
class Mention:
    """A figure where a paper tells it: keys and indices down to a text (or a value of a chart), and where in the text."""

    path: tuple[str | int, ...]
    start: int
    words: str
    figure: Figure | Derived


@contextmanager
def collect_markers() -> Iterator[list[Figure | Derived]]:
    """Within it, every figure that is told is marked with its place in the list."""
    found: list[Figure | Derived] = []
    token = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(token)


def marked(words: str, figure: Figure | Derived) -> str:
    """The words that tell a figure, marked with it while a paper is worded."""
    found = _collected.get()
    if found is None:
        return words
    found.append(figure)
    return f"{_BEGIN}{len(found) - 1}{_THEN}{words}{_END}"


def marked_value(figure: Figure) -> int | None:
    """A figure as the value of a chart; None, which leaves a gap, where it is not reported."""
    if figure.value is None:
        return None
    value, found = ChartValue(figure.value), _collected.get()
    value.figure = figure
    if found is not None:
        found.append(figure)
    return value


def capitalised(words: str) -> str:
    """With a capital at the beginning, be it that of a figure."""
    at = words.index(_THEN) + 1 if words.startswith(_BEGIN) else 0
    return words[:at] + words[at : at + 1].upper() + words[at + 1 :]


def strip_markers(value: Any, found: list[Figure | Derived]) -> tuple[Any, list[Mention]]:
    """A context without its marks, and every figure that it tells."""
    mentions: list[Mention] = []
    return _taken(value, [], found, mentions) if found else value, mentions


def _taken(value: Any, path: list, found: list, mentions: list[Mention]) -> Any:
    """The value itself where nothing in it is marked, else a copy. `path` is where it stands, meanwhile."""
    kind = type(value)
    if kind is str:
        return _plain(value, tuple(path), found, mentions) if _BEGIN in value else value
    if kind is ChartValue:
        mentions.append(Mention(tuple(path), 0, str(int(value)), value.figure))
        return int(value)
    made = value
    if kind is dict or kind is list:
        for key, inner in value.items() if kind is dict else enumerate(value):
            if type(inner) is str and _BEGIN not in inner:
                continue  # asked here too: most are texts without a mark
            path.append(key)
            taken = _taken(inner, path, found, mentions)
            path.pop()
            if taken is not inner:
                made = value.copy() if made is value else made
                made[key] = taken
    return made


def _plain(words: str, path: tuple, found: list, mentions: list[Mention]) -> str:
    """The text without marks, built piece by piece so that each figure's place in it is known."""
    text, end = "", 0
    for mark in _MARKED.finditer(words):
        text += words[end : mark.start()]
        mentions.append(Mention(path, len(text), mark[2], found[int(mark[1])]))
        text, end = text + mark[2], mark.end()
    return text + words[end:]
