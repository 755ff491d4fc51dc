"""What other verbs made of a paper, joined to its entry only where it is there: PDF, redlines, findings, traces.

Each is read in one function here; a file that another verb did not make yet is simply not linked.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from papers.register.facts import (
    Figures,
    RegisterEntry,
    RegisterFinding,
    RegisterRedline,
    TraceCell,
    TracedFigure,
)
from papers.store.changed_files import digests
from papers.store.contexts import manifests, outdated_files
from papers.store.files import to_json, write_atomic
from papers.store.outputs import CHANGES, PDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class TraceStore:
    """All traces below a folder. `store` remembers digests and numbers of figures: an untouched trace is not read again."""

    def __init__(self, folder: Path, store: Path):
        self.folder, known = folder, json.loads(store.read_bytes()) if store.is_file() else {}
        self.found = digests(sorted(file.as_posix() for file in folder.rglob("*.json")), known)
        for file, about in self.found.items():
            if len(about) == 3:  # its number of figures is not known yet
                about.append(len(json.loads(Path(file).read_bytes())["figures"]))
        if self.found != known:
            write_atomic(store, to_json(self.found))

    def of(self, paper: str) -> Figures | None:
        """The figures of a paper, by the place of its trace; None where it has none."""
        file = (self.folder / paper).as_posix()
        _, _, sha256, count = self.found.get(file, (0, 0, "", 0))
        return Figures(file, sha256, count) if count else None


def figures_of(trace: Figures) -> Iterator[TracedFigure]:
    """The figures in order, each with its cells; one that was reckoned has those of what it follows from."""
    data = json.loads(Path(trace.file).read_bytes())
    sources = [[_cell(cell) for cell in source["cells"]] for source in data["sources"]]
    for one in data["figures"]:
        used = dict.fromkeys(at for figure in one.get("of", [one]) for at in figure["sources"])
        cells = tuple(cell for at in used for cell in sources[at])
        yield TracedFigure(*(str(one.get(key) or "") for key in ("figure", "what", "where")), cells)


def _cell(cell: dict) -> TraceCell:
    words = {key: str(cell.get(key) or "") for key in ("file", "sheet", "title", "economy")}
    place = cell.get("cell") or (f"line {cell['line']}" if cell.get("line") else "")
    return TraceCell(**words, cell=place, value="" if cell.get("value") is None else str(cell["value"]))


NOTE = "beside.json"

_WATCHED = (PDF, CHANGES, "work/changes/filled")


class RelatedFiles:
    """All that lies beside the papers, read once. `base` is the folder of the index."""

    def __init__(self, work: Path, base: Path, entries: Iterable[RegisterEntry]):
        self.base, self.traces = base, TraceStore(work / "traces", work / "traced.json")
        entries = list(entries)
        self.redlines = dict(_redlines(work, base, entries))
        self.findings = _findings(work)

    def joined_to(self, entry: RegisterEntry) -> RegisterEntry:
        """The entry with its PDF, redlines, findings and traces; the file itself is linked only if it is there."""
        place = PurePosixPath(*PurePosixPath(entry.file).parts[1:]) if entry.file else None
        return replace(
            entry,
            pdf=self._there(f"{PDF}/{place.with_suffix('.pdf')}") if place else "",
            redlines=tuple(self.redlines.get(entry.number, ())),
            findings=self._findings_of(entry),
            figures=self.traces.of(place.with_suffix(".json").as_posix()) if place else None,
        )

    def _there(self, place: str) -> str:
        return place if (self.base / place).is_file() else ""

    def _findings_of(self, entry: RegisterEntry) -> tuple[RegisterFinding, ...] | None:
        """The paper's findings; None where its meeting was not checked."""
        if entry.meeting not in self.findings or not entry.file:
            return None
        return tuple(one for one in self.findings[entry.meeting] if one.paper == entry.number)


def _redlines(
    work: Path, base: Path, entries: list[RegisterEntry]
) -> Iterator[tuple[str, list[RegisterRedline]]]:
    """Number -> its redlines; one of an older text than today's is left out, as it would mislead."""
    by_file = {PurePosixPath(*PurePosixPath(e.file).parts[1:]).as_posix(): e for e in entries if e.file}
    delivered = {file: entry.sha256 for file, entry in by_file.items()}
    stale = set(outdated_files(work / "changes", delivered))
    for manifest in manifests(work / "changes"):
        numbers = {paper["file"]: paper["number"] for paper in manifest["papers"]}
        for made in manifest["compared"]:
            place, told = (
                f"{CHANGES}/{made['file']}",
                "since" in made,
            )  # not in a manifest of an older program
            if told and made["file"] not in stale and (base / place).is_file():
                yield numbers[made["file"]], [RegisterRedline(made["since"], place)]


def _findings(work: Path) -> dict[str, list[RegisterFinding]]:
    """Meeting -> what the checks found, for each meeting that was checked."""
    checked = [json.loads(file.read_bytes()) for file in sorted((work / "checks").glob("*.json"))]
    return {made["meeting"]: [_finding(one) for one in made["findings"]] for made in checked}


def _finding(one: dict) -> RegisterFinding:
    where = ", ".join(str(one[key]) for key in ("place", "where") if one.get(key))
    said = ("paper", "severity", "code", "found", "expected", "todo")
    words = {key: str(one.get(key) or "") for key in said}
    return RegisterFinding(where=where, **words)


def note_related_files(work: Path, base: Path) -> bool:
    """Notes what lies beside the papers in work/beside.json, an input of the index; whether it is another than noted."""
    now = to_json({place: _stamps(base / place) for place in _WATCHED})
    note = work / NOTE
    if note.is_file() and note.read_bytes() == now:
        return False
    write_atomic(note, now)
    return True


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    """(path, size, modification time in ns) of every file below a folder."""
    found = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(name for name in names if not name.startswith(".")):
            about = Path(place, name).stat()
            found.append((Path(place, name).as_posix(), about.st_size, about.st_mtime_ns))
    return found
