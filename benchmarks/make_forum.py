"""Make a synthetic forum of any size: `make_forum.py FOLDER --meetings 20 --papers 15 --rows 60`.

FOLDER becomes a copy of the project with that many meetings, papers in each meeting, and rows in each schedule. Build it
with its own `scripts/forum_papers.py build`. `forum.edit_cell` changes a cell that only the meeting forum.EDITED uses.
"""

from __future__ import annotations

import argparse
import sys
from copy import deepcopy
from pathlib import Path

import forum
import openpyxl

_FIRST = 100  # ordinal of the first meeting that is added


def make_forum(to: Path, meetings: int, papers: int, rows: int) -> None:
    """Write the forum; its papers are Strategic Plans like the real one, with schedule and Terms of Reference."""
    forum.copy_project(to, others=1)
    folder = to / forum.FOLDER / "meetings"
    (folder / f"{forum.MEETING}.yaml").unlink()
    source = forum.read_yaml(folder / f"{forum.EDITED}.yaml")
    for at in range(meetings):
        code = f"SMEWG{_FIRST + at}" if at else forum.EDITED
        edition = 2016 if at else forum.EDITION
        _write_meeting(folder / f"{code}.yaml", source, code, edition, papers)
    schedule = to / forum.PLAN / "schedule"
    _lengthen(schedule / "2016.xlsx", rows)
    forum.add_edition(schedule)


def _write_meeting(path: Path, like: dict, code: str, edition: int, papers: int) -> None:
    (paper,) = like["papers"]
    made = [
        {**deepcopy(paper), "number": f"2016/{code}/{3 + n:03d}", "schedule": edition} for n in range(papers)
    ]
    meeting = {**like, "code": code, "ordinal": int(code[5:]), "papers": made}
    forum.write_yaml(path, meeting)


def _lengthen(path: Path, rows: int) -> None:
    """Add activities like the existing ones, up to this number of rows."""
    book = openpyxl.load_workbook(path)
    sheet = book["Schedule"]
    known = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2) if row[0].value]
    for at in range(len(known), rows):
        like = known[at % len(known)]
        sheet.append([f"2016-S{at:05d}", like[1], f"A synthetic activity {at}", *like[3:]])
    book.save(path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for name in ("meetings", "papers", "rows"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args()
    if given.folder.exists():
        sys.exit(
            f"{given.folder}: found an existing folder; expected the name of a new one. Choose another, or delete it."
        )
    make_forum(given.folder, given.meetings, given.papers, given.rows)
