"""What the checks find in a paper: wrong words, open text, poor accessibility, and facts that differ."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import asdict

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
from papers.checks.consistency import PaperFacts, compare
from papers.checks.raw_findings import RawFinding, raw_finding
from papers.docx.contrast import contrast
from papers.docx.package import PackageError
from papers.docx.texts import Piece
from project_tools import ROOT

RULES = yaml.safe_load((ROOT / "inputs/apec/nomenclature.yaml").read_text(encoding="utf-8"))["rules"]
WRONG = [word for rule in RULES for word in rule["wrong"] if not rule.get("capitals")]
RIGHT = [word for rule in RULES for word in (*rule["right"], *rule.get("unless", ()))]
CASES = (str, str.upper, str.lower, str.capitalize)


def everywhere(word: str) -> bytes:
    """A paper with a word once in each place where a paper has text; in the first it is split into runs."""
    text = f"About {word} today"
    body = p("About ", word[0], word[1:-1], f"{word[-1]} today")
    body += table(("Economy",), (text,)) + table(("Year",), ("2018",), caption=text) + picture(text)
    chart = title_of_chart(text) + category_of_chart(f"{text}.")
    return docx(body, text, footnotes=footnote(text), header=p(text), footer=p(text), chart=chart)


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
def test_words_that_the_nomenclature_expects_are_never_found(word):
    for case in CASES:
        assert nomenclature(everywhere(case(word))) == []


def test_the_abbreviation_us_is_distinguished_from_the_pronoun():
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
def test_a_word_that_is_split_into_runs_is_found(data):
    sentence = f"In {data.draw(st.sampled_from(WRONG))}, yes"
    cuts = sorted(data.draw(st.sets(st.integers(1, len(sentence) - 1))))
    pieces = [sentence[start:end] for start, end in zip([0, *cuts], [*cuts, len(sentence)], strict=True)]
    assert len(nomenclature(docx(p(*pieces)))) == 1


def test_deleted_text_is_not_read_and_alternate_content_is_read_once():
    gone = "<w:p><w:del><w:r><w:delText>Taiwan</w:delText></w:r></w:del></w:p>"
    box = "<w:txbxContent>" + p("Vietnam") + "</w:txbxContent>"
    choice = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    boxed = f"<w:p><w:r><mc:AlternateContent>{choice}</mc:AlternateContent></w:r></w:p>"
    assert nomenclature(docx(gone + boxed)) == [('"Vietnam"', "text box 1")]


def test_a_place_names_its_heading():
    body = p("First", style="Heading1") + p("a") + p("Second", style="Heading1") + p("b") + p("In Vietnam")
    assert nomenclature(docx(body)) == [('"Vietnam"', 'paragraph 2 under "Second"')]


def test_a_heading_is_not_reported_again_for_the_table_of_contents():
    body = p("In Vietnam", " 3", style="TOC1") + p("In Vietnam", style="Heading1")
    assert nomenclature(docx(body)) == [('"Vietnam"', 'heading "In Vietnam"')]


def test_an_accepted_name_is_skipped_and_the_same_word_outside_it_is_found():
    data = docx(p("The National Bank of Chile has a national plan; the national bank of chile too."))
    assert nomenclature(data, ("National Bank of Chile", "")) == [('"national"', "paragraph 1")]


def test_a_text_accepted_in_a_column_is_found_in_other_columns_and_with_other_words():
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
    (finding,) = open_text(docx(p("Before") + p(*written) + p("After")))
    assert found in finding


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
def test_finished_text_is_not_reported_as_open(written):
    assert open_text(docx(p(written))) == []


def test_a_label_in_brackets_needs_a_declaration():
    data = docx(p("[Policy Dialogue] on trade"))
    assert len(open_text(data)) == 1
    assert open_text(data, ("[Policy Dialogue]", "")) == []


def test_a_declared_bracket_may_close_in_a_later_paragraph_and_an_undeclared_one_is_reported_once():
    body = p("7. [Review of the plan") + p("The group reviews it.]")
    assert open_text(docx(body), ("[Review of", "")) == []
    assert open_text(docx(body)) == ['"[Review of the plan … The group reviews it.]" in brackets']


def test_a_bracket_in_a_footnote_does_not_close_one_of_the_text():
    assert len(open_text(docx(p("a [b"), footnotes=footnote("c] d")))) == 2


@given(st.text(alphabet="ab []", max_size=30))
def test_every_square_bracket_is_reported_once_or_with_its_partner(words):
    found = open_text(docx(p(*words))) if words.strip() else []
    pairs = sum("in brackets" in finding for finding in found)
    assert 2 * pairs + (len(found) - pairs) == words.count("[") + words.count("]")


def test_tracked_changes_comments_and_watermarks_are_open_text():
    body = f'<w:p><w:ins w:id="1">{runs("new")}</w:ins></w:p><w:p><w:r><w:commentReference w:id="0"/></w:r></w:p>'
    mark = '<w:p><w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r></w:p>'
    found = open_text(docx(body, header=mark))
    assert found == ['the mark of a draft "DRAFT"', "a tracked change", "a comment"]


# Accessibility


def coloured(text: str, properties: str) -> str:
    return f"<w:p>{runs(text, properties=properties)}</w:p>"


def test_an_accessible_paper_has_no_finding():
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
def test_what_a_screen_reader_cannot_read_is_found(body, found):
    (finding,) = access(docx(body))
    assert finding.startswith(found)


def test_a_paper_without_title_and_language_is_reported():
    assert [finding.partition(";")[0] for finding in access(docx(p("a"), title="", styles=""))] == [
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
def test_contrast_is_computed_as_in_wcag(colours, ratio):
    assert contrast(*colours) == pytest.approx(ratio, abs=0.005)


def test_an_automatic_colour_has_no_contrast_as_word_chooses_a_readable_one():
    assert contrast("auto", "000000") is None


# Validity


def edited(data: bytes, name: str, new: bytes | None) -> bytes:
    """The file with other content of a part, or without the part."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    parts[name] = new
    return zipped({part: content for part, content in parts.items() if content is not None})


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (edited(docx(p("a")), "word/styles.xml", None), "a reference to word/styles.xml, which is not in it"),
        (edited(docx(p("a"), header=p("b")), "word/header1.xml", b"<w:hdr>"), "a part that can't be read"),
        (edited(docx(p("a")), "word/media/a.bin", b"1"), "a part without a type"),
        (docx(picture("a") + picture("b")), "the id 1 of a picture twice"),
        (docx("<w:tbl><w:tr><w:tc></w:tc></w:tr></w:tbl>"), "without a paragraph at its end"),
        (docx("<w:tbl></w:tbl>"), "table 1 without rows"),
    ],
)
def test_a_fault_for_which_word_may_refuse_a_file_is_found(data, found):
    (finding,) = validity(data)
    assert found in finding


