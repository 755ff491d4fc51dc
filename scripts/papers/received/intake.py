"""Intake: check received files before they become papers. Findings go to outputs/work/intake/<meeting>.json.

Errors stop the build; warnings, and checks that could not run, are notices at its end. What a scan finds is cached;
only the comparison with the paper's entry is made in every build.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from papers.problems import Place, Problem, Problems, quoted
from papers.store.cache import CACHE, Cache, cache_key
from papers.store.files import to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.model.forum import Model
    from papers.model.meetings import Paper

SCANS = "scans"  # the folder of its cache
_MB = 1_000_000
_NOT_LETTERS = re.compile(r"[^\w]+")


def check_received(model: Model, work: Path, problems: Problems, code: str) -> list[str]:
    """Check every received paper of the chosen meetings; add errors to `problems`, return the notices.

    `work`: the folder of intermediate files. `code`: the digest of the program.
    """
    received = {meeting.code: [p for p in meeting.papers if p.received] for meeting in model.chosen}
    files = sorted({p.received for papers in received.values() for p in papers})
    scans = _scan_files(files, Cache(work / CACHE / SCANS), code, model.config.intake.largest_mb)
    notices = []
    for meeting, papers in received.items():
        findings = [(paper, finding) for paper in papers for finding in _findings(paper, scans, model)]
        place = work / "intake" / f"{meeting}.json"
        if papers:
            records = [_as_record(*pair) for pair in findings]
            write_atomic(place, to_json({"meeting": meeting, "findings": records}))
        else:
            place.unlink(missing_ok=True)
        for paper, finding in findings:
            problem = _problem(paper, finding)
            if finding["severity"] == "error":
                problems.found.append(problem)
            else:
                notices.append(str(problem))
    return notices + _unused_files(model)


def _findings(paper: Paper, scans: dict[str, dict], model: Model) -> list[dict]:
    """What was found in a paper's file, and in comparing it with the paper's entry and the configuration."""
    scan = scans[paper.received]
    cover = _compare_cover(paper, scan["cover"]) if scan["cover"] is not None else ()
    return [*scan["findings"], *_compare_language(scan["languages"], model.config.language), *cover]


def _as_record(paper: Paper, finding: dict) -> dict:
    return {"paper": str(paper.number), **finding, "place": str(_place(paper, finding))}


def _place(paper: Paper, finding: dict) -> Place:
    return Place(paper.received, part=finding["place"])


def _problem(paper: Paper, finding: dict) -> Problem:
    words = (finding[key] for key in ("found", "expected", "todo"))
    return Problem(_place(paper, finding), f"intake-{finding['code']}", *words)


def _unused_files(model: Model) -> list[str]:
    """A notice for each received file without an entry, which may still have to be written."""
    named = {paper.received for meeting in model.meetings for paper in meeting.papers}
    meetings = f"inputs/{model.config.forum}/meetings"
    return [
        f"{file}: found a file that no paper names; expected an entry for it. Add an entry with file: to its meeting in"
        f" {meetings}, or delete the file."
        for file in model.received
        if file not in named
    ]


def _scan_files(files: list[str], cache: Cache, code: str, largest_mb: float) -> dict[str, dict]:
    """File -> its ScanResult as plain data. Only files without a result in the cache are scanned."""
    scans = {}
    for file in map(Path, files):
        size = file.stat().st_size
        is_too_large = size > largest_mb * _MB
        scans[file.as_posix()] = _too_large(size, largest_mb) if is_too_large else _scan(file, cache, code)
    cache.remove_unused()
    return scans


def _too_large(size: int, largest_mb: float) -> dict:
    from papers.docx.active_content import ERROR, ScanResult  # noqa: PLC0415 -- see _scan

    result, todo = ScanResult(), "Ask for a smaller one, or raise intake: largest_mb in config.yaml."
    result.add("too-large", ERROR, "", f"{size / _MB:.1f} MB", f"at most {largest_mb:g} MB", todo)
    result.not_run("The rest of the file", "it is too large")
    return asdict(result)


def _scan(file: Path, cache: Cache, code: str) -> dict:
    """Scan a file; lxml and pikepdf are imported only when there is a file to scan, as `read` runs in every build."""
    data, suffix = file.read_bytes(), file.suffix.lower()
    key = cache_key(code, suffix, f"pdftotext: {shutil.which('pdftotext') is not None}", data)
    if (known := cache.get(key)) is not None:
        return json.loads(known)
    if suffix == ".pdf":
        from papers.received.scan_pdf import scan_pdf as scan  # noqa: PLC0415
    else:
        from papers.received.scan_docx import scan_docx as scan  # noqa: PLC0415
    cache.put(key, found := to_json(asdict(scan(data))))
    return json.loads(found)


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
        yield _finding("language", "warning", found, f"{expected}, the language of the papers", todo)


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
    yield _finding("own-cover", "warning", "a cover", expected, todo, "the first page")


def _letters(text: str) -> str:
    """Text as it is compared: letters and digits, whatever their case."""
    # Ignores punctuation and spaces too.
    return _NOT_LETTERS.sub("", text).casefold()
