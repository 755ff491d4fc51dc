"""make pdf: tagged PDFs, the same bytes everywhere, only changed papers converted; and errors when LibreOffice fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from docx.oxml.ns import qn
from papers.pdf.convert import MeetingPdfs
from papers.pdf.libreoffice import convert, find_libreoffice
from papers.pdf.normalise import OPTIONS, normalise, read_properties, substitutes
from papers.store.cache import Cache
from papers.store.files import BuiltFile, digest
from project_tools import Project, Run, copy_built, copy_of
from reliability import count
from word_tools import part, words

MINI1, MINI2 = "inputs/mini/meetings/MINI1.yaml", "inputs/mini/meetings/MINI2.yaml"
PLAN = "2019/MINI1/19_mini1_003"
FILES = [PLAN, "2019/MINI2/19_mini2_001", "2019/MINI2/19_mini2_002rev1"]
SECTION = "inputs/mini/plan-2019-2020/sections/2-areas.md"


def script(path: Path, *lines: str) -> Path:
    """Write a substitute for LibreOffice: it prints a version, and runs `lines` when it should convert."""
    version = 'case "$*" in *--version*) echo "LibreOffice 7.4 (a stand-in)"; exit 0;; esac'
    path.write_text("\n".join(["#!/bin/sh", version, *lines, ""]), encoding="utf-8")
    path.chmod(0o755)
    return path


def recorder(folder: Path) -> tuple[str, Path]:
    """Return LibreOffice, and a file that gets a line with its arguments each time that it converts."""
    log = folder / "starts.txt"
    log.touch()
    return str(
        script(folder / "recorder", f"echo \"$@\" >> '{log}'", f"exec '{find_libreoffice()}' \"$@\"")
    ), log


def pdfs(project: Project) -> dict[str, str]:
    folder = project.root / "outputs" / "pdf"
    files = (path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Project, Run, list[str]]:
    """The miniature forum with its PDFs, the output, and the starts of LibreOffice; tests do not change it."""
    folder = tmp_path_factory.mktemp("made")
    project = copy_built(folder / "forum papers")
    program, log = recorder(folder)
    run = project.build("all", "pdfs", SOFFICE=program)
    assert run.code == 0, run.out + run.err
    return project, run, log.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def project(made, tmp_path) -> Project:
    """A copy of `made` that a test may change."""
    return copy_of(made[0], tmp_path / "forum papers")


# The PDFs


@pytest.mark.libreoffice
def test_every_paper_has_its_pdf_with_one_start_per_meeting(made):
    project, run, starts = made
    assert sorted(pdfs(project)) == [f"{file}.pdf" for file in FILES]
    assert len(starts) == 2 and sorted(start.count(".docx") for start in starts) == [1, 2]
    assert run.out.splitlines()[-1] == "3 PDFs in outputs/pdf, 3 of them new or changed."


@pytest.mark.libreoffice
@pytest.mark.parametrize("file", FILES)
def test_a_pdf_has_the_properties_of_its_paper(made, file):
    paper = read_properties((made[0].root / "outputs/papers" / f"{file}.docx").read_bytes())
    with pikepdf.open(made[0].root / "outputs/pdf" / f"{file}.pdf") as pdf:
        assert (pdf.docinfo.Title, pdf.Root.Lang) == (paper.title, paper.language) != ("", "")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle and pdf.Root.MarkInfo.Marked
        assert pdf.docinfo.CreationDate == "D:" + "".join(filter(str.isdigit, paper.date)) + "Z"
        assert "/DocChecksum" not in pdf.trailer
        with pdf.open_metadata() as xmp:
            assert xmp["dc:title"] == paper.title and xmp["xmp:CreateDate"] == paper.date
            assert (xmp["pdfuaid:part"], xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("1", "2", "B")


@pytest.mark.libreoffice
@pytest.mark.parametrize("file", FILES)
def test_the_bookmarks_are_the_headings(made, file):
    document = part((made[0].root / "outputs/papers" / f"{file}.docx").read_bytes(), "word/document.xml")
    styles = {p: p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") for p in document.iter(qn("w:p"))}
    headings = [
        (int(style.get(qn("w:val"))[-1]), words(paragraph))
        for paragraph, style in styles.items()
        if style is not None and style.get(qn("w:val")).startswith("Heading")
    ]
    with pikepdf.open(made[0].root / "outputs/pdf" / f"{file}.pdf") as pdf, pdf.open_outline() as outline:
        assert headings and flat(outline.root) == headings


def flat(items: list, level: int = 1) -> list[tuple[int, str]]:
    return [one for i in items for one in [(level, i.title), *flat(i.children, level + 1)]]


@pytest.mark.libreoffice
def test_a_manifest_has_the_programs_that_wrote_the_pdfs(made):
    manifest = json.loads((made[0].root / "outputs/work/mini/pdf/MINI1/manifest.json").read_bytes())
    assert (
        "LibreOffice" in manifest["made_with"] and f"pikepdf {pikepdf.__version__}" in manifest["made_with"]
    )


@pytest.mark.libreoffice
def test_pdfs_are_the_same_in_another_folder_time_zone_locale_and_profile(made, tmp_path):
    elsewhere = copy_built(tmp_path / "ailleurs" / "été")
    (tmp_path / "home").mkdir()
    run = elsewhere.build(
        "all", "pdfs", TZ="Pacific/Auckland", LC_ALL="de_DE.UTF-8", HOME=str(tmp_path / "home")
    )
    assert run.code == 0, run.err
    assert pdfs(elsewhere) == pdfs(made[0])


@pytest.mark.libreoffice
def test_a_pdf_converted_alone_is_the_same_as_one_converted_with_others(made, tmp_path):
    paper = made[0].root / "outputs/papers" / f"{FILES[2]}.docx"
    (alone,) = convert([paper], tmp_path, OPTIONS)
    ready = normalise(alone, read_properties(paper.read_bytes()), "alone")
    assert ready.data == (made[0].root / "outputs/pdf" / f"{FILES[2]}.pdf").read_bytes()


# Only what changed


@pytest.mark.libreoffice
def test_only_a_changed_paper_is_converted_again(project, tmp_path):
    program, log = recorder(tmp_path)
    before = pdfs(project)
    run = project.build("all", "pdfs", SOFFICE=program)
    assert run.code == 0 and log.read_text(encoding="utf-8") == ""
    assert run.out.splitlines()[-1] == "3 PDFs in outputs/pdf, 0 of them new or changed."

    project.replace(MINI2, "status: (Draft)", "status: (Final)")
    run = project.build()
    assert f"outputs/pdf/{FILES[1]}.pdf is of an older text; run make pdf" in run.err
    run = project.build("all", "pdfs", SOFFICE=program)
    assert run.code == 0 and "older text" not in run.err
    (start,) = log.read_text(encoding="utf-8").splitlines()
    assert start.count(".docx") == 1
    assert {file for file, made in pdfs(project).items() if made != before[file]} == {f"{FILES[1]}.pdf"}


@pytest.mark.libreoffice
def test_an_edited_pdf_is_kept_a_lost_one_written_again_and_that_of_no_paper_removed(project):
    before = pdfs(project)
    folder = project.root / "outputs" / "pdf"
    (folder / f"{FILES[1]}.pdf").write_bytes(b"%PDF-1.7 signed by the Chair")
    (folder / f"{FILES[0]}.pdf").unlink()
    meeting = project.root / MINI2
    kept, _ = meeting.read_text(encoding="utf-8").split("  - number: 2019/MINI2/002rev1")
    meeting.write_text(kept, encoding="utf-8")
    run = project.build("all", "pdfs")
    assert run.code == 0 and "the edited file is kept" in run.err
    edited = f"{FILES[1]} (edited copy 1).pdf"
    assert (folder / edited).read_bytes() == b"%PDF-1.7 signed by the Chair"
    assert sorted(pdfs(project)) == sorted([edited, *(f"{file}.pdf" for file in FILES[:2])])
    assert all(pdfs(project)[f"{file}.pdf"] == before[f"{file}.pdf"] for file in FILES[:2])


# Notices and errors


@pytest.mark.libreoffice
def test_a_heading_that_skips_a_level_is_reported_with_what_to_do(project):
    section = project.root / SECTION
    section.write_text(section.read_text(encoding="utf-8") + "\n### Deep down\n\nText.\n", encoding="utf-8")
    run = project.build("all", "pdfs")
    assert run.code == 0
    (note,) = [line for line in run.err.splitlines() if "Deep down" in line]
    assert (
        f"outputs/pdf/{PLAN}.pdf: found" in note
        and "of level 3 under one of level 1; expected level 2." in note
    )


@pytest.mark.libreoffice
def test_missing_fonts_are_reported_unless_replaced_by_fonts_of_the_same_widths(made, tmp_path):
    source = made[0].root / "outputs/papers" / f"{FILES[2]}.docx"
    other = tmp_path / "other.docx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"Arial"', b'"No Such Font"'))
    (pdf,) = convert([other], tmp_path, OPTIONS)
    assert normalise(pdf, read_properties(other.read_bytes()), "other").substitutes
    paper = {"number": "2019/MINI2/002rev1", "file": "other.docx", "sha256": digest(other.read_bytes())}
    meeting = MeetingPdfs(
        {"other.docx": BuiltFile(other, paper["sha256"])}, Cache(tmp_path / "cache"), "office"
    )
    meeting.convert([paper])
    (notice,) = [text for text in meeting.notices if "expected the fonts" in text]
    assert notice.startswith("outputs/pdf: found 2019/MINI2/002rev1 set in ")
    assert substitutes(["LiberationSans", "ArialMT", "OpenSymbol"], ["Arial"]) == []
    assert substitutes(["DejaVuSans", "LiberationSans"], ["Arial", "Calibri"]) == ["DejaVuSans"]


def test_without_libreoffice_the_error_says_how_to_install_it(tmp_path):
    project = copy_built(tmp_path / "forum")
    run = project.build("all", "pdfs", SOFFICE="", PATH="/nowhere")
    assert run.code == 1 and pdfs(project) == {}
    (message,) = [line for line in run.err.splitlines() if "LibreOffice" in line]
    for command in ("apt-get install libreoffice-writer", "brew install", "winget install"):
        assert command in message
    run = project.build("all", "pdfs", SOFFICE="/no/such/office")
    assert (
        run.code == 1
        and "SOFFICE: found /no/such/office, where no program is" in run.err
        and "apt-get" in run.err
    )


WORD = r'out=; for a; do [ "$last" = --outdir ] && out=$a; last=$a; done; name=$(basename "$a" .docx)'  # of the last paper
FAULTS = {
    "crashing": (["echo 'cannot open display' >&2", "exit 77"], "ended with exit code 77 and the message: cannot open display"),
    "killed": (["kill -SEGV $$"], "was ended by signal 11"),
    "without a PDF": (["exit 0"], "reported no error"),
    "truncating": ([WORD, 'printf "%%PDF-1.7 half" > "$out/$name.pdf"'], "reported no error"),
}  # fmt: skip


@pytest.mark.libreoffice
@pytest.mark.parametrize("fault", FAULTS)
def test_a_libreoffice_that_fails_twice_is_an_error_that_names_the_paper_and_the_reason(
    project, tmp_path, fault
):
    lines, reason = FAULTS[fault]
    tries = tmp_path / "tries"
    before = pdfs(project)
    run = adapter(project, script(tmp_path / "office", f"echo >> '{tries}'", *lines))
    assert run.code == 1 and len(run.err.splitlines()) == 1, run.err
    assert (
        f"outputs/papers/{PLAN}.docx: found no PDF of it after 2 tries of LibreOffice, which {reason}; expected one."
        in run.err
    )
    assert tries.read_text(encoding="utf-8") == "\n\n" and pdfs(project) == before
    count("Faults", f"LibreOffice {fault}: reported with the paper and what to do, PDFs unchanged", 1)


def adapter(project: Project, program: Path, meeting: str = "MINI1", **environment: str) -> Run:
    """Run the rule's own script with another LibreOffice."""
    return project.run(*command(meeting), SOFFICE=str(program), **environment)


