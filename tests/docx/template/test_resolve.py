"""A compiled tag means what its expression means: plain look-ups and papers.evaluation never disagree."""

from __future__ import annotations

import pytest
from docxtpl_tools import tags_of_values
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st
from papers.docx.runs import RunWriter
from papers.docx.template.compile import compile_part
from papers.docx.template.placeholders import parse_source
from papers.evaluation import ExpressionError
from papers.expressions import parse
from papers.richtext import escaped, value_with_line_breaks

VALUES = {
    "text": 'A & "B" <c>\n\td',
    "empty": "",
    "yes": True,
    "no": False,
    "names": ["Chile", "a < b", "x"],
    "nothing": [],
    "rows": [{"name": "one & two", "open": True}, {"name": "three", "open": False}],
    "forum": {"code": "SMEWG", "full": "Small & Medium"},
}
TEXTS = [
    "text",
    "empty",
    "forum.code",
    "forum['full']",
    "'a & b'",
    "'<c>'",
    '"it\'s"',
    "''",
    "(rows|first).name",
]
NUMBERS = ["names|length", "nothing|length", "text|length", "2", "-1", "0"]
LISTS = ["names", "nothing", "['a & b', 'x']"]
FILTERS = [
    "upper",
    "lower",
    "title",
    "trim",
    "capitalize",
    "replace('&', '<')",
    "replace('A', '')",
    "default('x', true)",
]


def escaped_values(value):
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, dict):
        return {name: escaped_values(inner) for name, inner in value.items()}
    return [escaped_values(inner) for inner in value] if isinstance(value, list) else value


def rendered(template: str) -> str:
    """What a template without paragraphs becomes, its texts escaped as in a paper."""
    code = compile_part(parse_source(escaped(template), paragraphs=False), tags_of_values(VALUES))
    scope: dict = {"enough": lambda pieces: None}
    exec(code, scope)
    marks = RunWriter([], {}, {}, 1)
    values = value_with_line_breaks(escaped_values(VALUES))
    return "".join(scope["render"](values, marks.runs, marks.blocks, marks.value))


texts = st.recursive(
    st.sampled_from(TEXTS),
    lambda inner: st.one_of(
        st.builds("({}|{})".format, inner, st.sampled_from(FILTERS)),
        st.builds("({} ~ {})".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, st.sampled_from(["yes", "no", "text", "names"]), inner),
        st.builds("({} or {})".format, inner, inner),
    ),
    max_leaves=4,
)
conditions = st.recursive(
    st.one_of(
        st.sampled_from(["yes", "no", "names", "nothing", "text is defined", "text is none", "names|length is odd"]),
        texts,
        st.builds("{} {} {}".format, texts, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in"]), texts),
        st.builds("{} {} {}".format, st.sampled_from(NUMBERS), st.sampled_from(["==", "<", ">="]), st.sampled_from(NUMBERS)),
        st.builds("{} {} {}".format, texts, st.sampled_from(["in", "not in"]), st.sampled_from(LISTS)),
    ),
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner),
    ),
    max_leaves=4,
)  # fmt: skip


def within_limits(expression: str) -> bool:
    try:
        parse(expression)
    except ExpressionError:
        return False
    return True


@given(texts.filter(within_limits))
@example("text")
@examples(150)
def test_a_text_is_the_one_of_its_expression(expression):
    value = parse(expression).value(VALUES)
    assert rendered(f"{{{{ {expression} }}}}") == value_with_line_breaks(escaped(value))


@given(conditions.filter(within_limits))
@example("text == 'A & \"B\" <c>\\n\\td'")
@example("'a < b' in names")
@examples(200)
def test_a_condition_is_the_one_of_its_expression(expression):
    expected = "yes" if parse(expression).value(VALUES) else "no"
    assert rendered(f"{{% if {expression} %}}yes{{% else %}}no{{% endif %}}") == expected


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{% for n in names|default([]) %}{% endfor %}", None),
        ("{% for n in ['a & b', '<'] %}{{ n }}|{{ n|length }} {% endfor %}", "a &amp; b|5 &lt;|1 "),
        ("{% for row in rows %}{{ row.name|upper if row.open }}{% endfor %}", "ONE &amp; TWO"),
        ("{% set n = rows|last %}{{ n.name }}{{ names|last|upper }}", "threeX"),
        ("{% for n in names or ['none'] %}{{ n }}{% endfor %}", "Chilea &lt; bx"),
        ("{% for n in (nothing if yes else names) %}{% else %}none{% endfor %}", "none"),
        ("{% for n in names %}{{ loop.length - 1 }}{% endfor %}", None),
    ],
)
def test_computed_values_are_escaped_once(template, text):
    if text is None:
        with pytest.raises(ExpressionError):
            rendered(template)
    else:
        assert rendered(template) == text
