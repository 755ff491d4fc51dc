"""The papers of the last build, as the commands that issue, freeze and package them need them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.rules import Refusal
from papers.problems import Place, Problems, did_you_mean
from papers.store.files import digest, read_bytes
from papers.store.stages import read_manifest
from papers.store.work_files import papers_by_meeting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.numbers import Grammar
    from papers.record.session import LedgerSession, Request

PAPERS = Path("outputs/papers")


@dataclass(frozen=True)
class BuiltPaper:
    """A paper of the last build.

    `file` is relative to outputs/papers; `meeting` is the code of the meeting where it is tabled.
    """

    number: str
    title: str
    kind: str
    file: str
    meeting: str
    made_from: tuple[str, ...]
    restated: bool = False

    @property
    def place(self) -> Place:
        """The paper's file, as messages show it."""
        return Place((PAPERS / self.file).as_posix())


def built_papers(request: Request, problems: Problems) -> list[BuiltPaper]:
    """Return the papers of the last build that a request names; an unknown name is a problem."""
    index = papers_by_meeting(request.work / "contexts")
    if request.meeting and request.meeting not in index:
        report_unknown_meeting(request.meeting, index, problems)
        return []
    papers = [paper for meeting in sorted(index) for paper in _of_meeting(meeting, index[meeting])]
    known = [paper.number for paper in papers]
    for number in sorted({*request.papers} - {*known}):
        report_unknown_paper(number, known, request.grammar, problems)
    return [
        paper
        for paper in papers
        if paper.number in request.papers or (request.meeting and paper.meeting == request.meeting)
    ]


def _of_meeting(meeting: str, papers: list[dict]) -> list[BuiltPaper]:
    return [
        BuiltPaper(
            paper["number"],
            paper["title"],
            paper["kind"],
            paper["file"],
            meeting,
            tuple(paper["made_from"]),
            paper["restated"],
        )
        for paper in papers
    ]


def report_unknown_meeting(code: str, known: Iterable[str], problems: Problems) -> None:
    """Report an unknown meeting; suggest the most similar one."""
    todo = did_you_mean(code, known, "Correct meeting=..., or, for a new meeting, run make new-meeting.")
    expected = f"a meeting with papers: {', '.join(sorted(known))}"
    problems.add(Place("command"), "unknown-meeting", f"meeting={code}", expected, todo)


def report_unknown_paper(number: str, known: list[str], grammar: Grammar, problems: Problems) -> None:
    """Report an unknown number; suggest the number that may be meant."""
    todo = grammar.did_you_mean(number, known, "Correct paper=...")
    expected = "the number of a paper of the inputs"
    problems.add(Place("command"), "unknown-paper", f"paper={number}", expected, todo)


def read_as_built(session: LedgerSession, paper: BuiltPaper) -> bytes:
    """Return the bytes of a paper's file; one that was edited since the build is refused.

    What is issued must follow from the inputs, and an edit in Word does not.
    """
    data = read_bytes(PAPERS / paper.file)
    if digest(data) != read_manifest(session.request.work / "filled" / paper.meeting)["files"][paper.file]:
        todo = "Close it in Word and run the command again; make the change in inputs/."
        found = f"{paper.number}, edited since it was built"
        session.refuse(Refusal(found, "the paper as built", todo), paper.place)
    return data
