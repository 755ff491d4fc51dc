"""`make trace paper=2018/SMEWG47/003 figure="14"`: where a figure stands in a paper, and the cells that it was counted from.

`figure` is the figure as it is printed (14, nine, 57.1%), or where it stands: "Table 3, row Innovation, column Dialogues".
Without `figure`, every figure of the paper in a line; without `paper`, the papers. Reads what the last build wrote.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.issuing.traces import asked_for, figures, in_words, traces
from papers.issuing.worded import papers_by_meeting
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.word.filling import FillError, Prepared
from papers.word.locating import located

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
WORK = Path("outputs/work")
KEYS = ("paper", "figure")
LEGEND = (
    "Each line: how many it counts (also: another row of the thing above)  place  |  what stands there  |  title  |  who "
    "reported or proposed it"
)


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    problems = Problems()
    given = _given(arguments, problems)
    known = {trace["paper"]: trace for trace in traces(WORK / "traces")}
    if not known:
        problems.add(
            Place((WORK / "traces").as_posix()), "no-trace", "no trace", "those of a build", "Run make."
        )
    elif given.get("paper", next(iter(known))) not in known:
        todo = did_you_mean(given["paper"], known, "make trace without paper= lists them.")
        wanted = "the number of a paper of the last build"
        problems.add(Place("command"), "unknown-paper", f"paper={given['paper']}", wanted, todo)
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


def _given(arguments: list[str], problems: Problems) -> dict[str, str]:
    """What follows the verb as key=value; empty values count as not given."""
    pairs = [word.partition("=") for word in arguments]
    for key, sign, _ in pairs:
        if not sign or key not in KEYS:
            todo = did_you_mean(key, KEYS, 'Write paper=2018/SMEWG47/003 figure="14".')
            problems.add(Place("command"), "unknown-key", quoted(key), "paper=... or figure=...", todo)
    given = {key: " ".join(value.split()) for key, _, value in pairs if value.strip()}
    if "figure" in given and "paper" not in given:
        todo = 'Write make trace paper=2018/SMEWG47/003 figure="14".'
        problems.add(Place("command"), "missing-key", "figure= without paper=", "both of them", todo)
    return given


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
        wanted = f"a figure of {trace['paper']} ({', '.join(some[:12])}{', ...' if some[12:] else ''}), or where it stands"
        todo = f"make trace paper={trace['paper']} lists all of them."
        problems.add(Place("command"), "unknown-figure", f"figure={quoted(given['figure'])}", wanted, todo)
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
        places = located(prepared, paper, [(one["tag"], one["at"]) for one in found])
    except (StopIteration, OSError, FillError):  # after a build that stopped half-way tags tell it, less well
        places = [""] * len(found)
    return [{**one, "place": place or one["where"]} for one, place in zip(found, places, strict=True)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
