"""The command line `forum-papers VERB key=value`; `make VERB key=value` is the same.

VERBS declares each verb once, with the options that it takes. They are checked before anything starts, and all
problems are reported at once. A value may be written `meeting=SMEWG47` or `--meeting SMEWG47`.
"""

from __future__ import annotations

import datetime
import importlib
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from papers.characters import describe_control
from papers.errors import run_job
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.richtext import FORMULA_SIGNS
from papers.store.program import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

PROJECT = Path(__file__).resolve().parents[2]
_COMMAND = Place("command")
# Keys whose values are paths, which may be written from the caller's folder.
_PATHS = {"against", "file", "files", "papers"}

OPTIONS = {
    "forum": "folder of a forum, such as smewg; needed only where several may be meant",
    "meeting": "code of a meeting, such as SMEWG47",
    "paper": "number of a paper, such as 2018/SMEWG47/003; several with commas between them",
    "by": "who records this; by default, the user of this computer",
    "why": "the reason",
    "date": "day of the event, such as 2018-08-29; by default, today",
    "correction": "yes: a change after the meeting was frozen; for revise also the ids of corrections",
    "since": "also pack what changed since this day",
    "figure": 'a figure as it is printed, such as 14, or its place: "Table 10, row Dialogue sessions"',
    "title": "what covers call the meeting, if not as usual; for new-paper the title of the paper",
    "city": "where the meeting is; none for a virtual one",
    "economy": "the economy where the meeting is; none for a virtual one",
    "start": "the first day of the meeting, such as 12 September 2018; none if it is not known",
    "end": "the last day of the meeting",
    "host": "the host economy of the year, if hosts.yaml does not have it",
    "number_prefix": "how numbers of the meeting begin, if not with year and code: 2019/SMEMM",
    "agenda": "the titles of the agenda's items, with semicolons between them",
    "papers": "a workbook with the sheets Agenda and Papers, or kinds of papers with commas between them",
    "submitted_by": "who submits a paper for which nothing else is stated; several with semicolons between them",
    "kind": "what the paper is: the name of a template, such as work-plan",
    "agenda_item": "the item of the agenda under which it is",
    "purpose": "Information or Consideration",
    "schedule": "an edition of the schedule, such as 2019",
    "year": "the year that it is about",
    "as_of": "until when returns are counted",
    "session": "the session of proposals, such as 2019-1",
    "workplan": "the name of a work plan's file, if it is not the year",
    "document": "the folder of the paper's text in documents/",
    "record": "the meeting that a summary report is about",
    "id": "a name for its narrative, if another paper has the usual one",
    "number": "its number; by default the next free one",
    "forum_doc_no": "its earlier number, if it was tabled before",
    "status": "stands under the title, such as (Draft)",
    "access": "public or restricted",
    "reason": "why it is restricted",
    "restricted_until": "the day of its derestriction",
    "name_economies": "for what a restricted paper names economies: missing, late, overdue, scores",
    "notes": "a remark for the classification list",
    "received": "when it came, such as 2018-08-20 or 2018-08-20T10:15+07:00",
    "allowed_by": "the office that allowed a paper that came late",
    "plan": "folder of a plan, such as plan-2021-2024; for new-plan with its first and last year",
    "files": "the files; they may also be written without files=",
    "accept": "yes: put a file without problems where it belongs; also written --accept",
    "replace": "yes: a return may take the place of one of the same economy and year; also written --replace",
    "from": "folder of the plan before",
    "against": "the outputs folder, or the file SHA256SUMS, of somebody else",
    "dry-run": "yes: show what would be recorded and edited, and write nothing",
    "also": "pdf, changes or both: PDFs and redlines are built again too, and compared",
    "file": "the file: an edited copy of a paper; for new-paper one that somebody sent: received/SMEWG47/name.docx",
    "tracked": "accepted or rejected: how tracked changes are read; by default, accepted",
    "apply": "yes: what can be written into the inputs is written",
}


