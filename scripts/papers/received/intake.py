"""Intake: check received files before they become papers. Findings go to outputs/work/intake/<meeting>.json.

Errors stop the build. Everything else is a notice at its end; a paper whose file has warnings is also held back from
outputs/public until its entry accepts each of them by its code. A check that could not run holds nothing back: only the
sender's own cover is not looked for where a program is missing, and what is published must not depend on the computer.
What a scan finds is cached; only the comparison with the paper's entry is made in every build.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.mismatch import held_back_when_issued
from papers.problems import Place, Problem, Problems, quoted
from papers.received.sender_cover import cover_of
from papers.store.cache import CACHE, Cache, cache_key
from papers.store.files import digest, to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.model.forum import Model
    from papers.model.meetings import Paper

SCANS = "scans"  # the folder of its cache
_MB = 1_000_000
_NOT_LETTERS = re.compile(r"[^\w]+")


def check_received(model: Model, work: Path, problems: Problems, code: str) -> list[str]:
    """Check every received paper of the chosen meetings; add errors to `problems`, return the notices.

    `work`: the folder of intermediate files. `code`: the digest of the program. Adds to the model the digests of the
    files that were read, and what is held back.
    """
    received = {meeting.code: [p for p in meeting.papers if p.received] for meeting in model.chosen}
    files = sorted({p.received for papers in received.values() for p in papers})
    scans = scan_files(files, Cache(work / CACHE / SCANS), code, model)
    notices = []
    for meeting, papers in received.items():
        place, records = work / "intake" / f"{meeting}.json", []
        for paper in papers:
            findings = findings_of(paper, scans, model)
            records += [_as_record(paper, finding) for finding in findings]
            notices += _report(paper, findings, problems)
            _hold_back(paper, findings, model, problems)
        if papers:
            write_atomic(place, to_json({"meeting": meeting, "findings": records}))
        else:
            place.unlink(missing_ok=True)
    return notices + _unused_files(model)


def findings_of(paper: Paper, scans: dict[str, dict], model: Model) -> list[dict]:
    """What was found in a paper's file, and in comparing it with the paper's entry and the configuration."""
    scan = scans[paper.received]
    cover = cover_of(scan["first_page"], model.organisation.form.labels, model.grammar)
    compared = _compare_cover(paper, cover) if cover is not None else ()
    return [*scan["findings"], *_compare_language(scan["languages"], model.settings.language), *compared]


def _report(paper: Paper, findings: list[dict], problems: Problems) -> list[str]:
    """Add the errors to `problems`; return the others as notices, which say what the meeting's file accepts."""
    accepted = {one.code: one.place for one in paper.accepted_warnings}
    notices = []
    for finding in findings:
        problem = _problem(paper, finding)
        if finding["severity"] == "error":
            problems.found.append(problem)
        elif finding["severity"] == "warning" and finding["code"] in accepted:
            notices.append(f"{problem} It is accepted in {accepted[finding['code']]}.")
        else:
            notices.append(str(problem))
    return notices


def _hold_back(paper: Paper, findings: list[dict], model: Model, problems: Problems) -> None:
    """Add to the model which warnings hold a paper back; report accepted ones that its file does not have.

    An issued paper is held back by what held it back when it was issued: a later version of the program may find more.
    """
    warnings = sorted({one["code"] for one in findings if one["severity"] == "warning"})
    accepted = {one.code for one in paper.accepted_warnings}
    held_back = [code for code in warnings if code not in accepted]
    if issued := model.ledger.issued(str(paper.number)):
        sources = f"inputs/{model.config.forum}/issued/{issued.file.rpartition('.')[0]}.sources"
        known = held_back_when_issued(sources)
        held_back = [code for code in held_back if code in known]
    elif not any(one["severity"] == "error" for one in findings):
        for one in paper.accepted_warnings:
            if one.code not in warnings:
                expected = (
                    f"one of the warnings about {paper.received} ({', '.join(warnings) or 'there are none'})"
                )
                problems.add(
                    one.place, "accepted-warning", quoted(one.code), expected, "Delete it from the list."
                )
    if held_back:
        model.held_back[str(paper.number)] = held_back


def _as_record(paper: Paper, finding: dict) -> dict:
    accepted = finding["severity"] == "warning" and finding["code"] in {
        one.code for one in paper.accepted_warnings
    }
    record = {"paper": str(paper.number), **finding, "place": str(_place(paper, finding))}
    return {**record, "accepted": True} if accepted else record


def _place(paper: Paper, finding: dict) -> Place:
    return Place(paper.received, part=finding["place"])


def _problem(paper: Paper, finding: dict) -> Problem:
    words = (finding[key] for key in ("found", "expected", "todo"))
    return Problem(_place(paper, finding), f"intake-{finding['code']}", *words)


