"""A document with sections, tables and a picture, and the record of a meeting, for the miniature forum."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from word_tools import png

NIGHT = "inputs/mini/documents/night-noise"
DOCUMENT, FIRST, SECOND, BOOK = (
    f"{NIGHT}/{name}" for name in ("document.yaml", "1.md", "2.md", "measures.xlsx")
)
PICTURE = f"{NIGHT}/figures/noise.png"
RECORD = "inputs/mini/records/MINI1.yaml"
ITEM = "inputs/mini/narrative/summary-report-MINI1/item-4.md"
MEETING = "inputs/mini/meetings/MINI2.yaml"

_DOCUMENT = """parts:
  - section: 1.md
  - table:
      title: Measures against noise at night
      columns:
        - {title: Area, width: 2, merge: true}
        - {title: "No.", width: 1}
        - {title: Measure, width: 5}
        - {title: Cost (USD), width: 2, type: money}
      file: measures.xlsx
    orientation: landscape
  - section: 2.md
  - table:
      columns:
        - {title: Step, width: 3}
        - {title: Year, type: year}
        - {title: Share, type: number}
      rows:
        - [Survey, 2020, 12.5]
        - [Report, 2021, ""]
"""
_FIRST = """# Introduction

Noise at night is measured at three quays[^1]:

a) the north quay;
   - in winter
     - by day
b) the south quay; and

The ferry quay was added in 2019:

c) the ferry quay.

[^1]: From 22:00 to 06:00.
"""
_SECOND = """1.1 Economies share their measures.
1.2 The Group reports each year.

| Quay[^q] | Level | *Change* |
|:-----|:-----:|-------:|
| North | 61 | **-2** |
| South | 58 | 1 |

![Two bars: 2019 has "twice" the noise of 2020](figures/noise.png "Noise at the quays & piers")

[^q]: As of 2019.
"""
_RECORD = """chair: the Chair of the Mini Working Group
attendance: [Viet Nam, the Philippines, Australia, Chile]
observers: [Pacific Islands Forum]
guests: [Harbour Institute]
items:
  - item: "5a"
    text: Members took note of the report.
decisions:
  - The agenda was adopted.
  - The Strategic Plan was endorsed.
next_meeting: MINI2
"""
_ITEM = """The plan was endorsed by {{ attending }} economies.

| Topic | Economies |
|-------|----------:|
| Plan | {{ attending }} of {{ member_economies }} |
"""
_PAPERS = """  - number: 2019/MINI2/003
    kind: document
    document: night-noise
    title: Noise at Night
    submitted_by: [Chile]
  - number: 2019/MINI2/004
    kind: summary-report
    record: MINI1
    title: Summary Report of the First Meeting
    submitted_by: [APEC Secretariat]
"""


def add_documents(root: Path) -> None:
    """Write a document and a record, and a paper of each kind, into a copy of the miniature forum."""
    texts = {DOCUMENT: _DOCUMENT, FIRST: _FIRST, SECOND: _SECOND, RECORD: _RECORD, ITEM: _ITEM}
    for file, text in texts.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")
    (root / PICTURE).parent.mkdir()
    (root / PICTURE).write_bytes(png(1200, 300))
    write_book(root / BOOK)
    meeting = root / MEETING
    meeting.write_text(meeting.read_text(encoding="utf-8") + _PAPERS, encoding="utf-8")


def write_book(path: Path, titles: tuple[str, ...] = ("Area", "No.", "Measure", "Cost (USD)")) -> None:
    book = openpyxl.Workbook()
    book.active.append(titles)
    for number in range(1, 41):
        area = "Quays" if number == 1 else "Ferries" if number >= 20 else None
        book.active.append((area, number, f"Measure {number} against noise", 1000 * number + 0.5))
    book.save(path)
