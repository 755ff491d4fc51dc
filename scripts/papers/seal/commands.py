"""The commands `make verify` (do these inputs give what is in outputs/?) and `make seal` (the lines to compare).

verify                          every file of outputs/
verify against=FOLDER           what someone else sealed, with what these inputs give here; or against=.../SHA256SUMS
verify paper=2018/SMEWG47/003   one paper: its file, the inputs that it was built from, and the rebuilt paper
seal [paper=2018/SMEWG47/003]   the seal of all papers, or of one
"""

from __future__ import annotations

import sys
from pathlib import Path

from papers.errors import UserError
from papers.numbers import did_you_mean_number
from papers.problems import count_of
from papers.seal.compare import differences
from papers.seal.origin import describe_other_program
from papers.seal.rebuild import different_environment, rebuild
from papers.seal.seal import overall_seal, seal_line, seal_text
from papers.seal.verify import (
    Comparison,
    Sealed,
    SealError,
    changed_sources,
    compare_with_rebuilt,
    edited_lists,
    read_seal,
)
from papers.store.files import SUMS, digest
from papers.store.locks import OUTPUTS
from papers.store.output_files import CHANGES, PDF, PROVENANCE

_MAX_SOURCES = 12


def run(verb: str, options: dict[str, str]) -> int:
    """Run `verify` or `seal`; return the exit code."""
    try:
        sealed = read_seal(Path(options.get("against", OUTPUTS)))
        if verb == "seal":
            return _print_seal(sealed, options.get("paper"))
        _print_other_program(sealed)
        return _verify_paper(sealed, options["paper"]) if "paper" in options else _verify_all(sealed)
    except UserError as error:
        print(error, file=sys.stderr)
    return 1


def _print_other_program(sealed: Sealed) -> None:
    """Print first whether another program sealed: it explains most of what differs."""
    if text := describe_other_program(sealed.name, sealed.program, sealed.provenance):
        todo = (
            "Run make, then verify again"
            if sealed.is_own
            else "Compare with the same program, if you have it"
        )
        print(f"{text} {todo}; what follows may differ for that reason alone.", flush=True)


def _print_seal(sealed: Sealed, number: str | None) -> int:
    if number:
        print(seal_line(_provenance_of(sealed, number)))
    else:
        print(seal_text(sealed.sums_file, sealed.provenance["papers"]), end="")
    return 0


def _provenance_of(sealed: Sealed, number: str) -> dict:
    """Return a paper's entry in provenance.json."""
    if sealed.provenance is None:
        expected = f"expected the file that make writes next to {SUMS}"
        todo = "Run make, or ask for it again."
        raise SealError(f"{sealed.name}/{PROVENANCE}: found no file that can be read; {expected}. {todo}")
    entries = {paper["number"]: paper for paper in sealed.provenance["papers"]}
    if number not in entries:
        todo = did_you_mean_number(number, entries, "make seal lists all papers.")
        expected = f"expected a paper that {sealed.name}/{PROVENANCE} names"
        raise SealError(f"command: found paper={number}; {expected}. {todo}")
    return entries[number]


# All papers


def _verify_all(sealed: Sealed) -> int:
    environment = different_environment()
    print(f"Building everything again, {environment}.", flush=True)
    with rebuild(Path.cwd(), environment, with_linked=sealed.is_own) as folder:
        rebuilt = read_seal(folder)
        comparison = compare_with_rebuilt(sealed, rebuilt)
        comparison.lines += edited_lists(sealed, rebuilt)
        sources = changed_sources(sealed.provenance, rebuilt.provenance)
        _print_comparison(sealed, comparison, sources)
        if comparison.different or comparison.lines:
            print(_failure(sealed, comparison, sources), file=sys.stderr)
            return 1
        print(overall_seal(rebuilt.sums_file))
        files = count_of(comparison.files, "file")
        print(f"Verified: {files} of {sealed.name}, the same byte for byte when built again {environment}.")
    return 0


