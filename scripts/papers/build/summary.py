"""What a build prints when it ends: the table of papers, notices, findings of the checks, or the problems."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.checks.findings import summary
from papers.ledger.mismatch import reason_for_change
from papers.problems import count_of
from papers.redlines.pairs import not_compared
from papers.store.delivery import PAPER_FILES, PDF_FILES, PUBLIC_FILES, Delivery
from papers.store.files import DamagedFile, read_json
from papers.store.locks import OUTPUTS
from papers.store.output_files import PROVENANCE
from papers.store.work_files import manifests, outdated_files, papers_by_meeting

if TYPE_CHECKING:
    from papers.build.report import BuildReport

WORK = OUTPUTS / "work"
MAX_ROWS = 60  # a longer table would scroll its end away
_MAX_TITLE = 58
_SAME = "same as before"
_PROGRAM_FAILED = (
    "The program itself failed, not your inputs: please report this with the folder outputs/work/logs."
)


@dataclass(frozen=True)
class BuiltState:
    """What was delivered, and from which sources: path of a paper or PDF -> digest, source -> digest."""

    papers: dict[str, list[str]]
    pdfs: dict[str, list[str]]
    public: dict[str, list[str]]
    sources: dict[str, str]

    @classmethod
    def read(cls) -> BuiltState:
        papers, pdfs, public = (
            Delivery(group, WORK, OUTPUTS).known for group in (PAPER_FILES, PDF_FILES, PUBLIC_FILES)
        )
        return cls(papers, pdfs, public, _sources())


def _sources() -> dict[str, str]:
    """Return the digests of the inputs, templates and settings of the last build; {} before the first."""
    try:
        provenance = read_json(WORK / "seal" / PROVENANCE)
    except DamagedFile:
        return {}
    groups = (provenance.get(key) for key in ("inputs", "ledger", "templates", "config"))
    return {name: sha for group in groups if isinstance(group, dict) for name, sha in group.items()}


def count_changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> int:
    """Return how many files are new or changed."""
    return sum(digests != before.get(file) for file, digests in after.items())


def print_notices(notices: list[str]) -> None:
    for notice in notices:
        print(f"  Note: {notice}", file=sys.stderr)


# After a failure


def print_failure(report: BuildReport, before: BuiltState, after: BuiltState) -> None:
    """Print what to fix, and what was delivered all the same, as a meeting does not wait for another one."""
    (
        WORK / "logs" / "snakemake.log"
    ).stat()  # if the folder vanished during the build, this error is the report
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
    """The end of a build: lines about papers, findings of the checks, lines about redlines and PDFs, and notices."""

    papers: list[str]
    findings: list[str]
    has_errors: bool
    related: list[str]
    notices: list[str]

    def print(self) -> int:
        """Print it; return the exit code."""
        for line in self.papers:
            print(line)
        for line in self.findings:
            print(line, file=sys.stderr if self.has_errors else sys.stdout)
        for line in self.related:
            print(line)
        print_notices(self.notices)
        return 1 if self.has_errors else 0


def summarise(arguments: list[str], report: BuildReport, before: BuiltState, after: BuiltState) -> Summary:
    """Return the table of papers, the findings, and what became of redlines and PDFs; it prints nothing.

    Raise DamagedFile if a file below outputs/work is damaged, and other errors if it has other content.
    """
    papers = _idle(after) if report.idle else _table(before, after)
    findings, has_errors = summary(WORK)
    digests = {file: known[-1] for file, known in after.papers.items()}
    related, notices = [], []
    if "changes" in arguments:
        related += _redlines()
        notices += not_compared(WORK / "contexts")
    else:
        notices += _outdated_redlines(digests)
    if "pdfs" in arguments:
        changed = count_changed(before.pdfs, after.pdfs)
        related.append(
            f"{count_of(len(after.pdfs), 'PDF')} in outputs/pdf, {changed} of them new or changed."
        )
    else:
        notices += _outdated_pdfs(digests)
    return Summary(papers, findings, has_errors, related, notices)


def _idle(after: BuiltState) -> list[str]:
    return [f"Nothing to be done: {count_of(len(after.papers), 'paper')} in outputs/papers, all up to date."]


def _table(before: BuiltState, after: BuiltState) -> list[str]:
    """Number, title, state and file of each paper, with the reason for a change.

    A long table shows only what is new or changed.
    """
    names = before.sources.keys() | after.sources.keys()
    changed = {name for name in names if before.sources.get(name) != after.sources.get(name)}
    made_from = _made_from()
    papers = [paper for manifest in manifests(WORK / "filled") for paper in manifest["papers"]]
    rows = [
        (_state(before.papers.get(paper["file"]), after.papers[paper["file"]]), paper) for paper in papers
    ]
    shown = rows if len(rows) <= MAX_ROWS else [row for row in rows if row[0] != _SAME][:MAX_ROWS]
    width = max((len(paper["number"]) for _, paper in shown), default=0)
    lines = []
    for state, paper in shown:
        title = paper["title"]
        title = title if len(title) <= _MAX_TITLE else title[: _MAX_TITLE - 1] + "…"
        file = f"outputs/papers/{paper['file']}"
        lines.append(f"{paper['number']:{width}}  {title:{_MAX_TITLE}}  {state:14}  {file}")
        if state == "changed":
            reason = reason_for_change(made_from.get(paper["file"], ()), changed)
            lines.append(f"{'':{width}}  because {reason}")
    states = [state for state, _ in rows]
    counts = ", ".join(f"{states.count(s)} {s}" for s in ("new", "changed", _SAME) if s in states)
    return [*lines, f"{count_of(len(rows), 'paper')}: {counts}." if rows else "No meeting has a paper yet."]


def _made_from() -> dict[str, list[str]]:
    """File of a paper -> the inputs that it is built from."""
    meetings = papers_by_meeting(WORK / "contexts").values()
    return {paper["file"]: paper["made_from"] for papers in meetings for paper in papers}


def _state(old: list[str] | None, new: list[str]) -> str:
    if old is None:
        return "new"
    return _SAME if old == new else "changed"


def _redlines() -> list[str]:
    redlines = [paper for manifest in manifests(WORK / "changes") for paper in manifest["papers"]]
    if not redlines:
        return ["No paper revises another one or is a later schedule: there is nothing to compare."]
    by_file = sorted(redlines, key=lambda paper: paper["file"])
    return [f"{paper['title']}: outputs/changes/{paper['file']}" for paper in by_file]


def _outdated_redlines(digests: dict[str, str]) -> list[str]:
    outdated = outdated_files(WORK / "changes", digests)
    return [f"outputs/changes/{file} is of an older text; run make changes" for file in outdated]


def _outdated_pdfs(digests: dict[str, str]) -> list[str]:
    outdated = outdated_files(WORK / "pdf", digests, "converted")
    if not outdated:
        return []
    one = len(outdated) == 1
    files = f"outputs/pdf/{outdated[0]} is" if one else f"{len(outdated)} files in outputs/pdf are"
    return [f"{files} of an older text; run make pdf"]
