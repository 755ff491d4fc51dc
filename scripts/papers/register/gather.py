"""outputs/work and the ledger -> the register's data."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.combined import over_economies
from papers.ledger.corrections import CorrectionRow
from papers.ledger.file import read_ledger
from papers.ledger.rules import Ledger, PaperStatus, ledger_of
from papers.model.figures import Figure, exact
from papers.model.tabling import OtherTabling
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
from papers.store.files import read_json
from papers.store.output_files import ISSUED, PAPERS
from papers.store.stages import MANIFEST, read_manifest
from papers.store.work_files import INDEX_FILE, kinds_by_meeting, papers_by_meeting, read_grammar, trace_file
from papers.wording import english, paper_notes
from papers.wording.line_breaks import breakable
from papers.wording.marks import RESTATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from papers.ledger.file import LedgerRow
    from papers.numbers import Grammar
    from papers.problems import Problems
    from papers.register.facts import Files

_CELL_PLACE = re.compile(r"(?P<file>.+), sheet (?P<sheet>.+), cell (?P<cell>[A-Z]+[0-9]+)")
_STATED_TOTAL = "Total that the economy stated, without items"
_STATED_FIGURE = "Figure that the economy stated"


def is_complete(work: Path) -> bool:
    """Whether the papers of every meeting that was read are filled."""
    if not (work / "contexts" / INDEX_FILE).is_file():
        return False
    meetings = kinds_by_meeting(work / "contexts")
    return all((work / "filled" / code / MANIFEST).is_file() for code in meetings)


def gather_register(work: Path, files: Files, problems: Problems) -> Register:
    """Return the register of the last build, and report problems of the ledger in `problems`.

    `files` has the files of the build, by their paths below outputs: others are not linked.
    """
    model = read_json(work / "model.json")
    forum, config = model["forum"], model["config"]
    grammar = read_grammar(work / "contexts")
    ledger = ledger_of(read_ledger(Path(), config["forum"], problems), grammar, problems)
    papers: dict[str, list[dict]] = papers_by_meeting(work / "contexts")
    covers: dict[str, dict] = {}
    built = list(_built_entries(work, model, papers, covers, grammar))
    entries = sorted(
        _with_ledger(built, ledger), key=lambda entry: (grammar.parse(entry.base), -entry.revision)
    )
    entries = _with_corrections(entries, model["corrections"]["rows"], grammar)
    figures = {trace_file(paper["file"]): paper["figures"] for built in papers.values() for paper in built}
    related = RelatedFiles(work, files, entries, figures)
    meetings = [_meeting(meeting, covers.get(meeting["code"])) for meeting in model["meetings"]]
    return Register(
        config["forum"],
        forum["code"],
        forum["name"],
        forum["organisation"] or model["organisation"]["name"],
        model["settings"]["language"],
        tuple(sorted(meetings, key=lambda meeting: (meeting.start, meeting.code), reverse=True)),
        tuple(related.add_to(entry) for entry in entries),
        tuple(indicators_of(model)),
        bool(ledger.events),
        forum["feed_authority"] or "",
    )


# Papers of the last build


def _built_entries(
    work: Path, model: dict, by_meeting: dict[str, list[dict]], covers: dict[str, dict], grammar: Grammar
) -> Iterator[RegisterEntry]:
    """Yield the papers of the last build; add to `covers` one cover per meeting, for its name and dates."""
    papers_of_model = {paper["number"]: paper for meeting in model["meetings"] for paper in meeting["papers"]}
    for code, papers in by_meeting.items():
        filled = read_manifest(work / "filled" / code)["papers"]
        digests = {paper["number"]: paper["sha256"] for paper in filled}
        for paper in papers:
            number = paper["number"]
            covers.setdefault(code, paper["cover"])
            if number in digests:
                yield _entry(paper, papers_of_model[number], code, digests[number], grammar)


def _entry(paper: dict, model_paper: dict, meeting: str, sha256: str, grammar: Grammar) -> RegisterEntry:
    base, revision = grammar.split(paper["number"])
    copied_keys = ("agenda_item", "purpose", "status", "access", "reason", "notes", "forum_doc_no")
    return RegisterEntry(
        number=paper["number"],
        base=base,
        revision=revision,
        year=grammar.parse(paper["number"]).year,
        title=paper["title"],
        kind=paper["kind"],
        meeting=meeting,
        file=f"{PAPERS}/{paper['file']}",
        sha256=sha256,
        date=paper["properties"]["date"][:10],
        submitted_by=paper["properties"]["author"],
        restricted_until=model_paper["restricted_until"] or "",
        agenda_label=paper["cover"]["agenda_label"].rstrip(": ").capitalize(),
        also_tabled=tuple(OtherTabling(**one).words for one in model_paper["also_tabled"]),
        illustrative=paper["cover"]["illustrative"],
        restated=RESTATED if paper["restated"] else "",
        late=_late(model_paper["late"]) if model_paper["late"] else "",
        **{key: model_paper[key] for key in copied_keys},
    )


def _late(late: dict) -> str:
    came, cut_off = map(datetime.datetime.fromisoformat, (late["received"], late["cut_off"]["moment"]))
    return paper_notes.late(came, cut_off, late["allowed_by"])


def _meeting(meeting: dict, cover: dict | None) -> RegisterMeeting:
    """Return a meeting in the words of its papers' covers; without papers, in those of its file."""
    days = [datetime.date.fromisoformat(day) if day else None for day in (meeting["start"], meeting["end"])]
    line = cover["meeting"]["line"] if cover else [[meeting["name"], ""]]
    name = [[breakable(words), form] for words, form in line]
    return RegisterMeeting(
        meeting["code"],
        tuple((words, marks) for words, marks in name),
        breakable(cover["place"]) if cover else meeting["city"],
        english.dates(*days),
        meeting["start"] or "",
        meeting["end"] or "",
        dict(meeting["agenda"]),
    )


