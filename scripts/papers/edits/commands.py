"""The verb compare: what was edited in a Word copy of a paper, and where it belongs; apply=yes writes what can be written."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from papers.docx.package import PackageError
from papers.edits.compare_papers import CopyComparison
from papers.edits.find_base import find_base
from papers.edits.input_papers import papers_of_inputs, sourced_paper
from papers.edits.list_changes import listing
from papers.edits.prove_edits import EditProof
from papers.edits.word_copy import WordCopy, read_copy
from papers.edits.write_edits import write_files
from papers.inputs.forums import choose_forum
from papers.ledger.rules import revise_hint
from papers.problems import Place, Problems, quoted
from papers.safety import MAX_PACKED, UnsafeFile, read_bytes
from papers.store.files import digest
from papers.store.locks import build_lock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papers.edits.input_papers import InputPapers
    from papers.edits.prove_edits import ProvenEdits

_TRACKED = ("accepted", "rejected")


class _Asked(NamedTuple):
    file: str
    options: dict[str, str]
    accept: bool
    apply: bool


def run(verb: str, options: dict[str, str]) -> int:
    """List what was edited in `file`, and write it with `apply`; return the exit code."""
    problems = Problems()
    apply, tracked = options.get("apply") == "yes", options.get("tracked", "accepted")
    if tracked not in _TRACKED:
        todo = "Correct tracked=..."
        problems.add(Place("command"), "tracked", f"tracked={quoted(tracked)}", " or ".join(_TRACKED), todo)
        return _print_problems(problems)
    asked = _Asked(_below_project(options["file"]), options, tracked == "accepted", apply)
    with build_lock(f"forum-papers {verb}") if apply else nullcontext():
        lines = _compare(asked, problems)
    if problems:
        return _print_problems(problems, lines)
    print(*lines, sep="\n")
    return 0


def _below_project(file: str) -> str:
    """Return a path as messages show it: relative to the project, if it is in its folder."""
    path = Path(file)
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else file


def _compare(asked: _Asked, problems: Problems) -> list[str]:
    """Return the listing; write the edits if that is asked. Problems are added, and then nothing is written."""
    data = _read_file(asked.file, problems)
    copy, before = (_read_word(asked, data, accept, problems) for accept in (asked.accept, False))
    if copy is None or before is None:
        return []
    forum = choose_forum({**asked.options, "paper": copy.number}, problems)
    papers = papers_of_inputs(Path(), forum, problems) if forum else None
    number = _built_number(papers, copy.number, asked.file, problems) if papers else ""
    if papers is None or not number:
        return []
    paper = sourced_paper(papers, number, forum)
    base = find_base(before, paper, forum)
    comparison = CopyComparison(copy, base, paper)
    proven = EditProof(comparison, copy, papers, forum).prove()
    if asked.apply:
        _apply(paper.context["issued"] is not None, number, proven, problems)
    is_written = asked.apply and not problems
    return listing(comparison, copy, base, proven, is_written)


def _read_file(file: str, problems: Problems) -> bytes:
    place, expected = Place(file), "an edited copy of a built paper, a Word file (.docx)"
    try:
        if Path(file).suffix.casefold() == ".docx":
            return read_bytes(Path(file), MAX_PACKED)
        found = f"a file of the type {Path(file).suffix or 'without ending'}"
        problems.add(place, "file-type", found, expected, "Save it in Word as a Word document (.docx).")
    except UnsafeFile as error:
        problems.add(place, error.kind, error.found, error.expected, "Use the copy that was edited.")
    except FileNotFoundError:
        problems.add(place, "no-file", "no such file", expected, "Correct the path.")
    return b""


def _read_word(asked: _Asked, data: bytes, accept: bool, problems: Problems) -> WordCopy | None:
    if not data:
        if not problems:
            problems.add(Place(asked.file), "empty", "an empty file", "a Word file", "Save it again in Word.")
        return None
    try:
        return read_copy(data, accept)
    except PackageError as error:
        if not problems:
            todo = "Open it in Word and save it again."
            problems.add(Place(asked.file), "not-word", str(error), "a readable Word file", todo)
    return None


def _built_number(papers: InputPapers, number: str, file: str, problems: Problems) -> str:
    """Return the number of the paper in the inputs, or of its revision there; "" and a problem if there is none."""
    grammar, known = papers.model.grammar, papers.papers
    found = number if number in known else ""
    if not found and number:
        found = next((one for one in known if grammar.base_of(one) == grammar.base_of(number)), "")
    if not found:
        what = f"the document number {quoted(number)}" if number else "no document number in its properties"
        todo = "Use a copy of a paper in outputs/papers."
        problems.add(Place(file), "unknown-paper", what, "that of a paper that is built here", todo)
    elif known[found][1].received:
        received = known[found][1].received
        expected, todo = "a paper that is written from the inputs", f"Edit {received} itself."
        problems.add(Place(file), "received-paper", f"{found}, which somebody sent", expected, todo)
        return ""
    return found


def _apply(issued: bool, number: str, proven: ProvenEdits, problems: Problems) -> None:
    """Write the edits, unless a paper that they change is issued, or a file is open or was changed meanwhile."""
    numbers = [number] if issued and proven.files else []
    for one in (*numbers, *proven.others_issued):
        expected = "papers that are not issued, or their next revisions"
        problems.add(
            Place("command"),
            "issued",
            f"edits that change {one}, which is issued",
            expected,
            revise_hint(one),
        )
    for file, sha256 in proven.before.items():
        path = Path(file)
        if digest(path.read_bytes()) != sha256:
            todo = "Run the command again."
            problems.add(Place(file), "changed", "a file that changed meanwhile", "the same file", todo)
        if any(path.with_name(lock).exists() for lock in (f"~${path.name}", f".~lock.{path.name}#")):
            todo = "Close it, and run the command again."
            problems.add(Place(file), "open", "a file that is open in another program", "a closed file", todo)
    if not problems:
        write_files(Path(), proven.files)


def _print_problems(problems: Problems, lines: Sequence[str] = ()) -> int:
    if lines:
        print(*lines, sep="\n")
    print(
        "Nothing was written. Please fix:",
        *(f"  {line}" for line in problems.lines()),
        sep="\n",
        file=sys.stderr,
    )
    return 1
