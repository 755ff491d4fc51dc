"""Which papers are compared: each revision with what it revises, each updated schedule with the last."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from papers.store.files import is_word
from papers.store.work_files import UPDATED_SCHEDULE, papers_by_meeting, read_grammar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from papers.numbers import Grammar


@dataclass(frozen=True)
class ComparedPaper:
    """A paper as it is compared.

    `date` is that of its properties, like 2018-09-12T00:00:00Z; `file` is its path below outputs/papers. An
    earlier paper that is no longer built has the path of its archived file in `archived`; `revises` is such
    a paper.
    """

    number: str
    title: str
    kind: str
    file: str
    author: str
    date: str
    plan: str = ""  # the folder of its plan
    edition: str = ""  # the name of the edition of the schedule in it
    archived: str = ""
    revises: ComparedPaper | None = None


@dataclass(frozen=True)
class Pair:
    """Two papers to compare: as a whole, or only the implementation schedule in them."""

    old: ComparedPaper
    new: ComparedPaper
    only_schedule: bool = False

    @property
    def file(self) -> str:
        """The path of the comparison below outputs/changes."""
        place = PurePosixPath(self.new.file)
        return place.with_stem(f"{place.stem}_changes").as_posix()

    @property
    def title(self) -> str:
        return f"{self.new.title}: changes since {self.old.number}"


def find_pairs(papers: Iterable[ComparedPaper], grammar: Grammar) -> list[Pair]:
    """Return the pairs among these papers and the papers that they revise, in order of date."""
    ordered = sorted(papers, key=_age)
    by_number = {paper.number: paper for paper in ordered}
    pairs = []
    for paper in ordered:
        if revised := _revised(paper, by_number, grammar):
            pairs += [Pair(revised, paper)] if _are_word(paper, revised) else []
        elif paper.kind == UPDATED_SCHEDULE and (older := _schedule_before(paper, ordered)):
            pairs.append(Pair(older, paper, only_schedule=True))
    return pairs


def not_compared(contexts: Path) -> list[str]:
    """Return a notice for each revision that cannot be compared, because it or the paper it revises is a PDF.

    `contexts` is outputs/work/<forum>/contexts.
    """
    by_number, grammar = {paper.number: paper for _, paper in _papers(contexts)}, read_grammar(contexts)
    revisions = ((paper, _revised(paper, by_number, grammar)) for _, paper in sorted(by_number.items()))
    return [
        f"{paper.number} is not compared with {old.number}, because one of them is a PDF: compare them by eye"
        for paper, old in revisions
        if old and not _are_word(paper, old)
    ]


def _are_word(*papers: ComparedPaper) -> bool:
    return all(is_word(paper.file) for paper in papers)


def _age(paper: ComparedPaper) -> tuple[str, str]:
    return paper.date, paper.number


def _revised(
    paper: ComparedPaper, by_number: dict[str, ComparedPaper], grammar: Grammar
) -> ComparedPaper | None:
    """Return the newest version before this one, built or issued; None if there is none.

    rev2 revises rev1 or, if there is no rev1, the paper itself.
    """
    base, revision = grammar.split(paper.number)
    if not revision:
        return None
    by_number = {paper.revises.number: paper.revises, **by_number} if paper.revises else by_number
    earlier = (grammar.with_revision(base, number) for number in range(revision - 1, -1, -1))
    return next((by_number[name] for name in earlier if name in by_number), None)


def _schedule_before(paper: ComparedPaper, ordered: list[ComparedPaper]) -> ComparedPaper | None:
    """Return the latest earlier paper of its plan with an older edition; a review may have the same edition."""
    same_plan = [other for other in ordered if other.plan == paper.plan and other.edition]
    older = [other for other in same_plan if other.edition < paper.edition and _age(other) < _age(paper)]
    return older[-1] if older else None


def _papers(contexts: Path) -> Iterator[tuple[str, ComparedPaper]]:
    """Yield (code of the meeting, paper) for every paper, as the inputs were last read."""
    for meeting, papers in papers_by_meeting(contexts).items():
        for paper in papers:
            facts = {key: paper[key] for key in ("number", "title", "kind", "file", "plan", "edition")}
            properties = {key: paper["properties"][key] for key in ("author", "date")}
            revises = _archived_paper(paper["revises"], paper["kind"]) if paper["revises"] else None
            yield meeting, ComparedPaper(**facts, **properties, revises=revises)


def _archived_paper(revised: dict, kind: str) -> ComparedPaper:
    """Return a paper that was issued and is no longer built, from the context of its revision."""
    facts = {key: revised[key] for key in ("number", "title", "file")}
    return ComparedPaper(**facts, kind=kind, author="", date="", archived=revised["kept"])


def pairs_by_meeting(contexts: Path) -> dict[str, list[Pair]]:
    """Return code of a meeting -> the pairs whose newer paper is of that meeting.

    Meetings without a pair are left out.
    """
    return _pairs_and_meetings(contexts, _last_read(contexts))[0]


def meetings_compared(contexts: Path, meeting: str) -> list[str]:
    """Return the meetings whose papers are needed for the pairs of this meeting."""
    pairs, meeting_of = _pairs_and_meetings(contexts, _last_read(contexts))
    compared = (paper for pair in pairs[meeting] for paper in (pair.old, pair.new))
    return sorted({meeting_of[paper] for paper in compared if not paper.archived})


def _last_read(contexts: Path) -> int:
    return (contexts / "index.json").stat().st_mtime_ns


@cache  # the Snakefile asks once per meeting
def _pairs_and_meetings(
    contexts: Path, _last_read: int
) -> tuple[dict[str, list[Pair]], dict[ComparedPaper, str]]:
    meeting_of = {paper: meeting for meeting, paper in _papers(contexts)}
    found: dict[str, list[Pair]] = {}
    for pair in find_pairs(meeting_of, read_grammar(contexts)):
        found.setdefault(meeting_of[pair.new], []).append(pair)
    return found, meeting_of
