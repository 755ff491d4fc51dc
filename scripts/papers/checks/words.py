"""Words that APEC papers do not use, and text that is not finished: the checks of what a paper says.

All phrases are one expression, the longest first, so that "Hong Kong, China" is passed over before "Hong Kong" is found.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from papers.docx.texts import PaperTexts, Piece, comparable
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

RawFinding = dict[str, object]  # a finding without its paper; "around" is the text before, in and behind it
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_WORD = re.compile(r"\w+")
_NEAR = 40  # characters of the text around that help to find it in the inputs
_SIGNS = re.compile(
    r"_{3,}|\?{3,}|\{\{.*?\}\}|\{%.*?%\}|\{\{|\}\}|\{%|%\}|<<|>>|(?<!\w)x{3,}(?!\w)", re.IGNORECASE
)


def raw_finding(
    code: str, piece: Piece, found: str, expected: str, todo: str, span: tuple[int, int] | None = None
) -> RawFinding:
    """A finding in a piece, at a span of its text."""
    start, end = span or (0, min(len(piece.text), _NEAR))
    around = [piece.text[max(0, start - _NEAR) : start], piece.text[start:end], piece.text[end : end + _NEAR]]
    told = {"code": code, "where": piece.where, "found": found, "expected": expected, "todo": todo}
    return {**told, "around": around}


def lowercase(words: str) -> str:
    """Small letters, as many as there were."""
    small = words.lower()
    return small if len(small) == len(words) else "".join(c.lower()[:1] for c in words)


@cache
def phrase_pattern(phrases: tuple[str, ...]) -> re.Pattern:
    """An expression for whole phrases in small letters, each a group of its own."""
    made = [_pattern(phrase) for phrase in phrases]
    return re.compile("|".join(f"({one})" for one in made) or r"(?!)")


def _pattern(phrase: str) -> str:
    """`U.S.` may have spaces behind its points; # stands for a number; a word does not go on before or behind."""
    words = (
        re.escape(lowercase(comparable(phrase)))
        .replace(r"\.", r"\. ?")
        .removesuffix(" ?")
        .replace(r"\#", r"\d+")
    )
    before = r"(?<!\w)" if phrase[:1].isalnum() else ""
    return before + words + (r"(?!\w)" if phrase[-1:].isalnum() or phrase[-1:] == "." else "")


def without_contents_lines(texts: PaperTexts) -> list[Piece]:
    """The pieces without the lines of a table of contents, which repeat headings."""
    headings = {heading.text for heading in texts.headings}
    return [
        piece
        for piece in texts.pieces
        if not (piece.style.startswith("TOC") and headings & {piece.text, piece.text.rpartition(" ")[0]})
    ]


def _words(small: str) -> set[str]:
    return set(_WORD.findall(small))


