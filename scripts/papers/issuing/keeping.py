"""The files of issued papers, kept in inputs/<forum>/issued as they were circulated, with the digests of their inputs.

18_smewg47_003.sources beside 18_smewg47_003.docx is a list as sha256sum writes and checks it.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from papers.issuing.delivering import as_json, digest, write_whole
from papers.issuing.reasons import digests
from papers.problems import Place, Problems
from papers.reading.ledger import END, FOLDER, NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.model.ledger import Ledger

SOURCES = ".sources"


def folder_of(forum: str) -> Path:
    return Path("inputs") / forum / FOLDER


def sources_name(file: str) -> str:
    """The list of inputs of a paper's file."""
    return Path(file).with_suffix(SOURCES).as_posix()


def stamp(forum: str) -> str:
    """Changes when a kept file was added, touched or taken away; read from the folder alone, opening no file."""
    stamps = sorted(_entries(str(folder_of(forum))))
    return hashlib.sha256(repr(stamps).encode("utf-8", "surrogateescape")).hexdigest() if stamps else ""


def _entries(folder: str) -> Iterator[tuple[str, int, int]]:
    """(path, size, modification time in ns) of every file that is not hidden."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _entries(entry.path)
        else:
            about = entry.stat()
            yield entry.path, about.st_size, about.st_mtime_ns


def keep(forum: str, file: str, data: bytes, sources: bytes) -> None:
    """Keeps a paper and its list of inputs; both are on the disk before the ledger names them."""
    for name, content in ((file, data), (sources_name(file), sources)):
        place = folder_of(forum) / name
        write_whole(place, content)
        with place.open("rb+") as kept:
            os.fsync(kept.fileno())


def sources_list(files: list[str]) -> bytes:
    """The digests of the files that a paper is made from."""
    return "".join(f"{digest(Path(name).read_bytes())}  {name}\n" for name in sorted(files)).encode()


def check_kept(forum: str, ledger: Ledger, store: Path, problems: Problems) -> list[str]:
    """Every issued paper is kept as it was issued, or a problem; returns notes about files that no event names.

    `store` remembers digests by time and size, so that only what was touched is read again.
    """
    folder, expected = folder_of(forum), {}
    for event in ledger.events:
        if event.event == "issued":
            expected[f"{folder.as_posix()}/{event.file}"] = (event.sha256, event.number)
            expected[f"{folder.as_posix()}/{sources_name(event.file)}"] = (event.sources, event.number)
    there = {Path(path).as_posix() for path, _, _ in _entries(str(folder))}
    known = json.loads(store.read_bytes()) if store.exists() else {}
    now = digests(sorted(there & expected.keys()), known)
    if now != known:
        write_whole(store, as_json(now))
    for file, (sha256, number) in expected.items():
        if file not in now or now[file][2] != sha256:
            what = "a changed file" if file in now else "no such file"
            found, wanted = f"{what}, kept of {number}", "the file as it was issued"
            todo = "Take it back from your backup or from git: what was issued never changes."
            problems.add(Place(file), "kept-file", found, wanted, todo)
    own = {f"{folder.as_posix()}/{name}" for name in (NAME, END)}
    return [
        f"{file} is in no event of the ledger: if make issue was interrupted, run it again; else delete the file"
        for file in sorted(there - expected.keys() - own)
    ]
