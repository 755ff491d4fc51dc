"""Run all checks on the finished papers and write what they find (see findings.py for the files).

A paper is checked again only if it, the rules or the program changed. The comparison of a meeting's papers
with each other, and the search for the origin of each finding, are done every time, as they depend on other
papers and on inputs.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from papers.checks.accessibility import check_accessibility, check_validity
from papers.checks.consistency import FactReader, PaperFacts, compare
from papers.checks.findings import CHECKED, FOLDER, Finding
from papers.checks.raw_findings import NO_EXCERPT, RawFinding, raw_finding
from papers.checks.rules import RuleSet
from papers.checks.source_lines import find_origin
from papers.checks.words import Nomenclature, OpenText
from papers.docx.package import PackageError
from papers.docx.texts import Piece, read_texts
from papers.problems import quoted
from papers.store.files import digest, is_word, to_json, write_atomic
from papers.store.processes import map_in_processes
from papers.store.work_files import papers_by_meeting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from papers.docx.texts import PaperTexts
    from papers.inputs.config import Severity

WORTH_SHARING = 50  # new papers, each of which takes about 20 ms
MOST_ALIKE = 100  # findings of one code in one paper that are listed


@dataclass(frozen=True)
class PaperFile:
    """A paper of the last build: its entry in outputs/work/filled/<meeting>.json, and its inputs.

    `file` is its path in outputs/papers; `received` whether a sender sent it.
    """

    number: str
    file: str
    kind: str
    sha256: str
    made_from: tuple[str, ...] = ()
    received: bool = False


@dataclass
class CheckedPaper:
    """What the checks found in one paper by itself.

    `used` are the numbers of the accepted entries that applied.
    """

    number: str
    sha256: str
    raw: list[RawFinding] = field(default_factory=list)
    facts: PaperFacts = field(default_factory=PaperFacts)
    used: list[int] = field(default_factory=list)

    def as_data(self) -> dict:
        """Return the result as plain data for checks/<meeting>.json."""
        return {**vars(self), "raw": [asdict(raw) for raw in self.raw], "facts": self.facts.as_data()}

    @classmethod
    def from_data(cls, data: dict) -> CheckedPaper:
        """Return a result that was written as JSON."""
        raw = [RawFinding.from_data(finding) for finding in data["raw"]]
        return cls(**{**data, "raw": raw, "facts": PaperFacts.from_data(data["facts"])})


@dataclass
class Checked:
    """The findings in all papers.

    `open`: file of a paper -> its open text, which only `make issue` asks for.
    """

    papers: int = 0
    findings: list[Finding] = field(default_factory=list)
    open: dict[str, list[str]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def include(self, other: Checked) -> None:
        """Add the findings of one more meeting."""
        self.papers += other.papers
        self.findings += other.findings
        self.open |= other.open
        self.used |= other.used

    def as_data(self) -> dict:
        """Return the findings as plain data for checked.json."""
        return {"papers": self.papers, "findings": [vars(f) for f in self.findings], "open": self.open}


def check_papers(work: Path, papers: Path, templates: Path, code: Path, processes: int = 1) -> list[str]:
    """Check every paper of the last build, write the findings, and return notices.

    `work`, `papers` and `templates` are folders. `code` is a file that changes whenever the program of the
    checks does. Meetings with new papers are shared among `processes` if there are many.
    """
    rules_json = (work / "rules.json").read_bytes()
    rules = RuleSet.from_data(json.loads(rules_json))
    key = digest(rules_json + code.read_bytes())
    files = sorted(p.as_posix() for p in templates.glob("*.docx") if not p.name.startswith("~$"))
    checker = _PaperChecker(rules, papers, files)
    by_meeting = papers_by_meeting(work / "contexts")
    meetings = [_Meeting(work, name, by_meeting[name], key, checker) for name in sorted(by_meeting)]
    _check_new_in_processes(meetings, processes)
    checked = Checked()
    for meeting in meetings:
        checked.include(meeting.check())
    for file in (work / FOLDER).glob("*.json"):
        if file.stem not in by_meeting:
            file.unlink()
    write_atomic(work / CHECKED, to_json(checked.as_data()))
    return list(_unused(rules, checked.used))


def _check_new_in_processes(meetings: list[_Meeting], processes: int) -> None:
    """Check meetings with new papers in several processes.

    Their files then hold the results, as after a build.
    """
    new = [meeting for meeting in meetings if not meeting.cached()]
    if sum(len(meeting.papers) for meeting in new) >= WORTH_SHARING:
        map_in_processes(_check_all, new, processes, least=2)


def _check_all(meetings: list[_Meeting]) -> None:
    for meeting in meetings:
        meeting.check()


def _unused(rules: RuleSet, used: set[int]) -> Iterator[str]:
    """Yield a notice for each accepted entry that no paper needs, after a complete check."""
    severities = (rules.severities[code] for code in ("nomenclature", "open-text"))
    complete = rules.all_meetings and "off" not in severities
    for number, entry in enumerate(rules.accepted if complete else ()):
        if number not in used:
            yield f"{entry.place}: no paper needs this acceptance of {quoted(entry.text)}; delete it if none will"


def limit_findings(found: list[RawFinding]) -> list[RawFinding]:
    """Return the first findings of each code; more are of no use, and each is searched in all inputs."""
    kept, counts = [], Counter()
    for finding in found:
        counts[finding.code] += 1
        if counts[finding.code] <= MOST_ALIKE:
            kept.append(finding)
        elif counts[finding.code] == MOST_ALIKE + 1:
            words = f"more than {MOST_ALIKE} findings of this sort, as {finding.found}"
            kept.append(replace(finding, found=words, around=NO_EXCERPT))
    return kept


class _PaperChecker:
    """The checks of one paper; `papers` is the folder of papers, `templates` are files."""

    def __init__(self, rules: RuleSet, papers: Path, templates: list[str]):
        self.rules, self.papers, self.templates = rules, papers, templates
        self.fact_reader = FactReader(rules)

    def check(self, paper: PaperFile) -> CheckedPaper:
        """Return the findings in one paper, and the facts that it states."""
        checked = CheckedPaper(paper.number, paper.sha256)
        try:
            texts = read_texts((self.papers / paper.file).read_bytes())
        except PackageError as error:
            found, expected = f"no Word file ({error})", "a file that Word opens"
            todo = "Run make again. If this stays, open the file that the paper was made from in Word."
            checked.raw.append(
                raw_finding("validity", Piece("", "the whole file", ""), found, expected, todo)
            )
            return checked
        used: set[int] = set()
        checked.raw = limit_findings(list(self._findings(texts, used)))
        checked.facts, checked.used = self.fact_reader.facts(texts), sorted(used)
        return checked

    def _findings(self, texts: PaperTexts, used: set[int]) -> Iterator[RawFinding]:
        yield from Nomenclature(self.rules, used).check(texts)
        yield from OpenText(self.rules, used).check(texts)
        yield from check_accessibility(texts)
        yield from check_validity(texts)

    def finding(self, paper: PaperFile, raw: RawFinding) -> Finding | None:
        """Return a finding with its origin and severity; None where config.yaml switches it off."""
        severity = self._severity(paper, raw.code)
        if severity == "off":
            return None
        own = [f"templates/{paper.kind}.docx", "templates/cover.docx"]
        templates = dict.fromkeys([*(name for name in own if name in self.templates), *self.templates])
        place = find_origin(raw.around, paper.made_from, templates)
        return Finding(
            paper=paper.number,
            file=paper.file,
            code=raw.code,
            severity=severity,
            place=place,
            where=raw.where,
            found=raw.found,
            expected=raw.expected,
            todo=raw.todo,
        )

    def _severity(self, paper: PaperFile, code: str) -> Severity:
        """A finding in a received paper is never an error, as the user can't correct the paper."""
        severity = self.rules.severities[code]
        return "warning" if paper.received and severity == "error" else severity


