"""Where each figure of a paper stands and what it was counted from, as data: what `make trace` and the index show.

The trace of a paper: its number, title, file and access; `sources`, each with what it `counts` and its `cells`; and `figures` in
the order of the text. A figure has its words (`figure`), its `value`, `what` it counts, `where` and in which `text` it
stands, its `tag`, and the indices of its `sources`, whose counts add up to the value. A derived figure has no sources but
`how` it is reckoned from the figures in `of`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papers import richtext
from papers.model.figures import Derived, Figure, Source
from papers.wording.tags import Each, Tag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.wording.figure_markers import Mention

# How a derived figure comes from its operands, in words.
HOW = {
    "share": "{0} of {1}, in per cent",
    "change": "from {0} to {1}, in per cent of {0}",
    "mean": "the mean of the scores, {0} points together",
    "median": "the median of the scores, {0} points together",
}


def trace(paper: dict, fields: dict, mentions: list[Mention], tags: Mapping[str, Mapping[str, Tag]]) -> dict:
    """The trace of a paper. `paper` tells its number, title, file and access; `tags` are those of its namespaces."""
    sources: dict[
        int, tuple[int, Source]
    ] = {}  # by identity, which is quicker than by value: figures share them
    figures = [
        {"figure": one.words, **_reckoned(one.figure, sources), **_place(one, fields, tags)}
        for one in mentions
    ]
    return {**paper, "figures": figures, "sources": [one.as_data() for _, one in sources.values()]}


def files_of(traced: dict) -> set[str]:
    """The files that the figures of a trace were counted from."""
    return {cell["file"] for source in traced["sources"] for cell in source["cells"]}


def _reckoned(figure: Figure | Derived, sources: dict[int, tuple[int, Source]]) -> dict:
    if isinstance(figure, Derived):
        of = [_reckoned(one, sources) for one in figure.operands]
        plus = {"plus": figure.plus} if figure.plus else {}
        return {"what": figure.what, "how": figure.how, "of": of, **plus}
    found = [sources.setdefault(id(one), (len(sources), one))[0] for one in figure.sources]
    among = {"among": figure.among} if figure.among else {}
    return {"value": figure.value, "what": figure.what, **among, "sources": found}


def _place(one: Mention, fields: dict, tags: Mapping[str, Mapping[str, Tag]]) -> dict:
    """Where a figure stands: in words, as a tag, at which character, and the text around it where there is any."""
    namespace, *path = one.path
    value, declared, tag, words = fields[namespace], tags[namespace], None, []
    rest = list(path)
    while rest and declared:
        key = rest.pop(0)
        value, tag, declared = value[key], declared[key], None
        words.append(key.replace("_", " "))
        if isinstance(tag, Each):
            value, key = value[rest[0]], rest.pop(0)
            words.append(_label(value) if tag.of else _head(fields[namespace], tag, key))
            declared = tag.of
    inside, around = _inside(value, rest)
    words += [inside] if inside else []
    dotted = "".join([f"[{key}]" if isinstance(key, int) else f".{key}" for key in path])
    found = {"where": ", ".join(words), "tag": f"{namespace}{dotted}", "at": one.start}
    return found if around in ("", one.words) else {**found, "text": around}


def _label(row: dict) -> str:
    """What a row is of: its first text."""
    return next((value for value in row.values() if isinstance(value, str)), "")


def _head(fields: dict, tag: Each, key: int) -> str:
    """The head of a column, or which one it is."""
    heads = fields.get(tag.heads, ())
    return heads[key] if key < len(heads) else f"{key + 1}"


def _inside(value: Any, rest: list[str | int]) -> tuple[str, str]:
    """Where a figure stands within the value of a tag, in words, and the paragraph around it; "" for neither."""
    if isinstance(value, str):
        return "", value
    if "chart" in value:
        if rest[1] != "series":
            return "in its text for screen readers", ""
        return f"{value['chart']['categories'][rest[4]]}, {value['chart']['series'][rest[2]][0]}", ""
    if "blocks" in value:
        return f"paragraph {rest[1] + 1}", richtext.plain(value["blocks"][rest[1]]["line"])
    return "", richtext.plain(value["line"])
