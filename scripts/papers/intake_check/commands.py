"""Run the verb `check`: look at files that others sent, write what to mail back, and put them where they belong."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers import safety
from papers.inputs.own_notes import NOTE_END
from papers.intake_check.check_workbook import check_workbook
from papers.intake_check.recognise import check_names
from papers.problems import Place, Problems, quoted
from papers.store.files import read_bytes, write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.intake_check.result import Result

_TYPES = (".xlsx", ".docx", ".pdf")
_CHECKED = " (checked)"
_CORRECT_CELLS = "Please correct the marked cells of the workbook, and send it back."
_CORRECT_FILE = "Please correct the file, and send it back."


def run(verb: str, options: dict[str, str]) -> int:
    """Check each of the files; return 1 if one has a problem or was not accepted."""
    root, problems = Path(), Problems()
    check_names(root, options, problems)
    paths = [Path(name) for name in dict.fromkeys(options["files"].split("\n"))]
    for path in paths:
        _check_file(path, problems)
    if problems:
        print("Nothing was checked. Please fix:", file=sys.stderr)
        print("\n".join(f"  {line}" for line in problems.lines()), file=sys.stderr)
        return 1
    return max([_check(root, path, options) for path in paths])


def _check_file(path: Path, problems: Problems) -> None:
    place, expected = Place(path.as_posix()), f"a file of the type {', '.join(_TYPES)}"
    if not path.is_file():
        problems.add(place, "no-file", "no such file", expected, "Correct the name.")
    elif path.suffix.lower() not in _TYPES:
        todo = "Ask for it as Excel Workbook (.xlsx), Word Document (.docx) or PDF."
        problems.add(place, "file-type", f"a file of the type {quoted(path.suffix)}", expected, todo)


def _check(root: Path, path: Path, options: Mapping[str, str]) -> int:
    if path.suffix.lower() == ".xlsx":
        result = check_workbook(root, path, options)
    else:
        from papers.intake_check.check_paper import check_paper  # noqa: PLC0415 -- takes half a second to import

        result = check_paper(root, path, options)
    text = result.text()
    print(f"{text}{result.for_officer()}", end="")
    if result.is_accepted:
        return _place(root, result, options)
    for line in _write_answers(root, result, text) if result.problems else ():
        print(line)
    return 1


# What is mailed back


def _write_answers(root: Path, result: Result, text: str) -> list[str]:
    """Write the text, and of a workbook a marked copy, beside the file; return what was written."""
    path = result.path
    if (root / "inputs").resolve() in path.resolve().parents:
        return ["Nothing was written beside it, as it is among the inputs."]
    lines, stem = [], path.stem.partition(_CHECKED)[0] + _CHECKED
    copy = _marked(result) if path.suffix.lower() == ".xlsx" else None
    request = _CORRECT_CELLS if copy else _CORRECT_FILE
    files = {path.with_name(f"{stem}.txt"): f"{request}\n\n{text}".encode("utf-8-sig")}
    if copy:
        files[path.with_name(f"{stem}.xlsx")] = copy
    number = next(at for at in range(1, 10_000) if not any(_numbered(name, at).exists() for name in files))
    for name, data in files.items():
        target = _numbered(name, number)
        write_atomic(target, data)
        lines.append(f"Written: {target}")
    return lines


def _numbered(path: Path, number: int) -> Path:
    """Return the path of the first or of a later answer: an earlier one may have been edited."""
    return path if number == 1 else path.with_name(f"{path.stem} {number}{path.suffix}")


def _marked(result: Result) -> bytes | None:
    """Return the workbook with its problems marked; None where no cell has one, or its parts can't be edited."""
    marks: dict[str, dict[str, list[str]]] = {}
    unseen = set()
    for problem in result.problems.in_order():
        place = problem.place
        row = place.part.removeprefix("row ")
        cell = place.cell or (f"A{row}" if row.isdecimal() else "A1")
        if place.sheet:
            text = f"{problem.found}; expected {problem.expected}. {problem.todo}".replace(NOTE_END, "")
            marks.setdefault(place.sheet, {}).setdefault(cell, []).append(text)
            if problem.kind == "hidden":
                unseen.add((place.sheet, cell))  # a colour would show what the cell hides
    from papers.intake_check.marked_copy import marked_copy  # noqa: PLC0415 -- only for a workbook with problems

    try:
        return marked_copy(read_bytes(result.path), marks, unseen) if marks else None
    except (safety.UnsafeFile, ValueError, LookupError, SyntaxError):
        return None  # the text says what is wrong with such a file


# Putting a file where it belongs


def _place(root: Path, result: Result, options: Mapping[str, str]) -> int:
    assert result.belongs
    name, replaces = result.belongs.file, options.get("replace") == "yes"
    target = root / name
    is_there = target.exists()
    data = _to_keep(result.path)
    if is_there and read_bytes(target) == data:
        print(f"It is among the inputs already: {name}")
        return 0
    if options.get("accept") != "yes":
        print(f"It belongs to {result.belongs.forum}, as {name}. With --accept it is copied there.")
        return 0
    if is_there and not (replaces and result.belongs.may_replace):
        print(_why_not(name, result.belongs.may_replace), file=sys.stderr)
        return 1
    if is_there:
        write_atomic(target, data)
    else:
        _write_new(target, data)
    todo = "" if result.advice else " Run make."  # the advice is what to do first
    print(f"{'Replaced' if is_there else 'Written'}: {name}.{todo}")
    return 0


def _to_keep(path: Path) -> bytes:
    """Return what of a file goes among the inputs: of a workbook all but the marks of an earlier check."""
    data = read_bytes(path)
    if path.suffix.lower() != ".xlsx":
        return data
    from papers.intake_check.marked_copy import without_marks  # noqa: PLC0415 -- only where a file is accepted

    try:
        return without_marks(data)
    except (safety.UnsafeFile, ValueError, LookupError, SyntaxError):
        return data  # the reader of workbooks leaves the notes out too


def _why_not(name: str, may_replace: bool) -> str:
    todo = (
        "Add --replace to put this one in its place."
        if may_replace
        else "Move that file away first, if it is wrong."
    )
    return f"{name}: found a file that is there already; expected none. {todo} Nothing was written."


def _write_new(target: Path, data: bytes) -> None:
    """Write a file that must not exist: it is written whole under another name first, then linked."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    write_atomic(partial, data)
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise
        os.rename(partial, target)
    finally:
        partial.unlink(missing_ok=True)
