"""Load YAML files as data and as nodes, whose marks are the places of the values; no value is checked here."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import yaml

from papers.characters import EXPECTED_TEXT, TYPE_AGAIN, describe_character, forbidden_character
from papers.inputs.text_files import read_text_file
from papers.inputs.yaml_mistakes import find_mistake, is_in_typographic_quotes, typographic_quotes
from papers.problems import Place, Problems, quoted
from papers.safety import MAX_DEPTH, MAX_VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TO_FILL_IN_KIND = "to-fill-in"
TO_FILL_IN = "TO FILL IN"  # how a value begins that somebody still has to write, see papers.start
_CUT_OFF = re.compile(r"[ \t]#|[ \t]+#[^ \t#!]")
_RESOLVER, _TEXT = yaml.resolver.Resolver(), yaml.resolver.Resolver.DEFAULT_SCALAR_TAG
_BaseLoader = yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader
_KINDS = {"tag:yaml.org,2002:timestamp": "date", "tag:yaml.org,2002:int": "number"}


class _Refused(yaml.MarkedYAMLError):
    """Valid YAML that is refused, with what is expected and what to do."""

    def __init__(self, found: str, expected: str, todo: str, mark: yaml.Mark):
        super().__init__(problem=found, problem_mark=mark)
        self.advice = (expected, todo)


class _ForbiddenCharacter(yaml.constructor.ConstructorError):
    """A character that must not reach a paper, written as an escape such as \\x07."""


class _Loader(_BaseLoader):
    """Safe YAML that refuses a key written twice in one mapping.

    A value that can't be read has its place.
    """

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        if isinstance(node, yaml.ScalarNode) and (bad := forbidden_character(node.value)):
            raise _ForbiddenCharacter(None, None, describe_character(bad), node.start_mark)
        try:
            return super().construct_object(node, deep)
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            # PyYAML does not catch these: 2016-09-31, a number of 5000 digits, !!bool perhaps
            found = f"{quoted(node.value)}, which is no valid {_KINDS.get(node.tag, 'value')}"
            raise yaml.constructor.ConstructorError(None, None, found, node.start_mark) from error


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> dict:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key that is not text", key.start_mark)
        if key.value in seen:
            found = f"the key {quoted(key.value)} a second time"
            raise yaml.constructor.ConstructorError(None, None, found, key.start_mark)
        seen.add(key.value)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_mapping)


def load_yaml(path: Path, name: str, problems: Problems) -> tuple[Any, yaml.Node | None]:
    """Return the data of a YAML file and its node tree; (None, None) and a problem where it can't be read."""
    text = read_text_file(path, name, problems)
    return (None, None) if text is None else parse_yaml(text, name, problems)


