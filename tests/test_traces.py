"""Traces: every counted figure of every shipped paper leads to cells of the inputs; `trace` prints them."""

from __future__ import annotations

import ast
import datetime
import json
import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import mean, median

import openpyxl
import pytest
from forum_tools import MINI2, Forum
from papers.characters import forbidden_character
from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.model.figures import Figure, Source, counted
from papers.model.forum import as_data, build_model
from papers.problems import Problems
from papers.traces import figures, find_figures
from papers.wording import english
from papers.wording.check_papers import check_papers
from papers.wording.compose import trace_meeting, word_paper
from papers.wording.figure_markers import collect_markers, strip_markers
from project_tools import ROOT, Project, Run, copy_built, copy_project
from returns_tools import ACTIVITIES, PER, PRACTICES, RETURNS, VNM, day, row, send_in

WORDS = {word: number for number, word in enumerate(english.NUMBER_WORDS)}


@pytest.fixture(scope="module")
def shipped():
    """Return the model of the shipped inputs, and by number the contexts and the traces of all papers."""
    problems = Problems()
    config = read_config([ROOT / "config.yaml"], {}, problems)
    model = build_model(read_inputs(ROOT, config, problems), config, problems)
    check_papers(model, problems)
    assert not problems, problems.lines()
    pairs = [trace_meeting(model, meeting) for meeting in model.chosen if meeting.papers]
    contexts = {paper["number"]: paper for context, _ in pairs for paper in context["papers"]}
    return model, contexts, {trace["paper"]: trace for _, traces in pairs for trace in traces}


def counted_figures(traces: dict) -> Iterator[tuple[str, dict]]:
    """Return (place, figure) for every figure with sources, those behind a share or mean included."""
    for trace in traces.values():
        for figure in figures(trace):
            where = f"{trace['paper']} {figure['tag']}"
            operands = [*figure.get("of", [figure]), *([figure["plus"]] if "plus" in figure else [])]
            yield from ((where, operand) for operand in operands)


# Every figure of every shipped paper


def test_the_sources_of_every_figure_add_up_to_it(shipped):
    wrong, seen = [], 0
    for where, figure in counted_figures(shipped[2]):
        counts, seen = sum(source["counts"] for source in figure["sources"]), seen + 1
        if counts != (figure["value"] or 0):
            wrong.append(f"{where}: {figure['what']} is {figure['value']}, its sources count {counts}")
    assert not wrong
    assert seen > 1500


def test_every_figure_is_printed_as_its_value(shipped):
    for trace in shipped[2].values():
        for figure in figures(trace):
            if "how" in figure:
                continue
            assert value_of(figure["figure"].casefold()) == figure["value"], figure


def value_of(printed: str) -> int | None:
    if printed == english.NOT_REPORTED:
        return None
    return WORDS[printed] if printed in WORDS else int(printed.removesuffix("%").replace(",", ""))


def test_every_figure_is_at_the_place_that_its_trace_names(shipped):
    _, contexts, traces = shipped
    for trace in traces.values():
        texts = dict(texts_of(contexts[trace["paper"]]["fields"]))
        for figure in trace["figures"]:
            assert str(texts[figure["tag"]])[figure["at"] :].startswith(figure["figure"]), figure


def test_a_derived_figure_follows_from_the_figures_that_its_trace_names(shipped):
    seen = set()
    for trace in shipped[2].values():
        for figure in figures(trace):
            if "how" in figure:
                seen.add(figure["how"])
                assert as_printed(figure) == figure["figure"], figure
    assert seen == {"share", "change", "mean"}  # medians are in papers with scores only


