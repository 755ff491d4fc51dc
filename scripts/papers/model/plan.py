"""A strategic plan: priority areas, objectives, indicators, and checks of the facts that its text names."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from papers import richtext
from papers.inputs.markdown import Section
from papers.model.figures import Cell, Source
from papers.model.measures import Milestone, check_measures, indicators_of, milestones
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from papers.inputs.plan_folder import PlanDocuments
    from papers.inputs.plan_schemas import Commitment, IndicatorHeading, Objective, PlanFile
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
    """A plan; `id` is the name of its folder. Title and years are always there; the rest may be empty.

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
    appendix: Section | None
    commitments: list[Commitment] = field(default_factory=list)
    places: dict[str, Place] = field(
        default_factory=dict
    )  # id of an area, objective or indicator -> its line
    baselines: dict[str, list[Milestone]] = field(default_factory=dict)  # by id of the indicator
    targets: dict[str, list[Milestone]] = field(default_factory=dict)

    def source(self, name: str, title: str) -> Source:
        """Return an area, objective or indicator as one thing that a figure counts, by its id: its line."""
        return Source(1, (Cell(self.places[name], title),))

    @property
    def objectives(self) -> list[Objective]:
        """The objectives of all areas."""
        return [objective for area in self.areas for objective in area.objectives]

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


def build_plan(name: str, folder: PlanDocuments, unread: Unread, problems: Problems) -> Plan | None:
    """Return the plan of a folder; None if its appendix could not be read, a problem that was reported before.

    Ids that are used twice, years out of order and unknown facts are reported, and the plan is added to
    `unread`.
    """
    before = len(problems.found)
    plan = _plan(name, folder, problems)
    if len(problems.found) > before:
        unread.add("plan", name)
    return plan


def _plan(name: str, folder: PlanDocuments, problems: Problems) -> Plan | None:
    form = folder.data.form
    facts, absent = _facts(form), _absent_facts(form)
    _check_ids(folder, problems)
    _check_years(folder, problems)
    check_measures(folder.data, problems)
    for section in folder.sections:
        check_facts(section, facts, BLOCK_FACTS, problems, absent)
    if folder.appendix:
        check_facts(folder.appendix, facts, (), problems, absent)
    _check_paragraphs(folder, facts, problems)
    if folder.appendix is None and form.appendix:
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
        baselines=milestones(folder.data, "baseline"),
        targets=milestones(folder.data, "target"),
    )


def _places(folder: PlanDocuments) -> dict[str, Place]:
    form = folder.data.form
    return {
        name: folder.data.place(*keys) for name, keys in (*_ids_of_areas(form), *_ids_of_indicators(form))
    }


def _facts(form: PlanFile) -> dict[str, str]:
    """Return the facts that a sentence may name; those of the reviews only where plan.yaml has them."""
    reviews = {name: value for name, value in form.reviews.model_dump().items() if value is not None}
    facts = {"first_year": form.first_year, "last_year": form.last_year, **reviews}
    return {name: str(value) for name, value in facts.items()}


def _absent_facts(form: PlanFile) -> dict[str, str]:
    """Return the facts that plan.yaml does not have, each with the key that it would be stated under."""
    keys = {
        "vision": "vision",
        "mission": "mission",
        "critical_success_factors": "critical_success_factors",
        "priority_area_list": "priority_areas",
        "priority_area_table": "priority_areas",
        "indicators": "indicator_headings",
    }
    of_plan = {fact: key for fact, key in keys.items() if not getattr(form, key)}
    reviews = (name for name, value in form.reviews.model_dump().items() if value is None)
    return of_plan | {name: f"reviews, {name}" for name in reviews}


def _check_paragraphs(folder: PlanDocuments, facts: dict[str, str], problems: Problems) -> None:
    """Check that vision, mission and success factors, which are block facts, hold inline facts only."""
    for runs in (*folder.paragraphs.values(), *folder.factors):
        check_facts(Section(folder.data.name, runs, []), facts, (), problems, _absent_facts(folder.data.form))


def check_facts(
    section: Section,
    inline: Collection[str],
    block: tuple[str, ...],
    problems: Problems,
    absent: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Check that each `{{ name }}` is an inline fact, or a block fact alone in its paragraph.

    `absent` are facts that the plan does not have, with the key of plan.yaml that would state them.
    """
    for at, runs, alone in _lines_of(section):
        for run in runs:
            if not (isinstance(run, dict) and "fact" in run):
                continue
            name, place = run["fact"], Place(section.file, line=run.get("at", at))
            found = f"{{{{ {name} }}}}"
            if name in absent:
                what, expected = f"{found}, of which plan.yaml says nothing", "a fact that the plan has"
                todo = f"Add {absent[name]} to plan.yaml, or delete {found}."
                problems.add(place, "absent-fact", what, expected, todo)
            elif name in block and not alone:
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


def _check_ids(folder: PlanDocuments, problems: Problems) -> None:
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
    for indicator, keys in indicators_of(form):
        yield indicator.id, (*keys, "id")


def _check_years(folder: PlanDocuments, problems: Problems) -> None:
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
        if year is not None and not form.first_year <= year <= form.last_year:
            expected = f"a year from {form.first_year} to {form.last_year}"
            problems.add(folder.data.place("reviews", key), "year", str(year), expected, "Correct the year.")
