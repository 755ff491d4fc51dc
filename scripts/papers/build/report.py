"""What a build reported: the entries of its jobs' logs (see papers.job), and the lines that Snakemake printed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from papers.build.diagnose import explain_failure, explain_refusal
from papers.job import DAMAGED, FAILURE, PROBLEM

_NOTHING = "Nothing to be done"
_DAMAGED = "found a damaged file"  # as store.files.DamagedFile words it, where Snakemake itself met it


@dataclass
class BuildReport:
    """The end of a run of Snakemake: its exit code, the lines it printed, the entries of its jobs' logs."""

    code: int
    lines: list[str]
    logs: dict[str, list[dict[str, Any]]]
    earlier: BuildReport | None = field(default=None, repr=False)

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The entries of all logs, each once: several meetings may report the same file."""
        entries = (entry for log in self.logs.values() for entry in log)
        return list({json.dumps(entry, sort_keys=True): entry for entry in entries}.values())

    @property
    def failed(self) -> bool:
        return self.code != 0

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        own = any(line.startswith(_NOTHING) for line in self.lines)
        return own and (self.earlier is None or self.earlier.idle)

    @property
    def problems(self) -> list[str]:
        """What the user has to fix: what jobs reported, or else what the system refused; [] if that is unknown."""
        if problems := self._texts(PROBLEM):
            return problems
        failures = self._texts(FAILURE)
        return explain_failure([*failures, *self.lines]) or ([] if failures else explain_refusal(self.lines))

    @property
    def may_be_damaged(self) -> bool:
        """Whether building everything from the inputs may help: a file is damaged, or a job failed for no known cause.

        What Snakemake itself refuses, such as an unknown target, is no reason.
        """
        damaged = any(entry.get("kind") == DAMAGED for entry in self.entries)
        failed = bool(self._texts(FAILURE)) and not self.problems
        return damaged or failed or any(_DAMAGED in line for line in self.lines)

    @property
    def last_words(self) -> list[str]:
        """The last lines of a failure without a known cause."""
        failures = [line for text in self._texts(FAILURE) for line in text.splitlines()]
        lines = [line for line in failures if line and not line.startswith((" ", "Traceback"))]
        return (lines or self.lines)[-3:]

    def _texts(self, type_: str) -> list[str]:
        return [entry["text"] for entry in self.entries if entry["type"] == type_]
