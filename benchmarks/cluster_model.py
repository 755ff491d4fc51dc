"""Model the cost of rebuilding 100,000 papers on 1, 8 and 64 nodes: cluster.json -> the table of cluster.md.

    .venv/bin/python benchmarks/cluster_model.py

Every part is a straight line through its two measurements; parts that do not grow are constant. cluster.md lists what
this leaves out.
"""

from __future__ import annotations

import json
from math import ceil
from pathlib import Path

PAPERS = 100_000
NODES = (1, 8, 64)
# Processors of a node, meetings in a job; profiles/slurm has 2 and 50, and a job takes a whole node.
NODES_OF = ((2, 1), (2, 50), (16, 50))
SINGLE_JOBS = 3  # outside of groups: read, check, publish
CHECK_AT_MOST = 16  # threads of the rule check
SNAKEMAKES_A_JOB = 2  # the Slurm plugin starts one for the job, which starts another for its step
FOUND = Path(__file__).with_name("cluster.json")


class Costs:
    """Seconds of each part at a number of meetings."""

    def __init__(self, found: dict):
        self.small, self.large = found["sizes"]
        self.papers_a_meeting, self.submission = found["papers_a_meeting"], found["submission_wall_s"]

    def at(self, part: str, meetings: int) -> float:
        """Return the value on the line through both measurements; a part that did not grow is constant."""
        run = self.large["meetings"] - self.small["meetings"]
        slope = max(0.0, (self.large[part] - self.small[part]) / run)
        return self.large[part] + slope * (meetings - self.large["meetings"])

    @property
    def start(self) -> float:
        """Seconds of a job's Snakemake, for any size of forum: it did not grow up to 300 meetings."""
        return max(self.small["start_of_job"], self.large["start_of_job"])

    @property
    def fill(self) -> float:
        """Seconds to fill one meeting, for any size of forum."""
        return min(self.small["fill"], self.large["fill"])


def cost_on_one_machine(costs: Costs, meetings: int, processors: int) -> dict[str, float]:
    """Return the seconds of each part on one machine without Slurm: each job except check is one process."""
    return {**_on_one_node(costs, meetings, processors), "filling": meetings * costs.fill / processors}


def cost_on_slurm(costs: Costs, meetings: int, nodes: int, processors: int, group: int) -> dict[str, float]:
    """Return the seconds of each part on Slurm.

    Jobs of `group` meetings run in waves over all nodes. Each job starts its Snakemakes first, then fills as many
    meetings at once as its node has processors.
    """
    jobs, start = ceil(meetings / group), SNAKEMAKES_A_JOB * costs.start
    waves = ceil(jobs / nodes)
    return {
        **_on_one_node(costs, meetings, processors),
        "submitting": (jobs + SINGLE_JOBS) * costs.submission,
        "starting jobs": (waves + SINGLE_JOBS) * start,
        "filling": waves * ceil(min(group, meetings) / processors) * costs.fill,
    }


def _on_one_node(costs: Costs, meetings: int, processors: int) -> dict[str, float]:
    """Return the parts that are one job for all meetings. `read` writes texts on several processors, but reads on one."""
    return {
        "read": costs.at("read", meetings),
        "check": costs.at("check", meetings) / min(processors, CHECK_AT_MOST),
        "publish": costs.at("publish", meetings),
        "scheduling": costs.at("head", meetings),
    }


def main() -> None:
    costs = Costs(json.loads(FOUND.read_bytes()))
    meetings = ceil(PAPERS / costs.papers_a_meeting)
    rows = [("1 of 2, without Slurm", cost_on_one_machine(costs, meetings, 2))]
    for processors, group in NODES_OF:
        label = f"of {processors}, {_count(group)} in a job"
        rows += [(f"{n} {label}", cost_on_slurm(costs, meetings, n, processors, group)) for n in NODES]
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
