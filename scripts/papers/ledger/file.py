"""Read the ledger of issued papers, a CSV file with one line an event.

The last column, `check`, is a digest of the line and of the check before it: a line that was edited,
deleted or moved is found and reported by its number. ledger.end has the number of events and the last
check, so that a loss of the last lines is found as well.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from papers.problems import Place, Problems, count_of, did_you_mean, quoted
from papers.safety import MAX_LEDGER, UnsafeFile, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

ISSUED_FOLDER, LEDGER_NAME, END_NAME = "issued", "ledger.csv", "ledger.end"
EVENTS = ("numbered", "packed", "issued", "revised", "withdrawn", "frozen", "corrected")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CHECK_DIGITS = 16  # hexadecimal: enough against every accident, and a line stays readable
_MOST_REPORTED = 5  # lines: after the file was saved in Excel, every line is wrong
_RESTORE = "Restore the file from your backup or from git; it is never edited by hand."
_MERGE_MARK = re.compile(r"(<{7}|={7}|>{7})( |$)", re.MULTILINE)  # of git, at the beginning of a line
_BEFORE_THE_MERGE = (
    'Follow "When two branches recorded events" in docs/officer.md; while the merge is open, it begins with'
    " git restore --source=HEAD --staged --worktree {folder}."
)


class LedgerRow(NamedTuple):
    """One event as written, all strings.

    `line` counts events from 1. `number` is the paper's whole number, with its revision. `file` is
    relative to the ledger's folder, `sha256` its digest, `sources` the digest of the list of its inputs.
    `corrects` are ids of corrections.csv that a revision makes, with spaces between them.
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
    """The ledger as read. `name` is its path as messages show it.

    `proven` is the digest of the text and its end if the checks of all lines are right, else "". `complete`
    is False where the file has a problem; then it has no rows.
    """

    name: str
    rows: list[LedgerRow] = field(default_factory=list)
    proven: str = ""
    complete: bool = True

    def place(self, row: LedgerRow) -> Place:
        """Return the place of an event in the file; line 1 has the titles of the columns."""
        return Place(self.name, line=int(row.line) + 1)


def line_check(previous: str, body: str) -> str:
    """Return the check of a line.

    `previous` is the check of the line before; `body` is the line up to the comma before its check.
    """
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()[:_CHECK_DIGITS]


def csv_line(cells: list[str], separator: str = ",") -> str:
    """Return cells as one line of CSV, without a line end."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="").writerow(cells)
    return out.getvalue()


HEADER = csv_line(list(LedgerRow._fields))


def restore_hint(name: str, count: int) -> str:
    """Return how to restore the ledger `name`, of which `count` events are left."""
    if count:
        what = f"{LEDGER_NAME} and {END_NAME}"
        return (
            f"Keep a copy of {what}; then restore later ones, both of one day, from your backup or from git."
        )
    end = f"{name.removesuffix(LEDGER_NAME)}{END_NAME}"
    return f"Run git checkout HEAD -- {name} {end}, or restore both files from your backup."


def end_text(count: int, check: str) -> str:
    """Return the content of ledger.end for a ledger of `count` events, the last with this check."""
    return f"{count} {check}\n"


def read_ledger(root: Path, forum: str, problems: Problems, proven: str = "") -> LedgerFile:
    """Read the ledger of inputs/<forum>/issued below `root`.

    It has no rows if there is no file or the file has problems. `proven` is `LedgerFile.proven` of an
    earlier call: the checks of that very text are not computed again.
    """
    name = f"inputs/{forum}/{ISSUED_FOLDER}/{LEDGER_NAME}"
    ledger, path = LedgerFile(name), root / name
    end = path.with_name(END_NAME)
    if not path.exists() and not end.exists():
        return ledger
    text, end_of_text = (
        _read_text(file, f"inputs/{forum}/{ISSUED_FOLDER}/{file.name}", problems) for file in (path, end)
    )
    if text is None or end_of_text is None:
        ledger.complete = False
        return ledger
    return parse_ledger(text, end_of_text, name, problems)


def _read_text(path: Path, name: str, problems: Problems) -> str | None:
    """Return the text of a file, "" if there is no file; None and a problem if it can't be read."""
    try:
        data = read_bytes(path, MAX_LEDGER) if path.exists() else b""
        return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnsafeFile as refused:
        problems.add(Place(name), refused.kind, refused.found, refused.expected, _RESTORE)
        return None
    except (OSError, UnicodeDecodeError) as error:
        problems.add(Place(name), "unreadable", f"an unreadable file ({error})", "text in UTF-8", _RESTORE)
        return None


