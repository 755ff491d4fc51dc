"""Patterns of numbers, as an organisation's file declares them: regular expressions with named groups.

A pattern says which texts are numbers. Where it also says how a text falls into parts, a wrong number is
explained by the part that is wrong, and careless spellings of single parts are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from papers.characters import printable
from papers.problems import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS = 80  # of a number: no pattern is tried on a longer text


class NumberError(ValueError):
    """A number or a path that cannot be used; its text is one sentence for the user."""

    def __init__(self, found: str, expected: str, why: str):
        super().__init__(found, expected, why)  # all three, so that the error survives pickling
        self.found, self.expected, self.why = found, expected, why

    def __str__(self) -> str:
        return printable(f"Found {self.found}, expected {self.expected}, because {self.why}.")


def require_text(value: object, expected: str) -> str:
    """Return `value` if it is text; else raise NumberError.

    A spreadsheet or YAML may have turned the text into a number.
    """
    if not isinstance(value, str):
        why = "a spreadsheet or a YAML file changes such a value (015 becomes 13) unless it is quoted as text"
        raise NumberError(f"{quoted(value)}, which is not text", expected, why)
    return value


@dataclass(frozen=True)
class PartRules:
    """What a message says of a wrong part, `found` with {part} and {whole} in it.

    `any_case`: whether capitals do not matter. `each`: the pattern of each segment between slashes, so that
    a message names the segment.
    """

    found: str
    expected: str
    why: str
    any_case: bool = False
    each: str = ""


@dataclass(frozen=True)
class Mistake:
    """A mistake with a message of its own: a pattern of the whole text, or of a part.

    `found` and `expected` may be empty where the whole text is meant.
    """

    pattern: str
    why: str
    part: str = ""
    found: str = ""
    expected: str = ""


@dataclass(frozen=True)
class PatternRules:
    """A pattern as declared. `divide` and `write` are "", and `parts` is empty, where messages name no part.

    `expected` and `why` are for a text that falls into no parts.
    """

    pattern: str
    examples: tuple[str, ...]
    expected: str
    why: str
    divide: str = ""
    write: str = ""
    parts: dict[str, PartRules] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> PatternRules:
        """Return the rules that plain data states, as `dataclasses.asdict` writes them."""
        parts = {name: PartRules(**part) for name, part in data["parts"].items()}
        mistakes = tuple(Mistake(**mistake) for mistake in data["mistakes"])
        return cls(**{**data, "examples": tuple(data["examples"]), "parts": parts, "mistakes": mistakes})


class NumberPattern:
    """The pattern of a kind of number. Raise re.error where an expression of `rules` is none."""

    def __init__(self, rules: PatternRules):
        self.rules = rules
        self.expression = compile_pattern(rules.pattern)
        self.expected = rules.expected
        self._divide = compile_pattern(rules.divide) if rules.divide else None
        self._parts = {name: compile_pattern(group_pattern(rules.pattern, name)) for name in rules.parts}
        self._each = {name: compile_pattern(part.each) for name, part in rules.parts.items() if part.each}
        self._mistakes = [(compile_pattern(mistake.pattern), mistake) for mistake in rules.mistakes]

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match of a number in its usual form; None for every other text."""
        return self.expression.fullmatch(text) if len(text) <= MOST_CHARACTERS else None

    def parse(self, text: object) -> re.Match[str]:
        """Return the match of a number, careless spellings put right; raise NumberError."""
        text = require_text(text, self.expected).strip()
        if len(text) > MOST_CHARACTERS:
            found, expected = f"{len(text)} characters in {quoted(text)}", f"at most {MOST_CHARACTERS}"
            raise NumberError(found, expected, "no number is that long")
        self._refuse_mistaken(text, "", text)
        match = self.match(text)
        if match is None:
            corrected = self._corrected(text)
            match = self.match(corrected) if corrected is not None else None
        if match is None:
            raise NumberError(quoted(text), self.expected, self.rules.why)
        return match

    def _corrected(self, text: str) -> str | None:
        """Return the text with its parts as they are written; None where it does not fall into parts."""
        divided = self._divide.fullmatch(text) if self._divide else None
        if divided is None:
            return None
        parts = {name: self._fit(name, found, text) for name, found in divided.groupdict().items()}
        return fill_in(self.rules.write, parts)

    def _fit(self, name: str, found: str | None, whole: str) -> str:
        """Return a part as it is written; raise NumberError where it is wrong."""
        self._refuse_mistaken(found or "", name, whole, absent=found is None)
        rules = self.rules.parts.get(name)
        if not found or rules is None:
            if rules and not self._may_be_empty(name):
                self._refuse_part(rules, found or "", whole)
            return found or ""
        if name in self._each:
            wrong = [segment for segment in found.split("/") if not self._each[name].fullmatch(segment)]
            if wrong:
                self._refuse_part(rules, wrong[0], whole)
        for spelling in _casings(found) if rules.any_case else [found]:
            if self._parts[name].fullmatch(spelling):
                return spelling
        return self._refuse_part(rules, found, whole)

    def _may_be_empty(self, name: str) -> bool:
        examples = (self.match(example) for example in self.rules.examples)
        return any(match is not None and not match[name] for match in examples)

    @staticmethod
    def _refuse_part(rules: PartRules, found: str, whole: str) -> str:
        words = {"part": quoted(found), "whole": quoted(whole)}
        raise NumberError(fill_in(rules.found, words), rules.expected, rules.why)

    def _refuse_mistaken(self, found: str, part: str, whole: str, absent: bool = False) -> None:
        if part and not found and not absent:
            return
        for expression, mistake in self._mistakes:
            if mistake.part == part and expression.fullmatch(found):
                segments = 0 if absent else found.count("/") + 1
                words = {"part": quoted(found), "whole": quoted(whole), "segments": str(segments)}
                what = fill_in(mistake.found or "{part}", words)
                raise NumberError(what, mistake.expected or self.expected, mistake.why)


