"""rotation.yaml: where the rotations of the Chair and of the first meeting's host begin, and which turns were exchanged."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from papers.reading.yaml_files import Closed

CalendarYear = Annotated[int, Field(ge=1989, le=2088)]


class KnownTurn(Closed):
    """Who really held a post in a year, and where that is written."""

    year: CalendarYear
    economy: str
    source: str


class TurnsForm(Closed):
    """A rotation: whose turn it was in `first_year`; the others follow in APEC order."""

    first_year: CalendarYear
    first: str
    known: list[KnownTurn] = Field(default_factory=list)


class SwapForm(Closed):
    """An economy that cannot take its turn and exchanges it with the next in line."""

    role: Literal["chair", "host"]
    economy: str
    term: CalendarYear  # the first year of the turn that it cannot take
    exchanged_with: str | None = None
    announced: datetime.date
    meeting: str | None = None  # where it was announced


class RotationFile(Closed):
    chair: TurnsForm
    host: TurnsForm
    swaps: list[SwapForm] = Field(default_factory=list)
