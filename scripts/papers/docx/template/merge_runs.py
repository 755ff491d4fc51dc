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

from papers.docx.template.paragraphs import PARAGRAPH, TEXT, nearest_above, own_texts, paragraphs, text_of
from papers.docx.template.tag_syntax import TAG
from papers.expressions import LITERAL
from papers.problems import Place

if TYPE_CHECKING:
    from docx.document import Document

    from papers.problems import Problems

MOST_BRACES = 10_000  # in one template; ours have below 1,000
_SPACES = (qn("w:tab"), qn("w:br"), qn("w:cr"))
_LITERAL = re.compile(LITERAL)
_NOT_LITERAL = re.compile(rf"({LITERAL})|\s")
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
                text.text = TAG.sub(lambda tag: _with_plain_spaces(tag[0]), text.text)
        for run in [text.getparent() for text in own_texts(paragraph) if _run_tags(text.text or "")]:
            _split_out(run)
    return True


def _with_plain_spaces(tag: str) -> str:
    return _NOT_LITERAL.sub(lambda found: found[1] or " ", tag)


def _run_tags(text: str) -> list[re.Match]:
    """The tags {{r x }} and {%r ... %} of a text, whose runs are replaced."""
    return [tag for tag in TAG.finditer(text) if tag[0].startswith(("{{r ", "{%r "))]


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
    if tag[0].startswith("{{") and len({_look(text) for text, _ in spans}) > 1:
        found, expected = (
            f"the tag {tag[0]} with its format changed in the middle",
            "one format from {{ to }}",
        )
        todo = "Delete the tag and type it again in one go, or clear its formatting (Ctrl+Space)."
        problems.add(place, "tag-split", found, expected, todo)
    _remove_between(tag[0], spans[0][0], spans[-1][0], place, problems)
    (first, start), (last, last_start) = spans[0], spans[-1]
    rest = last.text[tag.end() - last_start :]
    first.text = first.text[: tag.start() - start] + tag[0]
    for text, _ in spans[1:-1]:
        text.text = ""
    last.text = rest
    for text, _ in spans:
        text.set(_SPACE, "preserve")


def _remove_between(
    tag: str, first: etree._Element, last: etree._Element, place: Place, problems: Problems
) -> None:
    """Remove the tabs and line ends within a tag; report them in one with literals, which may have meant them."""
    paragraph = nearest_above(first, PARAGRAPH)
    inner = [*paragraph.iter(TEXT, *_SPACES)]
    found = [one for one in inner[inner.index(first) : inner.index(last)] if one.tag in _SPACES]
    if found and _LITERAL.search(tag):
        todo = "Delete the tag and type it again in one line; \\t in a literal is a tab, \\n a line end."
        problems.add(place, "tag-split", f"a tab or line end within the tag {tag}", "a tag without", todo)
    for one in found:
        one.getparent().remove(one)


def _look(text: etree._Element) -> str:
    properties = text.getparent().find(_PROPERTIES)
    if properties is None:
        return ""
    shown = (copy.deepcopy(p) for p in properties if p.tag not in _INVISIBLE)
    return "".join(sorted(etree.tostring(p).decode() for p in shown if not _only_hints(p)))


def _only_hints(property_: etree._Element) -> bool:
    """Remove the hint for fonts of East Asia, which does not show in a tag; whether nothing else is said."""
    return property_.attrib.pop(qn("w:hint"), None) is not None and not property_.attrib


def _split_out(run: etree._Element) -> None:
    """Give a {{r }} or {%r %} tag a run of its own, as the whole run is replaced.

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
    pieces, at, whole = [], 0, child.text or ""
    ends = [end for tag in _run_tags(whole) for end in tag.span()]
    for end in (*ends, len(whole)):
        words, at = whole[at:end], end
        if words:
            piece = OxmlElement("w:t")
            piece.text = words
            piece.set(_SPACE, "preserve")
            pieces.append(piece)
    return pieces