def _print_comparison(sealed: Sealed, comparison: Comparison, sources: list[str]) -> None:
    """Print the differences, and the changed sources, which explain most of them."""
    for line in comparison.lines:
        print(f"{sealed.name}/{line}" if sealed.folder and not line.startswith(" ") else line)
    if sources:
        print(
            "Changed since outputs/ was built:"
            if sealed.is_own
            else "Built there from other files than here:"
        )
        print(*(f"    {line}" for line in sources[:_MAX_SOURCES]), sep="\n")
        if len(sources) > _MAX_SOURCES:
            print(f"    and {len(sources) - _MAX_SOURCES} more")
    if sealed.is_own and any((OUTPUTS / name).is_dir() for name in (PDF, CHANGES)):
        print("PDFs and redlines were compared with their digests, but not built again.")


def _failure(sealed: Sealed, comparison: Comparison, sources: list[str]) -> str:
    differing = "the lists themselves"
    if comparison.different:
        differing = f"{count_of(len(comparison.different), 'file')} of {comparison.files}"
    reason = f"; {count_of(len(sources), 'source')} changed" if sources else ""
    todo = " Run make, then make verify." if sealed.is_own else ""
    return f"Not verified: {differing} in {sealed.name} not as built again{reason}.{todo}"


# One paper


def _verify_paper(sealed: Sealed, number: str) -> int:
    paper, environment = _provenance_of(sealed, number), different_environment()
    file = f"{sealed.name}/{paper['file']}"
    content = sealed.read(paper["file"])
    if content is None:
        todo = "Run make, or ask for it again."
        raise SealError(f"{file}: found no such file; expected {number}, which is sealed. {todo}")
    print(f"{number}  {paper['title']}")
    failures = _check_digests(sealed, paper, digest(content))
    with rebuild(Path.cwd(), environment, with_linked=False) as folder:
        rebuilt = read_seal(folder)
        failures += _check_sources(sealed, rebuilt, paper)
        expected = rebuilt.read(paper["file"])
        lines = (
            ["these inputs give no such paper"] if expected is None else differences(file, content, expected)
        )
        failures += _report_step(
            3, f"built again {environment}: the same bytes", f"built again {environment}: other bytes", lines
        )
    if failures:
        print(f"Not verified: {number} is not what was sealed, built from these inputs.", file=sys.stderr)
        return 1
    print(seal_line(paper))
    print(f"Verified: {file} is {number} as it was sealed, and as its inputs give it.")
    return 0


def _check_digests(sealed: Sealed, paper: dict, found: str) -> bool:
    """Step 1: the file, its digest in SHA256SUMS and in provenance.json, and that file itself."""
    listed = {PROVENANCE: paper["sha256"], SUMS: sealed.sums.get(paper["file"])}
    lines = [
        f"{name} has {sha256 or 'no digest of it'}, the file {found}"
        for name, sha256 in listed.items()
        if sha256 != found
    ]
    if digest(sealed.read(PROVENANCE)) != sealed.sums.get(PROVENANCE):
        lines.append(f"{PROVENANCE} itself was edited or damaged after it was sealed")
    file = f"{sealed.name}/{paper['file']}"
    return _report_step(
        1, f"{file} has the digest that was sealed", f"{file} is not the file that was sealed", lines
    )


def _check_sources(sealed: Sealed, rebuilt: Sealed, paper: dict) -> bool:
    """Step 2: the inputs and templates of the paper, and everything that all papers depend on."""
    inputs = f"{count_of(len(paper['inputs']), 'input')} and {count_of(len(paper['templates']), 'template')}"
    passed = (
        f"{inputs}, config.yaml, the lock file, the program and the versions of its packages"
        " are those that it was built from"
    )
    lines = changed_sources(sealed.provenance, rebuilt.provenance, paper["number"])
    return _report_step(2, passed, "it was built from other files than those here", lines)


def _report_step(number: int, passed: str, failed: str, lines: list[str]) -> bool:
    """Print the result of a step and what is wrong; return whether it failed."""
    print(f"{number}. {'No: ' + failed if lines else 'Yes: ' + passed}.", flush=True)
    for line in lines:
        print(f"    {line}")
    return bool(lines)
