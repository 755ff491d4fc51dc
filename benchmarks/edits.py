"""Measure builds after one edit, compared with builds with nothing to do: of the shipped set, and of many received papers.

Run: .venv/bin/python benchmarks/edits.py [received papers]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import builds
import docx
import forum
import openpyxl
from turns import measure_in_turn

TURNS, TARGET = 3, 2.0  # the target: greatest time, compared with nothing to do
RECEIVED, IN_MEETING = 300, 15
SCHEDULE, RETURN = f"{forum.PLAN}/schedule/2018.xlsx", f"{forum.PLAN}/indicators/2018/per.xlsx"
SENT = f"{forum.FOLDER}/received/SMEWG47/viet-nam-digital-trade.docx"


def main(received: int) -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        shipped, many = Path(name) / "shipped", Path(name) / "many"
        forum.copy_shipped(shipped)
        _measure(
            "shipped set, a cell of the schedule",
            shipped,
            lambda text: _write_cell(shipped / SCHEDULE, "C2", text),
        )
        _measure("shipped set, a return", shipped, lambda text: _write_cell(shipped / RETURN, "C7", text))
        _measure("shipped set, a received paper", shipped, lambda text: _write_text(shipped / SENT, text))
        changed = _add_received(many, received)
        _measure(f"{received} received papers, one of them", many, lambda text: _write_text(changed, text))
    return 0


def _measure(what: str, project: Path, edit: Callable[[str], None]) -> None:
    """Print the seconds of a build after an edit and with nothing to do, and the meetings that were filled."""
    builds.build(project)
    filled: set[str] = set()
    edits = count(1)
    _, edited, no_op = measure_in_turn(
        TURNS,
        lambda: edit(f"A synthetic text, edit {next(edits)}"),
        lambda: filled.update(builds.build(project)),
        lambda: builds.build(project),
    )
    ratio = f"{edited / no_op:.2f} x (at most {TARGET:g} x)"
    print(
        f"{what}: {edited:.2f} s, nothing to do {no_op:.2f} s, {ratio}; filled: {', '.join(sorted(filled))}",
        flush=True,
    )


def _write_cell(book: Path, cell: str, text: str) -> None:
    """Write a text into a cell of the first sheet."""
    workbook = openpyxl.load_workbook(book)
    workbook.worksheets[0][cell] = text
    workbook.save(book)


def _write_text(file: Path, text: str) -> None:
    """Write a text into the last paragraph of a Word file."""
    document = docx.Document(file)
    document.paragraphs[-1].text = text
    document.save(file)


def _add_received(project: Path, papers: int) -> Path:
    """Make a forum whose meetings have received papers alone, all different; return the file of one of them."""
    forum.copy_project(project, others=1)
    folder = project / forum.FOLDER
    like = forum.read_yaml(folder / "meetings" / f"{forum.EDITED}.yaml")
    sent = forum.ROOT / SENT
    for start in range(0, papers, IN_MEETING):
        code = f"SMEWG{100 + start // IN_MEETING}"
        (folder / "received" / code).mkdir(parents=True)
        entries = []
        for at in range(1, min(IN_MEETING, papers - start) + 1):
            file = folder / "received" / code / f"paper-{at}.docx"
            file.write_bytes(sent.read_bytes())
            _write_text(file, f"Paper {start + at}")
            entry = {
                "number": f"2016/{code}/{at:03d}",
                "title": f"Paper {start + at}",
                "submitted_by": ["Viet Nam"],
            }
            entries.append({**entry, "file": f"received/{code}/paper-{at}.docx"})
        meeting = {**like, "code": code, "ordinal": int(code[5:]), "papers": entries}
        forum.write_yaml(folder / "meetings" / f"{code}.yaml", meeting)
    return file


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RECEIVED))
