"""Indicator returns: what the rows of an economy's workbook mean. Each defect is reported with its cell."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from papers.characters import folded
from papers.inputs.workbooks import RETURN_ITEMS, RETURN_SHEET, TOTALS_SHEET
from papers.model.figures import Cell, Figure, Source, exact
from papers.model.row_reader import RowReader, is_whole
from papers.problems import Place, Problems, did_you_mean, quoted, same_numbers

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from papers.inputs.unread import Unread
    from papers.inputs.workbooks import DeadlinesFile, ReturnFile, ReturnsFolder
    from papers.inputs.xlsx import Row
    from papers.inputs.yaml import Document
    from papers.model.economies import Economies, Economy
    from papers.model.plan import Plan

STATED = "stated as a total"
DATE_OF_RETURN = "date of the return"
STATED_FIGURE = "stated as a figure"
_MOST_CELLS = 30  # that a message names
_DECIDING = ("title", "date", "jointly_with", "activity_id")  # columns that decide what is one joint item


@dataclass(frozen=True)
class ReturnEntry:
    """One row of a return: one item that an economy reports for one indicator.

    `indicator` and `area` are ids. `cells`: name of a column -> its cell, for what decides how it is counted.
    """

    economy: Economy
    year: int
    indicator: str
    area: str
    title: str
    date: datetime.date
    place: str
    partners: str
    jointly_with: tuple[Economy, ...]
    activity_id: str
    reference: str
    row: int
    cell: Place
    cells: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    def as_data(self) -> dict[str, Any]:
        """Return the entry for model.json, with its first cell only."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "cells"}

    def cells_of(self, *names: str) -> tuple[Cell, ...]:
        """Return the cells of these columns; `received` is the date of the return."""
        titles = {"received": DATE_OF_RETURN}
        return tuple(
            Cell(self.cells[name], titles.get(name, self.title), self.economy.name)
            for name in names
            if name in self.cells
        )

    @property
    def as_cell(self) -> Cell:
        """The first cell of the row, with the item's title and the reporting economy."""
        return Cell(self.cell, self.title, self.economy.name)

    @property
    def key(self) -> tuple[str, int]:
        """File and row, which identify the entry, as in doubles.yaml."""
        return self.cell.file, self.row


@dataclass
class Return:
    """An economy's return for one year.

    `totals`: id of a counted indicator -> the total that the economy itself states. `measures`: id of an
    indicator in numbers or percentages -> the figure that it states.
    """

    economy: Economy
    year: int
    prepared_by: str
    date: datetime.date
    late: bool
    file: str
    entries: list[ReturnEntry] = field(default_factory=list)
    totals: dict[str, Figure] = field(default_factory=dict)
    measures: dict[str, Figure] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)  # of the economy, of the date, and of the deadline

    def source(self, *names: str) -> Source:
        """Return it as one thing that a figure counts: those of its `places` with these names.

        Its date decides from which day on it is counted.
        """
        return Source(1, self._cells_of(*names)).because_of(self.received)

    def source_of_totals(self) -> Source:
        """Return it as one thing that a figure counts: the totals above 0 that it states."""
        stated = [figure for figure in self.totals.values() if figure.value]
        cells = tuple(Cell(total.cells[0], STATED, self.economy.name) for total in stated)
        return Source(1, cells, self.received)

    @property
    def received(self) -> tuple[Cell, ...]:
        """The cell of its date, which decides in which papers it is counted."""
        places = [self.places["date"]] if "date" in self.places else []
        return tuple(Cell(place, DATE_OF_RETURN, self.economy.name) for place in places)

    def _cells_of(self, *names: str) -> tuple[Cell, ...]:
        places = (self.places[name] for name in names if name in self.places)
        return tuple(Cell(place, economy=self.economy.name) for place in places)

    @property
    def itemised(self) -> bool:
        """Whether it lists its items; a return of zeros has nothing to list."""
        return bool(self.entries) or not any(figure.value for figure in self.totals.values())