class Nomenclature:
    """The rules of the nomenclature; `used` collects the numbers of the acceptances that were needed.

    An expression of a hundred phrases is slow, so it is made of those whose words a paper has, and tried where they are.
    """

    def __init__(self, rules: dict, used: set[int]):
        self.used, self.home = used, rules["accepted_file"]
        self.columns: dict[tuple[str, str], int] = {}
        self.wrong: list[tuple[str, dict, set[str]]] = []  # with its rule and its words
        self.kept: list[tuple[str, str, object, set[str]]] = []  # what is right or accepted, with its words
        for rule in rules["nomenclature"]:
            self.wrong += [(word, rule, _words(lowercase(comparable(word)))) for word in rule["wrong"]]
            right = (*rule["unless"], *rule["right"])
            self.kept += [(word, "right", None, _words(lowercase(comparable(word)))) for word in right]
        for number, accepted in enumerate(rules["accepted"]):
            key = (lowercase(comparable(accepted["text"])), lowercase(comparable(accepted["column"])))
            if key[1]:
                self.columns[key] = number
            else:
                self.kept.append((accepted["text"], "accepted", number, _words(key[0])))

    def check(self, texts: PaperTexts) -> Iterator[RawFinding]:
        pieces = without_contents_lines(texts)
        small = [lowercase(piece.text) for piece in pieces]
        there = _words("\n".join(small))
        likely = [(word, "wrong", rule) for word, rule, words in self.wrong if words <= there]
        if not likely:
            return
        signs = {max(_WORD.findall(lowercase(comparable(word))), key=len) for word, _, _ in likely}
        kept = [(word, sort, about) for word, sort, about, words in self.kept if words <= there]
        # At the same length what is right or accepted comes first.
        phrases = sorted([*kept, *likely], key=lambda phrase: (-len(phrase[0]), phrase[1] == "wrong"))
        expression = phrase_pattern(tuple(phrase for phrase, _, _ in phrases))
        for piece, words in zip(pieces, small, strict=True):
            if not any(sign in words for sign in signs):
                continue
            for match in expression.finditer(words):
                phrase, sort, about = phrases[match.lastindex - 1]
                if sort == "accepted":
                    self.used.add(about)
                elif sort == "wrong" and not self._may_stay(piece, match, phrase, about):
                    yield self._finding(piece, match, about)

    def _may_stay(self, piece: Piece, match: re.Match, phrase: str, rule: dict) -> bool:
        """A word that only counts in capitals, or what its column accepts."""
        if rule["capitals"] and piece.text[slice(*match.span())] != phrase:
            return True
        number = self.columns.get((lowercase(piece.text), lowercase(piece.head)))
        if number is not None:
            self.used.add(number)
        return number is not None

    def _finding(self, piece: Piece, match: re.Match, rule: dict) -> RawFinding:
        found = quoted(piece.text[slice(*match.span())])
        expected = " or ".join(quoted(word) for word in rule["right"]) or "nothing in its place"
        todo = f"{rule['why']} A name or quotation is accepted in {self.home}.".strip()
        return raw_finding("nomenclature", piece, found, expected, todo, match.span())


