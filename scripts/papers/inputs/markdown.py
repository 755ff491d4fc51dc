"""Read a section in Markdown as a heading and blocks (see papers.richtext) that know their lines.

markdown-it parses CommonMark; what papers do not need (links, pictures, tables, code, HTML) is a problem
with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.superscript import superscript_plugin

from papers import richtext
from papers.characters import EXPECTED_TEXT, TYPE_AGAIN, describe_character, forbidden_character
from papers.inputs.text_files import read_text_file
from papers.problems import Place, Problems, quoted
from papers.safety import MAX_SECTION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from markdown_it.token import Token


_FACT = re.compile(r"\{\{([^{}]*)\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_NOTE = re.compile(r"[\s>*+\-\d.)]*\[\^([^\]\s]+)\]:")
_LEFT_OVER_NOTE = re.compile(r"\[\^[^\]\s]+\]")
# Bullets as Word and web pages have them, those of Word's symbol fonts among them.
_TYPED_BULLET = re.compile("[•◦▪▫‣⁃·●○■□➢➤✓✔❖\ue000-\uf8ff]|o\t")
_TYPED_DASH = re.compile("[–—―−] ")
_LISTS = ("bullet_list_open", "ordered_list_open")
_ROMAN_ITEM = re.compile(r"^(\s*)([IVX]+)\. ")
_ROMANS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split()  # noqa: SIM905
_MARKS = {"strong": "b", "em": "i", "sup": "^"}
_REFUSED = {
    "fence": "a block of code",
    "code_block": "an indented block of code (lines that start with four spaces)",
    "code_inline": "text between backticks",
    "html_block": "HTML",
    "html_inline": "HTML",
    "hr": "a horizontal rule",
    "table_open": "a Markdown table",
    "link_open": "a link",
    "image": "a picture",
}
_REFUSED_IN_NOTE = {
    **_REFUSED,
    "bullet_list_open": "a list in a footnote",
    "ordered_list_open": "a list in a footnote",
    "blockquote_open": "a quotation in a footnote",
    "heading_open": "a heading in a footnote",
}
_EXPECTED = "headings, paragraphs, lists, quotations, *italic*, **bold**, ^superscript^ and [^footnotes]"


@dataclass(frozen=True)
class Section:
    """One Markdown file: the runs of its first heading, and the blocks below, each with its line `at`."""

    file: str
    heading: list
    blocks: list


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.disable(["reference", "lheading"])  # they remove lines from the text without a trace
    footnote_plugin(parser, inline=False)
    superscript_plugin(parser)
    return parser


def read_section(path: Path, name: str, problems: Problems) -> Section | None:
    """Return the section in a Markdown file, or None and all its problems.

    `name` is the file as messages name it.
    """
    source = read_text_file(path, name, problems, MAX_SECTION)
    if source is None:
        return None
    before = len(problems.found)
    section = _MarkdownReader(name, problems).section(source)
    return section if len(problems.found) == before else None


def read_paragraph(source: str, place: Place, problems: Problems) -> list:
    """Return the runs of one paragraph of Markdown that is part of another file, at `place`.

    [] and problems where it is anything else than one paragraph.
    """
    if len(source) > MAX_SECTION:
        found, expected = f"a text of {len(source):,} characters", f"at most {MAX_SECTION:,}"
        problems.add(place, "too-large", found, expected, "Shorten it.")
        return []
    reader = _MarkdownReader(place.file, problems, place.line - 1)
    before = len(problems.found)
    paragraphs = reader.body(source)
    if len(problems.found) > before:
        return []
    if len(paragraphs) == 1 and paragraphs[0]["style"] != richtext.BODY:
        found = f"a paragraph in the style {paragraphs[0]['style']}"
        problems.add(place, "not-one-paragraph", found, "plain text", "Delete the sign at its beginning.")
        return []
    if len(paragraphs) != 1:
        found, todo = f"{len(paragraphs)} paragraphs", "Join them."
        problems.add(place, "not-one-paragraph", found, "one paragraph", todo)
        return []
    return paragraphs[0]["line"]


class _MarkdownReader:
    """Turns the tokens of one file into blocks; `offset` is added to line numbers."""

    def __init__(self, name: str, problems: Problems, offset: int = 0):
        self.name, self.problems, self.offset = name, problems, offset
        self.notes: list[list] = []
        self.note: int | None = None  # the footnote that is being read
        self.romans: set[int] = set()  # the lines that _replace_romans changed
        self.line = 1

    def refuse(self, kind: str, found: str, expected: str, todo: str) -> None:
        self.problems.add(Place(self.name, line=self.line + self.offset), kind, found, expected, todo)

    def section(self, source: str) -> Section:
        before = len(self.problems.found)
        blocks = self.body(source)
        if not blocks and len(self.problems.found) > before:
            return Section(self.name, [], [])  # nothing could be read, and that was reported
        if not blocks or blocks[0]["style"] != "Heading 1" or not blocks[0]["line"]:
            self.line = 1
            expected, todo = "a first line such as # 1. Introduction", "Put the heading first."
            self.refuse("no-heading", "no heading", expected, todo)
            return Section(self.name, [], blocks)
        for later in blocks[1:]:
            if later["style"] == "Heading 1":
                self.line = later["at"] - self.offset
                self.refuse(
                    "second-heading", "a second # heading", "one # heading in a file", "Use ## there."
                )
        return Section(self.name, blocks[0]["line"], blocks[1:])

    def body(self, source: str) -> list[dict]:
        environment: dict = {}
        tokens = _parser().parse(self._replace_romans(source), environment)
        self._read_notes(tokens, environment, source)
        blocks = self._blocks(list(self._without_notes(tokens)))
        self._check_stray_romans(source)
        return blocks

    def _replace_romans(self, source: str) -> str:
        """Write `I. ` as `1) `, as Markdown has no roman lists; `1)` of the user is refused."""
        lines, running, paragraph = [], 0, False
        for self.line, row in enumerate(source.split("\n"), 1):
            match = _ROMAN_ITEM.match(row)
            if match and (running or not paragraph):
                running += 1
                self._check_roman(match[2], running)
                self.romans.add(self.line)
                row = _ROMAN_ITEM.sub(rf"\g<1>{running}) ", row)
            elif row.strip() and not row.startswith(" "):
                running = 0
            paragraph = bool(row.strip())
            lines.append(row)
        return "\n".join(lines)

    def _check_roman(self, numeral: str, number: int) -> None:
        expected = _ROMANS[number - 1] if number <= len(_ROMANS) else ""
        if numeral != expected:
            todo = "Number the list I., II., III. in order."
            self.refuse("roman-order", f'"{numeral}."', f'"{expected}."' if expected else "at most XX.", todo)

    def _read_notes(self, tokens: list[Token], environment: dict, source: str) -> None:
        footnotes = environment.get("footnotes", {})
        self._check_unused_notes(footnotes.get("refs", {}), source)
        self._check_doubled_notes(source)
        self.notes = [[] for _ in footnotes.get("list", {})]
        self.note = None
        for token in tokens:
            self.line = token.map[0] + 1 if token.map else self.line
            if token.type == "footnote_open":
                self.note = token.meta["id"]
                self.line = source[: source.find(f"[^{token.meta.get('label')}]:")].count("\n") + 1
            elif token.type == "footnote_close":
                self._check_empty_note()
                self.note = None
            elif token.type == "inline" and self.note is not None:
                gap = [["\n", ""]] if self.notes[self.note] else []
                self.notes[self.note] += gap + self._runs(token)
            elif self.note is not None and token.nesting != -1 and token.type in _REFUSED_IN_NOTE:
                self._refuse_token(token.type)

    def _check_empty_note(self) -> None:
        if not self.notes[self.note]:
            found, todo = "a footnote without text", "Write its text, or delete the footnote."
            self.refuse("empty-note", found, "the text of the footnote", todo)

    def _check_doubled_notes(self, source: str) -> None:
        """Report footnotes with the name of an earlier one: one of the two would be lost."""
        seen: set[str] = set()
        for self.line, row in enumerate(source.split("\n"), 1):
            match = _NOTE.match(row)
            if match and match[1].casefold() in seen:
                found, todo = f"a second footnote [^{match[1]}]", "Give one of the two another name."
                self.refuse("doubled-note", found, "each footnote once", todo)
            seen |= {match[1].casefold()} if match else set()

    def _check_unused_notes(self, references: dict, source: str) -> None:
        for label, index in references.items():
            if index < 0:
                self.line = source[: source.find(f"[^{label[1:]}]:")].count("\n") + 1
                mark = f"[^{label[1:]}]"
                found, expected = f"the footnote {mark} without a reference", "a reference to it in the text"
                todo = f"Put {mark} where it belongs in the text, or delete the footnote."
                self.refuse("note-without-reference", found, expected, todo)

    @staticmethod
    def _without_notes(tokens: list[Token]) -> Iterator[Token]:
        inside = False
        for token in tokens:
            inside = inside or token.type == "footnote_block_open"
            if not inside:
                yield token
            inside = inside and token.type != "footnote_block_close"

    def _blocks(self, tokens: list[Token]) -> list[dict]:
        blocks: list[dict] = []
        around: list[Token] = []  # the open lists, items, quotations, headings and paragraphs
        for token in tokens:
            self.line = token.map[0] + 1 if token.map else self.line
            if token.type in _REFUSED:
                self._refuse_token(token.type)
            elif token.type == "inline":
                blocks.append(self._block(token, around))
            if token.nesting == 1:
                self._check_open(token, around)
                around.append(token)
            elif token.nesting == -1:
                self._check_closed(around.pop())
        return blocks

    def _block(self, token: Token, around: list[Token]) -> dict:
        style, at = self._style(around), self.line + self.offset
        self._check_typed_bullets(token)
        items = [outer for outer in around if outer.type == "list_item_open"]
        if items:
            items[-1].meta["paragraphs"] += 1
            if items[-1].meta["paragraphs"] == 2:
                found, expected = "a second paragraph in an item of a list", "one paragraph in an item"
                self.refuse("list-paragraph", found, expected, "Join the two, or make it an item of its own.")
        start = style in richtext.ORDERED and items[-1].meta["number"] == 1
        return {**richtext.block(style, {"line": self._runs(token)}, start), "at": at}

    def _check_typed_bullets(self, token: Token) -> None:
        """Report lines that begin with a bullet or, in a paragraph that does so, a dash: they are no list here."""
        first, lines = self.line, token.content.split("\n")
        dashes = _TYPED_DASH.match(lines[0])
        for self.line, line in enumerate(lines, first):
            match = _TYPED_BULLET.match(line) or (dashes and _TYPED_DASH.match(line))
            if match:
                found, expected = (
                    f'a line that begins with "{match[0].strip()}"',
                    'the sign "- " before an item',
                )
                todo = 'Write "- " in its place, and an empty line before the first item.'
                self.refuse("typed-bullet", found, expected, todo)
        self.line = first

    @staticmethod
    def _style(around: list[Token]) -> str:
        headings = [token for token in around if token.type == "heading_open"]
        lists = [token for token in around if token.type in _LISTS]
        if headings:
            return f"Heading {headings[0].tag[1]}"
        if len(lists) == 1 and lists[0].type == "ordered_list_open":
            return richtext.ROMAN if lists[0].markup == ")" else richtext.NUMBER
        if lists:
            return (richtext.BULLET, richtext.BULLET_2)[min(len(lists), 2) - 1]
        return richtext.QUOTE if any(token.type == "blockquote_open" for token in around) else richtext.BODY

    def _check_open(self, token: Token, around: list[Token]) -> None:
        """Report what no style can set: lists too deep, or one block within another."""
        lists = [outer for outer in around if outer.type in _LISTS]
        quoted = any(outer.type == "blockquote_open" for outer in around)
        if token.type in _LISTS:
            token.meta["items"] = 0
            if len(lists) > 1 or (lists and token.type == "ordered_list_open"):
                expected = "bullets of two levels, or one numbered level"
                todo = "Put its items into the list around it."
                self.refuse("list-depth", "a list within a list too deep", expected, todo)
        if token.type == "list_item_open":
            self._check_item(token, around[-1])
        if token.type == "heading_open" and token.tag > "h3":
            found = f"a heading of level {token.tag[1]}"
            self.refuse("heading-depth", found, "level 1 to 3", "Use ## or ###.")
        outside = "a list" if lists else "a quotation" if quoted else ""
        inside = {"heading_open": "a heading", "blockquote_open": "a quotation"}.get(token.type, "")
        inside = "a list" if token.type in _LISTS and not lists else inside
        if inside and outside:
            self.refuse("nesting", f"{inside} within {outside}", _EXPECTED, f"Move it out of {outside}.")

    def _check_item(self, item: Token, around: Token) -> None:
        """Report numbers other than 1, 2, 3.

        Word numbers the items itself, so that they would change without a message.
        """
        around.meta["items"] += 1
        number = around.meta["items"]
        item.meta.update(number=number, paragraphs=0)
        if around.type != "ordered_list_open":
            return
        if around.markup == ")" and self.line not in self.romans:
            todo = "Write 1. or I. instead."
            self.refuse("list-bracket", f'"{item.info})"', "1. or I. before an item", todo)
        elif around.markup != ")" and int(item.info) not in (1, number):
            todo = "Number the list 1., 2., 3. in order, without other text between its items."
            self.refuse("list-order", f'"{item.info}."', f'"{number}."', todo)
        self.romans.discard(self.line)

    def _check_closed(self, token: Token) -> None:
        if token.type == "list_item_open" and not token.meta["paragraphs"]:
            self.line = token.map[0] + 1
            todo = "Write it, or delete the sign of the item."
            self.refuse("empty-item", "an item without text", "text after the sign of the item", todo)

    def _check_stray_romans(self, source: str) -> None:
        for line in sorted(self.romans):
            self.line = line
            found = f'"{source.split(chr(10))[self.line - 1].split()[0]}" outside a list'
            todo = "Align it with the first item, and put an empty line before the list."
            self.refuse("roman-order", found, "each item at the same margin", todo)

    def _refuse_token(self, kind: str) -> None:
        self.refuse("markdown", _REFUSED_IN_NOTE[kind], _EXPECTED, "Write it as plain text, or delete it.")

    def _runs(self, inline: Token) -> list:
        self.line = inline.map[0] + 1 if inline.map else self.line
        runs: list = []
        marks: list[str] = []
        for token in inline.children or []:
            if token.type in _REFUSED:
                self._refuse_token(token.type)
            elif token.nesting == 1 and token.type.removesuffix("_open") in _MARKS:
                self._check_within_word(token, runs)
                marks.append(_MARKS[token.type.removesuffix("_open")])
            elif token.nesting == -1 and token.type.removesuffix("_close") in _MARKS:
                marks.pop()
            elif token.type == "footnote_ref":
                runs += self._reference(token)
            elif token.type in ("softbreak", "hardbreak"):
                self.line += 1
                self._add_text(runs, " " if token.type == "softbreak" else "\n", marks)
            elif token.content and token.type == "text":
                self._text_and_facts(runs, token.content, marks)
        return runs

    def _check_within_word(self, opening: Token, runs: list) -> None:
        """Report a sign of emphasis that follows a letter or digit: the * of 2*3*4 would be lost."""
        before = runs[-1][0] if runs and isinstance(runs[-1], list) else ""
        if opening.markup.startswith("*") and before[-1:].isalnum():
            word = before.split()[-1] if before.split() else ""
            found = f"the sign {opening.markup} within a word or number, after {quoted(word)}"
            todo = "Write × for a product, or \\* for the sign itself."
            self.refuse("sign-in-word", found, "* and ** before a word, for italic and bold", todo)

    def _reference(self, token: Token) -> list[dict]:
        """Return the run of a reference to a footnote, or no run and a problem."""
        if self.note is not None:
            found, todo = "a footnote within a footnote", "Put its text into the other one."
            self.refuse("note-in-note", found, "footnotes in the text only", todo)
            return []
        if token.meta.get("subId"):
            mark = f"[^{token.meta['label']}]"
            found = f"a second reference to the footnote {mark}, which would be printed twice"
            todo = "Write a second footnote with a name of its own, or delete the reference."
            self.refuse("note-again", found, "one reference to a footnote", todo)
            return []
        return [{"note": self.notes[token.meta["id"]]}]

    def _text_and_facts(self, runs: list, content: str, marks: list[str]) -> None:
        if bad := forbidden_character(content):  # written as a character reference such as &#x202e;
            self.refuse("forbidden-character", describe_character(bad), EXPECTED_TEXT, TYPE_AGAIN)
        if left := _LEFT_OVER_NOTE.search(content):
            found, expected = (
                f"the reference {left[0]} without its footnote",
                f"a line {left[0]}: and its text",
            )
            todo = "Add that line at the end of the file, or delete the reference."
            self.refuse("reference-without-note", found, expected, todo)
        at = 0
        for fact in _FACT.finditer(content):
            self._plain_text(runs, content[at : fact.start()], marks)
            runs.append({"fact": fact[1].strip(), "marks": "".join(marks), "at": self.line + self.offset})
            at = fact.end()
        self._plain_text(runs, content[at:], marks)

    def _plain_text(self, runs: list, content: str, marks: list[str]) -> None:
        if braces := _BRACES.search(content):
            todo = "Write the fact on one line and without * or ^ in it, or delete the braces."
            self.refuse(
                "broken-fact",
                f"{braces[0]} that is no part of a fact",
                "a fact such as {{ first_year }}",
                todo,
            )
        self._add_text(runs, content, marks)

    @staticmethod
    def _add_text(runs: list, content: str, marks: list[str]) -> None:
        written = "".join(sorted(set(marks)))
        if content and runs and isinstance(runs[-1], list) and runs[-1][1] == written:
            runs[-1] = [runs[-1][0] + content, written]
        elif content:
            runs.append([content, written])
