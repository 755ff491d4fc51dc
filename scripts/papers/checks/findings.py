"""The findings of the last build, and the files in outputs/work that hold them.

The rule `check` writes two kinds of file (checks/run.py):

- checked.json: {"papers": number of papers that were checked, "findings": [Finding, ...], "open": {file of
  a paper: its open text, ...}}. The end of a build and `make issue` read it.
- checks/<meeting>.json: {"meeting": code, "findings": [Finding, ...]}. The register reads it.

What the rules are is in rules.json, which the rule `read` writes (checks/rules.py). Every build imports
this module, which therefore uses the standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.problems import count_of
from papers.store.files import DamagedFile, read_json

if TYPE_CHECKING:
    from pathlib import Path

    from papers.inputs.config import Severity

CHECKED, FOLDER = "checked.json", "checks"


@dataclass(frozen=True)
class Finding:
    """One finding in one paper.

    `paper` is its number and `file` its path in outputs/papers; `code` one of the keys of `checks` in
    config.yaml, with hyphens; `place` the lines or cells of the inputs (or paragraphs of the template) that
    hold the text, "" where none is known; `where` the place in the paper.
    """

    paper: str
    file: str
    code: str
    severity: Severity
    place: str
    where: str
    found: str
    expected: str
    todo: str

    def __str__(self) -> str:
        place = self.place or f"outputs/papers/{self.file}"
        found = f"found {self.found} in {self.paper}, {self.where}"
        error = "Error: " if self.severity == "error" else ""
        return f"{error}{place}: {found}; expected {self.expected}. {self.todo}"


def load_findings(work: Path) -> list[Finding]:
    """Return all findings of the last build, errors first, then by meeting and paper; none before the first.

    `work` is outputs/work. Raise DamagedFile if checked.json is not as a build wrote it.
    """
    findings = [Finding(**finding) for finding in _checked(work).get("findings", [])]
    return sorted(findings, key=lambda finding: finding.severity != "error")


def open_texts(work: Path) -> dict[str, list[str]]:
    """Return file of a paper -> its open text, also where config.yaml switches these findings off."""
    return _checked(work).get("open", {})


def _checked(work: Path) -> dict:
    file = work / CHECKED
    if not file.exists():
        return {}
    checked = read_json(file)
    if not {"papers", "findings", "open"} <= checked.keys():
        raise DamagedFile(file)
    return checked


def heading(papers: int, findings: list[Finding]) -> str:
    """Return the line about the checks at the end of a build, without a full stop; `papers` is how many were checked."""
    if not findings:
        return f"Checks: no finding in {count_of(papers, 'paper')}"
    errors = sum(finding.severity == "error" for finding in findings)
    of = f", {count_of(errors, 'error')} among them" if errors else ""
    within = count_of(len({finding.file for finding in findings}), "paper")
    return f"Checks: {count_of(len(findings), 'finding')} in {within}{of}"


def checked_papers(work: Path) -> int:
    """Return how many papers the last build checked."""
    return _checked(work).get("papers", 0)
