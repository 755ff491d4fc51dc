"""Events and ledgers for tests, written by the program itself."""

from __future__ import annotations

from pathlib import Path

from papers.ledger.append import append, ledger_lock
from papers.ledger.file import LedgerRow, read_ledger
from papers.problems import Problem, Problems

FOLDER = "inputs/mini/issued"
LEDGER, END = f"{FOLDER}/ledger.csv", f"{FOLDER}/ledger.end"


def event(name: str, number: str, sha256: str = "ab", **more: str) -> LedgerRow:
    """Return an event with defaults for everything that does not matter."""
    year, meeting, tail = number.split("/")
    file = f"{year}/{meeting}/{tail}.docx"
    defaults = {
        "kind": "work-plan",
        "meeting": meeting,
        "title": "A paper, of words",
        "file": file,
        "sources": "cd",
        "corrects": "",
    }
    who = {"by": "APEC Secretariat", "why": 'because of "this"', "line": "", "check": ""}
    return LedgerRow(
        date="2018-08-29", event=name, number=number, sha256=sha256, **{**who, **defaults, **more}
    )


def write(root: Path, *events: LedgerRow) -> list[LedgerRow]:
    """Append events to the ledger of the miniature forum below `root`, under its lock."""
    folder = root / FOLDER
    with ledger_lock(folder):
        rows = read_ledger(root, "mini", Problems()).rows
        return append(folder, list(events), rows[-1] if rows else None)


def read(root: Path) -> tuple[list[LedgerRow], list[Problem]]:
    """Return the rows of the ledger and the problems of reading it."""
    problems = Problems()
    return read_ledger(root, "mini", problems).rows, problems.found
