"""The archive of issued papers, inputs/<forum>/issued: files as circulated, and digests of their inputs.

18_smewg47_003.sources, in the same folder as 18_smewg47_003.docx, is a list as sha256sum writes and
checks it. Its last lines are comments for later builds (`papers.ledger.mismatch.source_comments`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.file import END_NAME, ISSUED_FOLDER, LEDGER_NAME, restore_hint
from papers.ledger.unrecorded import SOURCES, interrupted_files, sources_name
from papers.problems import Place, Problems, count_of
from papers.store.cache import cache_key
from papers.store.file_lists import list_files
from papers.store.files import digest, read_bytes, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from papers.ledger.file import LedgerRow
    from papers.ledger.rules import Ledger
    from papers.store.cache import Cache

_ISSUED_AS = (".docx", ".pdf", SOURCES)  # how the names of issued papers and of their lists end

_OTHER_CAUSES = (
    'After a git merge, follow "When two branches recorded events" in docs/officer.md;'
    " a file of your own belongs into another folder."
)


def archive_folder(forum: str) -> Path:
    """Return the folder of a forum's ledger and issued papers."""
    return Path("inputs") / forum / ISSUED_FOLDER


def list_inputs(folder: str, but: str = "") -> list[str]:
    """Return the files below a folder that papers are made from: of an archive, only the ledger.

    See `list_files`.
    """
    return list_files(folder, but, archive_files=(LEDGER_NAME, END_NAME))


def inputs_of(forum: str) -> list[str]:
    """Return the files that the papers of a forum may be made from, sorted: no folder of another forum."""
    top = Path("inputs")
    entries = list(top.iterdir()) if top.is_dir() else []  # Snakemake takes a FileNotFoundError for "not yet"
    folders = [path for path in entries if path.is_dir() and not (path / "forum.yaml").is_file()]
    shared = [path.as_posix() for path in entries if path.is_file() and not path.name.startswith(".")]
    found = [name for folder in {*folders, top / forum} for name in list_inputs(folder.as_posix())]
    return sorted({*found, *shared} - {"inputs/README.md"})


def ledgers_of_others(forum: str) -> list[str]:
    """Return the ledgers of the other forums, whose numbers can't be given again."""
    paths = Path("inputs").glob(f"*/{ISSUED_FOLDER}/{LEDGER_NAME}")
    return sorted(path.as_posix() for path in paths if path.parts[1] != forum)


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
        write_atomic(archive_folder(forum) / name, content, durable=True)


def sources_list(
    files: Iterable[str], comments: Iterable[str] = (), known: Mapping[str, str] | None = None
) -> bytes:
    """Return the digests of the files that a paper is made from, as sha256sum writes them, and comments.

    `known`: digests of files that were read before, and are not opened again.
    """
    lines = [f"{(known or {}).get(name) or digest(read_bytes(name))}  {name}" for name in sorted({*files})]
    return "".join(f"{line}\n" for line in (*lines, *comments)).encode()


def check_archive(forum: str, ledger: Ledger, cache: Cache, problems: Problems) -> list[str]:
    """Check that every issued paper is archived as issued, and that every archived one is in the ledger.

    Return notices about other files in the archive. Only folders with a file that was added, touched or
    deleted since the last call are read again.
    """
    present, expected = _list_archive(forum), _expected_files(forum, ledger.events)
    folders: dict[str, list[str]] = {}
    for path in sorted(expected):
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    for paths in folders.values():
        states = (f"{path} {present.get(path, '')} {expected[path][0]}" for path in paths)
        key = cache_key("\n".join(states))
        if cache.get(key) is None and _check_files(paths, present, expected, problems):
            cache.put(key, b"")
    cache.remove_unused()
    if not ledger.complete:
        return []
    others = _report_unrecorded(forum, present, expected, ledger.events, problems)
    return [f"{file} is not an issued paper: keep it in another folder" for file in others]


def check_recorded(forum: str, rows: Sequence[LedgerRow], problems: Problems) -> None:
    """Check that a ledger with these rows has every archived paper; no paper is opened."""
    _report_unrecorded(forum, _list_archive(forum), _expected_files(forum, rows), rows, problems)


def _report_unrecorded(
    forum: str,
    present: Mapping[str, str],
    expected: Mapping[str, tuple[str, str]],
    rows: Sequence[LedgerRow],
    problems: Problems,
) -> list[str]:
    """Report archived papers that no event names as one problem of the ledger; return the other files."""
    folder = archive_folder(forum)
    known = {*expected, *(f"{folder.as_posix()}/{name}" for name in (LEDGER_NAME, END_NAME))}
    known |= {f"{folder.as_posix()}/{file}" for file in interrupted_files(folder, rows) or ()}
    others = sorted(present.keys() - known)
    papers = [file for file in others if file.endswith(_ISSUED_AS) and "/~$" not in file]
    if papers:
        what = count_of(len(papers), "archived file")
        found = f"no event of {what}, such as {papers[0]}"
        ledger = f"{folder.as_posix()}/{LEDGER_NAME}"
        todo = f"{restore_hint(ledger, len(rows))} {_OTHER_CAUSES}"
        problems.add(Place(ledger), "lost-events", found, "an event of every paper that was issued", todo)
    return sorted({*others} - {*papers})


def _check_files(
    paths: list[str], present: dict[str, str], expected: dict[str, tuple[str, str]], problems: Problems
) -> bool:
    """Report archived files that are missing or changed; return whether there is none."""
    before = len(problems.found)
    for path in paths:
        sha256, number = expected[path]
        if path not in present:
            _report("no such file", path, number, problems)
        elif digest(read_bytes(path)) != sha256:
            _report("a changed file", path, number, problems)
    return len(problems.found) == before


def _expected_files(forum: str, rows: Iterable[LedgerRow]) -> dict[str, tuple[str, str]]:
    """Map the path of each file that must be archived to its digest and the number of its paper."""
    folder, expected = archive_folder(forum).as_posix(), {}
    for event in rows:
        if event.event == "issued":
            expected[f"{folder}/{event.file}"] = (event.sha256, event.number)
            expected[f"{folder}/{sources_name(event.file)}"] = (event.sources, event.number)
    return expected


def _report(what: str, path: str, number: str, problems: Problems) -> None:
    todo = "Restore it from your backup or from git: an issued file never changes."
    found, expected = f"{what}, archived for {number}", "the file as it was issued"
    problems.add(Place(path), "kept-file", found, expected, todo)
