"""The progress of a build: its current step, an estimate of the time left, and where the time went."""

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


def follow(progress: Progress, clock: Clock, *lines: tuple[float, str]) -> str:
    """Let the progress follow (seconds since the last line, line); return what it printed."""
    for seconds, line in lines:
        clock.seconds += seconds
        progress.follow(line)
    return progress.out.getvalue()


def test_a_long_build_shows_its_steps_and_an_estimate_of_the_time_left(clock):
    shown = follow(
        Progress(io.StringIO(), clock),
        clock,
        (0, "rule read:"),
        (4, "1 of 2 steps (50%) done"),
        (0, "1 of 101 steps (1%) done"),
        (0, "rule fill:"),
        (0, "    wildcards: meeting=SMEWG47"),
        (10, "11 of 101 steps (11%) done"),
    )
    assert shown == "  reading the inputs\n  filling SMEWG47\n"  # each activity once
    progress = Progress(io.StringIO(), clock)
    follow(progress, clock, (0, "0 of 100 steps (0%) done"), (10, "10 of 100 steps (10%) done"))
    assert progress.remaining() == "10 of 100 steps, about 2 min left"
    follow(progress, clock, (40, "50 of 100 steps (50%) done"))
    assert progress.remaining() == "50 of 100 steps, about 50 s left"


def test_a_short_build_shows_no_estimate(clock):
    progress = Progress(io.StringIO(), clock)
    follow(progress, clock, (0, "0 of 9 steps (0%) done"), (1, "8 of 9 steps (88%) done"))
    assert progress.remaining() == ""


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
    rows = [re.split(r"\s{2,}", line) for line in times.table()]
    assert rows[1:] == [
        ["filling", "2", "6.00", "4.00"],
        ["reading the inputs", "1", "3.00", "3.00"],
        ["Snakemake itself", "3.00"],
        ["all, by the clock", "10.00"],
    ]


def test_a_build_shows_where_its_time_went_and_its_report_contains_the_papers(tmp_path):
    project = copy_project(tmp_path / "forum")
    run = project.build("--times", "all")
    assert run.code == 0, run.err
    table = run.out[run.out.index("where the time went") :].splitlines()
    rules = {
        re.split(r"\s{2,}", line)[0]
        for line in table[1 : table.index(next(x for x in table if x.startswith("all,")))]
    }
    assert {"reading the inputs", "preparing the templates", "filling", "checking", "sealing"} <= rules
    made = project.run(sys.executable, "-m", "snakemake", "--quiet", "all", "--report", "report.html")
    assert made.code == 0, made.err
    html = (project.root / "report.html").read_text(encoding="utf-8")
    papers = [Path(paper).name for paper in project.papers()]
    assert papers and all(paper in html for paper in papers)
