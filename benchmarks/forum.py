"""The forum of the benchmark: a copy of the project in a temporary folder, with seven meetings, one of them the real one.

It has only the inputs of 2016/SMEWG43/015, so that results stay comparable when the project's inputs grow.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import yaml

if TYPE_CHECKING:
    from papers.wording.kind import Kinds

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "inputs/smewg"
PLAN = f"{FOLDER}/plan-2017-2020"
MEETING, NUMBER, OTHERS = "SMEWG43", "2016/SMEWG43/015", 6
AGENDA_ITEM, FORUM_DOC_NO = "12", "2016/SOM3/SCE/003"
EDITED, EDITION = "SMEWG91", 2017  # the one meeting whose paper is made from the edited workbook
_LEFT_OUT = (".git", ".venv", ".snakemake", ".*_cache", ".hypothesis", "__pycache__", "outputs", "tests")
_NOT_PASSED_ON = ("PYTHONDONTWRITEBYTECODE", "MAKEFLAGS", "MAKELEVEL")
_KEPT = {"accepted.yaml", "forum.yaml", "meetings", "plan-2017-2020", "terms-of-reference"}
_KEPT_OF_PLAN = {"plan.yaml", "sections", "schedule"}


def shipped_kinds() -> Kinds:
    """Return the kinds of the shipped files, with the shipped templates."""
    from papers.inputs.kind_files import read_kind_files  # noqa: PLC0415 -- after sys.path is set
    from papers.problems import Problems  # noqa: PLC0415
    from papers.wording.kind import kinds_of  # noqa: PLC0415

    return kinds_of(read_kind_files(ROOT, "", Problems()))


def copy_shipped(to: Path) -> None:
    """Copy the project with its own inputs: code compiled, environment linked, no outputs."""
    shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    (to / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    run(to, sys.executable, "-m", "compileall", "-q", "scripts")


def remove_received(to: Path) -> None:
    """Remove what docxtpl has no template for: received papers, and annexes of sources."""
    for file in sorted((to / "inputs" / "smewg" / "meetings").glob("*.yaml")):
        first, *entries = file.read_text(encoding="utf-8").rstrip("\n").split("\n  - ")
        kept = [entry for entry in entries if "\n    file: " not in entry]
        lines = "\n  - ".join([first, *kept]).splitlines()
        lines = [line for line in lines if not line.lstrip().startswith("sources_annex:")]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def copy_project(to: Path, others: int = OTHERS) -> None:
    """Copy the project with the forum of the benchmark: the real meeting and `others` more."""
    copy_shipped(to)
    _keep_one_meeting(to / FOLDER)
    for number in range(1, others + 1):
        _add_meeting(to / FOLDER / "meetings", f"SMEWG9{number}", EDITION if number == 1 else 2016)
    add_edition(to / PLAN / "schedule")


def _keep_one_meeting(forum: Path) -> None:
    plan = forum / Path(PLAN).name
    left_out = {*forum.iterdir()} - {forum / name for name in _KEPT}
    for path in left_out | ({*plan.iterdir()} - {plan / name for name in _KEPT_OF_PLAN}):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    kept = {forum / "meetings" / f"{MEETING}.yaml", plan / "schedule" / "2016.xlsx"}
    for path in {*forum.glob("meetings/*"), *plan.glob("schedule/*")} - kept:
        path.unlink()
    update_yaml(forum / "forum.yaml", illustrative=[])
    (paper,) = (p for p in read_yaml(forum / "meetings" / f"{MEETING}.yaml")["papers"] if "tabled" in p)
    del paper["tabled"]  # its number is in tabling.yaml, which is not copied
    paper.update(number=NUMBER, agenda_item=AGENDA_ITEM, forum_doc_no=FORUM_DOC_NO)
    update_yaml(forum / "meetings" / f"{MEETING}.yaml", papers=[paper])


def _add_meeting(folder: Path, code: str, edition: int) -> None:
    """Add a meeting like the real one, with a paper of its own."""
    path = shutil.copy(folder / f"{MEETING}.yaml", folder / f"{code}.yaml")
    paper = read_yaml(path)["papers"][0]
    paper.update(number=f"2016/{code}/001", schedule=edition, forum_doc_no=None)
    update_yaml(path, code=code, ordinal=int(code[5:]), papers=[paper])


def add_papers(project: Path, papers: int) -> None:
    """Give the meeting whose edition is edited this number of papers, all like the real one."""
    path = project / FOLDER / "meetings" / f"{EDITED}.yaml"
    repeat_paper(path, [f"2016/{EDITED}/{serial:03d}" for serial in range(3, papers + 3)])


def repeat_paper(meeting: Path, numbers: list[str]) -> None:
    """Repeat the only paper of a meeting's file under each number."""
    (paper,) = read_yaml(meeting)["papers"]
    update_yaml(meeting, papers=[{**deepcopy(paper), "number": number} for number in numbers])


def read_yaml(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def write_yaml(path: Path, data: dict) -> None:
    path.write_text(yaml.safe_dump(data), encoding="utf-8")


def update_yaml(path: Path, **values: object) -> None:
    """Set these keys at the top of a YAML file."""
    write_yaml(path, {**read_yaml(path), **values})


def add_edition(folder: Path) -> None:
    """Add next year's edition: the same activities, and one more, whose title is the cell to be edited."""
    book = openpyxl.load_workbook(folder / "2016.xlsx")
    first = [cell.value for cell in book["Schedule"][2]]
    book["Schedule"].append(
        [f"{EDITION}-01", first[1], "A synthetic activity", EDITION, EDITION + 1, *first[5:]]
    )
    book.save(folder / f"{EDITION}.xlsx")


def edit_cell(project: Path, text: str) -> None:
    """Write a text into the cell that only the meeting EDITED uses."""
    path = project / PLAN / "schedule" / f"{EDITION}.xlsx"
    book = openpyxl.load_workbook(path)
    book["Schedule"].cell(book["Schedule"].max_row, 3, text)
    book.save(path)


def run(folder: Path, *command: str) -> str:
    """Run a command in a folder and return its output; exit with that output if it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed in the benchmark:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr
