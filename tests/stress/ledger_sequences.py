"""Random sequences of number, issue, revise, withdraw, freeze and re-table, checked against the rules of numbers.

The program's own planning, numbering, tabling, reading and rules run. Only the files (of the meetings, the ledger, the
papers) are replaced by objects in memory, so that 100,000 sequences can be run: make soak.
tests/ledger/test_ledger_histories.py runs fewer sequences on real files.
"""

from __future__ import annotations

import operator
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import SimpleNamespace
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from organisation_tools import GRAMMAR
from papers.inputs.schemas import MeetingFile, PaperEntry, Tabling, TablingFile
from papers.inputs.unread import Unread
from papers.inputs.yaml import Document
from papers.ledger.append import chain
from papers.ledger.file import HEADER, LedgerFile, LedgerRow, csv_line, end_text, parse_ledger
from papers.ledger.rules import Ledger, ledger_of
from papers.model.issued import check_issued
from papers.model.tabling import with_tablings
from papers.problems import Place, Problems
from papers.record import issue, number, package, paper_places, revise, session, withdraw
from papers.record.built_papers import BuiltPaper
from papers.record.session import LedgerSession, Request, run_verb
from papers.store.files import digest

MEETINGS = ("MINI1", "MINI2")
KINDS = ("work-plan", "agenda", "classification-list", "strategic-plan")
meetings, some = st.sampled_from(MEETINGS), st.integers(0, 9)


class Killed(Exception):
    """The command was killed between the ledger and the files."""


@dataclass
class Text:
    """A file of papers in memory: `save` makes the edits of `set` permanent."""

    form: MeetingFile | TablingFile
    key: str
    pending: list = field(default_factory=list)
    killed: bool = False

    def __post_init__(self):
        self.pending = list(self.saved_entries)

    @property
    def saved_entries(self) -> list:
        return getattr(self.form, self.key)

    @property
    def entries(self) -> list:
        return self.pending

    @property
    def document(self) -> Document:
        return Document("a file", self.form, None)

    def set(self, index: int, key: str, value: str, after: str = "") -> None:
        self.pending[index] = self.pending[index].model_copy(update={key: value})

    @property
    def edit(self) -> Text:
        return self

    @property
    def before(self) -> list:
        return self.saved_entries

    @property
    def after(self) -> list:
        return self.pending

    def remove(self, index: int) -> None:
        del self.pending[index]

    def write(self) -> None:
        if self.killed:
            raise Killed
        self.put(self.pending)

    def put(self, entries: list) -> None:
        self.form = self.form.model_copy(update={self.key: list(entries)})
        self.pending = list(entries)


