"""The notes that `forum-papers check` writes into a copy of a workbook: what they look like, and leaving them out.

The sender corrects the copy and sends it back, notes and colours included. Such a note is no remark of the sender;
what the sender adds before or after it is one.
"""

from __future__ import annotations

import re

NOTE_BEGIN, NOTE_END = "Forum Papers found:", "(end of this note of Forum Papers)"
COLOUR = "FFFFD28A"  # of the cells with a note; colours mean nothing to the reader of workbooks
_OWN_NOTE = re.compile(f"{re.escape(NOTE_BEGIN)}.*?{re.escape(NOTE_END)}", re.DOTALL)


def as_note(texts: list[str]) -> str:
    """Return the text of a note that says these things of a cell."""
    return "\n".join([NOTE_BEGIN, *texts, NOTE_END])


def without_own_notes(text: str) -> str:
    """Return what is left of a note without what the program wrote, "" where it wrote all of it."""
    return _OWN_NOTE.sub("", text).strip()
