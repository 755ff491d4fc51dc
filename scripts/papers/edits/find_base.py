"""Find the paper that an edited copy was made from, among those that were given away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from papers.docx.package import PackageError
from papers.edits.word_copy import read_copy, words_of
from papers.ledger.archive import archive_folder
from papers.store.delivery import PAPER_FILES, Delivery, earlier_papers
from papers.store.files import DamagedFile, digest, read_bytes
from papers.store.locks import OUTPUTS
from papers.store.stages import staged_files
from papers.store.work_files import work_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.edits.input_papers import SourcedPaper
    from papers.edits.word_copy import CopyParagraph, WordCopy


@dataclass(frozen=True)
class Base:
    """The paper that a copy was made from, and where it is.

    `others` are the texts of each other paper that was given away under its number. If it `is_certain`, the copy has the
    same text but for its tracked changes.
    """

    copy: WordCopy
    where: str
    others: list[set[str]] = field(default_factory=list)
    is_certain: bool = False

    @property
    def paragraphs(self) -> list[CopyParagraph]:
        return self.copy.paragraphs

    def may_be_older(self, old: CopyParagraph | None, new: CopyParagraph | None) -> bool:
        """Return whether what looks like an edit may be the text of another paper, from which the copy was made."""
        if self.is_certain:
            return False
        if new is None:
            return old is not None and any(old.text not in texts for texts in self.others)
        known = {one.text for one in self.paragraphs}
        return new.text not in known and any(new.text in texts for texts in self.others)


def find_base(copy: WordCopy, paper: SourcedPaper, forum: str) -> Base:
    """Return the paper that has most in common with a copy before its edits, of those that were given away.

    Of two with as much in common it is the earlier one: where they differ, a conflict is reported, and no newer text of the
    inputs is overwritten. Before the first delivery it is the paper as the inputs give it now.
    """
    best, most, seen = Base(paper.copy, "the paper as the inputs give it now"), (-1.0, -1.0), set()
    given: list[WordCopy] = []
    for where, data in _candidates(paper, forum):
        if (sha256 := digest(data)) in seen:
            continue
        seen.add(sha256)
        try:
            earlier = read_copy(data)
        except PackageError:
            continue  # an archived file that is damaged is reported by the build
        given.append(earlier)
        if (common := _in_common(copy, earlier)) >= most:
            best, most = Base(earlier, where), common
    others = [{one.text for one in other.paragraphs} for other in given if other is not best.copy]
    return replace(best, others=others, is_certain=most[0] == 1)


def _in_common(copy: WordCopy, other: WordCopy) -> tuple[float, float]:
    """Return the share of paragraphs that two files have in common, and that of the words in all others."""
    mine, theirs = (Counter(one.text for one in file.paragraphs) for file in (copy, other))
    words = [
        Counter(word for text in (side - both).elements() for word in words_of(text))
        for side, both in ((mine, theirs), (theirs, mine))
    ]
    return _share(mine, theirs), _share(*words)


def _share(mine: Counter[str], theirs: Counter[str]) -> float:
    return 2 * (mine & theirs).total() / max(1, mine.total() + theirs.total())


def _candidates(paper: SourcedPaper, forum: str) -> Iterator[tuple[str, bytes]]:
    """Yield place and bytes of each file that the paper was given away as, the latest first."""
    file, work = paper.context["file"], work_folder(forum)
    delivered = OUTPUTS / PAPER_FILES.folder / file
    if delivered.is_file():
        data = read_bytes(delivered)
        if digest(data) in Delivery(PAPER_FILES, work, OUTPUTS).known.get(file, []):
            yield delivered.as_posix(), data
    for stage in PAPER_FILES.folders(work):
        try:
            if ref := staged_files(stage).get(file):
                yield ref.path.as_posix(), ref.read()
        except DamagedFile:
            continue
    paths = [*earlier_papers(work, file), *_archived(paper, forum)]
    yield from ((path.as_posix(), read_bytes(path)) for path in paths if path.is_file())


def _archived(paper: SourcedPaper, forum: str) -> list[Path]:
    issued, revises = paper.context["issued"], paper.context["revises"]
    named = [Path(issued["kept"])] if issued else []
    named += [Path(revises["kept"])] if revises else []
    folder = archive_folder(forum)
    return [*named, *sorted(folder.rglob(f"{Path(paper.context['file']).stem}*.docx"))]
