"""Archived files that no event names: of an issue that was interrupted, or of a ledger that lost events.

Before `make issue` archives anything, it lists the new files, and the end of the ledger as it then is, in
`.issuing`. The list is written first and removed last, so one rule fits a kill at any moment: a file that it
has and no event names was not circulated; any other file without an event was.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from papers.ledger.file import END_NAME, LEDGER_NAME, end_text, parse_ledger
from papers.problems import Problems
from papers.store.files import remove_file, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from papers.ledger.file import LedgerRow

ISSUING = ".issuing"
SOURCES = ".sources"  # ends the name of the list of inputs of an archived paper


def sources_name(file: str) -> str:
    """Return the name of the list of inputs of a paper's file."""
    return f"{os.path.splitext(file)[0]}{SOURCES}"


def begin_issue(folder: Path, papers: Iterable[str], last: LedgerRow | None) -> None:
    """List the files of papers that are about to be archived in `folder`, whose ledger ends with `last`.

    Return when the list is on the disk. Needs the lock of the ledger.
    """
    end = end_text(int(last.line), last.check) if last else end_text(0, "")
    lines = [end, *(f"{name}\n" for paper in papers for name in (paper, sources_name(paper)))]
    write_atomic(folder / ISSUING, "".join(lines).encode(), durable=True)


def end_issue(folder: Path) -> None:
    """Remove the list, as the events of its files are in the ledger."""
    remove_file(folder / ISSUING, missing_ok=True)


def interrupted_files(folder: Path, rows: Sequence[LedgerRow]) -> set[str] | None:
    """Return what an interrupted issue added to an archive whose ledger has `rows`.

    None without such an issue, and where the ledger has lost events since: the files may be theirs.
    """
    if not (folder / ISSUING).exists():
        return None
    end, *files = (folder / ISSUING).read_text(encoding="utf-8").splitlines() or [""]
    count = int(end.partition(" ")[0]) if end.partition(" ")[0].isdigit() else len(rows) + 1
    if count > len(rows) or (count and end_text(count, rows[count - 1].check).strip() != end.strip()):
        return None
    listed = {file for file in files if ".." not in file.split("/") and not file.startswith("/")}
    return listed - {name for row in rows if row.file for name in (row.file, sources_name(row.file))}


def remove_interrupted(folder: Path) -> None:
    """Remove what an interrupted issue added to an archive. Needs the lock of the ledger.

    Everything stays while the ledger cannot be read; an unfinished last line is no event.
    """
    if not (folder / ISSUING).exists():
        return
    rows = read_whole_lines(folder)
    files = None if rows is None else interrupted_files(folder, rows)
    if files is not None:
        for file in files:
            remove_file(folder / file, missing_ok=True)
        end_issue(folder)


def read_whole_lines(folder: Path) -> list[LedgerRow] | None:
    """Return the events of a ledger without an unfinished last line; None if it cannot be read."""
    text, end = (_read(folder / name) for name in (LEDGER_NAME, END_NAME))
    problems = Problems()
    rows = parse_ledger(text[: text.rfind("\n") + 1], end, LEDGER_NAME, problems).rows
    return None if problems else rows


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