class Sequences(RuleBasedStateMachine):
    """Each paper has a note that no command changes: by it, its number in the ledger is checked."""

    ran, steps, events = 0, 0, Counter()  # of all sequences, for the report of make soak

    def __init__(self):
        super().__init__()
        about = {"agenda": [], "papers": []}
        self.texts = {
            code: Text(
                MeetingFile.model_validate({"code": code, "number_prefix": f"2018/{code}", **about}), "papers"
            )
            for code in MEETINGS
        }
        self.tabling = Text(TablingFile(tabled=[]), "tabled")
        self.rows: list[LedgerRow] = []
        self.kept: dict[str, bytes] = {}  # file -> the paper as circulated
        self.owner: dict[str, str] = {}  # number without revision -> note of the paper
        self.sent: set[str] = set()  # numbers without revision that were in a package
        self.made = self.checked = 0
        self.known = Ledger(GRAMMAR)
        self.as_read: tuple[list, list[Document]] = ([], [])
        self.built: list[tuple[BuiltPaper, bytes]] = []
        self.patches = self.replace_files()

    def replace_files(self) -> ExitStack:
        """Replace the functions that read and write files."""
        stack = ExitStack()
        replacements = {
            (number, "find_papers"): self.find_papers,
            (revise, "find_papers"): self.find_papers,
            (withdraw, "find_papers"): self.find_papers,
            (session, "begin_edits"): lambda *_: None,
            (session, "end_edits"): lambda *_: None,
            (session, "open_session"): self.open_session,
            (session, "append"): self.append,
            (session, "rewrite_end"): lambda *_: None,  # there is no file
            (issue, "built_papers"): self.built_papers,
            (issue, "read_as_built"): lambda _, paper: self.data_of(paper),
            (issue, "_sources"): lambda *_: b"sources",
            (issue, "archive_paper"): self.archive,
            (issue, "begin_issue"): lambda *_: None,
            (issue, "end_issue"): lambda *_: None,
            (issue, "find_papers"): self.find_papers,
            (LedgerSession, "read_drafts"): lambda *_: None,
        }
        for (module, name), function in replacements.items():
            stack.enter_context(patch.object(module, name, function))
        return stack

    def teardown(self):
        self.patches.close()
        Sequences.ran += 1
        Sequences.events.update(row.event for row in self.rows)
        problems = Problems()
        text = "".join(f"{line}\n" for line in [HEADER, *map(csv_line, self.rows)])
        kept = end_text(len(self.rows), self.rows[-1].check if self.rows else "")
        assert parse_ledger(text, kept, "ledger.csv", problems).rows == self.rows and not problems

    # In place of files

    def find_papers(self, request: Request, problems: Problems):
        texts = list(self.texts.values())
        for text in [*texts, self.tabling]:
            text.pending = list(text.saved_entries)
        listed = self.tabling if self.tabling.saved_entries else None
        return texts, [
            paper_places.place_of_paper(text, at, listed) for text in texts for at in range(len(text.entries))
        ]

    def ledger(self) -> Ledger:
        """Return the ledger as it is, which the caller does not change."""
        if len(self.known.events) != len(self.rows):
            self.known = self.fresh_ledger(Problems())
        return self.known

    def fresh_ledger(self, problems: Problems) -> Ledger:
        ledger = ledger_of(LedgerFile("ledger.csv", self.rows), GRAMMAR, problems)
        assert not problems, problems.lines()
        return ledger

    def open_session(self, request: Request, problems: Problems):
        return LedgerSession(request, self.fresh_ledger(problems), problems), self.rows[
            -1
        ] if self.rows else None

    def append(self, folder, events: list[LedgerRow], last: LedgerRow | None) -> list[LedgerRow]:
        written = chain(events, last)
        self.rows += written
        return written

    def archive(self, forum: str, file: str, data: bytes, sources: bytes) -> None:
        assert self.kept.setdefault(file, data) == data, "a circulated paper was overwritten"

    def built_papers(self, request: Request, problems: Problems) -> list[BuiltPaper]:
        return [paper for paper, _ in self.built if paper.meeting == request.meeting]

    def data_of(self, paper: BuiltPaper) -> bytes:
        return next(data for built, data in self.built if built is paper)

    # What the user and the commands do

    def entries(self, code: str) -> list[PaperEntry]:
        """Return the papers of a meeting as a build sees them, with the numbers of the list of tablings."""
        return self.read()[MEETINGS.index(code)].form.papers

    def read(self) -> list[Document]:
        forms = [self.texts[code].form for code in MEETINGS] + [self.tabling.form]
        if not all(map(operator.is_, forms, self.as_read[0])) or not self.as_read[0]:
            problems = Problems()
            names = [f"inputs/mini/meetings/{code}.yaml" for code in MEETINGS]
            documents = [Document(name, form, None) for name, form in zip(names, forms, strict=False)]
            listed = Document("tabling.yaml", forms[-1], None) if forms[-1].tabled else None
            self.as_read = forms, with_tablings(documents, listed, Unread(), problems)
            assert not problems, problems.lines()
        return self.as_read[1]

    def numbered(self) -> list[tuple[str, int, PaperEntry]]:
        return [
            (code, at, entry)
            for code in MEETINGS
            for at, entry in enumerate(self.entries(code))
            if entry.number is not None
        ]

    def do(
        self, verb, meeting: str = "", *papers: str, correction: bool = False, killed: bool = False
    ) -> bool:
        problems = Problems()
        request = Request(
            "mini", GRAMMAR, meeting, papers, "2018-08-29", "APEC Secretariat", "a reason", correction
        )
        texts = [*self.texts.values(), self.tabling]
        for text in texts:
            text.killed = killed
        try:
            run_verb(verb, request, problems)
        except Killed:
            return False
        return not problems

    def build(self) -> bool:
        """Build, as far as the ledger is concerned: a paper is the text of its entry."""
        self.built, problems, ledger = [], Problems(), self.ledger()
        for document in self.read():
            code, papers = document.form.code, document.form.papers
            if any(entry.number is None for entry in papers):
                return False
            papers_of_meeting = [
                SimpleNamespace(
                    set_aside="",
                    number=GRAMMAR.parse(e.number),
                    kind=e.kind,
                    supersedes=e.supersedes or "",
                    place=Place(code),
                )
                for e in papers
            ]
            check_issued(
                [SimpleNamespace(code=code, papers=papers_of_meeting)],
                self.of_meeting(ledger, code),
                "mini",
                Unread(),
                problems,
            )
            for entry in papers:
                file = f"2018/{code}/{entry.number.rpartition('/')[2].lower()}.docx"
                data = f"{entry.number} {entry.kind} {entry.title}".encode()
                event = ledger.issued(entry.number)
                if event and event.sha256 != digest(data):
                    return False
                self.built.append((BuiltPaper(entry.number, entry.title, entry.kind, file, code, ()), data))
        return not problems

    @staticmethod
    def of_meeting(ledger: Ledger, code: str) -> SimpleNamespace:
        """Return the ledger of a meeting's papers alone; check_issued would report that others are missing."""
        own = {base: standing for base, standing in ledger.papers.items() if standing.meeting == code}
        return SimpleNamespace(papers=own, frozen=ledger.frozen, grammar=GRAMMAR, others=ledger.others)

    @rule(code=meetings, kind=st.sampled_from(KINDS))
    def add_a_paper(self, code, kind):
        self.made += 1
        words = {
            "kind": kind,
            "title": f"Paper {self.made}",
            "submitted_by": ["Chair"],
            "notes": f"paper {self.made}",
        }
        text = self.texts[code]
        text.put([*text.saved_entries, PaperEntry(**words)])

    @rule(code=meetings, at=some)
    def change_a_title(self, code, at):
        text = self.texts[code]
        if entries := list(text.saved_entries):
            entry = entries[at % len(entries)]
            entries[at % len(entries)] = entry.model_copy(update={"title": f"Better {entry.title}"})
            text.put(entries)

    @rule(code=meetings)
    def reorder_the_papers(self, code):
        self.texts[code].put(self.texts[code].saved_entries[::-1])

    @rule(code=meetings, correction=st.booleans(), killed=some)
    def make_number(self, code, correction, killed):
        before = [entry.number for entry in self.entries(code)]
        self.do(number.number_papers, code, correction=correction, killed=killed == 9)
        after = [entry.number for entry in self.entries(code)]
        assert all(old in (None, new) for old, new in zip(before, after, strict=True)), "a number was moved"

    @initialize()
    def a_meeting_begins(self):
        for code in MEETINGS:
            for kind in KINDS[:2]:
                self.add_a_paper(code, kind)
        self.make_issue(MEETINGS[0], True)

    @rule(code=meetings, numbered=st.booleans())
    def make_issue(self, code, numbered):
        for meeting in MEETINGS if numbered else ():
            self.do(number.number_papers, meeting)
        if self.build() and self.do(issue.issue_papers, code):
            assert all(self.kept[paper.file] == data for paper, data in self.built if paper.meeting == code)

    @precondition(lambda self: self.numbered())
    @rule(at=some, mistaken=some, killed=some)
    def make_revise(self, at, mistaken, killed):
        code, _, entry = self.numbered()[at % len(self.numbered())]
        frozen = code in self.ledger().frozen
        correction = frozen != (mistaken == 9)
        self.do(revise.revise_papers, "", entry.number, correction=correction, killed=killed == 9)

    @precondition(lambda self: self.kept)
    @rule(at=some)
    def a_change_is_circulated(self, at):
        """Change, revise and issue a paper, so that papers with many revisions are frequent."""
        ledger = self.ledger()
        entries = [one for one in self.numbered() if ledger.issued(one[2].number)]
        if not entries:
            return
        code, where, entry = entries[at % len(entries)]
        self.change_a_title(code, where)
        self.do(revise.revise_papers, "", entry.number, correction=code in ledger.frozen)
        self.make_issue(code, True)

    @precondition(lambda self: self.numbered())
    @rule(at=some)
    def make_withdraw(self, at):
        _, _, entry = self.numbered()[at % len(self.numbered())]
        if not self.do(withdraw.withdraw_papers, "", entry.number):
            return
        bases = {GRAMMAR.base_of(one.number) for _, _, one in self.numbered()}
        assert GRAMMAR.base_of(entry.number) not in bases, "the entry of a withdrawn paper is left"

    @rule(code=meetings)
    def make_package(self, code):
        """Send the papers of a meeting: their numbers then belong to them, issued or not."""
        if not self.build():
            return
        papers = [
            SimpleNamespace(**vars(paper), data=data) for paper, data in self.built if paper.meeting == code
        ]
        if self.do(lambda session: package.record_drafts(session, papers) and None, code):
            self.sent |= {GRAMMAR.base_of(paper.number) for paper in papers}

    @precondition(lambda self: self.numbered())
    @rule(at=some)
    def delete_a_draft(self, at):
        """Delete the entry of a paper that was not issued; the next one gets its number only if nobody has it."""
        code, where, entry = self.numbered()[at % len(self.numbered())]
        base = GRAMMAR.base_of(entry.number)
        if entry.tabled or (base in self.ledger().papers and self.ledger().papers[base].issued):
            return
        left = list(self.texts[code].saved_entries)
        left.pop(where)
        self.texts[code].put(left)
        if base not in self.sent:
            self.owner.pop(base, None)

    @rule(code=meetings)
    def make_freeze(self, code):
        if self.build():
            self.do(issue.freeze_meeting, code)

    @precondition(lambda self: self.numbered())
    @rule(at=some)
    def re_table_a_paper(self, at):
        """Add a line for each meeting to the list of tablings; the number of this meeting moves there."""
        code, where, entry = self.numbered()[at % len(self.numbered())]
        other = MEETINGS[1 - MEETINGS.index(code)]
        if entry.tabled or entry.kind in KINDS[1:3]:
            return
        name = f"{entry.notes} again"
        here = Tabling(paper=name, meeting=code, number=entry.number, supersedes=entry.supersedes)
        self.tabling.put([*self.tabling.saved_entries, here, Tabling(paper=name, meeting=other)])
        bare = {"tabled": name, "number": None, "supersedes": None}
        entries = list(self.texts[code].saved_entries)
        entries[where] = entries[where].model_copy(update=bare)
        self.texts[code].put(entries)
        self.made += 1
        new = entry.model_copy(update={**bare, "notes": f"paper {self.made}"})
        self.texts[other].put([*self.texts[other].saved_entries, new])

    # What must be true after every step

    @invariant()
    def a_number_belongs_to_one_paper_for_ever(self):
        Sequences.steps += 1
        there = [(GRAMMAR.base_of(entry.number), entry.notes) for _, _, entry in self.numbered()]
        assert len({base for base, _ in there}) == len(there), "two papers share a number"
        for base, note in there:
            assert self.owner.setdefault(base, note) == note, "a number was given to another paper"

    @invariant()
    def what_the_ledger_says_keeps_the_rules(self):
        if len(self.rows) > self.checked:
            self.checked = len(self.rows)
            self.a_changed_paper_is_a_revision_and_revisions_have_no_gap()
            self.what_was_withdrawn_or_frozen_stays()

    def a_changed_paper_is_a_revision_and_revisions_have_no_gap(self):
        issued: dict[str, list[int]] = {}
        begun: dict[str, int] = {}
        for row in self.rows:
            base, revision = GRAMMAR.split(row.number)
            if row.event == "issued":
                assert digest(self.kept[row.file]) == row.sha256
                assert issued.setdefault(base, []) == list(range(revision)), (
                    "a revision was left out, or issued twice"
                )
                issued[base].append(revision)
                assert not revision or begun[base] == revision, "a revision that nobody began was issued"
            elif row.event in ("revised", "corrected"):
                begun[base] = revision

    def what_was_withdrawn_or_frozen_stays(self):
        frozen: dict[str, set[str]] = {}
        withdrawn: set[str] = set()
        for row in self.rows:
            assert GRAMMAR.base_of(row.number) not in withdrawn, "a withdrawn paper came back"
            if row.event == "withdrawn":
                withdrawn.add(GRAMMAR.base_of(row.number))
            if row.event == "frozen":
                frozen.setdefault(row.meeting, set())
            elif row.event == "corrected":
                assert row.why
                frozen[row.meeting].add(row.number)
            elif row.meeting in frozen:
                assert row.event == "issued" and row.number in frozen[row.meeting], "a frozen meeting changed"
