"""Merge the runs of each tag of a template, so that the tag is in one run.

Word splits typed text into runs. Pieces of a tag with the same format are joined; if their formats differ, half a tag was
formatted, and only the template's owner knows what was meant.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from papers.docx.template.paragraphs import TEXT, own_texts, paragraphs, text_of
from papers.problems import Place

if TYPE_CHECKING:
    from docx.document import Document

    from papers.problems import Problems

# The length is limited, as the search would be quadratic in a text of nothing but braces.
TAG = re.compile(r"\{\{.{0,300}?\}\}|\{%.{0,300}?%\}|\{#.{0,300}?#\}")
MOST_BRACES = 10_000  # in one template; ours have below 1,000
_RUN_TAG = re.compile(r"(\{\{r .*?\}\})")
_PROPERTIES = qn("w:rPr")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_INVISIBLE = {qn("w:lang"), qn("w:noProof"), qn("w:webHidden")}  # properties that do not show


def merge_tag_runs(document: Document, file: str, problems: Problems) -> bool:
    """Put each tag into one run, and report tags whose format changes within. Return False if there are too many."""
    found = list(paragraphs(document, file))
    braces = sum(text_of(paragraph).count("{") for _, paragraph in found)
    if braces > MOST_BRACES:
        expected, todo = f"at most {MOST_BRACES}", "Delete what is not needed."
        problems.add(Place(file), "tag-many", f"{braces} braces", expected, todo)
        return False
    for place, paragraph in found:
        texts = own_texts(paragraph)
        whole = "".join(t.text or "" for t in texts)
        if "{" not in whole:
            continue
        for tag in reversed(list(TAG.finditer(whole))):  # from the end, so that positions before it hold
            _join(tag, texts, place, problems)
        for text in texts:  # Word and its users type non-breaking spaces, which look like others
            if text.text and not text.text.isascii():
                text.text = TAG.sub(lambda tag: re.sub(r"\s", " ", tag[0]), text.text)
        for run in [text.getparent() for text in own_texts(paragraph) if "{{r " in (text.text or "")]:
            _split_out(run)
    return True


def _join(tag: re.Match, texts: list, place: Place, problems: Problems) -> None:
    """Move all pieces of a tag into the text that has its beginning."""
    at, spans = 0, []
    for text in texts:
        length = len(text.text or "")
        if at < tag.end() and at + length > tag.start():
            spans.append((text, at))
        at += length
    if len(spans) < 2:
        return
    if len({_look(text) for text, _ in spans}) > 1:
        found, expected = (
            f"the tag {tag[0]} with its format changed in the middle",
            "one format from {{ to }}",
        )
        todo = "Delete the tag and type it again in one go, or clear its formatting (Ctrl+Space)."
        problems.add(place, "tag-split", found, expected, todo)
    (first, start), (last, last_start) = spans[0], spans[-1]
    rest = last.text[tag.end() - last_start :]
    first.text = first.text[: tag.start() - start] + tag[0]
    for text, _ in spans[1:-1]:
        text.text = ""
    last.text = rest
    for text, _ in spans:
        text.set(_SPACE, "preserve")


def _look(text: etree._Element) -> str:
    properties = text.getparent().find(_PROPERTIES)
    if properties is None:
        return ""
    return "".join(sorted(etree.tostring(p).decode() for p in properties if p.tag not in _INVISIBLE))


def _split_out(run: etree._Element) -> None:
    """Give a {{r }} tag a run of its own, as the whole run is replaced.

    Whatever else is in the run (text, breaks, tabs, pictures) gets runs of its own, in the same order and format.
    """
    if run.getparent() is None:
        return  # split already, as it has two such tags
    for child in list(run):
        for piece in _pieces(child):
            twin = OxmlElement("w:r")
            if (properties := run.find(_PROPERTIES)) is not None:
                twin.append(copy.deepcopy(properties))
            twin.append(piece)
            run.addprevious(twin)
    run.getparent().remove(run)


def _pieces(child: etree._Element) -> list[etree._Element]:
    if child.tag == _PROPERTIES:
        return []
    if child.tag != TEXT:
        return [child]
    pieces = []
    for words in _RUN_TAG.split(child.text or ""):
        if words:
            piece = OxmlElement("w:t")
            piece.text = words
            piece.set(_SPACE, "preserve")
            pieces.append(piece)
    return pieces
