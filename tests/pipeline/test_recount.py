"""Every table of the indicator reports, the reviews and the rankings agrees with a recount of the spreadsheets."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median

import pytest
from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.model.forum import Model, build_model
from papers.problems import Problems
from papers.wording.compose import trace_meeting
from papers.wording.figure_markers import collect_markers, strip_markers
from papers.wording.kinds import project_scores
from project_tools import ROOT
from recount import NOT_REPORTED, Item, Recount, ranking, read

FORUM = ROOT / "inputs/smewg"
STATUSES = ("proposed", "approved", "in progress", "completed", "withdrawn")


@dataclass
class Printed:
    """A paper: its entry in the meeting's file, its day, and its texts."""

    entry: dict
    day: datetime.date
    fields: dict

    @property
    def kind(self) -> str:
        return self.entry["kind"]

    @property
    def years(self) -> range:
        return range(2017, self.entry["year"] + 1)


@pytest.fixture(scope="module")
def model() -> Model:
    """Return the model of the shipped forum."""
    problems = Problems()
    config = read_config([ROOT / "config.yaml"], {}, problems)
    found = build_model(read_inputs(ROOT, config, problems), config, problems)
    assert not problems, problems.lines()
    return found


@pytest.fixture(scope="module")
def papers(model) -> list[Printed]:
    """Return the papers of the shipped forum as the program words them."""
    found = []
    for meeting in (meeting for meeting in model.chosen if meeting.papers):
        form = read(FORUM / f"meetings/{meeting.code}.yaml")
        entries = {str(entry.get("number")): entry for entry in form["papers"]}
        for paper in trace_meeting(model, meeting)[0]["papers"]:
            entry = entries.get(paper["number"])
            if entry and "kind" in entry:
                found.append(Printed(entry, entry.get("as_of", form["start"]), paper["fields"]))
    return found


@pytest.fixture(scope="module")
def counts() -> Recount:
    economies = read(ROOT / "inputs/apec/economies.yaml")["economies"]
    names = [one["name"] for one in sorted(economies, key=lambda one: one["order"])]
    return Recount(FORUM, "plan-2017-2020", names)


def having(value: object, tag: str) -> Iterator[dict]:
    """Yield the mappings of a paper's texts that have a tag."""
    if isinstance(value, dict):
        if tag in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from having(inner, tag)


def tables(papers: list[Printed], tag: str) -> list[tuple[Printed, list]]:
    """Return all tables with a tag that are not empty, each with its paper."""
    found = [(paper, holder[tag]) for paper in papers for holder in having(paper.fields, tag)]
    found = [(paper, table) for paper, table in found if isinstance(table, list) and table]
    assert found, tag
    return found


def shown(figures: list[int | None]) -> list[str]:
    return [NOT_REPORTED if figure is None else f"{figure:,}" for figure in figures]


def with_sum(figures: list[int | None]) -> list[int | None]:
    """Return the figures of years and, where they are several, their sum."""
    reported = [figure for figure in figures if figure is not None]
    total = sum(reported) if reported else None
    return [*figures, *([total] if len(figures) > 1 else [])]


# Returns and indicators


def test_the_tables_of_returns(papers, counts):
    for paper, rows in tables(papers, "return_rows"):
        assert rows == [counts.return_row(year, paper.day) for year in paper.years], paper.entry


def test_the_tables_of_indicators_by_year(papers, counts):
    seen = 0
    for paper, parts in tables(papers, "year_tables"):
        printed: dict[str, list[str]] = {}
        for part in parts:
            for row in part["rows"]:
                printed.setdefault(row["indicator"], []).extend(row["values"])
        assert list(printed) == counts.indicators
        for indicator, values in printed.items():
            figures = [counts.total(indicator, year, paper.day) for year in paper.years]
            assert values == shown(with_sum(figures)), (paper.entry, indicator)
            seen += len(values)
    assert seen > 100


def test_the_tables_of_indicators_by_area_in_reports(papers, counts):
    for paper in (paper for paper in papers if paper.kind == "indicator-report"):
        (report,) = having(paper.fields, "counted")
        year = paper.entry["year"]
        printed = {row["area"]: row["values"] for row in report["areas"]}
        for name in counts.areas:
            figures = [counts.of_area(each, name, year, paper.day) for each in counts.indicators]
            assert printed.pop(name) == shown(figures)
        stated = [counts.of_area(each, None, year, paper.day) for each in counts.indicators]
        rest = printed.pop("Not stated (totals only)", None)
        assert rest == (["-" if n is None else str(n) for n in stated] if any(stated) else None)
        totals = [counts.total(each, year, paper.day) for each in counts.indicators]
        assert printed == {"Total": shown(totals)}


