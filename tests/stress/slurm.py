"""`make test-slurm`: a real Slurm of one node builds the same papers as this machine, even if a job is cancelled.

Part of `make test-all`, in an environment of its own: it needs Slurm and the packages of requirements-cluster.lock.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from project_tools import Project, copy_project
from slurm_tools import Slurm, one_node_slurm

pytestmark = pytest.mark.slurm
# This Slurm has no accounting, so the plugin asks squeue, less and less often while no job ends.
OPTIONS = (
    "--workflow-profile=profiles/slurm",
    "--slurm-no-account",
    "--slurm-status-command=squeue",
    "--slurm-init-seconds-before-status-checks=8",
)
SECONDS_TO_WAIT = 500  # an idle machine needs a tenth
# Makes the first job of a meeting wait after it has written its first paper, so that it can be cancelled there.
WRITTEN = "        write_atomic(os.path.join(folder, name), content(data))\n"
HELD = (
    WRITTEN
    + """\
        flag = os.path.join("outputs", "held-" + os.path.basename(folder))
        if os.path.basename(os.path.dirname(folder)) == "filled" and not os.path.exists(flag):
            import time
            open(flag, "w").close()
            time.sleep(600)
"""
)


@pytest.fixture(scope="module")
def slurm(tmp_path_factory) -> Slurm:
    with one_node_slurm(tmp_path_factory.mktemp("slurm")) as running:
        yield running


@pytest.fixture(scope="module")
def local(tmp_path_factory) -> dict[str, str]:
    """The papers as this machine builds them: file -> SHA-256."""
    project = copy_project(tmp_path_factory.mktemp("local") / "forum")
    run = project.build()
    assert run.code == 0, run.err
    return project.papers()


@pytest.fixture(scope="module")
def interrupted(slurm, tmp_path_factory) -> Project:
    """Built on Slurm while the job of one meeting is cancelled between its first paper and its last."""
    project = copy_project(tmp_path_factory.mktemp("cluster") / "forum")
    project.replace("scripts/papers/store/stages.py", WRITTEN, HELD)
    (project.root / "outputs").mkdir()
    (project.root / "outputs/held-MINI1").touch()  # only MINI2 waits
    command = [sys.executable, "scripts/forum_papers.py", "build", *OPTIONS]
    environment = {**os.environ, **slurm.environment}
    build = subprocess.Popen(command, cwd=project.root, env=environment, start_new_session=True)
    try:
        _wait(lambda: (project.root / "outputs/held-MINI2").exists(), "MINI2 was not begun")
        assert not (project.root / "outputs/work/mini/filled/MINI2/manifest.json").exists()
        (job,) = [job for job, rule in slurm.jobs().items() if rule.startswith("rule_fill")]
        slurm.cancel(job)
        assert build.wait(timeout=SECONDS_TO_WAIT) == 0
    finally:
        if build.poll() is None:
            os.killpg(build.pid, signal.SIGKILL)  # Snakemake too, which is its child
            build.wait()
    return project


def _wait(until, failure: str) -> None:
    end = time.monotonic() + SECONDS_TO_WAIT
    while not until():
        assert time.monotonic() < end, failure
        time.sleep(0.2)


def _log(project: Project) -> str:
    return (project.root / "outputs/work/logs/snakemake.log").read_text(encoding="utf-8")


def _submitted(project: Project) -> list[str]:
    """The rule or group of each job that Slurm got."""
    return re.findall(r"submitted with SLURM jobid .*/slurm_logs/(\w+)/", _log(project))


def test_slurm_builds_the_same_papers_as_one_machine(interrupted, local):
    assert interrupted.papers() == local


def test_every_rule_but_prepare_was_a_job_of_slurm_and_meetings_shared_one(interrupted):
    rules = {"rule_read", "group_fill_fill", "rule_check", "rule_publish"}
    assert set(_submitted(interrupted)) == rules


def test_the_checks_get_the_processors_that_the_profile_gives_a_job(interrupted):
    (rule,) = re.findall(r"^rule check:\n(?:    .*\n)+", _log(interrupted), re.MULTILINE)
    assert "    threads: 2\n" in rule


def test_the_cancelled_job_was_run_again(interrupted):
    assert "CANCELLED AT" in _log(interrupted)  # the words of Slurm's own log of the job
    assert _submitted(interrupted).count("group_fill_fill") == 2


def test_no_partial_file_stays(interrupted):
    assert not list(interrupted.root.rglob("*.part"))
    assert not [name for name in interrupted.papers() if "edited copy" in name]
    assert interrupted.build().out.startswith("Nothing to be done")
