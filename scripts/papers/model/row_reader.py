"""Values that rows of several workbooks share: economies, priority areas, project numbers, choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.characters import folded
from papers.numbers import NumberError, ProjectNumber
from papers.problems import Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.xlsx import Row
    from papers.model.economies import Economies, Economy
    from papers.model.plan import Plan


def is_whole(*sheets: list[Row] | None) -> bool:
    """Return whether these sheets were read, with every cell of their rows."""
    return all(rows is not None and not any(row.unread for row in rows) for rows in sheets)


class RowReader:
    """Reads cells of rows. Whatever does not fit is reported with its cell; an empty cell is not.

    `all_areas` says whether `plans` are all plans; if one could not be read, an area may be one of its areas.
    """

    def __init__(self, register: Economies, plans: Iterable[Plan], all_areas: bool, problems: Problems):
        self.register, self.all_areas, self.problems = register, all_areas, problems
        self.areas = {wording: area.id for plan in plans for area in plan.areas for wording in area.wordings}

    @property
    def has_areas(self) -> bool:
        """Whether rows have to name a priority area: not in a plan that has none."""
        return bool(self.areas) or not self.all_areas

    def report(self, row: Row, field: str, kind: str, found: str, expected: str, todo: str) -> None:
        """Report a problem of the cell that holds `field`."""
        self.problems.add(row.place(field), kind, found, expected, todo)

    def read_economies(self, row: Row, field: str) -> list[Economy]:
        """Return the known economies of a list with semicolons; report one that is named twice."""
        names = [name.strip() for name in (row[field] or "").split(";")]
        found = [self.register.find(name, row.place(field), self.problems) for name in names if name]
        economies = [economy for economy in found if economy]
        for economy in sorted({e for e in economies if economies.count(e) > 1}):
            todo = "Delete one of them."
            self.report(row, field, "doubled", f"{economy.name} twice", "each economy once", todo)
        return economies

    def read_area(self, row: Row, field: str) -> str:
        """Return the id of the area that a cell names in any of its wordings; "" for none, or unknown."""
        if row[field] is None:
            return ""
        wording = " ".join(row[field].split())  # as with names of economies
        if not self.has_areas:
            expected = "an empty cell, as the plan has no priority areas"
            todo = "Delete the value, or add priority_areas to plan.yaml."
            self.report(row, field, "unknown-area", quoted(wording), expected, todo)
            return ""
        if wording not in self.areas and self.all_areas:
            todo = did_you_mean(wording, self.areas, "Pick one from the list in the cell.")
            self.report(row, field, "unknown-area", quoted(wording), "a priority area of the plan", todo)
        return self.areas.get(wording, "")

    def read_choice(self, row: Row, field: str, choices: tuple[str, ...]) -> str:
        """Return the choice that a cell names in upper or lower case, or ""."""
        choice = folded(row[field] or "")
        if choice and choice not in choices:
            todo = did_you_mean(choice, choices, "Pick one from the list in the cell.")
            expected = "one of " + ", ".join(choices)
            self.report(row, field, f"unknown-{field}", quoted(row[field]), expected, todo)
            return ""
        return choice

    def read_project_number(self, row: Row, field: str) -> ProjectNumber | None:
        """Return the project number of a cell; None where it is empty or no such number."""
        if not row[field]:
            return None
        try:
            return ProjectNumber.parse(row[field])
        except NumberError as error:
            todo = f"The reason: {error.why}."
            self.report(row, field, "project-number", error.found, error.expected, todo)
            return None
