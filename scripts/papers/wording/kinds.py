"""The kinds of paper: each module of this room that has a TEMPLATE is one, and nothing else needs to know it.

A kind has: TEMPLATE (its name and its file in templates/), NAMESPACE and TAGS (what its template may say), PARTS (the
templates that make up such a paper after the cover), NEEDS (what its entry in a meeting's file must name), context(); and, where
it wants them, facts(), check(), notices(), sources() (inputs that it is made from beside its needs), and SOURCES_ANNEX (its figures can be
listed at its end, see sources_annex.py). What a kind counts is told with english.figure(), count() or number() of a Figure, so
that it has its trace; see counts.py.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

import papers.wording
from papers.model.changes import edition_before
from papers.model.indicators import Sources
from papers.model.ledger import split
from papers.model.meetings import Meeting, Paper, known
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.reading.received import RECEIVED
from papers.wording import cover, sources_annex
from papers.wording.narrative import check_narrative, folder_of, narrative_files
from papers.wording.tags import Tag, check_context
from papers.wording.told import collecting, taken_out
from papers.wording.tracing import files_of, trace

if TYPE_CHECKING:
    from types import ModuleType

    from papers.model.build import Model


# The template of the annex, and what must not be empty for it to be printed.
ANNEX, ANNEX_IF = sources_annex.ANNEX, f"{sources_annex.NAMESPACE}.figures"


@cache
def kinds() -> dict[str, ModuleType]:
    """Name of kind -> its module."""
    names = [module.name for module in pkgutil.iter_modules(papers.wording.__path__)]
    modules = [importlib.import_module(f"papers.wording.{name}") for name in sorted(names) if name != "kinds"]
    return {module.TEMPLATE: module for module in modules if hasattr(module, "TEMPLATE")}


def parts_of(paper: Paper) -> tuple[str, ...]:
    """The templates after the cover; a received paper has none, as its text is in the file that was sent."""
    return () if paper.kind == RECEIVED else kinds()[paper.kind].PARTS


def has_annex(kind: str) -> bool:
    """Whether the sources of figures can be listed at the end of papers of this kind."""
    return hasattr(kinds().get(kind), "SOURCES_ANNEX")


def templates_of(kind: str) -> tuple[str, ...]:
    """The templates that papers of a kind are made of, in their order."""
    if kind == RECEIVED:
        return ("cover",)
    return ("cover", *kinds()[kind].PARTS, *((ANNEX,) if has_annex(kind) else ()))


def tags_of(template: str) -> dict[str, dict[str, Tag]]:
    """What a template may say: namespace -> tags. `template` is "cover", the annex of sources or a kind."""
    if template == "cover":
        return {"cover": cover.TAGS, "paper": cover.PAPER_TAGS}
    kind = sources_annex if template == ANNEX else kinds()[template]
    return {kind.NAMESPACE: kind.TAGS, "paper": cover.PAPER_TAGS}


def check_papers(model: Model, problems: Problems) -> None:
    """Each paper is of a known kind and names what that kind is made from; nothing is written for no paper."""
    _check_strays(model, problems)
    for meeting in model.chosen:
        for paper in meeting.papers:
            known(paper.kind, [*kinds(), RECEIVED], paper.place, "kind", problems)
            _check_annex(paper, problems)
            if paper.kind in kinds():
                before = len(problems.found)
                _check_needs(model, paper, problems)
                absent = any(_told(need, paper, problems) for need in kinds()[paper.kind].NEEDS)
                if len(problems.found) == before and not absent:
                    _check_areas(model, paper, problems)
                    check_narrative(model.known_to(paper), kinds()[paper.kind], paper, problems)
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
    wanted = sorted({folder_of(paper) for paper in papers})
    places = {name: one.file for name, one in model.recommendations.items()}
    places |= {
        folder: next(iter(those.values())).file.rsplit("/", 1)[0]
        for folder, those in model.narratives.items()
    }
    for name in sorted({*model.recommendations, *model.narratives} - set(wanted)):
        found, what = f"{quoted(name)}, which is of no paper", "kind and year of a paper"
        todo = did_you_mean(name, wanted, "Rename it, add the paper to its meeting, or take it out.")
        problems.add(Place(places[name]), "stray", found, what, todo)


def _check_needs(model: Model, paper: Paper, problems: Problems) -> None:
    sources = _sources(model)
    for need in kinds()[paper.kind].NEEDS:
        if _told(need, paper, problems):
            continue
        if need == "terms":
            if model.terms is None:
                wanted, todo = "a folder terms-of-reference", "Add it, or choose another kind."
                problems.add(paper.place, "no-terms", "no Terms of Reference", wanted, todo)
            continue
        if need == "rotation":
            if model.rotation is None:
                wanted, todo = "a file rotation.yaml", "Add it, or choose another kind."
                problems.add(paper.place, "no-rotation", "no rotation of Chair and hosts", wanted, todo)
            continue
        if need == "indicators":
            _check_returns(model.known_to(paper), paper, problems)
            continue
        if need in ("period", "recommendations"):
            _CHECKS[need](model, paper, problems)
            continue
        key, there = _KEYS.get(need, need), [str(name) for name in sources[need]]
        if getattr(paper, key) in ("", None):
            found, wanted = f"a {paper.kind} without {key}", f"a line {key}: ..."
            todo = f"Name one of {', '.join(there)}." if there else f"Add the {need} first."
            problems.add(paper.place, f"missing-{key}", found, wanted, todo)
        elif need == "edition-before":
            _check_follows(paper, there, model, problems)
        else:
            known(str(getattr(paper, key)), there, paper.place, need, problems)


def _check_period(model: Model, paper: Paper, problems: Problems) -> None:
    """A review names a year of its plan; years that nobody reported for are told in the paper itself."""
    plan = model.plans.get(paper.plan)
    years = range(plan.first_year, plan.last_year + 1) if plan else ()
    if plan and paper.year not in years:
        found = f"the year {paper.year}" if paper.year else f"a {paper.kind} without year"
        wanted = f"a line year: with a year from {plan.first_year} to {plan.last_year}"
        problems.add(paper.place, "year-of-plan", found, wanted, "Add or correct the year.")


def _check_recommendations(model: Model, paper: Paper, problems: Problems) -> None:
    name = folder_of(paper)
    if name not in model.recommendations:
        wanted = f"a file recommendations/{name}.yaml"
        todo = "Add it: copy that of another paper. Its recommendations are listed in the paper."
        problems.add(paper.place, "no-recommendations", f"a {paper.kind} without any", wanted, todo)


_CHECKS = {"period": _check_period, "recommendations": _check_recommendations}


def _check_follows(paper: Paper, following: list[str], model: Model, problems: Problems) -> None:
    """The edition follows another; one that does not exist is told already."""
    if paper.schedule in model.editions and str(paper.schedule) not in following:
        found, wanted = f"the edition {paper.schedule}, which is the first", "an edition that follows another"
        todo = "Choose another kind, such as implementation-schedule, or add the edition before."
        problems.add(paper.place, "first-edition", found, wanted, todo)


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
        wanted = (
            f"a year with returns ({', '.join(years)})" if years else "a year with returns; there are none"
        )
        todo = f"Add returns in indicators/{paper.year}, or correct the year."
        problems.add(paper.place, "no-returns", f"no indicator return for {paper.year}", wanted, todo)


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
            wanted, todo = (
                f"an area of {paper.plan}",
                "Correct the area, or the plan or schedule of the paper.",
            )
            problems.add(activity.place, "area-of-another-plan", found, wanted, todo)


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
        "recommendations": (f"/recommendations/{folder_of(paper)}.yaml",),
        "workplan": (f"/workplan/{paper.year}.yaml", f"/schedule/{paper.year}.xlsx", "/plan-"),
    }
    return any(file in problem.place.file for problem in problems.found for file in files.get(need, ()))


def word_paper(model: Model, meeting: Meeting, paper: Paper) -> dict:
    """The context of one paper: everything that its templates and properties say, as text."""
    return trace_paper(model, meeting, paper)[0]


def trace_paper(model: Model, meeting: Meeting, paper: Paper) -> tuple[dict, dict]:
    """The context of one paper, and the trace of each figure in it."""
    model = model.known_to(paper)
    sources = made_from(model, meeting, paper)
    with collecting() as found:
        fields = _fields(model, meeting, paper, is_illustrative(model, sources))
    fields, mentions = taken_out(fields, found)
    tags = {kinds()[part].NAMESPACE: kinds()[part].TAGS for part in parts_of(paper)}
    about = {"paper": str(paper.number), "title": paper.title, "kind": paper.kind, "file": paper.file}
    traced = trace({**about, "access": paper.access}, fields, mentions, tags)
    listed = sources_annex.listed(traced) if paper.sources_annex else sources_annex.NOTHING
    if has_annex(paper.kind):
        check_context(listed.fields, sources_annex.TAGS, sources_annex.NAMESPACE)
        fields = {**fields, sources_annex.NAMESPACE: listed.fields}
    context = {
        "number": str(paper.number),
        "title": paper.title,
        "kind": paper.kind,
        "file": paper.file,
        "edition": paper.schedule if "implementation-schedule" in parts_of(paper) else None,
        "received": paper.received,
        "made_from": sorted({*sources, *files_of(traced)}),  # narrative may tell figures of further files
        "templates": [f"templates/{name}.docx" for name in templates_of(paper.kind)],
        "properties": cover.properties(model, meeting, paper),
        "issued": _issued(model, meeting, paper),
        "revises": _revises(model, paper),
        "fields": fields,
        "places": listed.places,
    }
    return context, traced


def _fields(model: Model, meeting: Meeting, paper: Paper, illustrative: bool) -> dict:
    """What the templates of a paper may say, checked against their declared tags."""
    fields = {
        "paper": cover.paper_context(paper, illustrative, model.pages.get(str(paper.number))),
        "cover": cover.context(model, meeting, paper, illustrative),
    }
    check_context(fields["cover"], cover.TAGS, "cover")
    check_context(fields["paper"], cover.PAPER_TAGS, "paper")
    for part in parts_of(paper):
        module = kinds()[part]
        fields[module.NAMESPACE] = module.context(model, paper)
        check_context(fields[module.NAMESPACE], module.TAGS, module.NAMESPACE)
    return fields


def _issued(model: Model, meeting: Meeting, paper: Paper) -> dict[str, str] | None:
    """What the ledger says of exactly this number, for the job that fills to compare; None where not issued."""
    event = model.ledger.issued(str(paper.number))
    if event is None:
        return None
    kept = _kept(model, event.file)
    sources = f"{kept.rpartition('.')[0]}.sources"
    return {
        "sha256": event.sha256,
        "date": event.date,
        "place": meeting.file,
        "sources": sources,
        "kept": kept,
    }


def _kept(model: Model, file: str) -> str:
    return f"inputs/{model.config.forum}/issued/{file}"


def _revises(model: Model, paper: Paper) -> dict[str, str] | None:
    """The issued paper that a revision follows, as it was circulated; None where the ledger has none."""
    base, revision = split(str(paper.number))
    standing = model.ledger.papers.get(base)
    earlier = [at for at in standing.issued if at < revision] if standing else []
    if not earlier:
        return None
    event = standing.issued[max(earlier)]
    return {
        "number": event.number,
        "title": event.title,
        "file": event.file,
        "kept": _kept(model, event.file),
    }


def made_from(model: Model, meeting: Meeting, paper: Paper) -> list[str]:
    """The input files that a paper is made from: what its parts need, and what every paper needs."""
    files = {*model.files, meeting.file, *narrative_files(model, paper)}
    if any(one.also_tabled for one in meeting.papers):
        files.add(f"inputs/{model.config.forum}/tabling.yaml")
    if str(paper.number) in model.pages:
        files.add(model.pages[str(paper.number)].file)
    files |= {paper.received} if paper.received else set()
    for part in parts_of(paper):
        for need in kinds()[part].NEEDS:
            files.update(source_of(model, paper, need).files)
        if hasattr(kinds()[part], "sources"):
            files.update(kinds()[part].sources(model, paper))
    return sorted(files)


def source_of(model: Model, paper: Paper, need: str):
    """What a paper names under `need`: a plan, an edition, ...; each has its `files`."""
    whole = {"terms": model.terms, "rotation": model.rotation}
    if need == "indicators":
        return model.indicators.up_to(paper.year)
    if need == "period":
        return _period(model, paper)
    if need == "recommendations":
        return model.recommendations[folder_of(paper)]
    if need in whole:
        return whole[need]
    return _sources(model)[need][getattr(paper, _KEYS.get(need, need))]


def _period(model: Model, paper: Paper) -> Sources:
    """What a review looks at beside its edition: the returns and the work plans of the years until its own."""
    plans = [plan.file for year, plan in sorted(model.workplans.items()) if year <= paper.year]
    return Sources([*model.indicators.files(0, paper.year), *plans])


def is_illustrative(model: Model, files: list[str]) -> bool:
    """True where a paper is made from figures that forum.yaml declares to be illustrations."""
    prefixes = tuple(f"inputs/{model.config.forum}/{name}" for name in model.forum.illustrative)
    return any(file.startswith(prefixes) for file in files)


def word_meeting(model: Model, meeting: Meeting) -> dict:
    """The context of a meeting: its papers in order of their numbers."""
    return trace_meeting(model, meeting)[0]


def trace_meeting(model: Model, meeting: Meeting) -> tuple[dict, list[dict]]:
    """The context of a meeting, and the traces of its papers, both in order of their numbers."""
    papers = sorted(meeting.papers, key=lambda paper: paper.number)
    both = [trace_paper(model, meeting, paper) for paper in papers]
    return {"meeting": meeting.code, "papers": [one for one, _ in both]}, [one for _, one in both]
