"""A section in Markdown -> its heading and blocks (see papers.text), with the line each came from.

markdown-it parses CommonMark; what Word papers do not need (links, pictures, tables, code, HTML) is refused with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.superscript import superscript_plugin

from papers import richtext, safety
from papers.characters import EXPECTED_TEXT, describe_character, forbidden_character
from papers.problems import Place, Problems


@dataclass(frozen=True)
class Section:
    """One Markdown file: the runs of its first heading and the blocks below; each block has its line `at`."""

    file: str
    heading: list
    blocks: list


_FACT = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")

_BRACES = re.compile(r"\{\{|\}\}")

_ROMAN_ITEM = re.compile(r"^(\s*)([IVX]+)\. ")

_NOTE = re.compile(r"[\s>*+\-\d.)]*\[\^([^\]\s]+)\]:")

_LISTS = ("bullet_list_open", "ordered_list_open")

_LEFT_OVER_NOTE = re.compile(r"\[\^[^\]\s]+\]")

_ROMANS = [
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
    "XVII",
    "XVIII",
    "XIX",
    "XX",
]

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

_EXPECTED = "headings, paragraphs, lists, quotations, *italic*, **bold**, ^raised^ text and [^footnotes]"


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.disable(["reference", "lheading"])  # they take lines out of the text without a trace
    footnote_plugin(parser, inline=False)
    superscript_plugin(parser)
    return parser


def read_section(path: Path, name: str, problems: Problems) -> Section | None:
    """The section in a Markdown file, or None and its problems. `name` is the file's name as people are told it."""
    try:
        source = safety.read_text(path)
    except (OSError, UnicodeDecodeError):
        problems.add(
            Place(name),
            "unreadable",
            "no readable text file",
            "a Markdown file in UTF-8",
            "Add the file, or correct its name where it is listed.",
        )
        return None
    except safety.UnsafeFile as refused:
        problems.add(Place(name), refused.kind, refused.found, refused.expected, "Delete what is not needed.")
        return None
    before = len(problems.found)
    section = _Reader(name, problems).section(source)
    return section if len(problems.found) == before else None


def read_paragraph(source: str, place: Place, problems: Problems) -> list:
    """The runs of one paragraph of Markdown that stands in another file, at `place`."""
    reader = _Reader(place.file, problems, place.line - 1)
    before = len(problems.found)
    paragraphs = reader.body(source)
    if len(problems.found) > before:
        return []
    if len(paragraphs) == 1 and paragraphs[0]["style"] != richtext.BODY:
        found = f"a paragraph in the style {paragraphs[0]['style']}"
        problems.add(place, "not-one-paragraph", found, "plain text", "Leave out the mark at its beginning.")
        return []
    if len(paragraphs) != 1:
        problems.add(
            place, "not-one-paragraph", f"{len(paragraphs)} paragraphs", "one paragraph", "Join them."
        )
        return []
    return paragraphs[0]["line"]