def test_a_file_that_is_no_word_file_is_unreadable():
    with_entities = edited(docx(p("a")), "word/header1.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>")
    for data in (b"", b"PK", zipped({"a.txt": b"a"}), with_entities):
        with pytest.raises(PackageError):
            texts(data)


# Consistency


def cover(meeting: str = "Lima, Peru", title: str = "Plan") -> str:
    return p(title, style="CoverTitle") + p(meeting, style="CoverMeeting")


def compared(**papers: str) -> list[tuple[str, str, str]]:
    """(number, found, expected) of each finding in the papers of a meeting: number -> body."""
    facts_by_number = {number: facts(docx(body)) for number, body in papers.items()}
    return [(number, finding.found, finding.expected) for number, finding in compare(facts_by_number)]


YEARS = table(
    ("Indicator", "2018", "2019"), ("Activities carried out", "15", "4"), ("Practices shared", "2", "9")
)


def test_papers_that_agree_have_no_finding():
    listed = table(("Number", "Title"), ("2019/MINI1/003", "Plan"))
    sentence = p("In 2018, 15 activities carried out, and four activities carried out in 2019.")
    held = p("It met at MINI1 (Valparaíso, Chile, 28 March-1 April 2019).")
    assert (
        compared(
            **{
                "2019/MINI1/003": cover() + YEARS + held,
                "2019/MINI1/004": cover() + listed + YEARS + sentence,
            }
        )
        == []
    )


