"""Adapter of the rule `prepare`: templates/*.docx -> one prepared file for each kind of paper.

If there are problems, all are reported and nothing is written.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.docx.template.prepare import prepare_kind
from papers.job import run_job
from papers.problems import Place, Problems
from papers.store.files import write_atomic
from papers.store.work_files import SHARED_TEMPLATES
from papers.wording.kind import kinds

if TYPE_CHECKING:
    from papers.job import JobLog


def main(log: JobLog, templates: str, logo: str, out: str) -> None:
    folder, picture = Path(templates), Path(logo) if logo else None
    problems, checked = Problems(), {}
    _check_names(folder, problems)
    prepared = {kind: prepare_kind(folder, kind, picture, problems, checked) for kind in kinds()}
    log.add_problems(problems)
    if problems:
        return
    for kind, data in prepared.items():
        write_atomic(Path(out, f"{kind}.prepared"), data)


def _check_names(templates: Path, problems: Problems) -> None:
    known = [*SHARED_TEMPLATES, *kinds()]
    for template in sorted(templates.glob("*.docx")):
        if template.stem not in known and not template.name.startswith("~$"):
            problems.add(
                Place(f"{templates.name}/{template.name}"),
                "stray-template",
                "a template of no kind of paper",
                f"one of {', '.join(known)}",
                "Rename it, move it out of the folder, or add its module to scripts/papers/wording/kinds.",
            )


if __name__ == "__main__":
    sys.exit(run_job(main))
