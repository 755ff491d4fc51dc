"""Notices of builds, and the verb `notices`: what stays true is shown in full once, then counted.

The notices of a job are in its log below outputs/work/<forum>/logs, which stays until the job runs again. Those of the rules
that deliver say what happened in one build, such as an edited file that was kept: their logs are removed before
the next one. outputs/work/notices.json lists the texts that were shown.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from papers.checks.findings import load_findings
from papers.job import NOTICE
from papers.redlines.pairs import not_compared
from papers.store.delivery import PAPER_FILES, Delivery
from papers.store.files import DamagedFile, read_json, to_json, write_atomic
from papers.store.locks import OUTPUTS
from papers.store.work_files import WORK, kinds_by_meeting, outdated_files, work_folders

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

    Log = list[dict[str, Any]]  # the entries that a job wrote, see papers.job

LOGS, SHOWN = "logs", WORK / "notices.json"  # a folder of each forum; and of rules that are of no forum
SNAKEMAKE_LOG = WORK / LOGS / "snakemake.log"
_EVENTS = re.compile(r"(deliver\w*|restore|paper|page|overview)\b")  # rules that deliver
_OF_MEETING = re.compile(r"(?:receive|fill|redline|pdf)-(.+)")


def run(verb: str, options: dict[str, str]) -> int:
    """Print all notices and findings of the last build; return the exit code."""
    if not work_folders():
        print("No build is complete: run make, and correct what it names.")
        return 0
    findings = (str(finding) for work in work_folders() for finding in load_findings(work))
    lines = [*(f"Note: {text}" for text in standing_notices(work_folders())), *findings]
    print(*lines or ["No notice, and no finding of the checks."], sep="\n")
    return 0


def standing_notices(works: Iterable[Path]) -> list[str]:
    """Return the notices that are still true: those of jobs, and PDFs and redlines that are out of date.

    `works` are the forums' folders below outputs/work.
    """
    return list(dict.fromkeys(notice for work in works for notice in _standing_notices(work)))


def _standing_notices(work: Path) -> list[str]:
    meetings = kinds_by_meeting(work / "contexts")
    logs = {
        name: entries
        for name, entries in _read_folder(work / LOGS).items()
        if not _EVENTS.match(name) and ((of := _OF_MEETING.fullmatch(name)) is None or of[1] in meetings)
    }
    redlines = not_compared(work / "contexts") if (work / "delivered_changes").exists() else []
    return [*notices_in(logs.values()), *redlines, *_outdated(work)]


def event_notices() -> list[str]:
    """Return what happened in the last build: which edited files were kept, and the like."""
    folders = map(_read_folder, _log_folders())
    return notices_in(log for logs in folders for name, log in logs.items() if _EVENTS.match(name))


def notices_in(logs: Iterable[Log]) -> list[str]:
    """Return the notices in the entries of logs, each once."""
    return list(dict.fromkeys(entry["text"] for log in logs for entry in log if entry["type"] == NOTICE))


def read_logs() -> dict[str, Log]:
    """Return the entries of each log, by its path below outputs/work; a log that is damaged has none."""
    return {
        (folder.relative_to(WORK) / name).as_posix(): log
        for folder in _log_folders()
        for name, log in _read_folder(folder).items()
    }


def _log_folders() -> list[Path]:
    return [WORK / LOGS, *sorted(WORK.glob(f"*/{LOGS}"))]


def _read_folder(logs: Path) -> dict[str, Log]:
    """Return the entries of each log in a folder, by the log's name without suffix."""
    return {
        path.relative_to(logs).with_suffix("").as_posix(): _entries(path)
        for path in sorted(logs.rglob("*.json"))
    }


def _entries(log: Path) -> Log:
    try:
        entries = json.loads(log.read_bytes())
    except ValueError:
        return []
    is_log = isinstance(entries, list) and all(
        isinstance(entry, dict) and {"type", "text"} <= entry.keys() for entry in entries
    )
    return entries if is_log else []


def remove_old_logs() -> None:
    """Remove the logs that say nothing about the build that begins: all but notices that may still be true."""
    SNAKEMAKE_LOG.parent.mkdir(parents=True, exist_ok=True)
    for folder in _log_folders():
        for path in (path for path in folder.rglob("*.*") if path.is_file()):
            entries = _entries(path) if path.suffix == ".json" else []
            notices_only = all(entry["type"] == NOTICE for entry in entries)
            if not (entries and notices_only) or _EVENTS.match(path.relative_to(folder).as_posix()):
                path.unlink()


def read_shown() -> set[str]:
    """Return the notices and findings that earlier builds showed; none if that is not known."""
    try:
        return set(read_json(SHOWN, list))
    except (DamagedFile, TypeError):
        return set()


def write_shown(texts: Iterable[str]) -> None:
    write_atomic(SHOWN, to_json(sorted(texts)))


def _outdated(work: Path) -> list[str]:
    digests = {file: known[-1] for file, known in Delivery(PAPER_FILES, work, OUTPUTS).known.items()}
    redlines = outdated_files(work / "changes", digests)
    pdfs = outdated_files(work / "pdf", digests, "converted")
    lines = [f"outputs/changes/{file} is of an older text; run make changes" for file in redlines]
    if pdfs:
        files = f"outputs/pdf/{pdfs[0]} is" if len(pdfs) == 1 else f"{len(pdfs)} files in outputs/pdf are"
        lines.append(f"{files} of an older text; run make pdf")
    return lines
