"""The free texts of the inputs, each with the place that states it; and marks in them that show where a paper prints them.

A mark is a number between two characters of no language, which XML allows, before the last letter of a text. It goes
through model, wording and template unseen, like a letter. Equal texts get equal marks, so that comparisons hold.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from papers.inputs.plan_folder import PlanDocuments
from papers.inputs.xlsx import Row
from papers.inputs.yaml import Document, StrictModel
from papers.problems import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from papers.inputs.folder import Inputs
    from papers.inputs.markdown import Section
    from papers.richtext import Run

    _Found = Iterator[tuple["TextSource", Callable[[str], None]]]

MARKDOWN, YAML_MARKDOWN, YAML, CELL, NAME = "markdown", "yaml-markdown", "yaml", "cell", "name"
_TEXT_BEGIN, _TEXT_END = "\ufdd4", "\ufdd5"
_MARK = re.compile(f"{_TEXT_BEGIN}([0-9]+){_TEXT_END}")
_LEAST = 2  # characters of a text that can carry a mark
# Fields of YAML files with free text. Others are dates, choices, or names and ids that other inputs refer to.
_FREE = frozenset(
    {
        "ForumFile.organisation",
        "ForumFile.meeting_name",
        "ForumFile.name",
        "Parent.name",
        "MeetingFile.name",
        "MeetingFile.city",
        "AgendaItem.title",
        "PaperEntry.title",
        "PaperEntry.status",
        "PaperEntry.notes",
        "PaperEntry.allowed_by",
        "PlanFile.title",
        "ItemForm.in_list",
        "ItemForm.text",
        "IndicatorHeading.heading",
        "Indicator.text",
        "Indicator.unit",
        "Commitment.name",
        "WorkPlanFile.responds_to",
        "WorkPlanFile.deliverables",
        "AreaPlan.outcomes",
        "AreaPlan.cooperation",
        "ActivityPlan.title",
        "ActivityPlan.outcome",
        "ActivityPlan.timeframe",
        "ActivityPlan.cooperation",
        "MeetingPlan.actions",
        "TermsFile.title",
        "Recommendation.text",
        "FollowUp.what_was_done",
        "RecordFile.chair",
        "RecordFile.observers",
        "RecordFile.guests",
        "RecordFile.decisions",
        "RecordFile.next_meeting",
        "DocumentTableForm.title",
        "DocumentTableForm.rows",
        "DocumentColumn.title",
    }
)
# Names that other inputs refer to: they can be marked, as equal texts get equal marks, but all places had to follow.
_NAMES = frozenset(
    {
        "ItemForm.name",
        "ItemForm.in_schedule",
    }
)
_NAME_COLUMNS = frozenset({"area", "priority_area"})
_KEY_COLUMNS = frozenset(
    {
        "id",
        "proponents",
        "status",
        "project_number",
        "number",
        "proposing",
        "co_sponsors",
        "link",
        "member",
        "indicator",
        "jointly_with",
        "activity_id",
        "economy",
        "prepared_by",
    }
)
_ROOTS = (
    "forum",
    "meetings",
    "plans",
    "terms",
    "narratives",
    "documents",
    "records",
    "recommendations",
    "tabling",
)


@dataclass(frozen=True, eq=False)
class TextSource:
    """A free text, and what states it.

    `at` is (keys, block, row, column) of Markdown with -1 for the heading, keys of YAML, or (sheet, cell); the keys of
    Markdown are those of the YAML that it is a text of, () for a file of its own. `runs` are those of the whole line
    that the text is part of, `written` is a paragraph of Markdown as YAML has it, `row` that of a cell.
    """

    kind: str
    file: str
    at: tuple[Any, ...]
    text: str
    place: Place
    runs: list[Run] = field(default_factory=list)
    row: Row | None = None
    written: str = ""

    @property
    def key(self) -> tuple[str, str, tuple[Any, ...]]:
        """What an edit of it is known by."""
        return self.kind, self.file, self.at

    def block(self, order: float = 0, shift: int = 0) -> tuple[str, str, tuple[Any, ...]]:
        """What an edit of the block of Markdown that it is in is known by; with an order, what comes behind it."""
        keys, number = self.at[:2]
        return self.kind, self.file, (keys, number + shift, order)


def texts_of(inputs: Inputs) -> _Found:
    """Yield each free text of the inputs, with what sets it."""
    for name in _ROOTS:
        yield from _texts(getattr(inputs, name))


def _texts(value: Any) -> _Found:
    if isinstance(value, Document):
        yield from _of_form(value.form, value, ())
    elif isinstance(value, Row):
        yield from _of_row(value)
    elif isinstance(value, PlanDocuments):
        yield from _of_plan(value)
    elif hasattr(value, "blocks") and hasattr(value, "restated"):
        yield from _of_section(value)
    elif isinstance(value, (dict, list, tuple)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
    elif hasattr(value, "__dict__"):
        yield from _texts(list(vars(value).values()))


def _of_section(section: Section) -> _Found:
    head: dict[str, Any] = {"line": section.heading, "at": section.heading_at}
    blocks: list[dict[str, Any]] = [head, *section.blocks]
    for number, block in enumerate(blocks, -1):
        lines = [((section.keys, number, 0, 0), block["line"])]
        if "table" in block:
            grid = [block["table"]["heads"], *block["table"]["rows"]]
            lines = [
                ((section.keys, number, row, column), cell["line"])
                for row, cells in enumerate(grid)
                for column, cell in enumerate(cells)
            ]
        for at, runs in lines:
            place = Place(section.file, line=block["at"])
            known = partial(TextSource, MARKDOWN, section.file, at, place=place, runs=copy.deepcopy(runs))
            yield from _of_runs(runs, known)


def _of_plan(plan: PlanDocuments) -> _Found:
    yield from _texts([plan.data, plan.sections, plan.appendix])
    form = plan.data.form
    lines: list[tuple[tuple[Any, ...], list[Run], str]] = [
        ((key,), runs, getattr(form, key)) for key, runs in plan.paragraphs.items()
    ]
    factors = zip(plan.factors, form.critical_success_factors, strict=True)
    lines += [(("critical_success_factors", at), *factor) for at, factor in enumerate(factors)]
    for keys, runs, written in lines:
        known = partial(TextSource, YAML_MARKDOWN, plan.data.name, keys, place=plan.data.place(*keys))
        yield from _of_runs(runs, partial(known, runs=copy.deepcopy(runs), written=written))


def _of_runs(runs: list[Any], source: Callable[..., TextSource]) -> _Found:
    for run in runs:
        if not isinstance(run, list):
            yield from _of_runs(run.get("note", []), source)
        elif len(run[0]) >= _LEAST:
            yield source(text=run[0]), partial(run.__setitem__, 0)


def _of_row(row: Row) -> _Found:
    for column, value in row.values.items():
        if isinstance(value, str) and len(value) >= _LEAST and column not in _KEY_COLUMNS:
            kind, place = NAME if column in _NAME_COLUMNS else CELL, row.place(column)
            cell = TextSource(kind, row.file, (row.sheet, place.cell), value, place, row=row)
            yield cell, partial(row.values.__setitem__, column)


def _of_form(form: StrictModel, document: Document[Any], keys: tuple[Any, ...]) -> _Found:
    names = [base.__name__ for base in type(form).__mro__ if issubclass(base, StrictModel)]
    for name, info in type(form).model_fields.items():
        own = {f"{each}.{name}" for each in names}
        kind = YAML if own & _FREE else NAME if own & _NAMES else ""
        where = (*keys, info.alias or name)
        yield from _of_value(vars(form), name, kind, document, where)


def _of_value(holder: Any, key: Any, kind: str, document: Document[Any], keys: tuple[Any, ...]) -> _Found:
    value = holder[key]
    if isinstance(value, StrictModel):
        yield from _of_form(value, document, keys)
    elif isinstance(value, (list, dict)):
        for inner in list(value) if isinstance(value, dict) else range(len(value)):
            yield from _of_value(value, inner, kind, document, (*keys, inner))
    elif kind and isinstance(value, str) and len(value) >= _LEAST:
        place = document.place(*keys)
        yield TextSource(kind, document.name, keys, value, place), partial(holder.__setitem__, key)


# Marks


def mark_texts(inputs: Inputs, but: Collection[Place] = ()) -> list[list[TextSource]]:
    """Put a mark into each free text, but those at some places; return the texts that each mark stands for."""
    marked: list[list[TextSource]] = []
    numbers: dict[object, int] = {}
    for source, put in texts_of(inputs):
        if source.place in but:
            continue
        key = source.key if source.kind == MARKDOWN else source.text
        number = numbers.setdefault(key, len(marked))
        if number == len(marked):
            marked.append([])
        marked[number].append(source)
        put(f"{source.text[:-1]}{_TEXT_BEGIN}{number}{_TEXT_END}{source.text[-1]}")
    return marked


@dataclass(frozen=True)
class PrintedText:
    """A text of the inputs within a paragraph: its first and last position, and what states it, likeliest first."""

    start: int
    end: int
    sources: list[TextSource]


def find_marks(text: str, marked: list[list[TextSource]]) -> tuple[str, list[PrintedText]]:
    """Return the text of a paragraph without marks, and the texts of the inputs in it."""
    plain, found, done = "", [], 0
    for mark in _MARK.finditer(text):
        plain += text[done : mark.start()]
        done, sources = mark.end(), marked[int(mark[1])]
        end = len(plain) + 1
        # A run of Markdown whose mark stands here is the one whose text ends here.
        fitting = [one for one in sources if (plain + text[done : done + 1]).endswith(one.text)] or sources
        found.append(PrintedText(end - len(fitting[0].text), end, fitting))
    return plain + text[done:], found
