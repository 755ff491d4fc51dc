"""The signs of emphasis in Markdown that would be printed or lost although the writer did not mean that."""

from __future__ import annotations

import re

from papers.problems import quoted

_UNCLOSED = re.compile(r"(?<![\w*])\*{1,3}(?=[\w(\"“{])")
_UNOPENED = re.compile(r"(?<=[\w).,;:!?\"”}])\*{2,3}(?![\w*])")  # one * after a word may refer to a note


def lone_sign(content: str, written: str) -> tuple[str, str, str] | None:
    """Return found, expected and what to do about a sign in a text that is alone; None where there is none.

    `written` is the paragraph as it is in the file: with \\* in it, the writer means the sign itself.
    """
    if "\\*" in written:
        return None
    expected = "* or ** on both sides of the words"
    if left := _UNCLOSED.search(content):
        found = f"the sign {left[0]} that nothing closes, before {quoted(content[left.end() :], 20)}"
        return found, expected, "Add the same sign after the words, or write \\* for the sign itself."
    if left := _UNOPENED.search(content):
        found = f"the sign {left[0]} that nothing opens, after {quoted(content[: left.start()].split()[-1])}"
        return found, expected, "Add the same sign before the words, or write \\* for each * itself."
    return None


def sign_before_sign(sign: str, before: str, written: str) -> tuple[str, str, str] | None:
    """Return the same about a * that stands before an emphasis, as in **word*."""
    if not before.endswith("*") or "\\*" in written:
        return None
    todo = "Add the same sign after the words, or write \\* for the sign itself."
    return f"the signs *{sign} that only {sign} closes", "* or ** on both sides of the words", todo


def sign_in_word(sign: str, before: str) -> tuple[str, str, str] | None:
    """Return the same about a sign that follows a letter or digit: the * of 2*3*4 would be lost."""
    if not sign.startswith("*") or not before[-1:].isalnum():
        return None
    found = f"the sign {sign} within a word or number, after {quoted(before.split()[-1])}"
    return (
        found,
        "* and ** before a word, for italic and bold",
        "Write × for a product, or \\* for the sign itself.",
    )
