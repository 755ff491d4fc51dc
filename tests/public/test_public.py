"""The public folder has nothing of restricted papers: words planted in them are searched for in every byte of it."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pytest
from docx import Document as open_document
from forum_tools import MINI2, SCHEDULE, Forum
from organisation_tools import GRAMMAR
from papers.docx.texts import all_words
from papers.numbers import names_number
from papers.public import publish
from papers.public.published import STAGE
from papers.public.stage import take_out, write_public
from papers.register.facts import Register, RegisterEntry, RegisterMeeting, RegisterRedline
from papers.store.files import digest
from papers.store.stages import read_manifest
from project_tools import Project, copy_built, copy_of
from received_tools import with_body, word_paper
from returns_tools import PER, row, send_in
from secret_tools import found_in, opened, words_in
from validators import EACH_VALIDATOR

REGISTER = "forums/mini"  # below outputs and outputs/public
PLAN, OTHER = "inputs/mini/plan-2019-2020", "inputs/mini/plan-2021-2022"
# Words that only restricted papers have. Each is a single word, so that no file format can break it in two.
PLANTED = {
    "narrative": "zqxnarrative",
    "footnote": "zqxfootnote",
    "vision": "zqxvision",
    "cell": "zqxcell",
    "title": "zqxtitle",
    "reason": "zqxreason",
    "notes": "zqxnotes",
    "status": "zqxstatus",
    "item of a return": "zqxitem",
    "received text": "zqxreceived",
    "file name": "zqxfilename",
    "older text": "zqxolder",
}
NUMBERS = ("2019/MINI2/005", "2019/MINI2/006", "2019/MINI2/007")
FILES = ("19_mini2_005", "19_mini2_006", "19_mini2_007")
WORDS = [*PLANTED.values(), *NUMBERS, *FILES, *(number.replace("/", "-") for number in NUMBERS)]
OF_ACCESS = {"zqxreason", "zqxnotes"}  # in the inputs only once the papers are restricted
PAPERS = """papers:
  - {number: 2019/MINI2/000, kind: classification-list, title: Document Classification List, submitted_by: [Chair]}
  - {number: 2019/MINI2/004, kind: agenda, title: Agenda, agenda_item: "6", submitted_by: [Chair]}
  - {number: 2019/MINI2/002, kind: terms-of-reference, title: First Draft of the Terms, submitted_by: [Chair]}
"""
ACCESS = "    access: restricted\n    reason: Bids are open zqxreason\n    restricted_until: 2020-01-31\n    notes: Until opened zqxnotes\n"
SECRET = """  - number: 2019/MINI2/005
    kind: strategic-plan
    title: The Next Plan zqxtitle
    agenda_item: "6"
    purpose: Consideration
    status: (Draft zqxstatus)
    submitted_by: [APEC Secretariat]
    plan: plan-2021-2022
    schedule: 2020
#access
  - number: 2019/MINI2/005rev1
    supersedes: 2019/MINI2/005
    kind: strategic-plan
    title: The Next Plan zqxtitle
    agenda_item: "6"
    submitted_by: [APEC Secretariat]
    plan: plan-2021-2022
    schedule: 2019
#access
  - number: 2019/MINI2/006
    kind: indicator-report
    title: Indicators zqxtitle of 2019
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    year: 2019
    as_of: 2020-02-01
#access
  - number: 2019/MINI2/007
    file: received/MINI2/zqxfilename paper.docx
    title: A Paper zqxtitle of an Economy
    submitted_by: [Peru]
