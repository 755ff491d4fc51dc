"""What a Markdown file states about its text, above it."""

from __future__ import annotations

import pytest
from papers import richtext
from papers.inputs.markdown import read_section
from papers.problems import Problems


def section(folder, source: str):
    path = folder / "section.md"
    path.write_text(source, encoding="utf-8", newline="")
    problems = Problems()
    return read_section(path, "section.md", problems), problems


@pytest.mark.parametrize(
    ("head", "restated"),
    [("restated: true", True), ("restated: false", False), ("restated: true  # why", True)],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_section_states_whether_it_is_restated_and_keeps_its_lines(tmp_path, head, restated, end):
    found, problems = section(tmp_path, end.join(["---", head, "---", "# One", "", "Text."]))
    assert not problems.found and found.restated is restated
    assert richtext.plain(found.heading) == "One" and [block["at"] for block in found.blocks] == [6]


def test_a_section_without_a_head_is_not_restated(tmp_path):
    found, problems = section(tmp_path, "# One\n\nText.\n")
    assert not problems.found and not found.restated


@pytest.mark.parametrize(
    ("source", "line", "kind", "words"),
    [
        ("---\nrestate: true\n---\n# One\n\nA.\n", 2, "unknown-key", "restated"),
        ("---\nrestated: perhaps\n---\n# One\n\nA.\n", 2, "wrong-value", "restated"),
        ("---\nrestated: true\nrestated: true\n---\n# One\n\nA.\n", 3, "yaml", "a second time"),
        ("---\nrestated: true\n---\n# One\n\n`A`\n", 6, "markdown", "backticks"),
        ("---\n# One\n\nA.\n", 1, "markdown", "rule"),
        ("---\n# One\n---\n# Two\n\nA.\n", 1, "markdown", "rule"),
    ],
)
def test_a_mistake_in_a_head_is_reported_with_its_line(tmp_path, source, line, kind, words):
    found, problems = section(tmp_path, source)
    first = sorted(problems.found)[0]
    assert found is None and (first.place.line, first.kind) == (line, kind) and words in str(first)
