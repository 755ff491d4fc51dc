"""The runs of an edited paragraph as its source has them: figures by name where they stand untouched, footnotes by number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from papers.edits.pairing import opcodes
from papers.edits.word_copy import NOTE, flat, is_text, notes_of, tidy
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.richtext import Run

PART = "\ufdd8"  # stands between two paragraphs that are treated as one


class NotMapped(Exception):
    """Why an edit can't be written into the inputs."""


class TouchedFigure(NotMapped):
    """A computed figure was edited; `figure` is its text in the paper."""

    def __init__(self, figure: str, fact: str):
        super().__init__(f'a computed figure: "{figure}" is {{{{ {fact} }}}} in the Markdown')
        self.figure = figure


def runs_for_source(source: list[Run], printed: list[Run], edited: list[Run]) -> list[Any]:
    """Return edited runs in terms of the source: a figure is {"fact", "marks"}, a footnote {"n", "note"}.

    `printed` are the runs of the paper before the edit. "n" is the position of the footnote in the source, None for a
    new one. What the program prints before the text, such as "Annex A: ", is no part of it. Raise NotMapped if the
    source does not give what was printed, or if these words or a figure were edited.
    """
    source = tidy(source)
    lead, values = _values(source, printed)
    if not flat(edited).startswith(lead):
        raise NotMapped(f"the program prints {quoted(lead.strip())} before the text: edit only what follows")
    printed, edited = _cut(printed, len(lead)), _cut(edited, len(lead))
    split = _splitter(values)
    said = iter(values)
    old = [(word, run) for run in source for word in _words(run, split, said)]
    new: list[tuple[str, Any]] = [(word, run) for run in edited for word in _words(run, split, iter(()))]
    same = {
        there + step: here + step
        for kind, here, end, there, _ in opcodes([word for word, _ in old], [word for word, _ in new])
        if kind == "equal"
        for step in range(end - here)
    }
    kept = {*same.values()}
    for at, (word, run) in enumerate(old):
        if isinstance(run, dict) and "fact" in run and at not in kept:
            raise TouchedFigure(word, run["fact"])
    notes = [at for at, (word, _) in enumerate(old) if word == NOTE]
    printed_notes = notes_of(printed)
    made: list[Any] = []
    for at, (word, run) in enumerate(new):
        before = old[same[at]][1] if at in same else None
        number = notes.index(same[at]) if word == NOTE and at in same else None
        was_printed = [] if number is None else printed_notes[number]
        made.append(_in_source(word, run, before, number, was_printed))
    return joined(made)


def _in_source(word: str, run: Any, before: Any, number: int | None, was_printed: list[Run]) -> Any:
    """Return a word of an edited paragraph in terms of the source, which has `before` at its place."""
    if is_text(run):
        is_figure = isinstance(before, dict) and "fact" in before
        return {"fact": before["fact"], "marks": run[1]} if is_figure else [word, run[1]]
    if number is None:
        return {"n": None, "note": run["note"]}
    return {"n": number, "note": runs_for_source(before["note"], was_printed, run["note"])}


def _values(source: list[Run], printed: list[Run]) -> tuple[str, list[str]]:
    """Return what was printed before the source's text, and for each of its figures, in order."""
    shape = "".join(
        re.escape(run[0]) if isinstance(run, list) else "(.+?)" if "fact" in run else NOTE for run in source
    )
    found = re.fullmatch(f"(.*?){shape}", flat(printed), re.DOTALL)
    if not found:
        raise NotMapped("the program joins this text with others: edit it in its file")
    lead, *values = found.groups()
    return lead, values


def _cut(runs: list[Run], count: int) -> list[Run]:
    """Return the runs without their first `count` characters."""
    kept: list[Run] = []
    for run in runs:
        length = len(run[0]) if isinstance(run, list) else 1
        if length > count:
            kept.append([run[0][count:], run[1]] if isinstance(run, list) else run)
        count = max(0, count - length)
    return kept


def _splitter(values: list[str]) -> re.Pattern[str]:
    longest_first = sorted({value for value in values if value}, key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, longest_first), r"\w+|\s+|[^\w\s]"]))


def _words(run: Run, split: re.Pattern[str], said: Iterator[str]) -> list[str]:
    if isinstance(run, list):
        return split.findall(run[0])
    return [next(said)] if "fact" in run else [NOTE]


def joined(runs: list[Any]) -> list[Any]:
    """Return runs with texts of the same marks joined."""
    made: list[Any] = []
    for run in runs:
        if made and is_text(run) and is_text(made[-1]) and made[-1][1] == run[1]:
            made[-1] = [made[-1][0] + run[0], run[1]]
        else:
            made.append(run)
    return made
