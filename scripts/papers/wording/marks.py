"""The marks of papers that are not of record: made from illustrations, or in other words than the endorsed text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.store.work_files import RECEIVED

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper

RESTATED = "Restated text, not the endorsed text"
FIGURES = "Illustrative figures"
PAPER = "Illustrative paper"
_ON_COVER = {
    "": "",
    FIGURES: "Illustrative figures: prepared for demonstration, not reported by any {short}",
    PAPER: "Illustrative paper: prepared to show the form of such papers",
}


@dataclass(frozen=True)
class Marks:
    """The marks of a paper; `illustrative` is FIGURES, PAPER or "", `short` what a member is called."""

    restated: bool
    illustrative: str
    short: str

    @property
    def status(self) -> str:
        """What the cover says under the title of a restated text; "" of any other."""
        return RESTATED if self.restated else ""

    @property
    def illustrative_on_cover(self) -> str:
        """What the cover says of illustrations; "" where there are none."""
        return _ON_COVER[self.illustrative].format(short=self.short)

    @property
    def on_pages(self) -> str:
        """What each page says: both marks where a paper has both."""
        if self.restated and self.illustrative:
            return f"{RESTATED}; {self.illustrative[0].lower()}{self.illustrative[1:]}"
        return self.status or self.illustrative


def marks_of(model: Model, meeting: Meeting, paper: Paper, files: list[str]) -> Marks:
    """Return the marks of a paper that is made from `files`."""
    restated = not set(model.restated).isdisjoint(files)
    return Marks(restated, _illustrative(model, meeting, paper, files, restated), model.register.words.short)


def _illustrative(model: Model, meeting: Meeting, paper: Paper, files: list[str], restated: bool) -> str:
    """Return which mark of illustrations a paper has.

    The meeting's file makes no figure an illustration, and nothing that a sender's file contains was made here. A
    restated text whose meeting is an illustration says already that it is not of record.
    """
    prefixes = tuple(f"inputs/{model.config.forum}/{name}" for name in model.forum.illustrative)
    found = {file for file in files if file.startswith(prefixes)}
    if paper.kind != RECEIVED and found - {meeting.file}:
        return FIGURES
    return PAPER if found and not restated else ""
