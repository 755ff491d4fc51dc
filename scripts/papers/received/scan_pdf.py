"""What a received PDF holds that a paper must not, or that its reader should be told. Looks only; changes nothing."""

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

READER = "pdftotext"  # of poppler: reads the first page, where a cover of its own may be
_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/GoToE"}
_FILES = {"/FileAttachment", "/RichMedia", "/Screen", "/3D"}
_EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")
_DEEPEST = 12  # levels of direct objects, and of forms within forms
_MOST_OBJECTS = 300_000
_SECONDS = 10
_AGAIN = "Ask for it again, exported from Word as PDF."


def scan_pdf(data: bytes) -> ScanResult:
    """The facts of a PDF. A check that can't run is told as not run."""
    facts = ScanResult()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise pikepdf.PasswordError
            for check in (_pages, _fonts, _contents, _about):
                check(pdf, facts)
            faults = pdf.get_warnings()
    except pikepdf.PasswordError:
        todo = "Ask for it without a password, also without one for printing or copying."
        facts.add("encrypted", ERROR, "", "an encrypted PDF", "one without a password", todo)
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError) as error:
        found = f"a damaged PDF ({error})" if b"%PDF-" in data[:1024] else "something that is not a PDF"
        facts.add("damaged", ERROR, "", found, "a readable PDF", _AGAIN)
    else:
        if faults:
            facts.add("faulty", WARNING, "", "a PDF with faults of form", "one without any", _AGAIN)
        _cover(data, facts)
        return facts
    facts.not_run("The rest of the file", "it could not be read")
    return facts


def _pages(pdf: Pdf, facts: ScanResult) -> None:
    if not len(pdf.pages):
        facts.add("no-pages", ERROR, "", "a PDF without pages", "a paper", "Ask for it again.")


def _fonts(pdf: Pdf, facts: ScanResult) -> None:
    """Fonts that every reader's system would have to have; a paper without any font is pictures of pages."""
    missing, any_font = {}, False
    for number, page in enumerate(pdf.pages, 1):
        for font in _fonts_of(page.obj.get("/Resources") or Dictionary(), 0):
            any_font = True
            if not _embedded(font):
                missing.setdefault(str(font.get("/BaseFont", "a font without name")).lstrip("/"), number)
    for name, number in sorted(missing.items()):
        found, todo = f"the font {name}, which is not in the file", "Ask for it with all fonts embedded."
        facts.add("font-not-embedded", WARNING, f"page {number}", found, "every font in the file", todo)
    if len(pdf.pages) and not any_font:
        found, expected = "pages without any text (a scan?)", "text that can be searched and read aloud"
        facts.add("no-text", WARNING, "", found, expected, _AGAIN)


def _fonts_of(resources: Object, depth: int) -> Iterator[Dictionary]:
    """The fonts of a page and of the forms that it draws."""
    for font in (resources.get("/Font") or Dictionary()).values():
        yield from font.get("/DescendantFonts") or [font]
    forms = (resources.get("/XObject") or Dictionary()).values() if depth < _DEEPEST else ()
    for form in forms:
        if form.get("/Subtype") == "/Form" and "/Resources" in form:
            yield from _fonts_of(form["/Resources"], depth + 1)


def _embedded(font: Dictionary) -> bool:
    descriptor = font.get("/FontDescriptor")
    drawn = font.get("/Subtype") == "/Type3"  # its letters are drawings in the file
    return drawn or (descriptor is not None and any(key in descriptor for key in _EMBEDDED))


def _contents(pdf: Pdf, facts: ScanResult) -> None:
    """What acts by itself, and files inside the file."""
    if len(pdf.objects) > _MOST_OBJECTS:
        facts.not_run("Actions and files inside", f"more than {_MOST_OBJECTS} objects")
        return
    actions, files = set(), False
    for one in _dictionaries(pdf):
        if one.get("/S") in _ACTIONS:
            actions.add(str(one["/S"]).lstrip("/"))
        actions |= {"JavaScript"} if "/JS" in one else set()
        files = files or "/EmbeddedFiles" in one or "/EF" in one or one.get("/Subtype") in _FILES
    if actions:
        found, todo = f"actions ({', '.join(sorted(actions))})", "Ask for it without scripts and actions."
        facts.add("actions", ERROR, "", found, "a PDF that does nothing by itself", todo)
    if files:
        found, todo = "files or media inside the file", "Ask for each as a paper of its own, or without."
        facts.add("file-inside", ERROR, "", found, "a paper without files in it", todo)


def _dictionaries(pdf: Pdf) -> Iterator[Dictionary]:
    """Every dictionary of the file; what an object refers to is an object of its own."""
    for one in pdf.objects:
        yield from _within(one, 0)


def _within(one: Object, depth: int) -> Iterator[Dictionary]:
    if depth > _DEEPEST:
        raise ValueError("objects nested too deeply")
    if isinstance(one, Stream):
        one = one.stream_dict
    if isinstance(one, Dictionary):
        yield one
        inner = [value for _, value in one.items()]
    else:
        inner = list(one) if isinstance(one, Array) else []
    for value in inner:
        if isinstance(value, (Array, Dictionary)) and not value.is_indirect:
            yield from _within(value, depth + 1)


def _about(pdf: Pdf, facts: ScanResult) -> None:
    """Title, tags, language, forms."""
    if not _title(pdf):
        todo = "Nothing to do: the paper gets the title of its entry."
        facts.add("no-title", WARNING, "the file's properties", "no title", "the title of the paper", todo)
    marked = pdf.Root.get("/MarkInfo") or Dictionary()
    if not bool(marked.get("/Marked", False)) or "/StructTreeRoot" not in pdf.Root:
        expected = "tags, which those who have it read aloud need"
        facts.add("not-tagged", WARNING, "", "a PDF without tags", expected, _AGAIN)
    language = str(pdf.Root.get("/Lang", ""))
    facts.languages = {language: 1}
    form = pdf.Root.get("/AcroForm") or Dictionary()
    if int(form.get("/SigFlags", 0)) & 1:
        found, todo = "a digital signature", "Nothing to do: with its cover the paper is unsigned."
        facts.add("signature", WARNING, "", found, "none, as no signature outlasts the cover", todo)
    if "/XFA" in form:
        found, todo = "a form that only some readers show (XFA)", "Ask for it printed to PDF."
        facts.add("form", ERROR, "", found, "pages that every reader shows", todo)


def _title(pdf: Pdf) -> str:
    with pdf.open_metadata() as metadata:
        return str(metadata.get("dc:title") or pdf.docinfo.get("/Title", "")).strip()


def _cover(data: bytes, facts: ScanResult) -> None:
    """A cover of its own, as the text of the first page shows it."""
    program = shutil.which(READER)
    if program is None:
        facts.not_run("A cover of its own", f"{READER} is missing: apt-get install poppler-utils")
        return
    try:
        command = [program, "-layout", "-l", "1", "-", "-"]
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        facts.not_run("A cover of its own", f"{READER} could not read the first page: {error}")
        return
    facts.cover = cover_of(done.stdout.decode("utf-8", "replace").splitlines())
