"""The texts that the cells of a workbook share, and those within cells, with what their runs of text carry."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from papers.inputs.xlsx_formats import RAISED, STRUCK, font_mark
from papers.inputs.xlsx_package import MAIN, local_name
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

_ORDINAL = re.compile(r"(?:st|nd|rd|th)\s*")  # 21st means the same with its ending raised or not
_PIECES = {"is": ("t", "r", "rPh", "phoneticPr"), "si": ("t", "r", "rPh", "phoneticPr"), "r": ("t", "rPr")}


@dataclass(frozen=True)
class CellText:
    """A text as Excel shows it. `mark` is STRUCK or RAISED if a run of it is; `marked` is that run."""

    text: str
    mark: str = ""
    marked: str = ""
    unknown: str = ""  # the name of an element that no program writes in a text


@dataclass
class SharedTexts:
    """`xml` has the same texts without their runs, for the reader of values."""

    xml: bytes = b""
    marked: dict[int, CellText] = field(default_factory=dict)  # by their number, as cells have it
    unknown: list[str] = field(default_factory=list)
    longest: int = 0  # bytes of the longest text
    number: int = 0


def read_text(element: ElementTree.Element) -> CellText:
    """Return the text of an element `si` or `is`; what helps to pronounce it (furigana) is no part of it."""
    if len(element) == 1 and local_name(element[0]) == "t":
        return CellText(element[0].text or "")
    text, mark, marked, unknown = "", "", "", ""
    for piece in element:
        local = local_name(piece)
        if local not in _PIECES["si"]:
            unknown = unknown or piece.tag.rpartition("}")[2]
        if local == "t":
            text += piece.text or ""
        elif local == "r":
            inside = {local_name(child): child for child in piece}
            unknown = unknown or next((n.rpartition("}")[2] for n in inside if n not in _PIECES["r"]), "")
            run = (inside["t"].text or "") if "t" in inside else ""
            found = font_mark(inside.get("rPr")) if run.strip() else ""
            if found == RAISED and _ORDINAL.fullmatch(run) and text[-1:].isdigit():
                found = ""
            if found and not mark:
                mark, marked = found, run
            text += run
    return CellText(text, mark, marked, unknown)


def as_xml(text: str) -> str:
    """Return the element `t` of a text."""
    return f'<t xml:space="preserve">{escape(text, {chr(13): "&#13;"})}</t>'


def read_shared(data: bytes) -> SharedTexts:
    """Return the texts of a part of shared strings."""
    shared, pieces = SharedTexts(), [f'<sst xmlns="{MAIN[0]}">']
    for element in _entries(data, shared):
        text = read_text(element)
        if text.unknown:
            shared.unknown.append(text.unknown)
        if text.mark:
            shared.marked[shared.number] = text
        shared.longest = max(shared.longest, len(text.text))
        pieces.append(f"<si>{as_xml(text.text)}</si>")
        shared.number += 1
    pieces.append("</sst>")
    shared.xml = "".join(pieces).encode()
    return shared


def _entries(data: bytes, shared: SharedTexts) -> Iterator[ElementTree.Element]:
    """Yield each element `si`, and forget it afterwards, so that a part of 50 MB is not kept in memory."""
    inside: list[ElementTree.Element] = []
    for event, element in ElementTree.iterparse(io.BytesIO(data), ("start", "end")):
        if event == "start":
            inside.append(element)
            continue
        inside.pop()
        if len(inside) == 1:
            if local_name(element) == "si":
                yield element
            elif local_name(element) != "extLst":
                shared.unknown.append(element.tag.rpartition("}")[2])
            inside[0].clear()


def describe_mark(text: CellText) -> tuple[str, str, str]:
    """Return found, expected and what to do about a text with a marked run."""
    if text.mark == STRUCK:
        return (
            f"the text {quoted(text.marked)} struck through",
            "text that counts as it is",
            "Delete it if it is withdrawn; if not, remove the strikethrough (Format Cells, Font).",
        )
    return (
        f"{quoted(text.text)} with {quoted(text.marked)} raised or lowered",
        "text that says the same without raised or lowered characters",
        "Type the raised characters themselves (Insert, Symbol: such as ² or ³), or write it in words.",
    )
