"""The annex of sources: it has the figures, counts and cells of the trace, and where the figures stand."""

from __future__ import annotations

import io
import json
import re

import pytest
from docx import Document
from docx.oxml.ns import qn
from forum_tools import MINI1
from lxml import etree
from papers.wording.sources_annex import MOST_CELLS, NO_ANNEX, build_annex
from project_tools import ROOT, copy_built
from word_tools import built, shipped_kinds

LISTED = "2018/SMEWG47/003"  # a shipped paper, here with the annex
MEETING = "inputs/smewg/meetings/SMEWG47.yaml"
RANGE = re.compile(r"([A-Z]*)(\d+)(?:-[A-Z]*(\d+))?")


@pytest.fixture(scope="module")
def traces() -> dict[str, dict]:
    """Return the traces of the shipped papers that have figures, by number."""
    work = next(p for p in next(iter(built(ROOT).values())).parents if p.name == "outputs") / "work/smewg"
    found = [json.loads(place.read_bytes()) for place in sorted((work / "traces").glob("*/*/*.json"))]
    return {trace["paper"]: trace for trace in found if trace["figures"]}


@pytest.fixture(scope="module")
def paper(tmp_path_factory) -> Document:
    project = copy_built(tmp_path_factory.mktemp("annex") / "project", ROOT)
    meeting = project.root / MEETING
    text = meeting.read_text(encoding="utf-8").replace("sources_annex: false", "sources_annex: true")
    meeting.write_text(text, encoding="utf-8")
    run = project.build()
    assert run.code == 0, run.out + run.err
    return Document(project.root / "outputs/papers/2018/SMEWG47/18_smewg47_003.docx")


def cells_of(source: dict) -> set[tuple[str, str, str]]:
    """Return (file, sheet, cell or line) of each cell, files as the annex names them."""
    return {
        (c["file"].removeprefix("inputs/"), c.get("sheet", ""), str(c.get("cell", c.get("line"))))
        for c in source["cells"]
    }


def behind(figure: dict, trace: dict) -> list[dict]:
    """Return the sources of a figure, or of those from which it is computed."""
    figures = figure.get("of", [figure])
    return [trace["sources"][at] for operand in figures for at in operand["sources"]]


def single(words: str) -> set[str]:
    """Return the cells of a list of ranges: A5-A7, A9 -> A5, A6, A7, A9."""
    found = set()
    for column, first, last in RANGE.findall(re.sub(r" \(counts [\d,]+\)|^lines? ", "", words)):
        found |= {f"{column}{row}" for row in range(int(first), int(last or first) + 1)}
    return found


def cells_in(words: str) -> set[tuple[str, str, str]]:
    """Return the cells that the row of a figure names, parsed from its words."""
    found = set()
    for folder, inside in re.findall(r"^(?:.*: )?([^ ]+)/: (.*)$", words, re.MULTILINE):
        for sheet_and_cells in inside.split("; "):
            name, sheet, ranges = re.fullmatch(r"(\S+) (?:(?!lines? )(\w+) )?(.+)", sheet_and_cells).groups()
            found |= {(f"{folder}/{name}", sheet or "", cell) for cell in single(ranges)}
    return found


def test_each_figure_of_each_paper_is_listed_once_for_each_place(traces):
    for number, trace in traces.items():
        places = [place for row in build_annex(trace).places for place in row]
        assert sorted(places) == sorted((figure["tag"], figure["at"]) for figure in trace["figures"]), number


def test_each_row_adds_up_to_its_figure_and_names_its_cells(traces):
    for number, trace in traces.items():
        by_place = {(figure["tag"], figure["at"]): figure for figure in trace["figures"]}
        annex = build_annex(trace)
        for row, places in zip(annex.fields["figures"], annex.places, strict=True):
            for figure in (by_place[place] for place in places):
                assert figure["figure"].casefold() in row["figure"].casefold().split(", "), (number, row)
                sources = behind(figure, trace)
                assert cells_in(row["from"]) == set().union(*map(cells_of, sources)), (number, row)
                if figure.get("value"):
                    counted = sum(source["counts"] for source in sources)
                    unit = "%" if figure.get("unit") == "%" else ""
                    assert row["from"].startswith(f"{counted:,}{unit} in ") and counted == figure["value"], (
                        number,
                        row,
                    )
                    extra = [int(n.replace(",", "")) for n in re.findall(r"\(counts ([\d,]+)\)", row["from"])]
                    assert sum(extra) == sum(s["counts"] for s in sources if s["counts"] > 1), (number, row)


