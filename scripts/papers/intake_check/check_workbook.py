"""Check a workbook as a build would, if it were among the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.intake_check.inputs_with_file import read_inputs_with
from papers.intake_check.recognise import recognise
from papers.intake_check.result import Result
from papers.problems import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from papers.model.forum import Model

_MOST = 20  # problems of other inputs that are listed


def check_workbook(root: Path, path: Path, options: Mapping[str, str]) -> Result:
    """Return what a build would find in a workbook; `root` is the project's folder."""
    result = Result(path)
    belongs = recognise(root, path, options, result.problems)
    result.belongs = belongs
    if belongs is None:
        return result
    result.problems = Problems()  # the reader finds those of the whole workbook again
    model, found = read_inputs_with(root, belongs.forum, path, belongs.file)
    own = [problem for problem in found.in_order() if problem.place.file == belongs.file]
    for problem in own:
        result.problems.found.append(result.renamed(problem))
    if len(own) < len(found.in_order()):
        _compare(root, result, found)
    name = path.name
    result.notices = [text.replace(belongs.file, name) for text in found.notices() if belongs.file in text]
    result.settle = [text.replace(belongs.file, name) for text in _notices(model, belongs.file)]
    return result


def _compare(root: Path, result: Result, found: Problems) -> None:
    """Add the problems of other inputs that the file brings, and those that keep it from being checked."""
    assert result.belongs
    _, before = read_inputs_with(root, result.belongs.forum, None, "")
    known = {*before.found}
    others = [problem for problem in found.in_order() if problem.place.file != result.belongs.file]
    matter = [problem for problem in others if problem not in known or _matters(problem, result.belongs.file)]
    result.elsewhere = [str(problem) for problem in matter[:_MOST]]


def _matters(problem: Problem, file: str) -> bool:
    """Return whether an input with a problem decides how a workbook is read: its plan, or the settings of its forum."""
    folder, _, name = problem.place.file.rpartition("/")
    forum = "/".join(file.split("/")[:2])
    is_setting = folder == forum and name in ("forum.yaml", "settings.yaml")
    return folder == "/".join(file.split("/")[:3]) or is_setting or not folder.startswith(forum)


def _notices(model: Model | None, file: str) -> list[str]:
    """Return the notices of a build that are about a file: disagreements, likely doubles, a return that is late."""
    notices = [text for text in model.notices if file in text] if model else []
    for period in model.periods.values() if model else ():
        for found in period.indicators.returns:
            if found.file == file and found.late:
                due = found.places["due"]
                notices.append(
                    f"{found.places['date']}: found {found.date}, after {due.value}, the day until which"
                    " returns are in time. It counts all the same, and papers say that returns were late."
                )
    return notices
