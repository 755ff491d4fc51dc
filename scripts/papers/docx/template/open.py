"""Open a template with python-docx, after checking that nothing in it is active, linked or inconsistent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.packuri import PackURI
from lxml import etree

from papers import safety
from papers.docx.active_content import find_active_content, why_not_word
from papers.docx.package import Package, PackageError, find_unresolved_ids
from papers.evaluation import ExpressionError
from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from docx.document import Document as DocumentObject
    from docx.opc.part import Part

# What python-docx and this package raise for a file whose parts contradict each other.
INCONSISTENT = (
    OpcError,
    KeyError,
    ValueError,
    AttributeError,
    IndexError,
    TypeError,
    StopIteration,
    RecursionError,
    NotImplementedError,  # python-docx, of a template without lists
    etree.LxmlError,
)
_SAVE = "Save it in Word as Word Document (.docx)."
_SAVE_AGAIN = "Open it in Word and save it again as Word Document (.docx)."
_TODO = {  # by the code of the finding
    "macros": "Save it in Word as Word Document (.docx), which has none.",
    "active-content": "Delete the controls in Word (Developer, Design Mode).",
    "web-extension": "Remove the add-in (Word: Insert, My Add-ins) and save it.",
    "attached-template": "Attach Normal.dotm to it (Word: Developer, Document Template).",
    "linked-content": "Put the thing itself there (Word: File, Info, Edit Links to Files, Break Link).",
    "linked-chart": "Break the link of the chart (Word: File, Info, Edit Links to Files).",
    "missing-picture": "Delete the picture in Word, or insert it again.",
    "link-to-file": "Delete the link, or link an address.",
    "unsafe-link": "Delete the link, or link an address.",
    "incomplete-link": "Put https:// before the address (Word: Edit Hyperlink).",
    "embedded-file": "Delete it in Word.",
    "foreign-text": _SAVE_AGAIN,
    "mail-merge": "Make it a normal document (Word: Mailings, Start Mail Merge, Normal Word Document).",
    "active-field": "Delete the field (Word: Alt+F9 shows fields).",
    "unknown-part": _SAVE_AGAIN,
    "ambiguous-part": _SAVE_AGAIN,
}
_HARMLESS = ("chart-data", "left-out", "signature")  # in a template


def open_template(path: Path, file: str, problems: Problems) -> DocumentObject | None:
    """Open a template. Return None, and add problems, if it can't be used; `file`: its name in the problems."""
    before = len(problems.found)
    try:
        with path.open("rb") as there:
            data = there.read(safety.MAX_PACKED + 1)
    except OSError:
        todo = "Add the file; templates/README.md says how."
        problems.add(Place(file), "no-template", "no such file", "a Word document", todo)
        return None
    try:
        document = _document(data, file, problems)
    except PackageError as error:
        problems.add(Place(file), "no-template", str(error), "a Word document", _SAVE)
    except INCONSISTENT:
        found = "something that is not a Word document"
        problems.add(Place(file), "no-template", found, "a Word document", _SAVE)
    return document if len(problems.found) == before else None


def _document(data: bytes, file: str, problems: Problems) -> DocumentObject | None:
    if not data.startswith(b"PK"):
        raise PackageError("something that is not a Word document")
    package = Package.read(data)
    if wrong := why_not_word(package):
        raise PackageError(wrong)
    found = [one for one in find_active_content(package) if one.code not in _HARMLESS]
    for finding in found:
        place = Place(file, part=finding.place)
        problems.add(place, finding.code, finding.found, finding.expected, _TODO[finding.code])
    if found:
        return None
    if missing := find_unresolved_ids(package):
        _report_unresolved(missing, file, problems)
        return None
    document = Document(safety.as_zip(package.parts))
    _give_usual_names(document)
    return document


def _report_unresolved(missing: list[tuple[str, str]], file: str, problems: Problems) -> None:
    parts = ", ".join(f"{name}: {id_}" for name, id_ in missing[:3])
    found = f"a reference to a picture, link or part that is not in the file ({parts})"
    todo = "Delete the empty frame or link in Word, insert it again, and save."
    problems.add(Place(file), "unresolved", found, "a document that has all that it refers to", todo)


def _give_usual_names(document: DocumentObject) -> None:
    """Name the parts that filling writes as Word does; Word Online calls the text word/document2.xml."""
    usual = {document.part: "/word/document.xml"}
    for relationship in document.part.rels.values():
        if relationship.reltype in (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.NUMBERING):
            kind = relationship.reltype.rsplit("/", 1)[-1]
            usual.setdefault(relationship.target_part, f"/word/{kind}.xml")
    for part, name in usual.items():
        if part.partname != name:
            _make_free(name, document.part.package.iter_parts())
            part.partname = PackURI(name)


def _make_free(name: str, parts: Iterable[Part]) -> None:
    parts = list(parts)
    names = {part.partname for part in parts}
    for part in parts:
        if part.partname == name:
            stem = name.removesuffix(".xml")
            part.partname = next(
                PackURI(free) for at in range(2, 10_000) if (free := f"{stem}{at}.xml") not in names
            )


def report_inconsistent(error: Exception, file: str, problems: Problems, others: Iterable[str] = ()) -> None:
    """Report a template that opens, but whose tags or parts contradict each other.

    `others`: the templates that it was joined with, which may have the fault as well.
    """
    if isinstance(error, ExpressionError):
        problems.add(Place(file), error.kind, error.found, error.expected, error.todo)
        return
    joined = f" with {', '.join(others)}" if others else ""
    found = (
        f"a document whose parts do not fit together{joined} ({type(error).__name__}: {quoted(error, 80)})"
    )
    todo = "Open it in Word and save it again; if that does not help, start from the shipped template, or report this."
    problems.add(Place(file), "inconsistent", found, "a document as Word writes it", todo)
