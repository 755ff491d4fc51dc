"""The scores that each member gave to the proposals of a session: only in papers that name economies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.ranking import RankedProposal, ranking
from papers.problems import plural
from papers.wording import english, ranking_figures
from papers.wording.kinds.project_ranking import NO_SCORE, average
from papers.wording.tags import Each, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.inputs.settings import Ranking
    from papers.model.economies import Economy
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.ranking import ProposalSession
    from papers.problems import Problems

TAGS = {
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


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    session, rules = model.sessions[paper.session], model.settings.ranking
    ranked = ranking(session, rules)
    return {
        "proposals": [str(entry.proposal.number) for entry in ranked],
        "members": [
            {"name": member.name, "cells": [_score(entry, member, rules) for entry in ranked]}
            for member in session.members
        ],
        "totals": _totals(ranked, rules),
        "notes": _notes(model, session, rules),
    }


def check(model: Model, paper: Paper, problems: Problems) -> None:
    """Report a paper that would show the scores without saying so in its entry."""
    if "scores" not in paper.name_economies:
        found, expected = "the scores of each member", "a line name_economies: [scores]"
        todo = "Add the line, and access: restricted with a reason."
        problems.add(paper.place, "name-economies", found, expected, todo)


def _score(entry: RankedProposal, member: Economy, rules: Ranking) -> str:
    score = entry.scores.get(member)
    if score is None:
        return NO_SCORE
    points = english.figure(score.stated)
    return f"({points})" if score.own and not rules.own_scores_count else points


def _totals(ranked: list[RankedProposal], rules: Ranking) -> list[Values]:
    counting = [english.figure(ranking_figures.counting(entry, rules)) for entry in ranked]
    return [
        {"name": "Scores that count", "cells": counting},
        {"name": "Mean", "cells": [average(entry, "mean", entry.mean, rules) for entry in ranked]},
        {"name": "Median", "cells": [average(entry, "median", entry.median, rules) for entry in ranked]},
    ]


def _notes(model: Model, session: ProposalSession, rules: Ranking) -> str:
    words = model.register.words
    who = f"{plural(words.short)} that propose or co-sponsor the proposal"
    brackets = f"Scores in brackets are those of {who}; they do not count. "
    silent = tuple(economy for economy in model.register.economies if economy not in session.members)
    rest = (
        f" No score was received from {english.listed([economy.with_article for economy in silent])}."
        if silent
        else f" All {words.many} gave scores."
    )
    return f"{'' if rules.own_scores_count else brackets}A dash ({NO_SCORE}) means that no score was given.{rest}"


WORDS = Words(tags=TAGS, context=context, check=check)
