"""The verb `preview`: issued papers as their inputs would make them now, beside those that were issued, with redlines.

Nothing is recorded, and outputs/papers stays as it is: `make revise` is what changes an issued paper.
"""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from papers.build.snakefile import prepared_templates
from papers.docx.fill import key_of, load_context, load_prepared
from papers.docx.fill_paper import fill_paper
from papers.errors import UserError
from papers.inputs.forums import choose_forum, organisation_of_forum
from papers.pdf.paginate import build_quietly
from papers.problems import Problems
from papers.record.built_papers import report_unknown_paper
from papers.redlines.engine import redline
from papers.redlines.pairs import ComparedPaper, Pair
from papers.store.delivery import PREVIEW_FILES, Delivery, files_of
from papers.store.files import digest, is_word, read_bytes
from papers.store.locks import OUTPUTS, build_lock
from papers.store.stages import MANIFEST, staged_files, write_stage
from papers.store.work_files import papers_by_meeting, prepared_folder, work_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.numbers import Grammar
    from papers.store.locks import HeldLock
    from papers.store.paper_context import PaperSummary

    Preview = tuple[PaperSummary, bytes]  # a paper, and what it would be now


def run(verb: str, options: dict[str, str]) -> int:
    """Write the previews of the papers that are named; return the exit code."""
    problems = Problems()
    forum = choose_forum(options, problems)
    organisation = organisation_of_forum(Path(), forum, problems) if forum else None
    code = 1
    if organisation:
        with build_lock("make preview") as lock:
            code = _preview(forum, options["paper"].split(","), organisation.grammar, lock, problems)
    if problems:
        print("Nothing was previewed. Please fix:", file=sys.stderr)
        print(*(f"  {line}" for line in problems.lines()), sep="\n", file=sys.stderr)
    return 1 if problems else code


def _preview(forum: str, numbers: list[str], grammar: Grammar, lock: HeldLock, problems: Problems) -> int:
    work = work_folder(forum)
    if not build_quietly(forum, lock, (work / "contexts").as_posix()):
        return 1
    meetings = papers_by_meeting(work / "contexts")
    known = [paper["number"] for papers in meetings.values() for paper in papers]
    for number in numbers:
        if number not in known:
            report_unknown_paper(number, known, grammar, problems)
    if problems:
        return 1
    for meeting, papers in meetings.items():
        chosen = [paper for paper in papers if paper["number"] in numbers]
        if chosen and not build_quietly(forum, lock, *prepared_templates(work / "contexts", meeting)):
            return 1
        if chosen:
            _preview_papers(work, meeting, chosen)
    return 0


def _preview_papers(work: Path, meeting: str, papers: list[PaperSummary]) -> None:
    """Write the previews of papers of a meeting whose templates are prepared, and print where they are."""
    previews = list(_changed(papers, _filled(work, meeting, {paper["number"] for paper in papers})))
    files, stage = _files(meeting, previews), work / PREVIEW_FILES.stages.replace("*", meeting)
    _write(stage, {name for paper in papers for name in _names(meeting, paper)}, files)
    _deliver(work, stage, meeting)
    for name in files:
        print(f"{OUTPUTS.as_posix()}/{PREVIEW_FILES.folder}/{name}")
    for paper, _ in previews:
        print(f'To issue it: make revise paper={paper["number"]} why="...", then make issue.')


def _filled(work: Path, meeting: str, numbers: set[str]) -> dict[str, bytes]:
    """Return number -> bytes, of those Word papers of a meeting, filled whether or not they were issued."""
    papers = [p for p in load_context(work / "contexts" / f"{meeting}.json")["papers"] if is_word(p["file"])]
    papers = [paper for paper in papers if paper["number"] in numbers]
    prepared = load_prepared(papers, prepared_folder(work), work / "received" / f"{meeting}.prepared")
    return {paper["number"]: fill_paper(prepared[key_of(paper)], paper) for paper in papers}


def _changed(papers: list[PaperSummary], filled: dict[str, bytes]) -> Iterator[Preview]:
    """Yield the issued papers that would change; say of each other one why there is no preview of it."""
    for paper in papers:
        number, issued = paper["number"], paper["issued"]
        if not issued:
            print(f"{number} is not issued: make builds it into outputs/papers.")
        elif number not in filled:
            print(
                f"{number} was received as a PDF, in which no changes can be tracked: there is no preview. Open"
                f" {paper['received']}, which make revise would put behind a new cover, beside {issued['kept']}."
            )
        elif digest(filled[number]) == issued["sha256"]:
            print(f"{number} is as it was issued on {issued['date']}.")
        else:
            yield paper, filled[number]


def _names(meeting: str, paper: PaperSummary) -> tuple[str, str]:
    """Return the paths of a preview and of its redline below outputs/previews."""
    path = PurePosixPath(meeting, PurePosixPath(paper["file"]).name)
    return path.as_posix(), path.with_stem(f"{path.stem}_changes").as_posix()


def _files(meeting: str, previews: list[Preview]) -> dict[str, bytes]:
    """Return path -> bytes of previews and redlines; report a paper that can't be compared."""
    files = {}
    for paper, data in previews:
        name, changes = _names(meeting, paper)
        files[name] = data
        try:
            files[changes] = redline(_pair(paper), _issued_bytes(paper), data)
        except UserError as error:
            print(error, file=sys.stderr)
    return files


def _write(stage: Path, replaced: set[str], files: dict[str, bytes]) -> None:
    """Write previews, in place of the earlier ones of the same papers."""
    before = staged_files(stage) if (stage / MANIFEST).is_file() else {}
    kept = {name: file.read() for name, file in before.items() if name not in replaced}
    write_stage(stage, {**kept, **files})


def _deliver(work: Path, stage: Path, meeting: str) -> None:
    delivery = Delivery(PREVIEW_FILES, work, OUTPUTS)
    others = {name for name in delivery.known if not name.startswith(f"{meeting}/")}
    delivery.deliver(files_of([stage]), may_stay=others)
    for notice in delivery.notices:
        print(f"  Note: {notice}", file=sys.stderr)


def _pair(paper: PaperSummary) -> Pair:
    about = paper["properties"]
    now = ComparedPaper(
        paper["number"], paper["title"], paper["kind"], paper["file"], about["author"], about["date"]
    )
    return Pair(now, now)


def _issued_bytes(paper: PaperSummary) -> bytes:
    issued = paper["issued"]
    if issued is None:
        raise ValueError(f"{paper['number']} was not issued")
    return read_bytes(issued["kept"])
