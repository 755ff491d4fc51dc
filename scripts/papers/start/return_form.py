"""The forms that economies fill in: a return for the indicators of a year, and proposals of projects."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papers.inputs.workbooks import (
    PROPOSALS,
    PROPOSALS_SHEET,
    RETURN_FORM,
    RETURN_HEADER_ROW,
    RETURN_SHEET,
    RETURN_TOTALS,
    SCORES,
    SCORES_SHEET,
    TOTALS_SHEET,
    return_items,
)
from papers.model.ranking import LINKS
from papers.start.book import Book, PickList
from papers.wording.english import date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papers.inputs.plan_schemas import Indicator
    from papers.model.plan import Plan
    from papers.model.schedule import Activity

_ROWS = 500  # of a table that have lists to pick from
_ITEM_WIDTHS = (31, 46, 50, 13, 24, 24, 26, 12, 30)
_PROPOSAL_WIDTHS = (17, 56, 24, 40, 40, 11, 16)


@dataclass(frozen=True)
class FormFacts:
    """What the forms of a year are made from.

    `members` are the names of all economies, `due` the last day on which a return is in time, None if none is set.
    `activities` are those of the schedule whose IDs may be named.
    """

    plan: Plan
    year: int
    due: datetime.date | None
    members: Sequence[str]
    bodies: Sequence[str]
    activities: Sequence[Activity]

    @property
    def indicators(self) -> list[Indicator]:
        return [indicator for heading in self.plan.indicator_headings for indicator in heading.indicators]

    @property
    def counted(self) -> list[str]:
        """The names of the indicators that are counted from rows."""
        return [indicator.short for indicator in self.indicators if indicator.measure == "count"]


def return_workbook(facts: FormFacts, economy: str) -> bytes:
    """Return the form in which an economy reports for the indicators of a year."""
    plan = facts.plan
    book = Book(
        [
            PickList("indicator", "Indicators", 36, facts.counted),
            PickList("area", plan.area_level.heads, 64, [area.name for area in plan.areas]),
            PickList("member", "Economies", 22, facts.members),
            PickList("activity", "Activity IDs", 12, [activity.id for activity in facts.activities]),
            PickList("title", "Their titles", 90, [activity.title for activity in facts.activities]),
        ]
    )
    _add_items(book, facts, economy)
    _add_totals(book, facts)
    book.notes(f"Return for the indicators of the {plan.title}, {facts.year}", _return_notes(facts))
    return book.content()


def _add_items(book: Book, facts: FormFacts, economy: str) -> None:
    header = RETURN_HEADER_ROW - 1
    columns = return_items(bool(facts.plan.areas), facts.plan.area_level)
    sheet = book.table(RETURN_SHEET, [one.header for one in columns.values()], _ITEM_WIDTHS, header)
    sheet.freeze_panes(RETURN_HEADER_ROW, 0)
    sheet.set_column(3, 3, _ITEM_WIDTHS[3], book.formats["date"])
    for row, column in enumerate(RETURN_FORM.values()):
        sheet.write_string(row, 0, column.header, book.formats["title"])
    sheet.write_string(0, 1, economy, book.formats["text"])
    sheet.write_number(1, 1, facts.year, book.formats["year"])
    sheet.write_blank(2, 1, None, book.formats["text"])
    sheet.write_blank(3, 1, None, book.formats["date"])
    sheet.data_validation(
        2, 1, 2, 1, _prompt("Prepared by", "The office that prepared the return; no names.")
    )
    until = f" It is in time until {facts.due:%Y-%m-%d}." if facts.due else ""
    sent = _prompt("Date", f"The date on which the return is sent in, such as {facts.year + 1}-01-31.{until}")
    sheet.data_validation(3, 1, 3, 1, sent)
    rules = {
        0: book.choice("indicator"),
        1: book.choice("area"),
        3: _date_in(facts.year),
        6: book.choice_of_several("member", "Jointly with"),
        7: book.choice("activity", "warning"),
    }
    for at, rule in rules.items():
        if rule:
            sheet.data_validation(RETURN_HEADER_ROW, at, RETURN_HEADER_ROW + _ROWS - 1, at, rule)


def _add_totals(book: Book, facts: FormFacts) -> None:
    sheet = book.table(TOTALS_SHEET, [one.header for one in RETURN_TOTALS.values()], (44, 12))
    sheet.freeze_panes(1, 0)
    for row, indicator in enumerate(facts.indicators, 1):
        sheet.write_string(row, 0, indicator.short, book.formats["text"])
        sheet.write_blank(row, 1, None, book.formats["number"])
        sheet.data_validation(row, 1, row, 1, _figure_of(indicator))


def _figure_of(indicator: Indicator) -> dict[str, Any]:
    """Return the rule of an indicator's total: a count is whole; a percentage is typed as 45, not as 45%."""
    if indicator.measure == "count":
        words = (
            "How many rows the sheet Return has for it. 0: there was nothing. Empty: you do not report it."
        )
        return {"validate": "integer", "criteria": ">=", "value": 0, **_prompt_words("Total", words)}
    unit = "per cent: type 45 for 45%" if indicator.measure == "percent" else indicator.unit or "a number"
    words = f"The figure, in {unit}. Empty: you do not report it."
    return {"validate": "decimal", "criteria": ">=", "value": 0, **_prompt_words("Figure", words)}


