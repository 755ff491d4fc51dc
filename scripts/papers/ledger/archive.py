"""The archive of issued papers, inputs/<forum>/issued: files as circulated, and digests of their inputs.

18_smewg47_003.sources, in the same folder as 18_smewg47_003.docx, is a list as sha256sum writes and
checks it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.file import END_NAME, ISSUED_FOLDER, LEDGER_NAME
from papers.problems import Place, Problems
from papers.store.changed_files import list_files
from papers.store.files import digest, write_atomic

if TYPE_CHECKING:
    from papers.ledger.rules import Ledger

SOURCES = ".sources"


def archive_folder(forum: str) -> Path:
    """Return the folder of a forum's ledger and issued papers."""
    return Path("inputs") / forum / ISSUED_FOLDER


def list_inputs(folder: str, but: str = "") -> list[str]:
    """Return the files below a folder that papers are made from: of an archive, only the ledger.

    See `list_files`.
    """
    return list_files(folder, but, archive_files=(LEDGER_NAME, END_NAME))


def sources_name(file: str) -> str:
    """Return the name of the list of inputs of a paper's file."""
    return Path(file).with_suffix(SOURCES).as_posix()


def archive_stamp(forum: str) -> str:
    """Return a digest that changes when an archived file is added, touched or deleted; opens none."""
    return _stamp(_list_archive(forum))


def _stamp(entries: dict[str, str]) -> str:
    stamps = "\n".join(sorted(map(" ".join, entries.items())))
    return hashlib.sha256(stamps.encode("utf-8", "surrogateescape")).hexdigest() if stamps else ""


def _list_archive(forum: str) -> dict[str, str]:
    """Map the path of every archived file that is not hidden to its size and modification time in ns.

    Uses os.scandir, as there may be 100,000 files.
    """
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
                status = entry.stat()
                found[path] = f"{status.st_size} {status.st_mtime_ns}"
    return found


def archive_paper(forum: str, file: str, data: bytes, sources: bytes) -> None:
    """Write a paper and its list of inputs to the archive; return when both are on the disk."""
    for name, content in ((file, data), (sources_name(file), sources)):
        path = archive_folder(forum) / name
        write_atomic(path, content)
        with path.open("rb+") as archived:
            os.fsync(archived.fileno())


def sources_list(files: list[str]) -> bytes:
    """Return the digests of the files that a paper is made from, as sha256sum writes them."""
    return "".join(f"{digest(Path(name).read_bytes())}  {name}\n" for name in sorted(files)).encode()


def check_archive(forum: str, ledger: Ledger, store: Path, problems: Problems, stamp: str = "") -> list[str]:
    """Check that every issued paper is archived as issued; return notices about files that no event names.

    `store` is a file of results, so that only files that were touched since the last call are read again.
    `stamp` is `archive_stamp(forum)` if the caller knows it.
    """
    checked, _, remembered = _read_store(store)
    last = ledger.events[-1].check if ledger.events else ""
    if stamp and checked == f"{stamp} {last}":
        return []
    present, expected = _list_archive(forum), _expected_files(forum, ledger)
    right, known = set(), set(remembered.splitlines())
    for path in expected.keys() & present.keys():
        line = f"{path} {present[path]} {expected[path][0]}"
        if line in known or digest(Path(path).read_bytes()) == expected[path][0]:
            right.add(line)
        else:
            _report("a changed file", path, expected[path][1], problems)
    for path in expected.keys() - present.keys():
        _report("no such file", path, expected[path][1], problems)
    own = {f"{archive_folder(forum).as_posix()}/{name}" for name in (LEDGER_NAME, END_NAME)}
    strays = sorted(present.keys() - expected.keys() - own)
    all_right = len(right) == len(expected) and not strays
    checked = f"{_stamp(present)} {last}" if all_right else ""
    write_atomic(store, "\n".join([checked, *sorted(right)]).encode("utf-8", "surrogateescape"))
    return [
        f"{file} is in no event of the ledger: if make issue was interrupted, run it again;"
        " else delete the file"
        for file in strays
    ]


def _read_store(store: Path) -> tuple[str, str, str]:
    """Return stamp and ledger's last check for which all was right, a separator, a line a right file."""
    text = store.read_bytes().decode("utf-8", "surrogateescape") if store.exists() else ""
    return text.partition("\n")


def _expected_files(forum: str, ledger: Ledger) -> dict[str, tuple[str, str]]:
    """Map the path of each file that must be archived to its digest and the number of its paper."""
    folder, expected = archive_folder(forum).as_posix(), {}
    for event in ledger.events:
        if event.event == "issued":
            expected[f"{folder}/{event.file}"] = (event.sha256, event.number)
            expected[f"{folder}/{sources_name(event.file)}"] = (event.sources, event.number)
    return expected


def _report(what: str, path: str, number: str, problems: Problems) -> None:
    todo = "Restore it from your backup or from git: an issued file never changes."
    found, expected = f"{what}, archived for {number}", "the file as it was issued"
    problems.add(Place(path), "kept-file", found, expected, todo)