def as_printed(figure: dict) -> str:
    """Compute a derived figure again from its trace."""
    values = [operand["value"] for operand in figure["of"]]
    if figure["how"] in ("mean", "median"):
        scores = [Fraction(source["counts"]) for source in figure["of"][0]["sources"]]
        plus = Fraction(str(figure["plus"]["value"])) if "plus" in figure else 0
        exact = {"mean": mean, "median": median}[figure["how"]](scores) + plus
        return f"{int(exact * 100 + Fraction(1, 2)) / 100:.2f}"
    part = values[0] if figure["how"] == "share" else abs(values[1] - values[0])
    whole = values[1] if figure["how"] == "share" else values[0]
    sign = "" if figure["how"] == "share" else "+" if values[1] > values[0] else "-"
    tenths = int(Fraction(part * 1000, whole) + Fraction(1, 2)) / 10
    return f"{sign}{tenths:.1f}".removesuffix(".0") + "%"


@cache
def sheet_of(file: str, name: str) -> dict[str, object]:
    """Return the cells of a sheet as openpyxl reads them; the program itself uses another library."""
    sheet = openpyxl.load_workbook(ROOT / file)[name]
    return {cell.coordinate: as_text(cell.value) for line in sheet.iter_rows() for cell in line}


def as_text(value: object) -> object:
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    return " ".join(value.split()) if isinstance(value, str) else value


def test_every_cell_has_the_value_in_its_trace(shipped):
    wrong, seen = [], 0
    for where, figure in counted_figures(shipped[2]):
        named = [cell for source in figure["sources"] for cell in (*source["cells"], *source["decided_by"])]
        for cell in named:
            if "cell" in cell:
                seen += 1
                value = sheet_of(cell["file"], cell["sheet"])[cell["cell"]]
                if value != as_text(cell["value"]):
                    wrong.append(f"{where}: {cell} has the value {value!r}")
            elif str(cell["value"]) not in line_of(cell["file"], cell["line"]) and cell["title"] != "decided":
                wrong.append(f"{where}: {cell} is not {line_of(cell['file'], cell['line'])!r}")
    assert not wrong
    assert seen > 5000


@cache
def lines_of(file: str) -> list[str]:
    return (ROOT / file).read_text(encoding="utf-8").split("\n")


def line_of(file: str, number: int) -> str:
    return lines_of(file)[number - 1]


def test_the_rows_of_items_have_the_title_and_the_economy_in_their_trace(shipped):
    seen = 0
    for _, figure in counted_figures(shipped[2]):
        for cell in (cell for source in figure["sources"] for cell in source["cells"]):
            if "/indicators/" in cell["file"] and cell.get("sheet") == "Return" and cell["cell"][0] == "A":
                sheet = sheet_of(cell["file"], "Return")
                assert as_text(cell["title"]) == sheet[f"C{cell['cell'][1:]}"]
                assert cell["economy"] in sheet["B1"] or sheet["B1"] in cell["economy"]
                seen += 1
    assert seen > 1000


def test_the_activities_of_a_status_have_it_in_their_cells(shipped):
    seen = 0
    for _, figure in counted_figures(shipped[2]):
        status = re.match(
            r"activities (proposed|approved|in progress|completed|withdrawn)[ ,]", figure["what"]
        )
        for source in figure["sources"] if status and "against" not in figure["what"] else ():
            assert str(source["cells"][0]["value"]).casefold() == status[1], figure["what"]
            seen += 1
    assert seen > 100


# Nothing is counted without a trace

