"""The ledger: every change of its text is found, and a number belongs to one paper for ever."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_tools import END, FOLDER, LEDGER, event, read, write
from organisation_tools import GRAMMAR
from papers.ledger.append import append, drop_unfinished_line, ledger_lock
from papers.ledger.file import HEADER, LedgerFile, LedgerRow
from papers.ledger.rules import Ledger, ledger_of
from papers.problems import Problems
from papers.store.locks import LockTimeout
from project_tools import ROOT

A, B = "2018/MINI1/003", "2018/MINI1/004"
HISTORY = (
    event("numbered", A),
    event("issued", A),
    event("issued", B),
    event("revised", f"{A}rev1"),
    event("issued", f"{A}rev1", "ef"),
    event("withdrawn", B),
    event("frozen", f"{A}rev1", "ef"),
)


@pytest.fixture
def root(tmp_path) -> Path:
    write(tmp_path, *HISTORY)
    return tmp_path


def lines(root: Path) -> list[str]:
    return (root / LEDGER).read_text(encoding="utf-8").splitlines()


def write_lines(root: Path, text: list[str]) -> None:
    (root / LEDGER).write_text("\n".join(text) + "\n", encoding="utf-8")


def test_events_are_read_as_written(root):
    rows, problems = read(root)
    assert not problems
    assert [row._replace(line="", check="") for row in rows] == list(HISTORY)
    assert [row.line for row in rows] == [str(n) for n in range(1, len(HISTORY) + 1)]


def test_no_ledger_is_an_empty_ledger(tmp_path):
    assert read(tmp_path) == ([], [])


def test_windows_line_ends_are_not_an_edit(root):
    data = (root / LEDGER).read_bytes()
    (root / LEDGER).write_bytes(data.replace(b"\n", b"\r\n"))
    assert len(read(root)[0]) == len(HISTORY)


@pytest.mark.parametrize("at", range(1, len(HISTORY) + 1))
def test_an_edited_line_is_reported_by_its_number(root, at):
    text = lines(root)
    text[at] = text[at].replace("APEC Secretariat", "Somebody else")
    write_lines(root, text)
    rows, problems = read(root)
    assert rows == []
    assert [(p.kind, p.place.file, p.place.line) for p in problems] == [("broken-chain", LEDGER, at + 1)]
    assert "backup" in str(problems[0])


@pytest.mark.parametrize("at", range(1, len(HISTORY)))
def test_a_deleted_line_is_reported_where_it_was(root, at):
    text = lines(root)
    del text[at]
    write_lines(root, text)
    problems = read(root)[1]
    assert (problems[0].kind, problems[0].place.line) == ("broken-chain", at + 1)
    assert f"found event {at + 1} after event {at - 1}; expected event {at}" in str(problems[0])


@pytest.mark.parametrize("lost", [1, 3, len(HISTORY)])
def test_deleted_last_lines_are_reported(root, lost):
    write_lines(root, lines(root)[:-lost])
    (problem,) = read(root)[1]
    assert problem.kind == "lost-events"
    assert f"found {len(HISTORY) - lost} events" in str(problem)


def test_a_deleted_ledger_is_reported(root):
    (root / LEDGER).unlink()
    assert [problem.kind for problem in read(root)[1]] == ["lost-events"]


def test_a_deleted_end_file_is_reported_and_an_older_one_restores_it(root):
    older = (root / END).read_bytes()
    write(root, event("issued", "2018/MINI2/003"))
    (root / END).unlink()
    (problem,) = read(root)[1]
    assert problem.kind == "lost-events" and "Restore ledger.end alone" in problem.todo
    (root / END).write_bytes(older)
    assert read(root)[1] == []


def test_an_end_file_behind_the_ledger_is_right(root):
    """A writer was stopped between the two files."""
    end = (root / END).read_bytes()
    write(root, event("issued", "2018/MINI2/003"))
    (root / END).write_bytes(end)
    assert read(root)[1] == []


def test_a_ledger_saved_by_excel_is_reported_in_few_lines(root):
    text = [line.replace("2018-08-29", "29/08/2018") for line in lines(root)]
    write_lines(root, text)
    problems = read(root)[1]
    assert len(problems) == 5
    assert {problem.kind for problem in problems} == {"ledger-line"}


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (",issued,", ",isued,", "ledger-line"),
        ("2018/MINI1/003", "2018/MINI1/3", "broken-chain"),
        ('"A paper', "A paper", "ledger-line"),
        ('of words"', "of words", "ledger-line"),
        ("line,date", "line;date", "ledger-columns"),
    ],
)
def test_a_line_that_was_edited_is_reported(root, old, new, kind):
    text = (root / LEDGER).read_text(encoding="utf-8")
    (root / LEDGER).write_text(text.replace(old, new), encoding="utf-8")
    problems = read(root)[1]
    assert problems and {problem.kind for problem in problems} == {kind}


def test_a_binary_file_is_a_problem(root):
    (root / LEDGER).write_bytes(b"\xff\xfe\x00")
    assert [problem.kind for problem in read(root)[1]] == ["unreadable"]


def test_an_unfinished_last_line_is_reported_and_removed_by_the_next_writer(root):
    whole = (root / LEDGER).read_bytes()
    for cut in range(1, 80):
        (root / LEDGER).write_bytes(
            whole + b"8,2018-09-13,issued,2018/MINI2/003,work-plan,MINI2,T,f,aa,bb,c,d,e"[:cut]
        )
        (problem,) = read(root)[1]
        assert (problem.kind, problem.place.line) == ("torn-line", len(HISTORY) + 2)
        assert "run it again (make issue, for example)" in str(problem)
        assert drop_unfinished_line(root / FOLDER)
        assert (root / LEDGER).read_bytes() == whole
    assert drop_unfinished_line(root / FOLDER) == ""


def test_a_full_disk_leaves_the_ledger_as_it_was(root, monkeypatch):
    before = (root / LEDGER).read_bytes()
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[: len(data) // 2]))
    with pytest.raises(OSError, match="only a part"):
        append(root / FOLDER, [event("issued", "2018/MINI2/003")], read(root)[0][-1])
    monkeypatch.undo()
    assert (root / LEDGER).read_bytes() == before


WRITER = """
import sys
from pathlib import Path
from ledger_tools import event, write
name, times = sys.argv[1], int(sys.argv[2])
for n in range(times):
    write(Path("."), event("issued", f"2018/{name}/{n:03d}"), event("withdrawn", f"2018/{name}/{n:03d}"))
    print(n, flush=True)
