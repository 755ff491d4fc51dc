"""The model of the miniature forum: economies, plan, schedule, meetings and papers."""

from __future__ import annotations

import datetime
import json

import pytest
from forum_tools import FOLDER, MINI1, MINI2, PLAN, SCHEDULE, SETTINGS, copy_forum
from papers.model.forum import Model, as_data
from papers.problems import Place, Problems
from schedule_tools import settings_with_titles


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Model:
    return copy_forum(tmp_path_factory.mktemp("model")).model()


def test_all_economies_are_known_by_each_of_their_names_in_apec_order(model):
    names = [economy.name for economy in model.register.economies]
    assert len(names) == 21
    assert (names[0], names[-1]) == ("Australia", "Viet Nam")
    assert names.index("Korea") < names.index("Malaysia") and names.index("Chinese Taipei") > names.index(
        "Singapore"
    )
    problems = Problems()
    for economy in model.register.economies:
        for name in (economy.name, economy.with_article, economy.full_name):
            assert model.register.find(name, Place("x"), problems) is economy
    assert not problems


def test_an_economy_is_found_by_a_name_with_a_non_breaking_space(model):
    assert model.register.find("Viet\u00a0Nam", Place("x"), Problems()).name == "Viet Nam"


def test_a_schedule_has_its_activities_in_the_order_of_the_workbook(model):
    edition = model.periods["plan-2019-2020"].editions["2019"]
    assert [(a.id, a.area, a.status, a.first_year, a.last_year) for a in edition.activities] == [
        ("2019-01", "skills", "approved", 2019, 2020),
        ("2019-02", "skills", "in progress", 2019, 2019),
        ("2019-03", "skills", "withdrawn", 2019, 2020),
    ]
    first = edition.activities[0]
    assert [economy.name for economy in first.proponents] == ["Chinese Taipei", "Malaysia", "Philippines"]
    assert (first.project_number, first.place) == ("SME 02 2019A", Place(SCHEDULE, "Schedule", "C2"))
    assert edition.of_area("access") == []


@pytest.mark.parametrize(
    "wording", ["Skills, tools and the digital economy", "Skills, tools, and the digital economy", "skills"]
)
def test_an_area_is_known_by_each_of_its_wordings(forum, wording):
    with forum.sheet() as sheet:
        sheet["B2"] = wording
    assert forum.period().editions["2019"].activities[0].area == "skills"


def test_an_area_has_one_wording_where_the_plan_states_no_other(model):
    area = model.plans["plan-2019-2020"].area("access")
    assert (area.name, area.in_list, area.in_schedule) == (
        "Access to markets",
        "Access to markets.",
        "Access to markets",
    )


def test_a_paper_has_its_number_its_file_and_the_place_of_its_entry(model):
    papers = [paper for meeting in model.meetings for paper in meeting.papers]
    assert [(str(paper.number), paper.file) for paper in papers] == [
        ("2019/MINI1/003", "2019/MINI1/19_mini1_003.docx"),
        ("2019/MINI2/001", "2019/MINI2/19_mini2_001.docx"),
        ("2019/MINI2/002rev1", "2019/MINI2/19_mini2_002rev1.docx"),
    ]
    assert papers[0].place == Place(MINI1, line=12, column=13, key="papers[1].number")
    assert (papers[0].forum_doc_no, papers[1].forum_doc_no) == ("2018/SOM3/SCE/007", "")


def test_a_meeting_has_the_values_of_its_file_and_of_the_list_of_hosts(model):
    meeting = model.meetings[0]
    assert (meeting.code, meeting.name, meeting.ordinal) == ("MINI1", "Mini Working Group Meeting", 1)
    assert (meeting.city, meeting.economy.name, meeting.host_mark) == (
        "Valparaíso",
        "Chile",
        ("APEC CHILE", "2019"),
    )
    assert (meeting.start, meeting.end) == (datetime.date(2019, 3, 28), datetime.date(2019, 4, 1))