#access
"""


def plant(forum: Forum) -> None:
    """Add papers that will be restricted, with planted words in their plan, sections, cells, returns and received file."""
    text = forum.text(MINI2).replace("papers:\n", PAPERS, 1)
    forum.write(MINI2, text + SECRET.replace("#access\n", ""))
    shutil.copytree(forum.path(PLAN), forum.path(OTHER))
    forum.replace(f"{OTHER}/plan.yaml", "A region", "A region zqxvision")
    forum.replace(f"{OTHER}/sections/1-introduction.md", "it listened;", "it listened, zqxnarrative;")
    forum.replace(f"{OTHER}/sections/1-introduction.md", "no minutes", "no minutes zqxfootnote")
    edition = f"{OTHER}/schedule/2020.xlsx"
    shutil.copy(forum.path(SCHEDULE), forum.path(edition))
    with forum.book(edition) as book:
        cells = {cell.value: cell.column for cell in book["Schedule"][1]}
        book["Schedule"].cell(2, cells["Activity"]).value = "A bid on tools zqxcell and zqxolder"
    send_in(forum, PER, row(title="A workshop on doors zqxitem"))
    forum.write("inputs/mini/received/MINI2/zqxfilename paper.docx", received_paper())


def received_paper() -> bytes:
    document = open_document()
    document.core_properties.title, document.core_properties.author = "Bid zqxowntitle", "zqxauthor"
    document.core_properties.last_modified_by = "zqxauthor"
    document.add_paragraph("The economy bids zqxreceived.")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


@dataclass(frozen=True)
class Snapshot:
    """The planted words found in outputs at one moment, outside public/ and in it, and the files of public/."""

    outside: dict[str, list[str]]
    public: dict[str, list[str]]
    files: list[str]


def take_snapshot(project: Project) -> Snapshot:
    out = project.root / "outputs"
    public = out / "public"
    outside: dict[str, list[str]] = {}
    for folder in (
        out / "papers",
        out / "changes",
        out / "pdf",
        out / "packages",
        out / "forums",
        out / "work",
    ):
        for word, places in found_in(folder, WORDS).items():
            outside.setdefault(word, []).extend(f"{folder.name}/{place}" for place in places)
    files = sorted(path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file())
    return Snapshot(outside, found_in(public, WORDS), files)


@dataclass
class Story:
    """A forum whose papers are all public, then three of them are restricted, then everything is built again."""

    project: Project
    before: Snapshot
    at_once: Snapshot
    after: Snapshot
    report: Path


USER, HOME = "zqxuser", "zqxhome"


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    root = tmp_path_factory.mktemp("zqxfolder") / HOME / "forum"
    project = copy_built(root)
    home = root.parent
    who = {"USER": USER, "LOGNAME": USER, "HOME": str(home), "HOSTNAME": "zqxhost", "COMPUTERNAME": "zqxhost"}

    def build(*targets: str) -> None:
        run = project.build(*targets, **who)
        assert run.code == 0, run.err

    def record(*order: str) -> None:
        run = project.run(sys.executable, "scripts/forum_papers.py", *order, **who)
        assert run.code == 0, run.err

    forum = Forum(root)
    plant(forum)
    record("issue", "paper=2019/MINI1/003", "date=2019-03-14")
    build("all", "changes", "pdfs")
    record("package", "meeting=MINI2")
    before = take_snapshot(project)
    forum.write(MINI2, with_access_restricted(forum.text(MINI2)))
    build()
    at_once = take_snapshot(project)
    build("all", "changes", "pdfs")
    record("package", "meeting=MINI2")
    report = root / "outputs/work/mini/report.html"
    run = project.run(sys.executable, "-m", "snakemake", "--report", str(report), **who)
    assert run.code == 0, run.err
    return Story(project, before, at_once, take_snapshot(project), report)


def with_access_restricted(text: str) -> str:
    """Return the meeting's file with the planted papers restricted."""
    head, mark, tail = text.partition("  - number: 2019/MINI2/005\n")
    return head + re.sub(
        r"(?m)(^    (?:schedule: 20\d\d|as_of: .*|submitted_by: \[Peru\])\n)", rf"\1{ACCESS}", mark + tail
    )


@pytest.mark.libreoffice
def test_every_planted_word_is_found_in_what_is_not_public(story):
    assert set(WORDS) == story.after.outside.keys()
    delivered = {word for word, places in story.after.outside.items() if not places[0].startswith("work/")}
    assert delivered >= {*WORDS} - {PLANTED["file name"]}


