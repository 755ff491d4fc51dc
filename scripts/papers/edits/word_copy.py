"""Read a Word file as paragraphs of runs, as an edited copy of a paper and the paper itself are compared.

Tables of contents are left out.

Tracked changes are read as accepted or as rejected. Runs that Word or LibreOffice split are joined again, so that two
files that say the same in the same format have the same paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from papers import richtext
from papers.docx.package import Package, PackageError
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from papers.richtext import Run

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBER = "{http://purl.org/dc/elements/1.1/}subject"
_TRACKED = ("ins", "del", "moveFrom", "moveTo")
_SIGNS = {"tab": "\t", "cr": "\n", "br": "\n", "noBreakHyphen": "\u2011", "softHyphen": ""}
_WITHIN = (*_TRACKED, "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple")
_MARKS = (("b", "b", "strong"), ("i", "i", "emphasis"))  # mark, element of Word, style of characters
_PLAIN_STYLES = ("normal", "list paragraph", "body text", "text body")
_NAMED = {name.casefold(): name for name in richtext.STYLES} | {"normal": richtext.BODY}
_LONGEST_HEADING = 50
_CONTENTS = (
    "toc ",
    "contents ",
)  # how the styles of a table of contents begin: its lines follow from the headings
_COVER = "cover"  # begins the names of the styles of covers
NOTE = "\ufffc"  # stands for a footnote in a plain text


@dataclass(frozen=True, eq=False)
class CopyParagraph:
    """A paragraph with words: its runs, and its style as richtext names it, or in small letters.

    `cell` is (table, row, column), `where` the place in words, `tracked_by` who made tracked changes in it.
    """

    runs: list[Run]
    style: str
    cell: tuple[int, int, int] | None
    where: str
    tracked_by: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return flat(self.runs)


@dataclass
class WordCopy:
    """A Word file: the document number in its properties, its paragraphs, comments (place, words) and margins.

    The margins are the texts of headers and footers.
    """

    number: str = ""
    paragraphs: list[CopyParagraph] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)


def is_text(run: Run) -> bool:
    """Return whether a run is text: neither a footnote nor a figure by name."""
    return isinstance(run, list)


def flat(runs: Iterable[Run]) -> str:
    """Return the text of runs with one sign for each footnote."""
    return "".join(run[0] if isinstance(run, list) else NOTE for run in runs)


def notes_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Return the runs of each footnote."""
    return [run["note"] for run in runs if not isinstance(run, list) and "note" in run]


def tidy(runs: Iterable[Run]) -> list[Run]:
    """Return runs joined where their marks are equal; without spaces at both ends, and marks on spaces."""
    made: list[Run] = []
    for run in _joined(runs):
        if not isinstance(run, list):
            made.append(run)
            continue
        inner = run[0].strip()
        at = run[0].find(inner) if inner else len(run[0])
        parts = ((run[0][:at], ""), (inner, run[1]), (run[0][at + len(inner) :], ""))
        made += [[text, marks] for text, marks in parts if text]
    made = _joined(made)
    if made and isinstance(made[0], list):
        made[0] = [made[0][0].lstrip(), made[0][1]]
    if made and isinstance(made[-1], list):
        made[-1] = [made[-1][0].rstrip(), made[-1][1]]
    return [run for run in made if not isinstance(run, list) or run[0]]


def _in_one_line(runs: list[Run]) -> list[Run]:
    """Return runs of a cover, on which the program decides where lines end, with plain spaces."""
    return [[re.sub("[\u00a0\n]", " ", run[0]), run[1]] if isinstance(run, list) else run for run in runs]


def _joined(runs: Iterable[Run]) -> list[Run]:
    made: list[Run] = []
    for run in runs:
        last = made[-1] if made else None
        if isinstance(run, list) and isinstance(last, list) and last[1] == run[1]:
            made[-1] = [last[0] + run[0], run[1]]
        else:
            made.append(list(run) if isinstance(run, list) else run)
    return made


def read_copy(data: bytes, accept: bool = True) -> WordCopy:
    """Return the paragraphs of a Word file with its tracked changes accepted, or else rejected.

    Raise PackageError if it can't be read.
    """
    package = Package.read(data).as_transitional()
    if package.main not in package.parts:
        raise PackageError("a file without a document of Word")
    return _CopyReader(package, accept).read()