class OpenText:
    """Signs of a text that is not finished."""

    def __init__(self, rules: dict, used: set[int]):
        self.used, self.home = used, rules["accepted_file"]
        self.numbers = [n for n, one in enumerate(rules["accepted"]) if not one["column"]]
        self.first_accepted = len(rules["labels"])
        self.declared = phrase_pattern(
            (*rules["labels"], *(rules["accepted"][n]["text"] for n in self.numbers))
        )
        self.placeholders = phrase_pattern(tuple(sorted(rules["placeholders"], key=len, reverse=True)))
        self.drafts = {lowercase(word) for word in rules["draft"]}
        self.signs = [
            _words(lowercase(comparable(word))) for word in (*rules["placeholders"], *rules["draft"])
        ]
        draft = sorted((re.escape(lowercase(word)) for word in rules["draft"]), key=len, reverse=True)
        self.draft = re.compile(rf"[\[(]\s*(?:{'|'.join(draft) or '(?!)'})\s*[\])]")
        self.capitals = re.compile(rf"\b(?:{'|'.join(word.upper() for word in draft) or '(?!)'})\b")

    def check(self, texts: PaperTexts) -> Iterator[RawFinding]:
        pieces = without_contents_lines(texts)
        whole = "\n".join(piece.text for piece in pieces)
        there = _words(lowercase(whole))
        if "[" in whole or "]" in whole:
            for _, flow in groupby(pieces, key=lambda piece: piece.flow):
                yield from self._brackets(list(flow))
        likely, anywhere = [max(sign, key=len) for sign in self.signs if sign <= there], _SIGNS.search(whole)
        for piece in pieces if likely or anywhere else ():
            small = lowercase(piece.text)
            if anywhere or any(word in small for word in likely):
                yield from self._signs(piece, small)
        for piece in pieces:
            if piece.text.count("(") > piece.text.count(")"):
                yield from self._round(piece)
        for what, where in texts.marks:
            todo = (
                "Accept or reject the changes in Word." if "change" in what else "Answer it, then delete it."
            )
            yield raw_finding("open-text", Piece("", where, ""), what, "a finished text", todo)

    def _round(self, piece: Piece) -> Iterator[RawFinding]:
        """A round bracket closes in its paragraph; only "a)" stands alone. Labels of charts that end in … were shortened."""
        at = _unclosed(piece.text)
        if at is None or piece.text.endswith("…"):
            return
        if not any(start <= at < end for start, end in self._declared(piece)):
            yield self._unpaired(piece, at, "a bracket that is not closed")

    def _brackets(self, pieces: list[Piece]) -> Iterator[RawFinding]:
        """Square brackets, which may close in a later paragraph of the same flow."""
        opened: list[tuple[Piece, int, bool]] = []
        for piece in pieces:
            if "[" not in piece.text and "]" not in piece.text:
                continue
            spans = self._declared(piece)
            for at, sign in enumerate(piece.text):
                within = any(start <= at < end for start, end in spans)
                if sign == "[":
                    opened.append((piece, at, within))
                elif sign == "]" and opened:
                    first, start, accepted = opened.pop()
                    if not accepted:
                        yield self._bracket(first, start, piece, at)
                elif sign == "]" and not within:
                    yield self._unpaired(piece, at, "a bracket that was never opened")
        for piece, at, accepted in opened:
            if not accepted:
                yield self._unpaired(piece, at, "a bracket that is not closed")

    def _declared(self, piece: Piece) -> list[tuple[int, int]]:
        """Where labels and accepted texts stand."""
        found = []
        for match in self.declared.finditer(lowercase(piece.text)):
            number = match.lastindex - 1 - self.first_accepted
            if number >= 0:
                self.used.add(self.numbers[number])
            found.append(match.span())
        return found

    def _bracket(self, first: Piece, start: int, last: Piece, end: int) -> RawFinding:
        same = first is last
        words = (
            first.text[start : end + 1]
            if same
            else f"{first.text[start : start + 30]} … {last.text[max(0, end - 30) : end + 1]}"
        )
        expected = "text that is agreed, without brackets"
        todo = f"Settle it; a label, or a text left open on purpose, is accepted in {self.home}."
        found = f"{quoted(words, 80)} in brackets"
        return raw_finding(
            "open-text", first, found, expected, todo, (start, end + 1 if same else len(first.text))
        )

    def _unpaired(self, piece: Piece, at: int, what: str) -> RawFinding:
        found = f"{what}: {quoted(piece.text[max(0, at - 20) : at + 40])}"
        return raw_finding(
            "open-text", piece, found, "brackets in pairs", "Add its partner, or delete it.", (at, at + 1)
        )

    def _signs(self, piece: Piece, small: str) -> Iterator[RawFinding]:
        """Placeholders and marks of a draft; what stands in square brackets is told with them."""
        open_ = [match.span() for match in self.placeholders.finditer(small)]
        open_ += [match.span() for match in _SIGNS.finditer(piece.text) if "://" not in piece.text]
        drafts = [
            match.span() for match in (*self.draft.finditer(small), *self.capitals.finditer(piece.text))
        ]
        drafts += [(0, len(small))] if small.strip(" :.") in self.drafts else []
        if not open_ and not drafts:
            return
        but = [*self._declared(piece), *(match.span() for match in _BRACKETED.finditer(piece.text))]
        for sort, those in (("placeholder", open_), ("mark of a draft", drafts)):
            free = [one for one in those if not any(s < one[1] and one[0] < e for s, e in but)]
            for start, end in _apart(free):
                found = f"the {sort} {quoted(piece.text[start:end])}"
                expected = (
                    "a finished text" if sort == "placeholder" else "no such mark in a paper to be issued"
                )
                todo = f"Write what belongs there, or accept it in {self.home}."
                yield raw_finding("open-text", piece, found, expected, todo, (start, end))


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that do not overlap, the longest of those that do."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if not any(start < span[1] and span[0] < end for start, end in kept):
            kept.append(span)
    return sorted(kept)


def _unclosed(words: str) -> int | None:
    """Where the last round bracket opens that is not closed."""
    opened: list[int] = []
    for at, sign in enumerate(words):
        if sign == "(":
            opened.append(at)
        elif sign == ")" and opened:
            opened.pop()
    return opened[-1] if opened else None
