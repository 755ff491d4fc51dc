"""outputs/work and the ledger -> the facts of the index."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.corrections import CorrectionRow
from papers.ledger.file import read_ledger
from papers.ledger.rules import Ledger, Standing, ledger_of, split_number
from papers.numbers import DocumentNumber
from papers.register.facts import (
    HistoryEvent,
    Register,
    RegisterEntry,
    RegisterIndicator,
    RegisterMeeting,
    TraceCell,
    TracedFigure,
)
from papers.register.related_files import RelatedFiles
from papers.store.contexts import papers_by_meeting
from papers.store.outputs import ISSUED
from papers.wording import english
from papers.wording.kinds import classification_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from papers.ledger.file import LedgerRow
    from papers.problems import Problems

_CELL = re.compile(r"(?P<file>.+), sheet (?P<sheet>.+), cell (?P<cell>[A-Z]+[0-9]+)")

STATED = "Total that the economy stated, without items"


def indicators_of(model: dict) -> Iterator[RegisterIndicator]:
    """Every indicator of every plan, with each year of its plan; a year that nobody reported for has no figure."""
    counted = model["indicators"] or {"figures": {"whole": []}, "returns": [], "items": []}
    whole = {(f["indicator"], f["year"]): f for f in counted["figures"]["whole"]}
    returns = {made["file"]: made for made in counted["returns"]}
    reports = _reports(counted["items"])
    for plan in model["plans"].values():
        for one in (one for heading in plan["indicator_headings"] for one in heading["indicators"]):
            years = []
            for year in range(plan["first_year"], plan["last_year"] + 1):
                figure = whole.get((one["id"], year))
                there = figure is not None and figure["value"] is not None
                years.append((year, _traced(figure, one["short"], reports, returns) if there else None))
            files = [cell.file for _, figure in years if figure for cell in figure.cells]
            yield RegisterIndicator(
                one["id"], one["short"], one["text"], tuple(years), _illustrative(model, files)
            )


def _reports(items: Iterable[dict]) -> dict[str, tuple[dict, bool]]:
    """Place of a cell -> the item that its row reports, and whether it is the first cell of that item."""
    return {cell: (item, at == 0) for item in items for at, cell in enumerate(item["cells"])}


def _traced(figure: dict, name: str, reports: dict, returns: dict[str, dict]) -> TracedFigure:
    cells = tuple(_cell(place, figure["indicator"], reports, returns) for place in figure["cells"])
    return TracedFigure(str(figure["value"]), f"{name}, {figure['year']}", "", cells)


def _cell(place: str, indicator: str, reports: dict, returns: dict[str, dict]) -> TraceCell:
    """A cell with what it adds to the figure: an item that several economies report adds one, at its first cell."""
    at = _CELL.fullmatch(place)
    made = returns.get(at["file"], {})
    economy = made.get("economy", {}).get("name", "")
    if place in reports:
        item, first = reports[place]
        others = [one["name"] for one in item["economies"] if one["name"] != economy]
        counted = "" if first else f"; counted at {others[0]}"
        jointly = f" (jointly with {english.listed(others)}{counted})" if others else ""
        return TraceCell(
            **at.groupdict(), value="1" if first else "0", title=item["title"] + jointly, economy=economy
        )
    stated = made.get("totals", {}).get(indicator, {}).get("value")
    return TraceCell(
        **at.groupdict(), value="" if stated is None else str(stated), title=STATED, economy=economy
    )


def _illustrative(model: dict, files: Iterable[str]) -> bool:
    """Whether forum.yaml declares one of these files to be an illustration."""
    prefixes = tuple(f"inputs/{model['config']['forum']}/{name}" for name in model["forum"]["illustrative"])
    return any(file.startswith(prefixes) for file in files)


def with_ledger(current: list[RegisterEntry], ledger: Ledger) -> list[RegisterEntry]:
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
    histories: dict[str, list[HistoryEvent]] = {}
    for row in ledger.events:
        histories.setdefault(split_number(row.number)[0], []).append(_event(row))
    return [
        replace(_dated(entry, ledger.papers.get(entry.base)), history=tuple(histories.get(entry.base, ())))
        for entry in [*current, *earlier]
    ]


def _kept(standing: Standing) -> Iterator[RegisterEntry]:
    """Every revision that was issued; of a paper withdrawn before that, its number."""
    for row in list(standing.issued.values()) or ([standing.first] if standing.withdrawn else []):
        base, revision = split_number(row.number)
        yield RegisterEntry(
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


def _with_access(entry: RegisterEntry, today: RegisterEntry | None) -> RegisterEntry:
    if today is None:
        return entry
    return replace(entry, access=today.access, reason=today.reason, restricted_until=today.restricted_until)


def _dated(entry: RegisterEntry, standing: Standing | None) -> RegisterEntry:
    """The entry with its days; a file that was withdrawn is not linked."""
    if standing is None:
        return entry
    issued = standing.issued.get(entry.revision)
    withdrawn = _event(standing.withdrawn) if standing.withdrawn else None
    file = "" if withdrawn else entry.file
    return replace(entry, file=file, issued=issued.date if issued else "", withdrawn=withdrawn)


def _event(row: LedgerRow) -> HistoryEvent:
    return HistoryEvent(row.date, row.event, row.number, row.by, row.why)


PAPERS = "papers"  # below the folder of the index


def is_complete(work: Path) -> bool:
    """Whether every meeting that was read has its manifest: a build that failed takes it away."""
    index = work / "contexts" / "index.json"
    if not index.is_file():
        return False
    return all((work / "filled" / f"{code}.json").is_file() for code in json.loads(index.read_bytes()))


def gather(work: Path, base: Path, problems: Problems) -> Register:
    """The facts as the last build left them. `base` is the index's folder: what does not lie there is not linked."""
    model = json.loads((work / "model.json").read_bytes())
    forum, config = model["forum"], model["config"]
    ledger = ledger_of(read_ledger(Path(), config["forum"], problems), problems)
    covers: dict[str, dict] = {}
    entries = sorted(with_ledger(list(_current(work, model, covers)), ledger), key=_order)
    entries = _with_corrections(entries, model["corrections"]["rows"])
    beside = RelatedFiles(work, base, entries)
    meetings = [_meeting(meeting, covers.get(meeting["code"])) for meeting in model["meetings"]]
    return Register(
        forum["code"],
        forum["name"],
        forum["organisation"],
        config["language"],
        tuple(sorted(meetings, key=lambda meeting: (meeting.start, meeting.code), reverse=True)),
        tuple(beside.joined_to(entry) for entry in entries),
        tuple(indicators_of(model)),
        bool(ledger.events),
        forum["feed_authority"] or "",
    )


