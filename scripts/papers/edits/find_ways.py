"""The ways in which an edited paragraph can be written into the inputs, or why there is none."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papers import richtext
from papers.characters import describe_character, forbidden_character
from papers.docx.package import PackageError
from papers.edits.edited_runs import PART, NotMapped, TouchedFigure, joined, runs_for_source
from papers.edits.markdown_edits import BlockEdit, inline_for
from papers.edits.pairing import opcodes
from papers.edits.text_sources import CELL, MARKDOWN, NAME, YAML, YAML_MARKDOWN
from papers.edits.word_copy import is_text, notes_of, read_copy, tidy
from papers.problems import quoted
from papers.store.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.edits.input_papers import SourcedPaper
    from papers.edits.text_sources import PrintedText, TextSource
    from papers.edits.word_copy import CopyParagraph
    from papers.edits.write_edits import Edit
    from papers.inputs.xlsx import Row

_MOST_WAYS = 12  # that are tried for one paragraph
_LEAST_FIXED = 3  # letters of a text that is looked for in templates
_TAGS = re.compile(r"\{[{%].*?[%}]\}")
_YEARS = re.compile(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?")


@dataclass(frozen=True, eq=False)
class Way:
    """Edits of the inputs that may give an edited paragraph, and the place of what they change."""

    edits: dict[Edit, Any]
    place: str


def source_of(paper: SourcedPaper, paragraph: CopyParagraph | None, *kinds: str) -> TextSource | None:
    """Return the first text of a paragraph that is of these kinds."""
    sources = (printed.sources[0] for printed in paper.printed_in(paragraph))
    return next((source for source in sources if source.kind in kinds), None)


def check_characters(paragraph: CopyParagraph) -> None:
    """Raise NotMapped for a character that readers of inputs refuse too."""
    lines = (paragraph.runs, *notes_of(paragraph.runs))
    texts = [run[0] for runs in lines for run in runs if isinstance(run, list)]
    if bad := next((bad for text in texts if (bad := forbidden_character(text))), None):
        raise NotMapped(f"it has {describe_character(bad)}: type the words around it again")


def ways_of_new(
    paper: SourcedPaper,
    new: CopyParagraph,
    near: tuple[CopyParagraph | None, CopyParagraph | None],
    order: int,
) -> list[Way]:
    """Return the ways to write a new paragraph, which stands between two others."""
    for paragraph, shift in zip(near, (0, -1), strict=True):
        source = source_of(paper, paragraph, MARKDOWN)
        if new.cell or source is None or (shift and source.at[1] < 0):
            continue
        style = new.style if new.style in richtext.STYLES else richtext.BODY
        edit = BlockEdit(_new_runs(new), style)
        return [Way({source.block(order, shift): edit}, f"new, beside {source.place}")]
    if new.cell:
        raise NotMapped("a row or cell of a table that was added: add it to the input of the table")
    raise NotMapped("a new paragraph, and none beside it is from Markdown: add it to an input by hand")


def _new_runs(new: CopyParagraph) -> list[Any]:
    notes = iter(notes_of(new.runs))
    return [run if isinstance(run, list) else {"n": None, "note": next(notes)} for run in new.runs]


def ways_without(paper: SourcedPaper, old: CopyParagraph) -> list[Way]:
    """Return the ways to leave out a paragraph that was deleted."""
    source = source_of(paper, old, MARKDOWN)
    if source and source.at[1] >= 0 and not old.cell:
        return [Way({source.block(): None}, str(source.place))]
    if old.cell:
        raise NotMapped("a row or cell of a table that was deleted: delete it in the input of the table")
    known = source_of(paper, old, MARKDOWN, YAML_MARKDOWN, YAML, CELL, NAME)
    where = f"it is in {known.place}" if known else "the template or the program makes it"
    raise NotMapped(f"a paragraph that was deleted and is no Markdown of its own: {where}")


def ways_of(paper: SourcedPaper, old: CopyParagraph, new: CopyParagraph) -> list[Way]:
    """Return the ways to write an edited paragraph, the likeliest first; raise NotMapped if there is none."""
    if source := source_of(paper, old, MARKDOWN, YAML_MARKDOWN):
        return [_markdown_way(source, old, new)]
    if old.text == new.text:
        raise NotMapped("a format, which only texts in Markdown have")
    ways = _ways_of_texts(paper, old, new) or list(_ways_of_row(paper, old, new))
    if not ways:
        raise NotMapped(_why_not(paper, old, new))
    return ways[:_MOST_WAYS]


def _markdown_way(source: TextSource, old: CopyParagraph, new: CopyParagraph) -> Way:
    runs = runs_for_source(source.runs, old.runs, new.runs)
    if source.kind == YAML_MARKDOWN:
        text = " ".join(inline_for(source.written.strip(), runs).split())
        return Way({source.key: text}, str(source.place))
    both = {old.style, new.style} <= {*richtext.STYLES}
    style = new.style if both and old.style != new.style else None
    key = source.key if old.cell else source.block()
    return Way({key: BlockEdit(runs, style)}, str(source.place))


def way_of_parts(paper: SourcedPaper, olds: list[CopyParagraph], news: list[CopyParagraph]) -> Way:
    """Return the way to write paragraphs that were split or joined, as one: figures go with their words."""
    sources = [source for one in olds if (source := source_of(paper, one, MARKDOWN))]
    if len(sources) != len(olds):
        raise NotMapped("a paragraph that was merged with one that is no Markdown: edit both in their files")
    parts = [tidy(source.runs) for source in sources]
    runs = runs_for_source(
        *(_as_one(lines) for lines in (parts, [o.runs for o in olds], [n.runs for n in news]))
    )
    edits: dict[Edit, Any] = {one.block(): None for one in sources[1:]}
    first = sources[0]
    for number, (new, part) in enumerate(zip(news, _split_at_part(runs), strict=True)):
        style = new.style if number and new.style in richtext.STYLES else None
        edits[first.block(number / 100)] = BlockEdit(part, style)
    return Way(edits, ", ".join(str(one.place) for one in sources))


def _as_one(lines: list[list[Any]]) -> list[Any]:
    return [run for at, runs in enumerate(lines) for run in ([[PART, ""]] * (at > 0) + runs)]


def _split_at_part(runs: list[Any]) -> list[list[Any]]:
    parts: list[list[Any]] = [[]]
    for run in runs:
        pieces = run[0].split(PART) if is_text(run) else [run]
        for at, piece in enumerate(pieces):
            parts += [[]] if at else []
            parts[-1] += [[piece, run[1]]] if is_text(run) and piece else [] if is_text(run) else [run]
    return [joined(tidy(part)) for part in parts]


# YAML and cells


def _ways_of_texts(paper: SourcedPaper, old: CopyParagraph, new: CopyParagraph) -> list[Way]:
    """Return the ways to change texts of YAML or cells, between the words around them, which must stay."""
    shape, end, own = "", 0, []
    for printed in paper.printed_in(old):
        if printed.start >= end and _is_printed(
            old.text[printed.start : printed.end], printed.sources[0].text
        ):
            shape += re.escape(old.text[end : printed.start]) + "(.+)"
            end = printed.end
            own.append(printed)
    match = re.fullmatch(shape + re.escape(old.text[end:]), new.text, re.DOTALL) if own else None
    if match is None:
        return []
    edited = [
        (one, _as_written(words, one.sources[0].text, old.text[one.start]))
        for one, words in zip(own, match.groups(), strict=True)
        if words != old.text[one.start : one.end]
    ]
    _check_names(edited)
    choices = [[(source, words) for source in _ranked(paper, old, one)] for one, words in edited]
    return [
        Way({source.key: words for source, words in way}, "; ".join(str(source.place) for source, _ in way))
        for way in itertools.islice(itertools.product(*choices), _MOST_WAYS)
        if way
    ]


def _is_printed(words: str, text: str) -> bool:
    """Return whether words of a paper are a text of the inputs; its first letter may be small or a capital."""
    return words[1:] == text[1:] and words[:1].casefold() == text[:1].casefold()


def _as_written(words: str, text: str, printed: str) -> str:
    """Return edited words with the first letter of the text, if the paper printed it as `printed` and they kept it."""
    return text[0] + words[1:] if words.startswith(printed) else words


def _check_names(edited: list[tuple[PrintedText, str]]) -> None:
    """Raise NotMapped where a name was edited that other inputs refer to."""
    for printed, _ in edited:
        names = [source for source in printed.sources if source.kind == NAME]
        if names:
            raise NotMapped(
                f"a name that inputs refer to in {len({one.key for one in names})} places, such as"
                f" {names[0].place}: rename it in all of them"
            )


def _ranked(paper: SourcedPaper, old: CopyParagraph, printed: PrintedText) -> list[TextSource]:
    """Return the texts that a place may print: those of the row of the sheet that the row of the table is from first."""
    rows = [source.row for source in _beside(paper, old) if source.row is not None]
    files = paper.context["made_from"]
    return sorted(
        printed.sources,
        key=lambda one: (-sum(one.row is row for row in rows), one.file not in files),
    )


def _beside(paper: SourcedPaper, old: CopyParagraph) -> Iterator[TextSource]:
    """Yield the texts of the other cells of a row."""
    for paragraph in paper.paragraphs if old.cell else ():
        if paragraph is not old and paragraph.cell and old.cell and paragraph.cell[:2] == old.cell[:2]:
            for printed in paper.printed_in(paragraph):
                yield from printed.sources


def _ways_of_row(paper: SourcedPaper, old: CopyParagraph, new: CopyParagraph) -> Iterator[Way]:
    """Yield the ways to change years and economies, which are printed in other words than those of their cells."""
    for row in _rows_beside(paper, old):
        years, found = _YEARS.fullmatch(old.text), _YEARS.fullmatch(new.text)
        if years and found and {"first_year", "last_year"} <= row.letters.keys():
            wanted = {"first_year": int(found[1]), "last_year": int(found[2] or found[1])}
            changed = {field: year for field, year in wanted.items() if row[field] != year}
            if changed:
                edits = {_cell(row, field): year for field, year in changed.items()}
                yield Way(edits, str(row.place(next(iter(changed)))))
        listed = (row.values.get("proponents") or "") if "proponents" in row.letters else ""
        first = str(listed).split("; ")[0].removeprefix("the ")
        if first and old.text.removeprefix("the ").startswith(first):
            words = re.sub(r", and | and |, ", "; ", new.text)
            yield Way({_cell(row, "proponents"): words}, str(row.place("proponents")))


def _rows_beside(paper: SourcedPaper, old: CopyParagraph) -> list[Row]:
    """Return the rows of workbooks that a row of a table may be from, those of the paper's edition first."""
    cells = [one for one in _beside(paper, old) if one.kind == CELL]
    rows = list({id(one.row): one.row for one in cells if one.row is not None}.values())
    edition = f"{paper.context['plan']}/schedule/{paper.context['edition']}.xlsx"
    files = paper.context["made_from"]
    return sorted(rows, key=lambda row: (not row.file.endswith(edition), row.file not in files))


