"""The trace of a paper: where each of its figures stands and what it was counted from, as data.

It is built from what `figure_markers.strip_markers` found in the paper's context; figure_markers.py shows the
way of a figure. The keys are described in docs/traces.md. `make trace`, the register of papers and the annex of sources show
traces; papers/traces.py reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papers import richtext
from papers.model.figures import Cell, Derived, Figure, Source, as_number, exact
from papers.wording import english
from papers.wording.tags import Each, Tag, Values

if TYPE_CHECKING:
    from papers.store.paper_context import (
        CountedFigure,
        Fields,
        FigurePlace,
        PrintedFigure,
        Trace,
        TracedSource,
        TraceHead,
    )
    from papers.wording.figure_markers import Mention

# How a derived figure is computed from its operands, in words.
_HOW = {
    "share": "{0} of {1}, in per cent",
    "change": "from {0} to {1}, in per cent of {0}",
    "mean": "the mean of the scores, {0} points together",
    "median": "the median of the scores, {0} points together",
    "average": "the average of {sources}, {0} together",
    "difference": "{0} with {1} subtracted",
}
_OF_ALL = {"average of years": "averaged", "sum": "added"}  # those with any number of operands
_Sources = dict[int, tuple[int, Source]]  # id of a source -> its index in the trace, and itself
_Tags = dict[str, dict[str, Tag]]  # namespace -> tag -> its declaration


def build_trace(head: TraceHead, fields: Fields, mentions: list[Mention], tags: _Tags) -> Trace:
    """Return the trace of a paper: the keys of `head` (number, title, ...), `figures`, `sources` and `deciding`.

    `fields` are the texts of the paper by namespace, without markers; `tags` the declarations of the tags.
    """
    sources: _Sources = {}  # by identity, which is faster than by value: figures share them
    figures: list[PrintedFigure] = [
        {"figure": mention.words, **_counted(mention.figure, sources), **_place(mention, fields, tags)}
        for mention in mentions
    ]
    deciding: dict[Cell, int] = {}
    counted = [_source_as_data(source, deciding) for _, source in sources.values()]
    cells = [cell.as_data() for cell in deciding]
    return {**head, "figures": figures, "sources": counted, "deciding": cells}


def _source_as_data(source: Source, deciding: dict[Cell, int]) -> TracedSource:
    """Return a source with the positions in `deciding` of the cells that decide it, which are added there."""
    data = source.as_data()
    if source.decided_by:
        data["decided_by"] = [deciding.setdefault(cell, len(deciding)) for cell in source.decided_by]
    return data


def files_of(trace: Trace) -> set[str]:
    """Return the input files that the figures of a trace were counted from."""
    counted = (cell for source in trace["sources"] for cell in source["cells"])
    return {cell["file"] for cell in (*counted, *trace["deciding"])}


def derivation(figure: CountedFigure) -> str:
    """Return in words how a derived figure of a trace is computed from the figures in `of`."""
    operands = [number_in_words(operand) for operand in figure["of"]]
    if figure["how"] in _OF_ALL:
        return f"{english.listed(operands)}, {_OF_ALL[figure['how']]}"
    number = len(figure["of"][0].get("sources", ()))
    plus = f", plus {figure['plus']['value']:g}" if "plus" in figure else ""
    words = _HOW[figure["how"]].format(*operands, sources=f"{number} figures")
    return f"{words}{plus}"


def number_in_words(figure: CountedFigure) -> str:
    """Return the value of a figure of a trace: 1,204, 45.5% or "not reported"."""
    if figure["value"] is None:
        return english.NOT_REPORTED
    sign = "%" if figure.get("unit") == "%" else ""
    return f"{english.rounded(exact(figure['value']))}{sign}"


def _counted(figure: Figure | Derived, sources: _Sources) -> CountedFigure:
    """Return what a figure counts and the indices of its sources; for a derived one the figures behind it."""
    if isinstance(figure, Derived):
        operands = [_counted(operand, sources) for operand in figure.operands]
        derived: CountedFigure = {"what": figure.what, "how": figure.how, "of": operands}
        if figure.plus:
            derived["plus"] = _counted(figure.plus, sources)
        return derived
    value = None if figure.value is None else as_number(figure.value)
    counted: CountedFigure = {"value": value, "what": figure.what}
    if figure.unit:
        counted["unit"] = figure.unit
    if figure.derived:
        return {**_counted(figure.derived, sources), **counted}
    if figure.among:
        counted["among"] = figure.among
    counted["sources"] = [
        sources.setdefault(id(source), (len(sources), source))[0] for source in figure.sources
    ]
    return counted


def _place(mention: Mention, fields: Fields, tags: _Tags) -> FigurePlace:
    """Return where a figure stands: in words, as a tag, at which character, and in which text."""
    rest: list[Any] = list(mention.path)  # a key or an index, as the declared tags say
    namespace = rest.pop(0)
    value: Any = fields[namespace]
    declared: dict[str, Tag] | None = tags[namespace]
    words, around = [], [value]
    while rest and declared:
        key = rest.pop(0)
        value, tag, declared = value[key], declared[key], None
        words.append(key.replace("_", " "))
        if isinstance(tag, Each):
            index = rest.pop(0)
            value = value[index]
            words.append(_row_label(value) if tag.of else _column_head(around, tag, index))
            declared = tag.of
            around = [value, *around]
    inside, text = _inside(value, rest)
    words += [inside] if inside else []
    where = ", ".join(word for word in words if word)  # a part of a table has no label
    place: FigurePlace = {"where": where, "tag": _dotted(mention.path), "at": mention.start}
    if text not in ("", mention.words):
        place["text"] = text
    return place


def _dotted(path: tuple[str | int, ...]) -> str:
    """Return a path as a tag: report.findings.blocks[0].line[0][0]."""
    steps = [f"[{key}]" if isinstance(key, int) else f".{key}" for key in path]
    return "".join(steps).removeprefix(".")


def _row_label(row: Values) -> str:
    """Return the first text of a row, which says what the row is about."""
    return next((value for value in row.values() if isinstance(value, str)), "")


def _column_head(around: list[Values], tag: Each, index: int) -> str:
    """Return the head of a column, or its number where it has none.

    The heads are in one of the values `around`, the innermost first.
    """
    heads: list[str] = next((values[tag.heads] for values in around if tag.heads in values), [])
    return heads[index] if index < len(heads) else f"{index + 1}"


def _inside(value: Any, rest: list[Any]) -> tuple[str, str]:
    """Return where a figure stands within the value of its tag, in words, and the paragraph around it.

    Either is "" where there is none.
    """
    if isinstance(value, str):
        return "", value
    if "chart" in value:
        if rest[1] != "series":
            return "in its text for screen readers", ""
        return f"{value['chart']['categories'][rest[4]]}, {value['chart']['series'][rest[2]][0]}", ""
    if "blocks" in value:
        return _in_block(value["blocks"][rest[1]], rest[1:])
    return "", richtext.plain(value["line"])


def _in_block(block: richtext.BlockData, rest: list[Any]) -> tuple[str, str]:
    """Return where a figure stands in a block, whose index is the first of `rest`, and the text around it."""
    table = block.get("table")
    if not table or rest[1] != "table":
        return f"paragraph {rest[0] + 1}", richtext.plain(block["line"])
    if rest[2] != "rows":
        return f"the header row of the table in place {rest[0] + 1}", richtext.plain(
            table["heads"][rest[3]]["line"]
        )
    row, column = table["rows"][rest[3]], rest[4]
    label = richtext.plain(row[0]["line"]) or f"row {rest[3] + 1}"
    return f"{label}, {richtext.plain(table['heads'][column]['line'])}", richtext.plain(row[column]["line"])
