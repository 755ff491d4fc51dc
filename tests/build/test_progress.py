"""What a build tells of itself while it runs: what is done, how long it may still take, and where the time went."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from papers.build.progress import Progress, Times
from project_tools import copy_project


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def steps(progress: Progress, clock: Clock, *those: tuple[float, str]) -> str:
    for seconds, line in those:
        clock.seconds += seconds
        progress.follow(line)
    return progress.out.getvalue()


def test_a_long_build_says_how_many_steps_are_done_and_how_long_the_others_may_take(clock):
    told = steps(
        Progress(io.StringIO(), clock),
        clock,
        (0, "rule read:"),
        (4, "1 of 2 steps (50%) done"),
        (0, "1 of 101 steps (1%) done"),
        (0, "rule fill:"),
        (0, "    wildcards: meeting=SMEWG47"),
        (10, "11 of 101 steps (11%) done"),
    )
    assert "reading the inputs\n" in told and "filling SMEWG47 (11 of 101 steps, about 90 s left)" not in told
    progress = Progress(io.StringIO(), clock)
    steps(progress, clock, (0, "0 of 100 steps (0%) done"), (10, "10 of 100 steps (10%) done"))
    assert progress.left() == "10 of 100 steps, about 2 min left"
    steps(progress, clock, (40, "50 of 100 steps (50%) done"))
    assert progress.left() == "50 of 100 steps, about 50 s left"


def test_a_short_build_does_not_guess(clock):
    progress = Progress(io.StringIO(), clock)
    steps(progress, clock, (0, "0 of 9 steps (0%) done"), (1, "8 of 9 steps (88%) done"))
    assert progress.left() == ""


def test_the_time_of_each_rule_is_that_of_its_jobs(clock):
    times = Times(clock)
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


def test_a_real_build_tells_where_its_time_went_and_its_report_holds_the_papers(tmp_path):
    project = copy_project(tmp_path / "forum")
    run = project.build("--times", "all", "reported")
    assert run.code == 0, run.err
    table = run.out[run.out.index("where the time went") :].splitlines()
    rules = {
        re.split(r"\s{2,}", line)[0]
        for line in table[1 : table.index(next(x for x in table if x.startswith("all,")))]
    }
    assert {"reading the inputs", "preparing the templates", "filling", "checking", "sealing"} <= rules
    made = project.run(
        sys.executable, "-m", "snakemake", "--quiet", "all", "--report", "report.html", "reported"
    )
    assert made.code == 0, made.err
    html = (project.root / "report.html").read_text(encoding="utf-8")
    papers = [Path(paper).name for paper in project.papers()]
    assert papers and all(paper in html for paper in papers)