# Tags without figures, and why. All others are searched for numbers.
UNCOUNTED = {
    r"cover\.|paper\.": "number, title, place and dates of the paper",
    r"plan\.|terms\.|schedule\.": "the words of the plan, of the Terms of Reference, of the schedule",
    r"agenda\.|rotation\.": "items of the agenda and years of office",
    r".*\.title$": "the title of the paper",
    r"classification\.(columns|rows)\b": "numbers, titles and dates of papers",
    r"sources\.": "the annex that lists the sources: the trace itself, see test_sources_annex.py",
    r"ranking\.method\.blocks\[0\]": "the range of scores",
    r"work\.meetings\[\d+\]\.heading\.": "the ordinal of a meeting",
    r".*\.changes\[\d+\]\.rows\[\d+\]\.reason$": "the remarks of the schedule",
    r".*\.timeline\.chart\.series": "years, and lengths in years",
}
# Numbers that are no figures, in whatever tag.
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NOT_FIGURES = (
    rf"\d{{1,2}}( ({MONTHS}))?(-\d{{1,2}})?( ({MONTHS}))? (19|20)\d\d(?!\d)",  # dates
    rf"\d{{1,2}} ({MONTHS})(?! \d)",  # days of a year that the sentence states
    r"\d{4}/[A-Z0-9]+/\d{3}(rev\d+)?",  # papers
    r"[A-Z]+ \d\d (19|20)\d\d[A-Z]*",  # projects
    r"(19|20)\d\d-\d\d(?!\d)",  # IDs of activities
    r"[Ss]ession \d of (19|20)\d\d",
    r"\(row \d+\)",
    r"\d{1,3}% of the (period of the Strategic Plan|activities \(the share of the period)",  # of days
    r"(?<!\d)(19|20)\d\d(?!\d)",  # years
)
# Number words in fixed sentences that count nothing.
PROSE = (
    "is one item of that year",
    "for one indicator and one priority area",
    "at least one",
    "At least one",
)
PROSE += ("more than one economy", "once for the group", "Items of two economies", "counted as one")
PROSE += ("counted as two", "count as two", "one bar for each", "of two economies", "are one item")
PROSE += ("are also one item", "if each economy", "submits one return a year", "No two proposals")
NUMBER = re.compile(r"\d|\b(one|two|three|four|five|six|seven|eight|nine)\b", re.IGNORECASE)


def texts_of(value: object, tag: str = "") -> Iterator[tuple[str, str | int]]:
    """Return (tag, text or value of a chart) for all of them."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("style", "start", "size_cm", "contents", "kind"):
                yield from texts_of(inner, f"{tag}.{key}".lstrip("."))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from texts_of(inner, f"{tag}[{at}]")
    elif isinstance(value, (str, int)) and not isinstance(value, bool):
        yield tag, value


def typed_words(model) -> list[str]:
    """Return the texts of the inputs that contain a number (titles, names, narrative), longest first.

    Short texts are left out: "14" in one cell must not excuse every 14.
    """
    found = {words for _, words in texts_of(as_data(model)) if isinstance(words, str)}
    found |= {f"{words[:45].rstrip()}…" for words in found}  # shortened as in the timeline
    return sorted(
        (words for words in found if len(words) > 14 and NUMBER.search(words)), key=len, reverse=True
    )


def untraced(context: dict, trace: dict, typed: list[str]) -> list[str]:
    """Return the texts of a paper with a number that is neither a traced figure nor declared to be none."""
    figures_at: dict[str, list[tuple[int, int]]] = {}
    for figure in trace["figures"]:
        figures_at.setdefault(figure["tag"], []).append((figure["at"], len(figure["figure"])))
    left = []
    for tag, words in texts_of(context["fields"]):
        if any(re.match(pattern, tag) for pattern in UNCOUNTED):
            continue
        rest = str(words)
        for at, length in sorted(figures_at.get(tag, ()), reverse=True):
            rest = f"{rest[:at]}#{rest[at + length :]}"
        if NUMBER.search(rest) and NUMBER.search(without(rest, typed)):
            left.append(f"{context['number']} {tag}: {rest}")
    return left


def without(words: str, typed: list[str]) -> str:
    for known in (known for known in typed if known in words):
        words = words.replace(known, "")
    for known in PROSE:
        words = words.replace(known, "")
    for pattern in NOT_FIGURES:
        words = re.sub(pattern, "", words)
    return words


def test_every_number_of_every_paper_has_a_trace_or_is_declared_to_be_no_figure(shipped):
    model, contexts, traces = shipped
    typed = typed_words(model)
    left = [line for number, one in contexts.items() for line in untraced(one, traces[number], typed)]
    assert left == []


@pytest.mark.parametrize(
    ("function", "unmarked", "tag"),
    [
        ("english.marked", lambda words, figure: words, "report.year_tables"),
        ("indicator_text.marked_value", lambda figure: figure.value, "chart_of_years"),
    ],
)
def test_a_number_without_a_marker_is_found(shipped, monkeypatch, function, unmarked, tag):
    """The test above can fail: words, or values of charts, that are not marked."""
    model = shipped[0]
    monkeypatch.setattr(f"papers.wording.{function}", unmarked)
    meeting = next(meeting for meeting in model.meetings if meeting.code == "SMEWG46")
    context, traces = trace_meeting(model, meeting)
    typed = typed_words(model)
    pairs = zip(context["papers"], traces, strict=True)
    left = [line for paper, trace in pairs for line in untraced(paper, trace, typed)]
    assert any(tag in line for line in left)


def lengths_in_text(source: bytes) -> list[int]:
    """Return the lines in which a text is made with len(...) or sum(...)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        is_text = isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str"
        )
        names = {
            call.func.id
            for call in ast.walk(node)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        }
        if is_text and names & {"len", "sum"}:
            found.append(node.lineno)
    return found


