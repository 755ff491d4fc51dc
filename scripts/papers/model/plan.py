"""A strategic plan: priority areas, objectives, indicators, and checks of the facts that its text names."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from papers import richtext
from papers.inputs.markdown import Section
from papers.model.figures import Cell, Source
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from papers.inputs.folder import PlanFolder
    from papers.inputs.schemas import Commitment, IndicatorHeading, Objective, PlanFile
    from papers.inputs.unread import Unread


@dataclass(frozen=True)
class Area:
    """A priority area, with its wordings in a list and in the schedule."""

    id: str
    name: str
    in_list: str
    in_schedule: str
    objectives: tuple[Objective, ...]

    @property
    def wordings(self) -> tuple[str, ...]:
        """Every wording that a workbook may use for it."""
        return self.name, self.in_schedule, self.in_list.rstrip(";. ").removesuffix("; and"), self.id


@dataclass
class Plan:
    """A plan; `id` is the name of its folder.

    `sections` still hold {{ facts }}, which papers.wording replaces.
    """

    id: str
    file: str
    title: str
    first_year: int
    last_year: int
    areas: list[Area]
    indicator_headings: list[IndicatorHeading]
    paragraphs: dict[str, list[Any]]
    factors: list[list[Any]]
    facts: dict[str, str]
    sections: list[Section]
    appendix: Section
    commitments: list[Commitment] = field(default_factory=list)
    places: dict[str, Place] = field(
        default_factory=dict
    )  # id of an area, objective or indicator -> its line

    def source(self, name: str, title: str) -> Source:
        """Return an area, objective or indicator as one thing that a figure counts, by its id: its line."""
        return Source(1, (Cell(self.places[name], title),))

    @property
    def files(self) -> list[str]:
        """The file plan.yaml. The sections are listed with the papers that print them."""
        return [self.file]

    def area(self, area: str) -> Area:
        return next(found for found in self.areas if found.id == area)


_MOST_NAMES = 12  # in one message
# Facts that need a paragraph of their own, as they become paragraphs, a list or a table.
BLOCK_FACTS = (
    "vision",
    "mission",
    "critical_success_factors",
    "priority_area_list",
    "priority_area_table",
    "indicators",
)


def build_plan(name: str, folder: PlanFolder, unread: Unread, problems: Problems) -> Plan | None:
    """Return the plan of a folder; None without its appendix, a problem that was reported before.

    Ids that are used twice, years out of order and unknown facts are reported, and the plan is added to
    `unread`.
    """
    before = len(problems.found)
    plan = _plan(name, folder, problems)
    if len(problems.found) > before:
        unread.add("plan", name)
    return plan


def _plan(name: str, folder: PlanFolder, problems: Problems) -> Plan | None:
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
        id=name,
        file=folder.data.name,
        title=form.title,
        first_year=form.first_year,
        last_year=form.last_year,
        areas=areas,
        indicator_headings=form.indicator_headings,
        paragraphs=folder.paragraphs,
        factors=folder.factors,
        facts=facts,
        sections=folder.sections,
        appendix=folder.appendix,
        commitments=form.commitments,
        places=_places(folder),
    )


def _places(folder: PlanFolder) -> dict[str, Place]:
    form = folder.data.form
    return {
        name: folder.data.place(*keys) for name, keys in (*_ids_of_areas(form), *_ids_of_indicators(form))
    }


def _facts(form: PlanFile) -> dict[str, str]:
    """Return the facts that a sentence may name."""
    return {
        "first_year": str(form.first_year),
        "last_year": str(form.last_year),
        "mid_term": str(form.reviews.mid_term),
        "final": str(form.reviews.final),
        "assessment_every_years": str(form.reviews.assessment_every_years),
    }


def _check_paragraphs(folder: PlanFolder, facts: dict[str, str], problems: Problems) -> None:
    """Check that vision, mission and success factors, which are block facts, hold inline facts only."""
    for runs in (*folder.paragraphs.values(), *folder.factors):
        check_facts(Section(folder.data.name, runs, []), facts, (), problems)


def check_facts(
    section: Section, inline: Collection[str], block: tuple[str, ...], problems: Problems
) -> None:
    """Check that each `{{ name }}` is an inline fact, or a block fact alone in its paragraph."""
    for at, runs, alone in _lines_of(section):
        for run in runs:
            if not (isinstance(run, dict) and "fact" in run):
                continue
            name, place = run["fact"], Place(section.file, line=run.get("at", at))
            found = f"{{{{ {name} }}}}"
            if name in block and not alone:
                expected, todo = f"{found} alone in a paragraph", "Put it on a line between two empty lines."
                problems.add(place, "fact-not-alone", f"{found} inside a paragraph", expected, todo)
            elif name not in inline and name not in block:
                names = [*inline, *block]
                expected = "one of " + _listed(name, names)
                todo = did_you_mean(name, names, "Use one of these names, or write the text itself.")
                problems.add(place, "unknown-fact", found, expected, todo)


def _listed(name: str, names: list[str]) -> str:
    """Return all names where they are few, otherwise those most like `name` and the number of the others."""
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    near = difflib.get_close_matches(name, names, _MOST_NAMES // 2, 0)
    return f"{', '.join(near)} or {len(names) - len(near)} others (inputs/README.md)"


def _lines_of(section: Section) -> Iterator[tuple[int, list[Any], bool]]:
    """Yield line number, runs, and whether the runs are all of a body paragraph."""
    yield 1, section.heading, False
    for block in section.blocks:
        alone = block["style"] == richtext.BODY and len(block["line"]) == 1
        yield block["at"], block["line"], alone
        for run in block["line"]:
            if isinstance(run, dict) and "note" in run:
                yield block["at"], run["note"], False


def _check_ids(folder: PlanFolder, problems: Problems) -> None:
    """Report ids of areas, objectives, commitments and indicators that are used twice in the plan."""
    form, seen = folder.data.form, set()
    for name, keys in (*_ids_of_areas(form), *_ids_of_commitments(form), *_ids_of_indicators(form)):
        if name in seen:
            place, todo = folder.data.place(*keys), "Give it another id."
            problems.add(place, "doubled-id", f"{quoted(name)} again", "each id once", todo)
        seen.add(name)


def _ids_of_areas(form: PlanFile) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield the id of each area and objective, and the keys of its line."""
    for index, area in enumerate(form.priority_areas):
        yield area.id, ("priority_areas", index, "id")
        for n, objective in enumerate(area.objectives):
            yield objective.id, ("priority_areas", index, "objectives", n, "id")


def _ids_of_commitments(form: PlanFile) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for n, commitment in enumerate(form.commitments):
        yield commitment.id, ("commitments", n, "id")


def _ids_of_indicators(form: PlanFile) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for index, heading in enumerate(form.indicator_headings):
        for n, indicator in enumerate(heading.indicators):
            yield indicator.id, ("indicator_headings", index, "indicators", n, "id")


def _check_years(folder: PlanFolder, problems: Problems) -> None:
    form = folder.data.form
    if form.last_year < form.first_year:
        found = f"{form.last_year}, before the first year {form.first_year}"
        problems.add(
            folder.data.place("last_year"),
            "years-reversed",
            found,
            "a last year not before it",
            "Correct one of the two years.",
        )
        return
    for key in ("mid_term", "final"):
        year = getattr(form.reviews, key)
        if not form.first_year <= year <= form.last_year:
            expected = f"a year from {form.first_year} to {form.last_year}"
            problems.add(folder.data.place("reviews", key), "year", str(year), expected, "Correct the year.")
