"""Freeze what a received file takes from its own properties, so that it shows the same behind our cover.

A field such as NUMPAGES or TITLE, and a content control that is bound to a property or to custom XML, shows the values
of the file that it is in. Behind the cover these are ours. Such a field is replaced by the result that was sent, and
such a control keeps the text that was sent. Fields that the cover does not change (PAGE, REF, TOC) stay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of the properties, of the file itself, of its pages and words, of the clock, of the reader, of the data of a mail
# merge, and of the sources of citations. SECTIONPAGES is not among them: behind a cover it counts the same pages.
_OF_THE_SENDER = (
    "TITLE SUBJECT AUTHOR KEYWORDS COMMENTS LASTSAVEDBY DOCPROPERTY DOCVARIABLE INFO TEMPLATE REVNUM EDITTIME"
    " FILENAME FILESIZE NUMPAGES NUMWORDS NUMCHARS SECTION"
    " CREATEDATE SAVEDATE PRINTDATE DATE TIME USERNAME USERINITIALS USERADDRESS"
    " MERGEFIELD MERGEREC MERGESEQ ADDRESSBLOCK GREETINGLINE CITATION BIBLIOGRAPHY"
)
_FROZEN = frozenset(_OF_THE_SENDER.split())
_CHAR, _SIMPLE, _CODE, _DELETED_CODE = (
    qn(f"w:{tag}") for tag in ("fldChar", "fldSimple", "instrText", "delInstrText")
)
_TEXT, _RUN, _RUN_PROPERTIES, _FIELD_DATA = (qn(f"w:{tag}") for tag in ("t", "r", "rPr", "fldData"))
_TYPE, _INSTRUCTION = qn("w:fldCharType"), qn("w:instr")
_STORIES = {qn(f"w:{tag}") for tag in ("txbxContent", "footnote", "endnote", "comment")}
_SHOWN = {
    qn(f"w:{tag}") for tag in ("t", "delText", "sym", "drawing", "pict", "object", "tab", "noBreakHyphen")
}
_BINDINGS = (
    qn("w:dataBinding"),
    "{http://schemas.microsoft.com/office/word/2012/wordml}dataBinding",
)


@dataclass
class _Field:
    """A field: its code, and the children of runs that it consists of."""

    outer: _Field | None
    in_code: bool  # whether it is within the code of the outer field
    code: list[str] = field(default_factory=list)
    marks: list[etree._Element] = field(default_factory=list)  # its begin, separator and end
    before: list[etree._Element] = field(default_factory=list)  # the code, with all that is within it
    result: list[etree._Element] = field(default_factory=list)
    separated: bool = False
    inner: list[_Field] = field(default_factory=list)  # the fields within its code

    @property
    def name(self) -> str:
        return _name_of("".join(self.code))

    @property
    def has_result(self) -> bool:
        return any(element.tag in _SHOWN for element in self.result)

    @property
    def is_frozen(self) -> bool:
        """Whether it shows a value of the sender's file, itself or by a field in its code that has no result."""
        return self.name in _FROZEN or any(one.is_frozen and not one.has_result for one in self.inner)


def freeze_fields(root: etree._Element) -> bool:
    """Replace each of the sender's fields below `root` by its result; return whether there was one.

    A field without a result stays as it is; see `fields_without_result`.
    """
    found = [one for one in _fields(root) if one.is_frozen and one.has_result]
    for one in found:
        _freeze(one)
    simple = [one for one in root.iter(_SIMPLE) if _is_frozen_simple(one) and _shows(one)]
    for one in reversed(simple):  # the inner ones first
        _unwrap(one)
    return bool(found or simple)


def fields_without_result(root: etree._Element) -> list[str]:
    """Return the names of the sender's fields below `root` that have no result to keep, each once."""
    found = [
        one.name
        for one in _fields(root)
        if one.is_frozen and not one.has_result and not _has_frozen_outer(one)
    ]
    found += [
        _name_of(one.get(_INSTRUCTION, ""))
        for one in root.iter(_SIMPLE)
        if _is_frozen_simple(one) and not _shows(one)
    ]
    return list(dict.fromkeys(found))


def unbind_controls(root: etree._Element) -> bool:
    """Make content controls keep their text, whatever the properties say; return whether one was bound."""
    bindings = list(root.iter(*_BINDINGS))
    for binding in bindings:
        binding.getparent().remove(binding)
    return bool(bindings)


def _name_of(code: str) -> str:
    return (code.split() or [""])[0].strip('"').upper()


def _is_frozen_simple(element: etree._Element) -> bool:
    return _name_of(element.get(_INSTRUCTION, "")) in _FROZEN


def _shows(element: etree._Element) -> bool:
    return next(element.iter(*_SHOWN), None) is not None


def _has_frozen_outer(one: _Field) -> bool:
    """Whether a field within the code of another one goes with it."""
    return one.in_code and one.outer is not None and one.outer.is_frozen


def _fields(root: etree._Element) -> Iterator[_Field]:
    """Yield the complete fields that begin with a w:fldChar. Those in a text box are apart from those around it."""
    if next(root.iter(_CHAR), None) is None:
        return
    open_fields: dict[etree._Element, list[_Field]] = {}
    for element in root.iter(etree.Element):
        parent = element.getparent()
        if (
            parent is None
            or element.tag == _RUN_PROPERTIES
            or not (parent.tag == _RUN or element.tag == _CHAR)
        ):
            continue
        story = next((above for above in parent.iterancestors() if above.tag in _STORIES), root)
        if (done := _follow(element, open_fields.setdefault(story, []))) is not None:
            yield done


def _follow(element: etree._Element, stack: list[_Field]) -> _Field | None:
    """Add a child of a run to the fields that are open there; return the field that it ends."""
    kind = element.get(_TYPE) if element.tag == _CHAR else ""
    if kind == "begin":
        outer = stack[-1] if stack else None
        stack.append(_Field(outer, outer is not None and not outer.separated))
    for one in stack:
        (one.result if one.separated else one.before).append(element)
    if not stack:
        return None
    own = stack[-1]
    if kind:
        own.marks.append(element)
        own.separated = own.separated or kind == "separate"
    elif element.tag in (_CODE, _DELETED_CODE) and not own.separated:
        own.code.append(element.text or "")
    if kind != "end":
        return None
    stack.pop()
    if own.in_code:
        own.outer.inner.append(own)
    return own


def _freeze(one: _Field) -> None:
    """Remove a field around its result; within the code of another field, the result becomes part of that code."""
    for element in {*one.before, *one.marks}:
        _remove(element)
    if one.in_code:
        for element in one.result:
            if element.tag == _TEXT:
                element.tag = _CODE


def _remove(element: etree._Element) -> None:
    """Remove a child of a run, and the run if nothing else is in it."""
    run = element.getparent()
    if run is None:
        return  # removed with another field
    run.remove(element)
    if run.tag == _RUN and all(child.tag == _RUN_PROPERTIES for child in run) and run.getparent() is not None:
        run.getparent().remove(run)


def _unwrap(element: etree._Element) -> None:
    for child in element:
        if child.tag != _FIELD_DATA:
            element.addprevious(child)
    element.getparent().remove(element)
