"""Run the verb `new-paper`: add one entry to the file of a meeting, and keep everything else in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from papers.inputs.config import read_config
from papers.inputs.dates import date_in_words
from papers.inputs.forums import choose_forum
from papers.inputs.schemas import MeetingFile
from papers.model.series import read_series
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.record.edit_yaml import EditError, EntriesText
from papers.start.complete import Completer, next_number
from papers.start.meeting_text import PAPER_KEYS, as_item, entry_lines
from papers.start.new_meeting import follows, print_problems, taken_from_inputs
from papers.start.stated import COMMAND, Entry, StatedMeeting, report, value_of
from papers.start.try_meeting import as_document, read_trial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.problems import Problem
    from papers.start.try_meeting import Trial

DATES = ("as_of", "restricted_until")


def run(verb: str, options: dict[str, str]) -> int:
    """Add a paper to a meeting; return the exit code."""
    problems = Problems()
    forum = choose_forum(options, problems)
    config = read_config([Path("config.yaml")], {}, problems, forum) if forum else None
    trial = read_trial(config, problems) if config else None
    text = _read_meeting(trial, options["meeting"], problems) if trial else None
    if trial is None or text is None:
        return print_problems(problems)
    entry = _entry(options, problems)
    _add(text, entry, trial, problems)
    if problems:
        return print_problems(problems)
    text.edit.write()
    lines = [
        f"Added to {text.document.name}: {entry.values['number']}, {entry.values.get('kind', 'received')}."
    ]
    lines += [f"  Not stated, so taken from the inputs: {note}" for note in taken_from_inputs([entry])]
    lines.append("Run make: it builds the paper, and agenda and classification list, which name it.")
    print("\n".join(lines))
    return 0


def _read_meeting(trial: Trial, code: str, problems: Problems) -> EntriesText | None:
    """Return the file of a meeting that takes another paper; None and problems otherwise."""
    folder = Path("inputs", trial.config.forum, "meetings")
    path, codes = folder / f"{code}.yaml", sorted(found.stem for found in folder.glob("*.yaml"))
    if code not in codes:
        todo = did_you_mean(code, codes, f"Begin it with new-meeting {code}, or correct meeting=...")
        report(problems, "unknown-meeting", f"meeting={quoted(code)}", f"one of {', '.join(codes)}", todo)
        return None
    if code in trial.model.ledger.frozen:
        todo = (
            f"Write the entry without number into {path.as_posix()}, then run make number meeting={code}"
            ' correction=yes why="...".'
        )
        report(problems, "frozen", f"{code}, which is frozen", "a meeting that still takes papers", todo)
        return None
    return EntriesText.read(path, MeetingFile, "papers", problems)


def _entry(options: Mapping[str, str], problems: Problems) -> Entry:
    entry = Entry(Place(COMMAND))
    for key in (key for key in PAPER_KEYS if key in options):
        entry.values[key] = _value(key, options[key], problems)
        entry.places[key] = Place(COMMAND, key=key)
    return entry


def _value(key: str, text: str, problems: Problems) -> Any:
    if key == "year" and text.isdecimal():
        return int(text)
    if key not in DATES:
        return value_of(key, text)
    if (day := date_in_words(text)) is None:
        expected = "a day such as 2018-09-12 or 12 September 2018"
        report(problems, "date", f"{key}={quoted(text)}", expected, f"Correct {key}=...")
    return day


def _add(text: EntriesText, entry: Entry, trial: Trial, problems: Problems) -> None:
    """Add an entry, in memory; report, where it was stated, what a build would not accept."""
    form, model = text.document.form, trial.model
    Completer(model, form.name or model.forum.meeting_name, form.start, [], problems).complete(entry)
    others = [Entry(Place(COMMAND), {"kind": one.kind, "number": one.number}) for one in text.entries]
    series = read_series(text.document, model.grammar, problems)
    if series and "number" not in entry.values:
        entry.values["number"] = next_number(entry, [*others, entry], series[0], model) or None
    if not _fits(entry, form.code, problems):
        return
    try:
        text.append(entry_lines(entry))
    except EditError as error:
        expected, todo = (
            "a list whose entries begin with a dash",
            "Write each key of a paper on a line of its own.",
        )
        problems.add(error.place, "not-editable", error.found, expected, todo)
        return
    stated, own = StatedMeeting(papers=[*others, entry]), f"papers[{len(others) + 1}]"
    for problem in trial.problems_with(text.document):
        if not follows(problem, problems):
            is_own = problem.place.key.startswith(own) and problem.place.file == text.document.name
            _include(stated.restated(problem) if is_own else problem, problems)


def _fits(entry: Entry, code: str, problems: Problems) -> bool:
    """Return whether an entry has the form of one; its defects are reported."""
    found = Problems()
    document = as_document("\n".join([f"code: {code}", "papers:", *as_item(entry), ""]), "", found)
    for problem in found.found:
        _include(StatedMeeting(papers=[entry]).restated(problem), problems)
    return document is not None


def _include(problem: Problem, problems: Problems) -> None:
    problems.add(problem.place, problem.kind, problem.found, problem.expected, problem.todo)