def test_texts_have_no_length_or_sum_instead_of_a_figure():
    """Only counted() and Figure know their sources."""
    modules = {path.name: path for path in (ROOT / "scripts/papers/wording").rglob("*.py")}
    assert {"compose.py", "indicator_text.py", "indicator_report.py"} <= set(modules)  # helpers and kinds
    # These number the markers, and list what the traces have.
    allowed = ("figure_markers.py", "sources_annex.py")
    found = {name: lines for name, path in modules.items() if (lines := lengths_in_text(path.read_bytes()))}
    assert set(found) == set(allowed), found
    assert lengths_in_text(b'words = f"{len(those)} returns"') == [1]


def test_markers_are_characters_that_no_input_can_contain():
    with collect_markers() as found:
        marked = english.count(Figure(14), "activity")
    assert [forbidden_character(sign) is not None for sign in marked if not sign.isprintable()] == [True] * 3
    text, (mention,) = strip_markers(marked, found)
    assert text == "14 activities"
    assert (mention.words, mention.start, mention.figure) == ("14", 0, Figure(14))


def test_words_outside_of_a_paper_are_not_marked():
    assert english.count(Figure(2), "activity") == "two activities"


def test_the_text_of_a_paper_is_the_same_with_and_without_its_trace(shipped):
    model, contexts, _ = shipped
    meeting = next(meeting for meeting in model.meetings if meeting.code == "SMEWG47")
    for paper in meeting.papers:
        assert word_paper(model, meeting, paper) == contexts[str(paper.number)]
    assert not forbidden_character(json.dumps(contexts, ensure_ascii=False))


# A small forum


ENTRY = """code: MINI3
ordinal: 3
city: Lima
economy: Peru
start: 2020-09-01
end: 2020-09-02
host_mark: []
agenda: []
papers:
  - number: 2020/MINI3/001
    kind: indicator-report
    title: Annual Indicator Report 2019
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    year: 2019
"""


def report(forum: Forum) -> None:
    """Add a report on two returns of 2019, with a joint item and an indicator that Peru does not report."""
    forum.write(MINI2.replace("MINI2", "MINI3"), ENTRY)
    joint = row(activity_id="2019-01")
    send_in(forum, PER, joint, row(title="Loans by phone"), totals={ACTIVITIES: 2, PRACTICES: None})
    send_in(forum, VNM, joint, totals={ACTIVITIES: 1, PRACTICES: 0})


def traced(forum: Forum) -> list[dict]:
    model = forum.model()
    meeting = next(meeting for meeting in model.meetings if meeting.code == "MINI3")
    return figures(trace_meeting(model, meeting)[1][0])


def find(found: list[dict], what: str) -> dict:
    return next(figure for figure in found if figure["what"] == what)


def addresses(figure: dict) -> list[tuple[int, list[str]]]:
    return [
        (
            source["counts"],
            [f"{Path(cell['file']).stem} {cell['sheet']}!{cell['cell']}" for cell in source["cells"]],
        )
        for source in figure["sources"]
    ]


