"""Numbers of papers and projects: parsing, errors, order, and the paths of files."""

import json
import pickle
import random
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from organisation_tools import GRAMMAR, PROJECTS
from papers.characters import printable
from papers.number_patterns import NumberError, PatternRules
from papers.numbers import Grammar, check_safe_path, names_number

SEEN_TEXT = """
2016/SMEWG43/015 2016/SOM3/SCE/003 2005/SOMI/008rev1 2005/SOM1/001rev1 2005/ECSG/DPM1/003 2025/SMEWG60/012
2006/SMEWG/027 2015/SOM1/BMC/015 2016/HLPDAB/006 2017/PPFS/WKSP2/004 2017/AMM/004 2007/ATCWG11/057
2005/ATCWG/056 2015/OFWG/SOM2/003 2008/SOM1/CTI/016 2012/SOM1/CTI/002 2011/SOM3/CTI/001 2008/SOM1/CTI/002
2006/SOM2/CTI/002 2013/SOM3/CTI/002 2013/SOM2/CTI/020 2007/SOM1/EC/015 2006/SOM3/EC/008 2009/SOM2/EC/033
2012/SOM1/EC/002 2013/SOM1/GOS/001 2013/SOM1/GOS/002 2006/SOM3/GOS/001 2006/SOMIII/GOS/002 2010/SOM2/GOS/002
2009/TEL40/PLEN/004 2012/SMEMM/010 2015/SOM1/EPWG/026 2015/SOM3/MTF/019 2008/SOM2/MTF/008 2011/SOM3/CD/018
2008/SOM2/CD/001 2006/SOM1/SCSC/040 2018/SOM3/018 2018/SOM1/HRDWG/EDNET/001 2017/TWG51/013 2011/SOM3/IEG/001
2011/SOM3/IEG/003 2011/SOM3/IEG/004 2010/SOM2/IEG/002 2011/SOM1/IEG/003 2005/SOM2/020rev1 2014/CSOM/027
2015/FDM1/001 2017/SOM3/021 2021/SOM2/008
"""
SEEN = SEEN_TEXT.split()
NORMALISED = {"2005/SOMI/008rev1": "2005/SOM1/008rev1", "2006/SOMIII/GOS/002": "2006/SOM3/GOS/002"}

segments = st.from_regex("[A-Z]{1,8}([1-9][0-9]{0,2})?", fullmatch=True).filter(
    lambda segment: segment not in ("SOMI", "SOMII", "SOMIII")
)
suffixes = st.from_regex("rev[1-9][0-9]?|anx[A-Z]|att[A-Z]|[a-z]", fullmatch=True)


def read(text):
    return GRAMMAR.parse(text)


@st.composite
def numbers(draw):
    serials = draw(st.sampled_from(["[0-9]{3}", "IS[0-9]{2}"]))
    parts = [
        str(draw(st.integers(1989, 2088))),
        *draw(st.lists(segments, min_size=1, max_size=3)),
        draw(st.from_regex(serials, fullmatch=True)),
    ]
    return read("/".join(parts) + draw(st.just("") | suffixes))


def without_suffix(number):
    return read(f"{number.prefix}/{number.parts['serial']}")


def refusal(action, *arguments):
    with pytest.raises(NumberError) as caught:
        action(*arguments)
    return caught.value


# Parsing and printing


def test_the_list_of_seen_numbers_is_complete():
    assert len(SEEN) == len(set(SEEN)) == 51


@pytest.mark.parametrize("text", SEEN)
def test_every_seen_number_is_printed_as_it_was_read_or_in_its_stated_normal_form(text):
    number = read(text)
    assert str(number) == NORMALISED.get(text, text)
    assert number.normalised == (text in NORMALISED)
    assert read(str(number)) == number


def test_a_number_is_read_into_its_parts():
    number = read("2018/SOM1/HRDWG/EDNET/001rev2")
    assert (number.year, number.path, number.parts["serial"]) == (2018, ("SOM1", "HRDWG", "EDNET"), "001")
    assert (number.prefix, number.tail) == ("2018/SOM1/HRDWG/EDNET", "001rev2")
    assert (number.base, number.revision) == ("2018/SOM1/HRDWG/EDNET/001", 2)


