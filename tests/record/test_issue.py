"""The verbs of the ledger and the builds between them, run as the Secretariat runs them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys

import pytest
from ledger_tools import LEDGER, event, write
from project_tools import ROOT, Project, Run, copy_built, copy_of
from received_tools import word_paper
from word_tools import dump

MINI1, MINI2 = "inputs/mini/meetings/MINI1.yaml", "inputs/mini/meetings/MINI2.yaml"
ISSUED = "inputs/mini/issued"
PLAN, FILE = "2019/MINI1/003", "2019/MINI1/19_mini1_003.docx"


def record(project: Project, *words: str) -> Run:
    """Run a verb of the ledger without make."""
    return project.run(sys.executable, "scripts/forum_papers.py", *words)


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Project:
    """The miniature forum, built, with the paper of MINI1 issued."""
    project = copy_built(tmp_path_factory.mktemp("issued") / "forum")
    run = record(
        project, "issue", "meeting=MINI1", "date=2019-03-14", "by=APEC Secretariat", "why=two weeks before"
    )
    assert run.code == 0, run.err
    return project


@pytest.fixture
def project(once, tmp_path) -> Project:
    return copy_of(once, tmp_path / "forum")


def ledger(project: Project) -> str:
    return (project.root / LEDGER).read_text(encoding="utf-8")


def issued_files(project: Project) -> dict[str, bytes]:
    paths = (project.root / ISSUED).rglob("*.docx")
    return {path.relative_to(project.root / ISSUED).as_posix(): path.read_bytes() for path in paths}


def text_of(project: Project, file: str) -> str:
    return dump((project.root / "outputs/papers" / file).read_bytes())


def test_issue_records_the_paper_and_archives_its_file(project):
    data = (project.root / "outputs/papers" / FILE).read_bytes()
    line = ledger(project).splitlines()[1]
    assert line.startswith(
        f"1,2019-03-14,issued,{PLAN},strategic-plan,MINI1,Mini Working Group Strategic Plan 2019-2020,"
    )
    assert hashlib.sha256(data).hexdigest() in line and ",APEC Secretariat,two weeks before," in line
    assert issued_files(project) == {FILE: data}


def test_the_inputs_of_an_issued_paper_are_listed_as_sha256sum_checks_them(project):
    listed = (project.root / ISSUED / FILE).with_suffix(".sources").read_text(encoding="utf-8").splitlines()
    *lines, text, entry, program = listed
    names = [line.split("  ", 1) for line in lines]
    for comment, what in ((text, "text"), (entry, "entry"), (program, "program")):
        assert re.fullmatch(f"# {what} [0-9a-f]{{64}}", comment)
    assert MINI1 in [name for _, name in names] and "templates/cover.docx" in [name for _, name in names]
    assert all(
        hashlib.sha256((project.root / name).read_bytes()).hexdigest() == sha256 for sha256, name in names
    )


def test_the_history_ends_with_the_check_of_the_last_event_to_keep_elsewhere(project):
    *_, last = ledger(project).splitlines()
    line, check = last.split(",")[0], last.rsplit(",", 1)[1]
    assert record(project, "history").out.splitlines()[-1] == (
        f"To keep elsewhere: the check of event {line} is {check}."
    )


def test_an_event_is_not_recorded_on_a_day_before_the_last_event_of_its_paper(project):
    before = ledger(project)
    run = record(project, "revise", f"paper={PLAN}", "why=again", "date=2019-03-13")
    assert run.code == 1 and ledger(project) == before
    assert f"the day 2019-03-13 for {PLAN}rev1, though {PLAN} was issued on 2019-03-14" in run.err


def test_a_paper_is_neither_issued_nor_revised_before_the_day_until_which_it_counts(project):
    before = ledger(project)
    for file in (MINI1, MINI2):
        project.replace(file, "    purpose: ", "    as_of: 2019-08-31\n    purpose: ")
    words = f"{PLAN}rev1, which counts until 2019-08-31 (as_of); expected 2019-08-31 or a later day"
    run = record(project, "revise", f"paper={PLAN}", "why=again", "date=2019-08-29")
    assert run.code == 1 and f"{MINI1}: found the day 2019-08-29 for {words}" in run.err
    paper = "2019/MINI2/001"
    assert record(project, "revise", f"paper={PLAN}", "why=again", "date=2019-08-31", "by=A").code == 0
    run = record(project, "issue", f"paper={paper}", "date=2019-08-30", "by=A")
    assert run.code == 1 and f"{MINI2}: found the day 2019-08-30 for {paper}, which counts until" in run.err
    assert record(project, "issue", f"paper={paper}", "date=2019-08-31", "by=A").code == 0
    assert [line.split(",")[1:4] for line in ledger(project).removeprefix(before).splitlines()] == [
        ["2019-08-31", "revised", f"{PLAN}rev1"],
        ["2019-08-31", "issued", paper],
    ]


def test_a_ledger_that_was_lost_beside_its_archive_stops_builds_and_commands_until_it_is_restored(project):
    lost = {name: (project.root / ISSUED / name).read_bytes() for name in ("ledger.csv", "ledger.end")}
    project.replace(MINI1, f"  - number: {PLAN}\n    kind", "  - kind")
    for name in lost:
        (project.root / ISSUED / name).unlink()
    for run in (project.build(), record(project, "number", "meeting=MINI1", "by=A")):
        assert run.code == 1
        assert any(f"{LEDGER}: found no event of 2 archived files" in problem for problem in run.problems)
        assert "Run git checkout HEAD -- " in run.err and "elete that file" not in run.err
    assert not (project.root / LEDGER).exists()
    for name, data in lost.items():
        (project.root / ISSUED / name).write_bytes(data)
    run = record(project, "number", "meeting=MINI1", "by=A", "date=2019-03-20")
    assert run.code == 0 and "number: 2019/MINI1/004" in (project.root / MINI1).read_text(encoding="utf-8")


def test_after_an_issue_the_papers_are_the_same_and_a_second_issue_records_nothing(project):
    before, papers = ledger(project), project.papers()
    run = record(project, "issue", f"paper={PLAN}")
    assert run.code == 0 and f"{PLAN} was issued on 2019-03-14 already" in run.out
    assert (ledger(project), project.papers()) == (before, papers)
    assert project.build().out.startswith("Nothing to be done")


def test_a_paper_that_differs_from_what_was_issued_stops_the_build_before_it_is_delivered(project):
    before = project.papers()
    project.replace(MINI1, "purpose: Information", "purpose: Consideration")
    run = project.build()
    assert run.code == 1 and project.papers() == before
    assert run.problems == [
        f"{MINI1}: found {PLAN} differing from what was issued on 2019-03-14, because {MINI1} changed; "
        f'expected the paper as it was issued. Undo the change, or run make revise paper={PLAN} why="...".'
    ]
    project.replace(MINI1, "purpose: Consideration", "purpose: Information")
    assert project.build().code == 0


@pytest.mark.slow
def test_a_change_of_the_settings_is_named_as_the_reason(project):
    shutil.copy(project.root / "templates/cover.docx", project.root / "templates/~keep.docx")
    (project.root / "templates/~keep.docx").unlink()
    (project.root / "inputs/mini/settings.yaml").write_text("language: en-US\n", encoding="utf-8")
    run = project.build()
    assert [problem.partition("because ")[2].partition(";")[0] for problem in run.problems] == [
        "inputs/mini/settings.yaml changed"
    ]


def test_a_revision_changes_number_file_cover_and_says_what_it_supersedes(project):
    project.replace(MINI1, "title: Mini", "title: The Mini")
    text = (project.root / MINI1).read_text(encoding="utf-8")
    run = record(project, "revise", f"paper={PLAN}", "why=the title was wrong", "by=APEC Secretariat")
    assert run.code == 0, run.err
    edited = f"number: {PLAN}rev1\n    supersedes: {PLAN}\n"
    assert (project.root / MINI1).read_text(encoding="utf-8") == text.replace(f"number: {PLAN}\n", edited)
    assert project.build().code == 0
    file = FILE.replace("003", "003rev1")
    assert set(project.papers()) >= {file} and FILE not in project.papers()
    words = text_of(project, file)
    assert f"{PLAN}rev1" in words and f"(Supersedes {PLAN})" in words
    assert record(project, "issue", f"paper={PLAN}rev1").code == 0
    assert set(issued_files(project)) == {FILE, file}
    assert record(project, "revise", f"paper={PLAN}rev1", "why=again").code == 0
    assert f"number: {PLAN}rev2\n    supersedes: {PLAN}rev1\n" in (project.root / MINI1).read_text(
        encoding="utf-8"
    )


def test_the_classification_list_says_what_a_revision_supersedes(forum):
    forum.replace(
        MINI2, "number: 2019/MINI2/002rev1", "number: 2019/MINI2/002rev1\n    supersedes: 2019/MINI2/002"
    )
    from_list = {paper.supersedes for meeting in forum.model().meetings for paper in meeting.papers}
    assert from_list == {"", "2019/MINI2/002"}


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (f"number: {PLAN}", f"number: {PLAN}rev1", "not-as-issued"),
        (f"number: {PLAN}", "number: 2019/MINI1/004", "issued-paper-gone"),
        ("kind: strategic-plan", "kind: implementation-schedule", "not-as-issued"),
        (f"number: {PLAN}", f"number: {PLAN}rev1\n    supersedes: 2019/MINI1/004", "supersedes"),
        (f"  - number: {PLAN}\n    kind", "  - kind", "missing-number"),
    ],
)
def test_a_number_that_contradicts_the_ledger_is_refused(forum, old, new, kind):
    about = {"kind": "strategic-plan", "meeting": "MINI1"}
    write(forum.root, event("issued", PLAN, **about))
    assert not forum.problems()
    forum.replace(MINI1, old, new)
    assert kind in {problem.kind for problem in forum.problems()}


def test_a_revision_cannot_go_back(forum):
    about = {"kind": "strategic-plan", "meeting": "MINI1"}
    file = {"file": "2019/MINI1/b.docx"}
    events = event("issued", PLAN, **about), event("revised", f"{PLAN}rev1", **about)
    write(forum.root, *events, event("issued", f"{PLAN}rev1", **{**about, **file}))
    (problem,) = forum.problems()
    assert (problem.kind, problem.todo) == ("not-as-issued", f"Write {PLAN}rev1 again.")


def test_papers_are_numbered_once_and_reordering_changes_no_number(project):
    project.replace(
        MINI2,
        "papers:\n",
        "papers:\n  - title: Agenda of the meeting   # new\n    kind: agenda\n    submitted_by: [Chair]\n",
    )
    run = project.build()
    assert run.code == 1 and "Run make number meeting=MINI2" in run.problems[0]
    assert record(project, "number", "meeting=MINI2", "why=new").code == 0
    text = (project.root / MINI2).read_text(encoding="utf-8")
    assert "  - number: 2019/MINI2/003\n    title: Agenda of the meeting   # new\n    kind: agenda\n" in text
    assert "numbered,2019/MINI2/003,agenda,MINI2" in ledger(project)
    head, *entries = re.split(r"(?m)^(?=  - number)", text)
    (project.root / MINI2).write_text(head + "".join(reversed(entries)), encoding="utf-8")
    assert "has its number" in record(project, "number", "meeting=MINI2").out
    assert project.build().code == 0
    assert "2019/MINI2/19_mini2_003.docx" in project.papers()


@pytest.mark.slow
def test_a_frozen_meeting_changes_only_by_a_correction_with_a_reason(project):
    assert record(project, "freeze", "meeting=MINI1", "date=2019-04-01", "by=APEC Secretariat").code == 0
    assert f"2019-04-01,frozen,{PLAN}," in ledger(project)
    refused = record(project, "revise", f"paper={PLAN}", "why=a late thought")
    assert refused.code == 1 and "which is frozen" in refused.err and "correction=yes" in refused.err
    assert record(project, "revise", f"paper={PLAN}", "correction=yes").code == 1
    assert record(project, "revise", f"paper={PLAN}", "why=a figure was wrong", "correction=yes").code == 0
    assert record(project, "issue", f"paper={PLAN}rev1", "by=APEC Secretariat").code == 0


@pytest.mark.slow
def test_freezing_needs_every_paper_issued(project):
    run = record(project, "freeze", "meeting=MINI2")
    assert run.code == 1 and len(run.problems) == 2
    assert "Run make issue paper=2019/MINI2/001 first." in run.problems[0]


def test_history_prints_who_did_what_when_and_why(project):
    record(project, "withdraw", f"paper={PLAN}", "why=never meant", "by=The Chair", "date=2019-03-20")
    assert record(project, "history", f"paper={PLAN}").out.splitlines() == [
        f"2019-03-14  issued     {PLAN}  Mini Working Group Strategic Plan 2019-2020, by APEC Secretariat: two weeks before",
        f"2019-03-20  withdrawn  {PLAN}  Mini Working Group Strategic Plan 2019-2020, by The Chair: never meant",
    ]
    assert PLAN not in (project.root / MINI1).read_text(encoding="utf-8")
    assert project.build().code == 0


@pytest.mark.slow
def test_an_archived_file_that_was_changed_is_reported_by_the_next_build(project):
    kept = project.root / ISSUED / FILE
    data = kept.read_bytes()
    kept.write_bytes(data + b"x")
    run = project.build()
    assert run.code == 1 and run.problems[0].startswith(
        f"{ISSUED}/{FILE}: found a changed file, archived for {PLAN}"
    )
    kept.unlink()
    assert "found no such file" in project.build().problems[0]
    kept.write_bytes(data)
    assert project.build().code == 0


def test_an_edited_ledger_stops_the_build_with_its_line(project):
    (project.root / LEDGER).write_text(ledger(project).replace("two weeks", "three weeks"), encoding="utf-8")
    assert project.build().problems[0].startswith(f"{LEDGER}, line 2: found a line that was edited")


@pytest.mark.slow
def test_an_edited_paper_is_kept_aside_and_the_built_one_is_issued(project):
    place = project.root / "outputs/papers/2019/MINI2/19_mini2_001.docx"
    data = place.read_bytes()
    place.write_bytes(data + b"edited")
    run = record(project, "issue", "paper=2019/MINI2/001")
    assert run.code == 0 and "kept as" in run.err
    assert issued_files(project)["2019/MINI2/19_mini2_001.docx"] == data


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("isue",), 'Did you mean "issue"?'),
        (("issue",), "meeting=... or paper=..."),
        (("issue", "meeting=MINI9"), "a meeting with papers: MINI1, MINI2"),
        (("issue", "paper=2019/MINI1/004"), f'Did you mean "{PLAN}"?'),
        (("issue", "papers=2019/MINI1/004"), 'Did you mean "paper"?'),
        (("issue", "meeting=MINI1", "date=29.8.2018"), "a date such as 2018-08-29"),
        (("revise", f"paper={PLAN}"), 'Write make revise paper=2018/SMEWG47/003 why="...".'),
        (("revise", "paper=2019/MINI2/001", "why=x"), "never issued"),
        (("number", "meeting=MINI"), "Did you mean"),
        (("withdraw", "paper=2019/MINI1/009", "why=x"), f'Did you mean "{PLAN}"?'),
    ],
)
def test_a_wrong_command_records_nothing_and_says_what_is_expected(project, words, expected):
    before = ledger(project), (project.root / MINI1).read_bytes()
    run = record(project, *words)
    assert run.code == 1 and expected in run.err and "Traceback" not in run.err
    assert re.search(r"(?m)^Nothing was (done|recorded)\. Please fix:$", run.err)
    assert run.out == "" and "reading the inputs" not in run.err  # nothing was built
    assert (ledger(project), (project.root / MINI1).read_bytes()) == before


def test_make_passes_every_argument_on():
    command = ["make", "-n", "issue", "meeting=MINI1", """why=it's 5$ "so" `id`"""]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (line,) = [
        line for line in out.splitlines() if " issue " in line
    ]  # make within make prints its folder too
    assert line.split(" issue ")[1].split() == ["'meeting=MINI1'", "'why=it'\\''s", "5$", '"so"', "`id`'"]


