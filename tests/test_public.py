"""What goes on the web says nothing of restricted papers: words planted in them are looked for in every byte of it."""

from __future__ import annotations

import base64
import datetime
import hashlib
import io
import json
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from docx import Document as open_document
from forum_tools import MINI2, SCHEDULE, Forum
from papers.issuing.withholding import Withheld
from papers.model.public import names
from project_tools import Project, copy_project
from received_tools import with_part
from returns_tools import PER, row, send_in
from secret_tools import found_in, told
from test_validity import VALIDATOR, _sdk
from word_tools import words

PLAN, OTHER = "inputs/mini/plan-2019-2020", "inputs/mini/plan-2021-2022"
# Every word that stands in a restricted paper alone. Each is one word of its own, so that no format can break it in two.
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
ONLY_INSIDE = {"zqxreason", "zqxnotes", "zqxstatus"}  # of the access itself, or told on the cover
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
    """Papers that will be restricted, with planted words in their own plan, sections, cells, returns and received file."""
    text = forum.text(MINI2).replace("papers:\n", PAPERS, 1)
    forum.write(MINI2, text + SECRET.replace("#access\n", ""))
    shutil.copytree(forum.path(PLAN), forum.path(OTHER))
    forum.replace(f"{OTHER}/plan.yaml", "A region", "A region zqxvision")
    forum.replace(f"{OTHER}/sections/1-introduction.md", "it listened;", "it listened, zqxnarrative;")
    forum.replace(f"{OTHER}/sections/1-introduction.md", "no minutes", "no minutes zqxfootnote")
    shutil.copy(forum.path(SCHEDULE), forum.path(SCHEDULE.replace("2019", "2020")))
    with forum.book(SCHEDULE.replace("2019", "2020")) as book:
        cells = {cell.value: cell.column for cell in book["Schedule"][1]}
        book["Schedule"].cell(2, cells["Activity"]).value = "A bid on tools zqxcell and zqxolder"
    send_in(forum, PER, row(title="A workshop on doors zqxitem"))
    forum.write("inputs/mini/received/MINI2/zqxfilename paper.docx", received())


def received() -> bytes:
    document = open_document()
    document.core_properties.title, document.core_properties.author = "Bid zqxowntitle", "zqxauthor"
    document.core_properties.last_modified_by = "zqxauthor"
    document.add_paragraph("The economy bids zqxreceived.")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


@dataclass(frozen=True)
class Seen:
    """What was found at a moment: in the whole of outputs but public/, and in public/; and the files of public/."""

    inside: dict[str, list[str]]
    public: dict[str, list[str]]
    files: list[str]


def look(project: Project) -> Seen:
    out = project.root / "outputs"
    public = out / "public"
    inside: dict[str, list[str]] = {}
    for folder in (out / "papers", out / "changes", out / "pdf", out / "packages", out / "index", out / "work"):
        for word, places in found_in(folder, WORDS).items():
            inside.setdefault(word, []).extend(f"{folder.name}/{place}" for place in places)
    files = sorted(path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file())
    return Seen(inside, found_in(public, WORDS), files)


@dataclass
class Story:
    """A forum whose papers are all public, then three of them restricted, then everything is made again."""

    project: Project
    before: Seen
    at_once: Seen
    after: Seen
    report: Path
    told: list[str] = field(default_factory=list)


USER, HOME = "zqxuser", "zqxhome"


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    root = tmp_path_factory.mktemp("zqxfolder") / HOME / "forum"
    project = copy_project(root)
    home = root.parent
    who = {"USER": USER, "LOGNAME": USER, "HOME": str(home), "HOSTNAME": "zqxhost", "COMPUTERNAME": "zqxhost"}

    def build(*targets: str) -> None:
        run = project.build(*targets, **who)
        assert run.code == 0, run.err
        told.append(run.err)

    def record(*order: str) -> None:
        run = project.run(sys.executable, "scripts/record.py", *order, **who)
        assert run.code == 0, run.err

    told: list[str] = []
    forum = Forum(root)
    plant(forum)
    record("issue", "paper=2019/MINI1/003", "date=2019-03-14")
    build("all", "changes", "pdfs")
    record("package", "meeting=MINI2")
    before = look(project)
    forum.write(MINI2, restricted(forum.text(MINI2)))
    build()
    at_once = look(project)
    build("all", "changes", "pdfs")
    record("package", "meeting=MINI2")
    report = root / "outputs/work/report.html"
    run = project.run(sys.executable, "-m", "snakemake", "--report", str(report), **who)
    assert run.code == 0, run.err
    return Story(project, before, at_once, look(project), report, told)


def restricted(text: str) -> str:
    """The meeting's file with the access of each planted paper."""
    head, mark, tail = text.partition("  - number: 2019/MINI2/005\n")
    return head + re.sub(r"(?m)(^    (?:schedule: 20\d\d|as_of: .*|submitted_by: \[Peru\])\n)", rf"\1{ACCESS}", mark + tail)


def test_the_search_finds_every_planted_word_in_what_is_not_public(story):
    missing = set(WORDS) - story.after.inside.keys()
    assert not missing


def test_public_output_says_nothing_of_what_is_restricted(story):
    assert story.after.public == {}
