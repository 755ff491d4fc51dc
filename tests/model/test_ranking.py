"""The ranking of project proposals: an independent recount, ties, own scores, and mistakes."""

from __future__ import annotations

import itertools
import random
import statistics
from fractions import Fraction

import openpyxl
import pytest
from examples import examples
from forum_tools import FOLDER, MINI2, SETTINGS, Forum
from hypothesis import given
from hypothesis import strategies as st
from kind_inputs import PROPOSALS, RANKING_PAPER, SCORES
from organisation_tools import PROJECTS
from papers.inputs.settings import Ranking
from papers.model.economies import Economy
from papers.model.ranking import Proposal, ProposalSession, Score, ranking
from papers.problems import Place
from papers.richtext import plain
from papers.wording.compose import word_paper
from papers.wording.kinds.project_ranking import decimal
from word_tools import dump, filled

BOOK = f"{FOLDER}/plan-2019-2020/projects/2019-1.xlsx"
NOWHERE = Place("")


@pytest.fixture
def scored(forum) -> Forum:
    """The miniature forum with a session of three proposals."""
    book = openpyxl.Workbook()
    book.active.title = "Proposals"
    for row in PROPOSALS:
        book.active.append(row)
    scores = book.create_sheet("Scores")
    for row in SCORES:
        scores.append(row)
    forum.path(BOOK).parent.mkdir()
    book.save(forum.path(BOOK))
    forum.replace(MINI2, "papers:\n", f"papers:\n{RANKING_PAPER}")
    return forum


def paper_of(forum: Forum) -> dict:
    model = forum.model()
    meeting = next(m for m in model.meetings if m.code == "MINI2")
    paper = next(p for p in meeting.papers if p.kind == "project-ranking")
    return word_paper(model, meeting, paper)


def configured(forum: Forum, **rules: str) -> None:
    lines = "".join(f"  {name}: {value}\n" for name, value in rules.items())
    forum.write(SETTINGS, f"ranking:\n{lines}")


def rows(forum: Forum) -> list[tuple]:
    return [
        (row["rank"], row["number"], row["mean"], row["points"], row["total"])
        for row in paper_of(forum)["fields"]["ranking"]["rows"]
    ]


def sentences(forum: Forum, name: str) -> list[str]:
    return [plain(block["line"]) for block in paper_of(forum)["fields"]["ranking"][name]["blocks"]]


def change(forum: Forum, sheet: str, cell: str, value: object) -> None:
    with forum.book(BOOK) as book:
        book[sheet][cell] = value


# The ranking of three proposals


def test_own_scores_do_not_count_and_the_link_adds_its_points(scored):
    assert rows(scored) == [
        ("1", "SME 02 2019A", "6.50", "3", "9.50"),
        ("2", "SME 01 2019", "8.50", "1", "9.50"),
        ("Not scored", "SME 03 2019S", "–", "0", "–"),
    ]


def test_a_tie_is_decided_by_the_more_direct_link_and_explained(scored):
    (sentence,) = sentences(scored, "ties")
    assert sentence.startswith("SME 02 2019A and SME 01 2019 have the same total (9.50)")
    assert "more direct" in sentence


def test_own_scores_count_where_the_settings_say_so(scored):
    configured(scored, own_scores_count="true")
    assert rows(scored)[0] == ("1", "SME 01 2019", "9.00", "1", "10.00")
    assert rows(scored)[1][:2] == ("2", "SME 03 2019S")
    assert any("count like any other" in words for words in sentences(scored, "method"))


def test_ties_are_decided_in_the_order_of_the_settings(scored):
    configured(scored, ties="[median]")
    assert [row[1] for row in rows(scored)][:2] == ["SME 01 2019", "SME 02 2019A"]


def test_without_a_rule_equal_totals_share_a_rank(scored):
    configured(scored, ties="[]")
    assert [row[:2] for row in rows(scored)][:2] == [("1", "SME 01 2019"), ("1", "SME 02 2019A")]
    assert "they share the same rank" in sentences(scored, "ties")[0]


def test_weights_of_the_settings_are_printed_in_the_method(scored):
    configured(scored, direct="1.5")
    assert any("1.5 for a direct link" in words for words in sentences(scored, "method"))
    assert rows(scored)[1][2:] == ("6.50", "1.5", "8.00")


NAMED = "    access: restricted\n    reason: Individual scores\n    name_economies: [scores]\n"


def test_a_ranking_does_not_show_who_scored_what(scored):
    assert "scores" not in paper_of(scored)["fields"]


