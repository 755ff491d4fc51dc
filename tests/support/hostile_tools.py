"""Files that attack, and the steps that meet them, each in a child with a limit of memory and of processor time."""

from __future__ import annotations

import hashlib
import io
import os
import resource
import subprocess
import sys
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

from project_tools import ROOT

MOST_MEMORY, MOST_SECONDS = 600_000_000, 10  # what the system lets the child have; beyond it, it is killed
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}  # each would reserve memory, by the number of processors


@dataclass(frozen=True)
class Told:
    """How a step ended, and what its user reads."""

    code: int
    lines: list[str]


def limited(root: Path, script: str, *words: str) -> Told:
    """Runs scripts/<script> in `root`; the system kills it where it takes more than it may."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / script), *words],
        cwd=root,
        env={**os.environ, **_ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_limit,
    )
    return Told(done.returncode, (done.stdout + done.stderr).splitlines())


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def read(root: Path) -> Told:
    """The step `read`, as the pipeline runs it."""
    work = "outputs/work"
    return limited(
        root,
        "read.py",
        "--model",
        f"{work}/model.json",
        "--contexts",
        f"{work}/contexts",
        "--traces",
        f"{work}/traces",
    )


def prepare(root: Path) -> Told:
    """The step `prepare`, as the pipeline runs it."""
    return limited(root, "prepare.py", "--templates", "templates", "--out", "outputs/work/templates")


def snapshot(root: Path) -> dict[str, str]:
    """Every file below a folder with its digest."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


# Zips that lie


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(entries: dict[str, bytes] | list[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these entries, in order; a list may have a name twice."""
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", how) as package:
        warnings.simplefilter("ignore", UserWarning)  # of a name twice, which is meant
        for name, content in entries.items() if isinstance(entries, dict) else entries:
            package.writestr(
                zipfile.ZipInfo(name), content, how
            )  # without the time of now: the same bytes each time
    return made.getvalue()


def bomb(entries: dict[str, bytes], name: str, size: int, says: int | None = None) -> bytes:
    """A zip of these entries and one of `size` noughts, which may say that it has another size."""
    made, noughts = io.BytesIO(), bytes(1_000_000)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        with package.open(name, "w") as part:
            for _ in range(size // len(noughts)):
                part.write(noughts)
        for other, content in entries.items():
            package.writestr(other, content)
    true = size.to_bytes(4, "little")
    assert made.getvalue().count(true) >= 1
    return made.getvalue() if says is None else made.getvalue().replace(true, says.to_bytes(4, "little"))


# What a document type may declare: a billion of laughs, and a file of the reader's own.
_TENFOLD = "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{_TENFOLD}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
