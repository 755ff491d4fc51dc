"""A copy of the miniature forum's inputs that a test may change, and the problems that its reader finds."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.model.forum import Model, build_model
from papers.model.period import Period
from papers.problems import Problem, Problems
from papers.wording.check_papers import check_papers

MINIATURE = Path(__file__).resolve().parents[1] / "miniature"
TEMPLATES = MINIATURE.parents[1] / "templates"
FOLDER = "inputs/mini"
PLAN, TERMS = f"{FOLDER}/plan-2019-2020", f"{FOLDER}/terms-of-reference"
SCHEDULE, EDITION_2020 = f"{PLAN}/schedule/2019.xlsx", f"{PLAN}/schedule/2020.xlsx"
SETTINGS = f"{FOLDER}/settings.yaml"
MINI1, MINI2 = f"{FOLDER}/meetings/MINI1.yaml", f"{FOLDER}/meetings/MINI2.yaml"
SHEET_XML = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True)
class Forum:
    """A forum's inputs in a temporary folder. Files are named relative to `root`, as problems name them."""

    root: Path

    def path(self, file: str) -> Path:
        return self.root / file

    def write(self, file: str, content: str | bytes) -> None:
        self.path(file).parent.mkdir(parents=True, exist_ok=True)
        self.path(file).write_bytes(content.encode("utf-8") if isinstance(content, str) else content)

    def text(self, file: str) -> str:
        return self.path(file).read_text(encoding="utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace the first occurrence of `old` in a text file; it must occur."""
        assert old in self.text(file), f"{old!r} is not in {file}"
        self.write(file, self.text(file).replace(old, new, 1))

    def line_of(self, file: str, words: str) -> int:
        """Return the number of the first line that contains these words."""
        return next(n for n, line in enumerate(self.text(file).split("\n"), 1) if words in line)

    @contextmanager
    def book(self, file: str = SCHEDULE) -> Iterator[openpyxl.Workbook]:
        """Open a workbook for editing; save it at the end."""
        book = openpyxl.load_workbook(self.path(file))
        yield book
        book.save(self.path(file))

    @contextmanager
    def sheet(self, file: str = SCHEDULE) -> Iterator[Worksheet]:
        with self.book(file) as book:
            yield book["Schedule"]

    def edit_part(self, edit: Callable[[str], str], part: str = SHEET_XML, file: str = SCHEDULE) -> None:
        """Edit the XML of a workbook's part, for what openpyxl would not write."""
        with zipfile.ZipFile(self.path(file)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        before = parts[part].decode("utf-8")
        parts[part] = edit(before).encode("utf-8")
        assert parts[part].decode("utf-8") != before, "the edit changed nothing"
        with zipfile.ZipFile(self.path(file), "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in parts.items():
                package.writestr(name, content)

    def read(self) -> tuple[Model | None, Problems]:
        """Return the model and the problems, as the rule `read` does."""
        problems = Problems()
        config = read_config([self.root / "config.yaml"], {}, problems)
        if config is None:
            return None, problems
        model = build_model(read_inputs(self.root, config, problems), config, problems)
        if model:
            check_papers(model, problems)
        return model, problems

    def model(self) -> Model:
        """Return the model of inputs that must have no problem."""
        model, problems = self.read()
        assert not problems, problems.lines()
        return model

    def period(self) -> Period:
        """Return what belongs to the only plan of inputs that must have no problem."""
        (period,) = self.model().periods.values()
        return period

    def problems(self) -> list[Problem]:
        """Return the different problems in the order in which a build reports them."""
        return self.read()[1].in_order()


def copy_forum(folder: Path, source: Path = MINIATURE) -> Forum:
    """Copy the miniature forum, or the one below `source`, into a folder."""
    shutil.copytree(source, folder, dirs_exist_ok=True)
    (folder / "templates").mkdir(exist_ok=True)
    for file in TEMPLATES.glob("*.yaml"):
        shutil.copy(file, folder / "templates")
    return Forum(folder)


def copy_plan(forum: Forum, folder: str, first: int, last: int) -> None:
    """Copy the plan of the miniature forum into another folder, as a plan of other years; its edition is of the first."""
    shutil.copytree(forum.path(PLAN), forum.path(folder))
    forum.path(f"{folder}/schedule/2019.xlsx").rename(forum.path(f"{folder}/schedule/{first}.xlsx"))
    plan = f"{folder}/plan.yaml"
    forum.replace(plan, "first_year: 2019", f"first_year: {first}")
    forum.replace(plan, "last_year: 2020", f"last_year: {last}")
    forum.replace(plan, "mid_term: 2019", f"mid_term: {first}")
    forum.replace(plan, "final: 2020", f"final: {last}")
