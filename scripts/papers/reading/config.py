"""config.yaml as a typed model. Apart from the other readers, because each start of the pipeline needs it at once."""

from __future__ import annotations

from pathlib import Path

from papers.problems import Problems
from papers.reading import forms
from papers.reading.yaml_files import read_form


def read_config(path: Path, problems: Problems) -> forms.Config | None:
    """config.yaml as a typed model, or None and its problems."""
    document = read_form(path, path.name, forms.Config, problems)
    return document.form if document else None
