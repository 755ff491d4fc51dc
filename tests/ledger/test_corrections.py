"""Errors in issued papers: reported, shown in the classification list, closed by a revision."""

from __future__ import annotations

import errno
import io
import zipfile

import pytest
from forum_tools import MINI2, Forum
from ledger_tools import FOLDER, event, write
from organisation_tools import GRAMMAR
from papers.docx.texts import all_words
from papers.ledger.corrections import COLUMNS
from papers.ledger.unfinished_edits import FileEdit
from papers.problems import Problems
from papers.record import corrections, issue, revise
from papers.record.session import IncompleteError, Request, run_verb
from papers.wording.compose import word_paper

FILE = "inputs/mini/corrections.csv"
PLAN, SCHEDULE = "2019/MINI1/003", "2019/MINI2/001"
HEAD = ",".join(COLUMNS)
GOOD = f"C1,{SCHEDULE},Table 1,two years,three years,Chair,APEC Secretariat,open,"
LIST = (
    "papers:\n  - {number: 2019/MINI2/000, kind: classification-list, title: List, submitted_by: [Chair]}\n"
)


@pytest.fixture
def issued(forum, monkeypatch) -> Forum:
    """The miniature forum with two issued papers and a classification list, as the current folder."""
    forum.replace(MINI2, "papers:\n", LIST)
    write(forum.root, event("issued", PLAN, kind="strategic-plan"))
    write(forum.root, event("issued", SCHEDULE, kind="implementation-schedule"))
    forum.write(
        f"{FOLDER}/{SCHEDULE}.docx", docx("<w:p><w:r><w:t>in two</w:t><w:tab/><w:t>years</w:t></w:r></w:p>")
    )
    monkeypatch.chdir(forum.root)
    corrections._read_words.cache_clear()
    return forum


TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


def docx(paragraphs: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        xml = f'<w:document xmlns:w="w"><w:body>{paragraphs}</w:body></w:document>'
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", RELATIONSHIPS)
        package.writestr("word/document.xml", xml)
    return made.getvalue()


def listed(forum: Forum, *rows: str) -> None:
    forum.write(FILE, "\r\n".join([HEAD, *rows, ""]))


def notes(forum: Forum) -> dict[str, str]:
    """Return number -> the note of the second meeting's classification list."""
    model = forum.model()
    meeting = next(meeting for meeting in model.meetings if meeting.code == "MINI2")
    paper = next(paper for paper in meeting.papers if paper.kind == "classification-list")
    rows = word_paper(model, meeting, paper)["fields"]["classification"]["rows"]
    return {row["cells"][0]["text"]: row["cells"][-1]["text"] for row in rows}


def revise_paper(paper: str, *corrects: str, correction: bool = False) -> tuple[list[str], list[str]]:
    """The messages for the user who revises a paper, and the problems."""
    problems = Problems()
    request = Request(
        "mini", GRAMMAR, "", (paper,), "2019-09-05", "APEC Secretariat", "as reported", correction, corrects
    )
    return run_verb(revise.revise_papers, request, problems), problems.lines()


def test_an_open_correction_is_noted_in_the_list_of_papers(issued):
    listed(issued, GOOD)
    assert notes(issued)[SCHEDULE] == "Correction C1, Table 1: “two years” should read “three years”"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_list_is_read_as_excel_saves_it(issued, separator, mark):
    rows = "\r\n".join([HEAD, f"{GOOD}", "," * 8, ""]).replace(",", separator)
    issued.write(FILE, mark + rows.replace("Table 1", '"Table 1"').replace("as_printed", "As printed"))
    assert "C1, Table 1" in notes(issued)[SCHEDULE]


def test_a_rejected_or_closed_correction_is_not_noted(issued):
    listed(issued, GOOD.replace("open", "rejected"))
    assert notes(issued)[SCHEDULE] == ""


def test_the_list_quotes_nothing_of_a_restricted_paper(issued):
    issued.replace(
        MINI2, "    status: (Draft)\n", "    status: (Draft)\n    access: restricted\n    reason: Draft\n"
    )
    listed(issued, GOOD)
    assert notes(issued)[SCHEDULE] == "Correction C1 is open"


def test_the_list_is_made_from_the_corrections_only_where_there_are_some_of_its_papers(issued):
    def made_from() -> list[str]:
        model = issued.model()
        (meeting,) = (meeting for meeting in model.meetings if meeting.code == "MINI2")
        (paper,) = (paper for paper in meeting.papers if paper.kind == "classification-list")
        return word_paper(model, meeting, paper)["made_from"]

    listed(issued)
    assert FILE not in made_from()
    listed(issued, GOOD)
    assert FILE in made_from()


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (GOOD.replace("C1", "yes"), "id", "neither yes nor no"),
        (GOOD.replace("C1", ""), "id", "an empty cell"),
        (GOOD.replace("MINI2/001", "MINI2/009"), "paper", "expected the number of a paper that was issued"),
        (GOOD.replace(SCHEDULE, "2019/MINI2/002rev1"), "paper", "a paper that was issued"),
        (GOOD.replace("two years", ""), "as_printed", "Fill it in."),
        (GOOD.replace("Chair", "Philipines"), "reported_by", 'Did you mean "Philippines"?'),
        (GOOD.replace("open", "opne"), "status", 'Did you mean "open"?'),
        (GOOD.replace("open", "closed"), "status", "make revise paper=2019/MINI2/001 correction=C1"),
        (GOOD + "2019/MINI2/001rev1", "status", "open or rejected, as no revision"),
        (GOOD.replace("APEC Secretariat,open", ",rejected"), "verified_by", "verified_by empty"),
    ],
)
def test_a_mistake_in_a_cell_is_reported_with_line_and_column(issued, row, column, expected):
    listed(issued, "", row)
    (problem,) = issued.problems()
    assert str(problem).startswith(f"{FILE}, line 3, column {column}: found ")
    assert expected in str(problem)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "no line with the titles"),
        (HEAD.replace("status", "state"), 1, 'the unknown column "state"'),
        (f"{HEAD},remarks", 1, 'the unknown column "remarks"'),
        (f"{HEAD}\n{GOOD},x", 2, 'found "x" beyond the last column'),
        (f'{HEAD}\n{GOOD}\n"C2', 3, "quotation marks that do not pair"),
        (f"{HEAD}\n{GOOD}\n{GOOD}", 3, "C1 again (first in line 2)"),
        (f"{HEAD}\nC\x07{GOOD}", 2, "the character U+0007"),
    ],
)
def test_a_broken_file_is_reported_with_its_line(issued, text, line, expected):
    issued.write(FILE, text)
    assert any(str(p).startswith(f"{FILE}, line {line}") and expected in str(p) for p in issued.problems())


