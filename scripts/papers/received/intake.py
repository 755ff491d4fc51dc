"""Intake: what others sent is looked at before it becomes a paper. Findings go to outputs/work/intake/<meeting>.json.

Errors stop the build; warnings, and checks that could not run, are told at its end. A file is looked at once: its facts
are kept under its digest, and only the comparison with its entry in the meeting's file is made in every build.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from papers.problems import Place, Problem, Problems, quoted
from papers.store.changed_files import digests
from papers.store.files import to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.model.forum import Model
    from papers.model.meetings import Paper

KEPT = "examined.json"
_PACKAGE = Path(__file__).parents[1]
_CODE = tuple(
    _PACKAGE / f"{name}.py"
    for name in (
        "received/scan_pdf",
        "received/scan_docx",
        "docx/package",
        "docx/active_content",
        "safety",
        "characters",
    )
)
_MB = 1_000_000
_NOT_LETTERS = re.compile(r"[^\w]+")


def check_received(model: Model, work: Path, problems: Problems) -> list[str]:
    """Looks at every received paper of the chosen meetings; returns notes. `work` keeps facts and findings."""
    sent = {meeting.code: [p for p in meeting.papers if p.received] for meeting in model.chosen}
    largest = model.config.intake.largest_mb
    facts = _examined(work / KEPT, {p.received for papers in sent.values() for p in papers}, largest)
    notes = []
    for meeting, papers in sent.items():
        found = [
            (p, one) for p in papers for one in (*facts[p.received]["findings"], *_compared(p, facts, model))
        ]
        place = work / "intake" / f"{meeting}.json"
        if papers:
            write_atomic(place, to_json({"meeting": meeting, "findings": [_told(*pair) for pair in found]}))
        else:
            place.unlink(missing_ok=True)
        for paper, finding in found:
            problem = _problem(paper, finding)
            if finding["severity"] == "error":
                problems.found.append(problem)
            else:
                notes.append(str(problem))
    return notes + _strays(model)


def _told(paper: Paper, finding: dict) -> dict:
    return {"paper": str(paper.number), **finding, "place": str(_place(paper, finding))}


def _place(paper: Paper, finding: dict) -> Place:
    return Place(paper.received, part=finding["place"])


def _problem(paper: Paper, finding: dict) -> Problem:
    words = (finding[key] for key in ("found", "expected", "todo"))
    return Problem(_place(paper, finding), f"intake-{finding['code']}", *words)


def _strays(model: Model) -> list[str]:
    """Files that lie there and that no paper names, perhaps as their entry is still to be written."""
    named = {paper.received for meeting in model.meetings for paper in meeting.papers}
    meetings = f"inputs/{model.config.forum}/meetings"
    return [
        f"{file}: no paper names this file. Add an entry with file: to its meeting in {meetings}, or take it away"
        for file in model.received
        if file not in named
    ]


def _examined(store: Path, files: set[str], largest_mb: float) -> dict[str, dict]:
    """File -> its facts; only what is new or changed, or was last looked at by other code, is opened."""
    if not files:
        return {}
    known = json.loads(store.read_bytes()) if store.exists() else {"files": {}, "facts": {}}
    now = digests(sorted(files), known["files"])
    with_what = hashlib.sha256(b"".join(path.read_bytes() for path in _CODE)).hexdigest()[:16]
    with_what += f" {bool(shutil.which('pdftotext'))} {largest_mb}"
    keys = {file: f"{now[file][2]} {Path(file).suffix.lower()} {with_what}" for file in files}
    facts = {key: known["facts"].get(key) for key in keys.values()}
    for file in sorted(files):
        if facts[keys[file]] is None:
            facts[keys[file]] = _facts(Path(file), largest_mb)
    if {"files": now, "facts": facts} != known:
        write_atomic(store, to_json({"files": now, "facts": facts}))
    return {file: facts[keys[file]] for file in files}


def _facts(file: Path, largest_mb: float) -> dict:
    """The facts of a file; the readers of Word and PDF are loaded only where there is something to look at."""
    from papers.docx.active_content import ERROR  # noqa: PLC0415
    from papers.docx.active_content import ScanResult as Facts
    from papers.received.scan_docx import scan_docx as examine_word  # noqa: PLC0415

    size = file.stat().st_size
    if size > largest_mb * _MB:
        facts, todo = Facts(), "Ask for a smaller one, or raise intake: largest_mb in config.yaml."
        found = f"{size / _MB:.1f} MB"
        facts.add("too-large", ERROR, "", found, f"at most {largest_mb:g} MB", todo)
        facts.not_run("The rest of the file", "it is too large")
        return asdict(facts)
    if file.suffix.lower() == ".pdf":
        from papers.received.scan_pdf import scan_pdf as examine_pdf  # noqa: PLC0415

        return asdict(examine_pdf(file.read_bytes()))
    return asdict(examine_word(file.read_bytes()))


def _compared(paper: Paper, facts: dict[str, dict], model: Model) -> Iterator[dict]:
    """What the file says against what the paper's entry and the configuration say."""
    these = facts[paper.received]
    yield from _language(these["languages"], model.config.language)
    if these["cover"] is not None:
        yield from _own_cover(paper, these["cover"])


def _finding(code: str, severity: str, found: str, expected: str, todo: str, place: str = "") -> dict:
    words = {"place": place, "found": found, "expected": expected, "todo": todo}
    return {"code": code, "severity": severity, **words}


def _language(languages: dict[str, int], expected: str) -> Iterator[dict]:
    """The language of most of the text; en-US and en-GB are one."""
    if not languages:
        return
    most = max(sorted(languages), key=languages.get)
    if most.partition("-")[0].casefold() != expected.partition("-")[0]:
        found = f"the language {most}" if most else "no language"
        todo = "Ask for it with the language set (Word: Review, Language), or for a translation."
        yield _finding("language", "warning", found, f"{expected}, the language of the papers", todo)


def _own_cover(paper: Paper, cover: dict[str, str]) -> Iterator[dict]:
    """A cover that the sender put on says the same as the official one, or the paper would contradict itself."""
    place, number = "its own cover", str(paper.number)
    if cover["number"] and cover["number"] != number:
        todo = "Ask which is right: correct number: in the meeting's file, or have the cover taken off."
        yield _finding("cover-number", "error", f"the number {cover['number']}", number, todo, place)
    if cover["agenda_item"] and cover["agenda_item"] != paper.agenda_item:
        expected = paper.agenda_item or "none, as in the meeting's file"
        todo = "Ask which is right: correct agenda_item: there, or have the cover taken off."
        found = f"the agenda item {cover['agenda_item']}"
        yield _finding("cover-agenda-item", "warning", found, expected, todo, place)
    if _letters(paper.title) not in _letters(cover["text"]):
        todo = "Ask which is right: correct title: in the meeting's file, or have the cover taken off."
        yield _finding("cover-title", "warning", "another title", quoted(paper.title), todo, place)
    expected, todo = "none, as the paper gets the official one", "Ask for it without, or it has two."
    yield _finding("cover-of-its-own", "warning", "a cover", expected, todo, "the first page")


def _letters(text: str) -> str:
    """Text as it is compared: letters and digits, whatever their case."""
    # Ignores punctuation and spaces too.
    return _NOT_LETTERS.sub("", text).casefold()
