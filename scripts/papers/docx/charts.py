"""Charts that Word can edit: the drawing in the text, the chart's part, and the workbook that Word opens for its data.

Imported only for papers with charts. Texts arrive escaped. Plain on purpose: greys, Arial, light lines, numbers on the
bars; patterns as well in timelines, whose bars have no numbers. No byte depends on a machine or a clock, those of the
workbook neither.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from math import ceil, floor

from xlsxwriter import Workbook

from papers.docx import zip_writer
from papers.richtext import unescaped

_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EMU_PER_CM = 360_000
_FIRST_ID = 1000  # above the ids of the drawings in templates
_HORIZONTAL = ("bar", "stacked-bar", "timeline")
_STACKED = ("stacked-bar", "timeline")
_INK, _RULE, _WHITE = "262626", "D9D9D9", "FFFFFF"
_MARKERS = ("circle", "square", "triangle", "diamond", "x", "star", "plus", "dash")
_DASHES = ("solid", "dash", "sysDot", "dashDot", "lgDash", "sysDash", "lgDashDot", "sysDashDot")
# Of the bars of timelines, from light to dark; in black and white too, each differs from those next to it.
_TEXTURES = ("#FFFFFF", "pct10", "dkUpDiag", "narHorz", "#A6A6A6", "#737373", "dkDnDiag", "#262626")
_ONLY_TEXTURE = 4
_LABELS_OF_TIMELINE = 0.66  # the share of its width that the titles of activities have
_NUMBERS, _NUMBERS_BUT_ZERO = "#,##0.##", "#,##0.##;-#,##0.##;"
_CATEGORIES_ID, _VALUES_ID = 111111111, 222222222  # positive, as the schema requires


def drawing(chart: dict, number: int) -> str:
    """Return the run that shows chart `number`, counted from 1, in the text."""
    wide, high = (round(size * _EMU_PER_CM) for size in chart["size_cm"])
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{_FIRST_ID + number}" name="Chart {number}" descr="{_attribute(chart["alt"])}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic xmlns:a="{_MAIN}"><a:graphicData uri="{_CHART}">'
        f'<c:chart xmlns:c="{_CHART}" xmlns:r="{_RELATIONSHIPS}" r:id="rIdChart{number}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def new_parts(charts: list[dict], types: str, relationships: str) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the XML parts and the workbooks that charts add to a package, by name.

    `types` and `relationships`: its [Content_Types].xml and the document's relationships, both without charts.
    """
    count, xml, workbooks = len(charts), {}, {}
    xml["[Content_Types].xml"] = _with_types(types, count)
    xml["word/_rels/document.xml.rels"] = _with_relationships(relationships, count)
    for number, chart in enumerate(charts, 1):
        book = f"Microsoft_Excel_Worksheet{number}.xlsx"
        xml[f"word/charts/chart{number}.xml"] = _chart_part(chart)
        xml[f"word/charts/_rels/chart{number}.xml.rels"] = (
            f'{_XML}<Relationships xmlns="{_PACKAGE}">'
            f'<Relationship Id="rId1" Type="{_RELATIONSHIPS}/package" Target="../embeddings/{book}"/></Relationships>'
        )
        workbooks[f"word/embeddings/{book}"] = _workbook(chart)
    return xml, workbooks


def _with_types(types: str, count: int) -> str:
    added = "".join(
        f'<Override PartName="/word/charts/chart{n}.xml" ContentType="{_CHART_TYPE}"/>'
        for n in range(1, count + 1)
    )
    if 'Extension="xlsx"' not in types:
        default = f'<Default Extension="xlsx" ContentType="{_WORKBOOK_TYPE}"/>'
        types = types.replace("<Override", f"{default}<Override", 1)
    return types.replace("</Types>", f"{added}</Types>")


