"""Indicator returns: what the rows of an economy's workbook mean, each defect told with its cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.inputs.workbooks import RETURN_ITEMS, RETURN_SHEET, TOTALS_SHEET
from papers.model.figures import Cell, Figure, Source
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from papers.inputs.workbooks import ReturnFile, ReturnsFolder
    from papers.inputs.xlsx import Row
    from papers.model.economies import Economies, Economy
    from papers.model.plan import Plan

STATED = "stated as a total"


@dataclass(frozen=True)
class ReturnEntry:
    """One row of a return: one thing that one economy reports for one indicator. `indicator` and `area` are ids."""

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

    @property
    def as_cell(self) -> Cell:
        """The cell that stands for it, with its title and who reported it."""
        return Cell(self.cell, self.title, self.economy.name)

    @property
    def key(self) -> tuple[str, int]:
        """File and row: what identifies it in doubles.yaml, and its place in any list."""
        return self.cell.file, self.row


@dataclass
class Return:
    """An economy's return for one year. `totals`: indicator id -> what the economy itself states."""

    economy: Economy
    year: int
    prepared_by: str
    date: datetime.date
    late: bool
    file: str
    entries: list[ReturnEntry] = field(default_factory=list)
    totals: dict[str, Figure] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)  # of the economy, of the date, and of the deadline

    def source(self, *names: str) -> Source:
        """A return as something that is counted: by `names` of its places."""
        cells = (Cell(self.places[name], economy=self.economy.name) for name in names if name in self.places)
        return Source(1, tuple(cells))

    def source_of_totals(self) -> Source:
        """A return as something that is counted for the totals that it states."""
        stated = [figure for figure in self.totals.values() if figure.value]
        return Source(1, tuple(Cell(one.cells[0], STATED, self.economy.name) for one in stated))

    @property
    def itemised(self) -> bool:
        """Whether it lists its items; a return of zeros has nothing to list."""
        return bool(self.entries) or not any(figure.value for figure in self.totals.values())


class ReturnReader:
    """Turns workbooks into returns. `activities`: the IDs of all editions of the schedule, None where not known."""

    def __init__(
        self, register: Economies, plans: Iterable[Plan], activities: set[str] | None, problems: Problems
    ):
        self.register, self.plans, self.activities, self.problems = (
            register,
            list(plans),
            activities,
            problems,
        )

    def returns(self, folder: ReturnsFolder) -> list[Return]:
        """All returns that fit, by year and in APEC order."""
        due = folder.deadlines.form.returns_due if folder.deadlines else None
        for year in (
            sorted({read.year for read in folder.returns} - set(due or {})) if due is not None else ()
        ):
            place, expected = folder.deadlines.place("returns_due"), f"a line {year}: and a date"
            self.problems.add(place, "no-deadline", f"no deadline for {year}", expected, "Add the line.")
        found = [self._return(read, (due or {}).get(read.year), folder) for read in folder.returns]
        return sorted((r for r in found if r), key=lambda r: (r.year, r.economy))

    def _return(self, read: ReturnFile, due: datetime.date | None, folder: ReturnsFolder) -> Return | None:
        economy, plan = self._economy(read), self._plan(read)
        self._check_year(read)
        if economy is None or plan is None:
            return None
        made = Return(economy, read.year, read.head["prepared_by"] or "", read.head["date"], False, read.file)
        made.late = bool(due and made.date and made.date > due)
        made.places = {name: read.head.place(name) for name in ("economy", "date")}
        if due:
            made.places["due"] = folder.deadlines.place("returns_due", str(read.year))
        rows = _Rows(made, plan, self)
        made.entries = [entry for row in read.items if (entry := rows.entry(row))]
        made.totals = rows.totals(read.totals)
        complete = len(made.entries) == len(read.items)
        rows.check_doubled()
        if complete:
            rows.check_totals()
        return made if complete and made.date else None

    def _economy(self, read: ReturnFile) -> Economy | None:
        """The economy of B1, which must be that of the file's name."""
        place, codes = read.head.place("economy"), {e.code.lower(): e for e in self.register.economies}
        named = codes.get(read.code)
        if named is None:
            todo = did_you_mean(read.code, codes, "Use a code from inputs/apec/economies.yaml.")
            expected = "the code of a member economy, in small letters"
            self.problems.add(Place(read.file), "file-name", f'the name "{read.code}.xlsx"', expected, todo)
        if read.head["economy"] is None:
            return None
        economy = self.register.find(read.head["economy"], place, self.problems)
        if economy and named and economy != named:
            expected = f"{named.name}, as the file's name {read.code}.xlsx says"
            todo = f"Correct the cell, or rename the file to {economy.code.lower()}.xlsx."
            self.problems.add(place, "economy-and-file", quoted(economy.name), expected, todo)
            return None
        return economy if named else None

    def _plan(self, read: ReturnFile) -> Plan | None:
        for plan in self.plans:
            if plan.first_year <= read.year <= plan.last_year:
                return plan
        expected = "a year of a plan: " + ", ".join(f"{p.first_year} to {p.last_year}" for p in self.plans)
        todo = "Move the file to the folder of its year."
        self.problems.add(Place(read.file), "no-plan", f"a return for {read.year}", expected, todo)
        return None

    def _check_year(self, read: ReturnFile) -> None:
        year, date = read.head["year"], read.head["date"]
        if year is not None and year != read.year:
            expected, todo = f"{read.year}, the year of its folder", "Correct the cell, or move the file."
            self.problems.add(read.head.place("year"), "year-and-folder", str(year), expected, todo)
        if date is not None and date.year < read.year:
            expected = f"a date in {read.year} or later"
            self.problems.add(read.head.place("date"), "date", str(date), expected, "Correct the date.")