def parse_yaml(text: str, name: str, problems: Problems) -> tuple[Any, yaml.Node | None]:
    """Return the data of a YAML text and its node tree; (None, None) and a problem where it can't be parsed."""
    try:
        _check_structure(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        _check_years_indented(node)
        if _report_open(node, name, problems):
            return None, None
        return (loader.construct_document(node) if node is not None else None), node
    except _ForbiddenCharacter as error:
        place = _error_place(error, name)
        problems.add(place, "forbidden-character", error.problem, EXPECTED_TEXT, TYPE_AGAIN)
    except _Refused as error:
        problems.add(_error_place(error, name), "yaml", error.problem, *error.advice)
    except yaml.YAMLError as error:
        mark, reason = getattr(error, "problem_mark", None), getattr(error, "problem", None) or ""
        if mark and (mistake := find_mistake(text, mark.line, mark.column, reason)):
            place = Place(name, line=mistake.line, column=mistake.column)
            problems.add(place, "yaml", mistake.found, mistake.expected, mistake.todo)
        else:
            problems.add(_error_place(error, name), "yaml", *_describe_error(error))
    return None, None


def _check_years_indented(node: yaml.Node | None) -> None:
    """Refuse a number as a key where the key above it has no value: it is meant to be below that key."""
    left = [node]
    while left:
        one = left.pop()
        if isinstance(one, yaml.SequenceNode):
            left += one.value
        elif isinstance(one, yaml.MappingNode):
            left += [value for _, value in one.value]
            for (above, value), (key, _) in pairwise(one.value):
                is_empty = isinstance(value, yaml.ScalarNode) and value.tag == "tag:yaml.org,2002:null"
                if key.tag == "tag:yaml.org,2002:int" and is_empty and not value.value:
                    found = f"{key.value}: with as many spaces before it as {above.value}: above it, which is empty"
                    expected = f"two more spaces before it, as it belongs to {above.value}"
                    todo = "Put two spaces before this line, and before those below that belong there."
                    raise _Refused(found, expected, todo, key.start_mark)


def _report_open(node: yaml.Node | None, name: str, problems: Problems) -> bool:
    """Report each value that is still to be written; return whether there is one."""
    found = [scalar for scalar in _scalars(node) if scalar.value.startswith(TO_FILL_IN)]
    for scalar in found:
        place = Place(name, line=scalar.start_mark.line + 1, column=scalar.start_mark.column + 1)
        rest = scalar.value.removeprefix(f"{TO_FILL_IN}:").strip()
        todo = (
            f'Write other words, or delete "{TO_FILL_IN}: " alone.'
            if rest != TO_FILL_IN
            else "Write it there."
        )
        problems.add(place, TO_FILL_IN_KIND, quoted(scalar.value), "a value without that mark", todo)
    return bool(found)


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Yield the texts of a file in its order."""
    left = [node] if node else []
    while left:
        one = left.pop()
        if isinstance(one, yaml.ScalarNode):
            yield one
        elif isinstance(one, yaml.MappingNode):
            left += [value for _, value in reversed(one.value)]
        else:
            left += reversed(one.value)


def _check_structure(text: str) -> None:
    """Refuse deep nesting, aliases and merge keys, and what is cut off as a comment, before nodes are composed.

    Nodes are composed recursively in C without a limit: 200,000 brackets crash Python. Aliases and merge keys repeat
    a part of the file, a small one as often as to fill the memory.
    """
    depth, values, lines = 0, 0, text.split("\n")
    for event in yaml.parse(text, Loader=_BaseLoader):
        values += isinstance(event, yaml.ScalarEvent)
        if values > MAX_VALUES:
            found, expected = f"more than {MAX_VALUES:,} keys and values", "a file as people write it"
            raise _Refused(found, expected, "Delete what is not needed.", event.start_mark)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            reason = f"more than {MAX_DEPTH} levels of nesting"
            raise yaml.composer.ComposerError(None, None, reason, event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(
                f"the alias *{event.anchor}", "the value itself", "Write it out there.", event.start_mark
            )
        if isinstance(event, yaml.ScalarEvent) and not event.style:
            _check_plain(event, lines)


def _check_plain(event: yaml.ScalarEvent, lines: list[str]) -> None:
    """Refuse a merge key, and a text without quotes that ends where YAML takes the rest for a comment.

    A comment has two spaces before the sign # or is in a line of its own, and has a space after the sign.
    """
    if event.value == "<<":
        found, expected = "a merge key (<<)", "the keys themselves"
        raise _Refused(found, expected, "Write them out there.", event.start_mark)
    line, end = lines[event.end_mark.line] if event.end_mark.line < len(lines) else "", event.end_mark.column
    if is_in_typographic_quotes(event.value):
        raise _Refused(*typographic_quotes(event.value[0]), event.start_mark)
    if _CUT_OFF.match(line, end) and _RESOLVER.resolve(yaml.ScalarNode, event.value, (True, False)) == _TEXT:
        found = (
            f"{quoted(event.value)} and after it {quoted(line[end:].strip())}, which YAML takes for a comment"
        )
        todo = (
            "Put the whole text in quotes; or, if that is a comment, write two spaces before # and one after."
        )
        raise _Refused(found, "a value in quotes, or a comment after two spaces", todo, event.start_mark)


def _error_place(error: yaml.YAMLError, name: str) -> Place:
    is_open = "unexpected end of stream" in (
        getattr(error, "problem", None) or ""
    )  # the place is the open quotation
    marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
    mark = next((one for one in (reversed(marks) if is_open else marks) if one), None)
    return Place(name, line=mark.line + 1, column=mark.column + 1) if mark else Place(name)


def _describe_error(error: yaml.YAMLError) -> tuple[str, str, str]:
    """Return found, expected and what to do; a reason of PyYAML's parser is in its own words."""
    reason = getattr(error, "problem", None) or str(error).splitlines()[0]
    if isinstance(error, yaml.constructor.ConstructorError):
        expected = "each key once, and values that are text, numbers, dates or lists"
        is_date = reason.endswith("no valid date")
        return reason, "a date that exists" if is_date else expected, "Correct it there."
    for words, *ours in _IN_OUR_WORDS:
        if words in reason:
            return ours[0], ours[1], ours[2]
    todo = "Check indentation, quotes and colons there; put text with a colon or a leading sign in quotes."
    return f"broken YAML ({reason})", "lines that YAML can read", todo


# What PyYAML says -> what was found, what is expected, what to do.
_IN_OUR_WORDS = (
    (
        "unexpected end of stream",
        "a quotation mark that is not closed",
        "one at each end of a text",
        "Add the other quotation mark where the text ends.",
    ),
    (
        "cannot start any token",
        "a sign that begins no value (@ or `)",
        "a value with such a sign in quotation marks",
        "Put the value in quotation marks.",
    ),
    (
        "did not find expected",
        "a line that fits neither the line above it nor one before",
        "lines that belong together with the same number of spaces before them, brackets and quotation marks closed",
        "Correct the spaces at the beginning of this line or of the one above, or close what is open.",
    ),
    (
        "could not find expected ':'",
        "a line without a colon",
        "a key, a colon and a value",
        "Write the colon and a space after the key, or indent the line if it goes on with the text above.",
    ),
)


# Places


def place_of(node: yaml.Node | None, keys: tuple, name: str) -> Place:
    """Return the line and column of the value under `keys`, or of the nearest value above it that exists."""
    keys = _as_written(node, keys)
    place = Place(name, line=1, key=dotted(keys))
    for key in keys:
        node = _child(node, key)
        if node is None:
            break
        mark, value = node.start_mark, node.value if isinstance(node, yaml.ScalarNode) else None
        place = Place(name, line=mark.line + 1, column=mark.column + 1, key=dotted(keys), value=value)
    return place


def _as_written(node: yaml.Node | None, keys: tuple) -> tuple:
    """Return the keys with those of mappings as text: the year 2017 is a name there, not an index."""
    written = []
    for key in keys:
        written.append(str(key) if isinstance(node, yaml.MappingNode) else key)
        node = _child(node, key)
    return tuple(written)


def _child(node: yaml.Node | None, key: object) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == str(key)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key]
    return None


def dotted(keys: tuple) -> str:
    """Return keys as messages name them, items counted from 1: ``papers[2].title``."""
    text = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.lstrip(".")