def command(meeting: str) -> list[str]:
    options = {
        "filled": f"outputs/work/mini/filled/{meeting}",
        "work": "outputs/work/mini",
        "out": f"outputs/work/mini/pdf/{meeting}",
        "office": "a version",
        "processes": "1",
        "log": f"outputs/work/mini/logs/pdf-{meeting}.json",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [sys.executable, "scripts/pdf.py", *words]


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("%PDF-1.7\n%%EOF\n", "found a broken PDF; expected a whole one"),
        (None, "found a PDF without tags, the mark of PDF/UA-1, the mark of PDF/A-2b"),
    ],
)
def test_a_pdf_without_what_was_asked_for_is_not_delivered(project, tmp_path, content, problem):
    file = tmp_path / "strange.pdf"
    if content is None:
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.save(file)
    else:
        file.write_text(content, encoding="utf-8")
    before = pdfs(project)
    run = adapter(project, script(tmp_path / "office", WORD, f"cp '{file}' \"$out/$name.pdf\""))
    assert run.code == 1 and len(run.err.splitlines()) == 1
    assert f"outputs/papers/{PLAN}.docx: {problem}" in run.err and "un make pdf again" in run.err
    assert pdfs(project) == before


@pytest.mark.libreoffice
def test_a_second_try_converts_only_what_the_first_left_out(project, tmp_path):
    """The first start converts the first of two papers, then it crashes."""
    real, log = recorder(tmp_path)
    first = f"if [ ! -s '{log}' ]; then"
    crash = f'n=$#; while [ $n -gt 1 ]; do set -- "$@" "$1"; shift; n=$((n-1)); done; shift; \'{real}\' "$@"; exit 1; fi'
    run = adapter(project, script(tmp_path / "office", first, crash, f"exec '{real}' \"$@\""), "MINI2")
    assert run.code == 0, run.err
    starts = log.read_text(encoding="utf-8").splitlines()
    assert [next(word for word in s.split() if word.endswith(".docx"))[-6:] for s in starts] == [
        "0.docx",
        "1.docx",
    ]
    assert [start.count(".docx") for start in starts] == [1, 1]