class ReturnReader:
    """Reads returns from workbooks; those that have a problem are added to `unread`.

    `activities`: IDs of all editions of the schedule.
    """

    def __init__(
        self,
        register: Economies,
        plans: Iterable[Plan],
        activities: set[str],
        unread: Unread,
        problems: Problems,
    ):
        self.register, self.plans = register, list(plans)
        self.activities, self.unread, self.problems = activities, unread, problems

    def returns(self, folder: ReturnsFolder) -> list[Return]:
        """Return all complete returns, by year and in APEC order."""
        if folder.deadlines:
            self._check_deadlines(folder.deadlines, {file.year for file in folder.returns})
        returns = []
        for file in folder.returns:
            before, found = len(self.problems.found), self._return(file, folder.deadlines)
            if found:
                returns.append(found)
            if found is None or len(self.problems.found) > before:
                self.unread.add("return", file.file.removeprefix(f"{folder.base}/"))
        return sorted(returns, key=lambda r: (r.year, r.economy))

    def _check_deadlines(self, deadlines: Document[DeadlinesFile], years: set[int]) -> None:
        for year in sorted(years - set(deadlines.form.returns_due)):
            place, expected = deadlines.place("returns_due"), f"a line {year}: and a date"
            self.problems.add(place, "no-deadline", f"no deadline for {year}", expected, "Add the line.")

    def _return(self, file: ReturnFile, deadlines: Document[DeadlinesFile] | None) -> Return | None:
        before = len(self.problems.found)
        economy, plan = self._economy(file), self._plan(file)
        is_known = len(self.problems.found) == before and file.head["economy"] is not None
        self._check_year(file)
        if economy is None or plan is None:
            return None
        date, due = file.head["date"], deadlines.form.returns_due.get(file.year) if deadlines else None
        late = bool(due and date and date > due)
        found = Return(economy, file.year, file.head["prepared_by"] or "", date, late, file.file)
        found.places = {name: file.head.place(name) for name in ("economy", "date")}
        if due and deadlines:
            found.places["due"] = deadlines.place("returns_due", str(file.year))
        rows = _ReturnRows(found, plan, self)
        found.entries = [entry for row in file.items if (entry := rows.entry(row))]
        stated = rows.totals(file.totals)
        found.totals = {name: figure for name, figure in stated.items() if rows.is_counted(name)}
        found.measures = {name: figure for name, figure in stated.items() if not rows.is_counted(name)}
        complete = is_whole(file.items) and len(found.entries) == len(file.items)
        rows.check_doubled()
        rows.check_totals(file.totals, file.items)
        return found if complete and date and is_known else None

    def _economy(self, file: ReturnFile) -> Economy | None:
        """Return the economy of cell B1, which must be that of the file's name; that of the name where B1 has none.

        The rows are then checked all the same, so that all their problems are reported at once.
        """
        codes = {economy.code.lower(): economy for economy in self.register.economies}
        named = codes.get(file.code)
        if named is None:
            todo = did_you_mean(file.code, codes, f"Use a code from {self.register.words.file}.")
            expected = f"the code of a {self.register.words.one}, in small letters"
            self.problems.add(Place(file.file), "file-name", f'the name "{file.code}.xlsx"', expected, todo)
        if file.head["economy"] is None:
            return named
        place = file.head.place("economy")
        economy = self.register.find(file.head["economy"], place, self.problems)
        if economy and named and economy != named:
            expected = f"{named.name}, as in the file's name {file.code}.xlsx"
            todo = f"Correct the cell, or rename the file to {economy.code.lower()}.xlsx."
            self.problems.add(place, "economy-and-file", quoted(economy.name), expected, todo)
        return economy or named

    def _plan(self, file: ReturnFile) -> Plan | None:
        for plan in self.plans:
            if plan.first_year <= file.year <= plan.last_year:
                return plan
        if self.unread.any("plan"):
            return None
        expected = "a year of a plan: " + ", ".join(f"{p.first_year} to {p.last_year}" for p in self.plans)
        todo = "Move the file to the folder of its year."
        self.problems.add(Place(file.file), "no-plan", f"a return for {file.year}", expected, todo)
        return None

    def _check_year(self, file: ReturnFile) -> None:
        year, date = file.head["year"], file.head["date"]
        if year is not None and year != file.year:
            expected, todo = f"{file.year}, the year of its folder", "Correct the cell, or move the file."
            self.problems.add(file.head.place("year"), "year-and-folder", str(year), expected, todo)
        if date is not None and date.year < file.year:
            expected = f"a date in {file.year} or later"
            self.problems.add(file.head.place("date"), "date", str(date), expected, "Correct the date.")


