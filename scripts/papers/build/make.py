"""`make`: run Snakemake, show its progress in a line, and end with a table of the papers or with the problems.

Without make: python scripts/forum_papers.py build [--times] [targets and options of snakemake]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from papers.build.diagnose import met_cut_module
from papers.build.notices import (
    SNAKEMAKE_LOG,
    notices_in,
    read_logs,
    read_shown,
    remove_old_logs,
    write_shown,
)
from papers.build.progress import Progress, RuleTimes
from papers.build.report import BuildReport
from papers.build.summary import (
    BuiltState,
    print_failure,
    print_notices,
    print_problems,
    summarise,
)
from papers.build.tables import print_table
from papers.errors import UserError, describe_os_error
from papers.inputs.selection import selected_forums
from papers.ledger.append import remove_partial_files_of
from papers.pdf.libreoffice import find_libreoffice
from papers.pdf.paginate import find_missing_pages
from papers.public.published import REST, STAGE
from papers.store.cache import CACHE
from papers.store.delivery import RECORDS
from papers.store.files import DamagedFile
from papers.store.locks import OUTPUTS, build_lock, remove_partial_files
from papers.store.processes import UTF8, WITHIN_VERB
from papers.store.stages import is_intact
from papers.store.work_files import WORK, work_folder

if TYPE_CHECKING:
    from papers.store.locks import HeldLock

TIMES = "--times"
_OWN_OPTIONS = {TIMES, WITHIN_VERB}  # which Snakemake does not have
# The register links to PDFs and redlines: once these are delivered, it is built again.
_LINKED = {"pdfs", "changes"}
_DRY_RUN = {"-n", "--dry-run", "--dryrun"}
_KEPT = {CACHE, RECORDS}  # of a forum's folder, when everything is built again
# Folder of a forum -> what makes it.
_KEPT_IF_INTACT = {"pdf": "make pdf", "changes": "make changes", "packages": "make package"}
_BUILT_AGAIN = (
    "A file below outputs/work was damaged, or the program failed: everything is built again from the inputs."
)
# What reading a damaged file raises: one of another program may be JSON with other content.
_DAMAGED = (DamagedFile, LookupError, TypeError, AttributeError)


def run(arguments: list[str]) -> int:
    """Build; `arguments` are targets and options of snakemake, and --times. Return the exit code.

    Raise EOFError if a process of the build could not load a compiled module that a full disk had cut short.
    """
    try:
        if "pdfs" in arguments:
            find_libreoffice()
        with build_lock("make") as lock:
            remove_partial_files_of(Path("inputs").glob("*"))
            code = _build(arguments, lock)
    except UserError as error:
        print_problems([str(error)])
        return 1
    except OSError as error:
        print_problems([describe_os_error(error)])
        return 1
    except KeyboardInterrupt:
        print("Stopped. No file is half-written; run make again to continue.", file=sys.stderr)
        return 1
    return code


def _build(arguments: list[str], lock: HeldLock) -> int:
    works = [work_folder(forum) for forum in selected_forums(arguments)]
    before = BuiltState.read(works)
    report = _run(arguments, lock)
    try:
        if not report.failed:
            return _print_success(arguments, report, before, works)
        may_be_damaged = report.may_be_damaged
    except _DAMAGED:
        may_be_damaged = True
    if may_be_damaged:
        print(_BUILT_AGAIN, file=sys.stderr)
        print_notices(_remove_built())
        report = _run(arguments, lock)
    if not report.failed:
        return _print_success(arguments, report, before, works)
    remove_partial_files(OUTPUTS)  # what a job was writing when the system ended it
    print_failure(report, before, BuiltState.read(works))
    shown = read_shown()
    print_notices(text for text in notices_in(report.logs.values()) if text not in shown)
    return 1


def _print_success(arguments: list[str], report: BuildReport, before: BuiltState, works: list[Path]) -> int:
    """Print how the build ended; raise one of _DAMAGED before anything is printed. Return the exit code."""
    summary = summarise(arguments, report, before, works)
    code = summary.print()
    write_shown(summary.standing)
    return code


def _run(arguments: list[str], lock: HeldLock) -> BuildReport:
    report = _run_once(arguments, lock)
    if "pdfs" in arguments and not report.failed and not _DRY_RUN & {*arguments}:
        report = _with_page_numbers(arguments, lock, report)
    if report.failed or not _LINKED & {*arguments}:
        return report
    return _run_once([word for word in arguments if word not in _LINKED], lock, earlier=report)


def _with_page_numbers(arguments: list[str], lock: HeldLock, report: BuildReport) -> BuildReport:
    """Find the page numbers that tables of contents lack; return what the last run reported."""
    reports = [report]

    def build_again() -> bool:
        reports.append(_run_once(arguments, lock, earlier=reports[-1]))
        return not reports[-1].failed

    for forum in selected_forums(arguments):
        if not find_missing_pages(forum, lambda _number, _meeting: True, build_again):
            break
    return reports[-1]


def _run_once(arguments: list[str], lock: HeldLock, earlier: BuildReport | None = None) -> BuildReport:
    """Run Snakemake and return what it and its jobs reported, after what an `earlier` run reported."""
    if earlier is None:
        remove_old_logs()
    code, lines = _run_snakemake(arguments, lock)
    report = BuildReport(code, lines, read_logs(), earlier)
    if code and met_cut_module(lines):
        raise EOFError("a compiled module of the build is cut short")
    return report


def _remove_built() -> list[str]:
    """Remove what stages wrote below outputs/work; the records of what was delivered and published stay.

    PDFs and redlines, which a plain build does not make, stay if they are intact. Return notices of the others.
    """
    return [notice for folder in sorted(WORK.iterdir()) if folder.is_dir() for notice in _remove_of(folder)]


def _remove_of(work: Path) -> list[str]:
    removed = []
    for path in sorted(work.iterdir()):
        if path.name in (STAGE, REST) and is_intact(path):
            continue
        if path.name in _KEPT_IF_INTACT:
            damaged = [folder for folder in sorted(path.iterdir()) if not is_intact(folder)]
            for folder in damaged:
                shutil.rmtree(folder)
            verb = _KEPT_IF_INTACT[path.name]
            removed += [f"{folder.as_posix()} was damaged and removed; run {verb} too" for folder in damaged]
        elif path.is_dir() and path.name not in _KEPT:
            shutil.rmtree(path)
        elif path.name not in _KEPT:
            path.unlink()
    return removed


def _run_snakemake(arguments: list[str], lock: HeldLock) -> tuple[int, list[str]]:
    """Return the exit code, and the lines that Snakemake printed, which also go to outputs/work/logs/snakemake.log."""
    options = [argument for argument in arguments if argument not in _OWN_OPTIONS]
    progress, times, lines = Progress(), RuleTimes(), []
    log = SNAKEMAKE_LOG.open("a", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "snakemake", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        **lock.for_child(**UTF8),
    ) as process:
        try:
            for line in process.stdout:
                lines.append(line.rstrip("\n"))
                with suppress(OSError):  # a full disk, which Snakemake reports as well
                    log.write(line)
                progress.follow(line)
                times.follow(line)
        finally:
            for _ in process.stdout:  # otherwise Snakemake would wait for ever on a full pipe
                pass
    with suppress(OSError):
        log.close()
    progress.end()
    if TIMES in arguments:
        print_table(times.rows(), ("where the time went", "jobs", "seconds", "longest"), right=(1, 2, 3))
    return process.returncode, lines
