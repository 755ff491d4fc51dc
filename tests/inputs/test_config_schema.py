"""config.schema.json: what editors accept in config.yaml is what the build accepts."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import yaml
from forum_tools import MINIATURE
from generate_config_schema import SCHEMA, schema_text
from jsonschema import Draft7Validator
from papers.inputs.config import read_config
from papers.problems import Problems
from project_tools import ROOT

VALIDATOR = Draft7Validator(json.loads((ROOT / SCHEMA).read_text(encoding="utf-8")))


def fields(schema: dict) -> Iterator[tuple[str, dict]]:
    """Each field of the configuration: name -> its schema, with what it refers to."""
    for part in (schema, *schema["$defs"].values()):
        for name, field in part["properties"].items():
            referred = schema["$defs"].get(field.get("$ref", "").rsplit("/", 1)[-1], {})
            yield name, {**referred, **field}


def test_the_schema_is_that_of_the_program():
    assert (ROOT / SCHEMA).read_text(encoding="utf-8") == schema_text(), "run make schema"


def test_the_schema_is_valid_and_explains_every_field():
    Draft7Validator.check_schema(VALIDATOR.schema)
    assert not [name for name, field in fields(VALIDATOR.schema) if not field.get("description")]


def test_editors_find_the_schema_next_to_the_configuration():
    first = (ROOT / "config.yaml").read_text(encoding="utf-8").split("\n")[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA}"


@pytest.mark.parametrize("folder", [ROOT, MINIATURE])
def test_the_configurations_that_are_built_fit_the_schema(folder):
    assert VALIDATOR.is_valid(yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("off", [False, "off"])  # as YAML 1.1 reads it, and YAML 1.2
def test_off_without_quotes_fits_however_an_editor_reads_it(off):
    assert VALIDATOR.is_valid({"forum": "mini", "checks": {"consistency": off}})


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("forum: mini", True),
        ("forum: mini\nmeetings: [MINI1]", True),
        ("forum: mini\nchecks: {validity: off}", True),
        ("forum: all", True),
        ("forum: [mini, other]", True),
        ("forum: [mini, Other]", False),
        ("forum: []", False),
        ("meetings: all", False),
        ("forum: mini\nchecks: {valdity: off}", False),
        ("forum: mini\nintake: {largest_mb: 501}", False),
        ("forum: MINI", False),
        ("forum: yes", False),
        ("forum: mini\nmeetings: MINI1", False),
        ("forum: mini\nmeetings: [no]", False),
        ("forum: mini\nlanguage: en-GB", False),
        ("forum: mini\ncolour: red", False),
        ("forum: mini\nchecks: {validity: on}", False),
        ("forum: mini\nintake: {largest_mb: 0}", False),
    ],
)
def test_editors_and_the_build_accept_the_same(tmp_path, text, fits):
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    config = read_config([tmp_path / "config.yaml"], {}, Problems())
    assert (config is not None, VALIDATOR.is_valid(yaml.safe_load(text))) == (fits, fits)
