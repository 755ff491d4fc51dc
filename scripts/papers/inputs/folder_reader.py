"""What the readers of input folders share: finding files, reading one, and reporting files that would be skipped.

Messages name files relative to the project's folder, with forward slashes, on every system.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from papers.inputs.markdown import read_section
from papers.inputs.yaml import read_yaml
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from papers.inputs.markdown import Section
    from papers.inputs.unread import Unread, What
    from papers.inputs.yaml import Document, Form, FormOf

# Types of files that may be mistaken for the expected one.
_MISTAKEN = {".yaml": (".yml", ".json", ".txt"), ".xlsx": (".xls", ".xlsm", ".xlsb", ".csv", ".ods")}


class FolderReader:
    """Reads files below `base`, such as inputs/smewg, which is relative to the project's folder `root`."""

    def __init__(self, root: Path, base: str, unread: Unread, problems: Problems):
        self.root, self.base, self.unread, self.problems = root, base, unread, problems

    def names(self, folder: str, pattern: str) -> list[str]:
        """Return the files of a folder below `base` that match a pattern."""
        base = self.root / self.base / folder
        return sorted(path.relative_to(self.root).as_posix() for path in base.glob(pattern))

    def check_types(self, folder: str, suffix: str, what: What | None) -> None:
        """Report files of another type, such as .yml or .xls: they would be skipped without a message."""
        base = self.root / self.base / folder
        for path in sorted(base.iterdir()) if base.is_dir() else ():
            other = path.suffix.lower() in _MISTAKEN[suffix] or path.suffix != path.suffix.lower()
            if other and not path.name.startswith((".", "~$")):
                place = Place(path.relative_to(self.root).as_posix())
                found, expected = f"a file of the type {path.suffix}", f"files of the type {suffix}"
                todo = f"Save it as {suffix}, or move it out of the folder."
                self.problems.add(place, "file-type", found, expected, todo)
                if what:
                    self.unread.add(what, path.stem)

    def report_name(self, name: str, expected: str, kind: str = "file-name") -> None:
        found, todo = f'the name "{name.rsplit("/", 1)[1]}"', "Rename the file, or move it out of the folder."
        self.problems.add(Place(name), kind, found, expected, todo)

    def add_unread(self, what: What, pattern: str, stem: str) -> None:
        """Add what a file of another name may be, as `2017 final` may be the schedule of 2017."""
        for name in re.findall(pattern, stem) or [stem]:
            self.unread.add(what, name)

    # YAML files

    def yaml(self, name: str, form: FormOf[Form]) -> Document[Form] | None:
        return read_yaml(self.root / name, name, form, self.problems)

    def optional_yaml(self, name: str, form: type[Form]) -> Document[Form] | None:
        return self.yaml(name, form) if (self.root / name).is_file() else None

    def single_yaml(self, what: What, form: type[Form]) -> Document[Form] | None:
        """Return the file of which there is at most one; None where there is none, or it is unread."""
        name = f"{self.base}/{what}.yaml"
        document = self.optional_yaml(name, form)
        if document is None and (self.root / name).is_file():
            self.unread.add(what)
        return document

    def yaml_files(self, folder: str, form: type[Form], what: What | None = None) -> list[Document[Form]]:
        documents = []
        for name in self.names(folder, "*.yaml"):
            if document := self.yaml(name, form):
                documents.append(document)
            elif what:
                self.unread.add(what, name.rsplit("/", 1)[1].removesuffix(".yaml"))
        return documents

    # Markdown files, with the YAML file that lists them

    def section(self, name: str, heading: bool = True) -> Section | None:
        return read_section(self.root / name, name, self.problems, heading)

    def sections(self, base: str, files: list[str]) -> list[Section]:
        sections = [self.section(f"{base}/{file}") for file in files]
        return [section for section in sections if section is not None]

    def check_unlisted(self, base: str, listed: list[str], data: Document, but: Collection[str] = ()) -> None:
        """Report sections below `base`, except in the folders `but`, that no list names: they would be left out."""
        for path in sorted((self.root / base).rglob("*.md")):
            name = path.relative_to(self.root / base).as_posix()
            if name not in listed and name.split("/")[0] not in but:
                what, expected = "a section that is not listed", f"it under sections in {data.name}"
                todo = "List it there, or move it out of the folder."
                self.problems.add(Place(f"{base}/{name}"), "stray-section", what, expected, todo)
