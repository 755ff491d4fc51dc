"""Run the verb `new-plan`: check everything, then write the folder whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.inputs.forums import choose_forum
from papers.inputs.schemas import FIRST_YEAR, LAST_YEAR
from papers.inputs.yaml_nodes import TO_FILL_IN
from papers.model.forum import build_model
from papers.problems import Place, Problems, count_of, did_you_mean, quoted
from papers.start.plan_draft import Draft, draft_files
from papers.store.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.inputs.config import Config

_DECLARED = {"levels", "tables", "statuses"}  # keys of plan.yaml that the next plan takes over
_COMMAND = Place("command")
_NAME = re.compile(r"plan-([0-9]{4})-([0-9]{4})")


def run(verb: str, options: dict[str, str]) -> int:
    """Write the folder of the plan `plan` with the open activities of the plan `from`; return the exit code."""
    problems = Problems()
    forum = choose_forum(options, problems)
    config = read_config([Path("config.yaml")], {}, problems, forum) if forum else None
    draft = _draft(Path(), config, options, problems) if config else None
    if draft is None or problems:
        print("Nothing was written. Please fix:", file=sys.stderr)
        for line in problems.lines():
            print(f"  {line}", file=sys.stderr)
        return 1
    files = draft_files(draft)
    _write(Path(draft.folder), files)
    print("\n".join(_next_steps(draft, files)))
    return 0


def _draft(root: Path, config: Config, options: dict[str, str], problems: Problems) -> Draft | None:
    """Return what the folder is made from; None and all problems where the command or the old plan has one."""
    folder = f"inputs/{config.forum}/{options['plan']}"
    years = _years(options["plan"], problems)
    _check_new(root / folder, folder, problems)
    found = Problems()
    inputs = read_inputs(root, config, found)
    model = build_model(inputs, config, found)
    if model is None:
        problems.include(found)
        return None
    before = options["from"]
    if before in inputs.unfinished:
        for problem in inputs.unfinished[before].problems:
            problems.add(problem.place, problem.kind, problem.found, problem.expected, problem.todo)
    elif before not in inputs.plans:
        names = list(inputs.plans)
        expected = f"one of {', '.join(names)}" if names else "a plan of the forum; there is none"
        todo = did_you_mean(before, names, "Correct from=...")
        problems.add(_COMMAND, "unknown-plan", f"from={quoted(before)}", expected, todo)
    for problem in found.found:
        if problem.place.file.startswith(f"inputs/{config.forum}/{before}/"):
            problems.add(problem.place, problem.kind, problem.found, problem.expected, problem.todo)
    old_plan = inputs.plans[before].plan if before in inputs.plans else None
    if problems or years is None or old_plan is None:
        return None
    deadlines, own = inputs.plans[before].returns, old_plan.data.form
    return Draft(
        folder=folder,
        first_year=years[0],
        last_year=years[1],
        before=model.periods[before],
        economies=model.register.economies,
        bodies=model.settings.bodies,
        statuses=[status.name for status in own.statuses or model.settings.statuses],
        declared=own.model_dump(mode="json", include=_DECLARED, exclude_defaults=True, by_alias=True),
        deadlines=deadlines.deadlines.form.returns_due if deadlines and deadlines.deadlines else None,
        illustrative=tuple(f"inputs/{config.forum}/{name}" for name in model.forum.illustrative),
    )


def _years(name: str, problems: Problems) -> tuple[int, int] | None:
    """Return the years in the name of a plan's folder; None where they are no years of a plan."""
    match = _NAME.fullmatch(name)
    if match:
        first, last = int(match[1]), int(match[2])
        if FIRST_YEAR <= first <= last <= LAST_YEAR:
            return first, last
    expected = f"plan- and two years from {FIRST_YEAR} to {LAST_YEAR}, such as plan-2021-2024"
    problems.add(_COMMAND, "plan-name", f"plan={quoted(name)}", expected, "Correct plan=...")
    return None


def _check_new(path: Path, folder: str, problems: Problems) -> None:
    if path.exists():
        todo = "Choose another name, or continue with that folder."
        problems.add(Place(folder), "exists", "a folder that exists", "the name of a new plan", todo)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files into a folder that must not exist, or none of them."""
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        for name, content in files.items():
            write_atomic(partial / name, content)
        os.rename(partial, folder)  # fails where another command has written files there
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _next_steps(draft: Draft, files: Mapping[str, bytes]) -> list[str]:
    """Return what was written, what to fill in, and what to run."""
    edition, before = draft.edition_file, draft.before.base.rsplit("/", 1)[1]
    carried = count_of(len(draft.carried), "open activity")
    steps = [f"In plan.yaml, write the words of the plan instead of each {TO_FILL_IN}."]
    of_schedule = [
        f"In {edition}, correct area, years, status and remarks of what was carried over ({carried} of {before}), "
        "and add the new activities.",
        "In carry-over.yaml, write now: null and why: ... for what is not carried over, and delete its row in "
        f"{edition}.",
    ]
    steps += of_schedule if draft.has_schedule else []
    if "indicators/deadlines.yaml" in files:
        steps.append("In indicators/deadlines.yaml, write until when returns are in time.")
    if draft.is_illustrative:
        steps.append(
            f"In forum.yaml, add {draft.name}/{edition} under illustrative: it has rows of such a file."
        )
    keys = f"plan: {draft.name}" + (f" and schedule: {draft.first_year}" if draft.has_schedule else "")
    steps.append(f"Run make: it names the lines that are left. Papers of the plan have {keys}.")
    written = [f"Written: {draft.folder} with {', '.join(files)}.", "What to do next:"]
    return written + [f"{at}. {step}" for at, step in enumerate(steps, 1)]
