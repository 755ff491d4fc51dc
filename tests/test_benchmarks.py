"""The benchmark compares like with like: every engine makes the same paper, and a different paper is detected."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from project_tools import ROOT

sys.path.append(str(ROOT / "benchmarks"))

import forum
import peer_paper
import peers
import peers_measure
import peers_page
from make_forum import make_forum
from papers.inputs import xlsx_open
from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.model.forum import build_model
from papers.problems import Problems
from with_openpyxl import use_openpyxl

pytestmark = pytest.mark.slow  # many whole builds

ROWS, LOAD = 9, openpyxl.load_workbook
DATA = peer_paper.paper_data(ROWS)
AVAILABLE = ["ours", "docxtpl", "python-docx"]  # engines that need only the packages of the tests


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Templates of all engines, and data under the name that the probes also use."""
    place = tmp_path_factory.mktemp("peers")
    peers.write_templates(place)
    peers.write_data(place, "60", DATA)
    peers_measure.write_probes(place, place / "probes")
    return place


@pytest.fixture(scope="module")
def made(folder) -> dict[str, bytes]:
    papers = {}
    for name in AVAILABLE:
        with peers.Engine(name, folder) as engine:
            answer = engine.make("60", save=folder / "made.docx")
        assert "error" not in answer, answer
        assert answer["cpu"] > 0
        papers[name] = (folder / "made.docx").read_bytes()
    return papers


@pytest.mark.parametrize("name", AVAILABLE)
def test_every_engine_makes_the_paper_that_the_data_require(made, name):
    content, expected = peer_paper.read_paper(made[name]), peer_paper.expected_content(DATA)
    assert peer_paper.first_difference(content, DATA) == ""
    assert content.merged == expected.merged == [3, 2, 2, 2]
    assert expected.header in content.header
    if name != "easy-template-x":  # it leaves tags in footnotes unchanged
        assert content.notes == expected.notes
        assert len(content.notes) == peer_paper.NOTES


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Activity 5: access", "Activity 5: Access", "Activity 5: Access"),
        ("&amp; markets", "&amp;  markets", ""),  # white space alone does not count
        ("Objective 3.2: build", "Objective 3.2: built", "Objective 3.2: built"),
        ("Agenda Item: 12", "Agenda Item: ", "Agenda Item:"),
        ("<w:body>", "<w:body><w:p><w:r><w:t>More</w:t></w:r></w:p>", "More"),
    ],
)
def test_a_changed_text_is_detected_and_shown(made, old, new, shown):
    content = peer_paper.read_paper(_changed(made["docxtpl"], "word/document.xml", old, new))
    difference = peer_paper.first_difference(content, DATA)
    assert (shown in difference) if shown else not difference
    assert bool(difference) == bool(shown)


def test_a_row_too_few_or_too_many_stops_the_benchmark_with_the_name_of_the_engine(made):
    for rows in (ROWS - 1, ROWS + 1):
        with pytest.raises(SystemExit, match="docxtpl: paragraph or row"):
            peers_measure.check_text("docxtpl", made["docxtpl"], peer_paper.paper_data(rows))


def test_lost_footnotes_unmerged_cells_and_an_empty_header_are_detected(made, folder):
    paper = _changed(made["ours"], "word/footnotes.xml", "Decision 2 of", "Decision 7 of")
    paper = _changed(paper, "word/document.xml", '<w:vMerge w:val="restart"/>', "")
    for name in zipfile.ZipFile(io.BytesIO(paper)).namelist():
        if name.startswith("word/header"):
            paper = _changed(paper, name, peer_paper.NUMBER, "", must=False)
    content, expected = peer_paper.read_paper(paper), peer_paper.expected_content(DATA)
    assert peers_measure._notes(content, expected) == "2 of 3 texts; 3 references"
    assert content.merged != expected.merged
    assert peer_paper.NUMBER not in content.header
    assert peer_paper.first_difference(content, DATA) == ""


def test_the_page_shows_what_an_engine_reports_of_a_missing_value(folder):
    able = {
        name: peers_measure._probe(folder, name, "missing", peers_measure._missing) for name in AVAILABLE[:2]
    }
    assert able == {"ours": "error, names the paper and the tag", "docxtpl": "error, names the tag"}
    broken = peers_measure._probe(folder, "docxtpl", "broken", peers_measure._broken)
    assert broken.startswith("silently")


def test_an_engine_that_takes_too_long_is_stopped(folder, monkeypatch):
    monkeypatch.setattr(peers_measure, "LIMIT", 0)
    costs = peers_measure.measure_long_schedules(["docxtpl"], folder, (20, 30))
    assert costs == {"docxtpl": ["not within 0 s"] * 2}


def test_what_is_not_installed_is_reported_in_a_sentence(monkeypatch):
    monkeypatch.setattr(peers.shutil, "which", lambda _: None)
    engines, missing = peers.install_engines()
    assert engines == ["ours", "docxtpl", "python-docx"]
    assert len(missing) == 4
    assert "pandoc is not measured: it is not installed (Debian: apt install pandoc)." in missing


def test_a_missed_target_is_shown_as_missed():
    assert peers_page._times("x", 0.002, 0.020, 10) == (
        "x",
        "2.00 ms : 20.0 ms, 10.0 x",
        "at least 10 x",
        True,
    )
    assert not peers_page._times("x", 0.002, 0.019, 10)[-1]


def test_a_synthetic_forum_has_the_requested_size_and_no_problems(tmp_path):
    make_forum(tmp_path / "forum", meetings=3, papers=4, rows=20)
    problems = Problems()
    config = read_config([tmp_path / "forum" / "config.yaml"], {}, problems)
    inputs = read_inputs(tmp_path / "forum", config, problems)
    model = build_model(inputs, config, problems)
    assert not problems, problems.lines()
    assert sorted(len(meeting.papers) for meeting in model.meetings) == [4, 4, 4]
    editions = {paper.schedule for m in model.meetings for paper in m.papers if m.code == forum.EDITED}
    assert editions == {str(forum.EDITION)}
    (plan,) = inputs.plans.values()
    assert [len(plan.schedules[edition]) for edition in ("2016", str(forum.EDITION))] == [20, 21]


def _changed(paper: bytes, part: str, old: str, new: str, must: bool = True) -> bytes:
    """Return the paper with a text of one part replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(paper)) as source, zipfile.ZipFile(made, "w") as to:
        for name in source.namelist():
            data = source.read(name).decode("utf-8", "surrogateescape")
            if name == part:
                assert old in data or not must
                data = data.replace(old, new)
            to.writestr(name, data.encode("utf-8", "surrogateescape"))
    return made.getvalue()


def test_the_loop_that_reads_with_openpyxl_really_does(monkeypatch):
    monkeypatch.setattr(xlsx_open, "CalamineWorkbook", None)  # restored afterwards
    use_openpyxl()
    problems = Problems()
    config = read_config([ROOT / "config.yaml"], {}, problems)
    opened = []
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *a, **k: opened.append(a) or LOAD(*a, **k))
    inputs = read_inputs(ROOT, config, problems)
    assert all(plan.schedules for plan in inputs.plans.values()) and not problems and opened
