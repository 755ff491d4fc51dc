"""outputs/public: what may be put on the web, from a list of what may go; everything else stays where it is.

What may go: public papers of the last build (or their public editions), their up-to-date PDFs, the changes between two of them,
the traces of their figures, the package for the public, and an index of these alone. Of restricted papers there is nothing
but what wording/public_edition.py says; docs/public.md tells how it is seen to. Standard library and the pinned compressor only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from papers.issuing.delivering import as_json, digest, write_whole
from papers.issuing.index.building import figures_page, files_of
from papers.issuing.index.entry import traces_page
from papers.issuing.index.fulltext import Texts
from papers.issuing.index.gathering import built, gather
from papers.issuing.public_packages import public_packages
from papers.issuing.public_papers import SAID, chosen, public_index
from papers.issuing.sums import SUMS, as_sums
from papers.issuing.taking_back import PUBLIC, deliveries, manifest_file, set_aside, take_away
from papers.problems import Problems

if TYPE_CHECKING:
    from pathlib import Path


def publish(work: Path, out: Path, problems: Problems) -> list[str]:
    """Makes outputs/public of the last build; returns what to tell. With problems of the ledger, nothing is written."""
    index = gather(work, out, problems)
    if problems:
        return []
    said = json.loads((work / SAID).read_bytes())
    made = chosen(index, said, work, out)
    public = public_index(index, made, said)
    made.files |= {traces_page(e): figures_page(e, public, out) for e in public.entries if e.figures}
    made.files |= public_packages(out, public, made.files)
    papers, pages = deliveries(work, out)
    if {paper.file for paper in papers.papers} - made.files.keys():
        take_away(work, out)  # an index must not outlive a paper that it tells of, whatever happens next
        papers, pages = deliveries(work, out)
    delivered = papers.deliver([(_about(made.of.get(f, ""), f), made.files[f]) for f in sorted(made.files)])
    texts = Texts(work / "texts.jsonl")
    index_files = files_of(public, out / PUBLIC, texts)
    digests = {paper.file: paper.sha256 for paper in delivered}
    digests |= {file: digest(data) for file, data in index_files.items()}
    index_files[SUMS] = as_sums(digests).encode()
    delivered += pages.deliver([(_about("", file), data) for file, data in index_files.items()])
    notes = [*made.notes, *papers.kept, *pages.kept, *set_aside(out, {one.file for one in delivered})]
    write_whole(manifest_file(work), as_json({"papers": [one._asdict() for one in delivered]}))
    return notes


def refresh(work: Path, out: Path) -> list[str]:
    """Makes it again where there is one, after a verb that made what it holds; returns what to tell, problems too."""
    if not (manifest_file(work).is_file() and built(work)):
        return []
    problems = Problems()
    return publish(work, out, problems) or problems.lines()


def _about(number: str, file: str) -> dict[str, str]:
    return {"number": number, "title": "", "kind": PUBLIC, "file": file}
