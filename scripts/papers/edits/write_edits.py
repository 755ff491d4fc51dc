"""Write edits into the input files below a folder: Markdown, YAML and workbooks. Other files are left as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papers.edits.cell_edits import edited_workbook
from papers.edits.edited_runs import NotMapped
from papers.edits.markdown_edits import edited_markdown
from papers.edits.text_sources import MARKDOWN
from papers.edits.yaml_edits import edited_yaml
from papers.inputs.markdown import read_section
from papers.problems import Problems
from papers.safety import read_text
from papers.store.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_BOM = b"\xef\xbb\xbf"
Edit = tuple[str, str, tuple[Any, ...]]  # kind, file and place of a text, as TextSource.key


def edited_files(root: Path, edits: Mapping[Edit, Any]) -> dict[str, bytes]:
    """Return file -> its new content, of the files below `root` that edits are about.

    Raise NotMapped, with the file, where one can't be written.
    """
    made = {}
    for file in sorted({file for _, file, _ in edits}):
        own = {at: new for (_, name, at), new in edits.items() if name == file}
        kinds = {kind for kind, name, _ in edits if name == file}
        try:
            made[file] = _edited_file(root, file, own, is_markdown=MARKDOWN in kinds)
        except NotMapped as reason:
            raise FileNotMapped(file, str(reason)) from reason
    return made


class FileNotMapped(NotMapped):
    """The reason why a file can't be edited."""

    def __init__(self, file: str, reason: str):
        super().__init__(reason)
        self.file = file


def _edited_file(root: Path, file: str, edits: dict[tuple[Any, ...], Any], is_markdown: bool) -> bytes:
    path = root / file
    data = path.read_bytes()
    if path.suffix == ".xlsx":
        return edited_workbook(data, edits)
    text = read_text(path)
    if is_markdown:
        problems = Problems()
        section = read_section(path, file, problems, heading=False)
        if section is None:
            raise NotMapped("; ".join(problems.lines()))
        made = edited_markdown(text, section, edits)
    else:
        made = edited_yaml(text, file, edits)
    ending = "\r\n" if b"\r\n" in data else "\n"
    return (_BOM if data.startswith(_BOM) else b"") + made.replace("\n", ending).encode()


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files, each whole or not at all."""
    for file, data in files.items():
        write_atomic(root / file, data, durable=True)
