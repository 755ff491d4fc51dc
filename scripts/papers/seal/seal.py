"""The seal: lists of digests for sha256sum -c, provenance, and one line a paper that two people can compare.

SHA256SUMS lists what depends on the inputs and the program alone, so that two machines get the same list. What also tells
of, or comes from, LibreOffice and the verbs that were run here stands in SHA256SUMS.views. docs/seal.md says why.
Standard library only, as every build that made something writes it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from papers.seal.provenance import PROVENANCE, as_text, provenance, with_ledger
from papers.store.contexts import manifests, outdated_files
from papers.store.edited_files import is_edited_copy
from papers.store.files import SUMS, digest, format_sums, grouped, is_unchanged, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

VIEWS, SEAL = f"{SUMS}.views", "SEAL.txt"
PAPERS = "papers"
LISTS = (SUMS, VIEWS, SEAL)
# As in papers.register, which would cost each build a tenth of a second to import.
ISSUED, INDEX, FEED, PAGE, DATA = "issued", "index", "feed.xml", "index.html", "papers.json"
_NO_PAPERS = (f"{INDEX}/", FEED, PAGE, DATA, PROVENANCE, SUMS, SEAL)
_MADE_WITH = {"pdf": "converted", "changes": "compared"}


def seal(work: Path, base: Path, logo: Iterable[str]) -> None:
    """Seals the last build. `work` is outputs/work, `base` outputs."""
    _write(work, base, provenance(work, logo))


def reseal(work: Path, base: Path) -> None:
    """Seals anew what was built and sealed before, when the index was made again; no paper is another one since."""
    place = base / PROVENANCE
    if place.is_file() and (base / SUMS).is_file():
        _write(work, base, with_ledger(json.loads(place.read_bytes())))


def remove_stale_seal(work: Path, base: Path) -> None:
    """Takes the lists away where a build stopped half-way: sha256sum would refuse what was made since."""
    place = base / SUMS
    if not place.is_file():
        return
    sealed = read_sums(place.read_text(encoding="utf-8"))
    now = {}
    for record in (work / "record").glob("*.json"):
        made = json.loads(record.read_bytes())["papers"]
        now |= {f"{PAPERS}/{paper['file']}": paper["sha256"] for paper in made}
    if {name: sha for name, sha in sealed.items() if name.startswith(f"{PAPERS}/")} != now:
        for name in (*LISTS, PROVENANCE):
            (base / name).unlink(missing_ok=True)


def edited_files(base: Path) -> dict[str, int]:
    """Files of the index and the seal that were edited or lost since they were sealed -> when, in ns; 0 for a lost one.

    Papers have records of their own, see delivering.forget_lost. What is older than the seal is taken as it is.
    """
    found = {}
    for place in (base / SUMS, base / VIEWS):
        listed = read_sums(place.read_text(encoding="utf-8")) if place.is_file() else {}
        for name in (name for name in listed if name.startswith(_NO_PAPERS)):
            file = base / name
            if not is_unchanged(file, listed[name], place.stat().st_mtime_ns):
                found[name] = file.stat().st_mtime_ns if file.exists() else 0
    return found


def read_sums(text: str) -> dict[str, str]:
    """A list as sha256sum writes it, of text or (with an asterisk) of binary files: path -> digest."""
    lines = (line.partition(" ") for line in text.splitlines())
    return {name[1:]: sha256 for sha256, _, name in lines if len(name) > 1}


def seal_line(paper: dict) -> str:
    """The seal of one paper, an entry of provenance.json."""
    return f"{paper['number']}  {grouped(paper['sha256'])}"


def overall_seal(sums: bytes) -> str:
    """The seal of all papers: the digest of the list of digests."""
    return f"All papers  {grouped(digest(sums))}"


def seal_text(sums: bytes, papers: Iterable[dict]) -> str:
    """SEAL.txt: a line for all, and one a paper."""
    return "\n".join([overall_seal(sums), *[seal_line(paper) for paper in papers], ""])


def _write(work: Path, base: Path, made: dict) -> None:
    papers, written = {paper["file"]: paper["sha256"] for paper in made["papers"]}, as_text(made)
    sums = format_sums(papers | _issued(work) | _index(base) | {PROVENANCE: digest(written)}).encode()
    write_atomic(base / PROVENANCE, written)
    write_atomic(base / SUMS, sums)
    write_atomic(base / SEAL, seal_text(sums, made["papers"]).encode())
    write_atomic(
        base / VIEWS, format_sums(_views(work, base, papers)).encode()
    )  # the last, as it lists the others


def _issued(work: Path) -> dict[str, str]:
    """Earlier papers as they were issued, to which the index links: their digests are known already."""
    record = work / ISSUED / "record" / "issued.json"
    issued = json.loads(record.read_bytes())["papers"] if record.is_file() else []
    return {f"{ISSUED}/{paper['file']}": paper["sha256"] for paper in issued}


def _index(base: Path) -> dict[str, str]:
    """The files of the index that tell of the papers alone."""
    pages = [path for path in (base / INDEX).rglob("*") if path.is_file()]
    own = [page for page in pages if not (page.name.startswith(".") or is_edited_copy(page.name))]
    names = [FEED, *[page.relative_to(base).as_posix() for page in own]]
    return {name: digest((base / name).read_bytes()) for name in names}


def _views(work: Path, base: Path, papers: dict[str, str]) -> dict[str, str]:
    """What else is there and up to date: the pages that link PDFs and comparisons, these themselves, and the seal."""
    found = {name: digest((base / name).read_bytes()) for name in (PAGE, DATA, SUMS, SEAL)}
    delivered = {file.removeprefix(f"{PAPERS}/"): sha256 for file, sha256 in papers.items()}
    for folder, made_by in _MADE_WITH.items():
        stale = set(outdated_files(work / folder, delivered, made_by))
        for manifest in manifests(work / folder):
            fresh = [paper for paper in manifest["papers"] if paper["file"] not in stale]
            places = {f"{folder}/{paper['file']}": paper["sha256"] for paper in fresh}
            found |= {place: sha for place, sha in places.items() if (base / place).is_file()}
    return found