def parse_ledger(text: str, end: str, name: str, problems: Problems, proven: str = "") -> LedgerFile:
    """Return the ledger of the texts of ledger.csv and ledger.end; without rows if there is a problem."""
    digest = hashlib.sha256(f"{end}\n{text}".encode()).hexdigest()
    ledger, before = LedgerFile(name), len(problems.found)
    if marked := _MERGE_MARK.search(text) or _MERGE_MARK.search(end):
        _report_merge(name, text, marked, problems)
        ledger.complete = False
        return ledger
    lines = _split_lines(name, text, problems)
    rows = _parse_rows(lines)
    if len(problems.found) == before and digest != proven:
        _check(name, lines, rows, end, problems)
    ledger.complete = len(problems.found) == before
    if ledger.complete:
        ledger.rows, ledger.proven = rows, digest
    return ledger


def _report_merge(name: str, text: str, marked: re.Match[str], problems: Problems) -> None:
    """Report the marks of a git merge of two branches that both recorded events."""
    in_ledger = marked.string is text
    place = Place(name, line=text.count("\n", 0, marked.start()) + 1) if in_ledger else Place(name)
    found = (
        f"the marks of a git merge{'' if in_ledger else f' in {END_NAME}'}, as two branches recorded events"
    )
    problems.add(place, "merged", found, "the events of one branch", _merge_hint(name))


def _merge_hint(name: str) -> str:
    return _BEFORE_THE_MERGE.format(folder=name.removesuffix(f"/{LEDGER_NAME}"))


def _check(name: str, lines: list[str], rows: list[LedgerRow], end: str, problems: Problems) -> None:
    """Report the first kind of fault found: lines that are no events, wrong checks, missing lines."""
    broken = _broken_checks(lines, rows)
    if not broken:
        _check_end(name, rows, end, problems)
    elif _report_invalid_lines(name, lines, problems):
        pass
    elif twice := _second_line(lines, rows, int(broken[0][0])):
        found = f"a second event {twice}, as two branches recorded events"
        problems.add(Place(name, line=broken[0][0] + 1), "merged", found, "one of each", _merge_hint(name))
    else:
        _report_broken_checks(name, broken, problems)


