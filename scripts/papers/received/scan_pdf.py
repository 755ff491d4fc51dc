"""Check a received PDF for what must not go into a paper, and for what its reader should know. Changes nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from papers.docx.active_content import ERROR, NOTE, WARNING, ScanResult
from papers.received.pdf_content import check_contents
from papers.received.pdf_reader import (
    FAULTS,
    MOST_CONTENT,
    PdfLimit,
    beyond_qpdf,
    is_beyond_a_limit,
    opened_pdf,
    unpacked,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikepdf import Object, Page, Pdf

_MOST_LINES = 200  # of a first page
READER = "pdftotext"  # of poppler: reads the first page, which may be a cover
_EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")
_MOST_NAMED = 5  # fonts in one message
_LARGEST_XMP = 1_000_000  # bytes of the file's metadata
_SECONDS = 5
_AGAIN = "Ask for it again, exported from Word as PDF."
_STREAM = re.compile(r"stream <[^>]*>:? ?")  # the name of a file that pikepdf got as bytes
_INVISIBLE = re.compile(rb"(?<![^\s\]>)])3\s+Tr(?![^\s\[<(/])")  # sets the mode that draws no text


def scan_pdf(data: bytes) -> ScanResult:
    """Scan a PDF. What could not be looked at is an error, but for a cover where the program READER is missing."""
    result = ScanResult()
    try:
        with opened_pdf(data) as pdf:
            for check in (_check_drawing, check_contents, _check_document):
                check(pdf, result)
            faults = pdf.get_warnings()
            if any(is_beyond_a_limit(fault) for fault in faults):
                raise beyond_qpdf()
    except pikepdf.PasswordError:
        todo = "Ask for it without a password, also without one for printing or copying."
        result.add("encrypted", ERROR, "", "an encrypted PDF", "one without a password", todo)
    except PdfLimit as error:
        todo = "Ask for it again, printed to PDF, or in several files."
        result.add("too-large", ERROR, "", f"{error}", "a PDF of the usual size of papers", todo)
    except FAULTS as error:
        if "no pages found" in str(error):
            result.add("no-pages", ERROR, "", "a PDF without pages", "a paper", "Ask for it again.")
            return result
        found = (
            f"a damaged PDF ({_STREAM.sub('', str(error))})"
            if b"%PDF-" in data[:1024]
            else "something that is not a PDF"
        )
        result.add("damaged", ERROR, "", found, "a readable PDF", _AGAIN)
    except RecursionError:
        result.add(
            "damaged", ERROR, "", "a PDF with lists within lists without end", "a readable PDF", _AGAIN
        )
    else:
        if faults:
            found, expected = "a PDF that breaks the rules of its format", "one that keeps them"
            result.add("faulty", WARNING, "", found, expected, _AGAIN)
        _add_first_page(data, result)
        return result
    result.not_run("The rest of the file", "it could not be read")
    return result


# What the pages draw


class _Drawing:
    """The fonts and pictures that pages draw. Every object is visited once, whatever refers to it."""

    def __init__(self) -> None:
        self.missing_fonts: dict[str, int] = {}  # name -> the first page with it
        self.any_font = False
        self.content = 0  # bytes that were unpacked
        self._visited: set[tuple[int, int]] = set()

    def visit_page(self, page: Page, number: int) -> bool:
        """Visit what a page draws; return whether it has text that is not shown, and no picture that shows it."""
        resources = _resources(page)
        self._visit_fonts(resources, number)
        return not _has_picture(resources) and self._has_invisible_text(page)

    def _is_new(self, item: Object) -> bool:
        if not item.is_indirect:
            return True
        known = item.objgen in self._visited
        self._visited.add(item.objgen)
        return not known

    def _visit_fonts(self, resources: Object, number: int) -> None:
        pending = [resources]
        while pending:
            found = pending.pop()
            if not self._is_new(found):
                continue
            for font in _values(found, "/Font"):
                if isinstance(font, Dictionary) and self._is_new(font):
                    self._visit_font(font, number)
            forms = (form for form in _values(found, "/XObject") if isinstance(form, Stream))
            inner = [f["/Resources"] for f in forms if self._is_new(f) and "/Resources" in f]
            pending += [one for one in inner if isinstance(one, Dictionary)]

    def _visit_font(self, font: Object, number: int) -> None:
        self.any_font = True
        descendants = font.get("/DescendantFonts")
        for one in list(descendants) if isinstance(descendants, Array) else [font]:
            if isinstance(one, Dictionary) and not _embedded(one):
                self.missing_fonts.setdefault(words(one.get("/BaseFont")) or "a font without name", number)

    def _has_invisible_text(self, page: Page) -> bool:
        contents = page.obj.get("/Contents")
        streams = list(contents) if isinstance(contents, Array) else [contents]
        has_it = False
        for stream in (one for one in streams if isinstance(one, Stream) and self._is_new(one)):
            data = unpacked(stream)
            self.content += len(data)
            if self.content > MOST_CONTENT:
                raise PdfLimit(f"pages that draw more than {MOST_CONTENT // 1_000_000} MB")
            has_it = has_it or _INVISIBLE.search(data) is not None
        return has_it


def _check_drawing(pdf: Pdf, result: ScanResult) -> None:
    """Report fonts that are not in the file, and text that is not shown.

    A paper without any font consists of pictures of pages.
    """
    drawing = _Drawing()
    hidden = [number for number, page in enumerate(pdf.pages, 1) if drawing.visit_page(page, number)]
    if missing := drawing.missing_fonts:
        names = sorted(missing)[:_MOST_NAMED]
        more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
        found = f"fonts that are not in the file ({', '.join(names)}{more})"
        place, todo = f"page {min(missing.values())}", "Ask for it with all fonts embedded."
        result.add("font-not-embedded", NOTE, place, found, "every font in the file", todo)
    if hidden:
        todo = "Ask for it without, or printed to PDF."
        result.add("hidden-text", WARNING, f"page {hidden[0]}", "text that is not shown", "none", todo)
    if not drawing.any_font:
        found, expected = "pages without any text (a scan?)", "text that can be searched and read aloud"
        result.add("no-text", NOTE, "", found, expected, _AGAIN)


def _resources(page: Page) -> Object:
    """The resources of a page, which it may have from the tree above it."""
    found = page.resources
    return found if isinstance(found, Dictionary) else Dictionary()


def _values(dictionary: Object, key: str) -> Iterator[Object]:
    inner = dictionary.get(key)
    if isinstance(inner, Dictionary):
        yield from (value for _, value in inner.items())


def _has_picture(resources: Object) -> bool:
    """Whether a page draws a picture, or a form that may have one: scans have their text below it."""
    return any(isinstance(one, Stream) for one in _values(resources, "/XObject"))


def _embedded(font: Object) -> bool:
    descriptor = font.get("/FontDescriptor")
    drawn = font.get("/Subtype") == Name.Type3  # its glyphs are drawings in the file
    return drawn or (isinstance(descriptor, Dictionary) and any(key in descriptor for key in _EMBEDDED))


# The document


def _check_document(pdf: Pdf, result: ScanResult) -> None:
    """Check the title, tags, language and signature."""
    if not _title(pdf):
        todo = "Nothing to do: the paper gets the title of its entry."
        result.add("no-title", NOTE, "the file's properties", "no title", "the title of the paper", todo)
    marked = pdf.Root.get("/MarkInfo")
    is_marked = isinstance(marked, Dictionary) and marked.get("/Marked") is True
    if not is_marked or "/StructTreeRoot" not in pdf.Root:
        expected = "tags, which screen readers need"
        result.add("not-tagged", NOTE, "", "a PDF without tags", expected, _AGAIN)
    result.languages = {words(pdf.Root.get("/Lang")): 1}
    form = pdf.Root.get("/AcroForm")
    flags = form.get("/SigFlags", 0) if isinstance(form, Dictionary) else 0
    if isinstance(flags, int) and flags & 1:
        found, todo = "a digital signature", "Nothing to do: with its cover the paper is unsigned."
        result.add("signature", NOTE, "", found, "none, as no signature outlasts the cover", todo)


def _title(pdf: Pdf) -> str:
    if title := words(pdf.docinfo.get("/Title")).strip():
        return title
    metadata = pdf.Root.get("/Metadata")
    if not isinstance(metadata, Stream):
        return ""
    xmp = unpacked(metadata)
    if len(xmp) > _LARGEST_XMP or b"<!" in xmp:
        return ""
    with pdf.open_metadata() as found:
        return str(found.get("dc:title") or "").strip()


def _add_first_page(data: bytes, result: ScanResult) -> None:
    """Add the lines of the first page, which may be a cover."""
    program = shutil.which(READER)
    if program is None:
        result.not_run("A cover in the file", f"{READER} is missing: apt-get install poppler-utils")
        return
    try:
        command = [program, "-layout", "-l", "1", "-", "-"]
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        found = f"a first page that {READER} cannot read within {_SECONDS} seconds"
        result.add("unreadable-page", ERROR, "page 1", found, "text that every reader can show", _AGAIN)
        return
    result.first_page = done.stdout.decode("utf-8", "replace").splitlines()[:_MOST_LINES]
