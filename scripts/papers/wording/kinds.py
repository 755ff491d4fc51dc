"""The kinds of paper: each module of this room that has a TEMPLATE is one, and nothing else needs to know it.

A kind has: TEMPLATE (its name and its file in templates/), NAMESPACE and TAGS (what its template may say), PARTS (the
templates that make up such a paper after the cover), NEEDS (what its entry in a meeting's file must name), context().
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

import papers.wording
from papers.model.build import Model
from papers.model.meetings import Meeting, Paper, known
from papers.problems import Problems
from papers.wording import cover
from papers.wording.narrative import check_narrative, narrative_files
from papers.wording.tags import Tag, check_context


@cache
def kinds() -> dict[str, ModuleType]:
    """Name of kind -> its module."""
    names = [module.name for module in pkgutil.iter_modules(papers.wording.__path__)]
    modules = [importlib.import_module(f"papers.wording.{name}") for name in sorted(names) if name != "kinds"]
    return {module.TEMPLATE: module for module in modules if hasattr(module, "TEMPLATE")}


def tags_of(template: str) -> dict[str, dict[str, Tag]]:
    """What a template may say: namespace -> tags. `template` is "cover" or a kind."""
    if template == "cover":
        return {"cover": cover.TAGS, "paper": cover.PAPER_TAGS}
    kind = kinds()[template]
    return {kind.NAMESPACE: kind.TAGS, "paper": cover.PAPER_TAGS}


def check_papers(model: Model, problems: Problems) -> None:
    """Each paper is of a known kind and names what that kind is made from."""
    for meeting in model.meetings:
        for paper in meeting.papers:
            known(paper.kind, list(kinds()), paper.place, "kind", problems)
            if paper.kind in kinds():
                before = len(problems.found)
                _check_needs(model, paper, problems)
                if len(problems.found) == before:
                    check_narrative(model, kinds()[paper.kind], paper, problems)


def _check_needs(model: Model, paper: Paper, problems: Problems) -> None:
    there = {"plan": list(model.plans), "schedule": [str(year) for year in model.editions]}
    for need in kinds()[paper.kind].NEEDS:
        if need == "terms":
            if model.terms is None:
                wanted, todo = "a folder terms-of-reference", "Add it, or choose another kind."
                problems.add(paper.place, "no-terms", "no Terms of Reference", wanted, todo)
        elif getattr(paper, need) in ("", None):
            found, wanted = f"a {paper.kind} without {need}", f"a line {need}: ..."
            todo = f"Name one of {', '.join(there[need])}." if there[need] else f"Add the {need} first."
            problems.add(paper.place, f"missing-{need}", found, wanted, todo)
        else:
            known(str(getattr(paper, need)), there[need], paper.place, need, problems)


def word_paper(model: Model, meeting: Meeting, paper: Paper) -> dict:
    """The context of one paper: everything that its templates and properties say, as text."""
    sources = made_from(model, meeting, paper)
    illustrative = is_illustrative(model, sources)
    fields = {
        "paper": cover.paper_context(paper, illustrative),
        "cover": cover.context(model, meeting, paper, illustrative),
    }
    check_context(fields["cover"], cover.TAGS, "cover")
    check_context(fields["paper"], cover.PAPER_TAGS, "paper")
    for part in kinds()[paper.kind].PARTS:
        module = kinds()[part]
        fields[module.NAMESPACE] = module.context(model, paper)
        check_context(fields[module.NAMESPACE], module.TAGS, module.NAMESPACE)
    return {
        "number": str(paper.number),
        "title": paper.title,
        "kind": paper.kind,
        "file": paper.file,
        "made_from": sources,
        "properties": cover.properties(model, meeting, paper),
        "fields": fields,
    }


def made_from(model: Model, meeting: Meeting, paper: Paper) -> list[str]:
    """The input files that a paper is made from: what its parts need, and what every paper needs."""
    files = {*model.files, meeting.file, *narrative_files(model, paper)}
    for part in kinds()[paper.kind].PARTS:
        for need in kinds()[part].NEEDS:
            files.update(source_of(model, paper, need).files)
    return sorted(files)


def source_of(model: Model, paper: Paper, need: str):
    """What a paper names under `need`: a plan, an edition, ...; each has its `files`."""
    sources = {"plan": model.plans, "schedule": model.editions}
    return model.terms if need == "terms" else sources[need][getattr(paper, need)]


def is_illustrative(model: Model, files: list[str]) -> bool:
    """True where a paper is made from figures that forum.yaml declares to be illustrations."""
    prefixes = tuple(f"inputs/{model.config.forum}/{name}" for name in model.forum.illustrative)
    return any(file.startswith(prefixes) for file in files)


def word_meeting(model: Model, meeting: Meeting) -> dict:
    """The context of a meeting: its papers in order of their numbers."""
    papers = sorted(meeting.papers, key=lambda paper: paper.number)
    return {"meeting": meeting.code, "papers": [word_paper(model, meeting, paper) for paper in papers]}
