"""The full miniature forum with a plan that lacks something, or that has more than usual."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import yaml
from forum_tools import EDITION_2020, FOLDER, MINI1, MINI2, PLAN, SCHEDULE, Forum
from full_forum import MINI3, SESSION, full_forum
from papers.wording.compose import word_paper
from returns_tools import RETURNS
from word_tools import filled

_FACTS = {  # key of plan.yaml -> the facts that its sections name
    "vision": ["vision"],
    "mission": ["mission"],
    "critical_success_factors": ["critical_success_factors"],
    "priority_areas": ["priority_area_list", "priority_area_table"],
    "indicator_headings": ["indicators"],
    "reviews": ["mid_term", "final", "assessment_every_years"],
}


def written_forum(forum: Forum) -> Forum:
    """Return the miniature forum with papers of nearly all kinds, nothing issued and nothing received."""
    full_forum(forum)
    shutil.rmtree(forum.path(f"{FOLDER}/issued"))
    shutil.rmtree(forum.path(f"{FOLDER}/received"))
    forum.path(f"{FOLDER}/corrections.csv").unlink()
    drop_papers(forum, lambda entry: "file" in entry)
    return forum


# Changes of inputs


def change_yaml(forum: Forum, file: str, change: Callable[[dict], object]) -> None:
    """Read a YAML file, change it, and write it."""
    data = yaml.safe_load(forum.text(file))
    change(data)
    forum.write(file, yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


def drop_papers(forum: Forum, drops: Callable[[dict], bool]) -> None:
    """Delete the entries of papers for which `drops` returns True."""
    for file in (MINI1, MINI2, MINI3):
        change_yaml(forum, file, lambda data: data.update(papers=[e for e in data["papers"] if not drops(e)]))


def leave_out(forum: Forum, *keys: str) -> None:
    """Delete keys of plan.yaml and everything in the other inputs that refers to what they say."""
    change_yaml(forum, f"{PLAN}/plan.yaml", lambda plan: [plan.pop(key) for key in keys if key in plan])
    for key in keys:
        _delete_facts(forum, _FACTS.get(key, []))
        _LEFT_OUT.get(key, lambda _: None)(forum)


def leave_out_objectives(forum: Forum) -> None:
    """Delete the objectives of all areas and the references to them."""
    change_yaml(
        forum,
        f"{PLAN}/plan.yaml",
        lambda plan: [area.pop("objectives") for area in plan["priority_areas"]],
    )
    _change_activities(forum, lambda activity: activity.pop("objectives", None))


def _delete_facts(forum: Forum, facts: list[str]) -> None:
    for path in forum.path(f"{PLAN}/sections").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        lines = [line for line in text.split("\n") if not any(f"{{{{ {fact} }}}}" in line for fact in facts)]
        if path.name == "2-areas.md" and "priority_area_list" in facts:
            lines = ["# 2. Indicators", "", *[line for line in lines if "indicators" in line]]
        if path.name == "2-areas.md" and "indicators" in facts:
            lines = [line for line in lines if not line.startswith("They are measured")]
        path.write_text("\n".join([*lines, "", "More words."]), encoding="utf-8")


def _change_activities(forum: Forum, change: Callable[[dict], object]) -> None:
    for path in forum.path(f"{PLAN}/workplan").glob("*.yaml"):
        file = f"{PLAN}/workplan/{path.name}"
        change_yaml(forum, file, lambda plan: [change(activity) for activity in plan["activities"]])


def _without_areas(forum: Forum) -> None:
    for file, sheet in ((SCHEDULE, "Schedule"), (EDITION_2020, "Schedule"), (SESSION, "Proposals")):
        _empty_column(forum.path(file), sheet, 1, "Priority area")
    for path in forum.path(RETURNS).rglob("*.xlsx"):
        _empty_column(path, "Return", 6, "Priority area")
    _change_activities(forum, lambda activity: activity.pop("objectives", None))
    for path in forum.path(f"{PLAN}/workplan").glob("*.yaml"):
        change_yaml(forum, f"{PLAN}/workplan/{path.name}", lambda plan: plan.pop("areas"))


def _empty_column(path: Path, sheet: str, heads: int, title: str) -> None:
    book = openpyxl.load_workbook(path)
    column = next(cell.column for cell in book[sheet][heads] if cell.value == title)
    for row in range(heads + 1, book[sheet].max_row + 1):
        book[sheet].cell(row, column).value = None
    book.save(path)


def _without_indicators(forum: Forum) -> None:
    shutil.rmtree(forum.path(RETURNS))
    drop_papers(forum, lambda entry: entry["kind"] in ("indicator-report", "list-of-items"))


def _without_sections(forum: Forum) -> None:
    for path in forum.path(f"{PLAN}/sections").glob("[0-9]*.md"):
        path.unlink()
    drop_papers(forum, lambda entry: entry["kind"] == "strategic-plan")


_LEFT_OUT: dict[str, Callable[[Forum], object]] = {
    "priority_areas": _without_areas,
    "indicator_headings": _without_indicators,
    "commitments": lambda forum: _change_activities(forum, lambda a: a.pop("contributes_to", None)),
    "sections": _without_sections,
    "appendix": lambda forum: forum.path(f"{PLAN}/sections/appendix.md").unlink(),
}


def empty_schedules(forum: Forum) -> None:
    """Delete all activities, and everything in the other inputs that refers to them."""
    for file in (SCHEDULE, EDITION_2020):
        with forum.sheet(file) as sheet:
            sheet.delete_rows(2, sheet.max_row)
    for path in forum.path(f"{PLAN}/workplan").glob("*.yaml"):
        change_yaml(forum, f"{PLAN}/workplan/{path.name}", lambda plan: plan.update(activities=[]))
    followed = f"{FOLDER}/recommendations/final-review-2020.yaml"
    change_yaml(forum, followed, lambda data: data["follow_up"][0].pop("activities"))


def add_areas(forum: Forum, number: int) -> None:
    """Add priority areas, until the plan has `number` of them."""
    change_yaml(
        forum,
        f"{PLAN}/plan.yaml",
        lambda plan: plan["priority_areas"].extend(
            {
                "id": f"more-{at}",
                "name": f"Further work, number {at}",
                "objectives": [{"id": f"more-{at}-1", "text": f"Do more {at}"}],
            }
            for at in range(len(plan["priority_areas"]), number)
        ),
    )


def begin_in(forum: Forum, year: int) -> None:
    """Let the plan begin in another year."""
    change_yaml(forum, f"{PLAN}/plan.yaml", lambda plan: plan.update(first_year=year))


# Papers


def papers(forum: Forum, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (kind, file) of each paper of the plan, made from inputs without problem."""
    model = forum.model()
    for number, (meeting, paper) in enumerate((m, p) for m in model.meetings for p in m.papers):
        if not paper.plan:
            continue
        file = folder / f"{number}.docx"
        file.write_bytes(filled(word_paper(model, meeting, paper), folder))
        yield paper.kind, file
