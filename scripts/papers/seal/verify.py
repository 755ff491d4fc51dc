"""Compare what was sealed with what the same inputs give when they are built again; report each difference in words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.errors import UserError
from papers.seal.compare import differences
from papers.seal.provenance import SOURCE_KEYS
from papers.store.edited_files import is_edited_copy
from papers.store.files import SUMS, digest
from papers.store.locks import OUTPUTS
from papers.store.output_files import (
    CHANGES,
    DATA,
    INDEX,
    ISSUED,
    PAGE,
    PAPERS,
    PDF,
    PROGRAM,
    PROVENANCE,
    SEAL,
    SUMS_OF_VIEWS,
    read_sums,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Folder or file in SHA256SUMS.views that is compared with its digest alone -> what makes it.
_MADE_BY = {PDF: "make pdf", CHANGES: "make changes", PROGRAM: "make"}
_SEALED_FOLDERS = (PAPERS, INDEX, ISSUED)  # everything in them is sealed


class SealError(UserError):
    """A seal that is missing or can't be read."""


@dataclass(frozen=True)
class Sealed:
    """A seal, and the files that it lists. `folder` is None if only the list was sent."""

    name: str  # of the folder or list, for messages
    sums: dict[str, str]  # path relative to the folder -> digest
    sums_file: bytes  # SHA256SUMS itself: its digest is the seal of all papers
    folder: Path | None = None
    provenance: dict | None = None
    program: dict | None = None  # the content of program.json

    @property
    def is_own(self) -> bool:
        """Whether these are the outputs of this project."""
        return self.folder == OUTPUTS

    def read(self, file: str) -> bytes | None:
        path = self.folder / file if self.folder else None
        return path.read_bytes() if path and path.is_file() else None


@dataclass
class Comparison:
    """The number of files compared, the lines to print, and the files that are not as sealed and rebuilt."""

    files: int = 0
    lines: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)

    def add(self, file: str, message: str, details: list[str] | tuple[str, ...] = ()) -> None:
        self.different.append(file)
        self.lines += [f"{file}: {message}", *(f"    {detail}" for detail in details)]


def read_seal(path: Path) -> Sealed:
    """Return the seal of a folder such as outputs, or of a list alone. Raise SealError if there is none."""
    folder = path if path.is_dir() else None
    if folder and not (folder / SUMS).is_file() and (folder / "outputs" / SUMS).is_file():
        folder = folder / "outputs"
    file = folder / SUMS if folder else path
    todo = "Run make." if path == OUTPUTS else "Name the folder or the file SHA256SUMS that you were sent."
    if not file.is_file():
        expected = "expected the list of digests that a build ends with"
        raise SealError(f"{file.as_posix()}: found no such file; {expected}. {todo}")
    content = file.read_bytes()
    sums = read_sums(content.decode("utf-8", "replace"))
    if not sums or any(len(sha256) != 64 for sha256 in sums.values()):
        expected = "expected one as sha256sum writes it"
        raise SealError(f"{file.as_posix()}: found no list of SHA-256 digests; {expected}. {todo}")
    return Sealed((folder or file).as_posix(), sums, content, folder, *_read_records(folder))


def _read_records(folder: Path | None) -> list[dict | None]:
    """Return the contents of provenance.json and program.json; None for one that is missing or can't be read."""
    found = []
    for path in (folder / name if folder else None for name in (PROVENANCE, PROGRAM)):
        try:
            content = json.loads(path.read_bytes()) if path and path.is_file() else None
        except ValueError:
            content = None  # an edited file is reported where digests are compared
        found.append(content if isinstance(content, dict) else None)
    return found


def compare_with_rebuilt(sealed: Sealed, rebuilt: Sealed) -> Comparison:
    """Compare each sealed file with the rebuilt one; of this project's own outputs, the register's pages too."""
    comparison = Comparison()
    names = sealed.sums.keys() | rebuilt.sums.keys()
    for file in sorted(names, key=lambda name: (not name.startswith(f"{PAPERS}/"), name)):
        comparison.files += 1
        _compare_file(file, sealed, rebuilt, comparison)
    if sealed.is_own:
        for name in (PAGE, DATA):
            comparison.files += 1
            _compare_page(name, sealed, rebuilt, comparison)
    for file in _unlisted_files(sealed):
        comparison.add(file, "found a file that no build writes; expected none. Move it out of the folder.")
    for file in _edited_views(sealed):
        todo = f"Run {_MADE_BY[file.partition('/')[0]]}." if sealed.is_own else "Ask for it again."
        comparison.add(file, f"found a file edited or damaged after the build; expected it as built. {todo}")
    return comparison


