"""What the checks of finished papers go by, as plain data: the rules, and the facts that papers are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.wording import english

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Meeting


def check_rules(model: Model) -> dict:
    """For outputs/work/rules.json. Words as written; severities by code; dates as ISO text, "" where not known."""
    rules = model.rules
    severities = model.config.checks.model_dump()
    indicators = [
        i for plan in model.plans.values() for heading in plan.indicator_headings for i in heading.indicators
    ]
    titles = [c.title for c in model.config.classification_columns if c.field == "title"]
    return {
        "severities": {code.replace("_", "-"): severity for code, severity in severities.items()},
        "nomenclature": [rule.model_dump() for rule in rules.nomenclature],
        "placeholders": rules.placeholders,
        "draft": rules.draft,
        "labels": rules.labels,
        "accepted": [
            {"text": a.text, "reason": a.reason, "column": a.column, "place": str(a.place)}
            for a in rules.accepted
        ],
        "accepted_file": f"inputs/{model.config.forum}/accepted.yaml",
        "indicators": {i.id: [i.short, *i.also] for i in indicators},
        "areas": sorted(
            {w for plan in model.plans.values() for area in plan.areas for w in area.wordings[:3]}
        ),
        "title_heads": ["Title", *titles],
        "meetings": [_meeting(model, meeting) for meeting in model.meetings],
        "whole": model.config.meetings == "all",
    }


def _meeting(model: Model, meeting: Meeting) -> dict:
    numbered = richtext.plain(english.numbered(meeting.ordinal, meeting.name, model.forum.ordinals)["line"])
    names = [meeting.code] + ([numbered] if meeting.ordinal else [])
    return {
        "names": names,
        "dates": english.dates(meeting.start, meeting.end),
        "start": meeting.start.isoformat() if meeting.start else "",
        "end": (meeting.end or meeting.start).isoformat() if meeting.start else "",
    }
