"""What the ledger says of the papers: when each was issued, what followed, and which earlier ones are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from papers.issuing.index.facts import Entry, Event
from papers.model.ledger import Ledger, Standing, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.reading.ledger import Row

ISSUED = "issued"  # below the folder of the index: earlier papers, copied as they were issued


def with_ledger(current: list[Entry], ledger: Ledger) -> list[Entry]:
    """The papers of the last build with their history, and those that the ledger alone knows.

    What the ledger does not say of an earlier revision, its access, is that of the paper today.
    """
    known = {entry.number for entry in current}
    today = {entry.base: entry for entry in current}
    earlier = [
        _with_access(entry, today.get(entry.base))
        for standing in ledger.papers.values()
        for entry in _kept(standing)
        if entry.number not in known
    ]
    histories: dict[str, list[Event]] = {}
    for row in ledger.events:
        histories.setdefault(split(row.number)[0], []).append(_event(row))
    return [
        replace(_dated(entry, ledger.papers.get(entry.base)), history=tuple(histories.get(entry.base, ())))
        for entry in [*current, *earlier]
    ]


def _kept(standing: Standing) -> Iterator[Entry]:
    """Every revision that was issued; of a paper withdrawn before that, its number."""
    for row in list(standing.issued.values()) or ([standing.first] if standing.withdrawn else []):
        base, revision = split(row.number)
        yield Entry(
            number=row.number,
            base=base,
            revision=revision,
            title=row.title,
            kind=row.kind,
            meeting=row.meeting,
            file=f"{ISSUED}/{row.file}" if row.file else "",
            sha256=row.sha256,
            date=row.date,
        )


def _with_access(entry: Entry, today: Entry | None) -> Entry:
    if today is None:
        return entry
    return replace(entry, access=today.access, reason=today.reason, restricted_until=today.restricted_until)


def _dated(entry: Entry, standing: Standing | None) -> Entry:
    """The entry with its days; a file that was withdrawn is not linked."""
    if standing is None:
        return entry
    issued = standing.issued.get(entry.revision)
    withdrawn = _event(standing.withdrawn) if standing.withdrawn else None
    file = "" if withdrawn else entry.file
    return replace(entry, file=file, issued=issued.date if issued else "", withdrawn=withdrawn)


def _event(row: Row) -> Event:
    return Event(row.date, row.event, row.number, row.by, row.why)
