"""The commands `make verify` (do these inputs give what is in outputs/?) and `make seal` (the lines to compare).

verify                          every file of outputs/
verify also=pdf,changes         PDFs and redlines are built again too
verify against=FOLDER           what someone else sealed, with what these inputs give here; or against=.../SHA256SUMS
verify paper=2018/SMEWG47/003   one paper: its file, the inputs that it was built from, and the rebuilt paper
seal [paper=2018/SMEWG47/003]   the seals of all papers, or of one
"""

from __future__ import annotations

import sys
from pathlib import Path

from papers.errors import UserError
from papers.inputs.config_files import forum_folders
from papers.inputs.forums import grammars
from papers.problems import count_of, did_you_mean
from papers.seal.compare import differences
from papers.seal.origin import describe_other_program
from papers.seal.rebuild import different_environment, rebuild
from papers.seal.seal import overall_seal, seal_line, seal_text
from papers.seal.sealed import Sealed, SealError, read_seal
from papers.seal.verify import Comparison, Verification, changed_sources, edited_traces
from papers.store.delivery import delivered_digests
from papers.store.files import SUMS, digest, format_sums
from papers.store.locks import OUTPUTS
from papers.store.output_files import CHANGES, FORUMS, PACKAGES, PDF, PROVENANCE, forum_file
from papers.store.work_files import work_folder

_MAX_SOURCES = 12
_LINKED = (PDF, CHANGES, PACKAGES)  # stages of files that pages link to
_TARGETS = {PDF: "pdfs", CHANGES: "changes"}  # word of also= and folder -> target of Snakemake


def run(verb: str, options: dict[str, str]) -> int:
    """Run `verify` or `seal`; return the exit code."""
    try:
        sealed = read_seal(Path(options.get("against", OUTPUTS)))
        if verb == "seal":
            return _print_seal(sealed, options.get("paper"))
        also = _also(options, sealed)
        _print_other_program(sealed)
        return _verify_paper(sealed, options["paper"]) if "paper" in options else _verify_all(sealed, also)
    except UserError as error:
        print(error, file=sys.stderr)
    return 1


def _also(options: dict[str, str], sealed: Sealed) -> tuple[str, ...]:
    """Return the folders of files that are built again on request."""
    words = tuple(options.get("also", "").replace(",", " ").split())
    for word in words:
        if word not in _TARGETS:
            expected, todo = (
                " or ".join(_TARGETS),
                did_you_mean(word, _TARGETS, "Write one of them, or both."),
            )
            raise SealError(f"command: found also={word}; expected {expected}. {todo}")
    if words and ("paper" in options or not sealed.is_own):
        found = f"found also= with {'paper' if 'paper' in options else 'against'}="
        raise SealError(f"command: {found}; expected it for all files of outputs/. Leave one of them out.")
    return words


def _print_other_program(sealed: Sealed) -> None:
    """Print first whether another program sealed: it explains most of what differs."""
    for forum, seal in sealed.forums.items():
        name = f"{sealed.name}/{FORUMS}/{forum}"
        if text := describe_other_program(name, seal.program, seal.provenance):
            todo = (
                "Run make, then verify again"
                if sealed.is_own
                else "Compare with the same program, if you have it"
            )
            print(f"{text} {todo}; what follows may differ for that reason alone.", flush=True)


def _print_seal(sealed: Sealed, number: str | None) -> int:
    if number:
        print(seal_line(_provenance_of(sealed, number)[1]))
        return 0
    if len(sealed.forums) > 1:
        print(overall_seal(sealed.read_sums()))
    for forum in sealed.forums:
        papers = _provenance(sealed, forum)["papers"]
        print(seal_text(sealed.read_sums(forum), forum, papers), end="")
    return 0


