"""The ranking of a session's project proposals: the table, how it was made, and who scored what."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Derived, counted
from papers.model.ranking import HIGHEST, LOWEST, ProposalSession, RankedProposal, ranking
from papers.problems import plural
from papers.wording import counts, english, ranking_figures
from papers.wording.figure_markers import capitalised, marked
from papers.wording.paragraphs import bullets, paragraphs
from papers.wording.phrases import Count, said, say
from papers.wording.tags import Blocks, Each, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.inputs.settings import Ranking
    from papers.model.economies import Economy, MemberNames
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
    "method": Blocks("how the ranking is made, with the weights of settings.yaml"),
}
NO_SCORE = "–"
_RULES = {
    "link": ("the more direct link", "its link to the priorities is more direct"),
    "median": ("the higher median of the scores that count", "the median of its scores is higher"),
    "number": ("the earlier project number", "its project number is earlier"),
}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    session, rules = model.sessions[paper.session], model.settings.ranking
    ranked = ranking(session, rules)
    return {
        "title": paper.title,
        "summary": paragraphs(_summary(model, session, ranked)),
        "rows": [_row(model, entry, ranked, model.plans[paper.plan]) for entry in ranked],
        "ties": bullets(_ties(ranked, rules) or _no_tie(model, ranked)),
        "method": paragraphs(_method(model.register.words, rules), richtext.NUMBER),
    }


def decimal(value: Fraction, places: int = 2) -> str:
    """Return a number with a fixed number of decimals, halves rounded up: 7.25."""
    scaled = int(value * 10**places + Fraction(1, 2))
    whole, rest = divmod(scaled, 10**places)
    return f"{whole:,}.{rest:0{places}d}" if places else f"{whole:,}"


def _short(value: Fraction) -> str:
    """Return a weight as it is written in settings.yaml: 3, 1.5."""
    return str(int(value)) if value.denominator == 1 else f"{float(value):g}"


def _summary(model: Model, session: ProposalSession, ranked: list[RankedProposal]) -> list[str]:
    year, number = session.name.split("-")
    listed = counted(session.proposals, "proposals", lambda proposal: proposal.source, session.file)
    scoring = counted(session.members, "members that gave a score", session.source_of_member, session.file)
    given = ranking_figures.scores_given(session)
    counting = ranking_figures.scores_that_count(ranked, model.settings.ranking, session.file)
    summary = say(
        model,
        "project-ranking.summary",
        proposals=Count(listed, "proposal"),
        members=Count(scoring, "member"),
        economies=Count(counts.economies(model), "economy"),
        scores=Count(given, "score"),
        counting=Count(counting, "score"),
        session=number,
        year=year,
    )
    return said(summary)


def _row(model: Model, entry: RankedProposal, ranked: list[RankedProposal], plan: Plan) -> Values:
    proposal, link, rules = entry.proposal, capitalised(entry.proposal.link), model.settings.ranking
    area = next((area.name for area in plan.areas if area.id == proposal.area), "")
    return {
        "rank": _rank(entry, ranked, rules) if entry.rank else say(model, "project-ranking.no-score"),
        "number": str(proposal.number),
        "title": proposal.title,
        "about": _about(entry),
        "link": f"{link}: {area}" if area else link,
        "mean": average(entry, "mean", entry.mean, rules),
        "points": marked(_short(entry.bonus), ranking_figures.points_for_link(entry, rules)),
        "total": _total(entry, rules),
    }


def _rank(entry: RankedProposal, ranked: list[RankedProposal], rules: Ranking) -> str:
    return marked(str(entry.rank), ranking_figures.rank(entry, ranked, rules))


def average(entry: RankedProposal, how: str, value: Fraction | None, rules: Ranking) -> str:
    """Return the mean or median (`how`) of the scores that count, to two decimals; a dash where none does."""
    if value is None:
        return NO_SCORE
    what = f"{how} of the scores that count for {entry.proposal.number}"
    return marked(decimal(value), Derived(how, (ranking_figures.points(entry, rules),), what))


def _total(entry: RankedProposal, rules: Ranking) -> str:
    """Return the mean with the points for the link, to two decimals; a dash where no score counts."""
    if entry.total is None:
        return NO_SCORE
    what = f"mean of the scores that count for {entry.proposal.number}, with the points for its link"
    operands, plus = (ranking_figures.points(entry, rules),), ranking_figures.points_for_link(entry, rules)
    return marked(decimal(entry.total), Derived("mean", operands, what, plus))


def _about(entry: RankedProposal) -> str:
    proposal = entry.proposal
    by = _parties(proposal.co_sponsors, proposal.sponsoring_bodies)
    sponsors = f"Co-sponsored by {by}. " if by else ""
    proposing = f"Proposed by {_parties(proposal.proposing, proposal.proposing_bodies)}. "
    return f"{proposing}{sponsors}Funding requested: USD {english.figure(proposal.funding_stated)}."


def _economies(economies: tuple[Economy, ...]) -> str:
    return english.listed([economy.with_article for economy in economies])


def _parties(economies: tuple[Economy, ...], bodies: tuple[str, ...]) -> str:
    return english.listed([*(economy.with_article for economy in economies), *bodies])


def _ties(ranked: list[RankedProposal], rules: Ranking) -> list[str]:
    """Return a sentence for each two neighbours with the same total."""
    sentences = []
    for before, entry in pairwise(ranked):
        if entry.total is None or entry.total != before.total:
            continue
        both = f"{before.proposal.number} and {entry.proposal.number} have the same total ({_total(entry, rules)})"
        why = "they share the same rank"
        if entry.tie:
            why = f"{before.proposal.number} is placed ahead because {_RULES[entry.tie][1]}"
        sentences.append(f"{both}; {why}.")
    return sentences


def _no_tie(model: Model, ranked: list[RankedProposal]) -> list[str]:
    counting = sum(len(entry.counted) for entry in ranked)
    return said(say(model, "project-ranking.no-tie", proposals=len(ranked), counting=counting))


def _method(words: MemberNames, rules: Ranking) -> list[str]:
    points = {link: _weight(rules, link) for link in ("direct", "indirect", "none")}
    own = "count like any other" if rules.own_scores_count else "do not count"
    ties = ", then to ".join(_RULES[rule][0] for rule in rules.ties)
    return [
        f"Each {words.one} may score each proposal with a whole number from {LOWEST} to {HIGHEST}.",
        f"Scores given to a proposal by {plural(words.short)} that propose or co-sponsor it {own}.",
        "Points for the proposal's link to the priorities of the Strategic Plan are added to the mean of the scores that "
        f"count, so that a direct link scores higher: {points['direct']} for a direct link, {points['indirect']} for an "
        f"indirect link and {points['none']} where there is no link.",
        f"Where totals are equal, precedence is given to {ties}."
        if ties
        else "Proposals with equal totals share the same rank.",
        "Means and totals are rounded for presentation only; the ranking is based on the exact values.",
    ]


def _weight(rules: Ranking, link: str) -> str:
    return marked(_short(Fraction(str(getattr(rules, link)))), ranking_figures.weight(rules, link))


WORDS = Words(tags=TAGS, context=context)
