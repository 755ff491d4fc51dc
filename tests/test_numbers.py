"""Numbers of papers and projects: parsing, errors, order, and the paths of files."""

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
from papers.characters import printable
from papers.numbers import (
    NUMBER_LIKE_PATTERN,
    NUMBER_PATTERN,
    DocumentNumber,
    NumberError,
    ProjectNumber,
    Series,
    Suffix,
    base_of,
    check_belongs,
    check_safe_path,
    is_number,
    serial_in,
    split_number,
    with_revision,
)

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
suffixes = st.from_regex("rev[1-9][0-9]?|anx[A-Z]|att[A-Z]|[a-z]", fullmatch=True).map(Suffix.parse)


@st.composite
def numbers(draw):
    intersessional = draw(st.booleans())
    return DocumentNumber(
        year=draw(st.integers(1989, 2088)),
        path=tuple(draw(st.lists(segments, min_size=1, max_size=3))),
        serial=draw(st.integers(0, 99 if intersessional else 999)),
        suffix=draw(st.none() | suffixes),
        intersessional=intersessional,
    )


def read(text):
    return DocumentNumber.parse(text)


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
    assert number == DocumentNumber(2018, ("SOM1", "HRDWG", "EDNET"), 1, Suffix("rev", "2"), False)


def test_an_intersessional_paper_has_is_and_two_digits():
    number = read("2016/SMEWG/IS07")
    assert (number.serial, number.intersessional, str(number)) == (7, True, "2016/SMEWG/IS07")


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
    assert read(f"{number.base}{str(number.suffix or '').swapcase()}") == number


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
    error = refusal(DocumentNumber.parse, text)
    assert isinstance(error, ValueError)
    assert found in error.found
    assert expected in error.expected
    assert why in error.why
    assert str(error) == f"Found {error.found}, expected {error.expected}, because {error.why}."


def test_a_number_that_could_not_be_parsed_again_cannot_be_created():
    assert "SOMI" in refusal(DocumentNumber, 2005, ("SOMI",), 8).found
    assert "1000" in refusal(DocumentNumber, 2016, ("SMEWG43",), 1000).found
    assert "100" in refusal(DocumentNumber, 2016, ("SMEWG",), 100, None, True).found
    assert "draft" in refusal(Suffix, "draft", "1").found


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
    def at(serial):
        return DocumentNumber(number.year, number.path, serial, number.suffix, number.intersessional)

    assert (at(first) < at(second)) == (first < second)


@given(numbers(), suffixes, suffixes)
def test_within_one_serial_the_base_paper_comes_first_and_the_suffix_decides(number, one, other):
    first, second = (read(f"{number.base}{suffix}") for suffix in (one, other))
    assert number.base < first
    assert (first < second) == (one < other)


def test_a_number_is_not_compared_with_text():
    with pytest.raises(TypeError):
        assert read("2016/SMEWG43/015") < "2016/SMEWG43/016"
    assert read("2016/SMEWG43/015") != "2016/SMEWG43/015"


# Revisions


def test_revisions_follow_each_other():
    paper = read("2016/SMEWG43/015")
    assert (paper.revision, str(paper.next_revision())) == (0, "2016/SMEWG43/015rev1")
    ninth = read("2016/SMEWG43/015rev9")
    assert (ninth.revision, str(ninth.next_revision()), ninth.base) == (9, "2016/SMEWG43/015rev10", paper)


def test_an_annex_has_no_revision_of_its_own():
    annex = read("2016/SMEWG43/015anxA")
    assert annex.revision == 0
    assert "one suffix" in refusal(annex.next_revision).why


def test_there_is_no_revision_after_the_last_one():
    assert "rev100" in refusal(read("2016/SMEWG43/015rev99").next_revision).found


def test_what_is_derived_from_a_normalised_number_is_not_normalised_itself():
    number = read("2005/SOMI/008rev1")
    assert not number.base.normalised
    assert not number.next_revision().normalised


# Numbers as text


@given(numbers())
def test_text_is_split_as_the_parsed_number_is(number):
    text, base = str(number), str(replace(number, suffix=None) if number.revision else number)
    assert is_number(text)
    assert split_number(text) == (base, number.revision)
    assert base_of(text) == base
    assert with_revision(*split_number(text)) == text
    assert serial_in(text, number.prefix) == (None if number.intersessional else number.serial)
    assert serial_in(text, f"{number.prefix}/X") is None
    assert re.search(NUMBER_LIKE_PATTERN, f"see {text}, page 3")[0] == text


