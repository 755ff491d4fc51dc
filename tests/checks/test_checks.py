"""What the checks find in a paper: words that are not used, text that is not finished, what keeps readers out."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
import yaml
from check_tools import (
    access,
    category_of_chart,
    docx,
    facts,
    footnote,
    link,
    nomenclature,
    open_text,
    p,
    picture,
    runs,
    table,
    texts,
    title_of_chart,
    validity,
    zipped,
)
from hypothesis import given
from hypothesis import strategies as st
from papers.checks.consistency import compare
from papers.docx.contrast import contrast
from papers.docx.package import PackageError
from project_tools import ROOT

RULES = yaml.safe_load((ROOT / "inputs/apec/nomenclature.yaml").read_text(encoding="utf-8"))["rules"]
WRONG = [word for rule in RULES for word in rule["wrong"] if not rule.get("capitals")]
RIGHT = [word for rule in RULES for word in (*rule["right"], *rule.get("unless", ()))]
CASES = (str, str.upper, str.lower, str.capitalize)


def everywhere(word: str) -> bytes:
    """A paper that says a word once in each place where a paper has text; in the first it is split into runs."""
    said = f"About {word} today"
    body = p("About ", word[0], word[1:-1], f"{word[-1]} today")
    body += table(("Economy",), (said,)) + table(("Year",), ("2018",), caption=said) + picture(said)
    chart = title_of_chart(said) + category_of_chart(f"{said}.")
    return docx(body, said, footnotes=footnote(said), header=p(said), footer=p(said), chart=chart)


PLACES = [
    "alternative text of Picture 1",
    "alternative text of table",
    "chart 1",
    "chart 1",
    "footer",
    "footnote 1",
    "header",
    "paragraph 1",
    "table 1, row 2, column 1",
    "title under File, Properties",
]


# Nomenclature


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("word", WRONG)
def test_each_word_of_the_nomenclature_is_found_in_any_place_and_case(word, case):
    found = nomenclature(everywhere(case(word)))
    assert {words.strip('"').casefold() for words, _ in found} == {word.casefold()}
    assert sorted(re.sub(r' "About .*', "", where) for _, where in found) == PLACES


@pytest.mark.parametrize("word", RIGHT)
def test_what_the_nomenclature_wants_instead_is_never_found(word):
    for case in CASES:
        assert nomenclature(everywhere(case(word))) == []


def test_the_abbreviation_of_the_united_states_is_told_apart_from_the_pronoun():
    assert nomenclature(docx(p("US firms join us; the us market pays US$ 5 to all of us."))) == [
        ('"US"', "paragraph 1"),
        ('"the us"', "paragraph 1"),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "Tai\u00adwan",
        "Tai\u200bwan",
        "Hong\u00a0Kong",
        "Hong  Kong\u2011China",
        "head\nof state",
        "U. S.",
        "APEC Summit’s",
        "«Vietnam»",
        "member-state",
        "Taiwan/Korea",
    ],
)
def test_a_word_is_found_however_it_is_spaced_and_joined(written):
    assert len(nomenclature(docx(p(written)))) == 1


@pytest.mark.parametrize(
    "words",
    [
        "international",
        "Vietnamese food",
        "nationwideness",
        "stateless",
        "statement",
        "bus",
        "campus",
        "Bruneian",
    ],
)
def test_a_word_within_a_longer_one_is_not_found(words):
    assert nomenclature(docx(p(words))) == []


@given(st.data())
def test_a_word_is_found_in_whatever_runs_it_is_split(data):
    sentence = f"In {data.draw(st.sampled_from(WRONG))}, yes"
    cuts = sorted(data.draw(st.sets(st.integers(1, len(sentence) - 1))))
    pieces = [sentence[start:end] for start, end in zip([0, *cuts], [*cuts, len(sentence)], strict=True)]
    assert len(nomenclature(docx(p(*pieces)))) == 1


def test_deleted_text_and_what_older_programs_see_is_not_read_twice():
    gone = "<w:p><w:del><w:r><w:delText>Taiwan</w:delText></w:r></w:del></w:p>"
    box = "<w:txbxContent>" + p("Vietnam") + "</w:txbxContent>"
    choice = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    boxed = f"<w:p><w:r><mc:AlternateContent>{choice}</mc:AlternateContent></w:r></w:p>"
    assert nomenclature(docx(gone + boxed)) == [('"Vietnam"', "text box 1")]


def test_a_place_is_told_by_its_heading():
    body = p("First", style="Heading1") + p("a") + p("Second", style="Heading1") + p("b") + p("In Vietnam")
    assert nomenclature(docx(body)) == [('"Vietnam"', 'paragraph 2 under "Second"')]


def test_a_heading_is_not_told_again_for_the_table_of_contents():
    body = p("In Vietnam", " 3", style="TOC1") + p("In Vietnam", style="Heading1")
    assert nomenclature(docx(body)) == [('"Vietnam"', 'heading "In Vietnam"')]


def test_an_accepted_name_is_passed_over_and_the_word_beside_it_found():
    data = docx(p("The National Bank of Chile has a national plan; the national bank of chile too."))
    assert nomenclature(data, ("National Bank of Chile", "")) == [('"national"', "paragraph 1")]


def test_what_a_column_accepts_is_found_outside_it_and_beside_other_words():
    rows = table(("Place", "Economy"), ("Hong Kong", "Hong Kong"), ("in Hong Kong", "Peru"))
    found = nomenclature(docx(rows), ("Hong Kong", "Place"))
    assert [where for _, where in found] == ["table 1, row 2, column 2", "table 1, row 3, column 1"]


# Open text


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("[The text of this section is still to be supplied: a.md]", "in brackets"),
        ("[TBC: date]", '"[TBC: date]" in brackets'),
        ("Venue: tbc", 'the placeholder "tbc"'),
        ("Dates to be confirmed", "the placeholder"),
        ("Signed: ______", "the placeholder"),
        ("{{ title }}", "the placeholder"),
        ("Chair: XXX", "the placeholder"),
        ("DRAFT", "the mark of a draft"),
        ("Report (Draft)", 'the mark of a draft "(Draft)"'),
        ("Zero draft", "the mark of a draft"),
        ("not [closed", "a bracket that is not closed"),
        ("not (closed", "a bracket that is not closed"),
        ("never opened]", "a bracket that was never opened"),
        ("[agreed by some]", "in brackets"),
    ],
)
def test_a_sign_of_open_text_is_found_once(written, found):
    (told,) = open_text(docx(p("Before") + p(*written) + p("After")))
    assert found in told


@pytest.mark.parametrize(
    "written",
    [
        "The draft of the plan was considered.",
        "a) first, b) second",
        "As agreed [12] and again [3].",
        "“We [sic] agree […]”",
        "(in two (nested) brackets)",
        "see https://example.org/a___b",
        "Activities (SMET…",
    ],
)
def test_finished_text_is_not_taken_for_open(written):
    assert open_text(docx(p(written))) == []


def test_a_label_in_brackets_is_told_apart_by_declaration_alone():
    data = docx(p("[Policy Dialogue] on trade"))
    assert len(open_text(data)) == 1
    assert open_text(data, ("[Policy Dialogue]", "")) == []


def test_a_declared_bracket_may_close_in_a_later_paragraph_and_an_undeclared_one_is_told_once():
    body = p("7. [Review of the plan") + p("The group reviews it.]")
    assert open_text(docx(body), ("[Review of", "")) == []
    assert open_text(docx(body)) == ['"[Review of the plan … The group reviews it.]" in brackets']


def test_a_bracket_in_a_footnote_does_not_close_one_of_the_text():
    assert len(open_text(docx(p("a [b"), footnotes=footnote("c] d")))) == 2


@given(st.text(alphabet="ab []", max_size=30))
def test_every_square_bracket_is_told_once_or_with_its_partner(words):
    found = open_text(docx(p(*words))) if words.strip() else []
    pairs = sum("in brackets" in one for one in found)
    assert 2 * pairs + (len(found) - pairs) == words.count("[") + words.count("]")


def test_tracked_changes_comments_and_watermarks_are_open_text():
    body = f'<w:p><w:ins w:id="1">{runs("new")}</w:ins></w:p><w:p><w:r><w:commentReference w:id="0"/></w:r></w:p>'
    mark = '<w:p><w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r></w:p>'
    found = open_text(docx(body, header=mark))
    assert found == ['the mark of a draft "DRAFT"', "a tracked change", "a comment"]


# Accessibility


def coloured(text: str, properties: str) -> str:
    return f"<w:p>{runs(text, properties=properties)}</w:p>"


def test_a_paper_that_everyone_can_read_has_no_finding():
    body = p("One", style="Heading1") + p("Two", style="Heading2") + p("Again", style="Heading1")
    body += (
        table(("Year", "Total"), ("2018", "3"))
        + picture("A map")
        + link("The report of 2018")
        + link("www.apec.org")
    )
    assert access(docx(body)) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (p("One", style="Heading1") + p("Three", style="Heading3"), "a heading of level 3; level 2 at most"),
        (p("Two", style="Heading2"), "a heading of level 2; level 1"),
        (table(("Year",), ("2018",), header=False), "no header row"),
        (picture(" "), "Picture 1 without alternative text"),
        (link("click here"), 'a link that says only "click here"'),
        (link("https://www.apec.org/groups/som-steering-committee"), "a link that is only its address"),
        (p("pale", style="PaleToo"), '"pale" with a contrast of 2.3 to 1; at least 4.5 to 1'),
        (table(("Year",), ("2018",), style="Dark", look="0020"), '"Year" with a contrast of 1.7 to 1'),
        (coloured("red", '<w:color w:val="FF0000"/>'), '"red" with a contrast of 4.0'),
        (
            coloured("mark", '<w:color w:val="FFFFFF"/><w:highlight w:val="yellow"/>'),
            '"mark" with a contrast of 1.1',
        ),
    ],
)
def test_what_keeps_readers_out_is_found(body, found):
    (told,) = access(docx(body))
    assert told.startswith(found)


def test_a_paper_without_title_and_language_is_told():
    assert [one.partition(";")[0] for one in access(docx(p("a"), title="", styles=""))] == [
        "no title",
        "no language",
    ]


@pytest.mark.parametrize(
    ("colours", "ratio"),
    [
        (("000000", "FFFFFF"), 21),
        (("FFFFFF", "FFFFFF"), 1),
        (("767676", ""), 4.54),
        (("777777", "auto"), 4.48),
    ],
)
def test_contrast_is_that_of_wcag(colours, ratio):
    assert contrast(*colours) == pytest.approx(ratio, abs=0.005)


def test_word_itself_chooses_a_colour_that_can_be_read_where_it_is_automatic():
    assert contrast("auto", "000000") is None


# Validity


def edited(data: bytes, name: str, new: bytes | None) -> bytes:
    """The file with another part under this name, or without it."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {one: package.read(one) for one in package.namelist()}
    parts[name] = new
    return zipped({one: content for one, content in parts.items() if content is not None})


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (edited(docx(p("a")), "word/styles.xml", None), "a reference to word/styles.xml, which is not in it"),
        (edited(docx(p("a")), "word/header1.xml", b"<w:hdr>"), "a part that can't be read"),
        (edited(docx(p("a")), "word/media/a.bin", b"1"), "a part without a type"),
        (docx(picture("a") + picture("b")), "the id 1 of a picture twice"),
        (docx("<w:tbl><w:tr><w:tc></w:tc></w:tr></w:tbl>"), "without a paragraph at its end"),
        (docx("<w:tbl></w:tbl>"), "table 1 without rows"),
    ],
)
def test_what_word_may_refuse_is_found(data, found):
    (told,) = validity(data)
    assert found in told


