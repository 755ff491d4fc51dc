"""A whole meeting, from the call for papers to the frozen record, with the commands that an officer types."""

from __future__ import annotations

import re
import sys
import zipfile

import pytest
from project_tools import Project, copy_built
from received_tools import word_paper
from word_tools import dump

MEETINGS = "inputs/mini/meetings"
MINI1, MINI2 = f"{MEETINGS}/MINI1.yaml", f"{MEETINGS}/MINI2.yaml"
LEDGER, CORRECTIONS = "inputs/mini/issued/ledger.csv", "inputs/mini/corrections.csv"
OUT = "outputs/papers/2019/MINI2/19_mini2_"
CALLED_FOR = """papers:
  - kind: classification-list
    title: Document Classification List
    submitted_by: [APEC Secretariat]
  - kind: agenda
    title: Agenda
    submitted_by: [Chair]
"""
RETABLED = """  - tabled: Strategic Plan
    kind: strategic-plan
    title: Mini Working Group Strategic Plan 2019-2020
    purpose: Information
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    schedule: 2019
"""
TABLINGS = """tabled:
  - {paper: Strategic Plan, meeting: MINI1, agenda_item: "4", number: 2019/MINI1/003}
  - paper: Strategic Plan
    meeting: MINI2
    agenda_item: "6"
"""
CUT_OFF = """cut_off: 2019-08-20T17:00
time_zone: America/Santiago
papers:
"""
LATE = """  - file: received/MINI2/paper.docx
    title: A Paper of an Economy
    agenda_item: "6"
    submitted_by: [Peru]
    received: 2019-08-22T09:00-04:00
"""
REPORTED = """id,paper,place,as_printed,correct,reported_by,verified_by,status,closed_by
C1,2019/MINI2/003rev1,cover,Implementation Schedule of the,Implementation Schedule 2019 of the,Chile,,open,
"""
# Line, date, event, number, kind, meeting and the words of the end; files and digests are asserted apart.
RECORD = """\
1 2019-08-01 numbered 2019/MINI2/000 classification-list MINI2; call for papers
2 2019-08-01 numbered 2019/MINI2/001 agenda MINI2; call for papers
3 2019-08-01 numbered 2019/MINI2/003 implementation-schedule MINI2; call for papers
4 2019-08-01 numbered 2019/MINI2/004 terms-of-reference MINI2; call for papers
5 2019-08-01 numbered 2019/MINI2/005 strategic-plan MINI2; call for papers
6 2019-08-02 issued 2019/MINI1/003 strategic-plan MINI1; tabled in March
7 2019-08-21 issued 2019/MINI2/000 classification-list MINI2; two weeks before
8 2019-08-21 issued 2019/MINI2/001 agenda MINI2; two weeks before
9 2019-08-21 issued 2019/MINI2/003 implementation-schedule MINI2; two weeks before
10 2019-08-21 issued 2019/MINI2/004 terms-of-reference MINI2; two weeks before
11 2019-08-21 issued 2019/MINI2/005 strategic-plan MINI2; two weeks before
12 2019-08-22 numbered 2019/MINI2/006 received MINI2; came late
13 2019-08-28 revised 2019/MINI2/003rev1 implementation-schedule MINI2; no longer a draft
14 2019-08-28 revised 2019/MINI2/000rev1 classification-list MINI2; revision of 2019/MINI2/003
15 2019-08-28 revised 2019/MINI2/001rev1 agenda MINI2; revision of 2019/MINI2/003
16 2019-08-28 issued 2019/MINI2/000rev1 classification-list MINI2
17 2019-08-28 issued 2019/MINI2/001rev1 agenda MINI2
18 2019-08-28 issued 2019/MINI2/003rev1 implementation-schedule MINI2
19 2019-08-28 issued 2019/MINI2/006 received MINI2; as it was sent
20 2019-09-02 revised 2019/MINI2/000rev2 classification-list MINI2; a correction was reported
21 2019-09-02 revised 2019/MINI2/001rev2 agenda MINI2; a correction was reported
22 2019-09-02 issued 2019/MINI2/000rev2 classification-list MINI2; a correction was reported
23 2019-09-02 issued 2019/MINI2/001rev2 agenda MINI2; a correction was reported
24 2019-09-04 withdrawn 2019/MINI2/004 terms-of-reference MINI2; not ready
25 2019-09-04 revised 2019/MINI2/000rev3 classification-list MINI2; withdrawal of 2019/MINI2/004
26 2019-09-04 revised 2019/MINI2/001rev3 agenda MINI2; withdrawal of 2019/MINI2/004
27 2019-09-04 revised 2019/MINI2/003rev2 implementation-schedule MINI2; C1 fixed; takes up C1
28 2019-09-04 issued 2019/MINI2/000rev3 classification-list MINI2; as tabled
29 2019-09-04 issued 2019/MINI2/001rev3 agenda MINI2; as tabled
30 2019-09-04 issued 2019/MINI2/003rev2 implementation-schedule MINI2; as tabled
31 2019-09-05 frozen 2019/MINI2/000rev3 classification-list MINI2; end of the meeting
32 2019-09-05 frozen 2019/MINI2/001rev3 agenda MINI2; end of the meeting
33 2019-09-05 frozen 2019/MINI2/003rev2 implementation-schedule MINI2; end of the meeting
34 2019-09-05 frozen 2019/MINI2/005 strategic-plan MINI2; end of the meeting
35 2019-09-05 frozen 2019/MINI2/006 received MINI2; end of the meeting
"""


