"""Check a received PDF for what must not go into a paper, and for what its reader should know. Changes nothing."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from papers.docx.active_content import ERROR, WARNING, ScanResult
from papers.received.scan_docx import cover_of

if TYPE_CHECKING:
    from collections.abc import Iterator

READER = "pdftotext"  # of poppler: reads the first page, which may be a cover
_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/GoToE"}
_FILES = {"/FileAttachment", "/RichMedia", "/Screen", "/3D"}
_EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")
_DEEPEST = 12  # levels of direct objects, and of forms within forms
_MOST_OBJECTS = 300_000
_SECONDS = 10
_AGAIN = "Ask for it again, exported from Word as PDF."


def scan_pdf(data: bytes) -> ScanResult:
    """Scan a PDF. A check that cannot run has a finding that says so."""
    result = ScanResult()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise pikepdf.PasswordError
            for check in (_check_pages, _check_fonts, _check_contents, _check_document):
                check(pdf, result)
            faults = pdf.get_warnings()
    except pikepdf.PasswordError:
        todo = "Ask for it without a password, also without one for printing or copying."
        result.add("encrypted", ERROR, "", "an encrypted PDF", "one without a password", todo)
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError) as error:
        found = f"a damaged PDF ({error})" if b"%PDF-" in data[:1024] else "something that is not a PDF"
        result.add("damaged", ERROR, "", found, "a readable PDF", _AGAIN)
    else:
        if faults:
            result.add(
                "faulty",
                WARNING,
                "",
                "a PDF that breaks the rules of its format",
                "one that keeps them",
                _AGAIN,
            )
        _check_cover(data, result)
        return result
    result.not_run("The rest of the file", "it could not be read")
    return result


def _check_pages(pdf: Pdf, result: ScanResult) -> None:
    if not len(pdf.pages):
        result.add("no-pages", ERROR, "", "a PDF without pages", "a paper", "Ask for it again.")


def _check_fonts(pdf: Pdf, result: ScanResult) -> None:
    """Report fonts that are not in the file; a paper without any font consists of pictures of pages."""
    missing, any_font = {}, False
    for number, page in enumerate(pdf.pages, 1):
        for font in _fonts_of(page.obj.get("/Resources") or Dictionary(), 0):
            any_font = True
            if not _embedded(font):
                missing.setdefault(str(font.get("/BaseFont", "a font without name")).lstrip("/"), number)
    for name, number in sorted(missing.items()):
        found, todo = f"the font {name}, which is not in the file", "Ask for it with all fonts embedded."
        result.add("font-not-embedded", WARNING, f"page {number}", found, "every font in the file", todo)
    if len(pdf.pages) and not any_font:
        found, expected = "pages without any text (a scan?)", "text that can be searched and read aloud"
        result.add("no-text", WARNING, "", found, expected, _AGAIN)


def _fonts_of(resources: Object, depth: int) -> Iterator[Dictionary]:
    """The fonts of a page and of the form XObjects that it draws."""
    for font in (resources.get("/Font") or Dictionary()).values():
        yield from font.get("/DescendantFonts") or [font]
    forms = (resources.get("/XObject") or Dictionary()).values() if depth < _DEEPEST else ()
    for form in forms:
        if form.get("/Subtype") == "/Form" and "/Resources" in form:
            yield from _fonts_of(form["/Resources"], depth + 1)


def _embedded(font: Dictionary) -> bool:
    descriptor = font.get("/FontDescriptor")
    drawn = font.get("/Subtype") == "/Type3"  # its glyphs are drawings in the file
    return drawn or (descriptor is not None and any(key in descriptor for key in _EMBEDDED))


def _check_contents(pdf: Pdf, result: ScanResult) -> None:
    """Report actions that run by themselves, and files inside the file."""
    if len(pdf.objects) > _MOST_OBJECTS:
        result.not_run("Actions and files inside", f"more than {_MOST_OBJECTS} objects")
        return
    actions, files = set(), False
    for entry in _dictionaries(pdf):
        if entry.get("/S") in _ACTIONS:
            actions.add(str(entry["/S"]).lstrip("/"))
        actions |= {"JavaScript"} if "/JS" in entry else set()
        files = files or "/EmbeddedFiles" in entry or "/EF" in entry or entry.get("/Subtype") in _FILES
    if actions:
        found, todo = f"actions ({', '.join(sorted(actions))})", "Ask for it without scripts and actions."
        result.add("actions", ERROR, "", found, "a PDF that does nothing by itself", todo)
    if files:
        found, todo = "files or media inside the file", "Ask for each as a paper of its own, or without."
        result.add("embedded-file", ERROR, "", found, "a paper without files in it", todo)


def _dictionaries(pdf: Pdf) -> Iterator[Dictionary]:
    """Every dictionary of the file; objects that an object refers to come by themselves."""
    for item in pdf.objects:
        yield from _within(item, 0)


def _within(item: Object, depth: int) -> Iterator[Dictionary]:
    if depth > _DEEPEST:
        raise ValueError("objects nested too deeply")
    if isinstance(item, Stream):
        item = item.stream_dict
    if isinstance(item, Dictionary):
        yield item
        inner = [value for _, value in item.items()]
    else:
        inner = list(item) if isinstance(item, Array) else []
    for value in inner:
        if isinstance(value, (Array, Dictionary)) and not value.is_indirect:
            yield from _within(value, depth + 1)


def _check_document(pdf: Pdf, result: ScanResult) -> None:
    """Check the title, tags, language, signature and forms."""
    if not _title(pdf):
        todo = "Nothing to do: the paper gets the title of its entry."
        result.add("no-title", WARNING, "the file's properties", "no title", "the title of the paper", todo)
    marked = pdf.Root.get("/MarkInfo") or Dictionary()
    if not bool(marked.get("/Marked", False)) or "/StructTreeRoot" not in pdf.Root:
        expected = "tags, which screen readers need"
        result.add("not-tagged", WARNING, "", "a PDF without tags", expected, _AGAIN)
    language = str(pdf.Root.get("/Lang", ""))
    result.languages = {language: 1}
    form = pdf.Root.get("/AcroForm") or Dictionary()
    if int(form.get("/SigFlags", 0)) & 1:
        found, todo = "a digital signature", "Nothing to do: with its cover the paper is unsigned."
        result.add("signature", WARNING, "", found, "none, as no signature outlasts the cover", todo)
    if "/XFA" in form:
        found, todo = "a form that only some readers show (XFA)", "Ask for it printed to PDF."
        result.add("form", ERROR, "", found, "pages that every reader shows", todo)


def _title(pdf: Pdf) -> str:
    with pdf.open_metadata() as metadata:
        return str(metadata.get("dc:title") or pdf.docinfo.get("/Title", "")).strip()


def _check_cover(data: bytes, result: ScanResult) -> None:
    """Check whether the text of the first page is that of a cover."""
    program = shutil.which(READER)
    if program is None:
        result.not_run("A cover in the file", f"{READER} is missing: apt-get install poppler-utils")
        return
    try:
        command = [program, "-layout", "-l", "1", "-", "-"]
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        result.not_run("A cover in the file", f"{READER} could not read the first page: {error}")
        return
    result.cover = cover_of(done.stdout.decode("utf-8", "replace").splitlines())
