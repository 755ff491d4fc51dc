"""Issued papers that a build fills with other bytes: which are delivered from the archive, and which are a problem."""

from __future__ import annotations

from pathlib import Path

import pytest
from papers.errors import UserError
from papers.ledger.archive import sources_list
from papers.ledger.mismatch import IssuedPapers, digest_of_entries, reason_for_change, source_comments
from papers.store import program
from papers.store.files import digest, to_json

MEETING, TEXT, CONFIG, TEMPLATE = "inputs/m.yaml", "inputs/text.md", "config.yaml", "templates/cover.docx"
LOGO = "inputs/logo.png"
KEPT, SOURCES = "inputs/issued/a.docx", "inputs/issued/a.sources"
CIRCULATED, FILLED = b"as circulated", b"as filled now"
REVISE = 'run make revise paper=2019/M/003 why="...".'


@pytest.fixture
def paper(tmp_path, monkeypatch) -> dict:
    """The context of a paper that was issued; its files are in the current folder."""
    monkeypatch.chdir(tmp_path)
    for file in (MEETING, TEXT, CONFIG, TEMPLATE, LOGO):
        write(file, f"{file} at issue")
    context = {
        "number": "2019/M/003",
        "file": "a.docx",
        "received": "",
        "made_from": [MEETING, TEXT],
        "entry": "digest of the entry",
        "listed": {},
        "templates": [TEMPLATE],
        "properties": {"title": "A & B"},
        "fields": {"cover": {"title": "A & B", "lines": ["one", "two"]}},
        "issued": {
            "sha256": digest(CIRCULATED),
            "date": "2019-03-14",
            "place": MEETING,
            "sources": SOURCES,
            "kept": KEPT,
        },
    }
    write(KEPT, CIRCULATED.decode())
    archive_sources(context)
    return context


def write(file: str, text: str) -> None:
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(text, encoding="utf-8")


def archive_sources(paper: dict, comments: bool = True) -> None:
    files = [*paper["made_from"], CONFIG, TEMPLATE, LOGO]
    listed = sources_list(files, source_comments(paper) if comments else ())
    write(SOURCES, listed.decode())


def replace(paper: dict, data: bytes = FILLED) -> tuple[bytes, IssuedPapers]:
    """Return what is delivered of the paper filled with `data`, and what is reported."""
    write("context.json", to_json({"papers": [paper]}).decode())
    issued = IssuedPapers("context.json")
    ((_, delivered),) = issued.replace([(paper, data)])
    return delivered, issued


def cause(paper: dict) -> str:
    """The cause that the notice about a paper names; the paper must be delivered as it was issued."""
    delivered, issued = replace(paper)
    assert delivered == CIRCULATED and not issued.problems
    (notice,) = issued.notices
    assert notice.startswith(f"{MEETING}: found 2019/M/003 differing from what was issued, because ")
    assert notice.endswith(f"the new look, {REVISE}")
    return notice.partition("because ")[2].partition(" changed;")[0]


def problem(paper: dict) -> str:
    """The cause that the problem of a paper names."""
    _, issued = replace(paper)
    assert not issued.notices
    (found,) = issued.problems
    assert found.startswith(
        f"{MEETING}: found 2019/M/003 differing from what was issued on 2019-03-14, because "
    )
    return found.partition("because ")[2].partition(" changed;")[0]


def another_program(monkeypatch) -> None:
    monkeypatch.setattr(program, "code_digest", lambda: "digest of another version")


def another_text(paper: dict) -> dict:
    return {**paper, "fields": {"cover": {"title": "A and B"}}}


def test_for_a_paper_as_it_was_issued_nothing_is_read(paper):
    Path(KEPT).unlink()
    Path(SOURCES).unlink()
    delivered, issued = replace(paper, CIRCULATED)
    assert delivered == CIRCULATED and not (issued.notices or issued.problems)


def test_a_paper_that_was_not_issued_is_delivered_as_filled(paper):
    delivered, issued = replace({**paper, "issued": None})
    assert delivered == FILLED and not (issued.notices or issued.problems)
    assert not issued.has_same_inputs({**paper, "issued": None})


def test_a_changed_template_logo_or_program_is_a_notice(paper, monkeypatch):
    assert cause(paper) == "a package that the program uses"
    write(LOGO, "another")
    assert cause(paper) == LOGO
    write(TEMPLATE, "another")
    assert cause(paper) == f"{LOGO} and {TEMPLATE}"
    another_program(monkeypatch)
    assert cause(paper) == f"{LOGO} and {TEMPLATE} and the program"


@pytest.mark.parametrize("file", [TEXT, MEETING, CONFIG])
def test_an_input_that_changes_the_text_is_a_problem_and_one_that_does_not_is_none(paper, file):
    write(file, "another")
    assert problem(another_text(paper)) == file
    assert cause(paper) == "a package that the program uses"


def test_a_setting_of_the_command_line_that_changes_the_text_is_a_problem(paper):
    assert problem({**another_text(paper), "entry": "with another setting"}) == "config.yaml or --config"


def test_an_input_that_was_added_or_deleted_is_a_changed_input(paper):
    write("inputs/new.md", "new")
    assert problem(another_text({**paper, "made_from": [MEETING, TEXT, "inputs/new.md"]})) == "inputs/new.md"
    Path(TEXT).unlink()
    assert problem(another_text({**paper, "made_from": [MEETING]})) == TEXT


