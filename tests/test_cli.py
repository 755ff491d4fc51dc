"""The command line: verbs and keys are checked before anything starts, each problem in one line."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys

import pytest
from papers import cli
from project_tools import ROOT, copy_project


@pytest.fixture
def parse(monkeypatch, capsys):
    """Return the options that a verb is started with, and the problems that kept it from starting."""
    started = []
    monkeypatch.setattr(cli, "_run", lambda name, options: started.append(options) or 0)

    def parse(*words: str) -> tuple[dict[str, str], list[str]]:
        started.clear()
        code = cli.main(words)
        problems = [line.strip() for line in capsys.readouterr().err.splitlines()[1:]]
        assert bool(started) == (code == 0) == (not problems)
        return (started[0] if started else {}), problems

    return parse


@pytest.fixture
def same_folder():
    """Return to the current folder, as the command changes to the project's."""
    folder = os.getcwd()
    yield
    os.chdir(folder)


def test_values_are_stripped_and_empty_ones_count_as_not_given(parse):
    options, _ = parse("issue", "meeting= MINI1 ", "paper=", "date=20190801", "why=two  weeks before")
    assert options == {"meeting": "MINI1", "date": "2019-08-01", "why": "two weeks before"}


def test_options_may_be_written_as_those_of_other_commands(parse):
    expected = {"paper": "2018/SMEWG47/003", "why": 'x=1 -- "quoted"'}
    for words in (
        ("--paper", "2018/SMEWG47/003", "--why", 'x=1 -- "quoted"'),
        ("--paper=2018/SMEWG47/003", 'why=x=1 -- "quoted"'),
    ):
        assert parse("revise", *words)[0] == expected


@pytest.mark.parametrize("name", [name for name, verb in cli.VERBS.items() if verb.keys])
def test_the_module_of_a_verb_gets_its_keys_as_they_are_declared(name, monkeypatch):
    started = []
    monkeypatch.setattr(cli, "_check_and_run", lambda name, values, rest: started.append((values, rest)))
    for write in (str, lambda key: key.replace("_", "-"), lambda key: key.replace("-", "_")):
        for words in ("{}=x", "--{}=x", "--{} x"):
            keys = [
                key
                for key in cli.VERBS[name].keys
                if not (words == "--{} x" and key in cli.VERBS[name].flags)
            ]
            cli.main([name, *(word for key in keys for word in words.format(write(key)).split())])
            assert started.pop() == ({key: "x" if key in keys else None for key in cli.VERBS[name].keys}, ())


@pytest.fixture
def example_verb(monkeypatch):
    """Add a verb that takes one word without a key, several files, and a flag, as `keys` says."""

    def add(word: str, *keys: str, flags: tuple[str, ...] = ()) -> None:
        help_texts = {key: cli.OPTIONS.get(key, key) for key in keys}
        monkeypatch.setattr(cli, "OPTIONS", {**cli.OPTIONS, **help_texts})
        verb = cli.Verb("Try it.", "papers.traces", keys, example="meeting=A", word=word, flags=flags)
        monkeypatch.setitem(cli.VERBS, "try", verb)

    return add


def test_a_verb_may_take_its_main_value_as_a_plain_word(example_verb, parse):
    example_verb("meeting", "meeting", "by")
    for words in (("SMEWG48", "by=A B"), ("by=A B", "SMEWG48"), ("meeting=SMEWG48", "by=A B")):
        assert parse("try", *words)[0] == {"meeting": "SMEWG48", "by": "A B"}
    assert "SMEWG49" in parse("try", "SMEWG48", "SMEWG49")[1][0]
    assert "SMEWG49" in parse("try", "meeting=SMEWG48", "SMEWG49")[1][0]


def test_a_verb_of_files_takes_several_also_with_spaces_in_their_names(example_verb, parse):
    example_verb("files", "files")
    assert parse("try", "a b.xlsx", "c.docx")[0] == {"files": "a b.xlsx\nc.docx"}
    assert parse("try", "files=a.xlsx", "c.docx")[0] == {"files": "a.xlsx\nc.docx"}


def test_a_flag_is_yes_or_no(example_verb, parse):
    example_verb("files", "files", "accept", flags=("accept",))
    for words in (
        ("--accept", "a.xlsx"),
        ("a.xlsx", "--accept"),
        ("a.xlsx", "accept=yes"),
        ("--accept", "files=a.xlsx"),
    ):
        assert parse("try", *words)[0] == {"files": "a.xlsx", "accept": "yes"}
    assert parse("withdraw", "paper=2018/A/003", "--dry-run", "why=x")[0] == {
        "paper": "2018/A/003",
        "dry-run": "yes",
        "why": "x",
    }
    assert parse("try", "a.xlsx", "accept=maybe")[1] == [
        'command: found accept="maybe"; expected yes or no. Correct accept=...'
    ]


def test_several_papers_may_be_named_and_each_number_is_checked(parse):
    options, _ = parse("issue", "paper=2018/SMEWG47/003, 2018/SMEWG47/004 2018/SMEWG47/003")
    assert options == {"paper": "2018/SMEWG47/003,2018/SMEWG47/004"}
    _, problems = parse("issue", "paper=2018/SMEWG47/003,SMEWG47/4,2018/SMEWG47")
    assert len(problems) == 2 and all(line.startswith("command: found paper= with ") for line in problems)


