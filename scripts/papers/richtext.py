"""Styled text as plain data that JSON can hold: what reading, wording and Word exchange.

A *run* is ``[text, marks]``; marks are any of ``b`` (bold), ``i`` (italic), ``^`` (superscript); or
``{"note": line}``, a reference to a footnote. A *line* is ``{"line": [run, ...]}``. A *block* is one
paragraph: ``{"style", "line", "start"}``; ``start`` is true where an ordered list begins. A block may have one
more key: ``item`` for an item of a list with a numbering of its own, ``table`` (see `table`), ``picture``, or
``page``, from which on pages are portrait or landscape; the line of a table or picture is its caption. *Blocks*
are ``{"blocks": [block, ...]}``. A *chart* is ``{"chart": {...} or None}``, see `chart`; a *table of contents* is
``{"contents": {...} or None}``, see `contents`. `Run`, `LineData` and the other types exist for the type
checker only.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing `typing` costs `fill` more than a paper
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence, Sized
    from typing import Any, NotRequired, TypedDict, final

    @final
    class Note(TypedDict):
        note: list[Run]

    @final
    class Fact(TypedDict):
        """A figure that is named in Markdown; wording puts its words in its place."""

        fact: str
        marks: str
        at: NotRequired[int]  # its line in the file

    Run = list[str] | Note | Fact

    class LineData(TypedDict):
        line: list[Run]

    class ListPlace(TypedDict):
        """An item's numbering: `formats` has [w:numFmt, w:lvlText] of each level, `key` is unique in a paper."""

        key: str
        level: int
        formats: list[list[str]]

    class CellData(LineData):
        merge: NotRequired[int]  # BEGINS or GOES_ON

    class TableData(TypedDict):
        alt: str
        widths: list[int]
        align: list[int]
        heads: list[LineData]
        rows: list[list[CellData]]

    class PictureData(TypedDict):
        """A PNG or JPEG file among the inputs; `size` in EMU, as the file states it."""

        alt: str
        file: str
        sha256: str
        size: list[int]

    class BlockData(TypedDict):
        style: str
        line: list[Run]
        start: bool
        align: NotRequired[str]  # right or center, where it is not that of the style
        item: NotRequired[ListPlace]
        table: NotRequired[TableData]
        picture: NotRequired[PictureData]
        page: NotRequired[int]
        at: NotRequired[int]  # its line in the file, until it is worded

    class BlocksData(TypedDict):
        blocks: list[BlockData]

    class ChartParts(TypedDict):
        kind: str
        title: str
        alt: str
        categories: list[str]
        series: list[list[Any]]  # [name, one value for each category]
        size_cm: list[float]

    class ChartData(TypedDict):
        chart: ChartParts | None

    class PagesData(TypedDict):
        made_for: str
        pages: list[int]

    class ContentsData(TypedDict):
        contents: PagesData | None


BODY = "Body Text"
BULLET, BULLET_2, NUMBER, ROMAN = "List Bullet", "List Bullet 2", "List Number", "List Roman"
QUOTE, HEADING_1, HEADING_2, HEADING_3 = "Quote", "Heading 1", "Heading 2", "Heading 3"
TABLE_TEXT, TABLE_BULLET = "Table Text", "Table Bullet"
TITLE, TABLE, PICTURE, PAGE = "Title", "Table", "Picture", "Page"
LEFT, RIGHT, CENTRE = 0, 1, 2  # the alignment of a table's column
BEGINS, GOES_ON = 1, 2  # a cell that is merged with those below, and one of these
PORTRAIT, LANDSCAPE, WHOLE_LANDSCAPE = 0, 1, 2  # the last from the beginning of the section on
STYLES = (BODY, BULLET, BULLET_2, NUMBER, ROMAN, QUOTE, HEADING_2, HEADING_3)
ORDERED = (NUMBER, ROMAN)

CHARTS = ("column", "bar", "stacked-bar", "line", "timeline")
_HORIZONTAL = ("bar", "stacked-bar", "timeline")  # their categories are listed from top to bottom
_MAX_SERIES = 8  # more shades of grey could not be distinguished


# Lines, blocks, charts


def line(*runs: Run | str) -> LineData:
    """Return a line of these runs; a plain string is a run without marks."""
    return {"line": [[run, ""] if isinstance(run, str) else run for run in runs]}


def block(style: str, runs: LineData, start: bool = False, align: str = "") -> BlockData:
    """Return one paragraph in a named style; `runs` is a line, `align` right, center or that of the style."""
    paragraph: BlockData = {"style": style, "line": runs["line"], "start": start}
    if align:
        paragraph["align"] = align
    return paragraph


def table(
    heads: list[LineData],
    rows: list[list[CellData]],
    widths: list[int],
    align: list[int],
    alt: str,
    caption: LineData | None = None,
) -> BlockData:
    """Return a table with a header row.

    `widths` are relative, `align` has LEFT, RIGHT or CENTRE for each column; `alt` states what the table shows. With
    a `caption` the table is numbered.
    """
    grid: TableData = {"alt": alt, "widths": widths, "align": align, "heads": heads, "rows": rows}
    return {**block(TABLE, caption or line()), "table": grid}


def page(orientation: int) -> BlockData:
    """Return a block from which on pages are PORTRAIT or LANDSCAPE."""
    return {**block(PAGE, line()), "page": orientation}


