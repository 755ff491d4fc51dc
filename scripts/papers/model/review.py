"""What a review of the plan finds: progress by priority area, figures against years, and the gaps."""

from __future__ import annotations

from dataclasses import dataclass, field

from papers.model.changes import Changes, changes
from papers.model.economies import Economy
from papers.model.plan import Area, Plan
from papers.model.schedule import STATUSES, Activity, Edition
from papers.problems import Problems, did_you_mean, quoted
from papers.reading.reviews import ObjectivesFile, Recommendation, ReviewFile
from papers.reading.yaml_files import Document

CLOSED = ("completed", "withdrawn")


@dataclass
class ReviewInputs:
    """The files of inputs/<forum>/reviews: `decisions` by year; `serves`: activity -> objectives."""

    decisions: dict[int, Document[ReviewFile]] = field(default_factory=dict)
    objectives: Document[ObjectivesFile] | None = None

    @property
    def serves(self) -> dict[str, list[str]]:
        return self.objectives.form.serves if self.objectives else {}

    def files(self, year: int) -> list[str]:
        """The files that a review of `year` is made from."""
        documents = [d for y, d in self.decisions.items() if y <= year]
        return [d.name for d in documents] + ([self.objectives.name] if self.objectives else [])


@dataclass(frozen=True)
class ObjectiveProgress:
    """An objective and the activities that serve it."""

    text: str
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class AreaProgress:
    area: Area
    objectives: tuple[ObjectiveProgress, ...]
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class Gaps:
    """What is missing, each list empty where nothing is."""

    objectives: tuple[str, ...]  # objectives that no activity serves
    areas: tuple[Area, ...]  # areas without an activity that has a project number
    economies: tuple[Economy, ...]  # economies without any return in the period
    overdue: tuple[Activity, ...]  # past their last year, neither completed nor withdrawn


@dataclass
class Review:
    """A review of `plan` up to `year`, after the edition of that year; `endorsed` is the plan's first edition."""

    year: int
    plan: Plan
    edition: Edition
    endorsed: Edition
    areas: list[AreaProgress]
    gaps: Gaps
    since_endorsed: Changes
    recommendations: list[Recommendation]
    follow_up: list[tuple[Recommendation, str, str]]  # what was recommended, its outcome, in words

    @property
    def years(self) -> list[int]:
        """The years of the plan that are under review."""
        return list(range(self.plan.first_year, self.year + 1))

    def with_status(self, status: str) -> list[Activity]:
        return [activity for activity in self.edition.activities if activity.status == status]

    @property
    def status_counts(self) -> dict[str, int]:
        """Status -> number of activities, every status."""
        return {status: len(self.with_status(status)) for status in STATUSES}


def review(model, plan_id: str, year: int) -> Review:
    """The review of a plan in a year; its inputs were checked by check_reviews."""
    plan, editions, inputs = model.plans[plan_id], model.editions, model.reviews
    edition, endorsed = editions[year], editions[min(editions)]
    areas = [_progress(area, edition, inputs.serves) for area in plan.areas]
    decided = inputs.decisions[year].form
    earlier = {r.id: r for y, d in inputs.decisions.items() if y < year for r in d.form.recommendations}
    return Review(
        year,
        plan,
        edition,
        endorsed,
        areas,
        _gaps(model, plan, edition, areas, year),
        changes(endorsed, edition),
        decided.recommendations,
        [(earlier[f.recommendation], f.outcome, f.text) for f in decided.follow_up],
    )


def _progress(area: Area, edition: Edition, serves: dict[str, list[str]]) -> AreaProgress:
    live = [activity for activity in edition.of_area(area.id) if activity.status != "withdrawn"]
    objectives = tuple(
        ObjectiveProgress(o.text, tuple(a for a in edition.activities if o.id in serves.get(a.id, ())))
        for o in area.objectives
    )
    return AreaProgress(area, objectives, tuple(live))


def _gaps(model, plan: Plan, edition: Edition, areas: list[AreaProgress], year: int) -> Gaps:
    reported = {e for y in range(plan.first_year, year + 1) for e in model.indicators.reporting(y)}
    return Gaps(
        tuple(o.text for area in areas for o in area.objectives if not o.activities),
        tuple(p.area for p in areas if not any(a.project_number for a in p.activities)),
        tuple(e for e in model.register.economies if e not in reported),
        tuple(a for a in edition.activities if a.last_year < year and a.status not in CLOSED),
    )


def check_reviews(model, problems: Problems) -> None:
    """Every id that the files of reviews name exists, and each recommendation has one id."""
    _check_serves(model, problems)
    earlier: dict[str, int] = {}
    for year, document in sorted(model.reviews.decisions.items()):
        for index, follow in enumerate(document.form.follow_up):
            if follow.recommendation not in earlier:
                place = document.place("follow_up", index, "recommendation")
                todo = did_you_mean(follow.recommendation, earlier, "Name one of an earlier review.")
                wanted = "a recommendation of an earlier review"
                problems.add(place, "unknown-recommendation", quoted(follow.recommendation), wanted, todo)
        _check_all_followed(document, earlier, problems)
        for index, recommendation in enumerate(document.form.recommendations):
            if recommendation.id in earlier:
                place = document.place("recommendations", index, "id")
                found = f"{quoted(recommendation.id)} again"
                problems.add(place, "doubled-id", found, "an id of its own", "Give it another id.")
            earlier[recommendation.id] = year


def _check_all_followed(document: Document[ReviewFile], earlier: dict[str, int], problems: Problems) -> None:
    """A later review says what became of every earlier recommendation."""
    followed = {follow.recommendation for follow in document.form.follow_up}
    for name in sorted(set(earlier) - followed):
        wanted = f"what became of the recommendation {name}"
        todo = f"Add it under follow_up, with its outcome ({', '.join(OUTCOMES)})."
        problems.add(document.place("follow_up"), "no-follow-up", f"nothing about {name}", wanted, todo)


def _check_serves(model, problems: Problems) -> None:
    document = model.reviews.objectives
    if document is None:
        return
    objectives = [o.id for plan in model.plans.values() for area in plan.areas for o in area.objectives]
    activities = {a.id for edition in model.editions.values() for a in edition.activities}
    for activity, served in document.form.serves.items():
        place = document.place("serves", activity)
        if activity not in activities:
            todo = did_you_mean(activity, activities, "Correct it.")
            problems.add(place, "unknown-activity", quoted(activity), "an ID of the schedule", todo)
        for objective in served:
            if objective not in objectives:
                todo = did_you_mean(objective, objectives, "Correct it.")
                problems.add(place, "unknown-objective", quoted(objective), "an objective of the plan", todo)
