"""The sets of characters that a reader cannot see or could mistake, and the text fold for comparing."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers.characters import (
    describe_character,
    describe_lookalikes,
    folded,
    forbidden_character,
    in_one_line,
    invisible_character,
    lookalikes,
    printable,
)

EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]
SOFT_HYPHEN = "\u00ad"
PREFIXES = (
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"  # visible signs
)
ANNOTATIONS = "\ufff9\ufffa\ufffb" + "".join(map(chr, (*range(0x13430, 0x13440),)))
JOINERS = "\u200c\u200d"  # Persian and Indian scripts need them


def test_every_character_that_xml_forbids_is_refused():
    allowed = [(0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF)]
    forbidden = {c for c in EVERY_CHARACTER if not any(first <= ord(c) <= last for first, last in allowed)}
    assert all(forbidden_character(c) for c in forbidden - {*"\t\n\r"})


def test_every_invisible_character_is_refused_in_papers():
    invisible = {c for c in EVERY_CHARACTER if invisible_character(c)}
    assert all(forbidden_character(c) for c in invisible)
    turning = {c for c in EVERY_CHARACTER if unicodedata.bidirectional(c) in TURNING}
    assert {*"\u061c\u200e\u200f"} | turning <= invisible
    assert not invisible & {*JOINERS, SOFT_HYPHEN}


def test_what_unicode_calls_ignorable_is_refused_but_for_what_languages_need():
    formats = {
        c for c in EVERY_CHARACTER if unicodedata.category(c) == "Cf" and c not in PREFIXES + ANNOTATIONS
    }
    fillers = {*"\u115f\u1160\u3164\uffa0\u2800\ufe0f\u034f\U000e0100"}
    assert all(forbidden_character(c) for c in (formats | fillers) - {*JOINERS, SOFT_HYPHEN})


TURNING = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")


def test_every_control_line_end_and_forbidden_character_is_escaped():
    kinds = ("Cc", "Zl", "Zp", "Cs")
    controls = {c for c in EVERY_CHARACTER if unicodedata.category(c) in kinds or forbidden_character(c)}
    assert all(printable(c) == f"[U+{ord(c):04X}]" for c in controls | {*JOINERS} if c not in "\t\n")


@pytest.mark.parametrize("text", ["Valparaíso, Việt Nam, 日本\n", "a\tb", "2\xa0April", ""])
def test_visible_text_is_not_escaped(text):
    assert printable(text) == text
    assert forbidden_character(text) is None


@given(st.text())
def test_escaped_text_needs_no_more_escaping(text):
    assert printable(printable(text)) == printable(text)
    left = forbidden_character(printable(text))
    assert left is None or lookalikes(left[0])


def test_a_character_is_described_by_code_and_name():
    assert describe_character(forbidden_character("a\u202eb")) == (
        "the character U+202E (right-to-left override, which is invisible)"
    )
    assert describe_character(forbidden_character("a\x0bb")) == "the character U+000B"


@pytest.mark.parametrize("word", ["Тaiwan", "Taіwan", "TΑIWAN", "Ｔaiwan", "𝐓aiwan", "Ꭲaiwan", "Étаt"])
def test_a_letter_that_looks_latin_is_refused_in_a_latin_word(word):
    found = describe_character(forbidden_character(word))
    assert "which only looks Latin" in found and f'"{word}"' in found


@pytest.mark.parametrize(
    "text", ["Доклад по плану", "Δt, μm and 5 µm", "COVID-19 план", "Σ(x)", "日本Tokyo", "α-tocopherol"]
)
def test_other_scripts_are_allowed_in_words_of_their_own(text):
    assert forbidden_character(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leaders’ Meeting", "Leaders' Meeting"),
        ("“Inclusive” growth", '"Inclusive" growth'),
        ("2017–2020", "2017-2020"),
        ("micro\u00adbusiness", "microbusiness"),
        ("Valparai\u0301so", "Valparaíso"),
        ("Ｏｋｉｎａｗａ", "Okinawa"),
        ("e\ufb03cient", "efficient"),
        ("SUMMARY REPORT", "Summary\u3000 report"),
    ],
)
def test_texts_that_differ_in_signs_alone_are_folded_alike(one, other):
    assert folded(one) == folded(other)


@given(st.text())
def test_a_folded_text_stays_as_it_is(text):
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_a_text_in_one_line_has_one_line(text):
    line = in_one_line(text)
    assert line.isprintable() or not set(line) & {*"\n\t\r\x0b\x1b\x85\u2028"}
    assert len(line.splitlines()) <= 1


def test_letters_that_only_look_latin_are_named_each_once():
    assert lookalikes("Реru Реru") == ["Р", "е"]
    assert describe_lookalikes("Реru") == "Р cyrillic capital letter er, е cyrillic small letter ie"
    assert lookalikes("Perú, Việt Nam") == []


@pytest.mark.parametrize("other", ["Viet\xa0Nam", " viet  nam ", "VIET\nNAM", "Viet\u202fNam\t"])
def test_texts_that_differ_in_case_and_white_space_are_folded_alike(other):
    assert folded(other) == folded("Viet Nam") == "viet nam"


def test_texts_with_other_letters_are_not_folded_alike():
    assert folded("Perú") != folded("Peru")
    assert folded("Vietnam") != folded("Viet Nam")
