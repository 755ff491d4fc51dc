"""A strategic plan: its tree of items, its indicators, and checks of the facts that its text names."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from papers import richtext
from papers.inputs.markdown import Section
from papers.inputs.plan_levels import DEFAULT_LEVELS, item_number
from papers.inputs.plan_schemas import ItemForm
from papers.model.figures import Cell, Source
from papers.model.measures import Milestone, check_measures, indicators_of, milestones
from papers.model.plan_tables import check_plan_tables
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from decimal import Decimal

    from papers.inputs.plan_folder import PlanDocuments
    from papers.inputs.plan_levels import Levels
    from papers.inputs.plan_schemas import Commitment, IndicatorHeading, Level, PlanFile, PlanTable
    from papers.inputs.unread import Unread
    from papers.inputs.yaml import Document, Keys


@dataclass(frozen=True)
class PlanItem:
    """An item of the plan's tree: a priority area, an objective, or what the plan's levels are called.

    `level` is 1 at the top; `text` is its name where it has no text, and `name` its text where it has no name.
    `in_list` and `in_schedule` are the wordings of an item of the first level in a list and in the schedule.
    `attributes` are the values of the further columns of the plan's table: texts, or a number.
    """

    id: str
    level: int
    number: str
    name: str
    text: str
    in_list: str = ""
    in_schedule: str = ""
    children: tuple[PlanItem, ...] = ()
    attributes: Mapping[str, tuple[str, ...] | Decimal | None] = field(default_factory=dict, compare=False)

    @property
    def wordings(self) -> tuple[str, ...]:
        """Every wording that a workbook may use for an item of the first level."""
        return self.name, self.in_schedule, self.in_list.rstrip(";. ").removesuffix("; and"), self.id

    @property
    def words(self) -> list[str]:
        """Its name, and its text where it has both."""
        return [self.name] if self.name == self.text else [self.name, self.text]

    @property
    def below(self) -> list[PlanItem]:
        """All items of the levels below it, in the order of the plan."""
        return [item for child in self.children for item in (child, *child.below)]

    @property
    def ids(self) -> set[str]:
        """Its own id and those of all items below it."""
        return {self.id, *(item.id for item in self.below)}


@dataclass(eq=False)  # the cached tables of papers know it by identity
class Plan:
    """A plan; `id` is the name of its folder. Title and years are always there; the rest may be empty.

    `sections` still hold {{ facts }}, which papers.wording replaces.
    """

    id: str
    file: str
    title: str
    first_year: int
    last_year: int
    areas: list[PlanItem]  # the first level
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
    levels: Levels = DEFAULT_LEVELS
    table: PlanTable | None = None  # None: the usual table of the plan
    column_places: dict[str, list[Place]] = field(default_factory=dict)  # of printed columns, by table
    work_table: PlanTable | None = None  # of the activities in work plans; None: the usual one

    def source(self, name: str, title: str) -> Source:
        """Return an area, objective or indicator as one thing that a figure counts, by its id: its line."""
        return Source(1, (Cell(self.places[name], title),))

    @property
    def objectives(self) -> list[PlanItem]:
        """The items of the second level, of all areas."""
        return [objective for area in self.areas for objective in area.children]

    @property
    def area_level(self) -> Level:
        """What items of the first level are called: priority areas, unless plan.yaml has other levels."""
        return self.levels[0]

    @property
    def objective_level(self) -> Level:
        """What items of the second level are called; there are none in a plan with one level."""
        return self.levels[1] if len(self.levels) > 1 else DEFAULT_LEVELS[1]

    @property
    def has_own_levels(self) -> bool:
        """Whether plan.yaml declares its levels."""
        return self.levels != DEFAULT_LEVELS

    @property
    def items(self) -> list[PlanItem]:
        """The items of all levels, in the order of the plan."""
        return [item for area in self.areas for item in (area, *area.below)]

    @property
    def files(self) -> list[str]:
        """The file plan.yaml. The sections are listed with the papers that print them."""
        return [self.file]

    def area(self, area: str) -> PlanItem:
        return next(found for found in self.areas if found.id == area)


_MOST_NAMES = 12  # in one message


def level_facts(level: Level) -> tuple[str, str]:
    """Return the names of the facts that are the list and the table of the first level."""
    name = level.one.replace(" ", "_")
    return f"{name}_list", f"{name}_table"


def _block_facts(form: PlanFile) -> tuple[str, ...]:
    """Return the facts that need a paragraph of their own: they become paragraphs, a list or a table."""
    of_level = level_facts((form.levels or DEFAULT_LEVELS)[0])
    return "vision", "mission", "critical_success_factors", *of_level, "indicators"


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
    facts, absent, block = _facts(form), _absent_facts(form), _block_facts(form)
    _check_ids(folder, problems)
    _check_texts(folder, problems)
    check_plan_tables(folder.data, problems)
    _check_years(folder, problems)
    check_measures(folder.data, problems)
    for section in folder.sections:
        check_facts(section, facts, block, problems, absent)
    if folder.appendix:
        check_facts(folder.appendix, facts, (), problems, absent)
    _check_paragraphs(folder, facts, problems)
    if folder.appendix is None and form.appendix:
        return None
    levels = tuple(form.levels) or DEFAULT_LEVELS
    return Plan(
        id=name,
        file=folder.data.name,
        title=form.title,
        first_year=form.first_year,
        last_year=form.last_year,
        areas=_items(form.tree, levels),
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
        levels=levels,
        table=form.tables.plan,
        work_table=form.tables.work_plan,
        column_places=_column_places(folder.data),
    )


def _column_places(data: Document[PlanFile]) -> dict[str, list[Place]]:
    """Return the places of the printed columns of each declared table."""
    tables = {"plan": data.form.tables.plan, "work-plan": data.form.tables.work_plan}
    return {
        name: [data.place("tables", name, "printed", at) for at in range(len(table.printed))]
        for name, table in tables.items()
        if table
    }


def _items(forms: Iterable[ItemForm], levels: Levels, above: tuple[int, ...] = ()) -> list[PlanItem]:
    """Return the items of a level, with all below them; `above` is the position of the item over them."""
    return [_item(form, levels, (*above, at)) for at, form in enumerate(forms, 1)]


def _item(form: ItemForm, levels: Levels, position: tuple[int, ...]) -> PlanItem:
    name, text = form.name or form.text or "", form.text or form.name or ""
    wordings = {key: getattr(form, key, None) or name for key in ("in_list", "in_schedule")}
    known = {*ItemForm.model_fields, "children", *wordings}
    return PlanItem(
        id=form.id,
        level=len(position),
        number=item_number(levels[len(position) - 1], position),
        name=name,
        text=text,
        children=tuple(_items(getattr(form, "children", ()), levels, position)),
        attributes={
            key: tuple(value) if isinstance(value, list) else value
            for key, value in (
                (key, getattr(form, key)) for key in type(form).model_fields if key not in known
            )
        },
        **wordings,
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
        "indicators": "indicator_headings",
    }
    of_plan = {fact: key for fact, key in keys.items() if not getattr(form, key)}
    first = (form.levels or DEFAULT_LEVELS)[0]
    of_plan |= {} if form.tree else dict.fromkeys(level_facts(first), first.many)
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
                expected = f"one of {_listed(name, names)}" if names else "text; no figures have names here"
                todo = (
                    "Use one of these names, or write the text itself." if names else "Write the text itself."
                )
                todo = did_you_mean(name, names, todo)
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
        for runs in richtext.lines_of(block):
            yield block["at"], runs, alone
            for run in runs:
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


def _check_texts(folder: PlanDocuments, problems: Problems) -> None:
    """Report items of the lower levels that have neither a name nor a text."""
    for item, keys in _forms_of_items(folder.data.form):
        if not (item.name or item.text):
            todo = 'Add a line "text: ...".'
            problems.add(folder.data.place(*keys), "missing-key", "nothing", 'the key "text"', todo)


def _forms_of_items(form: PlanFile) -> Iterator[tuple[ItemForm, Keys]]:
    """Yield each item of the plan, in the order of the file, and its keys."""
    levels = tuple(form.levels) or DEFAULT_LEVELS
    return _below(form.tree, levels, ())


def _below(forms: Iterable[ItemForm], levels: Levels, keys: Keys) -> Iterator[tuple[ItemForm, Keys]]:
    for at, item in enumerate(forms):
        own = (*keys, levels[0].many, at)
        yield item, own
        yield from _below(getattr(item, "children", ()), levels[1:], own)


def _ids_of_areas(form: PlanFile) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield the id of each item of the plan, and the keys of its line."""
    for item, keys in _forms_of_items(form):
        yield item.id, (*keys, "id")


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
