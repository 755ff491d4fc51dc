"""Adapter of the rules that deliver: what stages left below outputs/work -> outputs/.

`what` is the rule's output: the file to deliver, or a file below outputs/work that stands for several.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers import deliver
from papers.job import run_job

if TYPE_CHECKING:
    from papers.job import JobLog

_SEVERAL = {
    "delivered": deliver.deliver_all,
    "delivered_papers": deliver.deliver_papers_alone,
    "delivered_pdfs": deliver.deliver_pdfs,
    "delivered_changes": deliver.deliver_changes,
    "restored": deliver.restore_changed,
}


def main(log: JobLog, what: str, work: str, out: str) -> None:
    path, folder = Path(what), Path(work)
    if path.parent == folder:
        log.add_notices(_SEVERAL[path.name](folder, Path(out)))
        if path.name == "delivered_changes":
            for text in deliver.failed_comparisons(folder):
                log.add_problem(text)
    else:
        log.add_notices(deliver.deliver_one(path, folder, Path(out)))


if __name__ == "__main__":
    sys.exit(run_job(main))
