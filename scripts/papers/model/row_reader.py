"""Values that rows of several workbooks share: economies, priority areas, project numbers, choices."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.inputs.plan_levels import DEFAULT_LEVELS
from papers.number_patterns import NumberError
from papers.problems import Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from papers.inputs.xlsx import Row
    from papers.model.economies import Economies, Economy
    from papers.model.plan import Plan
    from papers.numbers import ProjectNumber


def is_whole(*sheets: list[Row] | None) -> bool:
    """Return whether these sheets were read, with every cell of their rows."""
    return all(rows is not None and not any(row.unread for row in rows) for rows in sheets)


@cache
def _by_folded(names: tuple[str, ...]) -> dict[str, str]:
    return {folded(name): name for name in names}


class RowReader:
    """Reads cells of rows. Whatever does not fit is reported with its cell; an empty cell is not.

    `all_areas` says whether `plans` are all plans; if one could not be read, an area may be one of its areas.
    `bodies` are the names of those who may propose something, other than economies.
    """

    def __init__(
        self,
        register: Economies,
        plans: Iterable[Plan],
        all_areas: bool,
        problems: Problems,
        bodies: Sequence[str] = (),
    ):
        self.register, self.all_areas, self.problems, self.bodies = register, all_areas, problems, bodies
        plans = list(plans)
        self.level = plans[0].area_level if plans else DEFAULT_LEVELS[0]
        self.area_names = list(dict.fromkeys(area.in_schedule for plan in plans for area in plan.areas))
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
        return list(self._read_names(row, field, None)[0])

    def read_parties(self, row: Row, field: str) -> tuple[tuple[Economy, ...], tuple[str, ...]]:
        """Return the known economies and bodies of a list with semicolons; report one that is named twice."""
        return self._read_names(row, field, self.bodies)

    def _read_names(
        self, row: Row, field: str, allowed: Sequence[str] | None
    ) -> tuple[tuple[Economy, ...], tuple[str, ...]]:
        text = self._without_joined(row, field)
        names = self.register.split_names(text, allowed or ())
        if len(names) > sum(1 for name in text.split(";") if name.strip()):
            what = "names between commas, where semicolons are usual"
            self.problems.add_spelling(row.place(field), what, quoted(text), "; ".join(names))
        known = {folded(body): body for body in allowed or ()}
        bodies = [known[folded(name)] for name in names if folded(name) in known]
        economies = [
            economy
            for name in names
            if folded(name) not in known
            and (economy := self.register.find(name, row.place(field), self.problems, allowed))
        ]
        twice = [economy.name for economy in sorted({e for e in economies if economies.count(e) > 1})]
        twice += sorted({body for body in bodies if bodies.count(body) > 1})
        for name in twice:
            expected = "each economy and body once" if allowed else "each economy once"
            self.report(row, field, "doubled", f"{name} twice", expected, "Delete one of them.")
        return tuple(economies), tuple(bodies)

    def _without_joined(self, row: Row, field: str) -> str:
        """Return the text of a cell without "Chile and Peru", which is reported."""
        parts = (row[field] or "").split(";")
        joined = {part: names for part in parts if (names := self.register.joined_names(part))}
        for part, names in joined.items():
            expected, todo = "names with semicolons between them", f"Write {'; '.join(names)}."
            self.report(row, field, "joined-names", quoted(part.strip()), expected, todo)
        return ";".join(part for part in parts if part not in joined)

    def read_area(self, row: Row, field: str) -> str:
        """Return the id of the area that a cell names in any of its wordings; "" for none, or unknown."""
        if row[field] is None:
            return ""
        wording = " ".join(row[field].split())  # as with names of economies
        if not self.has_areas:
            expected = f"an empty cell, as the plan has no {self.level.plural}"
            todo = f"Delete the value, or add {self.level.many} to plan.yaml."
            self.report(row, field, "unknown-area", quoted(wording), expected, todo)
            return ""
        if wording not in self.areas and self.all_areas:
            todo = did_you_mean(wording, self.area_names, f"Write one of {', '.join(self.area_names)}.")
            self.report(
                row,
                field,
                "unknown-area",
                quoted(wording),
                f"{self.level.article} {self.level.one} of the plan",
                todo,
            )
        return self.areas.get(wording, "")

    def read_choice(
        self,
        row: Row,
        field: str,
        choices: tuple[str, ...],
        kind: str = "",
        otherwise: str = "Write one of these.",
    ) -> str:
        """Return the choice that a cell names in upper or lower case, or "".

        `kind` is that of the problem, and `otherwise` what to do where no choice is similar.
        """
        choice, known = folded(row[field] or ""), _by_folded(choices)
        if choice and choice not in known:
            todo = did_you_mean(choice, choices, otherwise)
            expected = "one of " + ", ".join(choices)
            self.report(row, field, kind or f"unknown-{field}", quoted(row[field]), expected, todo)
            return ""
        return known.get(choice, "")

    def read_project_number(self, row: Row, field: str) -> ProjectNumber | None:
        """Return the project number of a cell; None where it is empty or no such number."""
        if not row[field]:
            return None
        try:
            return self.register.projects.parse(row[field])
        except NumberError as error:
            todo = f"The reason: {error.why}."
            self.report(row, field, "project-number", error.found, error.expected, todo)
            return None
