"""What a build prints when it ends: the table of papers, notices, findings of the checks, or the problems."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.build.notices import SNAKEMAKE_LOG, event_notices, read_shown, standing_notices
from papers.build.tables import CHANGED, NEW, SAME, PaperRow, print_papers
from papers.checks.findings import checked_papers, heading, load_findings
from papers.ledger.mismatch import files_of_entry, reason_for_change
from papers.problems import count_of
from papers.seal.provenance import LOCK, sealed_provenance
from papers.store.delivery import PAPER_FILES, PDF_FILES, PUBLIC_FILES, Delivery
from papers.store.files import DamagedFile, read_json
from papers.store.locks import OUTPUTS
from papers.store.output_files import PAGE, PAPERS
from papers.store.processes import WITHIN_VERB
from papers.store.work_files import manifests, papers_by_meeting

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from papers.build.report import BuildReport
    from papers.checks.findings import Finding

ERROR = "error"
MAX_FINDINGS = 10  # more would scroll the papers away
_PROGRAM_FAILED = (
    "The program itself failed, not your inputs: please report this with the folder outputs/work/logs."
)


@dataclass(frozen=True)
class PaperSources:
    """The inputs and templates of a paper, and the digest of what is stated about it, "" where that is not known."""

    inputs: set[str]
    templates: set[str]
    entry: str


@dataclass(frozen=True)
class BuiltState:
    """What was delivered, and from which sources: path of a paper or PDF -> digest, source -> digest.

    `used` maps the path of a paper to what it was made from, as far as that is known.
    """

    papers: dict[str, list[str]]
    pdfs: dict[str, list[str]]
    public: dict[str, list[str]]
    sources: dict[str, str]
    used: dict[str, PaperSources]

    @classmethod
    def read(cls, works: Iterable[Path]) -> BuiltState:
        """Return the state of the forums with these folders below outputs/work."""
        state = cls({}, {}, {}, {}, {})
        for work in works:
            groups = (PAPER_FILES, state.papers), (PDF_FILES, state.pdfs), (PUBLIC_FILES, state.public)
            for group, found in groups:
                found.update(Delivery(group, work, OUTPUTS).known)
            provenance = _provenance(work)
            state.sources.update(_sources(provenance))
            state.used.update(_used(provenance, _entries(work)))
        return state


def _provenance(work: Path) -> dict:
    """Return what the last build was made from; {} before the first."""
    try:
        return sealed_provenance(work)
    except DamagedFile:
        return {}


def _sources(provenance: dict) -> dict[str, str]:
    """Return the digests of the inputs, templates, settings and programs of the last build."""
    groups = (provenance.get(key) for key in ("inputs", "ledger", "templates", "config", "program", "lock"))
    return {name: sha for group in groups if isinstance(group, dict) for name, sha in group.items()}


def _used(provenance: dict, entries: dict[str, str]) -> dict[str, PaperSources]:
    """Return path of a paper -> what it was made from; `entries` has the digests of the entries of papers."""
    found = {}
    for paper in provenance.get("papers", ()):
        file = paper["file"].removeprefix(f"{PAPERS}/")
        found[file] = PaperSources({*paper["inputs"]}, {*paper["templates"]}, entries.get(file, ""))
    return found


def _entries(work: Path) -> dict[str, str]:
    """Return path of a paper -> the digest of what its meeting's file and the settings state about it."""
    try:
        meetings = papers_by_meeting(work / "contexts").values()
        return {paper["file"]: paper["entry"] for papers in meetings for paper in papers}
    except (DamagedFile, LookupError, TypeError):
        return {}


def count_changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> int:
    """Return how many files are new or changed."""
    return sum(digests != before.get(file) for file, digests in after.items())


def print_notices(notices: Iterable[str]) -> None:
    for notice in notices:
        print(f"  Note: {notice}", file=sys.stderr)


# After a failure


def print_failure(report: BuildReport, before: BuiltState, after: BuiltState) -> None:
    """Print what to fix, and what was delivered all the same, as a meeting does not wait for another one."""
    SNAKEMAKE_LOG.stat()  # if the folder vanished during the build, this error is the report
    problems = report.problems or [_PROGRAM_FAILED, *report.last_words]
    unpublished = bool(before.public.keys() - after.public.keys())
    print_problems(problems, count_changed(before.papers, after.papers), unpublished, before == after)


def print_problems(
    problems: list[str], changed: int = 0, unpublished: bool = False, unchanged: bool = True
) -> None:
    """Print problems; `changed` papers were delivered, and papers removed from outputs/public, or nothing was changed."""
    result = "Nothing was made"
    if changed:
        were = "was" if changed == 1 else "were"
        result = f"Not everything was made, but {count_of(changed, 'paper')} {were}"
    print(f"{result}. Please fix{' this' if len(problems) == 1 else ''}:", file=sys.stderr)
    for problem in problems:
        print(f"  {problem}", file=sys.stderr)
    if len(problems) > 1 and not changed:
        but = ", but for outputs/public" if unpublished else ""
        kept = f" outputs/ is as it was{but}." if unpublished or unchanged else ""
        print(f"{len(problems)} problems.{kept}", file=sys.stderr)


# After a success


