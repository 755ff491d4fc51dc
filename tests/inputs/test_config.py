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
from papers.inputs.config_files import forum_names, merge
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
        "forum: first\nintake: {largest_mb: 3}\nmeetings: [A1]\n",
        "forum: second\nmeetings: [B1, B2]\n",
        options=("meetings=[C1]",),
    )
    assert (config.intake.largest_mb, config.forum, config.meetings) == (3, "second", ["C1"])


def test_mappings_are_merged_key_by_key_and_lists_are_replaced(folder):
    config = read(
        "forum: mini\nchecks: {validity: off, open_text: error}\nmeetings: [One]\n",
        "checks: {open_text: off}\nmeetings: [Two, Three]\n",
    )
    assert (config.checks.validity, config.checks.open_text) == ("off", "off")
    assert config.meetings == ["Two", "Three"]


def test_numbers_and_booleans_within_mappings_of_the_command_line_are_typed(folder):
    config = read(
        "forum: mini\n",
        options=(
            "intake={largest_mb: 2.5}",
            "checks={validity: off}",
            "meetings=[2019]",
        ),
    )
    assert config.intake.largest_mb == 2.5
    assert config.checks.validity == "off"
    assert config.meetings == ["2019"], "a code of digits stays text"


def test_an_empty_file_changes_nothing(folder):
    assert read("forum: mini\nmeetings: [A1]\n", "# nothing yet\n") == read("forum: mini\nmeetings: [A1]\n")


# Problems


def test_a_wrong_value_is_reported_in_the_file_that_gives_it_last(folder):
    first = "forum: mini\nintake:\n  largest_mb: 3\n"
    assert places(first, "# more\nintake:\n  largest_mb: 1000\n") == [
        f"{SECOND}, line 3, column 15, key intake.largest_mb"
    ]
    assert places("forum: mini\nchecks: {validity: never}\n", "checks: {open_text: off}\n") == [
        f"{FIRST}, line 2, column 20, key checks.validity"
    ]


def test_a_wrong_value_that_a_later_file_replaces_is_no_problem(folder):
    assert read("forum: mini\nmeetings: MINI1\n", "meetings: [MINI1]\n").meetings == ["MINI1"]


def test_a_mistake_in_a_list_is_reported_in_the_file_whose_list_counts(folder):
    first = "forum: mini\nmeetings: [One]\n"
    second = "meetings:\n  - no\n  - Two\n  - yes\n"
    assert places(first, second) == [
        f"{SECOND}, line 2, column 5, key meetings[1]",
        f"{SECOND}, line 4, column 5, key meetings[3]",
    ]


def test_an_unknown_key_is_reported_in_each_file_that_has_it(folder):
    assert places(
        "forum: mini\ncolour: red\n", "meetings: all\ncolour: blue\n", "checks: {valdity: off}\n"
    ) == [
        f"{FIRST}, line 2, column 9, key colour",
        f"{SECOND}, line 2, column 9, key colour",
        "third.yaml, line 1, column 19, key checks.valdity",
    ]


@pytest.mark.parametrize("key", ["null", "7", "2019-03-28", "1.5"])
def test_a_key_that_is_no_text_is_reported_in_its_file(folder, key):
    (problem,) = lines("forum: mini\n", f"# more\n{key}: red\n")
    assert problem.startswith(f"{SECOND}, line ") and "expected keys that are text" in problem


def test_mistakes_on_the_command_line_are_reported_as_such(folder):
    options = ("meeting=[A1]", "meetings=SMEWG43", "intake={largest_mb: 1000}")
    assert lines("forum: mini\n", options=options) == [
        "command line, key intake.largest_mb: found the number 1000; expected a number of 500 or less."
        " Correct the value.",
        'command line, key meeting: found the unknown key "meeting"; expected one of checks,'
        ' forum, intake, meetings. Did you mean "meetings"?',
        "command line, key meetings: found \"SMEWG43\"; expected 'all', or a list. Correct the value.",
    ]


