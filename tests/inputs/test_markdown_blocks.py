"""Lists, tables and pictures in Markdown become what Word shows."""

from __future__ import annotations

import struct

import pytest
from papers import richtext
from papers.inputs.markdown import read_section
from papers.problems import Problems
from word_tools import png


def section(folder, source: str):
    path = folder / "inputs/mini/narrative/x/text.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# Heading\n\n{source}", encoding="utf-8")
    problems = Problems()
    return read_section(path, "inputs/mini/narrative/x/text.md", problems), problems


def blocks(folder, source: str) -> list[dict]:
    found, problems = section(folder, source)
    assert found, problems.lines()
    return found.blocks


def labels(found: list[dict]) -> list[str]:
    """Return the label of each item as Word shows it, counted as Word counts: a level restarts after a higher one."""
    counters: dict[tuple[str, int], int] = {}
    shown = []
    for block in found:
        if "item" not in block:
            continue
        key, level, formats = (block["item"][name] for name in ("key", "level", "formats"))
        counters = {k: n for k, n in counters.items() if k[0] != key or k[1] <= level}
        if block["start"]:
            counters.pop((key, level), None)
        counters[key, level] = counters.get((key, level), 0) + 1
        text = formats[level][1]
        for at in range(level + 1):
            text = text.replace(f"%{at + 1}", written(formats[at][0], counters.get((key, at), 1)))
        shown.append(text)
    return shown


def written(kind: str, number: int) -> str:
    roman = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
    return {"lowerLetter": chr(96 + number), "lowerRoman": roman[number - 1]}.get(kind, str(number))


LISTS = {
    "letters": ("a) x\nb) x\n", ["a)", "b)"]),
    "letters in brackets with romans": ("(a) x\n    (i) y\n    (ii) y\n(b) x\n    (i) z\n", ["(a)", "(i)", "(ii)", "(b)", "(i)"]),
    "numbers with a bracket": ("1) x\n2) x\n", ["1)", "2)"]),
    "dotted below numbers": ("1. x\n   1.1 y\n   1.2 y\n2. x\n   2.1 z\n   2.2 z\n", ["1.", "1.1", "1.2", "2.", "2.1", "2.2"]),
    "dotted in three levels": ("1. x\n   1.1 y\n       1.1.1 z\n       1.1.2 z\n   1.2 y\n", ["1.", "1.1", "1.1.1", "1.1.2", "1.2"]),
    "dotted below a heading": ("2.1 x\n2.2 x\n", ["2.1", "2.2"]),
    "three levels of bullets": ("- x\n  - y\n    - z\n- x\n", ["•", "–", "•", "•"]),
    "mixed": ("1. x\n   - y\n     - z\n2. x\n   a) y\n   b) y\n", ["1.", "–", "•", "2.", "a)", "b)"]),
    "a list that goes on after a text": ("1. x\n2. x\n\nText.\n\n3. x\n", ["1.", "2.", "3."]),
    "a list that begins anew": ("a) x\nb) x\n\nText.\n\na) x\n", ["a)", "b)", "a)"]),
    "i) after h)": ("".join(f"{c}) x\n" for c in "abcdefgh") + "\nText.\n\ni) x\nj) x\n", [f"{c})" for c in "abcdefghij"]),
    "letters without a margin below dotted": ("1.1 x:\n(a) y\n(b) y\n1.2 x\n", ["1.1", "(a)", "(b)", "1.2"]),
    "two lists in one item": ("1. x\n   a) y\n   - z\n   a) y\n", ["1.", "a)", "–", "a)"]),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), LISTS.values(), ids=LISTS)
