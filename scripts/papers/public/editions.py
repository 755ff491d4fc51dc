"""What the public reads: each public paper worded again from a model that has no restricted paper.

Most papers come out the same; then the paper itself is published. One that comes out otherwise (the classification list,
the agenda, whatever names other papers) has a public edition. One that cannot be worded at all stays inside.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

from papers.problems import Problems
from papers.public.model import public_model, restricted_papers
from papers.wording.compose import trace_paper
from papers.wording.kind import check_kind
from papers.wording.kinds import classification_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper

EDITION = "(Public edition, without what is restricted)"  # under the title on its cover
UNWORDED = "it cannot be told without a restricted paper"


class WordedPaper(NamedTuple):
    """What delegates read, as digests: of a paper's texts and of its trace. The texts of all papers would fill the memory."""

    texts: str
    trace: str


def worded_paper(context: dict, trace: dict) -> WordedPaper:
    """The digests of a paper as it is worded."""
    return WordedPaper(_digest([context["fields"], context["properties"]]), _digest(trace))


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()


def public_editions(model: Model, worded: Mapping[str, WordedPaper]) -> dict:
    """For outputs/work/public.json. `worded`: number -> what delegates read, of all papers of the chosen meetings.

    `papers`: the numbers that may be published; `editions`: contexts of those with a public edition; `traces`: those that differ
    from what delegates have; `held`: number -> why it stays inside; `restricted`: number and title of each paper that nothing
    published may name; `named`: whether classification lists may; `known_titles`: as in config.yaml.
    """
    restricted = [{"number": str(one.number), "title": one.title} for one in restricted_papers(model)]
    rules = model.config.public
    named = rules.restricted_in_list != "nothing"
    papers = [(m, str(p.number)) for m in model.chosen for p in m.papers if p.access == "public"]
    made = {
        "papers": [number for _, number in papers],
        "editions": [],
        "traces": [],
        "held": {},
        "restricted": restricted,
        "named": named,
        "known_titles": rules.known_titles,
    }
    if restricted:
        _add_editions(model, made, worded)
    return made


def _add_editions(model: Model, made: dict, worded: Mapping[str, WordedPaper]) -> None:
    without, listing = public_model(model), public_model(model, named=made["named"])
    for meeting in without.chosen:
        for paper in meeting.papers:
            is_list = paper.kind == classification_list.TEMPLATE
            known = listing if is_list else without
            both = _worded(known, known.meeting_of(paper), paper)
            number = str(paper.number)
            if both is None:
                made["held"][number] = UNWORDED
                made["papers"].remove(number)
                continue
            context, trace = both
            here, before = worded_paper(context, trace), worded[number]
            if here.texts != before.texts:
                status = context["fields"]["cover"]["status"]
                context["fields"]["cover"]["status"] = "\n".join(line for line in (status, EDITION) if line)
                made["editions"].append({**context, "issued": None, "revises": None, "meeting": meeting.code})
            if here.trace != before.trace:
                made["traces"].append(trace)


def _worded(model: Model, meeting: Meeting, paper: Paper) -> tuple[dict, dict] | None:
    """Context and trace of a paper; None where it needs what the model does not have."""
    problems = Problems()
    check_kind(model, paper, problems)
    return None if problems else trace_paper(model, meeting, paper)
