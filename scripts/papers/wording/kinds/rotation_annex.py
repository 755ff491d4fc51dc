"""The annex to the Terms of Reference: Chair, Vice Chair and hosts of the meetings, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.wording import english, needs
from papers.wording.figure_markers import capitalised
from papers.wording.paragraphs import bullets
from papers.wording.phrases import said, say
from papers.wording.tags import Blocks, Each, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.rotation import Post, RecordedHolder, Rotation, RotationYear, TurnExchange

TAGS = {
    "title": Text("title of the paper"),
    "period": Text("the years of the plan: 2017-2020"),
    "years": Each(
        "each year of the plan, the year before and the year after",
        {
            "year": Text("2017"),
            "chair": Text("the economy that has the Chair"),
            "vice_chair": Text("the incoming Chair in the year before its term; else a dash"),
            "first_host": Text("host of the first meeting"),
            "second_host": Text("host of the second meeting: the APEC host economy"),
            "notes": Text("which of these follow from the rotation only, and where a record says otherwise"),
        },
    ),
    "exchanges": Blocks("the exchanges of turns that were announced, or that none is known"),
    "notes": Blocks("where the rotations are counted from, and what records say of other years"),
}
NONE = "–"
_ROLES = {"chair": "Chair", "host": "host of the first meeting"}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    plan, rotation = model.plans[paper.plan], needs.rotation_of(model, paper)
    years = rotation.years(plan.first_year - 1, plan.last_year + 1)
    return {
        "title": paper.title,
        "period": f"{plan.first_year}-{plan.last_year}",
        "years": [_row(model, rotation, year) for year in years],
        "exchanges": bullets(_exchanges(model, rotation)),
        "notes": bullets(_notes(rotation, [year.year for year in years])),
    }


def _exchanges(model: Model, rotation: Rotation) -> list[str]:
    exchanges = [_exchange(exchange) for exchange in rotation.exchanges]
    day = english.date(model.day) if model.day else ""
    return exchanges or said(say(model, "rotation-annex.no-exchange", day=day))


def _row(model: Model, rotation: Rotation, year: RotationYear) -> Values:
    return {
        "year": str(year.year),
        "chair": year.chair.holder.name,
        "vice_chair": year.vice_chair.name if year.vice_chair else NONE,
        "first_host": year.first_host.holder.name,
        "second_host": year.second_host.name if year.second_host else say(model, "rotation-annex.unknown"),
        "notes": " ".join(_year_notes(rotation, year)),
    }


def _year_notes(rotation: Rotation, year: RotationYear) -> list[str]:
    """Return what is inferred, what is recorded, and where the two differ or a turn was exchanged."""
    inferred = [] if year.chair.known else ["Chair"]
    inferred += ["Vice Chair"] if year.vice_chair else []
    inferred += [] if year.first_host.known else ["host of the first meeting"]
    notes = [capitalised(f"{english.listed(inferred)} by the rotation.")] if inferred else []
    for role, post in (("chair", year.chair), ("host", year.first_host)):
        if post.known:
            notes.append(f"{capitalised(_ROLES[role])} as recorded{_recorded(post, post.known)}.")
    return notes + _exchanged(rotation, year.year)


def _recorded(post: Post, record: RecordedHolder) -> str:
    """Return the record's source, and whose turn it was where that was another economy."""
    differs = "" if post.agrees else f"; by the rotation it was the turn of {post.by_rotation.with_article}"
    return f" ({record.source}{differs})"


def _exchanged(rotation: Rotation, year: int) -> list[str]:
    """Return the exchanges of turns that decide who serves in this year."""
    return [
        f"{capitalised(_ROLES[e.role])} by an exchange of turns between {e.economy.with_article} and {e.other.with_article}."
        for e in rotation.exchanges
        if e.first_year <= year <= e.last_year + (e.later - e.first_year)
    ]


def _exchange(exchange: TurnExchange) -> str:
    first, last = exchange.first_year, exchange.last_year
    length = exchange.later - first
    announced = f"as announced on {english.date(exchange.announced)}"
    at = f" at {exchange.meeting}" if exchange.meeting else ""
    return (
        f"{capitalised(exchange.economy.with_article)} could not take its turn as {_ROLES[exchange.role]} "
        f"({_span(first, last)}), {announced}{at}. {capitalised(exchange.other.with_article)}, next in line, serves then; "
        f"{exchange.economy.with_article} takes its turn afterwards ({_span(first + length, last + length)})."
    )


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _notes(rotation: Rotation, shown: list[int]) -> list[str]:
    chair, host = rotation.chair, rotation.host
    notes = [
        "“By the rotation” means that the economy was determined from the order of the rotation, not from a record.",
        f"The turns of the Chair are counted from {chair.of_turn(0).with_article} in {chair.first_year}.",
        f"The turns of the hosts are counted from {host.of_turn(0).with_article} in {host.first_year}.",
    ]
    for role, turns in (("chair", chair), ("host", host)):
        for year in sorted(set(turns.known) - set(shown)):
            post = turns.post(year)
            who = capitalised(post.holder.with_article)
            notes.append(
                f"{year}, outside the table: {who} was {_ROLES[role]}{_recorded(post, turns.known[year])}."
            )
    return notes


WORDS = Words(tags=TAGS, context=context)