class _CopyReader:
    def __init__(self, package: Package, accept: bool):
        self.package, self.accept = package, accept
        self.gone = ("del", "moveFrom") if accept else ("ins", "moveTo")
        self.styles = {
            style.get(f"{_W}styleId"): _value(style, "name").casefold() for style in self._part("styles")
        }
        self.notes = {note.get(f"{_W}id"): note for note in self._part("footnotes")}
        self.said = {
            comment.get(f"{_W}id"): f"{comment.get(f'{_W}author', '')}: {_words(comment)}"
            for comment in self._part("comments")
        }
        self.lists = self._formats_of_lists()
        self.copy = WordCopy(self._number())
        self.by: dict[str, None] = {}  # who tracked changes in the paragraph that is being read
        self.comments: list[str] = []  # those of the paragraph that is being read

    def _part(self, kind: str) -> Any:
        name = self.package.related(kind)
        return self.package.xml(name) if name else ()

    def _number(self) -> str:
        name = next((r.target for r in self.package.relations("") if r.kind == "core-properties"), "")
        if name not in self.package.parts:
            return ""
        return (self.package.xml(name).findtext(_NUMBER) or "").strip()

    def _formats_of_lists(self) -> dict[str | None, dict[str | None, str]]:
        """Return number of a list -> its level -> the format of its numbers."""
        part, formats, found = list(self._part("numbering")), {}, {}
        for one in part:
            levels = {level.get(f"{_W}ilvl"): _value(level, "numFmt") for level in one.iter(f"{_W}lvl")}
            formats[one.get(f"{_W}abstractNumId")] = levels
        for one in part:
            if one.tag == f"{_W}num":
                found[one.get(f"{_W}numId")] = formats.get(_value(one, "abstractNumId"), {})
        return found

    # The text

    def read(self) -> WordCopy:
        body = self.package.xml(self.package.main)
        rows = {
            row: (number, at)
            for number, table in enumerate(body.iter(f"{_W}tbl"), 1)
            for at, row in enumerate(table.iter(f"{_W}tr"), 1)
        }
        carried: list[Run] = []  # of a paragraph whose end was deleted: it goes on in the next one
        heading = ""
        for element in body.iter(f"{_W}p"):
            around = {_local(outer): outer for outer in reversed(list(element.iterancestors()))}
            row = around.get("tr")
            is_gone = row is not None and any(
                row.find(f"{_W}trPr/{_W}{tag}") is not None for tag in self.gone
            )
            if is_gone or {"txbxContent", "Fallback"} & around.keys():
                continue
            if not carried:
                self.by, self.comments = {}, []
            runs = [*carried, *self._runs(element)]
            goes_on = any(element.find(f"{_W}pPr/{_W}rPr/{_W}{tag}") is not None for tag in self.gone)
            carried = runs if goes_on else []
            own, style = [] if goes_on else tidy(runs), self._style(element.find(f"{_W}pPr"))
            own = _in_one_line(own) if style.startswith(_COVER) else own
            if own and not style.startswith(_CONTENTS):
                cell = None if row is None else (*rows[row], _column(row, around["tc"]))
                heading = self._add(own, element, cell, heading)
        self.copy.margins = self._margins()
        return self.copy

    def _add(self, runs: list[Run], element: Any, cell: tuple[int, int, int] | None, heading: str) -> str:
        """Add a paragraph and its comments; return the heading that it is, or is under."""
        style = self._style(element.find(f"{_W}pPr"))
        heading = flat(runs) if style.casefold().startswith(("heading", "title")) and not cell else heading
        under = f"under {quoted(_short(heading), 200)}" if heading else "before the first heading"
        where = "table {}, row {}, column {}".format(*cell) if cell else under
        self.copy.paragraphs.append(CopyParagraph(runs, style, cell, where, tuple(self.by)))
        self.copy.comments += [(where, said) for said in self.comments]
        return heading

    def _margins(self) -> list[str]:
        """Return the texts of headers and footers, each once."""
        found: dict[str, None] = {}
        for relation in self.package.relations(self.package.main):
            if relation.kind in ("header", "footer") and relation.target in self.package.parts:
                for paragraph in self.package.xml(relation.target).iter(f"{_W}p"):
                    found |= dict.fromkeys(filter(None, [" ".join(flat(self._runs(paragraph)).split())]))
        return list(found)

    def _style(self, properties: Any) -> str:
        style = self.styles.get(_value(properties, "pStyle"), "normal")
        number = None if properties is None else properties.find(f"{_W}numPr")
        level = _value(number, "ilvl") or "0"
        made_by = self.lists.get(_value(number, "numId"), {}).get(level)
        if made_by and style in _PLAIN_STYLES:  # made with the buttons of Word
            if "Roman" in made_by:
                return richtext.ROMAN
            if made_by != "bullet":
                return richtext.NUMBER
            return richtext.BULLET if level == "0" else richtext.BULLET_2
        return _NAMED.get(style, style)

    # Runs

    def _runs(self, parent: Any) -> Iterator[Run]:
        for element in parent.iterchildren("{*}*"):
            tag = _local(element)
            if tag in _TRACKED:
                self.by[element.get(f"{_W}author", "")] = None
            if tag in ("t", "delText"):
                yield [element.text or "", self._marks(parent.find(f"{_W}rPr"))]
            elif tag in _SIGNS and _local(parent) == "r":
                is_page = tag == "br" and element.get(f"{_W}type") not in (None, "textWrapping")
                yield ["" if is_page else _SIGNS[tag], self._marks(parent.find(f"{_W}rPr"))]
            elif tag == "footnoteReference":
                yield {"note": self._note(element.get(f"{_W}id"))}
            elif tag == "commentReference":
                self.comments.append(self.said.get(element.get(f"{_W}id"), ""))
            elif tag == "r" or (tag in _WITHIN and tag not in self.gone):
                yield from self._runs(element)

    def _note(self, number: str | None) -> list[Run]:
        runs: list[Run] = []
        for at, paragraph in enumerate(self.notes.get(number, ())):
            runs += [["\n", ""]] if at else []
            runs += self._runs(paragraph)
        return tidy(runs)

    def _marks(self, properties: Any) -> str:
        before = None if properties is None or self.accept else properties.find(f"{_W}rPrChange/{_W}rPr")
        properties = properties if before is None else before
        named = self.styles.get(_value(properties, "rStyle"), "")
        marks = [mark for mark, tag, style in _MARKS if _is_on(properties, tag) or named == style]
        raised = _value(properties, "vertAlign") == "superscript"
        return "".join(["^"] * raised + marks)


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _value(parent: Any, tag: str, bare: str = "") -> str:
    child = None if parent is None else parent.find(f"{_W}{tag}")
    return "" if child is None else str(child.get(f"{_W}val", bare))