@pytest.mark.libreoffice
def test_the_planted_words_are_found_in_the_public_output_as_long_as_the_papers_are_public(story):
    assert story.before.public.keys() == {*WORDS} - OF_ACCESS - {PLANTED["file name"]}
    places = {place.split("!")[0] for places in story.before.public.values() for place in places}
    for kind in (
        "changes/",
        *(f"{REGISTER}/{name}" for name in ("feed.xml", "index.html", "text.js", "traces/", "papers.json")),
        "packages/",
        "papers/",
        "pdf/",
        "traces/",
    ):
        assert any(place.startswith(kind) for place in places), kind


@pytest.mark.libreoffice
def test_the_next_build_leaves_nothing_of_what_became_restricted(story):
    assert story.at_once.public == {}
    assert len(story.at_once.files) > 10


@pytest.mark.libreoffice
def test_all_outputs_built_again_have_nothing_of_what_is_restricted(story):
    assert story.after.public == {}


@pytest.mark.libreoffice
def test_public_output_has_exactly_what_may_be_published(story):
    numbers = ("002", "002rev1", "000", "001", "004")
    assert story.after.files == sorted(
        [
            "index.html",
            f"{REGISTER}/SHA256SUMS",
            "changes/2019/MINI2/19_mini2_002rev1_changes.docx",
            f"{REGISTER}/feed.xml",
            f"{REGISTER}/index.html",
            f"{REGISTER}/text.js",
            f"{REGISTER}/traces/2019-MINI2-000.html",
            "packages/MINI2-public.zip",
            f"{REGISTER}/papers.json",
            "papers/2019/MINI1/19_mini1_003.docx",
            "pdf/2019/MINI1/19_mini1_003.pdf",
            "traces/2019/MINI1/19_mini1_003.json",
            *(f"papers/2019/MINI2/19_mini2_{number}.docx" for number in numbers),
            *(f"pdf/2019/MINI2/19_mini2_{number}.pdf" for number in numbers[:2] + numbers[3:4]),
            *(f"traces/2019/MINI2/19_mini2_{number}.json" for number in numbers),
        ]
    )


@pytest.mark.libreoffice
def test_papers_that_mention_no_other_are_published_unchanged(story):
    out = story.project.root / "outputs"
    for paper in sorted((out / "public/papers").rglob("*.docx")):
        same = paper.read_bytes() == (out / paper.relative_to(out / "public")).read_bytes()
        assert same == (paper.stem not in ("19_mini2_000", "19_mini2_004")), paper


@EACH_VALIDATOR
@pytest.mark.libreoffice
def test_the_public_editions_of_list_and_agenda_are_valid_and_marked_as_such(story, validate):
    for stem in ("19_mini2_000", "19_mini2_004"):
        paper = story.project.root / f"outputs/public/papers/2019/MINI2/{stem}.docx"
        text = all_words(paper.read_bytes())
        assert "(Public edition, without what is restricted)" in text and "2019/MINI2/001" in text
        assert validate(paper) == []


@pytest.mark.libreoffice
def test_the_public_register_links_only_existing_files(story):
    public = story.project.root / "outputs/public"
    for page, fewest in ((public / REGISTER / "index.html", 10), (public / "index.html", 3)):
        text = page.read_text(encoding="utf-8")
        links = {html.unescape(link) for link in re.findall(r'href="(\.[^"#]+)', text)}
        assert len(links) > fewest and all((page.parent / link).is_file() for link in links)


