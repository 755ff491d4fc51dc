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

from papers import text
from papers.problems import Place, Problems
from papers.reading.characters import forbidden

_FACT = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_ROMAN_ITEM = re.compile(r"^(\s*)([IVX]+)\. ")
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
_WANTED = "headings, paragraphs, lists, quotations, *italic*, **bold**, ^raised^ text and [^footnotes]"


@dataclass(frozen=True)
class Section:
    """One Markdown file: the runs of its first heading and the blocks below; each block has its line `at`."""

    file: str
    heading: list
    blocks: list


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    footnote_plugin(parser, inline=False)
    superscript_plugin(parser)
    return parser


def read_section(path: Path, name: str, problems: Problems) -> Section | None:
    """The section in a Markdown file, or None and its problems. `name` is the file's name as people are told it."""
    try:
        source = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        problems.add(
            Place(name),
            "unreadable",
            "no readable text file",
            "a Markdown file in UTF-8",
            "Add the file, or correct its name where it is listed.",
        )
        return None
    before = len(problems.found)
    section = _Reader(name, problems).section(source)
    return section if len(problems.found) == before else None


def read_paragraph(source: str, place: Place, problems: Problems) -> list:
    """The runs of one paragraph of Markdown that stands in another file, at `place`."""
    reader = _Reader(place.file, problems, place.line - 1)
    paragraphs = reader.body(source)
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
        self.line = 1

    def refuse(self, kind: str, found: str, wanted: str, todo: str) -> None:
        self.problems.add(Place(self.name, line=self.line + self.offset), kind, found, wanted, todo)

    def section(self, source: str) -> Section:
        blocks = self.body(source)
        if not blocks or blocks[0]["style"] != "Heading 1":
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
        if bad := forbidden(source):
            self.line = source[: bad.start()].count("\n") + 1
            self.refuse(
                "forbidden-character",
                f"the character U+{ord(bad[0]):04X}",
                "text that Word can hold",
                "Delete that invisible character.",
            )
            return []
        environment: dict = {}
        tokens = _parser().parse(self._romans_as_brackets(source), environment)
        self._read_notes(tokens, environment, source)
        return self._blocks([t for t in self._without_notes(tokens)])

    def _romans_as_brackets(self, source: str) -> str:
        """Markdown has no roman lists: `I. ` becomes `1) `, which is kept free for that."""
        lines, running, paragraph = [], 0, False
        for self.line, row in enumerate(source.split("\n"), 1):
            match = _ROMAN_ITEM.match(row)
            if re.match(r"\s*\d+\) ", row):
                self.refuse(
                    "list-bracket",
                    f'"{row.split()[0]}"',
                    "1. or I. before an item",
                    "Write 1. or I. instead.",
                )
            if match and (running or not paragraph):
                running += 1
                if running > len(_ROMANS) or match[2] != _ROMANS[running - 1]:
                    wanted = _ROMANS[running - 1] if running <= len(_ROMANS) else "at most XX"
                    self.refuse(
                        "roman-order",
                        f'"{match[2]}."',
                        f'"{wanted}."',
                        "Number the list I., II., III. in order.",
                    )
                row = _ROMAN_ITEM.sub(rf"\g<1>{running}) ", row)
            elif row.strip() and not row.startswith(" "):
                running = 0
            paragraph = bool(row.strip())
            lines.append(row)
        return "\n".join(lines)

    def _read_notes(self, tokens: list[Token], environment: dict, source: str) -> None:
        footnotes = environment.get("footnotes", {})
        self._refuse_unused(footnotes.get("refs", {}), source)
        self.notes = [[] for _ in footnotes.get("list", {})]
        current = None
        for token in tokens:
            if token.type == "footnote_open":
                current = token.meta["id"]
            elif token.type == "footnote_close":
                current = None
            elif token.type == "inline" and current is not None:
                gap = [["\n", ""]] if self.notes[current] else []
                self.notes[current] += gap + self._runs(token)

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
        around: list[Token] = []  # the open lists, items, quotations and headings
        fresh: dict[int, bool] = {}  # depth of list -> its next item is the first
        for token in tokens:
            self.line = token.map[0] + 1 if token.map else self.line
            if token.type in _REFUSED:
                self._refuse_token(token.type)
            elif token.type == "inline":
                style = self._style(around)
                lists = sum(t.type.endswith("list_open") for t in around)
                start = style in text.ORDERED and fresh.pop(lists, False)
                at = self.line + self.offset
                blocks.append({**text.block(style, {"line": self._runs(token)}, start), "at": at})
            elif token.nesting == 1:
                around.append(token)
                if token.type == "ordered_list_open":
                    fresh[sum(t.type.endswith("list_open") for t in around)] = True
            elif token.nesting == -1:
                around.pop()
        return blocks

    def _style(self, around: list[Token]) -> str:
        names = [token.type for token in around]
        lists = [token for token in around if token.type.endswith("list_open")]
        if "heading_open" in names:
            level = int(around[names.index("heading_open")].tag[1])
            if level > 3:
                self.refuse("heading-depth", f"a heading of level {level}", "level 1 to 3", "Use ## or ###.")
            return f"Heading {level}"
        if len(lists) > 2 or (len(lists) == 2 and any(t.type == "ordered_list_open" for t in lists[1:])):
            self.refuse(
                "list-depth",
                "a list too deep to set",
                "bullets of two levels, or one numbered level",
                "Flatten it.",
            )
        if lists:
            if lists[0].type == "ordered_list_open" and len(lists) == 1:
                return text.ROMAN if lists[0].markup == ")" else text.NUMBER
            return (text.BULLET, text.BULLET_2)[min(len(lists), 2) - 1]
        return text.QUOTE if "blockquote_open" in names else text.BODY

    def _refuse_token(self, kind: str) -> None:
        found = _REFUSED[kind]
        self.refuse("markdown", found, _WANTED, "Write it as plain text, or take it out.")

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
            self._add_text(runs, content[at : fact.start()], marks)
            runs.append({"fact": fact[1], "marks": "".join(marks), "at": self.line + self.offset})
            at = fact.end()
        self._add_text(runs, content[at:], marks)

    @staticmethod
    def _add_text(runs: list, content: str, marks: list[str]) -> None:
        written = "".join(sorted(set(marks)))
        if content and runs and isinstance(runs[-1], list) and runs[-1][1] == written:
            runs[-1] = [runs[-1][0] + content, written]
        elif content:
            runs.append([content, written])
