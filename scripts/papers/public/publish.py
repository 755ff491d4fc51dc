"""outputs/public: what may be put on the web, from a list of what may go; everything else stays where it is.

What may go: public papers of the last build (or their public editions), their up-to-date PDFs, the changes between two of them,
the traces of their figures, the package for the public, and an index of these alone. Of restricted papers there is nothing
but what wording/public_edition.py says; docs/public.md tells how it is seen to. Standard library and the pinned compressor only.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

from papers.problems import Problems
from papers.public.select import SAID, public_index, select_papers
from papers.public.unpublish import PUBLIC, deliveries, manifest_file, set_aside, unpublish_all
from papers.register.articles import traces_page
from papers.register.gather import gather, is_complete
from papers.register.search import SearchTexts
from papers.register.write import figures_page, files_of
from papers.richtext import csv_safe
from papers.store.files import SUMS, digest, digest_of, format_sums, to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from papers.register.facts import Register
    from papers.store.files import FileRef

PACKAGES, MANIFEST = "packages", "MANIFEST.csv"


def public_packages(out: Path, public: Register, files: Mapping[str, bytes | FileRef]) -> dict[str, bytes]:
    """Place -> package, of each meeting whose package has these very papers and nothing else."""
    digests, found = {digest_of(data) for data in files.values()}, {}
    for meeting in public.held:
        name = f"{PACKAGES}/{meeting.code}-public.zip"
        if (out / name).is_file():
            data = (out / name).read_bytes()
            if _holds(data, {entry.number: entry.title for entry in public.of(meeting)}, digests):
                found[name] = data
    return found


def _holds(package: bytes, titles: Mapping[str, str], digests: set[str]) -> bool:
    """Whether a package has the papers of these numbers and titles, and no file that is not published."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        listed = csv.DictReader(io.StringIO(opened.read(MANIFEST).decode("utf-8-sig")))
        rows = {row["Number"]: row["Title"] for row in listed}
        held = [digest(opened.read(name)) for name in opened.namelist() if name != MANIFEST]
    return rows == {number: csv_safe(title) for number, title in titles.items()} and digests.issuperset(held)


def publish(work: Path, out: Path, problems: Problems) -> list[str]:
    """Makes outputs/public of the last build; returns what to tell. With problems of the ledger, nothing is written."""
    index = gather(work, out, problems)
    if problems:
        return []
    said = json.loads((work / SAID).read_bytes())
    made = select_papers(index, said, work, out)
    public = public_index(index, made, said)
    made.files |= {traces_page(e): figures_page(e, public, out) for e in public.entries if e.figures}
    made.files |= public_packages(out, public, made.files)
    papers, pages = deliveries(work, out)
    if {paper.file for paper in papers.papers} - made.files.keys():
        unpublish_all(work, out)  # an index must not outlive a paper that it tells of, whatever happens next
        papers, pages = deliveries(work, out)
    delivered = papers.deliver([(_about(made.of.get(f, ""), f), made.files[f]) for f in sorted(made.files)])
    texts = SearchTexts(work / "texts.jsonl")
    index_files = files_of(public, out / PUBLIC, texts)
    digests = {paper.file: paper.sha256 for paper in delivered}
    digests |= {file: digest(data) for file, data in index_files.items()}
    index_files[SUMS] = format_sums(digests).encode()
    delivered += pages.deliver([(_about("", file), data) for file, data in index_files.items()])
    notes = [*made.notes, *papers.kept, *pages.kept, *set_aside(out, {one.file for one in delivered})]
    write_atomic(manifest_file(work), to_json({"papers": [one._asdict() for one in delivered]}))
    return notes


def refresh(work: Path, out: Path) -> list[str]:
    """Makes it again where there is one, after a verb that made what it holds; returns what to tell, problems too."""
    if not (manifest_file(work).is_file() and is_complete(work)):
        return []
    problems = Problems()
    return publish(work, out, problems) or problems.lines()


def _about(number: str, file: str) -> dict[str, str]:
    return {"number": number, "title": "", "kind": PUBLIC, "file": file}
