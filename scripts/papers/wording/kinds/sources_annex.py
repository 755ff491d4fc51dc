"""The annex that lists the sources: each figure of a paper, where it stands, and the cells that it was counted from.

It is a part of any kind with SOURCES_ANNEX, printed where the paper's entry says `sources_annex: true`, and worded from the
trace of that very paper, so that the two cannot differ. Only the room word knows where a text comes to stand (which
table has which number); so `where` holds the names of tags until the paper is filled, see word/locating.py.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from papers.wording.tags import Each, Flag, Text
from papers.wording.traces import HOW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

NAMESPACE = "sources"
MOST_CELLS = (
    150  # so many are shown one by one; more are told by sheet, which keeps the annex shorter than its paper
)
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
                    "value": Text("what stands there"),
                    "title": Text("title of the thing that it tells of"),
                    "economy": Text("who reported or proposed it"),
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
            "economies": Text("who reported or proposed what stands there"),
        },
    ),
}


@dataclass(frozen=True)
class Listed:
    """What the annex says, and for each row of its figures the tags and characters at which the figure stands."""

    fields: dict
    places: list[list[tuple[str, int]]] = field(default_factory=list)


NOTHING = Listed(
    {
        name: {Flag: False, Text: ""}.get(type(tag), []) if not isinstance(tag, Each) else []
        for name, tag in TAGS.items()
    }
)


def listed(trace: dict) -> Listed:
    """The annex of a paper, from its trace as wording/tracing.py makes it."""
    groups: dict[str, list[dict]] = defaultdict(list)
    for figure in trace["figures"]:
        groups[_same(figure, trace["sources"])].append(figure)
    sheets = _sheets(trace["sources"])
    number = sum(map(len, sheets.values()))
    one_by_one = number <= MOST_CELLS
    fields = {
        "introduction": _introduction(trace, len(groups), number),
        "figures": [_row(those, trace["sources"]) for those in groups.values()],
        "by_cell": one_by_one,
        "sheets": [_by_cell(name, cells) for name, cells in sheets.items()] if one_by_one else [],
        "by_sheet": not one_by_one,
        "counts": [] if one_by_one else [_by_sheet(name, cells) for name, cells in sheets.items()],
    }
    return Listed(fields, [[(one["tag"], one["at"]) for one in those] for those in groups.values()])


def _introduction(trace: dict, figures: int, cells: int) -> str:
    about = (
        f"The {figures:,} counted figures of this paper in the order of the text, with what each counts, where it stands and the "
        "cells or lines that it was counted from. A thing that several of these tell of, such as an item that several economies "
        "report jointly, counts once. Files are named by their place in the folder inputs of the project that made this paper; "
        "an economy is the one that reported or proposed what stands there."
    )
    if cells <= MOST_CELLS:
        return f"{about} The second table shows what stands in each of the {cells:,} cells and lines."
    return (
        f"{about} There are {cells:,} cells and lines, too many to be shown one by one here: the second table lists them by "
        f"sheet. What stands in each is shown in the register of papers, and by make trace paper={trace['paper']}."
    )


def _same(figure: dict, sources: list[dict]) -> str:
    """What two places of one figure have in common: what it counts, and its cells."""
    if "of" in figure:
        return json.dumps([figure["what"], figure["how"], [_same(one, sources) for one in figure["of"]]])
    return json.dumps([figure["what"], figure["value"], [sources[at] for at in figure["sources"]]])


def _row(those: list[dict], sources: list[dict]) -> dict:
    first = those[0]
    words = list({one["figure"].casefold(): one["figure"] for one in reversed(those)}.values())
    return {
        "figure": ", ".join(reversed(words)),
        "what": first["what"][:1].upper() + first["what"][1:],
        "where": "\n".join(dict.fromkeys(one["where"] for one in those)),
        "from": "\n".join(_from(first, sources)),
    }


def _from(figure: dict, sources: list[dict]) -> list[str]:
    """Lines of text: how it was counted or reckoned, and the cells."""
    if "of" in figure:
        of = [_number(one) for one in figure["of"]]
        plus = f", plus {figure['plus']}" if "plus" in figure else ""
        below = [f"{one['what']}: {line}" for one in figure["of"] for line in _from(one, sources)]
        return [HOW[figure["how"]].format(*of) + plus, *below]
    those = [sources[at] for at in figure["sources"]]
    nothing = "Not reported" if figure["value"] is None else "None"
    if not those:
        among = f" (looked at: {_short(figure['among'])})" if "among" in figure else ""
        return [f"{nothing}{among}"]
    cells = {_key(cell): max(source["counts"], 0) for source in those for cell in source["cells"]}
    head = _number(figure) if figure["value"] else nothing
    return [f"{head} in {_how_many(cells)}: {_in_folders(cells)}"]


def _how_many(cells: Collection[tuple]) -> str:
    """19 cells; 3 lines, where all are of text files; else 37 cells and lines."""
    nouns = sorted({"cell" if key[1] else "line" for key in cells})
    plural = "" if len(cells) == 1 else "s"
    return f"{len(cells):,} {' and '.join(f'{noun}{plural}' for noun in nouns)}"


def _number(figure: dict) -> str:
    return "not reported" if figure["value"] is None else f"{figure['value']:,}"


# Cells: (file, sheet, column, row); a line of a text file has no sheet and no column.


def _key(cell: dict) -> tuple[str, str, str, int]:
    if "cell" not in cell:
        return _short(cell["file"]), "", "", cell["line"]
    column, row = re.fullmatch(r"([A-Z]+)(\d+)", cell["cell"]).groups()
    return _short(cell["file"]), cell["sheet"], column, int(row)


def _short(files: str) -> str:
    return re.sub(r"\binputs/", "", files)


def _in_order(keys: Iterable[tuple]) -> list[tuple]:
    return sorted(keys, key=lambda key: (key[0], key[1], len(key[2]), key[2], key[3]))


def _in_folders(cells: dict[tuple, int]) -> str:
    """smewg/indicators/2017/: aus.xlsx Return A5-A9; can.xlsx Totals B2 (counts 3), a line a folder."""
    folders: dict[str, dict[tuple, list]] = defaultdict(lambda: defaultdict(list))
    for key in _in_order(cells):
        folder, _, name = key[0].rpartition("/")
        folders[folder][name, key[1]].append(key)
    told = []
    for folder, sheets in folders.items():
        inside = [" ".join(filter(None, (*name, _ranges(keys, cells)))) for name, keys in sheets.items()]
        told.append(f"{folder}/: {'; '.join(inside)}")
    return "\n".join(told)


def _ranges(keys: list[tuple], counts: dict[tuple, int] | None = None) -> str:
    """Cells of a sheet in order: A5-A9, A12; a cell that states a number says how many it counts."""
    groups: list[list[tuple]] = [[keys[0]]]
    for before, key in pairwise(keys):
        follows = key[2] == before[2] and key[3] == before[3] + 1
        alone = counts and (counts[key] > 1 or counts[before] > 1)
        groups[-1].append(key) if follows and not alone else groups.append([key])
    words = [_range(group) for group in groups]
    if counts:
        words = [
            f"{word} (counts {counts[group[0]]:,})" if counts[group[0]] > 1 else word
            for word, group in zip(words, groups, strict=True)
        ]
    lines = "" if keys[0][2] else ("line " if len(keys) == 1 else "lines ")
    return lines + ", ".join(words)


def _range(group: list[tuple]) -> str:
    ends = [f"{key[2]}{key[3]}" for key in (group[0], group[-1])]
    return ends[0] if len(group) == 1 else "-".join(ends)


def _sheets(sources: list[dict]) -> dict[str, dict[tuple, list[dict]]]:
    """File and sheet -> each cell there, with what the trace tells of it."""
    found: dict[tuple, list[dict]] = defaultdict(list)
    for cell in (cell for source in sources for cell in source["cells"]):
        found[_key(cell)].append(cell)
    sheets: dict[str, dict[tuple, list[dict]]] = defaultdict(dict)
    for key in _in_order(found):
        sheets[f"{key[0]}, sheet {key[1]}" if key[1] else key[0]][key] = found[key]
    return sheets


def _by_cell(name: str, cells: dict[tuple, list[dict]]) -> dict:
    rows = [
        {
            "cell": _ranges([key]),
            "value": _value(told[0]["value"]),
            "title": _all(told, "title"),
            "economy": _all(told, "economy"),
        }
        for key, told in cells.items()
    ]
    return {"sheet": name, "cells": rows}


def _by_sheet(name: str, cells: dict[tuple, list[dict]]) -> dict:
    told = [one for those in cells.values() for one in those]
    return {
        "sheet": name,
        "cells": _ranges(list(cells)),
        "number": f"{len(cells):,}",
        "economies": _all(told, "economy"),
    }


def _value(value: object) -> str:
    return "(empty)" if value is None else str(value)


def _all(told: list[dict], key: str) -> str:
    return "; ".join(dict.fromkeys(one[key] for one in told if one[key]))
