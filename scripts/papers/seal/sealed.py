"""Read seals: of a folder such as outputs/, of one forum in it, or a list of digests that was sent alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from papers.errors import UserError
from papers.store.files import SUMS, format_sums, read_bytes
from papers.store.locks import OUTPUTS
from papers.store.output_files import (
    FORUMS,
    PROGRAM,
    PROVENANCE,
    SUMS_OF_VIEWS,
    forum_file,
    read_sums,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_NAME_IT = f"Name the folder or the file {SUMS} that you were sent."


class SealError(UserError):
    """A seal that is missing or can't be read."""


@dataclass(frozen=True)
class ForumSeal:
    """The seal of a forum. The lists map paths below outputs to digests; {} stands for one that is missing."""

    sums: dict[str, str]
    views: dict[str, str] = field(default_factory=dict)
    provenance: dict | None = None
    program: dict | None = None  # the content of program.json


@dataclass(frozen=True)
class Sealed:
    """The seals of forums, and the folder with the files that they list, laid out as outputs/.

    `folder` is None if only a list was sent. `shared` lists the files that are of no one forum. `is_whole`: all
    files of the folder belong to these seals.
    """

    name: str  # of the folder or list, for messages
    forums: dict[str, ForumSeal]
    folder: Path | None = None
    shared: dict[str, str] = field(default_factory=dict)
    is_whole: bool = False

    @property
    def is_own(self) -> bool:
        """Whether these are the outputs of this project."""
        return self.folder == OUTPUTS

    @property
    def sums(self) -> dict[str, str]:
        """Path -> digest of what depends on inputs and program alone."""
        return self.shared | {path: sha for seal in self.forums.values() for path, sha in seal.sums.items()}

    @property
    def views(self) -> dict[str, str]:
        """Path -> digest of all other files."""
        return {path: sha for seal in self.forums.values() for path, sha in seal.views.items()}

    def read(self, file: str) -> bytes | None:
        path = self.folder / file if self.folder else None
        return read_bytes(path) if path and path.is_file() else None

    def read_sums(self, forum: str = "") -> bytes:
        """Return SHA256SUMS of a forum, or of all; raise SealError if there is none."""
        file = forum_file(forum, SUMS) if forum else SUMS
        content = self.read(file)
        if not content:
            raise _no_seal(f"{self.name}/{file}", self.is_own)
        return content

    def lists(self) -> Iterator[tuple[str, str]]:
        """Yield path and text of each list that no other list has, as it is written from its lines."""
        for forum, seal in self.forums.items():
            yield forum_file(forum, SUMS_OF_VIEWS), format_sums(seal.views)
        if self.is_whole:
            yield SUMS, format_sums(self.sums)


def read_seal(path: Path) -> Sealed:
    """Return the seals of a folder such as outputs or outputs/forums/smewg, or of a list alone.

    Raise SealError if there is none.
    """
    if not path.is_dir():
        return _read_list(path)
    for folder in (path, path / OUTPUTS.name):
        if forums := _forums(folder):
            return _read_folder(folder, forums)
    if path.parent.name == FORUMS and _has_seal(path):
        outputs = path.parent.parent
        return Sealed(outputs.as_posix(), {path.name: _read_forum(outputs, path.name)}, outputs)
    raise _no_seal((path / SUMS).as_posix(), path == OUTPUTS)


def _forums(folder: Path) -> list[str]:
    """Return the forums in a folder that have a seal, or a part of one."""
    return sorted(path.name for path in folder.glob(f"{FORUMS}/*") if _has_seal(path))


def _has_seal(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (SUMS, SUMS_OF_VIEWS, PROVENANCE))


def _no_seal(file: str, is_own: bool) -> SealError:
    expected = "expected the list of digests that a build ends with"
    return SealError(f"{file}: found no such file; {expected}. {'Run make.' if is_own else _NAME_IT}")


def _read_folder(folder: Path, names: list[str]) -> Sealed:
    forums = {name: _read_forum(folder, name) for name in names}
    of_forums = {path for seal in forums.values() for path in seal.sums}
    shared = {path: sha for path, sha in _read_sums(folder / SUMS).items() if path not in of_forums}
    return Sealed(folder.as_posix(), forums, folder, shared, is_whole=True)


def _read_forum(folder: Path, forum: str) -> ForumSeal:
    sums, views = (_read_sums(folder / forum_file(forum, name)) for name in (SUMS, SUMS_OF_VIEWS))
    provenance, program = (_read_record(folder / forum_file(forum, name)) for name in (PROVENANCE, PROGRAM))
    return ForumSeal(sums, views, provenance, program)


def _read_list(file: Path) -> Sealed:
    """Return the seal of a list alone: of one forum, or of all. Which forums it is of, their provenance says."""
    if not file.is_file():
        raise _no_seal(file.as_posix(), is_own=False)
    sums = _read_sums(file)
    forums = {path.split("/")[1]: ForumSeal({}) for path in sums if _is_provenance(path)}
    if not forums or any(len(sha256) != 64 for sha256 in sums.values()):
        found = f"found no list of SHA-256 digests with the {PROVENANCE} of a forum"
        raise SealError(f"{file.as_posix()}: {found}; expected one of a seal. {_NAME_IT}")
    return Sealed(file.as_posix(), forums, shared=sums)


def _is_provenance(path: str) -> bool:
    parts = path.split("/")
    return len(parts) == 3 and (parts[0], parts[2]) == (FORUMS, PROVENANCE)


def _read_sums(file: Path) -> dict[str, str]:
    return read_sums(file.read_text(encoding="utf-8", errors="replace")) if file.is_file() else {}


def _read_record(file: Path) -> dict[str, Any] | None:
    """Return the content of provenance.json or program.json; None for one that is missing or can't be read."""
    try:
        content = json.loads(read_bytes(file)) if file.is_file() else None
    except ValueError:
        content = None  # an edited file is reported where digests are compared
    return content if isinstance(content, dict) else None
