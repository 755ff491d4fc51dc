"""The types of a paper's context and trace: what wording writes to outputs/work as JSON for all later steps.

contexts/<meeting>.json holds a `MeetingContext`, contexts/papers.json the `PaperSummary` of each paper,
traces/<paper>.json a `Trace` (docs/traces.md describes its keys). wording/compose.py makes them.

Import these names below `if TYPE_CHECKING` only: nothing here exists for a running program, and `typing` costs
`fill` more than a paper.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

Fields = dict[str, dict[str, Any]]  # namespace -> tag -> its value, as wording/tags.py declares it


class Properties(TypedDict):
    """What Word shows under File, Info; `date` is 2018-09-07T00:00:00Z, or "" where no day is known."""

    title: str
    subject: str
    author: str
    language: str
    date: str


class Issued(TypedDict):
    """The issue of exactly this number, which `fill` compares the paper with.

    `place` is the file of its meeting; `kept` is the archived paper, `sources` the archived list of its inputs.
    """

    sha256: str
    date: str
    place: str
    sources: str
    kept: str


class Revises(TypedDict):
    """The issued paper that a revision follows; `kept` is the archived paper."""

    number: str
    title: str
    file: str
    kept: str


class PaperHead(TypedDict):
    """What most steps need of a paper.

    `file` is its path in outputs/papers, `plan` the folder of its plan ("" if it has none), `edition` the name of the
    edition of the schedule that it prints ("" if none), `received` the input that a sender sent and `received_sha256`
    its digest when it was checked ("" for a paper that this program writes), `held_back` the codes of its warnings
    that keep it out of outputs/public as nobody accepted them, `restated` whether its text is in other words than the
    endorsed one; `made_from` are its input files, `entry` is the
    digest of what config.yaml, settings.yaml and its meeting's file state about it, `templates` are the files of
    its templates.
    """

    number: str
    title: str
    kind: str
    file: str
    plan: str
    edition: str
    received: str
    received_sha256: str
    held_back: list[str]
    restated: bool
    made_from: list[str]
    entry: str
    templates: list[str]
    properties: Properties
    issued: Issued | None
    revises: Revises | None


class PaperContext(PaperHead):
    """All that `fill` needs of a paper.

    `places` has, for each figure of the annex of sources, the tag and the character of each place where it stands.
    `listed` has number -> digest `entry` of the papers that a list of papers prints; it is empty for other kinds.
    """

    fields: Fields
    listed: dict[str, str]
    places: list[list[tuple[str, int]]]


class PaperSummary(PaperHead):
    """A paper's context of whose texts only the values of the cover's tags are kept, and its number of figures."""

    cover: dict[str, Any]
    figures: int


class MeetingContext(TypedDict):
    """The papers of a meeting, by its code, in order of their numbers."""

    meeting: str
    papers: list[PaperContext]


# Traces


class TracedCell(TypedDict):
    """A cell of a sheet, or a line of a text file.

    `value` is what was read there, `title` that of the thing in it, `economy` the one that reported or proposed
    it.
    """

    file: str
    sheet: NotRequired[str]
    cell: NotRequired[str]
    line: NotRequired[int]
    value: object  # str, int, float, bool or None
    title: str
    economy: str


class TracedSource(TypedDict):
    """One thing that figures count, or a cell that states how many there are.

    `decided_by` has the positions, in `deciding` of the trace, of other cells and lines on which it depends that it
    counts so.
    """

    counts: int | float
    cells: list[TracedCell]
    decided_by: NotRequired[list[int]]


class CountedFigure(TypedDict):
    """What a figure counts, with the positions of its sources; or how it was computed, from the figures `of`.

    `unit` is % or words, where the figure has one. An average has `value` and `of`.
    """

    what: str
    value: NotRequired[int | float | None]
    unit: NotRequired[str]
    among: NotRequired[str]
    sources: NotRequired[list[int]]
    how: NotRequired[str]
    of: NotRequired[list[CountedFigure]]
    plus: NotRequired[CountedFigure]


class FigurePlace(TypedDict):
    """Where a figure is printed, and the text around it where there is more than the figure."""

    where: str
    tag: str
    at: int
    text: NotRequired[str]


class PrintedFigure(CountedFigure, FigurePlace):
    """A figure at one place of a paper; `figure` is the figure in the words of the paper."""

    figure: str


class TraceHead(TypedDict):
    """The paper that a trace belongs to; `access` is public or restricted."""

    paper: str
    title: str
    kind: str
    file: str
    access: str


class Trace(TraceHead):
    """The figures of a paper in the order of its text, what they were counted from, and what decided that."""

    figures: list[PrintedFigure]
    sources: list[TracedSource]
    deciding: list[TracedCell]
