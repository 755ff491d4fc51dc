"""The forum that is fuzzed: the miniature forum with one input of every kind that the program reads."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import openpyxl
from forum_tools import FOLDER, MINI2, Forum, copy_forum
from hostile_tools import packed, unpacked
from kind_inputs import (
    PROPOSALS,
    RANKING_PAPER,
    ROTATION_PAPER,
    ROTATION_TEXT,
    SCORES,
    WORK_PLAN_PAPER,
    WORK_PLAN_TEXT,
)
from ledger_tools import event, write
from papers.ledger.archive import sources_list
from papers.ledger.corrections import COLUMNS
from project_tools import ROOT
from received_tools import word_paper
from returns_tools import PER, VNM, day, row, send_in

ISSUED = "2019/MINI2/002"  # the Terms of Reference: few inputs, so that few mutations end in a paper that must not change
ISSUED_FILE = "2019/MINI2/19_mini2_002.docx"
ANNEXED = "2020/MINI3/20_mini3_001.docx"  # has an annex with the line or cell of each figure
REPORTS = """code: MINI3
ordinal: 3
city: Lima
economy: Peru
start: 2020-09-01
end: 2020-09-02
host_mark: []
agenda: []
papers:
  - number: 2020/MINI3/001
    kind: indicator-report
    title: Annual Indicator Report 2019
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    year: 2019
    as_of: 2020-02-28
    sources_annex: true
  - number: 2020/MINI3/002
    kind: mid-term-review
    title: Half-way
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    schedule: 2019
    year: 2019
  - number: 2020/MINI3/003
    kind: classification-list
    title: Document Classification List
    submitted_by: [APEC Secretariat]
"""
RECEIVED = """  - number: 2019/MINI2/008
    file: received/MINI2/paper.docx
    title: A Paper of an Economy
    submitted_by: [Peru]
  - number: 2019/MINI2/009
    kind: agenda
    title: Agenda
    agenda_item: "6"
    submitted_by: [APEC Secretariat]
"""
NARRATIVE = "# Half-way\n\nWhat was done, in *short*[^note].\n\n1. It was good.\n2. It was useful.\n\n[^note]: And more.\n"
CORRECTION = f'C1,{ISSUED},"Paragraph, first",for two years,for three years,Chair,APEC Secretariat,open,'


def fuzz_forum(folder: Path) -> Forum:
    """Write the forum's inputs and the shipped templates into a folder; nothing of it is issued yet."""
    forum = copy_forum(folder)
    without = shutil.ignore_patterns("__pycache__", "~$*", "README.md")
    shutil.copytree(ROOT / "templates", folder / "templates", ignore=without, dirs_exist_ok=True)
    forum.replace(MINI2, "002rev1", "002")
    forum.write(f"{FOLDER}/rotation.yaml", ROTATION_TEXT)
    forum.write(f"{FOLDER}/plan-2019-2020/workplan/2019.yaml", WORK_PLAN_TEXT)
    forum.write(f"{FOLDER}/received/MINI2/paper.docx", word_paper())
    forum.write(
        MINI2,
        forum.text(MINI2).rstrip()
        + f"\n{RANKING_PAPER}{ROTATION_PAPER}{WORK_PLAN_PAPER.replace('006', '007')}{RECEIVED}",
    )
    forum.write(MINI2.replace("MINI2", "MINI3"), REPORTS)
    for section in ("executive-summary", "mandate"):
        forum.write(f"{FOLDER}/narrative/mid-term-review-2019/{section}.md", NARRATIVE)
    forum.write(
        f"{FOLDER}/recommendations/mid-term-review-2019.yaml",
        "recommendations:\n  - {id: one, text: Note it}\n  - id: two\n    text: Endorse that\n",
    )
    forum.write(f"{FOLDER}/plan-2019-2020/indicators/deadlines.yaml", "returns_due: {2019: 2020-01-31}\n")
    joint = row(activity_id="2019-01", partners="PPWE")
    send_in(forum, PER, joint, row(title="Loans by phone"), row(title="Days of tools", place="Lima"))
    send_in(forum, VNM, joint, row(title="A market"), date=day("2020-01-15"))
    _projects(forum)
    for file in [*folder.rglob("*.xlsx"), *folder.rglob("paper.docx")]:
        file.write_bytes(
            packed({name: _timeless(part) for name, part in unpacked(file.read_bytes()).items()})
        )
    return forum


def _timeless(part: bytes) -> bytes:
    """Replace the time at which a part of a workbook was written: a seed must always damage the same bytes."""
    return re.sub(rb">[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z<", b">2019-01-01T00:00:00Z<", part)


def _projects(forum: Forum) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Proposals"
    scores = book.create_sheet("Scores")
    for sheet, rows in ((book.active, PROPOSALS), (scores, SCORES)):
        for values in rows:
            sheet.append(values)
    forum.path(f"{FOLDER}/plan-2019-2020/projects").mkdir()
    book.save(forum.path(f"{FOLDER}/plan-2019-2020/projects/2019-1.xlsx"))


def issue(forum: Forum, paper: bytes, made_from: list[str]) -> None:
    """Issue one of its papers with the content `paper`, and add a correction. The current folder is the forum's."""
    sources = sources_list(made_from)
    folder = f"{FOLDER}/issued/{ISSUED_FILE}"
    forum.write(folder, paper)
    forum.write(folder.replace(".docx", ".sources"), sources)
    entry = {
        "title": "Terms of Reference of the Mini Working Group",
        "kind": "terms-of-reference",
        "meeting": "MINI2",
    }
    digests = {"sha256": hashlib.sha256(paper).hexdigest(), "sources": hashlib.sha256(sources).hexdigest()}
    write(
        forum.root,
        event(
            "numbered",
            "2019/MINI2/001",
            kind="implementation-schedule",
            sha256="",
            sources="",
            why="",
            **{
                "title": "Implementation Schedule of the Mini Working Group",
                "file": "2019/MINI2/19_mini2_001.docx",
            },
        ),
    )
    write(forum.root, event("issued", ISSUED, file=ISSUED_FILE, **digests, **entry))
    forum.write(f"{FOLDER}/corrections.csv", "\r\n".join([",".join(COLUMNS), CORRECTION, ""]))
