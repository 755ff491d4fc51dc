"""Write the seal: lists of digests for `sha256sum -c`, the provenance, and one line for each paper to compare by eye.

SHA256SUMS lists what depends only on the inputs and the program, so that two users can compare it. Files that also
depend on LibreOffice, on git or on the commands that were run on this machine are in SHA256SUMS.views; docs/seal.md
has the reasons. Standard library only, as every build that changed something runs this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.seal.origin import origin
from papers.seal.provenance import as_json, provenance, update_ledger
from papers.store.files import SUMS, digest, format_sums, grouped, read_json
from papers.store.output_files import (
    CHANGES,
    DATA,
    PAGE,
    PAPERS,
    PDF,
    PROGRAM,
    PROVENANCE,
    SEAL,
    SUMS_OF_VIEWS,
)
from papers.store.stages import read_manifest, write_stage
from papers.store.work_files import INPUTS_FILE, manifests, outdated_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

STAGE, REGISTER = "seal", "register"  # folders below outputs/work
_MANIFEST_KEYS = {PDF: "converted", CHANGES: "compared"}


def seal(work: Path, logo: Iterable[str]) -> None:
    """Seal the last build, ready to deliver.

    `work` is outputs/work; `logo` holds the path of the forum's logo, if it has one.
    """
    _write(work, provenance(work, logo))


def reseal(work: Path) -> None:
    """Write the seal again after the register was rewritten; the papers are those of the last build."""
    _write(work, update_ledger(read_json(work / STAGE / PROVENANCE)))


def is_sealed(work: Path) -> bool:
    """Return whether the seal was last written for the inputs and papers that the stages have now.

    A command that was killed while it sealed them again leaves the provenance, which is written first.
    """
    if not (work / STAGE / PROVENANCE).is_file():
        return False
    content = read_json(work / STAGE / PROVENANCE)
    filled = {f"{PAPERS}/{p['file']}": p["sha256"] for m in manifests(work / "filled") for p in m["papers"]}
    sealed = {paper["file"]: paper["sha256"] for paper in content["papers"]}
    read = read_json(work / INPUTS_FILE)
    return bool(sealed == filled and content["inputs"].items() <= read.items())


def seal_line(paper: dict) -> str:
    """Return the seal of one paper; `paper` is its entry in provenance.json."""
    return f"{paper['number']}  {grouped(paper['sha256'])}"


def overall_seal(sums: bytes) -> str:
    """Return the seal of all papers: the digest of SHA256SUMS."""
    return f"All papers  {grouped(digest(sums))}"


def seal_text(sums: bytes, papers: Iterable[dict]) -> str:
    """Return the text of SEAL.txt: a line for all papers, then one for each."""
    return "\n".join([overall_seal(sums), *[seal_line(paper) for paper in papers], ""])


def _write(work: Path, content: dict) -> None:
    papers, written = (
        {paper["file"]: paper["sha256"] for paper in content["papers"]},
        as_json(content),
    )
    register = read_manifest(work / REGISTER)["files"]
    lasting = {name: sha for name, sha in register.items() if name not in (PAGE, DATA)}
    sums = format_sums(papers | lasting | {PROVENANCE: digest(written)}).encode()
    files = {PROVENANCE: written, SUMS: sums, SEAL: seal_text(sums, content["papers"]).encode()}
    files[PROGRAM] = as_json(origin())
    views = {name: register[name] for name in (PAGE, DATA)} | _related_digests(work, papers)
    views |= {name: digest(files[name]) for name in (SUMS, SEAL, PROGRAM)}
    write_stage(work / STAGE, {**files, SUMS_OF_VIEWS: format_sums(views).encode()})


def _related_digests(work: Path, papers: dict[str, str]) -> dict[str, str]:
    """Return path -> digest of the PDFs and redlines that are up to date."""
    found = {}
    delivered = {file.removeprefix(f"{PAPERS}/"): sha256 for file, sha256 in papers.items()}
    for folder, key in _MANIFEST_KEYS.items():
        outdated = set(outdated_files(work / folder, delivered, key))
        for manifest in manifests(work / folder):
            current = [paper for paper in manifest["papers"] if paper["file"] not in outdated]
            found |= {f"{folder}/{paper['file']}": paper["sha256"] for paper in current}
    return found
