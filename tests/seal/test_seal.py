"""The seal as its users see it: two users who compare, an auditor who verifies, and files that were changed."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from forum_tools import MINI1, PLAN, SCHEDULE, TERMS, Forum
from papers.seal.lists import list_of_all
from papers.store.files import grouped
from papers.wording.compose import word_meeting
from project_tools import Project, Run, copy_built, copy_of, copy_project

LISTS = ("SHA256SUMS", "forums/mini/SHA256SUMS", "forums/mini/SHA256SUMS.views")
NAMES = ("SHA256SUMS", "SHA256SUMS.views", "SEAL.txt", "provenance.json")
SECTION = f"{PLAN}/sections/2-areas.md"


def verify(project: Project, *options: str) -> Run:
    return project.run(sys.executable, "scripts/forum_papers.py", "verify", *options)


def provenance(project: Project) -> dict:
    return json.loads((project.root / "outputs/forums/mini/provenance.json").read_bytes())


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Project:
    """A sealed forum that no test changes."""
    return copy_built(tmp_path_factory.mktemp("sealed") / "forum")


@pytest.fixture(scope="module")
def other(tmp_path_factory) -> Project:
    """The same forum built by another user in another environment."""
    project = copy_project(tmp_path_factory.mktemp("far") / "away, elsewhere")
    environment = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    run = project.run(
        "sh", "-c", f"umask 077; {sys.executable} scripts/forum_papers.py build --cores 1", **environment
    )
    assert run.code == 0, run.err
    return project


@pytest.fixture
def mine(built, tmp_path) -> Project:
    """A copy of the sealed forum, to be changed."""
    return copy_of(built, tmp_path / "mine")


def test_sha256sum_finds_every_file_as_it_is_listed(built):
    for name in LISTS:
        done = subprocess.run(
            ["sha256sum", "-c", "--strict", name],
            cwd=built.root / "outputs",
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
    outputs = built.root / "outputs"
    written = {
        p.relative_to(outputs).as_posix()
        for p in outputs.rglob("*")
        if p.is_file() and p.relative_to(outputs).parts[0] != "work"
    }
    listed = {line.split("  ", 1)[1] for name in LISTS for line in (outputs / name).read_text().splitlines()}
    assert written - {name for name in written if "/." in name} == listed | {
        "SHA256SUMS",
        "forums/mini/SHA256SUMS.views",
    }


def test_the_list_of_all_forums_is_that_of_each_in_one(built):
    """It has the pages that list the forums as well."""
    outputs = built.root / "outputs"
    of_forum = (outputs / "forums/mini/SHA256SUMS").read_text().splitlines()
    others = {line[66:] for line in (outputs / "SHA256SUMS").read_text().splitlines()} - {
        line[66:] for line in of_forum
    }
    assert others == {"index.html", "public/index.html"}
    shutil.copytree(outputs / "forums", outputs.parent / "two/forums", dirs_exist_ok=True)
    second = outputs.parent / "two/forums/second"
    second.mkdir()
    (second / "SHA256SUMS").write_text(f"{'0' * 64}  papers/2020/second.docx\n")
    both = sorted([*of_forum, f"{'0' * 64}  papers/2020/second.docx"], key=lambda line: line[66:])
    assert list_of_all(outputs.parent / "two").splitlines() == both


@pytest.mark.slow
def test_two_users_get_the_same_seal(built, other):
    for name in ("SHA256SUMS", *(f"forums/mini/{name}" for name in NAMES)):
        assert (built.root / "outputs" / name).read_bytes() == (other.root / "outputs" / name).read_bytes()


def test_the_seal_of_a_paper_is_the_digest_of_its_file_in_groups_that_can_be_read_out(built):
    paper = provenance(built)["papers"][0]
    run = built.run(sys.executable, "scripts/forum_papers.py", "seal", f"paper={paper['number']}")
    digest = sha256(built.root / "outputs" / paper["file"])
    assert run.out == f"{paper['number']}  {' '.join(re.findall('.{8}', digest))}\n"
    every = built.run(sys.executable, "scripts/forum_papers.py", "seal").out
    assert every == (built.root / "outputs/forums/mini/SEAL.txt").read_text()
    assert run.out in every
    assert sha256(built.root / "outputs/forums/mini/SHA256SUMS") == every.splitlines()[0].split("  ")[
        1
    ].replace(" ", "")


def test_an_untouched_forum_is_verified_in_one_sentence(built):
    run = verify(built)
    assert run.code == 0, run.out + run.err
    lines = run.out.splitlines()
    assert re.fullmatch(
        r"Verified: \d+ files of outputs, the same byte for byte when the same program builds them again on this"
        r" machine, in another folder, .* cores\. 1 other file was compared only with .*",
        lines[-1],
    )
    assert lines[-2] == f"All papers  {grouped(sha256(built.root / 'outputs/SHA256SUMS'))}"


@pytest.mark.slow
def test_changes_in_outputs_are_reported_part_by_part(mine):
    papers = {paper["number"]: mine.root / "outputs" / paper["file"] for paper in provenance(mine)["papers"]}
    plan, damaged, lost, *_ = sorted(papers.values())
    (old, new) = replaced_in(plan, "word/document.xml")
    data = bytearray(damaged.read_bytes())
    with zipfile.ZipFile(damaged) as package:
        info = package.getinfo("word/document.xml")
    data[info.header_offset + 200] ^= 1
    damaged.write_bytes(data)
    lost.unlink()
    (plan.parent / "stranger.docx").write_bytes(b"what is this")
    page = mine.root / "outputs/forums/mini/index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("Public", "Pubic", 1), encoding="utf-8")

    run = verify(mine)

    def at(path: Path) -> str:
        return path.relative_to(mine.root).as_posix()

    assert run.code == 1
    edited = "found a file edited or damaged after it was sealed; expected the sealed one. Run make: it builds the paper"
    assert f"{at(plan)}: {edited} again and keeps the edited file next to it.\n" in run.out
    assert re.search(rf'    the cover: found ".*{new}.*" where the rebuilt file has ".*{old}.*"', run.out)
    assert re.search(r"part word/document.xml, line \d+: found", run.out)
    assert f"{at(damaged)}: {edited}" in run.out
    assert "part word/document.xml can't be unzipped: it is damaged" in run.out
    assert f"{at(lost)}: found no such file; expected it, as it is sealed. Run make." in run.out
    assert f"{at(plan.parent)}/stranger.docx: found a file that no build writes; expected none." in run.out
    assert re.search(
        r'outputs/forums/mini/index.html: found a file edited or damaged .*\n    line \d+: found ".*Pubic',
        run.out,
    )
    assert re.search(
        r"^Not verified: 5 files of \d+ in outputs not as built again\. Run make, then make verify\.$",
        run.err,
    )
    assert "Traceback" not in run.err


def replaced_in(paper: Path, part: str) -> tuple[str, str]:
    """Change one word of a paper as a user of Word would; return the old word and the new one."""
    with zipfile.ZipFile(paper) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    old = re.search(rb"<w:t[^>]*>[^<]*?([A-Z][a-z]{5,})[^<]*</w:t>", parts[part])[1]
    parts[part] = parts[part].replace(old, b"Forgery", 1)
    with zipfile.ZipFile(paper, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return old.decode(), "Forgery"


@pytest.mark.slow
def test_an_input_that_changed_since_the_build_is_named_with_what_it_changes(mine):
    mine.replace(SECTION, "Two areas matter", "Two areas surely matter")
    run = verify(mine)
    assert run.code == 1
    assert f"Changed since outputs/ was built:\n    {SECTION} changed\n" in run.out
    assert "found a file that these inputs do not give" in run.out and "surely" in run.out
    assert "1 source changed. Run make, then make verify." in run.err


@pytest.mark.slow
def test_problems_of_inputs_that_can_not_be_built_again_are_reported_with_their_place(mine):
    mine.replace(MINI1, "purpose: Information", "porpoise: Information")
    run = verify(mine)
    assert run.code == 1
    assert run.err.startswith("Not verified: the inputs can't be built again.")
    assert MINI1 in run.err and "purpose" in run.err and "Traceback" not in run.err


@pytest.mark.slow
def test_a_folder_of_another_user_is_compared_part_by_part(built, other, tmp_path):
    sent = tmp_path / "sent"
    shutil.copytree(other.root / "outputs", sent)
    paper = sent / provenance(other)["papers"][0]["file"]
    before = sha256(paper)
    old, new = replaced_in(paper, "word/document.xml")
    for name in LISTS:
        (sent / name).write_text((sent / name).read_text().replace(before, sha256(paper)))
    run = verify(built, f"against={sent}")
    assert run.code == 1
    assert f"{paper}: found a file that these inputs do not give; expected the rebuilt one.\n" in run.out
    assert re.search(rf'found ".*{new}.*" where the rebuilt file has ".*{old}.*"', run.out)
    assert re.fullmatch(rf"Not verified: \d files of \d+ in {sent} not as built again\.\n", run.err)


@pytest.mark.slow
def test_a_list_alone_is_enough_to_compare(built, other, tmp_path):
    sums = tmp_path / "SHA256SUMS"
    shutil.copy(other.root / "outputs/SHA256SUMS", sums)
    run = verify(built, f"against={sums}")
    assert run.code == 0, run.out + run.err
    proved = f" of {sums}, the same as those that this program and these inputs give on this machine"
    assert proved in run.out


def test_what_can_not_be_compared_is_refused_in_a_sentence(built, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Chair")
    for option, message, lines in (
        (f"against={tmp_path}/nowhere", "found no such file; expected the list of digests", 1),
        (f"against={tmp_path}/letter.txt", "found no list of SHA-256 digests", 1),
        (
            "paper=2019/MINI1/099",
            "expected a paper that a provenance.json in outputs/forums names. Did you mean",
            1,
        ),
        (
            "papper=2019/MINI1/001",
            'Nothing was done. Please fix:\n  command: found "papper"; expected one of',
            2,
        ),
    ):
        run = verify(built, option)
        assert run.code == 1
        assert message in run.err and len(run.err.splitlines()) == lines


@pytest.mark.slow
def test_one_paper_is_checked_step_by_step(mine):
    paper = provenance(mine)["papers"][1]
    run = verify(mine, f"paper={paper['number']}")
    assert run.code == 0, run.out + run.err
    steps = [line[:6] for line in run.out.splitlines() if line[:1].isdigit() and line[1] == "."]
    assert steps == ["1. Yes", "2. Yes", "3. Yes"]
    assert run.out.splitlines()[-1].startswith("Verified: ")

    replaced_in(mine.root / "outputs" / paper["file"], "word/document.xml")
    mine.replace(f"{TERMS}/purpose.md", "To bring", "To draw")  # which this paper does not use
    run = verify(mine, f"paper={paper['number']}")
    assert run.code == 1
    assert "1. No: " in run.out and "2. Yes: " in run.out and "3. No: " in run.out
    assert "Forgery" in run.out
    assert run.err == f"Not verified: {paper['number']} is not what was sealed, built from these inputs.\n"


@pytest.mark.slow
def test_a_build_that_stops_half_way_leaves_no_list_that_sha256sum_refuses(mine):
    mine.replace(SECTION, "Two areas matter", "Two areas surely matter")
    assert mine.build("papers").code == 0  # new papers, but no index and no seal
    assert not any((mine.root / "outputs" / name).exists() for name in LISTS)
    assert mine.build().code == 0
    assert (
        subprocess.run(
            ["sha256sum", "-c", "--quiet", *LISTS], cwd=mine.root / "outputs", check=False
        ).returncode
        == 0
    )


REBUILT = (
    "index.html",
    *(f"forums/mini/{name}" for name in ("feed.xml", "papers.json", "index.html", "text.js")),
    "forums/mini/provenance.json",
    "forums/mini/SEAL.txt",
    *LISTS,
)


@pytest.mark.slow
def test_make_rebuilds_files_that_were_edited_or_deleted(mine):
    outputs = mine.root / "outputs"
    before = {name: (outputs / name).read_bytes() for name in REBUILT}
    for name in before:
        (outputs / name).write_bytes(before[name] + b"<!-- edited -->")
    (outputs / "forums/mini/text.js").unlink()
    assert mine.build().code == 0
    assert {name: (outputs / name).read_bytes() for name in before} == before
    assert mine.build().out.startswith("Nothing to be done")


@pytest.mark.slow
def test_what_is_recorded_after_a_build_is_sealed_at_once(mine):
    number = provenance(mine)["papers"][-1]["number"]
    run = mine.run(
        sys.executable,
        "scripts/forum_papers.py",
        "issue",
        f"paper={number}",
        "date=2019-05-01",
        "by=Secretariat",
        "why=early",
    )
    assert run.code == 0, run.out + run.err
    assert (
        subprocess.run(
            ["sha256sum", "-c", "--quiet", *LISTS],
            cwd=mine.root / "outputs",
            check=False,
        ).returncode
        == 0
    )
    ledger = {f"inputs/mini/issued/{name}" for name in ("ledger.csv", "ledger.end")}
    assert provenance(mine)["ledger"] == {file: sha256(mine.root / file) for file in ledger}


# File -> an edit that changes what is printed from it.
EDITS = {
    "inputs/mini/forum.yaml": ("meeting_name: Mini", "meeting_name: Little"),
    MINI1: ("city: Valparaíso", "city: Arica"),
    "inputs/mini/meetings/MINI2.yaml": ("city: Puerto Varas", "city: Arica"),
    f"{PLAN}/plan.yaml": ("name: Access to markets", "name: Access to many markets"),
    f"{PLAN}/sections/1-introduction.md": ("Introduction", "Beginning"),
    f"{PLAN}/sections/2-areas.md": ("Two areas matter", "Two areas count"),
    f"{PLAN}/sections/3-review.md": ("A mid-term review", "A first review"),
    f"{PLAN}/sections/appendix.md": ("The table lists", "The list has"),
    f"{TERMS}/purpose.md": ("To bring", "To draw"),
    f"{TERMS}/structure.md": ("is led", "is guided"),
    f"{TERMS}/terms.yaml": ("REVISED", "RENEWED"),
    SCHEDULE: ("C2", "Another title of the first activity"),
    "inputs/apec/organisation.yaml": ('"Submitted by:"', '"From:"'),
    "inputs/apec/nomenclature.yaml": ("wrong: [country, nation, state]", "wrong: [country]"),
    "inputs/mini/accepted.yaml": ("tabled as a draft", "shown as a draft"),
}
FOR_ALL = {
    "inputs/apec/economies.yaml",
    "inputs/apec/hosts.yaml",
}  # each paper names them, but not each prints something from them


def test_a_paper_names_exactly_the_inputs_whose_change_changes_it(built, forum):
    named = {paper["number"]: {*paper["inputs"]} for paper in provenance(built)["papers"]}
    before = printed_texts(forum)
    assert {*provenance(built)["inputs"]} - FOR_ALL - {"inputs/apec/open_text.yaml"} == EDITS.keys()
    for file, (old, new) in EDITS.items():
        untouched = forum.path(file).read_bytes()
        if file == SCHEDULE:
            with forum.sheet() as sheet:
                sheet[old] = new
        else:
            forum.replace(file, old, new)
        now = printed_texts(forum)
        changed = {number for number, texts in now.items() if texts != before[number]}
        assert changed == {number for number, inputs in named.items() if file in inputs}, file
        forum.write(file, untouched)


def printed_texts(forum: Forum) -> dict[str, list]:
    """Number of each paper -> what of its context is printed."""
    model = forum.model()
    papers = [paper for meeting in model.meetings for paper in word_meeting(model, meeting)["papers"]]
    return {paper["number"]: [paper["fields"], paper["properties"]] for paper in papers}
