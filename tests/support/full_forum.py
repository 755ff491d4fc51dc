"""The miniature forum with one of every kind of input: what a test of references between files needs."""

from __future__ import annotations

import openpyxl
from forum_tools import EDITION_2020, FOLDER, MINI2, PLAN, SCHEDULE, Forum
from kind_inputs import PROPOSALS, ROTATION_TEXT, SCORES
from ledger_tools import event, write
from returns_tools import PER, RETURNS, VNM, day, row, send_in

MINI3 = f"{FOLDER}/meetings/MINI3.yaml"
SESSION = f"{FOLDER}/plan-2019-2020/projects/2019-1.xlsx"
ROTATION, TABLING, CORRECTIONS = (
    f"{FOLDER}/{n}" for n in ("rotation.yaml", "tabling.yaml", "corrections.csv")
)
WORK_2019, WORK_2020 = (
    f"{FOLDER}/plan-2019-2020/workplan/2019.yaml",
    f"{FOLDER}/plan-2019-2020/workplan/2020.yaml",
)
MID_TERM, FINAL, REPORT = "mid-term-review-2019", "final-review-2020", "fora-report-2020"
RECOMMENDED, FOLLOWED, REPORTED = (f"{FOLDER}/recommendations/{n}.yaml" for n in (MID_TERM, FINAL, REPORT))
SUMMARY = f"{FOLDER}/narrative/{REPORT}/summary.md"
DEADLINES, DOUBLES = f"{RETURNS}/deadlines.yaml", f"{RETURNS}/doubles.yaml"
_PAPER = """  - number: {number}
    kind: {kind}
    title: {title}
    submitted_by: [APEC Secretariat]
"""
_YEAR = "    plan: plan-2019-2020\n    schedule: {year}\n    year: {year}\n"
_MEETING = """code: MINI3
ordinal: 3
city: Lima
economy: Peru
start: 2020-09-01
end: 2020-09-02
agenda:
  - item: "1"
papers:
"""
_WORK = """year: {year}
responds_to: [the wish of Ministers]
deliverables: [A report]
areas:
  - area: access
    cooperation: [ABAC]
activities:
  - id: 2019-01
    objectives: [skills-2]
    outcome: A good workshop
    contributes_to: [promise]
meetings:
  - meeting: {meeting}
    actions: [Adopt this plan]
"""
_CORRECTION = "C1,2019/MINI1/003,page 1,1018,2018,Chair,,open,\n"


def full_forum(forum: Forum) -> Forum:
    """Add to the miniature forum: papers of nearly all kinds, meetings, editions, returns and records."""
    _add_meetings(forum)
    _add_plans(forum)
    _add_workbooks(forum)
    _add_narratives(forum)
    _add_records(forum)
    return forum


def _add_meetings(forum: Forum) -> None:
    entries = [
        _entry("2019/MINI2/003", "work-plan", "The Work Plan") + "    plan: plan-2019-2020\n    year: 2019\n",
        _entry("2019/MINI2/004", "rotation-annex", "The Annex") + "    plan: plan-2019-2020\n",
        _entry("2019/MINI2/005", "project-ranking", "The Ranking")
        + "    plan: plan-2019-2020\n    session: 2019-1\n",
        _entry("2019/MINI2/006", "mid-term-review", "Half-way") + _YEAR.format(year=2019),
        "  - tabled: The shared paper\n    kind: agenda\n    title: Shared\n    submitted_by: [Peru]\n",
    ]
    forum.write(MINI2, forum.text(MINI2).rstrip("\n") + "\n" + "".join(entries))
    later = [
        _entry("2020/MINI3/001", "final-review", "All the way") + _YEAR.format(year=2020),
        _entry("2020/MINI3/002", "updated-schedule", "What is new")
        + "    plan: plan-2019-2020\n    schedule: 2020\n",
        _entry("2020/MINI3/003", "fora-report", "The Report") + _YEAR.format(year=2020),
        _entry("2020/MINI3/004", "indicator-report", "The Figures")
        + "    plan: plan-2019-2020\n    year: 2019\n",
        _entry("2020/MINI3/006", "list-of-items", "The Items") + "    plan: plan-2019-2020\n    year: 2020\n",
        _entry("2020/MINI3/007", "schedule-changes", "The Changes")
        + "    plan: plan-2019-2020\n    schedule: 2020\n",
        "  - number: 2020/MINI3/005\n    file: received/MINI3/talk.docx\n    title: A talk\n"
        '    agenda_item: "1"\n    submitted_by: [Viet Nam]\n',
    ]
    forum.write(MINI3, _MEETING + "".join(later))
    forum.write(f"{FOLDER}/received/MINI3/talk.docx", b"PK")
    listed = '  - {paper: The shared paper, meeting: MINI2, agenda_item: "6", number: 2019/MINI2/007}\n'
    forum.write(
        TABLING, f"tabled:\n  - {{paper: The shared paper, meeting: SCE, number: 2019/SCE/001}}\n{listed}"
    )


