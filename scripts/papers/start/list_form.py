"""The workbook in which an officer lists agenda and papers of a new meeting, for new-meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.start.book import Book, PickList
from papers.start.meeting_text import PAPER_KEYS, explained
from papers.start.papers_list import AGENDA, AGENDA_SHEET, PAPERS, PAPERS_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from papers.inputs.kind_files import EntryKey

_ROWS = 200
_WIDTHS = {"kind": 22, "title": 56, "submitted_by": 30, "file": 40, "plan": 18, "received": 26, "notes": 30}
_TYPED_AS_TEXT = ("schedule", "session", "received", "number", "workplan")  # Excel takes 2018-06 for a date


def list_workbook(
    code: str, kinds: Mapping[str, Mapping[EntryKey, str]], purposes: Sequence[str], plans: Sequence[str]
) -> bytes:
    """Return the workbook for the meeting of a code; `kinds`, `purposes` and `plans` are what can be picked.

    Each kind has the keys of its entries, required or optional.
    """
    lists = {"kind": ("Kinds", [*kinds]), "purpose": ("Purposes", purposes), "plan": ("Plans", plans)}
    access = ("public", "restricted")
    book = Book(
        [
            *(PickList(role, head, 24, names) for role, (head, names) in lists.items()),
            PickList("access", "Access", 12, access),
        ]
    )
    agenda = book.table(AGENDA_SHEET, [column.header for column in AGENDA.values()], (10, 80))
    agenda.set_column(0, 0, 10, book.formats["words"])
    titles = [column.header for column in PAPERS.values()]
    sheet = book.table(PAPERS_SHEET, titles, [_WIDTHS.get(key, 14) for key in PAPERS])
    sheet.freeze_panes(1, 1)
    for at, (key, column) in enumerate(PAPERS.items()):
        kind = "date" if column.kind == "date" else "words" if key in _TYPED_AS_TEXT else "text"
        sheet.set_column(at, at, _WIDTHS.get(key, 14), book.formats[kind])
        if rule := book.choice(key):
            sheet.data_validation(1, at, _ROWS, at, rule)
    book.notes(f"Agenda and papers of {code}", [*_notes(code), *_needs(kinds)])
    return book.content()


def _notes(code: str) -> list[str]:
    explain = explained({"code": code, "year": "2018"})
    return [
        "Sheet Agenda: one row for each item. Sheet Papers: one row for each paper, in the order of their numbers."
        " Agenda and classification list are added if no row has their kind.",
        "A paper has a Kind, or the File that somebody sent. Columns that are not needed may stay empty or be deleted.",
        "Submitted by: an office or an economy; several with a semicolon between them.",
        *(
            f"{PAPERS[key].header}: {explain[key]}."
            for key in PAPER_KEYS
            if key in PAPERS and key != "submitted_by"
        ),
    ]


def _needs(kinds: Mapping[str, Mapping[EntryKey, str]]) -> Iterable[str]:
    """Yield the columns that a paper of each kind needs, and those that it may have."""
    yield "What the papers of each kind need. Plan and Schedule are filled in where only one can be meant."
    for kind, entry in kinds.items():
        needed, possible = (
            [PAPERS[key].header for key, how in entry.items() if key in PAPERS and how == wanted]
            for wanted in ("required", "optional")
        )
        may = f"; may have {', '.join(possible)}" if possible else ""
        yield f"{kind}: needs {', '.join(needed) or 'no more than its kind'}{may}."