def test_an_intersessional_paper_has_is_and_two_digits():
    number = read("2016/SMEWG/IS07")
    assert (number.parts["serial"], str(number)) == ("IS07", "2016/SMEWG/IS07")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("2005/SOMII/020/rev2", "2005/SOM2/020rev2"),
        ("2005/SOM2/020/REV2", "2005/SOM2/020rev2"),
        ("2016/SMEWG43/015REV1", "2016/SMEWG43/015rev1"),
        ("2016/SMEWG43/015ANXb", "2016/SMEWG43/015anxB"),
        ("2016/SMEWG43/015Atta", "2016/SMEWG43/015attA"),
        ("2016/SMEWG43/015B", "2016/SMEWG43/015b"),
        ("2016/SMEWG/is07", "2016/SMEWG/IS07"),
    ],
)
def test_old_and_careless_spellings_are_normalised_and_the_written_form_is_kept(written, printed):
    number = read(written)
    assert str(number) == printed
    assert number.normalised
    assert number.as_written == written
    assert number == read(printed)
    assert hash(number) == hash(read(printed))


def test_space_around_a_number_is_ignored():
    assert not read(" 2016/SMEWG43/015\n").normalised


@given(numbers())
def test_a_printed_number_parses_as_the_same_number(number):
    again = read(str(number))
    assert again == number
    assert hash(again) == hash(number)
    assert not again.normalised


@given(numbers())
def test_a_suffix_in_another_case_is_the_same_suffix(number):
    assert read(f"{without_suffix(number)}{number.parts.get('suffix', '').swapcase()}") == number


@given(st.text() | st.text("0123456789/SOMIrevanxt# ", max_size=25))
def test_any_text_is_either_parsed_or_refused_with_a_sentence(text):
    try:
        number = read(text)
    except NumberError as error:
        sentence = str(error)
        assert sentence.startswith("Found ")
        assert sentence.endswith(".")
        assert sentence == printable(sentence)
        assert len(sentence.splitlines()) == 1
    else:
        assert read(str(number)) == number


# Errors


@pytest.mark.parametrize(
    ("text", "found", "expected", "why"),
    [
        ("2016/SMEWG43/15", '"15" as the serial', "three digits", "equal length"),
        ("2016/SMEWG43/0015", '"0015" as the serial', "three digits", "equal length"),
        ("2016/SMEWG43/IS001", '"IS001" as the serial', "IS and two digits", "equal length"),
        ("2016/SOM3/SCE", '"SCE" as the serial', "three digits", "equal length"),
        ("2016/SMEWG43/015draft", '"draft"', "rev1 to rev99", "no other suffix"),
        ("2016/SMEWG43/015-rev1", '"-rev1"', "without a separator", "no other suffix"),
        ("2016/SMEWG43/015rev01", '"rev01"', "rev1 to rev99", "no other suffix"),
        ("2016/SMEWG43/015anx1", '"anx1"', "anxA to anxZ", "no other suffix"),
        ("2016/SMEWG43/015\u212a", '"\u212a"', "one letter a to z", "no other suffix"),
        ("2016/SMEWG43/015rev0", '"rev0"', "rev1 or higher", "carries no suffix"),
        ("2016/SMEWG43/015/rev0", '"rev0"', "rev1 or higher", "carries no suffix"),
        ("SMEWG43/015", '"SMEWG43" in place of the year', "four digits", "year of the meeting"),
        ("16/SMEWG43/015", '"16" in place of the year', "four digits", "year of the meeting"),
        ("", '"" in place of the year', "four digits", "year of the meeting"),
        ("1066/SMEWG43/015", "the year 1066", "1989 to 2088", "APEC began in 1989"),
        ("2016/smewg43/015", '"smewg43"', "capital letters", "code of a forum"),
        ("2016/SMEWG043/015", '"SMEWG043"', "without leading zeros", "code of a forum"),
        ("2016/43/015", '"43"', "capital letters", "code of a forum"),
        ("2016//015", '""', "capital letters", "code of a forum"),
        ("2016/../015", '".."', "capital letters", "code of a forum"),
        ("2016/015", "0 segments", "one to three segments", "name the meeting"),
        ("2016/A/B/C/D/015", "4 segments", "one to three segments", "name the meeting"),
        ("APEC#214-ES-01.5", "APEC#214-ES-01.5", "a document number", "a publication"),
        ("SME 02 2016A", "SME 02 2016A", "a document number", "a project"),
        ("M SCE 02 2011A", "M SCE 02 2011A", "a document number", "a project"),
        ("SCE/IA/2016", "SCE/IA/2016", "a document number", "independent assessment"),
        (15, '"15", which is not text', "a document number", "quoted as text"),
    ],
)
def test_an_error_says_what_was_found_what_was_expected_and_why(text, found, expected, why):
    error = refusal(read, text)
    assert isinstance(error, ValueError)
    assert found in error.found
    assert expected in error.expected
    assert why in error.why
    assert str(error) == f"Found {error.found}, expected {error.expected}, because {error.why}."