def test_a_file_in_a_windows_code_page_is_reported_with_how_to_save_it(issued):
    issued.write(FILE, f"{HEAD}\n{GOOD.replace('Table 1', 'Cuadro nº 1')}".encode("cp1252"))
    (problem,) = issued.problems()
    assert problem.todo == 'Save it in Excel as "CSV UTF-8 (Comma delimited)".'


def test_all_mistakes_are_reported_at_once(issued):
    listed(issued, GOOD.replace("two years", ""), GOOD.replace("C1", "C 2"), GOOD.replace("open", ""))
    assert [problem.place.line for problem in issued.problems()] == [2, 3, 4]


def test_words_that_were_not_printed_are_reported(issued):
    listed(issued, GOOD, GOOD.replace("C1", "C2").replace("two years", "ten years"))
    model, problems = issued.model(), Problems()
    corrections.check_printed(model.corrections, "mini", model.ledger, problems)
    (line,) = problems.lines()
    assert line.startswith(
        f'{FILE}, line 3, column as_printed: found "ten years"; expected words that stand in'
    )


def test_a_revision_that_names_a_correction_closes_it(issued):
    listed(issued, GOOD, GOOD.replace("C1", "C2").replace("Table 1", '"Table 2, row\r\n3"'))
    before = issued.path(FILE).read_bytes()
    messages, problems = revise_paper(SCHEDULE, "C1")
    assert not problems and f"Correction C2 of {SCHEDULE} stays open" in messages
    closed = before.replace(b"Secretariat,open,\r", f"Secretariat,closed,{SCHEDULE}rev1\r".encode(), 1)
    assert issued.path(FILE).read_bytes() == closed
    assert notes(issued)[f"{SCHEDULE}rev1"] == (
        f"Supersedes {SCHEDULE}; Correction C2, Table 2, row 3: “two years” should read “three years”"
    )
    assert ",revised,2019/MINI2/001rev1," in issued.text(f"{FOLDER}/ledger.csv")


def test_byte_order_mark_and_semicolons_of_excel_are_kept(issued):
    issued.write(FILE, "\ufeff" + f"{HEAD}\r\n{GOOD}".replace(",", ";"))
    assert revise_paper(SCHEDULE, "C1")[1] == []
    assert issued.path(FILE).read_bytes().decode() == "\ufeff" + f"{HEAD}\r\n{GOOD}{SCHEDULE}rev1".replace(
        "open", "closed"
    ).replace(",", ";")


def test_the_list_and_the_ledger_cannot_disagree_silently(issued):
    listed(issued, GOOD)
    assert revise_paper(SCHEDULE, "C1")[1] == []
    listed(issued, GOOD)
    (problem,) = issued.problems()
    assert problem.kind == "correction-state" and f"Write status closed and closed_by {SCHEDULE}rev1." in str(
        problem
    )
    listed(issued)
    (problem,) = issued.problems()
    assert problem.kind == "lost-correction"


def test_an_interrupted_revision_is_completed_by_the_same_command(issued):
    listed(issued, GOOD)
    listing, meeting = issued.text(FILE), issued.text(MINI2)
    revise_paper(SCHEDULE, "C1")
    after = issued.text(FILE), issued.text(MINI2)
    for kept in (listing, after[0]):
        issued.write(FILE, kept.replace("\n", "\r\n"))
        issued.write(MINI2, meeting)
        messages, problems = revise_paper(SCHEDULE, "C1")
        assert not problems and "was begun on 2019-09-05: its file is now edited" in messages[0]
        assert (issued.text(FILE), issued.text(MINI2)) == after


