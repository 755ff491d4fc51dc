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

MOST_LINES = 10  # at the end of a build
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
        return f"{place}: {found}; expected {self.expected}. {self.todo}"


def load_findings(work: Path) -> list[Finding]:
    """Return all findings of the last build, by meeting and paper; none before the first.

    `work` is outputs/work. Raise DamagedFile if checked.json is not as a build wrote it.
    """
    return [Finding(**finding) for finding in _checked(work).get("findings", [])]


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


def summary(work: Path) -> tuple[list[str], bool]:
    """Return the lines about the checks at the end of a build, and whether one of the findings is an error."""
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
        lines.append(f"  {len(findings) - MOST_LINES} more are in {(work / FOLDER).as_posix()}/.")
    return lines, bool(errors)