def lines_of(data: BlockData) -> list[list[Run]]:
    """Return the lines of a block as runs: its own, and those of a table's cells."""
    lines = [data["line"]]
    if "table" in data:
        lines += [head["line"] for head in data["table"]["heads"]]
        lines += [cell["line"] for row in data["table"]["rows"] for cell in row]
    return lines


def with_lines(data: BlockData, change: Callable[[list[Run]], list[Run]]) -> BlockData:
    """Return a block with `change` applied to each of its lines, and without the line of its file."""
    changed: BlockData = {**data, "line": change(data["line"])}
    changed.pop("at", None)
    if "table" in data:
        grid = data["table"]
        heads: list[LineData] = [{"line": change(cell["line"])} for cell in grid["heads"]]
        rows: list[list[CellData]] = [
            [{**cell, "line": change(cell["line"])} for cell in row] for row in grid["rows"]
        ]
        changed["table"] = {**grid, "heads": heads, "rows": rows}
    return changed


def blocks(*paragraphs: BlockData) -> BlocksData:
    """Return these paragraphs as the value of one tag."""
    return {"blocks": list(paragraphs)}


def plain(runs: list[Run]) -> str:
    """Return the text of runs without marks and without footnotes."""
    return "".join(run[0] for run in runs if isinstance(run, list))


def chart(
    kind: str,
    title: str,
    alt: str,
    categories: list[str],
    series: Sequence[tuple[str, Sequence[int | float | None]]],
    width_cm: float = 15.5,
    height_cm: float | None = None,
) -> ChartData:
    """Return a chart that Word can edit. `kind` is one of CHARTS; `alt` states in words what the chart shows.

    Each series is (name, one value for each category; None leaves a gap). With "" as `title` the chart has
    none, for charts with a caption. Of a timeline, categories are activities from top to bottom, the first
    series is the year in which each begins, the others are numbers of years (one for each status, for
    example). `height_cm` fits the number of categories unless it is given. Raises ValueError for a chart
    that could not be drawn.
    """
    if kind not in CHARTS:
        raise ValueError(f"no kind of chart: {kind!r}; one of {', '.join(CHARTS)}")
    if not alt.strip() or not categories or not (0 < len(series) <= _MAX_SERIES):
        raise ValueError(f"a chart needs an alternative text, categories, and 1 to {_MAX_SERIES} series")
    if any(len(values) != len(categories) for _, values in series):
        raise ValueError("each series of a chart needs one value, or None, for each category")
    if kind == "timeline" and (len(series) < 2 or not any(series[0][1])):
        raise ValueError(
            "a timeline needs the years in which the activities begin, and how many years they take"
        )
    if height_cm is None:
        height_cm = min(22.0, 2.6 + 0.75 * len(categories)) if kind in _HORIZONTAL else 7.5
    return {
        "chart": {
            "kind": kind,
            "title": _one_line(title),
            "alt": _one_line(alt),
            "categories": [_one_line(category) for category in categories],
            "series": [[_one_line(name), list(values)] for name, values in series],
            "size_cm": [width_cm, height_cm],
        }
    }


def no_chart() -> ChartData:
    """Return the value of a chart's tag where there is nothing to show, or more than a chart can show."""
    return {"chart": None}


def can_be_charted(series: Sized) -> bool:
    """Return whether a chart can show so many series, each in a shade of its own."""
    return 0 < len(series) <= _MAX_SERIES


def _one_line(words: str) -> str:
    return " ".join(words.split())


def contents(made_for: str = "", pages: list[int] | None = None) -> ContentsData:
    """Return a table of contents.

    `pages` has the page of each heading, for the text with the digest `made_for`; None where unknown.
    """
    return {"contents": {"made_for": made_for, "pages": pages} if pages else None}


# Text for Excel

# The full-width signs count in the Excel of East Asia; Excel skips a tab or line end at the beginning.
FORMULA_SIGNS = (*"=+-@", *"＝＋－＠", *"\t\r\n")


def csv_safe(words: str) -> str:
    """Return text for a cell of a CSV file.

    A space is put before text that Excel would take for a formula.
    """
    return f" {words}" if words[:1] in FORMULA_SIGNS else words


# Text for XML

_BREAK, _TAB = '</w:t><w:br/><w:t xml:space="preserve">', '</w:t><w:tab/><w:t xml:space="preserve">'


def escaped(text: str) -> str:
    """Return text escaped for XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """Return the text that was escaped for XML."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def with_line_breaks(text: str) -> str:
    """Return escaped text with its line ends and tabs as the elements of Word."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")  # XML itself knows no other end of line
    return lines.replace("\n", _BREAK).replace("\t", _TAB)


def value_with_line_breaks(value: Any) -> Any:
    """Return a value of a context with `with_line_breaks` applied to all its texts."""
    if isinstance(value, str):
        return with_line_breaks(value)
    if isinstance(value, dict):
        return {key: value_with_line_breaks(inner) for key, inner in value.items()}
    return [value_with_line_breaks(inner) for inner in value] if isinstance(value, list) else value


def unescaped_value(value: Any) -> Any:
    """Return such a value as it was before: its texts unescaped, with line ends and tabs."""
    if isinstance(value, str):
        return unescaped(value.replace(_BREAK, "\n").replace(_TAB, "\t"))
    if isinstance(value, dict):
        return {key: unescaped_value(inner) for key, inner in value.items()}
    return [unescaped_value(inner) for inner in value] if isinstance(value, list) else value
