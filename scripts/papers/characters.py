"""Characters that must not reach a paper: those that XML 1.0, and so Word, cannot hold, and those that deceive its reader."""

from __future__ import annotations

import re
import unicodedata

_CANNOT_HOLD = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
# Turn the direction of writing, or show nothing: the text is then another one than its reader sees.
INVISIBLE = "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f"
_FORBIDDEN, _UNSEEN = re.compile(f"[{_CANNOT_HOLD}{INVISIBLE}]"), re.compile(f"[{INVISIBLE}]")
EXPECTED_TEXT = "text that Word can hold and that people see as it is"


def forbidden_character(text: str) -> re.Match | None:
    """The first character of `text` that must not reach a paper, as a match, or None."""
    return None if text.isascii() and text.isprintable() else _FORBIDDEN.search(text)


def invisible_character(text: str) -> re.Match | None:
    """The first character of `text` that turns the direction of writing or shows nothing."""
    return None if text.isascii() else _UNSEEN.search(text)


def describe_character(match: re.Match) -> str:
    """What was found, as people are told: the character U+202E (right-to-left override, which nobody sees)."""
    found, name = f"the character U+{ord(match[0]):04X}", unicodedata.name(match[0], "").lower()
    return f"{found} ({name}, which nobody sees)" if _UNSEEN.match(match[0]) else found
