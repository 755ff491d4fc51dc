"""Run the adapter of a rule: its options, and its log of problems and notices as JSON.

The log, which the rule declares, is a list of entries. Each has a `type`: "problem" (something to fix),
"notice" (good to know), or "failure" (a traceback: the program itself is wrong, or a file below outputs/work);
and a `text` in which nothing is missing. A problem of an input also has its place, kind, found, expected and
todo. `papers.build.make` reads the logs; plain Snakemake shows what is printed here.

The job `fill` imports this module: standard library only, without `pathlib` and `typing`.
"""

from __future__ import annotations

import sys

from papers.errors import NO_MEMORY, UserError, describe_os_error
from papers.store.files import DamagedFile, to_json, write_atomic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from papers.problems import Problems

PROBLEM, NOTICE, FAILURE = "problem", "notice", "failure"
DAMAGED = "damaged-file"  # the kind of a problem that building everything again solves
_SHOWN = {PROBLEM: "", NOTICE: "note: ", FAILURE: ""}


class JobLog:
    """What a job reports. `failed` is whether it found something to fix."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def add_problem(self, text: str, **facts: str) -> None:
        self.entries.append({"type": PROBLEM, "text": text, **facts})

    def add_problems(self, problems: Problems) -> None:
        self.entries += [{"type": PROBLEM, **problem} for problem in problems.as_data()]

    def add_notices(self, texts: Iterable[str]) -> None:
        self.entries += [{"type": NOTICE, "text": text} for text in texts]

    @property
    def failed(self) -> bool:
        return any(entry["type"] != NOTICE for entry in self.entries)

    def print(self) -> None:
        """Print the entries to standard error, for users of plain Snakemake."""
        for entry in self.entries:
            print(_SHOWN[entry["type"]] + entry["text"], file=sys.stderr)


def run_job(main: Callable[..., None]) -> int:
    """Run an adapter with the options of the command line; write and print its log.

    Options are words like `--context FILE`. `--log FILE` is the log's file; `--code DIGEST` is there for
    Snakemake, which runs a rule again when its command changes. Return the exit code: 1 if there are problems.
    """
    options = parse_options(sys.argv[1:])
    file = options.pop("log")
    options.pop("code", None)
    log = call(main, **options)
    log.print()
    try:
        write_atomic(file, to_json(log.entries))
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 1 if log.failed else 0


def call(main: Callable[..., None], **options: str) -> JobLog:
    """Call `main(log, **options)`; return its log, which has the error that ended it, if one did."""
    log = JobLog()
    try:
        main(log, **options)
    except DamagedFile as error:
        log.add_problem(str(error), kind=DAMAGED)
    except UserError as error:
        log.add_problem(str(error))
    except OSError as error:
        log.add_problem(describe_os_error(error))
    except MemoryError:
        log.add_problem(NO_MEMORY)
    except Exception:
        import traceback  # noqa: PLC0415 -- only a failure needs it

        log.entries.append({"type": FAILURE, "text": traceback.format_exc()})
    return log


def parse_options(words: list[str]) -> dict[str, str]:
    """Parse `--option value` pairs: importing argparse would cost `fill` as much as a dozen papers."""
    return {option.removeprefix("--"): value for option, value in zip(words[::2], words[1::2], strict=True)}
