"""The configuration: what to build. `make schema` writes it as config.schema.json.

Editors show the descriptions of fields; messages show them where a value does not fit the pattern of its field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, WithJsonSchema

from papers.inputs.config_files import ALL, ConfigSource, merge_sources, read_sources
from papers.inputs.schemas import AllOrSome, FolderNames
from papers.inputs.yaml import StrictModel, fit_form
from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from pathlib import Path


# YAML 1.1 reads off without quotes as false, as our reader does; editors may read YAML 1.2, where it is text.
Severity = Annotated[
    Literal["warning", "error", "off"],
    BeforeValidator(lambda value: "off" if value is False else value),
    WithJsonSchema({"enum": ["warning", "error", "off", False]}),
]


class Checks(StrictModel):
    """How each kind of finding counts: as a warning, as an error that fails the build, or not at all (off)."""

    nomenclature: Severity = Field("warning", description="words that APEC papers do not use")
    open_text: Severity = Field("warning", description="brackets, placeholders, draft marks, comments")
    accessibility: Severity = Field(
        "warning",
        description="title, language, headings, header rows, alternative texts, links, contrast",
    )
    empty: Severity = Field("warning", description="headings and tables without content, filler")
    consistency: Severity = Field(
        "warning", description="a total, date or title that differs between two papers of a meeting"
    )
    validity: Severity = Field("error", description="a file that Word may refuse to open")


# Keys of earlier editions that belong to a forum -> the key of settings.yaml.
MOVED = {
    "organisation": "organisation",
    "language": "language",
    "public": "public",
    "schedule_columns": "tables: schedule",
    "classification_columns": "classification_columns",
    "ranking": "ranking",
    "recommendation_verbs": "recommendation_verbs",
    "doubles": "doubles",
}


class Intake(StrictModel):
    """Limits for papers that others send."""

    largest_mb: float = Field(25, gt=0, le=500, description="the largest file that is accepted, in megabytes")


class Config(StrictModel):
    """What Forum Papers builds. Run make after a change."""

    forums: FolderNames = Field(
        alias="forum",
        description="all, the name of a forum's folder in inputs/ in lower-case letters, digits and hyphens, or a list of"
        " names",
    )
    meetings: AllOrSome = Field(
        "all", description="the meetings whose papers are built: all, or a list of codes such as [SMEWG43]"
    )
    intake: Intake = Intake()
    checks: Checks = Checks()
    _forum: str = PrivateAttr("")
    _places: dict[str, Place] = PrivateAttr(default_factory=dict)

    @property
    def forum(self) -> str:
        """The forum that this build, or this command, is about: the name of its folder in inputs/."""
        return self._forum

    def as_data(self) -> dict[str, Any]:
        """Return what the papers of the forum depend on: not which other forums are built."""
        return {"forum": self.forum, **self.model_dump(mode="json", exclude={"forums"})}

    def place(self, key: str) -> Place:
        """Return the place of the value of a top-level key: in a file, or on the command line."""
        return self._places.get(key, Place("config.yaml", key=key))


def read_config(
    files: Sequence[Path], overrides: Mapping, problems: Problems, forum: str = ""
) -> Config | None:
    """Return the configuration as a typed model; None and all its problems where it can't be read or does not fit.

    `forum` is the one that is built; "" stands for the one that the configuration names, where it is only one.

    Each of `files` is over those before it, and `overrides`, the values of Snakemake's --config, over all files;
    they are merged as Snakemake merges them. A problem names the file and line, or the command line, that gives
    the value; an unknown key is reported wherever it is written.
    """
    before = len(problems.found)
    sources = read_sources(files, overrides, problems)
    if len(problems.found) > before:
        return None
    sources = [_without_moved(source, problems) for source in sources]
    odd = [source for source in sources if not isinstance(source.data, Mapping)]
    data, sources = (odd[0].data, odd[:1]) if odd else (merge_sources(sources), sources)
    config = fit_form(data, Config, lambda keys: _places(sources, keys), problems)
    if len(problems.found) > before:
        return None
    if config is not None:
        config._places.update({key: _places(sources, (key,))[-1] for key in data})
        config._forum = forum or _only(config.forums)
    return config


def _only(forums: str | list[str]) -> str:
    """Return the only forum that is named; "" where there may be several."""
    names = [forums] if isinstance(forums, str) else forums
    return names[0] if len(names) == 1 and names[0] != ALL else ""


def _without_moved(source: ConfigSource, problems: Problems) -> ConfigSource:
    """Return what a source gives without the keys that belong into settings.yaml; each is reported."""
    if not isinstance(source.data, Mapping):
        return source
    forum = source.data.get("forum")
    folder = forum if isinstance(forum, str) and forum != ALL else "<forum>"
    for key in (key for key in source.data if key in MOVED):
        expected = f"it in inputs/{folder}/settings.yaml, under {MOVED[key]}"
        todo = "Move it there, or delete it: without it the defaults hold."
        if key == "schedule_columns":
            todo = "Declare the columns there (inputs/README.md shows how), or delete it."
        problems.add(source.place((key,)), "moved-key", f"the key {quoted(key)}", expected, todo)
    kept = {key: value for key, value in source.data.items() if key not in MOVED}
    return replace(source, data=kept)


def _places(sources: Sequence[ConfigSource], keys: tuple) -> list[Place]:
    """Return where the value under `keys` is given, the place that counts last; within a list that is the only one."""
    giving = [source for source in sources if source.gives(keys)] or sources[:1]
    only_last = any(isinstance(key, int) for key in keys)  # an earlier list is replaced whole
    return [source.place(keys) for source in (giving[-1:] if only_last else giving)]
