"""Counts the shipped spreadsheets again: with openpyxl and PyYAML, and with nothing of the program.

The rules are those that the papers print in their methods, written down a second time.
"""

from __future__ import annotations

import datetime
import difflib
import itertools
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from statistics import median

import openpyxl
import yaml

NOT_REPORTED = "not reported"
Key = tuple[str, int]  # name of a return's file, such as 2018/sgp.xlsx, and row


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def rows_of(path: Path, sheet: str, head: int = 1) -> list[dict]:
    """Return the rows below the header in line `head`, by the headers, with the number of each row."""
    lines = list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))
    heads = lines[head - 1]
    return [
        {**dict(zip(heads, line, strict=True)), "row": at}
        for at, line in enumerate(lines[head:], head + 1)
        if any(value is not None for value in line)
    ]


def names_in(cell: str | None) -> list[str]:
    """Return the economies of a cell, without articles."""
    names = [name.strip() for name in (cell or "").split(";")]
    return [name.removeprefix("the ") for name in names if name]


@dataclass
class Item:
    """A row of a return."""

    key: Key
    economy: str
    year: int
    indicator: str
    area: str
    title: str
    date: datetime.date
    named: list[str]
    activity: str


@dataclass
class Return:
    economy: str
    date: datetime.date
    late: bool
    items: list[Item]
    totals: dict[str, int | None]


