"""`make issue`, `number`, `revise`, `withdraw`, `freeze`, `history`: the ledger's verbs; and `make package`, which asks it.

Without make: python scripts/record.py issue meeting=SMEWG47 [date=2018-08-29] [by="APEC Secretariat"] [why="..."]
"""

from __future__ import annotations

import datetime
import getpass
import os
import subprocess
import sys
from pathlib import Path

from papers.issuing import numbering, packaging, publishing, recording
from papers.issuing.delivering import DeliveryError, told
from papers.issuing.holding import Busy, building
from papers.issuing.index.building import refresh
from papers.issuing.keeping import folder_of
from papers.issuing.recording import Order, perform
from papers.issuing.writing_ledger import locked, mend
from papers.model.ledger import ledger_of, split
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.reading.config import read_config
from papers.reading.ledger import read_ledger
from papers.text import FORMULA_SIGNS

ROOT = Path(__file__).resolve().parent.parent
KEYS = ("meeting", "paper", "date", "by", "why", "correction")
PACKAGE_KEYS = ("meeting", "since")
# verb -> what it must be told (of "meeting|paper", one at least), whether the papers are built first, what does it
VERBS = {
    "issue": (("meeting|paper",), True, recording.issue),
    "freeze": (("meeting",), True, recording.freeze),
    "number": (("meeting",), False, numbering.number),
    "revise": (("paper", "why"), False, numbering.revise),
    "withdraw": (("paper", "why"), False, recording.withdraw),
    "history": ((), False, None),
    "package": (("meeting",), True, packaging.pack),
}


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    problems = Problems()
    verb, given = _given(arguments, problems)
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
    except (Busy, DeliveryError, OSError) as error:
        said = told(error) if isinstance(error, OSError) else error
        print(f"{_nothing(verb)}. {said}", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"Stopped. Run make {verb} again: it ends what it began.", file=sys.stderr)
    return 1


def _show(forum: str) -> None:
    """The indexes of the last build tell at once what was recorded."""
    work, out = Path("outputs/work"), Path("outputs")
    try:
        lines = refresh(work, out, forum) + publishing.refresh(work, out)
    except (DeliveryError, OSError) as error:
        lines = [f"It was recorded, but outputs/index.html does not show it yet ({error}). Run make."]
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)


def _nothing(verb: str) -> str:
    return "Nothing was packed" if verb == "package" else "Nothing was recorded"


def _given(arguments: list[str], problems: Problems) -> tuple[str, dict[str, str]]:
    """The verb and what follows as key=value; empty values count as not given, for make passes all."""
    verb, *rest = arguments or [""]
    place, verbs = Place("command"), ", ".join(VERBS)
    if verb not in VERBS:
        problems.add(
            place, "unknown-verb", quoted(verb), f"one of {verbs}", did_you_mean(verb, VERBS, "Name one.")
        )
        return verb, {}
    pairs = [word.partition("=") for word in rest]
    keys = PACKAGE_KEYS if verb == "package" else KEYS
    for key, sign, _ in pairs:
        if not sign or key not in keys:
            todo = did_you_mean(key, keys, "Write key=value, with quotation marks around words.")
            problems.add(place, "unknown-key", quoted(key), f"one of {', '.join(keys)}", todo)
    given = {key: " ".join(value.split()) for key, _, value in pairs if value.strip()}
    _check_given(verb, given, problems)
    return verb, given


def _check_given(verb: str, given: dict[str, str], problems: Problems) -> None:
    place = Place("command")
    for need in VERBS[verb][0]:
        if not any(key in given for key in need.split("|")):
            wanted = " or ".join(f"{key}=..." for key in need.split("|"))
            shown = " ".join(f'{key}="..."' for key in ("paper", "why") if key in VERBS[verb][0]) or wanted
            problems.add(
                place, "missing-key", f"make {verb} without {wanted}", wanted, f"Write make {verb} {shown}."
            )
    for key in given.keys() & {"by", "why"}:
        if given[key].startswith(FORMULA_SIGNS):
            wanted = "words that do not begin with = + - @, which Excel would take for a formula"
            problems.add(place, "formula", f"{key}={quoted(given[key])}", wanted, f"Correct {key}=...")
    for key in given.keys() & {"date", "since"}:
        try:
            given[key] = datetime.date.fromisoformat(given[key]).isoformat()
        except ValueError:
            wanted, todo = "a date such as 2018-08-29", f"Correct {key}=..."
            problems.add(place, "date", quoted(given[key]), wanted, todo)
    if verb != "revise" and given.get("correction", "yes") not in ("yes", "no"):
        problems.add(place, "correction", quoted(given["correction"]), "yes or no", "Correct correction=...")
    if given.get("correction") == "yes" and "why" not in given:
        problems.add(place, "missing-key", "a correction without why=...", "a reason", 'Add why="...".')


def _order(forum: str, given: dict[str, str]) -> Order:
    """Today and the user's name of this system stand in for a date and a name that were not given."""
    papers, corrects = _several(given.get("paper", "")), _several(given.get("correction", ""))
    date = given.get("date") or datetime.date.today().isoformat()
    words = forum, given.get("meeting", ""), papers, date, given["by"], given.get("why", "")
    if corrects in ((), ("yes",), ("no",)):
        return Order(*words, correction=corrects == ("yes",), since=given.get("since", ""))
    return Order(*words, corrects=corrects)


def _several(words: str) -> tuple[str, ...]:
    """Numbers or ids with commas or spaces between, each once."""
    return tuple(dict.fromkeys(words.replace(",", " ").split()))


def _record(verb: str, order: Order, problems: Problems) -> int:
    """Holds ledger and outputs from before the build to the last write, so that two commands follow each other."""
    folder, what = folder_of(order.forum), f"make {verb}"
    with locked(folder, what=what), building(what) as hold:
        if torn := mend(folder):
            print(f"An unfinished last line of the ledger was taken away: {quoted(torn)}", flush=True)
        build = [sys.executable, "scripts/build.py"]
        if VERBS[verb][1] and subprocess.run(build, check=False, **hold.for_child).returncode:
            print(f"{_nothing(verb)}: make {verb} needs a build without problems.", file=sys.stderr)
            return 1
        lines = perform(VERBS[verb][2], order, problems)
        if problems:
            return _refused(verb, problems)
        print(*lines, sep="\n")
        _show(order.forum)
    return 0


def _refused(verb: str, problems: Problems) -> int:
    print(
        f"{_nothing(verb)}. Please mend:",
        *(f"  {line}" for line in problems.lines()),
        sep="\n",
        file=sys.stderr,
    )
    return 1


def _history(forum: str, given: dict[str, str]) -> int:
    """Who did what, when and why: of a paper with its revisions, of a meeting, or all."""
    problems = Problems()
    ledger = ledger_of(read_ledger(Path(), forum, problems), problems)
    papers = {number.partition("rev")[0] for number in _several(given.get("paper", ""))}
    chosen = [
        event
        for event in ledger.events
        if (not papers or split(event.number)[0] in papers)
        and given.get("meeting", event.meeting) == event.meeting
    ]
    for event in chosen:
        why = f": {event.why}" if event.why else ""
        takes_up = f" (takes up {', '.join(event.corrects.split())})" if event.corrects else ""
        print(f"{event.date}  {event.event:9}  {event.number}  {event.title}, by {event.by}{why}{takes_up}")
    if not chosen and not problems:
        print("The ledger has no event" + (" of that." if given else " yet."))
    return _refused("history", problems) if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
