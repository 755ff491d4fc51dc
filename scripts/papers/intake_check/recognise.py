"""What a workbook that somebody sent is, and where among the inputs it belongs: its content says so, not its name.

Only the edition of a schedule and the session of proposals are in the name of the file, as no cell has them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papers.characters import folded
from papers.inputs.config_files import forum_folders
from papers.inputs.forums import organisation_of_forum
from papers.inputs.plan_folder import PLAN_FILE, RETURNS
from papers.inputs.schemas import EconomiesFile, NomenclatureFile, OtherNamesFile
from papers.inputs.workbooks import (
    PROPOSALS_SHEET,
    RETURN_FORM,
    RETURN_SHEET,
    SCHEDULE_SHEET,
    SCORES_SHEET,
    TOTALS_SHEET,
)
from papers.inputs.xlsx_open import read_all_sheets, sheet_names
from papers.inputs.yaml import read_yaml
from papers.inputs.yaml_nodes import load_yaml
from papers.model.economies import Economies
from papers.problems import Place, Problems, did_you_mean, nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from papers.inputs.yaml import Document, Form
    from papers.model.economies import Economy

_COMMAND = Place("command")
RETURN, SCHEDULE, PROPOSALS = "return", "schedule", "proposals"
_SHEETS = {
    RETURN_SHEET: RETURN,
    TOTALS_SHEET: RETURN,
    SCHEDULE_SHEET: SCHEDULE,
    PROPOSALS_SHEET: PROPOSALS,
    SCORES_SHEET: PROPOSALS,
}
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_EDITION = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2}(?:-(?:0[1-9]|1[0-2])(?![0-9]))?)(?![0-9])")
_SESSION = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2}-[0-9])(?![0-9])")
_LEAST_WORDS = 6  # characters of a text that says to which plan a workbook belongs


@dataclass(frozen=True)
class Belongs:
    """What a file is, in words, and the input that it would be: its forum and its path below the project's folder.

    `may_replace`: whether it may take the place of a file that is there.
    """

    what: str
    forum: str
    file: str
    may_replace: bool = False


@dataclass(frozen=True)
class _Plan:
    forum: str
    name: str
    first: int
    last: int
    text: str

    def covers(self, year: int, before: int = 0) -> bool:
        return self.first - before <= year <= self.last


def recognise(root: Path, path: Path, options: Mapping[str, str], problems: Problems) -> Belongs | None:
    """Return what a workbook is; None, and problems, where that is not clear. Problems name the file alone."""
    names = sheet_names(path, path.name, problems)
    if not names:
        return None
    values = dict(read_all_sheets(path))
    sort = _sort_of(names, values)
    if not sort:
        found = "the sheets " + ", ".join(map(quoted, names[:10]))
        expected = (
            f"{RETURN_SHEET} and {TOTALS_SHEET}, or {SCHEDULE_SHEET}, or {PROPOSALS_SHEET} and {SCORES_SHEET}"
        )
        todo = "Give the sheets these names: they say whether it is a return, a schedule or proposals."
        problems.add(Place(path.name), "unknown-workbook", found, f"the sheets {expected}", todo)
        return None
    workbook = _Workbook(root, path, values, options, problems)
    return {RETURN: workbook.as_return, SCHEDULE: workbook.as_schedule, PROPOSALS: workbook.as_proposals}[
        sort
    ]()


def _sort_of(names: list[str], values: Mapping[str, list[list[Any]]]) -> str:
    """Return the sort of a workbook by the names of its sheets, or by what its sheets begin with."""
    close = [_SHEETS[name] for each in names if (name := nearest(each, _SHEETS, 0.8))]
    if close:
        return Counter(close).most_common(1)[0][0]
    titles = {folded(str(cell)) for rows in values.values() for row in rows[:7] for cell in row[:10]}
    if {"economy", "prepared by"} <= titles:
        return RETURN
    return PROPOSALS if "project number" in titles and "title" in titles else ""


class _Workbook:
    def __init__(
        self,
        root: Path,
        path: Path,
        values: Mapping[str, list[list[Any]]],
        options: Mapping[str, str],
        problems: Problems,
    ):
        self.root, self.path, self.options, self.problems = root, path, options, problems
        self.values = values
        cells = {cell for rows in values.values() for row in rows for cell in row if isinstance(cell, str)}
        self.texts = {text for cell in cells if len(text := " ".join(cell.split())) >= _LEAST_WORDS}

    def as_return(self) -> Belongs | None:
        form = self._form()
        year = self._year(form.get("year"))
        if year is None:
            found, todo = "a return without a year", "Type the year as a whole number."
            place = Place(self.path.name, RETURN_SHEET, "B2")
            self.problems.add(place, "no-year", found, "the year of the return", todo)
            return None
        plan = self._plan(year, f"a return for {year}")
        if plan is None:
            return None
        folder = f"inputs/{plan.forum}/{plan.name}/{RETURNS}/{year}"
        economies = _economies(self.root, plan.forum)
        economy = self._economy(form.get("economy"), economies)
        code = economy.code if economy else self._free_code(folder, economies)
        who = economy.with_article if economy else "an economy that is not known"
        return Belongs(f"the return of {who} for {year}", plan.forum, f"{folder}/{code.lower()}.xlsx", True)

    def as_schedule(self) -> Belongs | None:
        edition = self._in_name(_EDITION, "the year, or year and month, of the edition, such as 2017.xlsx")
        plan = self._plan(int(edition[:4]), f"the edition {edition}", 1) if edition else None
        if plan is None:
            return None
        file = f"inputs/{plan.forum}/{plan.name}/schedule/{edition}.xlsx"
        return Belongs(f"the edition {edition} of the implementation schedule", plan.forum, file)

    def as_proposals(self) -> Belongs | None:
        session = self._in_name(_SESSION, "year and number of the session, such as 2018-1.xlsx")
        plan = self._plan(int(session[:4]), f"the session {session}") if session else None
        if plan is None:
            return None
        file = f"inputs/{plan.forum}/{plan.name}/projects/{session}.xlsx"
        return Belongs(f"the project proposals of session {session}", plan.forum, file)

    def _form(self) -> dict[str, Any]:
        """Return the values beside the labels of a return, wherever the form is."""
        labels = {folded(column.header): field for field, column in RETURN_FORM.items()}
        rows = [row for rows in self.values.values() for row in rows[:10] if len(row) > 1]
        found = [(labels[name], row[1]) for row in rows if (name := folded(str(row[0]))) in labels]
        return dict(reversed(found))

    def _year(self, value: Any) -> int | None:
        """Return the year that a return states; else that of most of its dates, or the one in the file's path."""
        match = _YEAR.fullmatch(str(value).strip().removesuffix(".0"))
        if match:
            return int(match[1])
        cells = (cell for row in self.values.get(RETURN_SHEET, [])[6:] for cell in row)
        years = Counter(cell.year for cell in cells if hasattr(cell, "year"))
        named = _YEAR.findall(f"{self.path.parent.name} {self.path.stem}")
        return years.most_common(1)[0][0] if years else (int(named[-1]) if named else None)

    def _economy(self, value: Any, economies: Economies) -> Economy | None:
        """Return the economy that a return states, also in a wrong spelling; else that of the file's name."""
        name = str(value or "").strip()
        known = economies.find(name, _COMMAND, Problems()) or economies.meant_by(name) if name else None
        codes = {economy.code.lower(): economy for economy in economies.economies}
        return known or codes.get(self.path.stem.lower().split(" ")[0])

    def _free_code(self, folder: str, economies: Economies) -> str:
        """Return a code under which a return of an unknown economy is checked."""
        codes = [economy.code.lower() for economy in economies.economies] or ["xxx"]
        return next((one for one in codes if not (self.root / folder / f"{one}.xlsx").exists()), codes[0])

    def _in_name(self, pattern: re.Pattern[str], expected: str) -> str:
        """Return what the name of the file states once; "", and a problem, where it does not."""
        found: set[str] = {*pattern.findall(self.path.stem)}
        if len(found) == 1:
            return found.pop()
        todo = "Rename the file like that."
        self.problems.add(
            Place(self.path.name), "file-name", f"the name {quoted(self.path.name)}", expected, todo
        )
        return ""

    def _plan(self, year: int, what: str, before: int = 0) -> _Plan | None:
        """Return the plan to which the workbook belongs; `before`: how many years a file may be older than its plan."""
        plans = [plan for plan in self._plans() if plan.covers(year, before)]
        if not plans:
            known = [f"{plan.name} of {plan.forum}" for plan in self._plans()]
            expected = f"a year of {', '.join(known)}" if known else "a forum that has a plan"
            todo = "Correct the year, or begin the plan with the verb new-plan."
            self.problems.add(Place(self.path.name), "no-plan", what, expected, todo)
            return None
        scores = {plan: (self._score(plan), plan.covers(year)) for plan in plans}
        best = [plan for plan in plans if scores[plan] == max(scores.values())]
        if len(best) == 1:
            return best[0]
        places = " or ".join(f"{plan.name} of {plan.forum}" for plan in best)
        key = "forum" if len({plan.forum for plan in best}) > 1 else "plan"
        value = best[0].forum if key == "forum" else best[0].name
        todo = f"Add {key}={value}, for example."
        self.problems.add(
            _COMMAND, "several-plans", f"{what} that may belong to {places}", "one of them", todo
        )
        return None

    def _score(self, plan: _Plan) -> int:
        """Return how many texts of the workbook are words of a plan: its indicators and areas."""
        return sum(text in plan.text for text in self.texts)

    def _plans(self) -> list[_Plan]:
        forum, name = self.options.get("forum"), self.options.get("plan")
        return [
            plan for plan in _plans(self.root) if forum in (None, plan.forum) and name in (None, plan.name)
        ]


