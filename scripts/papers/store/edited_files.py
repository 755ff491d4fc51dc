"""Keep files that the user edited inside outputs/, under a free name, before a build overwrites them.

An edited file is recognised by its digest, which is none that the program wrote. Papers have a record of
their digests for each meeting (see delivery.py); the pages of the register, which all meetings share,
have the record here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from papers.store.files import digest, is_unchanged, to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

EDITED_COPY = " (edited copy {})"
REGISTER_DIGESTS = "index.digests.json"  # in outputs/work: page of the register -> digests the program wrote


def edited_copy_path(path: Path) -> Path:
    """Return the first free path, in the same folder, at which an edited file can be kept."""
    number = 1
    while (copy := path.with_stem(path.stem + EDITED_COPY.format(number))).exists():
        number += 1
    return copy


def is_edited_copy(name: str) -> bool:
    """Return whether edits are kept under this name: no build writes or removes such a file."""
    return EDITED_COPY.partition("{")[0] in name


def keep_edited_files(work: Path, base: Path, files: Iterable[str]) -> list[str]:
    """Copy each page of the register that was edited to a free name; return a notice for each copy.

    `work` is outputs/work; `files` are relative to `base`.
    """
    known, notices = _read_record(work), []
    for name in sorted({*files} & known.keys()):
        path = base / name
        data = path.read_bytes() if path.is_file() else None
        if data is None or digest(data) in known[name] or _is_kept(path, data):
            continue
        copy = edited_copy_path(path)
        write_atomic(copy, data)
        notices.append(edited_notice(path.as_posix(), f"{copy.name} in the same folder"))
    return notices


def _is_kept(path: Path, data: bytes) -> bool:
    copies = (file for file in path.parent.iterdir() if is_edited_copy(file.name))
    return any(copy.read_bytes() == data for copy in copies)


def edited_notice(file: str, copy: str) -> str:
    """Return the notice that an edited file was kept."""
    return f"{file} had been edited: the edited file is kept as {copy}"


def record_before_writing(work: Path, files: Mapping[str, bytes]) -> None:
    """Record the new digests along with the old ones.

    After a crash neither content looks edited, and no page with two digests counts as unchanged.
    """
    known = _read_record(work)
    for name, data in files.items():
        known[name] = [*dict.fromkeys(known.get(name, [])), digest(data)]
    write_atomic(work / REGISTER_DIGESTS, to_json(known))


def record_written(work: Path, files: Mapping[str, bytes], unchanged: Iterable[str]) -> None:
    """Record the pages that were written, and those that were there before and stay."""
    known = _read_record(work)
    kept = {name: known[name] for name in unchanged if name in known}
    written = {name: [digest(data)] for name, data in files.items()}
    write_atomic(work / REGISTER_DIGESTS, to_json(kept | written))


def unchanged_files(work: Path, base: Path) -> set[str]:
    """Return the pages below `base` that are as the last completed write left them, neither edited nor lost."""
    record = work / REGISTER_DIGESTS
    written = record.stat().st_mtime_ns if record.is_file() else 0
    return {
        name
        for name, digests in _read_record(work).items()
        if len(digests) == 1 and is_unchanged(base / name, digests[0], written)
    }


def _read_record(work: Path) -> dict[str, list[str]]:
    record = work / REGISTER_DIGESTS
    return json.loads(record.read_bytes()) if record.is_file() else {}
