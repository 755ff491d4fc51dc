"""What was issued with one version of program and templates is delivered by the next one, byte for byte."""

from __future__ import annotations

import shutil
import sys

import pytest
from project_tools import Project, Run, copy_built, copy_of
from word_tools import dump, edited, paragraph_with, retyped

MINI1, MINI2 = "inputs/mini/meetings/MINI1.yaml", "inputs/mini/meetings/MINI2.yaml"
ISSUED = "inputs/mini/issued"
PLAN, PLAN_FILE = "2019/MINI1/003", "2019/MINI1/19_mini1_003.docx"
SCHEDULE, TERMS = "2019/MINI2/001", "2019/MINI2/002rev1"
UNUSED = '  - item: "5a"\n'  # an item of the agenda, which no paper of the meeting prints
BOTH = "templates/cover.docx and the program"
NEW_LOOK = "Document number: "


pytestmark = pytest.mark.slow  # many whole builds


def record(project: Project, *words: str) -> Run:
    return project.run(sys.executable, "scripts/forum_papers.py", *words, "by=Secretariat", "date=2019-09-01")


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Project:
    """The miniature forum with all its papers issued."""
    project = copy_built(tmp_path_factory.mktemp("issued") / "forum")
    run = record(project, "issue", f"paper={PLAN},{SCHEDULE},{TERMS}")
    assert run.code == 0, run.err
    return project


@pytest.fixture
def project(once, tmp_path) -> Project:
    return copy_of(once, tmp_path / "forum")


@pytest.fixture(scope="module")
def upgrade(once, tmp_path_factory) -> tuple[Project, Run]:
    """The project with a changed template and a changed module, built, and that build."""
    project = copy_of(once, tmp_path_factory.mktemp("upgraded") / "forum")
    change_template(project)
    change_module(project)
    return project, project.build()


@pytest.fixture
def upgraded(upgrade, tmp_path) -> Project:
    return copy_of(upgrade[0], tmp_path / "forum")


def change_template(project: Project) -> None:
    with edited(project.root / "templates", "cover") as cover:
        retyped(paragraph_with(cover, "{{ cover.number }}"), NEW_LOOK + "{{ cover.number }}")


def change_module(project: Project) -> None:
    """Write "28 March to 1 April", and "4 to 5 September", instead of a hyphen on covers."""
    for days in ("{MONTHS[start.month - 1]}-{date(end)}", "{start.day}-{date(end)}"):
        project.replace("scripts/papers/wording/english.py", days, days.replace("}-{", "} to {"))


def change_all_bytes(project: Project) -> None:
    """Let the program write another date into the zip of each paper, without any other text."""
    project.replace("scripts/papers/docx/zip_writer.py", "_DATE, _TIME = 0x21", "_DATE, _TIME = 0x22")


def delivered(project: Project) -> dict[str, bytes]:
    folder = project.root / "outputs/papers"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.docx")}


def archived(project: Project) -> dict[str, bytes]:
    folder = project.root / ISSUED
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.docx")}


def notices(run: Run) -> list[str]:
    """The notices about papers that are delivered as they were issued."""
    lines = (line.strip() for line in run.err.splitlines())
    return sorted(line for line in lines if line.startswith("Note: ") and "differing from" in line)


def notice(place: str, papers: str, first: str, cause: str) -> str:
    return (
        f"Note: {place}: found {papers} differing from what was issued, because {cause} changed; expected"
        " what was issued. There is nothing to do: the issued files are delivered. For a paper with the new look,"
        f' run make revise paper={first} why="...".'
    )


def test_a_changed_template_and_module_stop_nothing_and_what_was_issued_is_delivered(once, upgrade):
    project, run = upgrade
    assert run.code == 0, run.err
    assert delivered(project) == archived(project) == archived(once)
    assert len(delivered(project)) == 3