@pytest.mark.parametrize(
    ("row", "names", "expected"),
    [
        (GOOD, ("C3",), "expected yes, no, or ids of inputs/mini/corrections.csv"),
        (GOOD.replace("open", "rejected"), ("C1",), "found C1, rejected; expected an open correction"),
        (GOOD.replace("APEC Secretariat", ""), ("C1",), "found C1, verified by nobody"),
        (GOOD.replace(SCHEDULE, PLAN), ("C1",), f"found C1 of {PLAN}; expected a correction of the paper"),
    ],
)
def test_a_correction_that_a_revision_cannot_make_records_nothing(issued, row, names, expected):
    listed(issued, row)
    before = issued.text(f"{FOLDER}/ledger.csv"), issued.text(FILE), issued.text(MINI2)
    messages, problems = revise_paper(SCHEDULE, *names)
    assert not messages and len(problems) == 1 and expected in problems[0]
    assert (issued.text(f"{FOLDER}/ledger.csv"), issued.text(FILE), issued.text(MINI2)) == before


def test_after_the_freeze_a_named_correction_is_reason_enough(issued):
    write(issued.root, event("frozen", SCHEDULE, kind="implementation-schedule"))
    listed(issued, GOOD)
    assert "which is frozen" in revise_paper(SCHEDULE)[1][0]
    assert revise_paper(SCHEDULE, "C1")[1] == []
    assert ",corrected,2019/MINI2/001rev1," in issued.text(f"{FOLDER}/ledger.csv")


def test_a_revision_without_the_correct_words_is_not_issued(issued, monkeypatch):
    listed(issued, GOOD)
    revise_paper(SCHEDULE, "C1")
    paper = issue.BuiltPaper(
        f"{SCHEDULE}rev1", "t", "implementation-schedule", "2019/MINI2/001rev1.docx", "MINI2", ()
    )
    monkeypatch.setattr(issue, "built_papers", lambda *_: [paper])
    monkeypatch.setattr(issue, "_sources", lambda *_: b"")
    for words, refused in (("two years", True), ("three years", False)):
        data = docx(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
        monkeypatch.setattr(issue, "read_as_built", lambda *_, data=data: data)
        issued.write("config.yaml", "forum: mini\n")
        problems, order = (
            Problems(),
            Request("mini", GRAMMAR, "MINI2", (), "2019-09-05", "APEC Secretariat", ""),
        )
        run_verb(issue.issue_papers, order, problems)
        assert bool(problems) == refused
        assert not refused or 'a revision without "three years", which C1 asks for' in problems.lines()[0]


def test_the_words_of_a_paper_are_those_of_its_text_notes_and_charts():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr(
            "word/document.xml",
            '<d xmlns:w="w"><w:p><w:t>one</w:t><w:t>s</w:t></w:p><w:p><w:t>two</w:t></w:p></d>',
        )
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", RELATIONSHIPS)
        package.writestr("word/footnotes.xml", '<d xmlns:w="w"><w:p><w:t>note</w:t></w:p></d>')
        package.writestr("word/charts/chart1.xml", '<c xmlns:c="c"><c:v>3</c:v><c:v>4</c:v></c>')
        package.writestr("word/styles.xml", '<d xmlns:w="w"><w:t>no</w:t></d>')
    assert all_words(made.getvalue()) == "ones two note 3 4"


def test_a_file_that_cannot_be_written_after_the_ledger_is_reported_as_such_and_completed_later(
    issued, monkeypatch
):
    before = issued.text(MINI2)
    with monkeypatch.context() as patched, pytest.raises(IncompleteError, match="No space left on device"):
        patched.setattr(FileEdit, "write", full_disk)
        revise_paper(SCHEDULE)
    assert issued.text(MINI2) == before
    assert ",revised,2019/MINI2/001rev1," in issued.text(f"{FOLDER}/ledger.csv")
    messages, problems = revise_paper(SCHEDULE)
    assert not problems and f"{SCHEDULE}rev1 was begun on 2019-09-05: its file is now edited" in messages
    assert f"number: {SCHEDULE}rev1" in issued.text(MINI2)


def full_disk(self) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", MINI2)


def test_a_list_that_cannot_be_edited_is_refused_before_the_ledger_is_written(issued, monkeypatch):
    listed(issued, GOOD)
    before = issued.text(f"{FOLDER}/ledger.csv"), issued.text(FILE), issued.text(MINI2)
    monkeypatch.setattr(corrections, "_row_text", lambda *_: "another row\r\n")
    messages, problems = revise_paper(SCHEDULE, "C1")
    assert not messages and f"{FILE}: found lines that the command cannot edit" in problems[0]
    assert (issued.text(f"{FOLDER}/ledger.csv"), issued.text(FILE), issued.text(MINI2)) == before


def test_a_row_with_other_signs_between_its_cells_is_one_problem(issued):
    listed(issued, "C1;2019/MINI1/001;Table 1;5;6;Peru;;open;")
    (problem,) = issued.problems()
    assert problem.kind == "separator"
    assert problem.todo == "Open the file in Excel, and save it as CSV again."