@dataclass(frozen=True)
class Verb:
    """A verb: what it does, the module that runs it, and the keys that it takes.

    `module` has a function `run(verb, options)`, which returns the exit code; that of a verb with `arguments` takes
    these and all further words, which are options and targets of Snakemake. `required` lists the keys without which
    the verb can't run; "meeting|paper" means at least one of the two. `word` is the key of words without a key, as
    in `new-meeting SMEWG48`; if it is `files`, several are taken, and the option has them with line breaks between
    them. `flags` are keys that may be written `--accept` for accept=yes. `example` is shown in messages.
    """

    help: str
    module: str
    keys: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    example: str = ""
    word: str = ""
    flags: tuple[str, ...] = ()
    arguments: tuple[str, ...] | None = None


_EVENT_KEYS = ("forum", "meeting", "paper", "date", "by", "why", "correction")
_PLAN = "dry-run"  # of the verbs that do not build first
_PAPER_KEYS = ("kind", "title", "agenda_item", "purpose", "submitted_by", "plan", "schedule", "year", "as_of", "session",
               "workplan", "document", "record", "id", "number", "forum_doc_no", "status", "access", "reason",
               "restricted_until", "name_economies", "notes", "file", "received", "allowed_by")  # fmt: skip
_BUILD, _RECORD, _SEAL = "papers.build.make", "papers.build.refresh", "papers.seal.commands"
_SNAKEMAKE = "papers.build.snakemake"
_ANY_PAPER = "paper=2018/SMEWG47/003"
SECTIONS = {
    "Build and look": {
        "build": Verb("Build every paper into outputs/; `make` alone does this.", _BUILD, arguments=()),
        "dry-run": Verb("Show what would be built, and why.", _SNAKEMAKE),
        "status": Verb("Show where the papers of a meeting stand, what is missing, and who has returned.",
                       "papers.build.status", ("forum", "meeting"), ("meeting",), "meeting=SMEWG47", word="meeting"),
        "preview": Verb("Show what an issued paper would become, in outputs/previews/, with its changes.",
                        "papers.build.preview", ("forum", "paper"), ("paper",), _ANY_PAPER, word="paper"),
        "notices": Verb("Show all notices and findings of the last build.", "papers.build.notices"),
        "changes": Verb("Compare each revision with what it revises, and each schedule with the last, in"
                        " outputs/changes/.", _BUILD, arguments=("all", "changes")),
        "pdf": Verb("Make a tagged PDF of every paper in outputs/pdf/ (needs LibreOffice).", _BUILD,
                    arguments=("all", "pdfs")),
        "paginate": Verb("Find the page numbers of tables of contents (needs LibreOffice).", "papers.pdf.paginate", ("forum",),
                         example="forum=smewg"),
        "compare": Verb("List what was edited in a Word copy of a paper, and where it belongs; --apply writes it there.",
                        "papers.edits.commands", ("forum", "file", "tracked", "apply"), ("file",),
                        "file=003-edited.docx", word="file", flags=("apply",)),
        "clean": Verb("Remove what was built, but no edited file.", "papers.build.clean"),
        "check": Verb("Look at files that others sent before they go into inputs/.", "papers.intake_check.commands",
                      ("forum", "plan", "meeting", "files", "accept", "replace"), ("files",), "files=per.xlsx accept=yes",
                      word="files", flags=("accept", "replace")),
        "new-meeting": Verb("Begin the file of a meeting, with its agenda and papers; asks for what is missing.",
                            "papers.start.new_meeting",
                            ("forum", "meeting", "title", "city", "economy", "start", "end", "host", "number_prefix",
                             "agenda", "papers", "submitted_by"), ("meeting",),
                            'SMEWG48 city=Concepcion economy=Chile start="4 September 2019" end="5 September 2019"',
                            word="meeting"),
        "new-paper": Verb("Add a paper to the file of a meeting.", "papers.start.new_paper",
                          ("forum", "meeting", *_PAPER_KEYS), ("meeting", "kind|file"),
                          "meeting=SMEWG47 kind=updated-schedule agenda_item=3", word="meeting"),
        "forms": Verb("Write what economies fill in for a year, the next schedule, or the list of a new meeting's papers.",
                      "papers.start.forms", ("forum", "year", "schedule", "meeting", "plan"),
                      ("year|schedule|meeting",), "year=2019"),
        "new-plan": Verb("Begin the folder of the next plan, with the open activities of the last one.",
                         "papers.start.new_plan", ("forum", "plan", "from"), ("plan", "from"),
                         "plan=plan-2021-2024 from=plan-2017-2020"),
    },
    "The record of issued papers": {
        "number": Verb("Give numbers to the papers of a meeting that have none.", _RECORD,
                       (*_EVENT_KEYS, _PLAN), ("meeting",), "meeting=SMEWG47", flags=(_PLAN,)),
        "issue": Verb("Record papers as circulated.", _RECORD, _EVENT_KEYS, ("meeting|paper",), "meeting=SMEWG47"),
        "revise": Verb("Begin the next revision of an issued paper, and of the lists that name it.", _RECORD,
                       (*_EVENT_KEYS, _PLAN), ("paper", "why"), f'{_ANY_PAPER} why="..."', flags=(_PLAN,)),
        "withdraw": Verb("Take a paper out of circulation, its entry out of the inputs, and revise the lists.", _RECORD,
                         (*_EVENT_KEYS, _PLAN), ("paper", "why"), f'{_ANY_PAPER} why="..."', flags=(_PLAN,)),
        "freeze": Verb("End a meeting: its papers stay as they are.", _RECORD, _EVENT_KEYS, ("meeting",),
                       "meeting=SMEWG47"),
        "package": Verb("Write one zip for delegates, one for the public.", _RECORD,
                        ("forum", "meeting", "since", "date", "by"), ("meeting",), "meeting=SMEWG47"),
        "history": Verb("Show who did what to a paper, when and why.", _RECORD, ("forum", "meeting", "paper"), (), _ANY_PAPER),
    },
    "Reproduce and explain": {
        "trace": Verb("Show where a figure comes from.", "papers.traces", ("paper", "figure"), (),
                      f'{_ANY_PAPER} figure="14"'),
        "verify": Verb("Build everything again in another folder, and compare.", _SEAL, ("paper", "against", "also"), (),
                       _ANY_PAPER),
        "seal": Verb("Print the lines that two people compare.", _SEAL, ("paper",), (), _ANY_PAPER),
    },
    "For developers": {
        "profile": Verb("Build every paper again, and show where the time went.", _BUILD,
                        arguments=("--times", "all", "--forceall")),
        "report": Verb("Write Snakemake's own report, with every paper in it, to outputs/report.html.", _SNAKEMAKE),
    },
}  # fmt: skip
VERBS = {name: verb for verbs in SECTIONS.values() for name, verb in verbs.items()}


