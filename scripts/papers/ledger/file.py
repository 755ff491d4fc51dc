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

from papers.numbers import is_number
from papers.problems import Place, Problems, did_you_mean, quoted

ISSUED_FOLDER, LEDGER_NAME, END_NAME = "issued", "ledger.csv", "ledger.end"
EVENTS = ("numbered", "issued", "revised", "withdrawn", "frozen", "corrected")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CHECK = 16  # hexadecimal digits: enough against every accident, and a line stays readable
_MOST_TOLD = 5  # Excel spoils every line at once
_BACKUP = "Take the file back from your backup or from git; nobody edits it by hand."


class LedgerRow(NamedTuple):
    """One event as written. `number` is the paper's whole number; `sources` the digest of its list of inputs.

    `corrects` names the corrections that a revision takes up, by their ids in corrections.csv, with spaces between.
    """

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
    corrects: str
    check: str


@dataclass
class LedgerFile:
    """What the file holds: its name as people are told it, and its rows in order."""

    name: str
    rows: list[LedgerRow] = field(default_factory=list)
    proven: str = (
        ""  # digest of the text and its end, where each line was found to follow from the one before
    )

    def place(self, row: LedgerRow) -> Place:
        return Place(self.name, line=int(row.line) + 1)  # the first line holds the titles of the columns


def line_check(previous: str, body: str) -> str:
    """The check of a line (without its check, and the comma before it) that follows a line with this check."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()[:_CHECK]


def csv_line(cells: list[str], separator: str = ",") -> str:
    """Cells as one line of CSV, without its end."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="").writerow(cells)
    return out.getvalue()


HEADER = csv_line(list(LedgerRow._fields))


def read_ledger(root: Path, forum: str, problems: Problems, proven: str = "") -> LedgerFile:
    """The ledger of inputs/<forum>/issued; one without rows where there is none yet, or where it can't be read.

    `proven` is the digest of a ledger whose chain was followed before: of that very text it is not followed again.
    """
    name = f"inputs/{forum}/{ISSUED_FOLDER}/{LEDGER_NAME}"
    ledger, path = LedgerFile(name), root / name
    end = path.with_name(END_NAME)
    if not path.exists() and not end.exists():
        return ledger
    texts = {
        file: _text_of(file, f"inputs/{forum}/{ISSUED_FOLDER}/{file.name}", problems) for file in (path, end)
    }
    if None in texts.values():
        return ledger
    return parse_ledger(texts[path], texts[end], name, problems, proven)


def _text_of(path: Path, name: str, problems: Problems) -> str | None:
    """The text of a file, "" where there is none; None and a problem where it can't be read."""
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        problems.add(Place(name), "unreadable", f"an unreadable file ({error})", "text in UTF-8", _BACKUP)
        return None


def parse_ledger(text: str, kept: str, name: str, problems: Problems, proven: str = "") -> LedgerFile:
    """The ledger of a text; `kept` is what ledger.end says. Without rows, and with problems, where they don't fit."""
    digest = hashlib.sha256(f"{kept}\n{text}".encode()).hexdigest()
    ledger, before = LedgerFile(name), len(problems.found)
    lines = _lines(name, text, problems)
    rows = _rows(lines)
    if len(problems.found) == before and digest != proven:
        _check(name, lines, rows, kept, problems)
    if len(problems.found) == before:
        ledger.rows, ledger.proven = rows, digest
    return ledger


def _check(name: str, lines: list[str], rows: list[LedgerRow], kept: str, problems: Problems) -> None:
    """Each line is told as what is wrong with it first of all: no event, then out of the chain, then missing."""
    broken = _broken(lines, rows)
    if not broken:
        _check_end(name, rows, kept, problems)
    elif not _tell_strange(name, lines, problems):
        _tell_broken(name, broken, problems)


def end_text(count: int, check: str) -> str:
    """What ledger.end says of a ledger of so many events."""
    return f"{count} {check}\n"


