"""Complete what is stated of a meeting with what follows from the inputs; each such value has a note that says why."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.model.meetings import usual_id
from papers.model.series import read_series, series_of
from papers.number_patterns import NumberError, fill_in
from papers.problems import Place, Problems, quoted
from papers.start.stated import COMMAND, UNKNOWN, Entry, StatedMeeting, report, split_names
from papers.wording.check_papers import is_named_by_id
from papers.wording.kind import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.inputs.schemas import MeetingFile
    from papers.inputs.yaml import Document
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.numbers import Series

_NEVER = datetime.date.min
ALWAYS = ("classification-list", "agenda")  # papers that each meeting has


@dataclass
class Completer:
    """Completes entries of papers of the meeting `name` that begins on `start`.

    `submitted_by` are those who submit a paper for which nobody is stated.
    """

    model: Model
    name: str
    start: datetime.date | None
    submitted_by: list[str]
    problems: Problems

    def complete(self, entry: Entry) -> None:
        """Complete an entry; report what is missing in every paper."""
        self._name_kind(entry)
        self._add_plan(entry)
        self._add_id(entry)
        kind = entry.values.get("kind")
        before = self._last_of(kind) if kind else None
        if before and "purpose" not in entry.values and before.purpose:
            entry.add("purpose", before.purpose, f"as {before.number}")
        if "submitted_by" in entry.values:
            return
        if self.submitted_by:
            entry.values["submitted_by"] = self.submitted_by
        elif before:
            entry.add("submitted_by", [*before.submitted_by], f"as {before.number}")
        else:
            self._report_no_submitter(entry)

    def _report_no_submitter(self, entry: Entry) -> None:
        kind = entry.values.get("kind")
        name = kind or entry.values.get("file")
        found = f"nobody who submits {name}, and no earlier paper of its kind"
        todo = "Fill in the column Submitted by." if entry.place.sheet else 'Add submitted_by="...".'
        if name and not entry.unsure and (kind is None or kind in self.model.kind_files.kinds):
            self.problems.add(entry.place, "missing-submitter", found, "an office or an economy", todo)
        entry.values["submitted_by"] = [UNKNOWN]

    def _name_kind(self, entry: Entry) -> None:
        """Write the kind as its file is named: Work Plan is work-plan; report a paper with neither kind nor file."""
        kind = entry.values.get("kind")
        if kind is not None:
            name = "-".join(folded(kind).split())
            entry.values["kind"] = name if name in self.model.kind_files.kinds else kind
        elif "file" not in entry.values and entry.unsure:
            entry.values["kind"] = UNKNOWN
        elif "file" not in entry.values:
            kinds = ", ".join(sorted(self.model.kind_files.kinds))
            expected = f"a kind ({kinds}), or the file that somebody sent"
            self.problems.add(
                entry.place, "no-kind", "neither kind nor file", expected, "Fill in one of the two."
            )
            entry.values["kind"] = UNKNOWN

    def _add_plan(self, entry: Entry) -> None:
        """Add plan and edition if the kind needs them and only one can be meant."""
        kinds, kind = self.model.kind_files, entry.values.get("kind")
        needed = kinds.entry_of(kind) if kind in kinds.kinds else {}
        year = self.start.year if self.start else 0
        if needed.get("plan") == "required" and "plan" not in entry.values:
            of_year = [n for n, plan in self.model.plans.items() if plan.first_year <= year <= plan.last_year]
            if len(of_year) == 1:
                entry.add("plan", of_year[0], f"the only plan of {year}")
        period = self.model.periods.get(entry.values.get("plan", ""))
        if period and needed.get("schedule") == "required" and "schedule" not in entry.values:
            of_year = [name for name in period.editions if name.startswith(str(year))]
            if len(of_year) == 1:
                entry.add("schedule", of_year[0], f"the only edition of {year}")

    def _add_id(self, entry: Entry) -> None:
        """Add an id if another paper, such as the work plan of the same year, has the usual one."""
        usual, kind = usual_id(entry.values), kinds(self.model).get(entry.values.get("kind", ""))
        if kind is None or "id" in entry.values or not is_named_by_id(kind):
            return
        papers = {paper.id.casefold(): paper for meeting in self.model.meetings for paper in meeting.papers}
        if other := papers.get(usual.casefold()):
            free = next(name for at in count(2) if (name := f"{usual}-{at}").casefold() not in papers)
            entry.add("id", free, f"as {other.number} is {usual}")

    def _last_of(self, kind: str) -> Paper | None:
        """Return the paper from which a new one of its kind takes purpose and submitters; None where there is none.

        It is the latest of the same sort of meeting before this one, else the latest of any meeting.
        """
        ranked = [
            (
                meeting.name == self.name,
                (meeting.start or _NEVER) <= (self.start or _NEVER),
                meeting.start or _NEVER,
            )
            for meeting in self.model.meetings
        ]
        papers = [
            (rank, paper)
            for rank, meeting in zip(ranked, self.model.meetings, strict=True)
            for paper in meeting.papers
            if paper.kind == kind and not paper.received
        ]
        return max(papers, key=lambda pair: pair[0])[1] if papers else None


def complete_meeting(
    stated: StatedMeeting,
    model: Model,
    options: Mapping[str, str],
    hosts: Mapping[int, str],
    problems: Problems,
) -> None:
    """Add agenda, classification list and host, and complete each paper."""
    start, by = stated.values.get("start"), split_names(options.get("submitted_by", ""))
    name = stated.values.get("name") or model.forum.meeting_name
    completer = Completer(model, name, start, by, problems)
    for entry in stated.papers:
        completer.complete(entry)
    there = {entry.values.get("kind") for entry in stated.papers}
    added = [Entry(Place(COMMAND, key="papers"), {"kind": kind}) for kind in ALWAYS if kind not in there]
    for entry in added:
        if entry.values["kind"] in model.kind_files.kinds:
            completer.complete(entry)
    stated.papers = [*added, *stated.papers]
    for entry in stated.papers:
        _check_item(entry, stated)
    _add_host(stated, model, options.get("host"), hosts, problems)


def _check_item(entry: Entry, stated: StatedMeeting) -> None:
    """Write the item of a paper as the agenda does, where only capitals or a full stop differ."""
    items = {folded(str(item.values["item"])).rstrip("."): str(item.values["item"]) for item in stated.agenda}
    item = entry.values.get("agenda_item")
    if item is not None:
        entry.values["agenda_item"] = items.get(folded(item).rstrip("."), item)


def _add_host(
    stated: StatedMeeting, model: Model, host: str | None, hosts: Mapping[int, str], problems: Problems
) -> None:
    """Add the lines that name the host, if hosts.yaml has none of that year."""
    form, start = model.organisation.form, stated.values.get("start")
    if start is None or not form.hosts:
        return
    file, known = model.organisation.file(form.hosts), hosts.get(start.year)
    if host is None and known is None:
        expected = f"one in {file}, or host=..."
        todo = f"Add the year to {file}, or write host= and the {form.member.short}."
        report(problems, "no-host", f"no host {form.member.short} of {start.year}", expected, todo)
        stated.values["host_mark"] = []
    elif host is not None:
        economy = model.register.find(host, Place(COMMAND, key="host"), problems)
        if economy and known and economy.name != known:
            expected, todo = f"{known}, as {file} says", "Leave out host=..., or correct the file."
            report(problems, "other-host", f"host={quoted(host)}", expected, todo)
        elif economy and not known:
            values = {"HOST": economy.on_host_mark, "host": economy.name, "year": str(start.year)}
            stated.values["host_mark"] = [fill_in(line, values) for line in form.host_mark]


def give_numbers(
    entries: list[Entry], document: Document[MeetingFile], model: Model, problems: Problems
) -> None:
    """Give each paper without number the next free one; `document` is the meeting with these papers, in their order."""
    series = read_series(document, model.grammar, problems) if document.form.papers else []
    if not series:
        return
    for at, entry in enumerate(entries):
        if entry.values.get("number") is None and not entry.values.get("tabled"):
            of_paper = series_of(document.form.papers[at], at, series, document, problems)
            number = of_paper and next_number(entry, entries, of_paper, model)
            entry.values["number"] = number or None


def next_number(entry: Entry, entries: list[Entry], series: Series, model: Model) -> str:
    """Return the next free number in a series for one of the papers of a meeting; "" where there is none, which the model reports."""
    kind = model.kind_files.kinds.get(entry.values.get("kind", ""))
    given = (str(number) for one in entries if (number := one.values.get("number")))
    serials = (model.grammar.serial_in(model.grammar.base_of(number), series.prefix) for number in given)
    taken = [serial for serial in serials if serial is not None]
    try:
        serial = model.ledger.next_serial(series.prefix, kind.form.serial if kind else None, taken)
        return str(series.number(serial))
    except NumberError:
        return ""
