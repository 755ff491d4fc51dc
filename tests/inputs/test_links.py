"""Links below inputs/ are followed within inputs/ alone, and pipes are not opened."""

from __future__ import annotations

import os

from forum_tools import FOLDER, SCHEDULE

ROTATION = f"{FOLDER}/rotation.yaml"


def test_a_link_that_leads_outside_is_the_only_problem_and_is_not_read(forum, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("password: hunter2\n", encoding="utf-8")
    (forum.root / ROTATION).symlink_to(secret)
    (problem,) = forum.problems()
    assert (problem.place.file, problem.kind) == (ROTATION, "link")
    assert "hunter2" not in str(problem) and "Put a copy in its place." in str(problem)


def test_a_link_to_a_folder_outside_is_refused(forum, tmp_path):
    (forum.root / FOLDER / "received").symlink_to(tmp_path)
    assert [problem.kind for problem in forum.problems()] == ["link"]


def test_a_link_within_the_inputs_is_followed(forum):
    path = forum.root / SCHEDULE
    path.rename(path.with_name("kept.xlsx.original"))
    path.symlink_to("kept.xlsx.original")
    assert not any(problem.kind == "link" for problem in forum.problems())


def test_a_pipe_is_refused_and_not_waited_for(forum):
    os.mkfifo(forum.root / ROTATION)
    assert [problem.kind for problem in forum.problems()] == ["link"]