def test_a_joint_item_counts_once_with_the_rows_of_all_who_report_it(forum):
    report(forum)
    figure = find(traced(forum), f"{ACTIVITIES}, 2019")
    assert figure["value"] == 2
    assert addresses(figure) == [(1, ["per Return!A7", "vnm Return!A7"]), (1, ["per Return!A8"])]


def test_for_an_economy_only_its_own_row_counts(forum):
    report(forum)
    assert addresses(find(traced(forum), f"{ACTIVITIES}, 2019, Viet Nam")) == [(1, ["vnm Return!A7"])]


def test_a_total_without_rows_counts_what_its_cell_states(forum):
    report(forum)
    send_in(forum, f"{RETURNS}/2019/chl.xlsx", totals={ACTIVITIES: 3, PRACTICES: None})
    figure = find(traced(forum), f"{ACTIVITIES}, 2019")
    assert figure["value"] == 5
    assert addresses(figure)[-1] == (3, ["chl Totals!B2"])
    assert figure["sources"][-1]["cells"][0]["value"] == 3


def test_a_zero_names_the_cell_that_says_so_and_not_reported_the_empty_ones(forum):
    report(forum)
    found = traced(forum)
    zero = find(found, f"{PRACTICES}, 2019")
    assert (zero["figure"], addresses(zero)) == ("0", [(0, ["vnm Totals!B3"])])
    silent = find(found, f"{PRACTICES}, 2019, Peru")
    assert (silent["figure"], addresses(silent)) == ("not reported", [(0, ["per Totals!B3"])])
    assert silent["sources"][0]["cells"][0]["value"] is None


def test_a_count_of_zero_names_what_was_searched(forum):
    report(forum)
    figure = find(traced(forum), "returns for 2019 with totals only")
    assert (figure["value"], figure["among"]) == (0, f"{RETURNS}/2019")


def test_the_trace_of_a_paper_ends_with_the_day_of_the_paper(forum):
    report(forum)
    send_in(forum, f"{RETURNS}/2019/chl.xlsx", row(title="Later"), date=day("2020-10-01"))
    assert "chl" not in str(addresses(find(traced(forum), f"{ACTIVITIES}, 2019")))


def test_sources_are_found_only_when_they_are_read():
    found: list[int] = []

    def source(thing: int) -> Source:
        found.append(thing)
        return Source(1, ())

    figure = counted([1, 2, 3], "things", source)
    assert (figure.value, found) == (3, [])
    assert (len(figure.sources), found) == (3, [1, 2, 3])


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ("14", ["a"]),
        ("nine", ["b"]),
        ("9", ["b"]),
        ("table 3, row chile", ["a", "b"]),
        ("Table 3, row Chile, column 2018", ["b"]),
        ("column 2017, Table 3", ["a"]),
        ("row 2018", []),
        ("row Chi", []),
        ("column 20", []),
        ("Table 31, column Peru", ["c"]),
        ("table 31, column peru - chile", ["d"]),
        ("Table", ["a", "b", "c", "d"]),
        ("Table 31, Chile", ["c", "d"]),
        ("", []),
        (",", []),
    ],
)
def test_a_figure_is_found_by_its_value_or_by_its_place(words, tags):
    found = [
        {
            "figure": "14",
            "value": 14,
            "place": "Table 3. Returns; row Chile; column 2017",
            "what": "",
            "tag": "a",
        },
        {
            "figure": "nine",
            "value": 9,
            "place": "Table 3. Returns; row Chile; column 2018",
            "what": "",
            "tag": "b",
        },
        {
            "figure": "2",
            "value": 2,
            "place": "Table 31. More; row Chile; column Peru",
            "what": "",
            "tag": "c",
        },
        {
            "figure": "5",
            "value": 5,
            "place": "Table 31. More; row Chile; column Peru - Chile",
            "what": "",
            "tag": "d",
        },
    ]
    assert [figure["tag"] for figure in find_figures(found, words)] == tags