def test_a_meeting_may_state_an_unusual_prefix_folder_file_and_host_mark(forum):
    forum.replace(
        MINI1,
        "agenda:",
        "number_prefix: 2019/MM/MINI\nfolder: 2019/MM/AMM\nfile_prefix: 19_amm\nhost_mark: []\nagenda:",
    )
    forum.replace(MINI1, "2019/MINI1/003", "2019/MM/MINI/003")
    meeting = forum.model().meetings[0]
    assert (meeting.papers[0].file, meeting.host_mark) == ("2019/MM/AMM/19_amm_003.docx", ())


def test_two_meetings_may_not_share_a_file(forum):
    forum.replace(MINI1, "agenda:", "folder: 2019/MINI2\nfile_prefix: 19_mini2\nagenda:")
    forum.replace(MINI1, "2019/MINI1/003", "2019/MINI1/001")
    (problem,) = forum.problems()
    assert (problem.place.file, problem.kind) == (MINI2, "doubled-file")
    assert MINI1 in problem.found


def test_a_virtual_meeting_has_neither_city_nor_economy(forum):
    forum.replace(MINI1, "city: Valparaíso\neconomy: Chile\n", "city: null\neconomy: null\n")
    meeting = forum.model().meetings[0]
    assert (meeting.city, meeting.economy) == ("", None)


def test_a_meeting_without_dates_has_papers_if_it_states_its_prefix(forum):
    forum.replace(MINI1, "start: 2019-03-28\nend: 2019-04-01\n", "number_prefix: 2019/MINI1\n")
    meeting = forum.model().meetings[0]
    assert (str(meeting.papers[0].number), meeting.start, meeting.host_mark) == ("2019/MINI1/003", None, ())


def test_the_configuration_chooses_meetings(forum):
    forum.replace("config.yaml", "meetings: all", "meetings: [MINI2]")
    assert [meeting.code for meeting in forum.model().chosen] == ["MINI2"]


def test_a_number_of_a_meeting_that_is_not_chosen_is_still_taken(forum):
    forum.replace("config.yaml", "meetings: all", "meetings: [MINI2]")
    forum.replace(MINI1, "agenda:", "number_prefix: 2019/MINI2\nagenda:")
    forum.replace(MINI1, "2019/MINI1/003", "2019/MINI2/001")
    assert [problem.kind for problem in forum.problems()] == ["doubled-number"]


def test_columns_may_be_renamed_in_the_workbook_and_the_settings_alike(forum):
    with forum.sheet() as sheet:
        sheet["C1"] = "Title of activity"
    forum.write(SETTINGS, settings_with_titles(activity="Title of activity"))
    forum.model()


def test_a_forum_may_have_several_plans_that_share_areas(forum):
    for path in [path for path in forum.path(PLAN).rglob("*") if path.is_file()]:
        forum.write(
            f"{FOLDER}/plan-2021-2022/{path.relative_to(forum.path(PLAN)).as_posix()}", path.read_bytes()
        )
    assert set(forum.model().plans) == {"plan-2019-2020", "plan-2021-2022"}


def test_a_forum_without_terms_of_reference_is_complete_if_no_paper_needs_them(forum):
    for path in forum.path(f"{FOLDER}/terms-of-reference").iterdir():
        path.unlink()
    forum.path(f"{FOLDER}/terms-of-reference").rmdir()
    text = forum.text(MINI2)
    forum.write(MINI2, text[: text.index("  - number: 2019/MINI2/002rev1")])
    forum.path(MINI1).unlink()
    assert forum.model().terms is None


def test_the_model_as_data_can_be_written_as_json(model):
    data = as_data(model)
    assert json.loads(json.dumps(data)) == data
    paper = data["meetings"][0]["papers"][0]
    assert (paper["number"], data["meetings"][0]["start"]) == ("2019/MINI1/003", "2019-03-28")


def test_a_reference_into_a_broken_plan_is_not_reported(forum):
    forum.replace(f"{PLAN}/plan.yaml", "first_year: 2019", "first_year: 2021")
    assert {problem.kind for problem in forum.problems()} == {"years-reversed"}


def test_the_same_inputs_result_in_the_same_model(model, tmp_path):
    assert json.dumps(as_data(copy_forum(tmp_path).model())) == json.dumps(as_data(model))
