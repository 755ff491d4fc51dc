"""Sections in Markdown become headings and blocks; nothing is lost without a problem that reports it."""

from __future__ import annotations

import re

import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st
from papers import richtext
from papers.inputs.markdown import read_paragraph, read_section
from papers.problems import Place, Problems
from reliability import count

SECTION = "Hostile files by kind"

PLACE = Place("plan.yaml", line=7, key="vision")


def section(folder, source: str):
    path = folder / "section.md"
    path.write_text(source, encoding="utf-8", newline="")
    problems = Problems()
    return read_section(path, "section.md", problems), problems


def paragraph(source: str) -> tuple[list, Problems]:
    problems = Problems()
    return read_paragraph(source, PLACE, problems), problems


def styles(found) -> list[tuple[str, str, bool]]:
    return [(block["style"], richtext.plain(block["line"]), block["start"]) for block in found.blocks]


def test_a_section_has_a_heading_and_blocks_with_their_lines(tmp_path):
    found, problems = section(
        tmp_path, "# 3. [Review\n\nOne\nline.]\n\n> Quoted.\n\n## Lower\n\n### Lowest\n"
    )
    assert not problems
    assert richtext.plain(found.heading) == "3. [Review"
    assert styles(found) == [
        ("Body Text", "One line.]", False),
        ("Quote", "Quoted.", False),
        ("Heading 2", "Lower", False),
        ("Heading 3", "Lowest", False),
    ]
    assert [block["at"] for block in found.blocks] == [3, 6, 8, 10]


def test_a_new_list_begins_after_other_text(tmp_path):
    source = "# H\n\n1. a\n2. b\n   - c\n   - d\n3. e\n\nText\n\n1. f\n1. g\n\nText\n\nI. h\nII. i\nIII. j\n\n- k\n  - l\n"
    found, problems = section(tmp_path, source)
    assert not problems, problems.lines()
    lists = [
        (style.removeprefix("List "), words, start)
        for style, words, start in styles(found)
        if "List" in style
    ]
    assert lists == [
        ("Number", "a", True),
        ("Number", "b", False),
        ("Bullet 2", "c", False),
        ("Bullet 2", "d", False),
        ("Number", "e", False),
        ("Number", "f", True),
        ("Number", "g", False),
        ("Roman", "h", True),
        ("Roman", "i", False),
        ("Roman", "j", False),
        ("Bullet", "k", False),
        ("Bullet 2", "l", False),
    ]


def test_a_roman_list_may_have_twenty_items(tmp_path):
    romans = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split()  # noqa: SIM905
    found, problems = section(tmp_path, "# H\n\n" + "".join(f"{roman}. item\n" for roman in romans))
    assert not problems
    assert [style for style, *_ in styles(found)] == ["List Roman"] * 20


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("the 21^st^ century", [["the 21", ""], ["st", "^"], [" century", ""]]),
        ("*a* **b** ***c***", [["a", "i"], [" ", ""], ["b", "b"], [" ", ""], ["c", "bi"]]),
        ("*a **b** c*", [["a ", "i"], ["b", "bi"], [" c", "i"]]),
        ("2 * 3 & 4 < 5", [["2 * 3 & 4 < 5", ""]]),
        ("a_b_c, [x] and \\*y\\*", [["a_b_c, [x] and *y*", ""]]),
        ("[word]: meaning", [["[word]: meaning", ""]]),
        ("one\ntwo\\\nthree", [["one two\nthree", ""]]),
        ("in {{ last_year }}.", [["in ", ""], {"fact": "last_year", "marks": "", "at": 7}, [".", ""]]),
        ("**{{last_year}}**", [{"fact": "last_year", "marks": "b", "at": 7}]),
        ("見る é 😀 \u00a0", [["見る é 😀", ""]]),
    ],
)
def test_a_paragraph_becomes_runs_with_marks(source, runs):
    found, problems = paragraph(source)
    assert not problems, problems.lines()
    assert found == runs


