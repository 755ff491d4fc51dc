"""Edit papers as people do: with python-docx, and by opening and saving them in LibreOffice."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
from docx.document import Document
from docx.text.paragraph import Paragraph
from project_tools import Project, Run

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def paragraphs(document: Document) -> Iterator[Paragraph]:
    """Yield the paragraphs of a document, those of its tables too, in order."""
    for element in document.element.body.iter(f"{_W}p"):
        yield Paragraph(element, document._body)


def paragraph_with(document: Document, words: str) -> Paragraph:
    """Return the first paragraph whose text contains these words."""
    return next(one for one in paragraphs(document) if words in one.text)


def retype(document: Document, old: str, new: str) -> None:
    """Type over words that stand in one run, also if a line ends within them; the first such run."""
    words = re.compile(r"\s+".join(map(re.escape, old.split(" "))))
    for paragraph in paragraphs(document):
        for run in paragraph.runs:
            if words.search(run.text):
                run.text = words.sub(lambda _: new, run.text, count=1)
                return
    raise AssertionError(f"no run has {old!r}")


def edited_copy(paper: Path, copy: Path, edit: Callable[[Document], object]) -> Path:
    """Write a copy of a paper with edits."""
    document = docx.Document(str(paper))
    edit(document)
    copy.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(copy))
    return copy


def saved_by_libreoffice(folder: Path, copies: list[Path]) -> list[Path]:
    """Open copies in LibreOffice and save them as Word files, under the same names in a folder."""
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    target = ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder)]
    subprocess.run(["soffice", profile, "--headless", *target, *map(str, copies)], check=True, timeout=300)
    return [folder / copy.name for copy in copies]


def compare(project: Project, copy: Path, *words: str) -> Run:
    """Run the verb compare without make."""
    return project.run(sys.executable, "scripts/forum_papers.py", "compare", str(copy), *words)


def words_of(paper: Path) -> str:
    """Return all text of a paper's body, in one line."""
    texts = " ".join(one.text for one in paragraphs(docx.Document(str(paper))))
    return re.sub(r"\s+", " ", texts)
