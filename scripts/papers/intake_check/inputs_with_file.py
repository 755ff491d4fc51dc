"""Read a forum's inputs as they would be with one more file: the reader and its checks are those of a build.

The inputs are copied into a temporary folder, the file among them. Archived and received files are there by name
only, as no reader of the model opens them. What the entries of papers need is not checked: it is no matter of the file.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.ledger.file import LEDGER_NAME
from papers.model.forum import build_model
from papers.problems import Problems
from papers.store.template_folders import SHIPPED
from papers.store.work_files import RECEIVED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.model.forum import Model

_BY_NAME_ONLY = (RECEIVED, "issued")


def read_inputs_with(root: Path, forum: str, file: Path | None, name: str) -> tuple[Model | None, Problems]:
    """Return the model and all problems of a forum that has `file` as the input `name`; None: as the inputs are."""
    problems = Problems()
    with _copy(root, file, name) as folder:
        config = read_config([root / "config.yaml"], {}, problems, forum)
        inputs = read_inputs(folder, config, problems) if config else None
        model = build_model(inputs, config, problems) if inputs and config else None
    return model, problems


@contextmanager
def _copy(root: Path, file: Path | None, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="forum-papers-") as place:
        folder = Path(place)
        for path in sorted((root / "inputs").rglob("*")):
            _copy_one(root, path.relative_to(root), folder)
        for path in sorted((root / SHIPPED).glob("*.yaml")):
            _copy_one(root, path.relative_to(root), folder)
        if file:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        yield folder


def _copy_one(root: Path, name: Path, folder: Path) -> None:
    """Copy a file, without those that Office leaves beside open ones."""
    path, target = root / name, folder / name
    if path.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    elif path.is_file() and not path.name.startswith("~$"):
        target.parent.mkdir(parents=True, exist_ok=True)
        if {*_BY_NAME_ONLY} & {*name.parts} and not path.name.startswith(Path(LEDGER_NAME).stem):
            target.touch()
        else:
            shutil.copyfile(path, target)
