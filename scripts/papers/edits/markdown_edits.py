"""Write edited paragraphs into a Markdown file: what did not change stays as it is written, line ends included."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import count, groupby
from typing import TYPE_CHECKING, Any

from papers import richtext
from papers.edits.edited_runs import NotMapped, joined
from papers.edits.pairing import opcodes
from papers.edits.word_copy import tidy
from papers.inputs.markdown import read_blocks
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from papers.inputs.markdown import Section

HEADING = -1  # the number of the block that is the heading of a file
_SIGNS = {"b": "**", "i": "*", "^": "^"}
_HEADING_STYLE = "heading 1"  # as Word names it
_PREFIXES = {
    richtext.BULLET: "- ",
    richtext.BULLET_2: "  - ",
    richtext.NUMBER: "1. ",
    richtext.ROMAN: "I. ",
    richtext.QUOTE: "> ",
    richtext.HEADING_2: "## ",
    richtext.HEADING_3: "### ",
}
_PREFIX = re.compile(r"\s*(?:[-*+>]|#+|\(?\w{1,9}[.)]|\d+(?:\.\d+)+)\s+")
_TOKEN = re.compile(r"\{\{[^{}]*\}\}|\[\^[^\]\s]+\]|\s+|(?:(?!\{\{|\[\^)\S)+")
_NOTE = re.compile(r"\[\^([^\]\s]+)\]")
_FACT = re.compile(r"\{\{([^{}]*)\}\}")
_ROMANS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split()  # noqa: SIM905
_ITEM = re.compile(r"(\s*\(?)(\d+|[IVX]+|[a-z])([.)] .*)", re.DOTALL)


@dataclass(frozen=True)
class BlockEdit:
    """The new text of a block: runs as `runs_for_source` gives them; its style, None for as before."""

    runs: list[Any]
    style: str | None = None


def edited_markdown(source: str, section: Section, edits: Mapping[tuple[Any, ...], BlockEdit | None]) -> str:
    """Return a Markdown file with edits by (block, 0), None to delete it; by (block, 1...) what comes behind it.

    By (block, row, column) they are those of a cell of a table. `section` is what was read from the file.
    Raise NotMapped where Markdown can't hold a text.
    """
    file = _MarkdownFile(source, section)
    for number in sorted({key[0] for key in edits}, reverse=True):
        for key in sorted((key for key in edits if key[0] == number), reverse=True):
            file.edit(key, edits[key])
    return file.text()


class _MarkdownFile:
    def __init__(self, source: str, section: Section):
        self.lines = source.rstrip("\n").split("\n")
        self.blocks = {HEADING: (_HEADING_STYLE, section.heading_at)} if section.heading else {}
        self.blocks |= {number: (block["style"], block["at"]) for number, block in enumerate(section.blocks)}
        self.names = (f"note-{number}" for number in count(1) if f"[^note-{number}]" not in source)
        self.notes: dict[str, str | None] = {}  # label -> its new text, None to delete it
        self.renumber = False

    def edit(self, key: tuple[Any, ...], edit: BlockEdit | None) -> None:
        if (
            key[0] not in self.blocks and edit
        ):  # a new paragraph above the first one of a text without heading
            first = self.blocks[0][1] - 1
            self.lines[first:first] = [*self._block("", richtext.BODY, edit).split("\n"), ""]
            return
        style, at = self.blocks[key[0]]
        start, end = at - 1, self._end(at)
        own = "\n".join(self.lines[start:end])
        if len(key) == 3:
            self._edit_cell(start, key[1], key[2], edit)
        elif edit is None:
            self._delete(start, end, own)
        elif key[1] == 0:
            self.lines[start:end] = self._block(own, style, edit).split("\n")
        else:
            self._insert(end, own, style, edit)

    def _end(self, at: int) -> int:
        """Return the position behind the last line of the block that begins at a line."""
        starts, end = {line for _, line in self.blocks.values()}, at
        while end < len(self.lines) and self.lines[end].strip(" >") and end + 1 not in starts:
            if _NOTE.match(self.lines[end]):
                break
            end += 1
        return end

    def _delete(self, start: int, end: int, own: str) -> None:
        self.notes |= dict.fromkeys(_NOTE.findall(own))
        between = self.lines[start - 1 : start] == [""] and self.lines[end : end + 1] in ([""], [])
        del self.lines[start - between : end]
        self._pass_label_on(own, start - between)
        self.renumber = True

    def _pass_label_on(self, own: str, at: int) -> None:
        """Give the label of a deleted item to the next one of its list."""
        deleted = _ITEM.fullmatch(own)
        for number in range(at, len(self.lines)) if deleted else ():
            line = self.lines[number]
            item = _ITEM.fullmatch(line)
            if deleted and item and (item[1], item[3][0]) == (deleted[1], deleted[3][0]):
                self.lines[number] = f"{item[1]}{deleted[2]}{item[3]}"
                return
            if line.strip() and not line.startswith(" "):
                return

    def _insert(self, end: int, own: str, style: str, edit: BlockEdit) -> None:
        wanted = edit.style or richtext.BODY
        is_list = wanted.startswith("List")
        if is_list and wanted == style and (prefix := _PREFIX.match(own)):
            new = self._block(prefix[0], style, BlockEdit(edit.runs))
        else:
            new = self._block("", richtext.BODY, edit)
        loose = self.lines[end : end + 1] == [""] and self._is_loose(own)
        gap = [] if is_list and wanted == style and not loose else [""]
        self.lines[end:end] = [*gap, *new.split("\n")]
        after = self.lines[end + len(gap) + 1 : end + len(gap) + 2]
        if gap and after not in ([""], []):
            self.lines.insert(end + len(gap) + 1, "")
        self.renumber = True

    def _is_loose(self, own: str) -> bool:
        """Return whether empty lines stand between the items of the list of this one."""
        prefix = _PREFIX.match(own)
        indent = len(own) - len(own.lstrip())
        items = [
            at
            for at, line in enumerate(self.lines)
            if _PREFIX.match(line) and len(line) - len(line.lstrip()) == indent
        ]
        gaps = [self.lines[at - 1] == "" for at in items[1:]]
        return bool(prefix and gaps) and all(gaps)

    # The text of a block

    def _block(self, own: str, style: str, edit: BlockEdit) -> str:
        has_prefix = style in (*_PREFIXES, _HEADING_STYLE) or style.startswith("List")
        found = _PREFIX.match(own) if has_prefix else None
        before = found[0] if found else ""
        prefix = _PREFIXES.get(edit.style, "") if edit.style and edit.style != style else before
        labels = _NOTE.findall(own)
        names = self._labels(labels, edit.runs)
        old = own[len(before) :] if style != richtext.QUOTE else ""
        return prefix + inline_for(
            old, edit.runs, names, (edit.style or style).casefold().startswith("heading")
        )

    def _labels(self, labels: list[str], runs: list[Any]) -> list[str]:
        """Return the labels of the footnotes of runs; note what becomes of their texts."""
        notes = [run for run in runs if isinstance(run, dict) and "note" in run]
        names = [next(self.names) if run["n"] is None else labels[run["n"]] for run in notes]
        self.notes |= dict.fromkeys(label for label in labels if label not in names)
        for name, run in zip(names, notes, strict=True):
            self.notes[name] = inline_for(self._definition(name), run["note"])
        return names

    def _definition(self, label: str) -> str:
        found = _definition(label).search("\n".join([*self.lines, ""]))
        return found[1].rstrip("\n") if found else ""

    def _edit_cell(self, start: int, row: int, column: int, edit: BlockEdit | None) -> None:
        at = start + row + (row > 0)  # the line of dashes is behind the header row
        line = self.lines[at]
        bars = [match.start() for match in re.finditer(r"(?<!\\)\|", line)]
        edges = bars if line.strip().startswith("|") else [-1, *bars]
        edges = edges if line.strip().endswith("|") else [*edges, len(line)]
        first, last = edges[column] + 1, edges[column + 1]
        old = line[first:last]
        runs = edit.runs if edit else []
        new = inline_for(old.strip(), runs, self._labels(_NOTE.findall(old), runs))
        new = re.sub(r"(?<!\\)\|", r"\\|", new)
        self.lines[at] = f"{line[:first]} {new} {line[last:]}"

    # The file

    def text(self) -> str:
        lines = _renumbered(self.lines) if self.renumber else self.lines
        text = "\n".join([*lines, ""])
        for label, note in self.notes.items():
            new = "" if note is None else f"[^{label}]: {note}\n"
            definition = _definition(label)
            if definition.search(text):
                text = definition.sub(new.replace("\\", r"\\"), text)
            elif new:
                text += ("" if "\n[^" in text else "\n") + new
        return text.rstrip("\n") + "\n"


def _definition(label: str) -> re.Pattern[str]:
    return re.compile(rf"^\[\^{re.escape(label)}\]: ?(.*\n(?:(?!\[\^|\n).+\n)*)", re.MULTILINE)


def _renumbered(lines: list[str]) -> list[str]:
    """Return lines with the items of each numbered list in order; a list whose items all begin with 1. stays."""
    made = list(lines)
    for items in _numbered_lists(lines):
        labels = [item[2] for _, item in items]
        first = _number_of(labels[0])
        if first == 0 or (len(labels) > 1 and set(labels) == {"1"}):
            continue
        for number, (at, item) in enumerate(items, first):
            made[at] = f"{item[1]}{_label(labels[0], number) or item[2]}{item[3]}"
    return made


def _numbered_lists(lines: list[str]) -> list[list[tuple[int, re.Match[str]]]]:
    """Return the items of each numbered list, with their lines; a line of text at the margin ends lists."""
    lists: list[list[tuple[int, re.Match[str]]]] = []
    open_: dict[tuple[str, str], list[tuple[int, re.Match[str]]]] = {}
    for at, line in enumerate(lines):
        item = _ITEM.fullmatch(line)
        if item:
            key = item[1], item[3][0]
            if key not in open_:
                open_[key] = []
                lists.append(open_[key])
            open_[key].append((at, item))
        elif line.strip() and not line.startswith(" "):
            open_ = {}
    return lists


def _number_of(label: str) -> int:
    """Return the number that a label stands for; 0 for one that is not known."""
    if label.isdecimal():
        return int(label)
    if label.isupper():
        return _ROMANS.index(label) + 1 if label in _ROMANS else 0
    return ord(label) - ord("a") + 1 if label not in "ivx" else 0


def _label(first: str, number: int) -> str:
    """Return the label of an item of the list whose first label is given; "" beyond what can be numbered."""
    if first.isdecimal():
        return str(number)
    if first.isupper():
        return _ROMANS[number - 1] if number <= len(_ROMANS) else ""
    return chr(ord("a") + number - 1) if number <= 26 else ""


# Inline text


def inline_for(old: str, runs: list[Any], labels: Sequence[str] = (), heading: bool = False) -> str:
    """Return runs as Markdown; words that stand in `old` too stay as they are written there.

    Raise NotMapped if no way of writing is read as these runs.
    """
    spelled = {match[1].strip(): match[0] for match in _FACT.finditer(old)}
    plain = _inline(runs, labels, spelled)
    safe = _inline(_guarded(runs), labels, spelled)
    wanted = _shape(runs, labels)
    problem = ""
    for text in (_kept(old, plain), _kept(old, safe), plain, safe):
        found, said = _read(text, labels, heading)
        if found == wanted:
            return text
        problem = problem or said
    raise NotMapped(problem or "Markdown can't hold text in this format: edit it in its file")


def _inline(runs: list[Any], labels: Sequence[str], spelled: dict[str, str]) -> str:
    made, names = "", iter(labels)
    for marks, group in groupby(runs, lambda run: run[1] if isinstance(run, list) else run.get("marks", "")):
        signs = [_SIGNS[mark] for mark in marks]
        words = ""
        for run in group:
            if isinstance(run, list):
                words += run[0]
            elif "fact" in run:
                words += spelled.get(run["fact"], f"{{{{ {run['fact']} }}}}")
            else:
                words += f"[^{next(names)}]"
        made += "".join([*signs, words, *signs[::-1]])
    return made.replace("\n", "\\\n")


def _guarded(runs: list[Any]) -> list[Any]:
    """Return runs with a backslash before signs that mean something in Markdown."""
    made = []
    for at, run in enumerate(runs):
        if not isinstance(run, list):
            made.append(run)
            continue
        text = re.sub(r"[\\`*_\[\]<^]|&(?=[#\w]+;)", r"\\\g<0>", run[0])
        if at == 0 and not run[1]:
            text = re.sub(r"^[#+>-]", r"\\\g<0>", text)
            text = re.sub(r"^(\(?\w{1,9})([.)])(?=\s)", r"\1\\\2", text)
        made.append([text, run[1]])
    return made


def _kept(old: str, new: str) -> str:
    """Return a new text with the words that it shares with the old one as these are written there."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    made = ""
    for kind, start, end, start2, end2 in opcodes(
        [_meaning(t) for t in before], [_meaning(t) for t in after]
    ):
        made += "".join(before[start:end] if kind == "equal" else after[start2:end2])
    return made


