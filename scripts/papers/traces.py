"""The traces of papers, one file a paper: what wording/tracing.py tells of each figure, written by `read`, read by who asks.

outputs/work/traces/2018/SMEWG47/18_smewg47_003.json belongs to outputs/papers/2018/SMEWG47/18_smewg47_003.docx.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.docx.fill import FillError, Prepared
from papers.docx.locate import locate
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.contexts import papers_by_meeting
from papers.wording.traces import HOW

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNS = ("row ", "column ")  # what a person may write before the name of a row or column

_PLACES = ("place", "where", "what", "tag")


def traces(folder: Path) -> list[dict]:
    """All traces, in order of the papers' numbers; of restricted papers as well."""
    found = [json.loads(path.read_bytes()) for path in folder.glob("*/*/*.json")]
    return sorted(found, key=lambda trace: trace["paper"])


def public_traces(folder: Path) -> list[dict]:
    """The traces of papers that are not restricted: what may be shown to everyone."""
    return [trace for trace in traces(folder) if trace["access"] == "public"]


def figures(trace: dict) -> list[dict]:
    """The figures of a paper in the order of the text, each with its `sources` in full in place of their indices."""
    return [_in_full(figure, trace["sources"]) for figure in trace["figures"]]


def figures_under(trace: dict, *tags: str) -> list[dict]:
    """Those that stand in certain tags, such as report.rows (a table) and report.chart_of_years (a chart)."""
    below = tuple(f"{tag}{sign}" for tag in tags for sign in "[.")
    return [one for one in figures(trace) if one["tag"].startswith(below)]


def _in_full(figure: dict, sources: list[dict]) -> dict:
    if "of" in figure:
        return {**figure, "of": [_in_full(one, sources) for one in figure["of"]]}
    return {**figure, "sources": [sources[at] for at in figure["sources"]]}


def counts(figure: dict) -> int | None:
    """What the sources of a figure add up to; None where nobody reported."""
    return None if figure["value"] is None else sum(source["counts"] for source in figure["sources"])


def asked_for(found: list[dict], words: str) -> list[dict]:
    """The figures that a person means: by the figure itself (14, nine, 57.1%), else by the names of where it stands.

    Names stand between commas, in any order: "Table 3, row Innovation, column Dialogues". Each must begin or be a word or
    words of the place.
    """
    expected = folded(words)
    same = [one for one in found if expected in (one["figure"].casefold(), str(one.get("value")))]
    if same:
        return same
    names = [name.strip() for name in expected.split(",") if name.strip()]
    found = [one for one in found if names and all(_has(name, one) for name in names)]
    for name in names:  # column 2017 is not meant to be column 2017 - 2018 where there is a column 2017
        found = [one for one in found if name in one.get("place", "").casefold().split("; ")] or found
    return found


def _has(name: str, figure: dict) -> bool:
    """Whether a place has this name; "row ..." and "column ..." are looked for as such where its table is known."""
    keys = ("place",) if name.startswith(_SIGNS) and "; row " in figure.get("place", "") else _PLACES
    where = "; ".join(figure.get(key, "") for key in keys).casefold()
    bare = next((name.removeprefix(sign) for sign in _SIGNS if name.startswith(sign)), name)
    name = name if keys == ("place",) else bare
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", where) is not None


def in_words(figure: dict) -> list[str]:
    """What a figure is and what it was counted from: one line a cell, with file, sheet, cell, value, title, economy."""
    if "how" in figure:
        of = [_number(one) for one in figure["of"]]
        plus = f", plus {figure['plus']}" if "plus" in figure else ""
        lines = [f"{figure['what']}: {figure['figure']} = {HOW[figure['how']].format(*of)}{plus}"]
        for one in figure["of"]:
            lines += [f"  {line}" for line in in_words(one)]
        return lines
    among = f" (looked at: {figure['among']})" if figure.get("among") else ""
    lines = [f"{figure['what']}: {_number(figure)}{among}"]
    for source in figure["sources"]:
        lines += [_cell(source, cell, at) for at, cell in enumerate(source["cells"])]
    return lines


def _number(figure: dict) -> str:
    return "not reported" if figure["value"] is None else f"{figure['value']:,}"


def _cell(source: dict, cell: dict, at: int) -> str:
    where = f"{cell['sheet']}!{cell['cell']}" if "cell" in cell else f"line {cell['line']}"
    value = "empty" if cell["value"] is None else str(cell["value"])
    words = [f"{cell['file']} {where}", value, cell["title"], cell["economy"]]
    counts = "also" if at else f"{source['counts']:4}"
    return f"{counts}  {'  |  '.join(word for word in words if word)}"


