"""A list of files with their digests, as sha256sum writes and checks it. Standard library only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SUMS = "SHA256SUMS"


def as_sums(digests: Mapping[str, str]) -> str:
    """Path below the list's own folder -> hex digest; gives the text of the list, sorted by path.

    Paths are written with forward slashes on every system, so that the list is the same everywhere.
    """
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))


def grouped(sha256: str) -> str:
    """A digest as people read it to each other: eight groups of eight."""
    return " ".join(sha256[at : at + 8] for at in range(0, len(sha256), 8))
