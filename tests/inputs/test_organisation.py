"""organisation.yaml: mistakes are reported with their lines; suffixes, paths and members are data."""

from __future__ import annotations

import re

import pytest
from forum_tools import MINI1, Forum, copy_forum
from organisation_tools import GRAMMAR, organisation
from papers.number_patterns import NumberError, has_nested_repetition
from project_tools import ROOT

FILE = "inputs/apec/organisation.yaml"


@pytest.fixture
def forum(tmp_path) -> Forum:
    return copy_forum(tmp_path / "forum")


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("(?P<year>[0-9]{4})\n", "(?P<year>[0-9]{4}\n", "number.pattern", "no regular expression"),
        (
            "(?P<serial>[0-9]{3}|IS[0-9]{2})\n    (?P<s",
            "(?P<number>[0-9]{3})\n    (?P<s",
            "number.pattern",
            "(?P<serial>...)",
        ),
        ("[A-Z]+(?:[1-9]", "(?:[A-Z]+)+(?:[1-9]", "number.pattern", "a repetition within a repetition"),
        ("(?P<revision>rev", "(?P<version>rev", "number.pattern", "(?P<revision>...)"),
        ("2018/SOM1/HRDWG/EDNET/001", "2018/SOM1/HRDWG/EDNET/1", "number.examples[3]", "EDNET/1"),
        ("[2016/SMEWG43/015,", "[2016/SMEWG43/015, 1950/SMEWG1/001,", "number.examples[2]", "the year 1950"),
        (
            "[2016/SMEWG43/015,",
            '["2016/SMEWG43/015 a",',
            "number.examples[1]",
            "letters, digits and the signs",
        ),
        ("revision: rev{n}", "revision: rev", "number.revision", "{n}"),
        ("revision: rev{n}", "revision: -rev{n}", "number.revision", "2016/SMEWG43/015-rev1"),
        ('folder: "{year}/{path}"\n', 'folder: "{year}/{paths}"\n', "number.folder", 'Did you mean "path"?'),
        ("{path: AMM,", '{path: "AMM(",', "number.folders[1].path", "no regular expression"),
        ('write: "{year}/{path}/', 'write: "{year}/{road}/', "number.write", "path, road"),
        ('divide: "(?P<multi_year>', 'divide: "(?P<multi>', "project_number.write", "multi, multi_year"),
        ('"APEC {HOST}"', '"APEC {HOSTS}"', "host_mark[1]", "found {HOSTS}"),
        ("hosts: hosts.yaml\n", "", "host_mark[1]", "hosts names no file"),
        ("(?P<suffix>[^/]*)\n  write", "(?P<rest>[^/]*)\n  write", "number.write", "rest, suffix"),
        ("order: [year,", "order: [years,", "project_number.order[1]", 'Did you mean "year"?'),
        ("- part: path\n", "- part: paths\n", "number.mistakes[4].part", 'Did you mean "path"?'),
        ("/(?P<path>[A-Z]+", "/(?P<path>(?!(?P=year))[A-Z]+", "number.pattern", "by itself"),
        ("purposes: [", "purpose: [", "purpose", 'Did you mean "purposes"?'),
        ("serial_digits: 3", "serial_digits: three", "number.serial_digits", "a whole number"),
        ("[SME 02 2016A,", "[SME 2 2016A,", "project_number.examples[1]", "SME 2 2016A"),
    ],
)
def test_a_mistake_is_one_problem_with_its_line(forum, old, new, key, words):
    forum.replace(FILE, old, new)
    (problem,) = forum.problems()
    assert (problem.place.file, problem.place.key) == (FILE, key)
    assert problem.place.line
    assert words in str(problem)


@pytest.mark.parametrize(
    ("pattern", "is_nested"),
    [
        ("(A+)+", True),
        ("(?:A*b)*", True),
        ("(x(A{2,})y){3,}", True),
        ("(A+){0,2}", False),
        ("(A)+", False),
        ("A+(B)+", False),
        (r"(\+[+*])+", False),
        ("([]+*])*", False),
    ],
)
def test_a_repetition_within_a_repetition_is_found(pattern, is_nested):
    assert has_nested_repetition(pattern) == is_nested


