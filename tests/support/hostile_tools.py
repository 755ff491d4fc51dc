"""Hostile files, and the steps that read them, each in a child with limits of memory and processor time."""

from __future__ import annotations

import hashlib
import io
import json
import os
import resource
import subprocess
import sys
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

from project_tools import ROOT

MOST_MEMORY, MOST_SECONDS = 600_000_000, 10  # limits beyond which the system kills the child
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}  # each would reserve memory, by the number of processors


@dataclass(frozen=True)
class StepResult:
    """The exit code of a step and the lines that it printed."""

    code: int
    lines: list[str]


def limited(root: Path, script: str, *words: str) -> StepResult:
    """Run scripts/<script> in `root`; the system kills it if it exceeds the limits."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / script), *words],
        cwd=root,
        env={**os.environ, **_ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_limit,
    )
    return StepResult(done.returncode, (done.stdout + done.stderr).splitlines())


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def read(root: Path) -> StepResult:
    """Run the step `read` as the pipeline does."""
    config = json.dumps({"files": ["config.yaml"], "values": {}})
    return limited(
        root, "read.py", "--config", config, "--forum", "mini", "--work", "outputs/work/mini", *_log(root)
    )


def prepare(root: Path) -> StepResult:
    """Run the step `prepare` as the pipeline does."""
    out = ("--forum", "mini", "--logo", "", "--out", "outputs/work/mini/templates")
    return limited(root, "prepare.py", *out, *_log(root))


def _log(root: Path) -> tuple[str, str]:
    """The option for the log, which is written outside the project: a step that refuses writes nothing in it."""
    return "--log", str(root.with_name(f"{root.name}.log.json"))


def snapshot(root: Path) -> dict[str, str]:
    """Return every file below a folder with its digest."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


# Hostile zips


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(entries: dict[str, bytes] | list[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of these entries, in order; a list may have a name twice."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", how) as package:
        warnings.simplefilter("ignore", UserWarning)  # about a name twice, which is intended
        for name, content in entries.items() if isinstance(entries, dict) else entries:
            package.writestr(
                zipfile.ZipInfo(name), content, how
            )  # without the current time, for the same bytes each time
    return buffer.getvalue()


def bomb(entries: dict[str, bytes], name: str, size: int, says: int | None = None) -> bytes:
    """Return a zip of these entries and one of `size` null bytes, whose header may say that it has another size."""
    buffer, zeros = io.BytesIO(), bytes(1_000_000)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        with package.open(name, "w") as part:
            for _ in range(size // len(zeros)):
                part.write(zeros)
        for other, content in entries.items():
            package.writestr(other, content)
    data, true_size = buffer.getvalue(), size.to_bytes(4, "little")
    assert data.count(true_size) >= 1
    return data if says is None else data.replace(true_size, says.to_bytes(4, "little"))


# Document types that declare a billion laughs, and a local file.
_TENFOLD = "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{_TENFOLD}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
