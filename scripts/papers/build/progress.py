"""The progress of a build while it runs, and where its time went, read from the lines that Snakemake prints."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

_STEP = re.compile(r"(\d+) of (\d+) steps \((\d+)%\) done")
_RULE = re.compile(r"^ *(?:local)?(?:rule|checkpoint) (\w+):")
_WILDCARDS = re.compile(r"^\s+wildcards: (?:\w+=)(\S+)")
_JOB, _FINISHED = re.compile(r"^\s+jobid: (\d+)"), re.compile(r"^Finished jobid: (\d+) ")
_ACTIVITIES = {
    "read": "reading the inputs",
    "prepare": "preparing the templates",
    "receive": "adding covers to received papers:",
    "fill": "filling",
    "check": "checking",
    "redline": "comparing",
    "pdf": "converting",
    "register": "writing the register",
    "seal": "sealing",
    "public": "publishing",
    "deliver": "delivering",
    "restore": "restoring",
    "pdfs": "delivering PDFs",
    "changes": "delivering redlines",
}
_RULES_OF_A_MEETING = ("receive", "fill", "redline", "pdf")  # the line with the meeting's code follows
_MIN_SECONDS_TO_ESTIMATE = 5.0
_SNAKEMAKE = "Snakemake itself"


class Progress:
    """A bar on a terminal; in a file or pipe, a line for each activity. `now` returns seconds."""

    def __init__(self, out: TextIO = sys.stderr, now: Callable[[], float] = time.monotonic):
        self.out, self.now, self.is_terminal = out, now, out.isatty()
        self.activity, self.last_shown = "starting", ""
        self.done = self.total = 0
        self.since, self.done_at_first = (
            now(),
            0,
        )  # when this total was first seen, and how many steps were done

    def follow(self, line: str) -> None:
        """Update and show the progress after a line of Snakemake."""
        if (rule := _RULE.match(line)) and rule[1] != "all":
            self.activity = _ACTIVITIES.get(rule[1], rule[1])
            if rule[1] in _RULES_OF_A_MEETING:
                return
        elif meeting := _WILDCARDS.match(line):
            self.activity = f"{self.activity} {meeting[1]}"
        elif step := _STEP.search(line):
            self._count(int(step[1]), int(step[2]))
        else:
            return
        self._show()

    def _count(self, done: int, total: int) -> None:
        if total != self.total:  # the checkpoint `read` adds the jobs of the meetings
            self.since, self.done_at_first = self.now(), done
        self.done, self.total = done, total

    def remaining(self) -> str:
        """Return how many steps are done and an estimate of the time left; "" in a short build."""
        seconds, steps = self.now() - self.since, self.done - self.done_at_first
        if seconds < _MIN_SECONDS_TO_ESTIMATE or not steps:
            return ""
        left = seconds / steps * (self.total - self.done)
        estimate = f"{left / 60:.0f} min" if left >= 90 else f"{max(1, round(left))} s"
        return f"{self.done} of {self.total} steps, about {estimate} left"

    def _show(self) -> None:
        remaining = self.remaining()
        if self.is_terminal:
            percent = 100 * self.done // self.total if self.total else 0
            bar = ("█" * (percent // 5)).ljust(20, "·")
            text = f"{self.activity[:40]}  {remaining}"
            print(f"\r{bar} {percent:3d} %  {text[:74]:74}", end="", file=self.out, flush=True)
        elif self.activity != self.last_shown:
            self.last_shown = self.activity
            suffix = f" ({remaining})" if remaining else ""
            print(f"  {self.activity}{suffix}", file=self.out, flush=True)

    def end(self) -> None:
        """Erase the bar."""
        if self.is_terminal:
            print("\r" + " " * 104 + "\r", end="", file=self.out, flush=True)


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
            self.rule = rule[1]
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

    def table(self) -> list[str]:
        """Return the lines of a table, slowest rule first.

        Jobs run in parallel, so their seconds may add up to more than the whole time.
        """
        total = self.now() - self.start
        idle = self.idle + (0 if self.running else self.now() - self.idle_since)
        rows = [
            (rule, len(jobs), sum(jobs), max(jobs)) for rule, jobs in self.seconds.items() if rule != "all"
        ]
        lines = [f"{'where the time went':32}{'jobs':>6}{'seconds':>10}{'longest':>10}"]
        lines += [
            f"{_ACTIVITIES.get(rule, rule).rstrip(':'):32}{jobs:6}{seconds:10.2f}{longest:10.2f}"
            for rule, jobs, seconds, longest in sorted(rows, key=lambda row: -row[2])
        ]
        lines.append(f"{_SNAKEMAKE:32}{'':6}{idle:10.2f}")
        lines.append(f"{'all, by the clock':32}{'':6}{total:10.2f}")
        return lines
