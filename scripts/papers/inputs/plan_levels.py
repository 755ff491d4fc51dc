"""The levels of a plan: their names and numbers, and the forms of the files that use these names as keys.

plan.yaml may declare its levels, such as goals with actions:

    levels:
      - {one: goal, many: goals, number: "1."}
      - {one: action, many: actions, number: "1.1"}

`many` is the key of a level's list, in plan.yaml and in the entries of work plans. Without a declaration the
levels are priority areas and objectives.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError, create_model

from papers.inputs.plan_schemas import (
    ActivityPlan,
    AreaPlan,
    ItemForm,
    Level,
    PlanFile,
    PlanTable,
    PlanTables,
    WorkPlanFile,
)
from papers.inputs.schemas import Amount
from papers.inputs.table_schemas import NUMERIC
from papers.problems import Place, Problems, nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from papers.inputs.yaml import StrictModel

DEFAULT_LEVELS = (
    Level(one="priority area", many="priority_areas", number="1"),
    Level(one="objective", many="objectives"),
)
# The keys of the first of the default levels in a work plan: - area: skills
_AREAS, _AREA = "areas", "area"
_COUNTER = re.compile(r"(?<![A-Za-z])[1aAiI](?![A-Za-z])")  # in the number of a level: 1.1, a), Goal 1
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))

Levels = tuple[Level, ...]
Further = tuple[tuple[str, bool], ...]  # declared columns: id, and whether their values are numbers


# Numbers of items


def item_number(level: Level, position: tuple[int, ...]) -> str:
    """Return the number of an item: "1.1" at position (2, 3) is 2.3; "" in a level without numbers.

    `position` has the place of the item, from 1, and of those above it. Fewer counters than levels are those
    of the last levels.
    """
    counters = list(_COUNTER.finditer(level.number))
    text, places = level.number, position[-len(counters) :] if counters else ()
    for counter, at in reversed(list(zip(counters, places, strict=True))):
        text = text[: counter.start()] + _counted(counter[0], at) + text[counter.end() :]
    return text


def _counted(style: str, number: int) -> str:
    if style == "1":
        return str(number)
    if style in "aA":
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("a") + rest) + letters
        return letters if style == "a" else letters.upper()
    roman = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        roman += sign * times
    return roman if style == "i" else roman.upper()


# Forms


def work_keys(levels: Levels) -> tuple[str, str]:
    """Return the keys of the first level in a work plan: the list, and the id in each of its entries."""
    first = levels[0]
    if first == DEFAULT_LEVELS[0]:
        return _AREAS, _AREA
    return first.many, first.one.replace(" ", "_")


def plan_form(data: Any) -> type[PlanFile]:
    """Return the form of a plan.yaml with the levels and columns that its data declare.

    If they cannot be used, the form is one that accepts any key: the declaration is a problem of its own, and
    what is written under its names is not known.
    """
    data = data if isinstance(data, dict) else {}
    levels = _valid(data.get("levels"))
    is_misspelt = "levels" not in data and any(nearest(str(key), ["levels"], 0.8) for key in data)
    if is_misspelt or levels is None or next(_level_faults(levels), None):
        return _AnyLevels
    taken = {*ItemForm.model_fields, "in_list", "in_schedule", "children", *(level.many for level in levels)}
    tables = _tables(data)
    return _plan_form(levels, _further(tables.plan if tables else None, taken))


class _AnyLevels(PlanFile):
    model_config = ConfigDict(extra="ignore")


def _valid(declared: Any) -> Levels | None:
    if declared is None:
        return DEFAULT_LEVELS
    try:
        return tuple(PlanFile.model_validate(_NAMED | {"levels": declared}).levels)
    except ValidationError:
        return None


_NAMED = {"title": "", "first_year": 0, "last_year": 0}


def _tables(data: dict) -> PlanTables | None:
    try:
        return PlanTables.model_validate(data.get("tables", {}))
    except ValidationError:
        return None


def _further(table: PlanTable | None, taken: Collection[str] = ()) -> Further:
    """Return the declared columns of a table, which rows have as keys, without those whose id is `taken`."""
    columns = table.columns if table else []
    return tuple((one.id, one.type in NUMERIC) for one in columns if one.id not in taken)


def _fields_of(further: Further) -> dict[str, Any]:
    """Return the fields of further columns: numbers, or texts of which there may be several."""
    number, texts = (Amount | None, None), (_Texts, Field(default_factory=list))
    return {name: number if is_number else texts for name, is_number in further}


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, (str, int, float)) else value


def _list_of(form: Any) -> Any:
    return list.__class_getitem__(form)  # `list[form]` is no type to a type checker


_Texts = Annotated[list[str], BeforeValidator(_as_list)]


@cache
def _plan_form(levels: Levels, further: Further) -> type[PlanFile]:
    item: type[StrictModel] | None = None
    for depth, level in reversed(list(enumerate(levels, 1))):
        item = _item_form(depth, level, further, item, levels)
    tree = (_list_of(item), Field(default_factory=list, alias=levels[0].many))
    return create_model("PlanFile", __base__=PlanFile, tree=tree)


def _item_form(
    depth: int, level: Level, further: Further, below: type[StrictModel] | None, levels: Levels
) -> type[ItemForm]:
    fields = _fields_of(further)
    if depth == 1:
        fields |= {"name": (str, Field()), "in_list": (str | None, None), "in_schedule": (str | None, None)}
    if below is not None:
        fields["children"] = (_list_of(below), Field(default_factory=list, alias=levels[depth].many))
    return create_model("ItemForm", __base__=ItemForm, **fields)


def workplan_form(levels: Levels | None, table: PlanTable | None = None) -> type[WorkPlanFile]:
    """Return the form of the work plans of a plan with these levels; None where its levels are not known.

    `table` is the declared table of their activities.
    """
    return _workplan_form(levels, _further(table))


@cache
def _workplan_form(levels: Levels | None, further: Further) -> type[WorkPlanFile]:
    areas, area = work_keys(levels or DEFAULT_LEVELS)
    entry = create_model("AreaPlan", __base__=AreaPlan, area=(str, Field(alias=area)))
    served: dict[str, Any] = {
        f"served_{at}": (list[str], Field(default_factory=list, alias=level.many))
        for at, level in enumerate((levels or DEFAULT_LEVELS)[1:], 1)
    }
    own = _fields_of(further)
    activity = create_model(
        "ActivityPlan", __base__=ActivityPlan, area=(str, Field("", alias=area)), **served, **own
    )
    fields: dict[str, Any] = {
        "areas": (_list_of(entry), Field(default_factory=list, alias=areas)),
        "activities": (_list_of(activity), Field(default_factory=list)),
    }
    form = create_model("WorkPlanFile", __base__=WorkPlanFile, **fields)
    if levels is None:  # then names of levels are not known, and any key may be one
        for each in (entry, activity, form):
            each.model_config["extra"] = "ignore"
    return form


# Checks


def check_levels(levels: Sequence[Level], place: Callable[..., Place], problems: Problems) -> bool:
    """Report what is wrong with declared levels as a whole; return whether they are right."""
    right = True
    for keys, found, expected, todo in _level_faults(tuple(levels)):
        problems.add(place("levels", *keys), "levels", found, expected, todo)
        right = False
    return right


def _level_faults(levels: Levels) -> Iterator[tuple[tuple[str | int, ...], str, str, str]]:
    """Yield keys, found, expected and what to do of each fault of a declaration."""
    taken = {field.alias or name for name, field in PlanFile.model_fields.items() if name != "tree"}
    taken |= {
        "in_list",
        "in_schedule",
        *ItemForm.model_fields,
        *WorkPlanFile.model_fields,
        *ActivityPlan.model_fields,
    }
    taken -= {"areas"}
    names: set[tuple[str, str]] = set()
    for at, level in enumerate(levels):
        for key in ("one", "many"):
            name = getattr(level, key)
            if (key, name) in names:
                yield (at, key), f"{quoted(name)} again", "names that differ", "Give the level another name."
            names.add((key, name))
        if level.many in taken:
            found, expected = f"{quoted(level.many)}, which is a key of its own", "another name"
            yield (
                (at, "many"),
                found,
                expected,
                "Choose a word that the file does not use for something else.",
            )
        counters = len(_COUNTER.findall(level.number))
        if level.number and not 1 <= counters <= at + 1:
            expected = f"one to {at + 1} counters" if at else "one counter"
            todo = "Write it as the first item's, such as 1., a) or Goal 1; for a lower level also 1.1."
            yield (at, "number"), quoted(level.number), f"{expected} (1, a, A, i or I)", todo
