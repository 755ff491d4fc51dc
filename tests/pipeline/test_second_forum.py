"""The second shipped forum: one meeting and one paper from public facts, in a project that builds the first one."""

from __future__ import annotations

import pytest
from project_tools import ROOT, Project, copy_project
from word_tools import dump

AGENDA = "2008/CDSG/CD/08_cd_001.docx"


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    project = copy_project(tmp_path_factory.mktemp("second") / "forum", ROOT)
    run = project.build("--config", "forum=cd")
    assert run.code == 0, run.out + run.err
    return project


def test_a_forum_needs_its_code_and_name_and_a_meeting_what_is_known_of_it(project):
    assert set(project.papers()) == {AGENDA}
    text = dump((project.root / "outputs/papers" / AGENDA).read_bytes())
    for words in ("2008/SOM2/CD/001", "7th Chemical Dialogue Meeting", "Arequipa, Peru", "22 May 2008"):
        assert words in text.replace("^", "")
    assert "Agenda Item:" not in text and "The items of this meeting's agenda are not known." in text


def test_nothing_of_the_first_forum_is_read(project):
    papers = (project.root / "outputs/forums/cd/provenance.json").read_text(encoding="utf-8")
    assert "inputs/cd/meetings/CD7.yaml" in papers
    context = (project.root / "outputs/work/cd/contexts/papers.json").read_text(encoding="utf-8")
    assert "smewg" not in context
