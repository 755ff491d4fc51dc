"""The kinds of paper: each module of this room that has a TEMPLATE is one, and nothing else needs to know it.

A kind has: TEMPLATE (its name and its file in templates/), NAMESPACE and TAGS (what its template may say), PARTS (the
templates that make up such a paper after the cover), NEEDS (what its entry in a meeting's file must name), context(); and, where
it wants them, facts(), check(), notices(), sources() (inputs that it is made from beside its needs), and SOURCES_ANNEX (its figures can be
listed at its end, see sources_annex.py). What a kind counts is told with english.figure(), count() or number() of a Figure, so
that it has its trace; see counts.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.meetings import Meeting, Paper
from papers.numbers import split_number
from papers.wording import cover
from papers.wording.check_papers import source_of
from papers.wording.figure_markers import collect_markers, strip_markers
from papers.wording.kind import has_annex, kinds, parts_of, templates_of
from papers.wording.kinds import sources_annex
from papers.wording.narrative import narrative_files
from papers.wording.tags import check_context
from papers.wording.traces import files_of, trace

if TYPE_CHECKING:
    from papers.model.forum import Model


def word_paper(model: Model, meeting: Meeting, paper: Paper) -> dict:
    """The context of one paper: everything that its templates and properties say, as text."""
    return trace_paper(model, meeting, paper)[0]


def trace_paper(model: Model, meeting: Meeting, paper: Paper) -> tuple[dict, dict]:
    """The context of one paper, and the trace of each figure in it."""
    model = model.known_to(paper)
    sources = made_from(model, meeting, paper)
    with collect_markers() as found:
        fields = _fields(model, meeting, paper, is_illustrative(model, sources))
    fields, mentions = strip_markers(fields, found)
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
    base, revision = split_number(str(paper.number))
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
