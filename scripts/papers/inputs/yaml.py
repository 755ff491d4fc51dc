"""Read YAML files as typed models; every error has its line and column.

PyYAML composes the nodes, whose marks are the places; pydantic checks the values: closed models, all errors
at once.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from papers.characters import EXPECTED_TEXT, describe_character, forbidden_character
from papers.inputs.text_files import read_text_file
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic.fields import FieldInfo

Form = TypeVar("Form", bound="StrictModel")
RENAMED_KEYS = {"told": "what_was_done"}  # of earlier editions: old key -> new key
_EXTRA = "extra_forbidden"  # pydantic's name for a key that the form does not have
MAX_DEPTH = 50  # levels of nesting; the deepest file of ours has below 10


class StrictModel(BaseModel):
    """The form of a file: unknown keys are errors, and no value is converted from another type."""

    # Built when first used: most jobs import these models and read no file with them.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


@dataclass(frozen=True)
class Document(Generic[Form]):
    """A YAML file that fits its form, and the place of each of its values."""

    name: str
    form: Form
    node: yaml.Node | None

    def place(self, *keys: str | int) -> Place:
        """Return the place of the value under `keys`: names of keys and indices of list items (from 0)."""
        return _place_of(self.node, keys, self.name)


def read_yaml(path: Path, name: str, form: type[Form], problems: Problems) -> Document[Form] | None:
    """Return a YAML file as a `form`; None and all its problems where it does not fit.

    `name` is the file as messages name it: relative to the project's folder.
    """
    before = len(problems.found)
    data, node = load_yaml(path, name, problems)
    if len(problems.found) > before:
        return None
    try:
        return Document(name, form.model_validate(data if data is not None else {}), node)
    except ValidationError as error:
        defects = error.errors(include_url=False)
        renamed = {(*d["loc"][:-1], RENAMED_KEYS.get(d["loc"][-1])) for d in defects if d["type"] == _EXTRA}
        for defect in defects:
            if defect["type"] != "missing" or defect["loc"] not in renamed:
                _add_defect(defect, name, node, form, problems)
        return None


# Loading

_BaseLoader = yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader
_KINDS = {"tag:yaml.org,2002:timestamp": "date", "tag:yaml.org,2002:int": "number"}


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
    if text is None:
        return None, None
    try:
        _check_depth(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        return (loader.construct_document(node) if node is not None else None), node
    except _ForbiddenCharacter as error:
        place, todo = _error_place(error, name), "Delete that character."
        problems.add(place, "forbidden-character", error.problem, EXPECTED_TEXT, todo)
    except yaml.YAMLError as error:
        problems.add(_error_place(error, name), "yaml", *_describe_error(error))
    return None, None


def _check_depth(text: str) -> None:
    """Refuse deep nesting.

    Nodes are composed recursively in C without a limit: 200,000 brackets crash Python.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            reason = f"more than {MAX_DEPTH} levels of nesting"
            raise yaml.composer.ComposerError(None, None, reason, event.start_mark)


def _error_place(error: yaml.YAMLError, name: str) -> Place:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return Place(name, line=mark.line + 1, column=mark.column + 1) if mark else Place(name)


def _describe_error(error: yaml.YAMLError) -> tuple[str, str, str]:
    """Return found, expected and what to do; a reason of PyYAML's parser is in its own words."""
    reason = getattr(error, "problem", None) or str(error).splitlines()[0]
    if isinstance(error, yaml.constructor.ConstructorError):
        return reason, "each key once, and values that are text, numbers, dates or lists", "Correct it there."
    todo = "Check indentation, quotes and colons there; put text with a colon or a leading sign in quotes."
    return f"broken YAML ({reason})", "lines that YAML can read", todo


# Places


def _place_of(node: yaml.Node | None, keys: tuple, name: str) -> Place:
    """Return the line and column of the value under `keys`, or of the nearest value above it that exists."""
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
    """Return keys as messages name them, items counted from 1: ``papers[2].title``."""
    text = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.lstrip(".")


