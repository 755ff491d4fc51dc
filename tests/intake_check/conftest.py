"""A forum into which files come, and the verb check as an officer runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from forum_tools import Forum
from papers.intake_check import commands


@dataclass(frozen=True)
class Checked:
    """What the verb printed and returned."""

    code: int
    out: str
    err: str

    @property
    def cells(self) -> list[str]:
        """The cells of the listed problems, in their order."""
        listed = self.out.partition("to correct:")[2].partition("\n\n")[0]
        return [
            line.partition("cell ")[2].partition(":")[0] for line in listed.splitlines() if "cell " in line
        ]


@dataclass(frozen=True)
class Desk:
    """The folder into which mail is saved, and the forum."""

    forum: Forum
    mail: Path
    capsys: pytest.CaptureFixture

    def check(self, *files: Path, **options: str) -> Checked:
        code = commands.run("check", {"files": "\n".join(map(str, files)), **options})
        return Checked(code, *self.capsys.readouterr())


@pytest.fixture
def desk(forum, tmp_path, monkeypatch, capsys) -> Desk:
    monkeypatch.chdir(forum.root)
    (tmp_path / "mail").mkdir()
    return Desk(forum, tmp_path / "mail", capsys)
