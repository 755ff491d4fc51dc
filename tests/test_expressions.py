"""The expression language of templates, conditions, phrases and title patterns, and its limits."""

from __future__ import annotations

import pytest
from jinja2 import Environment
from papers import evaluation, expressions
from papers.evaluation import FILTERS, ExpressionError
from papers.expressions import parse, parse_text

VALUES = {
    "year": 2016,
    "serial": "007",
    "forum": {"name": "Small & Medium", "code": "SMEWG", "members": ["Chile", "Peru"]},
    "areas": [{"id": "a1", "name": "First area"}, {"id": "a2", "name": "second-area (pilot)"}],
    "none_yet": [],
    "open": True,
    "chair": None,
}

SAME_AS_IN_JINJA = [
    "year",
    "forum.name",
    "forum['name']",
    "'it is'",
    '"a }} b"',
    "year == 2016",
    "year != 2016",
    "year < 2017 and year >= 2016",
    "year > -1",
    "'Peru' in forum.members",
    "'Cuba' not in forum.members",
    "serial in ['007', '008']",
    "serial in ('008', '009')",
    "'Medium' in forum.name",
    "not open",
    "open and serial",
    "none_yet or 'nothing'",
    "chair is none",
    "chair is not none",
    "chair == none",
    "budget is defined",
    "forum.budget is defined",
    "forum.name is not defined",
    "budget is defined and budget > 3",
    "year is even",
    "year is odd",
    "'open' if open else 'closed'",
    "forum.code ~ '-' ~ year",
    "forum.name|upper",
    "forum.name|lower|capitalize",
    "areas|last",
    "(areas|last).name|title",
    "(areas|first).id",
    "'  x '|trim",
    "forum.name|replace('Small', 'Large')",
    "forum.members|join(', ')",
    "forum.members|join",
    "forum.members|length > 1",
    "forum.members|count",
    "forum.code|first",
    "budget|default('none')",
    "budget|d('none')|upper",
    "chair|default('no chair', true)",
    "none_yet|first|default('no one')",
    "serial|int",
    "' 12 '|int < 13",
    "year|string",
    "forum.code|e",
    "“curly”",
    "true",
    "false or none",
]
JINJA = Environment()


@pytest.mark.parametrize("text", SAME_AS_IN_JINJA)
def test_an_expression_has_the_value_that_it_has_in_jinja(text):
    reference = JINJA.compile_expression(expressions.straight_quotes(text))(**VALUES)
    assert parse(text).value(VALUES) == reference


def test_every_filter_and_test_is_compared_with_jinja():
    used = " ".join(SAME_AS_IN_JINJA)
    names = {"escape": "e"}
    assert not [name for name in FILTERS if f"|{names.get(name, name)}" not in used]
    assert not [name for name in expressions.TESTS if name not in used and name != "undefined"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("forum.name", {"forum.name"}),
        ("forum['name']|upper", {"forum.name"}),
        ("a.b.c == d and e.f is defined", {"a.b.c", "d", "e.f"}),
        ("'x' if areas|length > 1 else (areas|first).name", {"areas"}),
        ("[a, b.c]|join", {"a", "b.c"}),
        ("'forum.name'", set()),
    ],
)
def test_names_are_those_that_are_used(text, names):
    assert parse(text).names == names


def test_a_condition_without_else_leaves_nothing():
    assert parse_text("{{ 'a' if not open }}b").fill(VALUES) == "b"


REFUSED = {
    "forum.name.format(1)": "a call of format()",
    "range(9)": "a call of range()",
    "'{:1000000000}'.format(1)": "a call of format()",
    "'x' * 1000000000": "arithmetic",
    "2 ** 99999999": "arithmetic",
    "year % 4": "arithmetic",
    "year + 1": "+",
    "-year": "arithmetic",
    "{'a': 1}": "a dictionary",
    "areas[0]": "a number or name in square brackets",
    "areas[year]": "a number or name in square brackets",
    "areas[1:2]": "a slice",
    "1.5": "the number 1.5",
    "1 < year < 3": "a chained comparison",
    "areas|map('upper')": "the filter |map",
    "'%100000000d'|format(1)": "the filter |format",
    "forum|attr('name')": "the filter |attr",
    "forum.name|uper": "the filter |uper",
    "'x'|center(1000000000)": "the filter |center",
    "year is divisibleby 4": "the test is divisibleby",
    "forum.name|replace('a')": "|replace with other arguments",
    "forum.name|replace('a', serial)": "|replace with other arguments",
    "forum.name|replace('', 'x')": "|replace of an empty text",
    "forum.members|join(attribute='x')": "|join with other arguments",
    "forum.name|upper(1)": "|upper with other arguments",
    "'a\\u202eb'": "the character U+202E (right-to-left override, which is invisible) in a literal",
    "'a\\x00b'": "the character U+0000 in a literal",
    "1" * 16: "a number of more than 15 digits",
    "forum.": '"forum."',
    "": '""',
    "a b": '"a b"',
    "a }} {{ b": '"a }} {{ b"',
    "a %} {% b": '"a %} {% b"',
    "'a": '"\'a"',
    "x" * 301: "an expression of 301 characters",
    "(" * 40 + "x" + ")" * 40: "40 brackets within each other",
    "not " * 70 + "x": "an expression of more than 40 parts within each other",
    "x" + ".y" * 140: "an expression of more than 40 parts within each other",
    "9" * 300: "a number of more than 15 digits",
}


