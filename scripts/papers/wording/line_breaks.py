"""Where the lines of a cover may end: not between words that belong together, such as Working Group.

Word and LibreOffice break at ordinary spaces only, so words are kept together by spaces that don't break.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FIXED = "\u00a0"
# ASSUME: covers are in English. A line ends neither with one of these words nor before a number: for 2017, SME 02 2016A.
_LEADING = re.compile(
    r"\b(a|an|the|and|or|of|for|to|in|on|at|by|with|its|their|since|from|under) ", re.IGNORECASE
)
_BEFORE_NUMBER = re.compile(r"(?<=\w) (?=\d)")
_MOST_IN_ONE_LINE = 36  # letters of a title that surely fit
_SUBTITLE = re.compile(r"(?<=:) ")
_LONGEST_END = 20  # letters after the last comma of a title
_LAST = re.compile(r"(?<=.{12}) (?=\S+$)")  # a last word is not alone on a line
_END = re.compile(rf"(?<=,) ([^,:]{{1,{_LONGEST_END}}})$")


# The papers of a meeting share most of these texts: without the cache, this is a tenth of the time of wording them.
@lru_cache(maxsize=1024)
def kept_together(text: str, phrases: tuple[str, ...]) -> str:
    """Return a text for a cover whose lines break only between words that don't belong together.

    `phrases` are words that stay on one line.
    """
    for phrase in sorted(phrases, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", _fixed, text)
    return _BEFORE_NUMBER.sub(_FIXED, _LEADING.sub(_fixed, text))


def title_lines(title: str, phrases: tuple[str, ...]) -> str:
    """Return a title for a cover; what follows a colon or, if it is short, the last comma is on a line of its own.

    A title that fits on one line stays on it.
    """
    if len(title) > _MOST_IN_ONE_LINE:
        title = _END.sub(lambda match: f"\n{match[1]}", _SUBTITLE.sub("\n", title, count=1))
    return "\n".join(_LAST.sub(_FIXED, kept_together(line, phrases)) for line in title.split("\n"))


def breakable(text: str) -> str:
    """Return the text with ordinary spaces, for what is no cover."""
    return text.replace(_FIXED, " ")


def _fixed(match: re.Match[str]) -> str:
    return match[0].replace(" ", _FIXED)