def test_a_key_that_belongs_to_a_forum_is_reported_in_each_file_that_has_it(folder):
    moved = lines(
        "forum: mini\nranking: {direct: 4}\n", "schedule_columns: {id: No.}\n", options=("doubles={}",)
    )
    assert moved == [
        'command line, key doubles: found the key "doubles"; expected it in inputs/<forum>/settings.yaml, under'
        " doubles. Move it there, or delete it: without it the defaults hold.",
        f'{FIRST}, line 2, column 10, key ranking: found the key "ranking"; expected it in'
        " inputs/mini/settings.yaml, under ranking. Move it there, or delete it: without it the defaults hold.",
        f'{SECOND}, line 1, column 19, key schedule_columns: found the key "schedule_columns"; expected it in'
        " inputs/<forum>/settings.yaml, under tables: schedule. Declare the columns there (inputs/README.md shows"
        " how), or delete it.",
    ]


def test_a_wrong_value_on_the_command_line_is_no_mistake_of_the_file(folder):
    assert places("forum: mini\n", options=("forum=MINI",)) == ["command line, key forum"]
    assert places("forum: MINI\n", options=("meetings=all",)) == [f"{FIRST}, line 1, column 8, key forum"]


def test_a_character_that_no_paper_may_contain_is_refused_on_the_command_line(folder):
    (problem,) = lines("forum: mini\n", options=("meetings=[a, b\u202ec]",))
    assert problem.startswith("command line, key meetings[2]: found") and "U+202E" in problem


def test_a_missing_forum_is_reported_in_the_first_file(folder):
    assert places("intake: {}\n", "meetings: all\n", options=("meetings=all",)) == [
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
        f"{FIRST}, line 1, column 8",
        f"{SECOND}, line 1, column 4",
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
    forum.write(SECOND, "intake: {}\nmeetings: [MINI8]\n")
    config = json.dumps({"files": [FIRST, *files], "values": values})
    options = [
        "--config",
        config,
        "--forum",
        values.get("forum", "mini"),
        "--work",
        "outputs/work/mini",
        "--log",
        "read.json",
    ]
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
        (["forum: one\n", "meetings: all\n"], ("forum=three",)),
        (["meetings: all\n", "forum: two\n"], ()),
        (["forum: one\n", "forum: 007\n"], ()),
        (["forum: one\n"], ("forum=7",)),
    ],
)
def test_the_forum_that_the_snakefile_finds_is_that_of_the_validated_configuration(folder, texts, options):
    forums = forum_names(write(*texts), parse_config(options), Path())
    assert forums == [read(*texts, options=options).forum]


def test_several_forums_are_a_list_or_all_that_have_a_folder(folder):
    for name in ("two", "one", "no-forum"):
        Path("inputs", name).mkdir(parents=True)
    for name in ("two", "one"):
        Path("inputs", name, "forum.yaml").touch()
    assert forum_names(write("forum: all\n"), {}, Path()) == ["one", "two"]
    assert forum_names(write("forum: [two, one, two]\n"), {}, Path()) == ["two", "one"]
    assert read("forum: all\n").forum == read("forum: [two, one]\n").forum == "", (
        "which one is built is not known"
    )


def test_what_names_no_folder_is_no_forum(folder):
    for text in (
        "meetings: all\n",
        "forum: yes\n",
        "forum: [no, {a: b}]\n",
        "forum: ../a\n",
        "forum: [\n",
        "- a\n",
        "",
    ):
        assert forum_names(write(text), {}, Path()) == []
    assert forum_names([Path("gone.yaml")], {}, Path()) == []


def test_finding_the_forum_imports_neither_pydantic_nor_pandas():
    code = "import sys; from papers.inputs import config_files; print({'pydantic', 'pandas', 'yaml'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "scripts", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "{'yaml'}"
