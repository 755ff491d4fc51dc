"""Measure what issuing costs: a meeting of 15 papers, and a ledger of 50,000 lines with its archive.

Run without the rest of the benchmark: .venv/bin/python benchmarks/issuing.py
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import builds
import forum
from papers.ledger.append import append
from papers.ledger.file import LedgerRow
from papers.store.files import digest
from turns import cpu_of_children, measure_in_turn

LINES, PAPERS = 50_000, 15
MOST_ADDED, MOST_TO_ISSUE = 0.3, 2.0  # seconds
_EVENTS = (
    "numbered",
    "issued",
    "revised",
    "issued",
    "withdrawn",
)  # events of each paper; all are withdrawn, so the inputs need not have them
_PAPERS = 500  # in a meeting
_TITLES = (
    "Updated Implementation Schedule",
    "Document Classification List",
    "Terms of Reference of the Small and Medium Enterprises Working Group",
    "Ranking of Project Proposals, Session 2",
    "Annual Indicator Report",
)


def write_ledger(project: Path, lines: int = LINES) -> None:
    """Write a ledger of this many lines into a copy of the project, as the commands would, with the archived files."""
    folder = project / forum.FOLDER / "issued"
    for meeting in range(lines // len(_EVENTS) // _PAPERS):
        (folder / f"2015/SMEWG{meeting + 1}").mkdir(parents=True)
    events = [event for at in range(lines // len(_EVENTS)) for event in _events_of_paper(at)]
    for event in events:
        if event.event == "issued":
            (folder / event.file).write_bytes(event.file.encode())
            (folder / event.file).with_suffix(".sources").write_bytes(b"")
    append(folder, events, None)


def _events_of_paper(at: int) -> list[LedgerRow]:
    """Return all events of one paper."""
    meeting, serial = f"SMEWG{at // _PAPERS + 1}", at % _PAPERS + 3
    rows, number = [], f"2015/{meeting}/{serial:03d}"
    for event in _EVENTS:
        number += "rev1" if event == "revised" else ""
        file = (
            f"2015/{meeting}/15_{meeting.lower()}_{number.rpartition('/')[2]}.docx"
            if event == "issued"
            else ""
        )
        sha256, sources = (digest(file.encode()), digest(b"")) if file else ("", "")
        about = (number, "work-plan", meeting, _TITLES[at % len(_TITLES)], file, sha256, sources)
        rows.append(
            LedgerRow("", "2015-03-02", event, *about, "APEC Secretariat", "two weeks before", "", "")
        )
    return rows


def measure_ledger_cost(work: Path, times: int) -> tuple[float, float]:
    """Return the CPU seconds that the ledger adds to reading the inputs, and to a build with nothing to do."""
    projects = [work / "without", work / "with"]
    for project in projects:
        forum.copy_project(project)
    write_ledger(projects[1])
    for project in projects:
        builds.build(project)
    added = []
    for command in (
        _read,
        lambda _: (
            "scripts/forum_papers.py",
            "build",
        ),
    ):
        works = [partial(forum.run, p, ".venv/bin/python", *command(p)) for p in projects]
        without, with_ = measure_in_turn(times, *works, clock=cpu_of_children)
        added.append(with_ - without)
    return tuple(added)


def _read(project: Path) -> tuple[str, ...]:
    """Return the command that reads the inputs, as the build runs it."""
    config = json.dumps({"files": ["config.yaml"], "values": {}})
    return (
        "scripts/read.py",
        "--config",
        config,
        "--forum",
        "smewg",
        "--work",
        "outputs/work/smewg",
        "--log",
        "read.json",
    )


def measure_issuing(work: Path, times: int) -> tuple[float, float]:
    """Return the seconds to issue a built meeting of 15 papers, and of a build with nothing to do."""
    built = work / "built"
    forum.copy_project(built)
    forum.add_papers(built, PAPERS)
    builds.build(built)
    again = work / "again"

    def fresh() -> None:
        shutil.rmtree(again, ignore_errors=True)
        shutil.copytree(built, again, symlinks=True)
        builds.build(again)  # Snakemake checks every file once in a new folder

    def issue() -> None:
        output = forum.run(
            again, ".venv/bin/python", "scripts/forum_papers.py", "issue", f"meeting={forum.EDITED}", "by=us"
        )
        if output.count(" issued ") != PAPERS:
            sys.exit(f"the benchmark issued other than {PAPERS} papers:\n{output}")

    _, nothing, seconds = measure_in_turn(times, fresh, lambda: builds.build(again), issue)
    return seconds, nothing


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        reading, nothing = measure_ledger_cost(Path(folder), 9)
        seconds, bare = measure_issuing(Path(folder), 5)
    print(
        f"{LINES:,} lines add {reading:.2f} s of CPU to reading the inputs, {nothing:.2f} s to a build with nothing to do"
    )
    print(f"Issuing {PAPERS} papers: {seconds:.2f} s, a build with nothing to do {bare:.2f} s")
