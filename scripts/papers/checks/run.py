"""The checks of all finished papers. A paper is looked at again only when it, the rules or the program changed.

outputs/work/checks/<meeting>.json has the findings of a meeting, and what was found in each paper under its digest;
outputs/work/checked.json has all findings together, for those who tell them (findings.py).
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.checks.accessibility import check_accessibility, check_validity
from papers.checks.consistency import FactReader, compare, empty_facts
from papers.checks.findings import CHECKED, FOLDER, Finding
from papers.checks.origins import origin
from papers.checks.words import Nomenclature, OpenText, RawFinding, raw_finding
from papers.docx.package import PackageError
from papers.docx.texts import Piece, read_texts
from papers.problems import quoted
from papers.store.contexts import papers_by_meeting
from papers.store.files import digest, is_word, to_json, write_atomic
from papers.store.processes import map_in_processes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORTH_SHARING = 50  # new papers, each of which takes about 20 ms
MOST_ALIKE = 100  # findings of one sort in one paper that are told one by one


@dataclass
class Checked:
    """All findings, those that only make issue asks for among `open`: file of a paper -> its open text."""

    papers: int = 0
    findings: list[Finding] = field(default_factory=list)
    open: dict[str, list[str]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)  # numbers of acceptances

    def include(self, other: Checked) -> None:
        """What was found at one more meeting."""
        self.papers += other.papers
        self.findings += other.findings
        self.open |= other.open
        self.used |= other.used


def check_papers(work: Path, papers: Path, templates: Path, code: Path, processes: int = 1) -> list[str]:
    """Checks every paper of the last build and writes what was found; returns notes.

    `code` is a file that changes when the program of the checks does, so that what is known of a paper is forgotten.
    Meetings are shared out to `processes` where many papers are new.
    """
    written = (work / "rules.json").read_bytes()
    rules = json.loads(written)
    key = digest(written + code.read_bytes())
    papers_of, checked = papers_by_meeting(work / "contexts"), Checked()
    meetings = sorted(papers_of)
    files = sorted(p.as_posix() for p in templates.glob("*.docx") if not p.name.startswith("~$"))
    known = _Known(work, papers, files, rules, key, FactReader(rules))
    ready = [_Meeting(name, papers_of[name], known) for name in meetings]
    _look_ahead(ready, processes)
    for meeting in ready:
        checked.include(meeting.check())
    for stale in (work / FOLDER).glob("*.json"):
        if stale.stem not in meetings:
            stale.unlink()
    findings = [vars(finding) for finding in checked.findings]
    told = {"papers": checked.papers, "findings": findings, "open": checked.open}
    write_atomic(work / CHECKED, to_json(told))
    return list(_unused(rules, checked.used))


def _look_ahead(meetings: list[_Meeting], processes: int) -> None:
    """Many new papers are shared out: what a process finds is then known, as from a build before."""
    new = [meeting for meeting in meetings if not meeting.known()]
    if sum(len(meeting.manifest) for meeting in new) >= WORTH_SHARING:
        map_in_processes(_check_all, new, processes, least=2)


def _check_all(meetings: list[_Meeting]) -> None:
    for meeting in meetings:
        meeting.check()


def _fewer(found: list[RawFinding]) -> list[RawFinding]:
    """The first findings of each sort in a paper: nobody reads ten thousand, and each is looked up in all inputs."""
    kept, seen = [], Counter()
    for one in found:
        seen[one["code"]] += 1
        if seen[one["code"]] <= MOST_ALIKE:
            kept.append(one)
        elif seen[one["code"]] == MOST_ALIKE + 1:
            words = f"more than {MOST_ALIKE} findings of this sort, as {one['found']}"
            kept.append({**one, "found": words, "around": ["", "", ""]})
    return kept


def _unused(rules: dict, used: set[int]) -> Iterator[str]:
    """Only when every paper was looked at, for everything that can be accepted."""
    looked = rules["whole"] and "off" not in (rules["severities"][c] for c in ("nomenclature", "open-text"))
    for number, accepted in enumerate(rules["accepted"] if looked else ()):
        if number not in used:
            yield f"{accepted['place']}: no paper needs this acceptance of {quoted(accepted['text'])}; delete it if none will"


@dataclass(frozen=True)
class _Known:
    """What the checks of all meetings share: `key` changes with the rules and the program, `templates` are files."""

    work: Path
    papers: Path
    templates: list[str]
    rules: dict
    key: str
    reader: FactReader


class _Meeting:
    """The checks of one meeting's papers."""

    def __init__(self, meeting: str, made: list[dict], known: _Known):
        self.meeting, self.by = meeting, known
        self.store = known.work / FOLDER / f"{meeting}.json"
        delivered = json.loads((known.work / "filled" / f"{meeting}.json").read_bytes())["papers"]
        # A PDF that was received keeps its words: intake looks at it.
        self.manifest = [paper for paper in delivered if is_word(paper["file"])]
        self.about = {paper["file"]: paper for paper in made}

    def check(self) -> Checked:
        checked, known = Checked(), self.known()
        looked = [known.get(paper["sha256"]) or self._look(paper) for paper in self.manifest]
        told = [
            (paper, one) for paper, seen in zip(self.manifest, looked, strict=True) for one in seen["raw"]
        ]
        told += compare([(p, seen["facts"]) for p, seen in zip(self.manifest, looked, strict=True)])
        findings = [f for paper, one in told if (f := self._finding(paper, one))]
        checked.papers += len(self.manifest)
        checked.findings += findings
        for paper, one in told:
            if one["code"] == "open-text":
                checked.open.setdefault(paper["file"], []).append(f"{one['found']}, {one['where']}")
        for seen in looked:
            checked.used |= set(seen["used"])
        data = {"meeting": self.meeting, "findings": [vars(f) for f in findings], "key": self.by.key}
        write_atomic(self.store, to_json({**data, "papers": looked}))
        return checked

    def known(self) -> dict[str, dict]:
        """What was found by the same rules: digest of a paper -> what was seen in it."""
        before = json.loads(self.store.read_bytes()) if self.store.exists() else {}
        same = before.get("key") == self.by.key
        return {seen["sha256"]: seen for seen in before["papers"]} if same else {}

    def _look(self, paper: dict) -> dict:
        """Everything that one paper shows by itself, and the facts in it."""
        used: set[int] = set()
        seen = {
            "number": paper["number"],
            "sha256": paper["sha256"],
            "raw": [],
            "facts": empty_facts(),
            "used": [],
        }
        try:
            texts = read_texts((self.by.papers / paper["file"]).read_bytes())
        except PackageError as error:
            expected, todo = "a file that Word opens", "Run make again; if it stays, look at its source."
            seen["raw"] = [
                raw_finding(
                    "validity", Piece("", "the whole file", ""), f"no Word file ({error})", expected, todo
                )
            ]
            return seen
        for check in (Nomenclature(self.by.rules, used).check, OpenText(self.by.rules, used).check):
            seen["raw"] += check(texts)
        seen["raw"] += [*check_accessibility(texts), *check_validity(texts)]
        seen["raw"] = _fewer(seen["raw"])
        return {**seen, "facts": self.by.reader.facts(texts), "used": sorted(used)}

    def _finding(self, paper: dict, one: RawFinding) -> Finding | None:
        """None for what config.yaml does not want to be told; what comes from outside can't fail a build."""
        severity = self.by.rules["severities"][one["code"]]
        about = self.about.get(paper["file"], {})
        if severity == "off":
            return None
        if about.get("received"):
            severity = "warning"
        own = [f"templates/{paper['kind']}.docx", "templates/cover.docx"]
        templates = [*(name for name in own if name in self.by.templates), *self.by.templates]
        place = origin(one["around"], about.get("made_from", []), list(dict.fromkeys(templates)))
        told = {key: one[key] for key in ("code", "where", "found", "expected", "todo")}
        return Finding(paper=paper["number"], file=paper["file"], severity=severity, place=place, **told)
