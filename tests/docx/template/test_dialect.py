"""docxtpl's declarative dialect: what our templates accept means what it means in docxtpl; the rest is refused by name."""

from __future__ import annotations

import re

import pytest
from docx import Document as open_document
from docxtpl_tools import (
    content,
    new_template,
    prepared_alone,
    rendered_by_docxtpl,
    rendered_by_us,
    tags_of_values,
    texts_of,
)
from papers.docx.fill import FillError, Prepared
from papers.docx.template.resolve import LOOP
from papers.docx.template.tag_syntax import ESCAPES, REFUSED_STATEMENTS, STATEMENTS
from papers.evaluation import FILTERS, ExpressionError
from papers.expressions import ALIASES, TESTS, parse
from papers.problems import Problems
from papers.richtext import line
from project_tools import ROOT
from validators import faults

VALUES = {
    "title": "Rules & <standards>",
    "place": "port moresby",
    "empty": "",
    "yes": True,
    "no": False,
    "number": "12",
    "columns": "2",
    "colour": "FFCC00",
    "styled": line("styled & plain"),
    "none_yet": [""],
    "names": ["Chile", "Peru", "Viet Nam"],
    "forum": {"code": "SMEWG", "chairs": ["Chair", "Vice & Chair"]},
    "rows": [
        {"name": "first", "colour": "112233", "cells": ["a", "b"], "last": False},
        {"name": "second & last", "colour": "#AABBCC"[1:], "cells": ["c", "d"], "last": True},
    ],
}