def _split_lines(name: str, text: str, problems: Problems) -> list[str]:
    """Return the lines below the titles; other titles and an unfinished last line are problems."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0] and lines[0] != HEADER:
        problems.add(Place(name, line=1), "ledger-columns", quoted(lines[0]), quoted(HEADER, 200), _RESTORE)
    elif lines[-1]:
        found, expected = f"a line without an end, {quoted(lines[-1])}", "whole lines"
        todo = (
            "A command was interrupted here: run it again (make issue, for example), which removes the line."
        )
        problems.add(Place(name, line=len(lines)), "torn-line", found, expected, todo)
    return lines[1:-1]


def _parse_rows(lines: list[str]) -> list[LedgerRow]:
    """Return the lines as rows; none if a line has not all columns, see `_report_invalid_lines`."""
    reader = csv.reader([line for line in lines if '"' in line], strict=True)
    make = LedgerRow._make
    try:  # most lines have no quotation marks, and splitting them takes a third of the time
        return [make(next(reader) if '"' in line else line.split(",")) for line in lines]
    except (csv.Error, TypeError, StopIteration):
        return []


def _broken_checks(lines: list[str], rows: list[LedgerRow]) -> list[tuple[int, str]]:
    """Return the events, counted from 1, that do not follow from the one before, each with its `line`."""
    if len(rows) != len(lines):
        return [(1, "")]
    broken: list[tuple[int, str]] = []
    previous, sha256 = "", hashlib.sha256
    for n, (line, row) in enumerate(zip(lines, rows, strict=True), 1):
        check = row.check
        body = line[: -len(check) - 1]
        # As `line_check` computes it, but without 50,000 calls.
        right = sha256(f"{previous}\n{body}".encode()).hexdigest()[:_CHECK_DIGITS] == check
        if not right or row.line != str(n):
            broken.append((n, row.line))
        previous = check
    return broken


def _second_line(lines: list[str], rows: list[LedgerRow], at: int) -> str:
    """Return the number of event `at`, from 1, if it rightly follows an event further up; else ""."""
    line, row = lines[at - 1], rows[at - 1]
    before = int(row.line) - 1 if row.line.isdigit() else at
    if not before < at - 1:
        return ""
    previous = rows[before - 1].check if before > 0 else ""
    return row.line if line_check(previous, line[: -len(row.check) - 1]) == row.check else ""


def _report_invalid_lines(name: str, lines: list[str], problems: Problems) -> bool:
    """Report the first lines that are no events; return False if all are events."""
    reported = 0
    for n, line in enumerate(lines, 2):
        if reported < _MOST_REPORTED and (fault := _fault_in_cells(_parse_line(line))):
            reported += 1
            problems.add(Place(name, line=n), "ledger-line", *fault, _RESTORE)
    return reported > 0


def _parse_line(line: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return []


def _fault_in_cells(cells: list[str]) -> tuple[str, str] | None:
    """Return what is wrong with the cells of a line, and what is expected; None if they are an event."""
    if len(cells) != len(LedgerRow._fields):
        return f"{len(cells)} values", f"{len(LedgerRow._fields)}, one a column"
    if not cells[0].isdigit():
        return f"the number of the line {quoted(cells[0])}", "digits"
    if not _DATE.fullmatch(cells[1]):
        return f"the date {quoted(cells[1])}", "a date such as 2018-08-29"
    if cells[2] not in EVENTS:
        hint = did_you_mean(cells[2], EVENTS, "")
        return f"the event {quoted(cells[2])}", f"one of {', '.join(EVENTS)} {hint}".strip()
    return None


def _report_broken_checks(name: str, broken: list[tuple[int, str]], problems: Problems) -> None:
    rest = len(broken) - _MOST_REPORTED
    more = (
        f" {count_of(rest, 'more line')} of the file {'is' if rest == 1 else 'are'} wrong as well."
        if rest > 0
        else ""
    )
    for n, line in broken[:_MOST_REPORTED]:
        if line == str(n):
            fault = "a line that was edited, or follows a line that was", "the line as it was written"
        else:
            fault = f"event {line} after event {n - 1}", f"event {n}"
        problems.add(Place(name, line=n + 1), "broken-chain", *fault, _RESTORE + more)


def _check_end(name: str, rows: list[LedgerRow], end: str, problems: Problems) -> None:
    """Report missing last lines.

    More events than ledger.end counts are right: a writer may stop between the files.
    """
    if not end and not rows:
        return
    count, _, check = end.strip().partition(" ")
    enough = count.isdigit() and int(count) <= len(rows)
    if enough and (int(count) == 0 or rows[int(count) - 1].check == check):
        return
    todo = restore_hint(name, len(rows))
    if end:
        found = count_of(len(rows), "event")
        expected = f"{count} or more, the last of them with the check {check}, as {END_NAME} says"
    else:
        found, expected = f"no file {END_NAME} in the same folder", "both files"
        todo = f"Restore {END_NAME} alone from your backup or from git; an older one will do."
    problems.add(Place(name, line=len(rows) + 1), "lost-events", found, expected, todo)
