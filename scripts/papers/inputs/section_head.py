"""The keys that a Markdown file may state before its text, between two lines ---."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.inputs.yaml import StrictModel, fit_form
from papers.inputs.yaml_nodes import parse_yaml, place_of

if TYPE_CHECKING:
    from papers.problems import Problems

_LINE = "---"


class SectionHead(StrictModel):
    """What a section states about its text."""

    restated: bool = False  # whether it puts an endorsed text into other words


def read_head(source: str, name: str, problems: Problems) -> tuple[SectionHead, str]:
    """Return the head of a Markdown file, and its text with an empty line for each line of the head.

    So the text keeps its line numbers. Problems of the head are added with their lines.
    """
    lines = source.split("\n")
    ends = [at for at, line in enumerate(lines) if line.rstrip() == _LINE]
    if ends[:1] != [0] or len(ends) == 1:  # a line --- alone is a rule, which the reader of the text refuses
        return SectionHead(), source
    end, before = ends[1], len(problems.found)
    data, node = parse_yaml("\n".join(["", *lines[1:end]]), name, problems)
    if len(problems.found) == before and data is None:
        return SectionHead(), source  # nothing stands between the two lines: they are rules
    head = None
    if len(problems.found) == before:
        head = fit_form(data, SectionHead, lambda keys: [place_of(node, keys, name)], problems)
    return head or SectionHead(), "\n".join([*[""] * (end + 1), *lines[end + 1 :]])