@given(st.from_regex(NUMBER_PATTERN, fullmatch=True))
def test_what_the_pattern_accepts_the_parser_accepts_in_the_same_form(text):
    try:
        number = read(text)
    except NumberError as error:
        assert "the year" in error.found  # the pattern does not know which years there are
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
    assert not is_number(text)
    assert split_number(text) == (text, 0)


@pytest.mark.parametrize("wrong", ["2018/SMEWG047/003", "2018/47/003", "2018/SMEWG47/003rev0"])
def test_a_number_with_a_mistake_is_found_in_running_text(wrong):
    assert re.search(NUMBER_LIKE_PATTERN, f"Document No: {wrong} (draft)")[0] == wrong
    assert not is_number(wrong)


# Paths


@pytest.mark.parametrize(
    ("text", "folder", "stem"),
    [
        ("2016/SMEWG43/015", "2016/SMEWG43", "16_smewg43_015"),
        ("2016/SOM3/SCE/003", "2016/SOM3/SCE", "16_som3_sce_003"),
        ("2005/SOM2/020rev1", "2005/SOM2", "05_som2_020rev1"),
        ("2005/ECSG/DPM1/003", "2005/ECSG/DPM1", "05_ecsg_dpm1_003"),
        ("2016/SMEWG/IS07anxA", "2016/SMEWG", "16_smewg_is07anxa"),
    ],
)
def test_the_default_path_follows_from_the_number(text, folder, stem):
    number = read(text)
    assert (number.default_folder, number.file_stem()) == (folder, stem)
    assert number.file_stem(number.default_file_prefix) == stem
    assert Series.of(number.prefix).place(number) == f"{folder}/{stem}"


@pytest.mark.parametrize(
    ("text", "folder", "file_prefix", "place"),
    [
        ("2017/AMM/004", "2017/MM/AMM", "17_amm", "2017/MM/AMM/17_amm_004"),
        ("2018/CSOM/006", "2018/SOM/CSOM", None, "2018/SOM/CSOM/18_csom_006"),
        ("2016/SOM1/CD/005", "2016/CD/CD1", "16_cd", "2016/CD/CD1/16_cd_005"),
        ("2025/SMEWG60/012", "2025/SMEWG/SMEWG60", None, "2025/SMEWG/SMEWG60/25_smewg60_012"),
        ("2011/SOM3/CD/018", "2011/CDSG/CD", "11_cd", "2011/CDSG/CD/11_cd_018"),
    ],
)
def test_unusual_paths_are_those_that_the_meeting_states(text, folder, file_prefix, place):
    number = read(text)
    assert Series.of(number.prefix, folder, file_prefix).place(number) == place


def from_stem(stem):
    """Parse the name of a file in the archive."""
    year, *path, tail = stem.upper().split("_")
    return read("/".join((f"{'19' if int(year) >= 89 else '20'}{year}", *path, tail)))


@given(numbers())
def test_the_number_can_be_parsed_from_the_default_file_name(number):
    stem = number.file_stem()
    assert stem == stem.lower()
    assert from_stem(stem) == number


# The series of a meeting


def test_a_series_builds_its_numbers_from_serial_and_suffix():
    series = Series.of("2016/SMEWG43")
    assert str(series.number("015")) == "2016/SMEWG43/015"
    assert str(series.number("015", "rev1")) == "2016/SMEWG43/015rev1"
    assert str(series.number("IS01", "anxA")) == "2016/SMEWG43/IS01anxA"


def test_an_old_prefix_is_normalised():
    assert Series.of("2005/SOMII").prefix == "2005/SOM2"


@pytest.mark.parametrize(
    ("serial", "suffix", "expected"),
    [
        (13, "", 'such as "015"'),
        ("15", "", "three digits"),
        ("01", "5a", "three digits"),
        ("015rev1", "", "digits alone"),
        ("015", "final", "rev1 to rev99"),
        ("015", None, "empty text"),
    ],
)
def test_a_meeting_refuses_a_serial_or_suffix_that_it_cannot_number(serial, suffix, expected):
    assert expected in refusal(Series.of("2016/SMEWG43").number, serial, suffix).expected


