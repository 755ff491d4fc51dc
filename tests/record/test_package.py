"""The packages of a meeting: for delegates, for the public, and of what changed since a day."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_tools import FOLDER, LEDGER, event, read, write
from organisation_tools import GRAMMAR
from papers.docx import zip_writer
from papers.ledger.append import ledger_lock
from papers.ledger.rules import Ledger
from papers.numbers import check_safe_path
from papers.problems import Problems
from papers.record import package
from papers.record.package import MOST_BYTES, package_file_name
from papers.record.session import Request, run_verb
from papers.store.stages import write_stage
from project_tools import ROOT, Project, copy_built, copy_of

MINI2 = "inputs/mini/meetings/MINI2.yaml"
LIST = """papers:
  - {number: 2019/MINI2/000, kind: classification-list, title: Document Classification List, submitted_by: [Chair]}
  - {number: 2019/MINI2/004, kind: agenda, title: Agenda, agenda_item: "6", submitted_by: [Chair]}
"""
NAMES = [
    "00 Document Classification List - 2019-MINI2-000.docx",
    "01 Agenda - 2019-MINI2-004.docx",
    "02 Item 6 - RESTRICTED - Implementation Schedule of the Mini Working Group - 2019-MINI2-001.docx",
    "03 Terms of Reference of the Mini Working Group - 2019-MINI2-002rev1.docx",
]
MANIFEST = "MANIFEST.csv"
SECRET = "2019/MINI2/001"


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Project:
    """The miniature forum, built; its second meeting has a list, an agenda and a restricted paper."""
    project = copy_built(tmp_path_factory.mktemp("packages") / "forum")
    project.replace(MINI2, "papers:\n", LIST)
    restricted = "    status: (Draft)\n    access: restricted\n    restricted_until: 2020-01-31\n"
    project.replace(MINI2, "    status: (Draft)\n", restricted)
    run = project.build()
    assert run.code == 0, run.err
    return project


@pytest.fixture
def project(once, tmp_path, monkeypatch) -> Project:
    project = copy_of(once, tmp_path / "forum")
    monkeypatch.chdir(project.root)
    return project


def pack(since: str = "", meeting: str = "MINI2") -> tuple[list[str], list[str]]:
    """Return the messages for the user, and the problems."""
    problems = Problems()
    order = Request("mini", GRAMMAR, meeting, (), "2019-08-21", "APEC Secretariat", "", since=since)
    with ledger_lock(Path(FOLDER)):
        return run_verb(package.write_packages, order, problems), problems.lines()


def opened(what: str) -> zipfile.ZipFile:
    opened = zipfile.ZipFile(package.PACKAGES / f"MINI2-{what}.zip")
    assert opened.testzip() is None
    return opened


def manifest(what: str) -> list[dict[str, str]]:
    text = opened(what).read(MANIFEST).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_package_has_list_and_agenda_first_then_the_papers_as_they_were_built(project):
    pack()
    assert opened("delegates").namelist() == [*NAMES, MANIFEST]
    built = {path.read_bytes() for path in Path("outputs/papers/2019/MINI2").glob("*.docx")}
    assert {opened("delegates").read(name) for name in NAMES} == built


def test_the_manifest_has_number_title_access_file_and_digest(project):
    pack()
    rows = manifest("delegates")
    assert [row["File"] for row in rows] == NAMES
    for row in rows:
        data = opened("delegates").read(row["File"])
        assert row["SHA-256"] == hashlib.sha256(data).hexdigest()
    secret = next(row for row in rows if row["Number"] == SECRET)
    assert secret["Access"] == "RESTRICTED, until 2020-01-31"
    assert {row["Access"] for row in rows if row is not secret} == {"Public"}
    assert {row["Issued"] for row in rows} == {"not issued yet"}


def test_the_public_package_does_not_mention_a_restricted_paper(project):
    pack("2019-01-01")
    public, secret = opened("public"), Path("outputs/papers/2019/MINI2/19_mini2_001.docx").read_bytes()
    assert len(public.namelist()) == len(NAMES)
    assert not any("RESTRICTED" in name or "2019-MINI2-001" in name for name in public.namelist())
    assert (
        "2019/MINI2/001" not in public.read(MANIFEST).decode()
        and "Schedule" not in public.read(MANIFEST).decode()
    )
    assert secret not in {public.read(name) for name in public.namelist()}
    assert [name[:2] for name in public.namelist()[:-1]] == ["00", "01", "02"]  # a gap would reveal it


def test_same_papers_same_bytes(project, monkeypatch):
    def packed() -> dict[str, bytes]:
        pack("2019-01-01")
        return {path.name: path.read_bytes() for path in sorted(package.PACKAGES.iterdir())}

    before = packed()
    assert sorted(before) == ["MINI2-delegates.zip", "MINI2-public.zip", "MINI2-since-2019-01-01.zip"]
    shutil.rmtree(package.PACKAGES)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    for path in Path("outputs/papers").rglob("*.docx"):
        os.utime(path, (1, 1))
    assert packed() == before


def test_a_package_since_a_day_has_what_was_issued_then_never_or_later_and_names_what_was_withdrawn(project):
    about = {"file": "x.docx", "kind": "agenda"}
    write(project.root, event("issued", "2019/MINI2/004", **about))  # on 2018-08-29
    write(project.root, event("issued", "2019/MINI2/009"), event("withdrawn", "2019/MINI2/009"))
    messages, _ = pack("2018-08-29")
    assert opened("since-2018-08-29").namelist() == [*NAMES, MANIFEST]
    assert "Changed since 2018-08-29: 2019/MINI2/004, issued on 2018-08-29" in messages
    assert manifest("since-2018-08-29")[-1]["Issued"] == "withdrawn on 2018-08-29"
    messages, _ = pack("2018-08-30")
    assert opened("since-2018-08-30").namelist() == [NAMES[0], *NAMES[2:], MANIFEST]
    never = f"2019/MINI2/000, {SECRET}, 2019/MINI2/002rev1: never issued, which counts as changed"
    assert f"Changed since 2018-08-30: {never}" in messages
    assert [row["Number"] for row in manifest("since-2018-08-30")] == [
        "2019/MINI2/000",
        SECRET,
        "2019/MINI2/002rev1",
    ]


def test_where_nothing_changed_since_there_is_no_package_of_that(project):
    for number, kind in (
        ("000", "classification-list"),
        ("001", "implementation-schedule"),
        ("004", "agenda"),
    ):
        write(project.root, event("issued", f"2019/MINI2/{number}", kind=kind))
    write(project.root, event("issued", "2019/MINI2/002rev1", kind="terms-of-reference"))
    package.PACKAGES.mkdir()
    old = package.PACKAGES / "MINI2-since-2018-08-30.zip"
    old.write_bytes(b"of an older build")
    assert "Nothing of MINI2 changed since 2018-08-30: no package of that." in pack("2018-08-30")[0]
    assert not old.exists() and opened("delegates")


def test_drafts_that_are_sent_are_recorded_once_and_what_was_issued_is_not_recorded_again(project):
    write(project.root, event("issued", "2019/MINI2/004", kind="agenda"))
    drafts = ["2019/MINI2/000", SECRET, "2019/MINI2/002rev1"]
    for _ in range(2):
        assert not pack()[1]
        rows, problems = read(project.root)
        assert not problems and [row.number for row in rows if row.event == "packed"] == drafts
    sent = next(row for row in rows if row.number == SECRET)
    assert (sent.date, sent.by, sent.kind) == ("2019-08-21", "APEC Secretariat", "implementation-schedule")
    assert sent.sha256 == hashlib.sha256(opened("delegates").read(NAMES[2])).hexdigest()


def test_a_number_that_was_sent_in_a_package_is_given_to_no_other_paper(project):
    pack()
    ledger = Ledger(GRAMMAR, read(project.root)[0])
    assert ledger.next_serial("2019/MINI2", None) == 5 and ledger.next_serial("2019/MINI2", 0) == 5
    for what in ("numbered", "packed", "issued"):
        refused = ledger.refusal(event(what, SECRET, kind="agenda"))
        assert "belongs to 'Implementation Schedule of the Mini Working Group'" in refused.found
    assert ledger.refusal(event("issued", SECRET, kind="implementation-schedule")) is None


def test_a_number_of_a_draft_that_nobody_got_may_be_given_to_another_paper():
    ledger = Ledger(GRAMMAR, [event("numbered", SECRET)])
    assert ledger.refusal(event("issued", SECRET, kind="agenda")) is None


def test_a_build_refuses_another_paper_under_a_number_that_was_sent_in_a_package(forum):
    write(forum.root, event("packed", SECRET, kind="agenda", file=""))
    (problem,) = forum.problems()
    assert f"{SECRET} at a paper of kind implementation-schedule; it belongs to" in str(problem)


def test_the_day_of_a_package_is_not_compared_with_that_of_an_issue(project):
    """The issue may be recorded after the package was made, under the day on which it was circulated."""
    pack()
    words = ("issue", f"paper={SECRET}", "date=2019-08-20", "by=APEC Secretariat")
    run = project.run(sys.executable, "scripts/forum_papers.py", *words)
    assert run.code == 0, run.err
    assert f"2019-08-20,issued,{SECRET}," in (project.root / LEDGER).read_text(encoding="utf-8")


def test_a_package_has_up_to_date_pdfs_only(project):
    converted = []
    for at, stem in enumerate(("19_mini2_000", "19_mini2_004")):
        pdf = package.PDFS / f"2019/MINI2/{stem}.pdf"
        pdf.parent.mkdir(parents=True, exist_ok=True)
        pdf.write_bytes(b"%PDF " + stem.encode())
        word = f"2019/MINI2/{stem}.docx"
        sha256 = hashlib.sha256(Path("outputs/papers", word).read_bytes()).hexdigest() if at == 0 else "older"
        converted.append({"file": f"2019/MINI2/{stem}.pdf", "of": {word: sha256}})
    write_stage(Path("outputs/work/mini") / "pdf/MINI2", {}, converted=converted)
    messages, _ = pack()
    pdfs = [name for name in opened("delegates").namelist() if name.endswith(".pdf")]
    assert pdfs == [NAMES[0].replace(".docx", ".pdf")]
    assert opened("delegates").read(pdfs[0]) == b"%PDF 19_mini2_000"
    rows = manifest("delegates")
    assert (rows[0]["PDF"], rows[0]["SHA-256 of the PDF"]) == (
        pdfs[0],
        hashlib.sha256(b"%PDF 19_mini2_000").hexdigest(),
    )
    assert (rows[1]["PDF"], rows[2]["PDF"]) == (package.OLD_PDF, package.NO_PDF)
    assert "Without an up-to-date PDF: 3 of 4; each manifest says which" in messages


def test_a_meeting_whose_papers_are_all_restricted_has_no_public_package(project):
    package.PACKAGES.mkdir()
    old = package.PACKAGES / "MINI1-public.zip"
    old.write_bytes(b"of an older build")
    model = Path("outputs/work/mini/model.json")
    model.write_text(model.read_text(encoding="utf-8").replace('"public"', '"restricted"'), encoding="utf-8")
    assert "Every paper is restricted: there is no public package." in pack(meeting="MINI1")[0]
    assert not old.exists() and (package.PACKAGES / "MINI1-delegates.zip").exists()


def test_an_edited_paper_is_not_packed(project):
    pack()
    before = opened("delegates").read(NAMES[0])
    paper = Path("outputs/papers/2019/MINI2/19_mini2_000.docx")
    paper.write_bytes(paper.read_bytes() + b"edited")
    messages, problems = pack()
    assert not messages and "edited since it was built" in problems[0]
    assert opened("delegates").read(NAMES[0]) == before


def test_an_unknown_meeting_is_reported_with_the_known_ones(project):
    (line,) = pack(meeting="MINI3")[1]
    assert "a meeting with papers: MINI1, MINI2. Did you mean" in line and not package.PACKAGES.exists()


def paper(
    title: str, number: str = "2019/MINI2/001", item: str = "", restricted: bool = False, label: str = ""
) -> SimpleNamespace:
    return SimpleNamespace(
        title=title,
        number=number,
        kind="work-plan",
        agenda_item=item,
        item_label=label,
        restricted=restricted,
    )


@pytest.mark.parametrize(
    ("title", "item", "name"),
    [
        ("Plan 2017-2020: review", "3(i)", "03 Item 3(i) - Plan 2017-2020 - review - 2019-MINI2-001"),
        ('"What?" <now>', "1/2", "03 Item 1-2 - 'What' (now) - 2019-MINI2-001"),
        ("Valparaíso…", "", "03 Valparaíso… - 2019-MINI2-001"),
        ("???", "", "03 2019-MINI2-001"),
        ("w" * 200, "", f"03 {'w' * (MOST_BYTES - 20)} - 2019-MINI2-001"),
        ("word " * 50, "", f"03 {'word ' * 19}word - 2019-MINI2-001"),
    ],
)
def test_a_name_is_readable_and_one_that_windows_can_hold(title, item, name):
    assert package_file_name(3, paper(title, item=item)) == name


def test_an_item_with_a_label_of_its_own_is_called_so():
    name = package_file_name(3, paper("Plan", item="1.2", label="Session"))
    assert name == "03 Session 1.2 - Plan - 2019-MINI2-001"


@given(st.text(max_size=300), st.text(max_size=8), st.booleans())
def test_every_title_gives_a_name_that_is_safe_short_and_marked(title, item, restricted):
    name = package_file_name(7, paper(title, item=item, restricted=restricted))
    assert check_safe_path(name) == name and "/" not in name
    assert len(name.encode()) <= MOST_BYTES and name.endswith("2019-MINI2-001")
    assert ("RESTRICTED - " in name) or not restricted


def test_names_with_accents_are_unpacked_as_they_are(project, tmp_path):
    data = zip_writer.build_zip([(*zip_writer.zip_entry("Añadir.txt", b"x"), "Añadir.txt".encode())])
    (tmp_path / "a.zip").write_bytes(data)
    assert zipfile.ZipFile(tmp_path / "a.zip").namelist() == ["Añadir.txt"]


@pytest.mark.slow
def test_make_package_passes_a_mistyped_option_on_and_it_is_refused():
    command = ["make", "-n", "package", "meeting=MINI2", "sinze=2019-01-01"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "forum_papers.py package 'meeting=MINI2' 'sinze=2019-01-01'" in " ".join(out.split())
    command = [sys.executable, "scripts/forum_papers.py", "package", "meeting=MINI2", "sinze=2019-01-01"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert (
        'found "sinze"; expected one of forum, meeting, since, date, by. Did you mean "since"?' in run.stderr
    )


def test_files_in_a_package_have_the_date_of_issue_and_drafts_the_earliest_one(project):
    write(project.root, event("issued", "2019/MINI2/004", kind="agenda"))  # on 2018-08-29
    pack()
    dates = {entry.filename: entry.date_time[:3] for entry in opened("delegates").infolist()}
    assert dates[NAMES[1]] == dates[MANIFEST] == (2018, 8, 29)
    assert {dates[name] for name in (NAMES[0], *NAMES[2:])} == {(1980, 1, 1)}


@pytest.mark.parametrize(
    ("day", "date"), [("2018-08-31", (2018, 8, 31)), ("", (1980, 1, 1)), ("1979-12-31", (1980, 1, 1))]
)
def test_a_day_before_zips_is_the_earliest_that_they_have(day, date):
    data = zip_writer.build_zip([(*zip_writer.zip_entry("a", b"x", date=zip_writer.zip_date(day)), b"a")])
    assert zipfile.ZipFile(io.BytesIO(data)).infolist()[0].date_time[:3] == date


@pytest.mark.libreoffice
def test_package_makes_the_pdfs_of_its_meeting_and_of_no_other(project):
    words = ("package", "meeting=MINI2", "date=2019-08-21", "by=APEC Secretariat")
    run = project.run(sys.executable, "scripts/forum_papers.py", *words)
    assert run.code == 0, run.err
    pdfs = {path.name for path in Path("outputs/pdf").rglob("*.pdf")}
    assert pdfs == {f"19_mini2_{serial}.pdf" for serial in ("000", "001", "002rev1", "004")}
    for what, count in (("delegates", 4), ("public", 1)):  # list and agenda are public editions, without PDFs
        assert sum(name.endswith(".pdf") for name in opened(what).namelist()) == count
    assert "up-to-date PDF" not in run.out
    run = project.run(sys.executable, "scripts/forum_papers.py", "verify")
    assert run.code == 0, run.out + run.err


def test_without_libreoffice_a_package_says_that_its_pdfs_are_left_out(project):
    words = ("package", "meeting=MINI2", "date=2019-08-21", "by=APEC Secretariat")
    run = project.run(sys.executable, "scripts/forum_papers.py", *words, SOFFICE="no-such-office")
    assert run.code == 0 and "The packages are made without PDFs that are not there yet. " in run.err
    assert "Without an up-to-date PDF: 4 of 4; each manifest says which" in run.out
