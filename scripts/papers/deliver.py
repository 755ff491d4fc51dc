"""Bring outputs/ in line with what the stages of the last build wrote below outputs/work."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from papers.redlines.pairs import pairs_by_meeting
from papers.register.overview import deliver_overviews
from papers.seal.lists import write_lists
from papers.store.delivery import (
    CHANGES_FILES,
    PACKAGE_FILES,
    PAPER_FILES,
    PDF_FILES,
    PUBLIC_FILES,
    REGISTER_FILES,
    SEAL_FILES,
    Delivery,
    all_deliveries,
    files_of,
)
from papers.store.files import DamagedFile
from papers.store.output_files import LISTS
from papers.store.stages import MANIFEST, read_manifest
from papers.store.work_files import INDEX_FILE, NUMBERS_FILE, PAPERS_FILE, papers_by_meeting, pdf_path

if TYPE_CHECKING:
    from collections.abc import Collection

    from papers.store.delivery import Group, StagedFile


def deliver_all(work: Path, outputs: Path) -> list[str]:
    """Deliver the last build, which must be complete; remove what it no longer has. Return notices."""
    _remove_stale_stages(work)
    notices = _deliver(PAPER_FILES, work, outputs, _complete_papers(work))
    if any(group.folders(work) for group in (PDF_FILES, CHANGES_FILES)):
        notices += deliver_pdfs(work, outputs) + deliver_changes(work, outputs)
    notices += _deliver(PACKAGE_FILES, work, outputs, _staged(PACKAGE_FILES, work), may_stay=None)
    return notices + deliver_views(work, outputs)


def _complete_papers(work: Path) -> dict[str, StagedFile]:
    """Return all papers; raise DamagedFile if they are not those of the inputs."""
    papers = files_of(work / "filled" / meeting for meeting in papers_by_meeting(work / "contexts"))
    if papers.keys() != _expected_papers(work):
        raise DamagedFile(work / "contexts" / PAPERS_FILE)
    return papers


def deliver_papers_alone(work: Path, outputs: Path) -> list[str]:
    """Deliver the papers without register and public folder; remove a seal that is not of these papers."""
    return _deliver_without_seal(work, outputs, _complete_papers(work), ())


def _deliver_without_seal(
    work: Path, outputs: Path, papers: dict[str, StagedFile], may_stay: Collection[str] | None
) -> list[str]:
    before = Delivery(PAPER_FILES, work, outputs).known
    notices = _deliver(PAPER_FILES, work, outputs, papers, may_stay)
    if Delivery(PAPER_FILES, work, outputs).known != before:
        notices += _deliver(SEAL_FILES, work, outputs, {}) + deliver_overviews(outputs)
    write_lists(work, outputs)
    return notices


def deliver_views(work: Path, outputs: Path) -> list[str]:
    """Deliver register, seal and public folder, then the pages of all forums.

    Raise DamagedFile, before anything is removed, if one of them is missing.
    """
    staged = {group: _staged(group, work) for group in (REGISTER_FILES, SEAL_FILES, PUBLIC_FILES)}
    for group, files in staged.items():
        if not files:
            raise DamagedFile(work / group.stages / MANIFEST)
    notices = [notice for group, files in staged.items() for notice in _deliver(group, work, outputs, files)]
    notices += deliver_overviews(outputs)
    write_lists(work, outputs)
    return notices


def deliver_pdfs(work: Path, outputs: Path) -> list[str]:
    """Deliver the PDFs that were converted; those of papers that are built stay until they are replaced."""
    may_stay = {pdf_path(file) for file in _expected_papers(work)}
    return _deliver_current(PDF_FILES, work, outputs, may_stay)


def deliver_changes(work: Path, outputs: Path) -> list[str]:
    """Deliver the redlines that were made; those of pairs that still exist stay until they are replaced."""
    pairs = pairs_by_meeting(work / "contexts")
    may_stay = {pair.file for of_meeting in pairs.values() for pair in of_meeting}
    return _deliver_current(CHANGES_FILES, work, outputs, may_stay)


def failed_comparisons(work: Path) -> list[str]:
    """Return a sentence for each pair of papers that could not be compared."""
    meetings = papers_by_meeting(work / "contexts")
    folders = [folder for folder in CHANGES_FILES.folders(work) if folder.name in meetings]
    return [text for folder in folders for text in read_manifest(folder).get("failed", [])]


def deliver_filled(work: Path, outputs: Path) -> list[str]:
    """Deliver the papers of the meetings that were filled, after a build that failed; remove a stale seal."""
    if not (work / "contexts" / INDEX_FILE).is_file():
        return []
    meetings = papers_by_meeting(work / "contexts")
    folders = [folder for folder in PAPER_FILES.folders(work) if folder.name in meetings]
    return _deliver_without_seal(work, outputs, files_of(folders), may_stay=None)


def deliver_one(path: Path, work: Path, outputs: Path) -> list[str]:
    """Deliver the file with this path below `outputs`, and no other; a list with the views that it lists."""
    name = path.relative_to(outputs).as_posix()
    for delivery in all_deliveries([work], outputs):
        file = name.removeprefix(f"{delivery.group.folder}/")
        staged = _staged(delivery.group, delivery.work)
        if file in staged and delivery.folder / file == path:
            delivery.deliver({file: staged[file]}, may_stay=None)
            write_lists(work, outputs)
            return delivery.notices
    if path.name in LISTS:  # those that follow from what was delivered
        return deliver_views(work, outputs)
    raise DamagedFile(work)


def restore_changed(works: Collection[Path], outputs: Path) -> list[str]:
    """Deliver every file again that was lost or edited since it was delivered; `works` are the forums' folders."""
    notices = []
    for delivery in all_deliveries(works, outputs):
        delivery.restore(_staged(delivery.group, delivery.work))
        notices += delivery.notices
    for work in works:
        write_lists(work, outputs)
    return notices


def _deliver(
    group: Group,
    work: Path,
    outputs: Path,
    files: dict[str, StagedFile],
    may_stay: Collection[str] | None = (),
) -> list[str]:
    delivery = Delivery(group, work, outputs)
    delivery.deliver(files, may_stay)
    return delivery.notices


def _deliver_current(group: Group, work: Path, outputs: Path, may_stay: set[str]) -> list[str]:
    staged = _staged(group, work)
    current = {name: file for name, file in staged.items() if name in may_stay}
    notices = _deliver(group, work, outputs, current, may_stay)
    write_lists(work, outputs)
    return notices


def _remove_stale_stages(work: Path) -> None:
    """Remove the stages' folders of meetings that are no longer built."""
    meetings = papers_by_meeting(work / "contexts")
    for group in (PAPER_FILES, PDF_FILES, CHANGES_FILES):
        for folder in group.folders(work):
            if folder.name not in meetings:
                shutil.rmtree(folder)


def _staged(group: Group, work: Path) -> dict[str, StagedFile]:
    return files_of(group.folders(work))


def _expected_papers(work: Path) -> set[str]:
    """Return the files of all papers, as the inputs were read; raise DamagedFile if that is not known."""
    contexts = work / "contexts"
    meetings = papers_by_meeting(contexts)
    read = {file.stem for file in contexts.glob("*.json")} - {
        Path(name).stem for name in (INDEX_FILE, PAPERS_FILE, NUMBERS_FILE)
    }
    if read != meetings.keys():
        raise DamagedFile(contexts / PAPERS_FILE)
    return {paper["file"] for papers in meetings.values() for paper in papers}