# The paragraphs and tables of a template, and the texts of the paragraphs that it becomes.
FEATURES: dict[str, tuple[list, list[str]]] = {
    "no spaces": (["{{title}}{%if yes%}{{place}}{%endif%}"], ["Rules & <standards>port moresby"]),
    "a text, a number": (["{{ 'a b' }} {{ 3 }}"], ["a b 3"]),
    "a tab and a line end in a literal": (["{{ 'a\\tb\\nc' }}"], ["a\tb\nc"]),
    "upper": (["{{ title|upper }}"], ["RULES & <STANDARDS>"]),
    "lower": (["{{ title|lower }}"], ["rules & <standards>"]),
    "title": (["{{ place|title }}"], ["Port Moresby"]),
    "capitalize": (["{{ place|capitalize }}"], ["Port moresby"]),
    "trim": (["{{ '  a '|trim }}."], ["a."]),
    "replace": (["{{ title|replace('Rules', 'Lists') }}"], ["Lists & <standards>"]),
    "default": (["{{ empty|default('x') }}.{{ empty|default('none', true) }}"], [".none"]),
    "length": (["{{ names|length }} {{ title|length }} {{ rows|count }}"], ["3 19 2"]),
    "join": (["{{ forum.chairs|join(', ') }}"], ["Chair, Vice & Chair"]),
    "first and last": (["{{ names|first }} {{ (rows|last).name|upper }}"], ["Chile SECOND & LAST"]),
    "escape": (["{{ title|e }}"], ["Rules & <standards>"]),
    "int and string": (["{% if number|int > 9 %}{{ names|length|string|length }}{% endif %}"], ["1"]),
    "two filters": (["{{ place|replace('port', 'x')|upper }}"], ["X MORESBY"]),
    "texts put together": (["{{ place ~ ', ' ~ title }}"], ["port moresby, Rules & <standards>"]),
    "a condition in a tag": (["{{ title if no else place }}{{ 'x' if no }}"], ["port moresby"]),
    "or": (["{{ empty or 'nothing' }}"], ["nothing"]),
    "comparisons of numbers": (
        ["{% if names|length > 2 and names|length <= 3 and names|length != 4 %}a{% endif %}"],
        ["a"],
    ),
    "comparison with a text that is escaped": (["{% if title < 'Rules & <t' %}a{% else %}b{% endif %}"], ["a"]),
    "in and not in": (
        ["{% if 'Peru' in names and '<stand' in title and place not in ['a', 'b'] %}a{% endif %}"],
        ["a"],
    ),
    "is defined, is none": (["{% if title is defined and title is not none %}a{% endif %}"], ["a"]),
    "elif and else": (["{% if no %}a{% elif yes and not no %}b{% else %}c{% endif %}"], ["b"]),
    "a comment": (["a{# {{ nothing }} it's a comment #}b"], ["ab"]),
    "a comment that takes its paragraph": (["{#p no #}", "a"], ["a"]),
    "a comment that takes its row": ([[["{#tr no #}", "x"], ["a", "b"]]], ["a", "b"]),
    "braces that are shown": (["{_{ title }_} {_% if %_}"], ["{{ title }} {% if %}"]),
    "a loop in a line": (["{% for n in names %}{{ loop.index }} {{ n }}, {% endfor %}"], None),
    "the loop's own names": (
        [
            "{% for n in names %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.length }}"
            "{% if not loop.last %}, {% endif %}{% if loop.first %}!{% endif %}{% endfor %}"
        ],
        ["0323, !1213, 2103"],
    ),
    "odd and even": (["{% for n in names %}{{ 'a' if loop.index is odd else 'b' }}{% endfor %}"], ["aba"]),
    "a loop over literals": (["{% for n in [1, 2] %}{{ n }}{% for a in ['x', 'y'] %}{{ a }}{% endfor %}{% endfor %}"], ["1xy2xy"]),
    "else of a loop": (["{%p for n in names %}", "{{ n }}", "{%p else %}", "no one", "{%p endfor %}"], ["Chile", "Peru", "Viet Nam"]),
    "paragraphs": (["{%p if yes %}", "a", "{%p else %}", "b", "{%p endif %}"], ["a"]),
    "a loop over paragraphs without a letter": (
        ["{% for row in rows %}{{ row.name }}", "and {{ loop.index }}{% endfor %}"],
        None,
    ),
    "a condition over paragraphs without a letter": (["a{% if no %}", "b", "c{% endif %}d"], ["ad"]),
    "lines joined": (["a", "{%- if yes -%}", "b", "{%- else -%}", "c", "{%- endif -%}", "d"], ["abd"]),
    "line ends joined": (["a\n{%- if yes -%}\nb\n{%- endif -%}\nc"], ["abc"]),
    "spaces removed": (["a   {{- place -}}  b"], ["aport moresbyb"]),
    "rows": ([[["{%tr for row in rows %}"], ["{{ row.name }}"], ["{%tr endfor %}"], ["end"]]], None),
    "cells": ([[["{%tc for n in names %}", "{{ n }}", "{%tc endfor %}"]]], ["Chile", "Peru", "Viet Nam"]),
    "a loop in runs": (["a {%r if yes %}b{%r endif %}{{r styled }}"], ["a bstyled & plain"]),
    "colspan": ([[["{% colspan columns %}a"], ["{%colspan names|count%}b"]]], ["a", "b"]),
    "cellbg": ([[["{% cellbg colour %}a", "{% cellbg 'auto' %}b"]]], ["a", "b"]),
    "cellbg in a loop": (
        [[["h"], ["{%tr for row in rows %}"], ["{% cellbg row.colour %}{{ row.name }}"], ["{%tr endfor %}"]]],
        ["h", "first", "second & last"],
    ),
    "vm": ([[["h"], ["{%tr for row in rows %}"], ["{% vm %}{{ title }}"], ["{%tr endfor %}"]]], None),
    "hm": (
        [[["{%tc for n in names %}", "{% hm %}all", "{%tc endfor %}"], ["{%tc for n in names %}", "{{ n }}", "{%tc endfor %}"]]],
        ["all", "Chile", "Peru", "Viet Nam"],
    ),
    "set": (["{% set short = place|replace('port ', '') %}{{ short }} {{ short|upper }}"], ["moresby MORESBY"]),
    "set of a number": (["{% set many = names|length > 2 %}{% if many %}a{% endif %}"], ["a"]),
    "set in a loop": (["{% for row in rows %}{% set n = row.name|upper %}{{ n }} {% endfor %}"], ["FIRST SECOND & LAST "]),
    "set of a list": (["{% set all = names %}{% for n in all %}{{ n }}{% endfor %}"], ["ChilePeruViet Nam"]),
}  # fmt: skip

# What docxtpl gets wrong, or refuses: the same text in our templates.
OURS = {
    "a brace or per cent sign within a literal": (["{% if place == '%}' %}a{% endif %}{{ '}}' }}{{ '5 %' }}"], ["}}5 %"]),
    "an ampersand in a literal": (
        ["{% if title == 'Rules & <standards>' and ' & ' in title %}{{ title|replace('&', 'a & b') }}{{ '&' }}{% endif %}"],
        ["Rules a & b <standards>&"],
    ),
    "curly quotation marks around a literal": (["{% if ‘Peru’ in names %}{{ “it’s” }}{% endif %}"], ["it’s"]),
    "a loop over two lists side by side": (
        ["{% for a in names %}{% for b in forum.chairs %}{{ b|first }}{% endfor %}{% endfor %}"],
        ["CVCVCV"],
    ),
}  # fmt: skip


def ready(tmp_path, parts) -> tuple[Prepared | None, Problems]:
    problems = Problems()
    template = new_template(tmp_path / "template.docx", *parts)
    return prepared_alone(template, tags_of_values(VALUES), problems), problems


