"""The context of each paper: the values of its tags and document properties; and the trace of its figures.

Both are plain data that JSON can hold; store/paper_context.py has their types.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from papers.ledger.mismatch import digest_of_entries
from papers.store.files import digest
from papers.store.work_files import RECEIVED
from papers.wording import cover, level_words, needs, sources_annex
from papers.wording.figure_markers import collect_markers, strip_markers
from papers.wording.kind import flags_of_parts, kinds, parts_of
from papers.wording.marks import marks_of
from papers.wording.narrative import narrative_files
from papers.wording.phrases import files_of_phrases
from papers.wording.tags import check_context
from papers.wording.traces import build_trace, files_of

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper
    from papers.store.paper_context import (
        Fields,
        Issued,
        MeetingContext,
        PaperContext,
        Revises,
        Trace,
        TraceHead,
    )
    from papers.wording.figure_markers import Mention
    from papers.wording.marks import Marks

_SCHEDULE = "implementation-schedule"  # the part that prints an edition of the schedule
_LISTS = ("agenda", "classification-list")  # kinds that print entries of the other papers of a meeting
_PLACES = {"place", "places", "file", "papers", "tabled", "accepted_warnings"}  # what changes no paper


def word_meeting(model: Model, meeting: Meeting) -> MeetingContext:
    """Return the context of a meeting."""
    return trace_meeting(model, meeting)[0]


def trace_meeting(model: Model, meeting: Meeting) -> tuple[MeetingContext, list[Trace]]:
    """Return the context of a meeting and the traces of its papers, both in order of the papers' numbers."""
    papers = sorted((one for one in meeting.papers if not one.set_aside), key=lambda paper: paper.number)
    pairs = [trace_paper(model, meeting, paper) for paper in papers]
    contexts, traces = [context for context, _ in pairs], [trace for _, trace in pairs]
    return {"meeting": meeting.code, "papers": contexts}, traces


def word_paper(model: Model, meeting: Meeting, paper: Paper) -> PaperContext:
    """Return the context of one paper."""
    return trace_paper(model, meeting, paper)[0]


def trace_paper(model: Model, meeting: Meeting, paper: Paper) -> tuple[PaperContext, Trace]:
    """Return the context of one paper, and the trace of its figures."""
    model = model.as_of(paper)
    sources = made_from(model, meeting, paper)
    marks = marks_of(model, meeting, paper, sources)
    with collect_markers() as figures:  # figure_markers.py shows the way of a figure through this function
        fields = _fields(model, meeting, paper, marks)
    fields, mentions = strip_markers(fields, figures)
    trace = _trace(model, paper, fields, mentions)
    annex = sources_annex.build_annex(trace) if paper.sources_annex else sources_annex.NO_ANNEX
    listed = _listed_entries(model, meeting) if paper.kind in _LISTS else {}
    context: PaperContext = {
        "number": str(paper.number),
        "title": paper.title,
        "kind": paper.kind,
        "file": paper.file,
        "plan": paper.plan,
        "edition": paper.schedule if _SCHEDULE in parts_of(model, paper) else "",
        "received": paper.received,
        "received_sha256": model.received_digests.get(paper.received, ""),
        "held_back": model.held_back.get(str(paper.number), []),
        "restated": marks.restated,
        "made_from": sorted({*sources, *files_of(trace)}),  # a narrative may name figures of further files
        "entry": digest_of_entries(listed) if listed else _entry(model, meeting, paper),
        "listed": listed,
        "templates": kinds(model).template_files(paper.kind),
        "properties": cover.properties(model, meeting, paper),
        "issued": _issued(model, meeting, paper),
        "revises": _revises(model, paper),
        "fields": {**fields, **_annex_fields(model, paper, annex)},
        "places": annex.places,
    }
    return context, trace


