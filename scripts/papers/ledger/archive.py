"""The archive of issued papers, inputs/<forum>/issued: files as circulated, and digests of their inputs.

18_smewg47_003.sources, in the same folder as 18_smewg47_003.docx, is a list as sha256sum writes and
checks it. Its last lines are comments for later builds (`papers.ledger.mismatch.source_comments`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.file import END_NAME, ISSUED_FOLDER, LEDGER_NAME
from papers.problems import Place, Problems
from papers.store.cache import cache_key
from papers.store.file_lists import list_files
from papers.store.files import digest, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from papers.ledger.rules import Ledger
    from papers.store.cache import Cache

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
    return f"{os.path.splitext(file)[0]}{SOURCES}"


def archive_stamp(forum: str) -> str:
    """Return a digest that changes when an archived file is added, touched or deleted; opens none."""
    return cache_key(*sorted(map(" ".join, _list_archive(forum).items())))


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


def sources_list(
    files: Iterable[str], comments: Iterable[str] = (), known: Mapping[str, str] | None = None
) -> bytes:
    """Return the digests of the files that a paper is made from, as sha256sum writes them, and comments.

    `known`: digests of files that were read before, and are not opened again.
    """
    lines = [
        f"{(known or {}).get(name) or digest(Path(name).read_bytes())}  {name}" for name in sorted({*files})
    ]
    return "".join(f"{line}\n" for line in (*lines, *comments)).encode()


def check_archive(forum: str, ledger: Ledger, cache: Cache, problems: Problems) -> list[str]:
    """Check that every issued paper is archived as issued; return notices about files that no event names.

    Only folders with a file that was added, touched or deleted since the last call are read again.
    """
    present, expected = _list_archive(forum), _expected_files(forum, ledger)
    folders: dict[str, list[str]] = {}
    for path in sorted(expected):
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    for paths in folders.values():
        states = (f"{path} {present.get(path, '')} {expected[path][0]}" for path in paths)
        key = cache_key("\n".join(states))
        if cache.get(key) is None and _check_files(paths, present, expected, problems):
            cache.put(key, b"")
    cache.remove_unused()
    own = {f"{archive_folder(forum).as_posix()}/{name}" for name in (LEDGER_NAME, END_NAME)}
    return [
        f"{file} is in no event of the ledger: if make issue was interrupted, run it again;"
        " else delete the file"
        for file in sorted(present.keys() - expected.keys() - own)
    ]


def _check_files(
    paths: list[str], present: dict[str, str], expected: dict[str, tuple[str, str]], problems: Problems
) -> bool:
    """Report archived files that are missing or changed; return whether there is none."""
    before = len(problems.found)
    for path in paths:
        sha256, number = expected[path]
        if path not in present:
            _report("no such file", path, number, problems)
        elif digest(Path(path).read_bytes()) != sha256:
            _report("a changed file", path, number, problems)
    return len(problems.found) == before


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