@pytest.mark.parametrize(("text", "found"), REFUSED.items())
def test_what_the_language_does_not_have_is_refused_by_its_name(text, found):
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    assert refused.value.found == found
    assert refused.value.expected and refused.value.todo.endswith((".", "?"))


@pytest.mark.parametrize(
    "text", ["{{ 'x' * 10**9 }}", "{{ '{:1000000000}'.format(1) }}", "{{ 'a'|center(10**9) }}"]
)
def test_constants_are_never_computed_while_parsing(text, monkeypatch):
    """Jinja computes constants when it compiles, which would need gigabytes here; parsing never reaches that."""

    def fail(*_):
        raise AssertionError("computed")

    monkeypatch.setattr("jinja2.optimizer.optimize", fail)
    monkeypatch.setattr("jinja2.environment.Environment.compile", fail)
    monkeypatch.setattr("jinja2.nodes.Expr.as_const", fail)
    with pytest.raises(ExpressionError):
        parse_text(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("year > '5'", "a number compared with a text"),
        ("serial == 7", "a text compared with a number"),
        ("areas < areas", "a list compared by its size"),
        ("'a' in year", "a text searched in a number"),
        ("year|upper", "a number before |upper"),
        ("serial is odd", "a text before is odd"),
        ("forum.code|int", "a text before |int"),
        ("budget", "budget, which has no value"),
        ("forum.budget == 3", "forum.budget, which has no value"),
        ("year.day", "year.day, which has no value"),
        ("none_yet|first", "none_yet|first, which has no value"),
    ],
)
def test_values_that_do_not_fit_are_errors_not_guesses(text, found):
    with pytest.raises(ExpressionError) as refused:
        parse(text).value(VALUES)
    assert refused.value.found == found


def test_no_filter_makes_a_text_longer_than_the_limit():
    growing = "x|replace('a','aaaaaaaaa')" + "|replace('a','aaaaaaaaa')" * 9
    with pytest.raises(ExpressionError, match="makes a text of"):
        parse(growing).value({"x": "a"})
    half = "a" * (evaluation.LONGEST_TEXT // 2)
    for text in ("x ~ x ~ x", "[x, x, x]|join", "[x, x]|join('b')"):
        with pytest.raises(ExpressionError, match="makes a text of"):
            parse(text).value({"x": half})


def test_attributes_are_keys_of_dictionaries_and_nothing_else():
    for text in ("x.__class__", "x.y.__globals__", "x['upper']"):
        with pytest.raises(ExpressionError, match="which has no value"):
            parse(text).value({"x": "text", "y": parse})


def test_a_text_is_filled_with_the_values_of_its_expressions():
    pattern = parse_text("{{forum.code}}: {{ areas|length }} areas in {{ year }}, \"quoted\" {{ '}}' }} }")
    assert pattern.names == {"forum.code", "areas", "year"}
    assert pattern.fill(VALUES) == 'SMEWG: 2 areas in 2016, "quoted" }} }'
    assert parse_text("").fill({}) == ""
    assert parse_text("{{ forum.members }}: members").values(VALUES) == [["Chile", "Peru"], ": members"]


@pytest.mark.parametrize("text", ["{{ areas }}", "{{ forum }}", "{{ open }}", "{{ chair }}"])
def test_only_texts_and_whole_numbers_are_shown(text):
    with pytest.raises(ExpressionError, match="where text is shown"):
        parse_text(text).fill(VALUES)


@pytest.mark.parametrize(
    "text", ["{{ year", "year }}", "{% if x %}", "{# no #}", "{{ 'a }}", "{{ x }} }}", "{{}}", "{{- x }}"]
)
def test_half_a_tag_in_a_text_is_an_error(text):
    with pytest.raises(ExpressionError):
        parse_text(text)
