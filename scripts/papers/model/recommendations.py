"""The recommendations of papers, and the follow-up of those that an earlier paper made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.inputs.schemas import FollowUp
from papers.model.figures import Cell, Source
from papers.model.references import check_known, check_once
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.schemas import Recommendation, RecommendationsFile
    from papers.inputs.unread import Unread
    from papers.inputs.yaml import Document

OUTCOMES = ("carried out", "in progress", "not taken up")  # those of a FollowUp, in the order of the papers
_NEW_ID = "Give it another id."


@dataclass(frozen=True)
class Recommendations:
    """The recommendations of one paper, and the follow-up of those in the file `follow_up_of`."""

    name: str
    file: str
    recommendations: tuple[Recommendation, ...]
    follow_up_of: str
    follow_up: tuple[FollowUp, ...]
    places: dict[str, dict[str, Place]]  # "recommendations" and "follow_up" -> id -> its line

    def source(self, counted: Recommendation | FollowUp) -> Source:
        """Return a recommendation, or its follow-up, as one thing that a figure counts."""
        if isinstance(counted, FollowUp):
            return Source(1, (Cell(self.places["follow_up"][counted.id], counted.what_was_done),))
        return Source(1, (Cell(self.places["recommendations"][counted.id], counted.text),))

    @property
    def files(self) -> list[str]:
        """The inputs that they were read from."""
        return [self.file]


def build_recommendations(
    documents: Iterable[Document[RecommendationsFile]],
    verbs: list[str],
    activities: set[str],
    unread: Unread,
    problems: Problems,
) -> dict[str, Recommendations]:
    """Return name of a file -> its recommendations; a file that has a problem is added to `unread`.

    `verbs` are those with which a recommendation may begin, `activities` the IDs of all editions.
    """
    by_name = {_name(document): document for document in documents}
    for name, document in by_name.items():
        before = len(problems.found)
        _check_recommendations(document, verbs, problems)
        _check_follow_up(document, by_name, unread, problems)
        _check_activities(document, activities, unread, problems)
        if len(problems.found) > before:
            unread.add("recommendations", name)
    return {name: _recommendations(name, document) for name, document in by_name.items()}


def _recommendations(name: str, document: Document[RecommendationsFile]) -> Recommendations:
    form = document.form
    places = {
        "recommendations": _places(document, "recommendations", "id"),
        "follow_up": _places(document, "follow_up", "outcome"),
    }
    recommended, follow_up = tuple(form.recommendations), tuple(form.follow_up)
    return Recommendations(name, document.name, recommended, form.follow_up_of or "", follow_up, places)


def _places(document: Document[RecommendationsFile], entries: str, key: str) -> dict[str, Place]:
    found = getattr(document.form, entries)
    return {entry.id: document.place(entries, at, key) for at, entry in enumerate(found)}


def _name(document: Document[RecommendationsFile]) -> str:
    return document.name.rsplit("/", 1)[1].removesuffix(".yaml")


def _check_recommendations(
    document: Document[RecommendationsFile], verbs: list[str], problems: Problems
) -> None:
    seen: set[str] = set()
    for index, entry in enumerate(document.form.recommendations):
        check_once(entry.id, seen, document.place("recommendations", index, "id"), problems, _NEW_ID)
        first, place = entry.text.split(" ", 1)[0], document.place("recommendations", index, "text")
        if first not in verbs:
            found = f"a recommendation that begins with {quoted(first)}"
            todo = did_you_mean(
                first,
                verbs,
                "Begin with one of them, or add the verb to recommendation_verbs in settings.yaml.",
            )
            problems.add(place, "no-verb", found, f"a verb first: {', '.join(verbs)}", todo)
        if entry.text.rstrip().endswith((".", ";")):
            found, todo = "a full stop or semicolon at the end", "Delete it; the paper adds the punctuation."
            problems.add(place, "full-stop", found, "a recommendation without one", todo)


def _check_follow_up(
    document: Document[RecommendationsFile],
    by_name: dict[str, Document[RecommendationsFile]],
    unread: Unread,
    problems: Problems,
) -> None:
    """Check that each recommendation of the earlier file is followed up once, and no other."""
    form, earlier = document.form, document.form.follow_up_of
    if earlier is None:
        if form.follow_up:
            found, expected = "follow_up without follow_up_of", "a line follow_up_of: with the name of a file"
            todo = "Add the line with the file whose recommendations are followed up."
            problems.add(document.place("follow_up"), "no-follow-up-of", found, expected, todo)
        return
    others = sorted(set(by_name) - {_name(document)})
    not_read = unread.has("recommendations", earlier)
    check_known(earlier, others, document.place("follow_up_of"), "file", not_read, problems)
    if earlier not in others:
        return
    ids, seen = [entry.id for entry in by_name[earlier].form.recommendations], set[str]()
    for index, entry in enumerate(form.follow_up):
        place = document.place("follow_up", index, "id")
        check_known(entry.id, ids, place, "recommendation", False, problems)
        check_once(entry.id, seen, place, problems, _NEW_ID)
    for missing in (name for name in ids if name not in seen):
        found = f"no follow-up of the recommendation {quoted(missing)} of {by_name[earlier].name}"
        expected, todo = (
            "a follow-up of each",
            "Add its entry, with outcome: not taken up if nothing was done.",
        )
        problems.add(Place(document.name, key="follow_up"), "no-follow-up", found, expected, todo)


def _check_activities(
    document: Document[RecommendationsFile], activities: set[str], unread: Unread, problems: Problems
) -> None:
    for index, entry in enumerate(document.form.follow_up):
        for at, activity in enumerate(entry.activities):
            place = document.place("follow_up", index, "activities", at)
            not_read = unread.any("schedule")
            check_known(activity, sorted(activities), place, "activity", not_read, problems)