def _with_relationships(relationships: str, count: int) -> str:
    added = "".join(
        f'<Relationship Id="rIdChart{n}" Type="{_RELATIONSHIPS}/chart" Target="charts/chart{n}.xml"/>'
        for n in range(1, count + 1)
    )
    return relationships.replace("</Relationships>", f"{added}</Relationships>")


def _attribute(text: str) -> str:
    return text.replace('"', "&quot;")


def _chart_part(chart: dict) -> str:
    return (
        f'{_XML}<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_MAIN}" xmlns:r="{_RELATIONSHIPS}">'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/>'
        f"<c:chart>{_title(chart['title'])}<c:plotArea>{_layout(chart)}{_plot(chart)}{_axes(chart)}"
        f'<c:spPr><a:noFill/></c:spPr></c:plotArea>{_legend(chart)}<c:plotVisOnly val="1"/>'
        '<c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr>{_fill(_WHITE)}<a:ln><a:noFill/></a:ln></c:spPr>{_font(900)}"
        '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _title(title: str) -> str:
    if not title:
        return '<c:autoTitleDeleted val="1"/>'
    look = _look("rPr", 1000, bold=True)
    words = f"<a:p><a:pPr>{_look('defRPr', 1000, bold=True)}</a:pPr><a:r>{look}<a:t>{title}</a:t></a:r></a:p>"
    return (
        f"<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/>{words}</c:rich></c:tx>"
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/>'
    )


def _layout(chart: dict) -> str:
    """The place of the bars: of a timeline at the right, so that titles of two lines stand whole at its left."""
    if chart["kind"] != "timeline":
        return "<c:layout/>"
    high = chart["size_cm"][1]
    top, bottom = 0.2 / high, 1.6 / high  # the years and the legend are at the bottom
    sides = {"x": _LABELS_OF_TIMELINE, "y": top, "w": 0.98 - _LABELS_OF_TIMELINE, "h": 1 - top - bottom}
    modes = "".join(f'<c:{side}Mode val="edge"/>' for side in "xy")
    values = "".join(f'<c:{side} val="{share:.4f}"/>' for side, share in sides.items())
    return (
        f'<c:layout><c:manualLayout><c:layoutTarget val="inner"/>{modes}{values}</c:manualLayout></c:layout>'
    )


def _plot(chart: dict) -> str:
    kind, ids = chart["kind"], f'<c:axId val="{_CATEGORIES_ID}"/><c:axId val="{_VALUES_ID}"/>'
    series = "".join(_series(chart, at) for at in range(len(chart["series"])))
    if kind == "line":
        return (
            '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
            f'{series}<c:marker val="1"/>{ids}</c:lineChart>'
        )
    direction = "bar" if kind in _HORIZONTAL else "col"
    grouping = "stacked" if kind in _STACKED else "clustered"
    overlap = '<c:overlap val="100"/>' if kind in _STACKED else ""
    return (
        f'<c:barChart><c:barDir val="{direction}"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>'
        f'{series}<c:gapWidth val="{60 if kind in _HORIZONTAL else 80}"/>{overlap}{ids}</c:barChart>'
    )


def _series(chart: dict, at: int) -> str:
    name, values = chart["series"][at]
    column, last = chr(ord("B") + at), len(values) + 1
    title = (
        f"<c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache>"
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef>'
    )
    if chart["kind"] == "timeline" and at == 0:
        title = (
            "<c:v> </c:v>"  # hides it in the legend; with c:legendEntry, LibreOffice would delete another one
        )
    head = f'<c:idx val="{at}"/><c:order val="{at}"/><c:tx>{title}</c:tx>'
    names = "".join(
        f'<c:pt idx="{n}"><c:v>{category}</c:v></c:pt>' for n, category in enumerate(chart["categories"])
    )
    numbers = "".join(
        f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(values) if value is not None
    )
    count = f'<c:ptCount val="{len(values)}"/>'
    data = (
        f"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache>{count}{names}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache><c:formatCode>General"
        f"</c:formatCode>{count}{numbers}</c:numCache></c:numRef></c:val>"
    )
    smooth = '<c:smooth val="0"/>' if chart["kind"] == "line" else ""
    return f"<c:ser>{head}{_series_look(chart, at)}{data}{smooth}</c:ser>"


def _series_look(chart: dict, at: int) -> str:
    kind, count = chart["kind"], len(chart["series"])
    if kind == "line":
        shade = _shade(at, count, lightest=0x80)
        outline = f'<a:ln w="22225">{_fill(shade)}<a:prstDash val="{_DASHES[at]}"/></a:ln>'
        marker = f"<c:spPr>{_fill(shade)}<a:ln>{_fill(shade)}</a:ln></c:spPr>"
        return (
            f'<c:spPr>{outline}</c:spPr><c:marker><c:symbol val="{_MARKERS[at]}"/><c:size val="6"/>{marker}'
            f"</c:marker>{_labels('t', _NUMBERS, _INK) if count < 3 else ''}"  # of more series they would overlap
        )
    if kind == "timeline":
        if at == 0:  # invisible: it only shifts the others to where they begin
            nothing = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
            return f'{nothing}<c:invertIfNegative val="0"/>'
        return _bar(_texture(at - 1, count - 1))
    shade = _shade(at, count)
    if kind in _STACKED:
        ink = _WHITE if int(shade[:2], 16) < 0x80 else _INK
        return _bar(_fill(shade)) + _labels("ctr", _NUMBERS_BUT_ZERO, ink)
    return _bar(_fill(shade)) + _labels("outEnd", _NUMBERS, _INK)


def _bar(filling: str) -> str:
    """The look of a bar; a thin dark outline makes a light one visible on white paper."""
    outline = f'<a:ln w="6350">{_fill("404040")}</a:ln>'
    return f'<c:spPr>{filling}{outline}</c:spPr><c:invertIfNegative val="0"/>'


def _labels(place: str, numbers: str, ink: str) -> str:
    shown = "".join(
        f'<c:show{what} val="{int(what == "Val")}"/>'
        for what in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    )
    return (
        f'<c:dLbls><c:numFmt formatCode="{numbers}" sourceLinked="0"/>'
        f'<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_font(800, ink)}<c:dLblPos val="{place}"/>{shown}</c:dLbls>'
    )


def _shade(at: int, count: int, lightest: int = 0xD9, darkest: int = 0x33) -> str:
    """The grey of series `at` of `count`, from light to dark: the latest year is the darkest."""
    grey = 0x59 if count == 1 else round(lightest - (lightest - darkest) * at / (count - 1))
    return f"{grey:02X}" * 3


def _texture(at: int, count: int) -> str:
    """The filling of series `at` of `count` of a timeline, from light to dark."""
    name = _TEXTURES[_ONLY_TEXTURE if count == 1 else round((len(_TEXTURES) - 1) * at / (count - 1))]
    if name.startswith("#"):
        return _fill(name[1:])
    colours = f"<a:fgClr>{_colour('262626')}</a:fgClr><a:bgClr>{_colour(_WHITE)}</a:bgClr>"
    return f'<a:pattFill prst="{name}">{colours}</a:pattFill>'


def _axes(chart: dict) -> str:
    """The two axes. Categories of horizontal bars read from the top; their values are still at the bottom."""
    horizontal = chart["kind"] in _HORIZONTAL
    order, crosses = ("maxMin", "max") if horizontal else ("minMax", "autoZero")
    line = f'<c:spPr><a:ln w="9525">{_fill("7F7F7F")}</a:ln></c:spPr>'
    grid = f'<c:majorGridlines><c:spPr><a:ln w="6350">{_fill(_RULE)}</a:ln></c:spPr></c:majorGridlines>'
    marks = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="{}"/>'
    limits, numbers, unit = _value_axis(chart)
    names, values, offset = (750, 800, 50) if chart["kind"] == "timeline" else (900, 900, 100)
    return (
        f'<c:catAx><c:axId val="{_CATEGORIES_ID}"/><c:scaling><c:orientation val="{order}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"l" if horizontal else "b"}"/>{marks.format("low")}{line}{_font(names)}'
        f'<c:crossAx val="{_VALUES_ID}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        f'<c:lblOffset val="{offset}"/><c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        f'<c:valAx><c:axId val="{_VALUES_ID}"/><c:scaling><c:orientation val="minMax"/>{limits}</c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"b" if horizontal else "l"}"/>{grid}'
        f'<c:numFmt formatCode="{numbers}" sourceLinked="0"/>{marks.format("nextTo")}'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_font(values)}"
        f'<c:crossAx val="{_CATEGORIES_ID}"/><c:crosses val="{crosses}"/><c:crossBetween val="between"/>{unit}</c:valAx>'
    )


