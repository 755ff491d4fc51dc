"""What other commands made from a paper, added to its entry where it exists: PDF, redlines, findings, traces.

Each is read by one function here. A file that no command has made yet is not linked.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from papers.register.facts import (
    RegisterEntry,
    RegisterFinding,
    RegisterRedline,
    TraceCell,
    TracedFigure,
    TraceFile,
)
from papers.store.changed_files import digests
from papers.store.files import to_json, write_atomic
from papers.store.output_files import CHANGES, PDF
from papers.store.work_files import manifests, outdated_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RELATED_FILES = (
    "related.json"  # below outputs/work: the state of the watched folders when the register was last written
)
_WATCHED = (PDF, CHANGES, "work/changes/filled")


class TraceStore:
    """All trace files below a folder.

    `store` is a file that keeps their digests and numbers of figures, so that an unchanged trace is not
    read again.
    """

    def __init__(self, folder: Path, store: Path):
        self.folder = folder
        known = json.loads(store.read_bytes()) if store.is_file() else {}
        self.found = digests(sorted(file.as_posix() for file in folder.rglob("*.json")), known)
        for file, facts in self.found.items():
            if len(facts) == 3:  # its number of figures is not known yet
                facts.append(len(json.loads(Path(file).read_bytes())["figures"]))
        if self.found != known:
            write_atomic(store, to_json(self.found))

    def get(self, trace: str) -> TraceFile | None:
        """Return the trace at this path below the folder; None if there is none or it has no figure."""
        file = (self.folder / trace).as_posix()
        _, _, sha256, count = self.found.get(file, (0, 0, "", 0))
        return TraceFile(file, sha256, count) if count else None


def read_figures(trace: TraceFile) -> Iterator[TracedFigure]:
    """Yield the figures of a trace in order, each with its cells.

    A computed figure has the cells of all its operands.
    """
    data = json.loads(Path(trace.file).read_bytes())
    sources = [[_cell(cell) for cell in source["cells"]] for source in data["sources"]]
    for figure in data["figures"]:
        used = dict.fromkeys(at for operand in figure.get("of", [figure]) for at in operand["sources"])
        cells = tuple(cell for at in used for cell in sources[at])
        yield TracedFigure(*(str(figure.get(key) or "") for key in ("figure", "what", "where")), cells)


def _cell(cell: dict) -> TraceCell:
    texts = {key: str(cell.get(key) or "") for key in ("file", "sheet", "title", "economy")}
    place = cell.get("cell") or (f"line {cell['line']}" if cell.get("line") else "")
    return TraceCell(**texts, cell=place, value="" if cell.get("value") is None else str(cell["value"]))


class RelatedFiles:
    """All related files, read once. `base` is the register's folder."""

    def __init__(self, work: Path, base: Path, entries: Iterable[RegisterEntry]):
        self.base, self.traces = base, TraceStore(work / "traces", work / "traced.json")
        self.redlines = dict(_redlines(work, base, list(entries)))
        self.findings = _findings(work)

    def add_to(self, entry: RegisterEntry) -> RegisterEntry:
        """Return the entry with its PDF, redlines, findings and trace."""
        place = _below_papers(entry.file) if entry.file else None
        return replace(
            entry,
            pdf=self._if_file(f"{PDF}/{place.with_suffix('.pdf')}") if place else "",
            redlines=tuple(self.redlines.get(entry.number, ())),
            findings=self._findings_of(entry),
            trace=self.traces.get(place.with_suffix(".json").as_posix()) if place else None,
        )

    def _if_file(self, place: str) -> str:
        return place if (self.base / place).is_file() else ""

    def _findings_of(self, entry: RegisterEntry) -> tuple[RegisterFinding, ...] | None:
        """Return the paper's findings; None if its meeting was not checked."""
        if entry.meeting not in self.findings or not entry.file:
            return None
        return tuple(finding for finding in self.findings[entry.meeting] if finding.paper == entry.number)


def _below_papers(file: str) -> PurePosixPath:
    """Return the path below the folder of papers: 2018/SMEWG47/a.docx of papers/2018/SMEWG47/a.docx."""
    return PurePosixPath(*PurePosixPath(file).parts[1:])


def _redlines(
    work: Path, base: Path, entries: list[RegisterEntry]
) -> Iterator[tuple[str, list[RegisterRedline]]]:
    """Yield (number, its redlines). A redline of an outdated text is left out, as it would mislead."""
    delivered = {_below_papers(entry.file).as_posix(): entry.sha256 for entry in entries if entry.file}
    stale = set(outdated_files(work / "changes", delivered))
    for manifest in manifests(work / "changes"):
        numbers = {paper["file"]: paper["number"] for paper in manifest["papers"]}
        for compared in manifest["compared"]:
            place = f"{CHANGES}/{compared['file']}"
            has_since = "since" in compared  # manifests of early versions of the program have no such key
            if has_since and compared["file"] not in stale and (base / place).is_file():
                yield numbers[compared["file"]], [RegisterRedline(compared["since"], place)]


def _findings(work: Path) -> dict[str, list[RegisterFinding]]:
    """Return meeting -> its findings, for each meeting that was checked."""
    checked = [json.loads(file.read_bytes()) for file in sorted((work / "checks").glob("*.json"))]
    return {result["meeting"]: [_finding(finding) for finding in result["findings"]] for result in checked}


def _finding(finding: dict) -> RegisterFinding:
    where = ", ".join(str(finding[key]) for key in ("place", "where") if finding.get(key))
    keys = ("paper", "severity", "code", "found", "expected", "todo")
    return RegisterFinding(where=where, **{key: str(finding.get(key) or "") for key in keys})


def note_related_files(work: Path, base: Path) -> bool:
    """Write the state of PDFs and redlines to work/related.json, an input of the rule `register`.

    Returns whether it differs from the state that was noted before.
    """
    now = to_json({place: _states(base / place) for place in _WATCHED})
    note = work / RELATED_FILES
    if note.is_file() and note.read_bytes() == now:
        return False
    write_atomic(note, now)
    return True


def _states(folder: Path) -> list[tuple[str, int, int]]:
    """Return (path, size in bytes, modification time in ns) of every visible file below a folder."""
    found = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(name for name in names if not name.startswith(".")):
            stat = Path(place, name).stat()
            found.append((Path(place, name).as_posix(), stat.st_size, stat.st_mtime_ns))
    return found
