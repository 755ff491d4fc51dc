"""A build of a forum whose plan has levels and tables of its own, and no schedule."""

from __future__ import annotations

from forum_tools import Forum
from own_levels import harbour_forum
from project_tools import copy_project


def test_a_plan_of_goals_without_schedule_builds_without_findings(tmp_path):
    project = copy_project(tmp_path / "harbour")
    harbour_forum(Forum(project.root))
    run = project.build()
    assert run.code == 0, run.err
    assert "3 papers: 3 new." in run.out and "Checks: no finding in 3 papers." in run.out
    assert "notice" not in run.out.lower()
