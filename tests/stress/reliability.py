"""Counts of what the tests tried, and the program that writes RELIABILITY.md from them.

A test calls `count(section, what, n)` after it has tried something n times with the right result. If the environment
variable RELIABILITY names a file, each count is appended to it as a line of JSON, so that several processes can share it.
`make reliability` (this file as a program) runs every test file that counts and writes the page, unless a test fails.
Sections that longer programs count (`make faults`, `make fuzz`) stay as those wrote them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_name("RELIABILITY.md")
HEAD = """# What was tried to break it

Written by `make reliability`, which runs the tests that count what they try, and by longer programs if a section names one;
nothing here is typed by hand. Each number counts what was really done: a file written and read, a step started and stopped.
"""


def count(section: str, what: str, n: int = 1) -> None:
    """Add n to what was tried in a section: count("Hostile files", "templates refused", 12)."""
    if place := os.environ.get("RELIABILITY"):
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(json.dumps([section, what, n]) + "\n")


def write_table(counts: Iterable[tuple[str, str, int]]) -> None:
    """Write the page for counts (section, what, n), sorted; sections without new counts stay."""
    sums: Counter[tuple[str, str]] = Counter()
    for section, what, n in counts:
        sums[section, what] += n
    sections = _sections(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    for section in {section for section, _ in sums}:
        lines = [f"| {what} | {n:,} |" for (of, what), n in sorted(sums.items()) if of == section]
        sections[section] = "\n".join(["", "| tried | times |", "|---|---:|", *lines, ""])
    text = "".join(f"\n## {name}\n{sections[name]}" for name in sorted(sections))
    TABLE.write_text(HEAD + text, encoding="utf-8")


def _sections(page: str) -> dict[str, str]:
    """Return title -> text of each section of the page."""
    return {
        title: body.rstrip("\n") + "\n"
        for title, _, body in (part.partition("\n") for part in page.split("\n## ")[1:])
    }


def main() -> int:
    files = [
        str(file)
        for file in sorted(TESTS.rglob("test_*.py"))
        if "from reliability import" in file.read_text("utf-8")
    ]
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts"
        environment = {**os.environ, "RELIABILITY": str(counts)}
        code = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *files, *sys.argv[1:]], env=environment, check=False
        ).returncode
        if code == 0 and counts.exists():  # no test ran with --collect-only
            write_table(map(json.loads, counts.read_text(encoding="utf-8").splitlines()))
    return code


if __name__ == "__main__":
    sys.exit(main())
