"""Charts in papers: real ones, that Word can edit, with the same bytes everywhere, and nothing of them elsewhere."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile

import openpyxl
import pytest
from docx.oxml.ns import qn
from lxml import etree
from own_kind import OwnKind
from papers import richtext
from papers.docx.fill import FillError
from papers.pdf.libreoffice import find_libreoffice
from papers.wording.tags import Blocks, Chart, ContextError, Each, check_context
from project_tools import ROOT
from validators import EACH_VALIDATOR
from word_tools import part, parts

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
YEARS = [("2017", [12, 4, None]), ("2018", [14, 0, 2])]
INDICATORS = ["Dialogues", 'Fish & "chips" <SMEs>', "Viet Nam, été"]


def chart(kind: str = "column", **changed) -> dict:
    given = {"title": "Indicators", "alt": 'What "it" shows', "categories": INDICATORS, "series": YEARS}
    return richtext.chart(kind, **{**given, **changed})


@pytest.fixture
def own(tmp_path, monkeypatch) -> OwnKind:
    """A template with one chart."""
    made = OwnKind(tmp_path, monkeypatch, {"figure": Chart("a chart")})
    made.type("{{p own.figure }}").alignment = 1
    return made


@EACH_VALIDATOR
def test_each_kind_of_chart_is_valid(own, tmp_path, validate):
    for kind in richtext.CHARTS:
        paper = tmp_path / f"{kind}.docx"
        paper.write_bytes(own.filled(figure=chart(kind)))
        assert validate(paper) == [], kind


def test_a_chart_has_its_data_its_alternative_text_and_its_place(own):
    filled = own.filled(figure=chart())
    paragraph = next(
        p for p in part(filled, "word/document.xml").iter(qn("w:p")) if p.find(f".//{C}chart") is not None
    )
    assert (
        paragraph.find(f"{qn('w:pPr')}/{qn('w:jc')}").get(qn("w:val")) == "center"
    )  # as its tag's paragraph
    assert paragraph.find(f".//{qn('wp:docPr')}").get("descr") == 'What "it" shows'
    drawn = part(filled, "word/charts/chart1.xml")
    names = drawn.findall(f".//{C}ser")[0].findall(f"{C}cat//{C}v")
    assert [name.text for name in names] == INDICATORS
    values = [
        (p.get("idx"), p.find(f"{C}v").text) for p in drawn.findall(f".//{C}ser")[0].findall(f"{C}val//{C}pt")
    ]
    assert values == [("0", "12"), ("1", "4")]  # what was not reported is a gap, never 0


def test_the_workbook_behind_a_chart_has_the_same_data(own):
    packed = parts(own.filled(figure=chart()))["word/embeddings/Microsoft_Excel_Worksheet1.xlsx"]
    sheet = openpyxl.load_workbook(io.BytesIO(packed)).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows == [
        [None, "2017", "2018"],
        [INDICATORS[0], 12, 14],
        [INDICATORS[1], 4, 0],
        [INDICATORS[2], None, 2],
    ]


def test_text_that_looks_like_a_formula_stays_text_in_the_workbook(own):
    filled = own.filled(figure=chart(categories=["=1+1", "http://example.org", "12"]))
    packed = parts(filled)["word/embeddings/Microsoft_Excel_Worksheet1.xlsx"]
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(packed)).active.iter_rows(min_row=2)]
    assert [(c.value, c.data_type) for c in cells] == [
        ("=1+1", "s"),
        ("http://example.org", "s"),
        ("12", "s"),
    ]


def test_several_charts_have_ids_and_parts_of_their_own(tmp_path, monkeypatch):
    own = OwnKind(tmp_path, monkeypatch, {"figures": Each("charts", {"figure": Chart("a chart")})})
    for words in ("{%p for f in own.figures %}", "{{p f.figure }}", "{%p endfor %}"):
        own.type(words)
    filled = own.filled(figures=[{"figure": chart(kind)} for kind in richtext.CHARTS])
    ids = [drawing.get("id") for drawing in part(filled, "word/document.xml").iter(qn("wp:docPr"))]
    assert len(ids) == len(set(ids)) == len(richtext.CHARTS)
    assert sum(name.startswith("word/embeddings/") for name in parts(filled)) == len(richtext.CHARTS)
    for number in range(1, len(richtext.CHARTS) + 1):
        axes = part(filled, f"word/charts/chart{number}.xml").iter(f"{C}axId", f"{C}crossAx")
        assert all(int(axis.get("val")) > 0 for axis in axes)


def test_the_bytes_are_the_same_at_another_time_and_in_another_zone(own, monkeypatch):
    first = own.filled(figure=chart())
    monkeypatch.setitem(os.environ, "TZ", "Asia/Tokyo")
    time.tzset()
    try:
        time.sleep(2.1)  # a zip tells time in steps of two seconds
        assert own.filled(figure=chart()) == first
    finally:
        monkeypatch.undo()
        time.tzset()
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        book = package.read("word/embeddings/Microsoft_Excel_Worksheet1.xlsx")
    with zipfile.ZipFile(io.BytesIO(book)) as workbook:
        assert {info.date_time[0] for info in workbook.infolist()} == {1980}


def test_a_timeline_reads_from_the_top_and_shows_only_the_years_that_each_takes(own):
    series = [("From", [2017, 2018, None]), ("Years", [2, 3, None])]
    drawn = part(own.filled(figure=chart("timeline", series=series)), "word/charts/chart1.xml")
    offset, shown = drawn.findall(f".//{C}ser")
    assert "noFill" in etree.tostring(offset.find(f"{C}spPr")).decode()
    assert shown.find(f".//{C}val//{C}v").text == "2"
    assert drawn.find(f".//{C}catAx/{C}scaling/{C}orientation").get("val") == "maxMin"
    limits = drawn.find(f".//{C}valAx/{C}scaling")
    assert (limits.find(f"{C}min").get("val"), limits.find(f"{C}max").get("val")) == ("2017", "2021")


def test_the_bars_of_a_timeline_stand_at_the_right_of_whole_titles_and_have_a_legend(own):
    titles = ["A workshop on " + "long " * 20 + "titles", "B", "C"]
    series = [("From", [2017, 2018, None]), ("Done", [2, 3, None])]
    drawn = part(
        own.filled(figure=chart("timeline", categories=titles, series=series)), "word/charts/chart1.xml"
    )
    assert [v.text for v in drawn.findall(f".//{C}ser")[0].findall(f"{C}cat//{C}v")] == titles
    layout = drawn.find(f".//{C}plotArea/{C}layout/{C}manualLayout")
    assert float(layout.find(f"{C}x").get("val")) > 0.5
    assert drawn.find(f".//{C}catAx/{C}tickLblSkip").get("val") == "1"
    assert drawn.find(f".//{C}legend") is not None


@pytest.mark.parametrize("count", range(1, 8))
def test_bars_of_different_statuses_differ_without_colours(own, count):
    series = [("From", [2017, 2018, 2019])] + [(f"Status {n}", [1, 1, 1]) for n in range(count)]
    drawn = part(own.filled(figure=chart("timeline", series=series)), "word/charts/chart1.xml")
    fillings = [etree.tostring(s.find(f"{C}spPr")) for s in drawn.findall(f".//{C}ser")[1:]]
    assert len(set(fillings)) == count


def test_only_more_than_one_series_has_a_legend(own):
    one = part(own.filled(figure=chart(series=YEARS[:1])), "word/charts/chart1.xml")
    two = part(own.filled(figure=chart()), "word/charts/chart1.xml")
    assert one.find(f".//{C}legend") is None and two.find(f".//{C}legend/{C}legendPos").get("val") == "b"


def test_a_chart_without_a_value_can_still_be_shown(own):
    assert own.filled(figure=chart(series=[("2017", [None, None, None])]))


def test_an_absent_chart_leaves_nothing(own):
    filled = own.filled(figure={"chart": None})
    assert not [name for name in parts(filled) if "chart" in name or "embed" in name]
    assert b"chart" not in parts(filled)["[Content_Types].xml"]


def test_a_condition_can_ask_whether_there_is_a_chart(own):
    own.type("{%p if own.figure %}")
    own.type("Figures in words")
    own.type("{%p endif %}")
    assert b"Figures in words" in parts(own.filled(figure=chart()))["word/document.xml"]
    assert b"Figures in words" not in parts(own.filled(figure={"chart": None}))["word/document.xml"]


def test_the_tag_of_a_chart_is_alone_in_its_paragraph_and_is_a_paragraph(tmp_path, monkeypatch):
    own = OwnKind(tmp_path, monkeypatch, {"figure": Chart("a chart")})
    own.type("See {{p own.figure }} here, and {{ own.figure }}")
    found = {problem.kind for problem in own.prepare()[1].found}
    assert found == {"text-beside-tag", "tag-kind"}


def test_a_template_that_never_shows_a_chart_is_refused(tmp_path, monkeypatch):
    own = OwnKind(tmp_path, monkeypatch, {"figure": Chart("a chart"), "words": Blocks("words")})
    own.type("{{p own.words }}")
    assert [problem.kind for problem in own.prepare()[1].found] == ["tag-missing"]


def test_a_chart_that_does_not_reach_the_paper_is_an_error(own):
    own.type("{%p if own.figure %}")
    own.type("{%p endif %}")
    own.document.paragraphs[0].insert_paragraph_before("{%p if not own.figure %}")
    own.document.paragraphs[1]._p.addnext(own.type("{%p endif %}")._p)
    with pytest.raises(FillError, match="did not reach the paper"):
        own.filled(figure=chart())


def test_charts_without_sense_are_refused_when_composed():
    for wrong in (
        {"kind": "pie"},
        {"alt": " "},
        {"categories": []},
        {"series": []},
        {"series": [("2017", [1])]},
        {"kind": "timeline", "series": YEARS[:1]},
    ):
        with pytest.raises(ValueError):
            chart(**wrong)


def test_the_context_of_a_chart_is_checked():
    check_context({"figure": chart()}, {"figure": Chart("a chart")}, "own")
    with pytest.raises(ContextError):
        check_context({"figure": "a chart"}, {"figure": Chart("a chart")}, "own")


@pytest.mark.libreoffice
@pytest.mark.poppler
def test_libreoffice_shows_a_chart(own, tmp_path):
    paper = tmp_path / "paper.docx"
    paper.write_bytes(own.filled(figure=chart()))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [find_libreoffice(), profile, "--headless", "--convert-to", "pdf", paper.name]
    subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=True)
    shown = subprocess.run(
        ["pdftotext", tmp_path / "paper.pdf", "-"], capture_output=True, text=True, check=True
    )
    for words in ("Indicators", "Dialogues", "Viet Nam, été", "2017", "14"):
        assert words in shown.stdout


def test_papers_without_charts_import_nothing_for_them():
    program = "import sys; import papers.docx.fill, papers.store.delivery; print(*sys.modules)"
    run = [sys.executable, "-c", program]
    loaded = subprocess.run(
        run, env={**os.environ, "PYTHONPATH": str(ROOT / "scripts")}, capture_output=True, text=True
    )
    assert not {"xlsxwriter", "papers.docx.charts", "papers.docx.toc", "papers.docx.captions"} & set(
        loaded.stdout.split()
    )
