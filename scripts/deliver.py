"""Adapter of the rules that deliver: what stages left below outputs/work -> outputs/.

`what` is the rule's output: the file to deliver, or a file below outputs/work that stands for several.
`work` has the folders of forums below outputs/work, with commas between them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers import deliver
from papers.job import run_job
from papers.store.delivery import lock_delivery

if TYPE_CHECKING:
    from papers.job import JobLog

_SEVERAL = {
    "delivered": deliver.deliver_all,
    "delivered_papers": deliver.deliver_papers_alone,
    "delivered_pdfs": deliver.deliver_pdfs,
    "delivered_changes": deliver.deliver_changes,
}


def main(log: JobLog, what: str, work: str, out: str) -> None:
    works, outputs = [Path(name) for name in work.split(",")], Path(out)
    with lock_delivery(outputs):
        _deliver(log, Path(what), works, outputs)


def _deliver(log: JobLog, path: Path, works: list[Path], outputs: Path) -> None:
    if path.name == "restored":
        log.add_notices(deliver.restore_changed(works, outputs))
    elif path.parent == works[0]:
        log.add_notices(_SEVERAL[path.name](works[0], outputs))
        if path.name == "delivered_changes":
            for text in deliver.failed_comparisons(works[0]):
                log.add_problem(text)
    else:
        log.add_notices(deliver.deliver_one(path, works[0], outputs))


if __name__ == "__main__":
    sys.exit(run_job(main))
