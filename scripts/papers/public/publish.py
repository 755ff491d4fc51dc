"""Publish: what may be in outputs/public, the folder for the web, from an explicit list.

The steps, in this order:

1. *select* (select.py): the public papers of the last build or their public editions, with their up-to-date
   PDFs, the redlines between two of them, and the traces of their figures;
2. *leak check* (leak_check.py, within the selection): a paper that mentions a restricted one is withheld
   with its files;
3. *write* (stage.py): the papers and their files, a register of these papers only, and a list of digests;
4. *deliver* (store/delivery.py): files that are not on the list are moved out of the folder. If a published
   paper is no longer selected, everything is removed before anything is written, since the register
   mentions that paper.

unpublish.py removes a paper that became restricted as soon as the inputs are read, even if the build then
fails. docs/public.md describes what of restricted papers may be seen.
"""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from typing import TYPE_CHECKING

from papers.public.published import REST, STAGE
from papers.public.select import RULES, public_register, select_papers
from papers.public.stage import write_public
from papers.register.gather import gather_register
from papers.register.write import traces_pages, write_register
from papers.richtext import csv_safe
from papers.store.cache import CACHE, Cache
from papers.store.delivery import PACKAGE_FILES, files_of
from papers.store.files import digest, digest_of, read_json
from papers.store.output_files import PACKAGES
from papers.store.work_files import INPUTS_FILE, built_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from papers.problems import Problems
    from papers.register.facts import Files, Register
    from papers.store.files import FileRef

MANIFEST = "MANIFEST.csv"


def publish(work: Path, forum: str, problems: Problems) -> list[str]:
    """Write register and public folder of the last build, ready to deliver; return notices for the user.

    `work` is outputs/work/<forum>. If the ledger has problems, they are reported in `problems` and nothing is
    written.
    """
    built = built_files(work)
    register = gather_register(work, built, problems)
    if problems:
        return []
    write_register(work, forum, register, built)
    return _write_public_folder(work, register, built)


def _write_public_folder(work: Path, register: Register, built: Files) -> list[str]:
    """Select what may be public; return notices for the user."""
    rules = read_json(work / RULES)
    selection = select_papers(register, rules, work, built)
    public = public_register(register, selection, rules)
    pages = Cache(work / CACHE / "public_traces_pages")
    selection.files |= traces_pages(public, pages)
    selection.files |= _public_packages(work, public, selection.files)
    sources = _sources(public, read_json(work / "model.json"), read_json(work / INPUTS_FILE))
    write_public(public, selection.files, selection.number_of, sources, rules["longer"], work / STAGE)
    shutil.rmtree(work / REST, ignore_errors=True)
    pages.remove_unused()
    return selection.notices


def _sources(register: Register, model: dict, inputs: dict[str, str]) -> dict[str, list[str]]:
    """Return number of a paper -> the file of its meeting, which says that it is public, and its digest."""
    files = {meeting["code"]: meeting["file"] for meeting in model["meetings"]}
    return {entry.number: [files[entry.meeting], inputs[files[entry.meeting]]] for entry in register.entries}


def _public_packages(work: Path, public: Register, files: Mapping[str, bytes | FileRef]) -> dict[str, bytes]:
    """Return path -> package, of each meeting whose package has exactly the published papers."""
    digests, packages = {digest_of(data) for data in files.values()}, {}
    written = files_of(PACKAGE_FILES.folders(work))
    for meeting in public.meetings_with_papers:
        name = f"{meeting.code}-public.zip"
        if name in written:
            data = written[name].ref.read()
            titles = {entry.number: entry.title for entry in public.entries_of(meeting)}
            if _has_exactly(data, titles, digests):
                packages[f"{PACKAGES}/{name}"] = data
    return packages


def _has_exactly(package: bytes, titles: Mapping[str, str], digests: set[str]) -> bool:
    """Whether a package lists exactly these papers (number -> title) and has only files of these digests."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        manifest = csv.DictReader(io.StringIO(archive.read(MANIFEST).decode("utf-8-sig")))
        rows = {row["Number"]: row["Title"] for row in manifest}
        found = [digest(archive.read(name)) for name in archive.namelist() if name != MANIFEST]
    return rows == {number: csv_safe(title) for number, title in titles.items()} and digests.issuperset(found)
