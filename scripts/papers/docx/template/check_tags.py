"""Check the tags of a template against those declared; each problem has its place in the Word file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from jinja2 import nodes
from lxml import etree

from papers.docx.template.paragraphs import (
    CELL,
    PARAGRAPH,
    ROW,
    RUN,
    TABLE,
    TEXT,
    nearest_above,
    own_texts,
    paragraphs,
    roots,
    text_of,
)
from papers.docx.template.placeholders import FOR, SET
from papers.docx.template.resolve import (
    DEEPEST_TAGS,
    UNKNOWN,
    Bound,
    Scope,
    condition,
    loop_scope,
    parse,
    resolve,
    root_scope,
)
from papers.docx.template.tag_syntax import (
    ESCAPE,
    HALF,
    REFUSED_STATEMENTS,
    STATEMENTS,
    TAG,
    Typed,
    read_tag,
)
from papers.docx.template.value_kinds import Number
from papers.evaluation import ExpressionError
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.wording.tags import Blocks, Chart, Contents, Each, Flag, Line, Merge, Picture, Share, Tag, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document

_KINDS = {"": (Text, Number), "r": (Line, Picture), "p": (Blocks, Chart, Contents)}
_ALONE = ("else", "endif", "endfor", "vm", "hm")  # statements without an expression
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
SHARED_NAMESPACES = ("paper", "levels")  # of which a template uses what it needs
_HIDDEN = (qn("w:instrText"), qn("w:delText"), "{http://schemas.openxmlformats.org/drawingml/2006/main}t")


@dataclass(frozen=True)
class _Open:
    """A for or if that is not closed yet: the names in scope within it, and the element that it must end in."""

    tag: Typed
    scope: Scope
    within: etree._Element

    @property
    def word(self) -> str:
        return self.tag.word


class TagCheck:
    """Follows the tags of one template through its loops and conditions."""

    def __init__(self, file: str, tags: dict[str, dict[str, Tag]], problems: Problems):
        self.file, self.tags, self.problems = file, tags, problems
        self.open: list[_Open] = []
        self.root = root_scope(tags)
        self.used: set[str] = set()
        self.place = Place(file)
        self.paragraph: etree._Element | None = None

    @property
    def scope(self) -> Scope:
        return self.open[-1].scope if self.open else self.root

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
            self.check_all_used()

    def _report(self, kind: str, found: str, expected: str, todo: str) -> None:
        self.problems.add(self.place, kind, found, expected, todo)

    def _check_paragraph(self, whole: str) -> None:
        for tag in TAG.finditer(whole):
            try:
                self._check_tag(read_tag(tag[0]), whole)
            except ExpressionError as error:
                self._report(error.kind, error.found, error.expected, error.todo)
        if HALF.search(ESCAPE.sub("", TAG.sub("", whole))):
            found = f"half a tag in {quoted(whole)}"
            self._report("tag-half", found, "{{ x }} or {% x %}", "Complete the tag, or delete the braces.")

    def _check_tag(self, tag: Typed, whole: str) -> None:
        if tag.sign == "{":
            self._check_output(tag)
        elif tag.sign == "%":
            self._check_statement(tag)
            self._check_joining(tag)
        if tag.letters in ("p", "tr", "tc"):
            self._check_alone(tag, whole)

    def _check_alone(self, tag: Typed, whole: str) -> None:
        """The tag replaces its whole paragraph, row or cell: nothing else may be there."""
        name = {"p": "paragraph", "tr": "row", "tc": "cell"}[tag.letters]
        holder = self.paragraph if tag.letters == "p" else self._holder(tag)
        words = whole if tag.letters == "p" else "".join(text.text or "" for text in holder.iter(TEXT))
        if tag.sign == "#" and "{" not in words.replace(tag.text, ""):
            return  # a comment that takes its paragraph, row or cell with it is meant to
        if words.strip() != tag.text or next(holder.iter(*_LOST), None) is not None:
            what = "text" if words.strip() != tag.text else "a picture, break or field"
            found = f"{what} next to {tag.text}, which would be lost with its {name}"
            raise ExpressionError(
                "text-beside-tag", found, f"{tag.text} alone in its {name}", f"Give it a {name} of its own."
            )

    def _check_joining(self, tag: Typed) -> None:
        """A dash removes what is between its tag and the text on that side: an end of a line or paragraph, no text."""
        if not (tag.before or tag.after):
            return
        texts = own_texts(self.paragraph)
        for at, text in enumerate(texts):
            before, found, after = (text.text or "").partition(tag.text)
            if not found:
                continue
            around = self.paragraph.getprevious(), self.paragraph.getnext()
            if tag.before and (before.strip() or not (at or _has_text(around[0]))):
                self._refuse_joining(tag, "{%-", "before", before.strip())
            nearest_tag = HALF.search(after)
            if (
                tag.after
                and not nearest_tag
                and (after.strip() or not (texts[at + 1 :] or _has_text(around[1])))
            ):
                self._refuse_joining(tag, "-%}", "after", after.strip())

    def _refuse_joining(self, tag: Typed, dash: str, side: str, words: str) -> None:
        found = f"the text {quoted(words)} {side} {tag.text}" if words else f"no line {side} {tag.text}"
        expected = f"{dash} only where a line or paragraph to be joined is {side} it"
        raise ExpressionError("tag-place", found, expected, "Delete the dash.")

    def _holder(self, tag: Typed) -> etree._Element:
        """The row or cell that the tag replaces."""
        holder = nearest_above(self.paragraph, ROW if tag.letters == "tr" else CELL)
        if holder is None:
            name = "row" if tag.letters == "tr" else "cell"
            expected = f"a {name} of a table, or {tag.text.replace('{%' + tag.letters, '{%p')}"
            raise ExpressionError("tag-place", f"{tag.text} outside a table", expected, "Write it that way.")
        return holder

    def _check_output(self, tag: Typed) -> None:
        if tag.letters and not self.place.part.startswith(("paragraph", "table")):
            found = f"{tag.text} in a header or footer"
            raise ExpressionError("tag-place", found, "{{ x }} with plain text", "Use plain text there.")
        bound = resolve(parse(tag.rest), self.scope)
        if bound is UNKNOWN:
            return
        if not isinstance(bound.tag, _KINDS.get(tag.letters, ())):
            how = _HOW.get(type(bound.tag))
            expected = how.replace("x", tag.rest) if how else "a tag with text"
            raise ExpressionError("tag-kind", tag.text, expected, "Write it that way.")
        self._use(bound)

    def _check_statement(self, tag: Typed) -> None:
        word = tag.word
        if word in _ALONE and tag.rest:
            todo = "Write {% elif ... %}." if word == "else" else "Delete what is after it."
            raise ExpressionError("tag-syntax", tag.text, f"{{%{tag.letters} {word} %}}", todo)
        if word in ("for", "if") and len(self.open) >= DEEPEST_TAGS:
            self.open.append(_Open(tag, self.scope, self._within(tag)))
            found, expected = (
                f"{tag.text} within {DEEPEST_TAGS} others",
                f"at most {DEEPEST_TAGS} within each other",
            )
            raise ExpressionError("tag-deep", found, expected, "Delete some of them.")
        if word == "for":
            self._open_loop(tag)
        elif word == "if":
            self.open.append(_Open(tag, self.scope, self._within(tag)))
            self._use_all(tag.rest)
        elif word in ("elif", "else"):
            self._check_open("if" if word == "elif" else "", tag)
            if word == "elif":
                self._use_all(tag.rest)
            elif self.open[-1].word == "for":  # its names are of an item, and there is none
                outside = self.open[-2].scope if len(self.open) > 1 else self.root
                self.open[-1] = replace(self.open[-1], scope=outside)
        elif word in ("endfor", "endif"):
            self._check_open(word[3:], tag)
            self.open.pop()
        elif word == "set":
            self._check_set(tag)
        else:
            self._check_cell_tag(tag)

    def _check_set(self, tag: Typed) -> None:
        match = SET.fullmatch(tag.rest)
        if not match:
            raise ExpressionError("tag-syntax", tag.text, "{% set name = value %}", "Correct the tag.")
        if any(statement.word == "if" for statement in self.open):
            expected = "it outside of conditions"
            todo = f"Write {{% set {match[1]} = x if condition else y %}}."
            raise ExpressionError("tag-place", f"{tag.text} within a condition", expected, todo)
        if match[1] in self.tags or match[1] == "loop":
            found, todo = f"{tag.text}, which hides {match[1]}", "Use another name."
            raise ExpressionError("tag-syntax", found, "a name that no tag has", todo)
        bound = resolve(parse(match[2]), self.scope)
        scope = {**self.scope, match[1]: bound}
        if self.open:
            self.open[-1] = replace(self.open[-1], scope=scope)
        else:
            self.root = scope

    def _check_cell_tag(self, tag: Typed) -> None:
        word = tag.word
        if word not in STATEMENTS:
            base = word.removeprefix("end")
            todo = REFUSED_STATEMENTS.get(base) or did_you_mean(word, STATEMENTS, "Correct the tag.")
            raise ExpressionError(
                "unknown-tag", tag.text, f"{', '.join(STATEMENTS[:-1])} or {STATEMENTS[-1]}", todo
            )
        if word in ("vm", "hm"):
            self._check_merge(tag)
            return
        if nearest_above(self.paragraph, CELL) is None:
            raise ExpressionError("tag-place", f"{tag.text} outside a table", "it in a cell", "Delete it.")
        bound = resolve(parse(tag.rest), self.scope)
        if bound is not UNKNOWN and not isinstance(bound.tag, (Text, Number) if word == "colspan" else Text):
            expected = "a number of columns" if word == "colspan" else "a text with a colour, such as FFCC00"
            raise ExpressionError("tag-kind", tag.text, expected, "Correct what it names.")
        self._use(bound)

    def _open_loop(self, tag: Typed) -> None:
        match = FOR.fullmatch(tag.rest)
        name = match[1] if match else "x"
        outside, within = self.scope, self._within(tag)
        self.open.append(_Open(tag, {**outside, name: UNKNOWN, "loop": UNKNOWN}, within))
        if not match:
            pair = "," in tag.rest.partition(" in ")[0]
            found = f"{tag.text}, a loop with two names" if pair else tag.text
            todo = "Use a list whose items have fields: {{ x.name }}." if pair else "Correct the tag."
            raise ExpressionError("tag-syntax", found, "{%p for x in list %}", todo)
        expression = parse(match[2])
        if isinstance(expression, nodes.CondExpr):
            todo = "Put {% if ... %} into the loop."
            raise ExpressionError("tag-syntax", f"{tag.text} with a condition", "{%p for x in list %}", todo)
        items = resolve(expression, outside)
        if items is UNKNOWN:
            return
        self.open[-1] = _Open(tag, loop_scope(outside, name, items, len(self.open)), within)
        if not isinstance(items.tag, Each) or items.tag.of is not None:
            self._use(items)  # a list of lines is used where its lines are shown

    def _within(self, tag: Typed) -> etree._Element:
        """The element that a statement must begin and end in: otherwise half an element would be repeated."""
        if tag.letters in ("tr", "tc"):
            return nearest_above(self._holder(tag), TABLE if tag.letters == "tr" else ROW)
        return self.paragraph.getparent() if tag.letters == "p" else self.paragraph

    def _check_open(self, word: str, tag: Typed) -> None:
        if not self.open or (word and self.open[-1].word != word):
            what = f"{self.open[-1].word} is" if self.open else "nothing is"
            expected = f"end{self.open[-1].word} first" if self.open else f"its {word or 'if'} before it"
            raise ExpressionError(
                "tag-closed", f"{tag.text} where {what} open", expected, "Put the tags in order."
            )
        if not self._in_same_element(self.open[-1], tag):
            places = {"p": "cell, or both outside the table", "tr": "table", "tc": "row"}
            where = places.get(tag.letters, "paragraph, or in paragraphs of the same cell")
            expected = f"both in the same {where}, and with the same letters after {{%"
            found = f"{tag.text} away from its {self.open[-1].word}"
            if tag.word.startswith("end"):
                self.open.pop()
            raise ExpressionError("tag-across", found, expected, "Move one of them.")

    def _in_same_element(self, opened: _Open, tag: Typed) -> bool:
        """Whether a tag is in the element of its beginning, or, in a line, in another paragraph next to it."""
        within = self._within(tag)
        if within is opened.within:
            return True
        if within.tag != PARAGRAPH or opened.within.tag != PARAGRAPH:
            return False
        between = [self.paragraph, *self.paragraph.itersiblings(preceding=True)]
        if opened.within not in between or not (
            _in_plain_run(opened.tag, opened.within) and _in_plain_run(tag, within)
        ):
            return False
        lost = between[: between.index(opened.within)]
        return not any(next(element.iter(qn("w:sectPr")), None) is not None for element in lost)

    def _check_merge(self, tag: Typed) -> None:
        letters = "tr" if tag.word == "vm" else "tc"
        inside = any(statement.word == "for" for statement in self.open)
        if tag.word == "hm":
            inside = bool(self.open) and (self.open[-1].word, self.open[-1].tag.letters) == ("for", "tc")
        if nearest_above(self.paragraph, ROW) is None or not inside:
            expected = f"it in a cell {'of a row ' if letters == 'tr' else ''}between {{%{letters} for ... %}} and {{%{letters} endfor %}}"
            what = "rows" if letters == "tr" else "cells"
            found = f"{tag.text} where no {what} are repeated"
            raise ExpressionError("tag-place", found, expected, "Move it, or delete it.")

    def _use_all(self, expression: str) -> None:
        for bound in condition(parse(expression), self.scope)[1]:
            if isinstance(bound.tag, Flag):
                self._use(bound)

    def _use(self, bound: Bound) -> None:
        for used in (bound, *bound.used):
            self.used.add(used.path.replace("[]", ""))

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

    def check_all_used(self) -> None:
        """Report each declared tag that the template does not use: its text would be missing from the paper."""
        for namespace, tags in self.tags.items():
            for path, tag in declared_tags(tags, namespace):
                if (
                    not isinstance(tag, (Picture, Share, Merge))
                    and path not in self.used
                    and namespace not in SHARED_NAMESPACES
                ):
                    found, expected = f"no tag {path}", f"every text of the paper: {path} is {tag.about}"
                    typed = _HOW.get(type(tag), path).replace("x", path)
                    self._report("tag-missing", found, expected, f"Put {typed} where it belongs.")


def _has_text(paragraph: etree._Element | None) -> bool:
    return paragraph is not None and paragraph.tag == PARAGRAPH and bool(text_of(paragraph))


def _in_plain_run(tag: Typed, paragraph: etree._Element) -> bool:
    """Whether a tag is in a run of its paragraph itself, not in a link or content control there."""
    holders = [text.getparent() for text in own_texts(paragraph) if tag.text in (text.text or "")]
    return all(run.tag == RUN and run.getparent() is paragraph for run in holders)


def declared_tags(tags: dict[str, Tag], path: str) -> Iterator[tuple[str, Tag]]:
    """Yield (path, tag) for each tag below `path`, lists before what is in them."""
    for name, tag in tags.items():
        yield f"{path}.{name}", tag
        if isinstance(tag, Each) and tag.of:
            yield from declared_tags(tag.of, f"{path}.{name}")
