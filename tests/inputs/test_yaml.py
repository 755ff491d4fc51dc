"""YAML files become typed models; whatever they contain, nothing is raised, and every error has its line and column."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from examples import examples
from forum_tools import FOLDER, MINIATURE
from hypothesis import given
from hypothesis import strategies as st
from papers.inputs import config, plan_schemas, schemas, workbooks  # noqa: F401 -- all forms
from papers.inputs.config import read_config
from papers.inputs.yaml import StrictModel, fit_form, load_yaml, read_yaml
from papers.problems import Place, Problem, Problems, did_you_mean, nearest, quoted
from pydantic import Field
from reliability import count

SECTION = "Hostile files by kind"

FILES = {
    "config.yaml": config.Config,
    "inputs/apec/hosts.yaml": schemas.HostsFile,
    f"{FOLDER}/forum.yaml": schemas.ForumFile,
    f"{FOLDER}/meetings/MINI1.yaml": schemas.MeetingFile,
    f"{FOLDER}/plan-2019-2020/plan.yaml": plan_schemas.PlanFile,
    f"{FOLDER}/terms-of-reference/terms.yaml": schemas.TermsFile,
}


class Inner(StrictModel):
    name: str
    years: list[int] = Field(default_factory=list)


class Outer(StrictModel):
    day: datetime.date | None = None
    inner: list[Inner] = Field(default_factory=list)


def read(folder: Path, source: str | bytes, form: type[StrictModel] = Outer):
    path = folder / "some.yaml"
    path.write_bytes(source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass"))
    problems = Problems()
    return read_yaml(path, "some.yaml", form, problems), problems


def summary(problems: Problems) -> list[tuple]:
    return sorted((p.kind, p.place.line, p.place.column, p.place.key) for p in problems.found)


def test_a_file_that_fits_becomes_its_form_and_has_the_places_of_its_values(tmp_path):
    document, problems = read(
        tmp_path, "\ufeffday: 2019-03-28\ninner:\n  - name: one\n  - name: two\n    years: [2019]\n"
    )
    assert not problems
    assert document.form == Outer(
        day=datetime.date(2019, 3, 28), inner=[Inner(name="one"), Inner(name="two", years=[2019])]
    )
    assert document.place("inner", 1, "years", 0) == Place(
        "some.yaml", line=5, column=13, key="inner[2].years[1]"
    )
    assert document.place("inner", 7, "name").line == 3, (
        "a value that is not there has the place of what is above it"
    )


def test_each_value_that_is_to_be_filled_in_is_one_problem_with_its_line(tmp_path):
    text = "# TO FILL IN below\nday: TO FILL IN\ninner:\n  - {name: 'TO FILL IN: one', years: []}\n  - name: not TO FILL IN\n"
    _, problems = read(tmp_path, text)
    assert [(p.kind, p.place.line, p.place.column) for p in problems.found] == [
        ("to-fill-in", 2, 6),
        ("to-fill-in", 4, 12),
    ]
    assert [p.todo for p in problems.found] == [
        "Write it there.",
        'Write other words, or delete "TO FILL IN: " alone.',
    ]


@pytest.mark.parametrize("text", ["inner: &a [*a, 1]\n", "day: &a 1\ninner: [*a, *a]\n"])
def test_an_alias_is_refused(tmp_path, text):
    _, problems = read(tmp_path, text)
    assert ["the alias *a" in line and "Write it out there." in line for line in problems.lines()] == [True]
    count(SECTION, "texts: YAML aliases, refused")


def test_a_merge_key_is_refused(tmp_path):
    _, problems = read(tmp_path, "inner:\n  - <<: {name: a}\n")
    assert problems.lines() == [
        "some.yaml, line 2, column 5: found a merge key (<<); expected the keys themselves. Write them out there."
    ]


@pytest.mark.parametrize("text", ["a #2 of b", "a # b", "a  #b", "a\t#2"])
def test_a_text_that_is_cut_off_as_a_comment_is_refused(tmp_path, text):
    _, problems = read(tmp_path, f"name: {text}\n")
    assert ["which YAML takes for a comment" in line for line in problems.lines()] == [True]
    assert "name: " not in problems.lines()[0]
    count(SECTION, "texts: values that YAML would cut off, refused")


@pytest.mark.parametrize("text", ["a  # b", '"a #2"', "'a' # b", "1 # b", "a#b", "[a, b]  # c", "|\n  a #2"])
def test_a_comment_of_the_usual_form_and_a_sign_in_quotes_are_read(tmp_path, text):
    found = Problems()
    path = tmp_path / "some.yaml"
    path.write_text(f"name: {text}\n", encoding="utf-8")
    assert load_yaml(path, "some.yaml", found)[0] and not found


def test_a_colon_in_a_value_without_quotes_is_named(tmp_path):
    _, problems = read(tmp_path, "name: Agenda: part two\n")
    (line,) = problems.lines()
    assert line.endswith('Write name: "Agenda: part two".')


def test_a_file_with_very_many_values_is_one_problem(tmp_path):
    _, problems = read(tmp_path, "".join(f"k{at}: 1\n" for at in range(90_000)))
    assert ["more than 20,000 keys and values" in line for line in problems.lines()] == [True]


def test_a_renamed_key_is_one_problem_that_names_the_new_key(tmp_path):
    text = "recommendations: [{id: a, text: Note it}]\nfollow_up:\n  - {id: a, outcome: carried out, told: It was.}\n"
    _, problems = read(tmp_path, text, schemas.RecommendationsFile)
    assert problems.lines() == [
        'some.yaml, line 3, column 41, key follow_up[1].told: found the key "told", which has a new name;'
        ' expected the key "what_was_done". Write what_was_done instead of told.'
    ]


def test_every_error_in_a_file_is_reported_with_its_own_line(tmp_path):
    _, problems = read(
        tmp_path, "day: soon\ninner:\n  - name: yes\n    yeers: []\n  - years: [x]\ncolour: 1\n"
    )
    assert summary(problems) == [
        ("missing-key", 5, 5, "inner[2].name"),
        ("unknown-key", 4, 12, "inner[1].yeers"),
        ("unknown-key", 6, 9, "colour"),
        ("wrong-value", 1, 6, "day"),
        ("wrong-value", 3, 11, "inner[1].name"),
        ("wrong-value", 5, 13, "inner[2].years[1]"),
    ]
    assert 'Did you mean "years"?' in "\n".join(problems.lines())


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        pytest.param("inner: [", 2, 1, id="open bracket"),
        pytest.param("inner:\n\t- name: x", 2, 1, id="tab"),
        pytest.param("day: 'x", 1, 6, id="open quote"),
        pytest.param("day: a: b", 1, 6, id="second colon"),
        pytest.param("day: 1\n--- \nday: 2", 2, 1, id="two documents"),
        pytest.param("day: *there", 1, 6, id="unknown anchor"),
        pytest.param("day: &a [*a]", 1, 10, id="a list that contains itself"),
        pytest.param("day: !!python/object:os.system x", 1, 6, id="Python object"),
        pytest.param("day: 2019-02-29", 1, 6, id="no such day"),
        pytest.param("day: !!int ''", 1, 6, id="empty number"),
        pytest.param("day: " + "9" * 5000, 1, 6, id="endless number"),
        pytest.param("day: 1\nday: 2", 2, 1, id="key twice"),
        pytest.param("{[1]: 2}", 1, 2, id="list as key"),
        pytest.param("- " * 100 + "x", 1, 101, id="too deep"),
    ],
)
def test_what_yaml_cannot_read_is_reported_with_line_and_column(tmp_path, source, line, column):
    document, problems = read(tmp_path, source)
    assert document is None
    assert summary(problems) == [("yaml", line, column, "")]


@pytest.mark.parametrize("source", ["name: Pe\x08ru", 'name: "Pe\\bru"', "? 'x\x02'\n: y", '"\\u0002": x'])
def test_a_character_that_xml_forbids_is_refused_raw_and_as_an_escape(tmp_path, source):
    _, problems = read(tmp_path, source, Inner)
    assert [problem.kind for problem in problems.found] == ["forbidden-character"]


@pytest.mark.parametrize(
    "value", ["7", "1.10", "2019.0", "1_000", "007", "0x1F", "-5", "1e+3", ".5", "12:30", ".inf", "'7'"]
)
def test_a_number_without_quotes_is_the_text_that_was_written(tmp_path, value):
    document, problems = read(tmp_path, f"name: {value}\nyears: [2019]", Inner)
    assert not problems, problems.lines()
    assert (document.form.name, document.form.years) == (value.strip("'"), [2019])


def test_a_number_is_text_wherever_text_is_expected(tmp_path):
    document, problems = read(tmp_path, "inner:\n  - {name: 1}\n  - {name: 2.50}\nday: 2019-03-28\n")
    assert not problems, problems.lines()
    assert [inner.name for inner in document.form.inner] == ["1", "2.50"]


class Notes(StrictModel):
    day: datetime.date | None = None
    names: list[str] = Field(default_factory=list)
    marks: list[str] | None = None


@pytest.mark.parametrize(
    "value", ["12 September 2018", "12th Sept. 2018", "September 12, 2018", "12-Sep-2018", "'2018-09-12'"]
)
def test_a_date_with_the_name_of_its_month_is_a_date(tmp_path, value):
    document, problems = read(tmp_path, f"day: {value}", Notes)
    assert not problems, problems.lines()
    assert document.form.day == datetime.date(2018, 9, 12)


@pytest.mark.parametrize(
    "value", ["03/04/2017", "12.9.2018", "September 2018", "31 June 2018", "12 Sorry 2018"]
)
def test_a_date_that_may_mean_several_days_or_none_is_a_problem(tmp_path, value):
    assert summary(read(tmp_path, f"day: {value}", Notes)[1]) == [("wrong-value", 1, 6, "day")]


def test_one_text_is_a_list_of_one_where_it_can_be_nothing_else(tmp_path):
    document, problems = read(tmp_path, "names: Chile\nmarks: New Zealand", Notes)
    assert not problems, problems.lines()
    assert (document.form.names, document.form.marks) == (["Chile"], ["New Zealand"])
    _, problems = read(tmp_path, "names: Chile, Peru\nmarks: Chile and Peru", Notes)
    assert [place for *_, place in summary(problems)] == ["names", "marks"]
    assert summary(read(tmp_path, "inner: Chile")[1]) == [("wrong-value", 1, 8, "inner")]


def test_text_where_a_number_is_expected_is_still_a_problem(tmp_path):
    _, problems = read(tmp_path, "name: 1\nyears: ['2019']", Inner)
    assert summary(problems) == [("wrong-value", 2, 9, "years[1]")]


def test_a_misspelt_key_is_one_problem_and_two_are_two(tmp_path):
    _, problems = read(tmp_path, "nom: Peru", Inner)
    assert summary(problems) == [("unknown-key", 1, 6, "nom")]
    assert 'expected the key "name"' in problems.lines()[0]
    _, problems = read(tmp_path, "colour: x\nsize: 2", Inner)
    assert [kind for kind, *_ in summary(problems)] == ["missing-key", "unknown-key", "unknown-key"]


@pytest.mark.parametrize("value", ["true", "2019-01-01", "null", "[x]", "{a: b}"])
def test_only_text_is_text(tmp_path, value):
    _, problems = read(tmp_path, f"name: {value}", Inner)
    assert summary(problems) == [("wrong-value", 1, 7, "name")]


def test_the_shipped_configuration_and_that_of_the_miniature_fit():
    for folder in (MINIATURE, MINIATURE.parent.parent):
        problems = Problems()
        assert read_config([folder / "config.yaml"], {}, problems) is not None, problems.lines()


def test_the_configuration_has_a_default_for_all_but_the_forum(tmp_path):
    (tmp_path / "config.yaml").write_text("forum: mini\n")
    config = read_config([tmp_path / "config.yaml"], {}, Problems())
    assert (config.forum, config.meetings, config.intake.largest_mb) == ("mini", "all", 25)


@given(st.text(max_size=200))
@examples(150)
def test_any_text_is_read_or_refused_and_never_raises(tmp_path_factory, source):
    document, problems = read(tmp_path_factory.getbasetemp(), source)
    assert (document is None) == bool(problems)


@given(st.binary(max_size=60))
@examples(60)
def test_any_bytes_are_read_or_refused_and_never_raise(tmp_path_factory, source):
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(source)
    problems = Problems()
    data, node = load_yaml(path, "bytes.yaml", problems)
    assert not problems or (data, node) == (None, None)


pieces = st.sampled_from(
    [
        ":",
        "- ",
        "[",
        "{",
        "'",
        '"',
        "\n",
        "\t",
        "  ",
        "&a",
        "*a",
        "!!",
        "#",
        "|",
        ">",
        "2019-13-40",
        "1",
        "",
        "null",
    ]
)


@st.composite
def mutations(draw):
    """A file of the miniature forum with pieces cut out or replaced."""
    name = draw(st.sampled_from(sorted(FILES)))
    text = (MINIATURE / name).read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 4))):
        start, length = draw(st.integers(0, len(text))), draw(st.integers(0, 12))
        put = draw(pieces | st.text(max_size=3))
        text = text[:start] + put + text[start + length :]
    return name, text


@given(mutations())
@examples(250)
def test_a_damaged_file_never_raises_and_every_problem_is_one_line_with_a_place(tmp_path_factory, mutation):
    name, source = mutation
    document, problems = read(tmp_path_factory.getbasetemp(), source, FILES[name])
    assert (document is None) == bool(problems)
    for problem in problems.found:
        assert problem.place.file == "some.yaml" and len(str(problem).splitlines()) == 1
        assert problem.place.line or problem.kind in ("unreadable", "yaml")


def test_problems_are_listed_once_and_in_order_of_file_and_place():
    problems = Problems()
    for file, line in (("b", 1), ("a", 10), ("a", 9), ("a", 10)):
        problems.add(Place(file, line=line), "kind", "x", "y", "Do it.")
    assert problems.lines() == [
        "a, line 9: found x; expected y. Do it.",
        "a, line 10: found x; expected y. Do it.",
        "b, line 1: found x; expected y. Do it.",
    ]
    assert problems.as_data()[0]["text"] == problems.lines()[0]


@given(st.text(), st.text(), st.text())
@examples(50)
def test_a_problem_is_one_line_whatever_it_found(file, found, expected):
    assert len(str(Problem(Place(file), "kind", found, expected, "Do it.")).splitlines()) == 1


def test_a_value_is_quoted_on_one_line_and_shortened():
    assert quoted("a\n b") == '"a b"'
    assert quoted("a  b ") == '"a  b "'  # spaces may be the mistake
    assert len(quoted("x" * 500)) == 62


class Ranges(StrictModel):
    share: float = Field(1, ge=0, le=1)
    names: list[str] = Field(["x"], min_length=1)
    day: datetime.date | None = None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("share: -1", "expected a number of 0 or more"),
        ("share: 2", "expected a number of 1 or less"),
        ("share: half", "expected a number without quotes"),
        ("names: []", "expected a list with 1 or more entries"),
        ("day: 2019-03-28T10:00:00", "expected a date such as 2016-09-07, without quotes and without a time"),
    ],
)
def test_what_a_value_must_be_is_stated_in_plain_words(tmp_path, source, expected):
    (line,) = read(tmp_path, source, Ranges)[1].lines()
    assert expected in line


@pytest.mark.parametrize(
    ("source", "line", "found"),
    [
        ("inner:\n  - name: x\n years: 1\n", 3, "1 space before the line, where no line above begins"),
        ("inner:\n\t- name: x\n", 2, "a tab"),
        ("day: 'x\ninner: []\nother: y\n", 1, "a quotation mark that is not closed"),
        ("inner: []\nname\nother: 1\n", 2, 'the line "name" without a colon'),
        ("inner: [{name: a, and how}]\n", 1, '"and how" as a key'),
        ("day: 2015-05-32\n", 1, "which is no valid date; expected a date that exists"),
    ],
)
def test_a_mistake_in_writing_yaml_is_explained_in_our_words_at_its_line(tmp_path, source, line, found):
    problems = Problems()
    path = tmp_path / "a.yaml"
    path.write_text(source, encoding="utf-8")
    read_yaml(path, "a.yaml", Outer, problems)
    (problem,) = problems.found
    assert problem.place.line == line and found in str(problem)


VALUES = (None, "", "x", -1, 0, 5, 10**30, 1.5, float("nan"), float("inf"), True, [], [None], [1], ["x", "x"])
VALUES += ([["x"]], {}, {"x": 1}, {1: 2}, datetime.date(2016, 1, 1), datetime.datetime(2016, 1, 1), b"x")
NOT_OURS = ("another value", "another form", "should", "Input", "validation", "instance", "dictionary", "^")


def forms(base: type[StrictModel] = StrictModel) -> set[type[StrictModel]]:
    return {form for inner in base.__subclasses__() for form in {inner, *forms(inner)}}


@pytest.mark.parametrize("form", sorted(forms(), key=lambda form: (form.__module__, form.__name__)))
def test_whatever_stands_under_a_key_the_message_is_in_our_own_words(form):
    form.model_rebuild()
    for key in (field.alias or name for name, field in form.model_fields.items()):
        for value in VALUES:
            problems = Problems()
            fit_form({key: value}, form, lambda keys: [Place("a.yaml", line=1)], problems)
            assert not [str(p) for p in problems.found if any(words in str(p) for words in NOT_OURS)]


def test_the_nearest_name_is_found_whatever_the_case():
    known = ["the Philippines", "Papua New Guinea"]
    assert nearest("PAPUA NEW GUINEE", known) == "Papua New Guinea"
    assert did_you_mean("Phillipines", known, "?") == 'Did you mean "the Philippines"?'
    assert did_you_mean("Atlantis", known, "Look it up.") == "Look it up."