def test_the_tables_of_economies_in_reports(papers, counts):
    """They list those that reported, and do not say whose return was late."""
    for paper in (paper for paper in papers if paper.kind == "indicator-report"):
        (report,) = having(paper.fields, "counted")
        year = paper.entry["year"]
        received = counts.received(year, paper.day)
        assert "name_economies" not in paper.entry
        assert [row["economy"] for row in report["economies"]] == [one.economy for one in received]
        for row, one in zip(report["economies"], received, strict=True):
            figures = [counts.of_economy(each, one.economy, year, paper.day) for each in counts.indicators]
            assert row["values"] == shown(figures)
            totals_only = not one.items and any(one.totals.values())
            assert row["return"] == ("received, totals only" if totals_only else "received")


def test_the_tables_of_areas_in_reviews_and_whether_they_add_up(papers, counts):
    """Where they don't add up to the figures of the group, the paper says so, and nowhere else."""
    said = []
    for paper in (paper for paper in papers if paper.kind.endswith("-review")):
        (review,) = having(paper.fields, "areas_introduction")
        years = {str(year) for year in paper.years}
        sums = dict.fromkeys(itertools.product(counts.indicators, paper.years), 0)
        for area in review["areas"]:
            printed: dict[str, list[str]] = {}
            for part in area["tables"]:
                for row in part["figures"]:
                    printed.setdefault(row["indicator"], []).extend(row["values"])
            for indicator in counts.indicators:
                figures = [counts.of_area(indicator, area["name"], year, paper.day) for year in paper.years]
                assert printed[indicator] == shown(with_sum(figures)), (paper.entry, area["name"], indicator)
                for year, figure in zip(paper.years, figures, strict=True):
                    sums[indicator, year] += figure or 0
        short = {
            str(year) for (each, year), n in sums.items() if n != (counts.total(each, year, paper.day) or 0)
        }
        sentence = re.search(r"For ([^.]*?), the figures by .*? do not add up", review["areas_introduction"])
        assert set(re.findall(r"\d{4}", sentence[1]) if sentence else ()) == short <= years
        said.append(bool(sentence))
    assert any(said)


def lists_of_items(papers: list[Printed]) -> Iterator[tuple[Printed, Iterable[int], list]]:
    """Yield the lists in reports and in papers of their own, with the years whose items they have."""
    for paper in papers:
        if paper.kind == "indicator-report":
            (report,) = having(paper.fields, "counted")
            yield paper, [paper.entry["year"]], report["items"]
        elif paper.kind == "list-of-items":
            (fields,) = having(paper.fields, "groups")
            yield paper, paper.years, fields["groups"]


def test_the_lists_of_items(papers, counts):
    found = list(lists_of_items(papers))
    assert {paper.kind for paper, _, _ in found} == {"indicator-report", "list-of-items"}
    for paper, years, groups in found:
        things = [thing for year in years for thing in counts.things(year, paper.day)]
        assert things
        assert sum(len(group["rows"]) for group in groups) == len(things)
        for group in groups:
            name, _, number = group["indicator"].partition(" (")
            expected = [thing for thing in things if thing[0].indicator == name]
            assert is_written(number, len(expected))
            printed = sorted(
                (sorted(re.findall(r"\(row (\d+)\)", row["economies"])), row["area"]) for row in group["rows"]
            )
            assert printed == sorted(
                (sorted(str(item.key[1]) for item in thing), thing[0].area) for thing in expected
            )
            for row in group["rows"]:
                names = row["economies"].replace("the ", "")
                assert any(names == economies_of(thing) for thing in expected), row


def economies_of(thing: list[Item]) -> str:
    return "; ".join(f"{item.economy} (row {item.key[1]})" for item in thing)


def is_written(words: str, number: int) -> bool:
    """Return whether words begin with a number in figures or, below 10, in letters."""
    return words.partition(" ")[0].casefold() in (str(number), *_WORDS[number : number + 1])


_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


# Activities


