"""Read the tags of a part as a tree: docxtpl resolves its own tags ({%p %}, {%tr %}, ...), Jinja the structure.

Each expression is replaced by a name while they do: so nothing in an expression is taken for markup or for another tag,
and all expressions are parsed by papers.expressions.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import unescape

from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.visitor import NodeTransformer

from papers.docx.template.tag_syntax import TAG_IN_XML, Typed, read_tag
from papers.evaluation import ExpressionError
from papers.expressions import ENVIRONMENT, parsed

FOR, SET = re.compile(r"(\w+)\s+in\s+(.+)", re.DOTALL), re.compile(r"(\w+)\s*=(?!=)\s*(.+)", re.DOTALL)
_NAME = "expression__"


def parse_source(source: str, *, paragraphs: bool = True) -> nodes.Template:
    """Return the tags of a part as a tree, whose expressions are not resolved yet.

    `paragraphs`: whether it may have docxtpl's own tags. Raise ExpressionError if tags do not open and close in order.
    """
    expressions: list[nodes.Expr] = []
    source = TAG_IN_XML.sub(lambda tag: _with_placeholder(tag[0], expressions), source)
    tree = parse_part(DocxTemplate("").patch_xml(source) if paragraphs else source)
    _Expressions(expressions).visit(tree)
    return tree


def parse_part(source: str) -> nodes.Template:
    """Return the tags of a part as Jinja's tree; raise ExpressionError if they do not open and close in order."""
    try:
        return ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        expected, todo = "tags that open and close in order", "Check for and if, endfor and endif."
        raise ExpressionError("tag-syntax", f"{error.message}", expected, todo) from error
    except RecursionError as error:
        found, todo = "tags too deep within each other", "Delete some of them."
        raise ExpressionError("tag-deep", found, "plain tags", todo) from error


class _Expressions(NodeTransformer):
    """Puts the expressions back where their names are."""

    def __init__(self, expressions: list[nodes.Expr]):
        self.expressions = expressions

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:
        if node.name.startswith(_NAME) and node.ctx == "load":
            return self.expressions[int(node.name.removeprefix(_NAME))]
        return node


def _with_placeholder(text: str, expressions: list[nodes.Expr]) -> str:
    tag = read_tag(unescape(text, {"&quot;": '"', "&apos;": "'"}))
    if tag.sign == "#":
        return f"{{#{tag.letters} - #}}"
    if tag.sign == "{":
        return _tag("{{", tag, _placeholder(tag.rest, expressions), "}}")
    words = f"{tag.word} {tag.rest}"
    if tag.word in ("if", "elif"):
        words = f"{tag.word} {_placeholder(tag.rest, expressions)}"
    elif tag.word == "for" and (match := FOR.fullmatch(tag.rest)):
        words = f"for {match[1]} in {_placeholder(match[2], expressions)}"
    elif tag.word == "set" and (match := SET.fullmatch(tag.rest)):
        words = f"set {match[1]} = {_placeholder(match[2], expressions)}"
    return _tag("{%", tag, words, "%}")


def _tag(begin: str, tag: Typed, words: str, end: str) -> str:
    return f"{begin}{tag.before}{tag.letters} {words} {tag.after}{end}"


def _placeholder(expression: str, expressions: list[nodes.Expr]) -> str:
    expressions.append(parsed(expression))
    return f"{_NAME}{len(expressions) - 1}"
