"""Check that each paper has what its kind needs. Problems name the line of the paper's entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.plan import check_facts
from papers.model.references import check_known
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.work_files import RECEIVED
from papers.wording import needs
from papers.wording.check_kinds import check_kinds
from papers.wording.kind import check_kind, kinds, parts_of
from papers.wording.narrative import paper_ids, sections_of
from papers.wording.phrases import check_phrases

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.wording.kind import Kind


def check_papers(model: Model, problems: Problems) -> None:
    """Report papers that cannot be worded, and texts that belong to no paper.

    Adds to `model.notices` what the user should know of papers that can be.
    """
    before = len(problems.found)
    check_kinds(model.kind_files, problems)
    check_phrases(model, problems)
    if len(problems.found) > before:
        return  # what is wrong with a kind would be reported at each of its papers
    named = [_check_entry(model, paper, problems) for meeting in model.chosen for paper in meeting.papers]
    named += [_has_kind(model, paper) for meeting in model.meetings for paper in meeting.papers]
    if all(named):
        _check_ids(model, problems)
    if all(named) and not model.unread.any("meeting"):
        _check_strays(model, problems)


def _check_entry(model: Model, paper: Paper, problems: Problems) -> bool:
    """Check a paper; return whether its kind and the inputs that its entry names exist."""
    if not _has_issued_kind(model, paper):
        return False
    files = model.kind_files
    unread = paper.kind in files.unread
    check_known(
        paper.kind, sorted({*kinds(model), RECEIVED}), paper.place_of("kind"), "kind", unread, problems
    )
    _check_annex(model, paper, problems)
    _check_naming(model, paper, problems)
    if paper.kind not in kinds(model):
        return _has_kind(model, paper)
    model = model.as_seen_by(paper)
    before, needed = len(problems.found), needs.needs_of(files, paper, parts_of(model, paper))
    needs.check_keys(files, paper, needed, problems)
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


def _has_kind(model: Model, paper: Paper) -> bool:
    return paper.kind == RECEIVED or paper.kind in kinds(model)


def _has_issued_kind(model: Model, paper: Paper) -> bool:
    """Return whether a paper has the kind under which its number was issued; if not, that was reported."""
    status = model.ledger.papers.get(paper.number.base)
    return status is None or status.kind == paper.kind


def _check_paper(model: Model, paper: Paper, problems: Problems) -> None:
    """Check what is computed from the needs of a paper, which are satisfied."""
    _check_narrative(model.as_of(paper), paper, problems)
    if not model.unread.any("meeting"):  # a kind may ask for another paper
        check_kind(model.as_of(paper), paper, problems)
    for part in parts_of(model, paper):
        model.notices += kinds(model)[part].words.notices(model, paper)


def _check_ids(model: Model, problems: Problems) -> None:
    """Report a paper with the id of another: both would print the same narrative and recommendations.

    The revisions of a paper share its id, and so do its tablings at several meetings. Upper and lower case are
    one, as they are in names of files on some systems.
    """
    seen: dict[str, Paper] = {}
    for paper in (paper for meeting in model.meetings for paper in meeting.papers if _uses_id(model, paper)):
        other = seen.setdefault(paper.id.casefold(), paper)
        is_same = paper.tabled and paper.tabled == other.tabled
        if not is_same and paper.number.base != other.number.base:
            found = f"the id {quoted(paper.id)} again (first in {other.place})"
            todo = f"Write a line id: with another name at this paper, such as {paper.id}-2."
            problems.add(paper.place, "doubled-id", found, "an id that no other paper has", todo)


def _uses_id(model: Model, paper: Paper) -> bool:
    """Whether something is named after a paper: its narrative, its recommendations, or the id in its entry."""
    kind = kinds(model).get(paper.kind)
    return bool(paper.stated_id or (kind and is_named_by_id(kind)))


def is_named_by_id(kind: Kind) -> bool:
    """Return whether narrative or recommendations of a kind are named after the id of a paper."""
    return bool(kind.form.narrative) or needs.RECOMMENDATIONS.name in kind.form.needs


def _check_strays(model: Model, problems: Problems) -> None:
    """Report narratives and recommendations that belong to no paper: they would be left out silently.

    All papers must be known: a paper whose number, kind or year is wrong may be the one that they belong to.
    """
    names = sorted(paper_ids(model))
    places = {name: found.file for name, found in model.recommendations.items()}
    _check_documents(model, problems)
    places |= {
        folder: next(iter(sections.values())).file.rsplit("/", 1)[0]
        for folder, sections in model.narratives.items()
    }
    for name in sorted({*model.recommendations, *model.narratives} - set(names)):
        todo = did_you_mean(name, names, "Rename it, add the paper to its meeting, or delete it.")
        found = f"{quoted(name)}, which belongs to no paper"
        expected = "the id of a paper, usually its kind and year, such as mid-term-review-2018"
        problems.add(Place(places[name]), "stray", found, expected, todo)


def _check_documents(model: Model, problems: Problems) -> None:
    """Report documents and records that no paper prints."""
    papers = [paper for meeting in model.meetings for paper in meeting.papers]
    for what, found in (("document", model.documents), ("record", model.records)):
        named = {getattr(paper, what) for paper in papers}
        for name in sorted(found.keys() - named):
            todo = f"Add a paper with {what}: {name} to its meeting, or move it out of the folder."
            place, expected = Place(found[name].files[0]), "one that a paper names"
            problems.add(place, "stray", f"the {what} {quoted(name)}, which no paper names", expected, todo)


def _check_annex(model: Model, paper: Paper, problems: Problems) -> None:
    """Report an annex of sources at a paper of a kind that has no counted figures."""
    if paper.sources_annex and _has_kind(model, paper) and not kinds(model).has_annex(paper.kind):
        with_annex = [kind for kind in kinds(model) if kinds(model).has_annex(kind)]
        found = f"sources_annex in a paper of kind {paper.kind}"
        expected = f"a paper of one of the kinds {', '.join(with_annex)}"
        problems.add(paper.place, "sources-annex", found, expected, "Delete the line sources_annex.")


def _check_naming(model: Model, paper: Paper, problems: Problems) -> None:
    """Report a public paper that names economies, and a paper of a kind that does not."""
    if not paper.name_economies or not _has_kind(model, paper):
        return
    place, may_name = paper.place_of("name_economies"), _may_name(model, paper.kind)
    for name in paper.name_economies:
        if name not in may_name:
            found = f"{name} under name_economies, in a paper of kind {paper.kind}"
            expected = f"one of {', '.join(may_name)}" if may_name else "no such line, as the kind names none"
            problems.add(place, "name-economies", found, expected, "Delete it, or correct the kind.")
    if paper.access != "restricted":
        found, expected = "a public paper that names economies", "access: restricted"
        todo = "Add the line with a reason, or delete name_economies."
        problems.add(place, "name-economies", found, expected, todo)


def _may_name(model: Model, kind: str) -> list[str]:
    return list(kinds(model)[kind].form.may_name) if kind in kinds(model) else []


def _check_narrative(model: Model, paper: Paper, problems: Problems) -> None:
    """Report unknown sections and unknown figures; add a notice for each missing section.

    `model` is as known to the paper.
    """
    kind = kinds(model)[paper.kind]
    if not kind.form.narrative:
        return
    sections = sections_of(model, paper)
    written = model.narratives.get(paper.id, {})
    facts = kind.words.facts(model, paper)
    for name, section in written.items():
        if name not in sections:
            names = ", ".join(f"{one}.md" for one in sections)
            expected = f"one of {names}" if sections else "no file, as every section has its text elsewhere"
            otherwise = "Rename the file, or delete it." if sections else "Delete the file."
            todo = did_you_mean(name, sections, otherwise)
            problems.add(Place(section.file), "stray-section", f"the section {name}", expected, todo)
        check_facts(section, facts, (), problems)
    for name, declared in sections.items():
        if name not in written and not declared.may_be_missing:
            model.notices.append(_missing_section(model, paper, name))


def _missing_section(model: Model, paper: Paper, name: str) -> str:
    return (
        f"{paper.number} has no text for its section {name}: it is marked in the paper until "
        f"inputs/{model.config.forum}/narrative/{paper.id}/{name}.md is written"
    )
