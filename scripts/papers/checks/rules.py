"""outputs/work/rules.json: what the rule `check` needs to know of the inputs, which it does not read.

Words as the inputs state them; severities by code of the check; dates as ISO text, "" where not known.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from papers import richtext
from papers.wording import english

if TYPE_CHECKING:
    from papers.inputs.config import Severity
    from papers.model.forum import Model
    from papers.model.meetings import Meeting


@dataclass(frozen=True)
class WordRule:
    """A rule of the nomenclature, as in nomenclature.yaml."""

    wrong: list[str]
    right: list[str]
    why: str
    unless: list[str]
    capitals: bool


@dataclass(frozen=True)
class AcceptedEntry:
    """A text that is accepted, everywhere or in one column ("" for everywhere).

    `place` is the line that accepts it.
    """

    text: str
    reason: str
    column: str
    place: str


@dataclass(frozen=True)
class MeetingDates:
    """A meeting: its code and full name, its dates in words, its first and last day."""

    names: list[str]
    dates: str
    start: str
    end: str


@dataclass(frozen=True)
class RuleSet:
    """The rules of the checks, and the facts with which papers are compared.

    `indicators`: id -> the wordings of an indicator, the short one first. `areas`: wordings of priority
    areas. `title_heads`: heads of the columns that list titles of papers. `all_meetings`: whether no
    meeting is left out.
    """

    severities: dict[str, Severity]
    nomenclature: list[WordRule]
    placeholders: list[str]
    draft: list[str]
    labels: list[str]
    accepted: list[AcceptedEntry]
    accepted_file: str
    indicators: dict[str, list[str]]
    areas: list[str]
    title_heads: list[str]
    meetings: list[MeetingDates]
    all_meetings: bool
    numbers: dict[str, Any]  # the grammar of document numbers

    def as_data(self) -> dict:
        """Return the rules as plain data for rules.json."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict) -> RuleSet:
        """Return the rules that rules.json holds."""
        typed = {
            "nomenclature": [WordRule(**rule) for rule in data["nomenclature"]],
            "accepted": [AcceptedEntry(**entry) for entry in data["accepted"]],
            "meetings": [MeetingDates(**meeting) for meeting in data["meetings"]],
        }
        return cls(**{**data, **typed})


def build_rule_set(model: Model) -> RuleSet:
    """Return the rules of a forum."""
    rules, config, plans = model.rules, model.config, model.plans.values()
    words: dict[str, list[str]] = {}  # of indicators, which may have the same id in several plans
    for indicator in (i for plan in plans for heading in plan.indicator_headings for i in heading.indicators):
        names = [*words.get(indicator.id, ()), indicator.short, *indicator.also]
        words[indicator.id] = list(dict.fromkeys(names))
    titles = [column.title for column in model.settings.classification_columns if column.field == "title"]
    return RuleSet(
        severities={
            code.replace("_", "-"): severity for code, severity in config.checks.model_dump().items()
        },
        nomenclature=[WordRule(**rule.model_dump()) for rule in rules.nomenclature],
        placeholders=rules.placeholders,
        draft=rules.draft,
        labels=rules.labels,
        accepted=[AcceptedEntry(a.text, a.reason, a.column, str(a.place)) for a in rules.accepted],
        accepted_file=f"inputs/{config.forum}/accepted.yaml",
        indicators=words,
        areas=sorted({w for plan in plans for area in plan.areas for w in area.wordings[:3]}),
        title_heads=["Title", *titles],
        meetings=[_meeting(model, meeting) for meeting in model.meetings],
        all_meetings=config.meetings == "all",
        numbers=model.grammar.as_data(),
    )


def _meeting(model: Model, meeting: Meeting) -> MeetingDates:
    numbered = richtext.plain(english.numbered(meeting.ordinal, meeting.name, model.forum.ordinals)["line"])
    start, end = meeting.start, meeting.end or meeting.start
    return MeetingDates(
        names=[meeting.code, numbered] if meeting.ordinal else [meeting.code],
        dates=english.dates(meeting.start, meeting.end),
        start=start.isoformat() if start else "",
        end=end.isoformat() if start and end else "",
    )
