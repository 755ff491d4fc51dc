"""The lists that follow from what was delivered: SHA256SUMS.views of a forum, and SHA256SUMS of all forums.

Both are written again after each delivery. A forum that is not built now keeps its lists, and stays in that of
all. Standard library only, as every build imports it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from papers.seal.provenance import STAGE
from papers.store.delivery import delivered_digests, shared_digests
from papers.store.files import SUMS, format_sums, read_bytes, write_atomic
from papers.store.output_files import FORUMS, SUMS_OF_VIEWS, read_sums

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def write_lists(work: Path, outputs: Path) -> None:
    """Write the list of views of the forum whose stages are in `work`, and that of all forums; both only if they change.

    Needs the lock of outputs/.
    """
    write_list_of_views(work, outputs)
    write_list_of_all(outputs)


def write_list_of_views(work: Path, outputs: Path) -> None:
    """Write the list of all files of a forum that are delivered but not in its SHA256SUMS; remove it without a seal."""
    for path, text in _lists_of_views(work, outputs).items():
        _write(path, text)


def write_list_of_all(outputs: Path) -> None:
    """Write outputs/SHA256SUMS: the lists of all forums that are sealed, in one; remove it if none is."""
    _write(outputs / SUMS, list_of_all(outputs))


def list_of_all(outputs: Path) -> str:
    """Return the text of the list of all forums, from their lists as they were delivered; "" if there is none.

    It also has the pages that list the forums.
    """
    found: dict[str, str] = {}
    for file in sorted(outputs.glob(f"{FORUMS}/*/{SUMS}")):
        found |= read_sums(file.read_text(encoding="utf-8", errors="replace"))
    return format_sums(shared_digests(outputs) | found) if found else ""


def changed_lists(works: Iterable[Path], outputs: Path) -> dict[str, str]:
    """Return path, with `outputs` -> "lost" or "edited" of each list that is not as it follows from what was delivered.

    A list that a forum without a seal still has is none of them: the next delivery removes it.
    `works` are the folders with the stages of a forum each.
    """
    lists = {outputs / SUMS: list_of_all(outputs)}
    for work in works:
        lists |= _lists_of_views(work, outputs)
    return {
        path.as_posix(): "edited" if path.is_file() else "lost"
        for path, text in lists.items()
        if text and _read(path) != text.encode()
    }


def _lists_of_views(work: Path, outputs: Path) -> dict[Path, str]:
    """Return path -> text of the list of views of the forum; "" if the forum has no seal."""
    delivered = delivered_digests(work, outputs)
    found = {}
    for folder in _folders(work, outputs):
        sums = _read(folder / SUMS).decode("utf-8", "replace")
        sealed = read_sums(sums)
        views = {path: sha256 for path, sha256 in delivered.items() if path not in sealed}
        found[folder / SUMS_OF_VIEWS] = format_sums(views) if sums else ""
    return found


def _folders(work: Path, outputs: Path) -> set[Path]:
    """Return the folder of the forum whose stages are in `work`, and those with a list of views without a seal."""
    own = {outputs / FORUMS / work.name} if (work / STAGE).is_dir() else set()
    lists = outputs.glob(f"{FORUMS}/*/{SUMS_OF_VIEWS}")
    return own | {file.parent for file in lists if not (file.parent / SUMS).is_file()}


def _read(path: Path) -> bytes:
    return read_bytes(path) if path.is_file() else b""


def _write(path: Path, text: str) -> None:
    if not text:
        with suppress(FileNotFoundError):
            path.unlink()
    elif _read(path) != text.encode():
        write_atomic(path, text.encode())
    else:
        os.utime(path)  # Snakemake must see that it is up to date
