"""`make`: runs Snakemake, shows what is going on in a line, and ends with a table of the papers, or with the problems.

Without make: python scripts/forum_papers.py build [-n] [--times] [targets and options of snakemake]
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from papers.build.diagnose import explain_failure
from papers.build.progress import Progress, Times
from papers.checks.findings import summary
from papers.errors import UserError, describe_os_error
from papers.ledger.append import remove_partial_files_of
from papers.ledger.archive import list_inputs
from papers.ledger.mismatch import reason_for_change
from papers.pdf.libreoffice import find_libreoffice
from papers.problems import count_of
from papers.public.unpublish import TAKEN
from papers.redlines.pairs import not_compared
from papers.store.changed_files import SourceDigests, list_files
from papers.store.contexts import manifests, outdated_files, papers_by_meeting
from papers.store.delivery import Delivered
from papers.store.files import NOTICE_PREFIX
from papers.store.locks import OUTPUTS, build_lock, remove_partial_files

if TYPE_CHECKING:
    from papers.store.locks import HeldLock

WORK = Path("outputs/work")
MOST_ROWS = 60  # a longer table would hide its end
TIMES = "--times"  # of ours: the others are Snakemake's


def run(arguments: list[str]) -> int:
    """Builds; `arguments` are targets and options of snakemake, and --times. Returns the exit code."""
    try:
        if "pdfs" in arguments:
            find_libreoffice()  # reported before anything is built
        with build_lock("make") as hold:
            remove_partial_files_of(Path("inputs").glob("*"))
            return _build(arguments, hold)
    except UserError as error:
        _stop([str(error)], made=0)
    except OSError as error:
        _stop([describe_os_error(error)], made=0)
    except KeyboardInterrupt:
        print("Stopped. Nothing is half made; run make again, and it goes on from here.", file=sys.stderr)
    return 1


def _build(arguments: list[str], hold: HeldLock) -> int:
    before, pdfs_before = _delivered(WORK), _delivered(WORK / "pdf")
    sources = SourceDigests(
        WORK / "sources.json", [*list_inputs("inputs"), *list_files("templates"), "config.yaml"]
    )
    (WORK / "logs").mkdir(parents=True, exist_ok=True)
    for log in (WORK / "logs").glob("*.log"):
        log.unlink()
    code, said = _run_snakemake(arguments, hold)
    idle = not code and any(line.startswith("Nothing to be done") for line in said)
    after = before if idle else _delivered(WORK)
    if code:
        remove_partial_files(OUTPUTS)  # what a job was writing when the system ended it
        _tell_problems(_made(before, after), said)
        _tell_notices()
        return 1
    _tell_notices()
    if idle:
        print(f"Nothing to be done: {count_of(len(after), 'paper')} in outputs/papers, all up to date.")
    else:
        _table(before, after, sources.changed())
    sources.remember()
    found, errors = summary(WORK)
    for line in found:
        print(line, file=sys.stderr if errors else sys.stdout)
    delivered = {file: paper.sha256 for file, paper in after.items()}
    _tell_changes(delivered, asked="changes" in arguments)
    _tell_pdfs(delivered, pdfs_before, asked="pdfs" in arguments)
    return 1 if errors else 0


def _run_snakemake(arguments: list[str], hold: HeldLock) -> tuple[int, list[str]]:
    """Exit code, and Snakemake's own words, which go to outputs/work/logs/snakemake.log too."""
    words = [argument for argument in arguments if argument != TIMES]
    command = [sys.executable, "-m", "snakemake", *words]
    progress, times, said = Progress(), Times(), []
    log = (WORK / "logs" / "snakemake.log").open("w", encoding="utf-8")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **hold.for_child
    ) as process:
        try:
            for line in process.stdout:
                said.append(line.rstrip("\n"))
                with suppress(OSError):  # a full disk, which Snakemake meets as well
                    log.write(line)
                progress.follow(line)
                times.follow(line)
        finally:
            for _ in process.stdout:  # if nobody read what it says, Snakemake would wait for ever
                pass
    with suppress(OSError):
        log.close()
    progress.end()
    if TIMES in arguments:
        print(*times.table(), sep="\n")
    return process.returncode, said


def _delivered(work: Path) -> dict[str, Delivered]:
    """What the records say was delivered: place of file -> paper."""
    found = {}
    for record in sorted((work / "record").glob("*.json")):
        for paper in json.loads(record.read_bytes())["papers"]:
            found[paper["file"]] = Delivered(**paper)
    return found


def _logs() -> list[Path]:
    return [
        p for p in sorted((WORK / "logs").glob("*.log")) if p.name != "snakemake.log" and p.stat().st_size
    ]


def _said() -> list[str]:
    """What the jobs of this build said, problems and notes."""
    lines = [line for log in _logs() for line in log.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(lines))  # what all meetings say is told once


