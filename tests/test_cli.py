"""The command line: verbs and keys are checked before anything starts, each problem in one line."""

from __future__ import annotations

import os
import shutil
import sys

import pytest
from papers import cli
from papers.problems import Problems
from project_tools import ROOT


def parse(verb: str, *words: str) -> tuple[dict[str, str], list[str]]:
    problems = Problems()
    return cli.parse_options(verb, list(words), problems), problems.lines()


@pytest.fixture
def same_folder():
    """Return to the current folder, as the command changes to the project's."""
    folder = os.getcwd()
    yield
    os.chdir(folder)


def test_values_are_stripped_and_empty_ones_count_as_not_given():
    options, problems = parse("issue", "meeting= MINI1 ", "paper=", "date=20190801", "why=two  weeks\nbefore")
    assert not problems
    assert options == {"meeting": "MINI1", "date": "2019-08-01", "why": "two weeks before"}


@pytest.mark.parametrize(
    ("verb", "words", "message"),
    [
        ("issue", ["meetin=MINI1"], 'found "meetin"; expected one of meeting, paper,'),
        ("issue", ["MINI1"], 'found "MINI1"; expected one of meeting, paper,'),
        ("issue", [], "found make issue without meeting=... or paper=...; expected meeting=... or paper=..."),
        ("clean", ["all=yes"], 'found "all"; expected no option. Write make clean.'),
        ("package", ["meeting=MINI1", "since=May"], 'found since="May"; expected a date such as 2018-08-29.'),
        ("issue", ["meeting=MINI1", "correction=C1"], 'found correction="C1"; expected yes or no.'),
        (
            "issue",
            ["meeting=MINI1", "correction=yes"],
            "found correction=yes without why=...; expected a reason.",
        ),
        ("issue", ["meeting=MINI1", "by==1+1"], 'found by="=1+1"; expected words that do not begin with'),
        ("trace", ["figure=2"], "found figure= without paper=; expected both of them."),
    ],
)
def test_a_call_that_can_not_run_is_reported_with_what_to_write(verb, words, message):
    _, problems = parse(verb, *words)
    assert any(problem.startswith(f"command: {message}") for problem in problems), problems


def test_a_misspelt_verb_starts_nothing(capsys):
    assert cli.main(["isue", "meeting=MINI1"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Nothing was done. Please fix:"
    assert lines[1].startswith('  command: found "isue"; expected one of') and 'mean "issue"?' in lines[1]


def test_a_verb_runs_in_the_folder_of_the_project_and_finds_paths_of_the_caller(
    tmp_path, monkeypatch, same_folder, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sent").mkdir()
    assert cli.main(["verify", "against=sent"]) == 1
    assert os.getcwd() == str(ROOT)
    assert f"{tmp_path}/sent/SHA256SUMS: found no such file" in capsys.readouterr().err


def test_a_module_that_stays_cut_short_is_reported_after_one_more_try(tmp_path, monkeypatch, capsys):
    """The compiled modules below the script's folder are removed in between; the disk may still be full."""
    shutil.copy(ROOT / "scripts/forum_papers.py", tmp_path)
    (tmp_path / "papers/__pycache__").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "")
    monkeypatch.delitem(sys.modules, "forum_papers", raising=False)
    import forum_papers  # noqa: PLC0415 -- the copy

    calls = []

    def fail(arguments: list[str]) -> int:
        calls.append((arguments, (tmp_path / "papers/__pycache__").exists()))
        raise EOFError("marshal data too short")

    monkeypatch.setattr(forum_papers, "run_command", fail)
    assert forum_papers.main(["build"]) == 1
    assert calls == [(["build"], True), (["build"], False)]
    assert capsys.readouterr().err.startswith(
        "This computer: found a compiled Python module that is cut short"
    )
    monkeypatch.delitem(sys.modules, "forum_papers")
