"""The traces of papers: reading them, finding a figure, and the command `trace`, which prints its sources.

outputs/work/<forum>/traces/2018/SMEWG47/18_smewg47_003.json is the trace of the paper with the same name in
outputs/papers. The rule `read` writes it; docs/traces.md describes its keys.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

from papers.docx.fill import FillError, read_prepared
from papers.docx.locate_tags import locate
from papers.inputs.forums import grammars
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.files import DamagedFile, read_json
from papers.store.work_files import WORK, papers_by_meeting, prepared_folder, work_folders
from papers.wording.traces import derivation, number_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEGEND = (
    "Each line: how many it counts (also: another row about the same thing; by: what decides whether it counts)  place  |  "
    "value  |  title  |  economy that reported or proposed it"
)
_COMMAND = Place("command")
_MOST_EXAMPLES = 12  # figures that a message names

# Reading


def read_traces(folder: Path) -> list[dict]:
    """Return all traces in order of the papers' numbers, those of restricted papers included."""
    found = [read_json(path) for path in folder.glob("*/*/*.json")]
    return sorted(found, key=lambda trace: trace["paper"])


def figures(trace: dict) -> list[dict]:
    """Return the figures of a paper in the order of the text, their `sources` in full, not as indices."""
    sources = [_with_deciding(source, trace["deciding"]) for source in trace["sources"]]
    return [_with_sources(figure, sources) for figure in trace["figures"]]


def _with_deciding(source: dict, deciding: list[dict]) -> dict:
    return {**source, "decided_by": [deciding[at] for at in source.get("decided_by", ())]}


def _with_sources(figure: dict, sources: list[dict]) -> dict:
    if "of" in figure:
        plus = {"plus": _with_sources(figure["plus"], sources)} if "plus" in figure else {}
        return {**figure, "of": [_with_sources(operand, sources) for operand in figure["of"]], **plus}
    return {**figure, "sources": [sources[at] for at in figure["sources"]]}


# Finding a figure

_KINDS_OF_NAMES = ("row ", "column ")  # what may be written before the name of a row or column
_SEARCHED = ("place", "where", "what", "tag")


def find_figures(found: list[dict], words: str) -> list[dict]:
    """Return the figures that are printed as `words` (14, nine, 57.1%), or else those at the place they name.

    The names of a place are separated by commas, in any order: "Table 3, row Innovation, column Dialogues".
    Each must be a whole word or words of the place.
    """
    wanted = words.casefold().strip()
    printed = [one for one in found if wanted in (one["figure"].casefold(), str(one.get("value")))]
    if printed:
        return printed
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    found = [figure for figure in found if names and all(_has_name(name, figure) for name in names)]
    for name in names:  # "column 2017" does not mean the column 2017 - 2018 where there is a column 2017
        exact = [figure for figure in found if name in figure.get("place", "").casefold().split("; ")]
        found = exact or found
    return found


def _has_name(name: str, figure: dict) -> bool:
    """Whether a name is part of a figure's place.

    "row ..." and "column ..." mean the table, where it is known.
    """
    if name.startswith(_KINDS_OF_NAMES) and "; row " in figure.get("place", ""):
        keys = ("place",)
    else:
        keys = _SEARCHED
        kind = next((kind for kind in _KINDS_OF_NAMES if name.startswith(kind)), "")
        name = name.removeprefix(kind)
    text = "; ".join(figure.get(key, "") for key in keys).casefold()
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


# In words


def describe(figure: dict) -> list[str]:
    """Return what a figure counts, then a line for each cell: file, sheet, cell, value, title, economy."""
    if "how" in figure:
        words = figure.get("figure") or number_in_words(figure)
        lines = [f"{figure['what']}: {words} = {derivation(figure)}"]
        for operand in (*figure["of"], *([figure["plus"]] if "plus" in figure else [])):
            lines += [f"  {line}" for line in describe(operand)]
        return lines
    among = f" (searched: {figure['among']})" if figure.get("among") else ""
    lines = [f"{figure['what']}: {number_in_words(figure)}{among}"]
    for source in figure["sources"]:
        for at, cell in enumerate(source["cells"]):
            lines.append(f"{'also' if at else source['counts']:>4}  {_cell(cell)}")
    return [*lines, *_deciding(figure["sources"])]


def _deciding(sources: list[dict]) -> Iterator[str]:
    """Yield a line for each cell that decides what is counted and is not counted itself, each once."""
    counted = [cell for source in sources for cell in source["cells"]]
    deciding = [cell for source in sources for cell in source["decided_by"]]
    yield from dict.fromkeys(f"{'by':>4}  {_cell(cell)}" for cell in deciding if cell not in counted)


def _cell(cell: dict) -> str:
    where = f"{cell['sheet']}!{cell['cell']}" if "cell" in cell else f"line {cell['line']}"
    value = "empty" if cell["value"] is None else str(cell["value"])
    words = [f"{cell['file']} {where}", value, cell["title"], cell["economy"]]
    return "  |  ".join(word for word in words if word)


