"""What the classification list and the register say about single papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.wording import english

if TYPE_CHECKING:
    import datetime

    from papers.ledger.corrections import CorrectionRow


def correction(row: CorrectionRow, restricted: bool) -> str:
    """Return an open correction in words.

    As the list may be public, it quotes nothing of a restricted paper.
    """
    if restricted:
        return f"Correction {row.id} is open"
    return f"Correction {row.id}, {row.place}: “{row.as_printed}” should read “{row.correct}”"


SET_ASIDE = "set aside, not circulated"


def late(came: datetime.datetime, cut_off: datetime.datetime, allowed_by: str) -> str:
    """Late: received on 27 August 2018 (cut-off 24 August 2018), allowed by SMEWG Chair."""
    days = [english.date(moment.date()) for moment in (came, cut_off)]
    if days[0] == days[1]:  # then the times make the difference
        days = [f"{english.date(moment.date())}, {moment:%H:%M}" for moment in (came, cut_off)]
    return f"Late: received on {days[0]} (cut-off {days[1]}), allowed by {allowed_by}"