def _casings(text: str) -> list[str]:
    """Return the ways to write a text in capitals and small letters that are tried: rev1, IS07, anxB."""
    if not text.isascii():  # a few letters of other scripts turn into a to z when their case changes
        return [text]
    return [text, text.lower(), text.upper(), text[:-1].lower() + text[-1].upper()]


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Return the expression of a pattern, in which spaces and line ends do not count; raise re.error."""
    return re.compile(pattern, re.VERBOSE)


def group_pattern(pattern: str, name: str) -> str:
    """Return what a pattern has within the group `name`; a pattern that matches no text where it has none."""
    start = pattern.find(f"(?P<{name}>")
    if start < 0:
        return "(?!)"
    inside, depth = start + len(f"(?P<{name}>"), 1
    for at, character in _syntax(pattern, inside):
        depth += (character == "(") - (character == ")")
        if not depth:
            return pattern[inside:at]
    return pattern[inside:]


def has_nested_repetition(pattern: str) -> bool:
    """Return whether a group that may be repeated without end has such a repetition within it.

    ``(A+)+`` may take longer than anyone waits, as it has too many ways to fit a text that it does not fit.
    """
    repeated_inside = [False]  # for each open group
    closed = False  # whether the group that was closed last has a repetition within it
    for at, character in _syntax(pattern, 0):
        if character == "(":
            repeated_inside.append(False)
        elif character == ")" and len(repeated_inside) > 1:
            closed = repeated_inside.pop()
            repeated_inside[-1] |= closed
        elif _ENDLESS.match(pattern, at):
            if closed and pattern[:at].rstrip().endswith(")"):
                return True
            repeated_inside[-1] = True
    return False


_ENDLESS = re.compile(r"[*+]|\{[0-9]*,\}")


def _syntax(pattern: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield the characters of a pattern that are neither in a set nor escaped, each with its place."""
    at, in_set = start, False
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif in_set:
            in_set = character != "]"
        elif character == "[":
            in_set = True
            at += pattern[at + 1 : at + 2] == "^"
            at += pattern[at + 1 : at + 2] == "]"  # the first one is a sign like any other
        else:
            yield at, character
        at += 1


_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def placeholders(text: str) -> list[str]:
    """Return the names in curly brackets in a text, such as year and path of "{year}/{path}"."""
    return _PLACEHOLDER.findall(text)


def fill_in(text: str, values: dict[str, str]) -> str:
    """Return a text with the values for the names in its curly brackets; an unknown name stays as it is."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def natural(text: str) -> tuple[str | int, ...]:
    """Return a key that puts SMEWG9 before SMEWG43: digits count as numbers, and none come first."""
    pieces = re.split("([0-9]+)", text)
    return tuple(int(piece) if at % 2 else piece for at, piece in enumerate(pieces) if piece or not at)