def test_each_meeting_has_one_notice_with_its_papers_and_what_changed(upgrade):
    assert notices(upgrade[1]) == [
        notice(MINI1, PLAN, PLAN, BOTH),
        notice(MINI2, f"{SCHEDULE}, {TERMS}", SCHEDULE, BOTH),
    ]


def test_the_seal_and_a_rebuild_elsewhere_are_of_the_issued_bytes(upgraded):
    assert upgraded.build().out.startswith("Nothing to be done")
    run = upgraded.run(sys.executable, "scripts/forum_papers.py", "verify")
    assert run.code == 0, run.out + run.err
    sums = (upgraded.root / "outputs/SHA256SUMS").read_text(encoding="utf-8")
    assert f"{upgraded.papers()[PLAN_FILE]}  papers/{PLAN_FILE}" in sums


def test_after_an_upgrade_the_papers_are_issued_already_and_can_be_frozen(upgraded):
    run = record(upgraded, "issue", "meeting=MINI1")
    assert run.code == 0 and f"{PLAN} was issued on 2019-09-01 already, as it is now" in run.out
    assert record(upgraded, "freeze", "meeting=MINI1").code == 0


def test_a_revision_has_the_new_look_and_the_other_papers_stay_as_issued(upgraded):
    before = archived(upgraded)
    run = record(upgraded, "revise", f"paper={PLAN},{SCHEDULE}", "why=the new look")
    assert run.code == 0, run.err
    run = upgraded.build()
    assert run.code == 0, run.err
    papers = delivered(upgraded)
    plan = dump(papers[PLAN_FILE.replace("003", "003rev1")])
    assert NEW_LOOK in plan and "28 March to 1 April 2019" in plan
    assert NEW_LOOK in dump(papers["2019/MINI2/19_mini2_001rev1.docx"])
    terms = "2019/MINI2/19_mini2_002rev1.docx"
    assert papers[terms] == before[terms], "the file of its meeting changed, but not its entry there"
    assert notices(run) == [notice(MINI2, TERMS, TERMS, BOTH)]


def test_a_program_that_writes_other_bytes_is_named_where_no_template_changed(project):
    change_all_bytes(project)
    run = project.build()
    assert run.code == 0, run.err
    assert delivered(project) == archived(project)
    assert notices(run) == [
        notice(MINI1, PLAN, PLAN, "the program"),
        notice(MINI2, f"{SCHEDULE}, {TERMS}", SCHEDULE, "the program"),
    ]


def test_an_input_that_changes_the_paper_stops_its_meeting_although_a_template_changed_too(project):
    change_template(project)
    project.replace(MINI1, "purpose: Information", "purpose: Consideration")
    run = project.build()
    assert run.code == 1
    assert run.problems == [
        f"{MINI1}: found {PLAN} differing from what was issued on 2019-09-01, because {MINI1} changed; "
        f'expected the paper as it was issued. Undo the change, or run make revise paper={PLAN} why="...".'
    ]
    assert delivered(project) == archived(project)


def test_an_input_that_changes_nothing_in_the_paper_stops_nothing_when_a_template_changed(project):
    change_template(project)
    project.replace(MINI1, UNUSED, f"{UNUSED}    title: Any other business\n")
    run = project.build()
    assert run.code == 0, run.err
    assert delivered(project) == archived(project)
    assert notices(run)[0] == notice(MINI1, PLAN, PLAN, "templates/cover.docx")


def test_a_later_change_of_an_input_stops_a_paper_with_another_text_as_in_a_build_from_nothing(upgraded):
    economies = "inputs/apec/economies.yaml"
    with (upgraded.root / economies).open("a", encoding="utf-8") as file:
        file.write("# checked\n")
    run = upgraded.build()
    assert run.code == 1 and f"because {economies} or the program changed" in run.problems[0]
    shutil.rmtree(upgraded.root / "outputs/work")
    shutil.rmtree(upgraded.root / ".snakemake")
    assert upgraded.build().problems == run.problems
    assert delivered(upgraded) == archived(upgraded)