def _lines(name: str, text: str, problems: Problems) -> list[str]:
    """The lines below the titles; an unfinished last line is a problem, as is a file of other columns."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0] and lines[0] != HEADER:
        problems.add(Place(name, line=1), "ledger-columns", quoted(lines[0]), quoted(HEADER, 200), _BACKUP)
    elif lines[-1]:
        found, expected = f"a line without an end, {quoted(lines[-1])}", "whole lines"
        todo = "The event was never finished: run its command (make issue, say) again, which takes the line away."
        problems.add(Place(name, line=len(lines)), "torn-line", found, expected, todo)
    return lines[1:-1]


def _rows(lines: list[str]) -> list[LedgerRow]:
    """The lines as rows; [] where one has not all columns, which is then told as strange."""
    quoted_ones = csv.reader([line for line in lines if '"' in line], strict=True)
    make = LedgerRow._make
    try:  # most lines need no reader of CSV: a third of the time
        return [make(next(quoted_ones) if '"' in line else line.split(",")) for line in lines]
    except (csv.Error, TypeError, StopIteration):
        return []


def _broken(lines: list[str], rows: list[LedgerRow]) -> list[tuple[int, LedgerRow | None]]:
    """The events, counted from 1, that do not follow from the one before."""
    if len(rows) != len(lines):
        return [(1, None)]
    previous, broken, sha256 = "", [], hashlib.sha256
    for n, (line, row) in enumerate(zip(lines, rows, strict=True), 1):
        check = row.check
        # As `chained` says it, but without 50,000 calls.
        if sha256(f"{previous}\n{line[: -len(check) - 1]}".encode()).hexdigest()[
            :_CHECK
        ] != check or row.line != str(n):
            broken.append((n, row))
        previous = check
    return broken


def _tell_strange(name: str, lines: list[str], problems: Problems) -> bool:
    """Tells the first lines that are no events at all; False where all are."""
    told = 0
    for n, line in enumerate(lines, 2):
        if told < _MOST_TOLD and (why := _strange(_alone(line))):
            told += 1
            problems.add(Place(name, line=n), "ledger-line", *why, _BACKUP)
    return told > 0


def _alone(line: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return []


def _strange(cells: list[str]) -> tuple[str, str] | None:
    """What is wrong with the cells of a line, and what is expected."""
    if len(cells) != len(LedgerRow._fields):
        return f"{len(cells)} values", f"{len(LedgerRow._fields)}, one a column"
    if not cells[0].isdigit():
        return f"the number of the line {quoted(cells[0])}", "digits"
    if not _DATE.fullmatch(cells[1]):
        return f"the date {quoted(cells[1])}", "a date such as 2018-08-29"
    if cells[2] not in EVENTS:
        hint = did_you_mean(cells[2], EVENTS, "")
        return f"the event {quoted(cells[2])}", f"one of {', '.join(EVENTS)} {hint}".strip()
    if not is_number(cells[3]):
        return f"the number {quoted(cells[3])}", "a number such as 2018/SMEWG47/003rev1"
    return None


def _tell_broken(name: str, broken: list[tuple[int, LedgerRow]], problems: Problems) -> None:
    more = f" So are {len(broken) - _MOST_TOLD} more lines." if len(broken) > _MOST_TOLD else ""
    for n, row in broken[:_MOST_TOLD]:
        if row.line == str(n):
            told = "a line that was edited, or whose neighbour is gone", "the line as it was written"
        else:
            told = f"event {row.line} after event {n - 1}", f"event {n}"
        problems.add(Place(name, line=n + 1), "broken-chain", *told, _BACKUP + more)


def _check_end(name: str, rows: list[LedgerRow], kept: str, problems: Problems) -> None:
    """Events behind the kept end are new (a writer was stopped between the two files); fewer are a loss."""
    if not kept and not rows:
        return
    count, _, check = kept.strip().partition(" ")
    there = count.isdigit() and int(count) <= len(rows)
    if there and (int(count) == 0 or rows[int(count) - 1].check == check):
        return
    found = f"{len(rows)} events" if kept else f"no {END_NAME} beside it"
    expected = (
        f"{count} or more, the last with the check {check}, as {END_NAME} says"
        if kept
        else "the two files together"
    )
    problems.add(Place(name, line=len(rows) + 1), "lost-events", found, expected, _BACKUP)
