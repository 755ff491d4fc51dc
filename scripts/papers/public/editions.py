"""The public text of each public paper: it is worded again from a model without the restricted papers.

Most papers come out the same; then the paper itself is published. A paper that comes out differently (the
classification list, the agenda, any paper that names others) is published as a public edition. One that
cannot be worded without a restricted paper is withheld.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

from papers.problems import Problems
from papers.public.restricted import public_model, restricted_papers
from papers.store.work_files import CLASSIFICATION_LIST
from papers.wording.compose import trace_paper
from papers.wording.kind import check_kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper

EDITION = "(Public edition, without what is restricted)"  # below the title on its cover
_WHY_WITHHELD = "its text needs a restricted paper; make that paper public or restrict this one as well"


class WordedPaper(NamedTuple):
    """A paper as delegates get it, as digests of its texts and of its trace.

    The texts of all papers would fill the memory.
    """

    texts: str
    trace: str


def worded_paper(context: dict, trace: dict) -> WordedPaper:
    """Return the digests of a paper, given its context and its trace."""
    return WordedPaper(_digest([context["fields"], context["properties"]]), _digest(trace))


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()


def public_editions(model: Model, worded: Mapping[str, WordedPaper]) -> dict:
    """Return the content of outputs/work/<forum>/public.json.

    `worded` has, by number, all papers of the chosen meetings as delegates get them. The keys of the result:

    - `papers`: the numbers that may be published;
    - `editions`: the contexts of those that have a public edition;
    - `traces`: the traces that differ from those of the papers for delegates;
    - `withheld`: number -> why the paper may not be published;
    - `restricted`: number and title of each restricted paper, which no published file may mention;
    - `list_may_name`: whether the public edition of a classification list may mention them all the same;
    - `known_titles`: as in settings.yaml;
    - `longer`: as `Grammar.longer`.
    """
    rules = model.settings.public
    made = [paper for meeting in model.chosen for paper in meeting.papers if not paper.set_aside]
    papers = [paper for paper in made if paper.access == "public"]
    restricted = restricted_papers(model)
    held_back = {
        number: _why_held_back(model, paper)
        for paper in papers
        if (number := str(paper.number)) in model.held_back
    }
    result = {
        "papers": [number for paper in papers if (number := str(paper.number)) not in held_back],
        "editions": [],
        "traces": [],
        "withheld": held_back,
        "restricted": [{"number": str(paper.number), "title": paper.title} for paper in restricted],
        "list_may_name": rules.restricted_in_list != "nothing",
        "known_titles": rules.known_titles,
        "longer": model.grammar.longer,
    }
    if restricted:
        _add_editions(model, result, worded)
    return result


def _why_held_back(model: Model, paper: Paper) -> str:
    codes, file = ", ".join(model.held_back[str(paper.number)]), model.meeting_of(paper).file
    return (
        f"{paper.received} has warnings that nobody accepted ({codes}); ask for a file without them, or add"
        f" accepted_warnings: [{codes}] to its entry in {file} if all of it may be public"
    )


def _add_editions(model: Model, result: dict, worded: Mapping[str, WordedPaper]) -> None:
    """Word each public paper again, and add what differs to `result`."""
    without = public_model(model)
    for_lists = public_model(model, keep_titles=result["list_may_name"])
    for meeting in without.chosen:
        for paper in meeting.papers:
            if paper.set_aside:
                continue
            number, is_list = str(paper.number), paper.kind == CLASSIFICATION_LIST
            source = for_lists if is_list else without
            public = _worded(source, source.meeting_of(paper), paper)
            if number in result["withheld"]:
                continue
            if public is None:
                result["withheld"][number] = _WHY_WITHHELD
                result["papers"].remove(number)
                continue
            context, trace = public
            digests = worded_paper(context, trace)
            if digests.texts != worded[number].texts:
                result["editions"].append(_edition(context, meeting.code))
            if digests.trace != worded[number].trace:
                result["traces"].append(trace)


def _edition(context: dict, meeting: str) -> dict:
    """Return the context of a public edition, with its cover saying that it is one."""
    cover = context["fields"]["cover"]
    cover["status"] = "\n".join(line for line in (cover["status"], EDITION) if line)
    return {**context, "issued": None, "revises": None, "meeting": meeting}


def _worded(model: Model, meeting: Meeting, paper: Paper) -> tuple[dict, dict] | None:
    """Context and trace of a paper; None where it needs what the model does not have."""
    problems = Problems()
    check_kind(model.as_of(paper), paper, problems)
    return None if problems else trace_paper(model, meeting, paper)
