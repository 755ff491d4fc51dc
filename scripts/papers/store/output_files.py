"""Names of the files that a build leaves in outputs/, and which of them were changed since they were sealed.

Paths are relative to outputs/. Standard library only, as every build imports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.store.files import SUMS, is_unchanged

if TYPE_CHECKING:
    from pathlib import Path

PAPERS, PDF, CHANGES, ISSUED, INDEX = "papers", "pdf", "changes", "issued", "index"  # folders
PAGE, DATA, FEED, TEXT = "index.html", "papers.json", "feed.xml", f"{INDEX}/text.js"  # the register
PROVENANCE, SUMS_OF_VIEWS, SEAL = "provenance.json", f"{SUMS}.views", "SEAL.txt"
SEAL_FILES = (SUMS, SUMS_OF_VIEWS, SEAL, PROVENANCE)
_REGISTER_AND_SEAL = (f"{INDEX}/", FEED, PAGE, DATA, PROVENANCE, SUMS, SEAL)


def read_sums(text: str) -> dict[str, str]:
    """Parse a list as sha256sum writes it, of text or (with an asterisk) of binary files: path -> digest."""
    lines = (line.partition(" ") for line in text.splitlines())
    return {name[1:]: sha256 for sha256, _, name in lines if len(name) > 1}


def changed_since_sealed(outputs: Path) -> dict[str, int]:
    """Return the files of the register and the seal that were edited or deleted since they were sealed.

    The value is the modification time in ns, 0 for a deleted file. Files older than the seal are not read. Papers are
    not among them: they have records of their own, see `papers.store.delivery`.
    """
    found = {}
    for sums in (outputs / SUMS, outputs / SUMS_OF_VIEWS):
        listed = read_sums(sums.read_text(encoding="utf-8")) if sums.is_file() else {}
        for name in (name for name in listed if name.startswith(_REGISTER_AND_SEAL)):
            file = outputs / name
            if not is_unchanged(file, listed[name], sums.stat().st_mtime_ns):
                found[name] = file.stat().st_mtime_ns if file.exists() else 0
    return found
