"""What other commands made from a paper, added to its entry where it exists: PDF, redlines, findings, traces.

Each is read by one function here. A file that no command has made yet is not linked.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from papers.register.facts import (
    RegisterEntry,
    RegisterFinding,
    RegisterRedline,
    TraceCell,
    TracedFigure,
    TraceFile,
)
from papers.store.files import digest, read_bytes, read_json
from papers.store.output_files import CHANGES, PDF
from papers.store.work_files import manifests, outdated_files, trace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from papers.register.facts import Files


def read_figures(trace: TraceFile) -> Iterator[TracedFigure]:
    """Yield the figures of a trace in order, each with its cells.

    A computed figure has the cells of all its operands.
    """
    data = read_json(trace.file)
    sources = [[_cell(cell) for cell in source["cells"]] for source in data["sources"]]
    for figure in data["figures"]:
        used = dict.fromkeys(_sources(figure))
        cells = tuple(cell for at in used for cell in sources[at])
        yield TracedFigure(*(str(figure.get(key) or "") for key in ("figure", "what", "where")), cells)


def _sources(figure: dict) -> Iterator[int]:
    """Yield the positions of a figure's sources, those of its operands if it is computed."""
    for operand in (*figure.get("of", ()), *([figure["plus"]] if "plus" in figure else [])):
        yield from _sources(operand)
    yield from figure.get("sources", ())


def _cell(cell: dict) -> TraceCell:
    texts = {key: str(cell.get(key) or "") for key in ("file", "sheet", "title", "economy")}
    place = cell.get("cell") or (f"line {cell['line']}" if cell.get("line") else "")
    return TraceCell(**texts, cell=place, value="" if cell.get("value") is None else str(cell["value"]))


class RelatedFiles:
    """All related files, read once.

    `files` has the files of the last build, by their paths below outputs. `figures`: path of a trace below
    outputs/work/<forum>/traces -> its number of figures.
    """

    def __init__(
        self, work: Path, files: Files, entries: Iterable[RegisterEntry], figures: Mapping[str, int]
    ):
        self.files, self.traces, self.figures = files, work / "traces", figures
        self.redlines = dict(_redlines(work, files, list(entries)))
        self.findings = _findings(work)

    def add_to(self, entry: RegisterEntry) -> RegisterEntry:
        """Return the entry with its PDF, redlines, findings and trace."""
        place = _below_papers(entry.file) if entry.file else None
        return replace(
            entry,
            pdf=self._if_file(f"{PDF}/{place.with_suffix('.pdf')}") if place else "",
            redlines=tuple(self.redlines.get(entry.number, ())),
            findings=self._findings_of(entry),
            trace=self._trace(trace_file(place.as_posix())) if place else None,
        )

    def _trace(self, name: str) -> TraceFile | None:
        """Return the trace at this path below the folder of traces; None if there is none or it has no figure."""
        file, count = self.traces / name, self.figures.get(name, 0)
        if not count or not file.is_file():
            return None
        return TraceFile(file.as_posix(), digest(read_bytes(file)), count)

    def _if_file(self, place: str) -> str:
        return place if place in self.files else ""

    def _findings_of(self, entry: RegisterEntry) -> tuple[RegisterFinding, ...] | None:
        """Return the paper's findings; None if its meeting was not checked."""
        if entry.meeting not in self.findings or not entry.file:
            return None
        return tuple(finding for finding in self.findings[entry.meeting] if finding.paper == entry.number)


def _below_papers(file: str) -> PurePosixPath:
    """Return the path below the folder of papers: 2018/SMEWG47/a.docx of papers/2018/SMEWG47/a.docx."""
    return PurePosixPath(*PurePosixPath(file).parts[1:])


def _redlines(
    work: Path, files: Files, entries: list[RegisterEntry]
) -> Iterator[tuple[str, list[RegisterRedline]]]:
    """Yield (number, its redlines). A redline of an outdated text is left out, as it would mislead."""
    delivered = {_below_papers(entry.file).as_posix(): entry.sha256 for entry in entries if entry.file}
    stale = set(outdated_files(work / "changes", delivered))
    for manifest in manifests(work / "changes"):
        numbers = {paper["file"]: paper["number"] for paper in manifest["papers"]}
        for compared in manifest["compared"]:
            place = f"{CHANGES}/{compared['file']}"
            if compared["file"] not in stale and place in files:
                yield numbers[compared["file"]], [RegisterRedline(compared["since"], place)]


def _findings(work: Path) -> dict[str, list[RegisterFinding]]:
    """Return meeting -> its findings, for each meeting that was checked."""
    checked = [read_json(file) for file in sorted((work / "checks").glob("*.json"))]
    return {result["meeting"]: [_finding(finding) for finding in result["findings"]] for result in checked}


def _finding(finding: dict) -> RegisterFinding:
    where = ", ".join(str(finding[key]) for key in ("place", "where") if finding.get(key))
    keys = ("paper", "severity", "code", "found", "expected", "todo")
    return RegisterFinding(where=where, **{key: str(finding.get(key) or "") for key in keys})
