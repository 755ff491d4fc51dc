"""A strategic plan: its areas, objectives and indicators, and the text of its sections with the facts filled in."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers import richtext
from papers.inputs.markdown import Section
from papers.model.figures import Cell, Source
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from papers.inputs.folder import PlanFolder
    from papers.inputs.schemas import Commitment, IndicatorHeading, Objective, PlanFile


@dataclass(frozen=True)
class Area:
    """A priority area and its three wordings."""

    id: str
    name: str
    in_list: str
    in_schedule: str
    objectives: tuple[Objective, ...]

    @property
    def wordings(self) -> tuple[str, ...]:
        """Every wording that a spreadsheet may use for it."""
        return self.name, self.in_schedule, self.in_list.rstrip(";. ").removesuffix("; and"), self.id


@dataclass
class Plan:
    """The plan `id` (its folder's name). `sections` have their facts still open: wording fills them in."""

    id: str
    file: str
    title: str
    first_year: int
    last_year: int
    areas: list[Area]
    indicator_headings: list[IndicatorHeading]
    paragraphs: dict[str, list]
    factors: list[list]
    facts: dict[str, str]
    sections: list[Section]
    appendix: Section
    commitments: list[Commitment] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)  # id of area, objective, indicator -> its line

    def source(self, name: str, title: str) -> Source:
        """An area, objective or indicator (by its id) as something that is counted: its line in plan.yaml."""
        return Source(1, (Cell(self.places[name], title),))

    @property
    def files(self) -> list[str]:
        """The input that its facts were read from; the sections belong to the papers that print them."""
        return [self.file]

    def area(self, area: str) -> Area:
        return next(found for found in self.areas if found.id == area)


_MOST_NAMES = 12  # that one line can tell
# Facts that stand in a paragraph of their own and become paragraphs, a list or a table.
BLOCK_FACTS = (
    "vision",
    "mission",
    "critical_success_factors",
    "priority_area_list",
    "priority_area_table",
    "indicators",
)


def build_plan(name: str, folder: PlanFolder, problems: Problems) -> Plan | None:
    """The plan of a folder; doubled ids, years that do not fit and unknown facts are problems."""
    form = folder.data.form
    facts = _facts(form)
    _check_ids(folder, problems)
    _check_years(folder, problems)
    for section in folder.sections:
        check_facts(section, facts, BLOCK_FACTS, problems)
    if folder.appendix:
        check_facts(folder.appendix, facts, (), problems)
    _check_paragraphs(folder, facts, problems)
    if folder.appendix is None:
        return None
    areas = [
        Area(a.id, a.name, a.in_list or a.name, a.in_schedule or a.name, tuple(a.objectives))
        for a in form.priority_areas
    ]
    return Plan(
        name,
        folder.data.name,
        form.title,
        form.first_year,
        form.last_year,
        areas,
        form.indicator_headings,
        folder.paragraphs,
        folder.factors,
        facts,
        folder.sections,
        folder.appendix,
        form.commitments,
        _places(folder),
    )


def _places(folder: PlanFolder) -> dict[str, Place]:
    form, place = folder.data.form, folder.data.place
    found = {}
    for at, area in enumerate(form.priority_areas):
        found[area.id] = place("priority_areas", at, "id")
        for n, objective in enumerate(area.objectives):
            found[objective.id] = place("priority_areas", at, "objectives", n, "id")
    for at, heading in enumerate(form.indicator_headings):
        for n, indicator in enumerate(heading.indicators):
            found[indicator.id] = place("indicator_headings", at, "indicators", n, "id")
    return found


def _facts(form: PlanFile) -> dict[str, str]:
    """Facts that may stand inside a sentence, by name."""
    return {
        "first_year": str(form.first_year),
        "last_year": str(form.last_year),
        "mid_term": str(form.reviews.mid_term),
        "final": str(form.reviews.final),
        "assessment_every_years": str(form.reviews.assessment_every_years),
    }


def _check_paragraphs(folder: PlanFolder, facts: dict[str, str], problems: Problems) -> None:
    """Vision, mission and success factors hold inline facts only: they are whole facts themselves."""
    for runs in (*folder.paragraphs.values(), *folder.factors):
        check_facts(Section(folder.data.name, runs, []), facts, (), problems)


def check_facts(section: Section, inline: dict[str, str], whole: tuple[str, ...], problems: Problems) -> None:
    """Each `{{ name }}` of a section names a fact: an inline one, or a whole one alone in its paragraph."""
    for at, runs, alone in _lines_of(section):
        for run in runs:
            if not (isinstance(run, dict) and "fact" in run):
                continue
            name, place = run["fact"], Place(section.file, line=run.get("at", at))
            found = f"{{{{ {name} }}}}"
            if name in whole and not alone:
                expected = f"{found} alone in a paragraph"
                problems.add(
                    place, "fact-not-alone", f"{found} inside a paragraph", expected, "Give it its own lines."
                )
            elif name not in inline and name not in whole:
                names = [*inline, *whole]
                expected = "one of " + _some(name, names)
                todo = did_you_mean(name, names, "Use one of these names, or write the text itself.")
                problems.add(place, "unknown-fact", found, expected, todo)


def _some(name: str, names: list[str]) -> str:
    """All names where they are few, else those most like `name`, and how many more there are."""
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    near = difflib.get_close_matches(name, names, _MOST_NAMES // 2, 0)
    return f"{', '.join(near)} or {len(names) - len(near)} others (inputs/README.md)"


def _lines_of(section: Section):
    yield 1, section.heading, False
    for block in section.blocks:
        alone = block["style"] == richtext.BODY and len(block["line"]) == 1
        yield block["at"], block["line"], alone
        for run in block["line"]:
            if isinstance(run, dict) and "note" in run:
                yield block["at"], run["note"], False


def _check_ids(folder: PlanFolder, problems: Problems) -> None:
    seen: set[str] = set()
    for index, area in enumerate(folder.data.form.priority_areas):
        ids = [(area.id, ("priority_areas", index, "id"))]
        ids += [
            (objective.id, ("priority_areas", index, "objectives", n, "id"))
            for n, objective in enumerate(area.objectives)
        ]
        _refuse_doubled(ids, seen, folder, problems)
    named = [(one.id, ("commitments", n, "id")) for n, one in enumerate(folder.data.form.commitments)]
    _refuse_doubled(named, seen, folder, problems)
    for index, heading in enumerate(folder.data.form.indicator_headings):
        ids = [
            (indicator.id, ("indicator_headings", index, "indicators", n, "id"))
            for n, indicator in enumerate(heading.indicators)
        ]
        _refuse_doubled(ids, seen, folder, problems)


def _refuse_doubled(
    ids: list[tuple[str, tuple]], seen: set[str], folder: PlanFolder, problems: Problems
) -> None:
    for name, keys in ids:
        if name in seen:
            place = folder.data.place(*keys)
            problems.add(place, "doubled-id", f"{quoted(name)} again", "each id once", "Give it another id.")
        seen.add(name)


def _check_years(folder: PlanFolder, problems: Problems) -> None:
    form = folder.data.form
    if form.last_year < form.first_year:
        found = f"{form.last_year}, before the first year {form.first_year}"
        problems.add(
            folder.data.place("last_year"),
            "years-reversed",
            found,
            "a last year not before it",
            "Correct one.",
        )
    for key in ("mid_term", "final"):
        year = getattr(form.reviews, key)
        if not form.first_year <= year <= form.last_year:
            expected = f"a year from {form.first_year} to {form.last_year}"
            problems.add(folder.data.place("reviews", key), "year", str(year), expected, "Correct the year.")
