"""Run all checks on the finished papers and write what they find (see findings.py for the files).

What was found in a paper by itself is cached. The comparison of a meeting's papers with each other, and the
search for the origin of each finding, are done every time, as they depend on other papers and on inputs.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from papers.checks.accessibility import check_accessibility, check_validity
from papers.checks.consistency import FactReader, PaperFacts, compare
from papers.checks.empty import check_empty
from papers.checks.findings import CHECKED, FOLDER, Finding
from papers.checks.raw_findings import NO_EXCERPT, RawFinding, raw_finding
from papers.checks.rules import RuleSet
from papers.checks.source_lines import find_origin
from papers.checks.words import Nomenclature, OpenText
from papers.docx.package import PackageError
from papers.docx.texts import Piece, read_texts
from papers.problems import quoted
from papers.store.cache import CACHE, Cache, cache_key
from papers.store.files import is_word, read_bytes, read_json, to_json, write_atomic
from papers.store.output_files import PAPERS
from papers.store.processes import map_in_processes
from papers.store.stages import read_manifest
from papers.store.template_folders import SHIPPED_PHRASES, files_of_kinds
from papers.store.work_files import built_files, papers_by_meeting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from papers.docx.texts import PaperTexts
    from papers.inputs.config import Severity
    from papers.store.files import BuiltFile

WORTH_SHARING = 8  # new papers: each takes at least 20 ms, a process 30 ms to start
MOST_ALIKE = 100  # findings of one code in one paper that are listed


@dataclass(frozen=True)
class PaperFile:
    """A paper of the last build: its entry in the manifest of outputs/work/<forum>/filled/<meeting>, and its inputs.

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

    raw: list[RawFinding] = field(default_factory=list)
    facts: PaperFacts = field(default_factory=PaperFacts)
    used: list[int] = field(default_factory=list)

    def as_json(self) -> bytes:
        """Return the result as JSON for the cache."""
        raw = [asdict(finding) for finding in self.raw]
        return to_json({"raw": raw, "facts": self.facts.as_data(), "used": self.used})

    @classmethod
    def from_json(cls, text: bytes) -> CheckedPaper:
        """Return a result that was written as JSON."""
        data = json.loads(text)
        raw = [RawFinding.from_data(finding) for finding in data["raw"]]
        return cls(raw, PaperFacts.from_data(data["facts"]), data["used"])


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


def check_papers(work: Path, forum: str, code: str, processes: int = 1) -> list[str]:
    """Check every paper of the last build, write the findings, and return notices.

    `work` is a folder, `forum` the name of the forum's folder. `code` is the digest of the program. New papers are shared among
    `processes` if there are many.
    """
    rules = RuleSet.from_data(read_json(work / "rules.json"))
    rules_json = read_bytes(work / "rules.json")
    files = [*sorted(files_of_kinds(Path(), forum, ".docx").values()), SHIPPED_PHRASES]
    by_meeting = papers_by_meeting(work / "contexts")
    meetings = {name: _papers(work, name, by_meeting[name]) for name in sorted(by_meeting)}
    cache, version = Cache(work / CACHE / FOLDER), cache_key(code, rules_json)
    checker = _PaperChecker(rules, built_files(work), files, cache, version)
    results = checker.results([paper for meeting in meetings.values() for paper in meeting], processes)
    checked = Checked()
    for name, meeting in meetings.items():
        found = _check_meeting(meeting, results, checker)
        data = {"meeting": name, "findings": [vars(finding) for finding in found.findings]}
        write_atomic(work / FOLDER / f"{name}.json", to_json(data))
        checked.include(found)
    for file in (work / FOLDER).glob("*.json"):
        if file.stem not in by_meeting:
            file.unlink()
    write_atomic(work / CHECKED, to_json(checked.as_data()))
    return list(_unused(rules, checked.used))


