"""Compare an edited copy with the paper that it was made from, and with the paper as the inputs give it now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.edits.edited_runs import NotMapped, TouchedFigure
from papers.edits.find_ways import (
    Way,
    check_characters,
    source_of,
    touched_figure,
    way_of_parts,
    ways_of,
    ways_of_new,
    ways_without,
)
from papers.edits.pairing import opcodes, pairs
from papers.edits.text_sources import MARKDOWN
from papers.edits.word_copy import same, words_of

if TYPE_CHECKING:
    from papers.edits.find_base import Base
    from papers.edits.input_papers import SourcedPaper
    from papers.edits.word_copy import CopyParagraph, WordCopy

    Pair = tuple[CopyParagraph | None, CopyParagraph | None]

_OLDER = (
    "another paper that was given away under this number is the same here, and the copy may have been made from that one:"
    " edit the input by hand"
)
_LEAST_SHARED = 0.6  # of the letters of a paragraph that is taken for a part of another


@dataclass(eq=False)
class CopyChange:
    """A paragraph that was edited: `old` in the paper that the copy was made from, `now` in the paper of today's inputs.

    There are ways to write it, or a reason why there are none; in a conflict, the inputs have changed since.
    """

    old: CopyParagraph | None
    new: CopyParagraph | None
    now: CopyParagraph | None = None
    ways: list[Way] = field(default_factory=list)
    reason: str = ""
    conflict: bool = False
    # Of today's paper and of the copy, with paragraphs that were split from this one or joined with it.
    olds: list[CopyParagraph] = field(default_factory=list)
    news: list[CopyParagraph] = field(default_factory=list)

    @property
    def where(self) -> str:
        paragraph = self.new or self.old
        return paragraph.where if paragraph else ""


class CopyComparison:
    """The changes of a copy. `done` counts those that the inputs have already."""

    def __init__(self, copy: WordCopy, base: Base, paper: SourcedPaper):
        self.paper, self.base, self.done = paper, base, 0
        self.now_of = self._now(base)
        self.both: list[Pair] = list(pairs(base.paragraphs, copy.paragraphs))
        self.changes = self._changes()

    def _now(self, base: Base) -> dict[int, CopyParagraph]:
        """Return the paragraph of today's paper by the id of that of the base."""
        return {id(old): now for old, now in pairs(base.paragraphs, self.paper.paragraphs) if old and now}

    def _changes(self) -> list[CopyChange]:
        found: list[CopyChange] = []
        now = {id(one) for one in self.now_of.values()}
        added = [one for one in self.paper.paragraphs if id(one) not in now]
        groups = self._groups()
        joined_to = {part: main for main, parts in groups.items() for part in parts if part != main}
        for at, (old, new) in enumerate(self.both):
            if at in joined_to or (old and new and same(old, new)):
                continue
            change = CopyChange(old, new, self.now_of.get(id(old)) if old else None)
            if self._is_done(change, added):
                self.done += 1
                continue
            found.append(change)
            if old and (reason := self._conflict(change)):
                change.conflict, change.reason = True, reason
            elif self.base.may_be_older(old, new):
                change.reason = _OLDER
            else:
                self._find_ways(change, groups.get(at, [at]), len(found))
        return found

    def _groups(self) -> dict[int, list[int]]:
        """Return position of a changed pair -> those of the paragraphs that were split from it or joined with it, and its own."""
        groups: dict[int, list[int]] = {}
        taken: set[int] = set()
        for at, (old, new) in enumerate(self.both):
            if old and new and not same(old, new):
                parts = [one for one in self._parts(at) if one not in taken]
                if len(parts) > 1:
                    groups[at] = parts
                    taken |= {*parts}
        return groups

    def _is_done(self, change: CopyChange, added: list[CopyParagraph]) -> bool:
        """Return whether the paper of today's inputs has a change already."""
        if change.new is None:
            return change.now is None
        if change.old is None:
            return any(same(one, change.new) for one in added)
        return change.now is not None and same(change.now, change.new)

    def _conflict(self, change: CopyChange) -> str:
        """Return what today's paper says in place of the paragraph that was edited; "" if that is the same."""
        if change.now is None:
            return "the inputs have no such paragraph any more"
        if change.old and not same(change.old, change.now):
            return f'the inputs have changed since; they now say "{change.now.text}"'
        return ""

    def _find_ways(self, change: CopyChange, group: list[int], order: int) -> None:
        pairs_of_it = [self.both[at] for at in group]
        change.olds = [self.now_of[id(old)] for old, _ in pairs_of_it if old and id(old) in self.now_of]
        change.news = [new for _, new in pairs_of_it if new]
        try:
            for new in change.news:
                check_characters(new)
            change.ways = self._ways(change, group, order)
        except TouchedFigure as reason:
            change.reason = touched_figure(self.paper, reason)
        except NotMapped as reason:
            change.reason = str(reason)

    def _ways(self, change: CopyChange, group: list[int], order: int) -> list[Way]:
        if len(group) > 1:
            return [way_of_parts(self.paper, change.olds, change.news)]
        if change.now and change.new:
            return ways_of(self.paper, change.now, change.new)
        if change.now:
            return ways_without(self.paper, change.now)
        return ways_of_new(self.paper, change.news[0], self._near(group[0]), order)

    def _near(self, at: int) -> tuple[CopyParagraph | None, CopyParagraph | None]:
        """Return the nearest paragraphs of today's paper before and after a new one."""
        before = (self.now_of.get(id(old)) for old, _ in reversed(self.both[:at]) if old)
        after = (self.now_of.get(id(old)) for old, _ in self.both[at + 1 :] if old)
        return next(before, None), next(after, None)

    def _parts(self, at: int) -> list[int]:
        """Return the positions of a paragraph and of those beside it that were split from it or joined with it."""
        old, new = self.both[at]
        if not source_of(self.paper, self.now_of.get(id(old)), MARKDOWN) or (old and old.cell):
            return [at]
        beside = (one for one in (at - 1, at + 1) if 0 <= one < len(self.both))
        parts = [one for one in beside if old and new and self._is_part(*self.both[one], old, new)]
        return sorted([at, *parts])

    def _is_part(
        self,
        old_beside: CopyParagraph | None,
        new_beside: CopyParagraph | None,
        old: CopyParagraph,
        new: CopyParagraph,
    ) -> bool:
        """Return whether the paragraph beside is a part of the old one that stands alone now, or went into the new one."""
        if (old_beside is None) == (new_beside is None):
            return False
        part, whole = (old_beside, new) if old_beside else (new_beside, old)
        if part is None or part.cell:
            return False
        if old_beside:
            sources = [source_of(self.paper, self.now_of.get(id(one)), MARKDOWN) for one in (old_beside, old)]
            if not (sources[0] and sources[1] and sources[0].file == sources[1].file):
                return False
        words, all_words = words_of(part.text), words_of(whole.text)
        kept = [words[a:b] for kind, a, b, *_ in opcodes(words, all_words) if kind == "equal"]
        return sum(map(len, ("".join(one) for one in kept))) > _LEAST_SHARED * len(part.text)