@dataclass
class Summary:
    """The end of a build: the changed papers, counts, findings and notices that are new, and the number of the others.

    `events` say what happened in this build. `standing` are all notices and findings that are true now.
    """

    papers: list[PaperRow]
    count: str
    checks: str
    related: list[str]
    events: list[str]
    findings: list[Finding]
    notices: list[str]
    shown_before: set[str]

    def print(self) -> int:
        """Print it; return the exit code."""
        print_notices(self.events)
        print_papers(self.papers)
        if self.count:
            print(self.count)
        self._print_findings()
        for line in self.related:
            print(line)
        print_notices(text for text in self.notices if text not in self.shown_before)
        self._print_number_of_known()
        return 1 if self.has_errors else 0

    @property
    def has_errors(self) -> bool:
        return any(finding.severity == ERROR for finding in self.findings)

    @property
    def standing(self) -> set[str]:
        return {*self.notices, *map(str, self.findings)}

    def _print_findings(self) -> None:
        """Print how many there are; in full errors, and warnings that are new."""
        if not self.checks:
            return
        out = sys.stderr if self.has_errors else sys.stdout
        shown = [f for f in self.findings if f.severity == ERROR or str(f) not in self.shown_before]
        print(self.checks + (":" if shown else "."), file=out)
        for finding in shown[:MAX_FINDINGS]:
            print(f"  {finding}", file=out)
        if len(shown) > MAX_FINDINGS:
            print(f"  {len(shown) - MAX_FINDINGS} more: make notices shows them.", file=out)

    def _print_number_of_known(self) -> None:
        warnings = {str(finding) for finding in self.findings if finding.severity != ERROR}
        known = [
            (len(self.shown_before & {*self.notices}), "notice"),
            (len(self.shown_before & warnings), "finding"),
        ]
        counts = " and ".join(count_of(number, what) for number, what in known if number)
        if counts:
            print(f"{counts} as before: make notices shows them.")


def summarise(arguments: list[str], report: BuildReport, before: BuiltState, works: list[Path]) -> Summary:
    """Return what to print after a build; it prints nothing.

    Raise DamagedFile if a file below outputs/work is damaged, and other errors if it has other content.
    """
    after = BuiltState.read(works)
    rows = [] if report.idle else [row for work in works for row in _rows(work, before, after)]
    findings = [finding for work in works for finding in load_findings(work)]
    checked = sum(map(checked_papers, works))
    related = _redlines(works) if "changes" in arguments else []
    if "pdfs" in arguments:
        changed = count_changed(before.pdfs, after.pdfs)
        related.append(
            f"{count_of(len(after.pdfs), 'PDF')} in outputs/pdf, {changed} of them new or changed."
        )
    return Summary(
        papers=[row for row in rows if row.state != SAME],
        count=_count(rows, first=not before.papers) if rows else _idle(report, after, arguments),
        checks=heading(checked, findings) if checked else "",
        related=related,
        events=event_notices(),
        findings=findings,
        notices=standing_notices(works),
        shown_before=read_shown(),
    )


def _idle(report: BuildReport, after: BuiltState, arguments: list[str]) -> str:
    if not report.idle:
        return "No meeting has a paper yet."
    if WITHIN_VERB in arguments:  # something is about to be done
        return ""
    return f"Nothing to be done: {count_of(len(after.papers), 'paper')} in outputs/papers, all up to date."


def _rows(work: Path, before: BuiltState, after: BuiltState) -> list[PaperRow]:
    """Every paper of a forum, with the reason for a change."""
    names = before.sources.keys() | after.sources.keys()
    changed = {name for name in names if before.sources.get(name) != after.sources.get(name)}
    places = {meeting["code"]: meeting["file"] for meeting in read_json(work / "model.json")["meetings"]}
    rows = []
    for manifest in manifests(work / "filled"):
        for paper in manifest["papers"]:
            file = paper["file"]
            state = _state(before.papers.get(file), after.papers[file])
            used, place = (before.used.get(file), after.used.get(file)), places.get(manifest["meeting"], "")
            reason = _reason(used, changed, place) if state == CHANGED else ""
            rows.append(PaperRow(paper["number"], paper["title"], state, f"outputs/papers/{file}", reason))
    return rows


def _reason(
    used: tuple[PaperSources | None, PaperSources | None], changed: set[str], meeting_file: str
) -> str:
    """Return which of its files changed a paper, made from `used` before and now; "" where nothing shows that."""
    known = [sources for sources in used if sources]
    inputs = {name for sources in known for name in sources.inputs}
    templates = {name for sources in known for name in sources.templates}
    entries = {sources.entry for sources in known}
    if (
        len(known) == 2 and len(entries) == 1 and "" not in entries
    ):  # these files say the same of it as before
        files = files_of_entry(meeting_file)
        others = inputs - files
        if (others | templates) & changed:
            inputs, changed = others, changed - files
    if reason := reason_for_change(inputs | templates, changed):
        return reason
    return "the program changed" if any(map(_is_program, changed)) else ""


def _is_program(name: str) -> bool:
    return name.startswith("scripts/") or name in ("Snakefile", LOCK)


def _count(rows: list[PaperRow], first: bool) -> str:
    states = [row.state for row in rows]
    counts = ", ".join(f"{states.count(state)} {state}" for state in (NEW, CHANGED, SAME) if state in states)
    hint = f" Open {OUTPUTS.as_posix()}/{PAGE} to see them." if first else ""
    return f"{count_of(len(rows), 'paper')}: {counts}.{hint}"


def _state(old: list[str] | None, new: list[str]) -> str:
    if old is None:
        return NEW
    return SAME if old == new else CHANGED


def _redlines(works: Iterable[Path]) -> list[str]:
    redlines = [
        paper for work in works for manifest in manifests(work / "changes") for paper in manifest["papers"]
    ]
    if not redlines:
        return ["No paper revises another one or is a later schedule: there is nothing to compare."]
    by_file = sorted(redlines, key=lambda paper: paper["file"])
    return [f"{paper['title']}: outputs/changes/{paper['file']}" for paper in by_file]