def test_a_file_that_is_no_word_file_is_told_as_such():
    with_entities = edited(docx(p("a")), "word/header1.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>")
    for data in (b"", b"PK", zipped({"a.txt": b"a"}), with_entities):
        with pytest.raises(PackageError):
            texts(data)


# Consistency


def cover(meeting: str = "Lima, Peru", title: str = "Plan") -> str:
    return p(title, style="CoverTitle") + p(meeting, style="CoverMeeting")


def told(**papers: str) -> list[tuple[str, str, str]]:
    """(paper, found, expected) of the papers of a meeting: number -> body."""
    those = [({"number": number}, facts(docx(body))) for number, body in papers.items()]
    return [(paper["number"], one["found"], one["expected"]) for paper, one in compare(those)]


YEARS = table(
    ("Indicator", "2018", "2019"), ("Activities carried out", "15", "4"), ("Practices shared", "2", "9")
)


def test_papers_that_agree_have_no_finding():
    listed = table(("Number", "Title"), ("2019/MINI1/003", "Plan"))
    told_of = p("In 2018, 15 activities carried out, and four activities carried out in 2019.")
    held = p("It met at MINI1 (Valparaíso, Chile, 28 March-1 April 2019).")
    assert (
        told(
            **{"2019/MINI1/003": cover() + YEARS + held, "2019/MINI1/004": cover() + listed + YEARS + told_of}
        )
        == []
    )


