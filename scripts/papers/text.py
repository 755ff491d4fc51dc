"""Text with marks, as plain data that JSON can carry: the one form between reading, wording and Word.

A *run* is ``[text, marks]``; marks are any of ``b`` (bold), ``i`` (italic), ``^`` (raised); or ``{"note": line}``, a
footnote that hangs here. A *line* is ``{"line": [run, ...]}``. A *block* is one paragraph: ``{"style", "line", "start"}``;
``start`` is true where an ordered list begins. *Blocks* are ``{"blocks": [block, ...]}``.
"""

from __future__ import annotations

BODY, BULLET, BULLET_2, NUMBER, ROMAN = (
    "Body Text",
    "List Bullet",
    "List Bullet 2",
    "List Number",
    "List Roman",
)
QUOTE, HEADING_2, HEADING_3, TABLE_BULLET = "Quote", "Heading 2", "Heading 3", "Table Bullet"
STYLES = (BODY, BULLET, BULLET_2, NUMBER, ROMAN, QUOTE, HEADING_2, HEADING_3)
ORDERED = (NUMBER, ROMAN)


def line(*runs: list | dict | str) -> dict:
    """A line from runs; a plain string is a run without marks."""
    return {"line": [[run, ""] if isinstance(run, str) else run for run in runs]}


def block(style: str, runs: dict, start: bool = False) -> dict:
    """One paragraph in a named style; `runs` is a line."""
    return {"style": style, "line": runs["line"], "start": start}


def blocks(*paragraphs: dict) -> dict:
    return {"blocks": list(paragraphs)}


def plain(runs: list) -> str:
    """The text of runs without marks and without footnotes."""
    return "".join(run[0] for run in runs if isinstance(run, list))
