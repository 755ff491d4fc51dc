"""What a build prints when it ends: the table of papers, notices, findings of the checks, or the problems."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from papers.build.diagnose import explain_failure
from papers.checks.findings import summary
from papers.ledger.mismatch import reason_for_change
from papers.problems import count_of
from papers.public.unpublish import TAKEN
from papers.redlines.pairs import not_compared
from papers.store.delivery import Delivered
from papers.store.files import NOTICE_PREFIX
from papers.store.locks import OUTPUTS
from papers.store.work_files import manifests, outdated_files, papers_by_meeting

if TYPE_CHECKING:
    from pathlib import Path

WORK = OUTPUTS / "work"
MAX_ROWS = 60  # a longer table would scroll its end away
_MAX_TITLE = 58
_SAME = "same as before"
_PROGRAM_FAILED = (
    "The program itself failed, not your inputs: please report this with the folder outputs/work/logs."
)


def read_delivered(work: Path) -> dict[str, Delivered]:
    """Return what the records below a folder say was delivered: path of the file -> paper."""
    found = {}
    for record in sorted((work / "record").glob("*.json")):
        for paper in json.loads(record.read_bytes())["papers"]:
            found[paper["file"]] = Delivered(**paper)
    return found


def count_changed(before: dict[str, Delivered], after: dict[str, Delivered]) -> int:
    """Return how many papers are new or changed."""
    return sum(paper != before.get(file) for file, paper in after.items())


def job_lines() -> list[str]:
    """Return the lines that the jobs of this build printed, problems and notices, each once."""
    logs = [path for path in sorted((WORK / "logs").glob("*.log")) if path.name != "snakemake.log"]
    lines = [line for log in logs for line in log.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(lines))


def print_notices_of_jobs() -> None:
    for line in job_lines():
        if line.startswith(NOTICE_PREFIX):
            _print_notice(line.removeprefix(NOTICE_PREFIX))


def _print_notice(notice: str) -> None:
    print(f"  Note: {notice}", file=sys.stderr)


# After a failure


def print_failure(changed: int, snakemake_lines: list[str]) -> None:
    """Print what to fix. `changed` papers were delivered before the build failed, as meetings are filled one by one."""
    (
        WORK / "logs" / "snakemake.log"
    ).stat()  # if the folder vanished during the build, this error is the report
    lines = [line for line in job_lines() if not line.startswith(NOTICE_PREFIX)]
    lines = lines or [
        line for line in snakemake_lines if line.startswith("config.yaml") and "; expected " in line
    ]
    lines = explain_failure(lines, snakemake_lines) or lines
    if any(line.startswith("Traceback") for line in lines) or not lines:
        last = [line for line in lines if line and not line.startswith((" ", "Traceback"))] or snakemake_lines
        lines = [_PROGRAM_FAILED, *last[-3:]]
    print_problems(lines, changed)


def print_problems(problems: list[str], changed: int = 0) -> None:
    result = "Nothing was made"
    if changed:
        were = "was" if changed == 1 else "were"
        result = f"Not everything was made, but {count_of(changed, 'paper')} {were}"
    print(f"{result}. Please fix{' this' if len(problems) == 1 else ''}:", file=sys.stderr)
    for problem in problems:
        print(f"  {problem}", file=sys.stderr)
    if len(problems) > 1 and not changed:
        unpublished = ", but for outputs/public" if any(TAKEN in line for line in job_lines()) else ""
        print(f"{len(problems)} problems. outputs/ is as it was{unpublished}.", file=sys.stderr)


# After a success


def print_success(
    arguments: list[str],
    idle: bool,
    before: dict[str, Delivered],
    after: dict[str, Delivered],
    pdfs_before: dict[str, Delivered],
    changed_sources: set[str],
) -> int:
    """Print the table of papers, the findings, and what became of redlines and PDFs; return the exit code."""
    if idle:
        papers = count_of(len(after), "paper")
        print(f"Nothing to be done: {papers} in outputs/papers, all up to date.")
    else:
        _print_table(before, after, changed_sources)
    findings, has_errors = summary(WORK)
    for line in findings:
        print(line, file=sys.stderr if has_errors else sys.stdout)
    digests = {file: paper.sha256 for file, paper in after.items()}
    if "changes" in arguments:
        _print_redlines()
    else:
        _print_outdated_redlines(digests)
    if "pdfs" in arguments:
        pdfs = read_delivered(WORK / "pdf")
        changed = count_changed(pdfs_before, pdfs)
        print(f"{count_of(len(pdfs), 'PDF')} in outputs/pdf, {changed} of them new or changed.")
    else:
        _print_outdated_pdfs(digests)
    return 1 if has_errors else 0


def _print_table(
    before: dict[str, Delivered], after: dict[str, Delivered], changed_sources: set[str]
) -> None:
    """Number, title, state and file of each paper, with the reason for a change.

    A long table shows only what is new or changed.
    """
    made_from = _made_from()
    rows = [(_state(before.get(file), paper), paper) for file, paper in after.items()]
    shown = rows if len(rows) <= MAX_ROWS else [row for row in rows if row[0] != _SAME][:MAX_ROWS]
    width = max((len(paper.number) for _, paper in shown), default=0)
    for state, paper in shown:
        title = paper.title if len(paper.title) <= _MAX_TITLE else paper.title[: _MAX_TITLE - 1] + "…"
        print(f"{paper.number:{width}}  {title:{_MAX_TITLE}}  {state:14}  outputs/papers/{paper.file}")
        if state == "changed":
            reason = reason_for_change(made_from.get(paper.file, ()), changed_sources)
            print(f"{'':{width}}  because {reason}")
    states = [state for state, _ in rows]
    counts = ", ".join(f"{states.count(s)} {s}" for s in ("new", "changed", _SAME) if s in states)
    print(f"{count_of(len(rows), 'paper')}: {counts}." if rows else "No meeting has a paper yet.")


def _made_from() -> dict[str, list[str]]:
    """File of a paper -> the inputs that it is built from."""
    meetings = papers_by_meeting(WORK / "contexts").values()
    return {paper["file"]: paper["made_from"] for papers in meetings for paper in papers}


def _state(old: Delivered | None, paper: Delivered) -> str:
    if old is None:
        return "new"
    return _SAME if old.sha256 == paper.sha256 else "changed"


def _print_redlines() -> None:
    redlines = [paper for manifest in manifests(WORK / "changes") for paper in manifest["papers"]]
    for paper in sorted(redlines, key=lambda paper: paper["file"]):
        print(f"{paper['title']}: outputs/changes/{paper['file']}")
    if not redlines:
        print("No paper revises another one or is a later schedule: there is nothing to compare.")
    for notice in not_compared(WORK / "contexts"):
        _print_notice(notice)


def _print_outdated_redlines(digests: dict[str, str]) -> None:
    for file in outdated_files(WORK / "changes", digests):
        _print_notice(f"outputs/changes/{file} is of an older text; run make changes")


def _print_outdated_pdfs(digests: dict[str, str]) -> None:
    if outdated := outdated_files(WORK / "pdf", digests, "converted"):
        one = len(outdated) == 1
        files = f"outputs/pdf/{outdated[0]} is" if one else f"{len(outdated)} files in outputs/pdf are"
        _print_notice(f"{files} of an older text; run make pdf")
