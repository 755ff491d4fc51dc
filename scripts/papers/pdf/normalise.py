"""LibreOffice's PDF of a paper -> an accessible PDF (PDF/UA-1, PDF/A-2b), the same in each conversion.

LibreOffice writes the time of day, random ids and digests into a PDF. They are replaced by the date of the
paper and by digests of the content. Two PDFs of the same paper, version of LibreOffice and fonts have the
same bytes.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf

from papers.docx.package import Package
from papers.errors import UserError
from papers.pdf.tags import fix_tags

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OPTIONS = {"UseTaggedPDF": True, "PDFUACompliance": True, "SelectPdfVersion": 2, "ExportBookmarks": True}
_CORE = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "language": "{http://purl.org/dc/elements/1.1/}language",
    "date": "{http://purl.org/dc/terms/}created",
}
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_NO_DATE = "1980-01-01T00:00:00Z"  # as in the zip of a paper whose meeting has no date
_XMP_DATE = re.compile(rb"(<xmp:(?:CreateDate|ModifyDate|MetadataDate)>)[^<]*")
# Fonts with the same widths, so that lines and pages end at the same places.
_SAME_WIDTHS = {
    "arial": {"liberationsans", "arimo"},
    "timesnewroman": {"liberationserif", "tinos"},
    "couriernew": {"liberationmono", "cousine"},
    "calibri": {"carlito"},
    "cambria": {"caladea"},
}
_SYMBOLS = {"opensymbol", "symbol", "wingdings", "starsymbol"}  # for bullets of lists


@dataclass(frozen=True)
class DocumentProperties:
    """Properties of a .docx.

    `date` is like 2018-09-12T00:00:00Z; `alternatives` are the alternative texts of its charts and
    pictures, in order; `fonts` are the fonts that it names.
    """

    title: str
    language: str
    date: str
    alternatives: tuple[str, ...]
    fonts: frozenset[str]


def read_properties(docx: bytes) -> DocumentProperties:
    """Return the properties of a .docx."""
    package = Package.read(docx)
    core, body = package.xml("docProps/core.xml"), package.xml(package.main)
    styles = package.xml(package.related("styles"))
    properties = {name: core.findtext(tag, "") for name, tag in _CORE.items()}
    fonts = {f.get(f"{_WORD}ascii") for part in (styles, body) for f in part.iter(f"{_WORD}rFonts")}
    alternatives = tuple(picture.get("descr", "") for picture in body.iter(_PICTURE))
    return DocumentProperties(
        properties["title"],
        properties["language"],
        properties["date"] or _NO_DATE,
        alternatives,
        frozenset(filter(None, fonts)),
    )


@dataclass(frozen=True)
class NormalisedPdf:
    """A PDF, faults in it that its authors should fix, and fonts in it with other widths than the paper's."""

    data: bytes
    faults: tuple[str, ...]
    substitutes: tuple[str, ...]


def normalise(source: Path, paper: DocumentProperties, name: str) -> NormalisedPdf:
    """Return the PDF of a paper, given LibreOffice's PDF of it. `name` is the paper's path in messages.

    UserError if the PDF is broken or lacks what LibreOffice was asked for.
    """
    buffer = io.BytesIO()
    try:
        with pikepdf.open(source, attempt_recovery=False) as pdf:
            _check(pdf, paper, name)
            faults = fix_tags(pdf, paper.alternatives)
            _fix_dates(pdf, paper.date)
            if paper.language:
                pdf.Root.Lang = pikepdf.String(paper.language)
            fonts = substitutes(_fonts(pdf), paper.fonts)
            pdf.save(
                buffer,
                deterministic_id=True,
                fix_metadata_version=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,  # a third of the size
            )
    except pikepdf.PdfError as error:
        raise UserError(f"{name}: found a broken PDF; expected a whole one. Run make pdf again.") from error
    return NormalisedPdf(buffer.getvalue(), tuple(faults), tuple(fonts))


def _check(pdf: pikepdf.Pdf, paper: DocumentProperties, name: str) -> None:
    """Raise UserError if something is missing; an old LibreOffice ignores options that it does not know."""
    root, metadata = pdf.Root, pdf.Root.get("/Metadata")
    xmp = metadata.read_bytes() if metadata is not None else b""
    title = str(pdf.docinfo.get("/Title", ""))
    missing = {
        "pages": len(pdf.pages) == 0,
        "tags": "/StructTreeRoot" not in root or not root.get("/MarkInfo", {}).get("/Marked"),
        "the mark of PDF/UA-1": b"<pdfuaid:part>1<" not in xmp,
        "the mark of PDF/A-2b": b"<pdfaid:part>2<" not in xmp,
        f'the title "{paper.title}"': _without_spaces(title) != _without_spaces(paper.title),
    }
    if names := [what for what, is_missing in missing.items() if is_missing]:
        raise UserError(
            f"{name}: found a PDF without {', '.join(names)}; expected a tagged one. Install LibreOffice 7.4 or"
            " newer, then run make pdf again."
        )


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _fix_dates(pdf: pikepdf.Pdf, date: str) -> None:
    """Replace every time by the paper's date, like 2018-09-12T00:00:00Z, and remove old digests."""
    pdf.docinfo.CreationDate = f"D:{re.sub('[^0-9]', '', date)}Z"
    if "/ModDate" in pdf.docinfo:
        del pdf.docinfo["/ModDate"]
    for key in ("/DocChecksum", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    xmp = _XMP_DATE.sub(rb"\g<1>" + date.encode(), pdf.Root.Metadata.read_bytes())
    pdf.Root.Metadata = pdf.make_stream(xmp, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    numbers = [int(number) for number in re.findall(r"\d+", date)]
    for intent in pdf.Root.get("/OutputIntents", []):
        profile = bytearray(intent.DestOutputProfile.read_bytes())
        profile[24:36] = b"".join(number.to_bytes(2, "big") for number in numbers)  # date of the ICC profile
        profile[84:100] = bytes(16)  # its digest: none
        intent.DestOutputProfile.write(bytes(profile))


def _fonts(pdf: pikepdf.Pdf) -> set[str]:
    """Return the families of the embedded fonts: LiberationSans for /BAAAAA+LiberationSans-Bold."""
    descriptors = (o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o)
    return {str(o.FontName).split("+")[-1].lstrip("/").split("-")[0] for o in descriptors}


def substitutes(embedded: Iterable[str], named: Iterable[str]) -> list[str]:
    """Return the embedded fonts that replace a font of the paper and have other widths than it.

    `embedded` are the fonts of the PDF, `named` those that the paper names.
    """
    expected = {_plain(font) for font in named}
    accepted = expected | _SYMBOLS | {same for font in expected for same in _SAME_WIDTHS.get(font, ())}
    return sorted(font for font in embedded if _plain(font).removesuffix("mt") not in accepted)


def _plain(font: str) -> str:
    return re.sub(r"[^a-z0-9]", "", font.lower())
