"""Counts of what was really tried, and the command that makes tests/RELIABILITY.md from them.

A test says `count(section, what, n)` after it has tried something n times and found it right. Nothing happens then unless
the variable RELIABILITY names a file: each count becomes a line of JSON in it, so that several processes may add to one.
`make reliability` (this file as a program) runs every test file that counts, with such a file, and writes the table; where
a test fails, it writes nothing. Sections that longer programs count (`make faults`, `make fuzz`) stay as these wrote them.
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
TABLE = TESTS / "RELIABILITY.md"
HEAD = """# What was tried to break it

Made by `make reliability`, which runs the tests that count and writes down what they counted, and by longer programs where a
section names one; nothing here is typed by hand.
Each number is of things really done: a file made and read, a step started and stopped.
"""


def count(section: str, what: str, n: int = 1) -> None:
    """Adds n to what was tried in a section: count("Hostile files", "templates refused", 12)."""
    if place := os.environ.get("RELIABILITY"):
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(json.dumps([section, what, n]) + "\n")


def write_table(counts: Iterable[tuple[str, str, int]]) -> None:
    """The page for counts (section, what, n); a section that they don't count stays. In the order of the alphabet."""
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
    """Title -> text of each section of the page."""
    return {
        title: body.rstrip("\n") + "\n"
        for title, _, body in (part.partition("\n") for part in page.split("\n## ")[1:])
    }


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
            write_table(map(json.loads, counts.read_text(encoding="utf-8").splitlines()))
    return code


if __name__ == "__main__":
    sys.exit(main())
