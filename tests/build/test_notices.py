"""Notices: shown in full once, then counted, and all of them by `make notices`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from papers.build import notices
from papers.build.summary import MAX_FINDINGS, Summary
from papers.checks.findings import Finding

MINI = Path("outputs/work/mini")
NOTICE, PROBLEM = ({"type": type_, "text": f"a {type_}"} for type_ in ("notice", "problem"))


@pytest.fixture
def work(tmp_path, monkeypatch) -> Path:
    """The folder of a forum below outputs/work with the papers of one meeting, MINI1."""
    monkeypatch.chdir(tmp_path)
    write("contexts/index.json", {"MINI1": ["agenda"]})
    notices.SNAKEMAKE_LOG.parent.mkdir()
    return MINI


def write(name: str, data: object) -> None:
    path = MINI / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), encoding="utf-8")


def finding(text: str, severity: str = "warning") -> Finding:
    usual = dict.fromkeys(("paper", "file", "code", "where", "expected", "todo"), "x")
    return Finding(**usual, place="inputs/a.md, line 1", severity=severity, found=text)


def summary(
    found: list[Finding] = (), notes: list[str] = (), shown: set[str] = frozenset(), **more
) -> Summary:
    usual = {"papers": [], "count": "2 papers: 2 same as before.", "related": [], "events": []}
    return Summary(
        **{**usual, "checks": "Checks: some", **more},
        findings=[*found],
        notices=[*notes],
        shown_before={*shown},
    )


def test_what_was_shown_is_counted_and_what_is_new_is_shown(capsys):
    old, new = finding("an old word"), finding("a new word")
    assert summary([old, new], ["old", "new"], {str(old), "old"}).print() == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "2 papers: 2 same as before.",
        "Checks: some:",
        f"  {new}",
        "1 notice and 1 finding as before: make notices shows them.",
    ]
    assert printed.err == "  Note: new\n"


def test_errors_and_events_are_shown_every_time(capsys):
    error = finding("a word", "error")
    ended = summary(
        [error], shown={str(error), "an edited file was kept"}, events=["an edited file was kept"]
    )
    assert ended.print() == 1
    assert capsys.readouterr().err == f"  Note: an edited file was kept\nChecks: some:\n  {error}\n"
    assert str(error).startswith("Error: inputs/a.md, line 1: found a word")


def test_of_many_findings_the_first_are_shown(capsys):
    summary([finding(str(number)) for number in range(MAX_FINDINGS + 2)]).print()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == MAX_FINDINGS + 3 and lines[-1] == "  2 more: make notices shows them."


def test_the_notices_of_a_job_stay_until_it_runs_again(work):
    kept = {"read": [NOTICE], "fill-MINI1": [NOTICE]}
    gone = {"deliver": [NOTICE], "page-index.html": [NOTICE], "paper-2019/MINI1/a.docx": [NOTICE]}
    for name, entries in {**kept, **gone, "check": [NOTICE, PROBLEM], "seal": []}.items():
        write(f"logs/{name}.json", entries)
    (work / "logs/prepare.json").write_text('[{"type": "not')
    write("logs/receive-MINI1.json", {"type": "notice"})
    write("logs/register.json", ["a notice"])
    notices.SNAKEMAKE_LOG.write_text("rule read:")
    assert notices.event_notices() == ["a notice"]
    notices.remove_old_logs()
    assert notices.read_logs() == {f"mini/logs/{name}": log for name, log in kept.items()}
    assert not notices.SNAKEMAKE_LOG.exists()
    assert notices.standing_notices([work]) == ["a notice"] and notices.event_notices() == []


def test_the_notices_of_a_meeting_that_is_gone_are_not_shown(work):
    write("logs/fill-MINI9.json", [NOTICE])
    assert notices.standing_notices([work]) == []


@pytest.mark.parametrize("data", [None, b"", b'{"a": 1}', b'["a'])
def test_if_it_is_not_known_what_was_shown_everything_is_shown_again(work, data):
    notices.write_shown({"b", "a"})
    assert notices.read_shown() == {"a", "b"}
    notices.SHOWN.unlink()
    if data is not None:
        notices.SHOWN.write_bytes(data)
    assert notices.read_shown() == set()


def test_the_verb_shows_all_notices_and_findings(work, capsys):
    assert notices.run("notices", {}) == 0
    assert capsys.readouterr().out == "No notice, and no finding of the checks.\n"
    write("logs/read.json", [NOTICE])
    found = finding("a word")
    write("checked.json", {"papers": 1, "findings": [vars(found)], "open": {}})
    assert notices.run("notices", {}) == 0
    assert capsys.readouterr().out == f"Note: a notice\n{found}\n"


def test_without_a_complete_build_the_verb_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert notices.run("notices", {}) == 0
    assert capsys.readouterr().out == "No build is complete: run make, and correct what it names.\n"
