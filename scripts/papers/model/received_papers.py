"""Received papers: the file that an entry names, and whether it was received before the meeting's cut-off.

A cut-off is local time in a time zone. Zones come from the package tzdata, which requirements.lock pins, so
that every machine finds the same papers late.
"""

from __future__ import annotations

import datetime
import unicodedata
import zoneinfo
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from papers.number_patterns import NumberError
from papers.numbers import check_safe_path
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.work_files import RECEIVED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.schemas import MeetingFile, PaperEntry
    from papers.inputs.yaml import Document

Received = datetime.datetime | datetime.date  # a time with or without offset, or a day
# The clocks on Earth that show a time first and last.
_EARLIEST, _LATEST = (datetime.timezone(datetime.timedelta(hours=hours)) for hours in (14, -12))
ENDINGS = (".docx", ".pdf")


@dataclass(frozen=True)
class CutOff:
    """The time until which papers are due; `moment` is aware of its zone, whose name is `zone`."""

    moment: datetime.datetime
    zone: str

    def in_its_zone(self, received: Received) -> datetime.datetime:
        """Return a time in the zone of the cut-off; one without offset, or a day, keeps what was written."""
        if not isinstance(received, datetime.datetime):
            return datetime.datetime.combine(received, datetime.time(), self.moment.tzinfo)
        zone = self.moment.tzinfo
        return received.astimezone(zone) if received.tzinfo else received.replace(tzinfo=zone)

    def is_late(self, received: Received) -> bool | None:
        """Return whether a paper came after the cut-off; None where that depends on the offset or time not stated."""
        first = last = received
        if not isinstance(received, datetime.datetime):
            first = datetime.datetime.combine(received, datetime.time())
            last = datetime.datetime.combine(received, datetime.time(23, 59, 59))
        assert isinstance(first, datetime.datetime) and isinstance(last, datetime.datetime)
        if first.tzinfo is None:
            first, last = first.replace(tzinfo=_EARLIEST), last.replace(tzinfo=_LATEST)
        return None if first <= self.moment < last else first > self.moment

    def __str__(self) -> str:
        return f"{format_moment(self.moment)} ({self.zone})"


@dataclass(frozen=True)
class LateArrival:
    """A paper received after the cut-off: when, in the zone of the cut-off, and who allowed it."""

    received: datetime.datetime
    cut_off: CutOff
    allowed_by: str


@dataclass(frozen=True)
class AcceptedWarning:
    """A warning about a paper's file, by its code, that the meeting's file accepts at `place`."""

    code: str
    place: Place


@dataclass(frozen=True)
class Arrival:
    """A paper's file ("" for a paper that this program writes), whether it was late, and what is accepted of it.

    `set_aside` is why its file is set aside, "" where it is not; then `file` is "".
    """

    file: str = ""
    late: LateArrival | None = None
    accepted_warnings: tuple[AcceptedWarning, ...] = ()
    set_aside: str = ""


def read_cut_off(document: Document[MeetingFile], problems: Problems) -> CutOff | None:
    """Return the cut-off of a meeting; None where it has none, or one that is wrong, which is reported."""
    local, zone_name = document.form.cut_off, document.form.time_zone
    if local is None and zone_name is None:
        return None
    if local is None or zone_name is None:
        stated, missing = ("time_zone", "cut_off") if local is None else ("cut_off", "time_zone")
        place, found = document.place(stated), f"{stated} without {missing}"
        todo = f"Add a line {missing}: ... or delete the line {stated}."
        problems.add(place, f"missing-{missing}", found, "both lines or none", todo)
        return None
    zone = _zone(zone_name, document, problems)
    if zone is None:
        return None
    moment = local.replace(tzinfo=zone)
    round_trip = moment.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None)
    if round_trip != local or moment.utcoffset() != moment.replace(fold=1).utcoffset():
        found = (
            f"{format_moment(local)}, an hour that is repeated or skipped when clocks change in {zone_name}"
        )
        expected, todo = "a time that occurs once", "Choose another hour."
        problems.add(document.place("cut_off"), "cut-off", found, expected, todo)
        return None
    return CutOff(moment, zone_name)


def _zone(name: str, document: Document[MeetingFile], problems: Problems) -> ZoneInfo | None:
    if zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(())  # the zones of the package, not those of this system, which may be older
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = zoneinfo.available_timezones()
        todo = did_you_mean(name, sorted(known), "Look it up in the list of tz database time zones.")
        expected = "the name of a time zone such as Pacific/Port_Moresby"
        problems.add(document.place("time_zone"), "time-zone", quoted(name), expected, todo)
        return None