@dataclass
class Recount:
    """The figures of a forum's folder that a plan's workbooks give."""

    forum: Path
    plan: str
    economies: list[str]  # in APEC order
    limits: dict = field(default_factory=lambda: {"title_alike": 0.85, "days_apart": 7})

    @property
    def folder(self) -> Path:
        return self.forum / self.plan

    @cached_property
    def form(self) -> dict:
        return read(self.folder / "plan.yaml")

    @cached_property
    def areas(self) -> list[str]:
        return [area["name"] for area in self.form.get("priority_areas", [])]

    def area(self, words: str) -> str:
        """Return the name of an area by any of its wordings."""
        for area in self.form["priority_areas"]:
            wordings = (
                area["name"],
                area.get("in_list", "").removesuffix("; and").rstrip(";."),
                area.get("in_schedule"),
            )
            if words in wordings:
                return area["name"]
        raise KeyError(words)

    @cached_property
    def indicators(self) -> list[str]:
        headings = self.form.get("indicator_headings", [])
        return [indicator["short"] for heading in headings for indicator in heading["indicators"]]

    # Returns

    @cached_property
    def returns(self) -> dict[int, list[Return]]:
        due = read(self.folder / "indicators/deadlines.yaml")["returns_due"]
        found: dict[int, list[Return]] = {}
        for path in sorted(self.folder.glob("indicators/*/*.xlsx")):
            year = int(path.parent.name)
            found.setdefault(year, []).append(self._return(path, year, due[year]))
        return {
            year: sorted(all_, key=lambda one: self.economies.index(one.economy))
            for year, all_ in found.items()
        }

    def _return(self, path: Path, year: int, due: datetime.date) -> Return:
        sheet = openpyxl.load_workbook(path)["Return"]
        (economy,), date = names_in(sheet["B1"].value), sheet["B4"].value.date()
        items = [self._item(row, f"{year}/{path.name}", economy, year) for row in rows_of(path, "Return", 6)]
        totals = {row["Indicator"]: row["Total"] for row in rows_of(path, "Totals")}
        return Return(economy, date, date > due, items, totals)

    def _item(self, row: dict, file: str, economy: str, year: int) -> Item:
        return Item(
            key=(file, row["row"]),
            economy=economy,
            year=year,
            indicator=row["Indicator"],
            area=self.area(row["Priority area"]),
            title=row["Title"],
            date=row["Date"].date(),
            named=names_in(row["Jointly with"]),
            activity=row["Activity ID"] or "",
        )

    def received(self, year: int, day: datetime.date) -> list[Return]:
        """Return the returns for a year that are dated until a day."""
        return [one for one in self.returns.get(year, []) if one.date <= day]

    def things(self, year: int, day: datetime.date) -> list[list[Item]]:
        """Return the things done in a year, each with its rows in APEC order of the economies."""
        rows = [item for one in self.received(year, day) for item in one.items]
        group = {item.key: [item] for item in rows}
        for one, other in itertools.combinations(rows, 2):
            if group[one.key] is not group[other.key] and self.is_same(one, other):
                merged = group[one.key] + group[other.key]
                group |= {item.key: merged for item in merged}
        unique = {id(found): found for found in group.values()}.values()
        return [sorted(found, key=lambda item: self.economies.index(item.economy)) for found in unique]

    def is_same(self, one: Item, other: Item) -> bool:
        if one.indicator != other.indicator or one.economy == other.economy:
            return False
        if {one.key, other.key} in self.decided_same:
            return True
        if one.activity and other.activity:
            return one.activity == other.activity
        if other.economy not in one.named or one.economy not in other.named:
            return False
        titles = sorted((one.title.casefold(), other.title.casefold()))
        alike = difflib.SequenceMatcher(None, *titles, autojunk=False).ratio()
        apart = abs((one.date - other.date).days)
        return alike >= self.limits["title_alike"] and apart <= self.limits["days_apart"]

    @cached_property
    def decided_same(self) -> list[set[Key]]:
        decisions = read(self.folder / "indicators/doubles.yaml")["decisions"]
        return [{(file, row) for file, row in one["items"]} for one in decisions if one["same"]]

    # Figures, as they are printed

    def total(self, indicator: str, year: int, day: datetime.date) -> int | None:
        areas = [self.of_area(indicator, area, year, day) for area in [*self.areas, None]]
        return None if all(figure is None for figure in areas) else sum(figure or 0 for figure in areas)

    def of_area(self, indicator: str, area: str | None, year: int, day: datetime.date) -> int | None:
        """Return the figure of an area; of None, that of totals without rows."""
        received = self.received(year, day)
        if area is None:
            stated = [one.totals[indicator] for one in received if not one.items and any(one.totals.values())]
            return sum(filter(None, stated)) if any(stated) else None
        things = [thing for thing in self.things(year, day) if thing[0].indicator == indicator]
        found = sum(thing[0].area == area for thing in things)
        with_rows = [one for one in received if one.items or not any(one.totals.values())]
        return found if any(one.totals[indicator] is not None for one in with_rows) else None

    def of_economy(self, indicator: str, economy: str, year: int, day: datetime.date) -> int | None:
        return next(
            (one.totals[indicator] for one in self.received(year, day) if one.economy == economy), None
        )

    def return_row(self, year: int, day: datetime.date) -> dict[str, str]:
        received = self.received(year, day)
        totals_only = [one for one in received if not one.items and any(one.totals.values())]
        return {
            "year": str(year),
            "received": f"{len(received)} of {len(self.economies)}",
            "late": str(sum(one.late for one in received)),
            "totals_only": str(len(totals_only)),
        }

    # Schedule

    def edition(self, name: str) -> dict[str, dict]:
        """Return the activities of an edition by their IDs."""
        return {row["ID"]: row for row in rows_of(self.folder / f"schedule/{name}.xlsx", "Schedule")}

    def editions(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("schedule/*.xlsx"))

    def with_status(self, name: str, status: str, area: str | None) -> int:
        found = self.edition(name).values()
        return sum(
            row["Status"] == status and area in (None, self.area(row["Priority area"])) for row in found
        )

    def listed(self, name: str, area: str | None) -> int:
        return sum(area in (None, self.area(row["Priority area"])) for row in self.edition(name).values())

    def changes(self, older: str, name: str) -> dict[str, list[str]]:
        """Return kind of change -> the IDs of the activities. What was added had been proposed, without a number."""
        old, found = self.edition(older), {}
        for activity, now in self.edition(name).items():
            for kind in _kinds(old.get(activity), now):
                found.setdefault(kind, []).append(activity)
        return found

    def contributing(self, name: str, commitment: str, until: int) -> set[str]:
        """Return the activities that were not withdrawn and that a work plan links to a commitment."""
        return {row["ID"] for row in self._linked(name, "contributes_to", commitment, until)}

    def _linked(self, name: str, key: str, value: str, until: int) -> list[dict]:
        plans = [read(path) for path in self.folder.glob("workplan/*.yaml")]
        work = [entry for plan in plans if plan["year"] <= until for entry in plan["activities"]]
        linked = {str(entry["id"]) for entry in work if value in entry.get(key, [])}
        return [
            row for ID, row in self.edition(name).items() if ID in linked and row["Status"] != "withdrawn"
        ]

    # Verdicts, by the rule that holds without settings

    def elapsed(self, day: datetime.date) -> Fraction:
        """Return the share of the plan's period that is over at the end of a day within it."""
        begin = datetime.date(self.form["first_year"], 1, 1)
        end = datetime.date(self.form["last_year"] + 1, 1, 1)
        return Fraction((day - begin).days + 1, (end - begin).days)

    def verdicts(self, name: str, until: int, day: datetime.date) -> list[tuple[str, str, str]]:
        """Return the name of each area and objective, 13 of 15, and the verdict."""
        found = []
        for area in self.form["priority_areas"]:
            rows = [one for one in self.edition(name).values() if one["Status"] != "withdrawn"]
            of_area = [one for one in rows if self.area(one["Priority area"]) == area["name"]]
            found.append((area["name"], *self._verdict(name, of_area, day)))
            for objective in area["objectives"]:
                served = self._linked(name, "objectives", objective["id"], until)
                found.append((objective["text"], *self._verdict(name, served, day)))
        return found

    def _verdict(self, name: str, rows: list[dict], day: datetime.date) -> tuple[str, str]:
        year = int(name[:4])
        on_time = [one for one in rows if one["Status"] == "in progress" and one["Last year"] >= year]
        number = len(on_time) + sum(one["Status"] == "completed" for one in rows)
        if not rows:
            return "–", "No activity"
        enough = number >= self.elapsed(day) * len(rows)
        return f"{number} of {len(rows)}", "On track" if enough else "Behind"


