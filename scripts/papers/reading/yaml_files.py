"""YAML files -> typed models, every error with its line and column.

PyYAML composes the nodes (their marks are the places), pydantic checks the shape: closed models, all errors at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from papers.problems import Place, Problems, did_you_mean, quoted
from papers.reading.characters import forbidden

Form = TypeVar("Form", bound="Closed")


class Closed(BaseModel):
    """A file's shape: unknown keys are refused, nothing is guessed from another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass(frozen=True)
class Document(Generic[Form]):
    """A YAML file that fits its form, and where each of its values stands."""

    name: str
    form: Form
    node: yaml.Node | None

    def place(self, *keys: str | int) -> Place:
        """The place of the value under `keys`: names of keys and indices of list items (from 0)."""
        return place_of(self.node, keys, self.name)


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    """Safe YAML that refuses a key written twice in one mapping."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key.value!r} stands twice", key.start_mark
            )
        seen.add(key.value)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(path: Path, name: str, problems: Problems) -> tuple[Any, yaml.Node | None]:
    """The data of a YAML file and its node tree; (None, None) and a problem where it can't be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.add(
            Place(name), "unreadable", _reason(error), "a text file in UTF-8", "Save it again as UTF-8 text."
        )
        return None, None
    if bad := forbidden(text):
        problems.add(
            Place(name, line=text[: bad.start()].count("\n") + 1),
            "forbidden-character",
            f"the character U+{ord(bad[0]):04X}",
            "text that Word can hold",
            "Delete that invisible character.",
        )
        return None, None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        return (loader.construct_document(node) if node is not None else None), node
    except yaml.YAMLError as error:
        problems.add(_error_place(error, name), "yaml", _yaml_reason(error), "valid YAML", _YAML_ADVICE)
        return None, None


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


def _yaml_reason(error: yaml.YAMLError) -> str:
    return getattr(error, "problem", None) or str(error).splitlines()[0]


def read_form(path: Path, name: str, form: type[Form], problems: Problems) -> Document[Form] | None:
    """One YAML file as a `form`; None and its problems (all of them) where it does not fit.

    `name` is the file's name as people are told it: relative to the project's folder.
    """
    before = len(problems.found)
    data, node = load(path, name, problems)
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
        place = Place(
            name, line=node.start_mark.line + 1, column=node.start_mark.column + 1, key=_dotted(keys)
        )
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


def _add(defect: dict, name: str, node: yaml.Node | None, form: type[Closed], problems: Problems) -> None:
    keys = tuple(
        key for key in defect["loc"] if not str(key).startswith(("function-", "list[", "constrained-"))
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
        problems.add(place, "wrong-value", quoted(defect["input"]), _wanted(defect), "Correct the value.")


def _wanted(defect: dict) -> str:
    own = {
        "string_type": 'text (put a number or a date in quotes, as in "12")',
        "int_type": "a whole number without quotes",
        "bool_type": "true or false",
        "date_type": "a date such as 2016-09-07, without quotes",
        "list_type": "a list (lines that start with a dash)",
        "dict_type": "keys and values",
        "model_type": "keys and values",
        "model_attributes_type": "keys and values",
    }
    message = defect["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return own.get(defect["type"], message)


def _fields_at(form: type[Closed], keys: tuple) -> set[str]:
    """The names of the keys that the model knows at a path; the models are small, so a walk is enough."""
    here: Any = form
    for key in keys:
        if isinstance(key, int):
            continue
        field = here.model_fields.get(key) if hasattr(here, "model_fields") else None
        here = _inner_model(field.annotation) if field else None
    return set(here.model_fields) if here is not None else set()


def _inner_model(annotation: Any) -> type[Closed] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        if (found := _inner_model(inner)) is not None:
            return found
    return None
