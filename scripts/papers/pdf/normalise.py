"""A paper's PDF as LibreOffice made it -> one that is the same everywhere, and whole for screen readers (PDF/UA-1, PDF/A-2b).

LibreOffice writes the time of day, random names and digests into a PDF: they give way to the date of the paper and to
digests of the content. Two PDFs of the same paper, version of LibreOffice and fonts have the same bytes.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf

from papers.docx.package import Package
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
# Fonts of the same widths, so that lines and pages turn at the same places.
_AS_WIDE = {
    "arial": {"liberationsans", "arimo"},
    "timesnewroman": {"liberationserif", "tinos"},
    "couriernew": {"liberationmono", "cousine"},
    "calibri": {"carlito"},
    "cambria": {"caladea"},
}
_SYMBOLS = {"opensymbol", "symbol", "wingdings", "starsymbol"}  # marks of lists


class PdfError(Exception):
    """A PDF that does not hold what it should; told to the user as it is."""


@dataclass(frozen=True)
class DocumentProperties:
    """What a .docx says of itself. `alternatives`: the texts of its charts and pictures; `fonts`: those it names."""

    title: str
    language: str
    date: str
    alternatives: tuple[str, ...]
    fonts: frozenset[str]


def facts(paper: bytes) -> DocumentProperties:
    """The facts of a .docx."""
    package = Package.read(paper)
    core, body = package.xml("docProps/core.xml"), package.xml(package.main)
    styles = package.xml(package.related("styles"))
    said = {name: core.findtext(tag, "") for name, tag in _CORE.items()}
    named = {f.get(f"{_WORD}ascii") for part in (styles, body) for f in part.iter(f"{_WORD}rFonts")}
    described = tuple(picture.get("descr", "") for picture in body.iter(_PICTURE))
    return DocumentProperties(
        said["title"],
        said["language"],
        said["date"] or _NO_DATE,
        described,
        frozenset(filter(None, named)),
    )


@dataclass(frozen=True)
class Finished:
    """A PDF; what its authors should fix, in words; the fonts in it that stand for wider or narrower ones."""

    data: bytes
    faults: tuple[str, ...]
    substitutes: tuple[str, ...]


def normalise(made: Path, paper: DocumentProperties, name: str) -> Finished:
    """The PDF of a paper, from LibreOffice's. `name` is how the user knows the paper.

    PdfError where the PDF is broken or is not what LibreOffice was asked for.
    """
    buffer = io.BytesIO()
    try:
        with pikepdf.open(made, attempt_recovery=False) as pdf:
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
        raise PdfError(f"{name}: found a broken PDF; expected a whole one. Run make pdf again.") from error
    return Finished(buffer.getvalue(), tuple(faults), tuple(fonts))


def _check(pdf: pikepdf.Pdf, paper: DocumentProperties, name: str) -> None:
    """An old or strange LibreOffice leaves out what it does not know, and says nothing."""
    root, metadata = pdf.Root, pdf.Root.get("/Metadata")
    xmp = metadata.read_bytes() if metadata is not None else b""
    lacks = {
        "pages": len(pdf.pages) == 0,
        "tags": "/StructTreeRoot" not in root or not root.get("/MarkInfo", {}).get("/Marked"),
        "the mark of PDF/UA-1": b"<pdfuaid:part>1<" not in xmp,
        "the mark of PDF/A-2b": b"<pdfaid:part>2<" not in xmp,
        f'the title "{paper.title}"': _squeezed(str(pdf.docinfo.get("/Title", ""))) != _squeezed(paper.title),
    }
    if missing := [what for what, lacking in lacks.items() if lacking]:
        raise PdfError(
            f"{name}: found a PDF without {', '.join(missing)}; expected a tagged one. Install LibreOffice 7.4 or newer,"
            " then run make pdf again."
        )


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _fix_dates(pdf: pikepdf.Pdf, date: str) -> None:
    """The paper's date, like 2018-09-12T00:00:00Z, for every clock that was read; no digest of what was there before."""
    pdf.docinfo.CreationDate = f"D:{re.sub('[^0-9]', '', date)}Z"
    if "/ModDate" in pdf.docinfo:
        del pdf.docinfo["/ModDate"]
    for key in ("/DocChecksum", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    said = _XMP_DATE.sub(rb"\g<1>" + date.encode(), pdf.Root.Metadata.read_bytes())
    pdf.Root.Metadata = pdf.make_stream(said, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    numbers = [int(number) for number in re.findall(r"\d+", date)]
    for intent in pdf.Root.get("/OutputIntents", []):
        profile = bytearray(intent.DestOutputProfile.read_bytes())
        profile[24:36] = b"".join(number.to_bytes(2, "big") for number in numbers)  # date of the ICC profile
        profile[84:100] = bytes(16)  # its digest: none
        intent.DestOutputProfile.write(bytes(profile))


def _fonts(pdf: pikepdf.Pdf) -> set[str]:
    """The families of the embedded fonts: of /BAAAAA+LiberationSans-Bold, LiberationSans."""
    descriptors = (o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o)
    return {str(o.FontName).split("+")[-1].lstrip("/").split("-")[0] for o in descriptors}


def substitutes(embedded: Iterable[str], named: Iterable[str]) -> list[str]:
    """The fonts that stand for one that a paper names and this machine lacks, and that are not as wide as it."""
    expected = {_plain(font) for font in named}
    right = expected | _SYMBOLS | {same for font in expected for same in _AS_WIDE.get(font, ())}
    return sorted(font for font in embedded if _plain(font).removesuffix("mt") not in right)


def _plain(font: str) -> str:
    return re.sub(r"[^a-z0-9]", "", font.lower())