def test_in_a_restricted_paper_the_table_of_scores_shows_who_scored_what(scored, tmp_path):
    scored.replace(MINI2, "    session: 2019-1\n", f"    session: 2019-1\n{NAMED}")
    assert "page 16838 x 11906" in dump(filled(paper_of(scored), tmp_path))
    fields = paper_of(scored)["fields"]["scores"]
    assert fields["proposals"] == ["SME 02 2019A", "SME 01 2019", "SME 03 2019S"]
    assert [(member["name"], member["cells"]) for member in fields["members"]] == [
        ("Canada", ["–", "8", "–"]),
        ("Chile", ["7", "(10)", "–"]),
        ("Japan", ["6", "9", "(10)"]),
    ]
    assert [total["cells"] for total in fields["totals"]] == [
        ["2", "2", "0"],
        ["6.50", "8.50", "–"],
        ["6.50", "8.50", "–"],
    ]
    assert "Hong Kong, China; " in fields["notes"] and "the Philippines" in fields["notes"]


def test_the_paper_names_its_workbook_as_input_and_fills_its_template(scored, tmp_path):
    paper = paper_of(scored)
    assert BOOK in paper["made_from"]
    text = dump(filled(paper, tmp_path))
    assert "Doors & keys" in text and "page 16838 x 11906" not in text


def test_the_scores_are_a_restricted_paper_of_their_own_or_none(scored):
    entry = RANKING_PAPER.replace("006", "007").replace("project-ranking", "project-scores")
    scored.replace(MINI2, "papers:\n", f"papers:\n{entry}")
    (problem,) = scored.problems()
    assert (problem.kind, problem.expected) == ("name-economies", "a line name_economies: [scores]")
    scored.replace(MINI2, entry, entry + NAMED)
    assert scored.problems() == []


def test_a_figure_declared_to_be_an_illustration_marks_the_paper(scored):
    scored.write(
        f"{FOLDER}/forum.yaml",
        scored.text(f"{FOLDER}/forum.yaml") + "illustrative: [plan-2019-2020/projects/]\n",
    )
    assert paper_of(scored)["fields"]["paper"]["mark"] and paper_of(scored)["fields"]["cover"]["illustrative"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(29, 4), "7.25"),
        (Fraction(1, 200), "0.01"),
        (Fraction(2, 3), "0.67"),
        (Fraction(10), "10.00"),
    ],
)
def test_figures_are_rounded_half_up(value, shown):
    assert decimal(value) == shown


# Generated sessions

MEMBERS = [Economy(order, f"Economy {order}", "", "", "") for order in range(1, 22)]


@st.composite
def sessions(draw) -> ProposalSession:
    session = ProposalSession("2019-1", "x")
    for serial in range(1, draw(st.integers(1, 6)) + 1):
        own = draw(st.lists(st.sampled_from(MEMBERS), unique=True, min_size=1, max_size=5))
        number = PROJECTS.parse(f"SME {serial:02d} 2019")
        link = draw(st.sampled_from(["direct", "indirect", "none"]))
        session.proposals.append(
            Proposal(number, "", tuple(own[:1]), tuple(own[1:]), "", link, 0, NOWHERE, NOWHERE)
        )
        for member in draw(st.lists(st.sampled_from(MEMBERS), unique=True, max_size=8)):
            points = draw(st.integers(5, 8))  # few values: many ties
            session.scores.append(Score(member, number, points, member in own, NOWHERE))
    return session


@given(session=sessions(), own=st.booleans())
def test_a_recount_with_statistics_agrees(session, own):
    rules = Ranking(own_scores_count=own)
    for ranked in ranking(session, rules):
        points = [
            s.points for s in session.scores if s.number == ranked.proposal.number and (own or not s.own)
        ]
        assert len(ranked.counted) == len(points)
        if points:
            bonus = {"direct": 3, "indirect": 1, "none": 0}[ranked.proposal.link]
            assert float(ranked.total) == pytest.approx(statistics.mean(points) + bonus)
            assert float(ranked.median) == statistics.median(points)


@examples(50)
@given(session=sessions(), seed=st.integers())
def test_the_order_of_the_workbook_does_not_matter(session, seed):
    mixed = ProposalSession(session.name, session.file, session.proposals[:], session.scores[:])
    random.Random(seed).shuffle(mixed.proposals)
    random.Random(seed).shuffle(mixed.scores)
    shown = [
        [(r.rank, r.proposal.number, r.total, r.tie) for r in ranking(s, Ranking())] for s in (session, mixed)
    ]
    assert shown[0] == shown[1]


