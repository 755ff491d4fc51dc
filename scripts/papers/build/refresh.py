"""Bring the register and the public folder up to date after a command changed what they show."""

from __future__ import annotations

import sys
from pathlib import Path

from papers.errors import UserError
from papers.public import publish
from papers.record import commands
from papers.register.write import can_refresh, refresh
from papers.seal.seal import reseal

WORK, OUTPUTS = Path("outputs/work"), Path("outputs")


def run(verb: str, options: dict[str, str]) -> int:
    """Run a verb of `record`, then refresh what shows its result; return the exit code."""
    return commands.run(verb, options, after=_refresh_after_verb)


def _refresh_after_verb(forum: str) -> None:
    """Refresh under the locks of the verb; only report a failure, as what was recorded stays recorded."""
    try:
        lines = refresh_views(WORK, OUTPUTS, forum)
    except (UserError, OSError) as error:
        lines = [f"It was recorded, but outputs/index.html does not show it yet ({error}). Run make."]
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)


def refresh_views(work: Path, out: Path, forum: str) -> list[str]:
    """Write and seal register and public folder of the last build again, where they exist.

    `work` is outputs/work, `out` outputs. Return notices and problems for the user.
    """
    lines = refresh(work, out, forum) + publish.refresh(work, out)
    if can_refresh(work, out):
        reseal(work, out)
    return lines