def test_a_longer_text_than_any_number_is_refused_before_a_pattern_is_tried():
    error = refusal(read, f"2016/{'A' * 80}/001")
    assert error.expected == "at most 80"
    assert not GRAMMAR.is_number(f"2016/{'A' * 80}/001")


def test_an_error_can_be_pickled():
    error = refusal(read, "2016/SMEWG43/15")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


# Order

LISTED_TEXT = """
2005/SOM2/020 2016/SMEWG/027 2016/SMEWG9/001 2016/SMEWG43/001 2016/SMEWG43/015 2016/SMEWG43/015rev1
2016/SMEWG43/015rev2 2016/SMEWG43/015rev10 2016/SMEWG43/015anxA 2016/SMEWG43/015anxB 2016/SMEWG43/015attA
2016/SMEWG43/015a 2016/SMEWG43/016 2016/SMEWG43/IS01 2016/SOM3/002 2016/SOM3/SCE/001 2017/AMM/001
"""


def test_numbers_are_listed_as_an_officer_lists_them():
    listed = LISTED_TEXT.split()
    shuffled = random.Random(43).sample(listed, len(listed))
    assert [str(number) for number in sorted(map(read, shuffled))] == listed


@given(numbers(), numbers())
def test_of_two_numbers_exactly_one_is_smaller_unless_they_are_equal(one, other):
    assert [one < other, one == other, one > other].count(True) == 1


@given(st.lists(numbers(), max_size=6))
def test_the_order_does_not_depend_on_the_order_of_arrival(some):
    backwards = some[::-1]
    assert sorted(some) == sorted(backwards)


@given(numbers(), numbers())
def test_year_goes_before_all_else(one, other):
    assert one.year >= other.year or one < other


@given(numbers(), st.integers(0, 99), st.integers(0, 99))
def test_within_one_meeting_the_serial_decides(number, first, second):
    intersessional = not number.parts["serial"].isdigit()

    def at(serial):
        text = f"IS{serial:02d}" if intersessional else f"{serial:03d}"
        return read(f"{number.prefix}/{text}{number.parts.get('suffix', '')}")

    assert (at(first) < at(second)) == (first < second)


@given(numbers(), suffixes, suffixes)
def test_within_one_serial_the_base_paper_comes_first_and_the_suffix_decides(number, one, other):
    paper = without_suffix(number)
    first, second = (read(f"{paper}{suffix}") for suffix in (one, other))
    assert paper < first
    assert (first < second) == (order_of_suffix(one) < order_of_suffix(other))


def order_of_suffix(suffix):
    kind = next((at for at, kind in enumerate(("rev", "anx", "att")) if suffix.startswith(kind)), 3)
    return kind, int(suffix[3:]) if kind == 0 else suffix


def test_a_number_is_not_compared_with_text():
    with pytest.raises(TypeError):
        assert read("2016/SMEWG43/015") < "2016/SMEWG43/016"
    assert read("2016/SMEWG43/015") != "2016/SMEWG43/015"


# Revisions


@pytest.mark.parametrize("revision", [1, 9, 10, 99])
def test_a_revision_is_written_at_the_end_of_the_number(revision):
    number = read(GRAMMAR.with_revision("2016/SMEWG43/015", revision))
    assert str(number) == f"2016/SMEWG43/015rev{revision}"
    assert (number.base, number.revision) == ("2016/SMEWG43/015", revision)


def test_the_first_version_is_no_revision():
    assert read("2016/SMEWG43/015").revision == 0
    assert GRAMMAR.with_revision("2016/SMEWG43/015", 0) == "2016/SMEWG43/015"


