"""Snakemake's own report: why it was not written is printed."""

from __future__ import annotations

import sys

import pytest
from papers.build import make, snakemake


@pytest.fixture
def fake_snakemake(tmp_path, monkeypatch):
    """Return a function that lets a script take the place of Snakemake, in a folder without papers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(make, "run", lambda arguments: 0)

    def replace(script: str) -> None:
        monkeypatch.setattr(snakemake, "_SNAKEMAKE", (sys.executable, "-c", script))

    return replace


def test_a_report_that_snakemake_could_not_write_comes_with_its_reason(fake_snakemake, capsys):
    lines = ("Missing metadata for file x.", "WorkflowError:", "Python package pygments must be installed.")
    fake_snakemake(f"print(*{lines!r}, sep='\\n'); raise SystemExit(1)")
    assert snakemake.run("report", {}) == 1
    assert capsys.readouterr().err.splitlines() == [
        "outputs/report.html: found that Snakemake could not write it; it says:",
        *lines[1:],
    ]


def test_a_report_that_was_written_is_named(fake_snakemake, capsys):
    fake_snakemake("")
    assert snakemake.run("report", {}) == 0
    assert capsys.readouterr().out.startswith("outputs/report.html shows")


def test_after_a_failed_build_there_is_no_report(fake_snakemake, monkeypatch, capsys):
    fake_snakemake("print('called')")
    monkeypatch.setattr(make, "run", lambda arguments: 1)
    assert snakemake.run("report", {}) == 1
    assert capsys.readouterr().out == ""
