"""The digest of the program changes with its code, and with nothing else."""

from __future__ import annotations

import shutil

import pytest
from papers.store.program import SCRIPTS, code_digest, digest_of_code
from project_tools import ROOT


@pytest.fixture
def scripts(tmp_path):
    """A copy of the program."""
    ignored = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=ignored)


def test_it_is_of_the_program_that_runs_wherever_that_is(scripts):
    assert SCRIPTS == ROOT / "scripts"
    assert code_digest() == digest_of_code(scripts)


@pytest.mark.parametrize(
    "file",
    ["fill.py", "papers/docx/fill.py", "papers/wording/kinds/agenda.py", "papers/register/web/register.css"],
)
def test_an_edited_file_changes_it(scripts, file):
    with (scripts / file).open("a", encoding="utf-8") as opened:
        opened.write("\n")
    assert digest_of_code(scripts) != code_digest()


def test_a_new_a_deleted_and_a_renamed_file_change_it(scripts):
    (scripts / "new.py").write_bytes(b"")
    one = digest_of_code(scripts)
    (scripts / "new.py").rename(scripts / "renamed.py")
    assert len({one, digest_of_code(scripts), code_digest()}) == 3


def test_compiled_modules_hidden_files_and_times_do_not(scripts):
    (scripts / "papers/__pycache__").mkdir()
    (scripts / "papers/__pycache__/cli.cpython-311.pyc").write_bytes(b"compiled")
    (scripts / "papers/.cli.py.swp").write_bytes(b"of an editor")
    (scripts / "papers/cli.py").touch()
    assert digest_of_code(scripts) == code_digest()
