"""The mistakes that people make in YAML, found in the lines around the place where a parser stops, each with one remedy."""

from __future__ import annotations

import re
from typing import NamedTuple

from papers.problems import count_of, quoted

TYPOGRAPHIC = "“”„‟«»‘’‚‛"
_STRAIGHT = 'straight quotation marks (")'
_TAB = re.compile(r" *(?:- +)*\t")
_QUOTED = re.compile(rf"(?:[:,\[{{-]|^) *([{TYPOGRAPHIC}])")
_KEY_AND_VALUE = re.compile(r"( *(?:- +)*)([^\s:#'\"\[{][^:#]*): +(\S.*)")
_AFTER_QUOTE = re.compile(r""" *(?:- +)*(?:[^:'"]+: +)?("[^"]*"|'[^']*')\s+[^\s#,\]}].*""")
_OPEN_BRACKET = {"',' or ']'": "]", "',' or '}'": "}"}


class YamlMistake(NamedTuple):
    """A mistake: its line and column, counted from 1, and the words of a problem."""

    line: int
    column: int
    found: str
    expected: str
    todo: str


def find_mistake(text: str, line: int, column: int, reason: str) -> YamlMistake | None:
    """Return what is wrong near the line and column, counted from 0, where PyYAML stopped for a reason; None if unknown."""
    lines = text.split("\n")
    here = lines[line] if line < len(lines) else ""
    above = next((at for at in range(line - 1, -1, -1) if _is_content(lines[at])), line)
    for at in (line, above):
        if at < len(lines) and (found := _tab(lines[at], at) or _typographic(lines[at], at)):
            return found
    if "cannot start any token" in reason and here[column : column + 1] == "\t":
        return YamlMistake(line + 1, column + 1, "a tab", "spaces", "Replace the tab by a space.")
    if reason.startswith("mapping values are not allowed"):
        return _colon(here, line, column) or _no_colon(lines, above) or _spaces(lines, line, above)
    if "could not find expected ':'" in reason:
        return _no_colon(lines, above)
    if "did not find expected" in reason:
        return _of_line(lines, line, above, reason)
    return None


def is_in_typographic_quotes(value: str) -> bool:
    """Return whether a whole value stands between quotation marks that YAML takes for a part of it."""
    marks = f'{TYPOGRAPHIC}"'
    inside = value[1:-1]
    return len(value) > 1 and value[0] in TYPOGRAPHIC and value[-1] in marks and not {*marks[:6]} & {*inside}


def typographic_quotes(mark: str) -> tuple[str, str, str]:
    """Return found, expected and what to do about a value in typographic quotation marks."""
    todo = f"Replace {mark}, and the one at the end, by straight ones: Word and mail programs change them."
    return f"the quotation mark {mark}, which is none for YAML", _STRAIGHT, todo


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _tab(line: str, at: int) -> YamlMistake | None:
    match = _TAB.match(line)
    if match is None:
        return None
    todo = "Replace each tab by spaces, so that the line begins where its neighbours do."
    return YamlMistake(at + 1, match.end(), "a tab at the beginning of the line", "spaces", todo)


def _typographic(line: str, at: int) -> YamlMistake | None:
    match = _QUOTED.search(line)
    return YamlMistake(at + 1, match.start(1) + 1, *typographic_quotes(match[1])) if match else None


def _colon(line: str, at: int, column: int) -> YamlMistake | None:
    """Return the mistake of a colon within a text that has no quotation marks."""
    match = _KEY_AND_VALUE.match(line)
    if match is None or column < match.start(3):
        return None
    value = re.split(r"\s#", match[3])[0].rstrip()
    todo = f'Write {match[2]}: "{value}".' if '"' not in value else "Put the whole text in quotation marks."
    expected = "a text with a colon in quotation marks"
    return YamlMistake(at + 1, match.start(3) + 1, f"the text {quoted(value)} with a colon", expected, todo)


def _no_colon(lines: list[str], above: int) -> YamlMistake | None:
    """Return the mistake of the line above the place where a parser stops, if it has no colon."""
    text = re.split(r"\s#", lines[above])[0].rstrip()
    if ":" in text:
        return None
    key = re.sub(r"^ *(?:- +)*", "", text)
    found, expected = f"the line {quoted(key)} without a colon", "a key, a colon and a value"
    todo = f"Write {key.split()[0]}: and its value, or indent the line if it goes on with the text above."
    return YamlMistake(above + 1, _column_of_key(text) + 1, found, expected, todo)


def _spaces(lines: list[str], line: int, above: int) -> YamlMistake:
    """Return the mistake of a line that is indented below a line with a value."""
    here, before = _column_of_key(lines[line]), _column_of_key(lines[above])
    found = f"{count_of(here, 'space')} before a key, and {before} before the one above, which has a value"
    expected = "the same number of spaces before keys that belong together"
    return YamlMistake(
        line + 1, here + 1, found, expected, "Correct the spaces of the line that begins elsewhere."
    )


def _of_line(lines: list[str], line: int, above: int, reason: str) -> YamlMistake | None:
    for words, bracket in _OPEN_BRACKET.items():
        if words in reason:
            found, todo = f"a bracket that is not closed by {bracket}", f"Add {bracket} where the list ends."
            return YamlMistake(above + 1, 1, found, "a bracket at each end", todo)
    for at in (line, above):
        if at < len(lines) and _AFTER_QUOTE.fullmatch(lines[at].rstrip()):
            found, expected = "text after a closing quotation mark", "the whole text in quotation marks"
            return YamlMistake(at + 1, 1, found, expected, "Put one quotation mark at each end of the text.")
    if line >= len(lines) or not _is_content(lines[line]):
        return None
    here = len(lines[line]) - len(lines[line].lstrip(" "))
    starts = sorted({at for each in lines[:line] if _is_content(each) for at in _starts(each)})
    if here in starts:
        return None
    found = f"{count_of(here, 'space')} before the line, where no line above begins"
    near = sorted(starts, key=lambda at: (abs(at - here), at))[:2]
    expected = f"{' or '.join(str(at) for at in sorted(near))} spaces, as before the lines that it belongs to"
    return YamlMistake(
        line + 1, here + 1, found, expected, "Correct the spaces at the beginning of the line."
    )


def _starts(line: str) -> set[int]:
    """Return the columns at which a line begins: of its first sign, and of the key after a dash."""
    return {len(line) - len(line.lstrip(" ")), _column_of_key(line)}


def _column_of_key(line: str) -> int:
    match = re.match(r" *(?:- +)*", line)
    return match.end() if match else 0
