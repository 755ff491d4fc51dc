"""The paper that every engine makes: its data, its expected content, and the content of a finished paper."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml import etree

NUMBER = "2018/SMEWG47/003"
YEARS = ("2017", "2018", "2019", "2020")
PRIORITIES = (
    "Entrepreneurship, Innovation, and the Internet & Digital Economy",
    "Financing for Business Expansion",
)
PRIORITIES += ("An Inclusive Business Ecosystem that Supports SME Growth", "Market Access for SMEs")
HEADS = {
    "priorities": ("No.", "Priority Area", "Objectives"),
    "indicators": ("Indicator", *YEARS),
    "schedule": ("Priority Area", "Activities", "Timeframe", "Proponent/ Stakeholders"),
}
FIELDS = ("activity", "timeframe", "proponents")
LABELS = {"agenda_item": "Agenda Item: ", "purpose": "Purpose: ", "submitted_by": "Submitted by: "}
HEADINGS = ("Notes", "Priority Areas", "Indicators", "Implementation Schedule")
NOTES = 3


def paper_data(rows: int) -> dict:
    """Return data with a schedule of this many rows, distributed over the priority areas; texts contain `&` and `<`."""
    return {
        "cover": {
            "organisation": "Asia-Pacific Economic Cooperation",
            "number": NUMBER,
            "agenda_item": "12",
            "title": "Strategic Plan 2017-2020",
            "purpose": "Consideration",
            "submitted_by": "Chinese Taipei; Papua New Guinea; the Philippines",
            "place": "Port Moresby, Papua New Guinea",
            "dates": "3-4 September 2018",
        },
        "title": "SMEWG Strategic Plan 2017-2020",
        "sections": [_section(number) for number in range(1, 6)],
        "noted": [
            {"text": f"Paragraph {n} rests on a decision.", "note": f"Decision {n} of 2016, R&D < 5 %."}
            for n in range(1, NOTES + 1)
        ],
        "priorities": [_priority(number, name) for number, name in enumerate(PRIORITIES, 1)],
        "indicators": [_indicator(number) for number in range(1, 13)],
        "areas": [
            {"name": name, "rows": [_row(number) for number in range(first, rows, len(PRIORITIES))]}
            for first, name in enumerate(PRIORITIES)
        ],
    }


def _section(number: int) -> dict:
    words = "Small and medium enterprises make up more than 97 % of all businesses & employ over half of the workforce. "
    texts = [{"text": f"{number}.{at} {words * 3}".strip()} for at in range(1, 5)]
    return {"heading": f"{number}. Section of the plan", "paragraphs": texts}


def _priority(number: int, name: str) -> dict:
    objectives = [{"text": f"Objective {number}.{at}: build the capacity of SMEs"} for at in range(1, 4)]
    return {"number": str(number), "name": name, "objectives": objectives}


def _indicator(number: int) -> dict:
    return {"name": f"Indicator {number}", **{f"y{year}": str(number * int(year) % 97) for year in YEARS}}


def _row(number: int) -> dict:
    return {
        "activity": f"Activity {number}: access of SMEs to global value chains & markets",
        "timeframe": f"{2016 + number % 4} - {2017 + number % 4}",
        "proponents": "Chinese Taipei; Malaysia; the Philippines",
    }


def flat(data: dict) -> dict:
    """Return the data for engines without dots in names; the first row of each area is separate from the rest."""
    areas = [{**area, **_first(area["rows"]), "rest": area["rows"][1:]} for area in data["areas"]]
    cover = {f"cover_{name}": words for name, words in data["cover"].items()}
    notes = {
        f"{what}_{at}": noted[what] for at, noted in enumerate(data["noted"], 1) for what in ("text", "note")
    }
    return {**data, **cover, **notes, "areas": areas}


def _first(rows: list[dict]) -> dict:
    return {f"first_{name}": words for row in rows[:1] for name, words in row.items()}


@dataclass
class PaperContent:
    """The content of a paper: paragraphs as texts and rows as tuples of cells, in order; footnotes; merged cells."""

    body: list = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    noted_in_order: bool = False
    merged: list[int] = field(default_factory=list)  # number of rows of each vertically merged cell
    header: str = ""


def expected_content(data: dict) -> PaperContent:
    """Return the content that the data require."""
    cover = data["cover"]
    body = [LABELS.get(name, "") + words for name, words in cover.items()]
    body.append(data["title"])
    for section in data["sections"]:
        body += [section["heading"], *(one["text"] for one in section["paragraphs"])]
    body += [HEADINGS[0], *(noted["text"] for noted in data["noted"])]
    body += [HEADINGS[1], HEADS["priorities"]]
    body += [
        (p["number"], p["name"], " ".join(o["text"] for o in p["objectives"])) for p in data["priorities"]
    ]
    body += [HEADINGS[2], HEADS["indicators"]]
    body += [(i["name"], *(i[f"y{year}"] for year in YEARS)) for i in data["indicators"]]
    body += [HEADINGS[3], HEADS["schedule"]]
    for area in data["areas"]:
        body += [
            (area["name"] if at == 0 else "", *(row[name] for name in FIELDS))
            for at, row in enumerate(area["rows"])
        ]
    merged = [len(area["rows"]) for area in data["areas"]]
    return PaperContent(body, [noted["note"] for noted in data["noted"]], True, merged, cover["number"])


def read_paper(made: bytes) -> PaperContent:
    """Return the content of a finished paper; raise XMLSyntaxError if it is not well-formed."""
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        parts = {name: package.read(name) for name in package.namelist() if name.endswith(".xml")}
    document = etree.fromstring(parts["word/document.xml"])
    result = PaperContent()
    for element in document.find(qn("w:body")):
        if element.tag == qn("w:p"):
            result.body += filter(None, [_words(element)])
        elif element.tag == qn("w:tbl"):
            result.body += [
                tuple(_words(c) for c in row.iter(qn("w:tc"))) for row in element.iter(qn("w:tr"))
            ]
            result.merged += _merged(element)
    _add_notes(result, document, parts.get("word/footnotes.xml"))
    headers = [etree.fromstring(parts[name]) for name in sorted(parts) if name.startswith("word/header")]
    result.header = " ".join(filter(None, map(_words, headers)))
    return result


def _words(element: etree._Element) -> str:
    """Return the text below an element, with white space collapsed and a space between paragraphs."""
    paragraphs = ("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in element.iter(qn("w:p")))
    return " ".join(" ".join(paragraphs).split())


def _merged(table: etree._Element) -> list[int]:
    """Return the number of rows of each vertically merged cell, from top to bottom."""
    rows = []
    for merge in table.iter(qn("w:vMerge")):
        if merge.get(qn("w:val")) == "restart":
            rows.append(1)
        elif rows:
            rows[-1] += 1
    return rows


def _add_notes(result: PaperContent, document: etree._Element, part: bytes | None) -> None:
    if part is None:
        return
    notes = {note.get(qn("w:id")): _words(note) for note in etree.fromstring(part).iter(qn("w:footnote"))}
    references = [reference.get(qn("w:id")) for reference in document.iter(qn("w:footnoteReference"))]
    result.notes = [notes.get(name, "") for name in references]
    result.noted_in_order = len(set(references)) == len(references)


def first_difference(made: PaperContent, data: dict) -> str:
    """Return the first paragraph or row that differs from the data, in one line; "" if none does."""
    expected = expected_content(data).body
    for at, (actual, required) in enumerate(zip(made.body, expected, strict=False), 1):
        if actual != required:
            return f"paragraph or row {at}: found {actual!r}; expected {required!r}"
    if len(made.body) != len(expected):
        return f"found {len(made.body)} paragraphs and rows; expected {len(expected)}"
    return ""
