"""Measure a meeting's PDFs: one start of LibreOffice for all, in one process and in two, and a start for each paper.

Run: .venv/bin/python benchmarks/pdf.py [turns]
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import forum
import pikepdf
from papers.pdf.libreoffice import export_filter, find_libreoffice
from papers.pdf.normalise import OPTIONS
from papers.store.files import digest
from turns import measure_in_turn

PAPERS, TURNS = 15, 3
ONE_START, TWO_AT_ONCE = 3.0, 5.5  # the targets: times faster than a start for each paper
AFTER_EDIT = 1.5  # the target: greatest time, compared with one start for the one paper that changed


def main(turns: int) -> int:
    """Measure and print."""
    pages, plain, one, two = measure(turns)
    print(f"{PAPERS} papers of {pages} pages, a start for each paper: {plain:.1f} s")
    for what, seconds, target in (("one start", one, ONE_START), ("two at once", two, TWO_AT_ONCE)):
        print(f"{what}: {seconds:.1f} s, {plain / seconds:.1f} x (at least {target} x)")
    start, edited = measure_edit(turns)
    print(
        f"one start for one paper: {start:.1f} s; make pdf after an edit that changes one paper: {edited:.1f} s,"
    )
    print(f"{edited / start:.1f} x (at most {AFTER_EDIT} x)")
    return 0


def measure_edit(turns: int) -> tuple[float, float]:
    """Return the seconds of one start for one paper, and of `make pdf` after an edit that changes that paper."""
    with tempfile.TemporaryDirectory() as folder:
        work, project = Path(folder), Path(folder) / "project"
        forum.copy_project(project)
        make_pdf = partial(forum.run, project, sys.executable, "scripts/forum_papers.py", "pdf")
        make_pdf()
        paper = next((project / "outputs/papers").rglob(f"*{forum.EDITED.lower()}*.docx"))
        edits = count()
        _, start, edited = measure_in_turn(
            turns,
            lambda: forum.edit_cell(project, f"A synthetic activity, edit {next(edits)}"),
            partial(_convert_one_by_one, [paper], work),
            make_pdf,
        )
        return start, edited


def measure(turns: int) -> tuple[int, float, float, float]:
    """Return the pages of a paper, and wall seconds with a start for each paper, with one start, with two at once."""
    with tempfile.TemporaryDirectory() as folder:
        work, project = Path(folder), Path(folder) / "project"
        forum.copy_project(project)
        forum.run(project, sys.executable, "scripts/forum_papers.py", "build")
        files = _make_meeting(project)
        jobs = (partial(_run_pdf_job, project, processes) for processes in (1, 2))
        seconds = measure_in_turn(turns, partial(_convert_one_by_one, files, work), *jobs)
        with pikepdf.open(project / "outputs/work/smewg/pdf/MANY/2016/MANY/paper_00.pdf") as pdf:
            return len(pdf.pages), *seconds


def _make_meeting(project: Path) -> list[Path]:
    """Make fifteen copies of the real Strategic Plan, with the manifest that the rule `fill` would write."""
    folder = project / "outputs/work/smewg/filled/MANY"
    plan = next((project / "outputs/papers").rglob(f"*{forum.MEETING.lower()}*.docx"))
    files = [folder / f"2016/MANY/paper_{at:02}.docx" for at in range(PAPERS)]
    files[0].parent.mkdir(parents=True)
    for file in files:
        shutil.copyfile(plan, file)
    papers = [
        {
            "number": f"2016/MANY/{at:03}",
            "title": "Plan",
            "kind": "strategic-plan",
            "file": file.relative_to(folder).as_posix(),
            "sha256": digest(file.read_bytes()),
        }
        for at, file in enumerate(files)
    ]
    facts = {
        "meeting": "MANY", "papers": papers, "files": {paper["file"]: paper["sha256"] for paper in papers}
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    return files


def _convert_one_by_one(files: list[Path], work: Path) -> None:
    """Convert as a simple script does: same options, one profile, PDFs unchanged."""
    command = [find_libreoffice(), f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", export_filter(OPTIONS), "--outdir", str(work / "plain")]
    for file in files:
        subprocess.run([*command, str(file)], capture_output=True, timeout=300, check=True)


def _run_pdf_job(project: Path, processes: int) -> None:
    """Run the script of the rule `pdf` from nothing; the time includes its start, the tags and the delivery."""
    for made in ("outputs/work/smewg/cache/pdf", "outputs/work/smewg/pdf"):
        shutil.rmtree(project / made, ignore_errors=True)
    options = {
        "filled": "outputs/work/smewg/filled/MANY",
        "work": "outputs/work/smewg",
        "out": "outputs/work/smewg/pdf/MANY",
        "office": "any",
        "processes": str(processes),
        "log": "outputs/work/smewg/logs/pdf.json",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    forum.run(project, sys.executable, "scripts/pdf.py", *words)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TURNS))
