"""Spoilt inputs by the hundred: a share of what `make fuzz` tries (`make reliability` tries them all), each in a child of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import fuzz

SHARE = 300


def test_every_spoilt_input_ends_in_whole_papers_or_in_lines_that_name_it():
    many = fuzz.MANY if os.environ.get("RELIABILITY") else SHARE
    told = subprocess.run(
        [sys.executable, str(Path(fuzz.__file__)), f"many={many}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr[-2000:]
    assert told.stdout.endswith(f"{many} spoilt files, 0 of them ended wrongly.\n")
