"""The verb new-meeting: what it writes can be built as it is, and what it can't use is reported where it was stated."""

from __future__ import annotations

import io
import os
import sys

import openpyxl
import pytest
from forum_tools import FOLDER, MINI1
from papers.errors import UserError
from papers.inputs.schemas import MeetingFile
from papers.inputs.yaml import read_yaml
from papers.problems import Problems
from papers.start import forms, new_meeting
from papers.wording.compose import word_meeting
from project_tools import copy_built

MINI3 = f"{FOLDER}/meetings/MINI3.yaml"
STATED = {
    "meeting": "MINI3",
    "city": "Lima",
    "economy": "Peru",
    "start": "12 September 2019",
    "end": "2019-09-13",
    "host": "Chile",
    "submitted_by": "APEC Secretariat",
}
AGENDA = [("ITEM", "Title"), (1, "Opening"), ("2", "The plan: its schedule"), ("3", None)]
PAPERS = [
    ("kind", "TITLE", "Agenda item", "Submitted by", "Schedule"),
    ("implementation schedule", 'Plan "A": #2', 2, "Hong Kong, China; the Philippines", 2019),
    ("Terms of Reference", None, "3", None, None),
]


@pytest.fixture
def start(forum, monkeypatch, capsys):
    """Return a function that runs the verb in no terminal and returns its exit code, output and problems."""
    monkeypatch.chdir(forum.root)
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    def start(**options: str) -> tuple[int, str, list[str]]:
        code = new_meeting.run("new-meeting", options)
        printed = capsys.readouterr()
        return code, printed.out, [line.strip() for line in printed.err.splitlines()[1:]]

    return start


def write_list(path, agenda=AGENDA, papers=PAPERS, sheets=("agenda", "PAPERS")) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in zip(sheets, (agenda, papers), strict=True):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def meeting(forum) -> MeetingFile:
    problems = Problems()
    document = read_yaml(forum.path(MINI3), MINI3, MeetingFile, problems)
    assert document, problems.lines()
    return document.form


def test_an_agenda_may_be_typed_with_its_numbers(forum, start):
    assert start(**STATED, agenda="1 Opening; 2. Review of 2 plans")[0] == 0
    assert [(one.item, one.title) for one in meeting(forum).agenda] == [
        ("1", "Opening"),
        ("2", "Review of 2 plans"),
    ]


def test_a_title_that_begins_with_a_number_keeps_it(forum, start):
    assert start(**STATED, agenda="Opening; 2 new proposals")[0] == 0
    assert [one.title for one in meeting(forum).agenda] == ["Opening", "2 new proposals"]


def test_a_form_that_was_not_filled_in_begins_no_meeting(forum, start):
    write_list(forum.path("list.xlsx"), agenda=AGENDA[:1], papers=PAPERS[:1])
    code, _, problems = start(**STATED, papers="list.xlsx")
    assert code == 1 and not forum.path(MINI3).exists()
    assert problems == [
        "list.xlsx: found a workbook without items and papers; expected items in the sheet Agenda, papers in the"
        " sheet Papers. Fill it in, save it, and run the command again; or leave out papers=..."
    ]


# What it writes


def test_a_meeting_from_a_workbook_has_no_problem_and_its_agenda_list_and_papers(forum, start):
    write_list(forum.path("list.xlsx"))
    code, out, problems = start(**STATED, papers="list.xlsx")
    assert (code, problems) == (0, [])
    assert out.startswith(f"Written: {MINI3} with 4 papers: 2019/MINI3/000, 2019/MINI3/001,")
    model = forum.model()
    found = next(one for one in model.meetings if one.code == "MINI3")
    assert [(str(paper.number), paper.kind, paper.agenda_item) for paper in found.papers] == [
        ("2019/MINI3/000", "classification-list", ""),
        ("2019/MINI3/001", "agenda", ""),
        ("2019/MINI3/003", "implementation-schedule", "2"),
        ("2019/MINI3/004", "terms-of-reference", "3"),
    ]
    assert found.agenda == (("1", "Opening"), ("2", "The plan: its schedule"), ("3", ""))
    assert found.papers[2].title == 'Plan "A": #2'
    assert found.papers[2].submitted_by == ("Hong Kong, China", "the Philippines")
    assert len(word_meeting(model, found)["papers"]) == 4


def test_what_is_not_stated_and_certain_is_taken_from_the_inputs_and_said(forum, start):
    code, out, _ = start(**STATED, papers="terms-of-reference, implementation-schedule schedule=2019")
    assert code == 0
    third, fourth = meeting(forum).papers[2:]
    assert (fourth.plan, fourth.purpose, third.title) == ("plan-2019-2020", "Consideration", None)
    assert "plan: plan-2019-2020, the only plan of 2019, at 2019/MINI3/004" in out
    assert "purpose: Consideration  # as 2019/MINI2/001" in forum.text(MINI3)


