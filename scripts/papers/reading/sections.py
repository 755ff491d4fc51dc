"""What a section in Markdown is once it is read; apart from its reader, so that no parser is needed to know it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """One Markdown file: the runs of its first heading and the blocks below; each block has its line `at`."""

    file: str
    heading: list
    blocks: list