class Officer:
    """An officer of the Secretariat at a keyboard: every command must succeed."""

    def __init__(self, project: Project):
        self.project, self.root, self.day = project, project.root, ""

    def types(self, verb: str, *words: str) -> str:
        """Run a verb on the officer's day; return what it printed."""
        common = () if verb in ("history", "package") else (f"date={self.day}", "by=APEC Secretariat")
        run = self.project.run(sys.executable, "scripts/forum_papers.py", verb, *words, *common)
        assert run.code == 0, run.err
        return run.out

    def adds(self, file: str, words: str) -> None:
        with (self.root / file).open("a", encoding="utf-8", newline="") as text:
            text.write(words)

    def reads(self, serial: str) -> str:
        return dump((self.root / f"{OUT}{serial}.docx").read_bytes())


@pytest.fixture(scope="module")
def officer(tmp_path_factory) -> Officer:
    """The weeks of a meeting, up to its package. Each step is asserted where it happens."""
    one = Officer(copy_built(tmp_path_factory.mktemp("week") / "forum"))
    calls_for_papers(one)
    issues(one)
    takes_in_a_late_paper(one)
    revises(one)
    shows_a_correction(one)
    withdraws_and_fixes(one)
    one.day = "2019-09-05"
    one.types("freeze", "meeting=MINI2", "why=end of the meeting")
    one.printed = one.types("package", "meeting=MINI2", "since=2019-08-29")
    return one


def calls_for_papers(officer: Officer) -> None:
    project = officer.project
    for line in ("number: 2019/MINI1/003", 'agenda_item: "4"', "forum_doc_no: 2018/SOM3/SCE/007"):
        new = "  - tabled: Strategic Plan\n" if line.startswith("number") else ""
        project.replace(MINI1, f"  - {line}\n" if new else f"    {line}\n", new)
    (officer.root / "inputs/mini/tabling.yaml").write_text(TABLINGS, encoding="utf-8")
    project.replace(MINI2, "papers:\n", CALLED_FOR)
    for number in ("2019/MINI2/001", "2019/MINI2/002rev1"):
        project.replace(MINI2, f"  - number: {number}\n    kind", "  - kind")
    officer.adds(MINI2, RETABLED)
    officer.day = "2019-08-01"
    officer.types("number", "meeting=MINI2", "why=call for papers")


