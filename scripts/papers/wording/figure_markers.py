r"""Markers that carry figures through the wording of a paper, so that each figure in it has a trace.

A marker is made where a figure is put into words: `marked("nine", figure)`, which the functions of english.py
call, returns

    \x01 7 \x02 nine \x03      (without the spaces)

in which 7 is the figure's index in the list of `collect_markers`. The characters \x01 to \x03 are forbidden
in XML, so no input contains them. Sentences are then composed as usual, and the words of the figure stay
between its markers. In charts, which have numbers, the marker is the type of the number:
`marked_value(figure)` returns a `ChartValue`.

Markers are read once, when the whole context of a paper is composed (compose.py): `strip_markers` returns the
context without them, and a `Mention` for each, which says where the words of a figure stand. Outside
`collect_markers` (in messages, notices and tests) nothing is marked.
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

_BEGIN, _WORDS, _END = "\x01", "\x02", "\x03"
_MARKER = re.compile(f"{_BEGIN}([0-9]+){_WORDS}([^{_END}]*){_END}")
_collected: ContextVar[list[Figure | Derived] | None] = ContextVar("collected", default=None)


class ChartValue(int):
    """A value of a chart together with the figure that it shows."""

    figure: Figure


@dataclass(frozen=True)
class Mention:
    """A figure where a context has it.

    `path` has the keys and indices down to the text, or to the value of a chart; `start` is the position in
    the text at which the `words` of the figure begin (0 in a chart).
    """

    path: tuple[str | int, ...]
    start: int
    words: str
    figure: Figure | Derived


@contextmanager
def collect_markers() -> Iterator[list[Figure | Derived]]:
    """Mark every figure that is worded within the context; yield the list to which the figures are added."""
    figures: list[Figure | Derived] = []
    token = _collected.set(figures)
    try:
        yield figures
    finally:
        _collected.reset(token)


def marked(words: str, figure: Figure | Derived) -> str:
    """Return the words of a figure between markers; unchanged outside `collect_markers`."""
    figures = _collected.get()
    if figures is None:
        return words
    figures.append(figure)
    return f"{_BEGIN}{len(figures) - 1}{_WORDS}{words}{_END}"


def marked_value(figure: Figure) -> int | None:
    """Return a figure as the value of a chart; None, which leaves a gap, where it is not reported."""
    if figure.value is None:
        return None
    value, figures = ChartValue(figure.value), _collected.get()
    value.figure = figure
    if figures is not None:
        figures.append(figure)
    return value


def capitalised(words: str) -> str:
    """Return words with a capital first letter, also where they begin with a marker."""
    at = words.index(_WORDS) + 1 if words.startswith(_BEGIN) else 0
    return words[:at] + words[at : at + 1].upper() + words[at + 1 :]


def strip_markers(context: Any, figures: list[Figure | Derived]) -> tuple[Any, list[Mention]]:
    """Return a context without its markers, and where its figures stand, in the order of the context."""
    mentions: list[Mention] = []
    return _strip(context, [], figures, mentions) if figures else context, mentions


def _strip(value: Any, path: list, figures: list, mentions: list[Mention]) -> Any:
    """Return the value itself where nothing in it is marked, else a copy. `path` leads to the value."""
    kind = type(value)
    if kind is str:
        return _strip_text(value, tuple(path), figures, mentions) if _BEGIN in value else value
    if kind is ChartValue:
        mentions.append(Mention(tuple(path), 0, str(int(value)), value.figure))
        return int(value)
    result = value
    if kind is dict or kind is list:
        for key, inner in value.items() if kind is dict else enumerate(value):
            if type(inner) is str and _BEGIN not in inner:
                continue  # most values are texts without a marker: this saves a call for each
            path.append(key)
            stripped = _strip(inner, path, figures, mentions)
            path.pop()
            if stripped is not inner:
                result = value.copy() if result is value else result
                result[key] = stripped
    return result


def _strip_text(words: str, path: tuple, figures: list, mentions: list[Mention]) -> str:
    """Return the text without markers; composed piece by piece, as the position of each figure is needed."""
    text, end = "", 0
    for marker in _MARKER.finditer(words):
        text += words[end : marker.start()]
        mentions.append(Mention(path, len(text), marker[2], figures[int(marker[1])]))
        text, end = text + marker[2], marker.end()
    return text + words[end:]