def _provenance(sealed: Sealed, forum: str) -> dict:
    """Return the content of a forum's provenance.json; raise SealError if it can't be read."""
    provenance = sealed.forums[forum].provenance
    if provenance is None:
        expected = f"expected the file that make writes next to {SUMS}"
        todo = "Run make, or ask for it again."
        name = f"{sealed.name}/{forum_file(forum, PROVENANCE)}"
        raise SealError(f"{name}: found no file that can be read; {expected}. {todo}")
    return provenance


def _provenance_of(sealed: Sealed, number: str) -> tuple[str, dict]:
    """Return the forum of a paper, and its entry in provenance.json."""
    papers = {
        paper["number"]: (forum, paper)
        for forum in sealed.forums
        for paper in _provenance(sealed, forum)["papers"]
    }
    if number not in papers:
        own = grammars()
        suggest = own[0].did_you_mean if own else did_you_mean
        todo = suggest(number, papers, "make seal lists all papers.")
        expected = f"expected a paper that a {PROVENANCE} in {sealed.name}/{FORUMS} names"
        raise SealError(f"command: found paper={number}; {expected}. {todo}")
    return papers[number]


# All papers


def _verify_all(sealed: Sealed, also: tuple[str, ...]) -> int:
    environment = different_environment()
    print(f"{_claim(sealed)} Building everything again, {environment}.", flush=True)
    stages = [
        work_folder(forum) / stage
        for forum in (sealed.forums if sealed.is_own else ())
        for stage in _LINKED
        if stage not in also
    ]
    targets = ["all", *(_TARGETS[word] for word in also)] if also else []
    with rebuild(Path.cwd(), environment, _own(sealed), stages, targets) as folder:
        rebuilt = read_seal(folder)
        comparison = Verification(sealed, rebuilt, _recorded(sealed, rebuilt), also).run()
        _compare_traces(sealed, rebuilt, comparison)
        sources = _changed_sources(sealed, rebuilt)
        _print_comparison(sealed, comparison, sources)
        if comparison.different:
            print(_failure(sealed, comparison, sources), file=sys.stderr)
            return 1
        print(overall_seal(format_sums(sealed.sums).encode()))
        print(_success(sealed, comparison, str(environment)))
        return 0


def _own(sealed: Sealed) -> list[str]:
    """Return the forums of a seal that these inputs have."""
    return [forum for forum in forum_folders(Path()) if forum in sealed.forums]


def _claim(sealed: Sealed) -> str:
    """Return what is about to be tested."""
    if sealed.is_own:
        return "Testing whether this program gives all files of outputs/ again on this machine."
    return f"Testing whether the digests in {sealed.name} are those that this program gives on this machine."


def _recorded(sealed: Sealed, rebuilt: Sealed) -> dict[str, str]:
    """Return path -> digest of what was delivered to the own outputs, as outputs/work has it; {} for others."""
    forums = {*sealed.forums, *rebuilt.forums} if sealed.is_own else ()
    works = dict.fromkeys(work_folder(forum) for forum in forums)
    return {path: sha for work in works for path, sha in delivered_digests(work, OUTPUTS).items()}


def _compare_traces(sealed: Sealed, rebuilt: Sealed, comparison: Comparison) -> None:
    """Compare the traces that `make trace` reads with those of the papers that were built again."""
    for forum in rebuilt.forums if sealed.is_own else ():
        before = sealed.forums[forum].provenance if forum in sealed.forums else None
        for file, message in edited_traces(before, _provenance(rebuilt, forum), work_folder(forum)):
            comparison.add(Path(file).relative_to(OUTPUTS).as_posix(), message)


def _changed_sources(sealed: Sealed, rebuilt: Sealed) -> list[str]:
    return list(
        dict.fromkeys(
            line
            for forum, seal in sealed.forums.items()
            if forum in rebuilt.forums
            for line in changed_sources(seal.provenance, _provenance(rebuilt, forum))
        )
    )


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


