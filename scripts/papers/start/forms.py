"""Run the verb `forms`: what economies fill in for a year, the next edition of the schedule, the list of a meeting's papers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.config import read_config
from papers.inputs.forums import choose_forum
from papers.inputs.schemas import FIRST_YEAR, LAST_YEAR
from papers.model.schedule_changes import edition_before
from papers.problems import Problems, did_you_mean, quoted
from papers.start.list_form import list_workbook
from papers.start.meeting_options import check_code
from papers.start.new_meeting import print_problems
from papers.start.return_form import FormFacts, proposals_workbook, return_workbook
from papers.start.schedule_workbook import schedule_workbook
from papers.start.stated import report
from papers.start.try_meeting import read_trial
from papers.store.delivery import FORM_FILES, Delivery, files_of
from papers.store.locks import OUTPUTS, build_lock
from papers.store.stages import write_stage
from papers.store.work_files import work_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.inputs.plan_folder import PlanFolder
    from papers.model.period import Period
    from papers.start.try_meeting import Trial

_EDITION = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")


def run(verb: str, options: dict[str, str]) -> int:
    """Write the forms of a `year`, the edition `schedule` or the list of a `meeting` into outputs/forms; return the exit code."""
    problems = Problems()
    forum = choose_forum(options, problems)
    config = read_config([Path("config.yaml")], {}, problems, forum) if forum else None
    trial = read_trial(config, problems) if config else None
    files: dict[str, bytes] = {}
    if trial and "year" in options:
        files |= _forms_of_year(trial, options, problems)
    if trial and "schedule" in options:
        files |= _next_edition(trial, options, problems)
    if trial and "meeting" in options:
        files |= _list_of_papers(trial, options["meeting"], problems)
    if problems or trial is None:
        return print_problems(problems)
    notices = _deliver(forum, options, files)
    print(
        "\n".join(
            [*_written(forum, files, options.get("meeting")), *(f"  Note: {notice}" for notice in notices)]
        )
    )
    return 0


def _list_of_papers(trial: Trial, code: str, problems: Problems) -> dict[str, bytes]:
    """Return the workbook for agenda and papers of a new meeting."""
    check_code(code, problems)
    model = trial.model
    kinds = {kind: model.kind_files.entry_of(kind) for kind in sorted(model.kind_files.kinds)}
    book = list_workbook(code, kinds, model.organisation.form.purposes, [*model.plans])
    return {f"{trial.config.forum}/meetings/{code}.xlsx": book}


def _forms_of_year(trial: Trial, options: Mapping[str, str], problems: Problems) -> dict[str, bytes]:
    """Return the forms of a year by their paths, which are those of the filled forms below inputs/."""
    text = options["year"]
    if not re.fullmatch("[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        report(problems, "year", f"year={quoted(text)}", "a year such as 2019", "Correct year=...")
        return {}
    found = _period(int(text), trial, options.get("plan"), problems)
    if found is None:
        return {}
    name, period = found
    facts = _facts(int(text), period, trial.inputs.plans[name], trial, problems)
    base, files = f"{trial.config.forum}/{name}", {}
    if facts.indicators:
        for economy in trial.model.register.economies:
            form = return_workbook(facts, economy.name)
            files[f"{base}/indicators/{text}/{economy.code.lower()}.xlsx"] = form
    number = 1 + max((int(one[5:]) for one in period.sessions if one[:4] == text), default=0)
    session = f"{text}-{number}"
    return {**files, f"{base}/projects/{session}.xlsx": proposals_workbook(facts, session)}


def _period(year: int, trial: Trial, plan: str | None, problems: Problems) -> tuple[str, Period] | None:
    """Return the plan of a year, which `plan` names if there are several; None and a problem otherwise."""
    plans = trial.model.plans
    named = [name for name, one in plans.items() if one.first_year <= year <= one.last_year]
    if plan in named or (plan is None and len(named) == 1):
        name = plan or named[0]
        return name, trial.model.periods[name]
    if plan:
        todo = did_you_mean(plan, named, "Correct plan=...")
        found, expected = f"plan={quoted(plan)}", f"a plan of {year}: {', '.join(named) or 'there is none'}"
    else:
        todo = (
            f"Add plan={named[0]}, for example."
            if named
            else "Choose another year, or begin its plan with new-plan."
        )
        found = f"{len(named) or 'no'} plans of {year}" + (f": {', '.join(named)}" if named else "")
        expected = "one plan"
    report(problems, "plan-of-year", found, expected, todo)
    return None


def _facts(year: int, period: Period, folder: PlanFolder, trial: Trial, problems: Problems) -> FormFacts:
    if period.plan is None:
        raise AssertionError("a plan that could not be read is none of a year")
    deadlines = folder.returns.deadlines if folder.returns else None
    due = deadlines.form.returns_due.get(year) if deadlines else None
    if deadlines and due is None:
        place, expected = deadlines.place("returns_due"), f"a line {year}: and a date, as the forms state it"
        problems.add(place, "no-deadline", f"no deadline for {year}", expected, "Add the line.")
    edition = edition_before(period.editions, f"{year}-99")
    return FormFacts(
        plan=period.plan,
        year=year,
        due=due,
        members=[economy.name for economy in trial.model.register.economies],
        bodies=trial.model.settings.bodies,
        activities=edition.activities if edition else [],
    )


def _next_edition(trial: Trial, options: Mapping[str, str], problems: Problems) -> dict[str, bytes]:
    """Return the workbook of the next edition: that before it, with its activities as they stand."""
    edition = options["schedule"]
    if not _EDITION.fullmatch(edition):
        expected = "a year, or a year and a month, such as 2019 or 2019-06"
        report(problems, "edition", f"schedule={quoted(edition)}", expected, "Correct schedule=...")
        return {}
    found = _period(int(edition[:4]), trial, options.get("plan"), problems)
    if found is None:
        return {}
    name, period = found
    before = edition_before(period.editions, edition)
    if edition in period.editions or before is None:
        _report_edition(edition, name, sorted(period.editions), problems)
        return {}
    plan, own = period.plan, trial.inputs.plans[name].plan
    if plan is None or own is None:
        raise AssertionError("a plan that could not be read is none of a year")
    statuses = own.data.form.statuses or trial.model.settings.statuses
    book = schedule_workbook(
        edition,
        period.schedule_table,
        {activity.id: activity for activity in before.activities},
        {area.id: area.in_schedule for area in plan.areas},
        [*(economy.name for economy in trial.model.register.economies), *trial.model.settings.bodies],
        [status.name for status in statuses],
        plan.area_level,
    )
    return {f"{trial.config.forum}/{name}/schedule/{edition}.xlsx": book}


def _report_edition(edition: str, plan: str, there: list[str], problems: Problems) -> None:
    """Report an edition that exists, or one before which there is none."""
    if edition in there:
        found, expected = (
            f"the edition {edition} of {plan} there already",
            f"another one than {', '.join(there)}",
        )
    else:
        found = f"no edition of {plan} before {edition}"
        expected = (
            f"an edition after {there[0]}, the first one" if there else "a first edition among the inputs"
        )
    report(problems, "edition", found, expected, "Correct schedule=...")


def _deliver(forum: str, options: Mapping[str, str], files: dict[str, bytes]) -> list[str]:
    """Write the forms; return a notice for each edited one, which is kept under another name."""
    work = work_folder(forum)
    name = "-".join(
        f"{key}-{options[key]}" for key in ("year", "schedule", "meeting", "plan") if key in options
    )
    with build_lock("make forms"):
        stage = work / FORM_FILES.stages.replace("*", name)
        write_stage(stage, files)
        delivery = Delivery(FORM_FILES, work, OUTPUTS)
        delivery.deliver(files_of([stage]), may_stay=None)
    return delivery.notices


def _path_of(name: str) -> str:
    return f"{OUTPUTS.as_posix()}/{FORM_FILES.folder}/{name}"


def _written(forum: str, files: Mapping[str, bytes], meeting: str | None) -> list[str]:
    """Return what was written, folder by folder, and what to do with it."""
    folders: dict[str, list[str]] = {}
    for name in files:
        folders.setdefault(name.rpartition("/")[0], []).append(name.rpartition("/")[2])
    lines = [f"Written: {_path_of(folder)}/ with {', '.join(names)}." for folder, names in folders.items()]
    return [
        *lines,
        *(
            [f"Fill it in; then: make new-meeting meeting={meeting} papers={_path_of(next(iter(files)))}"]
            if meeting
            else []
        ),
        *(
            []
            if meeting and len(files) == 1
            else [
                f"Put each file, when it is filled in, under the same name into the same folder of inputs/{forum}/."
            ]
        ),
    ]
