"""The paper as pandoc's JSON tree of blocks, and its conversion by pandoc with a reference document."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path

from peer_paper import FIELDS, HEADINGS, HEADS, LABELS, YEARS


def convert(data: dict, reference: Path) -> bytes:
    """Return the .docx file; raise ValueError with pandoc's message if it fails."""
    command = ("pandoc", "--from=json", "--to=docx", f"--reference-doc={reference}", "--output=-")
    tree = {"pandoc-api-version": _version(), "meta": {}, "blocks": _blocks(data)}
    done = subprocess.run(command, input=json.dumps(tree).encode(), capture_output=True, check=False)
    if done.returncode:
        raise ValueError(done.stderr.decode())
    return done.stdout


@cache
def _version() -> list[int]:
    empty = subprocess.run(
        ("pandoc", "--from=markdown", "--to=json"), input=b"", capture_output=True, check=True
    )
    return json.loads(empty.stdout)["pandoc-api-version"]


def _blocks(data: dict) -> list[dict]:
    blocks = [
        _styled("Title" if name == "title" else "Body Text", LABELS.get(name, "") + words)
        for name, words in data["cover"].items()
    ]
    blocks.append({"t": "RawBlock", "c": ["openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>']})
    blocks.append(_styled("Title", data["title"]))
    for section in data["sections"]:
        blocks += [_heading(section["heading"]), *(_para(one["text"]) for one in section["paragraphs"])]
    blocks.append(_heading(HEADINGS[0]))
    blocks += [_para(noted["text"], {"t": "Note", "c": [_para(noted["note"])]}) for noted in data["noted"]]
    priorities = [
        [_cell(p["number"]), _cell(p["name"]), _cell(*(o["text"] for o in p["objectives"]))]
        for p in data["priorities"]
    ]
    indicators = [[_cell(i["name"]), *(_cell(i[f"y{year}"]) for year in YEARS)] for i in data["indicators"]]
    schedule = []
    for area in data["areas"]:
        for at, row in enumerate(area["rows"]):
            first = [_cell(area["name"], rows=len(area["rows"]))] if at == 0 else []
            schedule.append([*first, *(_cell(row[name]) for name in FIELDS)])
    for heading, heads, rows in zip(
        HEADINGS[1:], HEADS.values(), (priorities, indicators, schedule), strict=True
    ):
        blocks += [_heading(heading), _table(heads, rows)]
    return blocks


def _words(text: str) -> list[dict]:
    return [{"t": "Str", "c": text}]


def _para(text: str, *more: dict) -> dict:
    return {"t": "Para", "c": [*_words(text), *more]}


def _heading(text: str) -> dict:
    return {"t": "Header", "c": [1, ["", [], []], _words(text)]}


def _styled(style: str, text: str) -> dict:
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], [_para(text)]]}


def _cell(*texts: str, rows: int = 1) -> list:
    return [["", [], []], {"t": "AlignDefault"}, rows, 1, [_para(text) for text in texts]]


def _table(heads: tuple[str, ...], rows: list) -> dict:
    attributes, width = ["", [], []], {"t": "ColWidth", "c": 1 / len(heads)}
    head = [attributes, [[attributes, [_cell(words) for words in heads]]]]
    body = [attributes, 0, [], [[attributes, cells] for cells in rows]]
    columns = [[{"t": "AlignDefault"}, width] for _ in heads]
    return {"t": "Table", "c": [attributes, [None, []], columns, head, [body], [attributes, []]]}
