"""Validators of Word files that several tests use."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from ooxml_integrity import check
from openxml_audit import OpenXmlValidator
from system_tools import VALIDATOR

# A theme holds colours and fonts by name; a document that names none needs none, and Word opens it without a word. The
# schema of the package does not ask for one either: openxml-audit takes its list from what Office itself writes.
NO_THEME = (
    "A required relationship type 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme'"
)


def open_xml_sdk(file: Path) -> dict:
    """Return the verdict of the Open XML SDK; only tests with the mark `validator` find its program."""
    program = shutil.which(VALIDATOR)
    assert program, "found no validator; expected what make test-all installs into tests/tools, and its mark"
    command = [program, str(file), "Microsoft365"]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return json.loads(done.stdout)


def sdk_errors(file: Path) -> list:
    """Return what the Open XML SDK finds wrong, as it says it."""
    verdict = open_xml_sdk(file)
    assert verdict["ok"] == (not verdict["errors"]), verdict
    return verdict["errors"]


def faults(file: Path) -> list[str]:
    """Return what the validators that are Python packages find wrong, without the theme that no paper needs."""
    found = [str(fault) for fault in check(str(file))]
    found += [error.description for error in OpenXmlValidator().validate(file).errors]
    return [text for text in found if not text.startswith(NO_THEME)]


# A test with an argument `validate` runs with the packages, and once more with the Open XML SDK.
EACH_VALIDATOR = pytest.mark.parametrize(
    "validate", [faults, pytest.param(sdk_errors, marks=pytest.mark.validator)]
)