def _is_on(properties: Any, tag: str) -> bool:
    return _value(properties, tag, "1") not in ("", "0", "false", "off")


def _words(element: Any) -> str:
    paragraphs = (
        "".join(text.text or "" for text in paragraph.iter(f"{_W}t")) for paragraph in element.iter(f"{_W}p")
    )
    return " ".join(" ".join(paragraphs).split())


def _column(row: Any, cell: Any) -> int:
    return list(row.iter(f"{_W}tc")).index(cell) + 1


def _short(heading: str) -> str:
    """Return a heading of at most fifty characters, not cut within a word."""
    if len(heading) <= _LONGEST_HEADING:
        return heading
    return f"{heading[:_LONGEST_HEADING].rpartition(' ')[0] or heading[:_LONGEST_HEADING]}…"


def units_of(paragraphs: Iterable[CopyParagraph]) -> Iterator[list[CopyParagraph]]:
    """Yield the paragraphs as units: each alone, or all of one row of a table."""
    for _, unit in groupby(paragraphs, lambda one: one.cell[:2] if one.cell else id(one)):
        yield list(unit)


def same(old: CopyParagraph, new: CopyParagraph) -> bool:
    """Return whether two paragraphs say the same in the same format; headings are bold by their style."""
    if old.style.casefold().startswith("heading"):
        notes = [[run for run in one.runs if not is_text(run)] for one in (old, new)]
        equal = old.text == new.text and notes[0] == notes[1]
    else:
        equal = old.runs == new.runs
    return equal and (old.style == new.style or not {old.style, new.style} <= {*richtext.STYLES})


def words_of(text: str) -> list[str]:
    """Return words, spaces and signs of a text, in order."""
    return re.findall(r"\w+|\s+|[^\w\s]", text)
