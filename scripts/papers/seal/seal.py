"""Write a forum's seal: its list of digests for `sha256sum -c`, the provenance, and a line for each paper.

SHA256SUMS lists what depends only on the inputs and the program, so that two users can compare it. All other
delivered files are in SHA256SUMS.views, which `papers.seal.lists` writes when they are delivered; docs/seal.md
has the reasons. Standard library only, as every build that changed something runs this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.seal.origin import origin
from papers.seal.provenance import STAGE, as_json, provenance, sealed_file, sealed_provenance, update_ledger
from papers.store.delivery import PUBLIC_FILES, REGISTER_FILES, staged_digests
from papers.store.files import SUMS, digest, format_sums, grouped, read_json
from papers.store.output_files import PAPERS, PROGRAM, PROVENANCE, SEAL, depends_on_machine, forum_file
from papers.store.stages import write_stage
from papers.store.work_files import INPUTS_FILE, manifests

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def seal(work: Path, forum: str, logo: Iterable[str]) -> None:
    """Seal the last build of a forum, ready to deliver.

    `work` is outputs/work; `logo` holds the path of the forum's logo, if it has one.
    """
    _write(work, forum, provenance(work, logo))


def reseal(work: Path, forum: str) -> None:
    """Write the seal again after the register was rewritten; the papers are those of the last build."""
    _write(work, forum, update_ledger(sealed_provenance(work), forum))


def is_sealed(work: Path) -> bool:
    """Return whether the seal was last written for the inputs and papers that the stages have now.

    A command that was killed while it sealed them again leaves the provenance, which is written first.
    """
    if not sealed_file(work).is_file():
        return False
    content = sealed_provenance(work)
    filled = {f"{PAPERS}/{p['file']}": p["sha256"] for m in manifests(work / "filled") for p in m["papers"]}
    sealed = {paper["file"]: paper["sha256"] for paper in content["papers"]}
    read = read_json(work / INPUTS_FILE)
    return bool(sealed == filled and content["inputs"].items() <= read.items())


def seal_line(paper: dict) -> str:
    """Return the seal of one paper; `paper` is its entry in provenance.json."""
    return f"{paper['number']}  {grouped(paper['sha256'])}"


def overall_seal(sums: bytes, forum: str = "") -> str:
    """Return the seal of all papers of a forum, or of all forums: the digest of their SHA256SUMS."""
    return f"All papers{f' of {forum}' if forum else ''}  {grouped(digest(sums))}"


def seal_text(sums: bytes, forum: str, papers: Iterable[dict]) -> str:
    """Return the text of SEAL.txt: a line for all papers of the forum, then one for each."""
    return "\n".join([overall_seal(sums, forum), *[seal_line(paper) for paper in papers], ""])


def _write(work: Path, forum: str, content: dict) -> None:
    written = as_json(content)
    built = {paper["file"]: paper["sha256"] for paper in content["papers"]}
    built |= staged_digests(REGISTER_FILES, work) | staged_digests(PUBLIC_FILES, work)
    lasting = {path: sha256 for path, sha256 in built.items() if not depends_on_machine(path)}
    sums = format_sums({**lasting, forum_file(forum, PROVENANCE): digest(written)}).encode()
    files = {
        PROVENANCE: written,  # first: see `is_sealed`
        SUMS: sums,
        SEAL: seal_text(sums, forum, content["papers"]).encode(),
        PROGRAM: as_json(origin()),
    }
    write_stage(work / STAGE, {forum_file(forum, name): data for name, data in files.items()})
