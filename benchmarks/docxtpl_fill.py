"""One paper with docxtpl, as a user of it writes that; imports nothing but what that takes."""

from __future__ import annotations

import json
from pathlib import Path

import jinja2
from docxtpl import DocxTemplate
from papers.docx.runs import RunWriter


class _Keys(jinja2.Environment):
    """`table.items` is the key of that name, not the method of a dict."""

    getattr = jinja2.Environment.getitem


def fill(templates: Path, out: Path, paper: dict) -> None:
    whole = templates / f"{paper['kind']}.docx"
    marks = RunWriter(*json.loads(whole.with_suffix(".json").read_bytes()))
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
