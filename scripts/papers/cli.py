"""The command line: `make issue meeting=SMEWG47`, without make `python scripts/forum_papers.py issue meeting=SMEWG47`.

Each verb is declared once in VERBS, with the keys that it takes; they are checked before anything starts. Only this
module parses `key=value` and changes to the project's folder.
"""

from __future__ import annotations

import datetime
import importlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from papers.errors import run_job
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.richtext import FORMULA_SIGNS

PROJECT = Path(__file__).resolve().parents[2]
_COMMAND = Place("command")


@dataclass(frozen=True)
class Verb:
    """The module that runs a verb, and the keys that it takes.

    `module` has a function `run(verb, options)`, which returns the exit code. `required` lists the keys without which
    the verb can't run; "meeting|paper" means at least one of the two. `example` is shown in messages.
    """

    module: str
    keys: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    example: str = ""


_EVENT_KEYS = ("meeting", "paper", "date", "by", "why", "correction")
_RECORD, _SEAL = "papers.build.refresh", "papers.seal.commands"
VERBS = {
    "build": Verb("papers.build.make"),  # takes the targets and options of snakemake
    "clean": Verb("papers.build.clean"),
    "paginate": Verb("papers.pdf.paginate"),
    "number": Verb(_RECORD, _EVENT_KEYS, ("meeting",), "meeting=SMEWG47"),
    "issue": Verb(_RECORD, _EVENT_KEYS, ("meeting|paper",), "meeting=SMEWG47"),
    "revise": Verb(_RECORD, _EVENT_KEYS, ("paper", "why"), 'paper=2018/SMEWG47/003 why="..."'),
    "withdraw": Verb(_RECORD, _EVENT_KEYS, ("paper", "why"), 'paper=2018/SMEWG47/003 why="..."'),
    "freeze": Verb(_RECORD, _EVENT_KEYS, ("meeting",), "meeting=SMEWG47"),
    "history": Verb(_RECORD, _EVENT_KEYS, (), "paper=2018/SMEWG47/003"),
    "package": Verb(_RECORD, ("meeting", "since"), ("meeting",), "meeting=SMEWG47"),
    "trace": Verb("papers.traces", ("paper", "figure"), (), 'paper=2018/SMEWG47/003 figure="14"'),
    "verify": Verb(_SEAL, ("paper", "against"), (), "paper=2018/SMEWG47/003"),
    "seal": Verb(_SEAL, ("paper",), (), "paper=2018/SMEWG47/003"),
}


def main(arguments: list[str]) -> int:
    """Run one verb, from any folder; return the exit code."""
    name, *words = arguments or [""]
    problems, options = Problems(), {}
    if name not in VERBS:
        todo = did_you_mean(name, VERBS, "Write one of them.")
        problems.add(_COMMAND, "unknown-verb", quoted(name), f"one of {', '.join(VERBS)}", todo)
    elif name != "build":
        options = parse_options(name, words, problems)
    if problems:
        print("Nothing was done. Please fix:", file=sys.stderr)
        for line in problems.lines():
            print(f"  {line}", file=sys.stderr)
        return 1
    if "against" in options:
        options["against"] = _from_caller(options["against"])
    os.chdir(PROJECT)
    module = importlib.import_module(VERBS[name].module)  # only the verb's own: some take a second to import
    return run_job(lambda: module.run(words) if name == "build" else module.run(name, options))


def _from_caller(name: str) -> str:
    """Return the path that the caller means: below the current folder if it exists there, else below the project."""
    path = Path(name).expanduser()
    return str(Path.cwd() / path if (Path.cwd() / path).exists() else path)


def parse_options(name: str, words: list[str], problems: Problems) -> dict[str, str]:
    """Return the values of `key=value` words; an empty value counts as not given, as make passes all variables."""
    verb = VERBS[name]
    todo = f"Write make {name} {verb.example}".rstrip() + "."
    pairs = [word.partition("=") for word in words]
    for key, sign, _ in pairs:
        if not sign or key not in verb.keys:
            expected = f"one of {', '.join(verb.keys)}" if verb.keys else "no option"
            problems.add(_COMMAND, "unknown-key", quoted(key), expected, did_you_mean(key, verb.keys, todo))
    options = {key: " ".join(value.split()) for key, _, value in pairs if value.strip()}
    for required in verb.required:
        if not any(key in options for key in required.split("|")):
            expected = " or ".join(f"{key}=..." for key in required.split("|"))
            problems.add(_COMMAND, "missing-key", f"make {name} without {expected}", expected, todo)
    if "figure" in options and "paper" not in options:
        problems.add(_COMMAND, "missing-key", "figure= without paper=", "both of them", todo)
    _check_values(name, options, problems)
    return options


def _check_values(name: str, options: dict[str, str], problems: Problems) -> None:
    """Check the values that have a form; write dates as the ledger does."""
    for key in options.keys() & {"by", "why"}:
        if options[key].startswith(FORMULA_SIGNS):
            expected = "words that do not begin with = + - @, which Excel would take for a formula"
            problems.add(_COMMAND, "formula", f"{key}={quoted(options[key])}", expected, f"Correct {key}=...")
    for key in options.keys() & {"date", "since"}:
        try:
            options[key] = datetime.date.fromisoformat(options[key]).isoformat()
        except ValueError:
            found, todo = f"{key}={quoted(options[key])}", f"Correct {key}=..."
            problems.add(_COMMAND, "date", found, "a date such as 2018-08-29", todo)
    correction = options.get("correction", "yes")
    if name != "revise" and correction not in ("yes", "no"):  # revise takes the ids of corrections as well
        found = f"correction={quoted(correction)}"
        problems.add(_COMMAND, "correction", found, "yes or no", "Correct correction=...")
    if options.get("correction") == "yes" and "why" not in options:
        problems.add(_COMMAND, "missing-key", "correction=yes without why=...", "a reason", 'Add why="...".')
