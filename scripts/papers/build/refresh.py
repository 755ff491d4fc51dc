"""Bring the register and the public folder up to date after a command changed what they show."""

from __future__ import annotations

import sys
from pathlib import Path

from papers.deliver import deliver_views
from papers.errors import UserError
from papers.problems import Problems
from papers.public.publish import publish
from papers.record import commands
from papers.register.gather import is_complete
from papers.register.write import write_register
from papers.seal.seal import is_sealed, reseal

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
    except (LookupError, TypeError, ValueError):  # files below outputs/work of another version of the program
        lines = ["It was recorded, but outputs/index.html does not show it yet. Run make."]
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)


def refresh_views(work: Path, out: Path, forum: str) -> list[str]:
    """Write, seal and deliver register and public folder of the last build again, where it was sealed.

    `work` is outputs/work, `out` outputs. Return notices and problems for the user. After a failed build they
    are left as they are, because its inputs and the papers then differ.
    """
    if not (is_complete(work) and is_sealed(work)):
        return []
    problems = Problems()
    write_register(work, forum, problems)
    notices = publish(work, problems)
    if problems:
        return problems.lines()
    reseal(work)
    return notices + deliver_views(work, out)
