"""A template proven to be balanced gives a well-formed part whatever is filled in; no other one is called so."""

from __future__ import annotations

from xml.parsers import expat

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from papers.docx.template.placeholders import parse_part
from papers.docx.template.wellformed import always_well_formed
from word_tools import ready, shipped_kinds

ROOT = "<w:p xmlns:w='w'>{}</w:p>"

ALWAYS = {
    "no tag": "<w:r><w:t>a</w:t></w:r>",
    "a text": "<w:r><w:t>{{ a }}</w:t></w:r>",
    "runs": "{{ a|runs(0) }}",
    "a loop of whole elements": "{% for a in b %}<w:r><w:t>{{ a }}</w:t></w:r>{% endfor %}",
    "a loop that ends elements and begins them again": (
        "<w:r><w:t>{% for a in b %}{{ a }}</w:t></w:r><w:r><w:t>{% endfor %}</w:t></w:r>"
    ),
    "a choice": "<w:r>{% if a %}<w:t/>{% elif b %}<w:t>b</w:t>{% else %}{% endif %}</w:r>",
    "a word of a value": '<w:t w:val="{% if a %}restart{% else %}continue{% endif %}"/>',
    "a share": '<w:t w:val="{{ 9|share(1) }}"/>',
    "comments and instructions": "<!-- a = b --><?word a?>",
}
NOT_ALWAYS = {
    "an element that no one ends": "<w:r>",
    "an end too many": "</w:r>",
    "crossed elements": "<w:r><w:t></w:r></w:t>",
    "a loop that begins only": "{% for a in b %}<w:r>{% endfor %}</w:r>",
    "a choice that begins only": "{% if a %}<w:r>{% endif %}</w:r>",
    "branches that begin other elements": "{% if a %}<w:r>{% else %}<w:t>{% endif %}</w:r>",
    "branches that begin the same element": "{% if a %}<w:r>{% else %}<w:r a='b'>{% endif %}</w:r>",
    "a text in a value": '<w:t w:val="{{ a }}"/>',
    "a text in a tag": "<w:{{ a }}/>",
    "a text outside of a text element": "<w:r>{{ a }}</w:r>",
    "a choice inside a tag": "<w:t {% if a %}b{% endif %}/>",
    "a value with markup in a branch": '<w:t w:val="{% if a %}<b{% endif %}"/>',
    "an attribute twice": "<w:t a='b' a='c'/>",
    "an attribute without quotes": "<w:t a=b/>",
    "an undeclared prefix": "<v:t/>",
    "an unknown entity": "<w:t>&nbsp;</w:t>",
    "a bare ampersand": "<w:t>a & b</w:t>",
    "a declaration of entities": "<!DOCTYPE a [<!ENTITY b 'c'>]>",
    "markup that never ends": "<w:t",
}


@pytest.mark.parametrize("case", ALWAYS)
def test_what_is_balanced_is_proven(case):
    assert always_well_formed(parse_part(ROOT.format(ALWAYS[case])))


@pytest.mark.parametrize("case", NOT_ALWAYS)
def test_what_is_not_proven_is_left_to_the_parser(case):
    assert not always_well_formed(parse_part(ROOT.replace("{}", NOT_ALWAYS[case])))


def test_text_after_the_root_is_not_well_formed():
    assert not always_well_formed(parse_part("<w:p xmlns:w='w'/>{{ a }}"))
    assert not always_well_formed(parse_part("<w:p xmlns:w='w'/>a"))


PIECES = [
    "<w:r>",
    "</w:r>",
    "<w:t>",
    "</w:t>",
    "<w:t/>",
    "a",
    "{{ a }}",
    "{{ a|runs(0) }}",
    "<w:t a='",
    "'/>",
    "&amp;",
]


def bodies(inner):
    whole = st.lists(inner, max_size=4).map("".join)
    loops = whole.map(lambda body: f"{{% for a in b %}}{body}{{% endfor %}}")
    choices = st.tuples(whole, whole).map(
        lambda two: f"{{% if a %}}{two[0]}{{% else %}}{two[1]}{{% endif %}}"
    )
    return loops | choices


@examples(400)
@given(
    st.lists(st.recursive(st.sampled_from(PIECES), bodies, max_leaves=8), max_size=6).map("".join), st.data()
)
def test_what_is_proven_parses_however_often_its_loops_run(source, data):
    tree = parse_part(ROOT.format("").replace("</w:p>", source + "</w:p>"))
    if always_well_formed(tree):
        for _ in range(4):
            expat.ParserCreate(namespace_separator=" ").Parse(expanded(tree.body, data), True)


def expanded(body, data) -> str:
    """One filling: loops turn 0 to 3 times, choices fall one way or the other."""
    made = []
    for node in body:
        match type(node).__name__:
            case "Output":
                made += [getattr(part, "data", None) or filled(part) for part in node.nodes]
            case "For":
                made += [expanded(node.body, data) for _ in range(data.draw(st.integers(0, 3)))]
            case "If":
                made.append(expanded(node.body if data.draw(st.booleans()) else node.else_, data))
    return "".join(made)


def filled(node) -> str:
    runs = '<w:r><w:t xml:space="preserve">runs</w:t></w:r>'
    return runs if type(node).__name__ == "Filter" else "a</w:t><w:br/><w:t>&lt;b&gt;"


@pytest.mark.parametrize("kind", sorted(shipped_kinds()))
def test_every_part_of_the_shipped_templates_is_proven(kind):
    prepared = ready(kind)
    assert prepared.proven == {name for name, _ in prepared.compiled}
