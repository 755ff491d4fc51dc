"""The files of issued papers, kept in inputs/<forum>/issued as they were circulated, with the digests of their inputs.

18_smewg47_003.sources beside 18_smewg47_003.docx is a list as sha256sum writes and checks it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.file import END_NAME, ISSUED_FOLDER, LEDGER_NAME
from papers.problems import Place, Problems
from papers.store.files import digest, write_atomic

if TYPE_CHECKING:
    from papers.ledger.rules import Ledger

SOURCES = ".sources"


def archive_folder(forum: str) -> Path:
    return Path("inputs") / forum / ISSUED_FOLDER


def sources_name(file: str) -> str:
    """The list of inputs of a paper's file."""
    return Path(file).with_suffix(SOURCES).as_posix()


def archive_stamp(forum: str) -> str:
    """Changes when a kept file was added, touched or taken away; read from the folder alone, opening no file."""
    return _stamp(_entries(forum))


def _stamp(entries: dict[str, str]) -> str:
    stamps = "\n".join(sorted(map(" ".join, entries.items())))
    return hashlib.sha256(stamps.encode("utf-8", "surrogateescape")).hexdigest() if stamps else ""


def _entries(forum: str) -> dict[str, str]:
    """Path -> size and modification time in ns of every kept file that is not hidden. There may be 100,000."""
    found, folders = {}, [archive_folder(forum).as_posix()]
    while folders:
        folder = folders.pop()
        try:
            entries = os.scandir(folder)
        except FileNotFoundError:
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                folders.append(path)
            else:
                about = entry.stat()
                found[path] = f"{about.st_size} {about.st_mtime_ns}"
    return found


def archive_paper(forum: str, file: str, data: bytes, sources: bytes) -> None:
    """Keeps a paper and its list of inputs; both are on the disk before the ledger names them."""
    for name, content in ((file, data), (sources_name(file), sources)):
        place = archive_folder(forum) / name
        write_atomic(place, content)
        with place.open("rb+") as kept:
            os.fsync(kept.fileno())


def sources_list(files: list[str]) -> bytes:
    """The digests of the files that a paper is made from."""
    return "".join(f"{digest(Path(name).read_bytes())}  {name}\n" for name in sorted(files)).encode()


def check_archive(forum: str, ledger: Ledger, store: Path, problems: Problems, issued: str = "") -> list[str]:
    """Every issued paper is kept as it was issued, or a problem; returns notes about files that no event names.

    `store` remembers what was found right, so that only what was touched is read again; `issued` is the stamp of the
    folder where it is known already.
    """
    seal, _, remembered = _remembered(store)
    last = ledger.events[-1].check if ledger.events else ""
    if issued and seal == f"{issued} {last}":
        return []
    there, expected = _entries(forum), _expected(forum, ledger)
    right, known = set(), set(remembered.splitlines())
    for path in expected.keys() & there.keys():
        line = f"{path} {there[path]} {expected[path][0]}"
        if line in known or digest(Path(path).read_bytes()) == expected[path][0]:
            right.add(line)
        else:
            _tell_changed("a changed file", path, expected[path][1], problems)
    for path in expected.keys() - there.keys():
        _tell_changed("no such file", path, expected[path][1], problems)
    own = {f"{archive_folder(forum).as_posix()}/{name}" for name in (LEDGER_NAME, END_NAME)}
    strays = sorted(there.keys() - expected.keys() - own)
    whole = len(right) == len(expected) and not strays
    seal = f"{_stamp(there)} {last}" if whole else ""
    write_atomic(store, "\n".join([seal, *sorted(right)]).encode("utf-8", "surrogateescape"))
    return [
        f"{file} is in no event of the ledger: if make issue was interrupted, run it again; else delete the file"
        for file in strays
    ]


def _remembered(store: Path) -> tuple[str, str, str]:
    """The seal (stamp and ledger for which all was right), and a line for each file that was right."""
    text = store.read_bytes().decode("utf-8", "surrogateescape") if store.exists() else ""
    return text.partition("\n")


def _expected(forum: str, ledger: Ledger) -> dict[str, tuple[str, str]]:
    """Path of each file that must be kept -> its digest, and the number of its paper."""
    folder, expected = archive_folder(forum).as_posix(), {}
    for event in ledger.events:
        if event.event == "issued":
            expected[f"{folder}/{event.file}"] = (event.sha256, event.number)
            expected[f"{folder}/{sources_name(event.file)}"] = (event.sources, event.number)
    return expected


def _tell_changed(what: str, path: str, number: str, problems: Problems) -> None:
    todo = "Take it back from your backup or from git: what was issued never changes."
    found, expected = f"{what}, kept of {number}", "the file as it was issued"
    problems.add(Place(path), "kept-file", found, expected, todo)