def test_each_key_that_the_file_has_or_may_have_is_explained(forum, start):
    start(**STATED)
    text = forum.text(MINI3)
    for key in set(MeetingFile.model_fields) - {"folder", "file_prefix", "series", "agenda", "papers"}:
        line = next(line for line in text.splitlines() if line.removeprefix("# ").startswith(f"{key}: "))
        assert len(line.partition("  # ")[2] or line.partition("  #")[2]) > 5, line
    assert "The items of the agenda:" in text and "The papers. Keys of an entry:" in text


def test_a_virtual_meeting_has_no_place(forum, start):
    assert start(**{**STATED, "city": "none", "economy": "None"})[0] == 0
    assert (meeting(forum).city, meeting(forum).economy, meeting(forum).ordinal) == (None, None, 3)


def test_the_host_is_written_only_if_no_file_has_it(forum, start):
    assert start(**{**STATED, "start": "2050-01-02", "end": "2050-01-03", "host": "Peru"})[0] == 0
    assert meeting(forum).host_mark == ["APEC PERU", "2050"]
    forum.path(MINI3).unlink()
    assert start(**STATED)[0] == 0
    assert meeting(forum).host_mark is None


def test_titles_that_yaml_could_misread_are_kept_as_they_are(forum, start):
    titles = ["7", "null", "2019-01-01", "yes", "a: b", "# c", "'d'", "[e]", "- f", "Åland – “g”", "1:30"]
    assert start(**STATED, agenda="; ".join(titles))[0] == 0
    assert [item.title for item in meeting(forum).agenda] == titles


@pytest.mark.slow
def test_the_first_build_after_it_succeeds(tmp_path):
    project = copy_built(tmp_path / "project")
    write_list(project.root / "list.xlsx")
    words = [f"{key}={value}" for key, value in STATED.items() if key != "meeting"]
    command = (sys.executable, "scripts/forum_papers.py", "new-meeting", "MINI3", *words, "papers=list.xlsx")
    run = project.run(*command)
    assert run.code == 0, run.err
    assert project.build().code == 0
    built = {name for name in project.papers() if "MINI3" in name}
    assert built == {f"2019/MINI3/19_mini3_00{serial}.docx" for serial in (0, 1, 3, 4)}


def test_the_list_that_forms_writes_is_read_as_it_is_when_it_is_filled_in(forum, start):
    assert forms.run("forms", {"meeting": "MINI3"}) == 0
    file = "outputs/forms/mini/meetings/MINI3.xlsx"
    book = openpyxl.load_workbook(forum.path(file))
    columns = {cell.value: cell.column_letter for cell in book["Papers"][1]}
    book["Agenda"]["A2"], book["Agenda"]["B2"] = "1", "Opening"
    for title, value in {"Kind": "strategic-plan", "Agenda item": "1", "Schedule": "2019"}.items():
        book["Papers"][f"{columns[title]}2"] = value
    book.save(forum.path(file))
    code, _, problems = start(**STATED, papers=file)
    assert (code, problems) == (0, [])
    assert (meeting(forum).papers[2].schedule, meeting(forum).agenda[0].title) == ("2019", "Opening")
    rules = {str(rule.sqref) for rule in book["Papers"].data_validations.dataValidation}
    assert rules == {
        f"{columns[title]}2:{columns[title]}201" for title in ("Kind", "Purpose", "Plan", "Access")
    }


def test_the_first_meeting_of_a_forum_can_be_begun(forum, start):
    for path in forum.path(f"{FOLDER}/meetings").iterdir():
        path.unlink()
    code, _, problems = start(**STATED, papers="terms-of-reference")
    assert (code, problems) == (0, [])
    assert not forum.problems()


# What it asks for


def test_without_a_terminal_everything_that_is_missing_is_one_list(forum, start):
    code, _, problems = start(meeting="MINI3")
    assert code == 1
    assert [problem.partition(";")[0] for problem in problems] == [
        f"command: found no {key}=..." for key in ("city", "economy", "end", "start")
    ] + [
        f"command, key papers: found nobody who submits {kind}, and no earlier paper of its kind"
        for kind in ("agenda", "classification-list")
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("options", [STATED, {"meeting": "MINI3"}])
def test_in_a_terminal_nothing_is_asked_that_is_known_and_the_end_of_the_input_is_no_answer(
    forum, start, monkeypatch, options
):
    monkeypatch.setattr(sys, "stdin", Terminal())
    code, _, problems = start(**options)
    assert (code == 0) == (options is STATED) == (not problems)


def test_in_a_terminal_it_asks_for_what_is_missing(forum, start, monkeypatch):
    asked, answers = [], iter(["Lima", "Peru", "12 September 2019", "13 September 2019", "Opening", "", ""])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or next(answers))
    code, _, problems = start(meeting="MINI3", submitted_by="Chile", host="Chile")
    assert (code, problems) == (0, [])
    assert [question.split(",")[0] for question in asked[:3]] == [
        "The city",
        "The economy where the meeting is",
        "The first day",
    ]
    assert [item.title for item in meeting(forum).agenda] == ["Opening"]


# What it refuses


