"""The shipped organisation, as tests of single modules need it: its document numbers and its project numbers."""

from __future__ import annotations

from pathlib import Path

from papers.inputs.organisation import Organisation, read_organisation
from papers.problems import Place, Problems
from project_tools import ROOT


def organisation(name: str = "apec", root: Path = ROOT) -> Organisation:
    """Return an organisation whose file has no problem."""
    problems = Problems()
    found = read_organisation(root, name, problems, Place("config.yaml"))
    assert found, problems.lines()
    return found


APEC = organisation()
GRAMMAR, PROJECTS = APEC.grammar, APEC.projects
