"""Adapter of the rule `seal`: the last build -> its lists of digests, its provenance, and a line for each paper."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from papers.errors import run_job
from papers.seal.seal import seal


def main(work: Path, out: Path, logo: list[str]) -> int:
    seal(work, out, logo)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("work", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--logo", nargs="*", default=[])
    options = parser.parse_args()
    sys.exit(run_job(lambda: main(**vars(options))))
