"""The whole set with docxtpl, as a user of it writes that: a plain loop, or two processes that fill.

Run in the project's folder: docxtpl_loop.py FOLDER_OF_WHOLE_TEMPLATES FOLDER_FOR_PAPERS PROCESSES READER. It reads the inputs and makes
their words with our functions; what it is spared beside a build is told in README.md.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, "scripts")

import jinja2
from docxtpl import DocxTemplate
from papers.model.build import build_model
from papers.problems import Problems
from papers.reading.config import read_config
from papers.reading.inputs import read_inputs
from papers.word.marks import Marks
from papers.wording.kinds import word_meeting
from with_openpyxl import read_with_openpyxl


class _Keys(jinja2.Environment):
    """`table.items` is the key of that name, not the method of a dict."""

    getattr = jinja2.Environment.getitem


def main(templates: Path, out: Path, processes: int) -> None:
    papers = _papers(Path())
    if processes == 1:
        for paper in papers:
            _fill(templates, out, paper)
        return
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        pool.map(partial(_fill, templates, out), papers, chunksize=1)


def _papers(root: Path) -> list[dict]:
    problems = Problems()
    config = read_config(root / "config.yaml", problems)
    model = build_model(read_inputs(root, config, problems), config, problems)
    worded = (word_meeting(model, meeting) for meeting in model.meetings if meeting.papers)
    return [paper for meeting in worded for paper in meeting["papers"]]


def _fill(templates: Path, out: Path, paper: dict) -> None:
    whole = templates / f"{paper['kind']}.docx"
    marks = Marks(*json.loads(whole.with_suffix(".json").read_bytes()))
    environment = _Keys(undefined=jinja2.StrictUndefined)
    environment.filters.update(runs=marks.runs, blocks=marks.blocks)
    document = DocxTemplate(str(whole))
    texts = _escaped({**paper["fields"], "properties": paper["properties"]})
    document.render(texts, environment, autoescape=False)  # the marks that the filters make are XML
    place = out / paper["file"]
    place.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(place))


def _escaped(value: object) -> object:
    if isinstance(value, str):
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if isinstance(value, dict):
        return {key: _escaped(inner) for key, inner in value.items()}
    return [_escaped(inner) for inner in value] if isinstance(value, (list, tuple)) else value


if __name__ == "__main__":
    gc.disable()  # as scripts/read.py does
    if sys.argv[4] == "openpyxl":
        read_with_openpyxl()
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
