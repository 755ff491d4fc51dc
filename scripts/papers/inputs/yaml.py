"""Read YAML files as typed models; every error has its line and column.

`yaml_nodes` loads a file; pydantic checks the values: closed models, all errors at once.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import partial, reduce
from operator import getitem
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from papers.inputs.dates import date_in_words
from papers.inputs.yaml_nodes import load_yaml, place_of
from papers.problems import MAX_ALIKE, Place, Problems, did_you_mean, quoted, renamed_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import yaml
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    Keys = tuple[str | int, ...]  # of a value: names of keys and indices of list items

Form = TypeVar("Form", bound="StrictModel")
FormOf: TypeAlias = "type[Form] | Callable[[Any], type[Form]]"
RENAMED_KEYS = {"told": "what_was_done"}  # of earlier editions: old key -> new key
_EXTRA = "extra_forbidden"  # pydantic's name for a key that the form does not have


class StrictModel(BaseModel):
    """The form of a file: unknown keys are errors, and a value of another type is one unless its meaning is certain."""

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
        return place_of(self.node, keys, self.name)

    def as_data(self) -> str:
        """Return what model.json says of the file: its name."""
        return self.name


def read_yaml(path: Path, name: str, form: FormOf[Form], problems: Problems) -> Document[Form] | None:
    """Return a YAML file as a `form`; None and all its problems where it does not fit.

    `form` may be a function that returns the form for the data of the file. `name` is the file as messages
    name it: relative to the project's folder. Where text is expected, a number without quotes is accepted as it is
    written in the file: 1.10 is "1.10". So are 12 September 2018 where a date is expected, and one text where a list of
    texts is.
    """
    before = len(problems.found)
    data, node = load_yaml(path, name, problems)
    if len(problems.found) > before:
        return None
    if not isinstance(form, type):
        form = form(data)
    required = [key for key, field in _fields(form).items() if field.is_required()]
    if data is None and required:
        expected, todo = f"the keys {', '.join(required)}", "Write them, or restore the file from a backup."
        problems.add(Place(name, line=1), "missing-key", "a file without any key", expected, todo)
        return None
    places = partial(_places_in_file, node, name)
    fitting = fit_form({} if data is None else data, form, places, problems)
    return Document(name, fitting, node) if fitting is not None else None


def _places_in_file(node: yaml.Node | None, name: str, keys: Keys) -> list[Place]:
    return [place_of(node, keys, name)]


def fit_form(
    data: Any, form: type[Form], places: Callable[[Keys], list[Place]], problems: Problems
) -> Form | None:
    """Return `data` as a `form`; None and all its problems where it does not fit.

    `places` returns where the value under some keys is written; the last of these places is the one that
    counts. Its value replaces a number in `data` that is to be text.
    """
    valid, defects = _validate(form, data)
    if _replace_as_meant(data, form, places, defects):
        valid, defects = _validate(form, data)
    if valid is not None:
        return valid
    defects = defects[: 2 * MAX_ALIKE]  # more are not reported
    renamed = _renamed_keys(defects)
    for defect in defects:
        if defect["type"] != "missing" or defect["loc"] not in renamed.values():
            found = places(_keys_of(defect))
            for place in found if defect["type"] == _EXTRA else found[-1:]:
                _add_defect(defect, place, form, renamed, problems)
    return None


def _validate(form: type[Form], data: Any) -> tuple[Form | None, list[ErrorDetails]]:
    """Return the data of a file as a `form`; None and what pydantic finds wrong where it does not fit."""
    try:
        return form.model_validate(data), []
    except ValidationError as error:
        # A default that follows from another value is missing only because that one is wrong.
        defects = error.errors(include_url=False)
        return None, [one for one in defects if one["type"] != "default_factory_not_called"]


def _replace_as_meant(
    data: Any, form: type[StrictModel], places: Callable[[Keys], list[Place]], defects: list[ErrorDetails]
) -> bool:
    """Replace values of another type whose meaning is certain; return whether there are any."""
    replaced = False
    for defect in defects:
        keys, kind, value, meant = _keys_of(defect), defect["type"], defect["input"], None
        if kind == "string_type" and type(value) in (int, float):
            text = places(keys)[-1].value
            meant = text if isinstance(text, str) else None
        elif kind == "date_type" and isinstance(value, str):
            meant = date_in_words(value)
        elif kind == "list_type" and isinstance(value, str) and _is_list_of_texts(form, keys):
            meant = _only_entry(value)
        if meant is not None:
            _replace(data, keys, meant)
            replaced = True
    return replaced


def _is_list_of_texts(form: type[StrictModel], keys: Keys) -> bool:
    """Return whether a list of texts is expected under some keys."""
    field = _fields_at(form, keys[:-1]).get(str(keys[-1]))
    annotation = field.annotation if field else None
    return list[str] in (annotation, *getattr(annotation, "__args__", ()))


def _replace(data: Any, keys: Keys, text: Any) -> None:
    """Put a value under its keys, or in place of a single value that the form takes for a list of one."""
    holder = reduce(getitem, keys[:-1], data)
    if isinstance(holder, (list, dict)):
        holder[keys[-1]] = text
    else:
        reduce(getitem, keys[:-2], data)[keys[-2]] = text


# Errors of pydantic as problems

_EXPECTED = {
    "string_type": "text (put a date, or a word such as no, in quotes)",
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
    "too_short": "a list with {min_length} or more entries",
    "too_long": "a list with {max_length} or fewer entries",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of {ge:g} or more",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number of {le:g} or less",
}
_NOT_KEYS = (
    "str[",
    "function-",
    "list[",
    "literal[",
    "constrained-",
    "[key]",
)  # what pydantic puts between the keys of a place


def _keys_of(defect: ErrorDetails) -> Keys:
    """Return the keys and indices under which the value is that a defect is about."""
    return tuple(key for key in defect["loc"] if not str(key).startswith(_NOT_KEYS))


def _renamed_keys(defects: list[ErrorDetails]) -> dict[Keys, Keys]:
    """Return place of an unknown key -> that of the missing key that it probably is: one mistake."""
    by_parent: dict[Keys, tuple[list[str], list[str]]] = {}
    for defect in defects:
        if defect["type"] in (_EXTRA, "missing"):
            unknown, missing = by_parent.setdefault(defect["loc"][:-1], ([], []))
            (unknown if defect["type"] == _EXTRA else missing).append(str(defect["loc"][-1]))
    found: dict[Keys, Keys] = {}
    for parent, (unknown, missing) in by_parent.items():
        pairs = {key: new for key in unknown if (new := RENAMED_KEYS.get(key)) in missing}
        rest = [key for key in missing if key not in pairs.values()]
        pairs |= renamed_names([key for key in unknown if key not in pairs], rest)
        found |= {(*parent, key): (*parent, new) for key, new in pairs.items()}
    return found


def _add_defect(
    defect: ErrorDetails,
    place: Place,
    form: type[StrictModel],
    renamed: dict[Keys, Keys],
    problems: Problems,
) -> None:
    keys = _keys_of(defect)
    if defect["type"] == _EXTRA:
        known = sorted(_fields_at(form, keys[:-1]))
        missing = str(renamed.get(defect["loc"], ("",))[-1])
        is_text = defect["input"] is None and " " in str(keys[-1])  # behind a comma within braces
        _add_unknown_key(place, str(keys[-1]), known, missing, problems, is_text)
    elif defect["type"] == "missing":
        todo = f'Add a line "{keys[-1]}: ...".'
        problems.add(place, "missing-key", "nothing", f'the key "{keys[-1]}"', todo)
    else:
        found, expected = _describe_value(defect["input"]), _describe_expected(defect, form, keys)
        problems.add(place, "wrong-value", found, expected, _what_to_do(defect))


def _add_unknown_key(
    place: Place, key: str, known: list[str], missing: str, problems: Problems, is_text: bool
) -> None:
    """Report a key that the form does not have; `missing` is the key that it probably is, or "".

    `is_text`: whether it probably is the rest of a text with a comma.
    """
    if is_text and not missing:
        found, expected = f"{quoted(key)} as a key", "a text with a comma in quotation marks"
        todo = "Put the whole text in quotation marks, with what stands before the comma; or delete it."
        problems.add(place, "unknown-key", found, expected, todo)
        return
    if (new := RENAMED_KEYS.get(key)) in known:
        found, todo = f'the key "{key}", which has a new name', f"Write {new} instead of {key}."
        problems.add(place, "renamed-key", found, f'the key "{new}"', todo)
        return
    found, expected = f'the unknown key "{key}"', f"one of {', '.join(known)}"
    todo = did_you_mean(key, known, "Delete it, or correct its name.")
    if missing:
        expected = f'the key "{missing}"'
        otherwise = f"Rename it if it is that key; if not, delete it, and add {missing}."
        todo = did_you_mean(key, [missing], otherwise)
    problems.add(place, "unknown-key", found, expected, todo)


def _describe_value(value: object) -> str:
    """Describe a value; one that is not text with its type, as "2017" and the number 2017 look alike."""
    kinds = {int: "the number", float: "the number", bool: "the value", datetime.date: "the date"}
    if value is None:
        return "nothing"
    return f"{kinds[type(value)]} {value}" if type(value) in kinds else quoted(value)


def _what_to_do(defect: ErrorDetails) -> str:
    allowed = re.findall(r"'([^']*)'", defect.get("ctx", {}).get("expected", ""))
    return did_you_mean(str(defect["input"]), allowed, "Correct the value.")


def _describe_expected(defect: ErrorDetails, form: type[StrictModel], keys: Keys) -> str:
    context = defect.get("ctx", {})
    if defect["type"] == "string_pattern_mismatch":
        return _field_at(form, keys).description or "text of another form"
    if str(defect["loc"][-1:]).startswith("('literal["):
        return f"{context['expected']}, or a list"
    if defect["type"] == "literal_error":
        return context["expected"]
    if defect["type"] == "value_error":  # of our own validators
        return str(context["error"])
    return _EXPECTED.get(defect["type"], "another value").format(**context)


def _fields_at(form: type[StrictModel], keys: Keys) -> dict[str, FieldInfo]:
    """Return the keys that the model has at a path; the models are small enough to search them each time."""
    model: Any = form
    is_key = False  # whether the next key is one of a dictionary of models, and no field
    for key in keys:
        if isinstance(key, int) or is_key:
            is_key = False
            continue
        field = _fields(model).get(key) if hasattr(model, "model_fields") else None
        model = _inner_model(field.annotation) if field else None
        is_key = field is not None and getattr(field.annotation, "__origin__", None) is dict
    return _fields(model) if model is not None else {}


def _fields(model: Any) -> dict[str, FieldInfo]:
    """Return the keys of a form, as they are written in files."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _field_at(form: type[StrictModel], keys: Keys) -> FieldInfo:
    names = [key for key in keys if not isinstance(key, int)]
    return _fields_at(form, tuple(names[:-1]))[names[-1]]


def _inner_model(annotation: Any) -> type[StrictModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        if (found := _inner_model(inner)) is not None:
            return found
    return None


def _only_entry(text: str) -> list[str] | None:
    """Return a single text as the list that it stands for; None where it may be several.

    A comma, a semicolon or the word "and" may stand between two entries or be part of one; a bracket may be the rest
    of a list.
    """
    unclear = re.search(r"[,;\n\[\]{}]|\band\b", text) or not text.strip()
    return None if unclear else [text.strip()]