"""


def start(root: Path, name: str, times: int) -> subprocess.Popen:
    paths = os.pathsep.join([str(ROOT / "tests" / "support"), str(ROOT / "scripts")])
    environment = {**os.environ, "PYTHONPATH": paths}
    command = [sys.executable, "-c", WRITER, name, str(times)]
    return subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def test_concurrent_writers_lose_and_duplicate_nothing(tmp_path):
    writers = [start(tmp_path, f"W{letter}", 12) for letter in "ABCD"]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    rows, problems = read(tmp_path)
    assert not problems
    numbers = [row.number for row in rows if row.event == "issued"]
    assert sorted(numbers) == sorted(f"2018/W{letter}/{n:03d}" for letter in "ABCD" for n in range(12))
    assert all(a.number == b.number for a, b in zip(rows[::2], rows[1::2], strict=True)), (
        "events of one append stay together"
    )


def test_a_killed_writer_leaves_whole_events_and_all_that_it_reported(tmp_path):
    luck = random.Random(47)
    for turn in range(6):
        writer = start(tmp_path, f"K{turn + 1}", 900)
        writer.stdout.readline()
        time.sleep(luck.random() / 20)
        writer.kill()
        reported = 1 + len(writer.communicate()[0].splitlines())
        drop_unfinished_line(tmp_path / FOLDER)
        rows, problems = read(tmp_path)
        assert not problems
        found = sum(row.meeting == f"K{turn + 1}" and row.event == "issued" for row in rows)
        assert found in (reported, reported + 1)
    assert not ledger_problems(rows)


def test_a_command_waits_for_another_and_reports_a_timeout(tmp_path):
    with (
        ledger_lock(tmp_path),
        pytest.raises(LockTimeout, match=re.escape("/.lock: found that another command")),
        ledger_lock(tmp_path, 0.1),
    ):
        pass
    with ledger_lock(tmp_path, 0):
        pass


def ledger_problems(rows: list[LedgerRow]) -> list:
    problems = Problems()
    ledger_of(LedgerFile(LEDGER, rows), GRAMMAR, problems)
    return problems.found


@pytest.mark.parametrize(
    ("refused_event", "found", "todo"),
    [
        (event("numbered", A), "in use since 2018-08-29", "make number"),
        (event("issued", A), "issued on 2018-08-29", "make revise"),
        (event("issued", f"{A}rev1"), f"{A}rev1", "make revise"),
        (event("revised", f"{A}rev2"), f"{A}rev2", "make revise"),
        (event("revised", "2018/MINI1/009rev1"), "never issued", "make"),
        (event("issued", A, kind="agenda"), "belongs to 'A paper, of words'", "make number"),
        (event("withdrawn", f"{A}rev1"), f"{A}rev1", "make history"),
        (event("frozen", A, "zz"), "differing", "make revise"),
        (event("frozen", "2018/MINI1/009"), "not issued", "make issue"),
        (event("corrected", f"{A}rev1"), "a correction at MINI1", "correction=yes"),
        (event("issued", "2018/MINI1/008", file="2018/MINI1/003.DOCX"), "of 2018/MINI1/003", "file_prefix"),
    ],
)
def test_an_event_that_breaks_a_rule_is_refused_with_what_to_do(refused_event, found, todo):
    ledger = Ledger(GRAMMAR, [event("numbered", A), event("issued", A)])
    refused = ledger.refusal(refused_event)
    assert found in refused.found and todo in refused.todo
    with pytest.raises(ValueError, match="expected"):
        ledger.add(refused_event)


def test_a_revision_is_issued_before_the_next_begins():
    ledger = Ledger(GRAMMAR, [event("issued", A), event("revised", f"{A}rev1")])
    for revision in (event("revised", f"{A}rev1"), event("revised", f"{A}rev2")):
        assert "begun on 2018-08-29 and not issued yet" in ledger.refusal(revision).found
    assert ledger.refusal(event("issued", f"{A}rev2")).expected == f"{A}rev1"


def test_an_intersessional_paper_takes_no_serial_of_the_meeting():
    ledger = Ledger(GRAMMAR, [event("issued", "2018/MINI1/IS12")])
    assert ledger.next_serial("2018/MINI1", None) == 3


def test_a_withdrawn_number_never_comes_back():
    ledger = Ledger(GRAMMAR, [event("issued", A), event("withdrawn", A)])
    for name, number in (
        ("issued", A),
        ("revised", f"{A}rev1"),
        ("numbered", A),
        ("withdrawn", A),
        ("frozen", A),
    ):
        assert "withdrawn" in ledger.refusal(event(name, number)).found


def test_after_the_freeze_only_a_correction_changes_anything():
    ledger = Ledger(GRAMMAR, [event("issued", A), event("frozen", A)])
    new, rev1 = "2018/MINI1/009", f"{A}rev1"
    refused = [
        event("revised", rev1),
        event("issued", rev1),
        event("numbered", new),
        event("issued", new),
    ]
    assert all("frozen" in ledger.refusal(late).found for late in refused)
    for allowed in (
        event("corrected", rev1),
        event("issued", rev1),
        event("corrected", new),
        event("issued", new),
    ):
        ledger.add(allowed)
    assert "frozen" in ledger.refusal(event("revised", f"{A}rev2")).found
    assert ledger.refusal(event("numbered", "2018/MINI2/003")) is None


def test_the_next_serial_is_above_all_that_were_ever_used():
    ledger = Ledger(
        GRAMMAR,
        [event("issued", A), event("numbered", B), event("withdrawn", B), event("issued", "2018/MINI2/017")],
    )
    assert ledger.next_serial("2018/MINI1", None) == 5
    assert ledger.next_serial("2018/MINI1", None, [8]) == 9
    assert ledger.next_serial("2018/MINI3", None) == 3
    assert [ledger.next_serial("2018/MINI1", reserved) for reserved in (0, 1)] == [0, 1]
    assert ledger.next_serial("2018/MINI1", 1, [1]) == 5


def test_the_next_revision_counts_from_the_ledger():
    ledger = Ledger(GRAMMAR, HISTORY[:-2])
    assert ledger.next_revision(A) == ledger.next_revision(f"{A}rev1") == f"{A}rev2"
    assert ledger.next_revision(B) == f"{B}rev1"


@pytest.mark.parametrize(
    ("number", "base", "next_one"),
    [
        ("2017/SMEWG45/004", "2017/SMEWG45/004", "2017/SMEWG45/004rev1"),
        ("2017/SMEWG45/004rev1", "2017/SMEWG45/004", "2017/SMEWG45/004rev2"),
        ("2017/SMEWG45/004rev99", "2017/SMEWG45/004", ""),
        ("2017/SMEWG45/IS04", "2017/SMEWG45/IS04", "2017/SMEWG45/IS04rev1"),
        ("2017/SMEWG45/004a", "2017/SMEWG45/004a", ""),
        ("2017/SMEWG45/004anxA", "2017/SMEWG45/004anxA", ""),
        ("2017/SMEWG45/004attB", "2017/SMEWG45/004attB", ""),
    ],
)
def test_grammar_and_ledger_have_one_rule_for_revisions(number, base, next_one):
    assert_one_rule(number)
    ledger = Ledger(GRAMMAR, [event("issued", number)])
    assert [*ledger.papers] == [base]
    assert (ledger.next_revision(number) if ledger.refuse_revision(number) is None else "") == next_one


TAILS = st.from_regex("([0-9]{3}|IS[0-9]{2})(rev[1-9][0-9]?|anx[A-Z]|att[A-Z]|[a-z])?", fullmatch=True)


@given(TAILS)
def test_every_number_can_be_revised_in_the_ledger_if_the_grammar_has_its_revision(tail):
    assert_one_rule(f"2017/SMEWG45/{tail}")


def assert_one_rule(number: str) -> None:
    """What the ledger takes as the next revision is a number with the same base; else it says why there is none."""
    ledger = Ledger(GRAMMAR, [event("issued", number)])
    base, revision = GRAMMAR.split(number)
    if refused := ledger.refuse_revision(number):
        assert not GRAMMAR.is_number(ledger.next_revision(number)) and "make withdraw" in refused.todo
    else:
        ledger.add(event("revised", ledger.next_revision(number)))
        assert ledger.papers[base].next.number == GRAMMAR.with_revision(base, revision + 1)


def test_a_broken_rule_in_the_file_is_reported_by_line():
    rows = [row._replace(line=str(n)) for n, row in enumerate((event("issued", A), event("issued", A)), 1)]
    (problem,) = ledger_problems(rows)
    assert (problem.kind, problem.place.line) == ("ledger-rule", 3)


def test_a_date_that_does_not_exist_is_reported():
    (problem,) = ledger_problems([event("issued", A)._replace(line="1", date="2018-02-30")])
    assert "2018-02-30" in problem.found


def test_the_columns_of_the_file_are_fixed(root):
    assert (
        lines(root)[0]
        == HEADER
        == "line,date,event,number,kind,meeting,title,file,sha256,sources,by,why,corrects,check"
    )
