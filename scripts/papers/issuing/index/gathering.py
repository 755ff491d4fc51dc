"""outputs/work and the ledger -> the facts of the index."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from papers.issuing.index.beside import Beside
from papers.issuing.index.facts import Entry, Index, Meeting
from papers.issuing.index.indicators import indicators_of
from papers.issuing.index.recorded import with_ledger
from papers.issuing.worded import papers_by_meeting
from papers.model.ledger import ledger_of, split
from papers.model.numbers import DocumentNumber
from papers.reading.corrections import CorrectionRow
from papers.reading.ledger import read_ledger
from papers.wording import classification_list, english

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.problems import Problems

PAPERS = "papers"  # below the folder of the index


def built(work: Path) -> bool:
    """Whether every meeting that was read has its manifest: a build that failed takes it away."""
    index = work / "contexts" / "index.json"
    if not index.is_file():
        return False
    return all((work / "filled" / f"{code}.json").is_file() for code in json.loads(index.read_bytes()))


def gather(work: Path, base: Path, problems: Problems) -> Index:
    """The facts as the last build left them. `base` is the index's folder: what does not lie there is not linked."""
    model = json.loads((work / "model.json").read_bytes())
    forum, config = model["forum"], model["config"]
    ledger = ledger_of(read_ledger(Path(), config["forum"], problems), problems)
    covers: dict[str, dict] = {}
    entries = sorted(with_ledger(list(_current(work, model, covers)), ledger), key=_order)
    entries = _with_corrections(entries, model["corrections"]["rows"])
    beside = Beside(work, base, entries)
    meetings = [_meeting(meeting, covers.get(meeting["code"])) for meeting in model["meetings"]]
    return Index(
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


def _with_corrections(entries: list[Entry], rows: list[dict]) -> list[Entry]:
    """Each paper with its open corrections: one counts for all revisions, until one of them takes it up."""
    still: dict[str, list[CorrectionRow]] = {}
    for row in (CorrectionRow(**row) for row in rows if row["status"] == "open"):
        still.setdefault(split(row.paper)[0], []).append(row)

    def told(entry: Entry) -> tuple[str, ...]:
        public = entry.access == "public"
        return tuple(classification_list.correction(row, not public) for row in still.get(entry.base, ()))

    return [replace(entry, corrections=told(entry)) for entry in entries]


def _order(entry: Entry) -> tuple:
    """In order of numbers, a newer revision before an older one."""
    return DocumentNumber.parse(entry.base), -entry.revision


def _current(work: Path, model: dict, covers: dict[str, dict]) -> Iterator[Entry]:
    """The papers of the last build; fills `covers` with a cover of each meeting, which words its name and dates."""
    said = {paper["number"]: paper for meeting in model["meetings"] for paper in meeting["papers"]}
    for code, papers in papers_by_meeting(work / "contexts").items():
        made = json.loads((work / "filled" / f"{code}.json").read_bytes())["papers"]
        digests = {paper["number"]: paper["sha256"] for paper in made}
        for paper in papers:
            covers.setdefault(code, paper["cover"])
            if paper["number"] in digests:
                yield _entry(paper, said[paper["number"]], code, digests[paper["number"]])


def _entry(paper: dict, said: dict, meeting: str, sha256: str) -> Entry:
    base, revision = split(paper["number"])
    facts = ("agenda_item", "purpose", "status", "access", "reason", "notes", "forum_doc_no")
    return Entry(
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


def _meeting(said: dict, cover: dict | None) -> Meeting:
    """A meeting as the covers of its papers word it; without any, by its name alone."""
    days = [datetime.date.fromisoformat(day) if day else None for day in (said["start"], said["end"])]
    name = cover["meeting"]["line"] if cover else [[said["name"], ""]]
    return Meeting(
        said["code"],
        tuple((words, marks) for words, marks in name),
        cover["place"] if cover else said["city"],
        english.dates(*days),
        said["start"] or "",
        said["end"] or "",
        dict(said["agenda"]),
    )