@pytest.mark.libreoffice
def test_sha256sum_finds_every_public_file_as_listed(story):
    public = story.project.root / "outputs/public"
    done = subprocess.run(
        ["sha256sum", "-c", f"{REGISTER}/SHA256SUMS"], cwd=public, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert {line.partition(": ")[0] for line in done.stdout.splitlines()} == {*story.after.files} - {
        f"{REGISTER}/SHA256SUMS",
        "index.html",
    }


@pytest.mark.libreoffice
def test_no_name_of_a_person_a_machine_or_a_folder_is_in_a_delivered_file(story):
    out, own = (
        story.project.root / "outputs",
        [USER, HOME, "zqxhost", "zqxfolder", "zqxauthor", "zqxowntitle"],
    )
    own += [socket.gethostname()] if len(socket.gethostname()) > 6 else []
    for folder in ("public", "papers", "changes", "pdf", "packages", f"{REGISTER}/traces"):
        assert found_in(out / folder, own) == {}, folder
    assert USER in found_in(
        out, [USER]
    )  # it would be found: the register for delegates shows who recorded what


@pytest.mark.libreoffice
def test_snakemakes_report_is_for_delegates_and_names_no_user(story):
    folder = story.report.parent / "report"
    folder.mkdir(exist_ok=True)
    shutil.copy(story.report, folder)
    assert found_in(folder, ["19_mini2_005", "rule", USER]).keys() == {"19_mini2_005", "rule"}


@pytest.mark.libreoffice
def test_logs_name_a_restricted_paper_by_its_number_alone(story):
    found = found_in(story.project.root / "outputs/work/mini/logs", WORDS)
    assert found and all(GRAMMAR.is_number(word) for word in found)  # in notices, which stay true


# The search for planted words


def pdf_with(word: str) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.pages[0].Contents = pdf.make_stream(f"% {word}".encode())
    made = io.BytesIO()
    pdf.save(made, compress_streams=True, recompress_flate=True)
    assert word.encode() not in made.getvalue()
    return made.getvalue()


def zipped(name: str, data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return made.getvalue()


SECRET_WORD = "zqxsecret"


@pytest.mark.parametrize(
    "data",
    [
        b"a ZqxSecret",
        SECRET_WORD.encode("utf-16"),
        b"x" + SECRET_WORD.encode("utf-16-be"),
        b"<w:t>zqx</w:t></w:r><w:r><w:t>secret</w:t>",
        b"z&#113;xsecret",
        b"\\u007aqxsecret",
        quote("é zqxsecret").replace("q", "%71").encode(),
        base64.b64encode(b"a zqxsecret"),
        base64.b64encode(b"ab zqxsecret of all"),
        base64.b64encode(b"abc zqxsecret of all"),
        zipped("a.xml", b"zqxsecret" * 99),
        zipped("zqxsecret.xml", b""),
        zipped("a.xlsx", zipped("b.xml", SECRET_WORD.encode("utf-16") * 99)),
        zipped("a.pdf", pdf_with(SECRET_WORD)),
    ],
    ids=range(14),
)
def test_the_search_finds_a_word_in_every_form(data):
    assert [place for place, piece in opened("a", data) if words_in(piece, [SECRET_WORD])]
    assert not [place for place, piece in opened("a", data) if words_in(piece, ["zqxsicret"])]


# Exceptions and changes of access


RESTRICTED = "    access: restricted\n    reason: Not agreed zqxreason\n    notes: As asked zqxnotes\n"
PURPOSE = "inputs/mini/terms-of-reference/purpose.md"
SCHEDULED = "2019/MINI2/001"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Project:
    """The miniature forum with list and agenda, whose second meeting's schedule is restricted; built."""
    project = copy_built(tmp_path_factory.mktemp("public") / "forum")
    project.replace(MINI2, "papers:\n", PAPERS)
    project.replace(MINI2, "    status: (Draft)\n", RESTRICTED + "    status: (Draft)\n")
    project.replace(MINI2, "Implementation Schedule of", "The Zqxtitle Schedule of")
    run = project.build()
    assert run.code == 0, run.err
    return project


@pytest.fixture
def project(built, tmp_path) -> Project:
    return copy_of(built, tmp_path / "forum")


def found_in_public(project: Project) -> dict[str, list[str]]:
    return found_in(
        project.root / "outputs/public", [SCHEDULED, "19_mini2_001.", "zqxtitle", "zqxreason", "zqxnotes"]
    )


def papers_in(project: Project) -> list[str]:
    data = json.loads((project.root / "outputs/public" / REGISTER / "papers.json").read_bytes())
    return [paper["number"] for paper in data["papers"]]


@pytest.mark.slow
def test_the_list_may_give_number_and_title_and_nothing_else(project):
    settings = "public:\n  restricted_in_list: number and title\n"
    (project.root / "inputs/mini/settings.yaml").write_text(settings, encoding="utf-8")
    assert found_in_public(project) == {}
    assert project.build().code == 0
    found = found_in_public(project)
    assert found.keys() == {SCHEDULED, "zqxtitle"}
    files = {place.split("!")[0] for places in found.values() for place in places}
    assert files == {
        "papers/2019/MINI2/19_mini2_000.docx",
        f"{REGISTER}/text.js",
        "traces/2019/MINI2/19_mini2_000.json",
        f"{REGISTER}/traces/2019-MINI2-000.html",
    }
    tables = open_document(project.root / "outputs/public/papers/2019/MINI2/19_mini2_000.docx").tables
    rows = [[cell.text for cell in line.cells] for table in tables for line in table.rows]
    assert [SCHEDULED, "The Zqxtitle Schedule of the Mini Working Group", "No", "", "", ""] in rows


def test_a_paper_whose_text_mentions_a_restricted_one_is_withheld_with_a_notice(project):
    project.replace(PURPOSE, "To bring economies together", f"To bring economies together, see {SCHEDULED}")
    run = project.build()
    assert run.code == 0, run.err
    assert (
        f"2019/MINI2/002rev1 stays out of outputs/public: it mentions {SCHEDULED} of a restricted paper"
        in run.err
    )
    assert found_in_public(project) == {}
    assert papers_in(project) == ["2019/MINI2/000", "2019/MINI2/004"]  # the plan includes the terms


@pytest.mark.slow
def test_a_page_of_figures_that_changed_is_still_there_after_another_build(project):
    """It was once delivered twice, with the paper and with the register, and then removed by the next delivery."""
    page = project.root / "outputs/public" / REGISTER / "traces/2019-MINI2-000.html"
    before = page.read_bytes()
    project.replace(MINI2, "title: Document Classification List", "title: List of Documents")
    assert project.build().code == 0
    changed = page.read_bytes()
    assert changed != before
    project.replace(PURPOSE, "To bring economies together", "To bring all economies together")
    assert project.build().code == 0
    assert page.read_bytes() == changed


@pytest.mark.slow
def test_a_restricted_paper_that_becomes_public_is_published_by_the_next_build(project):
    project.replace(MINI2, RESTRICTED, "")
    assert project.build().code == 0
    assert found_in_public(project).keys() == {SCHEDULED, "19_mini2_001.", "zqxtitle"}
    assert SCHEDULED in papers_in(project)


@pytest.mark.slow
def test_what_became_restricted_is_removed_even_if_the_build_fails(project):
    project.replace(
        MINI2,
        "    title: Terms of Reference of the Mini Working Group\n",
        "    title: Terms of Reference of the Mini Working Group\n    access: restricted\n",
    )
    project.replace("inputs/mini/plan-2019-2020/plan.yaml", "first_year: 2019", "first_year: soon")
    project.replace("inputs/mini/plan-2019-2020/plan.yaml", "last_year: 2020", "last_year: later")
    run = project.build()
    assert run.code == 1
    assert "2 problems. outputs/ is as it was, but for outputs/public.\n" in run.err
    assert "because 2019/MINI2/002rev1 is no longer public" in run.err
    words = ["19_mini2_002rev1", "Terms of Reference of the Mini Working Group"]
    assert found_in(project.root / "outputs/public", words) == {}
    assert "2019/MINI1/003" in papers_in(project)
    project.replace("inputs/mini/plan-2019-2020/plan.yaml", "first_year: soon", "first_year: 2019")
    project.replace("inputs/mini/plan-2019-2020/plan.yaml", "last_year: later", "last_year: 2020")
    assert project.build().code == 0
    assert found_in(project.root / "outputs/public", words[:1]) == {} and "2019/MINI1/003" in papers_in(
        project
    )
    assert (project.root / "outputs/papers/2019/MINI2/19_mini2_002rev1.docx").is_file()


@pytest.mark.slow
def test_a_meeting_that_cannot_be_read_has_no_public_paper_and_the_others_stay(project):
    before = papers_in(project)
    title = "    title: Terms of Reference of the Mini Working Group\n"
    project.replace(MINI2, title, f"{title}    acess: restricted\n")
    run = project.build()
    assert run.code == 1 and f"{MINI2}, line " in run.err
    assert papers_in(project) == [number for number in before if "/MINI1/" in number] != before
    assert found_in(project.root / "outputs/public", ["19_mini2_"]) == {}
    assert "of a meeting whose file can't be read" in run.err
    again = project.build()
    assert again.code == 1 and "whose file can't be read" not in again.err
    assert papers_in(project) == [number for number in before if "/MINI1/" in number]
    project.replace(MINI2, f"{title}    acess: restricted\n", title)
    assert project.build().code == 0 and papers_in(project) == before


@pytest.mark.slow
def test_a_typo_elsewhere_removes_nothing_even_if_no_meeting_can_be_read(project):
    before = papers_in(project)
    for file, old, new in (
        ("config.yaml", "forum: mini", "forum: mini: mini"),
        ("inputs/mini/forum.yaml", "code:", "cod:"),
        ("inputs/apec/economies.yaml", "economies:", "economy:"),
    ):
        project.replace(file, old, new)
        assert project.build().code == 1
        assert papers_in(project) == before
        project.replace(file, new, old)


@pytest.mark.slow
def test_a_record_of_the_public_folder_that_is_damaged_may_hide_what_became_restricted(project):
    """Nothing says which meetings the published papers are of: all of them go."""
    (project.root / "outputs/work/mini/public/manifest.json").write_text("{}", encoding="utf-8")
    project.replace(MINI2, "  - number: 2019/MINI2/002rev1", "  - numbr: 2019/MINI2/002rev1")
    run = project.build()
    assert run.code == 1 and "a record of it is damaged" in run.err
    assert [path for path in (project.root / "outputs/public").rglob("*") if path.is_file()] == []


def test_a_build_that_fails_for_another_reason_leaves_the_public_folder_as_it_was(project):
    before = papers_in(project)
    project.replace("inputs/mini/plan-2019-2020/plan.yaml", "first_year: 2019", "first_year: soon")
    assert project.build().code == 1
    assert papers_in(project) == before


def test_unpublished_files_are_moved_out_of_the_folder_and_no_edit_is_lost(project):
    out = project.root / "outputs"
    edited, stray, half = (
        out / "public" / name
        for name in ("papers/2019/MINI1/19_mini1_003.docx", "papers/draft zqx.docx", ".index.html.7.part")
    )
    whole = edited.read_bytes()
    for file in (edited, stray, half):
        file.write_bytes(b"zqxwords of an officer")
    run = project.build()
    assert run.code == 0, run.err
    assert found_in(out / "public", ["zqxwords", "draft zqx", ".part"]) == {}
    assert edited.read_bytes() == whole
    kept = sorted(path.relative_to(out).as_posix() for path in (out / "kept-out-of-public").rglob("*.docx"))
    assert kept == [
        "kept-out-of-public/papers/2019/MINI1/19_mini1_003 (edited copy 1).docx",
        "kept-out-of-public/papers/draft zqx.docx",
    ]
    assert all(name in run.err for name in kept)


@pytest.mark.slow
def test_an_earlier_revision_without_stated_access_is_not_published(project):
    def record(*order: str) -> None:
        run = project.run(
            sys.executable, "scripts/forum_papers.py", *order, "date=2019-08-20", "by=Secretariat"
        )
        assert run.code == 0, run.err

    record("issue", f"paper={SCHEDULED}", "why=zqxwhy")
    record("revise", f"paper={SCHEDULED}", "why=made public")
    project.replace(MINI2, RESTRICTED, "")
    project.replace(MINI2, "The Zqxtitle Schedule of", "Schedule of")
    run = project.build("all", "changes")
    assert run.code == 0, run.err
    assert list((project.root / "outputs/changes").rglob("19_mini2_001rev1_changes.docx"))
    assert "2019/MINI2/001rev1" in papers_in(project) and SCHEDULED not in papers_in(project)
    assert found_in(project.root / "outputs/public", ["zqxtitle", "zqxwhy", "zqxreason"]) == {}


@pytest.mark.slow
def test_a_received_paper_with_tracked_changes_of_named_people_is_withheld(project):
    forum, file = Forum(project.root), "inputs/mini/received/MINI2/paper.docx"
    added = '<w:p><w:ins w:id="9" w:author="zqxauthor"><w:r><w:t>An added line.</w:t></w:r></w:ins></w:p>'
    forum.write(file, with_body(word_paper(), added))
    entry = "number: 2019/MINI2/008, file: received/MINI2/paper.docx, title: A Paper, submitted_by: [Peru]"
    entry += ", accepted_warnings: [tracked-changes]"
    forum.write(MINI2, f"{forum.text(MINI2)}  - {{{entry}}}\n")
    run = project.build()
    assert run.code == 0, run.err
    assert "2019/MINI2/008 stays out of outputs/public: it has tracked changes" in run.err
    assert "zqxauthor" in found_in(project.root / "outputs/papers", ["zqxauthor"])
    assert found_in(project.root / "outputs/public", ["zqxauthor"]) == {}


# Mentions


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("see 2019/MINI2/001.", True),
        ("2019/MINI2/001", True),
        ("2019/MINI2/0012", False),
        ("2019/MINI2/001rev1", False),
        ("12019/MINI2/001", False),
        ("2019/MINI2/002", False),
    ],
)
def test_a_number_is_mentioned_only_if_it_is_exactly_this_one(text, mentioned):
    assert names_number("2019/MINI2/001", text, GRAMMAR.longer) == mentioned


