"""The indicators as charts, and figures that open to the cells that they were counted from."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from papers.register import html_elements
from papers.register.html_elements import Markup, el, joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.register.facts import RegisterIndicator, TraceCell, TracedFigure

_WIDTH, _HEIGHT, _FOOT, _HEAD = 320, 150, 22, 22  # of a chart, in its own units


def indicator_section(indicator: RegisterIndicator, maximum: float) -> Markup:
    """Return an indicator: its chart, and a table in which each figure opens to its cells.

    `maximum` is the highest figure of all charts of its unit, so that they can be compared.
    """
    head = [el("h3", indicator.name), el("p", indicator.text, class_="explained")]
    if indicator.notes:
        head.append(el("p", " ".join(indicator.notes), class_="explained"))
    if indicator.illustrative:
        text = "Illustrative figures: they demonstrate the register, and no economy reported them."
        head.append(el("p", text, class_="illustrative"))
    rows = [_row(indicator, year, figure) for year, figure in indicator.years]
    titles = el(
        "tr", el("th", "Year", scope="col"), el("th", "Figure, and what it was counted from", scope="col")
    )
    caption = el("caption", f"{indicator.name}, by year", class_="screen-reader-only")
    table = el("table", caption, el("thead", titles), el("tbody", *rows), class_="figures")
    columns = el("div", _chart(indicator, maximum), table, class_="columns")
    return el("section", *head, columns, class_="indicator", id=f"indicator-{indicator.id}")


def _row(indicator: RegisterIndicator, year: int, figure: TracedFigure | None) -> Markup:
    if figure is None:
        content = el("span", "not reported", class_="not-reported")
    else:
        content = traced_figure(figure, f"{indicator.id}-{year}")
    return el("tr", el("th", str(year), scope="row"), el("td", content))


def traced_figure(figure: TracedFigure, anchor: str, description: tuple[Markup, ...] = ()) -> Markup:
    """Return a figure that opens to the cells it was counted from; it works without a script."""
    files = len({cell.file for cell in figure.cells})
    source = f"{html_elements.count(len(figure.cells), 'cell')} in {html_elements.count(files, 'file')}"
    summary = el("summary", el("b", figure.figure), *description, el("span", f" {source}", class_="source"))
    rows = [
        _cells_of_sheet(sheet, cells)
        for sheet, cells in groupby(sorted(figure.cells, key=_cell_order), _sheet_of)
    ]
    return el("details", summary, el("ul", *rows, class_="cells"), class_="trace", id=f"figure-{anchor}")


def _sheet_of(cell: TraceCell) -> tuple[str, str, str]:
    return cell.file, cell.sheet, cell.economy


@cache  # a cell is counted in many figures of a paper
def _cell_order(cell: TraceCell) -> tuple:
    """Return a sort key that puts A8 before A10."""
    column = cell.cell.rstrip("0123456789")
    row = cell.cell[len(column) :]
    return *_sheet_of(cell), column, int(row or 0), cell.cell


def _cells_of_sheet(sheet: tuple[str, str, str], cells: Iterable[TraceCell]) -> Markup:
    """Return the cells of one sheet below the name of its file."""
    return Markup(f"<li>{_sheet_heading(sheet)}<ul>{''.join(map(_cell, cells))}</ul></li>")


@cache
def _sheet_heading(sheet: tuple[str, str, str]) -> Markup:
    file, sheet_name, economy = sheet
    place = el("code", f"{file}{', sheet ' + sheet_name if sheet_name else ''}")
    return joined([el("b", economy), place], " ") if economy else place


@cache
def _cell(cell: TraceCell) -> Markup:
    title = [": ", el("bdi", cell.title)] if cell.title else []
    value = [el("span", f" {cell.value}", class_="value")] if cell.value else []
    return el("li", el("code", cell.cell), *title, *value)


def highest_figures(indicators: Iterable[RegisterIndicator]) -> dict[str, float]:
    """Return unit -> the highest figure or target of the indicators with that unit, at least 1."""
    highest: dict[str, float] = {}
    for one in indicators:
        shown = [value for value in (*one.values, *one.targets) if value is not None]
        highest[one.unit] = max(highest.get(one.unit, 0), *shown, 0) or 1
    return highest


def _chart(indicator: RegisterIndicator, maximum: float) -> Markup:
    """Return a chart with one column per year, and a line across it where the year has a target.

    A year without reports has a dash, never a column of 0.
    """
    step = _WIDTH / max(1, len(indicator.years))
    columns = [
        joined([_column(indicator, at, step, maximum), _target(indicator, at, step, maximum)])
        for at in range(len(indicator.years))
    ]
    values = "; ".join(
        f"{year}: {figure.figure if figure else 'not reported'}" for year, figure in indicator.years
    )
    values += "".join(f". {note.removesuffix('.')}" for note in indicator.notes)
    axis = el("line", x1=0, x2=_WIDTH, y1=_HEIGHT - _FOOT, y2=_HEIGHT - _FOOT, class_="axis")
    label = f"Column chart of {indicator.name}. {values}."
    attributes = {"role": "img", "aria_label": label, "class_": "chart"}
    return el("svg", *columns, axis, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", **attributes)


def _column(indicator: RegisterIndicator, at: int, step: float, maximum: float) -> Markup:
    (year, figure), value = indicator.years[at], indicator.values[at]
    bottom, middle = _HEIGHT - _FOOT, round((at + 0.5) * step, 1)
    height = _height(value or 0, maximum)
    width, top = round(step * 0.46, 1), round(bottom - height, 1)
    bar = el("rect", x=round(middle - width / 2, 1), y=top, width=width, height=height)
    text = figure.figure if figure else "–"
    label = el("text", text, x=middle, y=round(bottom - height - 6, 1), class_="figure")
    return joined([bar if figure else Markup(), label, el("text", str(year), x=middle, y=_HEIGHT - 5)])


def _height(value: float, maximum: float) -> float:
    return round((_HEIGHT - _FOOT - _HEAD) * value / maximum, 1)


def _target(indicator: RegisterIndicator, at: int, step: float, maximum: float) -> Markup:
    """Return the line of the year's target; nothing where it has none."""
    if (value := indicator.targets[at]) is None:
        return Markup()
    height = round(_HEIGHT - _FOOT - _height(value, maximum), 1)
    left, right = round((at + 0.15) * step, 1), round((at + 0.85) * step, 1)
    return el("line", x1=left, x2=right, y1=height, y2=height, class_="target")


def figure_list(figures: Iterable[TracedFigure]) -> Markup:
    """Return the figures of a paper, each with its cells."""
    items = [
        el("li", traced_figure(figure, str(at), _description(figure))) for at, figure in enumerate(figures, 1)
    ]
    return el("ol", *items, class_="traces")


def _description(figure: TracedFigure) -> tuple[Markup, ...]:
    where = [el("span", f" ({figure.where})", class_="where")] if figure.where else []
    return (el("span", f" {figure.what}", *where, class_="what"),)
