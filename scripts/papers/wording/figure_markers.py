r"""Markers that carry figures through the sentences of a paper, so that each figure in it has a trace.

A figure on its way, with spaces between the characters of the marker:

1. A module of `kinds/` writes `f"Initiatives developed: {english.figure(total)}."` with a `Figure` of 12.
2. `english.figure`, as all functions there that word a figure, calls `marked("12", total)`. It appends the
   figure to the list of `collect_markers`, at index 7 for example, and returns `\x01 7 \x02 12 \x03`.
3. The sentence becomes a value of the paper's context with the marker in it; whatever composes, lists or
   capitalises it on the way keeps the marker whole. compose.py holds `collect_markers` open meanwhile.
4. When the whole context is composed, compose.py calls `strip_markers`. The text is "Initiatives developed: 12."
   now, and there is a `Mention`: its path `("report", "findings", "blocks", 0, "line", 0, 0)`, its start 23,
   its words "12", and the figure.
5. traces.py turns each mention into an entry of the trace: `{"figure": "12", "where": "findings, paragraph 1",
   "tag": "report.findings.blocks[0].line[0][0]", "at": 23, ...}`.

In charts, which have numbers, the marker is the type of the number: `marked_value(figure)` returns a
`ChartValue`. The characters \x01 to \x03 are forbidden in XML, so no input contains them. Outside
`collect_markers` (in messages, notices and tests) nothing is marked.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.model.figures import Derived, Figure

Context = TypeVar("Context")
_BEGIN, _WORDS, _END = "\x01", "\x02", "\x03"
_MARKER = re.compile(f"{_BEGIN}([0-9]+){_WORDS}([^{_END}]*){_END}")
_collected: ContextVar[list[Figure | Derived] | None] = ContextVar("collected", default=None)


class ChartValue(float):
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


def marked_value(figure: Figure) -> float | None:
    """Return a figure as the value of a chart; None, which leaves a gap, where it is not reported.

    It has one decimal at most, as in tables.
    """
    if figure.value is None:
        return None
    shown = figure.value if isinstance(figure.value, int) else int(figure.value * 10 + Fraction(1, 2)) / 10
    value, figures = ChartValue(shown), _collected.get()
    value.figure = figure
    if figures is not None:
        figures.append(figure)
    return value


def capitalised(words: str) -> str:
    """Return words with a capital first letter, also where they begin with a marker."""
    at = words.index(_WORDS) + 1 if words.startswith(_BEGIN) else 0
    return words[:at] + words[at : at + 1].upper() + words[at + 1 :]


def strip_markers(context: Context, figures: list[Figure | Derived]) -> tuple[Context, list[Mention]]:
    """Return a context without its markers, and where its figures stand, in the order of the context."""
    mentions: list[Mention] = []
    stripped: Context = _strip(context, [], figures, mentions) if figures else context
    return stripped, mentions


def _strip(
    value: Any, path: list[str | int], figures: list[Figure | Derived], mentions: list[Mention]
) -> Any:
    """Return the value itself where nothing in it is marked, else a copy. `path` leads to the value."""
    kind = type(value)
    if kind is str:
        return _strip_text(value, tuple(path), figures, mentions) if _BEGIN in value else value
    if kind is ChartValue:
        plain = int(value) if value.is_integer() else float(value)
        mentions.append(Mention(tuple(path), 0, str(plain), value.figure))
        return plain
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


def _strip_text(
    words: str, path: tuple[str | int, ...], figures: list[Figure | Derived], mentions: list[Mention]
) -> str:
    """Return the text without markers; composed piece by piece, as the position of each figure is needed."""
    text, end = "", 0
    for marker in _MARKER.finditer(words):
        text += words[end : marker.start()]
        mentions.append(Mention(path, len(text), marker[2], figures[int(marker[1])]))
        text, end = text + marker[2], marker.end()
    return text + words[end:]
