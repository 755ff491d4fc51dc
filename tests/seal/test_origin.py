"""Which program sealed: what git knows about it is recorded beside the seal, and verify says first if it is another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from papers.seal.origin import describe_other_program, origin
from papers.seal.provenance import program_digests
from papers.store.program import VERSION, code_digest
from project_tools import Project, copy_project

CODE = "scripts/papers/register/web/register.css"  # a part of the program that changes no paper
OWN_GIT = {  # no settings of the machine, and nobody's name
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}
ASK = "import json, sys; sys.path.insert(0, 'scripts'); from papers.seal.origin import origin; print(json.dumps(origin()))"


def git(project: Project, *arguments: str) -> str:
    environment = {**os.environ, **OWN_GIT}
    done = subprocess.run(
        ["git", *arguments], cwd=project.root, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(project: Project) -> str:
    """Commit everything but outputs; return the commit."""
    git(project, "add", "--all", "--", ":!outputs", ":!.snakemake")
    git(project, "commit", "--quiet", "--message", "x")
    return git(project, "rev-parse", "HEAD")


def origin_of(project: Project, **environment: str) -> dict:
    run = project.run(sys.executable, "-c", ASK, **environment)
    assert run.code == 0, run.err
    return json.loads(run.out)


@pytest.fixture
def copy(tmp_path) -> Project:
    """A copy of the project without git."""
    return copy_project(tmp_path / "copy")


@pytest.fixture
def checkout(copy) -> Project:
    git(copy, "init", "--quiet")
    return copy


def test_version_and_digest_are_those_of_the_code_that_runs():
    assert origin()["version"] == VERSION
    assert origin()["code"] == code_digest()


@pytest.mark.git
def test_the_commit_is_the_last_that_changed_the_program(checkout):
    first = commit(checkout)
    assert origin_of(checkout)["commit"] == first
    checkout.replace("config.yaml", "forum:", "# A comment.\nforum:")
    assert commit(checkout) != first
    assert origin_of(checkout)["commit"] == first
    (checkout.root / CODE).write_text("", encoding="utf-8")
    second = commit(checkout)
    assert origin_of(checkout)["commit"] == second
    assert origin_of(checkout)["modified"] == []


@pytest.mark.git
def test_edited_new_and_deleted_files_of_the_program_are_listed_and_no_others(checkout):
    commit(checkout)
    (checkout.root / CODE).write_text("", encoding="utf-8")
    (checkout.root / "scripts/papers/né w.py").write_text("", encoding="utf-8")
    (checkout.root / "requirements.lock").unlink()
    checkout.replace("config.yaml", "forum:", "# A comment.\nforum:")
    assert origin_of(checkout)["modified"] == ["requirements.lock", "scripts/papers/né w.py", CODE]


@pytest.mark.git
def test_where_git_knows_nothing_of_the_program_no_commit_is_invented(checkout, tmp_path):
    git(checkout, "add", "config.yaml")
    git(checkout, "commit", "--quiet", "--message", "without the program")
    assert (origin_of(checkout)["commit"], origin_of(checkout)["modified"]) == (None, None)
    commit(checkout)
    nothing = tmp_path / "no programs"
    nothing.mkdir()
    assert origin_of(checkout, PATH=str(nothing))["commit"] is None
    shutil.rmtree(checkout.root / ".git")
    assert origin_of(checkout)["commit"] is None


def test_the_same_program_is_not_reported_whatever_its_commit():
    same = {**origin(), "commit": "0" * 40, "modified": ["scripts/read.py"]}
    assert describe_other_program("sent", same, {"program": program_digests()}) == ""
    assert describe_other_program("sent", None, None) == ""


def test_another_program_is_reported_with_what_is_known_of_it():
    other = {"version": "1.0", "code": "ab" * 32, "commit": "cd" * 20, "modified": ["Snakefile"]}
    text = describe_other_program("sent", other, {"program": program_digests()})
    assert text.startswith(
        "sent: found papers of another program, version 1.0 (commit cdcdcdcdcdcd and changes in 1 file, code "
        f"abababababab); expected those of this program, version {VERSION} ("
    )
    older = describe_other_program("sent", None, {"program": {}})
    assert "version unknown (commit unknown, code unknown)" in older


@pytest.mark.parametrize(
    "sealed",
    [{}, {"version": 2, "code": 3, "commit": [], "modified": 4}, {"version": "\x1b[2J", "code": "a b"}],
)
def test_a_record_of_another_form_is_another_program_of_which_nothing_is_known(sealed):
    text = describe_other_program("sent", sealed, {})
    assert "found papers of another program, version unknown (commit unknown, code unknown);" in text


@pytest.mark.git
@pytest.mark.slow
def test_the_seal_is_the_same_at_another_commit_and_verify_says_first_that_the_program_changed(checkout):
    checkout.replace("scripts/papers/store/program.py", f'VERSION = "{VERSION}"', 'VERSION = "of the copy"')
    first = commit(checkout)
    assert checkout.build().code == 0
    outputs = checkout.root / "outputs"
    assert (
        json.loads((outputs / "forums/mini/provenance.json").read_bytes())["version"] == "of the copy"
    )  # not that of the installed project
    sums = (outputs / "SHA256SUMS").read_bytes()
    assert json.loads((outputs / "forums/mini/program.json").read_bytes())["commit"] == first
    shutil.copytree(outputs, checkout.root.parent / "sent")
    shutil.rmtree(checkout.root / ".git")
    shutil.rmtree(outputs)
    assert checkout.build().code == 0
    assert json.loads((outputs / "forums/mini/program.json").read_bytes())["commit"] is None
    assert (outputs / "SHA256SUMS").read_bytes() == sums
    (checkout.root / CODE).write_text("", encoding="utf-8")
    for against in ([], [f"against={checkout.root.parent / 'sent'}"]):
        run = checkout.run(sys.executable, "scripts/forum_papers.py", "verify", *against)
        assert run.code == 1
        assert "/forums/mini: found papers of another program, version " in run.out.splitlines()[0]
        assert (first[:12] in run.out.splitlines()[0]) == bool(against)