def issues(officer: Officer) -> None:
    officer.day = "2019-08-02"
    officer.types("issue", "meeting=MINI1", "why=tabled in March")
    officer.day = "2019-08-21"
    officer.types("issue", "meeting=MINI2", "why=two weeks before")
    assert "Forum Doc. No.: 2019/MINI1/003" in officer.reads("005")
    assert "Also tabled at MINI1 as 2019/MINI1/003" in officer.reads("000")


def takes_in_a_late_paper(officer: Officer) -> None:
    officer.day = "2019-08-22"
    place = officer.root / "inputs/mini/received/MINI2/paper.docx"
    place.parent.mkdir(parents=True)
    place.write_bytes(word_paper())
    officer.project.replace(MINI2, "papers:\n", CUT_OFF)
    officer.adds(MINI2, LATE)
    refused = officer.project.build()
    assert refused.code == 1
    assert (
        "found a paper received on 2019-08-22T09:00; expected one received by 2019-08-20T17:00" in refused.err
    )
    officer.adds(MINI2, "    allowed_by: Chair\n")
    officer.types("number", "meeting=MINI2", "why=came late")


def revises(officer: Officer) -> None:
    officer.day = "2019-08-28"
    officer.project.replace(MINI2, "    status: (Draft)\n", "")
    officer.types("revise", "paper=2019/MINI2/003", "why=no longer a draft")
    officer.types("issue", "meeting=MINI2", "paper=2019/MINI2/006", "why=as it was sent")
    assert "(Supersedes 2019/MINI2/003)" in officer.reads("003rev1")
    words = "Late: received on 22 August 2019 (cut-off 20 August 2019), allowed by Chair"
    assert words in officer.reads("000rev1")


def shows_a_correction(officer: Officer) -> None:
    officer.day = "2019-09-02"
    officer.adds(CORRECTIONS, REPORTED)
    refused = officer.project.build()
    assert (
        refused.code == 1
        and f"2019/MINI2/000rev1 differing from what was issued on 2019-08-28, because {CORRECTIONS} changed"
        in refused.err
    )
    officer.types("revise", "paper=2019/MINI2/000rev1,2019/MINI2/001rev1", "why=a correction was reported")
    officer.types("issue", "meeting=MINI2", "why=a correction was reported")
    words = "Correction C1, cover: “Implementation Schedule of the” should read “Implementation Schedule 2019 of the”"
    assert words in officer.reads("000rev2")


def withdraws_and_fixes(officer: Officer) -> None:
    officer.day, project = "2019-09-04", officer.project
    officer.types("withdraw", "paper=2019/MINI2/004", "why=not ready")
    project.replace(CORRECTIONS, "Chile,,open", "Chile,APEC Secretariat,open")
    project.replace(MINI2, "title: Implementation Schedule of", "title: Implementation Schedule 2019 of")
    officer.types("revise", "paper=2019/MINI2/003rev1", "correction=C1", "why=C1 fixed")
    assert ",closed,2019/MINI2/003rev2\n" in (officer.root / CORRECTIONS).read_text(encoding="utf-8")
    officer.types("issue", "meeting=MINI2", "why=as tabled")
    assert "Correction C1" not in officer.reads("000rev3") and "2019/MINI2/004" not in officer.reads(
        "000rev3"
    )


def events(officer: Officer) -> list[dict[str, str]]:
    head, *lines = (officer.root / LEDGER).read_text(encoding="utf-8").splitlines()
    cut = [re.findall(r'(?:^|,)("(?:[^"]|"")*"|[^,]*)', line) for line in lines]
    return [dict(zip(head.split(","), (cell.strip('"') for cell in cells), strict=True)) for cells in cut]


@pytest.mark.slow
def test_the_ledger_has_the_whole_story(officer):
    story = []
    for e in events(officer):
        takes_up = f"; takes up {e['corrects']}" if e["corrects"] else ""
        about = [e[key] for key in ("line", "date", "event", "number", "kind", "meeting")]
        story.append(f"{' '.join(about)}; {e['why']}{takes_up}".rstrip("; ") + "\n")
    assert "".join(story) == RECORD
    assert {e["by"] for e in events(officer)} == {"APEC Secretariat"}


