"""YAML files -> typed models, every error with its line and column.

PyYAML composes the nodes (their marks are the places), pydantic checks the shape: closed models, all errors at once.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from papers import safety
from papers.characters import EXPECTED_TEXT, describe_character, forbidden_character
from papers.problems import Place, Problems, did_you_mean, quoted

Form = TypeVar("Form", bound="StrictModel")


class StrictModel(BaseModel):
    """A file's shape: unknown keys are refused, nothing is guessed from another type."""

    # Built when first used: most jobs import these forms and read no file with them.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


@dataclass(frozen=True)
class Document(Generic[Form]):
    """A YAML file that fits its form, and where each of its values stands."""

    name: str
    form: Form
    node: yaml.Node | None

    def place(self, *keys: str | int) -> Place:
        """The place of the value under `keys`: names of keys and indices of list items (from 0)."""
        return place_of(self.node, keys, self.name)


DEEPEST = 50  # levels of nesting; the deepest file of ours has below 10
_Base = yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader


class _Forbidden(yaml.constructor.ConstructorError):
    """A character that XML forbids, written as an escape such as \\x07."""


class _Loader(_Base):
    """Safe YAML that refuses a key written twice in one mapping, and says where a value can't be understood."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        if isinstance(node, yaml.ScalarNode) and (bad := forbidden_character(node.value)):
            raise _Forbidden(None, None, describe_character(bad), node.start_mark)
        try:
            return super().construct_object(node, deep)
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            # PyYAML lets these through: 2016-09-31, a number of 5000 digits, !!bool perhaps
            found = f"{quoted(node.value)}, which is no valid {_SORTS.get(node.tag, 'value')}"
            raise yaml.constructor.ConstructorError(None, None, found, node.start_mark) from error


_SORTS = {f"tag:yaml.org,2002:{tag}": sort for tag, sort in (("timestamp", "date"), ("int", "number"))}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key that is not text", key.start_mark)
        if key.value in seen:
            found = f"the key {quoted(key.value)} a second time"
            raise yaml.constructor.ConstructorError(None, None, found, key.start_mark)
        seen.add(key.value)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_yaml(path: Path, name: str, problems: Problems) -> tuple[Any, yaml.Node | None]:
    """The data of a YAML file and its node tree; (None, None) and a problem where it can't be read."""
    try:
        text = safety.read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        problems.add(
            Place(name), "unreadable", _reason(error), "a text file in UTF-8", "Save it again as UTF-8 text."
        )
        return None, None
    except safety.UnsafeFile as refused:
        problems.add(Place(name), refused.kind, refused.found, refused.expected, "Delete what is not needed.")
        return None, None
    if bad := forbidden_character(text):
        problems.add(
            Place(name, line=text[: bad.start()].count("\n") + 1),
            "forbidden-character",
            describe_character(bad),
            EXPECTED_TEXT,
            "Delete that invisible character.",
        )
        return None, None
    try:
        _check_depth(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        return (loader.construct_document(node) if node is not None else None), node
    except _Forbidden as error:
        place = _error_place(error, name)
        problems.add(place, "forbidden-character", error.problem, EXPECTED_TEXT, "Delete that character.")
        return None, None
    except yaml.YAMLError as error:
        problems.add(_error_place(error, name), "yaml", *_yaml_reason(error))
        return None, None


def _check_depth(text: str) -> None:
    """Nodes are composed recursively, in C without any guard: 200,000 brackets would crash Python."""
    depth = 0
    for event in yaml.parse(text, Loader=_Base):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            reason = f"more than {DEEPEST} levels of nesting"
            raise yaml.composer.ComposerError(None, None, reason, event.start_mark)


_YAML_ADVICE = "Check indentation, quotes and colons there; text with a colon or starting with a special sign needs quotes."


def _reason(error: Exception) -> str:
    return (
        "a file that does not exist"
        if isinstance(error, FileNotFoundError)
        else f"an unreadable file ({error})"
    )


def _error_place(error: yaml.YAMLError, name: str) -> Place:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return Place(name, line=mark.line + 1, column=mark.column + 1) if mark else Place(name)


def _yaml_reason(error: yaml.YAMLError) -> tuple[str, str, str]:
    """Found, expected and what to do; what PyYAML's parser says is in its own words, the rest is ours."""
    reason = getattr(error, "problem", None) or str(error).splitlines()[0]
    if isinstance(error, yaml.constructor.ConstructorError):
        return reason, "each key once, and values that are text, numbers, dates or lists", "Correct it there."
    return f"broken YAML ({reason})", "valid YAML", _YAML_ADVICE


def read_yaml(path: Path, name: str, form: type[Form], problems: Problems) -> Document[Form] | None:
    """One YAML file as a `form`; None and its problems (all of them) where it does not fit.

    `name` is the file's name as people are told it: relative to the project's folder.
    """
    before = len(problems.found)
    data, node = load_yaml(path, name, problems)
    if len(problems.found) > before:
        return None
    try:
        return Document(name, form.model_validate(data if data is not None else {}), node)
    except ValidationError as error:
        for defect in error.errors(include_url=False):
            _add(defect, name, node, form, problems)
        return None


def place_of(node: yaml.Node | None, keys: tuple, name: str) -> Place:
    """The line and column of the value under `keys`, or of the nearest thing above that exists."""
    place = Place(name, line=1, key=_dotted(keys))
    for key in keys:
        node = _child(node, key)
        if node is None:
            break
        mark, value = node.start_mark, node.value if isinstance(node, yaml.ScalarNode) else None
        place = Place(name, line=mark.line + 1, column=mark.column + 1, key=_dotted(keys), value=value)
    return place


def _child(node: yaml.Node | None, key: object) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == str(key)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key]
    return None