def test_the_second_table_has_every_cell_with_its_value_or_the_number_of_cells(traces):
    seen = set()
    for number, trace in traces.items():
        fields, every = build_annex(trace).fields, set().union(*map(cells_of, trace["sources"]))
        seen.add(len(every) <= MOST_CELLS)
        assert fields["by_cell"] is not fields["by_sheet"] and fields["by_cell"] is (len(every) <= MOST_CELLS)
        assert f"{len(every):,} cells and lines" in fields["introduction"]
        rows = [(sheet["sheet"], row) for sheet in fields["sheets"] for row in sheet["cells"]]
        rows += [(row["sheet"], {"cell": row["cells"], **row}) for row in fields["counts"]]
        places = [(*(*sheet.split(", sheet "), "")[:2], row) for sheet, row in rows]
        found = [(file, sheet, cell) for file, sheet, row in places for cell in single(row["cell"])]
        assert len(found) == len(every) and set(found) == every, number
        assert fields["by_cell"] or sum(int(row["number"]) for row in fields["counts"]) == len(every)
        values = {
            (*place, "(empty)" if cell["value"] is None else str(cell["value"]))
            for source in trace["sources"]
            for cell in source["cells"]
            for place in cells_of({"cells": [cell]})
        }
        for place, (_, row) in zip(found, rows, strict=False):
            assert not fields["by_cell"] or (*place, row["value"]) in values, (number, row)
    assert seen == {True, False}  # both forms of the table were tested


def tables(paper: Document) -> dict[str, list[list[str]]]:
    """Return number of each table, as in the caption before it -> its rows of texts."""
    found, caption = {}, ""
    for element in paper.element.body:
        if element.tag == qn("w:p") and lines(element).startswith("Table "):
            caption = lines(element).partition(".")[0]
        elif element.tag == qn("w:tbl"):
            rows = element.iter(qn("w:tr"))
            texts = [[lines(cell) for cell in row.iter(qn("w:tc"))] for row in rows]
            found.setdefault(caption, texts)  # the schedule has no caption of its own
    return found


def lines(element: etree._Element) -> str:
    """Return the text of a paragraph or cell with its breaks."""
    marks = element.iter(qn("w:t"), qn("w:br"))
    return "".join((mark.text or "") if mark.tag == qn("w:t") else "\n" for mark in marks)


def test_the_printed_annex_names_the_cell_of_the_table_in_which_the_figure_stands(paper):
    found, checked = tables(paper), 0
    annex = next(rows for rows in found.values() if rows[0][-1] == "Counted from")
    for figure, _, where, _ in annex[1:]:
        for table, row, column in re.findall(r"^(Table \d+), row (.*), column (.*)$", where, re.MULTILINE):
            rows = found[table]
            at = rows[0].index(column)
            texts = [texts[at] for texts in rows[1:] if texts[0] == row]
            assert any(word in text for text in texts for word in figure.split(", ")), (figure, where)
            checked += 1
    assert checked > 60
    assert all(where for _, _, where, _ in annex[1:])


def test_the_annex_is_on_wide_pages_at_the_end_and_repeats_its_header_rows(paper):
    last = paper.sections[-1]
    assert last.page_width > last.page_height
    heads = [table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") for table in paper.tables[-2:]]
    assert None not in heads


def test_a_paper_without_sources_annex_in_its_entry_has_none(traces):
    without = [number for number, trace in traces.items() if shipped_kinds().has_annex(trace["kind"])]
    for number in without:
        document = Document(io.BytesIO(built(ROOT)[number].read_bytes()))
        assert not [p for p in document.paragraphs if "Sources of the figures" in p.text], number
        assert document.element.body[-1].tag == qn("w:sectPr")
    assert len(without) > 5 and not any(NO_ANNEX.fields.values())


def test_an_annex_for_a_paper_without_counted_figures_is_reported(forum):
    forum.replace(MINI1, "    kind: strategic-plan\n", "    kind: strategic-plan\n    sources_annex: true\n")
    (problem,) = [problem for problem in forum.problems() if problem.kind == "sources-annex"]
    assert problem.place.file == MINI1 and problem.place.line and "mid-term-review" in problem.expected


def test_a_paper_is_made_from_every_file_that_its_figures_are_counted_from(traces):
    work = next(p for p in built(ROOT)[LISTED].parents if p.name == "outputs") / "work/smewg"
    contexts = [
        place
        for place in (work / "contexts").glob("*.json")
        if place.name not in ("index.json", "papers.json", "numbers.json")
    ]
    made_from = {
        paper["number"]: paper["made_from"]
        for place in contexts
        for paper in json.loads(place.read_bytes())["papers"]
    }
    for number, trace in traces.items():
        cells = {cell["file"] for source in trace["sources"] for cell in source["cells"]}
        assert cells <= set(made_from[number]), number