def hanging(folder: Path) -> tuple[Path, Path]:
    """Return a LibreOffice that hangs in a child process, as the real one does, and the file with the id of that process."""
    child = folder / "child"
    return script(folder / "office", f"sleep 300 & echo $! >> '{child}'", "wait"), child


def living(child: Path) -> list[str]:
    """Return the processes that still run; a zombie has ended."""
    stats = {pid: Path(f"/proc/{pid}/stat") for pid in child.read_text(encoding="utf-8").split()}
    return [
        pid
        for pid, stat in stats.items()
        if stat.is_file() and stat.read_text(encoding="utf-8").rpartition(") ")[2][0] != "Z"
    ]


@pytest.mark.libreoffice
def test_a_hanging_libreoffice_is_stopped_and_reported_once_per_meeting(project, tmp_path):
    module = "scripts/papers/pdf/libreoffice.py"
    project.replace(module, "_START_TIMEOUT = 60", "_START_TIMEOUT = 1")
    project.replace(module, "_TIMEOUT_PER_PAPER = 20", "_TIMEOUT_PER_PAPER = 0")
    before = pdfs(project)
    program, child = hanging(tmp_path)
    run = project.build("all", "pdfs", SOFFICE=str(program))
    assert run.code == 1 and len(run.problems) == 2 and "Traceback" not in run.err
    assert all("which did not end within 1 s and was stopped" in problem for problem in run.problems)
    assert f"outputs/papers/{FILES[1]}.docx: found no PDF of it (nor of 1 more)" in run.err
    assert len(child.read_text(encoding="utf-8").split()) == 4 and not living(child)
    assert pdfs(project) == before
    count("Faults", "LibreOffice hanging: stopped with all its processes, reported once per meeting", 4)