# make trace


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """Return the miniature forum with a report on returns, built once."""
    project = copy_built(tmp_path_factory.mktemp("traced") / "forum")
    report(Forum(project.root))
    run = project.build()
    assert run.code == 0, run.err
    return project


def run_trace(project: Project, *arguments: str) -> Run:
    """Run the command `trace`."""
    return project.run(sys.executable, "scripts/forum_papers.py", "trace", *arguments)


def test_each_cell_of_a_figure_is_printed_in_a_line(project):
    run = run_trace(
        project, "paper=2020/MINI3/001", "figure=Table 2, row Activities carried out, column 2019"
    )
    lines = run.out.splitlines()
    assert lines[0] == "2020/MINI3/001  Annual Indicator Report 2019"
    assert "Table 2. Indicators by year; row Activities carried out; column 2019" in lines
    per, vnm = (
        f"inputs/mini/plan-2019-2020/indicators/2019/{code}.xlsx Return!A7" for code in ("per", "vnm")
    )
    rest = "Activities carried out  |  A workshop on doors"
    assert f"     1  {per}  |  {rest}  |  Peru" in lines
    assert f"  also  {vnm}  |  {rest}  |  Viet Nam" in lines


def test_a_figure_is_found_at_each_of_its_places(project):
    out = run_trace(project, "paper=2020/MINI3/001", "figure=2").out
    assert "Table 2. Indicators by year; row Activities carried out; column 2019" in out
    assert "Figure 1. Indicators by year" in out
    assert "Table 1. Returns received, by year; row 2019; column Returns received" in out


def test_without_a_figure_all_figures_are_listed_and_without_a_paper_all_papers(project):
    assert "  2  Activities carried out, 2019  (Table 2)" in run_trace(project, "paper=2020/MINI3/001").out
    papers = run_trace(project).out.splitlines()
    assert [line.split()[0] for line in papers][-1] == "2020/MINI3/001"
    assert "No figure of this paper is counted." in run_trace(project, "paper=2019/MINI1/003").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("paper=2020/MINI3/009",),
            'found paper="2020/MINI3/009"; expected the number of a paper of the last build. Did you mean "2020/MINI3/001"?',
        ),
        (("paper=2020/MINI3/001", "figure=99"), 'found figure="99"; expected a figure of 2020/MINI3/001 ('),
    ],
)
def test_what_the_traces_do_not_have_is_reported_in_one_line(project, arguments, message):
    run = run_trace(project, *arguments)
    (line,) = run.err.splitlines()
    assert run.code == 1 and f"command: {message}" in line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("figure=2",), "found figure= without paper=; expected both of them."),
        (("papr=2020/MINI3/001",), 'found "papr"; expected one of paper, figure. Did you mean "paper"?'),
    ],
)
def test_options_that_do_not_exist_or_fit_are_reported_in_one_line(project, arguments, message):
    run = run_trace(project, *arguments)
    head, line = run.err.splitlines()
    assert run.code == 1 and head == "Nothing was done. Please fix:"
    assert f"command: {message}" in line


def test_before_a_build_there_is_nothing_to_trace(tmp_path):
    run = run_trace(copy_project(tmp_path / "new"))
    assert (run.code, run.err) == (
        1,
        "outputs/work: found no trace; expected the traces that a build writes. Run make; if it lists problems, fix them "
        "first.\n",
    )


@pytest.mark.slow
def test_a_change_of_the_trace_alone_fills_no_paper_again(project):
    """Rows that move in a workbook change every address and no text."""
    before, work = project.papers(), project.root / "outputs/work/mini"
    place = work / "traces/2020/MINI3/20_mini3_001.json"
    old, filled = place.read_bytes(), (work / "filled/MINI3/manifest.json").stat().st_mtime_ns
    with Forum(project.root).book(VNM) as book:
        book["Totals"].insert_rows(2)
    run = project.build()
    assert run.code == 0, run.err
    assert place.read_bytes() != old
    assert project.papers() == before
    assert (work / "filled/MINI3/manifest.json").stat().st_mtime_ns == filled