def test_a_footnote_is_part_of_the_line_that_refers_to_it_and_keeps_its_marks(tmp_path):
    found, problems = section(
        tmp_path, "# H[^h]\n\n- a[^a] b\n\n[^a]: An *old*\n  note.\n[^h]: Heading.\n\n    More.\n"
    )
    assert not problems, problems.lines()
    assert found.heading == [["H", ""], {"note": [["Heading.", ""], ["\n", ""], ["More.", ""]]}]
    assert found.blocks[0]["line"] == [
        ["a", ""],
        {"note": [["An ", ""], ["old", "i"], [" note.", ""]]},
        [" b", ""],
    ]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path):
    source = "# H\n\nOne\ntwo.\n\n- a\n- b\n"
    plain, _ = section(tmp_path, source)
    windows, problems = section(tmp_path, "\ufeff" + source.replace("\n", "\r\n"))
    assert not problems
    assert windows == plain


def test_a_problem_in_a_paragraph_of_data_has_the_line_of_its_own_file():
    _, problems = paragraph("First\n`code`")
    assert [(p.place.file, p.place.line, p.kind) for p in problems.found] == [("plan.yaml", 8, "markdown")]


@pytest.mark.parametrize("source", ["", "a\n\nb", "- a", "1. a", "# a", "> a"])
def test_a_paragraph_of_data_is_one_plain_paragraph(source):
    runs, problems = paragraph(source)
    assert runs == []
    assert [problem.kind for problem in problems.found] == ["not-one-paragraph"]


def test_every_mistake_in_a_section_is_reported_with_its_line(tmp_path):
    _, problems = section(tmp_path, "# H\n\n`a`\n\n***\n\n- b\n\n  c\n\nd[^e]\n\n#### f\n")
    assert sorted((p.place.line, p.kind) for p in problems.found) == [
        (3, "markdown"),
        (5, "markdown"),
        (9, "list-paragraph"),
        (11, "reference-without-note"),
        (13, "heading-depth"),
    ]


WORDS = "alpha bravo charlie delta echo foxtrot golf hotel".split()  # noqa: SIM905
MARKS = (
    *("\n", "\n\n", " ", "  ", "    ", "\t", "\u00a0", "\u2028", "\\\n"),
    *(
        "- ",
        "* ",
        "1. ",
        "2. ",
        "7. ",
        "1) ",
        "2) ",
        "a) ",
        "(a) ",
        "(b) ",
        "i) ",
        "(1) ",
        "1.1 ",
        "1.2 ",
        "I. ",
        "II. ",
        "III. ",
        "V. ",
        "> ",
        "# ",
        "## ",
    ),
    *(
        "*",
        "**",
        "_",
        "^",
        "`",
        "~~~\n",
        "|",
        "|-|\n",
        "|-|:-:|\n",
        "---\n",
        "===\n",
        "\\",
        "!",
        "&",
        "<",
        ">",
        "<!--",
    ),
    *("[^a]", "\n[^a]: ", "[^", "]", "]: ", "[", "](", ")", "{{ ", " }}", "{{ vision }}"),
)
marks = st.sampled_from(MARKS)
sources = st.lists(st.sampled_from(WORDS) | marks, max_size=25).map("".join)


def words_of(runs: list) -> list[str]:
    """Return all words that a paper would show: of runs, of the names of facts, of footnotes."""
    parts = []
    for run in runs:
        if isinstance(run, list):
            parts.append(run[0])
        else:
            parts += [run["fact"]] if "fact" in run else [" ", *words_of(run["note"]), " "]
    return parts


def known_words(parts: list[str]) -> list[str]:
    """Return the words of WORDS in a text, sorted; a mark within a word does not split it."""
    return sorted(re.findall("|".join(WORDS), "".join(parts)))


