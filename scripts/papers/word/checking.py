"""A template as its owner left it -> its tags, made whole and checked, each problem with the place in the Word file.

Word splits a typed tag into runs as it likes. Where the pieces look the same they are joined; where they do not, somebody
formatted half a tag, and only a person knows what was meant.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from papers.problems import Place, Problems, quoted
from papers.word.expressions import Bound, Scope, TagError, condition, loop_scope, parse, resolve, root_scope
from papers.wording.tags import Blocks, Each, Flag, Line, Picture, Tag, Text

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_OUTPUT = re.compile(r"\{\{([rp]?) (.*?)\s*\}\}")
_STATEMENT = re.compile(r"\{%(p|tr|r|tc)? \s*(\w+)\s*(.*?)\s*%\}")
_UNFINISHED = re.compile(r"\{\{|\}\}|\{%|%\}")
_T, _R, _P = qn("w:t"), qn("w:r"), qn("w:p")
_ALIKE = {qn("w:lang"), qn("w:noProof"), qn("w:webHidden")}  # properties that do not show
_KINDS = {"": Text, "r": Line, "p": Blocks}
_HOW = {Text: "{{ x }}", Line: "{{r x }}", Picture: "{{r x }}", Blocks: "{{p x }}"}


def heal(document: Document, file: str, problems: Problems) -> None:
    """Each tag in one run; a tag that is formatted in its middle is a problem."""
    for place, paragraph in _paragraphs(document, file):
        texts = [t for r in paragraph.iter(_R) for t in r.findall(_T)]
        whole = "".join(t.text or "" for t in texts)
        if "{" not in whole:
            continue
        for tag in reversed(list(TAG.finditer(whole))):  # from the end, so that positions before it hold
            _join(tag, texts, place, problems)
        _split_out(paragraph)


def _join(tag: re.Match, texts: list, place: Place, problems: Problems) -> None:
    at, spans = 0, []
    for text in texts:
        length = len(text.text or "")
        if at < tag.end() and at + length > tag.start():
            spans.append((text, at, length))
        at += length
    if len(spans) < 2:
        return
    if len({_look(text) for text, _, _ in spans}) > 1:
        found, wanted = f"the tag {tag[0]} with its format changed in the middle", "one format from {{ to }}"
        todo = "Delete the tag and type it again in one go, or clear its formatting (Ctrl+Space)."
        problems.add(place, "tag-split", found, wanted, todo)
    first, start, length = spans[0]
    keep = first.text[: tag.start() - start]
    last, last_start, _ = spans[-1]
    rest = last.text[tag.end() - last_start :]
    first.text = keep + tag[0]
    for text, _, _ in spans[1:-1]:
        text.text = ""
    last.text = rest
    for text, _, _ in spans:
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _look(text: etree._Element) -> str:
    properties = text.getparent().find(qn("w:rPr"))
    if properties is None:
        return ""
    shown = [etree.tostring(inner).decode() for inner in properties if inner.tag not in _ALIKE]
    return "".join(sorted(shown))


def _split_out(paragraph: etree._Element) -> None:
    """A {{r }} tag gets a run of its own: docxtpl replaces the whole run by what the tag holds."""
    for run in list(paragraph.iter(_R)):
        texts = run.findall(_T)
        whole = "".join(t.text or "" for t in texts)
        if "{{r " not in whole or _OUTPUT.fullmatch(whole.strip()):
            continue
        for piece in re.split(r"(\{\{r .*?\}\})", whole):
            if piece:
                twin = copy.deepcopy(run)
                for text in twin.findall(_T)[1:]:
                    twin.remove(text)
                twin.find(_T).text = piece
                twin.find(_T).set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                run.addprevious(twin)
        run.getparent().remove(run)


def _roots(document: Document) -> Iterator[tuple[str, etree._Element]]:
    yield "", document.element.body
    for section in document.sections:
        for name in ("header", "footer", "first_page_header", "first_page_footer"):
            part = getattr(section, name)
            if not part.is_linked_to_previous:
                yield name.replace("_", " "), part._element


def _paragraphs(document: Document, file: str) -> Iterator[tuple[Place, etree._Element]]:
    """Every paragraph with its place in words: header, paragraph 3 / table 1, row 2, cell 3."""
    for root, element in _roots(document):
        tables = {table: n for n, table in enumerate(element.iter(qn("w:tbl")), 1)}
        outside = 0
        for paragraph in element.iter(_P):
            cell = next((a for a in paragraph.iterancestors() if a.tag == qn("w:tc")), None)
            if cell is None:
                outside += 1
                where = f"paragraph {outside}"
            else:
                row, table = cell.getparent(), cell.getparent().getparent()
                at = table.findall(qn("w:tr")).index(row) + 1
                where = f"table {tables[table]}, row {at}, cell {row.findall(qn('w:tc')).index(cell) + 1}"
            yield Place(file, part=f"{root} {where}".strip()), paragraph


class TagCheck:
    """Follows the tags of one template through its loops and conditions."""

    def __init__(self, file: str, tags: dict[str, dict[str, Tag]], problems: Problems):
        self.file, self.tags, self.problems = file, tags, problems
        self.scopes: list[tuple[str, Scope]] = []
        self.used: set[str] = set()
        self.place = Place(file)

    @property
    def scope(self) -> Scope:
        return self.scopes[-1][1] if self.scopes else root_scope(self.tags)

    def check(self, document: Document) -> None:
        before = len(self.problems.found)
        for self.place, paragraph in _paragraphs(document, self.file):
            whole = "".join(t.text or "" for t in paragraph.iter(_T))
            if "{" in whole or "}" in whole:
                self._check_paragraph(whole, paragraph)
        self.place = Place(self.file)
        for word, _ in self.scopes:
            self._refuse("tag-open", f"a {word} without end{word}", f"{{%p end{word} %}}", "Add it.")
        if len(self.problems.found) == before:
            self._check_all_used()

    def _refuse(self, kind: str, found: str, wanted: str, todo: str) -> None:
        self.problems.add(self.place, kind, found, wanted, todo)

    def _check_paragraph(self, whole: str, paragraph: etree._Element) -> None:
        for tag in TAG.finditer(whole):
            try:
                self._check_tag(tag[0], whole, paragraph)
            except TagError as error:
                self._refuse(error.kind, error.found, error.wanted, error.todo)
        if _UNFINISHED.search(TAG.sub("", whole)):
            found = f"half a tag in {quoted(whole)}"
            self._refuse("tag-half", found, "{{ x }} or {% x %}", "Complete the tag, or take the braces out.")

    def _check_tag(self, tag: str, whole: str, paragraph: etree._Element) -> None:
        if output := _OUTPUT.fullmatch(tag):
            self._check_output(output[1], output[2], tag)
            alone = output[1] == "p"
        elif statement := _STATEMENT.fullmatch(tag):
            self._check_statement(statement[2], statement[3], tag)
            alone = statement[1] in ("p", "tr")
        else:
            raise TagError(
                "tag-syntax", tag, "{{ x }}, {{r x }}, {{p x }} or {%p ... %}", "Mind the space inside."
            )
        if alone and whole.strip() != tag:
            found = f"text beside {tag}, which would be lost with its paragraph"
            raise TagError(
                "text-beside-tag", found, f"{tag} alone in its paragraph", "Give it a paragraph of its own."
            )
        if tag.startswith("{%tr") and "".join(_row_text(paragraph)).strip() != tag:
            found = f"text beside {tag}, which would be lost with its row"
            raise TagError("text-beside-tag", found, f"{tag} alone in its row", "Give it a row of its own.")

    def _check_output(self, letter: str, expression: str, tag: str) -> None:
        bound = resolve(parse(expression), self.scope)
        fits = isinstance(bound.tag, _KINDS[letter]) or (letter == "r" and isinstance(bound.tag, Picture))
        if not fits:
            how = _HOW.get(type(bound.tag))
            wanted = how.replace("x", expression) if how else "a tag with text"
            raise TagError("tag-kind", tag, wanted, "Write it that way.")
        self._use(bound)

    def _check_statement(self, word: str, rest: str, tag: str) -> None:
        if word == "for":
            match = re.fullmatch(r"(\w+)\s+in\s+(.+)", rest)
            if not match:
                raise TagError("tag-syntax", tag, "{%p for x in list %}", "Correct the tag.")
            items = resolve(parse(match[2]), self.scope)
            self._use(items)
            self.scopes.append(("for", loop_scope(self.scope, match[1], items, len(self.scopes))))
        elif word == "if":
            self.scopes.append(("if", self.scope))
            self._use_all(rest)
        elif word in ("elif", "else"):
            if not self.scopes or self.scopes[-1][0] != "if":
                raise TagError("tag-closed", tag, "an open if", "Delete it, or put it behind its if.")
            if word == "elif":
                self._use_all(rest)
        elif word in ("endfor", "endif"):
            if not self.scopes or self.scopes[-1][0] != word[3:]:
                open_now = self.scopes[-1][0] if self.scopes else "nothing"
                raise TagError(
                    "tag-closed", f"{tag} where {open_now} is open", f"end{open_now}", "Put tags in order."
                )
            self.scopes.pop()
        elif word != "vm":
            raise TagError("unknown-tag", tag, "for, if, elif, else, endfor, endif or vm", "Correct the tag.")

    def _use_all(self, expression: str) -> None:
        for bound in condition(parse(expression), self.scope)[1]:
            if isinstance(bound.tag, Flag):
                self._use(bound)

    def _use(self, bound: Bound) -> None:
        self.used.add(bound.path.replace("[]", ""))

    def _check_all_used(self) -> None:
        """A text that the template never shows would be lost without a word."""
        for namespace, tags in self.tags.items():
            for path, tag in every(tags, namespace):
                if not isinstance(tag, Picture) and path not in self.used and namespace != "paper":
                    found, wanted = f"no tag {path}", f"every text of the paper: {path} is {tag.about}"
                    self._refuse(
                        "tag-missing", found, wanted, f"Put {_HOW.get(type(tag), path)} where it belongs."
                    )


def _row_text(paragraph: etree._Element) -> Iterator[str]:
    row = next((a for a in paragraph.iterancestors() if a.tag == qn("w:tr")), None)
    if row is not None:
        for text in row.iter(_T):
            yield text.text or ""


def every(tags: dict[str, Tag], path: str) -> Iterator[tuple[str, Tag]]:
    """Each declared tag below `path`, lists before what is in them."""
    for name, tag in tags.items():
        yield f"{path}.{name}", tag
        if isinstance(tag, Each) and tag.of:
            yield from every(tag.of, f"{path}.{name}")


def check_styles(document: Document, file: str, needed: tuple[str, ...], problems: Problems) -> None:
    """The template has every style that the pipeline names, and every style that its own paragraphs name."""
    styles = document.styles.element.findall(qn("w:style"))
    names = {style.find(qn("w:name")).get(qn("w:val")).casefold() for style in styles}
    ids = {style.get(qn("w:styleId")) for style in styles}
    for name in needed:
        if name.casefold() not in names:
            todo = f'Create a style named "{name}" in the template (Home, Styles, New Style).'
            problems.add(Place(file), "missing-style", f'no style "{name}"', f'the style "{name}"', todo)
    for place, paragraph in _paragraphs(document, file):
        for reference in paragraph.iter(qn("w:pStyle"), qn("w:rStyle")):
            if reference.get(qn("w:val")) not in ids:
                found = f'the style "{reference.get(qn("w:val"))}", which the template does not have'
                problems.add(
                    place, "missing-style", found, "a style of this template", "Choose another style there."
                )
    for tag, what in ((qn("w:ins"), "inserted"), (qn("w:del"), "deleted")):
        if next(document.element.body.iter(tag), None) is not None:
            todo = "Accept or reject all changes in Word and save."
            problems.add(Place(file), "tracked-changes", f"tracked changes ({what} text)", "none", todo)
