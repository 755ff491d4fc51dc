"""The progress of a build while it runs, and where its time went, read from the lines that Snakemake prints."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_STEP = re.compile(r"(\d+) of (\d+) steps \((\d+)%\) done")
_RULE = re.compile(r"^ *(?:local)?(?:rule|checkpoint) ([\w-]+):")
_MEETING = re.compile(r"^\s+wildcards: .*\bmeeting=(\S+)")
_JOB, _FINISHED = re.compile(r"^\s+jobid: (\d+)"), re.compile(r"^Finished jobid: (\d+) ")
_ACTIVITIES = {
    "read": "reading the inputs",
    "prepare": "preparing the templates",
    "receive": "adding covers to received papers:",
    "fill": "filling",
    "check": "checking",
    "redline": "comparing",
    "pdf": "converting",
    "publish": "writing the register",
    "deliver": "delivering",
    "deliver_papers": "delivering",
    "paper": "delivering",
    "page": "delivering",
    "overview": "delivering",
    "restore": "restoring",
    "deliver_pdfs": "delivering PDFs",
    "deliver_changes": "delivering redlines",
}
_RULES_OF_A_MEETING = ("receive", "fill", "redline", "pdf")  # the line with the meeting's code follows
_TARGETS = ("all", "papers", "pdfs", "changes", "every_file")  # rules without work
_SNAKEMAKE = "Snakemake itself"


def _kind_of(rule: str) -> str:
    """Return the rule without the name of its forum, which the rules that prepare templates have."""
    return "prepare" if rule.startswith("prepare_") else rule


class Progress:
    """A bar with the time left on a terminal; in a file or pipe, a line for each activity."""

    def __init__(self, out: TextIO = sys.stderr):
        self.out = out
        self.activity = self.shown = ""
        self.done = self.total = 0
        self._bar = None

    def follow(self, line: str) -> None:
        """Update and show the progress after a line of Snakemake."""
        if (found := _RULE.match(line)) and (rule := _kind_of(found[1])) not in _TARGETS:
            self.activity = _ACTIVITIES.get(rule, rule)
            if rule in _RULES_OF_A_MEETING:
                return
        elif meeting := _MEETING.match(line):
            self.activity = f"{self.activity} {meeting[1]}"
        elif step := _STEP.search(line):
            self.done, self.total = int(step[1]), int(step[2])
        else:
            return
        self._show()

    def _show(self) -> None:
        if self.out.isatty():
            self._show_bar()
        elif self.activity != self.shown:
            self.shown = self.activity
            print(f"  {self.activity}", file=self.out, flush=True)

    def _show_bar(self) -> None:
        if self._bar is None:
            self._bar = _new_bar(self.out)
            self._bar.start()
            self._bar.add_task("")
        self._bar.update(
            self._bar.task_ids[0], description=self.activity, completed=self.done, total=self.total or None
        )

    def end(self) -> None:
        """Erase the bar."""
        if self._bar is not None:
            self._bar.stop()


def _new_bar(out: TextIO):
    """Return a bar of rich, which is imported while Snakemake works."""
    from rich import progress  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    columns = (progress.BarColumn(), progress.TaskProgressColumn(), progress.TextColumn("{task.description}"))
    return progress.Progress(
        *columns, progress.TimeRemainingColumn(), console=Console(file=out), transient=True
    )


class RuleTimes:
    """The time that the jobs of each rule took, from when Snakemake prints that they start and finish."""

    def __init__(self, now: Callable[[], float] = time.monotonic):
        self.now, self.start = now, now()
        self.rule, self.started = "", {}  # job id -> (rule, when it started)
        self.seconds: dict[str, list[float]] = {}  # rule -> seconds of each of its jobs
        self.running, self.idle_since = 0, self.start
        self.idle = 0.0  # seconds in which no job ran

    def follow(self, line: str) -> None:
        if rule := _RULE.match(line):
            self.rule = _kind_of(rule[1])
        elif (job := _JOB.match(line)) and self.rule:
            if not self.running:
                self.idle += self.now() - self.idle_since
            self.running += 1
            self.started[job[1]] = self.rule, self.now()
        elif (job := _FINISHED.match(line)) and job[1] in self.started:
            rule, started = self.started.pop(job[1])
            self.seconds.setdefault(rule, []).append(self.now() - started)
            self.running -= 1
            self.idle_since = self.now()

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Return activity, jobs, seconds and seconds of the longest job of each rule, slowest first.

        Jobs run in parallel, so their seconds may add up to more than the whole time.
        """
        total = self.now() - self.start
        idle = self.idle + (0 if self.running else self.now() - self.idle_since)
        rules = [(rule, jobs) for rule, jobs in self.seconds.items() if rule not in _TARGETS]
        rows = [
            (_ACTIVITIES.get(rule, rule).rstrip(":"), str(len(jobs)), f"{sum(jobs):.2f}", f"{max(jobs):.2f}")
            for rule, jobs in sorted(rules, key=lambda item: -sum(item[1]))
        ]
        return [*rows, (_SNAKEMAKE, "", f"{idle:.2f}", ""), ("all, by the clock", "", f"{total:.2f}", "")]