def _meaning(token: str) -> str:
    """Return what a word says, however it is escaped; any white space is a space."""
    if not token.strip():
        return " "
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", token)).replace("_", "*")


def _read(text: str, labels: Sequence[str], heading: bool) -> tuple[list[Any] | None, str]:
    """Return the shape of the runs that a text is read as, with what is wrong with it."""
    problems = Problems()
    text, style = (f"## {text}", richtext.HEADING_2) if heading else (text, richtext.BODY)
    notes = "".join(f"\n\n[^{label}]: note" for label in labels)
    blocks = read_blocks(text + notes, Place("", line=1), problems)
    if problems:
        return None, f"found {problems.found[0].found}; expected {problems.found[0].expected}"
    if len(blocks) != 1 or blocks[0]["style"] != style:
        return None, ""
    return _shape(blocks[0]["line"], labels), ""


def _shape(runs: list[Any], labels: Sequence[str]) -> list[Any]:
    """Return runs in a form that can be compared; of footnotes only that they are there."""
    plain: list[Any] = [run if isinstance(run, list) or "fact" in run else {"note": []} for run in runs]
    return [
        tuple(run) if isinstance(run, list) else (run.get("fact", ""), run.get("marks", ""), len(labels))
        for run in joined(tidy(plain))
    ]
