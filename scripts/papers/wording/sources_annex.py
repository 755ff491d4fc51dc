"""The annex of sources: each figure of a paper, where it stands, and the cells that it was counted from.

It ends papers whose entry says `sources_annex: true`, of any kind with SOURCES_ANNEX, and is worded from the
paper's own trace, so that the two cannot differ. The number of the table in which a figure stands is known
only when the paper is filled; until then `where` has the names of tags, which docx/locate_tags.py replaces.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from papers.wording.figure_markers import capitalised
from papers.wording.tags import Each, Flag, Text, Values
from papers.wording.traces import derivation, number_in_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from papers.store.paper_context import CountedFigure, PrintedFigure, Trace, TracedCell, TracedSource

    _Cells = dict["_Key", list[TracedCell]]  # each cell, as often as the trace has it

NAMESPACE = "sources"
MOST_CELLS = 150  # with more cells, sheets are listed instead: the annex would be longer than its paper
TAGS = {
    "introduction": Text("what the tables list, and how to see the rest"),
    "figures": Each(
        "the figures in the order of the text, each once for all its places",
        {
            "figure": Text("as it is printed: 14; eight, 8"),
            "what": Text("what it counts"),
            "where": Text("the tables and headings where it stands, a line each"),
            "from": Text("how many things in how many cells, and these by file and sheet"),
        },
    ),
    "by_cell": Flag("yes where each cell is shown"),
    "sheets": Each(
        "the sheets with each of their cells, where each cell is shown",
        {
            "sheet": Text("file and sheet"),
            "cells": Each(
                "the cells that figures were counted from",
                {
                    "cell": Text("A5, or the line of a text file"),
                    "value": Text("its value"),
                    "title": Text("title of the thing that it belongs to"),
                    "economy": Text("the economy that reported or proposed it"),
                },
            ),
        },
    ),
    "by_sheet": Flag("yes where there are too many cells for that, and the sheets are listed instead"),
    "counts": Each(
        "the sheets, where they are listed instead",
        {
            "sheet": Text("file and sheet"),
            "cells": Text("the cells: A5-A9, A12"),
            "number": Text("how many they are"),
            "economies": Text("the economies that reported or proposed them"),
        },
    ),
}


@dataclass(frozen=True)
class Annex:
    """The values of `TAGS`, and for each row of `figures` the (tag, character) at which its figure stands."""

    fields: Values
    places: list[list[tuple[str, int]]] = field(default_factory=list)


class _Key(NamedTuple):
    """A cell as it is named in the annex; a line of a text file has no sheet and no column."""

    file: str
    sheet: str
    column: str
    row: int


NO_ANNEX = Annex({name: {Flag: False, Text: ""}.get(type(tag), []) for name, tag in TAGS.items()})


def build_annex(trace: Trace) -> Annex:
    """Return the annex of a paper from its trace (see traces.py)."""
    groups: dict[str, list[PrintedFigure]] = defaultdict(list)
    for figure in trace["figures"]:
        groups[_identity(figure, trace["sources"])].append(figure)
    sheets = _sheets(trace["sources"])
    number = sum(map(len, sheets.values()))
    by_cell = number <= MOST_CELLS
    fields = {
        "introduction": _introduction(trace, len(groups), number),
        "figures": [_row(group, trace["sources"]) for group in groups.values()],
        "by_cell": by_cell,
        "sheets": [_cells_of_sheet(name, cells) for name, cells in sheets.items()] if by_cell else [],
        "by_sheet": not by_cell,
        "counts": [] if by_cell else [_summary_of_sheet(name, cells) for name, cells in sheets.items()],
    }
    return Annex(fields, [[(figure["tag"], figure["at"]) for figure in group] for group in groups.values()])


def _introduction(trace: Trace, figures: int, cells: int) -> str:
    about = (
        f"This annex lists the {figures:,} counted figures of this paper in the order of the text, with what each counts, where "
        "it appears and the cells or lines from which it was counted. What is recorded in several of these, such as an item that "
        "several economies report jointly, counts once. Files are named by their place in the folder inputs of the project that "
        "produced this paper; the economy is the one that reported or proposed what is recorded there."
    )
    if cells <= MOST_CELLS:
        return f"{about} The second table shows the contents of each of the {cells:,} cells and lines."
    return (
        f"{about} The {cells:,} cells and lines are too many to be shown individually: the second table lists them by sheet. "
        "The register of papers shows the contents of each."
    )


def _number_of_cells(cells: Collection[_Key]) -> str:
    """19 cells; 3 lines, where all are in text files; else 37 cells and lines."""
    nouns = sorted({"cell" if key.sheet else "line" for key in cells})
    plural = "" if len(cells) == 1 else "s"
    return f"{len(cells):,} {' and '.join(f'{noun}{plural}' for noun in nouns)}"


# The table of figures


def _identity(figure: CountedFigure, sources: list[TracedSource]) -> str:
    """Return what a figure has in common wherever it stands: what it counts, and its cells."""
    if "of" in figure:
        operands = [_identity(operand, sources) for operand in figure["of"]]
        return json.dumps([figure["what"], figure["how"], operands])
    found = _with_cells(figure, sources)
    counted = [[source["counts"], source["cells"]] for source in found]
    return json.dumps([figure["what"], figure["value"], counted])


def _with_cells(figure: CountedFigure, sources: list[TracedSource]) -> list[TracedSource]:
    """Return the sources of a figure that have cells which it counts or searched."""
    return [sources[at] for at in figure["sources"] if sources[at]["cells"]]


def _row(group: list[PrintedFigure], sources: list[TracedSource]) -> Values:
    """Return the row of a figure, from all places at which it stands.

    Words that differ in case only are printed once.
    """
    first = group[0]
    words = list({figure["figure"].casefold(): figure["figure"] for figure in reversed(group)}.values())
    return {
        "figure": ", ".join(reversed(words)),
        "what": capitalised(first["what"]),
        "where": "\n".join(dict.fromkeys(figure["where"] for figure in group)),
        "from": "\n".join(_counted_from(first, sources)),
    }


def _counted_from(figure: CountedFigure, sources: list[TracedSource]) -> list[str]:
    """Return lines of text: how a figure was counted or computed, and the cells."""
    if "of" in figure:
        below = [
            f"{operand['what']}: {line}"
            for operand in figure["of"]
            for line in _counted_from(operand, sources)
        ]
        return [derivation(figure), *below]
    nothing = "Not reported" if figure["value"] is None else "None"
    found = _with_cells(figure, sources)
    if not found:
        among = f" (looked at: {_short(figure['among'])})" if "among" in figure else ""
        return [f"{nothing}{among}"]
    cells = {_key(cell): max(source["counts"], 0) for source in found for cell in source["cells"]}
    if not cells:
        return [nothing]
    head = number_in_words(figure) if figure["value"] else nothing
    return [f"{head} in {_number_of_cells(cells)}: {_by_folder(cells)}"]


def _by_folder(cells: dict[_Key, int | float]) -> str:
    """Return a line for each folder: smewg/indicators/2017/: aus.xlsx Return A5-A9; can.xlsx Totals B2."""
    folders: dict[str, dict[tuple[str, str], list[_Key]]] = defaultdict(lambda: defaultdict(list))
    for key in _in_order(cells):
        folder, _, name = key.file.rpartition("/")
        folders[folder][name, key.sheet].append(key)
    lines = []
    for folder, sheets in folders.items():
        inside = [" ".join(filter(None, (*name, _ranges(keys, cells)))) for name, keys in sheets.items()]
        lines.append(f"{folder}/: {'; '.join(inside)}")
    return "\n".join(lines)


# The table of cells, or of sheets


def _sheets(sources: list[TracedSource]) -> dict[str, _Cells]:
    """Return file and sheet -> each cell there, in order."""
    found: _Cells = defaultdict(list)
    for cell in (cell for source in sources for cell in source["cells"]):
        found[_key(cell)].append(cell)
    sheets: dict[str, _Cells] = defaultdict(dict)
    for key in _in_order(found):
        sheets[f"{key.file}, sheet {key.sheet}" if key.sheet else key.file][key] = found[key]
    return sheets


def _cells_of_sheet(name: str, cells: _Cells) -> Values:
    rows = [
        {
            "cell": _ranges([key]),
            "value": "(empty)" if same[0]["value"] is None else str(same[0]["value"]),
            "title": _distinct(same, "title"),
            "economy": _distinct(same, "economy"),
        }
        for key, same in cells.items()
    ]
    return {"sheet": name, "cells": rows}


def _summary_of_sheet(name: str, cells: _Cells) -> Values:
    return {
        "sheet": name,
        "cells": _ranges(list(cells)),
        "number": f"{len(cells):,}",
        "economies": _distinct([cell for same in cells.values() for cell in same], "economy"),
    }


def _distinct(cells: list[TracedCell], key: Literal["title", "economy"]) -> str:
    return "; ".join(dict.fromkeys(cell[key] for cell in cells if cell[key]))


# Names of cells


def _key(cell: TracedCell) -> _Key:
    if "cell" not in cell:
        return _Key(_short(cell["file"]), "", "", cell["line"])
    column = cell["cell"].rstrip("0123456789")
    return _Key(_short(cell["file"]), cell["sheet"], column, int(cell["cell"].removeprefix(column)))


def _short(files: str) -> str:
    return re.sub(r"\binputs/", "", files)


def _in_order(keys: Iterable[_Key]) -> list[_Key]:
    return sorted(keys, key=lambda key: (key.file, key.sheet, len(key.column), key.column, key.row))


def _ranges(keys: list[_Key], counts: dict[_Key, int | float] | None = None) -> str:
    """Return the cells of a sheet, which are in order: A5-A9, A12.

    A cell that counts several says so: B2 (counts 3).
    """
    groups: list[list[_Key]] = [[keys[0]]]
    for before, key in pairwise(keys):
        follows = key.column == before.column and key.row == before.row + 1
        separate = counts and not {counts[key], counts[before]} <= {0, 1}
        if follows and not separate:
            groups[-1].append(key)
        else:
            groups.append([key])
    words = [_range(group) for group in groups]
    if counts:
        words = [
            f"{word} (counts {counts[group[0]]:,})" if counts[group[0]] not in (0, 1) else word
            for word, group in zip(words, groups, strict=True)
        ]
    lines = "" if keys[0].column else ("line " if len(keys) == 1 else "lines ")
    return lines + ", ".join(words)


def _range(group: list[_Key]) -> str:
    ends = [f"{key.column}{key.row}" for key in (group[0], group[-1])]
    return ends[0] if len(group) == 1 else "-".join(ends)