@pytest.mark.parametrize(
    "prefix", ["SMEWG43", "2016", "2016/", "2016/SMEWG43/", "2016/SMEWG43/015", "", 2016]
)
def test_a_wrong_number_prefix_is_refused(prefix):
    refusal(Series.of, prefix)


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
    assert why in refusal(Series.of, "2016/SMEWG43", path).why


@pytest.mark.parametrize("prefix", ["", "..", "16/smewg43", "16\\smewg43", "nul", "16:smewg43"])
def test_a_file_prefix_that_is_no_file_name_is_refused(prefix):
    assert "file prefix" in refusal(Series.of, "2016/SMEWG43", None, prefix).found


def test_a_forum_whose_code_is_a_device_needs_a_folder_of_its_own():
    assert "device" in refusal(Series.of, "2016/COM1").why
    series = Series.of("2016/COM1", "2016/COMMITTEE1")
    assert series.place(series.number("001")) == "2016/COMMITTEE1/16_com1_001"


@given(st.text())
def test_a_path_that_is_accepted_stays_below_the_folder_of_the_papers(path):
    try:
        check_safe_path(path)
    except NumberError:
        return
    below = Path("/papers", path)
    assert Path("/papers") in below.parents
    assert ".." not in below.parts


# Belonging


def test_a_number_of_the_meeting_belongs_to_it():
    assert check_belongs(read("2016/SMEWG43/015rev1"), 2016, "2016/SMEWG43") == []


def test_both_reasons_are_reported_for_a_number_of_another_year_and_meeting():
    year, path = check_belongs(read("2015/SMEWG41/015"), 2016, "2016/SMEWG43")
    assert year == "The number 2015/SMEWG41/015 has the year 2015, but the meeting is in 2016."
    assert "belongs to SMEWG41" in path
    assert "to SMEWG43" in path


def test_a_prefix_of_another_year_than_the_meeting_is_reported():
    (reason,) = check_belongs(read("2016/SMEWG43/015"), 2016, "2015/SMEWG43")
    assert "prefix 2015/SMEWG43" in reason


def test_a_series_has_no_path_for_a_number_of_another_meeting():
    error = refusal(Series.of("2016/SMEWG43").place, read("2016/SOM3/SCE/003"))
    assert "belongs to SOM3/SCE" in str(error)


# Projects


@pytest.mark.parametrize(
    ("text", "multi_year", "forum", "serial", "year", "fund", "fund_name"),
    [
        ("SME 02 2016A", False, "SME", 2, 2016, "A", "APEC Support Fund"),
        ("M SCE 02 2011A", True, "SCE", 2, 2011, "A", "APEC Support Fund"),
        ("SME 02 2015", False, "SME", 2, 2015, "", "General Project Account"),
        ("SME 02 2016S", False, "SME", 2, 2016, "S", "self-funded"),
        ("SME 08 2015T", False, "SME", 8, 2015, "T", "TILF"),
        ("PPSTI 04 2016A", False, "PPSTI", 4, 2016, "A", "APEC Support Fund"),
    ],
)
def test_a_project_number_is_parsed_into_forum_serial_year_and_fund(
    text, multi_year, forum, serial, year, fund, fund_name
):
    project = ProjectNumber.parse(text)
    assert (project.multi_year, project.forum, project.serial) == (multi_year, forum, serial)
    assert (project.year, project.fund, project.fund_name) == (year, fund, fund_name)
    assert str(project) == text


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
    error = refusal(ProjectNumber.parse, text)
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
    assert [str(project) for project in sorted(map(ProjectNumber.parse, reversed(listed)))] == listed


@given(
    st.builds(
        ProjectNumber,
        st.integers(1989, 2088),
        st.from_regex("[A-Z]{2,6}", fullmatch=True),
        st.integers(0, 99),
        st.sampled_from(["", "A", "T", "S"]),
        st.booleans(),
    )
)
def test_a_printed_project_number_parses_again_and_is_never_taken_for_a_document_number(project):
    assert ProjectNumber.parse(str(project)) == project
    assert "project" in refusal(DocumentNumber.parse, str(project)).why


# Imports


def test_importing_numbers_loads_no_heavy_library():
    code = "import sys, papers.numbers; print(*{'pydantic', 'lxml', 'docx', 'openpyxl'} & set(sys.modules))"
    scripts = Path(__file__).parent.parent / "scripts"
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=scripts, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == ""
