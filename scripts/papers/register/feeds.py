"""The facts of the register as files for programs: papers.json (docs/register.md describes it) and an Atom feed."""

from __future__ import annotations

import html
import json
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING

from papers.characters import printable
from papers.register import html_elements
from papers.register.html_elements import href
from papers.store.output_files import FEED, PAGE, TO_OUTPUTS

if TYPE_CHECKING:
    from papers.register.facts import Files, HistoryEvent, Register, RegisterEntry

# Of papers.json: under the same number a key may be added, never renamed, dropped or given another meaning.
FORMAT = 1

_COPIED_KEYS = (
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
# The namespace of the feed's UUIDs. It must never change, or feed readers show every paper as new.
_NAMESPACE = uuid.UUID("5f0c3f0e-8a43-5b7f-9d5c-0f7a2c1b6e34")


def papers_json(register: Register, files: Files) -> bytes:
    """Return papers.json: one entry per document number, in the order of the page.

    `files` has the files that may be linked, by their paths below outputs.
    """
    meetings = [
        {"code": m.code, "name": m.plain_name, "place": m.place, "start": m.start, "end": m.end}
        for m in register.meetings_with_papers
    ]
    forum = {"code": register.code, "name": register.name, "organisation": register.organisation}
    papers = [_paper(entry, register, files) for entry in register.entries]
    data = {"format": FORMAT, "forum": forum, "meetings": meetings, "papers": papers}
    return (json.dumps(data, indent=1) + "\n").encode("ascii")


def _paper(entry: RegisterEntry, register: Register, files: Files) -> dict:
    existing_file = _address(entry.file if entry.file in files else "")
    return {
        **{key: getattr(entry, key) for key in _COPIED_KEYS},
        "illustrative": bool(entry.illustrative),
        "restated": bool(entry.restated),
        "state": html_elements.state(entry, register),
        "link": f"{PAGE}#{entry.anchor}",
        "latest_link": f"{PAGE}#{entry.latest_anchor}",
        "latest": register.newest(entry).number,
        "withdrawn": entry.withdrawn.date if entry.withdrawn else "",
        "word": "" if entry.received_as_pdf else existing_file,
        "sha256": entry.sha256,
        "pdf": existing_file if entry.received_as_pdf else _address(entry.pdf),
        "changes": [{"since": redline.since, "word": _address(redline.file)} for redline in entry.redlines],
        "figures": entry.traces_page if entry.trace else "",
        "findings": None if entry.findings is None else len(entry.findings),
        "history": [asdict(event) for event in entry.history],
    }


def _address(file: str) -> str:
    """Return the path of a file from the forum's folder; "" for ""."""
    return f"{TO_OUTPUTS}{file}" if file else ""


def feed_xml(register: Register) -> bytes:
    """Return an Atom feed with one entry per document number, the last changed one first.

    Dates are those of the ledger; of a paper without events there, the date of the paper.
    """
    entries = sorted(register.entries, key=lambda entry: (_updated(entry), entry.number), reverse=True)
    updated = _updated(entries[0]) if entries else "1970-01-01"
    head = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{_id(register, 'papers')}</id>",
        f"<title>{_escaped(f'{register.name}: papers')}</title>",
        f"<updated>{updated}T00:00:00Z</updated>",
        f"<author><name>{_escaped(register.name)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href="{FEED}"/>',
        f'<link rel="alternate" type="text/html" href="{PAGE}"/>',
    ]
    return "\n".join([*head, *[_entry(entry, register) for entry in entries], "</feed>", ""]).encode("utf-8")


def _id(register: Register, name: str) -> str:
    """Return a permanent id.

    It is a tag: URI (RFC 4151) if forum.yaml has feed_authority, else a UUID of forum and name.
    """
    if register.feed_authority:
        return _escaped(f"tag:{register.feed_authority}:{register.code}/{name}")
    return uuid.uuid5(_NAMESPACE, "\n".join((register.organisation, register.code, name))).urn


def _own_events(entry: RegisterEntry) -> list[HistoryEvent]:
    """Return the events of exactly this number, without those of other revisions."""
    return [event for event in entry.history if event.number == entry.number]


def _updated(entry: RegisterEntry) -> str:
    dates = [event.date for event in _own_events(entry)]
    return max(dates, default=entry.date) or f"{entry.year}-01-01"


def _entry(entry: RegisterEntry, register: Register) -> str:
    events = _own_events(entry)
    last = f"{events[-1].event} {events[-1].date} {events[-1].why}".strip() if events else "built"
    summary = [f"{entry.agenda_label} {entry.agenda_item}" if entry.agenda_item else "", entry.purpose, last]
    return (
        f"<entry><id>{_id(register, entry.number)}</id>"
        f"<title>{_escaped(f'{entry.number} {entry.title}')}</title>"
        f"<updated>{_updated(entry)}T00:00:00Z</updated>"
        f"<author><name>{_escaped(entry.submitted_by or 'not stated')}</name></author>"
        f'<link rel="alternate" type="text/html" href="{PAGE}#{entry.anchor}"/>'
        + (f'<link rel="enclosure" href="{html.escape(href(_address(entry.file)))}"/>' if entry.file else "")
        + f"<summary>{_escaped('; '.join(part for part in summary if part))}</summary></entry>"
    )


def _escaped(text: str) -> str:
    return html.escape(printable(text))