class _ReturnRows(RowReader):
    """The rows of one return, checked against the plan of its year."""

    def __init__(self, found: Return, plan: Plan, reader: ReturnReader):
        super().__init__(reader.register, [plan], True, reader.problems)
        self.found, self.activities, self.unread = found, reader.activities, reader.unread
        indicators = [i for heading in plan.indicator_headings for i in heading.indicators]
        self.definitions = {indicator.id: indicator for indicator in indicators}
        self.shorts = {indicator.id: indicator.short for indicator in indicators}
        self.indicators = {name: i.id for i in indicators for name in (i.short, i.id)}
        self.doubled: set[Place] = set()  # first cells of rows that report an item again

    def entry(self, row: Row) -> ReturnEntry | None:
        """Return the entry of a row; None where a cell that it needs is empty or wrong."""
        indicator, area = self._indicator(row), self.read_area(row, "area")
        jointly_with, activity = self._jointly_with(row), self._activity(row)
        self._check_date(row)
        if indicator and not self.is_counted(indicator):
            found = f"a row for {quoted(self.shorts[indicator])}, which is no count of rows"
            expected = f"its figure in sheet {TOTALS_SHEET} only"
            todo = f"Write the figure in sheet {TOTALS_SHEET}, and delete the row."
            self.report(row, "indicator", "row-of-measure", found, expected, todo)
            return None
        complete = indicator and (area or not self.has_areas)
        if not (complete and row["title"] and row["date"]):
            return None
        return ReturnEntry(
            economy=self.found.economy,
            year=self.found.year,
            indicator=indicator,
            area=area,
            title=row["title"],
            date=row["date"],
            place=row["place"] or "",
            partners=row["partners"] or "",
            jointly_with=jointly_with,
            activity_id=activity,
            reference=row["reference"] or "",
            row=row.at,
            cell=row.place("indicator"),
            cells=self._cells(row),
        )

    def _cells(self, row: Row) -> dict[str, Place]:
        names = [*_DECIDING, *(["area"] if self.has_areas else [])]
        received = {"received": self.found.places["date"]} if "date" in self.found.places else {}
        return {name: row.place(name) for name in names} | received

    def is_counted(self, indicator: str) -> bool:
        """Return whether an indicator is counted from rows; the others are stated in sheet Totals."""
        return self.definitions[indicator].measure == "count"

    def _indicator(self, row: Row) -> str:
        """Return the id of the row's indicator; "" where it is empty or unknown."""
        name = row["indicator"]
        if name is not None and name not in self.indicators:
            todo = did_you_mean(name, self.shorts.values(), "Pick one from the list in the cell.")
            expected = "an indicator of the plan"
            self.report(row, "indicator", "unknown-indicator", quoted(name), expected, todo)
        return self.indicators.get(name, "")

    def _jointly_with(self, row: Row) -> tuple[Economy, ...]:
        economies = self.read_economies(row, "jointly_with")
        if self.found.economy in economies:
            found = f"{self.found.economy.name}, which is the economy of this return"
            todo = "Name only the other economies."
            self.report(row, "jointly_with", "jointly-with-itself", found, "other economies", todo)
        return tuple(sorted({*economies}))

    def _activity(self, row: Row) -> str:
        activity = row["activity_id"] or ""
        if activity and activity not in self.activities and not self.unread.any("schedule"):
            # A likely word, not a likely number: the ID of another activity would be a guess.
            same = [one for one in sorted(self.activities) if same_numbers(one, activity)]
            todo = did_you_mean(activity, same, "Correct it, or leave the cell empty.")
            expected = "the ID of an activity in the implementation schedule"
            self.report(row, "activity_id", "unknown-activity", quoted(activity), expected, todo)
        return activity

    def _check_date(self, row: Row) -> None:
        date, year = row["date"], self.found.year
        if date is not None and date.year != year:
            todo = "Correct it, or report the item in the return of its year."
            self.report(row, "date", "date-outside-year", str(date), f"a date in {year}", todo)

    def check_doubled(self) -> None:
        """Report items of one indicator that have the same title and date, or the same activity ID."""
        seen: dict[tuple[object, ...], ReturnEntry] = {}
        for entry in self.found.entries:
            keys: list[tuple[object, ...]] = [(entry.indicator, folded(entry.title), entry.date)]
            keys += [(entry.indicator, entry.activity_id)] if entry.activity_id else []
            first = next((seen[key] for key in keys if key in seen), None)
            if first:
                by_id = entry.activity_id and keys[-1] in seen
                what = f"the activity {entry.activity_id}" if by_id else "the item"
                found = f"{what} again for {self.shorts[entry.indicator]} (first in {first.cell.cell})"
                todo = (
                    "Delete one of them. If they are two different events of one activity, "
                    "leave the activity ID of one empty and write it under Reference."
                )
                self.problems.add(entry.cell, "doubled-item", found, "each item once", todo)
                self.doubled.add(entry.cell)
            for key in keys:
                seen.setdefault(key, entry)

    def totals(self, rows: list[Row]) -> dict[str, Figure]:
        """Return indicator id -> what the sheet Totals states; an empty cell is "not reported"."""
        stated: dict[str, Figure] = {}
        before = len(self.problems.found)
        for row in rows:
            indicator = self._indicator(row)
            if indicator in stated:
                found = f"{quoted(row['indicator'])} again (first in {stated[indicator].cells[0].cell})"
                todo = "Delete one of the two rows."
                self.report(row, "indicator", "doubled", found, "one row for each indicator", todo)
            elif indicator:
                stated[indicator] = self._stated(row, indicator)
        # A row whose indicator is misspelt or could not be read would seem missing.
        if is_whole(rows) and len(self.problems.found) == before:
            for indicator, short in self.shorts.items():
                if indicator not in stated:
                    place = Place(self.found.file, TOTALS_SHEET)
                    todo = "Add it; leave its total empty if it is not reported."
                    self.problems.add(place, "missing-total", "no such row", f'a row "{short}"', todo)
        return stated

    def _stated(self, row: Row, indicator: str) -> Figure:
        """Return what a row of Totals states; report a count that is not whole, and more than 100 per cent."""
        definition, total = self.definitions[indicator], row["total"]
        if total is None:
            return Figure(None, (row.place("total"),), unit=definition.sign)
        found = f"{total} for {quoted(definition.short)}"
        if definition.measure == "count" and total != int(total):
            todo = "Type it as a whole number."
            self.report(row, "total", "not-whole", found, "a whole number, as items are counted", todo)
        if definition.measure == "percent" and total > 100:
            todo = "Correct the cell."
            self.report(row, "total", "above-100", found, "a percentage from 0 to 100", todo)
        return Figure(exact(total), (row.place("total"),), unit=definition.sign)

    def check_totals(self, totals: list[Row], items: list[Row] | None) -> None:
        """Report a total that differs from the number of its items; totals without any item are accepted.

        A total that could not be read, or is not whole, is not compared, nor one with an item that is reported twice or
        belongs to another year: correcting that may change the number. If a row names no indicator, none is compared.
        """
        if not items or any(row["indicator"] not in self.indicators for row in items):
            return
        unread = {row.place("total") for row in totals if "total" in row.unread}
        for indicator, stated in self.found.totals.items():
            rows = [row for row in items if self.indicators[row["indicator"]] == indicator]
            agrees = stated.value == len(rows) or (stated.value is None and not rows)
            comparable = stated.cells[0] not in unread and not isinstance(stated.value, Fraction)
            if not agrees and comparable and all(map(self._is_item, rows)):
                self._report_total(indicator, stated, [row.place("indicator").cell for row in rows])

    def _is_item(self, row: Row) -> bool:
        """Return whether a row stays an item of this return, whatever else of it has to be corrected."""
        in_year = row["date"] is None or row["date"].year == self.found.year
        return in_year and row.place("indicator") not in self.doubled

    def _report_total(self, indicator: str, stated: Figure, items: list[str]) -> None:
        """Report a total; `items` are the first cells of the rows of its items."""
        cells = ", ".join(items[:_MOST_CELLS])
        cells += f" and {len(items) - _MOST_CELLS} more" if len(items) > _MOST_CELLS else ""
        where = cells or f"no cell of column A, {RETURN_ITEMS['indicator'].header}"
        found = "an empty cell" if stated.value is None else f"the total {stated.value}"
        expected = f"{len(items)}, the items of {self.shorts[indicator]} in sheet {RETURN_SHEET} ({where})"
        todo = "Correct the total, or add or delete the items."
        self.problems.add(stated.cells[0], "total-differs", found, expected, todo)