class _Meeting:
    """The checks of one meeting's papers, with the file that holds their results."""

    def __init__(self, work: Path, code: str, contexts: list[dict], key: str, checker: _PaperChecker):
        self.code, self.key, self.checker = code, key, checker
        self.file = work / FOLDER / f"{code}.json"
        self.papers = _papers(work, code, contexts)

    def check(self) -> Checked:
        """Check the papers that are not in the file yet, write the file, and return the findings."""
        cached = self.cached()
        results = [
            CheckedPaper.from_data(cached[paper.sha256])
            if paper.sha256 in cached
            else self.checker.check(paper)
            for paper in self.papers
        ]
        raw = [(paper, f) for paper, result in zip(self.papers, results, strict=True) for f in result.raw]
        raw += self._compare(results)
        findings = [f for paper, found in raw if (f := self.checker.finding(paper, found))]
        checked = Checked(len(self.papers), findings)
        for paper, found in raw:
            if found.code == "open-text":
                checked.open.setdefault(paper.file, []).append(f"{found.found}, {found.where}")
        for result in results:
            checked.used |= set(result.used)
        data = {"meeting": self.code, "findings": [vars(f) for f in findings], "key": self.key}
        write_atomic(self.file, to_json({**data, "papers": [result.as_data() for result in results]}))
        return checked

    def _compare(self, results: list[CheckedPaper]) -> list[tuple[PaperFile, RawFinding]]:
        by_number = {paper.number: paper for paper in self.papers}
        facts = {paper.number: result.facts for paper, result in zip(self.papers, results, strict=True)}
        return [(by_number[number], raw) for number, raw in compare(facts)]

    def cached(self) -> dict[str, dict]:
        """Return digest of a paper -> its result (as data) by the same rules and program."""
        data = json.loads(self.file.read_bytes()) if self.file.exists() else {}
        return {paper["sha256"]: paper for paper in data["papers"]} if data.get("key") == self.key else {}


def _papers(work: Path, code: str, contexts: list[dict]) -> list[PaperFile]:
    """Return the Word files of a meeting. A received PDF is checked when it is received."""
    by_file = {context["file"]: context for context in contexts}
    manifest = json.loads((work / "filled" / f"{code}.json").read_bytes())["papers"]
    papers = []
    for entry in manifest:
        if is_word(entry["file"]):
            context = by_file.get(entry["file"], {})
            papers.append(
                PaperFile(
                    entry["number"],
                    entry["file"],
                    entry["kind"],
                    entry["sha256"],
                    tuple(context.get("made_from", ())),
                    bool(context.get("received")),
                )
            )
    return papers
