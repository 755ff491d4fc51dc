"""Characters that a reader cannot see or could mistake, and the form of a text that is used to compare it.

The only definition of these sets: what reads files, writes messages and builds web pages uses the functions
below.
"""

from __future__ import annotations

import re
import unicodedata

# XML 1.0, and so Word, cannot hold these.
_NOT_IN_XML_SET = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
# They turn the direction of writing or show nothing, so that the text is not the one that its reader sees: what
# Unicode calls default ignorable, fillers of Hangul and selectors of variants among them, and the blank of Braille.
# The soft hyphen and the joiners 200C and 200D are allowed, as some languages need them.
_INVISIBLE_SET = (
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Allowed in a paper, as Word draws them or some languages need them, but a message or a web page that contained
# them would be changed by them: controls, line ends, joiners and signs for annotations.
_ESCAPED_ONLY_SET = "\r\x7f-\x9f\xad\u2028\u2029\u200c\u200d\ufff9-\ufffb"
# Greek, Cyrillic, Armenian, Cherokee, Lisu, mathematical and full-width letters: many look like Latin ones.
_NOT_GREEK = "\u0400-\u058f\u13a0-\u13ff\ua4d0-\ua4ff\ua640-\ua69f\uab70-\uabbf\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff"
_LATIN_LOOKALIKES_SET = f"\u0370-\u03ff\u1f00-\u1fff{_NOT_GREEK}"
# Next to a Latin letter, as in a word that mixes both, they deceive; of Greek, only those that look Latin, as
# formulas have the others (Δt).
_DECEIVING_SET = f"ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοινυϲϳ{_NOT_GREEK}"
_LATIN = "A-Za-z\xc0-\u024f\u1e00-\u1eff"

_INVISIBLE = re.compile(f"[{_INVISIBLE_SET}]")
_FORBIDDEN = re.compile(
    f"[{_NOT_IN_XML_SET}{_INVISIBLE_SET}]|(?<=[{_LATIN}])[{_DECEIVING_SET}]|[{_DECEIVING_SET}](?=[{_LATIN}])"
)
_ESCAPED = re.compile(f"[{_NOT_IN_XML_SET}{_INVISIBLE_SET}{_ESCAPED_ONLY_SET}]")
_IN_ONE_LINE = re.compile(f"[\t\n{_NOT_IN_XML_SET}{_INVISIBLE_SET}{_ESCAPED_ONLY_SET}]")
_LOOKALIKE = re.compile(f"[{_LATIN_LOOKALIKES_SET}]")

# Signs that differ and mean the same, and what shows nothing, where texts are compared.
_SAME_SIGNS = {
    **dict.fromkeys((0xAD, 0x200C, 0x200D)),
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D), "-"),
    **dict.fromkeys((0x2018, 0x2019, 0x201A, 0x201B, 0x02BC, 0x02B9, 0x2032, 0xB4), "'"),
    **dict.fromkeys((0x201C, 0x201D, 0x201E, 0x201F, 0x2033, 0xAB, 0xBB), '"'),
    **dict.fromkeys((0x2044, 0x2215, 0x29F8, 0xFF0F), "/"),
}

_CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")
_NAMED = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}

EXPECTED_TEXT = "text with visible characters only, and Latin letters alone in a Latin word"
TYPE_AGAIN = "Type the words around it again."


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
    name = unicodedata.name(match[0], "").lower()
    if _LOOKALIKE.match(match[0]):
        word = _word_around(match)
        return f"the letter {match[0]} (U+{ord(match[0]):04X} {name}), which only looks Latin, in {word}"
    code = f"the character U+{ord(match[0]):04X}"
    invisible = f"{name}, which is invisible" if name else "which is invisible"
    return f"{code} ({invisible})" if _INVISIBLE.match(match[0]) else code


def _word_around(match: re.Match[str]) -> str:
    """Return the word around a match, in quotation marks and cut to 30 characters."""
    before = re.search(r"\w{0,15}$", match.string[max(0, match.start() - 15) : match.start()])
    after = re.match(r"\w{0,15}", match.string[match.end() : match.end() + 15])
    return f'"{before[0] if before else ""}{match[0]}{after[0] if after else ""}"'


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


def in_one_line(text: str) -> str:
    """Return `text` with each invisible or controlling character escaped, tabs and line ends too: [U+000A]."""
    return _IN_ONE_LINE.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def lookalikes(text: str) -> list[str]:
    """Return the letters of `text` from other scripts that look like Latin ones, each once.

    Реru, for example, is not Peru.
    """
    return [] if text.isascii() else list(dict.fromkeys(_LOOKALIKE.findall(text)))


def describe_lookalikes(text: str) -> str:
    """Return ``р cyrillic small letter er`` for up to three such letters of `text`; "" where it has none."""
    letters = lookalikes(text)[:3]
    return ", ".join(f"{one} {unicodedata.name(one, f'U+{ord(one):04X}').lower()}" for one in letters)


def with_plain_signs(text: str) -> str:
    """Return `text` with one kind of quotation marks, hyphens, slashes and spaces, composed letters and no soft hyphens.

    Every run of white space, non-breaking spaces and line ends included, becomes one space; none stays at the ends.
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text).translate(_SAME_SIGNS))
    return " ".join(text.split())


def folded(text: str) -> str:
    """Return the form of `text` in which two texts are compared.

    In addition to `with_plain_signs`, case does not count, nor whether a letter is full-width, raised or a ligature.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_SAME_SIGNS))
    return with_plain_signs(text).casefold()