def test_all_problems_are_reported_at_once_where_they_were_stated(forum, start):
    papers = [list(row) for row in PAPERS]
    papers[1][0], papers[1][2], papers[2][3], papers[1][4] = "implementation-shedule", 7, "Chili", "=1+1"
    write_list(forum.path("list.xlsx"), papers=papers)
    stated = {**STATED, "economy": "Phillipines", "end": "11/09/2019"}
    code, _, problems = start(**stated, papers="list.xlsx")
    assert code == 1 and not forum.path(MINI3).exists()
    assert [problem.partition(": found")[0] for problem in problems] == [
        "command",
        "command, key economy",
        "list.xlsx, sheet PAPERS, cell A2",
        "list.xlsx, sheet PAPERS, cell C2",
        "list.xlsx, sheet PAPERS, cell E2",
        "list.xlsx, sheet PAPERS, cell D3",
    ]
    assert 'Did you mean "implementation-schedule"?' in "\n".join(problems)


def test_a_cell_that_can_not_be_read_is_one_problem(forum, start):
    write_list(
        forum.path("list.xlsx"),
        [("Item", "Title"), ("=1+1", "x")],
        [("Kind", "Agenda item"), (None, "2"), (7, "2")],
    )
    problems = start(**STATED, papers="list.xlsx")[2]
    places = [problem.partition(": found")[0] for problem in problems]
    assert places == [
        f"list.xlsx, sheet {cell}" for cell in ("PAPERS, row 2", "PAPERS, cell A3", "agenda, cell A2")
    ]


def test_what_a_kind_needs_is_asked_for_in_the_words_of_the_option_or_the_column(forum, start):
    assert "expected year=..." in start(**STATED, papers="indicator-report")[2][0]
    write_list(forum.path("list.xlsx"), papers=[("Kind",), ("summary-report",)])
    (problem,) = start(**STATED, papers="list.xlsx")[2]
    assert (
        problem.startswith("list.xlsx, sheet PAPERS, row 2: found no record")
        and "the column Record" in problem
    )


@pytest.mark.parametrize(
    ("papers", "sheets", "words"),
    [
        ([("Kind", "Titel"), ("agenda", "x")], ("Agenda", "Papers"), 'Did you mean "Title"?'),
        ([("Kind", "kind"), ("agenda", "agenda")], ("Agenda", "Papers"), "found a second column"),
        ([("Kind", "Titel"), ("agenda", "x")], ("Agenda", "Papers"), "sheet Papers, cell B1"),
        ([("Number",), ("2019/MINI3/7",)], ("Agenda", "Papers"), "found neither kind nor file"),
        (PAPERS, ("Agenda", "Paper"), 'Rename the sheet "Paper" to "Papers"'),
        (PAPERS, ("Agend", "Papers"), 'found a sheet "Agend"'),
    ],
)
def test_a_workbook_that_does_not_fit_is_named(forum, start, papers, sheets, words):
    write_list(forum.path("list.xlsx"), AGENDA, papers, sheets)
    code, _, problems = start(**STATED, papers="list.xlsx")
    assert code == 1 and any(words in problem for problem in problems), problems


@pytest.mark.parametrize("code", ["../MINI3", "MINI 3", "", ".MINI3", "A/B"])
def test_a_code_that_is_no_name_of_a_file_is_refused(forum, start, code):
    before = sorted(forum.root.rglob("*"))
    assert start(**{**STATED, "meeting": code})[0] == 1
    assert sorted(forum.root.rglob("*")) == before


def test_a_file_that_exists_is_never_overwritten(forum, start):
    before = forum.text(MINI1)
    code, _, problems = start(**{**STATED, "meeting": "MINI1"})
    assert code == 1 and problems[0].startswith(f"{MINI1}: found a file that exists")
    assert forum.text(MINI1) == before


def test_a_disk_that_refuses_the_file_leaves_none(forum, start, monkeypatch):
    def refuse(source, target):
        raise OSError(28, "No space left on device", os.fspath(target))

    before = sorted(forum.root.rglob("*"))
    monkeypatch.setattr(new_meeting, "replace_file", refuse)
    with pytest.raises(UserError, match=r"MINI3\.yaml"):
        start(**STATED)
    assert sorted(forum.root.rglob("*")) == before


def test_a_problem_of_another_file_hinders_nothing_and_is_counted(forum, start):
    forum.replace(MINI1, "purpose: Information", "purpose: Informations")
    code, out, _ = start(**STATED)
    assert code == 0 and "First fix 1 problem of other inputs" in out


def test_a_number_of_a_paper_that_was_there_before_is_not_given_again(forum, start):
    assert start(**STATED, papers="terms-of-reference")[0] == 0
    first = forum.text(MINI3)
    forum.path(MINI3).unlink()
    forum.write(
        f"{FOLDER}/meetings/OTHER.yaml",
        first.replace("code: MINI3", "code: OTHER\nnumber_prefix: 2019/MINI3"),
    )
    code, _, problems = start(**STATED)
    assert code == 1 and any("2019/MINI3/000 again" in problem for problem in problems)
    assert os.listdir(forum.path(f"{FOLDER}/meetings")).count("MINI3.yaml") == 0