def _prompt(title: str, words: str) -> dict[str, Any]:
    return {"validate": "any", **_prompt_words(title, words)}


def _prompt_words(title: str, words: str) -> dict[str, Any]:
    return {"input_title": title[:32], "input_message": words[:255]}


def _date_in(year: int) -> dict[str, Any]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": datetime.date(year, 1, 1),
        "maximum": datetime.date(year, 12, 31),
        "error_title": "Date",
        "error_message": f"Please type a date in {year}, such as {year}-05-31.",
    }


def _return_notes(facts: FormFacts) -> list[str]:
    area = facts.plan.area_level.head if facts.plan.areas else ""
    measured = [one.short for one in facts.indicators if one.measure != "count"]
    due = facts.due and f"Please send it in by {date(facts.due)}. A later one is counted, and is called late."
    return [
        *([due] if due else []),
        "Sheet Return, at the top: economy and year are filled in. Write the office that prepared the return (no"
        " names of persons), and the date on which it is sent in.",
        "Below the titles: one row for each thing done in the year. Leave the titles and the names of the sheets.",
        f"{f'Indicator and {area}' if area else 'Indicator'}: pick from the list. What counts for two indicators"
        " has two rows.",
        f"Title and Date: as in the invitation or report; of several days the first, in {facts.year}.",
        "Place, Partners or fora, Reference: where there are any; several with a semicolon between them.",
        "Jointly with: the other economies that did it together with yours and report it too. It counts once for the"
        " group, and once for each of you.",
        "Activity ID: if it belongs to an activity of the schedule; the sheet Lists has the IDs and titles.",
        "Sheet Totals: for each indicator, how many rows the sheet Return has. 0 says that there was nothing; an"
        " empty cell says that you do not report it. If you cannot list the items, fill in the totals alone.",
        *([f"Only in sheet Totals, without rows: {', '.join(measured)}."] if measured else []),
    ]


def proposals_workbook(facts: FormFacts, session: str) -> bytes:
    """Return the form for the proposals of a session, such as 2019-1, and the scores that members give."""
    plan = facts.plan
    book = Book(
        [
            PickList("area", plan.area_level.heads, 64, [area.name for area in plan.areas]),
            PickList("member", "Economies", 24, [*facts.members, *facts.bodies]),
            PickList("link", "Links", 12, LINKS),
        ]
    )
    titles = [
        plan.area_level.head if key == "priority_area" else one.header for key, one in PROPOSALS.items()
    ]
    sheet = book.table(PROPOSALS_SHEET, titles, _PROPOSAL_WIDTHS)
    sheet.freeze_panes(1, 1)
    rules = {
        2: book.choice_of_several("member", titles[2]),
        3: book.choice_of_several("member", titles[3]),
        4: book.choice("area"),
        5: book.choice("link"),
        6: {
            "validate": "integer",
            "criteria": ">=",
            "value": 0,
            **_prompt_words(titles[6], "0: self-funded"),
        },
    }
    for at, rule in rules.items():
        if rule:
            sheet.data_validation(1, at, _ROWS, at, rule)
    scores = book.table(SCORES_SHEET, [one.header for one in SCORES.values()], (17, 26, 14))
    scores.freeze_panes(1, 0)
    if rule := book.choice("member"):
        scores.data_validation(1, 1, 4 * _ROWS, 1, rule)
    ten = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 10}
    scores.data_validation(1, 2, 4 * _ROWS, 2, ten)
    book.notes(f"Project proposals, session {session[5:]} of {session[:4]}", _proposal_notes(titles))
    return book.content()


def _proposal_notes(titles: Sequence[str]) -> list[str]:
    return [
        "Leave the titles of the columns and the names of the sheets: the papers are made from them.",
        f"{titles[0]}: for example SME 02 2018A; each once.",
        f"{titles[2]}, {titles[3]}: one, or several with a semicolon between them.",
        f"{titles[4]}: pick one; empty only where the link is none. {titles[5]}: how directly the proposal serves the"
        " priorities of the plan.",
        f"{titles[6]}: a whole number, 0 for a project that its proponents pay.",
        "Sheet Scores is filled in after the proposals are known: one row is the score of one member for one proposal,"
        " from 1 to 10. A member that gives no score has no row.",
    ]
