"""Where the papers of a meeting stand: from its file and the ledger as they are now, and from the last build.

The inputs are read as they are, so that the answer is there before a build succeeds. What only a build knows (restated
text, blank contents, open text) is of the last one.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papers.checks.findings import open_texts
from papers.inputs.kind_files import read_kind_files
from papers.inputs.plan_folder import RETURNS
from papers.inputs.schemas import EconomiesFile
from papers.inputs.workbooks import DeadlinesFile
from papers.inputs.yaml import read_yaml
from papers.ledger.mismatch import changed_since_issue
from papers.model.received_papers import read_cut_off
from papers.problems import Problems
from papers.record.paper_places import find_papers
from papers.store.files import DamagedFile, read_json
from papers.store.stages import MANIFEST, time_of
from papers.store.work_files import INDEX_FILE, blank_contents, papers_by_meeting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from papers.inputs.organisation import Organisation
    from papers.inputs.schemas import MeetingFile, PaperEntry
    from papers.inputs.yaml import Document
    from papers.ledger.rules import Ledger, PaperStatus
    from papers.model.received_papers import CutOff
    from papers.record.edit_yaml import EntriesText
    from papers.record.paper_places import PaperPlace
    from papers.record.session import Request
    from papers.store.paper_context import PaperSummary

NO_NUMBER, NOT_RECEIVED, NOT_BUILT, DRAFT, READY = "no number", "not received", "not built", "draft", "ready"
ISSUED, DIFFERS, REVISED, WITHDRAWN = "issued", "differs", "revision begun", "withdrawn"
SET_ASIDE = "set aside"
_COUNT_RETURNS = {"indicators", "period"}  # needs of kinds of papers that count returns


@dataclass(frozen=True)
class PaperState:
    """A paper, its state (one of those above), and what else there is to say of it, each a few words."""

    number: str
    title: str
    state: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class ReturnsState:
    """Which economies have returned for a year of a plan; `dated` maps names to the date of their return, where known.

    `counted_until` is the last day that a paper of the meeting counts; None where none states one.
    `due` is the deadline of the year; None where deadlines.yaml has none.
    """

    plan: str
    year: int
    returned: tuple[str, ...]
    missing: tuple[str, ...]
    dated: Mapping[str, str]
    counted_until: datetime.date | None
    due: datetime.date | None

    @property
    def not_counted(self) -> list[str]:
        """The economies whose return came after the last day that a paper of the meeting counts."""
        until = self.counted_until
        return [name for name, day in self.dated.items() if until and day > until.isoformat()]


@dataclass(frozen=True)
class MeetingStatus:
    """The state of a meeting: its papers in the order of its file, and the returns that they count.

    `frozen` is the day of the freeze, or "".
    """

    form: MeetingFile
    papers: list[PaperState]
    returns: list[ReturnsState]
    frozen: str


@dataclass(frozen=True)
class LastBuild:
    """What the last build knows of a meeting's papers; all of it is empty before the first one.

    `papers` are the summaries by number; `differing` maps the number of an issued paper that now gives another text
    to the inputs that changed; `blank` are numbers, `open` has the open texts by file.
    """

    papers: Mapping[str, PaperSummary]
    differing: Mapping[str, list[str]]
    blank: set[str]
    open: Mapping[str, list[str]]

    @classmethod
    def read(cls, work: Path, meeting: str) -> LastBuild:
        """Return what is in outputs/work; a damaged file there counts as none, as the next build writes it again."""
        try:
            if not (work / "contexts" / INDEX_FILE).is_file():
                return cls({}, {}, set(), {})
            papers = {one["number"]: one for one in papers_by_meeting(work / "contexts").get(meeting, [])}
            context, filled = work / "contexts" / f"{meeting}.json", work / "filled" / meeting
            if not papers or ((filled / MANIFEST).is_file() and time_of(filled) > context.stat().st_mtime_ns):
                differing = {}  # a build would have stopped at a paper that differs
            else:
                differing = changed_since_issue(context)
            return cls(papers, differing, {*blank_contents(work)}, open_texts(work))
        except DamagedFile:
            return cls({}, {}, set(), {})


def meeting_status(
    request: Request, ledger: Ledger, organisation: Organisation, problems: Problems
) -> MeetingStatus | None:
    """Return the state of the meeting that a request names; None where its file can't be read or does not exist."""
    meetings, papers = find_papers(request, problems)
    meeting = next((text for text in meetings if text.document.form.code == request.meeting), None)
    if meeting is None:
        return None
    build = LastBuild.read(request.work, request.meeting)
    own = [paper for paper in papers if paper.meeting is meeting]
    cut_off = read_cut_off(meeting.document, Problems())
    set_aside = {one.file: one.why for one in meeting.document.form.set_aside}
    return MeetingStatus(
        form=meeting.document.form,
        papers=[_PaperReader(paper, ledger, build, cut_off, set_aside).state(request.forum) for paper in own],
        returns=list(_returns(request, meeting, organisation)),
        frozen=_day_of_freeze(ledger, request.meeting),
    )