@pytest.mark.slow
def test_commands_at_the_same_time_follow_each_other(project):
    commands = [
        [sys.executable, "scripts/forum_papers.py", "issue", f"meeting={code}"]
        for code in ("MINI2", "MINI2", "MINI1")
    ]
    running = [
        subprocess.Popen(c, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for c in commands
    ]
    ended = [process.communicate(timeout=200) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], ended
    assert [line.split(",")[3] for line in ledger(project).splitlines()[1:]] == [
        PLAN,
        "2019/MINI2/001",
        "2019/MINI2/002rev1",
    ]
    assert project.build().code == 0


@pytest.mark.slow
def test_papers_of_other_meetings_are_built_and_the_build_says_so(project):
    before = project.papers()
    project.replace(MINI1, "purpose: Information", "purpose: Consideration")
    project.replace(MINI2, "title: Terms", "title: The Terms")
    run = project.build()
    assert run.code == 1 and project.papers()[FILE] == before[FILE]
    assert "Not everything was made, but 1 paper was. Please fix this:" in run.err


@pytest.mark.slow
def test_a_restated_text_is_issued_with_a_reason_only_until_the_endorsed_one_is_put_in(project):
    purpose, terms = "inputs/mini/terms-of-reference/purpose.md", "2019/MINI2/002rev1"
    endorsed = (project.root / purpose).read_text(encoding="utf-8")
    (project.root / purpose).write_text(f"---\nrestated: true\n---\n{endorsed}", encoding="utf-8")
    assert record(project, "revise", f"paper={PLAN}", "why=restated").code == 0
    before = ledger(project)
    refused = record(project, "issue", f"paper={terms}")
    assert refused.code == 1 and ledger(project) == before
    assert f"found {terms} with restated text; expected the endorsed text" in refused.err
    marked = json.loads((project.root / "outputs/forums/mini/papers.json").read_text(encoding="utf-8"))[
        "papers"
    ]
    assert terms in [paper["number"] for paper in marked if paper["restated"]]
    assert "Restated text, not the endorsed text" in (
        project.root / "outputs/forums/mini/index.html"
    ).read_text("utf-8")
    (project.root / purpose).write_text(endorsed, encoding="utf-8")
    assert record(project, "issue", f"paper={terms}").code == 0


def restate(project: Project) -> None:
    """Say that the Terms of Reference are in other words than the endorsed ones, which the issued plan prints too."""
    assert record(project, "revise", f"paper={PLAN}", "why=restated", "by=A").code == 0
    purpose = project.root / "inputs/mini/terms-of-reference/purpose.md"
    purpose.write_text(f"---\nrestated: true\n---\n{purpose.read_text(encoding='utf-8')}", encoding="utf-8")


def test_a_reason_is_for_the_papers_that_it_is_given_for_and_recorded_with_those_that_needed_it(project):
    restate(project)
    terms, schedule = "2019/MINI2/002rev1", "2019/MINI2/001"
    before = ledger(project)
    for words in (("why=as agreed",), (f"paper={schedule}", "why=as agreed"), ()):
        run = record(project, "issue", "meeting=MINI2", "by=A", *words)
        assert run.code == 1 and ledger(project) == before
        assert f'paper={terms} why="...".' in run.err and "Nothing to be done" not in run.out
    run = record(project, "issue", "meeting=MINI2", f"paper={terms}", "why=as agreed", "by=A")
    assert run.code == 0, run.err
    issued = ledger(project).removeprefix(before).splitlines()
    assert {line.split(",")[3]: line.split(",")[11] for line in issued} == {schedule: "", terms: "as agreed"}


def test_a_paper_is_not_issued_on_a_day_before_it_was_received(project):
    project.replace(MINI2, "agenda:\n", "cut_off: 2019-08-20T17:00\ntime_zone: Pacific/Auckland\nagenda:\n")
    file = project.root / "inputs/mini/received/MINI2/paper.docx"
    file.parent.mkdir(parents=True)
    file.write_bytes(word_paper())
    entry = (
        "  - number: 2019/MINI2/004\n    file: received/MINI2/paper.docx\n    title: A Paper\n"
        "    submitted_by: [Peru]\n    received: 2019-08-18T19:00-05:00\n"
    )
    path = project.root / MINI2
    path.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")
    words = ("issue", "paper=2019/MINI2/004", "by=A", "why=as it was sent")
    run = record(project, *words, "date=2019-08-18")
    assert (
        run.code == 1
        and (
            f"{MINI2}: found the day 2019-08-18 for 2019/MINI2/004, which was received on 2019-08-19 (received);"
            " expected 2019-08-19 or a later day."
        )
        in run.err
    )
    assert record(project, *words, "date=2019-08-19").code == 0


def test_a_build_names_of_two_changed_files_the_one_that_says_something_else_of_the_paper(project):
    meeting = project.root / MINI1
    meeting.write_text(f"# A comment.\n{meeting.read_text(encoding='utf-8')}", encoding="utf-8")
    appendix = "inputs/mini/plan-2019-2020/sections/appendix.md"
    text = (project.root / appendix).read_text(encoding="utf-8")
    (project.root / appendix).write_text(f"{text}\nOne more sentence.\n", encoding="utf-8")
    (problem,) = project.build().problems
    assert f"because {appendix} changed; expected the paper as it was issued" in problem


# Withdraw and revise, with what belongs to them

LISTED = """papers:
  # The list and the agenda.
  - number: 2019/MINI2/000
    kind: classification-list
    title: Document Classification List
    submitted_by: [APEC Secretariat]
  - number: 2019/MINI2/004
    kind: agenda
    title: Agenda
    submitted_by: [Chair]
"""
SCHEDULE, NEXT = "2019/MINI2/001", "Next: make issue meeting=MINI2"
WORDS = ("date=2019-08-21", "by=A")


@pytest.fixture(scope="module")
def listed_once(tmp_path_factory) -> Project:
    """The miniature forum with list and agenda at MINI2, whose papers are all issued."""
    project = copy_built(tmp_path_factory.mktemp("listed") / "forum")
    project.replace(MINI2, "papers:\n", LISTED)
    for meeting in ("MINI1", "MINI2"):
        run = record(project, "issue", f"meeting={meeting}", *WORDS)
        assert run.code == 0, run.err
    return project


@pytest.fixture
def listed(listed_once, tmp_path) -> Project:
    return copy_of(listed_once, tmp_path / "forum")


def events_since(project: Project, before: str) -> list[str]:
    lines = ledger(project).removeprefix(before).splitlines()
    return [" ".join(line.split(",")[2:4]) for line in lines]


def test_withdraw_removes_the_entry_and_revises_list_and_agenda_so_that_no_other_verb_fails(listed):
    before, text = ledger(listed), (listed.root / MINI2).read_text(encoding="utf-8")
    run = record(listed, "withdraw", f"paper={SCHEDULE}", "why=not ready", *WORDS)
    assert run.code == 0 and NEXT in run.out, run.err
    revised = ["revised 2019/MINI2/000rev1", "revised 2019/MINI2/004rev1"]
    assert events_since(listed, before) == [f"withdrawn {SCHEDULE}", *revised]
    assert f",A,withdrawal of {SCHEDULE}," in ledger(listed)
    start = text.index(f"  - number: {SCHEDULE}")
    left = text[:start] + text[text.index("  - number: 2019/MINI2/002rev1") :]
    for number in ("2019/MINI2/000", "2019/MINI2/004"):
        left = left.replace(f"number: {number}\n", f"number: {number}rev1\n    supersedes: {number}\n")
    assert (listed.root / MINI2).read_text(encoding="utf-8") == left
    run = record(listed, "issue", "meeting=MINI2", *WORDS)
    assert run.code == 0, run.err
    assert SCHEDULE not in text_of(listed, "2019/MINI2/19_mini2_000rev1.docx")
    again = record(listed, "withdraw", f"paper={SCHEDULE}", "why=not ready", *WORDS)
    assert again.code == 0 and f"{SCHEDULE} was withdrawn on 2019-08-21 already" in again.out


def test_revise_begins_revisions_of_list_and_agenda_once(listed):
    before = ledger(listed)
    assert record(listed, "revise", f"paper={SCHEDULE}", "why=typo", *WORDS).code == 0
    revised = [f"revised 2019/MINI2/{serial}rev1" for serial in ("001", "000", "004")]
    assert events_since(listed, before) == revised
    assert record(listed, "revise", "paper=2019/MINI2/002rev1", "why=typo", *WORDS).code == 0
    assert events_since(listed, before) == [*revised, "revised 2019/MINI2/002rev2"]
    run = record(listed, "issue", "meeting=MINI2", *WORDS)
    assert run.code == 0, run.err


@pytest.mark.parametrize("flag", ["--dry-run", "dry-run=yes"])
def test_a_dry_run_shows_the_events_and_the_edits_and_writes_nothing(listed, flag):
    files = {path: path.read_bytes() for path in (listed.root / "inputs").rglob("*") if path.is_file()}
    run = record(listed, "withdraw", f"paper={SCHEDULE}", "why=not ready", flag, *WORDS)
    assert run.code == 0, run.err
    assert f"would be recorded: 2019-08-21  withdrawn  {SCHEDULE}  Implementation Schedule" in run.out
    assert f"would be edited: {MINI2}\n" in run.out and f"  -  - number: {SCHEDULE}\n" in run.out
    assert "  +  - number: 2019/MINI2/000rev1\n" in run.out and "Nothing was written." in run.out
    lock = listed.root / ISSUED / ".lock"
    now = {path: path.read_bytes() for path in (listed.root / "inputs").rglob("*") if path.is_file()}
    assert {path: data for path, data in now.items() if path != lock} == {
        path: data for path, data in files.items() if path != lock
    }


@pytest.mark.slow
def test_after_the_freeze_every_paper_is_revised_and_withdrawn_as_a_correction(listed):
    assert record(listed, "freeze", "meeting=MINI2", *WORDS).code == 0
    before = ledger(listed)
    for verb, paper in (("revise", "2019/MINI2/002rev1"), ("withdraw", SCHEDULE)):
        refused = record(listed, verb, f"paper={paper}", "why=a mistake", *WORDS)
        assert refused.code == 1 and "which is frozen" in refused.err and ledger(listed) == before
    for verb, paper in (("revise", "2019/MINI2/002rev1"), ("withdraw", SCHEDULE)):
        run = record(listed, verb, f"paper={paper}", "why=a mistake", "correction=yes", *WORDS)
        assert run.code == 0, run.err
    corrected = [f"corrected 2019/MINI2/{number}" for number in ("002rev2", "000rev1", "004rev1")]
    assert events_since(listed, before) == [*corrected, f"withdrawn {SCHEDULE}"]
    assert record(listed, "issue", "meeting=MINI2", *WORDS).code == 0
    assert record(listed, "revise", "paper=2019/MINI2/000rev1", "why=x", "correction=yes", *WORDS).code == 0
    assert record(listed, "issue", "meeting=MINI2", *WORDS).code == 0


@pytest.mark.slow
def test_an_entry_that_shares_its_line_with_others_is_not_removed_and_nothing_is_recorded(listed):
    before, text = ledger(listed), (listed.root / MINI2).read_text(encoding="utf-8")
    flat = (
        text[: text.index("papers:")]
        + "papers: ["
        + ", ".join(
            f"{{number: {number}, kind: {kind}, title: T, submitted_by: [Chair]}}"
            for number, kind in (
                ("2019/MINI2/000", "classification-list"),
                (SCHEDULE, "implementation-schedule"),
            )
        )
    )
    (listed.root / MINI2).write_text(f"{flat}]\n", encoding="utf-8")
    run = record(listed, "withdraw", f"paper={SCHEDULE}", "why=not ready", *WORDS)
    assert run.code == 1 and "an entry that shares its lines with others" in run.err
    assert ledger(listed) == before and (listed.root / MINI2).read_text(encoding="utf-8") == f"{flat}]\n"
