"""The facts of the index as files for programs: papers.json (docs/index.md describes it) and an Atom feed."""

from __future__ import annotations

import html
import json
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING

from papers.characters import printable
from papers.register import markup
from papers.register.articles import traces_page
from papers.register.facts import HistoryEvent, Register, RegisterEntry, anchor_of, latest_of
from papers.register.markup import href

if TYPE_CHECKING:
    from pathlib import Path

_AS_THEY_ARE = (
    "number",
    "revision",
    "title",
    "kind",
    "meeting",
    "date",
    "agenda_item",
    "purpose",
    "submitted_by",
    "status",
    "access",
    "reason",
    "restricted_until",
    "notes",
    "forum_doc_no",
    "also_tabled",
    "late",
    "corrections",
    "issued",
)
FORMAT = 1  # of papers.json: a key may be added without a new number, never renamed, dropped or given another meaning
_NAMES = uuid.UUID(
    "5f0c3f0e-8a43-5b7f-9d5c-0f7a2c1b6e34"
)  # any that stays: the names below it are of this program alone


def papers_json(index: Register, base: Path) -> bytes:
    """One entry a number, in the order of the page."""
    meetings = [
        {"code": m.code, "name": m.plain_name, "place": m.place, "start": m.start, "end": m.end}
        for m in index.held
    ]
    forum = {"code": index.code, "name": index.name, "organisation": index.organisation}
    papers = [_paper(entry, index, base) for entry in index.entries]
    data = {"format": FORMAT, "forum": forum, "meetings": meetings, "papers": papers}
    return (json.dumps(data, indent=1) + "\n").encode("ascii")


def _paper(entry: RegisterEntry, index: Register, base: Path) -> dict:
    newest = index.newest(entry)
    facts = {key: getattr(entry, key) for key in _AS_THEY_ARE}
    there = entry.file if entry.file and (base / entry.file).is_file() else ""
    return {
        **facts,
        "illustrative": bool(entry.illustrative),
        "state": markup.state(entry, index),
        "link": f"index.html#{entry.anchor}",
        "latest_link": f"index.html#{latest_of(entry.base)}",
        "latest": newest.number,
        "withdrawn": entry.withdrawn.date if entry.withdrawn else "",
        "word": "" if entry.received_as_pdf else there,
        "sha256": entry.sha256,
        "pdf": there if entry.received_as_pdf else entry.pdf,
        "changes": [{"since": one.since, "word": one.file} for one in entry.redlines],
        "figures": traces_page(entry) if entry.figures else "",
        "findings": None if entry.findings is None else len(entry.findings),
        "history": [asdict(event) for event in entry.history],
    }


def feed_xml(index: Register) -> bytes:
    """An Atom feed, a paper an entry, the last changed one first; days are those of the ledger, else of the papers."""
    entries = sorted(index.entries, key=lambda entry: (_updated(entry), entry.number), reverse=True)
    updated = _updated(entries[0]) if entries else "1970-01-01"
    head = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{_id(index, 'papers')}</id>",
        f"<title>{_text(f'{index.name}: papers')}</title>",
        f"<updated>{updated}T00:00:00Z</updated>",
        f"<author><name>{_text(index.name)}</name></author>",
        '<link rel="self" type="application/atom+xml" href="feed.xml"/>',
        '<link rel="alternate" type="text/html" href="index.html"/>',
    ]
    return "\n".join([*head, *[_entry(entry, index) for entry in entries], "</feed>", ""]).encode("utf-8")


def _id(index: Register, name: str) -> str:
    """An id that stays: a tag: URI (RFC 4151) where forum.yaml names its authority, else a UUID of forum and name."""
    if index.feed_authority:
        return _text(f"tag:{index.feed_authority}:{index.code}/{name}")
    return uuid.uuid5(_NAMES, "\n".join((index.organisation, index.code, name))).urn


def _own(entry: RegisterEntry) -> list[HistoryEvent]:
    """What happened to exactly this number."""
    return [event for event in entry.history if event.number == entry.number]


def _updated(entry: RegisterEntry) -> str:
    return max([event.date for event in _own(entry)], default=entry.date) or f"{entry.number[:4]}-01-01"


def _entry(entry: RegisterEntry, index: Register) -> str:
    events = _own(entry)
    last = f"{events[-1].event} {events[-1].date} {events[-1].why}".strip() if events else "built"
    said = [f"Agenda item {entry.agenda_item}" if entry.agenda_item else "", entry.purpose, last]
    return (
        f"<entry><id>{_id(index, entry.number)}</id>"
        f"<title>{_text(f'{entry.number} {entry.title}')}</title>"
        f"<updated>{_updated(entry)}T00:00:00Z</updated>"
        f"<author><name>{_text(entry.submitted_by or 'not stated')}</name></author>"
        f'<link rel="alternate" type="text/html" href="index.html#{anchor_of(entry.number)}"/>'
        + (f'<link rel="enclosure" href="{html.escape(href(entry.file))}"/>' if entry.file else "")
        + f"<summary>{_text('; '.join(words_ for words_ in said if words_))}</summary></entry>"
    )


def _text(words_: str) -> str:
    return html.escape(printable(words_))
