"""What issuing costs: a meeting of 15 papers, and a ledger of 50,000 lines with the files that it keeps.

Without the rest of the benchmark: .venv/bin/python benchmarks/issuing.py
"""

from __future__ import annotations

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
from turns import cpu_of_children, in_turn

LINES, PAPERS = 50_000, 15
MOST_ADDED, MOST_TO_ISSUE = 0.3, 2.0  # seconds
_LIVES = (
    "numbered",
    "issued",
    "revised",
    "issued",
    "withdrawn",
)  # what happens to each paper: so none must be there
_PAPERS = 500  # a meeting
_TITLES = (
    "Updated Implementation Schedule",
    "Document Classification List",
    "Terms of Reference of the Small and Medium Enterprises Working Group",
    "Ranking of Project Proposals, Session 2",
    "Annual Indicator Report",
)


def write_ledger(project: Path, lines: int = LINES) -> None:
    """A ledger of so many lines in a copy of the project, as the verbs would have written it, and the kept files."""
    folder = project / forum.FOLDER / "issued"
    for meeting in range(lines // len(_LIVES) // _PAPERS):
        (folder / f"2015/SMEWG{meeting + 1}").mkdir(parents=True)
    events = [event for at in range(lines // len(_LIVES)) for event in _life(at)]
    for event in events:
        if event.event == "issued":
            (folder / event.file).write_bytes(event.file.encode())
            (folder / event.file).with_suffix(".sources").write_bytes(b"")
    append(folder, events, None)


def _life(at: int) -> list[LedgerRow]:
    """All events of one paper."""
    meeting, serial = f"SMEWG{at // _PAPERS + 1}", at % _PAPERS + 3
    found, number = [], f"2015/{meeting}/{serial:03d}"
    for event in _LIVES:
        number += "rev1" if event == "revised" else ""
        file = (
            f"2015/{meeting}/15_{meeting.lower()}_{number.rpartition('/')[2]}.docx"
            if event == "issued"
            else ""
        )
        sha256, sources = (digest(file.encode()), digest(b"")) if file else ("", "")
        about = (number, "work-plan", meeting, _TITLES[at % len(_TITLES)], file, sha256, sources)
        found.append(
            LedgerRow("", "2015-03-02", event, *about, "APEC Secretariat", "two weeks before", "", "")
        )
    return found


def added_by_ledger(work: Path, times: int) -> tuple[float, float]:
    """CPU seconds that the ledger adds to reading the inputs, and to a build with nothing to do."""
    projects = [work / "without", work / "with"]
    for project in projects:
        forum.copy_project(project)
    write_ledger(projects[1])
    for project in projects:
        builds.build(project)
    found = []
    for command in (
        _read,
        lambda _: (
            "scripts/forum_papers.py",
            "build",
        ),
    ):
        works = [partial(forum.run, p, ".venv/bin/python", *command(p)) for p in projects]
        without, with_ = in_turn(times, *works, clock=cpu_of_children)
        found.append(with_ - without)
    return tuple(found)


def _read(project: Path) -> tuple[str, ...]:
    """The job that reads the inputs, as the build runs it; what it makes lies beside that of the build."""
    made = ("--contexts", "outputs/again", "--traces", "outputs/again", "--model", "outputs/work/model.json")
    return "scripts/read.py", *made, "--archive-stamp", "outputs/work/archive.stamp"


def issued_meeting(work: Path, times: int) -> tuple[float, float]:
    """Seconds to issue a meeting of 15 papers that are built, and of a build with nothing to do."""
    built = work / "built"
    forum.copy_project(built)
    forum.add_papers(built, PAPERS)
    builds.build(built)
    again = work / "again"

    def fresh() -> None:
        shutil.rmtree(again, ignore_errors=True)
        shutil.copytree(built, again, symlinks=True)
        builds.build(again)  # in a folder that is new to it, Snakemake looks at every file once

    def issue() -> None:
        said = forum.run(
            again, ".venv/bin/python", "scripts/forum_papers.py", "issue", f"meeting={forum.EDITED}", "by=us"
        )
        if said.count(" issued ") != PAPERS:
            sys.exit(f"the benchmark issued other than {PAPERS} papers:\n{said}")

    _, nothing, seconds = in_turn(times, fresh, lambda: builds.build(again), issue)
    return seconds, nothing


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        reading, nothing = added_by_ledger(Path(folder), 9)
        seconds, bare = issued_meeting(Path(folder), 5)
    print(
        f"{LINES:,} lines add {reading:.2f} s of CPU to reading the inputs, {nothing:.2f} s to a build with nothing to do"
    )
    print(f"Issuing {PAPERS} papers: {seconds:.2f} s, a build with nothing to do {bare:.2f} s")
