"""Received files in a process of its own: ended beyond its limits, with the programs that it started."""

from __future__ import annotations

import json

import pytest
from papers.problems import Problems
from papers.received import bounded
from papers.received.bounded import TooCostly, run_bounded
from papers.received.intake import check_received
from received_tools import FOLDER, add_entry, pdf_paper, word_paper


@pytest.mark.parametrize(("data", "suffix"), [(pdf_paper(), ".pdf"), (word_paper(), ".docx")])
def test_the_findings_come_back_as_data(data, suffix):
    assert json.loads(run_bounded("scan", data, suffix)).keys() == {"findings", "languages", "first_page"}


@pytest.mark.parametrize(
    ("limit", "words"), [("SECONDS", "more than -1 seconds"), ("MEGABYTES", "more than 0 MB of memory")]
)
def test_work_beyond_a_limit_is_ended_and_says_which(limit, words, monkeypatch):
    monkeypatch.setattr(bounded, limit, -1 if limit == "SECONDS" else 0)
    monkeypatch.setattr(bounded, "_PAUSE", 0.0001)
    with pytest.raises(TooCostly, match=words):
        run_bounded("scan", pdf_paper(), ".pdf")


def test_time_that_is_reported_from_the_start_is_not_the_work_of_the_file(monkeypatch):
    monkeypatch.setattr(bounded, "_PAUSE", 0.0001)
    monkeypatch.setattr(bounded, "_work", lambda _: 100.0)
    assert run_bounded("scan", pdf_paper(), ".pdf")


def test_a_file_that_takes_too_much_is_one_problem_and_is_scanned_again(forum, monkeypatch):
    add_entry(forum)
    model = forum.model()
    monkeypatch.chdir(forum.root)

    def too_costly(*_):
        raise TooCostly("more than 600 MB of memory")

    monkeypatch.setattr(bounded, "run_bounded", too_costly)
    for _ in range(2):
        problems = Problems()
        check_received(model, forum.root / "work", problems, "program")
        (problem,) = problems.found
        assert str(problem).startswith(
            f"{FOLDER}/paper.docx: found a file that takes more than 600 MB of memory;"
        )