class _Reader:
    """Walks the tokens of one file; `offset` is added to line numbers."""

    def __init__(self, name: str, problems: Problems, offset: int = 0):
        self.name, self.problems, self.offset = name, problems, offset
        self.notes: list[list] = []
        self.note: int | None = None  # the footnote that is being read
        self.romans: set[int] = set()  # the lines that _romans_as_brackets changed
        self.line = 1

    def refuse(self, kind: str, found: str, expected: str, todo: str) -> None:
        self.problems.add(Place(self.name, line=self.line + self.offset), kind, found, expected, todo)

    def section(self, source: str) -> Section:
        before = len(self.problems.found)
        blocks = self.body(source)
        if not blocks and len(self.problems.found) > before:
            return Section(self.name, [], [])  # it could not be read at all, and that is told
        if not blocks or blocks[0]["style"] != "Heading 1" or not blocks[0]["line"]:
            self.line = 1
            self.refuse(
                "no-heading", "no heading", "a first line such as # 1. Introduction", "Put the heading first."
            )
            return Section(self.name, [], blocks)
        for later in blocks[1:]:
            if later["style"] == "Heading 1":
                self.line = later["at"] - self.offset
                self.refuse("second-heading", "a second # heading", "one # heading a file", "Use ## there.")
        return Section(self.name, blocks[0]["line"], blocks[1:])

    def body(self, source: str) -> list[dict]:
        if bad := forbidden_character(source):
            self.line = source[: bad.start()].count("\n") + 1
            self.refuse(
                "forbidden-character",
                describe_character(bad),
                EXPECTED_TEXT,
                "Delete that invisible character.",
            )
            return []
        environment: dict = {}
        tokens = _parser().parse(self._romans_as_brackets(source), environment)
        self._read_notes(tokens, environment, source)
        blocks = self._blocks(list(self._without_notes(tokens)))
        self._refuse_stray_romans(source)
        return blocks

    def _romans_as_brackets(self, source: str) -> str:
        """Markdown has no roman lists: `I. ` becomes `1) `, which is kept free for that."""
        lines, running, paragraph = [], 0, False
        for self.line, row in enumerate(source.split("\n"), 1):
            match = _ROMAN_ITEM.match(row)
            if match and (running or not paragraph):
                running += 1
                if running > len(_ROMANS) or match[2] != _ROMANS[running - 1]:
                    expected = _ROMANS[running - 1] if running <= len(_ROMANS) else "at most XX"
                    self.refuse(
                        "roman-order",
                        f'"{match[2]}."',
                        f'"{expected}."',
                        "Number the list I., II., III. in order.",
                    )
                self.romans.add(self.line)
                row = _ROMAN_ITEM.sub(rf"\g<1>{running}) ", row)
            elif row.strip() and not row.startswith(" "):
                running = 0
            paragraph = bool(row.strip())
            lines.append(row)
        return "\n".join(lines)

    def _read_notes(self, tokens: list[Token], environment: dict, source: str) -> None:
        footnotes = environment.get("footnotes", {})
        self._refuse_unused(footnotes.get("refs", {}), source)
        self._refuse_doubled(source)
        self.notes = [[] for _ in footnotes.get("list", {})]
        self.note = None
        for token in tokens:
            self.line = token.map[0] + 1 if token.map else self.line
            if token.type == "footnote_open":
                self.note = token.meta["id"]
                self.line = source[: source.find(f"[^{token.meta.get('label')}]:")].count("\n") + 1
            elif token.type == "footnote_close":
                self._refuse_empty_note()
                self.note = None
            elif token.type == "inline" and self.note is not None:
                gap = [["\n", ""]] if self.notes[self.note] else []
                self.notes[self.note] += gap + self._runs(token)
            elif self.note is not None and token.nesting != -1 and token.type in _REFUSED_IN_NOTE:
                self._refuse_token(token.type)

    def _refuse_empty_note(self) -> None:
        if not self.notes[self.note]:
            self.refuse(
                "empty-note", "a footnote without text", "the text of the footnote", "Write it, or delete it."
            )

    def _refuse_doubled(self, source: str) -> None:
        """Of two footnotes with one name the first would be lost."""
        seen: set[str] = set()
        for self.line, row in enumerate(source.split("\n"), 1):
            match = _NOTE.match(row)
            if match and match[1].casefold() in seen:
                found, todo = f"a second footnote [^{match[1]}]", "Give one of the two another name."
                self.refuse("doubled-note", found, "each footnote once", todo)
            seen |= {match[1].casefold()} if match else set()

    def _refuse_unused(self, references: dict, source: str) -> None:
        for label, index in references.items():
            if index < 0:
                self.line = source[: source.find(f"[^{label[1:]}]:")].count("\n") + 1
                self.refuse(
                    "note-without-reference",
                    f"the footnote [^{label[1:]}] that nothing refers to",
                    "a reference to it in the text",
                    f"Put [^{label[1:]}] where it belongs, or delete the footnote.",
                )

    @staticmethod
    def _without_notes(tokens: list[Token]):
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
        items = [outer for outer in around if outer.type == "list_item_open"]
        if items:
            items[-1].meta["paragraphs"] += 1
            if items[-1].meta["paragraphs"] == 2:
                found, expected = "a second paragraph in an item of a list", "one paragraph an item"
                self.refuse("list-paragraph", found, expected, "Join the two, or make it an item of its own.")
        start = style in richtext.ORDERED and items[-1].meta["number"] == 1
        return {**richtext.block(style, {"line": self._runs(token)}, start), "at": at}

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
        """What no style can set: too deep, or one thing within another."""
        lists = [outer for outer in around if outer.type in _LISTS]
        quoted = any(outer.type == "blockquote_open" for outer in around)
        if token.type in _LISTS:
            token.meta["items"] = 0
            if len(lists) > 1 or (lists and token.type == "ordered_list_open"):
                expected = "bullets of two levels, or one numbered level"
                self.refuse("list-depth", "a list too deep to set", expected, "Flatten it.")
        if token.type == "list_item_open":
            self._check_item(token, around[-1])
        if token.type == "heading_open" and token.tag > "h3":
            self.refuse(
                "heading-depth", f"a heading of level {token.tag[1]}", "level 1 to 3", "Use ## or ###."
            )
        outside = "a list" if lists else "a quotation" if quoted else ""
        inside = {"heading_open": "a heading", "blockquote_open": "a quotation"}.get(token.type, "")
        inside = "a list" if token.type in _LISTS and not lists else inside
        if inside and outside:
            self.refuse("nesting", f"{inside} within {outside}", _EXPECTED, "Take it out of there.")

    def _check_item(self, item: Token, around: Token) -> None:
        """Word numbers the items from 1 on: a number that says otherwise would change in silence."""
        around.meta["items"] += 1
        number = around.meta["items"]
        item.meta.update(number=number, paragraphs=0)
        if around.type != "ordered_list_open":
            return
        if around.markup == ")" and self.line not in self.romans:
            self.refuse(
                "list-bracket", f'"{item.info})"', "1. or I. before an item", "Write 1. or I. instead."
            )
        elif around.markup != ")" and int(item.info) not in (1, number):
            todo = "Number the list 1., 2., 3. in order, without other text between its items."
            self.refuse("list-order", f'"{item.info}."', f'"{number}."', todo)
        self.romans.discard(self.line)

    def _check_closed(self, token: Token) -> None:
        if token.type == "list_item_open" and not token.meta["paragraphs"]:
            self.line = token.map[0] + 1
            self.refuse(
                "empty-item", "an item without text", "text after the mark", "Write it, or delete the mark."
            )

    def _refuse_stray_romans(self, source: str) -> None:
        for line in sorted(self.romans):
            self.line = line
            found = f'"{source.split(chr(10))[self.line - 1].split()[0]}" that begins no item of a list'
            todo = "Align it with the first item, and put an empty line before the list."
            self.refuse("roman-order", found, "each item at the same margin", todo)

    def _refuse_token(self, kind: str) -> None:
        self.refuse("markdown", _REFUSED_IN_NOTE[kind], _EXPECTED, "Write it as plain text, or take it out.")

    def _runs(self, inline: Token) -> list:
        first = inline.map[0] + 1 if inline.map else self.line
        self.line = first
        runs: list = []
        marks: list[str] = []
        for token in inline.children or []:
            if token.type in _REFUSED:
                self._refuse_token(token.type)
            elif token.nesting == 1 and token.type.removesuffix("_open") in _MARKS:
                marks.append(_MARKS[token.type.removesuffix("_open")])
            elif token.nesting == -1 and token.type.removesuffix("_close") in _MARKS:
                marks.pop()
            elif token.type == "footnote_ref" and self.note is not None:
                found, todo = "a footnote within a footnote", "Put its text into the other one."
                self.refuse("note-in-note", found, "footnotes in the text only", todo)
            elif token.type == "footnote_ref" and token.meta.get("subId"):
                found = f"a second reference to the footnote [^{token.meta['label']}], which would be printed twice"
                todo = "Write a second footnote with a name of its own, or take the reference out."
                self.refuse("note-again", found, "one reference a footnote", todo)
            elif token.type == "footnote_ref":
                runs.append({"note": self.notes[token.meta["id"]]})
            elif token.type == "softbreak":
                self.line += 1
                self._add_text(runs, " ", marks)
            elif token.type == "hardbreak":
                self.line += 1
                self._add_text(runs, "\n", marks)
            elif token.content and token.type == "text":
                self._text_and_facts(runs, token.content, marks)
        return runs

    def _text_and_facts(self, runs: list, content: str, marks: list[str]) -> None:
        if left := _LEFT_OVER_NOTE.search(content):
            self.refuse(
                "reference-without-note",
                f"the reference {left[0]} without its footnote",
                f"a line {left[0]}: text of the footnote",
                "Add that line at the end of the file, or delete the reference.",
            )
        at = 0
        for fact in _FACT.finditer(content):
            self._plain_text(runs, content[at : fact.start()], marks)
            runs.append({"fact": fact[1], "marks": "".join(marks), "at": self.line + self.offset})
            at = fact.end()
        self._plain_text(runs, content[at:], marks)

    def _plain_text(self, runs: list, content: str, marks: list[str]) -> None:
        if braces := _BRACES.search(content):
            todo = "Write it on one line and without marks, or delete the braces."
            self.refuse("broken-fact", f"{braces[0]} alone", "a fact such as {{ first_year }}", todo)
        self._add_text(runs, content, marks)

    @staticmethod
    def _add_text(runs: list, content: str, marks: list[str]) -> None:
        written = "".join(sorted(set(marks)))
        if content and runs and isinstance(runs[-1], list) and runs[-1][1] == written:
            runs[-1] = [runs[-1][0] + content, written]
        elif content:
            runs.append([content, written])
