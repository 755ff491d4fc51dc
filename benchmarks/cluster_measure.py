"""Measure the cost of a rebuild, part by part, in CPU seconds; write cluster.json, the input of cluster_model.py.

    .venv/cluster/bin/python benchmarks/cluster_measure.py      (about five minutes; needs Slurm and requirements-cluster.lock)

CPU seconds depend less on other load than wall time. Each part is measured in a small and a larger forum whose meetings
have 15 papers, each the real plan, so that parts that grow with the forum can be seen.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import forum
from turns import cpu_of_children

sys.path.insert(0, str(forum.ROOT / "tests"))

from slurm_tools import one_node_slurm

PAPERS_A_MEETING = 15
SIZES = (10, 40)  # meetings
SUBMISSIONS, STARTS = 20, 3
FOUND = Path(__file__).with_name("cluster.json")
# How the Slurm plugin starts a job's own Snakemake on a node.
JOB = (
    "-m snakemake --target-jobs fill:meeting={meeting} --allowed-rules fill --cores 1 --attempt 1 --force-use-threads --force"
    " --target-files-omit-workdir-adjustment --max-inventory-time 0 --retries 0 --no-hooks --nolock --ignore-incomplete"
    " --latency-wait 60 --scheduler greedy --workflow-profile none --mode remote"
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sizes = [_measure_size(Path(folder) / str(meetings), meetings) for meetings in SIZES]
        submission = _submission(Path(folder) / "slurm")
    found = {
        "papers_a_meeting": PAPERS_A_MEETING,
        "cores": os.cpu_count(),
        "load_at_the_end": round(os.getloadavg()[0], 1),
        "submission_wall_s": submission,
        "sizes": sizes,
    }
    FOUND.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(FOUND.read_text(encoding="utf-8"))


def _measure_size(project: Path, meetings: int) -> dict[str, float]:
    """Return the CPU seconds of each part of a build of this many meetings; `fill`: for one meeting."""
    _make_forum(project, meetings)
    whole = _cpu(project, ".venv/bin/python", "scripts/forum_papers.py", "build", "--printshellcmds")
    log = (project / "outputs/work/logs/snakemake.log").read_text(encoding="utf-8")
    commands = re.findall(r"^Shell command: (python -P -m (\w+) .*)$", log, re.MULTILINE)
    _remove_results(project)
    parts: dict[str, float] = defaultdict(float)
    for line, script in commands:
        parts[script] += _cpu(project, "bash", "-c", line)
    head = whole - sum(parts.values())
    parts["fill"] /= meetings
    meeting = next((project / "outputs/work/smewg/filled").iterdir()).name
    job = (sys.executable, *JOB.format(meeting=meeting).split())
    start = statistics.median(_cpu(project, *job) for _ in range(STARTS)) - parts["fill"]
    found = {"meetings": meetings, "head": head, "start_of_job": start, **parts}
    print({part: round(seconds, 2) for part, seconds in found.items()}, flush=True)
    return found


def _remove_results(project: Path) -> None:
    """Remove the outputs of the jobs, so that each is measured from nothing; keep files that the Snakefile wrote."""
    for path in (project / "outputs").iterdir():
        if path.name != "work":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in (project / "outputs/work").iterdir():
        if path.is_dir() and path.name not in {"code", "logs"}:
            shutil.rmtree(path)
    for name in ("model.json", "rules.json", "checked.json"):
        (project / "outputs/work" / name).unlink()


def _make_forum(project: Path, meetings: int) -> None:
    forum.copy_project(project)
    folder = project / forum.FOLDER / "meetings"
    for path in folder.glob("SMEWG9?.yaml"):
        path.unlink()
    shipped = (folder / f"{forum.MEETING}.yaml").read_text(encoding="utf-8")
    for number in range(meetings):
        code = f"SMEWG{100 + number}"
        path = folder / f"{code}.yaml"
        path.write_text(shipped, encoding="utf-8")
        forum.update_yaml(path, code=code, ordinal=100 + number)
        forum.repeat_paper(path, [f"2016/{code}/{serial:03d}" for serial in range(1, PAPERS_A_MEETING + 1)])
    (folder / f"{forum.MEETING}.yaml").unlink()


def _cpu(project: Path, *command: str) -> float:
    before = cpu_of_children()
    forum.run(project, *command)
    return cpu_of_children() - before


def _submission(folder: Path) -> float:
    """Return the wall seconds of one sbatch on the loopback interface: the least cost of submitting a job."""
    with one_node_slurm(folder) as slurm:
        environment = {**os.environ, **slurm.environment}
        start = time.perf_counter()
        for _ in range(SUBMISSIONS):
            command = ("sbatch", "--parsable", "--output=/dev/null", "--wrap=true")
            subprocess.run(command, env=environment, cwd=folder, check=True, capture_output=True)
        return (time.perf_counter() - start) / SUBMISSIONS


if __name__ == "__main__":
    main()
