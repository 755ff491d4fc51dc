"""The ledger of issued papers: a text file of one line an event, each chained to the line before it.

The last column, `check`, is a digest of the line and of the check before: a line that somebody edited, took out or moved
is noticed and told by its number. ledger.end keeps how many lines there are, so that lost last lines are noticed too.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from papers.problems import Place, Problems, did_you_mean, quoted

FOLDER, NAME, END = "issued", "ledger.csv", "ledger.end"
EVENTS = ("numbered", "issued", "revised", "withdrawn", "frozen", "corrected")
_NUMBER = re.compile(r"[0-9]{4}(/[A-Z0-9]+){1,3}/(IS[0-9]{2}|[0-9]{3})([a-z]|rev[1-9][0-9]?|(anx|att)[A-Z])?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CHECK = 16  # hexadecimal digits: enough against every accident, and a line stays readable
_MOST_TOLD = 5  # Excel spoils every line at once
_BACKUP = "Take the file back from your backup or from git; nobody edits it by hand."


class Row(NamedTuple):
    """One event as written. `number` is the paper's whole number; `sources` the digest of its list of inputs."""

    line: str
    date: str
    event: str
    number: str
    kind: str
    meeting: str
    title: str
    file: str
    sha256: str
    sources: str
    by: str
    why: str
    check: str


@dataclass
class LedgerFile:
    """What the file holds: its name as people are told it, and its rows in order."""

    name: str
    rows: list[Row] = field(default_factory=list)

    def place(self, row: Row) -> Place:
        return Place(self.name, line=int(row.line) + 1)  # the first line holds the titles of the columns


def chained(previous: str, body: str) -> str:
    """The check of a line (without its check, and the comma before it) that follows a line with this check."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()[:_CHECK]


def as_line(cells: list[str]) -> str:
    """Cells as one line of CSV, without its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


HEAD = as_line(list(Row._fields))


def read_ledger(root: Path, forum: str, problems: Problems) -> LedgerFile:
    """The ledger of inputs/<forum>/issued; one without rows where there is none yet, or where it can't be read."""
    name = f"inputs/{forum}/{FOLDER}/{NAME}"
    ledger, path = LedgerFile(name), root / name
    end = path.with_name(END)
    if not path.exists() and not end.exists():
        return ledger
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        kept = end.read_text(encoding="utf-8") if end.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        problems.add(Place(name), "unreadable", f"an unreadable file ({error})", "text in UTF-8", _BACKUP)
        return ledger
    before = len(problems.found)
    lines = _lines(name, text, problems)
    rows = _rows(name, lines, problems)
    if len(problems.found) == before:
        _check_chain(name, lines, rows, problems)
        _check_end(name, rows, kept, problems)
    if len(problems.found) == before:
        ledger.rows = rows
    return ledger


def end_of(count: int, check: str) -> str:
    """What ledger.end says of a ledger of so many events."""
    return f"{count} {check}\n"


def _lines(name: str, text: str, problems: Problems) -> list[str]:
    """The lines below the titles; an unfinished last line is a problem, as is a file of other columns."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0] and lines[0] != HEAD:
        problems.add(Place(name, line=1), "ledger-columns", quoted(lines[0]), quoted(HEAD, 200), _BACKUP)
    elif lines[-1]:
        found, wanted = f"a line without an end, {quoted(lines[-1])}", "whole lines"
        todo = "The event was never finished: run its command (make issue, say) again, which takes the line away."
        problems.add(Place(name, line=len(lines)), "torn-line", found, wanted, todo)
    return lines[1:-1]


def _rows(name: str, lines: list[str], problems: Problems) -> list[Row]:
    """One row a line; what is no event is told by line."""
    try:
        cells = list(csv.reader(lines, strict=True))
    except csv.Error:
        cells = []
    if len(cells) != len(lines):  # a quotation mark swallowed lines: look at each by itself
        cells = [_alone(line) for line in lines]
    rows, told = [], 0
    for n, each in enumerate(cells, 2):
        why = _strange(each)
        if why and told < _MOST_TOLD:
            told += 1
            problems.add(Place(name, line=n), "ledger-line", *why, _BACKUP)
        elif not why:
            rows.append(Row._make(each))
    return rows


def _alone(line: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return []


def _strange(cells: list[str]) -> tuple[str, str] | None:
    """What is wrong with the cells of a line, and what is wanted."""
    if len(cells) != len(Row._fields):
        return f"{len(cells)} values", f"{len(Row._fields)}, one a column"
    if not _DATE.fullmatch(cells[1]):
        return f"the date {quoted(cells[1])}", "a date such as 2018-08-29"
    if cells[2] not in EVENTS:
        hint = did_you_mean(cells[2], EVENTS, "")
        return f"the event {quoted(cells[2])}", f"one of {', '.join(EVENTS)} {hint}".strip()
    if not _NUMBER.fullmatch(cells[3]):
        return f"the number {quoted(cells[3])}", "a number such as 2018/SMEWG47/003rev1"
    return None


def _check_chain(name: str, lines: list[str], rows: list[Row], problems: Problems) -> None:
    previous, broken = "", []
    for n, (line, row) in enumerate(zip(lines, rows, strict=True), 1):
        body = line[: -len(row.check) - 1]
        if row.check != chained(previous, body) or row.line != str(n):
            broken.append((n, row))
        previous = row.check
    for n, row in broken[:_MOST_TOLD]:
        gap = row.line != str(n)
        found = (
            f"event {row.line} after event {n - 1}"
            if gap
            else "a line that was edited, or whose neighbour is gone"
        )
        wanted = f"event {n}" if gap else "the line as it was written"
        more = f" So are {len(broken) - _MOST_TOLD} more lines." if len(broken) > _MOST_TOLD else ""
        problems.add(Place(name, line=n + 1), "broken-chain", found, wanted, _BACKUP + more)


def _check_end(name: str, rows: list[Row], kept: str, problems: Problems) -> None:
    """Events behind the kept end are new (a writer was stopped between the two files); fewer are a loss."""
    if not kept and not rows:
        return
    count, _, check = kept.strip().partition(" ")
    there = count.isdigit() and int(count) <= len(rows)
    if there and (int(count) == 0 or rows[int(count) - 1].check == check):
        return
    found = f"{len(rows)} events" if kept else f"no {END} beside it"
    wanted = (
        f"{count} or more, the last with the check {check}, as {END} says"
        if kept
        else "the two files together"
    )
    problems.add(Place(name, line=len(rows) + 1), "lost-events", found, wanted, _BACKUP)