def _with_corrections(entries: list[RegisterEntry], rows: list[dict]) -> list[RegisterEntry]:
    """Each paper with its open corrections: one counts for all revisions, until one of them takes it up."""
    still: dict[str, list[CorrectionRow]] = {}
    for row in (CorrectionRow(**row) for row in rows if row["status"] == "open"):
        still.setdefault(split_number(row.paper)[0], []).append(row)

    def told(entry: RegisterEntry) -> tuple[str, ...]:
        public = entry.access == "public"
        return tuple(classification_list.correction(row, not public) for row in still.get(entry.base, ()))

    return [replace(entry, corrections=told(entry)) for entry in entries]


def _order(entry: RegisterEntry) -> tuple:
    """In order of numbers, a newer revision before an older one."""
    return DocumentNumber.parse(entry.base), -entry.revision


def _current(work: Path, model: dict, covers: dict[str, dict]) -> Iterator[RegisterEntry]:
    """The papers of the last build; fills `covers` with a cover of each meeting, which words its name and dates."""
    said = {paper["number"]: paper for meeting in model["meetings"] for paper in meeting["papers"]}
    for code, papers in papers_by_meeting(work / "contexts").items():
        made = json.loads((work / "filled" / f"{code}.json").read_bytes())["papers"]
        digests = {paper["number"]: paper["sha256"] for paper in made}
        for paper in papers:
            covers.setdefault(code, paper["cover"])
            if paper["number"] in digests:
                yield _entry(paper, said[paper["number"]], code, digests[paper["number"]])


def _entry(paper: dict, said: dict, meeting: str, sha256: str) -> RegisterEntry:
    base, revision = split_number(paper["number"])
    facts = ("agenda_item", "purpose", "status", "access", "reason", "notes", "forum_doc_no")
    return RegisterEntry(
        number=paper["number"],
        base=base,
        revision=revision,
        title=paper["title"],
        kind=paper["kind"],
        meeting=meeting,
        file=f"{PAPERS}/{paper['file']}",
        sha256=sha256,
        date=paper["properties"]["date"][:10],
        submitted_by=paper["properties"]["author"],
        restricted_until=said["restricted_until"] or "",
        also_tabled=tuple(said["also_tabled"]),
        illustrative=paper["cover"]["illustrative"],
        late=_late(said["late"]) if said["late"] else "",
        **{fact: said[fact] for fact in facts},
    )


def _late(said: dict) -> str:
    came, cut_off = map(datetime.datetime.fromisoformat, (said["came"], said["cut_off"]["moment"]))
    return classification_list.late(came, cut_off, said["allowed_by"])


def _meeting(said: dict, cover: dict | None) -> RegisterMeeting:
    """A meeting as the covers of its papers word it; without any, by its name alone."""
    days = [datetime.date.fromisoformat(day) if day else None for day in (said["start"], said["end"])]
    name = cover["meeting"]["line"] if cover else [[said["name"], ""]]
    return RegisterMeeting(
        said["code"],
        tuple((words, marks) for words, marks in name),
        cover["place"] if cover else said["city"],
        english.dates(*days),
        said["start"] or "",
        said["end"] or "",
        dict(said["agenda"]),
    )