def test_word_shows_the_labels_that_were_typed(tmp_path, source, expected):
    assert labels(blocks(tmp_path, source)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1.5 million enterprises.",
        "The share was\n1.1 per cent.",
        "See item\na) of the list.",
        "(2016) was a year.",
    ],
)
def test_a_line_of_text_that_looks_like_an_item_stays_text(tmp_path, text):
    (block,) = blocks(tmp_path, text)
    assert block["style"] == richtext.BODY and richtext.plain(block["line"]) == text.replace("\n", " ")


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("a) x\nc) x\n", 4, '"b)"'),
        ("b) x\n", 3, '"a)"'),
        ("1. x\n   2.1 y\n   2.2 y\n", 4, '"1.1"'),
        ("a) x\n   b) y\n", 4, "same margin"),
        ("- a\n  - b\n    - c\n      - d\n", 6, "3 levels"),
        ("Steps:\n\na. x\nb. y\n", 6, '"b)"'),
        ("1. x\n   2. y\n", 4, "margin of the items above"),
    ],
)
def test_a_label_out_of_order_is_a_problem_with_its_line(tmp_path, source, line, words):
    _, problems = section(tmp_path, source)
    assert (problems.found[0].place.line, words in problems.lines()[0]) == (line, True), problems.lines()


def test_a_table_has_its_alignment_its_marks_and_its_footnotes(tmp_path):
    source = "| A | *B* | C |\n|:--|:-:|--:|\n| a \\| b | **c**[^n] | {{ year }} |\n| | d | 1 |\n\nText.\n\n[^n]: Note.\n"
    block, text = blocks(tmp_path, source)
    table = block["table"]
    assert table["align"] == [richtext.LEFT, richtext.CENTRE, richtext.RIGHT]
    assert [head["line"] for head in table["heads"]] == [[["A", ""]], [["B", "i"]], [["C", ""]]]
    assert table["rows"][0][0]["line"] == [["a | b", ""]]
    assert table["rows"][0][1]["line"] == [["c", "b"], {"note": [["Note.", ""]]}]
    assert table["rows"][0][2]["line"] == [{"fact": "year", "marks": "", "at": 5}]
    assert table["rows"][1][0]["line"] == [] and text["style"] == richtext.BODY


def test_a_column_with_more_text_is_wider(tmp_path):
    (block,) = blocks(tmp_path, "| A | B |\n|---|---|\n| x | a long sentence about measures |\n")
    narrow, wide = block["table"]["widths"]
    assert wide > 2 * narrow


def jpeg(width: int, height: int, dots: int) -> bytes:
    """The segments of a JPEG that say how large it is, and its end."""
    head = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\1" + struct.pack(">HH", dots, dots) + b"\0\0"
    size = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + head + size + b"\xff\xd9"


@pytest.mark.parametrize(
    ("data", "size"),
    [(png(96, 48), [914_400, 457_200]), (jpeg(300, 150, 300), [914_400, 457_200])],
    ids=["PNG without dots per inch", "JPEG with 300 dots per inch"],
)
def test_a_picture_has_the_size_of_its_file_and_its_title_as_caption(tmp_path, data, size):
    figures = tmp_path / "inputs/mini/figures"
    figures.mkdir(parents=True)
    (figures / "a b.png").write_bytes(data)
    (block,) = blocks(tmp_path, '![What it shows](<../../figures/a b.png> "Noise in {{ year }}")\n')
    assert block["picture"]["size"] == size and block["picture"]["alt"] == "What it shows"
    assert block["picture"]["file"] == "inputs/mini/figures/a b.png"
    assert block["line"] == [["Noise in ", ""], {"fact": "year", "marks": "", "at": 3}]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (png()[:-4], "damaged"),
        (b"GIF89a", "damaged"),
        (b"<svg/>", "damaged"),
        (jpeg(0, 10, 96), "too-large"),
        (jpeg(60_000, 60_000, 96), "too-large"),
        (b"\xff\xd8\xff\xd9", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
    ],
)
def test_a_file_that_is_no_whole_picture_of_a_usual_size_is_refused(tmp_path, data, kind):
    (tmp_path / "inputs/mini/narrative/x").mkdir(parents=True)
    (tmp_path / "inputs/mini/narrative/x/a.png").write_bytes(data)
    _, problems = section(tmp_path, "![What it shows](a.png)\n")
    assert [problem.kind for problem in problems.found] == [kind]
