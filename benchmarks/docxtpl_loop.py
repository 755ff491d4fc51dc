"""The complete set of papers with docxtpl, as its users write it: a plain loop, or two processes that fill.

Run in the project's folder: docxtpl_loop.py TEMPLATES OUTPUT PROCESSES READER. It reads the inputs and writes the texts
with our functions; README.md lists what it need not do, compared with a build. With 0 processes it writes the texts only.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, "scripts")

from docxtpl_fill import fill
from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.model.forum import build_model
from papers.problems import Problems
from papers.wording.compose import word_meeting
from with_openpyxl import use_openpyxl


def main(templates: Path, out: Path, processes: int) -> None:
    """Fill all papers of the project in the current folder."""
    papers = _papers(Path())
    if processes == 0:
        for paper in papers:
            (out / f"{Path(paper['file']).stem}.json").write_text(json.dumps(paper), encoding="utf-8")
        return
    if processes == 1:
        for paper in papers:
            fill(templates, out, paper)
        return
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        pool.map(partial(fill, templates, out), papers, chunksize=1)


def _papers(root: Path) -> list[dict]:
    problems = Problems()
    config = read_config([root / "config.yaml"], {}, problems)
    model = build_model(read_inputs(root, config, problems), config, problems)
    worded = (word_meeting(model, meeting) for meeting in model.meetings if meeting.papers)
    return [paper for meeting in worded for paper in meeting["papers"]]


if __name__ == "__main__":
    if sys.argv[4] == "openpyxl":
        use_openpyxl()
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
