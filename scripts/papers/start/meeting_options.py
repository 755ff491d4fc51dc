"""What a command line states of a new meeting, and the questions about what it leaves out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.dates import date_in_words
from papers.inputs.kind_files import ENTRY_KEYS
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.start.papers_list import PAPERS, read_list
from papers.start.stated import COMMAND, Entry, StatedMeeting, report

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

NONE = "none"  # what people write for a place or a day that a meeting does not have, or that is not known
# Options without which no meeting is begun -> what each is, as messages and questions call it.
REQUIRED = {
    "city": f"the city, or {NONE} for a virtual meeting",
    "economy": f"the economy where the meeting is, or {NONE} for a virtual meeting",
    "start": f"the first day, such as 12 September 2018, or {NONE} if it is not known",
    "end": f"the last day, or {NONE} if it is not known",
}
_ABOUT = (*ENTRY_KEYS, "agenda_item", "id")  # keys of a paper that may follow its kind
_AGENDA_OPTION, _PAPERS_OPTION = Place(COMMAND, key="agenda"), Place(COMMAND, key="papers")


def ask_for_missing(options: Mapping[str, str], ask: Callable[[str], str]) -> dict[str, str]:
    """Return the options with the answers to a question about each that is missing; an empty answer is none."""
    given = dict(options)
    if all(key in given for key in REQUIRED):
        return given  # a meeting may be begun without agenda and papers
    for key, what in REQUIRED.items():
        if key not in given:
            given[key] = ask(f"{what[0].upper()}{what[1:]}: ").strip()
    if "agenda" not in given and not _is_workbook(given.get("papers", "")):
        given["agenda"] = "; ".join(
            _ask_for_list(ask, "Title of agenda item {}, or Enter if there is no more: ")
        )
    if "papers" not in given:
        given["papers"] = ask(
            "Papers besides agenda and classification list (kinds with commas between them, or a workbook), or"
            " Enter: "
        ).strip()
    return {key: value for key, value in given.items() if value}


def _ask_for_list(ask: Callable[[str], str], question: str) -> list[str]:
    found: list[str] = []
    while answer := ask(question.format(len(found) + 1)).strip():
        found.append(answer)
    return found


def read_options(options: Mapping[str, str], problems: Problems) -> StatedMeeting:
    """Return what the options state; all that is missing or can't be read is reported."""
    for key, what in REQUIRED.items():
        if key not in options:
            report(problems, "missing-key", f"no {key}=...", what, f"Add {key}=...")
    check_code(options["meeting"], problems)
    stated = StatedMeeting({"code": options["meeting"], "ordinal": _ordinal(options["meeting"])})
    for key in ("title", "number_prefix"):
        if key in options:
            stated.values["name" if key == "title" else key] = options[key]
    for key in ("city", "economy"):
        stated.values[key] = _unless_none(options.get(key))
    for key in ("start", "end"):
        stated.values[key] = _date(key, _unless_none(options.get(key)), problems)
    titles = _titles(options.get("agenda", ""))
    stated.agenda = [
        Entry(_AGENDA_OPTION, {"item": str(at), "title": title}) for at, title in enumerate(titles, 1)
    ]
    _read_papers(options.get("papers", ""), stated, problems)
    return stated


def _titles(agenda: str) -> list[str]:
    """Return the titles of the items, without the numbers of "1 Opening; 2 Review"."""
    titles = [title.strip() for title in agenda.split(";") if title.strip()]
    numbered = [re.fullmatch(rf"{at}[.)]?\s+(\S.*)", title) for at, title in enumerate(titles, 1)]
    return [match[1] for match in numbered if match] if all(numbered) else titles


def check_code(code: str, problems: Problems) -> None:
    """Report a code that can't be the name of a file."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}", code):
        expected = "letters and digits, such as SMEWG48, as the code is the name of a file"
        report(problems, "code", f"meeting={quoted(code)}", expected, "Correct it.")


def _ordinal(code: str) -> int | None:
    """Return the number at the end of a code: of SMEWG48, 48; None where there is none.

    ASSUME: it is the ordinal of the meeting, as in the codes of published papers.
    """
    match = re.fullmatch(r"[A-Za-z]+([1-9][0-9]{0,3})", code)
    return int(match[1]) if match else None


def _unless_none(text: str | None) -> str | None:
    return None if text is None or text.lower() == NONE else text


def _date(key: str, text: str | None, problems: Problems) -> datetime.date | None:
    if text is None:
        return None
    if (found := date_in_words(text)) is None:
        expected = "a day such as 2018-09-12 or 12 September 2018"
        report(problems, "date", f"{key}={quoted(text)}", expected, f"Correct {key}=...")
    return found


def _is_workbook(text: str) -> bool:
    return text.lower().endswith((".xlsx", ".xls", ".xlsm", ".ods", ".csv"))  # reading it names a wrong one


def _read_papers(text: str, stated: StatedMeeting, problems: Problems) -> None:
    """Add the papers of a workbook, with its agenda, or those that the option names."""
    if not _is_workbook(text):
        stated.papers = [_named(words, problems) for words in re.split(r"[,;]", text) if words.strip()]
        return
    before = len(problems.found)
    agenda, stated.papers = read_list(Path(text), _name_of(text), problems)
    if not agenda and not stated.papers and len(problems.found) == before:
        expected = "items in the sheet Agenda, papers in the sheet Papers"
        todo = "Fill it in, save it, and run the command again; or leave out papers=..."
        problems.add(Place(_name_of(text)), "empty", "a workbook without items and papers", expected, todo)
    stated.titles = {key: column.header for key, column in PAPERS.items()}
    if agenda and stated.agenda:
        found, expected = "agenda=... and a sheet Agenda in the workbook", "the agenda in one of the two"
        report(problems, "said-twice", found, expected, "Leave out agenda=..., or delete the sheet.")
    stated.agenda = stated.agenda or agenda


def _named(words: str, problems: Problems) -> Entry:
    """Return the entry of a kind with what it is about, such as work-plan year=2019."""
    pairs = [word for word in words.split() if "=" in word]
    entry = Entry(_PAPERS_OPTION, {"kind": " ".join(word for word in words.split() if "=" not in word)})
    for pair in pairs:
        key, _, value = pair.partition("=")
        if key in _ABOUT:
            entry.values[key] = int(value) if key == "year" and value.isdecimal() else value
        else:
            todo = did_you_mean(key, _ABOUT, "Use a workbook for the others.")
            report(problems, "unknown-key", f"{quoted(pair)} in papers=", f"one of {', '.join(_ABOUT)}", todo)
    return entry


def _name_of(text: str) -> str:
    """Return a path as messages name it: relative to the project's folder if it is within."""
    path = Path(text)
    is_within = path.is_absolute() and path.is_relative_to(Path.cwd())
    return (path.relative_to(Path.cwd()) if is_within else path).as_posix()
