"""A meeting's papers -> its PDFs: only those that are not cached are converted, with one start of LibreOffice."""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from papers.docx import offline_copy
from papers.pdf import libreoffice, normalise, offline_profile, tags
from papers.store.cache import cache_key
from papers.store.files import digest
from papers.store.output_files import PAPERS
from papers.store.work_files import pdf_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from papers.store.cache import Cache
    from papers.store.files import BuiltFile

_INSTALL_FONTS = (
    "apt-get install fonts-liberation (macOS: brew install --cask font-liberation; Windows has Arial)"
)


class MeetingPdfs:
    """The PDFs of one meeting.

    `files` maps the path of each paper to its file below outputs/work, `cache` has the PDFs of this meeting.
    `converter` describes LibreOffice and the fonts, see libreoffice.version.
    """

    def __init__(self, files: Mapping[str, BuiltFile], cache: Cache, converter: str):
        self.files, self.cache = files, cache
        self.made_with = f"{converter}, pikepdf {version('pikepdf')}, program {_code_digest()}"
        self.notices: list[str] = []

    def convert(self, papers: Sequence[Mapping[str, str]], processes: int = 1) -> list[tuple[dict, bytes]]:
        """Return (facts, bytes) of each paper's PDF, in order.

        The facts are those of the paper, with the path of the PDF.

        `papers` are as in the manifest of the rule `fill`. OfficeError or PdfError if one cannot be
        converted.
        """
        keys = {paper["file"]: cache_key(self.made_with, paper["sha256"]) for paper in papers}
        pdfs = {file: pdf for file, key in keys.items() if (pdf := self.cache.get(key)) is not None}
        missing = [paper for paper in papers if paper["file"] not in pdfs]
        if missing:
            converted = self._convert_papers(missing, processes)
            for file, pdf in converted.items():
                self.cache.put(keys[file], pdf)
            pdfs |= converted
        self.cache.remove_unused()
        return [
            ({**paper, "kind": "pdf", "file": pdf_path(paper["file"])}, pdfs[paper["file"]])
            for paper in papers
        ]

    def _convert_papers(self, papers: Sequence[Mapping[str, str]], processes: int) -> dict[str, bytes]:
        """Return path of a paper -> its new PDF."""
        files = [paper["file"] for paper in papers]
        sources = [self.files[file].path for file in files]
        contents = [self.files[file].read() for file in files]  # a damaged file is met before it is converted
        names = [f"outputs/{PAPERS}/{file}" for file in files]  # as users know them
        with tempfile.TemporaryDirectory(prefix="forum-papers-") as folder:
            try:
                converted = libreoffice.convert(sources, Path(folder), normalise.OPTIONS, processes)
            except libreoffice.OfficeError as error:
                raise libreoffice.OfficeError(_with_names(str(error), sources, names)) from error
            pdfs = {
                file: normalise.normalise(pdf, normalise.read_properties(content), name)
                for file, name, content, pdf in zip(files, names, contents, converted, strict=True)
            }
        self._add_notices(papers, pdfs)
        return {file: pdf.data for file, pdf in pdfs.items()}

    def _add_notices(
        self, papers: Sequence[Mapping[str, str]], pdfs: Mapping[str, normalise.NormalisedPdf]
    ) -> None:
        for file, pdf in pdfs.items():
            self.notices += [f"outputs/pdf/{pdf_path(file)}: {fault}" for fault in pdf.faults]
        numbers: dict[tuple[str, ...], list[str]] = {}  # by the fonts that replace the papers'
        for paper in papers:
            numbers.setdefault(pdfs[paper["file"]].substitutes, []).append(paper["number"])
        for fonts, found in sorted((fonts, found) for fonts, found in numbers.items() if fonts):
            self.notices.append(
                f"outputs/pdf: found {', '.join(found)} set in {', '.join(fonts)}; expected the fonts of the papers,"
                " which this computer lacks, so lines and pages end elsewhere than in Word. Install the fonts:"
                f" {_INSTALL_FONTS}; then run make pdf."
            )


def _with_names(text: str, sources: Sequence[Path], names: Sequence[str]) -> str:
    for source, name in zip(sources, names, strict=True):
        text = text.replace(source.as_posix(), name)
    return text


def _code_digest() -> str:
    """Return a digest of the modules that a PDF depends on."""
    modules = (libreoffice, offline_copy, offline_profile, normalise, tags)
    return digest(b"".join(Path(module.__file__).read_bytes() for module in modules))[:16]
