"""Counts of what was really tried, and the command that makes tests/RELIABILITY.md from them.

A test says `count(section, what, n)` after it has tried something n times and found it right. Nothing happens then unless
the variable RELIABILITY names a file: each count becomes a line of JSON in it, so that several processes may add to one.
`make reliability` (this file as a program) runs every test file that counts, with such a file, and writes the table; where
a test fails, it writes nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parent
TABLE = TESTS / "RELIABILITY.md"
HEAD = """# What was tried to break it

Made by `make reliability`, which runs the tests that count and writes down what they counted; nothing here is typed by hand.
Each number is of things really done: a file made and read, a step started and stopped.
"""


def count(section: str, what: str, n: int = 1) -> None:
    """Adds n to what was tried in a section: count("Hostile files", "templates refused", 12)."""
    if place := os.environ.get("RELIABILITY"):
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(json.dumps([section, what, n]) + "\n")


def table(lines: list[str]) -> str:
    """The page for counts as `count` writes them; sections and lines in the order of the alphabet."""
    sums: Counter[tuple[str, str]] = Counter()
    for section, what, n in map(json.loads, lines):
        sums[section, what] += n
    text = HEAD
    for section in sorted({section for section, _ in sums}):
        text += f"\n## {section}\n\n| tried | times |\n|---|---:|\n"
        text += "".join(
            f"| {what} | {sums[one]:,} |\n" for one in sorted(sums) if one[0] == section for what in one[1:]
        )
    return text


def main() -> int:
    files = [
        str(file)
        for file in sorted(TESTS.glob("test_*.py"))
        if "from reliability import" in file.read_text("utf-8")
    ]
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts"
        told = {**os.environ, "RELIABILITY": str(counts)}
        code = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *files, *sys.argv[1:]], env=told, check=False
        ).returncode
        if code == 0:
            TABLE.write_text(table(counts.read_text(encoding="utf-8").splitlines()), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
