"""Two branches of a git repository that both recorded events, merged with the commands of docs/officer.md."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from ledger_tools import END, FOLDER, LEDGER, event, read, write
from papers.ledger.append import append
from project_tools import ROOT, Project, copy_built

OURS, THEIRS = "2019/MINI1/003", "2019/MINI2/001"
NAMES = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@b",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@b",
}


def git(project: Project, *words: str, code: int = 0) -> str:
    nowhere = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_EDITOR": "true"}
    run = project.run("git", *words, **NAMES, **nowhere)
    assert run.code == code, run.out + run.err
    return run.out


def issue(project: Project, paper: str, day: str, by: str) -> None:
    words = ("issue", f"paper={paper}", f"date={day}", f"by={by}")
    run = project.run(sys.executable, "scripts/forum_papers.py", *words)
    assert run.code == 0, run.err


def commit_all(project: Project, words: str) -> None:
    git(project, "add", "inputs")
    git(project, "commit", "-q", "-m", words)


@pytest.fixture(scope="module")
def merged(tmp_path_factory) -> Project:
    """The miniature forum, one paper issued on each of two branches, while their merge is open."""
    project = copy_built(tmp_path_factory.mktemp("merged") / "forum")
    (project.root / ".gitignore").write_text(
        (ROOT / ".gitignore").read_text(encoding="utf-8"), encoding="utf-8"
    )
    git(project, "init", "-q", "-b", "ours")
    commit_all(project, "inputs")
    git(project, "checkout", "-q", "-b", "theirs")
    issue(project, THEIRS, "2019-08-21", "The other office")
    commit_all(project, "theirs")
    git(project, "checkout", "-q", "ours")
    issue(project, OURS, "2019-08-20", "APEC Secretariat")
    commit_all(project, "ours")
    git(project, "merge", "theirs", code=1)
    return project


def documented() -> list[list[str]]:
    """Return the commands of docs/officer.md, of the miniature forum."""
    text = (ROOT / "docs/officer.md").read_text(encoding="utf-8")
    section = text.partition("## When two branches recorded events")[2].partition("\n## ")[0]
    block = re.search(r"```\n(.*?)```", section, re.DOTALL)[1]
    return [shlex.split(line) for line in block.replace("smewg", "mini").splitlines()]


@pytest.mark.git
def test_the_documented_commands_join_what_two_branches_issued(merged):
    (problem,) = merged.build().problems
    assert problem.startswith(f"{LEDGER}, line 2: found the marks of a git merge")
    assert f"git restore --source=HEAD --staged --worktree {FOLDER}." in problem
    circulated = git(merged, "show", f"theirs:{FOLDER}/2019/MINI2/19_mini2_001.sources")
    for command in documented():
        if command[0] == "make":
            issue(merged, THEIRS, "2019-08-21", "The other office")
            continue
        printed = git(merged, *command[1:])
        if "--diff-filter=M" in command:
            assert {*printed.split()} == {LEDGER, END}
    assert merged.build().code == 0
    rows, problems = read(merged.root)
    assert not problems
    assert [(row.number, row.date, row.by) for row in rows] == [
        (OURS, "2019-08-20", "APEC Secretariat"),
        (THEIRS, "2019-08-21", "The other office"),
    ]
    assert (merged.root / FOLDER / "2019/MINI2/19_mini2_001.sources").read_text(
        encoding="utf-8"
    ) == circulated
    assert git(merged, "status", "--porcelain", "inputs") == ""
    assert len(git(merged, "log", "-1", "--format=%P").split()) == 2  # a merge


@pytest.fixture
def root(tmp_path) -> Path:
    """A ledger to which two branches added an event each, with the lines of both."""
    (before,) = write(tmp_path, event("numbered", OURS))
    path = tmp_path / LEDGER
    text = path.read_text(encoding="utf-8")
    append(tmp_path / FOLDER, [event("issued", THEIRS), event("issued", "2019/MINI2/002")], before)
    theirs = path.read_text(encoding="utf-8").removeprefix(text)
    path.write_text(text, encoding="utf-8")
    append(tmp_path / FOLDER, [event("issued", OURS)], before)
    with path.open("a", encoding="utf-8") as ledger:
        ledger.write(theirs)
    return tmp_path


def test_lines_of_both_branches_one_after_the_other_are_one_problem_that_explains_it(root):
    (problem,) = read(root)[1]
    assert (problem.kind, problem.place.line) == ("merged", 4)
    assert "found a second event 2, as two branches recorded events" in str(problem)
    assert "When two branches recorded events" in problem.todo and "git restore --source=HEAD" in problem.todo


@pytest.mark.parametrize(("file", "line"), [(LEDGER, 2), (END, 0)])
def test_the_marks_of_a_merge_are_one_problem(root, file, line):
    path = root / file
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    marked = "\n".join([first, "<<<<<<< HEAD", *rest, "=======", ">>>>>>> theirs", ""])
    path.write_text(marked if line else marked.partition("\n")[2], encoding="utf-8")
    (problem,) = read(root)[1]
    assert (problem.kind, problem.place.file, problem.place.line) == ("merged", LEDGER, line)