def check_names(root: Path, options: Mapping[str, str], problems: Problems) -> None:
    """Report a forum, plan or meeting of the command that the inputs do not have."""
    forums = [options["forum"]] if options.get("forum") in forum_folders(root) else forum_folders(root)
    known = {
        "forum": forum_folders(root),
        "plan": sorted({path.name for one in forums for path in root.glob(f"inputs/{one}/plan-*")}),
        "meeting": sorted(
            {path.stem for one in forums for path in root.glob(f"inputs/{one}/meetings/*.yaml")}
        ),
    }
    for key, names in known.items():
        if key in options and options[key] not in names:
            todo = did_you_mean(options[key], names, f"Correct {key}=...")
            expected = f"one of {', '.join(names)}" if names else f"no {key}, as there is none"
            problems.add(_COMMAND, f"no-{key}", f"{key}={quoted(options[key])}", expected, todo)


def _plans(root: Path) -> list[_Plan]:
    """Return the plans of all forums; years of a plan that can't be read are those in the name of its folder."""
    found = []
    for forum in forum_folders(root):
        for path in sorted(root.glob(f"inputs/{forum}/plan-*/{PLAN_FILE}")):
            data, _ = load_yaml(path, path.name, Problems())
            data = data if isinstance(data, dict) else {}
            years = [int(year) for year in _YEAR.findall(path.parent.name)]
            first, last = (data.get(key) for key in ("first_year", "last_year"))
            first = first if isinstance(first, int) else min(years, default=0)
            last = last if isinstance(last, int) else max(years, default=0)
            text = " ".join(path.read_text(encoding="utf-8", errors="replace").split())
            found.append(_Plan(forum, path.parent.name, first, last, text))
    return found


def _economies(root: Path, forum: str) -> Economies:
    """Return the economies of a forum; none where they can't be read, which the check itself reports."""
    organisation = organisation_of_forum(root, forum, Problems())
    if organisation is None:
        return Economies([])
    file, found = organisation.file(organisation.form.member.file), Problems()
    document = read_yaml(root / file, file, EconomiesFile, found)
    if document is None:
        return Economies([])
    economies = Economies.of(document, organisation, found)

    def read(stated: str | None, form: type[Form]) -> Document[Form] | None:
        name = organisation.file(stated) if stated else ""
        return read_yaml(root / name, name, form, found) if name else None

    others = read(organisation.form.other_names, OtherNamesFile)
    economies.add_other_names(others, read(organisation.form.nomenclature, NomenclatureFile), found)
    return economies
