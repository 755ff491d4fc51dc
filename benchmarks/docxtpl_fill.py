"""Fill one paper with docxtpl, as its users do; imports only what that needs."""

from __future__ import annotations

import json
from pathlib import Path

import jinja2
from docxtpl import DocxTemplate
from papers.docx.runs import RunWriter


class _Keys(jinja2.Environment):
    """Jinja environment in which `table.items` is the key, not the method of a dict."""

    getattr = jinja2.Environment.getitem


def fill(templates: Path, out: Path, paper: dict) -> None:
    """Render one paper from the complete template of its kind and save it below `out`."""
    whole = templates / f"{paper['kind']}.docx"
    marks = RunWriter(*json.loads(whole.with_suffix(".json").read_bytes()))
    environment = _Keys(undefined=jinja2.StrictUndefined)
    environment.filters.update(runs=marks.runs, blocks=marks.blocks, share=_equal_share)
    document = DocxTemplate(str(whole))
    texts = _escaped({**paper["fields"], "properties": paper["properties"]})
    document.render(texts, environment, autoescape=False)  # the filters return XML
    place = out / paper["file"]
    place.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(place))


def _equal_share(columns: list, width: int, _column: object) -> int:
    return width // max(len(columns), 1)


def _escaped(value: object) -> object:
    if isinstance(value, str):
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if isinstance(value, dict):
        return {key: _escaped(inner) for key, inner in value.items()}
    return [_escaped(inner) for inner in value] if isinstance(value, (list, tuple)) else value
