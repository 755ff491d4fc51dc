"""Which papers are compared: each revision with what it revises, each year's schedule with the last one.

Standard library only, as every build asks it; the comparing itself is in redlines.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from papers.numbers import split_number, with_revision
from papers.store.contexts import papers_by_meeting
from papers.store.files import is_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# As in papers.wording.kinds.implementation_schedule, which would cost each build a tenth of a second to import.
UPDATED = "updated-schedule"


@dataclass(frozen=True)
class ComparedPaper:
    """A paper as it is compared. `date`, of its properties, is like 2018-09-12T00:00:00Z; `file` lies below outputs/papers.

    `kept` is the path of an earlier paper that is no longer built, as it was issued; `revises` is such a paper.
    """

    number: str
    title: str
    kind: str
    file: str
    author: str
    date: str
    edition: int | None = None  # the year of the schedule in it
    kept: str = ""
    revises: ComparedPaper | None = None


@dataclass(frozen=True)
class Pair:
    """Two papers to compare: as a whole, or only the implementation schedule in them."""

    old: ComparedPaper
    new: ComparedPaper
    only_schedule: bool = False

    @property
    def file(self) -> str:
        """The place of the comparison, below outputs/changes."""
        place = PurePosixPath(self.new.file)
        return place.with_stem(f"{place.stem}_changes").as_posix()

    @property
    def title(self) -> str:
        return f"{self.new.title}: changes since {self.old.number}"


def pairs(papers: Iterable[ComparedPaper]) -> list[Pair]:
    """The pairs among these papers and what they revise, in order of date."""
    ordered = sorted(papers, key=_age)
    known = {paper.number: paper for paper in ordered}
    found = []
    for paper in ordered:
        if revised := _revised(paper, known):
            found += [Pair(revised, paper)] if _are_word(paper, revised) else []
        elif paper.kind == UPDATED and (older := _schedule_before(paper, ordered)):
            found.append(Pair(older, paper, only_schedule=True))
    return found


def _are_word(*papers: ComparedPaper) -> bool:
    return all(is_word(paper.file) for paper in papers)


def not_compared(contexts: Path) -> list[str]:
    """A note for each revision that no program compares, as it or what it revises is a PDF."""
    known = {paper.number: paper for _, paper in versions(contexts)}
    revisions = ((paper, _revised(paper, known)) for _, paper in sorted(known.items()))
    return [
        f"{paper.number} is not compared with {old.number}, as one of them is a PDF: look at both"
        for paper, old in revisions
        if old and not _are_word(paper, old)
    ]


def _age(paper: ComparedPaper) -> tuple[str, str]:
    return paper.date, paper.number


def _revised(paper: ComparedPaper, known: dict[str, ComparedPaper]) -> ComparedPaper | None:
    """The newest version before this one, built or issued: rev2 revises rev1, or, where that is not there, the paper itself."""
    base, revision = split_number(paper.number)
    if not revision:
        return None
    known = {paper.revises.number: paper.revises, **known} if paper.revises else known
    before = (with_revision(base, earlier) for earlier in range(revision - 1, -1, -1))
    return next((known[name] for name in before if name in known), None)


def _schedule_before(paper: ComparedPaper, ordered: list[ComparedPaper]) -> ComparedPaper | None:
    """The latest earlier paper with an older edition; a review may show the same edition as this paper does."""
    older = [o for o in ordered if o.edition and o.edition < paper.edition and _age(o) < _age(paper)]
    return older[-1] if older else None


def versions(contexts: Path) -> Iterator[tuple[str, ComparedPaper]]:
    """(code of meeting, paper) for every paper of the last reading of the inputs."""
    for name, papers in papers_by_meeting(contexts).items():
        for paper in papers:
            own = {key: paper[key] for key in ("number", "title", "kind", "file")}
            said = {key: paper["properties"][key] for key in ("author", "date")}
            before = paper["revises"]
            revises = ComparedPaper(**before, kind=paper["kind"], author="", date="") if before else None
            yield name, ComparedPaper(**own, **said, edition=paper["edition"], revises=revises)


def pairs_by_meeting(contexts: Path) -> dict[str, list[Pair]]:
    """Code of meeting -> the pairs whose newer paper is of that meeting; meetings without a pair are not there."""
    return _pairs_by_meeting(contexts, (contexts / "index.json").stat().st_mtime_ns)[0]


def meetings_compared(contexts: Path, meeting: str) -> list[str]:
    """The meetings whose papers the pairs of this meeting need."""
    _, homes = _pairs_by_meeting(contexts, (contexts / "index.json").stat().st_mtime_ns)
    compared = (paper for pair in pairs_by_meeting(contexts)[meeting] for paper in (pair.old, pair.new))
    return sorted({homes[paper] for paper in compared if not paper.kept})


@cache  # the Snakefile asks once a meeting
def _pairs_by_meeting(
    contexts: Path, _written: int
) -> tuple[dict[str, list[Pair]], dict[ComparedPaper, str]]:
    homes = {paper: meeting for meeting, paper in versions(contexts)}
    found: dict[str, list[Pair]] = {}
    for pair in pairs(homes):
        found.setdefault(homes[pair.new], []).append(pair)
    return found, homes