def test_a_number_typed_by_hand_that_no_table_has_is_told():
    ((number, found, expected),) = told(
        a=cover() + YEARS, b=cover() + p("It reports 14 activities carried out.")
    )
    assert (number, found) == ("b", '"14 activities carried out"')
    assert "(4, 15)" in expected


def test_a_number_typed_by_hand_is_compared_with_the_year_that_its_sentence_names():
    ((_, found, expected),) = told(a=YEARS, b=p("In 2018, four activities carried out. All were good."))
    assert found == '"four activities carried out"' and "(15)" in expected


def test_an_indicator_that_no_table_tells_is_not_compared():
    assert told(a=p("14 activities carried out")) == []


def test_a_total_that_two_papers_tell_differently_is_told():
    other = YEARS.replace(">15<", ">16<")
    assert told(a=YEARS, b=other) == [("b", '"Activities carried out" of 2018: 16', "15, as a says")]


def test_totals_of_one_priority_area_are_not_taken_for_totals_of_all():
    area = p("Table 2. Indicators: Access to markets", style="Caption") + YEARS.replace(">15<", ">3<")
    assert told(a=YEARS, b=area) == []


def test_a_cover_that_names_another_place_than_the_others_is_told():
    ((number, found, expected),) = told(a=cover(), b=cover("Cusco, Peru"), c=cover())
    assert (number, found) == ("b", '"Cusco, Peru"') and expected.startswith('"Lima, Peru"')


def test_a_list_that_names_another_title_than_the_cover_is_told():
    listed = table(("Number", "Title"), ("2019/MINI1/003", "Plans"))
    ((number, found, expected),) = told(**{"2019/MINI1/003": cover(), "000": cover(title="List") + listed})
    assert (number, found) == ("000", '"Plans"') and expected.startswith('"Plan"')


@pytest.mark.parametrize(
    "written",
    [
        "MINI1 (Valparaíso, Chile, 27-28 March 2019)",
        "MINI1, 3 April 2019",
        "1st Mini Working Group Meeting in Valparaíso, 28 March 2018",
    ],
)
def test_a_meeting_told_with_other_dates_than_its_own_is_told(written):
    ((_, found, expected),) = told(a=p(f"As agreed at {written}."))
    assert found == f'"{written.rstrip(")")}"' and expected.startswith("28 March-1 April 2019, the dates of ")


def test_a_day_within_a_meeting_and_a_date_that_is_not_the_meetings_are_let_be():
    assert told(a=p("At MINI1, 29 March 2019; MINI1 asked on 5 May 2019; MINI12, 5 May 2019.")) == []
