"""A template's file -> a document of python-docx, once nothing in it runs, reaches out or deceives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx import Document
from docx.opc.exceptions import OpcError
from lxml import etree

from papers import safety
from papers.docx.active_content import find_active_content, why_not_word
from papers.docx.package import Package, PackageError
from papers.docx.template.expressions import TagError
from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# What python-docx and we ourselves stumble over in a package whose parts contradict each other.
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
_MEND = {
    "macros": "Save it in Word as Word Document (.docx), which has none.",
    "active-content": "Delete the controls in Word (Developer, Design Mode).",
    "template-elsewhere": "Attach Normal.dotm to it (Word: Developer, Document Template).",
    "lies-elsewhere": "Put the thing itself there (Word: File, Info, Edit Links to Files, Break Link).",
    "link-to-file": "Delete the link, or link an address.",
    "link-that-runs": "Delete the link, or link an address.",
    "file-inside": "Delete it in Word.",
    "foreign-text": "Open it in Word and save it again.",
    "field-reaches-out": "Delete the field (Word: Alt+F9 shows fields).",
}


def open_template(path: Path, file: str, problems: Problems) -> Document | None:
    """The document, or None and what is wrong with its file, which people are told as `file`."""
    before = len(problems.found)
    try:
        with path.open("rb") as there:
            data = there.read(safety.MAX_PACKED + 1)
    except OSError:
        todo = "Put it there: templates/README.md says how."
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


def _document(data: bytes, file: str, problems: Problems) -> Document | None:
    if not data.startswith(b"PK"):
        raise PackageError("something that is not a Word document")
    package = Package.read(data)
    if wrong := why_not_word(package):
        raise PackageError(wrong)
    if found := find_active_content(package):
        for finding in found:
            problems.add(Place(file), finding.code, finding.found, finding.expected, _MEND[finding.code])
        return None
    return Document(safety.as_zip(package.parts))


def report_inconsistent(error: Exception, file: str, problems: Problems, others: Iterable[str] = ()) -> None:
    """A package that opens, but whose tags or parts contradict each other, so that no paper can be made of it.

    `others` are the templates that it was joined with, in which the fault may be as well.
    """
    if isinstance(error, TagError):
        problems.add(Place(file), error.kind, error.found, error.expected, error.todo)
        return
    joined = f" with {', '.join(others)}" if others else ""
    found = (
        f"a document whose parts do not fit together{joined} ({type(error).__name__}: {quoted(error, 80)})"
    )
    todo = (
        "Open it in Word and save it again; if it stays so, begin with the shipped template, or report this."
    )
    problems.add(Place(file), "not-fitting", found, "a document as Word writes it", todo)
