"""Compare filling with docxtpl: the same joined template, the same texts, in one process, in turn."""

from __future__ import annotations

import copy
import io
import re
import time
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import forum
import jinja2
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from lxml import etree
from papers.docx import zip_writer
from papers.docx.fill import Prepared, load_context
from papers.docx.runs import RunWriter
from papers.docx.template.prepare import joined_template, prepare_kind
from papers.docx.template.repeated_columns import spread_columns
from papers.problems import Problems
from turns import measure_in_turn

KIND = "strategic-plan"
TURNS, PAPERS = 9, 5  # papers in a turn: a meeting has several, so both engines are warm
ROWS = (None, 60, 600)  # in the schedule; None: the real paper
_NUMBER = re.compile(
    r"((?:SEQ|REF) [^.,]*?\\(?:\* ARABIC|\* ALPHABETIC|h) )(?:Table |Figure |Annex )?(?:\d+|[A-Z]\b)"
)  # the number that a field shows
_STRUCTURE = [qn(f"w:{name}") for name in ("tbl", "tr", "tc", "vMerge", "gridSpan", "footnoteReference")]
# Name, and median CPU seconds of a paper: fill; docxtpl; fill with the standard library's zlib.
Comparison = tuple[str, float, float, float]


def compare(templates: Path, context: Path, work: Path) -> list[Comparison]:
    """Return one comparison for each number of rows; exit if the two papers differ."""
    problems = Problems()
    whole, _ = joined_template(templates.parent, forum.shipped_kinds(), KIND, None, problems)
    spread_columns(whole)  # {% vm %} in a repeated column, which docxtpl would merge by the column
    template = work / "composed.docx"
    whole.save(str(template))
    prepared = Prepared(prepare_kind(templates.parent, forum.shipped_kinds(), KIND, None, problems))
    paper = load_context(context)["papers"][0]
    return [_compare(prepared, template, with_rows(paper, rows) if rows else paper, rows) for rows in ROWS]


def _compare(prepared: Prepared, template: Path, paper: dict, rows: int | None) -> Comparison:
    ours, theirs = partial(prepared.fill, paper), partial(_rendered, template, paper, prepared.marks)
    what = f"the schedule with_rows to {rows} rows" if rows else f"the real paper {paper['number']}"
    if content(ours()) != content(theirs()):
        raise SystemExit(f"{what}: fill and docxtpl do not write the same text and tables")
    works = ours, theirs, partial(_with_zlib, ours)
    return (what, *measure_in_turn(TURNS, *works, clock=time.process_time, each=PAPERS))


class _Zlib:
    """The interface of the pinned compressor, with the standard library's zlib."""

    crc32 = staticmethod(zlib.crc32)

    @staticmethod
    def deflate_compress(data: bytes, level: int) -> bytes:
        return zlib.compress(data, level, wbits=-15)


def _with_zlib(fill: Callable[[], bytes]) -> bytes:
    kept, zip_writer.deflate = zip_writer.deflate, _Zlib
    try:
        return fill()
    finally:
        zip_writer.deflate = kept


def _rendered(template: Path, paper: dict, of_template: tuple) -> bytes:
    """Render as users of docxtpl do. The texts are already escaped, so docxtpl need not escape them."""
    marks = RunWriter(*of_template)
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    environment.filters.update(runs=marks.runs, blocks=marks.blocks, share=lambda items, width, item: width)
    document = DocxTemplate(str(template))
    document.render({**paper["fields"], "properties": paper["properties"]}, environment, autoescape=False)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def content(paper: bytes) -> tuple[list[str], list[tuple]]:
    """Return the texts of the paragraphs, and the structure of the tables with merged cells, in order.

    Without entries of a table of contents and numbers of captions and references, which docxtpl does not write.
    """
    with zipfile.ZipFile(io.BytesIO(paper)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    entries = {link.getparent() for link in body.iter(qn("w:hyperlink")) if _is_entry(link)}
    paragraphs = (paragraph for paragraph in body.iter(qn("w:p")) if paragraph not in entries)
    texts = [_NUMBER.sub(r"\1", "".join(paragraph.itertext())) for paragraph in paragraphs]
    return texts, [(element.tag, *element.attrib.values()) for element in body.iter(*_STRUCTURE)]


def _is_entry(link: etree._Element) -> bool:
    return link.get(qn("w:anchor"), "").startswith("_Toc")


def with_rows(paper: dict, rows: int) -> dict:
    """Return the paper with this number of rows in its schedule, distributed over the priority areas."""
    longer = copy.deepcopy(paper)
    schedule = longer["fields"]["schedule"]
    areas = [row for row in schedule["rows"] if not row["cells"][0]["continues"]]
    schedule["rows"] = [
        _synthetic_row(area, row, row == number)
        for number, area in enumerate(areas)
        for row in range(number, rows, len(areas))
    ]
    return longer


def _synthetic_row(row: dict, number: int, is_first: bool) -> dict:
    """Return a row with every key of a real one; `is_first`: of its priority area, whose name it has."""
    activity = f"Synthetic activity {number}: access of SMEs to global value chains &amp; markets"
    years = f"{2016 + number % 4} - {2017 + number % 4}"
    proponents = "Chinese Taipei; Malaysia; the Philippines"
    area = row["cells"][0]["text"] if is_first else ""
    texts = (area, activity, years, proponents)
    cells = [{**cell, "text": text} for cell, text in zip(row["cells"], texts, strict=True)]
    cells[0] |= {"starts": is_first, "continues": not is_first}
    return {"cells": cells}
