"""What the sheets of returns are like. Apart from their reading: the model names a sheet or column without all it takes to read one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a sheet: the header that people see, and the kind of its cells."""

    header: str
    kind: str = "text"  # text | year | date | whole
    optional: bool = False  # may a cell be empty
    named_in: str = ""  # the file that gives the header, where the program does not


RETURN_SHEET, TOTALS_SHEET, BESIDE = "Return", "Totals", ("Lists", "Notes")
HEADER_ROW = 6
HEAD = {
    "economy": Column("Economy"),
    "year": Column("Year", "year"),
    "prepared_by": Column("Prepared by"),
    "date": Column("Date", "date"),
}
ITEMS = {
    "indicator": Column("Indicator"),
    "area": Column("Priority area"),
    "title": Column("Title"),
    "date": Column("Date", "date"),
    "place": Column("Place", optional=True),
    "partners": Column("Partners or fora", optional=True),
    "jointly_with": Column("Jointly with", optional=True),
    "activity_id": Column("Activity ID", optional=True),
    "reference": Column("Reference", optional=True),
}
TOTALS = {"indicator": Column("Indicator"), "total": Column("Total", "whole", optional=True)}
