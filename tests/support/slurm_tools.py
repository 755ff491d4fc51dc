"""A real Slurm of one node, on loopback alone: munged, slurmctld and slurmd as children of the test, ended with it."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from system_tools import SLURM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS_TO_START = 30
CONFIGURATION = """\
ClusterName=papers
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
ReturnToService=2
MinJobAge=600
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory_mb} State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


@dataclass(frozen=True)
class Slurm:
    """A running Slurm; `environment` is what a process needs to use it."""

    environment: dict[str, str]

    def ask(self, *command: str) -> str:
        """What one of Slurm's own commands prints; "" where it fails, as while Slurm starts."""
        return subprocess.run(
            command, env={**os.environ, **self.environment}, capture_output=True, text=True, check=False
        ).stdout.strip()

    def jobs(self) -> dict[str, str]:
        """Running jobs: id -> rule, and the meeting where the rule has one, as Snakemake notes them."""
        lines = self.ask("squeue", "--noheader", "--states=RUNNING", "--format=%A %k").splitlines()
        return dict(line.split(maxsplit=1) for line in lines)

    def cancel(self, job: str) -> None:
        self.ask("scancel", job)


@contextmanager
def one_node_slurm(folder: Path) -> Iterator[Slurm]:
    """Starts Slurm with all its files in `folder`; ends each of its processes, also after a failure."""
    if missing := [name for name in SLURM if not shutil.which(name)]:
        raise FileNotFoundError(
            f"Slurm is incomplete, there is no {', '.join(missing)}: apt install slurmctld slurmd slurm-client munge"
        )
    slurm = Slurm(_configured(folder))
    with ExitStack() as ended:
        ended.enter_context(_process("munged", *_munge(folder)))
        ended.enter_context(_process("slurmctld", "-D", "-c", "-f", str(folder / "slurm.conf")))
        ended.enter_context(_process("slurmd", "-D", "-c", "-f", str(folder / "slurm.conf"), "-N", _host()))
        ended.callback(slurm.ask, "scancel", "--full", f"--user={os.getuid()}")
        _wait_until_idle(slurm, folder)
        yield slurm


def _configured(folder: Path) -> dict[str, str]:
    """Writes Slurm's configuration; returns the environment in which its commands find it."""
    for name in ("state", "spool", "bin"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "munge.key").write_bytes(os.urandom(1024))
    (folder / "munge.key").chmod(0o400)
    configuration = folder / "slurm.conf"
    text = CONFIGURATION.format(
        host=_host(),
        controller_port=_free_port(),
        node_port=_free_port(),
        user=subprocess.check_output(["id", "-un"], text=True).strip(),
        folder=folder,
        cores=os.cpu_count(),
        memory_mb=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 8 // 10 // 2**20,
    )
    configuration.write_text(text, encoding="utf-8")
    # Snakemake's job step drops SLURM_CONF before it calls srun, which then looks for /etc/slurm/slurm.conf.
    srun = folder / "bin" / "srun"
    real = shlex.quote(shutil.which("srun"))
    srun.write_text(f'#!/bin/sh\nSLURM_CONF={shlex.quote(str(configuration))} exec {real} "$@"\n')
    srun.chmod(0o755)
    return {"SLURM_CONF": str(configuration), "PATH": f"{srun.parent}{os.pathsep}{os.environ['PATH']}"}


def _munge(folder: Path) -> list[str]:
    """munged's arguments. --force: it warns of pytest's folder, which others may not enter, and would not start."""
    files = {"key-file": "key", "socket": "socket", "pid-file": "pid", "seed-file": "seed", "log-file": "log"}
    return [
        "--foreground",
        "--force",
        *(f"--{option}={folder}/munge.{ending}" for option, ending in files.items()),
    ]


def _host() -> str:
    return socket.gethostname().split(".")[0]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def _process(*command: str) -> Iterator[None]:
    """A process of its own group, ended with all that it started."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, start_new_session=True, **quiet)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_idle(slurm: Slurm, folder: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while slurm.ask("sinfo", "--noheader", "--format=%T") != "idle":
        if time.monotonic() > until:
            logs = "\n".join(
                path.read_text(errors="replace")[-2000:] for path in sorted(folder.glob("*.log"))
            )
            raise TimeoutError(f"Slurm did not start within {SECONDS_TO_START} s:\n{logs}")
        time.sleep(0.2)