def test_an_annex_has_no_revision_of_its_own():
    annex = read("2016/SMEWG43/015anxA")
    assert (annex.revision, annex.base) == (0, "2016/SMEWG43/015anxA")
    assert not GRAMMAR.is_number(GRAMMAR.with_revision(annex.base, 1))


def test_there_is_no_revision_after_the_last_one():
    assert not GRAMMAR.is_number(GRAMMAR.with_revision("2016/SMEWG43/015", 100))
    assert GRAMMAR.can_be("2016/SMEWG43/015", 99) and not GRAMMAR.can_be("2016/SMEWG43/015", 100)


@given(numbers())
def test_a_number_is_its_base_and_the_revision_at_its_end(number):
    base, revision = GRAMMAR.split(str(number))
    assert (base, revision) == (number.base, number.revision)
    assert GRAMMAR.with_revision(base, revision) == str(number) and GRAMMAR.split(base) == (base, 0)


def test_a_pattern_with_a_revision_within_a_number_has_no_such_number():
    """Its base would have the revision at its end: another number than the one that is revised."""
    within = "(?P<revision>rev[1-9])?(?P<annex>anx[A-Z])?"
    pattern = f"(?P<year>[0-9]{{4}})/(?P<path>[A-Z]+)/(?P<serial>[0-9]{{3}}){within}"
    rules = PatternRules(pattern, ("2016/SOM/001",), "a number", "it is none")
    grammar = Grammar(replace(GRAMMAR.rules, pattern=rules))
    assert grammar.split("2016/SOM/001rev1") == ("2016/SOM/001", 1)
    assert not grammar.is_number("2016/SOM/001rev1anxA")
    with pytest.raises(NumberError, match="at the end of a number"):
        grammar.parse("2016/SOM/001rev1anxA")


# Numbers as text


@given(numbers())
def test_text_is_split_as_the_parsed_number_is(number):
    text, base, serial = (
        str(number),
        str(without_suffix(number) if number.revision else number),
        number.parts["serial"],
    )
    assert GRAMMAR.is_number(text)
    assert GRAMMAR.split(text) == (base, number.revision)
    assert GRAMMAR.base_of(text) == base
    assert GRAMMAR.with_revision(*GRAMMAR.split(text)) == text
    assert GRAMMAR.serial_in(text, number.prefix) == (int(serial) if serial.isdigit() else None)
    assert GRAMMAR.serial_in(text, f"{number.prefix}/X") is None
    assert GRAMMAR.in_text.search(f"see {text}, page 3")[0] == text


@given(st.from_regex(GRAMMAR.pattern.expression, fullmatch=True, alphabet=st.characters(codec="ascii")))
def test_what_the_pattern_accepts_the_parser_accepts_in_the_same_form(text):
    try:
        number = read(text)
    except (
        NumberError
    ) as error:  # the pattern does not know which years there are, and how long a number may be
        assert "the year" in error.found or "characters" in error.found
    else:
        assert str(number) == text or re.search("/SOMI{1,3}/", text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rev1",
        "2018/SMEWG47",
        "2018/SMEWG47/03rev1",
        "2018/SMEWG47/003rev0",
        "2018/SMEWG47/003rev100",
        "2018/SMEWG47/003anxArev1",
        "2018/SMEWG047/003rev1",
        "2018/SMEWG47/003REV1",
        "2018/43/003",
    ],
)
def test_text_that_is_no_number_is_its_own_base(text):
    assert not GRAMMAR.is_number(text)
    assert GRAMMAR.split(text) == (text, 0)


@pytest.mark.parametrize("wrong", ["2018/SMEWG047/003", "2018/47/003", "2018/SMEWG47/003rev0"])
def test_a_number_with_a_mistake_is_found_in_running_text(wrong):
    assert GRAMMAR.in_text.search(f"Document No: {wrong} (draft)")[0] == wrong
    assert not GRAMMAR.is_number(wrong)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("see 2018/SMEWG47/001.", True),
        ("2018/SMEWG47/0012", False),
        ("2018/SMEWG47/001rev1", False),
        ("as 2018/SMEWG47/001, or 2018/SMEWG47/001rev1", True),
        ("x2018/SMEWG47/001", False),
    ],
)
def test_words_that_name_a_number_have_exactly_this_number(words, named):
    assert names_number("2018/SMEWG47/001", words, GRAMMAR.longer) == named