def ours(tmp_path, parts, values=VALUES) -> bytes:
    prepared, problems = ready(tmp_path, parts)
    assert prepared, problems.lines()
    return rendered_by_us(prepared, values, "2018/SMEWG47/001")


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_of_docxtpl_is_the_same_in_our_templates(feature, tmp_path):
    parts, texts = FEATURES[feature]
    made = ours(tmp_path, parts)
    template = tmp_path / "template.docx"
    theirs = rendered_by_docxtpl(template, tags_of_values(VALUES), VALUES)
    assert content(made) == content(theirs)
    assert texts is None or texts_of(made) == texts


@pytest.mark.parametrize("case", OURS)
def test_literals_and_loops_mean_what_they_say(case, tmp_path):
    parts, texts = OURS[case]
    assert texts_of(ours(tmp_path, parts)) == texts


def test_an_empty_list_shows_what_is_after_else(tmp_path):
    parts = ["{%p for n in names %}", "{{ n }}", "{%p else %}", "no one", "{%p endfor %}"]
    assert texts_of(ours(tmp_path, parts, {**VALUES, "names": []})) == ["no one"]


def test_a_tag_that_word_has_split_with_its_literals_works(tmp_path):
    template = new_template(tmp_path / "template.docx", "")
    document = open_document(str(template))
    paragraph = document.paragraphs[0]
    for piece in ("{", "{ title|re", "place('", "&', ‘", "%}’) }", "}!"):
        paragraph.add_run(piece)
    document.save(str(template))
    prepared = prepared_alone(template, tags_of_values(VALUES), Problems())
    assert texts_of(rendered_by_us(prepared, VALUES, "x")) == ["Rules %} <standards>!"]


@pytest.mark.parametrize("colour", ['FFCC00" w:x="', "red", "", "FFCC0", "#GGGGGG"])
def test_a_colour_that_is_none_reaches_no_attribute(colour, tmp_path):
    parts = [[["{% cellbg colour %}a"]]]
    with pytest.raises(FillError, match="as the colour of a cell; expected six digits"):
        ours(tmp_path, parts, {**VALUES, "colour": colour})


@pytest.mark.parametrize("columns", ["0", "64", "-1", "²", '2"', "", "9" * 50])
def test_a_number_of_columns_that_word_cannot_have_reaches_no_attribute(columns, tmp_path):
    with pytest.raises(FillError, match="as the columns of a cell; expected a number from 1 to 63"):
        ours(tmp_path, [[["{% colspan columns %}a"]]], {**VALUES, "columns": columns})


def test_a_value_that_does_not_fit_its_filter_is_reported_with_the_paper(tmp_path):
    with pytest.raises(FillError, match=r"^2018/SMEWG47/001: found a text before \|int, in a tag of"):
        ours(tmp_path, ["{% if number|int > 3 %}a{% endif %}"], {**VALUES, "number": "twelve"})


def test_a_text_that_a_filter_changes_is_in_the_paper_and_one_that_it_drops_is_not(tmp_path):
    values = {"names": ["Chile"], "title": "Rules & <standards>"}
    template = new_template(tmp_path / "template.docx", "{{ names|first }}, {{ title|upper }}")
    prepared = prepared_alone(template, tags_of_values(values), Problems())
    shown = rendered_by_us(prepared, values, "x", complete=True)
    assert texts_of(shown) == ["Chile, RULES & <STANDARDS>"]
    with pytest.raises(FillError, match='found that the text "Peru" did not reach the paper'):
        rendered_by_us(prepared, {**values, "names": ["Chile", "Peru"]}, "x", complete=True)


def test_a_paper_that_its_tags_would_make_endless_is_refused(tmp_path):
    grow = "".join(f"{{% set x{n + 1} = x{n} ~ x{n} %}}" for n in range(16))
    parts = ["{% set x0 = 'aaaaaaaa' %}" + grow, *["{{ x16 }}" * 20] * 20]
    with pytest.raises(FillError, match="grows without end"):
        ours(tmp_path, parts)


