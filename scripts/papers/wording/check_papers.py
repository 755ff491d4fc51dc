"""Check that each paper has what its kind needs. Problems name the line of the paper's entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.plan import check_facts
from papers.model.references import check_known
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.work_files import RECEIVED
from papers.wording.kind import check_kind, has_annex, kinds, notices_of, optional_sections, sections_of
from papers.wording.narrative import narrative_folder
from papers.wording.needed_inputs import choices, key_of

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper


def check_papers(model: Model, problems: Problems) -> None:
    """Report papers that cannot be worded, and texts that belong to no paper.

    Adds to `model.notices` what the user should know of papers that can be.
    """
    _check_strays(model, problems)
    for meeting in model.chosen:
        for paper in meeting.papers:
            check_known(paper.kind, [*kinds(), RECEIVED], paper.place, "kind", problems)
            _check_annex(paper, problems)
            if paper.kind in kinds():
                _check_paper(model, paper, problems)


def _check_paper(model: Model, paper: Paper, problems: Problems) -> None:
    """Check the needs of a paper, and only if they are satisfied what is computed from them."""
    before = len(problems.found)
    needs = kinds()[paper.kind].NEEDS
    readable = [need for need in needs if not _is_reported(need, paper, problems)]
    for need in readable:
        _check_need(need, model, paper, problems)
    if len(problems.found) > before or len(readable) < len(needs):
        return
    _check_areas(model, paper, problems)
    _check_narrative(model.as_of(paper), paper, problems)
    check_kind(model, paper, problems)
    model.notices += notices_of(model, paper)


def _check_strays(model: Model, problems: Problems) -> None:
    """Report narratives and recommendations that belong to no paper: they would be left out silently."""
    papers = [paper for meeting in model.meetings for paper in meeting.papers]
    names = sorted({narrative_folder(paper) for paper in papers})
    places = {name: found.file for name, found in model.recommendations.items()}
    places |= {
        folder: next(iter(sections.values())).file.rsplit("/", 1)[0]
        for folder, sections in model.narratives.items()
    }
    for name in sorted({*model.recommendations, *model.narratives} - set(names)):
        todo = did_you_mean(name, names, "Rename it, add the paper to its meeting, or delete it.")
        found = f"{quoted(name)}, which belongs to no paper"
        expected = "the kind and year of a paper, such as mid-term-review-2018"
        problems.add(Place(places[name]), "stray", found, expected, todo)


def _check_annex(paper: Paper, problems: Problems) -> None:
    """Report an annex of sources at a paper of a kind that has no counted figures."""
    if paper.sources_annex and not has_annex(paper.kind):
        found = f"sources_annex in a paper of kind {paper.kind}"
        expected = f"a paper of one of the kinds {', '.join(kind for kind in kinds() if has_annex(kind))}"
        problems.add(paper.place, "sources-annex", found, expected, "Delete the line sources_annex.")


# Needs


def _is_reported(need: str, paper: Paper, problems: Problems) -> bool:
    """Whether the needed input has a reported problem: it could not be read, but it is not missing."""
    files = {
        "plan": (f"/{paper.plan}/",),
        "schedule": (f"/schedule/{paper.schedule}.xlsx", "/plan-"),
        "terms": ("/terms-of-reference/",),
        "indicators": ("/indicators/", "/plan-"),
        "rotation": ("/rotation.yaml",),
        "session": (f"/projects/{paper.session}.xlsx", "/plan-"),
        "edition-before": ("/schedule/", "/plan-"),
        "period": ("/indicators/", "/workplan/", "/plan-"),
        "recommendations": (f"/recommendations/{narrative_folder(paper)}.yaml",),
        "workplan": (f"/workplan/{paper.year}.yaml", f"/schedule/{paper.year}.xlsx", "/plan-"),
    }
    return any(file in problem.place.file for problem in problems.found for file in files.get(need, ()))


def _check_need(need: str, model: Model, paper: Paper, problems: Problems) -> None:
    if need in _CHECKS:
        _CHECKS[need](model, paper, problems)
    else:
        _check_choice(need, model, paper, problems)


def _check_choice(need: str, model: Model, paper: Paper, problems: Problems) -> None:
    """Check that the entry names one of the inputs that exist."""
    key, names = key_of(need), [str(name) for name in choices(model, need)]
    value = getattr(paper, key)
    if value in ("", None):
        todo = f"Name one of {', '.join(names)}." if names else f"Add the {need} to the inputs first."
        _report_missing_key(key, paper, todo, problems)
    elif need == "edition-before":
        _check_follows(names, model, paper, problems)
    else:
        check_known(str(value), names, paper.place, need, problems)


def _report_missing_key(key: str, paper: Paper, todo: str, problems: Problems) -> None:
    found = f"no {key} for this paper of kind {paper.kind}"
    problems.add(paper.place, f"missing-{key}", found, f"a line {key}: ...", todo)


def _check_follows(following: list[str], model: Model, paper: Paper, problems: Problems) -> None:
    """Check that the edition follows another; one that does not exist is reported by the need `schedule`."""
    if paper.schedule in model.editions and str(paper.schedule) not in following:
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
    """Check that the year is one for which returns had come when the paper was written."""
    years = [str(year) for year in model.as_of(paper).indicators.years]
    if paper.year is None:
        todo = f"Name one of {', '.join(years)}." if years else "Add returns to the folder indicators first."
        _report_missing_key("year", paper, todo, problems)
    elif str(paper.year) not in years:
        expected = f"a year with returns ({', '.join(years) or 'there are none'})"
        todo = f"Add returns to the folder indicators/{paper.year}, or correct the year."
        problems.add(paper.place, "no-returns", f"no indicator return for {paper.year}", expected, todo)


def _check_period(model: Model, paper: Paper, problems: Problems) -> None:
    """Check that the year is one of the plan's.

    The paper itself says for which years there are no returns.
    """
    plan = model.plans.get(paper.plan)
    if plan and paper.year not in range(plan.first_year, plan.last_year + 1):
        found = f"the year {paper.year}" if paper.year else f"no year for this paper of kind {paper.kind}"
        expected = f"a line year: with a year from {plan.first_year} to {plan.last_year}"
        problems.add(paper.place, "year-of-plan", found, expected, "Add or correct the year.")


def _check_recommendations(model: Model, paper: Paper, problems: Problems) -> None:
    name = narrative_folder(paper)
    if name not in model.recommendations:
        found, expected = "no recommendations for this paper", f"a file recommendations/{name}.yaml"
        todo = "Copy the file of another paper and write the recommendations, which the paper lists."
        problems.add(paper.place, "no-recommendations", found, expected, todo)


# The needs that are not satisfied by one of the `choices`.
_CHECKS = {
    "terms": _check_terms,
    "rotation": _check_rotation,
    "indicators": _check_returns,
    "period": _check_period,
    "recommendations": _check_recommendations,
}


# What depends on more than one need


def _check_areas(model: Model, paper: Paper, problems: Problems) -> None:
    """Report activities in an area of another plan: the paper would leave them out silently."""
    if not {"plan", "schedule"} <= set(kinds()[paper.kind].NEEDS):
        return
    areas = {area.id for area in model.plans[paper.plan].areas}
    for activity in model.editions[paper.schedule].activities:
        if activity.area not in areas:
            found = f"an activity in the area {activity.area}, for the paper {paper.number}"
            expected = f"an area of {paper.plan}"
            todo = "Correct the area, or the plan or schedule of the paper."
            problems.add(activity.place, "area-of-another-plan", found, expected, todo)


def _check_narrative(model: Model, paper: Paper, problems: Problems) -> None:
    """Report unknown sections and unknown figures; add a notice for each missing section.

    `model` is as known to the paper.
    """
    sections = sections_of(model, paper)
    if not sections:
        return
    written = model.narratives.get(narrative_folder(paper), {})
    facts = kinds()[paper.kind].facts(model, paper)
    for name, section in written.items():
        if name not in sections:
            expected = f"one of {', '.join(f'{one}.md' for one in sections)}"
            todo = did_you_mean(name, sections, "Rename the file, or delete it.")
            problems.add(Place(section.file), "stray-section", f"the section {name}", expected, todo)
        check_facts(section, facts, (), problems)
    for name in sections:
        if name not in written and name not in optional_sections(paper):
            model.notices.append(_missing_section(model, paper, name))


def _missing_section(model: Model, paper: Paper, name: str) -> str:
    return (
        f"{paper.number} has no text for its section {name}: it is marked in the paper until "
        f"inputs/{model.config.forum}/narrative/{narrative_folder(paper)}/{name}.md is written"
    )