def test_the_tables_of_statuses(papers, counts):
    found = [
        (paper, holder)
        for paper in papers
        for holder in having(paper.fields, "statuses")
        if holder["statuses"]
    ]
    assert {paper.kind for paper, _ in found} >= {"mid-term-review", "final-review", "updated-schedule"}
    for paper, holder in found:
        edition = str(paper.entry["schedule"])
        rows = holder["status_areas"] if "status_areas" in holder else holder["areas"]
        for row, area in zip(rows, [*counts.areas, None], strict=True):
            numbers = [counts.with_status(edition, status, area) for status in STATUSES]
            assert [cell["number"] for cell in row["cells"]] == [str(number) for number in numbers]
            assert row["all"] == str(counts.listed(edition, area)) == str(sum(numbers))


def test_the_verdicts_of_reviews(papers, counts):
    rule = {"counts": ["completed", "in progress"], "overdue_counts": False, "least_share": None}
    assert read(FORUM / "settings.yaml")["verdicts"] == rule
    verdicts = set()
    for paper, areas in tables(papers, "verdicts"):
        rows = [row for area in areas for row in (area, *area["objectives"])]
        printed = [(row["name"], row["activities"], row["verdict"]) for row in rows]
        expected = counts.verdicts(str(paper.entry["schedule"]), paper.entry["year"], paper.day)
        assert printed == expected, paper.entry
        verdicts |= {row["verdict"] for row in rows}
        (review,) = having(paper.fields, "verdict_rule")
        share = int(counts.elapsed(paper.day) * 100 + Fraction(1, 2))
        assert f"at least {share}% of the activities" in review["verdict_rule"]
    assert verdicts == {"On track", "Behind", "No activity"}


def test_the_sentences_on_the_first_page_of_reviews(papers, counts):
    """Activities by status and economies with a return; the figures of the indicators."""
    found = [paper for paper in papers if paper.kind.endswith("-review")]
    assert len(found) == 2
    for paper in found:
        (review,) = having(paper.fields, "standing")
        standing, achieved = (" ".join(texts(review[tag])) for tag in ("standing", "achievements"))
        activities = counts.edition(str(paper.entry["schedule"])).values()
        number = {status: sum(one["Status"] == status for one in activities) for status in STATUSES}
        listed = sum(number.values()) - number["withdrawn"]
        (numbers,) = re.findall(
            r"Of the (\w+) activities that were not withdrawn, (\w+) are .* and (\w+) are in progress",
            standing,
        )
        expected = (listed, number["completed"], number["in progress"])
        assert all(map(is_written, numbers, expected)), standing
        reporting = {one.economy for year in paper.years for one in counts.received(year, paper.day)}
        assert f"{len(reporting)} of the {len(counts.economies)} member economies" in standing
        for indicator in counts.indicators:
            total = with_sum([counts.total(indicator, year, paper.day) for year in paper.years])[-1]
            assert f"{indicator.lower()} ({total})" in achieved


def test_the_tables_of_changes(papers, counts):
    found = tables(papers, "changes")
    assert {paper.kind for paper, _ in found} == {"schedule-changes", "updated-schedule"}
    for paper, kinds in found:
        expected = counts.changes(older_edition(paper, counts), str(paper.entry["schedule"]))
        printed = {kind["kind"]: [row["id"] for row in kind["rows"]] for kind in kinds}
        assert printed == expected, paper.entry


def older_edition(paper: Printed, counts: Recount) -> str:
    """Return the edition with which a paper compares: the one before, or the endorsed one."""
    names = counts.editions()
    before = names[names.index(str(paper.entry["schedule"])) - 1]
    return before if paper.kind in ("updated-schedule", "fora-report") else names[0]


_SENTENCE = re.compile(r"Since the \d{4} edition, (.*?); (.*?) remains? unchanged\.")
_VERBS = {
    "Added": "was added",
    "Approved": "was approved",
    "Started": "was started",
    "Completed": "was completed",
    "Extended": "was extended",
    "Shortened": "was shortened",
    "Rescheduled": "was rescheduled",
    "Returned to an earlier status": "returned to an earlier status",
    "Renamed": "was renamed",
    "Changed proponents": "changed proponents",
    "Moved to another priority area": "moved to another priority area",
    "Project number received": "received a project number",
    "Withdrawn": "was withdrawn",
}