# The ledger


def _with_ledger(built: list[RegisterEntry], ledger: Ledger) -> list[RegisterEntry]:
    """Return the built papers with their history, and the papers that only the ledger knows.

    The ledger does not record access: an earlier revision has the access that the paper has today.
    """
    known = {entry.number for entry in built}
    current = {entry.base: entry for entry in built}
    earlier = [
        _with_access_of(entry, current.get(entry.base))
        for standing in ledger.papers.values()
        for entry in _recorded_entries(standing, ledger.grammar)
        if entry.number not in known
    ]
    histories: dict[str, list[HistoryEvent]] = {}
    for row in ledger.events:
        histories.setdefault(ledger.grammar.base_of(row.number), []).append(_event(row))
    return [
        replace(
            _with_dates(entry, ledger.papers.get(entry.base)), history=tuple(histories.get(entry.base, ()))
        )
        for entry in [*built, *earlier]
    ]


def _recorded_entries(standing: PaperStatus, grammar: Grammar) -> Iterator[RegisterEntry]:
    """Yield every revision that was issued; of a paper withdrawn before it was issued, its number."""
    for row in list(standing.issued.values()) or ([standing.first] if standing.withdrawn else []):
        base, revision = grammar.split(row.number)
        yield RegisterEntry(
            number=row.number,
            base=base,
            revision=revision,
            year=grammar.parse(row.number).year,
            title=row.title,
            kind=row.kind,
            meeting=row.meeting,
            file=f"{ISSUED}/{row.file}" if row.file else "",
            sha256=row.sha256,
            date=row.date,
        )


def _with_access_of(entry: RegisterEntry, current: RegisterEntry | None) -> RegisterEntry:
    if current is None:
        return entry
    return replace(
        entry, access=current.access, reason=current.reason, restricted_until=current.restricted_until
    )


def _with_dates(entry: RegisterEntry, standing: PaperStatus | None) -> RegisterEntry:
    """Return the entry with its dates of issue and withdrawal; a withdrawn paper has no file."""
    if standing is None:
        return entry
    issued = standing.issued.get(entry.revision)
    withdrawn = _event(standing.withdrawn) if standing.withdrawn else None
    file = "" if withdrawn else entry.file
    return replace(entry, file=file, issued=issued.date if issued else "", withdrawn=withdrawn)


def _event(row: LedgerRow) -> HistoryEvent:
    return HistoryEvent(row.date, row.event, row.number, row.by, row.why)


def _with_corrections(
    entries: list[RegisterEntry], rows: list[dict], grammar: Grammar
) -> list[RegisterEntry]:
    """Return the entries with their corrections, which are open until a revision takes them up."""
    open_rows: dict[str, list[CorrectionRow]] = {}
    for row in (CorrectionRow(**row) for row in rows if row["status"] == "open"):
        open_rows.setdefault(grammar.base_of(row.paper), []).append(row)

    def sentences(entry: RegisterEntry) -> tuple[str, ...]:
        public = entry.access == "public"
        return tuple(paper_notes.correction(row, not public) for row in open_rows.get(entry.base, ()))

    return [replace(entry, corrections=sentences(entry)) for entry in entries]


# Indicators


