"""Declared columns of tables: what a workbook or a YAML file holds, and what a paper prints of it.

A declaration has two lists, as one printed column may show several (first and last year):

    columns:
      - {id: number, title: "No.", role: id}
      - {id: action, title: Action, role: title}
      - {id: budget, title: Budget (USD), type: money, required: false}
    printed:
      - {title: Action, of: [action], width: 5}
      - {title: Cost, of: [budget], width: 2}

Schedules, work plans, the table of a plan and tables in documents share these models. `narrow_columns` finds
printed columns that are too narrow for their words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from papers.inputs.yaml import StrictModel
from papers.problems import Place, Problems, did_you_mean, quoted

ColumnType = Literal["text", "year", "period", "economies", "bodies", "status", "money", "number"]
ColumnRole = Literal["id", "area", "title", "first", "last", "period", "who", "project", "status", "remarks"]
Alignment = Literal["left", "center", "right"]
NUMERIC: tuple[ColumnType, ...] = ("money", "number")
# The types that a column of a role may have; the first is that of a column that names none.
TYPES_OF_ROLES: dict[ColumnRole, tuple[ColumnType, ...]] = {
    "id": ("text",),
    "area": ("text",),
    "title": ("text",),
    "first": ("year",),
    "last": ("year",),
    "period": ("period",),
    "who": ("bodies", "economies"),
    "project": ("text",),
    "status": ("status",),
    "remarks": ("text",),
}
_MAY_BE_EMPTY: tuple[ColumnRole, ...] = ("who", "project", "remarks")


class DataColumn(StrictModel):
    """A column of a workbook, or a key of the rows in a YAML file.

    `type` is that of its role, or text, where none is given. Cells of a required column are not empty; columns
    with the roles who, project and remarks are not required unless they say so.
    """

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_-]*$",
        description="an id of lower-case letters, digits, _ and -, that begins with a letter",
    )
    title: str = Field(min_length=1, description="the title of the column, in the first row of the sheet")
    type: ColumnType = Field("text", description="what its cells hold")
    role: ColumnRole | None = Field(None, description="what the column means; without it, it is only printed")
    required: bool = Field(True, description="whether its cells must not be empty")

    @model_validator(mode="before")
    @classmethod
    def _defaults_of_role(cls, data: Any) -> Any:
        role = data.get("role") if isinstance(data, dict) else None
        if not isinstance(role, str) or role not in TYPES_OF_ROLES:
            return data
        return {"type": TYPES_OF_ROLES[role][0], "required": role not in _MAY_BE_EMPTY, **data}


class PrintedColumn(StrictModel):
    """A column of a paper's table; `width` is in relation to those of the others.

    `of` are the ids of the columns that it shows. With `merge`, cells one below the other with the same text
    become one cell.
    """

    title: str = Field(min_length=1, description="the heading of the column")
    of: list[str] = Field(default_factory=list, description="the ids of the columns that it shows")
    width: float = Field(1, ge=0.1, le=100, description="the width in relation to the other columns")
    align: Alignment | None = Field(
        None, description="left, center or right; right for money and numbers if not given"
    )
    merge: bool = Field(False, description="whether cells with the same text are merged vertically")


class TableColumns(StrictModel):
    """The declaration of a table; without `printed`, each column is printed under its own title."""

    columns: list[DataColumn] = Field(min_length=1)
    printed: list[PrintedColumn] = Field(default_factory=list)

    @property
    def printed_columns(self) -> list[PrintedColumn]:
        """The printed columns: those declared, or one for each column."""
        return self.printed or [PrintedColumn(title=one.title, of=[one.id]) for one in self.columns]

    def column(self, column_id: str) -> DataColumn:
        """Return the column of an id; KeyError where there is none."""
        return {one.id: one for one in self.columns}[column_id]

    def with_role(self, role: ColumnRole) -> DataColumn | None:
        """Return the column with a role; None where no column has it."""
        return next((one for one in self.columns if one.role == role), None)

    def alignment(self, printed: PrintedColumn) -> Alignment:
        """Return how a printed column is aligned: as declared, or right if all it shows are numbers."""
        if printed.align:
            return printed.align
        numeric = printed.of and all(self.column(one).type in NUMERIC for one in printed.of)
        return "right" if numeric else "left"


class Tables(StrictModel):
    """The declared tables of a forum or a plan."""

    schedule: TableColumns | None = Field(None, description="the implementation schedule")


# Checks of a declaration


def check_table(
    table: TableColumns,
    place: Callable[..., Place],
    problems: Problems,
    necessary: Iterable[ColumnRole] = ("id", "title"),
) -> bool:
    """Add what is wrong with a declaration as a whole; return whether it is right.

    `place` returns the place of the value under keys of the declaration, such as ("columns", 0, "id");
    `necessary` are the roles that a column must have.
    """
    before = len(problems.found)
    for field in ("id", "title", "role"):
        _check_once(table, field, place, problems)
    _check_types(table, place, problems)
    _check_years(table, place, problems)
    for role in necessary:
        if table.with_role(role) is None:
            expected, todo = (
                f"a column with the role {role}",
                f"Write role: {role} at the column that has it.",
            )
            problems.add(place("columns"), "missing-role", f"no column with the role {role}", expected, todo)
    check_printed_columns(table.printed, [column.id for column in table.columns], place, problems)
    return len(problems.found) == before


def _check_once(table: TableColumns, field: str, place: Callable[..., Place], problems: Problems) -> None:
    seen: set[str] = set()
    for index, column in enumerate(table.columns):
        value = getattr(column, field)
        if value is not None and value in seen:
            found, expected = f"the {field} {quoted(value)} again", f"each {field} at one column"
            todo = "Correct one of them." if field != "role" else "Keep it at one of them."
            problems.add(place("columns", index, field), "doubled", found, expected, todo)
        seen |= {value} - {None}


def _check_types(table: TableColumns, place: Callable[..., Place], problems: Problems) -> None:
    for index, column in enumerate(table.columns):
        fitting = TYPES_OF_ROLES[column.role] if column.role else (column.type,)
        if column.type not in fitting:
            found = f"the type {column.type} with the role {column.role}"
            todo = "Correct the type, or delete it: the role implies it."
            expected = f"the type {' or '.join(fitting)}"
            problems.add(place("columns", index, "type"), "wrong-type", found, expected, todo)


def _check_years(table: TableColumns, place: Callable[..., Place], problems: Problems) -> None:
    """Report a first year without a last one, the opposite, and years with a period: one way is enough."""
    roles = {column.role: index for index, column in enumerate(table.columns) if column.role}
    if "period" in roles and ("first" in roles or "last" in roles):
        found, expected = "the role period as well as first or last", "one period, or a first and a last year"
        todo = "Delete the role from the others; they are printed all the same."
        problems.add(place("columns", roles["period"], "role"), "wrong-role", found, expected, todo)
    for role, other in (("first", "last"), ("last", "first")):
        if role in roles and other not in roles and "period" not in roles:
            found, expected = f"the role {role} without {other}", "both, or a column with the role period"
            todo = f"Write role: {other} at its column, or role: period here."
            problems.add(place("columns", roles[role], "role"), "wrong-role", found, expected, todo)


def check_printed_columns(
    columns: Iterable[PrintedColumn], known: Sequence[str], place: Callable[..., Place], problems: Problems
) -> None:
    """Report printed columns that show nothing, or an id that is none of `known`."""
    for at, printed in enumerate(columns):
        if not printed.of:
            found, expected = "a printed column that shows nothing", 'the key "of" with ids of columns'
            todo = f"Add of: [...], with some of {', '.join(known)}."
            problems.add(place("printed", at), "missing-key", found, expected, todo)
        for index, name in enumerate(printed.of):
            if name not in known:
                todo = did_you_mean(name, known, "Correct the id, or declare the column.")
                where, expected = place("printed", at, "of", index), f"one of {', '.join(known)}"
                problems.add(where, "unknown-column", quoted(name), expected, todo)


# Widths

_MARGINS = 10.8  # points: left and right margin of a cell, as Word sets them
_BOLD = 1.08  # how much wider bold letters are
_NARROW, _WIDE = "iljtfrI.,;:'|!()[]/‘’-", "mwMW@%—…"
# Widths in relation to the font size, about those of Arial.
_WIDTHS = {**dict.fromkeys(_NARROW, 0.32), **dict.fromkeys(_WIDE, 0.87)}
_CAPITAL, _OTHER, _IDEOGRAPH = 0.7, 0.55, 1.0
_BREAKS = re.compile(r"(?<=[-–—])|\s+")  # where Word begins a new line


@dataclass(frozen=True)
class NarrowColumn:
    """A printed column, by its index and title, whose `word` is broken within; `width` would suffice."""

    index: int
    title: str
    word: str
    width: float


def text_width(text: str, font_size: float, bold: bool = False) -> float:
    """Return about how wide a text in one line is, in points; `font_size` is in points too."""
    return sum(map(_character_width, text)) * font_size * (_BOLD if bold else 1)


def _character_width(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if ord(character) >= 0x2E80:
        return _IDEOGRAPH
    return _CAPITAL if character.isupper() else _OTHER


def word_width(title: str, font_size: float = 10) -> float:
    """Return about how wide a column must be for the longest word of its title, in points."""
    return max((text_width(word, font_size, bold=True) for word in _words(title)), default=0) + _MARGINS


def narrow_columns(
    columns: Sequence[tuple[PrintedColumn, Iterable[str]]], area_width: float, font_size: float
) -> list[NarrowColumn]:
    """Return the printed columns that are narrower than the longest word of their title or texts.

    `columns` are all columns of the table, each with the texts of its cells; `area_width` is the width of the
    table in points. The words of titles are bold. Widths of characters are approximate.
    """
    total, found = sum(printed.width for printed, _ in columns), []
    for index, (printed, texts) in enumerate(columns):
        words = [(text_width(word, font_size, bold=True), word) for word in _words(printed.title)]
        words += [(text_width(word, font_size), word) for word in {w for text in texts for w in _words(text)}]
        widest, word = max(words, default=(0.0, ""))
        needed = (widest + _MARGINS) / area_width * total
        if needed > printed.width:
            found.append(NarrowColumn(index, printed.title, word, _rounded_up(needed)))
    return found


def _words(text: str) -> list[str]:
    return [word for word in _BREAKS.split(text) if word]


def _rounded_up(width: float) -> float:
    return int(width * 10 + 0.999) / 10
