"""Prove edits before they are written: on a copy of the inputs, does the next build say what was edited, and nothing else?"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papers.edits.edited_runs import NotMapped
from papers.edits.find_ways import source_of
from papers.edits.input_papers import InputPapers, paper_of, papers_of_inputs
from papers.edits.pairing import pairs
from papers.edits.text_sources import MARKDOWN, YAML_MARKDOWN
from papers.edits.word_copy import same
from papers.edits.write_edits import Edit, FileNotMapped, edited_files, write_files
from papers.problems import Problems
from papers.store.files import digest, read_bytes

if TYPE_CHECKING:
    from papers.edits.compare_papers import CopyChange, CopyComparison
    from papers.edits.find_ways import Way
    from papers.edits.word_copy import CopyParagraph, WordCopy

_BESIDE = "the next build would say something else beside it"


@dataclass
class ProvenEdits:
    """The edits that can be written: file -> its new content; by change the place of what it changes.

    `before` has the digests of these files as they were read. `follows` are other paragraphs of the paper that change with them, `others` other papers.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)  # by the id of the change
    follows: list[CopyParagraph] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    others_issued: list[str] = field(default_factory=list)


class EditProof:
    """Tries the ways of all changes together, on a copy of the inputs, until each change is proven or has no way left."""

    def __init__(self, comparison: CopyComparison, copy: WordCopy, papers: InputPapers, forum: str):
        self.comparison, self.copy, self.papers, self.forum = comparison, copy, papers, forum
        self.number = comparison.paper.context["number"]

    def prove(self) -> ProvenEdits:
        """Return the edits that the next build turns into the edited text; other changes get their reason."""
        tried = {change: 0 for change in self.comparison.changes if change.ways}
        while tried:
            ways = {change: change.ways[at] for change, at in tried.items()}
            edits, bad = _merged(ways)
            proven = ProvenEdits() if bad else self._try(ways, edits, bad)
            if not bad:
                proven.places = {id(change): way.place for change, way in ways.items()}
                return proven
            for change, reason in bad.items():
                tried[change] += 1
                if tried[change] == len(change.ways):
                    change.reason = f"{reason} ({change.ways[0].place})"
                    del tried[change]
        return ProvenEdits()

    def _try(
        self, ways: dict[CopyChange, Way], edits: dict[Edit, Any], bad: dict[CopyChange, str]
    ) -> ProvenEdits:
        """Build the paper from a copy of the inputs with these edits; note in `bad` the changes that fail."""
        with tempfile.TemporaryDirectory() as folder:
            root, problems = Path(folder), Problems()
            shutil.copytree("inputs", root / "inputs")
            for name in ("config.yaml", "templates"):
                copy_one = shutil.copytree if Path(name).is_dir() else shutil.copy
                copy_one(name, root / name)
            try:
                proven = ProvenEdits(edited_files(root, edits))
            except NotMapped as reason:
                _blame(ways, {reason.file} if isinstance(reason, FileNotMapped) else set(), str(reason), bad)
                return ProvenEdits()
            proven.before = {file: digest(read_bytes(root / file)) for file in proven.files}
            write_files(root, proven.files)
            after = papers_of_inputs(root, self.forum, problems)
            if after is None or self.number not in after.papers:
                files = {problem.place.file for problem in problems.found}
                _blame(ways, files, "; ".join(problems.lines()[:3]), bad)
                return ProvenEdits()
        self._check(ways, paper_of(after.worded(self.number)[0], self.forum).paragraphs, proven, bad)
        if not bad:
            self._note_others(after, proven)
        return proven

    def _check(
        self,
        ways: dict[CopyChange, Way],
        after: list[CopyParagraph],
        proven: ProvenEdits,
        bad: dict[CopyChange, str],
    ) -> None:
        """Check that each edited paragraph is as in the copy, and that no other text of Markdown changes."""
        said = {id(new): built for built, new in pairs(after, self.copy.paragraphs) if built and new}
        then = list(pairs(self.comparison.paper.paragraphs, after))
        left = {id(now): built for now, built in then if now}
        mine: set[int] = set()
        for change in ways:
            if not self._is_said(change, said, left):
                bad[change] = "the next build would not say it"
            mine |= {id(one) for one in (*change.olds, *(said.get(id(new)) for new in change.news))}
        for now, built in then:
            if (now and built and same(now, built)) or {id(now), id(built)} & mine:
                continue
            source = source_of(self.comparison.paper, now, MARKDOWN, YAML_MARKDOWN)
            if source:
                _blame(ways, {source.file}, _BESIDE, bad, others=False)
            elif built:
                proven.follows.append(built)

    def _is_said(
        self, change: CopyChange, said: dict[int, CopyParagraph], left: dict[int, CopyParagraph | None]
    ) -> bool:
        if change.new is None:
            built = left.get(id(change.now))
            return built is None or change.now is None or not same(built, change.now)
        return all((built := said.get(id(new))) is not None and same(built, new) for new in change.news)

    def _note_others(self, after: InputPapers, proven: ProvenEdits) -> None:
        """Note the other papers that change too."""
        for number in after.papers:
            if number == self.number or number not in self.papers.papers:
                continue
            context = after.worded(number)[0]
            if context["fields"] != self.papers.worded(number)[0]["fields"]:
                (proven.others_issued if context["issued"] else proven.others).append(number)


def _merged(ways: dict[CopyChange, Way]) -> tuple[dict[Edit, Any], dict[CopyChange, str]]:
    """Return all edits, and the changes that edit one input in different ways."""
    edits: dict[Edit, Any] = {}
    owners: dict[Edit, list[CopyChange]] = defaultdict(list)
    bad: dict[CopyChange, str] = {}
    for change, way in ways.items():
        for key, new in way.edits.items():
            if edits.setdefault(key, new) != new:
                reason = "the same input is edited in another way elsewhere in the paper"
                bad |= dict.fromkeys([change, *owners[key]], reason)
            owners[key].append(change)
    return edits, bad


def _blame(
    ways: dict[CopyChange, Way], files: set[str], reason: str, bad: dict[CopyChange, str], others: bool = True
) -> None:
    """Give a reason to the changes whose edits are in some files; to all of them if there are none and `others`."""
    named = [change for change, way in ways.items() if any(file in files for _, file, _ in way.edits)]
    bad |= {change: reason for change in named or (list(ways) if others else []) if change not in bad}
