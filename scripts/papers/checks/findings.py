"""What the checks found in the finished papers, for everyone who tells it: the build, make issue, the index.

Standard library only: every build reads this.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.problems import count_of

if TYPE_CHECKING:
    from pathlib import Path

MOST_LINES = 10  # that the end of a build shows
CHECKED, FOLDER = "checked.json", "checks"


@dataclass(frozen=True)
class Finding:
    """One finding in one paper.

    `file` is the paper's, below outputs/papers; `code` one of the keys of `checks` in config.yaml, with hyphens; `severity`
    warning or error; `place` the line or cell of the inputs (or the paragraph of the template) that the text comes from,
    "" where none is known; `where` the place in the paper.
    """

    paper: str
    file: str
    code: str
    severity: str
    place: str
    where: str
    found: str
    expected: str
    todo: str

    def __str__(self) -> str:
        home = self.place or f"outputs/papers/{self.file}"
        return (
            f"{home}: found {self.found} in {self.paper}, {self.where}; expected {self.expected}. {self.todo}"
        )


def load_findings(work: Path) -> list[Finding]:
    """All findings of the last build, in order of meeting and paper; none before the first. `work` is outputs/work."""
    return [Finding(**finding) for finding in _checked(work).get("findings", [])]


def open_texts(work: Path) -> dict[str, list[str]]:
    """File of a paper -> what in it is not finished, whatever config.yaml says of such findings."""
    return _checked(work).get("open", {})


def _checked(work: Path) -> dict:
    file = work / CHECKED
    return json.loads(file.read_bytes()) if file.exists() else {}


def summary(work: Path) -> tuple[list[str], bool]:
    """The lines that sum up the checks at the end of a build, and whether one of the findings is an error."""
    checked = _checked(work)
    if not checked.get("papers"):
        return [], False
    findings = sorted(load_findings(work), key=lambda finding: finding.severity != "error")
    papers = count_of(checked["papers"], "paper")
    if not findings:
        return [f"Checks: no finding in {papers}."], False
    errors = sum(finding.severity == "error" for finding in findings)
    of = f", {count_of(errors, 'error')} among them" if errors else ""
    within = count_of(len({finding.file for finding in findings}), "paper")
    lines = [f"Checks: {count_of(len(findings), 'finding')} in {within}{of}:"]
    lines += [f"  {'Error: ' if f.severity == 'error' else ''}{f}" for f in findings[:MOST_LINES]]
    if len(findings) > MOST_LINES:
        lines.append(f"  {len(findings) - MOST_LINES} more stand in {(work / FOLDER).as_posix()}/.")
    return lines, bool(errors)
