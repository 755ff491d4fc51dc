"""Write edited texts into a YAML file: only the lines of their values change; comments and all else stay."""

from __future__ import annotations

import copy
import json
import re
import textwrap
from typing import TYPE_CHECKING, Any

from papers.edits.edited_runs import NotMapped
from papers.inputs.yaml_nodes import parse_yaml
from papers.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH = 110  # of the lines of a folded text
_NEEDS_QUOTES = re.compile(r"^[^\w(]|: | #|[\[\]{},]|[\s:]$|\n")
_NOT_ITS_OWN = "{} has no value of its own there: it follows from another one"
_HEAD = re.compile(r"[^\n]*\n")


def edited_yaml(source: str, name: str, edits: Mapping[tuple[Any, ...], str]) -> str:
    """Return the text of a file with other texts under some keys: names of keys and indices of list items.

    Raise NotMapped where a value is written in a way that this can't edit.
    """
    for keys, new in edits.items():
        source = _edited(source, name, keys, new)
    return source


def text_at(source: str, name: str, keys: tuple[Any, ...]) -> str:
    """Return the text under keys of a YAML file. Raise NotMapped if it follows from another value."""
    value = _node_at(parse_yaml(source, name, Problems())[1], keys)
    if value is None:
        raise NotMapped(_NOT_ITS_OWN.format(name))
    return str(value.value)


def _edited(source: str, name: str, keys: tuple[Any, ...], new: str) -> str:
    data, node = parse_yaml(source, name, Problems())
    value = _node_at(node, keys)
    if value is None:
        raise NotMapped(_NOT_ITS_OWN.format(name))
    start, end = _position(source, value.start_mark), _position(source, value.end_mark)
    expected = _with(data, keys, new)
    indent = " " * _indent_of(source, start)
    for written in _ways(value.style, source[start:end], new, indent):
        made = source[:start] + written + source[end:]
        if parse_yaml(made, name, Problems())[0] == expected:
            return made
    raise NotMapped("the value is written in a way that no command can edit")


def _ways(style: str | None, old: str, new: str, indent: str) -> list[str]:
    """Return ways to write a text in place of another, in the style of the old one first."""
    quoted, ways = json.dumps(new, ensure_ascii=False), []
    if style in ("|", ">") and (head := _HEAD.match(old)):
        inner = re.match(r" *", old[head.end() :])
        margin = inner[0] if inner else f"{indent}  "
        after = old[len(old.rstrip()) :] or "\n"
        text = new.rstrip("\n")
        lines = text.split("\n") if style == "|" else _folded(text, _WIDTH - len(margin))
        ways.append(f"{head[0]}{textwrap.indent(chr(10).join(lines), margin)}{after}")
        return [*ways, f"{quoted}{after}"]
    if "\n" in new:
        ending = "" if new.endswith("\n") else "-"
        ways.append(f"|{ending}\n" + textwrap.indent(new.rstrip("\n"), f"{indent}  "))
    elif style == "'":
        ways.append("'" + new.replace("'", "''") + "'")
    elif not style and not _NEEDS_QUOTES.search(new):
        ways.append(new)
    return [*ways, quoted]


def _folded(text: str, width: int) -> list[str]:
    """Return the lines of a folded text: one line end of the text is an empty line."""
    lines = []
    for line in text.split("\n"):
        lines += [*textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False), ""]
    return lines[:-1]


def _node_at(node: Any, keys: tuple[Any, ...]) -> Any:
    """Return the node of a text under keys; a single value may stand for a list of one."""
    for key in keys:
        if isinstance(key, int) and isinstance(node.value, str):
            continue
        if isinstance(key, int):
            node = node.value[key]
        else:
            node = next((value for name, value in node.value if name.value == key), None)
        if node is None:
            return None
    return node if isinstance(node.value, str) else None


def _with(data: Any, keys: tuple[Any, ...], new: str) -> Any:
    made = copy.deepcopy(data)
    holder, last = None, None
    value = made
    for key in keys:
        if isinstance(key, int) and not isinstance(value, list):
            continue
        holder, last, value = value, key, value[key]
    if holder is not None:
        holder[last] = new
    return made


def _position(source: str, mark: Any) -> int:
    lines = source.split("\n")
    return sum(len(line) + 1 for line in lines[: mark.line]) + int(mark.column)


def _indent_of(source: str, start: int) -> int:
    line = source[source.rfind("\n", 0, start) + 1 :]
    return len(line) - len(line.lstrip(" -"))