def _dotted(keys: tuple) -> str:
    text = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.lstrip(".")


def _add(
    defect: dict, name: str, node: yaml.Node | None, form: type[StrictModel], problems: Problems
) -> None:
    keys = tuple(
        key
        for key in defect["loc"]
        if not str(key).startswith(("function-", "list[", "literal[", "constrained-"))
    )
    place, kind = place_of(node, keys, name), defect["type"]
    if kind == "extra_forbidden":
        known = sorted(_fields_at(form, keys[:-1]))
        todo = did_you_mean(str(keys[-1]), known, "Delete it, or correct its name.")
        problems.add(
            place, "unknown-key", f'the unknown key "{keys[-1]}"', f"one of {', '.join(known)}", todo
        )
    elif kind == "missing":
        problems.add(
            place, "missing-key", "nothing", f'the key "{keys[-1]}"', f'Add a line "{keys[-1]}: ...".'
        )
    else:
        problems.add(
            place, "wrong-value", _shown(defect["input"]), _wanted(defect, form, keys), _way_out(defect)
        )


def _shown(value: object) -> str:
    """A value of another type than text is told with its type: "2017" and the number 2017 look alike."""
    sorts = {int: "the number", float: "the number", bool: "the value", datetime.date: "the date"}
    return (
        f"{sorts[type(value)]} {value}"
        if type(value) in sorts
        else quoted(value)
        if value is not None
        else "nothing"
    )


def _way_out(defect: dict) -> str:
    allowed = re.findall(r"'([^']*)'", defect.get("ctx", {}).get("expected", ""))
    return did_you_mean(str(defect["input"]), allowed, "Correct the value.")


def _wanted(defect: dict, form: type[StrictModel], keys: tuple) -> str:
    own = {
        "string_type": 'text (put a number or a date in quotes, as in "12")',
        "int_type": "a whole number without quotes",
        "bool_type": "true or false",
        "invalid_key": "keys that are text",
        "date_type": "a date such as 2016-09-07, without quotes",
        "list_type": "a list (lines that start with a dash)",
        "dict_type": "keys and values",
        "model_type": "keys and values",
        "model_attributes_type": "keys and values",
    }
    if defect["type"] == "string_pattern_mismatch":
        return _field(form, keys).description or f"text of the form {defect['ctx']['pattern']}"
    if str(defect["loc"][-1:]).startswith("('literal["):
        return f"{defect['ctx']['expected']}, or a list"
    message = defect["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return own.get(defect["type"], message)


def _fields_at(form: type[StrictModel], keys: tuple) -> dict[str, FieldInfo]:
    """The keys that the model knows at a path; the models are small, so a walk is enough."""
    here: Any = form
    for key in keys:
        if isinstance(key, int):
            continue
        field = here.model_fields.get(key) if hasattr(here, "model_fields") else None
        here = _inner_model(field.annotation) if field else None
    return here.model_fields if here is not None else {}


def _field(form: type[StrictModel], keys: tuple) -> FieldInfo:
    names = [key for key in keys if not isinstance(key, int)]
    return _fields_at(form, tuple(names[:-1]))[names[-1]]


def _inner_model(annotation: Any) -> type[StrictModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        if (found := _inner_model(inner)) is not None:
            return found
    return None