def _value_axis(chart: dict) -> tuple[str, str, str]:
    """Limits, number format and unit of the axis of values.

    A year marks its beginning, so the end of the last one has no label. Counts begin at zero and have whole steps.
    """
    series = [values for _, values in chart["series"]]
    if chart["kind"] == "timeline":
        starts = [year for year in series[0] if year is not None]
        ends = [sum(value or 0 for value in row) for row in zip(*series, strict=True)]
        first, last = floor(min(starts)), ceil(max(ends))
        limits = f'<c:max val="{last}"/><c:min val="{first}"/>'
        return limits, f"[&lt;{last}]0;;", '<c:majorUnit val="1"/>'
    stacked = chart["kind"] in _STACKED
    rows = zip(*series, strict=True)
    sums = [sum(value or 0 for value in row) if stacked else max(v or 0 for v in row) for row in rows]
    lowest = min((value for values in series for value in values if value is not None), default=0)
    limits = '<c:min val="0"/>' if lowest >= 0 else ""
    return limits, _NUMBERS, '<c:majorUnit val="1"/>' if max(sums) <= 5 else ""


def _legend(chart: dict) -> str:
    if len(chart["series"]) < 2:  # a timeline has two at least: where its bars begin, and how long they are
        return ""
    return f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_font(900)}</c:legend>'


