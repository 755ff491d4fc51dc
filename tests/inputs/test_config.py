"""The configuration: files and --config merged as Snakemake merges them; a problem names what gave the bad value."""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
from examples import examples
from forum_tools import MINIATURE, copy_forum
from hypothesis import given
from hypothesis import strategies as st
from papers.inputs.config import Config, read_config
from papers.inputs.config_files import forum_name, merge
from papers.problems import Problems
from project_tools import ROOT
from snakemake.cli import parse_config
from snakemake.utils import update_config

FIRST, SECOND = "config.yaml", "more/other.yaml"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The current folder of a project without files."""
    monkeypatch.chdir(tmp_path)
    Path("more").mkdir()
    return tmp_path


def write(*texts: str) -> list[Path]:
    """Write config.yaml and further files; return their paths."""
    files = [Path(FIRST), Path(SECOND), Path("third.yaml")][: len(texts)]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def read(*texts: str, options: tuple[str, ...] = ()) -> Config:
    """The configuration of these files and of `snakemake --config` with these options; it must fit."""
    problems = Problems()
    config = read_config(write(*texts), parse_config(options), problems)
    assert not problems, problems.lines()
    return config


def lines(*texts: str, options: tuple[str, ...] = ()) -> list[str]:
    """The problems of these files and options."""
    problems = Problems()
    assert read_config(write(*texts), parse_config(options), problems) is None
    return problems.lines()


def places(*texts: str, options: tuple[str, ...] = ()) -> list[str]:
    return [line.split(": ")[0] for line in lines(*texts, options=options)]


# Merging

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["a", "b"])
    | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
mappings = st.dictionaries(st.sampled_from("abc"), values, max_size=3)


@given(mappings, mappings, mappings)
@examples(300)
def test_sources_are_merged_as_snakemake_merges_them(first, second, third):
    expected = deepcopy(first)
    update_config(expected, deepcopy(second))
    update_config(expected, deepcopy(third))
    assert merge(merge(first, second), third) == expected


def test_merging_changes_none_of_the_sources():
    first, second = {"a": {"b": 1}}, {"a": {"c": 2}}
    assert merge(first, second) == {"a": {"b": 1, "c": 2}}
    assert (first, second) == ({"a": {"b": 1}}, {"a": {"c": 2}})


def test_a_later_file_is_over_an_earlier_one_and_the_command_line_is_over_both(folder):
    config = read(
        "forum: first\nlanguage: en-US\nmeetings: [A1]\n",
        "forum: second\nmeetings: [B1, B2]\n",
        options=("meetings=[C1]",),
    )
    assert (config.language, config.forum, config.meetings) == ("en-US", "second", ["C1"])


def test_mappings_are_merged_key_by_key_and_lists_are_replaced(folder):
    config = read(
        "forum: mini\nranking: {direct: 4, indirect: 2, ties: [median]}\n",
        "ranking: {indirect: 3, ties: [number, link]}\n",
    )
    assert (config.ranking.direct, config.ranking.indirect) == (4, 3)
    assert config.ranking.ties == ["number", "link"]


def test_numbers_and_booleans_within_mappings_of_the_command_line_are_typed(folder):
    config = read(
        "forum: mini\n",
        options=(
            "ranking={direct: 2.5, none: 1, own_scores_count: true}",
            "checks={validity: off}",
            "classification_columns=[{title: No., field: number, width: 2}]",
            "meetings=[2019]",
        ),
    )
    ranking = config.ranking
    assert (ranking.direct, ranking.none, ranking.own_scores_count) == (2.5, 1, True)
    assert config.checks.validity == "off" and config.classification_columns[0].width == 2
    assert config.meetings == ["2019"], "a code of digits stays text"


def test_an_empty_file_changes_nothing(folder):
    assert read("forum: mini\nlanguage: en-US\n", "# nothing yet\n") == read("forum: mini\nlanguage: en-US\n")


# Problems


def test_a_wrong_value_is_reported_in_the_file_that_gives_it_last(folder):
    first = "forum: mini\nranking:\n  direct: 3\n"
    assert places(first, "# more\nranking:\n  direct: 1000\n") == [
        f"{SECOND}, line 3, column 11, key ranking.direct"
    ]
    assert places("forum: mini\nranking: {direct: 1000}\n", "ranking: {indirect: 2}\n") == [
        f"{FIRST}, line 2, column 19, key ranking.direct"
    ]


def test_a_wrong_value_that_a_later_file_replaces_is_no_problem(folder):
    assert read("forum: mini\nlanguage: English\n", "language: en-GB\n").language == "en-GB"


def test_a_mistake_in_a_list_is_reported_in_the_file_whose_list_counts(folder):
    first = "forum: mini\nclassification_columns:\n  - {title: A, field: notes}\n"
    second = "classification_columns:\n  - {title: B, field: notes, colour: red}\n  - {field: notes}\n"
    assert places(first, second) == [
        f"{SECOND}, line 2, column 38, key classification_columns[1].colour",
        f"{SECOND}, line 3, column 5, key classification_columns[2].title",
    ]


def test_an_unknown_key_is_reported_in_each_file_that_has_it(folder):
    assert places(
        "forum: mini\ncolour: red\n", "language: en-GB\ncolour: blue\n", "ranking: {dircet: 1}\n"
    ) == [
        f"{FIRST}, line 2, column 9, key colour",
        f"{SECOND}, line 2, column 9, key colour",
        "third.yaml, line 1, column 19, key ranking.dircet",
    ]


@pytest.mark.parametrize("key", ["null", "7", "2019-03-28", "1.5"])
def test_a_key_that_is_no_text_is_reported_in_its_file(folder, key):
    (problem,) = lines("forum: mini\n", f"# more\n{key}: red\n")
    assert problem.startswith(f"{SECOND}, line ") and "expected keys that are text" in problem


def test_mistakes_on_the_command_line_are_reported_as_such(folder):
    options = ("langage=en-GB", "meetings=SMEWG43", "ranking={direct: 1000}")
    assert lines("forum: mini\n", options=options) == [
        'command line, key langage: found the unknown key "langage"; expected one of checks,'
        " classification_columns, doubles, forum, intake, language, meetings, public, ranking,"
        ' recommendation_verbs, schedule_columns. Did you mean "language"?',
        "command line, key meetings: found \"SMEWG43\"; expected 'all', or a list. Correct the value.",
        "command line, key ranking.direct: found the number 1000; expected a number of 100 or less."
        " Correct the value.",
    ]


def test_a_wrong_value_on_the_command_line_is_no_mistake_of_the_file(folder):
    assert places("forum: mini\n", options=("forum=MINI",)) == ["command line, key forum"]
    assert places("forum: MINI\n", options=("language=en-US",)) == [f"{FIRST}, line 1, column 8, key forum"]


def test_a_character_that_no_paper_may_contain_is_refused_on_the_command_line(folder):
    (problem,) = lines("forum: mini\n", options=("public={known_titles: [a, b\u202ec]}",))
    assert problem.startswith("command line, key public.known_titles[2]: found") and "U+202E" in problem


def test_a_missing_forum_is_reported_in_the_first_file(folder):
    assert places("language: en-GB\n", "meetings: all\n", options=("meetings=all",)) == [
        f"{FIRST}, line 1, key forum"
    ]


@pytest.mark.parametrize("text", ["- forum\n", "forum\n", "1\n"])
def test_a_file_without_keys_is_one_problem(folder, text):
    assert places("forum: mini\n", text) == [f"{SECOND}, line 1"]


def test_a_file_that_does_not_exist_is_one_problem(folder):
    files = [*write("colour: red\n"), Path("gone.yaml")]
    problems = Problems()
    assert read_config(files, {}, problems) is None
    (line,) = problems.lines()
    assert line.startswith("gone.yaml: found a file that does not exist")


def test_files_that_cannot_be_read_are_all_reported(folder):
    assert places("forum: a: b\n", "a: b: c\n") == [
        f"{FIRST}, line 1, column 9",
        f"{SECOND}, line 1, column 5",
    ]


def test_a_file_is_named_relative_to_the_project_however_it_is_given(folder):
    first, second = write("forum: mini\n", "colour: red\n")
    problems = Problems()
    read_config([first, second.absolute()], {}, problems)
    read_config([first.absolute(), second.absolute()], {}, problems)
    read_config([first, second], {}, problems)
    assert len(problems.found) == 3 and {problem.place.file for problem in problems.found} == {SECOND}


@given(text=st.text(max_size=80), values=st.dictionaries(st.text("abc", min_size=1), values, max_size=2))
@examples(150)
def test_any_configuration_is_read_or_refused_and_never_raises(tmp_path_factory, text, values):
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    problems = Problems()
    assert (read_config([MINIATURE / FIRST, file], values, problems) is None) == bool(problems)


# What is found later


def test_a_value_that_only_the_inputs_show_to_be_wrong_has_its_place(folder):
    config = read("forum: mini\n", "# more\nmeetings: [A1]\n", options=("forum=mino",))
    assert str(config.place("meetings")) == f"{SECOND}, line 2, column 11, key meetings"
    assert str(config.place("forum")) == "command line, key forum"


def run_read(folder: Path, *files: str, **values: object) -> list[str]:
    """The problems that the adapter of `read` reports for the miniature forum with these files and overrides."""
    forum = copy_forum(folder)
    forum.write(SECOND, "language: en-GB\nmeetings: [MINI8]\n")
    config = json.dumps({"files": [FIRST, *files], "values": values})
    options = ["--config", config, "--work", "work", "--log", "read.json"]
    command = [sys.executable, ROOT / "scripts/read.py", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and not done.stdout
    return done.stderr.splitlines()


def test_the_rule_read_reports_an_unknown_meeting_where_it_is_asked_for(tmp_path):
    (line,) = run_read(tmp_path, SECOND)
    assert line.startswith(f'{SECOND}, line 2, column 11, key meetings: found "MINI8"; expected one of MINI1')
    (line,) = run_read(tmp_path, SECOND, meetings=["MINI9"])
    assert line.startswith('command line, key meetings: found "MINI9"; expected one of MINI1')


def test_the_rule_read_reports_an_unknown_forum_where_it_is_named(tmp_path):
    (line,) = run_read(tmp_path, forum="minni")
    assert line == (
        'command line, key forum: found the forum "minni"; expected a folder of inputs: mini. Did you mean "mini"?'
    )


# The forum's name


@pytest.mark.parametrize(
    ("texts", "options"),
    [
        (["forum: one\n"], ()),
        (["forum: one\n", "forum: two\n"], ()),
        (["forum: one\n", "language: en-US\n"], ("forum=three",)),
        (["language: en-US\n", "forum: two\n"], ()),
        (["forum: one\n", "forum: 007\n"], ()),
        (["forum: one\n"], ("forum=7",)),
    ],
)
def test_the_forum_that_the_snakefile_finds_is_that_of_the_validated_configuration(folder, texts, options):
    assert forum_name(write(*texts), parse_config(options)) == read(*texts, options=options).forum


def test_what_names_no_folder_is_no_forum(folder):
    for text in (
        "language: en-GB\n",
        "forum: yes\n",
        "forum: [a]\n",
        "forum: ../a\n",
        "forum: [\n",
        "- a\n",
        "",
    ):
        assert forum_name(write(text), {}) == ""
    assert forum_name([Path("gone.yaml")], {}) == ""


def test_finding_the_forum_imports_neither_pydantic_nor_pandas():
    code = "import sys; from papers.inputs import config_files; print({'pydantic', 'pandas', 'yaml'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "scripts", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "{'yaml'}"
