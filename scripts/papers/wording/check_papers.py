"""Whether each paper has what its kind needs, as problems with the line of its entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.indicators import IndicatorFiles
from papers.model.meetings import Paper
from papers.model.references import check_known
from papers.model.schedule_changes import edition_before
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.contexts import RECEIVED
from papers.wording.kind import has_annex, kinds
from papers.wording.narrative import check_narrative, narrative_folder

if TYPE_CHECKING:
    from papers.model.forum import Model


def check_papers(model: Model, problems: Problems) -> None:
    """Each paper is of a known kind and names what that kind is made from; nothing is written for no paper."""
    _check_strays(model, problems)
    for meeting in model.chosen:
        for paper in meeting.papers:
            check_known(paper.kind, [*kinds(), RECEIVED], paper.place, "kind", problems)
            _check_annex(paper, problems)
            if paper.kind in kinds():
                before = len(problems.found)
                _check_needs(model, paper, problems)
                absent = any(_told(need, paper, problems) for need in kinds()[paper.kind].NEEDS)
                if len(problems.found) == before and not absent:
                    _check_areas(model, paper, problems)
                    check_narrative(model.as_of(paper), kinds()[paper.kind], paper, problems)
                    if hasattr(kinds()[paper.kind], "check"):
                        kinds()[paper.kind].check(model, paper, problems)
                    if hasattr(kinds()[paper.kind], "notices"):
                        model.notices += kinds()[paper.kind].notices(model, paper)


def _check_annex(paper: Paper, problems: Problems) -> None:
    """Only kinds that count have figures whose sources can be listed."""
    if paper.sources_annex and not has_annex(paper.kind):
        found, those = f"sources_annex at a paper of kind {paper.kind}", [k for k in kinds() if has_annex(k)]
        todo = "Take the line out."
        problems.add(paper.place, "sources-annex", found, f"a kind that has one ({', '.join(those)})", todo)


def _check_strays(model: Model, problems: Problems) -> None:
    """A narrative or recommendations that no paper asks for would be left out in silence."""
    papers = [paper for meeting in model.meetings for paper in meeting.papers]
    expected = sorted({narrative_folder(paper) for paper in papers})
    places = {name: one.file for name, one in model.recommendations.items()}
    places |= {
        folder: next(iter(those.values())).file.rsplit("/", 1)[0]
        for folder, those in model.narratives.items()
    }
    for name in sorted({*model.recommendations, *model.narratives} - set(expected)):
        found, what = f"{quoted(name)}, which is of no paper", "kind and year of a paper"
        todo = did_you_mean(name, expected, "Rename it, add the paper to its meeting, or take it out.")
        problems.add(Place(places[name]), "stray", found, what, todo)


def _check_needs(model: Model, paper: Paper, problems: Problems) -> None:
    sources = _sources(model)
    for need in kinds()[paper.kind].NEEDS:
        if _told(need, paper, problems):
            continue
        if need == "terms":
            if model.terms is None:
                expected, todo = "a folder terms-of-reference", "Add it, or choose another kind."
                problems.add(paper.place, "no-terms", "no Terms of Reference", expected, todo)
            continue
        if need == "rotation":
            if model.rotation is None:
                expected, todo = "a file rotation.yaml", "Add it, or choose another kind."
                problems.add(paper.place, "no-rotation", "no rotation of Chair and hosts", expected, todo)
            continue
        if need == "indicators":
            _check_returns(model.as_of(paper), paper, problems)
            continue
        if need in ("period", "recommendations"):
            _CHECKS[need](model, paper, problems)
            continue
        key, there = _KEYS.get(need, need), [str(name) for name in sources[need]]
        if getattr(paper, key) in ("", None):
            found, expected = f"a {paper.kind} without {key}", f"a line {key}: ..."
            todo = f"Name one of {', '.join(there)}." if there else f"Add the {need} first."
            problems.add(paper.place, f"missing-{key}", found, expected, todo)
        elif need == "edition-before":
            _check_follows(paper, there, model, problems)
        else:
            check_known(str(getattr(paper, key)), there, paper.place, need, problems)


def _check_period(model: Model, paper: Paper, problems: Problems) -> None:
    """A review names a year of its plan; years that nobody reported for are told in the paper itself."""
    plan = model.plans.get(paper.plan)
    years = range(plan.first_year, plan.last_year + 1) if plan else ()
    if plan and paper.year not in years:
        found = f"the year {paper.year}" if paper.year else f"a {paper.kind} without year"
        expected = f"a line year: with a year from {plan.first_year} to {plan.last_year}"
        problems.add(paper.place, "year-of-plan", found, expected, "Add or correct the year.")


def _check_recommendations(model: Model, paper: Paper, problems: Problems) -> None:
    name = narrative_folder(paper)
    if name not in model.recommendations:
        expected = f"a file recommendations/{name}.yaml"
        todo = "Add it: copy that of another paper. Its recommendations are listed in the paper."
        problems.add(paper.place, "no-recommendations", f"a {paper.kind} without any", expected, todo)


_CHECKS = {"period": _check_period, "recommendations": _check_recommendations}


def _check_follows(paper: Paper, following: list[str], model: Model, problems: Problems) -> None:
    """The edition follows another; one that does not exist is told already."""
    if paper.schedule in model.editions and str(paper.schedule) not in following:
        found, expected = (
            f"the edition {paper.schedule}, which is the first",
            "an edition that follows another",
        )
        todo = "Choose another kind, such as implementation-schedule, or add the edition before."
        problems.add(paper.place, "first-edition", found, expected, todo)


def _check_returns(model: Model, paper: Paper, problems: Problems) -> None:
    """A paper about indicators names a year for which somebody reported."""
    years = [str(year) for year in model.indicators.years]
    if paper.year is None:
        found, todo = (
            f"a {paper.kind} without year",
            f"Name one of {', '.join(years)}." if years else "Add returns.",
        )
        problems.add(paper.place, "missing-year", found, "a line year: ...", todo)
    elif str(paper.year) not in years:
        expected = (
            f"a year with returns ({', '.join(years)})" if years else "a year with returns; there are none"
        )
        todo = f"Add returns in indicators/{paper.year}, or correct the year."
        problems.add(paper.place, "no-returns", f"no indicator return for {paper.year}", expected, todo)


# What a kind needs -> the key in its paper's entry that names it, where the two differ.
_KEYS = {"edition-before": "schedule", "workplan": "year"}


def _sources(model: Model) -> dict[str, dict]:
    """What a kind may need -> name or year -> the thing itself, which has `files`."""
    before = {year: edition_before(model.editions, year) for year in model.editions}
    return {
        "plan": model.plans,
        "schedule": model.editions,
        "edition-before": {year: edition for year, edition in before.items() if edition},
        "workplan": model.workplans,
        "session": model.sessions,
    }


def _check_areas(model: Model, paper: Paper, problems: Problems) -> None:
    """An activity in an area of another plan would be left out of the paper in silence."""
    needs = {"plan", "schedule"} <= set(kinds()[paper.kind].NEEDS)
    if not needs or paper.plan not in model.plans or paper.schedule not in model.editions:
        return  # what is missing is told elsewhere
    areas = {area.id for area in model.plans[paper.plan].areas}
    for activity in model.editions[paper.schedule].activities:
        if activity.area not in areas:
            found = f"an activity in the area {activity.area}, for the paper {paper.number}"
            expected, todo = (
                f"an area of {paper.plan}",
                "Correct the area, or the plan or schedule of the paper.",
            )
            problems.add(activity.place, "area-of-another-plan", found, expected, todo)


def _told(need: str, paper: Paper, problems: Problems) -> bool:
    """What could not be read is absent; where that is told already, it is not told again as missing."""
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


def source_of(model: Model, paper: Paper, need: str):
    """What a paper names under `need`: a plan, an edition, ...; each has its `files`."""
    whole = {"terms": model.terms, "rotation": model.rotation}
    if need == "indicators":
        return model.indicators.up_to(paper.year)
    if need == "period":
        return _period(model, paper)
    if need == "recommendations":
        return model.recommendations[narrative_folder(paper)]
    if need in whole:
        return whole[need]
    return _sources(model)[need][getattr(paper, _KEYS.get(need, need))]


def _period(model: Model, paper: Paper) -> IndicatorFiles:
    """What a review looks at beside its edition: the returns and the work plans of the years until its own."""
    plans = [plan.file for year, plan in sorted(model.workplans.items()) if year <= paper.year]
    return IndicatorFiles([*model.indicators.files(0, paper.year), *plans])
