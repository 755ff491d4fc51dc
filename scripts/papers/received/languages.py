"""In which languages a received file is: by the script of its text, and the language that Word has for that script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from lxml import etree

    from papers.received.text_runs import TextRun

_R_PR, _VAL, _OFF = qn("w:rPr"), qn("w:val"), ("0", "false", "off")
_COMPLEX_MARKS = (qn("w:rtl"), qn("w:cs"))
# Word takes the language of these from other attributes than that of Latin, Greek and Cyrillic text.
_EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff]"
)
_COMPLEX = re.compile(
    "[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc]"
)
_ASIAN = ("zh", "ja", "ko", "yue")
# Scripts of one language, or the most usual one: for text that is marked with a language of another script.
_SCRIPTS = (
    (re.compile("[\u1100-\u11ff\uac00-\ud7af]"), "ko", _ASIAN),
    (re.compile("[\u3040-\u30ff\uff66-\uff9d]"), "ja", _ASIAN),
    (_EAST_ASIAN, "zh", _ASIAN),
    (re.compile("[\u0e00-\u0e7f]"), "th", ("th",)),
    (re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]"), "he", ("he", "yi")),
    (re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]"), "ar", ("ar", "fa", "ur", "ms", "ps", "ku")),
)


class Languages:
    """Language -> number of characters in it, of the runs that were added; "" for text without a language."""

    def __init__(self):
        self._found: dict[str, int] = {}

    def add(self, run: TextRun) -> None:
        words = run.words.strip("\n")
        for language, count in _parts(words, run.look.languages, run.element):
            self._found[language] = self._found.get(language, 0) + count

    def as_data(self) -> dict[str, int]:
        return {language: count for language, count in self._found.items() if count}


def _parts(words: str, languages: tuple[str, str, str], run: etree._Element) -> list[tuple[str, int]]:
    """The characters of a run by language."""
    latin, east_asian, complex_ = languages
    if words.isascii():
        return [(complex_ if _is_complex(run) else latin, len(words))]
    asian = "".join(_EAST_ASIAN.findall(words))
    other = "".join(_COMPLEX.findall(words))
    rest = complex_ if _is_complex(run) else latin
    return [
        (_of_script(asian, east_asian), len(asian)),
        (_of_script(other, complex_), len(other)),
        (rest, len(words) - len(asian) - len(other)),
    ]


def _is_complex(run: etree._Element) -> bool:
    properties = next(run.iterchildren(_R_PR), None)
    marks = () if properties is None else properties.iterchildren(*_COMPLEX_MARKS)
    return any(mark.get(_VAL, "1") not in _OFF for mark in marks)


def _of_script(words: str, language: str) -> str:
    """The language of words in one script: that of the file, unless it is not written in that script."""
    for pattern, usual, possible in _SCRIPTS:
        if pattern.search(words):
            return language if language.partition("-")[0].lower() in possible else usual
    return language
