"""Phrases: what is said, from which file, and what is reported."""

from __future__ import annotations

import pytest
from forum_tools import FOLDER, MINI1, PLAN, Forum
from kind_inputs import WORK_PLAN_PAPER, WORK_PLAN_TEXT
from optional_plan import change_yaml
from papers.model.figures import counted
from papers.wording.compose import trace_paper
from papers.wording.phrase_names import PHRASES
from papers.wording.phrases import Count, say
from word_tools import TEMPLATES

OWN, OF_PLAN, SHIPPED = f"{FOLDER}/phrases.yaml", f"{PLAN}/phrases.yaml", "templates/phrases.yaml"
SUMMARY = "work-plan.summary"


@pytest.fixture
def with_work(forum) -> Forum:
    """The miniature forum with a Work Plan, and a paper that presents it."""
    forum.write(f"{PLAN}/workplan/2019.yaml", WORK_PLAN_TEXT)
    forum.write(MINI1, forum.text(MINI1) + WORK_PLAN_PAPER.replace("MINI2", "MINI1"))
    return forum


def worded(forum: Forum) -> tuple[dict, dict]:
    """Return the fields of the Work Plan, and the trace of its figures."""
    model = forum.model()
    (meeting,) = (m for m in model.meetings if m.code == "MINI1")
    (paper,) = (p for p in meeting.papers if p.kind == "work-plan")
    context, trace = trace_paper(model, meeting, paper)
    return context["fields"]["work"], trace


def sentence(blocks: dict) -> str:
    return "".join(run[0] for block in blocks["blocks"] for run in block["line"])


def lines(forum: Forum) -> list[str]:
    return [str(problem) for problem in forum.problems()]


def test_every_phrase_is_in_the_shipped_file_and_said_somewhere():
    text = (TEMPLATES / "phrases.yaml").read_text(encoding="utf-8")
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in (TEMPLATES.parent / "scripts/papers/wording").rglob("*.py")
        if path.name != "phrase_names.py"
    )
    for name in PHRASES:
        assert f"\n{name}:" in text and f'"{name}"' in code, name


def test_the_nearest_file_decides_which_entries_a_phrase_has(with_work):
    assert sentence(worded(with_work)[0]["summary"]).startswith("The Work Plan for 2019 covers")
    with_work.write(OWN, f'{SUMMARY}: [{{say: "{{{{ forum.code }}}} works in {{{{ year }}}}."}}]\n')
    assert sentence(worded(with_work)[0]["summary"]) == "MINI works in 2019."
    with_work.write(OF_PLAN, f"{SUMMARY}: []\n")
    assert worded(with_work)[0]["summary"] == {"blocks": []}


def test_the_first_entry_whose_condition_holds_is_said(with_work):
    with_work.write(
        OWN,
        f"{SUMMARY}:\n"
        "  - {if: activities > 100, say: Many.}\n"
        "  - {if: activities > 0 and areas > 0, say: \"{{ activities.count }} {{ 'are' if activities.value > 1"
        " else 'is' }} planned.\"}\n"
        "  - {say: Nothing.}\n",
    )
    fields, trace = worded(with_work)
    assert sentence(fields["summary"]) in ("Two activities are planned.", "One activity is planned.")
    (figure,) = (one for one in trace["figures"] if one["tag"].startswith("work.summary"))
    assert figure["figure"] in ("Two", "One")


def test_a_phrase_that_is_not_said_leaves_no_figure_in_the_trace(with_work):
    with_work.write(OWN, f"{SUMMARY}: []\n")
    _, trace = worded(with_work)
    assert not [one for one in trace["figures"] if one["tag"].startswith("work.summary")]


def test_the_files_that_override_phrases_are_among_what_a_paper_is_made_from(with_work):
    with_work.write(OWN, f"{SUMMARY}: []\n")
    model = with_work.model()
    (meeting,) = (m for m in model.meetings if m.code == "MINI1")
    for paper in meeting.papers:
        context, _ = trace_paper(model, meeting, paper)
        assert OWN in context["made_from"] and SHIPPED in context["templates"]


@pytest.mark.parametrize("file", [OWN, OF_PLAN, SHIPPED])
@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("work-plan.sumary: []", 'found "work-plan.sumary"'),
        (f"{SUMMARY}: [{{if: activites > 0, say: x}}]", "the unknown name activites"),
        (f'{SUMMARY}: [{{say: "{{{{ activities.cout }}}}"}}]', "the unknown name activities.cout"),
        (f'{SUMMARY}: [{{say: "{{{{ activities }}}}"}}]', "the unknown name activities"),
        (f"{SUMMARY}: [{{if: \"activities == '4'\", say: x}}]", "compared"),
        (f"{SUMMARY}: [{{if: activities >, say: x}}]", "activities >"),
        (f"{SUMMARY}: [{{iff: x, say: x}}]", 'the unknown key "iff"'),
        (f"{SUMMARY}: [{{if: year > 2000}}]", "expected the key"),
        (f"{SUMMARY}: x", 'found "x"; expected a list'),
    ],
)
def test_a_fault_in_a_phrase_is_reported_once_with_its_file_and_line(forum, file, entry, found):
    if file == SHIPPED:
        text = forum.text(SHIPPED)
        at, end = text.index(f"{SUMMARY}:"), text.index("work-plan.partners:")
        kept = f"{SUMMARY}: []\n" if entry.startswith("work-plan.sumary") else ""
        forum.write(SHIPPED, f"{text[:at]}{entry}\n{kept}{text[end:]}")
    else:
        forum.write(file, f"# our own\n{entry}\n")
    line = forum.line_of(file, entry)
    (problem,) = lines(forum)
    assert problem.startswith(f"{file}, line {line},"), problem
    assert found in problem


def test_a_phrase_that_the_shipped_file_lacks_is_reported(forum):
    forum.replace(SHIPPED, "work-plan.no-partner: []\n", "")
    (problem,) = lines(forum)
    assert problem.startswith(f"{SHIPPED}: found nothing; expected the phrase work-plan.no-partner.")


def test_a_value_that_no_phrase_declares_is_an_error_of_the_program(forum):
    with pytest.raises(AssertionError, match="year"):
        say(forum.model(), "agenda.no-items", year=2019)


def test_a_count_is_a_number_in_conditions_and_has_words_in_texts():
    count = Count(counted([], "activities", lambda one: one), "activity")
    assert count.value == 0
    assert count.fields(("count", "figure", "alone")) == {
        "count": "no activity",
        "figure": "0",
        "alone": "none",
    }


def test_what_a_work_plan_does_not_state_is_not_said(with_work):
    change_yaml(with_work, f"{PLAN}/workplan/2019.yaml", lambda plan: plan.update(areas=[], activities=[]))
    fields, _ = worded(with_work)
    assert not fields["has_area_texts"]
    for area in fields["areas"]:
        assert area["outcomes"] == area["cooperation"] == {"blocks": []} and area["rows"]
        assert {row["outcome"] for row in area["rows"]} == {"–"}
