"""The names under which a delivery keeps files that the user edited inside outputs/."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

EDITED_COPY = " (edited copy {})"


def edited_copy_path(path: Path) -> Path:
    """Return the first free path, in the same folder, at which an edited file can be kept."""
    return free_path(path, EDITED_COPY, 1)


def free_path(path: Path, suffix: str, number: int) -> Path:
    """Return the first free path like "name (2).docx"; `number` is the first that `suffix` gets."""
    while (free := path.with_stem(path.stem + suffix.format(number))).exists():
        number += 1
    return free


def is_edited_copy(name: str) -> bool:
    """Return whether edits are kept under this name: no build writes or removes such a file."""
    return EDITED_COPY.partition("{")[0] in name


def edited_notice(file: str, copy: str) -> str:
    """Return the notice that an edited file was kept."""
    return f"{file} had been edited: the edited file is kept as {copy}"