def main(arguments: Iterable[str]) -> int:
    """Run one verb, from any folder; return the exit code."""
    words = list(arguments) or ["--help"]
    problems = Problems()
    if not words[0].startswith("-") and words[0] not in VERBS:
        todo = did_you_mean(words[0], VERBS, "Write one of them.")
        problems.add(_COMMAND, "unknown-verb", quoted(words[0]), f"one of {', '.join(VERBS)}", todo)
        return _print_problems(problems)
    try:
        # Only parsed here: click would take an EOFError of a verb, and Ctrl+C, for the end of its own input.
        start = command_line().main(words, prog_name="forum-papers", standalone_mode=False)
    except click.ClickException as error:
        todo = f"Run forum-papers {words[0] if words[0] in VERBS else ''}".rstrip() + " --help."
        problems.add(_COMMAND, "option", quoted(error.format_message()), "a command that can be read", todo)
        return _print_problems(problems)
    return start() if callable(start) else 0  # --help has started nothing


# The command line of click


def _plain(key: str) -> str:
    """Return a key with underscores: dry_run= is dry-run=, and agenda-item= is agenda_item=."""
    return key.replace("-", "_")


class _Group(click.Group):
    """Lists the verbs under the headings of SECTIONS."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, verbs in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, verb.help) for name, verb in verbs.items()])


class _Option(click.Option):
    """Is listed as `key=...`."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        return record and (f"{self.opts[0].removeprefix('--')}=...", record[1])


