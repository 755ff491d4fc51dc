"""Which forums a build is about: those of config.yaml, or of the options of Snakemake."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from papers.inputs.config_files import forum_names

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILES, _VALUES = ("--configfile", "--configfiles"), ("--config", "-C")


def selected_forums(arguments: list[str]) -> list[str]:
    """Return the forums of a build with these arguments for Snakemake; none if they can't be read."""
    files = [Path("config.yaml"), *map(Path, _words_of(arguments, _FILES))]
    pairs = (word.partition("=") for word in _words_of(arguments, _VALUES))
    return forum_names(files, {key: _value(text) for key, _, text in pairs}, Path())


def _words_of(arguments: list[str], options: tuple[str, ...]) -> Iterator[str]:
    """Yield the words of an option, up to the next option."""
    inside = False
    for word in arguments:
        name, is_one, rest = word.partition("=")
        if word.startswith("-"):
            inside = name in options
            if inside and is_one:
                yield rest
        elif inside:
            yield word


def _value(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text
