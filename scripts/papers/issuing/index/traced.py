"""The traces of papers (docs/traces.md): which there are, remembered by digest, and their figures, read only for a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from papers.issuing.delivering import as_json, write_whole
from papers.issuing.index.facts import Cell, Figures, Traced
from papers.issuing.reasons import digests

if TYPE_CHECKING:
    from collections.abc import Iterator


class Traces:
    """All traces below a folder. `store` remembers digests and numbers of figures: an untouched trace is not read again."""

    def __init__(self, folder: Path, store: Path):
        self.folder, known = folder, json.loads(store.read_bytes()) if store.is_file() else {}
        self.found = digests(sorted(file.as_posix() for file in folder.rglob("*.json")), known)
        for file, about in self.found.items():
            if len(about) == 3:  # its number of figures is not known yet
                about.append(len(json.loads(Path(file).read_bytes())["figures"]))
        if self.found != known:
            write_whole(store, as_json(self.found))

    def of(self, paper: str) -> Figures | None:
        """The figures of a paper, by the place of its trace; None where it has none."""
        file = (self.folder / paper).as_posix()
        _, _, sha256, count = self.found.get(file, (0, 0, "", 0))
        return Figures(file, sha256, count) if count else None


def figures_of(trace: Figures) -> Iterator[Traced]:
    """The figures in order, each with its cells; one that was reckoned has those of what it follows from."""
    data = json.loads(Path(trace.file).read_bytes())
    sources = [[_cell(cell) for cell in source["cells"]] for source in data["sources"]]
    for one in data["figures"]:
        used = dict.fromkeys(at for figure in one.get("of", [one]) for at in figure["sources"])
        cells = tuple(cell for at in used for cell in sources[at])
        yield Traced(*(str(one.get(key) or "") for key in ("figure", "what", "where")), cells)


def _cell(cell: dict) -> Cell:
    words = {key: str(cell.get(key) or "") for key in ("file", "sheet", "title", "economy")}
    place = cell.get("cell") or (f"line {cell['line']}" if cell.get("line") else "")
    return Cell(**words, cell=place, value="" if cell.get("value") is None else str(cell["value"]))
