"""`make issue`, `number`, `revise`, `withdraw`, `freeze`, `history`: the ledger's verbs; and `make package`, which asks it."""

from __future__ import annotations

import datetime
import getpass
import subprocess
import sys
from pathlib import Path

from papers.errors import UserError, describe_os_error
from papers.inputs.config import read_config
from papers.ledger.append import drop_unfinished_line, ledger_lock
from papers.ledger.archive import archive_folder
from papers.ledger.file import read_ledger
from papers.ledger.rules import ledger_of
from papers.numbers import base_of
from papers.problems import Problems, quoted
from papers.public import publish
from papers.record import issue, number, package
from papers.record.issue import Request, run_verb
from papers.register.write import refresh
from papers.store.locks import LockTimeout, build_lock
from papers.store.processes import build_command

# verb -> whether the papers are built first, and the function that plans its events
ACTIONS = {
    "issue": (True, issue.issue),
    "freeze": (True, issue.freeze),
    "number": (False, number.number),
    "revise": (False, number.revise),
    "withdraw": (False, issue.withdraw),
    "package": (True, package.write_packages),
}


def run(verb: str, given: dict[str, str]) -> int:
    """Runs a verb with the options that were given; returns the exit code."""
    problems = Problems()
    config = read_config(Path("config.yaml"), problems)
    if problems:
        return _refused(verb, problems)
    if verb == "history":
        return _history(config.forum, given)
    try:
        given.setdefault("by", "" if verb == "package" else getpass.getuser())
    except (OSError, KeyError):  # a container whose user has no name
        print(f'{_nothing(verb)}. Say who records it: by="APEC Secretariat".', file=sys.stderr)
        return 1
    try:
        return _record(verb, _order(config.forum, given), problems)
    except (LockTimeout, UserError, OSError) as error:
        said = describe_os_error(error) if isinstance(error, OSError) else error
        print(f"{_nothing(verb)}. {said}", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"Stopped. Run make {verb} again: it ends what it began.", file=sys.stderr)
    return 1


def _show(forum: str) -> None:
    """The indexes of the last build tell at once what was recorded."""
    work, out = Path("outputs/work"), Path("outputs")
    try:
        lines = refresh(work, out, forum) + publish.refresh(work, out)
    except (UserError, OSError) as error:
        lines = [f"It was recorded, but outputs/index.html does not show it yet ({error}). Run make."]
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)


def _nothing(verb: str) -> str:
    return "Nothing was packed" if verb == "package" else "Nothing was recorded"


def _order(forum: str, given: dict[str, str]) -> Request:
    """Today and the user's name of this system stand in for a date and a name that were not given."""
    papers, corrects = _several(given.get("paper", "")), _several(given.get("correction", ""))
    date = given.get("date") or datetime.date.today().isoformat()
    words = forum, given.get("meeting", ""), papers, date, given["by"], given.get("why", "")
    if corrects in ((), ("yes",), ("no",)):
        return Request(*words, correction=corrects == ("yes",), since=given.get("since", ""))
    return Request(*words, corrects=corrects)


def _several(words: str) -> tuple[str, ...]:
    """Numbers or ids with commas or spaces between, each once."""
    return tuple(dict.fromkeys(words.replace(",", " ").split()))


def _record(verb: str, order: Request, problems: Problems) -> int:
    """Holds ledger and outputs from before the build to the last write, so that two commands follow each other."""
    folder, what = archive_folder(order.forum), f"make {verb}"
    with ledger_lock(folder, what=what), build_lock(what) as hold:
        if torn := drop_unfinished_line(folder):
            print(f"An unfinished last line of the ledger was taken away: {quoted(torn)}", flush=True)
        builds_first, action = ACTIONS[verb]
        if builds_first and subprocess.run(build_command(), check=False, **hold.for_child).returncode:
            print(f"{_nothing(verb)}: make {verb} needs a build without problems.", file=sys.stderr)
            return 1
        lines = run_verb(action, order, problems)
        if problems:
            return _refused(verb, problems)
        print(*lines, sep="\n")
        _show(order.forum)
    return 0


def _refused(verb: str, problems: Problems) -> int:
    print(
        f"{_nothing(verb)}. Please fix:",
        *(f"  {line}" for line in problems.lines()),
        sep="\n",
        file=sys.stderr,
    )
    return 1


def _history(forum: str, given: dict[str, str]) -> int:
    """Who did what, when and why: of a paper with its revisions, of a meeting, or all."""
    problems = Problems()
    ledger = ledger_of(read_ledger(Path(), forum, problems), problems)
    papers = {base_of(number) for number in _several(given.get("paper", ""))}
    chosen = [
        event
        for event in ledger.events
        if (not papers or base_of(event.number) in papers)
        and given.get("meeting", event.meeting) == event.meeting
    ]
    for event in chosen:
        why = f": {event.why}" if event.why else ""
        takes_up = f" (takes up {', '.join(event.corrects.split())})" if event.corrects else ""
        print(f"{event.date}  {event.event:9}  {event.number}  {event.title}, by {event.by}{why}{takes_up}")
    if not chosen and not problems:
        print("The ledger has no event" + (" of that." if given else " yet."))
    return _refused("history", problems) if problems else 0
