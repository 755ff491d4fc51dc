"""What a check found in a file that somebody sent, and the text of it that can be mailed back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from papers.problems import Problem, Problems, count_of

if TYPE_CHECKING:
    from pathlib import Path

    from papers.intake_check.recognise import Belongs


@dataclass
class Result:
    """The check of one file.

    `problems` are those of the file: they are named by its own name, not by that of the input that it would be.
    `settle` has what is to be settled or known before a paper is issued, and `notices` what was read in another
    spelling. `elsewhere` are problems of other inputs, those that the file would bring and those that kept a part of
    the check from being done; with `advice`, they are for the officer alone.
    """

    path: Path
    belongs: Belongs | None = None
    problems: Problems = field(default_factory=Problems)
    settle: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)

    @property
    def is_accepted(self) -> bool:
        """Whether the file may go into the inputs as it is."""
        return bool(self.belongs) and not (self.problems or self.elsewhere)

    def renamed(self, problem: Problem) -> Problem:
        """Return a problem under the name of the file that was sent."""
        return replace(problem, place=replace(problem.place, file=self.path.name))

    def text(self) -> str:
        """Return the text to mail back."""
        what = f": {self.belongs.what}" if self.belongs else ""
        found = self.problems.lines()
        lines = [f"{self.path.name}{what}", *([] if found else ["", "No problem was found in it."])]
        lines += _section(f"{count_of(len(found), 'problem')} to correct:", found)
        lines += _section("To settle, or to know:", self.settle)
        lines += _section("Read as it was meant:", self.notices)
        return "\n".join(lines) + "\n"

    def for_officer(self) -> str:
        """Return what only the officer needs to know, "" where there is nothing."""
        lines = _section("Problems of other inputs with this file, to correct first:", self.elsewhere)
        lines += ["Not accepted: correct these inputs, then check the file again."] if self.elsewhere else []
        return "".join(f"{line}\n" for line in [*lines, *self.advice])


def _section(heading: str, lines: list[str]) -> list[str]:
    return ["", heading, *(f"{at:>4}. {line}" for at, line in enumerate(lines, 1))] if lines else []
