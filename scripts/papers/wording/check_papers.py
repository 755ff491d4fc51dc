"""Check that each paper has what its kind needs. Problems name the line of the paper's entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.plan import check_facts
from papers.model.references import check_known
from papers.numbers import base_of
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.work_files import RECEIVED
from papers.wording import needs
from papers.wording.kind import check_kind, has_annex, kinds
from papers.wording.narrative import paper_ids

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper


def check_papers(model: Model, problems: Problems) -> None:
    """Report papers that cannot be worded, and texts that belong to no paper.

    Adds to `model.notices` what the user should know of papers that can be.
    """
    named = [_check_entry(model, paper, problems) for meeting in model.chosen for paper in meeting.papers]
    named += [_has_kind(paper) for meeting in model.meetings for paper in meeting.papers]
    if all(named):
        _check_ids(model, problems)
    if all(named) and not model.unread.any("meeting"):
        _check_strays(model, problems)


def _check_entry(model: Model, paper: Paper, problems: Problems) -> bool:
    """Check a paper; return whether its kind and the inputs that its entry names exist."""
    if not _has_issued_kind(model, paper):
        return False
    check_known(paper.kind, [*kinds(), RECEIVED], paper.place, "kind", False, problems)
    _check_annex(paper, problems)
    if paper.kind not in kinds():
        return _has_kind(paper)
    model = model.as_seen_by(paper)
    before, needed = len(problems.found), kinds()[paper.kind].needs
    readable = [need for need in needed if not need.is_unread(model, paper)]
    for need in readable:
        # The other needs decide the name of the recommendations.
        if need is not needs.RECOMMENDATIONS or len(problems.found) == before:
            need.check(model, paper, problems)
    if len(problems.found) > before:
        return False
    if len(readable) == len(needed):
        _check_paper(model, paper, problems)
    return True


def _has_kind(paper: Paper) -> bool:
    return paper.kind == RECEIVED or paper.kind in kinds()


def _has_issued_kind(model: Model, paper: Paper) -> bool:
    """Return whether a paper has the kind under which its number was issued; if not, that was reported."""
    status = model.ledger.papers.get(base_of(str(paper.number)))
    return status is None or status.kind == paper.kind


def _check_paper(model: Model, paper: Paper, problems: Problems) -> None:
    """Check what is computed from the needs of a paper, which are satisfied."""
    _check_narrative(model.as_of(paper), paper, problems)
    if not model.unread.any("meeting"):  # a kind may ask for another paper
        check_kind(model, paper, problems)
    model.notices += kinds()[paper.kind].notices(model, paper)


def _check_ids(model: Model, problems: Problems) -> None:
    """Report a paper with the id of another: both would print the same narrative and recommendations.

    The revisions of a paper share its id, and so do its tablings at several meetings. Upper and lower case are
    one, as they are in names of files on some systems.
    """
    seen: dict[str, Paper] = {}
    for paper in (paper for meeting in model.meetings for paper in meeting.papers if _uses_id(paper)):
        other = seen.setdefault(paper.id.casefold(), paper)
        is_same = paper.tabled and paper.tabled == other.tabled
        if not is_same and base_of(str(paper.number)) != base_of(str(other.number)):
            found = f"the id {quoted(paper.id)} again (first in {other.place})"
            todo = f"Write id: and another name at this paper, such as id: {paper.id}-2."
            problems.add(paper.place, "doubled-id", found, "an id that no other paper has", todo)


def _uses_id(paper: Paper) -> bool:
    """Whether something is named after a paper: its narrative, its recommendations, or the id in its entry."""
    kind = kinds().get(paper.kind)
    return bool(paper.stated_id or (kind and (kind.narrative or needs.RECOMMENDATIONS in kind.needs)))


def _check_strays(model: Model, problems: Problems) -> None:
    """Report narratives and recommendations that belong to no paper: they would be left out silently.

    All papers must be known: a paper whose number, kind or year is wrong may be the one that they belong to.
    """
    names = sorted(paper_ids(model))
    places = {name: found.file for name, found in model.recommendations.items()}
    places |= {
        folder: next(iter(sections.values())).file.rsplit("/", 1)[0]
        for folder, sections in model.narratives.items()
    }
    for name in sorted({*model.recommendations, *model.narratives} - set(names)):
        todo = did_you_mean(name, names, "Rename it, add the paper to its meeting, or delete it.")
        found = f"{quoted(name)}, which belongs to no paper"
        expected = "the id of a paper, usually its kind and year, such as mid-term-review-2018"
        problems.add(Place(places[name]), "stray", found, expected, todo)


def _check_annex(paper: Paper, problems: Problems) -> None:
    """Report an annex of sources at a paper of a kind that has no counted figures."""
    if paper.sources_annex and _has_kind(paper) and not has_annex(paper.kind):
        found = f"sources_annex in a paper of kind {paper.kind}"
        expected = f"a paper of one of the kinds {', '.join(kind for kind in kinds() if has_annex(kind))}"
        problems.add(paper.place, "sources-annex", found, expected, "Delete the line sources_annex.")


def _check_narrative(model: Model, paper: Paper, problems: Problems) -> None:
    """Report unknown sections and unknown figures; add a notice for each missing section.

    `model` is as known to the paper.
    """
    narrative = kinds()[paper.kind].narrative
    if narrative is None:
        return
    sections = narrative.headings(model, paper)
    written = model.narratives.get(paper.id, {})
    facts = narrative.facts(model, paper)
    for name, section in written.items():
        if name not in sections:
            expected = f"one of {', '.join(f'{one}.md' for one in sections)}"
            todo = did_you_mean(name, sections, "Rename the file, or delete it.")
            problems.add(Place(section.file), "stray-section", f"the section {name}", expected, todo)
        check_facts(section, facts, (), problems)
    for name in sections:
        if name not in written and name not in narrative.optional:
            model.notices.append(_missing_section(model, paper, name))


def _missing_section(model: Model, paper: Paper, name: str) -> str:
    return (
        f"{paper.number} has no text for its section {name}: it is marked in the paper until "
        f"inputs/{model.config.forum}/narrative/{paper.id}/{name}.md is written"
    )
