"""The tags that the mid-term and the final review share; the fora report has some of them."""

from __future__ import annotations

from papers.model.schedule import STATUSES
from papers.wording.kinds import indicator_report
from papers.wording.tags import Blocks, Chart, Each, Flag, Text

_VALUES = Each("one figure for each column: 14, or not reported", heads="heads")
_BY_YEAR = Each("one figure for each column: 14, or not reported", heads="years")
_OBJECTIVES = Each(
    "its objectives",
    {
        "objective": Text("the objective"),
        "activities": Blocks("activities that serve it, with years and status, in the style Table Bullet"),
    },
)
TAGS = {
    "title": Text("title over the text"),
    "plan": Text("title of the plan"),
    "period": Text("the years of the plan until the review: 2017 - 2018"),
    "as_of": Text("the day until which returns were counted: 31 August 2018"),
    "key_findings": Blocks("the findings in words, one bullet each, all of them counted"),
    "mandate": Blocks("who asked for the review; the Chair's words"),
    "returns": Blocks("who reported, year by year"),
    "return_rows": indicator_report.TAGS["return_rows"],
    "heads": Each("heads of the columns of a priority area's figures: the years, and their total"),
    "areas": Each(
        "the priority areas",
        {
            "name": Text("its name"),
            "progress": Text("its activities by status, in words"),
            "objectives": _OBJECTIVES,
            "figures": Each("the indicators", {"indicator": Text("its short name"), "values": _VALUES}),
            "assessment": Blocks("the Chair's assessment"),
        },
    ),
    "years": Each("heads of the columns: the years, and their total where there are several"),
    "rows": Each(
        "the indicators",
        {
            "indicator": Text("its short name"),
            "values": _BY_YEAR,
            "change": Text("from the first year to the last full one: up from 12 to 14 (+16.7%)"),
        },
    ),
    "chart_of_years": Chart("the indicators as columns, one a year"),
    "caution": Blocks("what to keep in mind when years are compared"),
    "status": Blocks("counts of the activities by status, in words"),
    "status_areas": Each(
        "the priority areas, and all together",
        {
            "name": Text("its name in the schedule"),
            **{status.replace(" ", "_"): Text(f"how many are {status}") for status in STATUSES},
            "all": Text("how many there are"),
        },
    ),
    "timeline": Chart("the activities as bars from their first to their last year"),
    "changes_summary": Blocks("what changed since the endorsed edition, in words"),
    "has_changes": Flag("yes where anything changed"),
    "changes": Each(
        "the kinds of change that occur",
        {
            "kind": Text("Added, Completed, ..."),
            "rows": Each(
                "the activities changed in this way",
                {
                    "activity": Text("title and ID of the activity"),
                    "before": Text("what was, in the endorsed edition"),
                    "now": Text("what is"),
                    "reason": Text("why, where it was said"),
                },
            ),
        },
    ),
    "objectives_without_activity": Blocks("objectives that no activity serves, or that there is none"),
    "areas_without_project": Blocks("priority areas without a project, or that there is none"),
    "unreported": Blocks("indicators that nobody reported, or that there is none"),
    "silent": Blocks("economies of which no return came, or that there is none"),
    "overdue": Blocks("activities that are overdue, or that there is none"),
    "contribution": Blocks(
        "how the plan contributes to what Leaders and Ministers agreed; the Chair's words"
    ),
    "commitments": Each(
        "what Leaders and Ministers agreed",
        {
            "name": Text("its name"),
            "count": Text("how many activities contribute to it: four activities"),
            "activities": Blocks("these activities, in the style Table Bullet"),
        },
    ),
    "recommendations": Blocks("the recommendations, verb first, numbered"),
    "items": indicator_report.TAGS["items"],
    "method": Blocks("how it was counted, one bullet a rule"),
}
