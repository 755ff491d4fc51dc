"""A test finds only those programs that its marks name, on a machine that has all of them too."""

from __future__ import annotations

import shutil

import pytest
from system_tools import TOOLS


def found(mark: str) -> list[str]:
    return [program for program in TOOLS[mark][1] if shutil.which(program)]


def test_a_test_without_a_mark_finds_no_program_that_a_machine_may_lack():
    assert {mark: found(mark) for mark in TOOLS} == {mark: [] for mark in TOOLS}
    assert not [program for program in ("git", "node", "npm") if shutil.which(program)]


@pytest.mark.poppler
def test_a_test_with_a_mark_finds_its_programs_and_no_other():
    assert "pdftotext" in found("poppler") and not found("libreoffice")
