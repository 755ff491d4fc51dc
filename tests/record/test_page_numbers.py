"""What `issue`, `package` and `pdf` do about tables of contents without page numbers."""

from __future__ import annotations

import os
import sys

import pytest
from contents_tools import add_contents, is_dirty, numbered
from project_tools import Project, Run, copy_built, copy_of

PLAN, TERMS = "2019/MINI1/003", "2019/MINI2/002rev1"
FILES = {PLAN: "2019/MINI1/19_mini1_003.docx", TERMS: "2019/MINI2/19_mini2_002rev1.docx"}
WITHOUT = {"SOFFICE": "no-such-office"}
ISSUE_PLAN = "issue", f"paper={PLAN}", "date=2019-08-30", "by=Secretariat"


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Project:
    """The miniature forum, built, with a blank table of contents in a paper of each meeting."""
    project = copy_built(tmp_path_factory.mktemp("blank") / "forum papers")
    add_contents(project, "strategic-plan", "terms-of-reference")
    run = project.build()
    assert run.code == 0 and run.err.count("Run make paginate") == 2, run.err
    return project


@pytest.fixture
def project(once, tmp_path) -> Project:
    return copy_of(once, tmp_path / "forum papers")


def verb(project: Project, *words: str, **environment: str) -> Run:
    return project.run(sys.executable, "scripts/forum_papers.py", *words, **environment)


def pages(project: Project) -> dict[str, bytes]:
    """The files of page numbers among the inputs."""
    files = (project.root / "inputs/mini/pages").glob("*")
    return {file.name: file.read_bytes() for file in files}


def with_numbers(project: Project) -> list[str]:
    return [number for number, file in FILES.items() if numbered(project, file)]


def paper(project: Project, number: str) -> bytes:
    return (project.root / "outputs/papers" / FILES[number]).read_bytes()


@pytest.mark.libreoffice
def test_issue_finds_the_page_numbers_of_what_it_issues_and_of_no_other_paper(project):
    before = paper(project, TERMS)
    run = verb(project, *ISSUE_PLAN)
    assert run.code == 0, run.out + run.err
    assert with_numbers(project) == [PLAN] and [*pages(project)] == ["2019_MINI1_003.yaml"]
    assert paper(project, TERMS) == before and is_dirty(before)
    archived = project.root / "inputs/mini/issued" / FILES[PLAN]
    assert archived.read_bytes() == paper(project, PLAN)
    verified = verb(project, "verify")
    assert verified.code == 0, verified.out + verified.err


@pytest.mark.libreoffice
def test_package_finds_those_of_its_meeting(project):
    run = verb(project, "package", "meeting=MINI2", "date=2019-08-30", "by=Secretariat")
    assert run.code == 0, run.out + run.err
    assert with_numbers(project) == [TERMS] and [*pages(project)] == ["2019_MINI2_002rev1.yaml"]


@pytest.mark.libreoffice
def test_pdf_finds_those_of_all_papers_once(project):
    run = project.build("all", "pdfs")
    assert run.code == 0, run.out + run.err
    assert with_numbers(project) == [PLAN, TERMS] and "Run make" not in run.err
    found = pages(project)
    assert len(found) == 2
    assert project.build("all", "pdfs").out.startswith("Nothing to be done") and pages(project) == found


@pytest.mark.libreoffice
def test_a_paper_that_was_issued_with_a_blank_table_keeps_its_bytes(project):
    assert verb(project, *ISSUE_PLAN, "why=Nobody has LibreOffice here", **WITHOUT).code == 0
    before = paper(project, PLAN)
    assert project.build("all", "pdfs").code == 0
    assert with_numbers(project) == [TERMS] and paper(project, PLAN) == before


@pytest.mark.parametrize("office", ["none", "broken"])
def test_without_libreoffice_a_paper_with_a_blank_table_is_issued_for_a_reason_only(
    project, tmp_path, office
):
    environment = WITHOUT if office == "none" else {"SOFFICE": broken_office(tmp_path)}
    run = verb(project, *ISSUE_PLAN, **environment)
    assert run.code == 1 and len(run.problems) == 2
    not_found, refused = run.problems
    assert not_found.startswith(f"Page numbers for the table of contents of {PLAN} were not found. ")
    assert f"found {PLAN} with a table of contents without page numbers" in refused and "why=" in refused
    run = verb(project, *ISSUE_PLAN, "why=The contents list is filled by hand", **environment)
    assert run.code == 0 and is_dirty(paper(project, PLAN)) and pages(project) == {}
    build = project.build()
    assert build.code == 0 and PLAN not in build.err


def broken_office(folder) -> str:
    """A program in place of LibreOffice that fails."""
    place = folder / ("office.cmd" if os.name == "nt" else "office")
    place.write_text("exit 3\n" if os.name == "nt" else "#!/bin/sh\nexit 3\n", encoding="utf-8")
    place.chmod(0o755)
    return str(place)


def test_without_libreoffice_a_package_is_made_and_a_line_says_what_is_missing(project):
    run = verb(project, "package", "meeting=MINI2", "date=2019-08-30", "by=Secretariat", **WITHOUT)
    assert run.code == 0 and run.err.count(f"contents of {TERMS} were not found.") == 1
    assert (project.root / "outputs/packages/MINI2-delegates.zip").is_file()
