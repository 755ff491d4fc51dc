"""The verbs `dry-run` and `report`: Snakemake's own views of the workflow."""

from __future__ import annotations

import os
import subprocess
import sys

from papers.build import make
from papers.store.locks import OUTPUTS
from papers.store.processes import UTF8

_SNAKEMAKE = (sys.executable, "-m", "snakemake")
_NO_REASON = "Missing metadata"  # of files that several rules share
REPORT = OUTPUTS / "report.html"


def run(verb: str, options: dict[str, str]) -> int:
    """Run `dry-run` or `report`, which take no options; return the exit code."""
    return _report() if verb == "report" else _dry_run()


def _dry_run() -> int:
    command = [*_SNAKEMAKE, "-n", "--quiet", "progress"]
    return subprocess.run(command, env=os.environ | UTF8, check=False).returncode


def _report() -> int:
    """Build, then let Snakemake write its report."""
    if code := make.run([]):
        return code
    command = [*_SNAKEMAKE, "--quiet", "progress", "rules", "host", "--report", REPORT.as_posix()]
    done = subprocess.run(
        command,
        env=os.environ | UTF8,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if not line.startswith(_NO_REASON)]
        print(f"{REPORT.as_posix()}: found that Snakemake could not write it; it says:", file=sys.stderr)
        print(*lines, sep="\n", file=sys.stderr)
        return 1
    print(f"{REPORT.as_posix()} shows what ran, when and on what, with every paper in it.")
    return 0
