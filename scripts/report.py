"""Adapter of the rule `reported`: every paper under a folder that Snakemake's own report takes in."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path


def main(papers: Path, out: Path) -> int:
    """Copies the papers anew: what is no longer made is no longer reported."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(papers, out)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("papers", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    sys.exit(main(**vars(parser.parse_args())))
