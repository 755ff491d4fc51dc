"""Check the tags of a template against those declared; each problem has its place in the Word file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from lxml import etree

from papers.docx.template.expressions import (
    DEEPEST_TAGS,
    UNKNOWN,
    Bound,
    Scope,
    TagError,
    condition,
    loop_scope,
    parse,
    resolve,
    root_scope,
)
from papers.docx.template.merge_runs import TAG
from papers.docx.template.paragraphs import CELL, ROW, TABLE, TEXT, nearest_above, paragraphs, roots, text_of
from papers.problems import Place, Problems, quoted
from papers.wording.tags import Blocks, Chart, Contents, Each, Flag, Line, Picture, Share, Tag, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document

_OUTPUT = re.compile(r"\{\{([rp]?) (.*?)\s*\}\}")
_STATEMENT = re.compile(r"\{%(p|tr|tc)? \s*(\w+)\s*(.*?)\s*%\}")
_UNFINISHED = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_KINDS = {"": Text, "r": (Line, Picture), "p": (Blocks, Chart, Contents)}
_HOW = {
    Text: "{{ x }}",
    Line: "{{r x }}",
    Picture: "{{r x }}",
    Blocks: "{{p x }}",
    Chart: "{{p x }}",
    Contents: "{{p x }}",
}
# Content that would be lost with the paragraph, row or cell that a tag replaces.
_LOST = tuple(qn(f"w:{tag}") for tag in ("drawing", "pict", "object", "sectPr", "br", "fldChar", "fldSimple"))
_HIDDEN = (qn("w:instrText"), qn("w:delText"), "{http://schemas.openxmlformats.org/drawingml/2006/main}t")


@dataclass(frozen=True)
class _Open:
    """A for or if that is not closed yet: the names in scope within it, and the element that it must end in."""

    word: str
    scope: Scope
    within: etree._Element


class TagCheck:
    """Follows the tags of one template through its loops and conditions."""

    def __init__(self, file: str, tags: dict[str, dict[str, Tag]], problems: Problems):
        self.file, self.tags, self.problems = file, tags, problems
        self.open: list[_Open] = []
        self.used: set[str] = set()
        self.place = Place(file)
        self.paragraph: etree._Element | None = None

    @property
    def scope(self) -> Scope:
        return self.open[-1].scope if self.open else root_scope(self.tags)

    def check(self, document: Document) -> None:
        before = len(self.problems.found)
        for place, paragraph in paragraphs(document, self.file):
            self.place, self.paragraph = place, paragraph
            whole = text_of(paragraph)
            if "{" in whole or "}" in whole:
                self._check_paragraph(whole)
        self._check_elsewhere(document)
        self.place = Place(self.file)
        for statement in self.open:
            word, end = "an if" if statement.word == "if" else "a for", f"end{statement.word}"
            self._report("tag-open", f"{word} without {end}", f"{{%p {end} %}}", "Add it where it ends.")
        if len(self.problems.found) == before:
            self._check_all_used()

    def _report(self, kind: str, found: str, expected: str, todo: str) -> None:
        self.problems.add(self.place, kind, found, expected, todo)

    def _check_paragraph(self, whole: str) -> None:
        for tag in TAG.finditer(whole):
            try:
                self._check_tag(tag[0], whole)
            except TagError as error:
                self._report(error.kind, error.found, error.expected, error.todo)
        if _UNFINISHED.search(TAG.sub("", whole)):
            found = f"half a tag in {quoted(whole)}"
            self._report("tag-half", found, "{{ x }} or {% x %}", "Complete the tag, or delete the braces.")

    def _check_tag(self, tag: str, whole: str) -> None:
        if output := _OUTPUT.fullmatch(tag):
            self._check_output(output[1], output[2], tag)
            letters = output[1]
        elif statement := _STATEMENT.fullmatch(tag):
            letters = statement[1] or ""
            self._check_statement(letters, statement[2], statement[3], tag)
        else:
            raise TagError(
                "tag-syntax",
                tag,
                "{{ x }}, {{r x }}, {{p x }} or {%p ... %}",
                "Type it like that, with the spaces.",
            )
        if letters in ("p", "tr", "tc"):
            self._check_alone(tag, whole, letters)

    def _check_alone(self, tag: str, whole: str, letters: str) -> None:
        """The tag replaces its whole paragraph, row or cell: nothing else may be there."""
        name = {"p": "paragraph", "tr": "row", "tc": "cell"}[letters]
        holder = self.paragraph if letters == "p" else self._holder(letters, tag)
        words = whole if letters == "p" else "".join(text.text or "" for text in holder.iter(TEXT))
        if words.strip() != tag or next(holder.iter(*_LOST), None) is not None:
            what = "text" if words.strip() != tag else "a picture, break or field"
            found = f"{what} next to {tag}, which would be lost with its {name}"
            raise TagError(
                "text-beside-tag", found, f"{tag} alone in its {name}", f"Give it a {name} of its own."
            )

    def _holder(self, letters: str, tag: str) -> etree._Element:
        """The row or cell that the tag replaces."""
        holder = nearest_above(self.paragraph, ROW if letters == "tr" else CELL)
        if holder is None:
            name = "row" if letters == "tr" else "cell"
            expected = f"a {name} of a table, or {tag.replace('{%' + letters, '{%p')}"
            raise TagError("tag-place", f"{tag} outside a table", expected, "Write it that way.")
        return holder

    def _check_output(self, letter: str, expression: str, tag: str) -> None:
        if letter and not self.place.part.startswith(("paragraph", "table")):
            todo = "Use plain text there."
            raise TagError("tag-place", f"{tag} in a header or footer", "{{ x }} with plain text", todo)
        bound = resolve(parse(expression), self.scope)
        if bound is UNKNOWN:
            return
        if not isinstance(bound.tag, _KINDS[letter]):
            how = _HOW.get(type(bound.tag))
            expected = how.replace("x", expression) if how else "a tag with text"
            raise TagError("tag-kind", tag, expected, "Write it that way.")
        self._use(bound)

    def _check_statement(self, letters: str, word: str, rest: str, tag: str) -> None:
        if word in ("for", "if") and len(self.open) >= DEEPEST_TAGS:
            self.open.append(_Open(word, self.scope, self._within(letters, tag)))
            found, expected = (
                f"{tag} within {DEEPEST_TAGS} others",
                f"at most {DEEPEST_TAGS} within each other",
            )
            raise TagError("tag-deep", found, expected, "Delete some of them.")
        if word == "for":
            self._open_loop(letters, rest, tag)
        elif word == "if":
            self.open.append(_Open("if", self.scope, self._within(letters, tag)))
            self._use_all(rest)
        elif word in ("elif", "else"):
            self._check_open("if", letters, tag)
            if word == "elif":
                self._use_all(rest)
        elif word in ("endfor", "endif"):
            self._check_open(word[3:], letters, tag)
            self.open.pop()
        elif word == "vm":
            self._check_merge(tag)
        else:
            raise TagError("unknown-tag", tag, "for, if, elif, else, endfor, endif or vm", "Correct the tag.")

    def _open_loop(self, letters: str, rest: str, tag: str) -> None:
        match = re.fullmatch(r"(\w+)\s+in\s+(.+)", rest)
        name = match[1] if match else "x"
        within = self._within(letters, tag)
        self.open.append(_Open("for", {**self.scope, name: UNKNOWN, "loop": UNKNOWN}, within))
        if not match:
            raise TagError("tag-syntax", tag, "{%p for x in list %}", "Correct the tag.")
        outside = self.open[-2].scope if len(self.open) > 1 else root_scope(self.tags)
        items = resolve(parse(match[2]), outside)
        if items is UNKNOWN:
            return
        self.open[-1] = _Open("for", loop_scope(outside, name, items, len(self.open)), within)
        if items.tag.of is not None:  # a list of lines is used where its lines are shown
            self._use(items)

    def _within(self, letters: str, tag: str) -> etree._Element:
        """The element that a statement must begin and end in: otherwise half an element would be repeated."""
        if letters in ("tr", "tc"):
            return nearest_above(self._holder(letters, tag), TABLE if letters == "tr" else ROW)
        return self.paragraph.getparent() if letters == "p" else self.paragraph

    def _check_open(self, word: str, letters: str, tag: str) -> None:
        if not self.open or self.open[-1].word != word:
            what = f"{self.open[-1].word} is" if self.open else "nothing is"
            expected = f"end{self.open[-1].word} first" if self.open else f"its {word} before it"
            raise TagError("tag-closed", f"{tag} where {what} open", expected, "Put the tags in order.")
        if self.open[-1].within is not self._within(letters, tag):
            if tag.split()[1].startswith("end"):
                self.open.pop()
            places = {"": "paragraph", "p": "cell, or both outside the table", "tr": "table", "tc": "row"}
            where = places[letters]
            expected = f"both in the same {where}, and with the same letters after {{%"
            raise TagError("tag-across", f"{tag} away from its {word}", expected, "Move one of them.")

    def _check_merge(self, tag: str) -> None:
        if nearest_above(self.paragraph, ROW) is None or not any(
            statement.word == "for" for statement in self.open
        ):
            expected = "it in a cell of a row between {%tr for ... %} and {%tr endfor %}"
            raise TagError(
                "tag-place", f"{tag} where no rows are repeated", expected, "Move it, or delete it."
            )

    def _use_all(self, expression: str) -> None:
        for bound in condition(parse(expression), self.scope)[1]:
            if isinstance(bound.tag, Flag):
                self._use(bound)

    def _use(self, bound: Bound) -> None:
        self.used.add(bound.path.replace("[]", ""))

    def _check_elsewhere(self, document: Document) -> None:
        """Report tags in a field, an alternative text or a link, which none of the other checks sees."""
        for name, root in roots(document):
            for element in root.iter(etree.Element):
                words = [*element.attrib.values(), (element.text or "") if element.tag in _HIDDEN else ""]
                for tag in (match[0] for word in words for match in TAG.finditer(word)):
                    self.place = Place(self.file, part=name)
                    expected = "tags only in the text of paragraphs"
                    todo = "Delete it (fields: Alt+F9; pictures and tables: Alt Text; links: Edit Hyperlink)."
                    self._report(
                        "tag-place", f"{tag} in a field, an alternative text or a link", expected, todo
                    )

    def _check_all_used(self) -> None:
        """Report each declared tag that the template does not use: its text would be missing from the paper."""
        for namespace, tags in self.tags.items():
            for path, tag in declared_tags(tags, namespace):
                if not isinstance(tag, (Picture, Share)) and path not in self.used and namespace != "paper":
                    found, expected = f"no tag {path}", f"every text of the paper: {path} is {tag.about}"
                    self._report(
                        "tag-missing", found, expected, f"Put {_HOW.get(type(tag), path)} where it belongs."
                    )


def declared_tags(tags: dict[str, Tag], path: str) -> Iterator[tuple[str, Tag]]:
    """Yield (path, tag) for each tag below `path`, lists before what is in them."""
    for name, tag in tags.items():
        yield f"{path}.{name}", tag
        if isinstance(tag, Each) and tag.of:
            yield from declared_tags(tag.of, f"{path}.{name}")
