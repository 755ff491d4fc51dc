"""Where the configuration comes from: YAML files and Snakemake's --config, merged as Snakemake merges them.

Values are checked in `config`. This module does not import pydantic, as the Snakefile asks it for the forum's name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from papers.characters import EXPECTED_TEXT, TYPE_AGAIN, describe_character, forbidden_character
from papers.inputs.yaml_nodes import dotted, load_yaml, place_of
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import yaml

COMMAND_LINE = "command line"
ALL = "all"  # the word for every forum, or every meeting
_FOLDER = re.compile(r"[\w-]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class ConfigSource:
    """A file of the configuration, or the command line, which has no node."""

    name: str
    data: Any
    node: yaml.Node | None = None

    def gives(self, keys: tuple) -> bool:
        """Return whether there is a value under `keys`; a list counts as one value, as it is merged whole."""
        return bool(self._values(keys))

    def place(self, keys: tuple) -> Place:
        """Return the place of the value under `keys`: names of keys and indices of list items (from 0)."""
        if self.node:
            return place_of(self.node, keys, self.name)
        numbers = [str(value) for value in self._values(keys) if type(value) in (int, float)]
        return Place(self.name, key=dotted(keys), value=numbers[0] if numbers else None)

    def _values(self, keys: tuple) -> list:
        """Return the value under `keys`, or the list that contains it, in a list; empty if there is none."""
        value = self.data
        for key in keys:
            if isinstance(value, list):
                break
            items = value.items() if isinstance(value, Mapping) else ()
            # pydantic names a key that is no text by its repr
            found = [inner for name, inner in items if key in (name, repr(name))]
            if not found:
                return []
            value = found[0]
        return [value]


def read_sources(files: Sequence[Path], overrides: Mapping, problems: Problems) -> list[ConfigSource]:
    """Return the sources of the configuration, each over those before it: `files`, then the command line.

    `overrides` are the values of --config, as Snakemake parses them. Only sources that can be read are returned;
    the others are problems.
    """
    sources = []
    for file in files:
        before, name = len(problems.found), _shown_name(file, files[0])
        data, node = load_yaml(file, name, problems)
        if len(problems.found) == before:
            sources.append(ConfigSource(name, data if data is not None else {}, node))
    for keys, value in _leaves(overrides):
        if isinstance(value, str) and (bad := forbidden_character(value)):
            place, found = Place(COMMAND_LINE, key=dotted(keys)), describe_character(bad)
            problems.add(place, "forbidden-character", found, EXPECTED_TEXT, TYPE_AGAIN)
    return [*sources, ConfigSource(COMMAND_LINE, _typed(overrides))]


def merge_sources(sources: Sequence[ConfigSource]) -> dict:
    """Return the data of all sources as one mapping, as Snakemake would; sources that are no mappings are left out."""
    return reduce(merge, (source.data for source in sources if isinstance(source.data, Mapping)), {})


def merge(config: Any, changes: Mapping) -> Any:
    """Return `config` with `changes` on top, as Snakemake merges: mappings key by key, any other value whole."""
    if not changes:
        return config  # whatever it is, as in Snakemake
    merged = dict(config) if isinstance(config, Mapping) else {}
    for key, value in changes.items():
        merged[key] = merge(merged.get(key, {}), value) if isinstance(value, Mapping) else value
    return merged


def forum_folders(root: Path) -> list[str]:
    """Return the names of the forums' folders below root/inputs, sorted: each has a file forum.yaml."""
    return sorted(path.parent.name for path in root.glob("inputs/*/forum.yaml"))


def meeting_codes(root: Path, forum: str) -> set[str]:
    """Return the codes of a forum's meetings, as the names of their files have them."""
    return {path.stem for path in root.glob(f"inputs/{forum}/meetings/*.yaml")}


def forum_names(files: Sequence[Path], overrides: Mapping, root: Path) -> list[str]:
    """Return the forums that the configuration names, without checking anything else.

    If it lists meetings, only the forums that have one of them. The list is empty if none is named that could
    be a folder; `read_config` reports that.
    """
    sources = read_sources(files, overrides, Problems())
    merged = merge_sources(sources)
    forums = _named_forums(merged.get("forum"), sources, root)
    meetings = merged.get("meetings")
    codes = {code for code in meetings if isinstance(code, str)} if isinstance(meetings, list) else set()
    return [forum for forum in forums if codes & meeting_codes(root, forum)] or forums


def _named_forums(named: Any, sources: Sequence[ConfigSource], root: Path) -> list[str]:
    if named == ALL:
        return forum_folders(root)
    if type(named) in (int, float):  # without quotes: the text that is written, as in `read_config`
        named = (
            next(source for source in reversed(sources) if source.gives(("forum",))).place(("forum",)).value
        )
    names = named if isinstance(named, list) else [named]
    return list(dict.fromkeys(name for name in names if isinstance(name, str) and _FOLDER.fullmatch(name)))


def _shown_name(file: Path, first: Path) -> str:
    """Return a file as messages name it: below the folder of the first file relative to it, or else as it is given."""
    folder = os.path.abspath(first.parent)
    return (file.relative_to(folder) if file.is_relative_to(folder) else file).as_posix()


def _typed(value: Any) -> Any:
    """Return a value of the command line with the numbers and booleans in its mappings, which Snakemake leaves as text.

    Items of lists stay as they are: all lists of single values hold text, such as codes of meetings.
    """
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {key: _scalar(inner) if isinstance(inner, str) else _typed(inner) for key, inner in value.items()}


def _scalar(text: str) -> Any:
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return _BOOLEANS.get(text.lower(), text)


def _leaves(value: Any, keys: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    """Yield (keys, value) for each single value within lists and mappings."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*keys, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*keys, index))
    else:
        yield keys, value
