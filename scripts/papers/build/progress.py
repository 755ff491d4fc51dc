"""What Snakemake is doing, told while it does it: a bar, how far it is, how long it may still take, and where the time went.

Read from the lines that Snakemake writes. Standard library only.
"""

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
_DOING = {
    "read": "reading the inputs",
    "prepare": "preparing the templates",
    "receive": "covering what was received:",
    "fill": "filling",
    "check": "checking",
    "redline": "comparing",
    "pdf": "converting",
    "index": "writing the index",
    "seal": "sealing",
    "public": "gathering what is public",
    "reported": "gathering what is reported",
}
_OF_A_MEETING = ("receive", "fill", "redline", "pdf")  # which one is told a few lines later
_LONG = 5.0  # seconds after which it is worth saying how long it may still take
_STARTING = "Snakemake itself"


class Progress:
    """A bar on a terminal; elsewhere a line for each thing done. `now` gives seconds."""

    def __init__(self, out: TextIO = sys.stderr, now: Callable[[], float] = time.monotonic):
        self.out, self.now, self.live = out, now, out.isatty()
        self.doing, self.shown = "starting", ""
        self.done = self.total = 0
        self.since, self.at_first = now(), 0  # when this total was heard first, and how many were done then

    def follow(self, line: str) -> None:
        if (rule := _RULE.match(line)) and rule[1] != "all":
            self.doing = _DOING.get(rule[1], rule[1])
            if rule[1] in _OF_A_MEETING:
                return
        elif meeting := _WILDCARDS.match(line):
            self.doing = f"{self.doing} {meeting[1]}"
        elif step := _STEP.search(line):
            self._count(int(step[1]), int(step[2]))
        else:
            return
        self._show()

    def _count(self, done: int, total: int) -> None:
        if total != self.total:  # more is known to be done once the inputs are read
            self.since, self.at_first = self.now(), done
        self.done, self.total = done, total

    def left(self) -> str:
        """How many steps are done and how long the others may take; "" in a short build."""
        took, steps = self.now() - self.since, self.done - self.at_first
        if took < _LONG or not steps:
            return ""
        seconds = took / steps * (self.total - self.done)
        about = f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(1, round(seconds))} s"
        return f"{self.done} of {self.total} steps, about {about} left"

    def _show(self) -> None:
        left = self.left()
        if self.live:
            percent = 100 * self.done // self.total if self.total else 0
            bar = ("█" * (percent // 5)).ljust(20, "·")
            words = f"{self.doing[:40]}  {left}"
            print(f"\r{bar} {percent:3d} %  {words[:74]:74}", end="", file=self.out, flush=True)
        elif self.doing != self.shown:
            self.shown = self.doing
            print(f"  {self.doing}{f' ({left})' if left else ''}", file=self.out, flush=True)

    def end(self) -> None:
        if self.live:
            print("\r" + " " * 104 + "\r", end="", file=self.out, flush=True)


class Times:
    """Where the time of a build went, by rule, as it could be read from the beginnings and ends of its jobs."""

    def __init__(self, now: Callable[[], float] = time.monotonic):
        self.now, self.start = now, now()
        self.rule, self.began = "", {}
        self.took: dict[str, list[float]] = {}  # rule -> seconds of each of its jobs
        self.busy, self.idle_since = 0, self.start  # jobs under way; since when there is none
        self.idle = 0.0

    def follow(self, line: str) -> None:
        if rule := _RULE.match(line):
            self.rule = rule[1]
        elif (job := _JOB.match(line)) and self.rule:
            if not self.busy:
                self.idle += self.now() - self.idle_since
            self.busy += 1
            self.began[job[1]] = self.rule, self.now()
        elif (job := _FINISHED.match(line)) and job[1] in self.began:
            rule, began = self.began.pop(job[1])
            self.took.setdefault(rule, []).append(self.now() - began)
            self.busy -= 1
            self.idle_since = self.now()

    def table(self) -> list[str]:
        """A line a rule, the longest first; jobs run side by side, so their seconds may add up to more than the whole."""
        whole = self.now() - self.start
        idle = self.idle + (0 if self.busy else self.now() - self.idle_since)
        rows = [(rule, len(took), sum(took), max(took)) for rule, took in self.took.items() if rule != "all"]
        rows = sorted(rows, key=lambda row: -row[2])
        lines = [f"{'where the time went':32}{'jobs':>6}{'seconds':>10}{'longest':>10}"]
        lines += [
            f"{_DOING.get(rule, rule).rstrip(':'):32}{jobs:6}{total:10.2f}{longest:10.2f}"
            for rule, jobs, total, longest in rows
        ]
        lines.append(f"{_STARTING:32}{'':6}{idle:10.2f}")
        lines.append(f"{'all, by the clock':32}{'':6}{whole:10.2f}")
        return lines