def test_a_typed_number_that_no_table_has_is_reported():
    ((number, found, expected),) = compared(
        a=cover() + YEARS, b=cover() + p("It reports 14 activities carried out.")
    )
    assert (number, found) == ("b", '"14 activities carried out"')
    assert "(4, 15)" in expected


def test_a_typed_number_is_compared_with_the_year_that_its_sentence_names():
    ((_, found, expected),) = compared(a=YEARS, b=p("In 2018, four activities carried out. All were good."))
    assert found == '"four activities carried out"' and "(15)" in expected


def test_an_indicator_without_a_table_is_not_compared():
    assert compared(a=p("14 activities carried out")) == []


def test_a_total_that_differs_in_two_papers_is_reported():
    other = YEARS.replace(">15<", ">16<")
    assert compared(a=YEARS, b=other) == [("b", '"Activities carried out" of 2018: 16', "15, as in a")]


def test_decimals_percentages_and_rows_that_name_a_unit_are_compared():
    stated = table(
        ("Indicator", "2018"), ("Activities carried out (number)", "14.5"), ("Practices shared", "45%")
    )
    other = stated.replace(">14.5<", ">15<").replace(">45%<", ">46%<")
    assert compared(a=stated, b=other) == [
        ("b", '"Activities carried out (number)" of 2018: 15', "14.5, as in a"),
        ("b", '"Practices shared" of 2018: 46%', "45%, as in a"),
    ]
    ((_, _, expected),) = compared(a=stated + other, b=p("14 activities carried out"))
    assert "(14.5, 15)" in expected


def test_totals_of_one_priority_area_are_not_compared_with_totals_of_all():
    area = p("Table 2. Indicators: Access to markets", style="Caption") + YEARS.replace(">15<", ">3<")
    assert compared(a=YEARS, b=area) == []


def test_a_cover_that_names_another_place_than_the_others_is_reported():
    ((number, found, expected),) = compared(a=cover(), b=cover("Cusco, Peru"), c=cover())
    assert (number, found) == ("b", '"Cusco, Peru"') and expected.startswith('"Lima, Peru"')


def test_a_list_that_names_another_title_than_the_cover_is_reported():
    listed = table(("Number", "Title"), ("2019/MINI1/003", "Plans"))
    ((number, found, expected),) = compared(
        **{"2019/MINI1/003": cover(), "000": cover(title="List") + listed}
    )
    assert (number, found) == ("000", '"Plans"') and expected.startswith('"Plan"')


@pytest.mark.parametrize(
    "written",
    [
        "MINI1 (Valparaíso, Chile, 27-28 March 2019)",
        "MINI1, 3 April 2019",
        "1st Mini Working Group Meeting in Valparaíso, 28 March 2018",
    ],
)
def test_a_meeting_with_other_dates_than_its_own_is_reported(written):
    ((_, found, expected),) = compared(a=p(f"As agreed at {written}."))
    assert found == f'"{written.rstrip(")")}"' and expected.startswith("28 March-1 April 2019, the dates of ")


def test_facts_and_findings_survive_json():
    body = cover() + YEARS + p("In 2018, four activities carried out at MINI1, 3 April 2019.")
    found = facts(docx(body + table(("Number", "Title"), ("2019/MINI1/003", "Plan"))))
    assert found.typed and found.held and found.listed and found.totals
    assert PaperFacts.from_data(json.loads(json.dumps(found.as_data()))) == found
    finding = raw_finding("open-text", Piece("a [b]", "paragraph 1", ""), "[b]", "none", "Delete it.", (2, 5))
    assert finding.around == ("a ", "[b]", "")
    assert RawFinding.from_data(json.loads(json.dumps(asdict(finding)))) == finding


def test_a_day_within_a_meeting_and_a_date_of_something_else_are_not_reported():
    assert compared(a=p("At MINI1, 29 March 2019; MINI1 asked on 5 May 2019; MINI12, 5 May 2019.")) == []
