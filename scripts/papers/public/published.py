"""What was published last: the folder in which it was staged, and where each paper's access stands.

Reading the inputs needs it in every build; `stage.py`, which writes it, would import the register.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.store.files import DamagedFile
from papers.store.stages import MANIFEST, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

STAGE, REST = "public", "public_rest"  # folders below outputs/work: of the rule, and after `stage.take_out`


def published_folder(work: Path) -> Path:
    """Return the folder below outputs/work with the public files; it may not exist."""
    return work / STAGE if (work / STAGE / MANIFEST).is_file() else work / REST


def published_sources(work: Path) -> dict[str, list[str]]:
    """Return number of a published paper -> the file of its meeting, and that file's digest when it was read.

    Raise DamagedFile if that is not known.
    """
    folder = published_folder(work)
    sources: dict[str, list[str]] | None = read_manifest(folder).get("sources")
    if not isinstance(sources, dict):
        raise DamagedFile(folder / MANIFEST)
    return sources
