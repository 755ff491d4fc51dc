"""Adapter of the rule `report`: a copy of every paper in the folder that Snakemake's own report includes."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from papers.errors import run_job


def main(papers: Path, out: Path) -> int:
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(papers, out)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("papers", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    sys.exit(run_job(lambda: main(**vars(options))))