def test_a_redline_since_a_paper_that_is_taken_out_goes_with_it(tmp_path):
    """It has the text of that paper, also where it names neither its number nor its title."""
    kept, gone = (
        RegisterEntry(
            number=number, base=number, revision=0, title=number, kind="received", meeting="MINI1",
            file=f"papers/{number}.pdf", sha256="", date="2019-03-14", redlines=redlines,
        )
        for number, redlines in (("2019/MINI1/002", (RegisterRedline("2019/MINI1/001", "changes/b.pdf"),)), ("2019/MINI1/001", ()))
    )  # fmt: skip
    meeting = RegisterMeeting("MINI1", (("Mini", ""),), "Lima", "", "2019-03-14", "", {})
    register = Register("mini", "MINI", "Mini", "APEC", "en-GB", (meeting,), (kept, gone), (), True)
    files = {kept.file: b"kept", gone.file: b"gone", "changes/b.pdf": b"the text of the other one"}
    number_of = {kept.file: kept.number, gone.file: gone.number, "changes/b.pdf": kept.number}
    sources = {entry.number: ["MINI1.yaml", ""] for entry in (kept, gone)}
    write_public(register, files, number_of, sources, GRAMMAR.longer, tmp_path / STAGE)
    rest = read_manifest(take_out({gone.number}, set(), tmp_path))["files"]
    assert kept.file in rest and not {gone.file, "changes/b.pdf"} & rest.keys()
    assert gone.number not in (tmp_path / "public_rest" / REGISTER / "index.html").read_text(encoding="utf-8")


def package_of(files: dict[str, bytes], rows: list[str]) -> bytes:
    """A package with these files, whose list has these rows of number and title."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, data in {**files, publish.MANIFEST: "\n".join(["Number,Title", *rows]).encode()}.items():
            package.writestr(name, data)
    return written.getvalue()


@pytest.mark.parametrize(
    ("files", "rows", "is_public"),
    [
        ({"a.docx": b"a", "a.pdf": b"pdf"}, ["2019/MINI2/001,A"], True),
        ({"a.docx": b"a"}, ["2019/MINI2/001,A", "2019/MINI2/002,B"], False),
        ({"a.docx": b"a"}, ["2019/MINI2/001,An older title"], False),
        ({"a.docx": b"a", "b.docx": b"b"}, ["2019/MINI2/001,A"], False),
        ({"a.docx": b"older"}, ["2019/MINI2/001,A"], False),
    ],
    ids=["these papers", "another paper", "another title", "another file", "an older file"],
)
def test_a_package_is_published_only_if_it_holds_exactly_the_published_papers(files, rows, is_public):
    published = {digest(b"a"), digest(b"pdf")}
    assert publish._has_exactly(package_of(files, rows), {"2019/MINI2/001": "A"}, published) == is_public
