"""What a rebuild of 100,000 papers costs on 1, 8 and 64 nodes: cluster.json, as measured -> the tables of cluster.md.

    .venv/bin/python benchmarks/cluster_model.py

Every part is a straight line through its two measurements; what does not grow stays. See cluster.md for what that
leaves out.
"""

from __future__ import annotations

import json
from math import ceil
from pathlib import Path

PAPERS = 100_000
NODES = (1, 8, 64)
# Their processors, meetings a job; profiles/slurm has 2 and 50, and a job takes a node.
NODES_OF = ((2, 1), (2, 50), (16, 50))
ALONE = 4  # jobs that are not of a group: read, check, index, public
CHECK_AT_MOST = 16  # threads of the rule check
SNAKEMAKES_A_JOB = 2  # the plugin for Slurm starts one for the job, and that one another for its step
FOUND = Path(__file__).with_name("cluster.json")


class Costs:
    """Seconds of each part at a number of meetings."""

    def __init__(self, found: dict):
        self.small, self.large = found["sizes"]
        self.papers_a_meeting, self.submission = found["papers_a_meeting"], found["submission_wall_s"]

    def at(self, part: str, meetings: int) -> float:
        """The line through both measurements; a part that got no dearer stays as it was."""
        run = self.large["meetings"] - self.small["meetings"]
        slope = max(0.0, (self.large[part] - self.small[part]) / run)
        return self.large[part] + slope * (meetings - self.large["meetings"])

    @property
    def start(self) -> float:
        """A job's Snakemake, whatever the forum's size: that it does not grow was seen up to 300 meetings."""
        return max(self.small["start_of_job"], self.large["start_of_job"])

    @property
    def fill(self) -> float:
        """A meeting's, whatever the forum's size."""
        return min(self.small["fill"], self.large["fill"])


def locally(costs: Costs, meetings: int, processors: int) -> dict[str, float]:
    """One machine, no Slurm: each job is one process, but for check."""
    return {**_on_one_node(costs, meetings, processors), "filling": meetings * costs.fill / processors}


def on_slurm(costs: Costs, meetings: int, nodes: int, processors: int, group: int) -> dict[str, float]:
    """Jobs of `group` meetings, in waves over all nodes; each job starts its Snakemakes first, then fills as many meetings
    at once as its node has processors."""
    jobs, start = ceil(meetings / group), SNAKEMAKES_A_JOB * costs.start
    waves = ceil(jobs / nodes)
    return {
        **_on_one_node(costs, meetings, processors),
        "submitting": (jobs + ALONE) * costs.submission,
        "starting jobs": (waves + ALONE) * start,
        "filling": waves * ceil(min(group, meetings) / processors) * costs.fill,
    }


def _on_one_node(costs: Costs, meetings: int, processors: int) -> dict[str, float]:
    """What one job does for all meetings. Reading too words papers on several processors, but reads the inputs on one."""
    return {
        "read": costs.at("read", meetings),
        "check": costs.at("check", meetings) / min(processors, CHECK_AT_MOST),
        "index, public": costs.at("index", meetings) + costs.at("public", meetings),  # which seals meanwhile
        "scheduling": costs.at("head", meetings),
    }


def main() -> None:
    costs = Costs(json.loads(FOUND.read_bytes()))
    meetings = ceil(PAPERS / costs.papers_a_meeting)
    rows = [("1 of 2, without Slurm", locally(costs, meetings, 2))]
    for processors, group in NODES_OF:
        told = f"of {processors}, {_count(group)} a job"
        rows += [(f"{n} {told}", on_slurm(costs, meetings, n, processors, group)) for n in NODES]
    names = list(rows[-1][1])
    print(f"{PAPERS:,} papers in {meetings:,} meetings, by nodes and their processors; minutes:\n")
    print(f"| nodes | {' | '.join(names)} | **all** | most of it |\n|---|{'---:|' * (len(names) + 1)}---|")
    for name, parts in rows:
        cells = [f"{parts[part] / 60:.1f}" if part in parts else "" for part in names]
        most = max(parts, key=parts.__getitem__)
        total = sum(parts.values())
        print(f"| {name} | {' | '.join(cells)} | **{total / 60:.0f}** | {most}, {parts[most] / total:.0%} |")


def _count(group: int) -> str:
    return "1 meeting" if group == 1 else f"{group} meetings"


if __name__ == "__main__":
    main()