# Errors of pydantic as problems

_EXPECTED = {
    "string_type": 'text (put a number or a date in quotes, as in "12")',
    "string_too_short": "text that is not empty",
    "int_type": "a whole number without quotes",
    "float_type": "a number without quotes",
    "bool_type": "true or false",
    "invalid_key": "keys that are text",
    "date_type": "a date such as 2016-09-07, without quotes and without a time",
    "list_type": "a list (lines that start with a dash)",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of {ge:g} or more",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number of {le:g} or less",
}
_NOT_KEYS = (
    "function-",
    "list[",
    "literal[",
    "constrained-",
)  # what pydantic puts between the keys of a place


def _add_defect(
    defect: dict, name: str, node: yaml.Node | None, form: type[StrictModel], problems: Problems
) -> None:
    keys = tuple(key for key in defect["loc"] if not str(key).startswith(_NOT_KEYS))
    place = _place_of(node, keys, name)
    if defect["type"] == _EXTRA:
        known = sorted(_fields_at(form, keys[:-1]))
        if (new := RENAMED_KEYS.get(keys[-1])) in known:
            found, todo = f'the key "{keys[-1]}", which has a new name', f"Write {new} instead of {keys[-1]}."
            problems.add(place, "renamed-key", found, f'the key "{new}"', todo)
            return
        todo = did_you_mean(str(keys[-1]), known, "Delete it, or correct its name.")
        found, expected = f'the unknown key "{keys[-1]}"', f"one of {', '.join(known)}"
        problems.add(place, "unknown-key", found, expected, todo)
    elif defect["type"] == "missing":
        todo = f'Add a line "{keys[-1]}: ...".'
        problems.add(place, "missing-key", "nothing", f'the key "{keys[-1]}"', todo)
    else:
        found, expected = _describe_value(defect["input"]), _describe_expected(defect, form, keys)
        problems.add(place, "wrong-value", found, expected, _what_to_do(defect))


def _describe_value(value: object) -> str:
    """Describe a value; one that is not text with its type, as "2017" and the number 2017 look alike."""
    kinds = {int: "the number", float: "the number", bool: "the value", datetime.date: "the date"}
    if value is None:
        return "nothing"
    return f"{kinds[type(value)]} {value}" if type(value) in kinds else quoted(value)


def _what_to_do(defect: dict) -> str:
    allowed = re.findall(r"'([^']*)'", defect.get("ctx", {}).get("expected", ""))
    return did_you_mean(str(defect["input"]), allowed, "Correct the value.")


def _describe_expected(defect: dict, form: type[StrictModel], keys: tuple) -> str:
    context = defect.get("ctx", {})
    if defect["type"] == "string_pattern_mismatch":
        return _field_at(form, keys).description or f"text of the form {context['pattern']}"
    if str(defect["loc"][-1:]).startswith("('literal["):
        return f"{context['expected']}, or a list"
    if defect["type"] in _EXPECTED:
        return _EXPECTED[defect["type"]].format(**context)
    return defect["msg"].removeprefix("Value error, ").removeprefix("Input should be ")


def _fields_at(form: type[StrictModel], keys: tuple) -> dict[str, FieldInfo]:
    """Return the keys that the model has at a path; the models are small enough to search them each time."""
    model: Any = form
    for key in keys:
        if isinstance(key, int):
            continue
        field = model.model_fields.get(key) if hasattr(model, "model_fields") else None
        model = _inner_model(field.annotation) if field else None
    return model.model_fields if model is not None else {}


def _field_at(form: type[StrictModel], keys: tuple) -> FieldInfo:
    names = [key for key in keys if not isinstance(key, int)]
    return _fields_at(form, tuple(names[:-1]))[names[-1]]


def _inner_model(annotation: Any) -> type[StrictModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        if (found := _inner_model(inner)) is not None:
            return found
    return None