def test_a_number_needs_no_path_and_its_year_is_digits(forum):
    forum.replace(FILE, "    /(?P<path>", "    (?:/(?P<path>")
    forum.replace(FILE, "{0,2})\n    /(?P<serial>", "{0,2}))?\n    /(?P<serial>")
    forum.replace(FILE, "    (?P<year>[0-9]{4})\n", "    (?P<year>[0-9A-F]{4})\n")
    grammar = organisation(root=forum.root).grammar
    number = grammar.parse("2016/001rev1")
    assert (number.prefix, number.base, str(number.path)) == ("2016", "2016/001", "('',)")
    assert grammar.why_unusual(number) == ""
    with pytest.raises(NumberError, match="the year 20BC"):
        grammar.parse("20BC/001")


def test_accepted_texts_do_not_need_a_nomenclature(forum):
    forum.replace(FILE, "nomenclature: nomenclature.yaml\n", "")
    assert [entry.text for entry in forum.model().rules.accepted] == ["(Draft)", "[Review"]


def test_an_unknown_organisation_is_reported_where_the_settings_name_it(forum):
    forum.write("inputs/mini/settings.yaml", "language: en-GB\norganisation: apex\n")
    (problem,) = forum.problems()
    assert (problem.place.file, problem.place.line) == ("inputs/mini/settings.yaml", 2)
    assert problem.todo == 'Did you mean "apec"?'


def test_a_file_that_the_organisation_does_not_name_is_not_needed(forum):
    forum.replace(FILE, '"APEC {HOST}", ', "")
    for line in ("hosts: hosts.yaml\n", "nomenclature: nomenclature.yaml\n", "open_text: open_text.yaml\n"):
        forum.replace(FILE, line, "")
        forum.path(f"inputs/apec/{line.split()[1]}").unlink()
    model = forum.model()
    assert {meeting.host_mark for meeting in model.meetings} == {("2019",)}


def test_a_file_that_the_organisation_names_is_needed(forum):
    forum.path("inputs/apec/hosts.yaml").unlink()
    (problem,) = forum.problems()
    assert problem.place.file == "inputs/apec/hosts.yaml"


def test_suffixes_of_an_organisation_are_declared_and_listed_in_their_order(forum):
    forum.replace(
        FILE, "|(?P<letter>[a-z]))?", "|(?P<addendum>add[1-9])|(?P<correction>corr[1-9])|(?P<letter>[a-z]))?"
    )
    grammar = organisation(root=forum.root).grammar
    listed = [
        "2016/A1/001",
        "2016/A1/001rev1",
        "2016/A1/001add1",
        "2016/A1/001add2",
        "2016/A1/001corr1",
        "2016/A1/001b",
    ]
    assert [str(number) for number in sorted(map(grammar.parse, reversed(listed)))] == listed
    assert grammar.parse("2016/A1/001CORR1").parts["correction"] == "corr1"
    with pytest.raises(NumberError, match="add1"):
        GRAMMAR.parse("2016/A1/001add1")


def test_the_host_mark_has_the_name_that_a_member_has_on_it(forum):
    forum.replace(FILE, '["APEC {HOST}", "{year}"]', '["{HOST} {year}", "in {host}"]')
    forum.replace(
        "inputs/apec/economies.yaml", "    code: CHL\n", "    code: CHL\n    host_mark: LA SERENA\n"
    )
    assert forum.model().meetings[0].host_mark == ("LA SERENA 2019", "in Chile")


def test_the_members_of_an_organisation_are_counted_and_named_in_messages(forum):
    forum.replace(FILE, "one: member economy, many: member economies", "one: member port, many: member ports")
    forum.write(MINI1, re.sub("(?m)^economy: .*", "economy: Atlantis", forum.text(MINI1)))
    count = len(re.findall("- name:", forum.text("inputs/apec/economies.yaml")))
    (problem,) = forum.problems()
    assert problem.expected == f"one of the {count} member ports"


def test_the_shipped_organisation_fits_every_example_of_its_own(forum):
    text = (ROOT / FILE).read_text(encoding="utf-8")
    seen = re.findall(r"# (\d{4}/\S+/\d{3})\n", text)
    assert seen and all(GRAMMAR.is_number(number) for number in seen)


def test_the_miniature_forum_has_the_organisation_that_is_shipped_without_names_of_its_forums(forum):
    shipped = (ROOT / FILE).read_text(encoding="utf-8")
    shipped = shipped.replace("other_names: other_names.yaml\n", "")
    assert forum.text(FILE) == re.sub(r"\n# Words that stay on one line(.*\n)+?(?=\n)", "", shipped)
