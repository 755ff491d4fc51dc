"""The ranking of a session's project proposals: the table, how it was made, and who scored what."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Derived, Figure, counted
from papers.model.ranking import HIGHEST, LOWEST, ProposalSession, RankedProposal, ranking
from papers.wording import counts, english, needs
from papers.wording.figure_markers import capitalised, marked
from papers.wording.kind import Kind
from papers.wording.paragraphs import bullets, paragraphs
from papers.wording.tags import Blocks, Each, Text, Values

if TYPE_CHECKING:
    from papers.inputs.config import Ranking
    from papers.model.economies import Economy
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import Plan

TAGS = {
    "title": Text("title of the paper"),
    "summary": Blocks("how many proposals were scored, by how many members"),
    "rows": Each(
        "the proposals in order of rank",
        {
            "rank": Text("1; Not scored where no score counts"),
            "number": Text("SME 01 2018"),
            "title": Text("title of the proposal"),
            "about": Text("who proposes it, who co-sponsors it, and the funding requested"),
            "link": Text("Direct: Market access for SMEs"),
            "mean": Text("mean of the scores that count, to two decimals"),
            "points": Text("points for the link"),
            "total": Text("mean and points together, to two decimals"),
        },
    ),
    "ties": Blocks("how equal totals were decided, or that there are none"),
    "method": Blocks("how the ranking is made, with the weights of config.yaml"),
    "proposals": Each("numbers of the proposals in order of rank: the columns of the table of scores"),
    "members": Each(
        "the members that gave a score, in APEC order",
        {
            "name": Text("the member economy"),
            "cells": Each("its score for each proposal; in brackets if it does not count", heads="proposals"),
        },
    ),
    "totals": Each(
        "rows below the members",
        {
            "name": Text("Scores that count, Mean, Median"),
            "cells": Each("one figure for each proposal", heads="proposals"),
        },
    ),
    "notes": Text("what brackets and dashes mean, and which members gave no score"),
}
NO_SCORE, NOT_SCORED = "–", "Not scored"
_RULES = {
    "link": ("the more direct link", "its link to the priorities is more direct"),
    "median": ("the higher median of the scores that count", "the median of its scores is higher"),
    "number": ("the earlier project number", "its project number is earlier"),
}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    session, rules = model.sessions[paper.session], model.config.ranking
    ranked = ranking(session, rules)
    return {
        "title": paper.title,
        "summary": paragraphs(_summary(model, session, ranked)),
        "rows": [_row(entry, model.plans[paper.plan]) for entry in ranked],
        "ties": bullets(_ties(ranked) or ["No two proposals have the same total."]),
        "method": paragraphs(_method(rules), richtext.NUMBER),
        "proposals": [str(entry.proposal.number) for entry in ranked],
        "members": [
            {"name": member.name, "cells": [_score(entry, member, rules) for entry in ranked]}
            for member in session.members
        ],
        "totals": _totals(ranked),
        "notes": _notes(model, session, rules),
    }


def decimal(value: Fraction, places: int = 2) -> str:
    """Return a number with a fixed number of decimals, halves rounded up: 7.25."""
    scaled = int(value * 10**places + Fraction(1, 2))
    whole, rest = divmod(scaled, 10**places)
    return f"{whole:,}.{rest:0{places}d}" if places else f"{whole:,}"


def _short(value: Fraction) -> str:
    """Return a weight as it is written in config.yaml: 3, 1.5."""
    return str(int(value)) if value.denominator == 1 else f"{float(value):g}"


def _summary(model: Model, session: ProposalSession, ranked: list[RankedProposal]) -> list[str]:
    year, number = session.name.split("-")
    listed = counted(session.proposals, "proposals", lambda proposal: proposal.source, session.file)
    scoring = counted(session.members, "members that gave a score", session.source_of_member, session.file)
    given = counted(session.scores, "scores given", lambda score: score.source, session.file)
    scores = [score for entry in ranked for score in entry.counted]
    counting = counted(scores, "scores that count", lambda score: score.source, session.file)
    have = english.agree(listed, "has", "have")
    proposals = capitalised(english.count(listed, "proposal"))
    members = f"{english.number(scoring)} of the {english.figure(counts.economies(model))} member economies"
    return [
        f"{proposals} of session {number} of {year} {have} been ranked. They were scored by {members}: "
        f"{english.count(given, 'score')}, of which {english.figure(counting)} count."
    ]


def _row(entry: RankedProposal, plan: Plan) -> Values:
    proposal, link = entry.proposal, capitalised(entry.proposal.link)
    area = next((area.name for area in plan.areas if area.id == proposal.area), "")
    return {
        "rank": str(entry.rank) if entry.rank else NOT_SCORED,
        "number": str(proposal.number),
        "title": proposal.title,
        "about": _about(entry),
        "link": f"{link}: {area}" if area else link,
        "mean": _average(entry, "mean", entry.mean),
        "points": _short(entry.bonus),
        "total": _total(entry),
    }


def _counting(entry: RankedProposal) -> Figure:
    """Return how many scores count for a proposal."""
    what = f"scores that count for {entry.proposal.number}"
    return counted(entry.counted, what, lambda score: score.source, entry.proposal.place.file)


def _points(entry: RankedProposal) -> Figure:
    """Return the points of these scores together."""
    what = f"points of the scores that count for {entry.proposal.number}"
    return Figure.sum(score.stated for score in entry.counted).called(what)


def _average(entry: RankedProposal, how: str, value: Fraction | None, plus: str = "") -> str:
    """Return the mean or median (`how`) of the scores that count, to two decimals; a dash where none does.

    `plus` are the points for the link, where they are included in `value`.
    """
    if value is None:
        return NO_SCORE
    what = f"{how} of the scores that count for {entry.proposal.number}"
    what = f"{what}, with the points for its link" if plus else what
    return marked(decimal(value), Derived(how, (_points(entry),), what, plus))


def _total(entry: RankedProposal) -> str:
    return _average(entry, "mean", entry.total, _short(entry.bonus))


def _about(entry: RankedProposal) -> str:
    proposal = entry.proposal
    sponsors = f"Co-sponsored by {_economies(proposal.co_sponsors)}. " if proposal.co_sponsors else ""
    proposing = f"Proposed by {_economies(proposal.proposing)}. "
    return f"{proposing}{sponsors}Funding requested: {english.figure(proposal.funding_stated)} USD."


def _economies(economies: tuple[Economy, ...]) -> str:
    return english.listed([economy.with_article for economy in economies])


def _ties(ranked: list[RankedProposal]) -> list[str]:
    """Return a sentence for each two neighbours with the same total."""
    sentences = []
    for before, entry in pairwise(ranked):
        if entry.total is None or entry.total != before.total:
            continue
        both = f"{before.proposal.number} and {entry.proposal.number} have the same total ({_total(entry)})"
        why = "they share a rank"
        if entry.tie:
            why = f"{before.proposal.number} stands first because {_RULES[entry.tie][1]}"
        sentences.append(f"{both}; {why}.")
    return sentences


def _method(rules: Ranking) -> list[str]:
    points = {link: _short(Fraction(str(getattr(rules, link)))) for link in ("direct", "indirect", "none")}
    own = "count like any other" if rules.own_scores_count else "do not count for it"
    ties = ", then ".join(_RULES[rule][0] for rule in rules.ties)
    return [
        f"Each member economy may score each proposal, with a whole number from {LOWEST} to {HIGHEST}.",
        f"The scores of economies that propose or co-sponsor a proposal {own}.",
        "To the mean of the scores that count are added points for the proposal's link to the priorities of the Strategic "
        f"Plan, so that a direct link scores higher: {points['direct']} for a direct link, {points['indirect']} for an "
        f"indirect one, {points['none']} where there is none.",
        f"Between equal totals decides {ties}." if ties else "Proposals with equal totals share a rank.",
        "Means and totals are rounded for print only; the ranking compares the exact values.",
    ]


def _score(entry: RankedProposal, member: Economy, rules: Ranking) -> str:
    score = entry.scores.get(member)
    if score is None:
        return NO_SCORE
    points = english.figure(score.stated)
    return f"({points})" if score.own and not rules.own_scores_count else points


def _totals(ranked: list[RankedProposal]) -> list[Values]:
    return [
        {"name": "Scores that count", "cells": [english.figure(_counting(entry)) for entry in ranked]},
        {"name": "Mean", "cells": [_average(entry, "mean", entry.mean) for entry in ranked]},
        {"name": "Median", "cells": [_average(entry, "median", entry.median) for entry in ranked]},
    ]


def _notes(model: Model, session: ProposalSession, rules: Ranking) -> str:
    brackets = "Scores in brackets are those of economies that propose or co-sponsor the proposal; they do not count. "
    silent = tuple(economy for economy in model.register.economies if economy not in session.members)
    rest = f" No score came from {_economies(silent)}." if silent else " All member economies gave scores."
    return f"{'' if rules.own_scores_count else brackets}A dash ({NO_SCORE}) means that no score was given.{rest}"


KIND = Kind(
    name="project-ranking",
    namespace="ranking",
    tags=TAGS,
    parts=("project-ranking",),
    needs=(needs.PLAN, needs.SESSION),
    context=context,
    has_annex=True,
)