def _where(figure: dict) -> str:
    """Return the place of a figure, with the sentence around it."""
    return figure["place"] + (f': "{figure["text"]}"' if "text" in figure else "")


def _in_one_line(figure: dict) -> str:
    """Return a figure with the number of its table.

    The title of the table would repeat what the figure counts.
    """
    return f"{figure['figure']:>12}  {figure['what']}  ({figure['place'].partition('. ')[0]})"


def _by_sources(chosen: list[dict]) -> Iterator[str]:
    """Return the lines of several figures: those with the same sources once, with all their places."""
    groups: dict[str, list[dict]] = {}
    for figure in chosen:
        same = {k: v for k, v in figure.items() if k not in ("place", "where", "tag", "at", "text")}
        groups.setdefault(json.dumps(same), []).append(figure)
    for group in groups.values():
        yield ""
        yield from dict.fromkeys(_where(figure) for figure in group)
        yield from (f"  {line}" for line in describe(group[0]))


# The command


def run(verb: str, options: dict[str, str]) -> int:
    """Print the papers, or the figures of `paper`, or the sources of `figure`; return the exit code."""
    problems = Problems()
    lines = _lines(options, problems)
    if problems:
        print(*problems.lines(), sep="\n", file=sys.stderr)
        return 1
    try:
        print(*lines, sep="\n", flush=True)
    except BrokenPipeError:  # the output is piped into a command such as head, which has ended
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _lines(options: dict[str, str], problems: Problems) -> list[str]:
    known = {
        trace["paper"]: (trace, work) for work in work_folders() for trace in read_traces(work / "traces")
    }
    if not known:
        place = Place(WORK.as_posix())
        todo = "Run make; if it lists problems, fix them first."
        problems.add(place, "no-trace", "no trace", "the traces that a build writes", todo)
        return []
    if "paper" not in options:
        return _papers(known)
    if options["paper"] not in known:
        expected = "the number of a paper of the last build"
        otherwise, own = "make trace without paper= lists them.", grammars()
        suggest = own[0].did_you_mean if own else did_you_mean
        todo = suggest(options["paper"], known, otherwise)
        problems.add(_COMMAND, "unknown-paper", f"paper={quoted(options['paper'])}", expected, todo)
        return []
    return _figures_of_paper(*known[options["paper"]], options.get("figure"), problems)


def _papers(known: dict[str, tuple[dict, Path]]) -> list[str]:
    width = max(map(len, known))
    return [
        f"{number:{width}}  {len(trace['figures']):4} figures  {trace['title']}"
        for number, (trace, _) in known.items()
    ]


def _figures_of_paper(trace: dict, work: Path, words: str | None, problems: Problems) -> list[str]:
    """Return the figures that `words` stand for, each with its sources.

    Without `words`, return all figures of the paper, with one line each.
    """
    found = _with_places(trace, work)
    head = f"{trace['paper']}  {trace['title']}"
    if not found:
        return [head, "No figure of this paper is counted."]
    if words is None:
        return [head, *dict.fromkeys(_in_one_line(figure) for figure in found)]
    chosen = find_figures(found, words)
    if not chosen:
        problems.add(_COMMAND, "unknown-figure", f"figure={quoted(words)}", *_expected(trace, found))
        return []
    places = len({_where(figure) for figure in chosen})
    summary = f"{words}: {places} {'place' if places == 1 else 'places'}"
    return [head, summary, *_by_sources(chosen), "", LEGEND]


def _expected(trace: dict, found: list[dict]) -> tuple[str, str]:
    """Return what to write instead of a figure that the paper does not have, and what to do."""
    printed = list(dict.fromkeys(figure["figure"] for figure in found))
    examples = ", ".join(printed[:_MOST_EXAMPLES]) + (", ..." if printed[_MOST_EXAMPLES:] else "")
    expected = f"a figure of {trace['paper']} ({examples}), or its place: Table 3, row ..., column ..."
    return expected, f"make trace paper={trace['paper']} lists all of them."


def _with_places(trace: dict, work: Path) -> list[dict]:
    """Return the figures, each with the place (table, row and column, or heading) where a reader finds it."""
    found = figures(trace)
    try:
        contexts = work / "contexts"
        meetings = papers_by_meeting(contexts).items()
        code = next(code for code, papers in meetings if any(p["file"] == trace["file"] for p in papers))
        papers = read_json(contexts / f"{code}.json")["papers"]
        paper = next(paper for paper in papers if paper["file"] == trace["file"])
        prepared = read_prepared(prepared_folder(work) / f"{trace['kind']}.prepared")
        places = locate(prepared, paper, [(figure["tag"], figure["at"]) for figure in found])
    except (
        StopIteration,
        OSError,
        DamagedFile,
        FillError,
    ):  # after a build that stopped half-way: the tags have to do
        places = [""] * len(found)
    return [
        {**figure, "place": place or figure["where"]} for figure, place in zip(found, places, strict=True)
    ]