def indicators_of(model: dict) -> Iterator[RegisterIndicator]:
    """Yield every indicator of every plan by year; a year without reports has no figure."""
    for name, period in model["periods"].items():
        plan, counted = period["plan"], period["indicators"]
        figures = {(f["indicator"], f["year"]): f for f in counted["figures"]["whole"]}
        cells = _IndicatorCells(counted["returns"], counted["items"])
        for indicator in (i for heading in plan["indicator_headings"] for i in heading["indicators"]):
            years = range(plan["first_year"], plan["last_year"] + 1)
            found = [figures.get((indicator["id"], year)) for year in years]
            values = [figure["value"] if figure else None for figure in found]
            traced = [
                cells.traced(figure, indicator) if value is not None else None
                for figure, value in zip(found, values, strict=True)
            ]
            files = [cell.file for figure in traced if figure for cell in figure.cells]
            targets = {one["year"]: one["value"] for one in plan["targets"].get(indicator["id"], [])}
            yield RegisterIndicator(
                f"{name}-{indicator['id']}",
                plan["title"],
                indicator["short"],
                indicator["text"],
                tuple(zip(years, traced, strict=True)),
                _is_illustrative(model, files),
                tuple(values),
                tuple(targets.get(year) for year in years),
                _sign(indicator),
                tuple(_notes(indicator, plan)),
            )


def _sign(indicator: dict) -> str:
    return "%" if indicator["measure"] == "percent" else indicator["unit"]


def _in_words(value: float, indicator: dict) -> str:
    """12; 1,204; 45.5%: a figure as papers print it."""
    return english.figure(Figure(exact(value), unit=_sign(indicator)))


def _notes(indicator: dict, plan: dict) -> Iterator[str]:
    """Yield sentences: how figures of economies are combined if they are no counts, baseline, targets."""
    if indicator["measure"] != "count":
        how = over_economies(indicator["measure"], indicator["combine"]["economies"])
        yield f"The {how} of the figures that economies state{_in_unit(indicator)}."
    for name, stated in (("Baseline", plan["baselines"]), ("Target", plan["targets"])):
        milestones = stated.get(indicator["id"], [])
        if milestones:
            words = [f"{_in_words(one['value'], indicator)} ({one['year']})" for one in milestones]
            yield f"{name}: {english.listed(words)}."


def _in_unit(indicator: dict) -> str:
    return f", in {indicator['unit']}" if indicator["unit"] else ""


class _IndicatorCells:
    """The cells that indicators are counted from, with what each adds to a figure."""

    def __init__(self, returns: Iterable[dict], items: Iterable[dict]):
        self.returns = {one["file"]: one for one in returns}
        # place of a cell -> the item that its row reports, and whether it is the first cell of that item
        self.items = {cell: (item, at == 0) for item in items for at, cell in enumerate(item["cells"])}

    def traced(self, figure: dict, indicator: dict) -> TracedFigure:
        """Return a figure of an indicator with its cells."""
        cells = tuple(self._cell(place, figure["indicator"]) for place in figure["cells"])
        what = f"{indicator['short']}, {figure['year']}"
        return TracedFigure(_in_words(figure["value"], indicator), what, "", cells)

    def _cell(self, place: str, indicator: str) -> TraceCell:
        """Return a cell; an item that several economies report adds 1, at its first cell."""
        parts = _CELL_PLACE.fullmatch(place).groupdict()
        source = self.returns.get(parts["file"], {})
        economy = source.get("economy", {}).get("name", "")
        if place in self.items:
            item, first = self.items[place]
            title = item["title"] + _jointly(item, economy, first)
            return TraceCell(**parts, value="1" if first else "0", title=title, economy=economy)
        measure = source.get("measures", {}).get(indicator)
        stated = measure or source.get("totals", {}).get(indicator, {})
        value = "" if stated.get("value") is None else str(stated["value"])
        title = _STATED_FIGURE if measure else _STATED_TOTAL
        return TraceCell(**parts, value=value, title=title, economy=economy)


def _jointly(item: dict, economy: str, first: bool) -> str:
    """Return with whom the economy reports an item and, if it counts for another economy, for which one."""
    others = [one["name"] for one in item["economies"] if one["name"] != economy]
    counted = "" if first else f"; counted at {others[0]}"
    return f" (jointly with {english.listed(others)}{counted})" if others else ""


def _is_illustrative(model: dict, files: Iterable[str]) -> bool:
    """Whether forum.yaml declares one of these files to be an illustration."""
    prefixes = tuple(f"inputs/{model['config']['forum']}/{name}" for name in model["forum"]["illustrative"])
    return any(file.startswith(prefixes) for file in files)
