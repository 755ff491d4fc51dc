"""Prove, while a template is prepared, that a part is well-formed whatever is filled in, so that no paper is parsed for it.

The pieces of XML around the tags are followed with a stack of open elements. The body of a loop and each branch of a
condition must leave the stack as it was: then they may be repeated any number of times, or left out. A text may be only
where text is read; runs and paragraphs, which RunWriter writes complete, only between elements. A part without such a
proof is parsed in each paper.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from jinja2 import nodes

from papers.docx.template.compile import FILTERS, IN_ATTRIBUTES

_QUOTED = r"""(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*"""
_MARKUP = re.compile(
    rf"<(?:/(?P<close>[^\s<>/]+)\s*|(?P<open>[^\s<>/!?]+){_QUOTED}(?P<empty>/?)|\?[^<>]*\?|!--[^<>]*--)>"
)
_IN_VALUE = re.compile(r"""=\s*(?:"[^"<]*|'[^'<]*)$""")
_TEXT = "w:t"  # where a line break or a tab of a text ends one element and begins another


class _NotProven(Exception):
    """There is no proof; the part may be well-formed all the same."""


def always_well_formed(tree: nodes.Template, *, breaks: bool = True) -> bool:
    """Return whether a part is well-formed whatever is filled in; False also if that can't be proven.

    `breaks`: the texts may have line breaks and tabs, which are filled in as elements, so that they must be in a w:t.
    """
    proof = _Proof(breaks)
    try:
        proof.follow(tree.body)
        if proof.stack or proof.pending:
            return False
        expat.ParserCreate(namespace_separator=" ").Parse("".join(proof.sample), True)
    except (_NotProven, expat.ExpatError):
        return False
    return True


class _Proof:
    """`stack`: names of the open elements; `pending`: markup that has begun and not ended.

    `sample`: the part with each loop once and all branches in a row, to be parsed for all errors but balance.
    """

    def __init__(self, breaks: bool):
        self.breaks = breaks
        self.stack: list[str] = []
        self.pending = ""
        self.sample: list[str] = []

    def follow(self, body: list[nodes.Node]) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    self._piece(part)
            elif isinstance(node, nodes.For):
                self._neutral(node.body)
                self._neutral(node.else_)
            elif isinstance(node, nodes.If):
                branches = [node.body, *(other.body for other in node.elif_), node.else_]
                for branch in branches:
                    if self.pending:
                        self._word_of_value(branch)
                    else:
                        self._neutral(branch)
                if self.pending:
                    self._markup("x")
            elif not isinstance(node, nodes.Assign):
                raise _NotProven

    def _word_of_value(self, branch: list[nodes.Node]) -> None:
        """A branch inside the value of an attribute, as docxtpl writes it for merged cells: one word, or nothing."""
        parts = [part for node in branch if isinstance(node, nodes.Output) for part in node.nodes]
        words = [part.data for part in parts if isinstance(part, nodes.TemplateData)]
        plain = len(words) == len(parts) and all(isinstance(node, nodes.Output) for node in branch)
        if not ((_IN_VALUE.search(self.pending) and plain and "".join(words).isalnum()) or not branch):
            raise _NotProven

    def _neutral(self, body: list[nodes.Node]) -> None:
        """A body that may be left out or repeated. It may end elements if it begins them again."""
        before = [*self.stack]
        self._between_elements()
        self.follow(body)
        self._between_elements()
        if self.stack != before:
            raise _NotProven

    def _between_elements(self) -> None:
        if self.pending:
            raise _NotProven

    def _piece(self, node: nodes.Expr) -> None:
        if isinstance(node, nodes.TemplateData):
            self._markup(node.data)
        elif isinstance(node, nodes.Filter) and node.name in IN_ATTRIBUTES:
            self._markup("1")  # a number or a colour: fit for an attribute too
        else:
            self._between_elements()
            whole = isinstance(node, nodes.Filter) and node.name in FILTERS
            if not (self.stack and (whole or self.stack[-1] == _TEXT or not self.breaks)):
                raise _NotProven

    def _markup(self, text: str) -> None:
        self.sample.append(text)
        text, at = self.pending + text, 0
        for found in _MARKUP.finditer(text):
            self._plain(text[at : found.start()])
            at = found.end()
            if name := found["close"]:
                if not self.stack or self.stack.pop() != name:
                    raise _NotProven
            elif found["open"] and not found["empty"]:
                self.stack.append(found["open"])
        plain, begun, rest = text[at:].partition("<")
        self._plain(plain)
        self.pending = begun + rest

    def _plain(self, text: str) -> None:
        if "<" in text or (text.strip() and not self.stack):
            raise _NotProven
