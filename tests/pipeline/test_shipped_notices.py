"""What a fresh build of the shipped inputs still reports is for a person to decide."""

from __future__ import annotations

import sys

from project_tools import ROOT, build_once


def test_a_fresh_build_of_the_shipped_inputs_reports_only_what_a_person_has_to_decide():
    run = build_once(ROOT).run(sys.executable, "scripts/forum_papers.py", "notices")
    lines = run.out.splitlines()
    assert run.code == 0 and lines
    others = [line for line in lines if "looks like the same item" not in line or "; decide in " not in line]
    assert others == []