def _made(before: dict[str, Delivered], after: dict[str, Delivered]) -> int:
    """How many papers were delivered though the build failed: meetings are made one by one."""
    return sum(paper != before.get(file) for file, paper in after.items())


def _tell_problems(made: int, said: list[str]) -> None:
    (WORK / "logs" / "snakemake.log").stat()  # where the folder vanished meanwhile, that is what is told
    lines = [line for line in _said() if not line.startswith(NOTICE_PREFIX)]
    lines = lines or [line for line in said if line.startswith("config.yaml") and "; expected " in line]
    lines = explain_failure(lines, said) or lines
    if any(line.startswith("Traceback") for line in lines) or not lines:
        lines = [
            "The program itself failed, not your inputs: please report this with the folder outputs/work/logs.",
            *[line for line in lines if line and not line.startswith((" ", "Traceback"))][-3:],
            *([] if lines else said[-3:]),
        ]
    _stop(lines, made)


def _stop(lines: list[str], made: int) -> None:
    what = (
        f"Not everything was made, but {count_of(made, 'paper')} {'was' if made == 1 else 'were'}"
        if made
        else "Nothing was made"
    )
    print(f"{what}. Please fix:" if len(lines) != 1 else f"{what}. Please fix this:", file=sys.stderr)
    for line in lines:
        print(f"  {line}", file=sys.stderr)
    if len(lines) > 1 and not made:
        but = ", but for outputs/public" if any(TAKEN in line for line in _said()) else ""
        print(f"{len(lines)} problems. outputs/ is as it was{but}.", file=sys.stderr)


def _tell_notices() -> None:
    for line in _said():
        if line.startswith(NOTICE_PREFIX):
            print(f"  Note: {line.removeprefix(NOTICE_PREFIX)}", file=sys.stderr)


def _tell_changes(delivered: dict[str, str], asked: bool) -> None:
    """Where the comparisons are, if they were asked for; else which of them are of an older text."""
    changed = WORK / "changes"
    if asked:
        made = [paper for manifest in manifests(changed) for paper in manifest["papers"]]
        for paper in sorted(made, key=lambda paper: paper["file"]):
            print(f"{paper['title']}: outputs/changes/{paper['file']}")
        if not made:
            print("No paper here follows another one, so there are no changes to show.")
        for note in not_compared(WORK / "contexts"):
            print(f"  Note: {note}", file=sys.stderr)
        return
    for file in outdated_files(changed, delivered):
        print(f"  Note: outputs/changes/{file} is of an older text; run make changes", file=sys.stderr)


def _tell_pdfs(delivered: dict[str, str], before: dict[str, Delivered], asked: bool) -> None:
    """How many PDFs there are and how many are new or changed, if they were asked for; else how many have become old."""
    if asked:
        now = _delivered(WORK / "pdf")
        print(f"{count_of(len(now), 'PDF')} in outputs/pdf, {_made(before, now)} of them new or changed.")
    elif old := outdated_files(WORK / "pdf", delivered, "converted"):
        few = f"outputs/pdf/{old[0]} is" if len(old) == 1 else f"{len(old)} files in outputs/pdf are"
        print(f"  Note: {few} of an older text; run make pdf", file=sys.stderr)


def _table(before: dict[str, Delivered], after: dict[str, Delivered], changed: set[str]) -> None:
    """Number, title, file, and whether it is new, changed (and why) or the same as before.

    A long table shows only what is new or changed.
    """
    made_from = _made_from()
    rows = [(_state(before.get(file), paper), paper) for file, paper in after.items()]
    shown = (
        rows if len(rows) <= MOST_ROWS else [row for row in rows if row[0] != "same as before"][:MOST_ROWS]
    )
    width = max((len(paper.number) for _, paper in shown), default=0)
    for state, paper in shown:
        title = paper.title if len(paper.title) <= 58 else paper.title[:57] + "…"
        print(f"{paper.number:{width}}  {title:58}  {state:14}  outputs/papers/{paper.file}")
        if state == "changed":
            print(f"{'':{width}}  because {reason_for_change(made_from.get(paper.file, ()), changed)}")
    states = [state for state, _ in rows]
    counts = ", ".join(f"{states.count(s)} {s}" for s in ("new", "changed", "same as before") if s in states)
    print(f"{count_of(len(rows), 'paper')}: {counts}." if rows else "No meeting has a paper yet.")


def _made_from() -> dict[str, list[str]]:
    """Place of a paper -> the inputs that it is made from."""
    papers = (paper for those in papers_by_meeting(WORK / "contexts").values() for paper in those)
    return {paper["file"]: paper["made_from"] for paper in papers}


def _state(old: Delivered | None, paper: Delivered) -> str:
    if old is None:
        return "new"
    return "same as before" if old.sha256 == paper.sha256 else "changed"
