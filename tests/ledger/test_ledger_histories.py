"""Random histories of papers on real files: numbers stay, files stay, revisions follow each other.

LEDGER_EXAMPLES sets how many histories are run:
LEDGER_EXAMPLES=100000 .venv/bin/python -m pytest tests/ledger/test_ledger_histories.py
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import yaml
from examples import examples
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from organisation_tools import GRAMMAR
from papers.inputs.unread import Unread
from papers.ledger.append import ledger_lock
from papers.ledger.archive import check_archive
from papers.ledger.file import read_ledger
from papers.ledger.rules import ledger_of
from papers.model.issued import check_issued
from papers.problems import Place, Problems
from papers.record import issue, number, revise, withdraw
from papers.record.built_papers import PAPERS
from papers.record.session import Request, run_verb
from papers.store.cache import Cache
from papers.store.files import digest

WORK = Path("outputs/work/mini")
MEETINGS = ("MINI1", "MINI2")
KINDS = ("work-plan", "agenda", "classification-list", "strategic-plan")
START = """# the file of a meeting
code: {code}
start: 2018-09-12   # a Wednesday
agenda: []
papers: []
"""
meetings, some = st.sampled_from(MEETINGS), st.integers(0, 9)


class Papers(RuleBasedStateMachine):
    """Each paper has a note that no command changes: by it, its number in the ledger is checked."""

    def __init__(self):
        super().__init__()
        self.before = Path.cwd()
        self.root = Path(tempfile.mkdtemp())
        os.chdir(self.root)
        self.sources = patch.object(
            issue, "_sources", lambda *_: b"sources"
        )  # of a text that is not worded here
        self.sources.start()
        for code in MEETINGS:
            self.path(code).parent.mkdir(parents=True, exist_ok=True)
            self.path(code).write_text(START.format(code=code), encoding="utf-8")
        Path("config.yaml").write_text("forum: mini\n", encoding="utf-8")
        self.made, self.rows = 0, []
        self.owner: dict[str, str] = {}  # number without revision -> note of the paper
        self.kept: dict[str, bytes] = {}

    def teardown(self):
        self.sources.stop()
        os.chdir(self.before)
        shutil.rmtree(self.root)

    def path(self, code: str) -> Path:
        return Path("inputs/mini/meetings") / f"{code}.yaml"

    def entries(self, code: str) -> list[dict]:
        return yaml.safe_load(self.path(code).read_text(encoding="utf-8"))["papers"]

    def numbered(self) -> list[tuple[str, dict]]:
        return [(code, entry) for code in MEETINGS for entry in self.entries(code) if "number" in entry]

    def blocks(self, code: str) -> tuple[str, list[str]]:
        """Return the text above the papers, and the lines of each paper."""
        head, *entries = re.split(r"(?m)^(?=  - )", self.path(code).read_text(encoding="utf-8"))
        return head, entries

    def put(self, code: str, head: str, entries: list[str]) -> None:
        head = re.sub(r"papers:.*\n", "papers:\n" if entries else "papers: []\n", head)
        self.path(code).write_text(head + "".join(entries), encoding="utf-8")

    def request(
        self, meeting: str = "", *papers: str, correction: bool = False, why: str = "a reason"
    ) -> Request:
        return Request("mini", GRAMMAR, meeting, papers, "2018-08-29", "APEC Secretariat", why, correction)

    def perform(self, verb, request: Request) -> bool:
        problems = Problems()
        with ledger_lock(Path("inputs/mini/issued")):
            run_verb(verb, request, problems)
        return not problems

    def build(self) -> bool:
        """Build, as far as the ledger is concerned: every paper is the text of its entry."""
        problems, tabled = Problems(), []
        ledger = ledger_of(read_ledger(Path(), "mini", problems), GRAMMAR, problems)
        for code in MEETINGS:
            papers = [
                SimpleNamespace(
                    set_aside="",
                    number=GRAMMAR.parse(e["number"]) if "number" in e else None,
                    kind=e["kind"],
                    supersedes=e.get("supersedes", ""),
                    place=Place(code),
                )
                for e in self.entries(code)
            ]
            if any(paper.number is None for paper in papers):
                return False
            tabled.append(SimpleNamespace(code=code, papers=papers))
        check_issued(tabled, ledger, "mini", Unread(), problems)
        made = [(code, entry, yaml.safe_dump(entry).encode()) for code, entry in self.numbered()]
        differing = [
            e for _, e, data in made if (i := ledger.issued(e["number"])) and i.sha256 != digest(data)
        ]
        if problems or differing:
            return False
        self.deliver(made)
        return True

    def deliver(self, made: list[tuple[str, dict, bytes]]) -> None:
        known = {}
        for code in MEETINGS:
            papers, digests = [], {}
            for entry, data in [(entry, data) for where, entry, data in made if where == code]:
                file = f"2018/{code}/{entry['number'].rsplit('/', 1)[1].lower()}.docx"
                place = PAPERS / file
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
                digests[file] = digest(data)
                about = {key: entry[key] for key in ("number", "title", "kind")}
                papers.append(
                    {**about, "file": file, "restated": False, "made_from": [self.path(code).as_posix()]}
                )
            manifest = WORK / "filled" / code / "manifest.json"
            manifest.parent.mkdir(parents=True, exist_ok=True)
            manifest.write_text(json.dumps({"files": digests, "blank_contents": []}), encoding="utf-8")
            known |= {code: papers} if papers else {}
        written = WORK / "contexts/papers.json"
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(json.dumps(known), encoding="utf-8")

    @rule(code=meetings, kind=st.sampled_from(KINDS), flow=st.booleans())
    def add_a_paper(self, code, kind, flow):
        self.made += 1
        words = [
            f"kind: {kind}",
            f"title: Paper {self.made}",
            "submitted_by: [Chair]",
            f"notes: paper {self.made}",
        ]
        block = (
            "  - {" + ", ".join(words) + "}  # kept\n"
            if flow
            else "  - " + "\n    ".join(words) + "  # kept\n"
        )
        head, entries = self.blocks(code)
        self.put(code, head, [*entries, block])

    @rule(code=meetings, at=some)
    def change_a_title(self, code, at):
        head, entries = self.blocks(code)
        if entries:
            entries[at % len(entries)] = re.sub(
                r"title: Paper", "title: Better Paper", entries[at % len(entries)]
            )
            self.put(code, head, entries)

    @rule(code=meetings)
    def reorder_the_papers(self, code):
        head, entries = self.blocks(code)
        self.put(code, head, entries[::-1])

    @rule(code=meetings, correction=st.booleans())
    def make_number(self, code, correction):
        before = [entry.get("number") for entry in self.entries(code)]
        self.perform(number.number_papers, self.request(code, correction=correction))
        after = [entry.get("number") for entry in self.entries(code)]
        assert all(old in (None, new) for old, new in zip(before, after, strict=True))

    @initialize()
    def a_meeting_begins(self):
        for code in MEETINGS:
            for kind in KINDS[:2]:
                self.add_a_paper(code, kind, False)
        self.make_issue(MEETINGS[0], True)

    @rule(code=meetings, numbered=st.booleans())
    def make_issue(self, code, numbered):
        for meeting in MEETINGS if numbered else ():
            self.make_number(meeting, False)
        if self.build() and self.perform(issue.issue_papers, self.request(code)):
            for entry in self.entries(code):
                file = (
                    Path("inputs/mini/issued/2018")
                    / code
                    / f"{entry['number'].rsplit('/', 1)[1].lower()}.docx"
                )
                assert (
                    self.kept.setdefault(file.as_posix(), file.read_bytes()) == yaml.safe_dump(entry).encode()
                )

    @precondition(lambda self: self.numbered())
    @rule(at=some, mistaken=st.integers(0, 5))
    def make_revise(self, at, mistaken):
        code, entry = self.numbered()[at % len(self.numbered())]
        frozen = any(row.event == "frozen" and row.meeting == code for row in self.rows)
        correction = frozen != (mistaken == 5)
        self.perform(revise.revise_papers, self.request("", entry["number"], correction=correction))

    @precondition(lambda self: self.numbered())
    @rule(at=some)
    def make_withdraw(self, at):
        code, entry = self.numbered()[at % len(self.numbered())]
        if self.perform(withdraw.withdraw_papers, self.request("", entry["number"])):
            assert entry["notes"] not in [left["notes"] for left in self.entries(code)]

    @rule(code=meetings)
    def make_freeze(self, code):
        if self.build():
            self.perform(issue.freeze_meeting, self.request(code))

    @invariant()
    def the_ledger_is_whole_and_only_grows(self):
        problems = Problems()
        file = read_ledger(Path(), "mini", problems)
        ledger = ledger_of(file, GRAMMAR, problems)
        notes = check_archive("mini", ledger, Cache(WORK / "cache"), problems)
        assert not problems, problems.lines()
        assert not notes
        assert file.rows[: len(self.rows)] == self.rows
        self.rows = file.rows

    @invariant()
    def a_number_belongs_to_one_paper_for_ever(self):
        for _, entry in self.numbered():
            assert self.owner.setdefault(GRAMMAR.base_of(entry["number"]), entry["notes"]) == entry["notes"]
        bases = [GRAMMAR.base_of(entry["number"]) for _, entry in self.numbered()]
        assert len(set(bases)) == len(bases)

    @invariant()
    def revisions_have_no_gap_and_what_was_issued_stays(self):
        issued: dict[str, list[int]] = {}
        for row in self.rows:
            if row.event == "issued":
                issued.setdefault(GRAMMAR.base_of(row.number), []).append(GRAMMAR.split(row.number)[1])
        assert all(revisions == list(range(len(revisions))) for revisions in issued.values())
        assert all(Path(file).read_bytes() == data for file, data in self.kept.items())

    @invariant()
    def after_a_freeze_only_corrections_with_a_reason_lead_to_anything(self):
        frozen: dict[str, set[str]] = {}
        for row in self.rows:
            if row.event == "corrected":
                assert row.why
                frozen[row.meeting].add(row.number)
            elif row.event != "frozen" and row.meeting in frozen:
                assert row.event == "issued"
                assert row.number in frozen[row.meeting]
            elif row.event == "frozen":
                frozen.setdefault(row.meeting, set())

    @invariant()
    def comments_survive(self):
        for code in MEETINGS:
            text = self.path(code).read_text(encoding="utf-8")
            assert text.startswith("# the file of a meeting\n") and "# a Wednesday" in text
            assert text.count("# kept") == len(self.entries(code))


TestPapers = Papers.TestCase
TestPapers.settings = examples(
    int(os.environ.get("LEDGER_EXAMPLES", "12")),
    stateful_step_count=30,
    suppress_health_check=list(HealthCheck),
)
