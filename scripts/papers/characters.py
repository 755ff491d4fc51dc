"""Characters that a reader cannot see or could mistake, and the form of a text that is used to compare it.

The only definition of these sets: what reads files, writes messages and builds web pages uses the functions
below.
"""

from __future__ import annotations

import re
import unicodedata

# XML 1.0, and so Word, cannot hold these.
_NOT_IN_XML_SET = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
# They turn the direction of writing or show nothing, so that the text is not the one that its reader sees.
_INVISIBLE_SET = "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f"
# Allowed in a paper, as Word draws them or some languages need them (the joiners 200C and 200D), but a
# message or a web page that contained them would be changed by them: controls, line ends, joiners and signs
# for annotations.
_ESCAPED_ONLY_SET = "\r\x7f-\x9f\u2028\u2029\u200c\u200d\ufff9-\ufffb"
# Greek, Cyrillic, Armenian, Cherokee and full-width letters: many look like Latin ones.
_LATIN_LOOKALIKES_SET = "\u0370-\u058f\u13a0-\u13ff\uff21-\uff3a\uff41-\uff5a"

_INVISIBLE = re.compile(f"[{_INVISIBLE_SET}]")
_FORBIDDEN = re.compile(f"[{_NOT_IN_XML_SET}{_INVISIBLE_SET}]")
_ESCAPED = re.compile(f"[{_NOT_IN_XML_SET}{_INVISIBLE_SET}{_ESCAPED_ONLY_SET}]")
_LOOKALIKE = re.compile(f"[{_LATIN_LOOKALIKES_SET}]")

_CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")
_NAMED = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}

EXPECTED_TEXT = "text with visible characters only"


def forbidden_character(text: str) -> re.Match[str] | None:
    """Return the first character of `text` that must not reach a paper, as a match, or None."""
    return None if text.isascii() and text.isprintable() else _FORBIDDEN.search(text)


def invisible_character(text: str) -> re.Match[str] | None:
    """Return the first character of `text` that shows nothing or turns the direction of writing, or None."""
    return None if text.isascii() else _INVISIBLE.search(text)


def describe_character(match: re.Match[str]) -> str:
    """Describe a character for a message.

    For example ``the character U+202E (right-to-left override, which is invisible)``.
    """
    code, name = f"the character U+{ord(match[0]):04X}", unicodedata.name(match[0], "").lower()
    return f"{code} ({name}, which is invisible)" if _INVISIBLE.match(match[0]) else code


def describe_control(text: str) -> str:
    """Describe the first character of `text` that does not belong into one line, for a message; "" if there is none.

    These are controls, line breaks and tabs among them, and characters that show nothing.
    """
    found = next((one for one in text if unicodedata.category(one) in _CONTROLS), "")
    name = unicodedata.name(found, "") if found else ""
    return found and (
        _NAMED.get(found) or f"the character U+{ord(found):04X}{f' ({name.lower()})' if name else ''}"
    )


def printable(text: str) -> str:
    """Return `text` with each invisible or controlling character escaped, as in [U+202E].

    Tabs and line feeds stay.
    """
    return _ESCAPED.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def lookalikes(text: str) -> list[str]:
    """Return the letters of `text` from other scripts that look like Latin ones, each once.

    Реru, for example, is not Peru.
    """
    return [] if text.isascii() else list(dict.fromkeys(_LOOKALIKE.findall(text)))


def describe_lookalikes(text: str) -> str:
    """Return ``р cyrillic small letter er`` for up to three such letters of `text`; "" where it has none."""
    letters = lookalikes(text)[:3]
    return ", ".join(f"{one} {unicodedata.name(one, f'U+{ord(one):04X}').lower()}" for one in letters)


def folded(text: str) -> str:
    """Return the form of `text` in which two texts are compared: case and amount of white space do not count.

    Every run of white space, non-breaking spaces and line ends included, becomes one space; none stays at
    the ends.
    """
    return " ".join(text.split()).casefold()