class _Rows:
    """The rows of one return, against its plan."""

    def __init__(self, made: Return, plan: Plan, reader: ReturnReader):
        self.made, self.plan = made, plan
        self.register, self.activities, self.problems = reader.register, reader.activities, reader.problems
        indicators = [i for heading in plan.indicator_headings for i in heading.indicators]
        self.shorts = {indicator.id: indicator.short for indicator in indicators}
        self.indicators = {name: i.id for i in indicators for name in (i.short, i.id)}
        self.areas = {wording: area.id for area in plan.areas for wording in area.wordings}

    def entry(self, row: Row) -> ReturnEntry | None:
        """The meaning of a row; None and problems where it does not fit."""
        indicator = self._one_of(row, "indicator", self.indicators, self.shorts.values(), "an indicator")
        names = [area.name for area in self.plan.areas]
        area = self._one_of(row, "area", self.areas, names, "a priority area")
        jointly, activity = self._jointly_with(row), self._activity(row)
        self._check_date(row)
        if not (indicator and area and row["title"] and row["date"]):
            return None
        return ReturnEntry(
            self.made.economy,
            self.made.year,
            indicator,
            area,
            row["title"],
            row["date"],
            row["place"] or "",
            row["partners"] or "",
            jointly,
            activity,
            row["reference"] or "",
            row.at,
            row.place("indicator"),
        )

    def _refuse(self, place: Place, kind: str, found: str, expected: str, todo: str) -> None:
        self.problems.add(place, kind, found, expected, todo)

    def _one_of(self, row: Row, field: str, known: dict[str, str], names: Iterable[str], what: str) -> str:
        """The id of a wording; "" and a problem where the plan does not have it (an empty cell is told already)."""
        if row[field] is None or row[field] in known:
            return known.get(row[field], "")
        todo = did_you_mean(row[field], names, "Pick one from the list in the cell.")
        expected, kind = f"{what} of the plan", f"unknown-{field}"
        self._refuse(row.place(field), kind, quoted(row[field]), expected, todo)
        return ""

    def _jointly_with(self, row: Row) -> tuple[Economy, ...]:
        place = row.place("jointly_with")
        names = [name.strip() for name in (row["jointly_with"] or "").split(";")]
        found = [self.register.find(name, place, self.problems) for name in names if name]
        those = [economy for economy in found if economy]
        if self.made.economy in those:
            found, todo = (
                f"{self.made.economy.name}, which sends in the return",
                "Name only the other economies.",
            )
            self._refuse(place, "jointly-with-itself", found, "other economies", todo)
        for economy in sorted({e for e in those if those.count(e) > 1}):
            self._refuse(place, "doubled", f"{economy.name} twice", "each economy once", "Delete one.")
        return tuple(sorted(set(those)))

    def _activity(self, row: Row) -> str:
        activity = row["activity_id"] or ""
        if activity and self.activities is not None and activity not in self.activities:
            todo = did_you_mean(activity, sorted(self.activities), "Correct it, or leave the cell empty.")
            place, expected = row.place("activity_id"), "the ID of an activity in the implementation schedule"
            self._refuse(place, "unknown-activity", quoted(activity), expected, todo)
        return activity

    def _check_date(self, row: Row) -> None:
        if row["date"] is not None and row["date"].year != self.made.year:
            expected, todo = (
                f"a date in {self.made.year}",
                "Correct it, or report it in the return of its year.",
            )
            self._refuse(row.place("date"), "date-outside-year", str(row["date"]), expected, todo)

    def check_doubled(self) -> None:
        """A return that tells one thing twice; several events of one activity share its ID only once."""
        seen: dict[tuple, ReturnEntry] = {}
        for entry in self.made.entries:
            keys = [(entry.indicator, folded(entry.title), entry.date)]
            keys += [(entry.indicator, entry.activity_id)] if entry.activity_id else []
            first = next((seen[key] for key in keys if key in seen), None)
            if first:
                what = (
                    f"the activity {entry.activity_id}"
                    if keys[-1] in seen and entry.activity_id
                    else "the item"
                )
                found = f"{what} again for {self.shorts[entry.indicator]} (first in {first.cell.cell})"
                todo = "Delete one; of two different things, leave the activity ID of one empty and say it in Reference."
                self._refuse(entry.cell, "doubled-item", found, "each thing once", todo)
            for key in keys:
                seen.setdefault(key, entry)

    def totals(self, rows: list[Row]) -> dict[str, Figure]:
        """Indicator id -> what the sheet Totals states; an empty cell is "not reported"."""
        stated: dict[str, Figure] = {}
        for row in rows:
            indicator = self._one_of(row, "indicator", self.indicators, self.shorts.values(), "an indicator")
            if indicator in stated:
                found = f"{quoted(row['indicator'])} again (first in {stated[indicator].cells[0].cell})"
                self._refuse(row.place("indicator"), "doubled", found, "one row an indicator", "Delete one.")
            elif indicator:
                stated[indicator] = Figure(row["total"], (row.place("total"),))
        for indicator, short in self.shorts.items():
            if indicator not in stated and not self._told():
                place, todo = (
                    Place(self.made.file, TOTALS_SHEET),
                    "Add it; leave its total empty if not reported.",
                )
                self._refuse(place, "missing-total", "no such row", f'a row "{short}"', todo)
        return stated

    def _told(self) -> bool:
        """Whether a row of Totals is told already, so that it would be missed twice."""
        return any(
            p.place.file == self.made.file and p.place.sheet == TOTALS_SHEET for p in self.problems.found
        )

    def check_totals(self) -> None:
        """Each total is the number of its items, in both sheets; totals alone, without any item, are accepted."""
        if not self.made.entries:
            return
        told = {problem.place for problem in self.problems.found}  # one mistake, one line
        for indicator, stated in self.made.totals.items():
            if stated.cells[0] in told:
                continue
            items = [entry for entry in self.made.entries if entry.indicator == indicator]
            if stated.value == len(items) or (stated.value is None and not items):
                continue
            where = (
                ", ".join(item.cell.cell for item in items)
                or f"no cell of column A, {RETURN_ITEMS['indicator'].header}"
            )
            found = "an empty cell" if stated.value is None else f"the total {stated.value}"
            expected = (
                f"{len(items)}, the items of {self.shorts[indicator]} in sheet {RETURN_SHEET} ({where})"
            )
            todo = "Correct the total, or add or delete the items."
            self._refuse(stated.cells[0], "total-differs", found, expected, todo)