def _compare_file(file: str, sealed: Sealed, rebuilt: Sealed, comparison: Comparison) -> None:
    listed, expected = sealed.sums.get(file), rebuilt.sums.get(file)
    content, rebuilt_content = sealed.read(file), rebuilt.read(file)
    if listed is None:
        comparison.add(file, "found no digest in the seal; expected one, as these inputs give this file.")
    elif sealed.folder and content is None:
        comparison.add(file, f"found no such file; expected it, as it is sealed. {_what_to_do(sealed)}")
    elif content is not None and digest(content) != listed:
        details = differences(file, content, rebuilt_content) if rebuilt_content else ()
        comparison.add(file, f"{_EDITED} {_what_to_do(sealed, file)}", details)
    elif expected is None:
        comparison.add(file, "found a sealed file that these inputs do not give; expected none.")
    elif listed != expected:
        comparison.add(file, _DIFFERS, _describe(file, content, rebuilt_content))


_EDITED = "found a file edited or damaged after it was sealed; expected the sealed one."
_DIFFERS = "found a file that these inputs do not give; expected the rebuilt one."


def _describe(file: str, content: bytes | None, rebuilt_content: bytes) -> list[str]:
    if content is None:
        return ["SHA256SUMS alone does not show what differs: ask for the file"]
    return [] if file == PROVENANCE else differences(file, content, rebuilt_content)


def _what_to_do(sealed: Sealed, edited: str = "") -> str:
    """What to do about a missing file, or about an `edited` one."""
    if not sealed.is_own:
        return "Ask for it again."
    if edited.startswith(f"{PAPERS}/"):
        return "Run make: it builds the paper again and keeps the edited file next to it."
    return "Run make."


def _compare_page(name: str, sealed: Sealed, rebuilt: Sealed, comparison: Comparison) -> None:
    content, expected = sealed.read(name), rebuilt.read(name)
    if content is None:
        comparison.add(name, f"found no such file; expected the rebuilt one. {_what_to_do(sealed)}")
    elif content != expected:
        message = f"found another page than the rebuilt one; expected the same. {_what_to_do(sealed, name)}"
        comparison.add(name, message, differences(name, content, expected))


def _unlisted_files(sealed: Sealed) -> Iterator[str]:
    """Files among papers and register that are not sealed, but edited copies that a build kept, and hidden files."""
    if sealed.folder is None:
        return
    for name in _SEALED_FOLDERS:
        for path in sorted((sealed.folder / name).rglob("*")):
            file = path.relative_to(sealed.folder).as_posix()
            ignored = path.name.startswith((".", "~$")) or is_edited_copy(path.name)
            if path.is_file() and file not in sealed.sums and not ignored:
                yield file


def _edited_views(sealed: Sealed) -> Iterator[str]:
    """PDFs, redlines and program.json if they differ from their digests; they are not rebuilt."""
    data = sealed.read(SUMS_OF_VIEWS)
    listed = read_sums(data.decode("utf-8", "replace")) if data else {}
    for file, sha256 in listed.items():
        content = sealed.read(file) if file.partition("/")[0] in _MADE_BY else None
        if content is not None and digest(content) != sha256:
            yield file


def changed_sources(sealed: dict | None, rebuilt: dict, paper: str = "") -> list[str]:
    """Return a line for each input, template, module or tool that differs between two contents of provenance.json.

    With the number of a `paper`, only what that paper uses.
    """
    if sealed is None:
        return []
    entry = {one["number"]: one for one in sealed.get("papers", ())}.get(paper)
    lines = []
    for key in SOURCE_KEYS:
        old, new = sealed.get(key, {}), rebuilt.get(key, {})
        only_used = entry and key in ("inputs", "templates")
        for name in sorted({*entry.get(key, ())} if only_used else old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                what = "was removed" if name not in new else "is new" if name not in old else "changed"
                lines.append(f"{name} {what}")
    old, new = sealed.get("tools", {}), rebuilt.get("tools", {})
    return lines + [
        f"{name} was {old.get(name) or 'missing'}, here {new.get(name) or 'missing'}"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def edited_lists(sealed: Sealed, rebuilt: Sealed) -> list[str]:
    """Return a line for SHA256SUMS and SEAL.txt each if it has the right digests but is not as a build writes it."""
    if sealed.sums != rebuilt.sums or sealed.folder is None:
        return []
    return [
        f"{name}: found an edited list; expected it as a build writes it. {_what_to_do(sealed, name)}"
        for name in (SUMS, SEAL)
        if sealed.read(name) != rebuilt.read(name)
    ]
