"""Checks of what a paper says: words that APEC papers do not use, and text that is not finished.

All phrases are searched by one regular expression with the longest first, so that "Hong Kong, China", which
is right, matches before "Hong Kong", which is wrong. Texts are compared with plain signs, in small
letters.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from papers.characters import with_plain_signs
from papers.checks.raw_findings import RawFinding, raw_finding
from papers.docx.texts import PaperTexts, Piece
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from papers.checks.rules import RuleSet, WordRule

    Span = tuple[int, int]  # start and end in the text of a piece

_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_WORD = re.compile(r"\w+")
_SIGNS = re.compile(
    r"_{3,}|\?{3,}|\{\{.*?\}\}|\{%.*?%\}|\{\{|\}\}|\{%|%\}|<<|>>|(?<!\w)x{3,}(?!\w)", re.IGNORECASE
)


def lowercase(words: str) -> str:
    """Return small letters, exactly one for each character, so that positions in the text stay the same."""
    small = words.lower()
    return small if len(small) == len(words) else "".join(c.lower()[:1] for c in words)


def folded(words: str) -> str:
    """Return a text as texts are compared: with plain signs, in small letters, character by character."""
    return lowercase(with_plain_signs(words))


@cache
def phrase_pattern(phrases: tuple[str, ...]) -> re.Pattern:
    """Return an expression that matches whole phrases in small letters; each phrase is a group of its own."""
    return re.compile("|".join(f"({_pattern(phrase)})" for phrase in phrases) or r"(?!)")


def _pattern(phrase: str) -> str:
    """Return the expression of a phrase that is no part of a longer word.

    A space may follow each full stop, as in `U. S.`; # stands for a number.
    """
    words = re.escape(folded(phrase)).replace(r"\.", r"\. ?").removesuffix(" ?").replace(r"\#", r"\d+")
    before = r"(?<!\w)" if phrase[:1].isalnum() else ""
    return before + words + (r"(?!\w)" if phrase[-1:].isalnum() or phrase[-1:] == "." else "")


def without_contents_lines(texts: PaperTexts) -> list[Piece]:
    """Return the pieces without the lines of a table of contents, which repeat headings."""
    headings = {heading.text for heading in texts.headings}
    return [
        piece
        for piece in texts.pieces
        if not (piece.style.startswith("TOC") and headings & {piece.text, piece.text.rpartition(" ")[0]})
    ]


def _words(small: str) -> set[str]:
    return set(_WORD.findall(small))


class _Phrase(NamedTuple):
    """A phrase of the nomenclature, and its words.

    A wrong phrase has its `rule`. A phrase that is kept has none; `accepted` is the number of the entry
    that accepts it.
    """

    text: str
    words: set[str]
    rule: WordRule | None = None
    accepted: int | None = None


class Nomenclature:
    """Finds wrong words of the nomenclature. Adds the numbers of the accepted entries that apply to `used`.

    An expression of a hundred phrases is slow. Only the phrases whose words a paper holds are in it, and
    only pieces with a word of them are searched.
    """

    def __init__(self, rules: RuleSet, used: set[int]):
        self.used, self.accepted_file = used, rules.accepted_file
        self.columns: dict[
            tuple[str, str], int
        ] = {}  # accepted text, head of its column -> number of the entry
        self.wrong: list[_Phrase] = []
        self.kept: list[_Phrase] = []
        for rule in rules.nomenclature:
            self.wrong += [_Phrase(text, _words(folded(text)), rule=rule) for text in rule.wrong]
            self.kept += [_Phrase(text, _words(folded(text))) for text in (*rule.unless, *rule.right)]
        for number, entry in enumerate(rules.accepted):
            text, column = folded(entry.text), folded(entry.column)
            if column:
                self.columns[text, column] = number
            else:
                self.kept.append(_Phrase(entry.text, _words(text), accepted=number))

    def check(self, texts: PaperTexts) -> Iterator[RawFinding]:
        """Yield the words of a paper that are not allowed."""
        pieces = without_contents_lines(texts)
        small = [lowercase(piece.text) for piece in pieces]
        in_paper = _words("\n".join(small))
        wrong = [phrase for phrase in self.wrong if phrase.words <= in_paper]
        if not wrong:
            return
        longest_words = {max(_WORD.findall(folded(phrase.text)), key=len) for phrase in wrong}
        kept = [phrase for phrase in self.kept if phrase.words <= in_paper]
        # Of phrases of the same length, those that are kept come first.
        phrases = sorted([*kept, *wrong], key=lambda phrase: (-len(phrase.text), phrase.rule is not None))
        expression = phrase_pattern(tuple(phrase.text for phrase in phrases))
        for piece, text in zip(pieces, small, strict=True):
            if not any(word in text for word in longest_words):
                continue
            for match in expression.finditer(text):
                phrase = phrases[match.lastindex - 1]
                if phrase.accepted is not None:
                    self.used.add(phrase.accepted)
                elif phrase.rule and not self._is_allowed(piece, match, phrase):
                    yield self._finding(piece, match, phrase.rule)

    def _is_allowed(self, piece: Piece, match: re.Match, phrase: _Phrase) -> bool:
        """Return whether a word is wrong in capitals only and not in capitals, or accepted in its column."""
        if phrase.rule.capitals and piece.text[slice(*match.span())] != phrase.text:
            return True
        number = self.columns.get((lowercase(piece.text), lowercase(piece.head)))
        if number is not None:
            self.used.add(number)
        return number is not None

    def _finding(self, piece: Piece, match: re.Match, rule: WordRule) -> RawFinding:
        found = quoted(piece.text[slice(*match.span())])
        expected = " or ".join(quoted(word) for word in rule.right) or "a text without it"
        todo = f"{rule.why} If it is part of a name or quotation, accept it in {self.accepted_file}.".strip()
        return raw_finding("nomenclature", piece, found, expected, todo, match.span())


class OpenText:
    """Finds text that is not finished. Adds the numbers of the accepted entries that apply to `used`."""

    def __init__(self, rules: RuleSet, used: set[int]):
        self.used, self.accepted_file = used, rules.accepted_file
        self.accepted = [number for number, entry in enumerate(rules.accepted) if not entry.column]
        self.first_accepted = len(rules.labels)
        accepted = (rules.accepted[number].text for number in self.accepted)
        self.declared = phrase_pattern((*rules.labels, *accepted))
        self.placeholders = phrase_pattern(tuple(sorted(rules.placeholders, key=len, reverse=True)))
        self.marks = {lowercase(word) for word in rules.draft}
        self.mark_words = [_words(folded(word)) for word in (*rules.placeholders, *rules.draft)]
        marks = sorted((re.escape(lowercase(word)) for word in rules.draft), key=len, reverse=True)
        self.bracketed_mark = re.compile(rf"[\[(]\s*(?:{'|'.join(marks) or '(?!)'})\s*[\])]")
        self.capital_mark = re.compile(rf"\b(?:{'|'.join(mark.upper() for mark in marks) or '(?!)'})\b")

    def check(self, texts: PaperTexts) -> Iterator[RawFinding]:
        """Yield brackets, placeholders, marks of a draft, tracked changes and comments of a paper."""
        pieces = without_contents_lines(texts)
        whole = "\n".join(piece.text for piece in pieces)
        if "[" in whole or "]" in whole:
            for _, flow in groupby(pieces, key=lambda piece: piece.flow):
                yield from self._square_brackets(list(flow))
        yield from self._marks_of(pieces, whole)
        for piece in pieces:
            if piece.text.count("(") > piece.text.count(")"):
                yield from self._round_bracket(piece)
        for what, where in texts.marks:
            is_change = "change" in what
            todo = "Accept or reject the changes in Word." if is_change else "Answer it, then delete it."
            yield raw_finding("open-text", Piece("", where, ""), what, "a finished text", todo)

    def _marks_of(self, pieces: list[Piece], whole: str) -> Iterator[RawFinding]:
        """Yield placeholders and marks of a draft, searching only the pieces that may hold one."""
        in_paper, has_signs = _words(lowercase(whole)), _SIGNS.search(whole)
        likely = [max(words, key=len) for words in self.mark_words if words <= in_paper]
        for piece in pieces if likely or has_signs else ():
            small = lowercase(piece.text)
            if has_signs or any(word in small for word in likely):
                yield from self._placeholders_and_marks(piece, small)

    def _round_bracket(self, piece: Piece) -> Iterator[RawFinding]:
        """Yield a round bracket that is not closed in its paragraph.

        "a)" may stand alone. A text that ends with … is the label of a chart, which was shortened.
        """
        at = _unclosed(piece.text)
        if at is None or piece.text.endswith("…"):
            return
        if not any(start <= at < end for start, end in self._declared(piece)):
            yield self._unpaired(piece, at, "a bracket that is not closed")

    def _square_brackets(self, pieces: list[Piece]) -> Iterator[RawFinding]:
        """Yield square brackets, which may close in a later paragraph of the same flow."""
        opened: list[tuple[Piece, int, bool]] = []
        for piece in pieces:
            if "[" not in piece.text and "]" not in piece.text:
                continue
            spans = self._declared(piece)
            for at, character in enumerate(piece.text):
                is_declared = any(start <= at < end for start, end in spans)
                if character == "[":
                    opened.append((piece, at, is_declared))
                elif character == "]" and opened:
                    first, start, opening_declared = opened.pop()
                    if not opening_declared:
                        yield self._bracketed(first, start, piece, at)
                elif character == "]" and not is_declared:
                    yield self._unpaired(piece, at, "a bracket that was never opened")
        for piece, at, is_declared in opened:
            if not is_declared:
                yield self._unpaired(piece, at, "a bracket that is not closed")

    def _declared(self, piece: Piece) -> list[Span]:
        """Return the spans of labels and accepted texts."""
        found = []
        for match in self.declared.finditer(lowercase(piece.text)):
            number = match.lastindex - 1 - self.first_accepted
            if number >= 0:
                self.used.add(self.accepted[number])
            found.append(match.span())
        return found

    def _bracketed(self, first: Piece, start: int, last: Piece, end: int) -> RawFinding:
        """Return the finding of a text in brackets, which close in the same piece or in a later one."""
        if first is last:
            words, span = first.text[start : end + 1], (start, end + 1)
        else:
            words = f"{first.text[start : start + 30]} … {last.text[max(0, end - 30) : end + 1]}"
            span = (start, len(first.text))
        found, expected = f"{quoted(words, 80)} in brackets", "text that is agreed, without brackets"
        todo = (
            "Agree on the text and delete the brackets. "
            f"If it is a label, or left open on purpose, accept it in {self.accepted_file}."
        )
        return raw_finding("open-text", first, found, expected, todo, span)

    def _unpaired(self, piece: Piece, at: int, what: str) -> RawFinding:
        found = f"{what}: {quoted(piece.text[max(0, at - 20) : at + 40])}"
        todo = "Add the other bracket, or delete this one."
        return raw_finding("open-text", piece, found, "brackets in pairs", todo, (at, at + 1))

    def _placeholders_and_marks(self, piece: Piece, small: str) -> Iterator[RawFinding]:
        """Yield placeholders and marks of a draft; those in square brackets are found with the brackets."""
        placeholders = [match.span() for match in self.placeholders.finditer(small)]
        placeholders += [match.span() for match in _SIGNS.finditer(piece.text) if "://" not in piece.text]
        marks = [match.span() for match in self.bracketed_mark.finditer(small)]
        marks += [match.span() for match in self.capital_mark.finditer(piece.text)]
        marks += [(0, len(small))] if small.strip(" :.") in self.marks else []
        if not placeholders and not marks:
            return
        excluded = [*self._declared(piece), *(match.span() for match in _BRACKETED.finditer(piece.text))]
        todo = f"Write what belongs here, or accept it in {self.accepted_file}."
        for start, end in _outside(placeholders, excluded):
            found = f"the placeholder {quoted(piece.text[start:end])}"
            yield raw_finding("open-text", piece, found, "a finished text", todo, (start, end))
        todo = f"Delete it when the text is final, or accept it in {self.accepted_file}."
        for start, end in _outside(marks, excluded):
            found, expected = (
                f"the mark of a draft {quoted(piece.text[start:end])}",
                "a final paper without it",
            )
            yield raw_finding("open-text", piece, found, expected, todo, (start, end))


def _outside(spans: Iterable[Span], excluded: list[Span]) -> list[Span]:
    """Return the spans that overlap neither one of `excluded` nor a longer one, in their order in the text."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if not any(s < end and start < e for s, e in (*excluded, *kept)):
            kept.append((start, end))
    return sorted(kept)


def _unclosed(text: str) -> int | None:
    """Return the place of the last round bracket that is not closed."""
    opened: list[int] = []
    for at, character in enumerate(text):
        if character == "(":
            opened.append(at)
        elif character == ")" and opened:
            opened.pop()
    return opened[-1] if opened else None
