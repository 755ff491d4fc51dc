"""Filling beside docxtpl: the same composed template, the same texts, in one process, in turn."""

from __future__ import annotations

import copy
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import jinja2
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from lxml import etree

from papers.problems import Problems
from papers.word.filling import Prepared, load_context
from papers.word.marks import Marks
from papers.word.preparing import composed, prepare_kind
from turns import in_turn

KIND = "strategic-plan"
ROWS = (None, 60, 600)  # of the schedule; None: the real paper
_STRUCTURE = [qn(f"w:{name}") for name in ("tbl", "tr", "tc", "vMerge", "gridSpan", "footnoteReference")]


@dataclass(frozen=True)
class Comparison:
    """Medians in seconds, of one paper."""

    what: str
    fill: float
    docxtpl: float

    @property
    def ratio(self) -> float:
        return self.docxtpl / self.fill


def compare(templates: Path, context: Path, work: Path) -> list[Comparison]:
    """One comparison for each number of rows; stops where the two papers are not the same."""
    problems = Problems()
    whole, _ = composed(templates, KIND, None, problems)
    whole.save(str(work / "composed.docx"))
    prepared = Prepared(prepare_kind(templates, KIND, None, problems))
    paper = load_context(context)["papers"][0]
    return [_compare(prepared, work / "composed.docx", _grown(paper, rows), rows) for rows in ROWS]


def _compare(prepared: Prepared, template: Path, paper: dict, rows: int | None) -> Comparison:
    def ours() -> bytes:
        return prepared.fill(paper)

    def theirs() -> bytes:
        return _rendered(template, paper, Marks(*prepared.marks))

    what = f"the schedule grown to {rows} rows" if rows else f"the real paper {paper['number']}"
    if _content(ours()) != _content(theirs()):
        raise SystemExit(f"{what}: fill and docxtpl do not make the same text and tables")
    return Comparison(what, *in_turn(15 if rows == 600 else 40, ours, theirs))


def _rendered(template: Path, paper: dict, marks: Marks) -> bytes:
    """As users of docxtpl do it. The texts are escaped already, so it is spared that work (autoescape)."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    environment.filters.update(runs=marks.runs, blocks=marks.blocks)
    document = DocxTemplate(str(template))
    document.render({**paper["fields"], "properties": paper["properties"]}, environment, autoescape=False)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def _content(paper: bytes) -> tuple[list[str], list[tuple]]:
    """Texts of the paragraphs, and the tables' structure with the merged cells, in order."""
    with zipfile.ZipFile(io.BytesIO(paper)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    texts = ["".join(paragraph.itertext()) for paragraph in body.iter(qn("w:p"))]
    return texts, [(element.tag, *element.attrib.values()) for element in body.iter(*_STRUCTURE)]


def _grown(paper: dict, rows: int | None) -> dict:
    """The paper with that many rows in its schedule, shared out among the priority areas."""
    if rows is None:
        return paper
    grown = copy.deepcopy(paper)
    areas = grown["fields"]["schedule"]["areas"]
    for number, area in enumerate(areas):
        area["rows"] = [_like(area["rows"][0], row) for row in range(number, rows, len(areas))]
    return grown


def _like(row: dict, number: int) -> dict:
    """A row with every key of a real one, so that templates may use what they like."""
    texts = {
        "activity": f"Synthetic activity {number}: access of SMEs to global value chains &amp; markets",
        "timeframe": f"{2016 + number % 4} - {2017 + number % 4}",
        "proponents": "Chinese Taipei; Malaysia; the Philippines",
    }
    return {**row, **texts}


