"""Declarations of the tags that templates may use.

Templates and contexts are checked against them, and docs/tags.md is generated from
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

Values = dict[str, Any]  # tag -> its value; `check_context` checks them against the declared tags

WHOLE = 10_000  # the sum of the shares (see Share) of a table's repeated columns


@dataclass(frozen=True)
class Tag:
    """A tag; `about` describes its value in a line, for docs/tags.md."""

    about: str


class Text(Tag):
    """Plain text: {{ name }}."""


class Line(Tag):
    """Text with marks and footnotes: {{r name }}, in a run of its own."""


class Blocks(Tag):
    """Paragraphs: {{p name }}, in a paragraph of its own."""


class Chart(Tag):
    """A chart that Word can edit: {{p name }}, in a paragraph of its own, whose format is kept."""


class Contents(Tag):
    """The table of contents of the paper: {{p name }}, in a paragraph of its own."""


class Flag(Tag):
    """Yes or no: {%p if name %}."""


class Picture(Tag):
    """A picture that is inserted when the template is prepared: {{r name }}, in a run of its own."""


class Share(Tag):
    """A column's share of the width, in ten-thousandths.

    Not typed in templates: {%tc for x in name %} uses it.
    """


class Merge(Flag):
    """Whether a cell begins (`starts`) or continues (`continues`) cells that are merged vertically.

    Not typed in templates: {% vm %} in a cell between {%tc for x in name %} and {%tc endfor %} uses it.
    """


def shares(widths: Sequence[float]) -> list[int]:
    """Return the Share of each width: rounded up, so that widths in twentieths of a point stay what they are."""
    total = sum(widths)
    return [ceil(round(WHOLE * width / total, 6)) for width in widths]


@dataclass(frozen=True)
class Each(Tag):
    """A list: {%p for x in name %} or {%tr for x in name %}.

    `of` are the tags of x, or None for lines of text.

    `heads` is the tag of the same kind that has the heads of the columns, where the lines are cells of a row.
    """

    of: dict[str, Tag] | None = None
    heads: str = ""

    @cached_property
    def types(self) -> dict[str, type]:
        """The types of the values of x by name, if all are plain; else {}."""
        kinds = {name: type(tag) for name, tag in (self.of or {}).items()}
        plain = all(kind in _TYPES for kind in kinds.values())
        return {name: _TYPES[kind] for name, kind in kinds.items()} if plain else {}


class ContextError(AssertionError):
    """A context does not match the declared tags: an error of this program, never of its user."""


def check_context(context: Values, tags: dict[str, Tag], at: str) -> None:
    """Check that a context has exactly the declared tags, each with a value of its type. Raises ContextError.

    `at` is where the context belongs, for the message. Pictures have no value.
    """
    if context.keys() != tags.keys():
        tags = {name: tag for name, tag in tags.items() if not isinstance(tag, Picture)}
    if context.keys() != tags.keys():
        raise ContextError(
            f"{at}: {sorted(context.keys() ^ tags.keys())} in the declared tags or in the context, not in both"
        )
    for name, value in context.items():
        tag = tags[name]
        if isinstance(tag, Each):
            _check_items(value, tag, f"{at}.{name}")
        elif not _fits(value, type(tag)):
            raise ContextError(f"{at}.{name}: {value!r} is not a {type(tag).__name__}")


_TYPES = {Text: str, Flag: bool, Share: int, Merge: bool}
_KEYS = {Line: "line", Blocks: "blocks", Chart: "chart", Contents: "contents"}


def _fits(value: Any, kind: type[Tag]) -> bool:
    """Return whether a value is of the type of its tag, or an object with the one key of its tag."""
    if kind in _TYPES:
        return isinstance(value, _TYPES[kind]) and not (kind is Share and isinstance(value, bool))
    return isinstance(value, dict) and value.keys() == {_KEYS[kind]}


def _check_items(items: Any, tag: Each, at: str) -> None:
    if not isinstance(items, list):
        raise ContextError(f"{at}: not a list")
    for item in items:
        if tag.of is not None:
            # A schedule has hundreds of cells: without this, their check is a third of the time of wording a paper.
            if not tag.types or dict(zip(item, map(type, item.values()), strict=True)) != tag.types:
                check_context(item, tag.of, at)
        elif not isinstance(item, str):
            raise ContextError(f"{at}: {item!r} is not a text")