def _fields(model: Model, meeting: Meeting, paper: Paper, marks: Marks) -> Fields:
    """Return namespace -> tag -> value for all templates of a paper, checked against their declared tags."""
    fields = {
        "paper": cover.paper_context(paper, marks, model.pages.get(str(paper.number))),
        "cover": cover.context(model, meeting, paper, marks),
    }
    if paper.kind != RECEIVED:
        fields[level_words.NAMESPACE] = level_words.context(model.plan)
    check_context(fields["cover"], cover.TAGS, "cover")
    check_context(fields["paper"], cover.PAPER_TAGS, "paper")
    for part in parts_of(model, paper):
        kind = kinds(model)[part]
        fields[kind.namespace] = kind.words.context(model, paper)
        check_context(fields[kind.namespace], kind.tags, kind.namespace)
    return {**fields, **flags_of_parts(model, paper)}


def _annex_fields(model: Model, paper: Paper, annex: sources_annex.Annex) -> Fields:
    """Return the tags of the annex, which the templates of some kinds use whether it is printed or not."""
    if not kinds(model).has_annex(paper.kind):
        return {}
    check_context(annex.fields, sources_annex.TAGS, sources_annex.NAMESPACE)
    return {sources_annex.NAMESPACE: annex.fields}


def _trace(model: Model, paper: Paper, fields: Fields, mentions: list[Mention]) -> Trace:
    parts = [kinds(model)[part] for part in parts_of(model, paper)]
    tags = {kind.namespace: kind.tags for kind in parts}
    head: TraceHead = {
        "paper": str(paper.number),
        "title": paper.title,
        "kind": paper.kind,
        "file": paper.file,
        "access": paper.access,
    }
    return build_trace(head, fields, mentions, tags)


# What the ledger records


def _entry(model: Model, meeting: Meeting, paper: Paper) -> str:
    """Return the digest of what config.yaml, settings.yaml and the meeting's file state about a paper.

    Other entries of the same file, and defaults of later versions of the program, do not change it.
    """
    settings = {"forum": model.config.forum, **model.settings.changed}
    return digest(json.dumps([settings, _stated(meeting), _stated(paper)], sort_keys=True).encode())


def _listed_entries(model: Model, meeting: Meeting) -> dict[str, str]:
    """Return number -> digest of the entry, of all papers of a meeting in the order of their numbers."""
    papers = sorted(meeting.papers, key=lambda one: one.number)
    return {str(one.number): _entry(model, meeting, one) for one in papers}


def _stated(record: Meeting | Paper) -> dict[str, str]:
    return {key: str(value) for key, value in vars(record).items() if value and key not in _PLACES}


def _issued(model: Model, meeting: Meeting, paper: Paper) -> Issued | None:
    """Return the issue of exactly this number, with which `fill` compares the paper; None if not issued."""
    event = model.ledger.issued(str(paper.number))
    if event is None:
        return None
    archived = _archived(model, event.file)
    return {
        "sha256": event.sha256,
        "date": event.date,
        "place": meeting.file,
        "sources": f"{archived.rpartition('.')[0]}.sources",
        "kept": archived,
    }


def _archived(model: Model, file: str) -> str:
    return f"inputs/{model.config.forum}/issued/{file}"


def _revises(model: Model, paper: Paper) -> Revises | None:
    """Return the issued paper that a revision follows, as it was circulated; None if there is none."""
    history = model.ledger.papers.get(paper.number.base)
    issued = history.issued if history else {}
    earlier = [number for number in issued if number < paper.number.revision]
    if not earlier:
        return None
    event = issued[max(earlier)]
    return {
        "number": event.number,
        "title": event.title,
        "file": event.file,
        "kept": _archived(model, event.file),
    }


# Inputs


def made_from(model: Model, meeting: Meeting, paper: Paper) -> list[str]:
    """Return the input files that a paper is made from, sorted."""
    files = {*model.files, meeting.file, *narrative_files(model, paper), *files_of_phrases(model)}
    if any(one.also_tabled for one in meeting.papers):
        files.add(f"inputs/{model.config.forum}/tabling.yaml")
    if str(paper.number) in model.pages:
        files.add(model.pages[str(paper.number)].file)
    if paper.received:
        files.add(paper.received)
    parts = parts_of(model, paper)
    if parts:
        for need in needs.needs_of(model.kind_files, paper, parts):
            files.update(need.files(model, paper))
    for part in parts:
        files.update(kinds(model)[part].words.sources(model, paper))
    return sorted(files)
