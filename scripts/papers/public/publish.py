"""Publish: write outputs/public, the folder for the web, from an explicit list of what may be in it.

The steps, in this order:

1. *select* (select.py): the public papers of the last build or their public editions, with their up-to-date
   PDFs, the redlines between two of them, and the traces of their figures;
2. *leak check* (leak_check.py, within the selection): a paper that mentions a restricted one is withheld
   with its files;
3. *write*: the papers and their files, then a register of these papers only, and last a list of digests;
4. *unpublish* (unpublish.py): files that are not on the list are moved out of the folder. If a published
   paper is no longer selected, everything is removed before anything is written, since the register
   mentions that paper.

Step 4 also runs alone, as soon as the inputs are read: a paper that became restricted is removed even if
the build then fails. docs/public.md describes what of restricted papers may be seen.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

from papers.problems import Problems
from papers.public.select import RULES, public_register, select_papers
from papers.public.unpublish import PUBLIC, deliveries, manifest_file, set_aside, unpublish_all
from papers.register.gather import gather_register, is_complete
from papers.register.search import SearchTexts
from papers.register.write import render_files, traces_page
from papers.richtext import csv_safe
from papers.store.edited_files import unchanged_files
from papers.store.files import SUMS, digest, digest_of, format_sums, to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from papers.public.select import Selection
    from papers.register.facts import Register
    from papers.store.files import FileRef

PACKAGES, MANIFEST = "packages", "MANIFEST.csv"


def publish(work: Path, out: Path, problems: Problems) -> list[str]:
    """Write outputs/public from the last build; return notices for the user.

    `work` is outputs/work, `out` is outputs. If the ledger has problems, they are reported in `problems`
    and nothing is written.
    """
    register = gather_register(work, out, problems)
    if problems:
        return []
    rules = json.loads((work / RULES).read_bytes())
    selection = select_papers(register, rules, work, out)
    public = public_register(register, selection, rules)
    _add_traces_pages(selection, public, work, out)
    selection.files |= _public_packages(out, public, selection.files)
    return [*selection.notices, *_write(public, selection, work, out)]


def refresh(work: Path, out: Path) -> list[str]:
    """Publish again if there is a public folder and the last build was complete.

    Returns notices and problems as lines.
    """
    if not (manifest_file(work).is_file() and is_complete(work)):
        return []
    problems = Problems()
    return publish(work, out, problems) or problems.lines()


def _write(public: Register, selection: Selection, work: Path, out: Path) -> list[str]:
    """Deliver the selected files, then the register of them; return notices of kept and moved files."""
    papers, pages = deliveries(work, out)
    if {paper.file for paper in papers.papers} - selection.files.keys():
        unpublish_all(work, out)
        papers, pages = deliveries(work, out)
    delivered = papers.deliver(
        [
            (_described(file, selection.number_of.get(file, "")), selection.files[file])
            for file in sorted(selection.files)
        ]
    )
    register_files = render_files(public, out / PUBLIC, SearchTexts(work / "texts.jsonl"))
    digests = {paper.file: paper.sha256 for paper in delivered}
    digests |= {file: digest(data) for file, data in register_files.items()}
    register_files[SUMS] = format_sums(digests).encode()
    delivered += pages.deliver([(_described(file), data) for file, data in register_files.items()])
    moved = set_aside(out, {file.file for file in delivered})
    write_atomic(manifest_file(work), to_json({"papers": [file._asdict() for file in delivered]}))
    return [*papers.kept, *pages.kept, *moved]


def _add_traces_pages(selection: Selection, public: Register, work: Path, out: Path) -> None:
    unchanged = unchanged_files(work, out)
    for entry in public.entries:
        if entry.trace:
            selection.files[entry.traces_page] = traces_page(entry, public, out, unchanged)


def _public_packages(out: Path, public: Register, files: Mapping[str, bytes | FileRef]) -> dict[str, bytes]:
    """Return path -> package, of each meeting whose package has exactly the published papers."""
    digests, packages = {digest_of(data) for data in files.values()}, {}
    for meeting in public.meetings_with_papers:
        name = f"{PACKAGES}/{meeting.code}-public.zip"
        if (out / name).is_file():
            data = (out / name).read_bytes()
            titles = {entry.number: entry.title for entry in public.entries_of(meeting)}
            if _has_exactly(data, titles, digests):
                packages[name] = data
    return packages


def _has_exactly(package: bytes, titles: Mapping[str, str], digests: set[str]) -> bool:
    """Whether a package lists exactly these papers (number -> title) and has only files of these digests."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        manifest = csv.DictReader(io.StringIO(archive.read(MANIFEST).decode("utf-8-sig")))
        rows = {row["Number"]: row["Title"] for row in manifest}
        found = [digest(archive.read(name)) for name in archive.namelist() if name != MANIFEST]
    return rows == {number: csv_safe(title) for number, title in titles.items()} and digests.issuperset(found)


def _described(file: str, number: str = "") -> dict[str, str]:
    """Return the facts that a delivery records of a file."""
    return {"number": number, "title": "", "kind": PUBLIC, "file": file}
