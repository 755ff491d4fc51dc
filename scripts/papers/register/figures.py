"""The indicators as charts whose every figure shows its cells, and a page a paper with the figures printed in it."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from papers.register import markup
from papers.register.markup import Markup, el, joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.register.facts import RegisterIndicator, TraceCell, TracedFigure

_WIDTH, _HEIGHT, _FOOT, _HEAD = 320, 150, 22, 22  # of a chart, in its own units


def indicator(one: RegisterIndicator, highest: int) -> Markup:
    """An indicator: its chart, and beside it a table in which each figure opens to the cells it was counted from.

    `highest` is the highest figure of all charts, so that they can be compared.
    """
    head = [el("h3", one.name), el("p", one.text, class_="explained")]
    if one.illustrative:
        head.append(
            el(
                "p",
                "Illustrative figures: made to show the register, not reported by any economy.",
                class_="illustrative",
            )
        )
    rows = [_row(one, year, figure) for year, figure in one.years]
    titles = el(
        "tr", el("th", "Year", scope="col"), el("th", "Figure, and what it was counted from", scope="col")
    )
    caption = el("caption", f"{one.name}, by year", class_="heard")
    table = el("table", caption, el("thead", titles), el("tbody", *rows), class_="figures")
    inside = el("div", _chart(one, highest), table, class_="beside")
    return el("section", *head, inside, class_="indicator", id=f"indicator-{one.id}")


def _row(one: RegisterIndicator, year: int, figure: TracedFigure | None) -> Markup:
    told = (
        el("span", "not reported", class_="silent") if figure is None else traced(figure, f"{one.id}-{year}")
    )
    return el("tr", el("th", str(year), scope="row"), el("td", told))


def traced(figure: TracedFigure, anchor: str, head: tuple[Markup, ...] = ()) -> Markup:
    """A figure that opens to the cells it was counted from; works without a script."""
    files = len({cell.file for cell in figure.cells})
    source = f"{markup.count(len(figure.cells), 'cell')} in {markup.count(files, 'file')}"
    summary = el("summary", el("b", figure.figure), *head, el("span", f" {source}", class_="source"))
    rows = [_file(file, cells) for file, cells in groupby(sorted(figure.cells, key=_place), _file_of)]
    return el("details", summary, el("ul", *rows, class_="cells"), class_="trace", id=f"figure-{anchor}")


def _file_of(cell: TraceCell) -> tuple[str, str, str]:
    return cell.file, cell.sheet, cell.economy


@cache  # a cell is counted in many figures of a paper
def _place(cell: TraceCell) -> tuple:
    """Cells in the order in which a person finds them: A8 before A10."""
    column = cell.cell.rstrip("0123456789")
    row = cell.cell[len(column) :]
    return *_file_of(cell), column, int(row or 0), cell.cell


def _file(file: tuple[str, str, str], cells: Iterable[TraceCell]) -> Markup:
    """The cells of one sheet, below the name of its file."""
    return Markup(f"<li>{_head(file)}<ul>{''.join(map(_cell, cells))}</ul></li>")


@cache
def _head(file: tuple[str, str, str]) -> Markup:
    name, sheet, economy = file
    where = el("code", f"{name}{', sheet ' + sheet if sheet else ''}")
    return joined([el("b", economy), where], " ") if economy else where


@cache
def _cell(cell: TraceCell) -> Markup:
    title = [": ", el("bdi", cell.title)] if cell.title else []
    value = [el("span", f" {cell.value}", class_="value")] if cell.value else []
    return el("li", el("code", cell.cell), *title, *value)


def highest(indicators: Iterable[RegisterIndicator]) -> int:
    figures = [int(figure.figure) for one in indicators for _, figure in one.years if figure]
    return max(figures, default=1) or 1


def _chart(one: RegisterIndicator, most: int) -> Markup:
    """Columns, one a year; a year that nobody reported for has a gap and a dash, never a column of 0."""
    step = _WIDTH / max(1, len(one.years))
    columns = [_column(year, figure, at * step, step, most) for at, (year, figure) in enumerate(one.years)]
    told = "; ".join(f"{year}: {figure.figure if figure else 'not reported'}" for year, figure in one.years)
    ground = el("line", x1=0, x2=_WIDTH, y1=_HEIGHT - _FOOT, y2=_HEIGHT - _FOOT, class_="ground")
    about = {"role": "img", "aria_label": f"Column chart of {one.name}. {told}.", "class_": "chart"}
    return el("svg", *columns, ground, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", **about)


def _column(year: int, figure: TracedFigure | None, left: float, step: float, most: int) -> Markup:
    ground, middle = _HEIGHT - _FOOT, round(left + step / 2, 1)
    height = round((ground - _HEAD) * int(figure.figure) / most, 1) if figure else 0.0
    width = round(step * 0.46, 1)
    bar = el("rect", x=round(middle - width / 2, 1), y=round(ground - height, 1), width=width, height=height)
    label = el(
        "text", figure.figure if figure else "–", x=middle, y=round(ground - height - 6, 1), class_="figure"
    )
    return joined([bar if figure else Markup(), label, el("text", str(year), x=middle, y=_HEIGHT - 5)])


def traces(figures: Iterable[TracedFigure]) -> Markup:
    """The figures of a paper, each with its cells."""
    items = [el("li", traced(one, str(at), _words(one))) for at, one in enumerate(figures, 1)]
    return el("ol", *items, class_="traces")


def _words(one: TracedFigure) -> tuple[Markup, ...]:
    where = [el("span", f" ({one.where})", class_="where")] if one.where else []
    return (el("span", f" {one.what}", *where, class_="what"),)
