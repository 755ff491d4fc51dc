"""Adapter of the rule `prepare`: templates and files of kinds -> one prepared file for each kind of paper.

If there are problems, all are reported and nothing is written. Those of the files of kinds are reported by `read`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.docx.template.prepare import prepare_kind
from papers.inputs.kind_files import read_kind_files
from papers.job import run_job
from papers.problems import Place, Problems
from papers.store.files import write_with_digest
from papers.store.template_folders import files_of_kinds
from papers.store.work_files import SHARED_TEMPLATES
from papers.wording.check_kinds import check_kinds
from papers.wording.kind import kinds_of

if TYPE_CHECKING:
    from papers.inputs.kind_files import KindFiles
    from papers.job import JobLog


def main(log: JobLog, forum: str, logo: str, out: str) -> None:
    picture, problems = Path(logo) if logo else None, Problems()
    files, checked = read_kind_files(Path(), forum, problems), {}
    check_kinds(files, problems)
    if not problems:
        kinds = kinds_of(files)
        _check_names(files, forum, problems)
        prepared = {kind: prepare_kind(Path(), kinds, kind, picture, problems, checked) for kind in kinds}
    log.add_problems(problems)
    if problems:
        return
    for kind, data in prepared.items():
        write_with_digest(Path(out, f"{kind}.prepared"), data)


def _check_names(files: KindFiles, forum: str, problems: Problems) -> None:
    """Report templates of no kind: they would be skipped silently."""
    known = [*SHARED_TEMPLATES, *sorted(files.kinds)]
    for name, file in sorted(files_of_kinds(Path(), forum, ".docx").items()):
        if name not in known:
            problems.add(
                Place(file),
                "stray-template",
                "a template of no kind of paper",
                f"one of {', '.join(known)}",
                f"Rename it, move it out of the folder, or add {name}.yaml next to it.",
            )


if __name__ == "__main__":
    sys.exit(run_job(main))
