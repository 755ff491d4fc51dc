"""A meeting's papers -> its PDFs: only changed papers are converted, with one start of LibreOffice."""

from __future__ import annotations

import json
import tempfile
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from papers.pdf import libreoffice, normalise, tags
from papers.store.files import digest, to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_INSTALL_FONTS = (
    "apt-get install fonts-liberation (macOS: brew install --cask font-liberation; Windows has Arial)"
)


class MeetingPdfs:
    """The PDFs of one meeting.

    `papers` is the folder of papers and `folder` that of PDFs. `record` is a file that says from which
    paper and with which programs each PDF was converted. `converter` describes LibreOffice and the fonts,
    see libreoffice.version.
    """

    def __init__(self, papers: Path, folder: Path, record: Path, converter: str):
        self.papers, self.folder, self.record = papers, folder, record
        self.made_with = f"{converter}, pikepdf {version('pikepdf')}, program {_code_digest()}"
        self.known = json.loads(record.read_bytes()) if record.exists() else {}
        self.notices: list[str] = []

    def convert(self, papers: Sequence[Mapping[str, str]], processes: int = 1) -> list[tuple[dict, bytes]]:
        """Return (facts, bytes) of each paper's PDF, in order.

        The facts are those of the paper, with the path of the PDF.

        `papers` are as in the manifest of the rule `fill`. OfficeError or PdfError if one cannot be
        converted.
        """
        pdfs = {paper["file"]: data for paper in papers if (data := self._up_to_date(paper)) is not None}
        missing = [paper["file"] for paper in papers if paper["file"] not in pdfs]
        if missing:
            pdfs |= self._convert_files(missing, processes)
        return [
            ({**paper, "kind": "pdf", "file": pdf_path(paper["file"])}, pdfs[paper["file"]])
            for paper in papers
        ]

    def save_record(self, papers: Sequence[Mapping[str, str]], pdfs: Sequence[tuple[dict, bytes]]) -> None:
        """Write the record of these PDFs, once they are delivered."""
        record = {
            paper["file"]: {"of": paper["sha256"], "with": self.made_with, "sha256": digest(data)}
            for paper, (_, data) in zip(papers, pdfs, strict=True)
        }
        write_atomic(self.record, to_json(record))

    def _up_to_date(self, paper: Mapping[str, str]) -> bytes | None:
        """Return the delivered PDF if it is unedited and converted from this paper with these programs."""
        known = self.known.get(paper["file"], {})
        if (known.get("of"), known.get("with")) != (paper["sha256"], self.made_with):
            return None
        try:
            data = (self.folder / pdf_path(paper["file"])).read_bytes()
        except OSError:
            return None
        return data if digest(data) == known["sha256"] else None

    def _convert_files(self, files: list[str], processes: int) -> dict[str, bytes]:
        """Return path of a paper -> its new PDF."""
        sources = [self.papers / file for file in files]
        with tempfile.TemporaryDirectory(prefix="forum-papers-") as folder:
            converted = libreoffice.convert(sources, Path(folder), normalise.OPTIONS, processes)
            pdfs = {
                file: normalise.normalise(
                    pdf, normalise.read_properties(source.read_bytes()), source.as_posix()
                )
                for file, source, pdf in zip(files, sources, converted, strict=True)
            }
        self._add_notices(pdfs)
        return {file: pdf.data for file, pdf in pdfs.items()}

    def _add_notices(self, pdfs: Mapping[str, normalise.NormalisedPdf]) -> None:
        for file, pdf in pdfs.items():
            self.notices += [f"outputs/pdf/{pdf_path(file)}: {fault}" for fault in pdf.faults]
        if fonts := sorted({font for pdf in pdfs.values() for font in pdf.substitutes}):
            self.notices.append(
                f"outputs/pdf: found PDFs set in {', '.join(fonts)}; expected the fonts of the papers, which this"
                " computer lacks, so lines and pages end elsewhere than in Word. Install the fonts:"
                f" {_INSTALL_FONTS}; then run make pdf."
            )


def pdf_path(paper: str) -> str:
    """Return the path of a paper's PDF below outputs/pdf."""
    return PurePosixPath(paper).with_suffix(".pdf").as_posix()


def _code_digest() -> str:
    """Return a digest of the modules that a PDF depends on."""
    modules = (libreoffice, normalise, tags)
    return digest(b"".join(Path(module.__file__).read_bytes() for module in modules))[:16]