class ArrivalReader:
    """Reads file and time of receipt from the entries of one meeting.

    `files` are those in the folder received/.
    """

    def __init__(self, document: Document[MeetingFile], files: Iterable[str], problems: Problems):
        self.document, self.files, self.problems = document, tuple(files), problems
        self._by_name = {normal_name(file): file for file in self.files}
        self.folder = document.name.rsplit("/", 2)[0]
        self.cut_off = read_cut_off(document, problems)
        self.set_aside = self._read_set_aside()

    def arrival(self, entry: PaperEntry, index: int) -> Arrival:
        accepted = self._accepted_warnings(entry, index)
        late, why = self._late(entry, index), self.set_aside.get(entry.file or "", "")
        return Arrival("" if why else self._file(entry, index), late, accepted, why)

    def _read_set_aside(self) -> dict[str, str]:
        """Return the files that are set aside with the reasons; report those that no entry names."""
        named = [entry.file for entry in self.document.form.papers if entry.file]
        for index, one in enumerate(self.document.form.set_aside):
            if one.file not in named:
                todo = did_you_mean(one.file, named, "Correct it, or delete the entry.")
                expected = "the file of a paper of this meeting"
                place = self.document.place("set_aside", index, "file")
                self.problems.add(place, "set-aside", quoted(one.file), expected, todo)
        return {one.file: one.why for one in self.document.form.set_aside}

    def _accepted_warnings(self, entry: PaperEntry, index: int) -> tuple[AcceptedWarning, ...]:
        if entry.accepted_warnings and entry.file is None and entry.kind != RECEIVED:
            found, expected = "accepted_warnings without a line file", "it for received papers only"
            self._report(
                index, "accepted_warnings", "accepted-without-file", found, expected, "Delete the line."
            )
            return ()
        place = partial(self.document.place, "papers", index, "accepted_warnings")
        return tuple(AcceptedWarning(code, place(at)) for at, code in enumerate(entry.accepted_warnings))

    def _report(self, index: int, key: str, kind: str, found: str, expected: str, todo: str) -> None:
        self.problems.add(self.document.place("papers", index, key), kind, found, expected, todo)

    def _file(self, entry: PaperEntry, index: int) -> str:
        """Return the file of a received paper; "" where there is none or it is wrong."""
        if entry.file is None:
            if entry.kind == RECEIVED:
                found = "a received paper without a file"
                expected = f"a line file: {RECEIVED}/{self.document.form.code}/name.docx"
                self._report(index, "file", "missing-file", found, expected, "Add the line.")
            return ""
        if entry.kind != RECEIVED:
            found, expected = f"file together with kind: {entry.kind}", "one of the two lines"
            todo = (
                "Delete the line kind if the paper was received, or the line file if this program writes it."
            )
            self._report(index, "file", "file-and-kind", found, expected, todo)
        elif self._check_path(entry.file, index):
            name = f"{self.folder}/{entry.file}"
            if name in self.files:
                return name
            if same := self._by_name.get(normal_name(name)):
                return same
            todo = did_you_mean(name, self.files, f"Copy the file into {self.folder}/{RECEIVED}.")
            self._report(index, "file", "no-file", quoted(entry.file), "a file that exists", todo)
        return ""

    def _check_path(self, file: str, index: int) -> bool:
        """Return whether the path may name a received paper; report it otherwise."""
        try:
            check_safe_path(file, "file")
        except NumberError as error:
            self._report(index, "file", "file-place", error.found, error.expected, f"{error.why}.")
            return False
        found = quoted(file)
        if {"{", "}"} & {*file}:
            todo = "Rename the file, and correct this line."
            self._report(index, "file", "file-place", found, "a file name without { and }", todo)
        elif not file.startswith(f"{RECEIVED}/"):
            todo = f"Move the file into the folder {RECEIVED}, and correct this line."
            self._report(index, "file", "file-place", found, f"a file in the folder {RECEIVED}/", todo)
        elif not file.lower().endswith(ENDINGS):
            todo = "Ask the sender for one, or save it as Word Document (.docx) or PDF."
            self._report(index, "file", "file-type", found, " or ".join(ENDINGS), todo)
        else:
            return True
        return False

    def _late(self, entry: PaperEntry, index: int) -> LateArrival | None:
        if self.cut_off is None:
            return None
        if entry.received is None:
            if entry.file is not None:
                expected = "a line received: with the day on which it came, as the meeting has a cut-off"
                todo = "Add it, such as 2018-08-20 or 2018-08-20T10:15+10:00."
                self._report(index, "received", "missing-received", "nothing", expected, todo)
            return None
        is_late = self.cut_off.is_late(entry.received)
        if is_late is None:
            self._report_unclear(entry.received, self.cut_off, index)
            return None
        if not is_late:
            if entry.allowed_by is not None:
                found, expected = (
                    "allowed_by for a paper that was not late",
                    "allowed_by for late papers only",
                )
                todo = "Delete the line, or correct the line received."
                self._report(index, "allowed_by", "allowed-in-time", found, expected, todo)
            return None
        received = self.cut_off.in_its_zone(entry.received)
        if not entry.allowed_by:
            is_day = not isinstance(entry.received, datetime.datetime)
            found = f"a paper received on {received.date() if is_day else format_moment(received)}"
            expected = f"one received by {self.cut_off}, or a line allowed_by"
            todo = "Add the line allowed_by: with the office that allowed it, or leave the paper out."
            self._report(index, "received", "late", found, expected, todo)
            return None
        return LateArrival(received, self.cut_off, entry.allowed_by)

    def _report_unclear(self, received: Received, cut_off: CutOff, index: int) -> None:
        """Report a day or time that may be before the cut-off or after it, with what to write."""
        example, clocks = (
            cut_off.in_its_zone(received).isoformat(timespec="minutes"),
            f"clocks of {cut_off.zone}",
        )
        if isinstance(received, datetime.datetime):
            found, what = f"{format_moment(received)} without offset from UTC", "the offset of the clock"
            todo = f"Write {example} if it is by the {clocks}; if not, with the offset of that clock."
        else:
            found, what = f"the day {received} alone", "the time and the offset of the clock"
            todo = f"Write {example.replace('T00:00', 'Thh:mm')}, with the time by the {clocks}."
        expected = f"{what} too, as it may be before or after the cut-off {cut_off}"
        self._report(index, "received", "unclear-received", found, expected, todo)


def normal_name(file: str) -> str:
    """Return a path as it is compared: macOS stores accents as characters of their own, other systems do not."""
    return unicodedata.normalize("NFC", file)


def format_moment(moment: datetime.datetime) -> str:
    """Return date and time as the files of meetings state them: 2018-08-24T17:00."""
    return f"{moment:%Y-%m-%dT%H:%M}"