def test_the_sentences_that_count_changes(papers, counts):
    seen = set()
    for paper in (paper for paper in papers if "schedule" in paper.entry):
        edition = str(paper.entry["schedule"])
        for sentence in _SENTENCE.finditer("\n".join(texts(paper.fields))):
            found = counts.changes(older_edition(paper, counts), edition)
            parts = re.split(", | and ", sentence[1])
            assert len(parts) == len(found), (paper.entry, sentence[0])
            for kind, activities in found.items():
                verb = _VERBS[kind].replace("was ", "were ") if len(activities) > 1 else _VERBS[kind]
                (part,) = (part for part in parts if part.endswith(verb))
                assert is_written(part, len(activities)), (paper.entry, part)
            changed = {activity for activities in found.values() for activity in activities}
            unchanged = len(counts.edition(edition)) - len(changed)
            assert is_written(sentence[2], unchanged), (paper.entry, sentence[0])
            seen.add(paper.kind)
    assert seen == {"mid-term-review", "final-review", "schedule-changes", "updated-schedule", "fora-report"}


def texts(value: object) -> Iterator[str]:
    """Yield the paragraphs of a paper's texts."""
    if isinstance(value, dict) and "line" in value:
        yield "".join(part[0] for part in value["line"] if isinstance(part, list))
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def test_the_tables_of_commitments(papers, counts):
    ids = {one["name"]: one["id"] for one in counts.form["commitments"]}
    found = tables(papers, "commitments")
    assert {paper.kind for paper, _ in found} == {"mid-term-review", "final-review", "fora-report"}
    for paper, rows in found:
        for row in rows:
            linked = counts.contributing(str(paper.entry["schedule"]), ids[row["name"]], paper.entry["year"])
            assert is_written(row["count"], len(linked)), row["name"]
            assert len(row["activities"]) == max(len(linked), 1)


# Ranking


def two_decimals(value: float) -> str:
    return str(Decimal(repr(round(value, 9))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_the_tables_of_rankings(papers):
    rules = read(FORUM / "settings.yaml")["ranking"]
    found = [paper for paper in papers if paper.kind == "project-ranking"]
    assert len(found) == 3
    for paper in found:
        ranked = ranking(FORUM / f"{paper.entry['plan']}/projects/{paper.entry['session']}.xlsx", rules)
        (text,) = having(paper.fields, "ties")
        rows = [[row[key] for key in ("number", "rank", "mean", "points", "total")] for row in text["rows"]]
        assert rows == [
            [
                one.number,
                str(at),
                two_decimals(one.mean),
                f"{one.points:g}",
                two_decimals(one.mean + one.points),
            ]
            for at, one in enumerate(ranked, 1)
        ]
        assert not list(having(paper.fields, "members"))


def test_the_tables_of_scores(model):
    """No shipped paper has one, as they are for restricted papers only."""
    rules = read(FORUM / "settings.yaml")["ranking"]
    rankings = [paper for one in model.chosen for paper in one.papers if paper.kind == "project-ranking"]
    assert len(rankings) == 3
    for paper in rankings:
        with collect_markers() as figures:
            marked = project_scores.context(model.as_of(paper), paper)
        text, _ = strip_markers(marked, figures)
        ranked = ranking(FORUM / f"{paper.plan}/projects/{paper.session}.xlsx", rules)
        assert text["proposals"] == [one.number for one in ranked]
        assert {row["name"] for row in text["members"]} == {name for one in ranked for name in one.scores}
        for row in text["members"]:
            scores = [str(one.scores.get(row["name"], "–")) for one in ranked]
            assert [cell.strip("()") for cell in row["cells"]] == scores
        bracketed = [
            sum(row["cells"][at].startswith("(") for row in text["members"]) for at in range(len(ranked))
        ]
        assert bracketed == [len(one.scores) - len(one.counted) for one in ranked]
        assert [row["cells"] for row in text["totals"]] == [
            [str(len(one.counted)) for one in ranked],
            [two_decimals(one.mean) for one in ranked],
            [two_decimals(median(one.counted)) for one in ranked],
        ]


def test_the_recount_uses_nothing_of_the_program():
    source = (ROOT / "tests/support/recount.py").read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE))
    assert imported == {
        *("__future__", "datetime", "difflib", "itertools", "dataclasses", "functools"),
        *("fractions", "pathlib", "statistics", "openpyxl", "yaml"),
    }