def _day_of_freeze(ledger: Ledger, meeting: str) -> str:
    days = (event.date for event in ledger.events if (event.event, event.meeting) == ("frozen", meeting))
    return max(days, default="")


class _PaperReader:
    """Finds the state of one paper; `set_aside` maps the files of the meeting that are set aside to the reasons."""

    def __init__(
        self,
        paper: PaperPlace,
        ledger: Ledger,
        build: LastBuild,
        cut_off: CutOff | None,
        set_aside: Mapping[str, str],
    ):
        self.entry, self.number = paper.entry, paper.number or ""
        self.title = paper.title or paper.entry.kind
        self.cut_off, self.build = cut_off, build
        self.why_set_aside = set_aside.get(paper.entry.file or "", "")
        base = ledger.grammar.base_of(self.number) if self.number else ""
        self.ledger, self.record = ledger, ledger.papers.get(base)

    def state(self, forum: str) -> PaperState:
        state, details = self._state_and_reasons(forum)
        return PaperState(self.number, self.title, state, (*details, *self._marks()))

    def _state_and_reasons(self, forum: str) -> tuple[str, list[str]]:
        record = self.record
        if record and record.withdrawn:
            return WITHDRAWN, [f"on {record.withdrawn.date}; delete its entry"]
        if self.entry.file and not Path("inputs", forum, self.entry.file).is_file():
            return NOT_RECEIVED, [f"{self.entry.file} is missing"]
        if not self.number:
            return NO_NUMBER, []
        if record and record.next and record.next.number == self.number:
            return REVISED, [f"on {record.next.date}, not issued yet", *self._unfinished()]
        if issued := self.ledger.issued(self.number):
            changed = self.build.differing.get(self.number)
            differs = [f"issued on {issued.date}, since when {_few(changed)} changed"] if changed else []
            return (DIFFERS, differs) if changed else (ISSUED, [f"on {issued.date}", *_sent(record)])
        if self.why_set_aside:
            return SET_ASIDE, [self.why_set_aside, *_sent(record)]
        if self.number not in self.build.papers:
            return NOT_BUILT, _sent(record)
        reasons = self._unfinished()
        return (DRAFT if reasons else READY), [*reasons, *_sent(record)]

    def _unfinished(self) -> list[str]:
        """Return why make issue would not take the paper, or only with a reason."""
        paper = self.build.papers.get(self.number)
        if paper is None:
            return []
        today, entry = datetime.date.today(), self.entry
        later = f"counts until {entry.as_of}" if entry.as_of and entry.as_of > today else ""
        open_text = self.build.open.get(paper["file"], [])
        return [
            *([later] if later else []),
            *(["restated text"] if paper["restated"] else []),
            *(["blank table of contents"] if self.number in self.build.blank else []),
            *([f"open text: {open_text[0]}"] if open_text else []),
        ]

    def _marks(self) -> list[str]:
        """Return what is worth knowing of a paper in whatever state."""
        paper, entry = self.build.papers.get(self.number), self.entry
        until = f" until {entry.restricted_until}" if entry.restricted_until else ""
        illustrative = str(paper["cover"]["illustrative"]).partition(":")[0].lower() if paper else ""
        shown_already = not self.ledger.issued(self.number) if self.number else True
        return [
            *(["restated text"] if paper and paper["restated"] and not shown_already else []),
            *([f"restricted{until}"] if entry.access == "restricted" else []),
            *([_late(entry)] if self._is_late() else []),
            *([illustrative] if illustrative else []),
        ]

    def _is_late(self) -> bool:
        received = self.entry.received
        return bool(self.cut_off and received and self.cut_off.is_late(received))