@pytest.mark.slow
def test_every_paper_that_was_ever_circulated_is_archived(officer):
    folder = officer.root / "inputs/mini/issued"
    kept = {path.relative_to(folder).as_posix() for path in folder.rglob("*.docx")}
    assert kept == {e["file"] for e in events(officer) if e["event"] == "issued"} and len(kept) == 15


@pytest.mark.slow
def test_history_lists_the_events_of_a_paper_from_its_number_to_the_freeze(officer):
    lines = officer.types("history", "paper=2019/MINI2/003").splitlines()
    assert [line.split()[1] for line in lines] == [
        "numbered",
        "issued",
        "revised",
        "issued",
        "revised",
        "issued",
        "frozen",
    ]
    title = "Implementation Schedule 2019 of the Mini Working Group"
    assert lines[4] == (
        f"2019-09-04  revised    2019/MINI2/003rev2  {title}, by APEC Secretariat: C1 fixed (corrects C1)"
    )


@pytest.mark.slow
def test_after_the_freeze_a_build_finds_nothing_to_do_and_a_change_is_refused(officer):
    assert officer.project.build().out.startswith("Nothing to be done")
    run = officer.project.run(
        sys.executable, "scripts/forum_papers.py", "revise", "paper=2019/MINI2/005", "why=a late thought"
    )
    assert run.code == 1 and "which is frozen" in run.err


@pytest.mark.slow
def test_the_packages_contain_the_papers_as_tabled_at_the_end(officer):
    names = [
        "00 Document Classification List - 2019-MINI2-000rev3.docx",
        "01 Agenda - 2019-MINI2-001rev3.docx",
        "02 Item 6 - Implementation Schedule 2019 of the Mini Working Group - 2019-MINI2-003rev2.docx",
        "03 Item 6 - Mini Working Group Strategic Plan 2019-2020 - 2019-MINI2-005.docx",
        "04 Item 6 - A Paper of an Economy - 2019-MINI2-006.docx",
        "MANIFEST.csv",
    ]
    packages = officer.root / "outputs/packages"
    for what in ("delegates", "public"):
        assert zipfile.ZipFile(packages / f"MINI2-{what}.zip").namelist() == names
    since = zipfile.ZipFile(packages / "MINI2-since-2019-08-29.zip")
    assert since.namelist() == [*names[:3], names[-1]]
    manifest = since.read("MANIFEST.csv").decode("utf-8-sig").splitlines()
    assert manifest[-1].startswith("2019/MINI2/004,") and "withdrawn on 2019-09-04" in manifest[-1]
    assert "Changed since 2019-08-29: 2019/MINI2/004, withdrawn on 2019-09-04" in officer.printed


@pytest.mark.slow
def test_each_revision_is_compared_with_what_was_circulated_before(officer):
    run = officer.project.build("all", "changes")
    assert run.code == 0, run.err
    redlines = {path.name for path in (officer.root / "outputs/changes/2019/MINI2").iterdir()}
    assert redlines == {f"19_mini2_{serial}_changes.docx" for serial in ("000rev3", "001rev3", "003rev2")}
    title = "Implementation Schedule 2019 of the Mini Working Group"
    assert f"{title}: changes since 2019/MINI2/003rev1: outputs/changes/2019/MINI2/" in run.out
    page = (officer.root / "outputs/forums/mini/index.html").read_text(encoding="utf-8")
    assert "Changes since 2019/MINI2/003rev1" in page
    assert officer.project.build().out.startswith("Nothing to be done")


@pytest.mark.slow
def test_the_outputs_are_the_papers_as_last_issued(officer):
    last = {e["number"].partition("rev")[0]: e["file"] for e in events(officer) if e["event"] == "frozen"}
    for file in last.values():
        archived, delivered = (
            officer.root / "inputs/mini/issued" / file,
            officer.root / "outputs/papers" / file,
        )
        assert archived.read_bytes() == delivered.read_bytes()