def _fill(colour: str) -> str:
    return f"<a:solidFill>{_colour(colour)}</a:solidFill>"


def _colour(colour: str) -> str:
    return f'<a:srgbClr val="{colour}"/>'


def _look(tag: str, size: int, ink: str = _INK, bold: bool = False) -> str:
    """Text properties; `size` in hundredths of a point."""
    fonts = '<a:latin typeface="Arial"/><a:ea typeface="Arial"/><a:cs typeface="Arial"/>'
    return f'<a:{tag} sz="{size}" b="{int(bold)}">{_fill(ink)}{fonts}</a:{tag}>'


def _font(size: int, ink: str = _INK) -> str:
    """The format of texts, which LibreOffice breaks into lines only if that is stated."""
    look = _look("defRPr", size, ink)
    return f'<c:txPr><a:bodyPr wrap="square"/><a:lstStyle/><a:p><a:pPr>{look}</a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>'


def _workbook(chart: dict) -> bytes:
    """The workbook with the chart's data, which Word opens under Edit Data."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime.datetime(1980, 1, 1)})
    sheet = book.add_worksheet("Sheet1")
    sheet.set_column(0, 0, 40)
    for row, category in enumerate(chart["categories"], 1):
        sheet.write_string(row, 0, unescaped(category))
    for column, (name, values) in enumerate(chart["series"], 1):
        sheet.write_string(0, column, unescaped(name))
        for row, value in enumerate(values, 1):
            if value is not None:
                sheet.write_number(row, column, value)
    book.close()
    with zipfile.ZipFile(buffer) as parts:
        entries = [
            (*zip_writer.zip_entry(name, parts.read(name)), name.encode()) for name in parts.namelist()
        ]
    return zip_writer.build_zip(entries)