def _success(sealed: Sealed, comparison: Comparison, environment: str) -> str:
    """Return what was proved, and what was not."""
    rebuilt = len(comparison.files - comparison.not_rebuilt)
    if sealed.is_own:
        proved = (
            f"{count_of(rebuilt, 'file')} of {sealed.name}, the same byte for byte when the same program"
            f" builds them again on this machine, {environment}."
        )
    else:
        proved = (
            f"{count_of(rebuilt, 'digest')} of {sealed.name}, the same as those that this program and these"
            f" inputs give on this machine, {environment}."
        )
    return f"Verified: {proved}{_not_rebuilt(sealed, comparison)}"


def _not_rebuilt(sealed: Sealed, comparison: Comparison) -> str:
    """Return a sentence on the files that were compared with their digests alone; "" if there are none."""
    if not (number := len(comparison.files & comparison.not_rebuilt)):
        return ""
    files = f"{count_of(number, 'other file')} {'was' if number == 1 else 'were'}"
    of = (
        "the digests recorded when they were delivered" if sealed.is_own else "the digests in the same folder"
    )
    return f" {files} compared only with {of}, not built again."


def _failure(sealed: Sealed, comparison: Comparison, sources: list[str]) -> str:
    files = {*comparison.files, *comparison.different}
    differing = f"{count_of(len({*comparison.different}), 'file')} of {len(files)}"
    reason = f"; {count_of(len(sources), 'source')} changed" if sources else ""
    todo = " Run make, then make verify." if sealed.is_own else ""
    return f"Not verified: {differing} in {sealed.name} not as built again{reason}.{todo}"


# One paper


def _verify_paper(sealed: Sealed, number: str) -> int:
    (forum, paper), environment = _provenance_of(sealed, number), different_environment()
    file = f"{sealed.name}/{paper['file']}"
    content = sealed.read(paper["file"])
    if content is None:
        todo = "Run make, or ask for it again."
        raise SealError(f"{file}: found no such file; expected {number}, which is sealed. {todo}")
    print(f"{number}  {paper['title']}")
    failures = _check_digests(sealed, forum, paper, digest(content))
    with rebuild(Path.cwd(), environment, [forum]) as folder:
        rebuilt = read_seal(folder)
        failures += _check_sources(sealed, rebuilt, forum, paper)
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


def _check_digests(sealed: Sealed, forum: str, paper: dict, found: str) -> bool:
    """Step 1: the file, its digest in SHA256SUMS and in provenance.json, and that file itself."""
    provenance = forum_file(forum, PROVENANCE)
    listed = {provenance: paper["sha256"], forum_file(forum, SUMS): sealed.sums.get(paper["file"])}
    lines = [
        f"{name} has {sha256 or 'no digest of it'}, the file {found}"
        for name, sha256 in listed.items()
        if sha256 != found
    ]
    if digest(sealed.read(provenance) or b"") != sealed.sums.get(provenance):
        lines.append(f"{provenance} itself was edited or damaged after it was sealed")
    file = f"{sealed.name}/{paper['file']}"
    return _report_step(
        1, f"{file} has the digest that was sealed", f"{file} is not the file that was sealed", lines
    )


def _check_sources(sealed: Sealed, rebuilt: Sealed, forum: str, paper: dict) -> bool:
    """Step 2: the inputs and templates of the paper, and everything that all papers depend on."""
    inputs = f"{count_of(len(paper['inputs']), 'input')} and {count_of(len(paper['templates']), 'template')}"
    passed = (
        f"{inputs}, config.yaml, the lock file, the program and the versions of its packages"
        " are those that it was built from"
    )
    again = rebuilt.forums.get(forum)
    lines = changed_sources(
        sealed.forums[forum].provenance, (again and again.provenance) or {}, paper["number"]
    )
    return _report_step(2, passed, "it was built from other files than those here", lines)


def _report_step(number: int, passed: str, failed: str, lines: list[str]) -> bool:
    """Print the result of a step and what is wrong; return whether it failed."""
    print(f"{number}. {'No: ' + failed if lines else 'Yes: ' + passed}.", flush=True)
    for line in lines:
        print(f"    {line}")
    return bool(lines)