WORK = Path("outputs/work")

LEGEND = (
    "Each line: how many it counts (also: another row of the thing above)  place  |  what stands there  |  title  |  who "
    "reported or proposed it"
)


def run(verb: str, given: dict[str, str]) -> int:
    """Runs `trace` with the options that were given; returns the exit code."""
    problems = Problems()
    known = {trace["paper"]: trace for trace in traces(WORK / "traces")}
    if not known:
        problems.add(
            Place((WORK / "traces").as_posix()), "no-trace", "no trace", "those of a build", "Run make."
        )
    elif given.get("paper", next(iter(known))) not in known:
        todo = did_you_mean(given["paper"], known, "make trace without paper= lists them.")
        expected = "the number of a paper of the last build"
        problems.add(Place("command"), "unknown-paper", f"paper={given['paper']}", expected, todo)
    if not problems:
        lines = _paper(known[given["paper"]], given, problems) if "paper" in given else _papers(known)
    if problems:
        print(*problems.lines(), sep="\n", file=sys.stderr)
        return 1
    try:
        print(*lines, sep="\n", flush=True)
    except BrokenPipeError:  # who reads has seen enough, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _papers(known: dict[str, dict]) -> list[str]:
    width = max(map(len, known))
    return [
        f"{number:{width}}  {len(trace['figures']):4} figures  {trace['title']}"
        for number, trace in known.items()
    ]


def _paper(trace: dict, given: dict[str, str], problems: Problems) -> list[str]:
    """The figures that were asked for, each with its sources; or all, a line each."""
    found = _with_places(trace)
    head = f"{trace['paper']}  {trace['title']}"
    if not found:
        return [head, "No figure of this paper is counted."]
    if "figure" not in given:
        return [head, *dict.fromkeys(_short(one) for one in found)]
    chosen = asked_for(found, given["figure"])
    if not chosen:
        some = list(dict.fromkeys(one["figure"] for one in found))
        expected = f"a figure of {trace['paper']} ({', '.join(some[:12])}{', ...' if some[12:] else ''}), or where it stands"
        todo = f"make trace paper={trace['paper']} lists all of them."
        problems.add(Place("command"), "unknown-figure", f"figure={quoted(given['figure'])}", expected, todo)
        return []
    places = len({_place(one) for one in chosen})
    said = f"{given['figure']}: {places} {'place' if places == 1 else 'places'}"
    return [head, said, *_told(chosen), "", LEGEND]


def _place(figure: dict) -> str:
    """Where a figure stands, with the sentence around it."""
    return figure["place"] + (f': "{figure["text"]}"' if "text" in figure else "")


def _short(figure: dict) -> str:
    """A figure in a line: the number of its table is enough, as its name tells row and column."""
    return f"{figure['figure']:>12}  {figure['what']}  ({figure['place'].partition('. ')[0]})"


def _told(chosen: list[dict]) -> Iterator[str]:
    """Each figure with its sources; what stands in several places is told once, with all of them."""
    by_sources: dict[str, list[dict]] = {}
    for one in chosen:
        same = {
            key: value for key, value in one.items() if key not in ("place", "where", "tag", "at", "text")
        }
        by_sources.setdefault(json.dumps(same), []).append(one)
    for those in by_sources.values():
        yield ""
        yield from dict.fromkeys(_place(one) for one in those)
        yield from (f"  {line}" for line in in_words(those[0]))


def _with_places(trace: dict) -> list[dict]:
    """The figures with the place at which the paper's reader finds each; the templates tell it."""
    found = figures(trace)
    try:
        contexts = WORK / "contexts"
        known = papers_by_meeting(contexts).items()
        code = next(code for code, papers in known if any(p["file"] == trace["file"] for p in papers))
        papers = json.loads((contexts / f"{code}.json").read_bytes())["papers"]
        paper = next(paper for paper in papers if paper["file"] == trace["file"])
        prepared = Prepared((WORK / "templates" / f"{trace['kind']}.prepared").read_bytes())
        places = locate(prepared, paper, [(one["tag"], one["at"]) for one in found])
    except (StopIteration, OSError, FillError):  # after a build that stopped half-way tags tell it, less well
        places = [""] * len(found)
    return [{**one, "place": place or one["where"]} for one, place in zip(found, places, strict=True)]