def _cell(row: Any, field: str) -> Edit:
    return CELL, row.file, (row.sheet, row.place(field).cell)


# Reasons


def _why_not(paper: SourcedPaper, old: CopyParagraph, new: CopyParagraph) -> str:
    """Return the reason why no text of the inputs gives the edited words."""
    first = next((start for kind, start, *_ in opcodes(old.text, new.text) if kind != "equal"), 0)
    for figure in paper.trace["figures"]:
        words = figure["figure"]
        for found in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", old.text):
            if found.start() <= first <= found.end():
                return figure_reason(paper, words)
    if template := _template_with(paper, old.text, first):
        return f"fixed words of {template}, which papers of its kind share: change them there"
    known = [source for printed in paper.printed_in(old) for source in printed.sources[:1]]
    if known:
        return f"words of the template or the program around the text of {known[0].place}"
    if old.style.startswith("cover"):
        return "words of the cover, which follow from the meeting's file and the template of the cover"
    return "no text of the inputs has these words: they are of a template or the program, or follow from other inputs"


def _template_with(paper: SourcedPaper, text: str, at: int) -> str:
    """Return the template whose fixed words stand at a position of a text; "" if none has them."""
    for file in paper.context["templates"]:
        try:
            paragraphs = read_copy(read_bytes(file)).paragraphs
        except (OSError, PackageError):
            continue
        pieces = (piece.strip() for one in paragraphs for piece in _TAGS.split(one.text))
        for piece in pieces:
            start = text.find(piece) if len(piece) > _LEAST_FIXED else -1
            if 0 <= start <= at <= start + len(piece):
                return file
    return ""


def figure_reason(paper: SourcedPaper, words: str) -> str:
    number = paper.context["number"]
    return (
        f"{quoted(words)} is a computed figure: forum-papers trace paper={number} figure={quoted(words)}"
        " shows the cells that it follows from"
    )


def touched_figure(paper: SourcedPaper, error: TouchedFigure) -> str:
    """Return the reason for an edited figure of Markdown: how to find its cells, where it is counted."""
    counted = any(figure["figure"] == error.figure for figure in paper.trace["figures"])
    return f"{error}; {figure_reason(paper, error.figure)}" if counted else str(error)