def test_a_grammar_is_the_same_after_a_way_through_json():
    again = Grammar.from_data(json.loads(json.dumps(GRAMMAR.as_data())))
    assert again.as_data() == GRAMMAR.as_data()
    assert str(again.parse("2005/SOMI/008/rev1")) == "2005/SOM1/008rev1"


# Paths


def place(text, folder=None, file_prefix=None):
    number = read(text)
    return GRAMMAR.series(number.prefix, folder, file_prefix).place(number)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("2016/SMEWG43/015", "2016/SMEWG43/16_smewg43_015"),
        ("2018/SMEWG47/003", "2018/SMEWG47/18_smewg47_003"),
        ("2017/SMEMM/000", "2017/SMEMM/17_smemm_000"),
        ("2016/SOM3/SCE/003", "2016/SOM3/SCE/16_som3_sce_003"),
        ("2005/SOM2/020rev1", "2005/SOM2/05_som2_020rev1"),
        ("2016/SMEWG/IS07anxA", "2016/SMEWG/16_smewg_is07anxa"),
        # numbers and files of published papers
        ("2005/ECSG/DPM1/003", "2005/ECSG/DPM1/05_ecsg_dpm1_003"),
        ("2025/SMEWG60/012", "2025/SMEWG/SMEWG60/25_smewg60_012"),
        ("2017/AMM/004", "2017/MM/AMM/17_amm_004"),
        ("2011/SOM3/CD/018", "2011/CDSG/CD/11_cd_018"),
        ("2016/SOM1/CD/005", "2016/CD/CD1/16_cd_005"),
        ("2018/CSOM/006", "2018/SOM/CSOM/18_csom_006"),
    ],
)
def test_the_path_of_a_paper_follows_from_its_number_by_the_rules_of_the_organisation(text, path):
    assert place(text) == path


@pytest.mark.parametrize(
    ("text", "folder", "file_prefix", "path"),
    [
        ("2016/SMEWG43/015", "2016/SMEWG/SMEWG43", None, "2016/SMEWG/SMEWG43/16_smewg43_015"),
        ("2016/SMEWG43/015", None, "16_smewg", "2016/SMEWG43/16_smewg_015"),
        ("2017/AMM/004", "2017/AMM", "17_am", "2017/AMM/17_am_004"),
        ("2016/SMEWG43/015", "{year}/SMEWG/{path}", "{yy}_sme", "2016/SMEWG/SMEWG43/16_sme_015"),
    ],
)
def test_a_meeting_may_state_another_folder_and_another_beginning_of_names(text, folder, file_prefix, path):
    assert place(text, folder, file_prefix) == path


def from_stem(stem):
    """Parse the name of a file in the archive."""
    year, *path, tail = stem.upper().split("_")
    return read("/".join((f"{'19' if int(year) >= 89 else '20'}{year}", *path, tail)))


@given(numbers().filter(lambda number: "CD" not in number.path))  # a rule of its own leaves out the cluster
def test_the_number_can_be_parsed_from_the_default_file_name(number):
    stem = place(str(number), "folder", None).removeprefix("folder/")
    assert stem == stem.lower()
    assert from_stem(stem) == number


# The series of a meeting


def test_a_series_builds_its_numbers_from_serials():
    series = GRAMMAR.series("2016/SMEWG43")
    assert [str(series.number(serial)) for serial in (0, 15, 999)] == [
        "2016/SMEWG43/000",
        "2016/SMEWG43/015",
        "2016/SMEWG43/999",
    ]
    assert "three digits" in refusal(series.number, 1000).expected


def test_an_old_prefix_is_normalised():
    assert GRAMMAR.series("2005/SOMII").prefix == "2005/SOM2"


@pytest.mark.parametrize(
    "prefix", ["SMEWG43", "2016", "2016/", "2016/SMEWG43/", "2016/SMEWG43/015", "", 2016]
)
def test_a_wrong_number_prefix_is_refused(prefix):
    refusal(GRAMMAR.series, prefix)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("../2016", "lead out"),
        ("2016/./SMEWG43", "lead out"),
        ("/2016/SMEWG43", "lead out"),
        ("2016//SMEWG43", "lead out"),
        ("2016/", "lead out"),
        ("", "lead out"),
        ("C:/2016", "Windows refuses"),
        ("2016\\SMEWG43", "Windows refuses"),
        ("2016/what?", "Windows refuses"),
        ("2016/a\tb", "Windows refuses"),
        ("2016/CON", "device"),
        ("2016/nul.txt", "device"),
        ("2016/Com1", "device"),
        ("2016/LPT\u00b9", "device"),
        ("2016/SMEWG43.", "drops"),
        ("2016/SMEWG43 ", "drops"),
        ("2016/ SMEWG43", "beginning"),
    ],
)
def test_a_folder_that_some_system_cannot_hold_is_refused(path, why):
    assert why in refusal(GRAMMAR.series, "2016/SMEWG43", path).why