class _Command(click.Command):
    """Takes `key=value` as well as `--key value`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        verb = VERBS[self.name or ""]
        options = {_plain(key): f"--{key}" for key in verb.keys}
        words: list[str] = []
        for word in args:
            key, equals, value = word.partition("=")
            option = options.get(_plain(key.removeprefix("--")))
            is_value = bool(words) and words[-1] in options.values()
            if option is None or is_value or not (equals or key.startswith("--")):
                words.append(word)
            elif equals or option.removeprefix("--") in verb.flags:
                words.append(f"{option}={value if equals else 'yes'}")
            else:
                words.append(option)  # its value follows
        return super().parse_args(ctx, words)


def command_line() -> click.Group:
    """Return the command line; each command returns the function that runs its verb."""
    group = _Group(
        "forum-papers",
        help="Make the numbered papers of an APEC forum. Options are written key=value, as in: forum-papers issue"
        ' meeting=SMEWG47 by="APEC Secretariat". docs/officer.md explains each command.',
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name, verb in VERBS.items():
        group.add_command(_build_command(name, verb) if verb.arguments is not None else _command(name, verb))
    return click.version_option(VERSION, prog_name="forum-papers")(group)


def _command(name: str, verb: Verb) -> click.Command:
    options = [_Option([f"--{key}"], help=OPTIONS[key]) for key in verb.keys]
    rest = click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED, expose_value=True, metavar="")
    epilog = f"Example: forum-papers {name} {verb.example}" if verb.example else None
    return _Command(
        name,
        params=[*options, rest],
        help=verb.help,
        epilog=epilog,
        options_metavar="[KEY=VALUE]...",
        callback=lambda rest, **values: partial(
            _check_and_run, name, {key: values[_plain(key)] for key in verb.keys}, rest
        ),
        context_settings={"ignore_unknown_options": True},
    )


def _build_command(name: str, verb: Verb) -> click.Command:
    return click.Command(
        name,
        params=[
            click.Argument(
                ["rest"], nargs=-1, type=click.UNPROCESSED, metavar="[TARGET OR OPTION OF SNAKEMAKE]..."
            )
        ],
        help=verb.help,
        callback=lambda rest: partial(
            _start, lambda module: module.run([*(verb.arguments or ()), *rest]), verb
        ),
        context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    )


def _check_and_run(name: str, values: dict[str, str | None], rest: tuple[str, ...]) -> int:
    problems = Problems()
    options = check_options(name, values, rest, problems)
    return _print_problems(problems) if problems else _run(name, options)


def _run(name: str, options: dict[str, str]) -> int:
    for key in _PATHS & options.keys():
        options[key] = "\n".join(_from_caller(path) for path in options[key].split("\n"))
    return _start(lambda module: module.run(name, options), VERBS[name])


def _start(run: Callable[[ModuleType], int], verb: Verb) -> int:
    os.chdir(PROJECT)
    module = importlib.import_module(verb.module)  # only the verb's own: some take a second to import
    return run_job(lambda: run(module))


def _print_problems(problems: Problems) -> int:
    click.echo("Nothing was done. Please fix:", err=True)
    for line in problems.lines():
        click.echo(f"  {line}", err=True)
    return 1


def _from_caller(name: str) -> str:
    """Return the path that the caller means: below the current folder if it exists there, else below the project."""
    path = Path(name).expanduser()
    return str(Path.cwd() / path if (Path.cwd() / path).exists() else path)


# Checking the options


def check_options(
    name: str, values: dict[str, str | None], rest: Iterable[str], problems: Problems
) -> dict[str, str]:
    """Return the values that were given, without white space around them; `rest` are words that are no option.

    An empty value counts as not given, as make passes on all variables.
    """
    verb = VERBS[name]
    todo = f"Write make {name} {verb.example}".rstrip() + "."
    given, rest = _words_without_key(verb, values, rest)
    for word in rest:
        key = word.removeprefix("--").partition("=")[0]
        expected = f"one of {', '.join(verb.keys)}" if verb.keys else "no option"
        problems.add(_COMMAND, "unknown-key", quoted(key), expected, did_you_mean(key, verb.keys, todo))
    options = {key: value.strip(" ") for key, value in given.items() if value and value.strip()}
    for required in verb.required:
        if not any(key in options for key in required.split("|")):
            expected = " or ".join(f"{key}=..." for key in required.split("|"))
            problems.add(_COMMAND, "missing-key", f"make {name} without {expected}", expected, todo)
    if "figure" in options and "paper" not in options:
        problems.add(_COMMAND, "missing-key", "figure= without paper=", "both of them", todo)
    for key, value in options.items():
        options[key] = _check_value(name, key, value, problems)
    if options.get("correction") == "yes" and "why" not in options:
        problems.add(_COMMAND, "missing-key", "correction=yes without why=...", "a reason", 'Add why="...".')
    return options


def _words_without_key(
    verb: Verb, values: dict[str, str | None], rest: Iterable[str]
) -> tuple[dict[str, str | None], list[str]]:
    """Return the values with those of words without a key, and the words that are left over."""
    left, taken = [], []
    for word in rest:
        fits = not word.startswith("-") and "=" not in word and (verb.word == "files" or not taken)
        (taken if verb.word and fits else left).append(word)
    if not taken:
        return values, left
    if (given := values.get(verb.word)) and verb.word != "files":
        return values, [*taken, *left]
    return {**values, verb.word: "\n".join([*([given] if given else []), *taken])}, left


def _check_value(name: str, key: str, value: str, problems: Problems) -> str:
    """Return a value as the verb needs it: text in one line, dates as the ledger writes them."""

    def refuse(kind: str, found: str, expected: str) -> None:
        problems.add(_COMMAND, kind, found, expected, f"Correct {key}=...")

    if character := describe_control(value.replace("\n", " ") if key == "files" else value):
        refuse("character", f"{key}= with {character}", "one line of visible characters")
    elif key in ("by", "why") and value.startswith(FORMULA_SIGNS):
        expected = "words that do not begin with = + - @, which Excel would take for a formula"
        refuse("formula", f"{key}={quoted(value)}", expected)
    elif key in ("date", "since"):
        try:
            day, today = datetime.date.fromisoformat(value), datetime.date.today()
        except ValueError:
            refuse("date", f"{key}={quoted(value)}", "a date such as 2018-08-29")
            return value
        if day > today:
            refuse("date", f"{key}={day}", f"a day that has come, {today} at the latest")
        return day.isoformat()
    elif key == "paper":
        return _check_numbers(value, refuse)
    elif key == "correction" and name != "revise" and value not in ("yes", "no"):
        refuse("correction", f"correction={quoted(value)}", "yes or no")  # revise takes ids as well
    elif key in VERBS[name].flags and value not in ("yes", "no"):
        refuse("flag", f"{key}={quoted(value)}", "yes or no")
    return value if key in _PATHS else " ".join(value.split())


def _check_numbers(value: str, refuse: Callable[[str, str, str], None]) -> str:
    """Return the numbers of papers in their usual form, with commas between them."""
    from papers.inputs.forums import grammars  # noqa: PLC0415 -- few commands name papers
    from papers.number_patterns import NumberError  # noqa: PLC0415

    texts, numbers, known = [*dict.fromkeys(value.replace(",", " ").split())], [], grammars()
    for text in texts:
        errors = []
        for grammar in known:
            try:
                numbers.append(str(grammar.parse(text)))
                break
            except NumberError as error:
                errors.append(error)
        else:
            if errors:  # without a grammar, the command reports why
                refuse("number", f"paper= with {errors[0].found}", errors[0].expected)
            numbers.append(text)
    return ",".join(numbers)