def test_a_job_that_is_terminated_while_libreoffice_starts_still_stops_it(tmp_path, monkeypatch):
    program, child = hanging(tmp_path)
    paper, start = tmp_path / "paper.docx", subprocess.Popen
    paper.write_bytes(b"a paper")

    def start_and_terminate(*arguments, **options) -> subprocess.Popen:
        process = start(*arguments, **options)
        until = time.monotonic() + 60
        while not (child.exists() and child.read_text(encoding="utf-8")) and time.monotonic() < until:
            time.sleep(0.05)
        signal.raise_signal(signal.SIGTERM)
        return process

    monkeypatch.setenv("SOFFICE", str(program))
    monkeypatch.setattr(subprocess, "Popen", start_and_terminate)
    handler = signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    try:
        with pytest.raises(SystemExit):
            convert([paper], tmp_path, OPTIONS)
    finally:
        signal.signal(signal.SIGTERM, handler)
    until = time.monotonic() + 10
    while living(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not living(child)


@pytest.mark.libreoffice
def test_a_terminated_job_leaves_no_libreoffice_and_no_profile(project, tmp_path):
    program, child = hanging(tmp_path)
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, "SOFFICE": str(program), "TMPDIR": str(tmp_path / "tmp")}
    files = sorted(project.root.rglob("*"))
    with subprocess.Popen(command("MINI1"), cwd=project.root, env=environment, stderr=subprocess.PIPE) as job:
        until = time.monotonic() + 60
        while not (child.exists() and child.read_text(encoding="utf-8")) and time.monotonic() < until:
            time.sleep(0.05)
        job.send_signal(signal.SIGTERM)
        job.wait(60)
    until = time.monotonic() + 10
    while living(child) and time.monotonic() < until:  # a process that was killed may take a moment to end
        time.sleep(0.05)
    assert not living(child) and list((tmp_path / "tmp").iterdir()) == []
    assert [path for path in sorted(project.root.rglob("*")) if "__pycache__" not in path.parts] == [
        path for path in files if "__pycache__" not in path.parts
    ]