def _check_meeting(
    papers: list[PaperFile], results: dict[str, CheckedPaper], checker: _PaperChecker
) -> Checked:
    """Return the findings in a meeting's papers, also those from comparing the papers with each other."""
    by_number = {paper.number: paper for paper in papers}
    compared = compare({paper.number: results[paper.file].facts for paper in papers})
    raw = [(paper, finding) for paper in papers for finding in results[paper.file].raw]
    raw += [(by_number[number], finding) for number, finding in compared]
    checked = Checked(len(papers), [f for paper, found in raw if (f := checker.finding(paper, found))])
    for paper, found in raw:
        if found.code == "open-text":
            checked.open.setdefault(paper.file, []).append(f"{found.found}, {found.where}")
    for paper in papers:
        checked.used |= set(results[paper.file].used)
    return checked


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


def paper_findings(rules: RuleSet, texts: PaperTexts, used: set[int]) -> Iterator[RawFinding]:
    """Yield the findings in one paper by itself; the numbers of accepted entries that apply are added to `used`."""
    yield from Nomenclature(rules, used).check(texts)
    yield from OpenText(rules, used).check(texts)
    yield from check_empty(texts)
    yield from check_accessibility(texts)
    yield from check_validity(texts)


class _PaperChecker:
    """The checks of each paper by itself.

    `built` has the papers by their paths below outputs, `templates` are files, `version` is a digest of the
    program and the rules.
    """

    def __init__(
        self, rules: RuleSet, built: Mapping[str, BuiltFile], templates: list[str], cache: Cache, version: str
    ):
        self.rules, self.built, self.templates = rules, built, templates
        self.cache, self.version = cache, version
        self.fact_reader = FactReader(rules)

    def results(self, papers: list[PaperFile], processes: int) -> dict[str, CheckedPaper]:
        """Return file of a paper -> what was found in it. Only new papers are read."""
        found = {paper.file: self.cache.get(self._key(paper)) for paper in papers}
        new = [paper for paper in papers if found[paper.file] is None]
        shared = processes if len(new) >= WORTH_SHARING else 1
        for share in map_in_processes(self._check_new, new, shared, least=2):
            found |= share
        self.cache.remove_unused()
        return {file: CheckedPaper.from_json(result) for file, result in found.items()}

    def _key(self, paper: PaperFile) -> str:
        return cache_key(self.version, paper.sha256)

    def _check_new(self, papers: list[PaperFile]) -> dict[str, bytes]:
        """Check papers; return the results, which are also put into the cache, as JSON."""
        results = {}
        for paper in papers:
            results[paper.file] = self._check(paper).as_json()
            self.cache.put(self._key(paper), results[paper.file])
        return results

    def _check(self, paper: PaperFile) -> CheckedPaper:
        """Return the findings in one paper, and the facts that it states."""
        checked = CheckedPaper()
        try:
            texts = read_texts(self.built[f"{PAPERS}/{paper.file}"].read())
        except PackageError as error:
            found, expected = f"no Word file ({error})", "a file that Word opens"
            todo = "Run make again. If this stays, open the file that the paper was made from in Word."
            checked.raw.append(
                raw_finding("validity", Piece("", "the whole file", ""), found, expected, todo)
            )
            return checked
        used: set[int] = set()
        checked.raw = limit_findings(list(paper_findings(self.rules, texts, used)))
        checked.facts, checked.used = self.fact_reader.facts(texts), sorted(used)
        return checked

    def finding(self, paper: PaperFile, raw: RawFinding) -> Finding | None:
        """Return a finding with its origin and severity; None where config.yaml switches it off."""
        severity = self._severity(paper, raw.code)
        if severity == "off":
            return None
        own = [file for file in self.templates if Path(file).stem in (paper.kind, "cover")]
        templates = dict.fromkeys([*own, *self.templates])
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


def _papers(work: Path, code: str, contexts: list[dict]) -> list[PaperFile]:
    """Return the Word files of a meeting. A received PDF is checked when it is received."""
    by_file = {context["file"]: context for context in contexts}
    manifest = read_manifest(work / "filled" / code)["papers"]
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