def _unused_files(model: Model) -> list[str]:
    """A notice for each received file without an entry, which may still have to be written."""
    named = {paper.received for meeting in model.meetings for paper in meeting.papers}
    named |= {f"inputs/{model.config.forum}/{file}" for file in model.set_aside}
    folder = f"inputs/{model.config.forum}/"
    return [
        f"{file}: found a file that no paper names; expected an entry for it. Run make new-paper with its meeting and"
        f" file={file.removeprefix(folder)}, or delete the file."
        for file in model.received
        if file not in named
    ]


def scan_files(files: list[str], cache: Cache, code: str, model: Model) -> dict[str, dict]:
    """File -> its ScanResult as plain data; each file is read once, and its digest goes to the model."""
    scans, largest_mb = {}, model.config.intake.largest_mb
    for file in files:
        with open(file, "rb") as opened:
            data = opened.read(int(largest_mb * _MB) + 1)
        model.received_digests[file] = digest(data)
        is_too_large = len(data) > largest_mb * _MB
        scans[file] = _too_large(Path(file), largest_mb) if is_too_large else _scan(file, data, cache, code)
    cache.remove_unused()
    return scans


def _too_large(file: Path, largest_mb: float) -> dict:
    found, todo = (
        f"{file.stat().st_size / _MB:.1f} MB",
        "Ask for a smaller one, or raise intake: largest_mb in config.yaml.",
    )
    return _unscanned(
        _finding("too-large", "error", found, f"at most {largest_mb:g} MB", todo), "it is too large"
    )


def _scan(file: str, data: bytes, cache: Cache, code: str) -> dict:
    """Scan the bytes of a file, in a process of its own. What took too much is not cached: it depends on the computer."""
    suffix = Path(file).suffix.lower()
    key = cache_key(code, suffix, f"pdftotext: {shutil.which('pdftotext') is not None}", data)
    if (known := cache.get(key)) is not None:
        return json.loads(known)
    from papers.received.bounded import MEGABYTES, SECONDS, TooCostly, run_bounded  # noqa: PLC0415 -- for new files

    expected = f"a file that is checked within {SECONDS} seconds and {MEGABYTES} MB"
    todo = "Ask for it again, saved anew in Word or printed to PDF, or in several files."
    try:
        found = run_bounded("scan", data, suffix)
    except TooCostly as error:
        return _unscanned(
            _finding("too-costly", "error", f"a file that takes {error}", expected, todo), "it takes too much"
        )
    except ValueError as error:
        return _unscanned(
            _finding("damaged", "error", f"a file that cannot be checked ({error})", expected, todo),
            "it failed",
        )
    cache.put(key, found)
    return json.loads(found)


def _unscanned(error: dict, why: str) -> dict:
    """The result of a file that could not be scanned."""
    found = f"The rest of the file not checked ({why})"
    not_run = _finding("not-run", "not-run", found, "it checked", "Fix that first.")
    return {"findings": [error, not_run], "languages": {}, "first_page": []}


def _finding(code: str, severity: str, found: str, expected: str, todo: str, place: str = "") -> dict:
    words = {"place": place, "found": found, "expected": expected, "todo": todo}
    return {"code": code, "severity": severity, **words}


def _compare_language(languages: dict[str, int], expected: str) -> Iterator[dict]:
    """Report if most of the text is in another language than the papers; en-US and en-GB are one."""
    if not languages:
        return
    most = max(sorted(languages), key=languages.get)
    if most.partition("-")[0].casefold() != expected.partition("-")[0]:
        found = f"the language {most}" if most else "no language"
        todo = "Ask for it with the language set (Word: Review, Language), or for a translation."
        yield _finding("language", "note", found, f"{expected}, the language of the papers", todo)


def _compare_cover(paper: Paper, cover: dict[str, str]) -> Iterator[dict]:
    """Report the sender's own cover, and what it says otherwise than the official one, which would contradict it."""
    place, number = "its own cover", str(paper.number)
    if cover["number"] and cover["number"] != number:
        todo = "Ask which is right: correct number: in the meeting's file, or have the cover removed."
        yield _finding("cover-number", "error", f"the number {cover['number']}", number, todo, place)
    if cover["agenda_item"] and cover["agenda_item"] != paper.agenda_item:
        expected = paper.agenda_item or "none, as in the meeting's file"
        todo = "Ask which is right: correct agenda_item: there, or have the cover removed."
        found = f"the agenda item {cover['agenda_item']}"
        yield _finding("cover-agenda-item", "warning", found, expected, todo, place)
    if _letters(paper.title) not in _letters(cover["text"]):
        todo = "Ask which is right: correct title: in the meeting's file, or have the cover removed."
        yield _finding("cover-title", "warning", "another title", quoted(paper.title), todo, place)
    expected, todo = "none, as the paper gets the official one", "Ask for it without, or it has two."
    yield _finding("own-cover", "note", "a cover", expected, todo, "the first page")


def _letters(text: str) -> str:
    """Text as it is compared: letters and digits, whatever their case."""
    # Ignores punctuation and spaces too.
    return _NOT_LETTERS.sub("", text).casefold()