def _sent(record: PaperStatus | None) -> list[str]:
    """Return that a draft was sent in a package, where it was."""
    return [f"draft sent on {record.packed.date}"] if record and record.packed and not record.issued else []


def _late(entry: PaperEntry) -> str:
    allowed = f"allowed by {entry.allowed_by}" if entry.allowed_by else "allowed by nobody"
    return f"late, received on {entry.received:%Y-%m-%d}, {allowed}"


def _few(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


# Returns


def _returns(request: Request, meeting: EntriesText, organisation: Organisation) -> Iterator[ReturnsState]:
    """Yield the returns that the papers of a meeting count, by plan and year."""
    stated = organisation.form.member.file
    name = organisation.file(stated) if stated else ""
    economies = read_yaml(Path(name), name, EconomiesFile, Problems()) if name else None
    years = _years_counted(request, meeting.document)
    if economies is None:
        return
    for (plan, year), days in sorted(years.items()):
        folder = f"inputs/{request.forum}/{plan}/{RETURNS}/{year}"
        files = {path.stem for path in Path(folder).glob("*.xlsx") if not path.name.startswith("~$")}
        listed = sorted(economies.form.economies, key=lambda form: form.order)
        has = {form.name: form.code.lower() in files for form in listed}
        dates = _dates_of_returns(request.work, plan, folder)
        yield ReturnsState(
            plan,
            year,
            tuple(name for name, returned in has.items() if returned),
            tuple(name for name, returned in has.items() if not returned),
            {name: dates[name] for name, returned in has.items() if returned and name in dates},
            max(days, default=None),
            _deadline(f"inputs/{request.forum}/{plan}/{RETURNS}/deadlines.yaml", year),
        )


def _deadline(file: str, year: int) -> datetime.date | None:
    deadlines = read_yaml(Path(file), file, DeadlinesFile, Problems()) if Path(file).is_file() else None
    return deadlines.form.returns_due.get(year) if deadlines else None


def _years_counted(
    request: Request, document: Document[MeetingFile]
) -> dict[tuple[str, int], set[datetime.date]]:
    """Return (plan, year) -> the days until which papers count, of the papers that count returns of a year."""
    kinds = read_kind_files(Path(), request.forum, Problems()).kinds
    found: dict[tuple[str, int], set[datetime.date]] = {}
    for entry in document.form.papers:
        kind = kinds.get(entry.kind)
        if kind and entry.plan and entry.year and _COUNT_RETURNS & {*kind.form.needs}:
            days = found.setdefault((entry.plan, entry.year), set())
            if day := entry.as_of or document.form.start:
                days.add(day)
    return found


def _dates_of_returns(work: Path, plan: str, folder: str) -> dict[str, str]:
    """Return name of an economy -> date of its return, of the returns in a folder that the last build read."""
    try:
        returns: Iterable[dict] = read_json(work / "model.json")["periods"][plan]["indicators"]["returns"]
    except (DamagedFile, KeyError, TypeError):
        return {}
    return {one["economy"]["name"]: one["date"] for one in returns if one["file"].startswith(f"{folder}/")}
