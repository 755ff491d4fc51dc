"""Run the verbs of the ledger: number, issue, revise, withdraw, freeze, package and history."""

from __future__ import annotations

import datetime
import getpass
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from papers.characters import in_one_line
from papers.errors import UserError, describe_os_error
from papers.inputs.forums import choose_forum, organisation_of_forum
from papers.ledger.append import drop_unfinished_line, ledger_lock
from papers.ledger.archive import archive_folder
from papers.ledger.file import read_ledger
from papers.ledger.rules import ledger_of
from papers.problems import Problems, quoted
from papers.record import issue, number, package, revise, withdraw
from papers.record.built_papers import report_unknown_meeting, report_unknown_paper
from papers.record.paper_places import find_papers
from papers.record.session import IncompleteError, Request, run_verb
from papers.store.locks import build_lock
from papers.store.processes import WITHIN_VERB, build_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from papers.ledger.file import LedgerRow
    from papers.numbers import Grammar
    from papers.store.locks import HeldLock

# verb -> whether the papers are built first, and the function that plans its events
VERBS = {
    "issue": (True, issue.issue_papers),
    "freeze": (True, issue.freeze_meeting),
    "number": (False, number.number_papers),
    "revise": (False, revise.revise_papers),
    "withdraw": (False, withdraw.withdraw_papers),
    "package": (True, package.write_packages),
}
_NEED_PAGES = ("issue", "package")  # what these give away has page numbers in its table of contents


@dataclass(frozen=True)
class Steps:
    """What happens around a verb, under its locks.

    `find_pages` finds page numbers that papers of a request lack, and returns whether their builds succeeded.
    `make_pdfs` makes the PDFs that the papers of its meeting lack, and returns the same.
    `after` is called with the name of the forum when a verb has written something.
    """

    find_pages: Callable[[Request, HeldLock], bool]
    make_pdfs: Callable[[Request, HeldLock], bool]
    after: Callable[[str], None]


def run(verb: str, options: dict[str, str], steps: Steps) -> int:
    """Run a verb; return the exit code."""
    problems = Problems()
    forum = choose_forum(options, problems)
    organisation = organisation_of_forum(Path(), forum, problems) if forum else None
    if organisation is None:
        return _print_problems(verb, problems)
    if verb == "history":
        return _print_history(forum, organisation.grammar, options)
    try:
        request = _request(verb, forum, organisation.grammar, options)
        if VERBS[verb][0]:
            _check_request(request, problems)
        return _print_problems(verb, problems) if problems else _record(verb, request, problems, steps)
    except IncompleteError as error:
        todo = f"Then run make {verb} again: it completes what it began."
        print(f"Recorded in the ledger, but not everything was written. {error} {todo}", file=sys.stderr)
    except (UserError, OSError) as error:
        reason = describe_os_error(error) if isinstance(error, OSError) else error
        print(f"{_nothing_done(verb)}. {reason}", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"Stopped. Run make {verb} again: it completes what it began.", file=sys.stderr)
    return 1


def _nothing_done(verb: str) -> str:
    return "Nothing was packed" if verb == "package" else "Nothing was recorded"


def _request(verb: str, forum: str, grammar: Grammar, options: dict[str, str]) -> Request:
    """Return the request of a command line; date and name default to today and this computer's user."""
    papers, corrects = _split(options.get("paper", "")), _split(options.get("correction", ""))
    yes_or_no = corrects in ((), ("yes",), ("no",))
    return Request(
        forum,
        grammar,
        options.get("meeting", ""),
        papers,
        options.get("date") or datetime.date.today().isoformat(),
        options.get("by") or _user(),
        options.get("why", ""),
        correction=corrects == ("yes",),
        corrects=() if yes_or_no else corrects,
        since=options.get("since", ""),
        only_plan=options.get("dry-run") == "yes",
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:  # a container whose user has no name
        raise UserError(
            "command: found no name of the user on this computer; expected the name of who records this."
            ' Add by="APEC Secretariat".'
        ) from error


def _split(text: str) -> tuple[str, ...]:
    """Return numbers or ids with commas or spaces between them, each once."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def _check_request(request: Request, problems: Problems) -> None:
    """Report a meeting or paper that no file of the inputs names, before anything is built or locked."""
    unreadable = Problems()  # reported by what reads the inputs next
    meetings, papers = find_papers(request, unreadable)
    if unreadable:
        return
    codes = {text.document.form.code for text in meetings}
    if request.meeting and request.meeting not in codes:
        report_unknown_meeting(request.meeting, {paper.code for paper in papers}, problems)
    numbers = [paper.number for paper in papers if paper.number]
    for unknown in sorted({*request.papers} - {*numbers}):
        report_unknown_paper(unknown, numbers, request.grammar, problems)


def _record(verb: str, request: Request, problems: Problems, steps: Steps) -> int:
    """Run a verb, holding the locks of ledger and outputs from before the build to the last write."""
    folder, what = archive_folder(request.forum), f"make {verb}"
    with ledger_lock(folder, what=what), build_lock(what) as held:
        if line := drop_unfinished_line(folder):
            print(f"An unfinished last line of the ledger was removed: {quoted(line)}", flush=True)
        builds_first, action = VERBS[verb]
        if builds_first and not _build(verb, request, steps, held):
            print(f"{_nothing_done(verb)}: make {verb} needs a build without problems.", file=sys.stderr)
            return 1
        messages = run_verb(action, request, problems)
        if problems:
            return _print_problems(verb, problems)
        print(*messages, sep="\n")
        if not request.only_plan:
            steps.after(request.forum)
    return 0


def _build(verb: str, request: Request, steps: Steps, lock: HeldLock) -> bool:
    """Build the papers, with page numbers where a verb needs them; return whether that succeeded."""
    command = build_command(request.forum, targets=[WITHIN_VERB])
    if subprocess.run(command, check=False, **lock.for_child()).returncode:
        return False
    if verb in _NEED_PAGES and not steps.find_pages(request, lock):
        return False
    return verb != "package" or steps.make_pdfs(request, lock)


def _print_problems(verb: str, problems: Problems) -> int:
    lines = [f"  {line}" for line in problems.lines()]
    print(f"{_nothing_done(verb)}. Please fix:", *lines, sep="\n", file=sys.stderr)
    return 1


def _print_history(forum: str, grammar: Grammar, options: dict[str, str]) -> int:
    """Print who did what, when and why: to a paper and its revisions, at a meeting, or all events."""
    problems = Problems()
    ledger = ledger_of(read_ledger(Path(), forum, problems), grammar, problems)
    bases = {grammar.base_of(number) for number in _split(options.get("paper", ""))}
    chosen = [
        event
        for event in ledger.events
        if (not bases or grammar.base_of(event.number) in bases)
        and options.get("meeting", event.meeting) == event.meeting
    ]
    for event in chosen:
        print(_history_line(event))
    if chosen and not options:
        print(f"To keep elsewhere: the check of event {chosen[-1].line} is {chosen[-1].check}.")
    if not chosen and not problems:
        _check_request(replace(_request("history", forum, grammar, options), papers=()), problems)
    if not chosen and not problems:
        print("The ledger has no event" + (" of that." if options else " yet."))
    return _print_problems("history", problems) if problems else 0


def _history_line(event: LedgerRow) -> str:
    why = f": {event.why}" if event.why else ""
    corrects = f" (corrects {', '.join(event.corrects.split())})" if event.corrects else ""
    line = f"{event.date}  {event.event:9}  {event.number}  {event.title}, by {event.by}{why}{corrects}"
    return in_one_line(line)
