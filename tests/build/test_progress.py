"""The progress of a build: its current step, and where the time went."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from papers.build.progress import Progress, RuleTimes
from project_tools import copy_project


class Clock:
    """A clock that a test moves."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


LINES = [
    "rule read:",
    "1 of 101 steps (1%) done",
    "rule fill:",
    "    wildcards: forum=smewg, meeting=SMEWG47",
    "11 of 101 steps (11%) done",
    "rule page:",
    "    wildcards: page=index.html",
    "rule page:",
    "    wildcards: page=feed.xml",
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def follow(out: io.StringIO, lines: list[str]) -> str:
    """Let the progress follow lines of Snakemake; return what it printed."""
    progress = Progress(out)
    for line in lines:
        progress.follow(line)
    progress.end()
    return out.getvalue()


def test_in_a_file_each_activity_is_a_line():
    assert follow(io.StringIO(), LINES) == "  reading the inputs\n  filling SMEWG47\n  delivering\n"


def test_a_terminal_shows_a_bar_that_is_erased_at_the_end(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    shown = follow(Terminal(), LINES)
    assert "11%" in shown and "delivering" in shown
    assert shown.endswith("\x1b[2K")  # erases the line


def test_the_time_of_each_rule_is_that_of_its_jobs(clock):
    times = RuleTimes(clock)
    lines = [
        (1, "rule read:"),
        (0, "    jobid: 1"),
        (3, "Finished jobid: 1 (Rule: read)"),
        (1, "rule fill:"),
        (0, "    jobid: 2"),
        (0, "rule fill:"),
        (0, "    jobid: 3"),
        (2, "Finished jobid: 3 (Rule: fill)"),
        (2, "Finished jobid: 2 (Rule: fill)"),
        (1, "bringing up nodes..."),
    ]
    for seconds, line in lines:
        clock.seconds += seconds
        times.follow(line)
    assert times.rows() == [
        ("filling", "2", "6.00", "4.00"),
        ("reading the inputs", "1", "3.00", "3.00"),
        ("Snakemake itself", "", "3.00", ""),
        ("all, by the clock", "", "10.00", ""),
    ]


@pytest.mark.slow
def test_a_build_shows_where_its_time_went_and_its_report_contains_the_papers(tmp_path):
    project = copy_project(tmp_path / "forum")
    run = project.build("--times", "all")
    assert run.code == 0, run.err
    table = run.out[run.out.index("where the time went") :].splitlines()
    rules = {
        re.split(r"\s{2,}", line)[0]
        for line in table[1 : table.index(next(x for x in table if x.startswith("all,")))]
    }
    assert {
        "reading the inputs",
        "preparing the templates",
        "filling",
        "checking",
        "writing the register",
    } <= rules
    made = project.run(sys.executable, "-m", "snakemake", "--quiet", "all", "--report", "report.html")
    assert made.code == 0, made.err
    html = (project.root / "report.html").read_text(encoding="utf-8")
    papers = [Path(paper).name for paper in project.papers()]
    assert papers and all(paper in html for paper in papers)
