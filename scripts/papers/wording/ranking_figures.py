"""The figures of a ranking: scores that count, points, weights and ranks, each with all that it depends on."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from papers.model.figures import Cell, Figure, Source, counted, exact, not_counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.settings import Ranking
    from papers.model.ranking import ProposalSession, RankedProposal, Score

LINE_OF_WEIGHT, LINE_OF_RULE = "points for this link", "rule of the ranking"


def scores_given(session: ProposalSession) -> Figure:
    """Return how many scores the members gave."""
    return counted(session.scores, "scores given", lambda score: score.source, session.file)


def scores_that_count(ranked: Iterable[RankedProposal], rules: Ranking, file: str) -> Figure:
    """Return how many scores of all proposals count."""
    entries = tuple(ranked)
    every = [(entry, score) for entry in entries for score in entry.counted]
    return counted(
        every,
        "scores that count",
        lambda pair: _score(*pair, rules),
        file,
        others=lambda: [source for entry in entries for source in _not_counted(entry, rules)],
    )


def counting(entry: RankedProposal, rules: Ranking) -> Figure:
    """Return how many scores count for a proposal."""
    return counted(
        entry.counted,
        f"scores that count for {entry.proposal.number}",
        lambda score: _score(entry, score, rules),
        entry.proposal.place.file,
        others=lambda: _not_counted(entry, rules),
    )


def points(entry: RankedProposal, rules: Ranking) -> Figure:
    """Return the points of these scores together."""
    total = sum(score.points for score in entry.counted)
    what = f"points of the scores that count for {entry.proposal.number}"

    def sources() -> list[Source]:
        left_out = [cell for source in _not_counted(entry, rules) for cell in source.decided_by]
        deciding = tuple(dict.fromkeys((*_own(entry, rules), *left_out)))
        given = [replace(score.source, counts=score.points) for score in entry.counted]
        return [source.because_of(deciding) for source in given]

    return Figure(total if entry.counted else None, (), what, sources)


def points_for_link(entry: RankedProposal, rules: Ranking) -> Figure:
    """Return the points that a proposal has for its link: its cell, and the line of the weight."""
    value, what = exact(entry.bonus), f"points for the link of {entry.proposal.number}"
    cells = entry.proposal.cells_of("link")
    source = Source(value, cells, _lines(rules, LINE_OF_WEIGHT, entry.proposal.link))
    return Figure(value, (), what, lambda: [source])


def weight(rules: Ranking, link: str) -> Figure:
    """Return the points for a sort of link, as settings.yaml states them."""
    value, what = exact(Fraction(str(getattr(rules, link)))), f"points for the link {link}"
    return Figure(value, (), what, lambda: [Source(value, _lines(rules, LINE_OF_WEIGHT, link))])


def rank(entry: RankedProposal, ranked: Iterable[RankedProposal], rules: Ranking) -> Figure:
    """Return the rank of a proposal: how many stand before it, and itself.

    The others are among its sources, for the scores, link and rules because of which they do not stand before it.
    """
    if entry.rank is None:
        raise AssertionError(f"{entry.proposal.number} has no rank, as no score of it counts")
    place = entry.rank
    before = [other for other in ranked if other.rank is not None and other.rank < place]
    after = [other for other in ranked if other is not entry and other not in before]
    return counted(
        [entry, *before],
        f"rank of {entry.proposal.number}: itself and those that stand before it",
        lambda one: one.proposal.source.because_of(_deciding_rank(one, rules)),
        entry.proposal.place.file,
        others=lambda: [
            not_counted((*one.proposal.source.cells, *_deciding_rank(one, rules))) for one in after
        ],
    )


def _deciding_rank(entry: RankedProposal, rules: Ranking) -> tuple[Cell, ...]:
    scores = [cell for score in entry.scores.values() for cell in _cells(score)]
    weights = _lines(rules, LINE_OF_WEIGHT, entry.proposal.link)
    ties = _lines(rules, LINE_OF_RULE, "ties")
    return (*scores, *_own(entry, rules), *entry.proposal.cells_of("link"), *weights, *ties)


def _score(entry: RankedProposal, score: Score, rules: Ranking) -> Source:
    return score.source.because_of(_own(entry, rules))


def _not_counted(entry: RankedProposal, rules: Ranking) -> list[Source]:
    """Return the scores that do not count, with who proposes the proposal and the rule."""
    left_out = [score for score in entry.scores.values() if score not in entry.counted]
    return [not_counted((*_cells(score), *_own(entry, rules))) for score in left_out]


def _cells(score: Score) -> tuple[Cell, ...]:
    return (*score.source.cells, *score.source.decided_by)


def _own(entry: RankedProposal, rules: Ranking) -> tuple[Cell, ...]:
    """Return what decides whether scores are a proponent's own, and whether those count."""
    parties = entry.proposal.cells_of("proposing", "co_sponsors")
    return (*parties, *_lines(rules, LINE_OF_RULE, "own_scores_count"))


def _lines(rules: Ranking, title: str, *keys: str) -> tuple[Cell, ...]:
    return tuple(Cell(place, title) for place in rules.lines(*keys))
