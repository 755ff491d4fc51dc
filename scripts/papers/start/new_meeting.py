"""Run the verb `new-meeting`: check everything as a build does, then write the file of the meeting."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.errors import UserError, describe_os_error
from papers.inputs.config import read_config
from papers.inputs.forums import choose_forum
from papers.problems import Place, Problems, count_of
from papers.start.complete import complete_meeting, give_numbers
from papers.start.meeting_options import ask_for_missing, read_options
from papers.start.meeting_text import meeting_text, written
from papers.start.stated import UNKNOWN
from papers.start.try_meeting import as_document, read_trial
from papers.store.files import replace_file, write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.problems import Problem
    from papers.start.stated import Entry, StatedMeeting
    from papers.start.try_meeting import Trial


def run(verb: str, options: dict[str, str]) -> int:
    """Write the file of a meeting; return the exit code. In a terminal, ask for what is missing."""
    problems = Problems()
    forum = choose_forum({"forum": options["forum"]} if "forum" in options else {}, problems)
    config = read_config([Path("config.yaml")], {}, problems, forum) if forum else None
    trial = read_trial(config, problems) if config else None
    if trial is None or config is None:
        return print_problems(problems)
    name = f"inputs/{forum}/meetings/{options['meeting']}.yaml"
    if Path(name).exists():
        todo = (
            f"Edit it, add a paper with new-paper meeting={options['meeting']}, or delete it to begin again."
        )
        problems.add(Place(name), "exists", "a file that exists", "the code of a new meeting", todo)
        return print_problems(problems)
    if sys.stdin.isatty():
        options = ask_for_missing(options, _ask)
    stated = read_options(options, problems)
    text = _checked_text(stated, name, trial, options, problems)
    if problems:
        return print_problems(problems)
    write_new(Path(name), text)
    print("\n".join(_next_steps(name, stated, trial, _is_built(options["meeting"], config.meetings))))
    return 0


def _ask(question: str) -> str:
    """Return the answer to a question; none where the input ends (Ctrl+D, on Windows Ctrl+Z)."""
    try:
        return input(question)
    except EOFError:
        print()
        return ""


def print_problems(problems: Problems) -> int:
    """Print problems of a command that wrote nothing; return its exit code."""
    print(
        "Nothing was written. Please fix:",
        *(f"  {line}" for line in problems.lines()),
        sep="\n",
        file=sys.stderr,
    )
    return 1


def _checked_text(
    stated: StatedMeeting, name: str, trial: Trial, options: Mapping[str, str], problems: Problems
) -> str:
    """Return the text of the file; report, where it was stated, what a build would not accept."""
    hosts = trial.inputs.hosts.form.hosts if trial.inputs.hosts else {}
    complete_meeting(stated, trial.model, options, hosts, problems)
    found, folder = Problems(), trial.model.organisation.folder
    document = as_document(meeting_text(stated, folder), name, found)
    if document is not None:
        give_numbers(stated.papers, document, trial.model, found)
    text = meeting_text(stated, folder)
    document = as_document(text, name, Problems()) if document else None
    for problem in [*found.found, *(trial.problems_with(document) if document else [])]:
        is_own = problem.place.file == name
        own = stated.restated(problem) if is_own else problem
        if not follows(problem, problems) and not (is_own and stated.follows(problem)):
            problems.add(own.place, own.kind, own.found, own.expected, own.todo)
    return text


def follows(problem: Problem, problems: Problems) -> bool:
    """Return whether a problem only follows from another one of `problems`, or from what the model reports as well."""
    of_missing = problem.kind == "no-year" or UNKNOWN in problem.found
    return (bool(problems) and of_missing) or (
        problem.kind == "missing-title" and "no value" in problem.found
    )


def write_new(path: Path, text: str) -> None:
    """Write a file that must not exist, whole or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    write_atomic(partial, text.encode("utf-8"))
    try:
        with path.open("xb"):  # fails where another command has written the file
            pass
        replace_file(partial, path)
    except FileExistsError as error:
        raise UserError(describe_os_error(error, path.as_posix())) from error
    except OSError as error:
        path.unlink(missing_ok=True)
        raise UserError(describe_os_error(error, path.as_posix())) from error
    finally:
        partial.unlink(missing_ok=True)


def _is_built(code: str, chosen: str | list[str]) -> bool:
    return chosen == "all" or code in chosen


def _next_steps(name: str, stated: StatedMeeting, trial: Trial, built: bool) -> list[str]:
    numbers = [str(entry.values["number"]) for entry in stated.papers]
    lines = [f"Written: {name} with {count_of(len(numbers), 'paper')}: {', '.join(numbers)}."]
    if notes := taken_from_inputs(stated.papers):
        lines += ["Not stated, so taken from the inputs:", *(f"  {note}" for note in notes)]
    if not built:
        lines.append(f"In config.yaml, add {stated.values['code']} under meetings: only those are built.")
    if others := len(set(trial.problems.found)):
        lines.append(
            f"First fix {count_of(others, 'problem')} of other inputs, which make names. Then run make."
        )
    else:
        lines.append("Run make: it builds these papers.")
    return lines


def taken_from_inputs(papers: list[Entry]) -> list[str]:
    """Return a line for each value that nobody stated: what it is, why, and the papers that have it."""
    found: dict[str, list[str]] = {}
    for entry in papers:
        for key, note in entry.notes.items():
            value = written(entry.values[key])
            found.setdefault(f"{key}: {value}, {note}", []).append(str(entry.values["number"]))
    return [f"{what}, at {', '.join(numbers)}" for what, numbers in found.items()]
