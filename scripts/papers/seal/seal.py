"""Write the seal: lists of digests for `sha256sum -c`, the provenance, and one line for each paper to compare by eye.

SHA256SUMS lists what depends only on the inputs and the program, so that two machines get the same list. Files that
also depend on LibreOffice or on the commands that were run on this machine are in SHA256SUMS.views; docs/seal.md has
the reasons. Standard library only, as every build that changed something runs this.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from papers.seal.provenance import provenance, provenance_json, update_ledger
from papers.store.edited_files import is_edited_copy
from papers.store.files import SUMS, digest, format_sums, grouped, write_atomic
from papers.store.output_files import (
    CHANGES,
    DATA,
    FEED,
    INDEX,
    ISSUED,
    PAGE,
    PAPERS,
    PDF,
    PROVENANCE,
    SEAL,
    SEAL_FILES,
    SUMS_OF_VIEWS,
    read_sums,
)
from papers.store.work_files import manifests, outdated_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MANIFEST_KEYS = {PDF: "converted", CHANGES: "compared"}


def seal(work: Path, outputs: Path, logo: Iterable[str]) -> None:
    """Seal the last build. `work` is outputs/work; `logo` holds the path of the forum's logo, if it has one."""
    _write(work, outputs, provenance(work, logo))


def reseal(work: Path, outputs: Path) -> None:
    """Write the seal again after the register was rewritten; the papers are those of the last build."""
    file = outputs / PROVENANCE
    if file.is_file() and (outputs / SUMS).is_file():
        _write(work, outputs, update_ledger(json.loads(file.read_bytes())))


def remove_stale_seal(work: Path, outputs: Path) -> None:
    """Remove the seal if it does not list the papers as delivered, as after a build that stopped half-way."""
    sums = outputs / SUMS
    if not sums.is_file():
        return
    sealed = read_sums(sums.read_text(encoding="utf-8"))
    delivered = {}
    for record in (work / "record").glob("*.json"):
        papers = json.loads(record.read_bytes())["papers"]
        delivered |= {f"{PAPERS}/{paper['file']}": paper["sha256"] for paper in papers}
    if {name: sha for name, sha in sealed.items() if name.startswith(f"{PAPERS}/")} != delivered:
        for name in SEAL_FILES:
            (outputs / name).unlink(missing_ok=True)


def seal_line(paper: dict) -> str:
    """Return the seal of one paper; `paper` is its entry in provenance.json."""
    return f"{paper['number']}  {grouped(paper['sha256'])}"


def overall_seal(sums: bytes) -> str:
    """Return the seal of all papers: the digest of SHA256SUMS."""
    return f"All papers  {grouped(digest(sums))}"


def seal_text(sums: bytes, papers: Iterable[dict]) -> str:
    """Return the text of SEAL.txt: a line for all papers, then one for each."""
    return "\n".join([overall_seal(sums), *[seal_line(paper) for paper in papers], ""])


def _write(work: Path, outputs: Path, content: dict) -> None:
    papers, written = (
        {paper["file"]: paper["sha256"] for paper in content["papers"]},
        provenance_json(content),
    )
    listed = papers | _issued_digests(work) | _register_digests(outputs) | {PROVENANCE: digest(written)}
    sums = format_sums(listed).encode()
    write_atomic(outputs / PROVENANCE, written)
    write_atomic(outputs / SUMS, sums)
    write_atomic(outputs / SEAL, seal_text(sums, content["papers"]).encode())
    # Last, as it lists the others.
    write_atomic(outputs / SUMS_OF_VIEWS, format_sums(_view_digests(work, outputs, papers)).encode())


def _issued_digests(work: Path) -> dict[str, str]:
    """Earlier papers as they were issued, which the register links to; their digests are in their record."""
    record = work / ISSUED / "record" / "issued.json"
    issued = json.loads(record.read_bytes())["papers"] if record.is_file() else []
    return {f"{ISSUED}/{paper['file']}": paper["sha256"] for paper in issued}


def _register_digests(outputs: Path) -> dict[str, str]:
    """The files of the register that depend on the papers alone."""
    pages = [path for path in (outputs / INDEX).rglob("*") if path.is_file()]
    built = [page for page in pages if not (page.name.startswith(".") or is_edited_copy(page.name))]
    names = [FEED, *[page.relative_to(outputs).as_posix() for page in built]]
    return {name: digest((outputs / name).read_bytes()) for name in names}


def _view_digests(work: Path, outputs: Path, papers: dict[str, str]) -> dict[str, str]:
    """The pages that link to PDFs and redlines, those of these files that are up to date, and the seal."""
    found = {name: digest((outputs / name).read_bytes()) for name in (PAGE, DATA, SUMS, SEAL)}
    delivered = {file.removeprefix(f"{PAPERS}/"): sha256 for file, sha256 in papers.items()}
    for folder, key in _MANIFEST_KEYS.items():
        outdated = set(outdated_files(work / folder, delivered, key))
        for manifest in manifests(work / folder):
            current = [paper for paper in manifest["papers"] if paper["file"] not in outdated]
            digests = {f"{folder}/{paper['file']}": paper["sha256"] for paper in current}
            found |= {name: sha for name, sha in digests.items() if (outputs / name).is_file()}
    return found
