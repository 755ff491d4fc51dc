"""Papers that others send: the file that an entry names, and whether it came in time.

A cut-off is what the clocks of a place show. Which moment that is comes from the time zones of the package tzdata, which
requirements.lock pins: every machine finds the same papers late.
"""

from __future__ import annotations

import datetime
import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from papers.numbers import NumberError, check_safe_path
from papers.problems import Problems, did_you_mean, quoted
from papers.store.contexts import RECEIVED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.schemas import MeetingFile, PaperEntry
    from papers.inputs.yaml import Document

ENDINGS = (".docx", ".pdf")


@dataclass(frozen=True)
class CutOff:
    """Until when papers were to come; `moment` is aware of its zone, whose name is `zone`."""

    moment: datetime.datetime
    zone: str

    def by_its_clocks(self, moment: datetime.datetime) -> datetime.datetime:
        return moment.astimezone(self.moment.tzinfo)


@dataclass(frozen=True)
class LateArrival:
    """A paper that came after the cut-off, by the clocks of the cut-off's zone, and who allowed it."""

    came: datetime.datetime
    cut_off: CutOff
    allowed_by: str


@dataclass(frozen=True)
class Arrival:
    """A paper's file as problems name it ("" for papers that are made here), and its lateness."""

    file: str = ""
    late: LateArrival | None = None


def read_cut_off(document: Document[MeetingFile], problems: Problems) -> CutOff | None:
    """The cut-off of a meeting; None where there is none or it can't be used, which is then a problem."""
    clocks, name = document.form.cut_off, document.form.time_zone
    if clocks is None and name is None:
        return None
    if clocks is None or name is None:
        there, absent = ("time_zone", "cut_off") if clocks is None else ("cut_off", "time_zone")
        todo = f"Add a line {absent}: ... or delete the line {there}."
        place = document.place(there)
        problems.add(place, f"missing-{absent}", f"{there} without {absent}", "both or none", todo)
        return None
    zone = _zone(name, document, problems)
    if zone is None:
        return None
    moment = clocks.replace(tzinfo=zone)
    back = moment.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None)
    if back != clocks or moment.utcoffset() != moment.replace(fold=1).utcoffset():
        found = f"{clocks:%Y-%m-%dT%H:%M}, which the clocks of {name} show twice or never"
        problems.add(document.place("cut_off"), "cut-off", found, "one moment", "Choose another hour.")
        return None
    return CutOff(moment, name)


def _zone(name: str, document: Document[MeetingFile], problems: Problems) -> ZoneInfo | None:
    if zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(())  # the package's zones, not those of this system, which may be older
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = zoneinfo.available_timezones()
        todo = did_you_mean(name, sorted(known), "Look it up in the list of tz database time zones.")
        expected = "the name of a time zone such as Pacific/Port_Moresby"
        problems.add(document.place("time_zone"), "time-zone", quoted(name), expected, todo)
        return None


class ArrivalReader:
    """What the entries of one meeting say of files and of when they came. `files` are those of the folder received/."""

    def __init__(self, document: Document[MeetingFile], files: Iterable[str], problems: Problems):
        self.document, self.files, self.problems = document, tuple(files), problems
        self.folder = document.name.rsplit("/", 2)[0]
        self.cut_off = read_cut_off(document, problems)

    def arrival(self, entry: PaperEntry, index: int) -> Arrival:
        return Arrival(self._file(entry, index), self._late(entry, index))

    def _refuse(self, index: int, key: str, kind: str, *words: str) -> None:
        self.problems.add(self.document.place("papers", index, key), kind, *words)

    def _file(self, entry: PaperEntry, index: int) -> str:
        if entry.file is None:
            if entry.kind == RECEIVED:
                expected = f"a line file: {RECEIVED}/{self.document.form.code}/name.docx"
                self._refuse(
                    index, "file", "missing-file", "a received paper without file", expected, "Add it."
                )
            return ""
        if entry.kind != RECEIVED:
            found, todo = f"file beside the kind {entry.kind}", "Delete the line kind, or the line file."
            self._refuse(index, "file", "file-and-kind", found, "a paper received, or one made here", todo)
        elif self._may_be_there(entry, index):
            name = f"{self.folder}/{entry.file}"
            if name in self.files:
                return name
            todo = did_you_mean(name, self.files, f"Put the file into {self.folder}/{RECEIVED}.")
            self._refuse(index, "file", "no-file", quoted(entry.file), "a file that is there", todo)
        return ""

    def _may_be_there(self, entry: PaperEntry, index: int) -> bool:
        try:
            check_safe_path(entry.file, "file")
        except NumberError as error:
            self._refuse(index, "file", "file-place", error.found, error.expected, f"{error.why}.")
            return False
        if {"{", "}"} & {*entry.file}:
            found, expected = quoted(entry.file), "a name without braces"
            self._refuse(index, "file", "file-place", found, expected, "Rename the file, and here.")
        elif not entry.file.startswith(f"{RECEIVED}/"):
            expected = f"a file below {RECEIVED}/"
            self._refuse(index, "file", "file-place", quoted(entry.file), expected, "Move it there.")
        elif not entry.file.lower().endswith(ENDINGS):
            todo = "Ask for one, or save it as Word Document (.docx) or PDF."
            self._refuse(index, "file", "file-type", quoted(entry.file), " or ".join(ENDINGS), todo)
        else:
            return True
        return False

    def _late(self, entry: PaperEntry, index: int) -> LateArrival | None:
        if self.cut_off is None:
            return None
        if entry.received is None:
            if entry.file is not None:
                expected = "a line received: with date, time and offset, as the meeting has a cut-off"
                todo = "Add it, such as received: 2018-08-20T10:15+10:00."
                self._refuse(index, "received", "missing-received", "nothing", expected, todo)
            return None
        if entry.received <= self.cut_off.moment:
            if entry.allowed_by is not None:
                found, todo = (
                    "allowed_by at a paper that came in time",
                    "Delete the line, or correct received.",
                )
                self._refuse(index, "allowed_by", "allowed-in-time", found, "it at late papers only", todo)
            return None
        if not entry.allowed_by:
            found = f"a paper that came on {format_moment(self.cut_off.by_its_clocks(entry.received))}"
            expected = f"one that came until {format_moment(self.cut_off.moment)} ({self.cut_off.zone}), or who allowed it"
            todo = "Add a line allowed_by: with the office that did, or take the paper out."
            self._refuse(index, "received", "late", found, expected, todo)
            return None
        came = self.cut_off.by_its_clocks(entry.received)
        return LateArrival(came, self.cut_off, entry.allowed_by)


def format_moment(moment: datetime.datetime) -> str:
    """As it stands in the meetings' files: 2018-08-24T17:00."""
    return f"{moment:%Y-%m-%dT%H:%M}"


def late_notice(number: str, late: LateArrival) -> str:
    """What the person who builds is told of a late paper."""
    cut_off = f"{format_moment(late.cut_off.moment)} ({late.cut_off.zone})"
    return f"{number} came late, on {format_moment(late.came)}; the cut-off was {cut_off}; allowed by {late.allowed_by}"
