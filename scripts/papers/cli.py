"""The command line: `make issue meeting=SMEWG47`, without make `python scripts/forum_papers.py issue meeting=SMEWG47`.

Each verb is declared once in VERBS, with the keys that it takes. They are checked before anything starts.
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
    """What a verb takes and which module runs it.

    `module` has a function `run(verb, options)`, which returns the exit code. `required` names keys that must be given;
    of "meeting|paper", one at least. `example` is what to write instead of a call that can't be used.
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
    """Runs one verb from any folder; returns the exit code."""
    name, *words = arguments or [""]
    problems, options = Problems(), {}
    if name not in VERBS:
        todo = did_you_mean(name, VERBS, "Name one.")
        problems.add(_COMMAND, "unknown-verb", quoted(name), f"one of {', '.join(VERBS)}", todo)
    elif name != "build":
        options = parse_options(name, words, problems)
    if problems:
        print(
            "Nothing was done. Please fix:",
            *(f"  {line}" for line in problems.lines()),
            sep="\n",
            file=sys.stderr,
        )
        return 1
    if "against" in options:  # a file or folder as the caller sees it, or as it lies below the project
        named = Path(options["against"]).expanduser()
        options["against"] = str(Path.cwd() / named if (Path.cwd() / named).exists() else named)
    os.chdir(PROJECT)
    module = importlib.import_module(VERBS[name].module)  # only the verb's own: some take a second to import
    return run_job(lambda: module.run(words) if name == "build" else module.run(name, options))


def parse_options(name: str, words: list[str], problems: Problems) -> dict[str, str]:
    """The values of key=value words; an empty value counts as not given, for make passes all variables."""
    verb = VERBS[name]
    pairs = [word.partition("=") for word in words]
    for key, sign, _ in pairs:
        if not sign or key not in verb.keys:
            expected = f"one of {', '.join(verb.keys)}" if verb.keys else "no option"
            todo = did_you_mean(key, verb.keys, f"Write make {name} {verb.example}".rstrip() + ".")
            problems.add(_COMMAND, "unknown-key", quoted(key), expected, todo)
    given = {key: " ".join(value.split()) for key, _, value in pairs if value.strip()}
    for need in verb.required:
        if not any(key in given for key in need.split("|")):
            expected = " or ".join(f"{key}=..." for key in need.split("|"))
            todo = f"Write make {name} {verb.example}."
            problems.add(_COMMAND, "missing-key", f"make {name} without {expected}", expected, todo)
    if "figure" in given and "paper" not in given:
        todo = f"Write make {name} {verb.example}."
        problems.add(_COMMAND, "missing-key", "figure= without paper=", "both of them", todo)
    _check_values(name, given, problems)
    return given


def _check_values(name: str, given: dict[str, str], problems: Problems) -> None:
    for key in given.keys() & {"by", "why"}:
        if given[key].startswith(FORMULA_SIGNS):
            expected = "words that do not begin with = + - @, which Excel would take for a formula"
            problems.add(_COMMAND, "formula", f"{key}={quoted(given[key])}", expected, f"Correct {key}=...")
    for key in given.keys() & {"date", "since"}:
        try:
            given[key] = datetime.date.fromisoformat(given[key]).isoformat()
        except ValueError:
            expected, todo = "a date such as 2018-08-29", f"Correct {key}=..."
            problems.add(_COMMAND, "date", quoted(given[key]), expected, todo)
    if name != "revise" and given.get("correction", "yes") not in ("yes", "no"):
        problems.add(
            _COMMAND, "correction", quoted(given["correction"]), "yes or no", "Correct correction=..."
        )
    if given.get("correction") == "yes" and "why" not in given:
        problems.add(_COMMAND, "missing-key", "a correction without why=...", "a reason", 'Add why="...".')
