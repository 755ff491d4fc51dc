"""`make verify`: is what lies in outputs/ what these inputs give, built again elsewhere? `make seal`: the lines to compare.

verify                          every file of outputs/
verify against=FOLDER           what these inputs give here, and what somebody else sealed; against=their/SHA256SUMS, too
verify paper=2018/SMEWG47/003   one paper: its file, the inputs that it was made from, and the paper made again
seal [paper=2018/SMEWG47/003]   the seal of all papers, or of one
"""

from __future__ import annotations

import sys
from pathlib import Path

from papers.errors import UserError
from papers.problems import count_of, did_you_mean
from papers.seal.compare import differences
from papers.seal.rebuild import RebuildEnvironment, RebuildError, other_environment, rebuild
from papers.seal.seal import overall_seal, seal_line, seal_text
from papers.seal.verify import (
    Sealed,
    Verdict,
    compared,
    edited_views,
    lists_changed,
    other_sources,
    sealed,
)
from papers.store.files import SUMS, digest

OUTPUTS = Path("outputs")
_MOST_SOURCES = 12


def run(verb: str, given: dict[str, str]) -> int:
    """Runs `verify` or `seal` with the options that were given; returns the exit code."""
    try:
        theirs = sealed(Path(given.get("against", OUTPUTS)))
        if verb == "seal":
            return _seal(theirs, given)
        return _paper(theirs, given["paper"]) if "paper" in given else _all(theirs)
    except RebuildError as error:
        print(
            "Not verified: the inputs can't be built again. Please fix, run make, then verify again:",
            error,
            sep="\n",
            file=sys.stderr,
        )
    return 1


# All papers


def _all(theirs: Sealed) -> int:
    own, around = theirs.folder == OUTPUTS, other_environment()
    print(f"Building everything again, {around}.", flush=True)
    with rebuild(Path.cwd(), around, beside=own) as folder:
        made = sealed(folder)
        verdict = compared(theirs, made, own)
        for name in edited_views(theirs):
            verdict.tell(
                name,
                f"it was edited or damaged after it was made. {'make pdf or make changes puts it right.' if own else 'Ask for it again.'}",
            )
        others = other_sources(theirs.made_from, made.made_from) if theirs.made_from else []
        verdict.lines += lists_changed(theirs, made)
        said = [
            f"{theirs.name}/{line}" if not line.startswith(" ") and theirs.folder else line
            for line in verdict.lines
        ]
        print(*said, sep="\n", end="\n" if said else "")
        _tell_sources(others, own)
        _tell_views(theirs, own)
        return _conclude(theirs, made, verdict, others, around)


def _tell_sources(others: list[str], own: bool) -> None:
    """What the two builds were made from differently, which explains most differences."""
    if others:
        print("Since outputs/ was made:" if own else "Made there from other files than here:")
        print(*(f"    {line}" for line in others[:_MOST_SOURCES]), sep="\n")
        if len(others) > _MOST_SOURCES:
            print(f"    and {len(others) - _MOST_SOURCES} more")


def _tell_views(theirs: Sealed, own: bool) -> None:
    if own and any((OUTPUTS / name).is_dir() for name in ("pdf", "changes")):
        print("PDFs and comparisons were looked at, but not made again: make pdf and make changes do that.")


def _conclude(
    theirs: Sealed, made: Sealed, verdict: Verdict, others: list[str], around: RebuildEnvironment
) -> int:
    """The last sentence, and the line to compare."""
    if verdict.bad or verdict.lines:
        why = f"; {count_of(len(others), 'source')} changed" if others else ""
        todo = " Run make, then make verify." if theirs.folder == OUTPUTS else ""
        what = (
            f"{count_of(len(verdict.bad), 'file')} of {verdict.files}"
            if verdict.bad
            else "the lists themselves"
        )
        print(f"Not verified: {what} in {theirs.name} not as made again{why}.{todo}", file=sys.stderr)
        return 1
    print(overall_seal(made.written))
    print(
        f"Verified: {count_of(verdict.files, 'file')} of {theirs.name}, the same byte for byte when made again {around}."
    )
    return 0


# One paper


def _entry(theirs: Sealed, number: str) -> dict:
    """What provenance.json says of a paper."""
    if theirs.made_from is None:
        expected = "expected the file that make writes beside SHA256SUMS"
        raise UserError(
            f"{theirs.name}/provenance.json: found none that can be read; {expected}. Run make, or ask for it again."
        )
    known = {paper["number"]: paper for paper in theirs.made_from["papers"]}
    if number not in known:
        todo = did_you_mean(number, known, "make seal lists all papers.")
        raise UserError(
            f"command: found paper={number}; expected a paper that {theirs.name}/provenance.json names. {todo}"
        )
    return known[number]


def _paper(theirs: Sealed, number: str) -> int:
    paper, around = _entry(theirs, number), other_environment()
    file, name = paper["file"], f"{theirs.name}/{paper['file']}"
    there = theirs.bytes_of(file)
    if there is None:
        raise UserError(
            f"{name}: found no such file; expected {number}, which is sealed. Run make, or ask for it again."
        )
    print(f"{number}  {paper['title']}")
    faults = _digests(theirs, paper, digest(there), name)
    with rebuild(Path.cwd(), around, beside=False) as folder:
        made = sealed(folder)
        others = other_sources(theirs.made_from, made.made_from, number)
        counts = count_of(len(paper["inputs"]), "input"), count_of(len(paper["templates"]), "template")
        faults += _step(
            2,
            f"{' and '.join(counts)}, config.yaml, the lock file, the program and its packages are those that it was made from",
            "it was made from something else than lies here",
            others,
        )
        again = made.bytes_of(file)
        parts = differences(file, there, again) if again is not None else ["it is no longer among the papers"]
        faults += _step(3, f"made again {around}: the same bytes", f"made again {around}: other bytes", parts)
    if faults:
        print(f"Not verified: {number} is not what was sealed, made from these inputs.", file=sys.stderr)
        return 1
    print(seal_line(paper))
    print(f"Verified: {name} is {number} as it was sealed, and as its inputs give it.")
    return 0


def _digests(theirs: Sealed, paper: dict, found: str, name: str) -> int:
    listed = {"provenance.json": paper["sha256"], SUMS: theirs.sums.get(paper["file"])}
    wrong = [
        f"{where} has {sha or 'no digest of it'}, the file {found}"
        for where, sha in listed.items()
        if sha != found
    ]
    own = theirs.bytes_of("provenance.json")
    if digest(own) != theirs.sums.get("provenance.json"):
        wrong.append("provenance.json itself was edited or damaged after it was sealed")
    return _step(
        1, f"{name} has the digest that was sealed", f"{name} is not the file that was sealed", wrong
    )


def _step(number: int, right: str, wrong: str, lines: list[str]) -> int:
    """Tells a step, and what is wrong with it; 1 for a fault."""
    print(f"{number}. {'No: ' + wrong if lines else 'Yes: ' + right}.", flush=True)
    print(*(f"    {line}" for line in lines), sep="\n", end="\n" if lines else "")
    return bool(lines)


def _seal(theirs: Sealed, given: dict[str, str]) -> int:
    if "paper" in given:
        print(seal_line(_entry(theirs, given["paper"])))
    else:
        print(seal_text(theirs.written, theirs.made_from["papers"]), end="")
    return 0