def _entry(number: str, kind: str, title: str) -> str:
    return _PAPER.format(number=number, kind=kind, title=title)


def _add_plans(forum: Forum) -> None:
    promise = "commitments:\n  - {id: promise, name: The Promise}\nreviews:"
    forum.replace(f"{PLAN}/plan.yaml", "reviews:", promise)
    forum.write(WORK_2019, _WORK.format(year=2019, meeting="MINI1"))
    forum.write(WORK_2020, _WORK.format(year=2020, meeting="MINI3"))
    forum.write(ROTATION, ROTATION_TEXT)


def _add_workbooks(forum: Forum) -> None:
    forum.write(EDITION_2020, forum.path(SCHEDULE).read_bytes())
    with forum.sheet(EDITION_2020) as sheet:
        sheet["H2"] = "completed"
    book = openpyxl.Workbook()
    book.active.title = "Proposals"
    for cells in PROPOSALS:
        book.active.append(cells)
    scores = book.create_sheet("Scores")
    for cells in SCORES:
        scores.append(cells)
    forum.path(SESSION).parent.mkdir()
    book.save(forum.path(SESSION))
    send_in(
        forum,
        PER,
        row(activity_id="2019-01"),
        row(title="Keys", date=day("2019-03-01")),
        date=day("2019-08-01"),
    )
    send_in(
        forum,
        VNM,
        row(title="A later one"),
        row(title="Another"),
        row(title="Keys", date=day("2019-03-01")),
        date=day("2020-01-15"),
    )
    forum.write(DEADLINES, "returns_due:\n  2019: 2019-12-31\n")
    decided = (
        "{items: [[2019/per.xlsx, 8], [2019/vnm.xlsx, 9]], same: true, decided_by: Chair, reason: Asked.}"
    )
    forum.write(DOUBLES, f"decisions:\n  - {decided}\n")


def _add_narratives(forum: Forum) -> None:
    forum.write(
        f"{FOLDER}/narrative/{MID_TERM}/executive-summary.md", "# Executive Summary\n\nIt goes well.\n"
    )
    forum.write(f"{FOLDER}/narrative/{FINAL}/lessons.md", "# Lessons\n\nWe learned.\n")
    forum.write(SUMMARY, "# Summary\n\nAll in all.\n")
    forum.write(
        RECOMMENDED, "recommendations:\n  - {id: one, text: Note it}\n  - {id: two, text: Endorse that}\n"
    )
    forum.write(
        FOLLOWED,
        f"recommendations:\n  - {{id: end, text: Welcome all}}\nfollow_up_of: {MID_TERM}\nfollow_up:\n"
        "  - {id: one, outcome: carried out, what_was_done: It was noted., activities: [2019-01]}\n"
        "  - {id: two, outcome: not taken up, what_was_done: Nobody did.}\n",
    )
    forum.write(REPORTED, "recommendations:\n  - {id: last, text: Note the report}\n")


def _add_records(forum: Forum) -> None:
    kind = {"kind": "strategic-plan", "meeting": "MINI1"}
    number = "2019/MINI1/003"
    write(
        forum.root,
        event("numbered", number, "", file="", sources="", **kind),
        event("issued", number, **kind),
    )
    head = "id,paper,place,as_printed,correct,reported_by,verified_by,status,closed_by\n"
    forum.write(CORRECTIONS, head + _CORRECTION)
