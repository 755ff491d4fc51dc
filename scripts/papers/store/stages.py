"""Folders below outputs/work in which a stage leaves its files: each with a manifest, which is written last.

manifest.json has the digest of every file under "files", and facts of the stage under other keys. The files
lie in the folder as `deliver` will lay them out in outputs/.

The job `fill` imports this module: standard library only, without `pathlib` and `typing`.
"""

from __future__ import annotations

import os

from papers.store.files import (
    BuiltFile,
    DamagedFile,
    content,
    digest_of,
    read_json,
    remove_file,
    to_json,
    write_atomic,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from papers.store.files import FileRef

MANIFEST = "manifest.json"
_TIMESTAMP = ".snakemake_timestamp"  # Snakemake writes it in the folder when the job has ended


def write_stage(
    folder: Path | str, files: Mapping[str, bytes | FileRef], durable: bool = False, **facts: object
) -> None:
    """Write files (path below the folder -> content) and a manifest with `facts`; remove all other files.

    `durable`: the manifest outlasts a power failure, as in `write_atomic`.
    """
    manifest = os.path.join(folder, MANIFEST)
    if os.path.exists(manifest):
        remove_file(manifest)  # without a manifest, the folder is incomplete
    for name, data in files.items():
        write_atomic(os.path.join(folder, name), content(data))
    _remove_others(folder, {os.path.normpath(os.path.join(folder, name)) for name in files})
    digests = {name: digest_of(data) for name, data in files.items()}
    write_atomic(manifest, to_json({"files": digests, **facts}), durable)


def _remove_others(folder: Path | str, written: set[str]) -> None:
    for place, _, names in os.walk(folder):
        for path in (os.path.join(place, name) for name in names if name != _TIMESTAMP):
            if os.path.normpath(path) not in written:
                remove_file(path)


def read_manifest(folder: Path | str) -> dict[str, Any]:
    """Return the manifest of a stage's folder; raise DamagedFile if it is missing or no manifest."""
    path = os.path.join(folder, MANIFEST)
    manifest: dict[str, Any] = read_json(path)
    if not isinstance(manifest.get("files"), dict):
        raise DamagedFile(path)
    return manifest


def staged_files(folder: Path) -> dict[str, BuiltFile]:
    """Return path below the folder -> file, of a stage's folder."""
    return {name: BuiltFile(folder / name, sha256) for name, sha256 in read_manifest(folder)["files"].items()}


def is_intact(folder: Path) -> bool:
    """Return whether a stage's folder has a manifest, and all its files as the stage wrote them."""
    try:
        for file in staged_files(folder).values():
            file.read()
    except DamagedFile:
        return False
    return True


def time_of(folder: Path) -> int:
    """Return when a stage's folder was completed, in ns, as Snakemake compares it with what was made of it."""
    times = (folder / MANIFEST, folder / _TIMESTAMP)
    return max(path.stat().st_mtime_ns for path in times if path.exists())