def test_a_received_file_is_part_of_the_text(paper):
    received = {**paper, "received": TEXT, "received_sha256": "digest of the file"}
    archive_sources(received)
    write(TEXT, "sent again")
    assert problem({**received, "received_sha256": "digest of another file"}) == TEXT


def test_with_another_program_the_file_of_the_meeting_may_change_for_other_papers(paper, monkeypatch):
    another_program(monkeypatch)
    write(MEETING, "the number of another paper")
    write(CONFIG, "another meeting")
    assert cause(another_text(paper)) == "the program"
    assert problem(another_text({**paper, "entry": "digest of another entry"})) == f"{MEETING} or the program"
    write(TEXT, "another")
    assert problem(another_text(paper)) == f"{TEXT} or the program"


def test_a_list_of_an_earlier_version_without_comments_knows_the_files_only(paper, monkeypatch):
    archive_sources(paper, comments=False)
    another_program(monkeypatch)
    assert cause(another_text(paper)) == "the program"
    write(TEMPLATE, "another")
    assert cause(another_text(paper)) == TEMPLATE
    write(MEETING, "another")
    assert problem(paper) == f"{MEETING} or the program"


@pytest.mark.parametrize("file", [KEPT, SOURCES])
def test_a_missing_archived_file_is_an_error_and_nothing_else_is_delivered(paper, file):
    Path(file).unlink()
    with pytest.raises(UserError, match=f"{file}: found no such file, archived for 2019/M/003; expected"):
        replace(paper)


def test_a_damaged_archived_paper_is_an_error_and_is_not_delivered(paper):
    write(KEPT, "edited")
    with pytest.raises(UserError, match=f"{KEPT}: found a changed file, archived for 2019/M/003; expected"):
        replace(paper)


def test_a_notice_names_three_papers_and_counts_the_others(paper):
    papers = [{**paper, "number": f"2019/M/00{n}", "file": f"{n}.docx"} for n in range(3, 8)]
    write("context.json", to_json({"papers": papers}).decode())
    issued = IssuedPapers("context.json")
    delivered = issued.replace([(one, FILLED) for one in papers])
    assert [data for _, data in delivered] == [CIRCULATED] * 5
    (notice,) = issued.notices
    assert "found 2019/M/003, 2019/M/004, 2019/M/005 and 2 more differing" in notice


AGENDA = "2019/M/001"


@pytest.fixture
def with_agenda(paper) -> list[dict]:
    """The contexts of an agenda and of the paper that it lists, both issued."""
    agenda = {**paper, "number": AGENDA, "file": "agenda.docx"}
    agenda = renamed(agenda, {AGENDA: "the agenda", "2019/M/003": paper["entry"]})
    agenda["issued"] = {**paper["issued"], "sources": "inputs/issued/agenda.sources"}
    write(agenda["issued"]["sources"], sources_list([MEETING, TEXT], source_comments(agenda)).decode())
    write(MEETING, "another")
    return [another_text(agenda), another_text({**paper, "entry": "another title"})]


def renamed(agenda: dict, entries: dict) -> dict:
    """The agenda when its meeting's file states these entries."""
    return {**agenda, "listed": entries, "entry": digest_of_entries(entries)}


def problems(papers: list[dict]) -> list[str]:
    write("context.json", to_json({"papers": papers}).decode())
    issued = IssuedPapers("context.json")
    issued.replace([(one, FILLED) for one in papers])
    return issued.problems


def test_an_agenda_that_follows_a_changed_paper_is_named_in_the_problem_of_the_paper(with_agenda):
    agenda, paper = with_agenda
    agenda = renamed(agenda, {AGENDA: "the agenda", "2019/M/003": "another title"})
    assert problems([agenda, paper]) == [
        f"{MEETING}: found 2019/M/003 differing from what was issued on 2019-03-14, because {MEETING} changed, "
        f"and its entry in {AGENDA} with it; expected the paper as it was issued. Undo the change, or "
        f"{REVISE[:-1]}, which also begins the next revision of {AGENDA}."
    ]


def test_an_agenda_that_differs_for_another_reason_too_is_a_problem_of_its_own(with_agenda):
    agenda, paper = with_agenda
    entries = {AGENDA: "the agenda", "2019/M/003": "another title"}
    for own in (
        renamed(agenda, {**entries, AGENDA: "the agenda in another place"}),
        renamed(agenda, {**entries, "2019/M/004": "a paper that was added"}),
        {**renamed(agenda, entries), "made_from": [MEETING, "inputs/corrections.csv"]},
    ):
        found = problems([own, paper])
        assert [text.split()[2] for text in found] == [AGENDA, "2019/M/003"]
        assert not any("with it" in text for text in found)


def test_an_agenda_of_a_paper_that_was_not_issued_is_a_problem(with_agenda):
    agenda, paper = with_agenda
    agenda = renamed(agenda, {AGENDA: "the agenda", "2019/M/003": "another title"})
    (found,) = problems([agenda, {**paper, "issued": None}])
    assert f"make revise paper={AGENDA} " in found


def test_the_reason_names_a_changed_template_beside_a_changed_input_and_config_only_alone():
    used = {MEETING, TEXT, TEMPLATE}
    assert reason_for_change(used, {TEXT, TEMPLATE, CONFIG, LOGO}) == f"{TEXT} or {TEMPLATE} changed"
    assert reason_for_change(used, {CONFIG, LOGO}) == f"{CONFIG} changed"
    assert reason_for_change(used, {LOGO}) == ""
