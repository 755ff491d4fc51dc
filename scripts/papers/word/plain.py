"""The words of a finished Word file, as a reader finds them. Standard library only: reading the inputs asks it."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

_PARTS = re.compile(r"word/(document|footnotes|endnotes|(header|footer)[0-9]*|charts/[^/]+)\.xml")
_BREAKS = ("tab", "br", "cr", "p")  # what stands between two words; a value of a chart does as well


class NoWords(Exception):
    """A file that is no Word file."""


def words_of(docx: bytes) -> str:
    """All words of a .docx (text, notes, headers and footers, charts), one space between two; NoWords."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            parts = [package.read(name) for name in package.namelist() if _PARTS.fullmatch(name)]
        return in_words(" ".join(piece for part in parts for piece in _pieces(part)))
    except (zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise NoWords(str(error)) from error


def in_words(text: str) -> str:
    """Text with one space wherever there is white space; spaces that do not break look alike."""
    return " ".join(text.split())


def _pieces(xml: bytes) -> list[str]:
    pieces = [""]
    for event, element in ElementTree.iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if event == "start" and tag in _BREAKS:
            pieces.append("")
        elif event == "end" and tag in ("t", "v"):
            pieces[-1] += element.text or ""
            if tag == "v":
                pieces.append("")
    return pieces
