"""The traces of papers, one file a paper: what wording/tracing.py tells of each figure, written by `read`, read by who asks.

outputs/work/traces/2018/SMEWG47/18_smewg47_003.json belongs to outputs/papers/2018/SMEWG47/18_smewg47_003.docx.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from papers.wording.tracing import HOW

if TYPE_CHECKING:
    from pathlib import Path

_SIGNS = ("row ", "column ")  # what a person may write before the name of a row or column
_PLACES = ("place", "where", "what", "tag")


def trace_file(paper_file: str) -> str:
    """The place of a paper's trace below the folder of traces."""
    return f"{paper_file.removesuffix('.docx')}.json"


def traces(folder: Path) -> list[dict]:
    """All traces, in order of the papers' numbers; of restricted papers as well."""
    found = [json.loads(path.read_bytes()) for path in folder.glob("*/*/*.json")]
    return sorted(found, key=lambda trace: trace["paper"])


def public_traces(folder: Path) -> list[dict]:
    """The traces of papers that are not restricted: what may be shown to everyone."""
    return [trace for trace in traces(folder) if trace["access"] == "public"]


def figures(trace: dict) -> list[dict]:
    """The figures of a paper in the order of the text, each with its `sources` in full in place of their indices."""
    return [_in_full(figure, trace["sources"]) for figure in trace["figures"]]


def figures_under(trace: dict, *tags: str) -> list[dict]:
    """Those that stand in certain tags, such as report.rows (a table) and report.chart_of_years (a chart)."""
    below = tuple(f"{tag}{sign}" for tag in tags for sign in "[.")
    return [one for one in figures(trace) if one["tag"].startswith(below)]


def _in_full(figure: dict, sources: list[dict]) -> dict:
    if "of" in figure:
        return {**figure, "of": [_in_full(one, sources) for one in figure["of"]]}
    return {**figure, "sources": [sources[at] for at in figure["sources"]]}


def counts(figure: dict) -> int | None:
    """What the sources of a figure add up to; None where nobody reported."""
    return None if figure["value"] is None else sum(source["counts"] for source in figure["sources"])


def asked_for(found: list[dict], words: str) -> list[dict]:
    """The figures that a person means: by the figure itself (14, nine, 57.1%), else by the names of where it stands.

    Names stand between commas, in any order: "Table 3, row Innovation, column Dialogues". Each must begin or be a word or
    words of the place.
    """
    wanted = words.casefold().strip()
    same = [one for one in found if wanted in (one["figure"].casefold(), str(one.get("value")))]
    if same:
        return same
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    found = [one for one in found if names and all(_has(name, one) for name in names)]
    for name in names:  # column 2017 is not meant to be column 2017 - 2018 where there is a column 2017
        found = [one for one in found if name in one.get("place", "").casefold().split("; ")] or found
    return found


def _has(name: str, figure: dict) -> bool:
    """Whether a place has this name; "row ..." and "column ..." are looked for as such where its table is known."""
    keys = ("place",) if name.startswith(_SIGNS) and "; row " in figure.get("place", "") else _PLACES
    where = "; ".join(figure.get(key, "") for key in keys).casefold()
    bare = next((name.removeprefix(sign) for sign in _SIGNS if name.startswith(sign)), name)
    name = name if keys == ("place",) else bare
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", where) is not None


def in_words(figure: dict) -> list[str]:
    """What a figure is and what it was counted from: one line a cell, with file, sheet, cell, value, title, economy."""
    if "how" in figure:
        of = [_number(one) for one in figure["of"]]
        plus = f", plus {figure['plus']}" if "plus" in figure else ""
        lines = [f"{figure['what']}: {figure['figure']} = {HOW[figure['how']].format(*of)}{plus}"]
        for one in figure["of"]:
            lines += [f"  {line}" for line in in_words(one)]
        return lines
    among = f" (looked at: {figure['among']})" if figure.get("among") else ""
    lines = [f"{figure['what']}: {_number(figure)}{among}"]
    for source in figure["sources"]:
        lines += [_cell(source, cell, at) for at, cell in enumerate(source["cells"])]
    return lines


def _number(figure: dict) -> str:
    return "not reported" if figure["value"] is None else f"{figure['value']:,}"


def _cell(source: dict, cell: dict, at: int) -> str:
    where = f"{cell['sheet']}!{cell['cell']}" if "cell" in cell else f"line {cell['line']}"
    value = "empty" if cell["value"] is None else str(cell["value"])
    words = [f"{cell['file']} {where}", value, cell["title"], cell["economy"]]
    counts = "also" if at else f"{source['counts']:4}"
    return f"{counts}  {'  |  '.join(word for word in words if word)}"