@given(session=sessions())
def test_ranks_follow_the_totals_and_every_tie_names_its_rule(session):
    placed = [ranked for ranked in ranking(session, Ranking()) if ranked.total is not None]
    assert [ranked.rank for ranked in placed] == list(range(1, len(placed) + 1))
    for before, after in itertools.pairwise(placed):
        assert before.total >= after.total and bool(after.tie) == (before.total == after.total)


@given(session=sessions())
def test_a_more_direct_link_never_scores_lower(session):
    proposal = session.proposals[0]
    totals = []
    for link in ("none", "indirect", "direct"):
        first = Proposal(**{**vars(proposal), "link": link})
        changed = ProposalSession(session.name, session.file, [first, *session.proposals[1:]], session.scores)
        ranked = next(r for r in ranking(changed, Ranking()) if r.proposal.number == first.number)
        totals.append(-1 if ranked.total is None else ranked.total)
    assert totals == sorted(totals)


# Mistakes


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "kind"),
    [
        ("Scores", "C2", 11, "score-range"),
        ("Scores", "C2", 0, "score-range"),
        ("Scores", "C2", 7.5, "not-whole"),
        ("Scores", "C2", "seven", "not-whole"),
        ("Scores", "C2", "7.5", "number-as-text"),
        ("Scores", "C2", None, "empty"),
        ("Scores", "C2", True, "not-whole"),
        ("Scores", "A2", "SME 09 2019", "unknown-proposal"),
        ("Scores", "A2", "SME 1 2019", "project-number"),
        ("Scores", "B2", "Chili", "unknown-economy"),
        ("Scores", "B4", "Japan", "doubled"),
        ("Scores", "C1", "Points", "unknown-column"),
        ("Proposals", "A3", "SME 01 2019", "doubled"),
        ("Proposals", "A2", "2019/MINI1/003", "project-number"),
        ("Proposals", "B2", None, "empty"),
        ("Proposals", "C2", "Chile; Chile", "doubled"),
        ("Proposals", "C2", "Narnia", "unknown-economy"),
        ("Proposals", "D2", "Peru; Chile", "doubled"),
        ("Proposals", "E2", "Access to the moon", "unknown-area"),
        ("Proposals", "E2", None, "empty"),
        ("Proposals", "F2", "close", "unknown-link"),
        ("Proposals", "G2", -1, "not-whole"),
        ("Proposals", "G2", "=1/0", "formula-without-value"),
    ],
)
def test_a_mistake_in_the_workbook_is_reported_with_its_cell(scored, sheet, cell, value, kind):
    change(scored, sheet, cell, value)
    problem = next(p for p in scored.problems() if p.place.cell == cell)
    assert (problem.place.file, problem.place.sheet, problem.kind) == (BOOK, sheet, kind)
    assert problem.found and problem.expected and problem.todo


def test_a_mistake_has_one_problem(scored):
    change(scored, "Scores", "C2", 11)
    assert [problem.kind for problem in scored.problems()] == ["score-range"]


def test_a_missing_sheet_is_reported(scored):
    with scored.book(BOOK) as book:
        book["Scores"].title = "Points"
    assert {"missing-sheet"} <= {problem.kind for problem in scored.problems()}


def test_a_session_without_proposals_is_reported(scored):
    with scored.book(BOOK) as book:
        book["Proposals"].delete_rows(2, 3)
        book["Scores"].delete_rows(2, 6)
    assert [(p.kind, p.place.sheet) for p in scored.problems()] == [("no-proposals", "Proposals")]


def test_a_workbook_of_no_session_is_reported(scored):
    scored.path(BOOK).rename(scored.path(f"{FOLDER}/plan-2019-2020/projects/spring.xlsx"))
    assert "file-name" in {problem.kind for problem in scored.problems()}


def test_a_ranking_of_an_unknown_session_is_reported_with_the_known_ones(scored):
    scored.replace(MINI2, "session: 2019-1", "session: 2019-2")
    (problem,) = scored.problems()
    assert problem.kind == "unknown-session" and "2019-1" in problem.expected


@pytest.mark.parametrize(
    ("line", "key"),
    [("  direct: 500\n", "direct"), ("  ties: [luck]\n", "ties[1]"), ("  weight: 2\n", "weight")],
)
def test_wrong_weights_stop_the_build(forum, line, key):
    forum.write(SETTINGS, f"ranking:\n{line}")
    (problem,) = forum.problems()
    assert problem.place.file == SETTINGS and problem.place.key == f"ranking.{key}"
