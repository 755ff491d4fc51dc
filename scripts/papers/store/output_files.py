"""Names of the files that a build leaves in outputs/.

Paths are relative to outputs/. Standard library only, as every build imports it.
"""

from __future__ import annotations

from papers.store.files import SUMS

PAPERS, PDF, CHANGES, ISSUED, INDEX = "papers", "pdf", "changes", "issued", "index"  # folders
PAGE, DATA, FEED, TEXT = "index.html", "papers.json", "feed.xml", f"{INDEX}/text.js"  # the register
PROVENANCE, SUMS_OF_VIEWS, SEAL = "provenance.json", f"{SUMS}.views", "SEAL.txt"
PROGRAM = "program.json"
SEALS = (SUMS, SUMS_OF_VIEWS, SEAL, PROVENANCE, PROGRAM)


def read_sums(text: str) -> dict[str, str]:
    """Parse a list as sha256sum writes it, of text or (with an asterisk) of binary files: path -> digest."""
    lines = (line.partition(" ") for line in text.splitlines())
    return {name[1:]: sha256 for sha256, _, name in lines if len(name) > 1}
