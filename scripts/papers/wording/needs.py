"""What papers need: each need with the files that satisfy it, and its check of a paper's entry.

The file of a kind lists its needs by their names, and check_papers.py runs their checks. What an entry has to name
is a need too, by the name of the key. The functions whose names end in `_of` return the input of a paper after that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from papers.inputs.unread import OF_A_PLAN
from papers.model import known
from papers.model.references import check_known
from papers.model.schedule_changes import edition_before
from papers.problems import Problems, nearest
from papers.wording.narrative import paper_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from papers.inputs.kind_files import EntryKey, KindFiles
    from papers.inputs.unread import What
    from papers.model.documents import PaperDocument
    from papers.model.forum import Model, TermsOfReference
    from papers.model.meetings import Paper
    from papers.model.records import Record
    from papers.model.rotation import Rotation
    from papers.model.schedule import Edition
    from papers.model.workplan import WorkPlan

Thing = TypeVar("Thing")


@dataclass(frozen=True, kw_only=True)
class Need:
    """An input that a paper is made from.

    `check` reports a paper's entry that does not satisfy the need. It is not called where `is_unread` returns
    True: what satisfies the need may be an input that could not be read, see `Unread`. `files` returns the
    input files that satisfy the need of a paper whose entry was checked. `keys` are those of the entry of which
    the check reports that they are missing.
    """

    name: str
    keys: tuple[EntryKey, ...] = ()
    files: Callable[[Model, Paper], list[str]]
    check: Callable[[Model, Paper, Problems], None]
    is_unread: Callable[[Model, Paper], bool]


class NamedInput(Protocol):
    """An input that an entry may name: a plan, an edition, a Work Plan or a session."""

    @property
    def files(self) -> list[str]: ...


# The input of a paper whose needs were checked


def checked(value: Thing | None, paper: Paper, what: str) -> Thing:
    """Return a value that is None only where check_papers reported a problem of the paper."""
    if value is None:
        raise AssertionError(f"{paper.number} has no {what}, which its kind needs")
    return value


def year_of(paper: Paper) -> int:
    """Return the year that a paper is about."""
    return checked(paper.year, paper, "year")


def edition_of(model: Model, paper: Paper) -> Edition:
    """Return the edition of the schedule that a paper presents."""
    return checked(model.editions.get(paper.schedule), paper, "schedule")


def edition_before_of(model: Model, paper: Paper) -> Edition:
    """Return the edition before the one that a paper presents."""
    older = edition_before(model.editions, paper.schedule)
    return checked(older, paper, "edition before the one of its schedule")


def workplan_of(model: Model, paper: Paper) -> WorkPlan:
    """Return the Work Plan that a paper names, or that of the year that it is about."""
    workplan = checked(model.workplans.get(_workplan_name(paper)), paper, "Work Plan")
    return known.workplan_on(workplan, model.day)


def _workplan_name(paper: Paper) -> str:
    return paper.workplan or str(paper.year or "")


def terms_of(model: Model, paper: Paper) -> TermsOfReference:
    """Return the Terms of Reference of the forum."""
    return checked(model.terms, paper, "Terms of Reference")


def document_of(model: Model, paper: Paper) -> PaperDocument:
    """Return the document that a paper prints."""
    return checked(model.documents.get(paper.document), paper, "document")


def record_of(model: Model, paper: Paper) -> Record:
    """Return the record of the meeting that a paper is about."""
    return checked(model.records.get(paper.record), paper, "record")


def rotation_of(model: Model, paper: Paper) -> Rotation:
    """Return the rotation of Chair and hosts."""
    return known.rotation_on(checked(model.rotation, paper, "rotation"), model.meetings, model.day)


# Checks


def report_missing_key(key: str, paper: Paper, todo: str, problems: Problems) -> None:
    found = f"no {key} for this paper of kind {paper.kind}"
    problems.add(paper.place, f"missing-{key}", found, f"a line {key}: ...", todo)


def _check_follows(model: Model, paper: Paper, problems: Problems) -> None:
    """Check that the edition follows another; one that does not exist is reported by the need `SCHEDULE`."""
    if paper.schedule in model.editions and edition_before(model.editions, paper.schedule) is None:
        found = f"the edition {paper.schedule}, which is the first"
        todo = "Choose another kind, such as implementation-schedule, or add the edition before."
        problems.add(paper.place, "first-edition", found, "an edition that follows another", todo)


def _check_terms(model: Model, paper: Paper, problems: Problems) -> None:
    if model.terms is None:
        expected, todo = "a folder terms-of-reference", "Add the folder, or choose another kind of paper."
        problems.add(paper.place, "no-terms", "no Terms of Reference", expected, todo)


def _check_rotation(model: Model, paper: Paper, problems: Problems) -> None:
    if model.rotation is None:
        expected, todo = "a file rotation.yaml", "Add the file, or choose another kind of paper."
        problems.add(paper.place, "no-rotation", "no rotation of Chair and hosts", expected, todo)


def _check_returns(model: Model, paper: Paper, problems: Problems) -> None:
    """Check that the plan has indicators, and the year returns that had come when the paper was written."""
    if model.plan and not any(heading.indicators for heading in model.plan.indicator_headings):
        found = f"a paper of kind {paper.kind} for a plan without indicators"
        expected, todo = f"indicator_headings in {model.plan.file}", "Add them there, or delete the paper."
        problems.add(paper.place, "no-indicators", found, expected, todo)
        return
    years = [str(year) for year in model.as_of(paper).indicators.years]
    if paper.year is None:
        todo = f"Name one of {', '.join(years)}." if years else "Add returns to the folder indicators first."
        report_missing_key("year", paper, todo, problems)
    elif str(paper.year) not in years:
        expected = f"a year with returns ({', '.join(years) or 'there are none'})"
        todo = f"Add returns to the folder indicators/{paper.year}, or correct the year."
        problems.add(paper.place, "no-returns", f"no indicator return for {paper.year}", expected, todo)


def _check_period(model: Model, paper: Paper, problems: Problems) -> None:
    """Check that the year is one of the plan's.

    The paper itself says for which years there are no returns.
    """
    plan = model.plans.get(paper.plan)
    if paper.year is None and any(
        p.kind == "missing-year" and p.place == paper.place for p in problems.found
    ):
        return
    if plan and paper.year not in range(plan.first_year, plan.last_year + 1):
        found = f"the year {paper.year}" if paper.year else f"no year for this paper of kind {paper.kind}"
        expected = f"a line year: with a year from {plan.first_year} to {plan.last_year}"
        problems.add(paper.place, "year-of-plan", found, expected, "Add or correct the year.")


def _check_recommendations(model: Model, paper: Paper, problems: Problems) -> None:
    name = paper.id
    if name not in model.recommendations:
        found, expected = "no recommendations for this paper", f"a file recommendations/{name}.yaml"
        todo = "Copy the file of another paper and write the recommendations, which the paper lists."
        if stray := nearest(name, set(model.recommendations) - paper_ids(model)):
            todo = f"Rename recommendations/{stray}.yaml if it is that file; if not, write it."
        problems.add(paper.place, "no-recommendations", found, expected, todo)


# The needs

# What an entry may name -> its file, below the folder of the forum or of the plan.
_FILES: dict[str, str] = {
    "plan": "the folder {} with its plan.yaml",
    "schedule": "schedule/{}.xlsx to the folder of the plan",
    "workplan": "workplan/{}.yaml to the folder of the plan",
    "session": "projects/{}.xlsx to the folder of the plan",
    "document": "documents/{}/document.yaml to the folder of the forum",
    "record": "records/{}.yaml to the folder of the forum",
}


def _one_of(
    name: What,
    key: EntryKey,
    choices: Callable[[Model], Mapping[str, NamedInput]],
    named: Callable[[Paper], str] | None = None,
) -> Need:
    """Return the need of one input among several, which the entry names by `key`, or as `named` returns it."""
    name_of: Callable[[Paper], str] = named or (lambda paper: getattr(paper, key))

    def check(model: Model, paper: Paper, problems: Problems) -> None:
        value, names = name_of(paper), list(choices(model))
        if not value:
            todo = f"Name one of {', '.join(names)}." if names else f"Add the {name} to the inputs first."
            report_missing_key(key, paper, todo, problems)
        else:
            place = paper.place_of(key if getattr(paper, key) else "workplan")
            add = f"Add {_FILES[name].format(value)}, or correct it." if name in _FILES else "Correct it."
            check_known(value, names, place, name, False, problems, add)

    return Need(
        name=name,
        keys=(key, "workplan") if named else (key,),
        files=lambda model, paper: choices(model)[name_of(paper)].files,
        check=check,
        is_unread=lambda model, paper: _is_unread(name, name_of(paper), model, paper),
    )


def _is_unread(what: What, name: str, model: Model, paper: Paper) -> bool:
    """Return whether an input could not be read; without its plan, nothing of a plan is known."""
    if what == "plan":
        return model.unread.has(what, name)
    return (what in OF_A_PLAN and model.plan is None) or model.unread.has(what, name)


def _any_unread(*sorts: What) -> Callable[[Model, Paper], bool]:
    """Return the `is_unread` of a need that all inputs of these sorts satisfy together."""
    return lambda model, paper: any(
        (what in OF_A_PLAN and model.plan is None) or model.unread.any(what) for what in sorts
    )


def _returns_until(model: Model, paper: Paper) -> list[str]:
    return model.indicators.files(0, year_of(paper))


def _returns_and_workplans_until(model: Model, paper: Paper) -> list[str]:
    workplans = [plan.file for plan in model.workplans.values() if plan.year <= year_of(paper)]
    return [*_returns_until(model, paper), *workplans]


PLAN = _one_of("plan", "plan", lambda model: model.plans)
SCHEDULE = _one_of("schedule", "schedule", lambda model: model.editions)
WORKPLAN = replace(
    _one_of("workplan", "year", lambda model: model.workplans, _workplan_name),
    files=lambda model, paper: workplan_of(model, paper).files,  # with the edition that was known
)
SESSION = _one_of("session", "session", lambda model: model.sessions)  # the project proposals of a session
EDITION_BEFORE = Need(
    name="edition-before",
    files=lambda model, paper: edition_before_of(model, paper).files,
    check=_check_follows,
    is_unread=_any_unread("schedule"),
)
DOCUMENT = _one_of("document", "document", lambda model: model.documents)
RECORD = _one_of("record", "record", lambda model: model.records)  # of the meeting that the paper is about
INDICATORS = Need(  # the returns of all years until the paper's
    name="indicators",
    keys=("year",),
    files=_returns_until,
    check=_check_returns,
    is_unread=_any_unread("return", "plan"),
)
PERIOD = Need(
    name="period",
    keys=("year",),
    files=_returns_and_workplans_until,
    check=_check_period,
    is_unread=_any_unread("return", "workplan", "plan"),
)
RECOMMENDATIONS = Need(  # of the paper itself: their file has its id as name
    name="recommendations",
    files=lambda model, paper: model.recommendations[paper.id].files,
    check=_check_recommendations,
    is_unread=lambda model, paper: model.unread.has("recommendations", paper.id),
)
TERMS = Need(
    name="terms",
    files=lambda model, paper: terms_of(model, paper).files,
    check=_check_terms,
    is_unread=_any_unread("terms"),
)
ROTATION = Need(
    name="rotation",
    files=lambda model, paper: rotation_of(model, paper).files,
    check=_check_rotation,
    is_unread=_any_unread("rotation"),
)
NEEDS = {
    need.name: need
    for need in (EDITION_BEFORE, INDICATORS, PERIOD, RECOMMENDATIONS, ROTATION, TERMS, WORKPLAN)
}  # what the file of a kind may list after `needs:`
_NAMED: dict[EntryKey, Need] = {
    "plan": PLAN,
    "schedule": SCHEDULE,
    "session": SESSION,
    "document": DOCUMENT,
    "record": RECORD,
}


def needs_of(files: KindFiles, paper: Paper, parts: tuple[str, ...]) -> list[Need]:
    """Return the needs of a paper and of its parts, each once; `parts` are the kinds that follow its cover."""
    kinds = [name for name in dict.fromkeys((paper.kind, *parts)) if name in files.kinds]
    stated = files.entry_of(paper.kind)
    found = [
        need
        for key, need in _NAMED.items()
        if key in stated
        and (stated[key] == "required" or getattr(paper, key) or _is_required(key, kinds, files))
    ]
    found += [NEEDS[name] for kind in kinds for name in files.kinds[kind].form.needs if name in NEEDS]
    return list(dict.fromkeys(found))


def _is_required(key: EntryKey, kinds: list[str], files: KindFiles) -> bool:
    return any(files.kinds[kind].form.entry.get(key) == "required" for kind in kinds)


def check_keys(files: KindFiles, paper: Paper, needs: list[Need], problems: Problems) -> None:
    """Report each key that the entry has to have and that no need reports."""
    reported = {key for need in needs for key in need.keys}
    for key, how in files.entry_of(paper.kind).items():
        if how == "required" and key not in reported and not getattr(paper, key):
            report_missing_key(key, paper, "Add the line.", problems)