@pytest.mark.parametrize("prefix", ["", "..", "16/smewg43", "16\\smewg43", "nul", "16:smewg43"])
def test_a_file_prefix_that_is_no_file_name_is_refused(prefix):
    assert "file prefix" in refusal(GRAMMAR.series, "2016/SMEWG43", None, prefix).found


def test_a_forum_whose_code_is_a_device_needs_a_folder_of_its_own():
    assert "device" in refusal(GRAMMAR.series, "2016/COM1").why
    series = GRAMMAR.series("2016/COM1", "2016/COMMITTEE1")
    assert series.place(series.number(1)) == "2016/COMMITTEE1/16_com1_001"


@given(st.text())
def test_a_path_that_is_accepted_stays_below_the_folder_of_the_papers(path):
    try:
        check_safe_path(path)
    except NumberError:
        return
    below = Path("/papers", path)
    assert Path("/papers") in below.parents
    assert ".." not in below.parts


def test_a_series_has_no_path_for_a_number_of_another_meeting():
    error = refusal(GRAMMAR.series("2016/SMEWG43").place, read("2016/SOM3/SCE/003"))
    assert "a number of 2016/SOM3/SCE" in str(error)


# Projects


PROJECT_NUMBERS = [
    "SME 02 2016A",
    "M SCE 02 2011A",
    "SME 02 2015",
    "SME 02 2016S",
    "SME 08 2015T",
    "PPSTI 04 2016A",
]


@pytest.mark.parametrize("text", PROJECT_NUMBERS)
def test_a_project_number_is_printed_as_it_was_read(text):
    assert str(PROJECTS.parse(text)) == text
    assert str(PROJECTS.parse(text.replace(" ", "  "))) == text


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("SME 2 2016A", 'the serial "2"', "two digits"),
        ("SME 02 2016X", 'the fund "X"', "A (APEC Support Fund)"),
        ("SME 02 2016AT", 'the fund "AT"', "no letter (General Project Account)"),
        ("SME 02", '"SME 02"', "such as SME 02 2016A"),
        ("SME-02-2016A", '"SME-02-2016A"', "such as SME 02 2016A"),
        ("sme 02 2016A", '"sme 02 2016A"', "such as SME 02 2016A"),
        ("SME 02 1066", '"SME 02 1066"', "such as SME 02 2016A"),
        ("2016/SMEWG43/015", '"2016/SMEWG43/015"', "such as SME 02 2016A"),
        (None, '"None"', "such as SME 02 2016A"),
    ],
)
def test_a_wrong_project_number_is_refused_with_what_was_found_and_expected(text, found, expected):
    error = refusal(PROJECTS.parse, text)
    assert found in error.found
    assert expected in error.expected


def test_projects_are_listed_by_year_forum_and_serial():
    listed = [
        "M SCE 02 2011A",
        "SME 02 2015",
        "SME 08 2015T",
        "PPSTI 04 2016A",
        "SME 02 2016A",
        "SME 02 2016S",
    ]
    assert [str(project) for project in sorted(map(PROJECTS.parse, reversed(listed)))] == listed


@given(st.from_regex(r"(M )?[A-Z]{2,6} [0-9]{2} 20[0-8][0-9][ATS]?", fullmatch=True))
def test_a_printed_project_number_parses_again_and_is_never_taken_for_a_document_number(text):
    project = PROJECTS.parse(text)
    assert PROJECTS.parse(str(project)) == project
    assert "project" in refusal(read, str(project)).why


# Imports


def test_importing_numbers_loads_no_heavy_library():
    code = "import sys, papers.numbers; print(*{'pydantic', 'lxml', 'docx', 'openpyxl'} & set(sys.modules))"
    scripts = Path(__file__).parent.parent / "scripts"
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=scripts, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == ""
