"""Render each of a folder's docxtpl templates with docxtpl and with our engine, and compare text and tables.

    .venv/bin/python tests/stress/docxtpl_templates.py FOLDER

The values are made up from the tags of each template: with all conditions true, with all false, and with empty lists.
Prints a line for each template: equal, different, or refused and why. Ends with an error if one is different.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

SUPPORT = Path(__file__).parents[1] / "support"
sys.path[:0] = [str(SUPPORT), str(SUPPORT.parents[1] / "scripts")]

from docxtpl import DocxTemplate  # noqa: E402
from docxtpl_tools import content, prepared_alone, rendered_by_docxtpl, rendered_by_us  # noqa: E402
from jinja2 import Environment, TemplateError, nodes  # noqa: E402
from papers.docx.fill import FillError  # noqa: E402
from papers.docx.template.paragraphs import text_of  # noqa: E402
from papers.docx.template.tag_syntax import TAG, read_tag  # noqa: E402
from papers.evaluation import ExpressionError  # noqa: E402
from papers.expressions import parse  # noqa: E402
from papers.problems import Problems  # noqa: E402
from papers.richtext import BODY, STYLES, block, blocks, line  # noqa: E402
from papers.wording.tags import Blocks, Each, Flag, Line, Tag, Text  # noqa: E402

# Conditions, and the number of items of each list.
VARIANTS = ((True, 2), (False, 2), (True, 0))


@dataclass
class Shape:
    """What the tags of a template say about a name: its fields, its items, how it is used."""

    fields: dict[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    shown: bool = False
    styled: type[Tag] | None = None
    equals: str = ""  # a text that it is compared with
    colour: bool = False

    def tag(self) -> Tag | dict:
        if self.fields:
            return {name: shape.tag() for name, shape in self.fields.items()}
        if self.item is not None:
            return Each("", {n: s.tag() for n, s in self.item.fields.items()} or None)
        if self.styled:
            return self.styled("")
        return Text("") if self.shown or self.equals or self.colour else Flag("")

    def value(self, path: str, true: bool, items: int, style: str) -> object:
        """A value that fits the tag; `true`: of conditions, `items`: in each list, `style`: of paragraphs."""
        if self.fields:
            return {
                name: shape.value(f"{path}.{name}", true, items, style) for name, shape in self.fields.items()
            }
        if self.item is not None:
            return [self.item.value(f"{path} {at}", true, items, style) for at in range(items)]
        if self.colour:
            return "FFCC00"
        words = f"{path} & <more>"
        tag = self.tag()
        if isinstance(tag, Line):
            return line(words)
        if isinstance(tag, Blocks):
            return blocks(block(style, line(words)))
        return true if isinstance(tag, Flag) else self.equals if self.equals and true else words


def shape_of(template: Path) -> Shape:
    """What the tags of a template say about the names that they use."""
    document = DocxTemplate(str(template))
    document.init_docx()
    roots = [document.docx.element, *(part.blob for part in _others(document))]
    sources = [
        document.patch_xml(document.xml_to_string(root) if at == 0 else root.decode())
        for at, root in enumerate(roots)
    ]
    shape = Shape()
    for source in sources:
        try:
            _Reader({}, shape).body(Environment().parse(source).body)
        except TemplateError:  # it is refused, for what is wrong with it and not for its names
            names = [name for tag in TAG.findall(source) for name in _names(read_tag(tag).rest)]
            shape.fields.update({name: Shape(shown=True) for name in names})
    for paragraph in document.docx.element.body.iter("{*}p"):
        for tag in map(read_tag, TAG.findall(text_of(paragraph))):
            _mark(tag, shape)
    return shape


def _names(expression: str) -> frozenset[str]:
    try:
        return parse(expression).names
    except ExpressionError:
        return frozenset()


def _others(document: DocxTemplate) -> list:
    kinds = ("/header", "/footer", "/footnotes")
    return [r.target_part for r in document.docx.part.rels.values() if r.reltype.endswith(kinds)]


def _mark(tag, shape: Shape) -> None:
    """Mark the shape that a tag with letters needs; names of loops are found by their last field."""
    styled = {"r": Line, "p": Blocks}.get(tag.letters) if tag.sign == "{" else None
    if styled or tag.word == "cellbg":
        for one in _named(shape, tag.rest.split("|")[0].split(".")[-1].strip()):
            one.styled, one.colour = styled, tag.word == "cellbg"


def _named(shape: Shape, name: str) -> list[Shape]:
    found = [shape.fields[name]] if name in shape.fields else []
    inner = [*shape.fields.values(), *([shape.item] if shape.item else [])]
    return found + [one for below in inner for one in _named(below, name)]


class _Reader:
    """Follows the names of a template through its loops."""

    def __init__(self, scope: dict[str, Shape], root: Shape):
        self.scope, self.root = scope, root

    def body(self, body: list[nodes.Node]) -> None:
        for node in body:
            if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
                items = self.shape(node.iter)
                items.item = items.item or Shape()
                inner = _Reader({**self.scope, node.target.name: items.item, "loop": Shape()}, self.root)
                inner.body(node.body)
                self.body(node.else_)
            elif isinstance(node, nodes.If):
                self.expression(node.test, False)
                for other in (node, *node.elif_):
                    self.body(other.body)
                self.body(node.else_)
            elif isinstance(node, nodes.Output):
                for part in node.nodes:
                    self.expression(part, True)

    def expression(self, node: nodes.Node, shown: bool) -> None:
        if isinstance(node, (nodes.Name, nodes.Getattr)):
            shape = self.shape(node)
            shape.shown = shape.shown or shown
        elif isinstance(node, nodes.Compare) and isinstance(node.ops[0].expr, nodes.Const):
            self.shape(node.expr).equals = str(node.ops[0].expr.value)
        else:
            for inner in node.iter_child_nodes():
                self.expression(inner, shown)

    def shape(self, node: nodes.Node) -> Shape:
        if isinstance(node, nodes.Name):
            return self.scope.get(node.name) or self.root.fields.setdefault(node.name, Shape())
        if isinstance(node, nodes.Getattr):
            return self.shape(node.node).fields.setdefault(node.attr, Shape())
        return Shape()


def verdict(template: Path) -> tuple[str, str]:
    """Return equal, different or refused, and why."""
    shape, problems = shape_of(template), Problems()
    tags = {name: one.tag() for name, one in shape.fields.items()}
    if (prepared := prepared_alone(template, tags, problems)) is None:
        return "refused", str(problems.found[0])
    style = next((name for name in STYLES if name.casefold() in map(str.casefold, prepared.marks[1])), BODY)
    for true, items in VARIANTS:
        values = {name: one.value(name, true, items, style) for name, one in shape.fields.items()}
        try:
            ours = content(rendered_by_us(prepared, values, template.name))
        except (FillError, ExpressionError) as error:
            if items:
                return "refused", str(error)
            continue  # an empty list may be refused, such as a cell that would span no column
        theirs = content(rendered_by_docxtpl(template, tags, values))
        for part in theirs:
            if part not in ours or ours[part] != theirs[part]:
                return "different", f"{part}: {_first_difference(ours.get(part), theirs[part])}"
    return "equal", ""


def _first_difference(ours: tuple | None, theirs: tuple) -> str:
    if ours is None:
        return "it is missing"
    pairs = [
        pair
        for kind in zip(ours, theirs, strict=True)
        for pair in zip([*kind[0], None], [*kind[1], None], strict=False)
    ]
    return next((f"ours {one!r}, docxtpl {other!r}" for one, other in pairs if one != other), "")


def main(folder: Path) -> int:
    verdicts = {}
    for template in sorted(folder.glob("*.docx")):
        verdicts[template.name] = verdict(template)
        print(f"{template.name}: {' - '.join(filter(None, verdicts[template.name]))}")
    counts = Counter(what for what, _ in verdicts.values())
    print(", ".join(f"{counts[what]} {what}" for what in ("equal", "different", "refused")))
    return 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
