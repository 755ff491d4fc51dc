"""Find the cover that a sender put in front of a paper, on the first page of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.organisation import Labels
    from papers.numbers import Grammar


def cover_of(lines: Iterable[str], labels: Labels, grammar: Grammar) -> dict[str, str] | None:
    """Return number, agenda_item and text of an official cover on a first page.

    None unless at least two of the labels of a cover are there.
    """
    lines = [line for line in lines if line.strip()]
    patterns = {name: _pattern(label) for name, label in labels.model_dump().items() if label}
    labelled = {
        name: match[1].strip()
        for line in lines
        for name, pattern in patterns.items()
        if (match := pattern.match(line))
    }
    if len(labelled) < 2:
        return None
    others = [line for line in lines if not any(pattern.match(line) for pattern in patterns.values())]
    numbers = [found[0] for line in others if (found := grammar.in_text.search(line))]
    return {
        "number": numbers[0] if numbers else "",
        "agenda_item": labelled.get("agenda_item", ""),
        "text": " ".join(lines),
    }


def _pattern(label: str) -> re.Pattern[str]:
    """Return the expression of a label at the beginning of a line: full stops and spaces may be missing."""
    words = re.escape(label.rstrip(": ")).replace(r"\.", r"\.?").replace(r"\ ", " ?")
    return re.compile(rf"\s*{words}\s*:\s*(.*)", re.IGNORECASE)
