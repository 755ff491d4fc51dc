"""projects/<session>.xlsx: the proposals of a session and the scores that members gave them, as rows that know their cells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from papers.problems import Problems
from papers.reading.workbook import Column, Row, read_sheet

PROPOSALS = {
    "number": Column("Project number"),
    "title": Column("Title"),
    "proposing": Column("Proposing economies"),
    "co_sponsors": Column("Co-sponsors", optional=True),
    "priority_area": Column("Priority area", optional=True),
    "link": Column("Link"),
    "funding": Column("Funding requested (USD)", "whole"),
}
SCORES = {
    "number": Column("Project number"),
    "member": Column("Member"),
    "score": Column("Score (1-10)", "whole"),
}
_BESIDE = ("Lists", "Notes")


@dataclass(frozen=True)
class ProjectsBook:
    """A session's workbook: `session` is its name, such as 2018-1."""

    session: str
    file: str
    proposals: list[Row]
    scores: list[Row]


def read_projects(path: Path, name: str, session: str, problems: Problems) -> ProjectsBook:
    """Both sheets of a session's workbook; problems are added, all of them."""
    proposals = read_sheet(path, name, "Proposals", PROPOSALS, ("Scores", *_BESIDE), problems)
    scores = read_sheet(path, name, "Scores", SCORES, ("Proposals", *_BESIDE), problems)
    return ProjectsBook(session, name, proposals, scores)
