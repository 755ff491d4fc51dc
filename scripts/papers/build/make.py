"""`make`: run Snakemake, show its progress in a line, and end with a table of the papers or with the problems.

Without make: python scripts/forum_papers.py build [--times] [targets and options of snakemake]
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from papers.build.diagnose import met_cut_module
from papers.build.progress import Progress, RuleTimes
from papers.build.summary import (
    WORK,
    count_changed,
    job_lines,
    print_failure,
    print_notices_of_jobs,
    print_problems,
    print_success,
    read_delivered,
)
from papers.errors import UserError, describe_os_error
from papers.ledger.append import remove_partial_files_of
from papers.ledger.archive import list_inputs
from papers.pdf.libreoffice import find_libreoffice
from papers.store.changed_files import SourceDigests, list_files
from papers.store.locks import OUTPUTS, build_lock, remove_partial_files

if TYPE_CHECKING:
    from papers.store.locks import HeldLock

TIMES = "--times"  # the only option that is not Snakemake's


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
    before, pdfs_before = read_delivered(WORK), read_delivered(WORK / "pdf")
    sources = SourceDigests(
        WORK / "sources.json", [*list_inputs("inputs"), *list_files("templates"), "config.yaml"]
    )
    _remove_logs()
    code, lines = _run_snakemake(arguments, lock)
    if code:
        if met_cut_module([*lines, *job_lines()]):
            raise EOFError("a compiled module of the build is cut short")
        remove_partial_files(OUTPUTS)  # what a job was writing when the system ended it
        print_failure(count_changed(before, read_delivered(WORK)), lines)
        print_notices_of_jobs()
        return 1
    print_notices_of_jobs()
    idle = any(line.startswith("Nothing to be done") for line in lines)
    after = before if idle else read_delivered(WORK)
    sources_changed = set() if idle else sources.changed()
    sources.remember()
    return print_success(arguments, idle, before, after, pdfs_before, sources_changed)


def _remove_logs() -> None:
    logs = WORK / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    for log in logs.glob("*.log"):
        log.unlink()


def _run_snakemake(arguments: list[str], lock: HeldLock) -> tuple[int, list[str]]:
    """Return the exit code, and the lines that Snakemake printed, which also go to outputs/work/logs/snakemake.log."""
    options = [argument for argument in arguments if argument != TIMES]
    progress, times, lines = Progress(), RuleTimes(), []
    log = (WORK / "logs" / "snakemake.log").open("w", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "snakemake", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **lock.for_child,
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
        print(*times.table(), sep="\n")
    return process.returncode, lines
