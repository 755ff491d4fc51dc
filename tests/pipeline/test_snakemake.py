"""The pipeline as users of Snakemake know it: what plain `snakemake` shows, makes, restores and deletes."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from project_tools import ROOT, Project, Run, copy_of, copy_project
from word_tools import png

PAGES = ("outputs/forums/mini/index.html", "outputs/index.html")
PAPER, EDITED = "outputs/papers/2019/MINI1/19_mini1_003.docx", "outputs/papers/2019/MINI2/19_mini2_001.docx"


def snakemake(project: Project, *arguments: str) -> Run:
    return project.run(sys.executable, "-m", "snakemake", *arguments)


def steps(run: Run) -> list[str]:
    """The rules that ran, or would run, without `all`."""
    assert run.code == 0, run.err
    lines = (line.strip() for line in (run.out + run.err).splitlines())
    heads = [
        line for line in lines if line.startswith(("rule ", "localrule ", "checkpoint ", "localcheckpoint "))
    ]
    named = [line.split()[1].rstrip(":") for line in heads]
    restored = ["restore"] * ("Deliver again what is not as it was delivered" in run.out + run.err)
    return [name for name in named if name != "all"] + restored


def files(project: Project) -> dict[str, tuple[int, bytes]]:
    """Every file but Snakemake's own: its modification time and content."""
    found = (path for path in project.root.rglob("*") if path.is_file())
    return {
        path.relative_to(project.root).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in found
        if ".snakemake" not in path.parts and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Project:
    """The miniature forum, built with plain snakemake."""
    project = copy_project(tmp_path_factory.mktemp("snakemake") / "a forum")
    run = snakemake(project)
    assert run.code == 0, run.err
    return project


@pytest.fixture
def project(built, tmp_path) -> Project:
    """A copy that a test may change."""
    return copy_of(built, tmp_path / "forum")


def damage(project: Project) -> None:
    """Lose a paper; edit another one, the register's page and that of all forums."""
    (project.root / PAPER).unlink()
    for name in (EDITED, *PAGES):
        with (project.root / name).open("ab") as file:
            file.write(b"an edit")


def test_plain_snakemake_delivers_and_then_has_nothing_to_do(built):
    assert len(built.papers()) == 3
    assert all((built.root / name).is_file() for name in ("outputs/SHA256SUMS", *PAGES))
    assert "Nothing to be done" in snakemake(built).err


@pytest.mark.parametrize(
    "words",
    [
        ("-n",),
        ("--delete-all-output", "-n"),
        *(
            pytest.param((word,), marks=pytest.mark.slow)
            for word in ("--lint", "--dag", "--summary", "--list")
        ),
    ],
)
def test_looking_writes_nothing_although_papers_were_lost_and_edited(project, words):
    damage(project)
    before = files(project)
    assert snakemake(project, *words).code == 0
    assert files(project) == before


def test_a_dry_run_names_what_was_lost_and_edited_and_the_next_run_handles_it(project):
    papers = project.papers()
    pages = {name: (project.root / name).read_bytes() for name in PAGES}
    damage(project)
    run = snakemake(project, "-n")
    assert steps(run) == ["restore"]
    for name, how in {PAPER: "lost", **dict.fromkeys((EDITED, *PAGES), "edited")}.items():
        assert f"{name} was {how}" in run.out + run.err
    assert steps(snakemake(project)) == ["restore"]
    copy = "2019/MINI2/19_mini2_001 (edited copy 1).docx"
    assert {name: sha for name, sha in project.papers().items() if name != copy} == papers
    assert (project.root / "outputs/papers" / copy).read_bytes().endswith(b"an edit")
    for name, page in pages.items():
        assert (project.root / name).read_bytes() == page
        kept = (project.root / name).with_name("index (edited copy 1).html")
        assert kept.read_bytes() == page + b"an edit"
    assert "Nothing to be done" in snakemake(project).err


def test_the_summary_knows_every_paper(built):
    summary = snakemake(built, "--summary", "every_file").out
    assert all(f"outputs/papers/{name}\t" in summary for name in built.papers())


def test_a_paper_is_made_alone_by_its_path(project):
    papers = project.papers()
    for name in (PAPER, EDITED):
        (project.root / name).unlink()
    assert steps(snakemake(project, PAPER)) == ["paper"]
    assert project.papers() == {
        name: sha for name, sha in papers.items() if f"outputs/papers/{name}" != EDITED
    }


@pytest.mark.parametrize(("name", "rule"), [(PAGES[0], "page"), (PAGES[1], "overview")])
def test_a_page_is_made_alone_by_its_path(project, name, rule):
    page = (project.root / name).read_bytes()
    (project.root / name).unlink()
    (project.root / PAPER).unlink()
    assert steps(snakemake(project, name)) == [rule]
    assert (project.root / name).read_bytes() == page and not (project.root / PAPER).exists()


def test_snakemake_asks_for_waiting_jobs_only_when_a_job_ends(project):
    run = snakemake(project, "--verbose", "--cores", "1", "--forceall")
    asked = (run.out + run.err).count("Resources before job selection")
    assert 0 < asked <= 2 * len(steps(run))


@pytest.mark.slow
def test_the_first_paper_of_a_fresh_copy_is_made_without_the_others(tmp_path):
    project = copy_project(tmp_path / "forum")
    assert set(steps(snakemake(project, PAPER))) == {"read", "prepare", "fill", "paper"}
    assert [f"outputs/papers/{name}" for name in project.papers()] == [PAPER]


def test_a_path_of_no_paper_is_refused_in_one_sentence(built):
    run = snakemake(built, "outputs/papers/2019/MINI1/typo.docx")
    assert run.code == 1
    assert "outputs/papers/2019/MINI1/typo.docx: found no such paper; expected a file of a paper" in run.err


@pytest.mark.slow
def test_delete_all_output_takes_away_what_was_made_and_nothing_that_was_edited(project):
    papers = project.papers()
    with (project.root / EDITED).open("ab") as file:
        file.write(b"an edit")
    assert snakemake(project, "--delete-all-output", "every_file").code == 0
    assert [f"outputs/papers/{name}" for name in project.papers()] == [EDITED]
    assert not any(
        (project.root / "outputs" / name).exists()
        for name in (
            "index.html",
            "forums/mini/index.html",
            "SHA256SUMS",
            "forums/mini/SEAL.txt",
            "forums/mini/SHA256SUMS.views",
        )
    )
    assert snakemake(project).code == 0
    copy = "2019/MINI2/19_mini2_001 (edited copy 1).docx"
    assert {name: sha for name, sha in project.papers().items() if name != copy} == papers
    assert (project.root / "outputs/papers" / copy).read_bytes().endswith(b"an edit")


@pytest.mark.slow
def test_settings_may_come_from_the_command_line_and_other_files(project, tmp_path):
    assert snakemake(project, "--config", "meetings=[MINI1]").code == 0
    assert {Path(name).parts[1] for name in project.papers()} == {"MINI1"}
    other = tmp_path / "other.yaml"
    other.write_text("meetings: [MINI2]\n", encoding="utf-8")
    assert snakemake(project, "--configfile", str(other)).code == 0
    assert {Path(name).parts[1] for name in project.papers()} == {"MINI2"}
    run = snakemake(project, "--config", "meetings=[MINI3]")
    assert run.code == 1 and "command line, key meetings" in run.err


@pytest.mark.slow
def test_inputs_may_lie_in_another_folder(built, tmp_path):
    for name in ("inputs", "templates"):
        shutil.copytree(built.root / name, tmp_path / "data" / name)
    shutil.copy(built.root / "config.yaml", tmp_path / "data")
    run = snakemake(built, "--directory", str(tmp_path / "data"))
    assert run.code == 0, run.err
    assert Project(tmp_path / "data").papers() == built.papers()


@pytest.mark.slow
def test_a_changed_module_runs_the_rules_again_and_changes_no_paper(project):
    papers = project.papers()
    with (project.root / "scripts/papers/model/ranking.py").open("a", encoding="utf-8") as file:
        file.write("# a comment\n")
    assert "Code has changed since last execution" in snakemake(project, "-n").out
    assert snakemake(project).code == 0
    assert project.papers() == papers
    assert "Nothing to be done" in snakemake(project).err


@pytest.mark.slow
def test_an_input_of_the_future_is_built_with_a_notice(project):
    meeting = project.root / "inputs/mini/meetings/MINI1.yaml"
    later = 4_000_000_000
    meeting.write_text(meeting.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    os.utime(meeting, (later, later))
    run = snakemake(project)
    assert run.code == 0
    assert (
        "inputs/mini/meetings/MINI1.yaml: found a modification time in the future; expected one that has"
        in run.err
    )
    assert "Nothing to be done" in snakemake(project).err
    project.replace("inputs/mini/meetings/MINI1.yaml", "\n\n", "\n")
    os.utime(meeting, (later, later))
    assert "Nothing to be done" not in snakemake(project).err


@pytest.mark.slow
def test_files_that_are_all_dated_in_the_future_give_the_same_papers(project):
    project.replace("inputs/mini/forum.yaml", "logo: null", "logo: mini/logo.png")
    (project.root / "inputs/mini/logo.png").write_bytes(png())
    send_in_a_paper(project)
    assert snakemake(project).code == 0
    papers = project.papers()
    for path in [*(project.root / "inputs").rglob("*"), *(project.root / "templates").rglob("*")]:
        os.utime(path, (4e9, 4e9))
    shutil.rmtree(project.root / "outputs")
    run = snakemake(project)
    assert run.code == 0, run.err
    assert project.papers() == papers
    assert "Nothing to be done" in snakemake(project).err


def send_in_a_paper(project: Project) -> None:
    """A received paper, whose rule reads the logo and the cover's template too."""
    sent = project.root / "inputs/mini/received/MINI2/sent.docx"
    sent.parent.mkdir(parents=True)
    shutil.copy(ROOT / "inputs/smewg/received/SMEWG47/viet-nam-digital-trade.docx", sent)
    with (project.root / "inputs/mini/meetings/MINI2.yaml").open("a", encoding="utf-8") as meeting:
        meeting.write(
            "  - {number: 2019/MINI2/009, file: received/MINI2/sent.docx, title: Sent, submitted_by: [Peru]}\n"
        )


@pytest.mark.slow
def test_a_target_that_does_not_exist_is_no_reason_to_build_everything_again(project):
    before = files(project)
    run = project.build("no_such_target")
    assert run.code == 1 and "everything is built again" not in run.err
    assert {name for name in before if "/logs/" not in name} <= files(project).keys()


def test_a_build_with_nothing_to_do_does_not_import_pandas(built):
    """Snakemake would, to compare `params` that do not follow from the files of their rules."""
    run = built.run(sys.executable, "-X", "importtime", "-m", "snakemake")
    assert run.code == 0
    assert "snakemake.dag" in run.err
    assert "pandas" not in run.err
