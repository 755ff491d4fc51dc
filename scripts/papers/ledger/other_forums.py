"""The numbers that other forums have recorded: a number belongs to one paper, in whichever forum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.ledger.file import ISSUED_FOLDER, read_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from papers.ledger.file import LedgerFile
    from papers.numbers import Grammar
    from papers.problems import Problems


def ledgers_of_others(root: Path, forum: str, problems: Problems) -> dict[str, LedgerFile]:
    """Return the ledgers of all forums below root/inputs but one, by the name of the forum.

    Problems of a ledger are added to `problems`: its numbers are not known.
    """
    names = sorted(path.parent.name for path in (root / "inputs").glob(f"*/{ISSUED_FOLDER}"))
    return {name: read_ledger(root, name, problems) for name in names if name != forum}


def numbers_of_others(root: Path, forum: str, grammar: Grammar, problems: Problems) -> dict[str, str]:
    """Return number without its revision -> the forum that has recorded it, of all forums but one."""
    return numbers_in(ledgers_of_others(root, forum, problems), grammar)


def numbers_in(ledgers: dict[str, LedgerFile], grammar: Grammar) -> dict[str, str]:
    """Return number without its revision -> the forum whose ledger has it."""
    return {grammar.base_of(row.number): name for name, file in ledgers.items() for row in file.rows}