# What is refused: the template, and words of the message
REFUSED = {
    "a call": ("{{ title.upper() }}", "a call of upper()"),
    "a custom filter": ("{{ title|my_filter(2) }}", "the filter |my_filter"),
    "a filter that marks text as safe": ("{{ title|safe }}", "the filter |safe"),
    "arithmetic": ("{{ number * 2 }}", "arithmetic"),
    "an undeclared name": ("{{ titel }}", "the unknown tag titel"),
    "an undeclared name with a default": ("{{ titel|default('x') }}", "the unknown tag titel"),
    "a question for an undeclared name": ("{% if titel is defined %}{% endif %}", "the unknown tag titel"),
    "an object of docxtpl": ("{{ styled }}", "expected {{r styled }}"),
    "styled text compared": ("{% if styled == 'x' %}{% endif %}", "styled text compared"),
    "a loop over pairs": ("{% for k, v in forum.items() %}{% endfor %}", "a loop with two names"),
    "else with a condition": ("{% if no %}{% else if yes %}{% endif %}", "Write {% elif ... %}"),
    "a dash where a letter is": ("{%p if yes -%}", "a dash in {%p if yes -%}"),
    "an item after the loop": ("{% for n in names %}{% else %}{{ n }}{% endfor %}", "the unknown tag n"),
    "a name that a loop has set": (
        "{% for n in names %}{% set a = n %}{% endfor %}{{ a }}",
        "the unknown tag a",
    ),
    "numbers made by a call": ("{% for i in range(3) %}{% endfor %}", "Write the numbers: [1, 2, 3]"),
    "a macro": ("{% macro x() %}{% endmacro %}", "{% macro x() %}"),
    "an included file": ("{% include 'x' %}", "{% include 'x' %}"),
    "text in place of a number": ("{% if title > 3 %}{% endif %}", "a text compared with a number"),
    "text of a line that would be lost": ("lost {%- if yes %}{% endif %}", 'the text "lost" before {%- if yes %}'),
    "the item before": ("{% for n in names %}{{ loop.previtem }}{% endfor %}", "loop.previtem"),
    "a bomb": ("{{ 'x' * 1000000000 }}", "arithmetic"),
    "another bomb": ("{{ '{:1000000000}'.format(1) }}", "a call of format()"),
    "loops over literals that multiply": (
        "{% for a in [1,2,3,4,5,6,7,8,9,10] %}" * 4 + "{% endfor %}" * 4,
        "a loop over literals within others",
    ),
}  # fmt: skip


@pytest.mark.parametrize("feature", REFUSED)
def test_what_our_templates_do_not_have_is_refused_by_its_name(feature, tmp_path):
    text, words = REFUSED[feature]
    prepared, problems = ready(tmp_path, [text])
    assert prepared is None
    assert any(words in str(problem) for problem in problems.found)
    assert all(problem.todo.endswith((".", "?")) for problem in problems.found)


PAGE = (ROOT / "docs/templates-for-docxtpl-users.md").read_text(encoding="utf-8")


def codes(heading: str, column: int = 0) -> set[str]:
    """The words in code of a column of the table below a heading of the page."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in section.splitlines() if line.startswith("|")][2:]
    return {code for row in rows for code in re.findall(r"`([^`]+)`", row[column])}


def words_of_statements(heading: str) -> set[str]:
    statements = (re.match(r"\{%(?:p|tr|tc|r)? (\w+)", code) for code in codes(heading))
    return {found[1] for found in statements if found}


def test_the_page_for_users_of_docxtpl_lists_filters_tests_and_the_names_of_a_loop():
    assert {re.match(r"\w+", code)[0] for code in codes("Filters")} == {*FILTERS, *ALIASES}
    assert codes("Tests") == {f"is {name}" for name in TESTS}
    assert codes("Names of a loop") == {f"loop.{name}" for name in LOOP}


def test_the_page_for_users_of_docxtpl_lists_the_statements():
    assert words_of_statements("Tags") == set(STATEMENTS)
    assert words_of_statements("What is refused") - set(STATEMENTS) == set(REFUSED_STATEMENTS)
    assert set(ESCAPES) == {brace for code in codes("Tags") for brace in code.split() if brace in ESCAPES}


def test_what_the_page_shows_of_expressions_is_accepted_and_what_it_names_is_refused():
    examples = codes("Expressions", 1) - {"==", "!=", "<", "<=", ">", ">=", "in", "not in"}
    for example in examples:
        assert parse(example.replace("\\|", "|")).tree
    calls = [code for code in codes("What is refused") if code.endswith(")")]
    assert calls
    for example in [*calls, "1 < x < 3"]:
        with pytest.raises(ExpressionError):
            parse(example.removeprefix("for k, v in "))


def test_tables_made_by_tags_about_cells_are_valid(tmp_path):
    head = ["Name", "{%tc for n in names %}", "{% hm %}All", "{%tc endfor %}"]
    cells = [
        "{% vm %}{{ title }}",
        "{%tc for c in names %}",
        "{% cellbg row.colour %}{{ c }}",
        "{%tc endfor %}",
    ]
    rows = [["{%tr for row in rows %}", "", "", ""], cells, ["{%tr endfor %}", "", "", ""]]
    (tmp_path / "made.docx").write_bytes(ours(tmp_path, [[head, *rows]]))
    own = faults(new_template(tmp_path / "plain.docx", "a"))  # of any file that python-docx begins
    assert faults(tmp_path / "made.docx") == own