@given(sources)
@example("[alpha]: bravo")
@example("alpha\n---\n")
@example("> " * 30 + "alpha")
@example("- [^a]: alpha\n- bravo[^a]")
@example("[^a]: alpha\n[^a]: bravo\n\ncharlie[^a]")
@example("|alpha|\n|-|\n|bravo|")
@example("I. alpha\n   II. bravo")
@example("[^a][^a]\n[^a]: alpha")
@examples(400)
def test_no_word_is_lost_without_a_problem(tmp_path_factory, source):
    found, problems = section(tmp_path_factory.getbasetemp(), f"# Heading\n\n{source}")
    assert (found is None) == bool(problems)
    if found:
        parts = words_of(found.heading)
        for block in found.blocks:
            assert block["style"] in (*richtext.STYLES, richtext.TABLE)
            for runs in richtext.lines_of(block):
                parts += [" ", *words_of(runs)]
        assert known_words(parts) == known_words([re.sub(r"\[\^\w+\]", " ", source)])


@given(st.text(max_size=120))
@examples(150)
def test_any_text_is_set_or_refused_and_never_raises(tmp_path_factory, source):
    for whole in (source, f"# H\n\n{source}"):
        found, problems = section(tmp_path_factory.getbasetemp(), whole)
        assert (found is None) == bool(problems)
        assert all(problem.place.line for problem in problems.found)


@pytest.mark.parametrize("sign", ["•", "◦", "▪", "·", "\uf0b7", "o\t", "➢"])
def test_a_list_pasted_with_its_bullets_is_refused_line_by_line(tmp_path, sign):
    _, problems = section(tmp_path, f"# Summary\n\nIt has\n{sign} one part\n{sign} another part\n")
    assert [(p.kind, p.place.line) for p in problems.found] == [("typed-bullet", 4), ("typed-bullet", 5)]
    count(SECTION, "texts: pasted bullets, refused")


def test_a_list_pasted_with_dashes_is_refused_and_a_dash_in_a_text_is_not(tmp_path):
    _, problems = section(tmp_path, "# Summary\n\n– one\n– two\n\nA text\n– with a dash – goes on.\n")
    assert [(p.kind, p.place.line) for p in problems.found] == [("typed-bullet", 3), ("typed-bullet", 4)]


@pytest.mark.parametrize("text", ["2*3*4=24", "un**import**ant", "a*b*"])
def test_a_sign_of_emphasis_within_a_word_is_refused(tmp_path, text):
    _, problems = section(tmp_path, f"# Summary\n\n{text}\n")
    assert {p.kind for p in problems.found} == {"sign-in-word"}


@pytest.mark.parametrize(
    ("text", "line"),
    [("2 * 3 * 4", [["2 * 3 * 4", ""]]), (r"2\*3\*4", [["2*3*4", ""]]), ("*a*b", [["a", "i"], ["b", ""]])],
)
def test_other_signs_stay_or_are_emphasis(text, line):
    assert paragraph(text) == (line, Problems())


def test_a_fact_with_endless_spaces_is_read_in_one_pass():
    runs, problems = paragraph("{{" + " " * 100_000 + "first_year" + " " * 100_000 + "}}")
    assert not problems and [run["fact"] for run in runs] == ["first_year"]
    _, problems = paragraph("{{" + " " * 200_000 + "x")
    assert [p.kind for p in problems.found] == ["broken-fact"]


@pytest.mark.parametrize("sign", ["[^", "![", "[", "<", "*a", "`"])
def test_very_many_signs_are_read_or_are_one_problem(tmp_path, sign):
    assert section(tmp_path, "# Summary\n\n" + sign * (100_000 // len(sign)))
    _, problems = section(tmp_path, "# Summary\n\n" + sign * (300_000 // len(sign)))
    assert [p.kind for p in problems.found] == ["too-large"]
    count(SECTION, "texts: very many signs of Markdown, read or one problem")


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", 'line 3: found the byte 92, which is no UTF-8 (in Windows-1252 it is "’")'),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "zero bytes"),
        ("utf-32", "UTF-32"),
    ],
)
def test_text_in_another_encoding_is_named(tmp_path, encoding, words):
    path = tmp_path / "section.md"
    path.write_bytes("# Summary\n\nThe Leaders’ Meeting\n".encode(encoding))
    problems = Problems()
    assert read_section(path, "section.md", problems) is None
    assert [words in line for line in problems.lines()] == [True]
    count(SECTION, "texts: other encodings, named")
