"""Read a section in Markdown as a heading and blocks (see papers.richtext) that know their lines.

markdown-it parses CommonMark with tables; what papers do not need (links, code, HTML) is a problem with its line.
Labels of lists are in markdown_lists.py, tables in markdown_tables.py, pictures in pictures.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.superscript import superscript_plugin

from papers import richtext
from papers.characters import EXPECTED_TEXT, TYPE_AGAIN, describe_character, forbidden_character
from papers.inputs.markdown_lists import LEVELS, LISTS, arrange_lists, typed_items
from papers.inputs.markdown_signs import lone_sign, sign_before_sign, sign_in_word
from papers.inputs.markdown_tables import read_table
from papers.inputs.pictures import read_picture
from papers.inputs.section_head import read_head
from papers.inputs.text_files import read_text_file
from papers.problems import Place, Problems
from papers.safety import MAX_SECTION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from markdown_it.token import Token


_HEADINGS = ("Heading 1", "Heading 2", "Heading 3")
_FACT = re.compile(r"\{\{([^{}]*)\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_NOTE = re.compile(r"[\s>*+\-\d.)]*\[\^([^\]\s]+)\]:")
_LEFT_OVER_NOTE = re.compile(r"\[\^[^\]\s]+\]")
# Bullets as Word and web pages have them, those of Word's symbol fonts among them.
_TYPED_BULLET = re.compile("[•◦▪▫‣⁃·●○■□➢➤✓✔❖\ue000-\uf8ff]|o\t")
_TYPED_LETTER, _NUMBER_IN_ITEM = re.compile(r"([a-z])\. "), re.compile(r"\d{1,2}[.)] ")
_TYPED_DASH = re.compile("[–—―−] ")
_MARKS = {"strong": "b", "em": "i", "sup": "^"}
_REFUSED = {
    "fence": "a block of code",
    "code_block": "an indented block of code (lines that start with four spaces)",
    "code_inline": "text between backticks",
    "html_block": "HTML",
    "html_inline": "HTML",
    "hr": "a horizontal rule",
    "link_open": "a link",
}
_INSTEAD = {
    "fence": "Write it as plain text.",
    "code_block": "Delete the spaces at the beginning of the line.",
    "code_inline": "Delete the backticks, or write *italic*.",
    "html_block": "Write it in Markdown, or delete it.",
    "html_inline": "Write it in Markdown, or delete it.",
    "hr": "Delete it, or write a heading.",
    "link_open": "Write the address as text, or in a footnote.",
}
_REFUSED_IN_NOTE = {
    **_REFUSED,
    "bullet_list_open": "a list in a footnote",
    "ordered_list_open": "a list in a footnote",
    "blockquote_open": "a quotation in a footnote",
    "heading_open": "a heading in a footnote",
    "table_open": "a table in a footnote",
}
_EXPECTED = "headings, paragraphs, lists, tables, pictures, quotations, *italic*, **bold**, ^superscript^ and [^footnotes]"
_CONTAINERS = {"table_open": "a table", "heading_open": "a heading", "blockquote_open": "a quotation"}


@dataclass(frozen=True)
class Section:
    """One Markdown file: the runs of its first heading, and the blocks below, each with its line `at`.

    `restated` is whether it puts an endorsed text into other words; `heading_at` is the line of the heading. `keys` are
    those of a text in a YAML file, () of a file of its own.
    """

    file: str
    heading: list
    blocks: list
    restated: bool = False
    heading_at: int = 1
    keys: tuple[str | int, ...] = ()

    @property
    def files(self) -> list[str]:
        """The file itself, and those of its pictures."""
        return [self.file, *(block["picture"]["file"] for block in self.blocks if "picture" in block)]


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.disable(["reference", "lheading"])  # they remove lines from the text without a trace
    footnote_plugin(parser, inline=False)
    superscript_plugin(parser)
    return parser


def read_section(path: Path, name: str, problems: Problems, heading: bool = True) -> Section | None:
    """Return the section in a Markdown file, or None and all its problems.

    `name` is the file as messages name it; `heading` is whether it must begin with one.
    """
    source = read_text_file(path, name, problems, MAX_SECTION)
    if source is None:
        return None
    before = len(problems.found)
    root = path.parents[name.count("/")]
    head, text = read_head(source, name, problems)
    section = _MarkdownReader(name, problems, root=root).section(text, heading)
    return replace(section, restated=head.restated) if len(problems.found) == before else None


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


def read_blocks(source: str, place: Place, problems: Problems) -> list[dict]:
    """Return the blocks of a Markdown text that is part of another file, at `place`; no headings of level 1."""
    if len(source) > MAX_SECTION:
        found, expected = f"a text of {len(source):,} characters", f"at most {MAX_SECTION:,}"
        problems.add(place, "too-large", found, expected, "Shorten it.")
        return []
    reader = _MarkdownReader(place.file, problems, place.line - 1)
    blocks = reader.body(source)
    for block in blocks:
        if block["style"] == "Heading 1":
            todo = "Use ## there; the paper has the title of the item."
            problems.add(place, "second-heading", "a # heading", "headings of a lower level", todo)
    return blocks


class _MarkdownReader:
    """Turns the tokens of one file into blocks; `offset` is added to line numbers.

    Pictures are read from the project's folder `root`; without it there are none.
    """

    def __init__(self, name: str, problems: Problems, offset: int = 0, root: Path | None = None):
        self.name, self.problems, self.offset, self.root = name, problems, offset, root
        self.rows: list[str] = []
        self.notes: list[list] = []
        self.note: int | None = None  # the footnote that is being read
        self.line = 1
        self.written = ""  # the paragraph that is being read, as it is in the file

    def refuse(self, kind: str, found: str, expected: str, todo: str) -> None:
        self.problems.add(Place(self.name, line=self.line + self.offset), kind, found, expected, todo)

    def section(self, source: str, needs_heading: bool) -> Section:
        before = len(self.problems.found)
        blocks = self.body(source)
        if not blocks and len(self.problems.found) > before:
            return Section(self.name, [], [])  # nothing could be read, and that was reported
        if not blocks or blocks[0]["style"] != "Heading 1" or not blocks[0]["line"]:
            if not needs_heading and blocks and not any(one["style"] == "Heading 1" for one in blocks):
                return Section(self.name, [], blocks)
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
        return Section(self.name, blocks[0]["line"], blocks[1:], heading_at=blocks[0]["at"])

    def body(self, source: str) -> list[dict]:
        environment: dict = {}
        prepared, labels = typed_items(source)
        self.rows = source.split("\n")
        tokens = _parser().parse(prepared, environment)
        self._read_notes(tokens, environment, source)
        tokens = list(self._without_notes(tokens))
        arrange_lists(tokens, self.name, labels, self._refuse_at)
        return self._blocks(tokens)

    def _refuse_at(self, line: int, kind: str, found: str, expected: str, todo: str) -> None:
        self.line = line
        self.refuse(kind, found, expected, todo)

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
        table: list[Token] = []  # the tokens of the open table
        for token in tokens:
            self.line = token.map[0] + 1 if token.map else self.line
            if token.type in _REFUSED:
                self._refuse_token(token.type)
            elif table or token.type == "table_open":
                table.append(token)
            elif token.type == "inline":
                blocks.append(self._block(token, around))
            if token.nesting == 1:
                self._check_open(token, around)
                around.append(token)
            elif token.nesting == -1:
                self._check_closed(around.pop())
            if token.type == "table_close":
                blocks.append(self._table(table))
                table = []
        return blocks

    def _table(self, tokens: list[Token]) -> dict:
        at = (tokens[0].map[0] + 1 if tokens[0].map else self.line) + self.offset
        return {**read_table(tokens, self.rows, self._runs, self._refuse_at), "at": at}

    def _block(self, token: Token, around: list[Token]) -> dict:
        at = self.line + self.offset
        items = [outer for outer in around if outer.type == "list_item_open"]
        self._check_typed_bullets(token)
        self._check_typed_labels(token, bool(items))
        if items:
            items[-1].meta["paragraphs"] += 1
            if items[-1].meta["paragraphs"] == 2:
                found, expected = "a second paragraph in an item of a list", "one paragraph in an item"
                self.refuse("list-paragraph", found, expected, "Join the two, or make it an item of its own.")
        style = self._style(around)
        picture = self._picture(token) if style == richtext.BODY else None
        if picture is not None:
            return {**picture, "at": at}
        place = items[-1].meta if items and style not in _HEADINGS else {}
        block = richtext.block(style, {"line": self._runs(token)}, place.get("start", False))
        numbered = {"item": place["list"]} if place.get("list") else {}
        return {**block, **numbered, "at": at}

    def _check_typed_labels(self, token: Token, in_item: bool) -> None:
        """Report lines that begin with a., b., or in an item with a number: they would run on in the paragraph."""
        first, lines = self.line, token.content.split("\n")
        letters = [match[1] if (match := _TYPED_LETTER.match(line)) else "" for line in lines]
        for self.line, (line, before, letter) in enumerate(
            zip(lines[1:], letters, letters[1:], strict=False), first + 1
        ):
            if before and letter and ord(letter) == ord(before) + 1:
                found, expected = (
                    f'lines that begin with "{before}." and "{letter}."',
                    "a) or (a) before an item",
                )
                self.refuse("typed-label", found, expected, f'Write "{before})" and "{letter})".')
            elif in_item and (match := _NUMBER_IN_ITEM.match(line)):
                todo = "Begin it at the margin of the items above, or put an empty line before it."
                found = f'a line within an item that begins with "{match[0].strip()}"'
                self.refuse("typed-label", found, "an item of the list", todo)
        self.line = first

    def _picture(self, token: Token) -> richtext.BlockData | None:
        """Return the picture that stands alone in a paragraph, with its title as caption; None for other paragraphs."""
        children = [child for child in token.children or [] if child.content.strip() or child.type == "image"]
        if self.root is None or len(children) != 1 or children[0].type != "image":
            return None
        (image,) = children
        caption: list = []
        for text in (image.content, str(image.attrs.get("title", ""))):
            caption = []
            self._text_and_facts(caption, text, [])  # reports signs that deceive
        if not image.content.strip():
            found, todo = (
                "a picture without alternative text",
                "Say in words what it shows: ![Words](figures/x.png).",
            )
            self.refuse("no-alternative-text", found, "its alternative text, in the square brackets", todo)
        if _BRACES.search(image.content):
            found, todo = (
                "a fact in an alternative text",
                "Write the words themselves there; a title may have facts.",
            )
            self.refuse("broken-fact", found, "plain words", todo)
        place = Place(self.name, line=self.line + self.offset)
        name = unquote(str(image.attrs["src"]))
        alt = " ".join(image.content.split())
        data = read_picture(self.root, self.name, name, alt, place, self.problems)
        block = richtext.block(richtext.PICTURE, {"line": caption})
        return {**block, "picture": data} if data else block

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
        items = [token for token in around if token.type == "list_item_open"]
        if headings:
            return f"Heading {headings[0].tag[1]}"
        if items:
            return items[-1].meta["style"]
        return richtext.QUOTE if any(token.type == "blockquote_open" for token in around) else richtext.BODY

    def _check_open(self, token: Token, around: list[Token]) -> None:
        """Report what no style can set: lists too deep, or one block within another."""
        lists = [outer for outer in around if outer.type in LISTS]
        quoted = any(outer.type == "blockquote_open" for outer in around)
        if token.type in LISTS and len(lists) == LEVELS:
            todo = "Put its items into the list around it."
            self.refuse("list-depth", "a list within a list too deep", f"lists of {LEVELS} levels", todo)
        if token.type == "heading_open" and token.tag > "h3":
            found = f"a heading of level {token.tag[1]}"
            self.refuse("heading-depth", found, "level 1 to 3", "Use ## or ###.")
        outside = "a list" if lists else "a quotation" if quoted else ""
        inside = _CONTAINERS.get(token.type, "")
        inside = "a list" if token.type in LISTS and not lists else inside
        if inside and outside:
            self.refuse("nesting", f"{inside} within {outside}", _EXPECTED, f"Move it out of {outside}.")

    def _check_closed(self, token: Token) -> None:
        if token.type == "list_item_open" and not token.meta["paragraphs"]:
            self.line = token.map[0] + 1
            todo = "Write it, or delete the sign of the item."
            self.refuse("empty-item", "an item without text", "text after the sign of the item", todo)

    def _refuse_token(self, kind: str) -> None:
        self.refuse(
            "markdown", _REFUSED_IN_NOTE[kind], _EXPECTED, _INSTEAD.get(kind, "Move it out of the footnote.")
        )

    def _runs(self, inline: Token) -> list:
        self.line = inline.map[0] + 1 if inline.map else self.line
        self.written = inline.content
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
            elif token.type == "image":
                self._refuse_picture()
            elif token.type == "footnote_ref":
                runs += self._reference(token)
            elif token.type in ("softbreak", "hardbreak"):
                self.line += 1
                self._add_text(runs, " " if token.type == "softbreak" else "\n", marks)
            elif token.content and token.type == "text":
                self._text_and_facts(runs, token.content, marks)
        return runs

    def _refuse_picture(self) -> None:
        found, expected = "a picture among other text", "a picture in a paragraph of its own"
        todo = "Put it on a line of its own, with an empty line before and after it."
        if self.root is None:
            expected, todo = "text without pictures", "Move it to a section in Markdown."
        self.refuse("picture-in-text", found, expected, todo)

    def _check_within_word(self, opening: Token, runs: list) -> None:
        before = runs[-1][0] if runs and isinstance(runs[-1], list) else ""
        if wrong := sign_before_sign(opening.markup, before, self.written):
            self.refuse("unclosed-emphasis", *wrong)
        elif wrong := sign_in_word(opening.markup, before):
            self.refuse("sign-in-word", *wrong)

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
        if wrong := lone_sign(content, self.written):
            self.refuse("unclosed-emphasis", *wrong)
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
