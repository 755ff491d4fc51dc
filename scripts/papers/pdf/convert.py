"""A meeting's papers -> its PDFs: only what changed is converted again, in one start of LibreOffice for all of it."""

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

FONTS = "apt-get install fonts-liberation (macOS: brew install --cask font-liberation; Windows has Arial)"


class Pdfs:
    """The PDFs of one meeting. `made` is a file that tells from which paper, with which programs each one was made."""

    def __init__(self, papers: Path, folder: Path, made: Path, made_with: str):
        self.papers, self.folder, self.made = papers, folder, made
        self.made_with = f"{made_with}, pikepdf {version('pikepdf')}, program {_program()}"
        self.known = json.loads(made.read_bytes()) if made.exists() else {}
        self.notes: list[str] = []

    def of(self, papers: Sequence[Mapping[str, str]], processes: int = 1) -> list[tuple[dict, bytes]]:
        """Each paper, with `file` of its PDF, and the PDF's bytes. `papers` as in the manifest of the rule `fill`."""
        ready = {paper["file"]: data for paper in papers if (data := self._as_before(paper)) is not None}
        missing = [paper for paper in papers if paper["file"] not in ready]
        if missing:
            ready |= self._converted([paper["file"] for paper in missing], processes)
        return [
            ({**paper, "kind": "pdf", "file": pdf_path(paper["file"])}, ready[paper["file"]])
            for paper in papers
        ]

    def remember(self, papers: Sequence[Mapping[str, str]], pdfs: Sequence[tuple[dict, bytes]]) -> None:
        """To be called when the PDFs are in their place."""
        made = {
            paper["file"]: {"of": paper["sha256"], "with": self.made_with, "sha256": digest(data)}
            for paper, (_, data) in zip(papers, pdfs, strict=True)
        }
        write_atomic(self.made, to_json(made))

    def _as_before(self, paper: Mapping[str, str]) -> bytes | None:
        """The PDF in its place, if it is still the one of this paper and these programs."""
        known = self.known.get(paper["file"], {})
        if (known.get("of"), known.get("with")) != (paper["sha256"], self.made_with):
            return None
        try:
            data = (self.folder / pdf_path(paper["file"])).read_bytes()
        except OSError:
            return None
        return data if digest(data) == known["sha256"] else None

    def _converted(self, files: list[str], processes: int) -> dict[str, bytes]:
        """Place of paper -> its new PDF."""
        sources = [self.papers / file for file in files]
        with tempfile.TemporaryDirectory(prefix="forum-papers-") as folder:
            made = libreoffice.convert(sources, Path(folder), normalise.OPTIONS, processes)
            finished = {
                file: normalise.normalise(one, normalise.facts(source.read_bytes()), source.as_posix())
                for file, source, one in zip(files, sources, made, strict=True)
            }
        self._note(finished)
        return {file: one.data for file, one in finished.items()}

    def _note(self, finished: Mapping[str, normalise.Finished]) -> None:
        for file, one in finished.items():
            self.notes += [f"outputs/pdf/{pdf_path(file)}: {fault}" for fault in one.faults]
        if fonts := sorted({font for one in finished.values() for font in one.substitutes}):
            self.notes.append(
                f"PDFs are set in {', '.join(fonts)} where this machine lacks the fonts of the papers: lines and pages turn"
                f" elsewhere than in Word; {FONTS}, then run make pdf"
            )


def pdf_path(paper: str) -> str:
    """The place of a paper's PDF below outputs/pdf."""
    return PurePosixPath(paper).with_suffix(".pdf").as_posix()


def _program() -> str:
    """A digest of our own modules that a PDF depends on."""
    modules = (libreoffice, normalise, tags)
    return digest(b"".join(Path(module.__file__).read_bytes() for module in modules))[:16]