@pytest.mark.parametrize(
    ("verb", "words", "message"),
    [
        ("issue", ["meetin=MINI1"], 'found "meetin"; expected one of forum, meeting, paper,'),
        ("issue", ["MINI1"], 'found "MINI1"; expected one of forum, meeting, paper,'),
        ("issue", [], "found make issue without meeting=... or paper=...; expected meeting=... or paper=..."),
        ("clean", ["all=yes"], 'found "all"; expected no option. Write make clean.'),
        (
            "issue",
            ["meeting=MINI1", "date=2999-01-01"],
            "found date=2999-01-01; expected a day that has come",
        ),
        ("package", ["meeting=MINI1", "since=May"], 'found since="May"; expected a date such as 2018-08-29.'),
        ("issue", ["meeting=MINI1", "correction=C1"], 'found correction="C1"; expected yes or no.'),
        (
            "issue",
            ["meeting=MINI1", "correction=yes"],
            "found correction=yes without why=...; expected a reason.",
        ),
        ("issue", ["meeting=MINI1", "by=The\nChair"], "found by= with a line break; expected one line"),
        (
            "revise",
            ["paper=2018/A/003", "why=a\x07bell"],
            "found why= with the character U+0007; expected one",
        ),
        (
            "revise",
            ["paper=2018/A/003", "why=a\u202eb"],
            "found why= with the character U+202E (right-to-left",
        ),
        ("trace", ["paper=2018/A/003", "figure=1\t4"], "found figure= with a tab; expected one line"),
        ("issue", ["--meeting"], "found \"Option '--meeting' requires an argument.\"; expected a command"),
        ("issue", ["meeting=MINI1", "by==1+1"], 'found by="=1+1"; expected words that do not begin with'),
        ("trace", ["figure=2"], "found figure= without paper=; expected both of them."),
    ],
)
def test_a_call_that_can_not_run_is_reported_with_what_to_write(verb, words, message, parse):
    _, problems = parse(verb, *words)
    assert any(problem.startswith(f"command: {message}") for problem in problems), problems


def test_a_misspelt_verb_starts_nothing(capsys):
    assert cli.main(["isue", "meeting=MINI1"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Nothing was done. Please fix:"
    assert lines[1].startswith('  command: found "isue"; expected one of') and 'mean "issue"?' in lines[1]


def test_all_problems_of_a_call_are_reported_at_once(parse):
    _, problems = parse("revise", "papr=2018/A/003", "date=May", "by=a\nb", "more")
    assert [line.partition(";")[0].removeprefix("command: found ") for line in problems] == [
        "by= with a line break",
        'date="May"',
        "make revise without paper=...",
        "make revise without why=...",
        '"more"',
        '"papr"',
    ]


def test_the_help_lists_every_verb_under_its_heading(capsys):
    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert cli.main([]) == 0 and capsys.readouterr().out == shown
    at = [shown.index(f"{heading}:") for heading in cli.SECTIONS]
    assert at == sorted(at)
    for verbs, start, end in zip(cli.SECTIONS.values(), at, [*at[1:], len(shown)], strict=True):
        assert all(f"\n  {name} " in shown[start:end] for name in verbs)


@pytest.mark.parametrize("name", [name for name, verb in cli.VERBS.items() if verb.keys])
def test_the_help_of_a_verb_lists_its_keys_and_an_example_that_is_accepted(name, parse, capsys):
    assert cli.command_line().main([name, "--help"], standalone_mode=False) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {key}=..." in shown for key in cli.VERBS[name].keys)
    example = shown.rpartition(f"Example: forum-papers {name} ")[2]
    assert parse(name, *shlex.split(example))[1] == []


def test_every_verb_is_a_target_of_make():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(
        r"[a-z-]+", re.search(r"^VERBS := (.*?[^\\])$", makefile, re.MULTILINE | re.DOTALL)[1]
    )
    assert {*cli.VERBS} - {"build"} == {*targets}


def test_titles_with_letters_that_the_code_page_lacks_are_printed(tmp_path):
    project = copy_project(tmp_path / "forum")
    project.replace("inputs/mini/meetings/MINI1.yaml", "title: Mini", "title: Vị Mini")
    environment = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    run = project.build(**environment)
    assert run.code == 0 and "V\\u1ecb Mini" in run.out, run.err


def test_a_verb_runs_in_the_folder_of_the_project_and_finds_paths_of_the_caller(
    tmp_path, monkeypatch, same_folder, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sent").mkdir()
    assert cli.main(["verify", "against=sent"]) == 1
    assert os.getcwd() == str(ROOT)
    assert f"{tmp_path}/sent/SHA256SUMS: found no such file" in capsys.readouterr().err


def test_a_module_that_stays_cut_short_is_reported_after_one_more_try(tmp_path, monkeypatch, capsys):
    """The compiled modules below the script's folder are removed in between; the disk may still be full."""
    shutil.copy(ROOT / "scripts/forum_papers.py", tmp_path)
    (tmp_path / "papers/__pycache__").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "")
    monkeypatch.delitem(sys.modules, "forum_papers", raising=False)
    import forum_papers  # noqa: PLC0415 -- the copy

    calls = []

    def fail(arguments: list[str]) -> int:
        calls.append((arguments, (tmp_path / "papers/__pycache__").exists()))
        raise EOFError("marshal data too short")

    monkeypatch.setattr(forum_papers, "run_command", fail)
    assert forum_papers.main(["build"]) == 1
    assert calls == [(["build"], True), (["build"], False)]
    assert capsys.readouterr().err.startswith(
        "This computer: found a compiled Python module that is cut short"
    )
    monkeypatch.delitem(sys.modules, "forum_papers")
