"""Edits that a person made in the files of the index: kept beside the new ones, as those of papers are.

A record keeps the digests of what the program wrote there. Snakemake takes the old files away before the index is made anew, so
edits are looked for before that, by the Snakefile. Standard library only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from papers.issuing.delivering import as_json, digest, free_place, is_kept, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

RECORD = "index.digests.json"


def keep_edits(work: Path, base: Path, files: Iterable[str]) -> list[str]:
    """Copies each of these files that the program did not write beside its place; returns what to tell."""
    known, notes = _known(work), []
    for name in sorted({*files} & known.keys()):
        place = base / name
        data = place.read_bytes() if place.is_file() else None
        if data is None or digest(data) in known[name]:
            continue
        if all(one.read_bytes() != data for one in place.parent.iterdir() if is_kept(one.name)):
            kept = free_place(place)
            write_whole(kept, data)
            notes.append(
                f"{place.as_posix()} had been edited: the edited file is kept as {kept.name} beside the new one"
            )
    return notes


def about_to_write(work: Path, files: Mapping[str, bytes]) -> None:
    """Remembers what is written now beside what was: after a crash between, neither looks edited."""
    known = _known(work)
    for name, data in files.items():
        known[name] = sorted({*known.get(name, []), digest(data)})
    write_whole(work / RECORD, as_json(known))


def written(work: Path, files: Mapping[str, bytes], still_there: Iterable[str]) -> None:
    """Remembers what was written, and what lies there as before."""
    known = _known(work)
    now = {name: [digest(data)] for name, data in files.items()}
    write_whole(work / RECORD, as_json({name: known[name] for name in still_there if name in known} | now))


def _known(work: Path) -> dict[str, list[str]]:
    record = work / RECORD
    return json.loads(record.read_bytes()) if record.is_file() else {}
