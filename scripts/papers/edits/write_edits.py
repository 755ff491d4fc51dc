"""Write edits into the input files below a folder: Markdown, YAML and workbooks. Other files are left as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papers.edits.cell_edits import edited_workbook
from papers.edits.edited_runs import NotMapped
from papers.edits.markdown_edits import edited_markdown
from papers.edits.text_sources import MARKDOWN
from papers.edits.yaml_edits import edited_yaml, text_at
from papers.inputs.markdown import Section, read_blocks, read_section
from papers.problems import Place, Problems
from papers.safety import read_text
from papers.store.files import read_bytes, write_atomic

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
        own = {key: new for key, new in edits.items() if key[1] == file}
        try:
            made[file] = _edited_file(root, file, own)
        except NotMapped as reason:
            raise FileNotMapped(file, str(reason)) from reason
    return made


class FileNotMapped(NotMapped):
    """The reason why a file can't be edited."""

    def __init__(self, file: str, reason: str):
        super().__init__(reason)
        self.file = file


def _edited_file(root: Path, file: str, edits: Mapping[Edit, Any]) -> bytes:
    path = root / file
    data = read_bytes(path)
    texts = {at: new for (kind, _, at), new in edits.items() if kind != MARKDOWN}
    blocks: dict[tuple[Any, ...], dict[tuple[Any, ...], Any]] = {}
    for (kind, _, at), new in edits.items():
        if kind == MARKDOWN:
            blocks.setdefault(at[0], {})[at[1:]] = new
    if path.suffix == ".xlsx":
        return edited_workbook(data, texts)
    made = read_text(path)
    if () in blocks:
        made = _edited_section(path, file, made, blocks[()])
    else:
        texts |= {keys: _edited_text(made, file, keys, own) for keys, own in blocks.items()}
        made = edited_yaml(made, file, texts)
    ending = "\r\n" if b"\r\n" in data else "\n"
    return (_BOM if data.startswith(_BOM) else b"") + made.replace("\n", ending).encode()


def _edited_section(path: Path, file: str, text: str, edits: Mapping[tuple[Any, ...], Any]) -> str:
    problems = Problems()
    section = read_section(path, file, problems, heading=False)
    if section is None:
        raise NotMapped("; ".join(problems.lines()))
    return edited_markdown(text, section, edits)


def _edited_text(source: str, file: str, keys: tuple[Any, ...], edits: Mapping[tuple[Any, ...], Any]) -> str:
    """Return a text of Markdown under keys of a YAML file with edits of its blocks."""
    text = text_at(source, file, keys)
    section = Section(file, [], read_blocks(text, Place(file, line=1), Problems()))
    made = edited_markdown(text, section, edits)
    return made if text.endswith("\n") else made.rstrip("\n")


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files, each whole or not at all."""
    for file, data in files.items():
        write_atomic(root / file, data, durable=True)