_ORDER = ["proposed", "approved", "in progress"]


def _kinds(before: dict | None, now: dict) -> list[str]:
    kinds = [] if before else ["Added"]
    before = before or {**now, "Status": "proposed", "Project number": None}
    old, new = before["Status"], now["Status"]
    if old != new and new in ("completed", "withdrawn"):
        kinds.append(new.capitalize())
    elif old != new:
        forward = old in _ORDER and _ORDER.index(new) > _ORDER.index(old)
        kinds.append(
            {"in progress": "Started", "approved": "Approved"}[new]
            if forward
            else "Returned to an earlier status"
        )
    if now["Last year"] != before["Last year"]:
        kinds.append("Extended" if now["Last year"] > before["Last year"] else "Shortened")
    columns = {
        "First year": "Rescheduled",
        "Activity": "Renamed",
        "Project number": "Project number received",
    }
    kinds += [kind for column, kind in columns.items() if now[column] != before[column]]
    kinds += (
        ["Changed proponents"]
        if set(names_in(now["Proponents"])) != set(names_in(before["Proponents"]))
        else []
    )
    return kinds + (
        ["Moved to another priority area"] if now["Priority area"] != before["Priority area"] else []
    )


# Ranking


@dataclass
class Ranked:
    """A proposal: its number, all scores by member, those that count, and the points for its link."""

    number: str
    scores: dict[str, int]
    counted: list[int]
    points: float

    @property
    def mean(self) -> float:
        return sum(self.counted) / len(self.counted)

    @property
    def order(self) -> tuple:
        """Most points first; then the higher median, then the earlier number."""
        year, _, number = self.number.partition(" ")[2].partition(" ")[::-1]
        return -round(self.mean + self.points, 9), -self.points, -median(self.counted), year, number


def ranking(book: Path, rules: dict) -> list[Ranked]:
    """Return the proposals of a session's workbook from the first rank to the last."""
    scores: dict[str, dict[str, int]] = {}
    for row in rows_of(book, "Scores"):
        (member,) = names_in(row["Member"])
        scores.setdefault(row["Project number"], {})[member] = row["Score (1-10)"]
    found = []
    for row in rows_of(book, "Proposals"):
        number, own = (
            row["Project number"],
            names_in(row["Proposing economies"]) + names_in(row["Co-sponsors"]),
        )
        given = scores.get(number, {})
        counted = [points for member, points in given.items() if member not in own]
        found.append(Ranked(number, given, counted, rules[row["Link"]]))
    return sorted(found, key=lambda one: one.order)
