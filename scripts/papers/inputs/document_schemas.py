"""The forms of documents/<id>/document.yaml and records/<meeting>.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from papers.inputs.schemas import Below
from papers.inputs.table_schemas import Alignment
from papers.inputs.yaml import StrictModel

Orientation = Literal["portrait", "landscape"]
# text may be a whole number, which is printed as it is typed; number and money are printed as 1,204.5
DocumentType = Literal["text", "year", "number", "money"]

OF_ITEM = "item-"  # how the text about an item of an agenda begins its name; the agenda has its heading


def _not_blank(words: str) -> str:
    if not words.strip():
        raise ValueError("text that is not empty")
    return words


def _width(value: object) -> object:
    """Accept a whole number as a width: `width: 2` is 2.0."""
    return float(value) if type(value) is int else value


Words = Annotated[str, AfterValidator(_not_blank)]


class DocumentColumn(StrictModel):
    """A column of a document's table: its title in the paper and in the workbook, its type and form.

    `width` is in relation to the other columns. With `merge`, cells one below the other with the same text, or
    empty ones below a text, become one cell.
    """

    title: Words
    type: DocumentType = "text"
    width: Annotated[float, BeforeValidator(_width)] = Field(1, ge=0.1, le=100)
    align: Alignment | None = None
    merge: bool = False


class DocumentTableForm(StrictModel):
    """A table whose rows are in a workbook (`file`, and `sheet` if it has several) or here (`rows`)."""

    title: Words | None = None
    columns: list[DocumentColumn] = Field(min_length=1, max_length=30)
    file: Below | None = None
    sheet: str | None = None
    rows: list[list[str | None]] | None = None
    description: Words | None = None  # for screen readers; without it, the titles of the columns are named


class DocumentPartForm(StrictModel):
    """A part of a document: a section in Markdown, or a table; on pages of one orientation."""

    section: Below | None = None
    table: DocumentTableForm | None = None
    orientation: Orientation = "portrait"


class DocumentFile(StrictModel):
    parts: list[DocumentPartForm] = Field(min_length=1)


class ItemSummary(StrictModel):
    """What was said under an item of the agenda, in Markdown."""

    item: str
    text: Words


class RecordFile(StrictModel):
    """The record of a meeting. What is absent is not printed.

    `chair` is an office. `attendance` are member economies, `observers` and `guests` other bodies. `next_meeting` is
    the code of a meeting of the forum, or a sentence.
    """

    chair: Words | None = None
    attendance: list[str] = Field(default_factory=list)
    observers: list[Words] = Field(default_factory=list)
    guests: list[Words] = Field(default_factory=list)
    items: list[ItemSummary] = Field(default_factory=list)
    decisions: list[Words] = Field(default_factory=list)
    next_meeting: Words | None = None
