"""A job reports problems and notices as data, and whatever ends it is one of them."""

from __future__ import annotations

import json
import sys

import pytest
from papers.errors import UserError
from papers.job import run_job
from papers.problems import Place, Problems
from papers.store.files import DamagedFile


def run(monkeypatch, tmp_path, main, *options: str) -> tuple[int, list[dict]]:
    log = tmp_path / "logs/job.json"
    monkeypatch.setattr(sys, "argv", ["job", "--code", "c0de", "--log", str(log), *options])
    return run_job(main), json.loads(log.read_bytes())


def test_options_reach_the_adapter_and_nothing_to_report_is_an_empty_log(monkeypatch, tmp_path):
    given = {}
    assert run(monkeypatch, tmp_path, lambda log, **options: given.update(options), "--out", "a b") == (0, [])
    assert given == {"out": "a b"}


def test_notices_do_not_fail_a_job(monkeypatch, tmp_path, capsys):
    code, entries = run(monkeypatch, tmp_path, lambda log: log.add_notices(["one", "two"]))
    assert (code, entries) == (0, [{"type": "notice", "text": text} for text in ("one", "two")])
    assert capsys.readouterr().err == "note: one\nnote: two\n"


def test_a_problem_has_its_place_and_its_line_of_text(monkeypatch, tmp_path, capsys):
    problems = Problems()
    problems.add(Place("a.yaml", line=3), "wrong", "x", "y", "Write y.")
    code, (entry,) = run(monkeypatch, tmp_path, lambda log: log.add_problems(problems))
    assert code == 1 and entry["type"] == "problem" and entry["kind"] == "wrong"
    assert entry["place"]["file"] == "a.yaml" and entry["place"]["line"] == 3
    assert entry["text"] == "a.yaml, line 3: found x; expected y. Write y."
    assert capsys.readouterr().err == f"{entry['text']}\n"


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (UserError("a: found b; expected c."), None, "a: found b; expected c."),
        (DamagedFile("outputs/work/a.json"), "damaged-file", "outputs/work/a.json: found a damaged file"),
        (PermissionError(13, "Permission denied", "outputs/a"), None, "Permission denied"),
        (MemoryError(), None, "too little memory"),
    ],
)
def test_what_ends_a_job_is_a_problem(monkeypatch, tmp_path, error, kind, words):
    def main(log):
        raise error

    code, (entry,) = run(monkeypatch, tmp_path, main)
    assert code == 1 and entry["type"] == "problem" and entry.get("kind") == kind and words in entry["text"]


def test_an_error_of_the_program_is_a_failure_with_its_traceback(monkeypatch, tmp_path):
    code, (entry,) = run(monkeypatch, tmp_path, lambda log: {}["gone"])
    assert code == 1 and entry["type"] == "failure" and entry["text"].endswith("KeyError: 'gone'\n")
