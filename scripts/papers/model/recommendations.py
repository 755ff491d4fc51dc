"""What papers recommend, verb first, and what became of each recommendation of an earlier paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.inputs.schemas import FollowUp
from papers.model.figures import Cell, Source
from papers.model.references import check_known
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.schemas import Recommendation, RecommendationsFile
    from papers.inputs.yaml import Document

OUTCOMES = ("carried out", "in progress", "not taken up")  # the same as a FollowUp may have, in this order


@dataclass(frozen=True)
class Recommendations:
    """The recommendations of one paper, and the follow-up of those of `follow_up_of` (a name; "" for none)."""

    name: str
    file: str
    recommendations: tuple[Recommendation, ...]
    follow_up_of: str
    follow_up: tuple[FollowUp, ...]
    places: dict[str, dict[str, Place]]  # of the recommendations, of the follow-up: id -> its line

    def source(self, one: Recommendation | FollowUp) -> Source:
        """A recommendation, or what became of one, as something that is counted."""
        if isinstance(one, FollowUp):
            return Source(1, (Cell(self.places["follow_up"][one.id], one.told),))
        return Source(1, (Cell(self.places["recommendations"][one.id], one.text),))

    @property
    def files(self) -> list[str]:
        """The inputs that they were read from."""
        return [self.file]


def build_recommendations(
    documents: Iterable[Document[RecommendationsFile]],
    verbs: list[str],
    activities: set[str] | None,
    problems: Problems,
) -> dict[str, Recommendations]:
    """Name of file -> its recommendations. `activities`: IDs of all editions; None where not known."""
    by_name = {_name(document): document for document in documents}
    for document in by_name.values():
        _check_recommendations(document, verbs, problems)
        _check_follow_up(document, by_name, problems)
        _check_activities(document, activities, problems)
    return {
        name: Recommendations(
            name,
            document.name,
            tuple(document.form.recommendations),
            document.form.follow_up_of or "",
            tuple(document.form.follow_up),
            {
                "recommendations": _places(document, "recommendations", "id"),
                "follow_up": _places(document, "follow_up", "outcome"),
            },
        )
        for name, document in by_name.items()
    }


def _places(document: Document[RecommendationsFile], those: str, key: str) -> dict[str, Place]:
    found = getattr(document.form, those)
    return {one.id: document.place(those, at, key) for at, one in enumerate(found)}


def _name(document: Document) -> str:
    return document.name.rsplit("/", 1)[1].removesuffix(".yaml")


def _check_recommendations(
    document: Document[RecommendationsFile], verbs: list[str], problems: Problems
) -> None:
    seen: set[str] = set()
    for index, one in enumerate(document.form.recommendations):
        _once(one.id, seen, document.place("recommendations", index, "id"), problems)
        first, place = one.text.split(" ", 1)[0], document.place("recommendations", index, "text")
        if first not in verbs:
            expected = f"a verb first: {', '.join(verbs)}"
            todo = did_you_mean(first, verbs, "Begin with one, or add the verb in config.yaml.")
            problems.add(
                place, "no-verb", f"a recommendation that begins with {quoted(first)}", expected, todo
            )
        if one.text.rstrip().endswith((".", ";")):
            found, todo = "a full stop or semicolon at the end", "Delete it: the paper sets the stops."
            problems.add(place, "full-stop", found, "a recommendation without one", todo)


def _check_follow_up(
    document: Document[RecommendationsFile], by_name: dict[str, Document], problems: Problems
) -> None:
    """Each earlier recommendation is followed up once, and nothing else."""
    form, earlier = document.form, document.form.follow_up_of
    if earlier is None:
        if form.follow_up:
            expected, todo = "a line follow_up_of: ...", "Name the file whose recommendations these are."
            problems.add(document.place("follow_up"), "no-follow-up-of", "follow_up alone", expected, todo)
        return
    check_known(
        earlier, sorted(set(by_name) - {_name(document)}), document.place("follow_up_of"), "file", problems
    )
    if earlier not in by_name or by_name[earlier] is document:
        return
    ids, seen = [one.id for one in by_name[earlier].form.recommendations], set()
    for index, one in enumerate(form.follow_up):
        place = document.place("follow_up", index, "id")
        check_known(one.id, ids, place, "recommendation", problems)
        _once(one.id, seen, place, problems)
    for lost in (name for name in ids if name not in seen):
        found = f"no follow-up of the recommendation {quoted(lost)} of {by_name[earlier].name}"
        todo = "Say what became of it: outcome not taken up, if nothing did."
        problems.add(
            Place(document.name, key="follow_up"), "no-follow-up", found, "one for each of them", todo
        )


def _check_activities(
    document: Document[RecommendationsFile], activities: set[str] | None, problems: Problems
) -> None:
    for index, one in enumerate(document.form.follow_up if activities is not None else ()):
        for at, activity in enumerate(one.activities):
            place = document.place("follow_up", index, "activities", at)
            check_known(activity, sorted(activities), place, "activity", problems)


def _once(name: str, seen: set[str], place: Place, problems: Problems) -> None:
    if name in seen:
        problems.add(place, "doubled", f"{quoted(name)} again", "each once", "Give it another id.")
    seen.add(name)
