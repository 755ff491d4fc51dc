"""The checks in a build: the findings at its end, their places in the inputs, and what they stop."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from forum_tools import FOLDER, SCHEDULE, Forum
from papers.checks import run as checks_run
from papers.checks.findings import Finding, load_findings
from papers.docx.texts import read_texts
from papers.store.files import DamagedFile, digest
from project_tools import ROOT, Project, Run, copy_built, copy_of
from word_tools import built

INTRODUCTION = "inputs/mini/plan-2019-2020/sections/1-introduction.md"
ACCEPTED, NOMENCLATURE = f"{FOLDER}/accepted.yaml", "inputs/apec/nomenclature.yaml"
PLAN = "2019/MINI1/003"
COUNTRIES, BANK = "Many countries took part.", "The National Bank of Chile did too."


@pytest.fixture
def project(tmp_path) -> Project:
    return copy_built(tmp_path / "forum")


@pytest.fixture(scope="module")
def once_found(tmp_path_factory) -> tuple[Project, Run]:
    """The same with a finding in a section and in a cell, built, and the result of the build."""
    project = copy_built(tmp_path_factory.mktemp("found") / "forum")
    add(project, f"{COUNTRIES} {BANK}")
    with Forum(project.root).sheet() as sheet:
        sheet["C2"] = "A nationwide forum"
    run = project.build()
    assert run.code == 0, run.err
    return project, run


@pytest.fixture
def found(once_found, tmp_path) -> tuple[Project, Run]:
    return copy_of(once_found[0], tmp_path / "forum"), once_found[1]


def add(project: Project, words: str) -> None:
    """A paragraph at the end of the body of the introduction."""
    project.replace(INTRODUCTION, "\n[^first]:", f"\n{words}\n\n[^first]:")


def line_with(project: Project, words: str) -> int:
    lines = (project.root / INTRODUCTION).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def set_config(project: Project, words: str) -> None:
    with (project.root / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(f"checks:\n  {words}\n")


def check_by(project: Project, change: Callable[[dict], object]) -> list[str]:
    """Check the papers by changed rules and return the notices, without a build, which takes longer."""
    file = project.root / "outputs/work/mini/rules.json"
    rules = json.loads(file.read_bytes())
    change(rules)
    file.write_text(json.dumps(rules), encoding="utf-8")
    run = project.run(
        *(sys.executable, "scripts/check.py", "--work", "outputs/work/mini", "--forum", "mini"),
        *("--processes", "1", "--log", "check.json"),
    )
    assert run.code == 0, run.err
    return run.err.splitlines()


def findings(project: Project) -> list[Finding]:
    return load_findings(project.root / "outputs/work/mini")


def reported(run: Run) -> list[str]:
    """The lines of findings at the end of a build."""
    return [
        line.strip() for line in (run.out + run.err).splitlines() if re.search(r": found .*; expected ", line)
    ]


def issue(project: Project, *words: str) -> Run:
    order = ("issue", f"paper={PLAN}", "date=2019-03-14", "by=APEC Secretariat", *words)
    return project.run(sys.executable, "scripts/forum_papers.py", *order)


def test_no_shipped_paper_has_a_finding_and_every_acceptance_is_needed():
    papers = built(ROOT)
    work = next(iter(papers.values())).parents[3] / "work/smewg"
    assert load_findings(work) == []
    assert json.loads((work / "checked.json").read_bytes()) == {
        "papers": len(papers),
        "findings": [],
        "open": {},
    }
    assert "acceptance" not in (work / "logs/check.json").read_text(encoding="utf-8")


def test_findings_name_the_line_and_the_cell_of_the_inputs_and_do_not_fail_the_build(found):
    project, run = found
    number = line_with(project, COUNTRIES)
    assert "Checks: 4 findings in 2 papers:" in run.out  # two papers hold the schedule
    in_text = [line for line in reported(run) if line.startswith(f"{INTRODUCTION}, line {number}: found ")]
    assert [line.split('"')[1] for line in in_text] == ["countries", "National"]
    assert f"in {PLAN}, paragraph " in in_text[0]
    assert '; expected "economies". A member of APEC is an economy.' in in_text[0]
    in_cells = [
        line for line in reported(run) if line.startswith(f"{SCHEDULE}, sheet Schedule, cell C2: found ")
    ]
    assert len(in_cells) == 2 and all('"nationwide"' in line for line in in_cells)


def test_a_build_with_nothing_to_do_counts_the_findings_that_were_shown(found):
    project, run = found
    again = project.build()
    assert again.out.startswith("Nothing to be done") and reported(again) == []
    assert "Checks: 4 findings in 2 papers.\n4 findings as before: make notices shows them.\n" in again.out
    shown = project.run(sys.executable, "scripts/forum_papers.py", "notices")
    assert shown.out.splitlines() == reported(run)


def test_a_moved_line_is_reported_at_its_new_place_though_no_paper_changed(found):
    project, _ = found
    project.replace(INTRODUCTION, f"\n{COUNTRIES}", f"\n\n{COUNTRIES}")
    run = project.build()
    assert " changed" not in run.out
    assert f"{INTRODUCTION}, line {line_with(project, COUNTRIES)}: found" in reported(run)[0]


@pytest.mark.slow
def test_an_accepted_name_removes_its_finding_and_leaves_the_papers_alone(found):
    project, before = found
    papers = project.papers()
    project.replace(
        ACCEPTED, "accepted:\n", "accepted:\n  - {text: National Bank of Chile, reason: Its name.}\n"
    )
    run = project.build()
    assert run.code == 0 and "acceptance" not in run.err
    assert "Checks: 3 findings in 2 papers.\n3 findings as before" in run.out and reported(run) == []
    shown = project.run(sys.executable, "scripts/forum_papers.py", "notices").out.splitlines()
    assert shown == [line for line in reported(before) if '"National"' not in line]
    assert project.papers() == papers
    log = (project.root / "outputs/work/logs/snakemake.log").read_text(encoding="utf-8")
    assert "rule check" in log and "rule fill" not in log


@pytest.mark.slow
def test_findings_that_are_errors_fail_the_build_after_the_papers_are_made_and_stop_an_issue(found):
    project, _ = found
    set_config(project, "nomenclature: error")
    add(project, "A new paragraph.")
    run = project.build()
    assert run.code == 1 and "1 changed" in run.out
    assert "Checks: 4 findings in 2 papers, 4 errors among them:" in run.err and "Error: inputs/" in run.err
    refused = issue(project)
    assert refused.code == 1 and "make issue needs a build without problems" in refused.err
    assert not (project.root / FOLDER / "issued/ledger.csv").exists()


@pytest.mark.slow
def test_a_paper_with_open_text_is_not_issued_without_a_reason_even_if_it_is_not_reported(project):
    add(project, "The venue is [TBC].")
    set_config(project, "open_text: off")
    refused = issue(project)
    assert refused.code == 1 and "Nothing was recorded" in refused.err
    assert "Checks: no finding in 3 papers." in refused.out
    assert f'found {PLAN} with open text: "[TBC]" in brackets, paragraph' in refused.err
    assert 'why="..."' in refused.err and not (project.root / FOLDER / "issued/ledger.csv").exists()
    assert issue(project, "why=agreed by the Chair").code == 0
    assert "agreed by the Chair" in (project.root / FOLDER / "issued/ledger.csv").read_text(encoding="utf-8")


# The checks alone


def forbid(*words: str) -> Callable[[dict], object]:
    return lambda rules: rules["nomenclature"][0]["wrong"].extend(words)


def test_words_of_a_template_are_reported_with_the_template(project):
    check_by(project, forbid("Timeframe"))
    places = {finding.place.partition(",")[0] for finding in findings(project)}
    assert places == {"templates/implementation-schedule.docx"}


def test_an_accepted_text_that_no_paper_uses_is_noted_unless_some_papers_were_not_built(project):
    entry = {"text": "National Bank", "column": "", "reason": "Its name.", "place": "accepted.yaml, line 9"}
    (note,) = check_by(project, lambda rules: rules["accepted"].append(entry))
    assert note.startswith('note: accepted.yaml, line 9: no paper needs this acceptance of "National Bank"')
    assert check_by(project, lambda rules: rules.update(all_meetings=False)) == []


def test_findings_that_config_switches_off_are_not_reported(project):
    check_by(project, forbid("Submitted by"))
    assert findings(project)
    check_by(project, lambda rules: rules["severities"].update(nomenclature="off"))
    assert findings(project) == []


def test_a_finding_in_a_received_paper_is_a_warning(project):
    contexts = project.root / "outputs/work/mini/contexts/papers.json"
    data = json.loads(contexts.read_bytes())
    data["MINI1"][0]["received"] = True
    contexts.write_text(json.dumps(data), encoding="utf-8")
    check_by(project, forbid("Submitted by"))
    check_by(project, lambda rules: rules["severities"].update(nomenclature="error"))
    severities = {finding.paper: finding.severity for finding in findings(project)}
    assert severities.pop(PLAN) == "warning" and set(severities.values()) == {"error"}


def test_a_paper_is_checked_again_only_when_it_or_the_rules_changed(project, monkeypatch):
    monkeypatch.chdir(project.root)
    read = []
    monkeypatch.setattr(checks_run, "read_texts", lambda data: read.append(1) or read_texts(data))
    for code, times in ("one program", 3), ("one program", 0), ("another", 3):
        read.clear()
        checks_run.check_papers(Path("outputs/work/mini"), "mini", code)
        assert len(read) == times


def test_a_file_that_is_no_word_file_is_an_error_and_the_others_are_checked(project):
    folder = project.root / "outputs/work/mini/filled/MINI1"
    manifest = folder / "manifest.json"
    data = json.loads(manifest.read_bytes())
    entry = data["papers"][0]
    data["files"][entry["file"]] = entry["sha256"] = digest(b"no zip")
    manifest.write_text(json.dumps(data), encoding="utf-8")
    (folder / entry["file"]).write_bytes(b"no zip")
    check_by(project, len)
    (finding,) = findings(project)
    assert (finding.code, finding.severity, finding.where) == ("validity", "error", "the whole file")


def test_a_paper_that_is_not_the_one_of_the_build_is_not_checked_in_its_place(project, monkeypatch):
    monkeypatch.chdir(project.root)
    paper = next(Path("outputs/work/mini/filled/MINI1/2019/MINI1").glob("*.docx"))
    paper.write_bytes(b"edited just now")
    with pytest.raises(DamagedFile, match=rf"{paper.name}: found a damaged file"):
        checks_run.check_papers(Path("outputs/work/mini"), "mini", "a new program")


def test_a_received_pdf_is_not_checked_as_a_word_file(project):
    manifest = project.root / "outputs/work/mini/filled/MINI1/manifest.json"
    data = json.loads(manifest.read_bytes())
    data["papers"][0]["file"] = "2019/MINI1/19_mini1_003.pdf"
    manifest.write_text(json.dumps(data), encoding="utf-8")
    check_by(project, len)
    assert findings(project) == []


# Defects in the files of rules


def only_problem(forum: Forum, kind: str) -> str:
    (problem,) = forum.problems()
    assert problem.kind == kind
    return str(problem)


def accept(forum: Forum, entry: str) -> None:
    forum.replace(ACCEPTED, "accepted:\n", f"accepted:\n  - {entry}\n")


@pytest.mark.parametrize(
    ("entry", "kind", "words"),
    [
        (
            "{text: Vietnam, reason: Short.}",
            "accepts-all",
            'found "Vietnam" by itself, which would accept it everywhere',
        ),
        ('{text: "[", reason: Any.}', "accepts-all", "expected a longer name"),
        ("{text: Bank of Chile, reason: A name.}", "accepts-nothing", "a word that the checks look for"),
        ("{text: National Bank, reason: ' '}", "no-reason", 'found "National Bank" without a reason'),
        ("{text: National Bank}", "missing-key", 'Add a line "reason: ...".'),
        ("{text: National Bank, reasons: A name.}", "unknown-key", 'Did you mean "reason"?'),
        ('{text: "(draft)", reason: Again.}', "doubled", "each entry once; it is also in"),
    ],
)
def test_a_wrong_accepted_entry_is_reported_with_its_line(forum, entry, kind, words):
    accept(forum, entry)
    problems = [str(problem) for problem in forum.problems() if problem.kind == kind]
    assert len(problems) == 1 and words in problems[0]
    assert problems[0].startswith(f"{ACCEPTED}, line ")


@pytest.mark.parametrize(
    ("file", "old", "new", "kind", "words"),
    [
        (NOMENCLATURE, "wrong: [Vietnam]", 'wrong: [Vietnam, "-"]', "empty", 'found "-"'),
        (NOMENCLATURE, "wrong: [Vietnam]", "wrong: []", "wrong-value", "key rules"),
        (NOMENCLATURE, "wrong: [Vietnam]", "wrong: [Vietnam, taiwan]", "doubled", 'found "taiwan" again'),
        (NOMENCLATURE, "right: [Viet Nam]", "right: [VIETNAM]", "right-and-wrong", "other words under right"),
        ("inputs/apec/open_text.yaml", "  - TBA", '  - "?"', "empty", 'found "?"'),
        (
            "inputs/apec/open_text.yaml",
            '"[sic]"',
            "sic",
            "label",
            'a label with its brackets, such as "[sic]"',
        ),
        (
            "config.yaml",
            "forum: mini",
            "forum: mini\nchecks: {nomenclature: warn}",
            "wrong-value",
            "checks.nomenclature",
        ),
        (
            "config.yaml",
            "forum: mini",
            "forum: mini\nchecks: {spelling: off}",
            "unknown-key",
            "checks.spelling",
        ),
    ],
)
def test_a_wrong_rule_is_reported_with_its_line(forum, file, old, new, kind, words):
    forum.replace(file, old, new)
    problem = only_problem(forum, kind)
    assert problem.startswith(f"{file}, line ") and words in problem
