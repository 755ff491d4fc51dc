"""`make paginate`: finds the page numbers of all tables of contents and keeps them in inputs/<forum>/pages.

Builds the papers, lets LibreOffice lay them out, writes the pages, builds again, until nothing changes any more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from papers.issuing.holding import Busy, Hold, building
from papers.issuing.libreoffice import OfficeError, office
from papers.issuing.paginating import PaginationError, laid_out, outlined, write_pages
from papers.problems import Problems
from papers.reading.config import read_config

ROOT = Path(__file__).resolve().parent.parent
WORK, PAPERS = Path("outputs/work"), Path("outputs/papers")
MOST_PASSES = 3  # numbers are longer than none, so that a line may turn; more than that never settles


def main() -> int:
    os.chdir(ROOT)
    try:
        office()  # told before anything is built
        with building("make paginate") as hold:
            return _paginated(hold)
    except (PaginationError, OfficeError, Busy) as error:
        print(error, file=sys.stderr)
        return 1


def _paginated(hold: Hold) -> int:
    for _ in range(MOST_PASSES):
        if not _built(hold):
            return 1
        papers = outlined(WORK)
        if not papers:
            print("No paper has a table of contents.")
            return 0
        if not _written(papers):
            print(*(f"{p.number}: {len(p.headings)} headings" for p in papers), sep="\n")
            print("The pages are found. Keep the files in inputs with the others.")
            return 0
    print("The pages still changed after three passes: see the papers' tables of contents.", file=sys.stderr)
    return 1


def _built(hold: Hold) -> bool:
    """Builds the papers; what goes wrong is told as by make."""
    command = [sys.executable, "scripts/build.py"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, **hold.for_child)
    if run.returncode:
        print(run.stdout, run.stderr, sep="", end="", file=sys.stderr)
    return run.returncode == 0


def _written(papers: list) -> bool:
    """Whether a page has changed since the last pass."""
    forum = read_config(Path("config.yaml"), Problems()).forum
    pages = laid_out([PAPERS / paper.file for paper in papers])
    folder = Path("inputs") / forum / "pages"
    changed = [
        write_pages(folder, *found) for found in zip(papers, pages, strict=True)
    ]  # all, not up to the first
    return any(changed)


if __name__ == "__main__":
    sys.exit(main())
