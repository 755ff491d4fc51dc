"""Why a build says that a paper changed: files that the paper uses, and no others."""

from __future__ import annotations

import pytest
from papers.build.summary import PaperSources, _reason

MEETING, TEXT, OTHER, COVER = (
    "inputs/mini/meetings/M.yaml",
    "inputs/mini/a.md",
    "inputs/mini/b.md",
    "templates/cover.docx",
)


def sources(*inputs: str, entry: str = "as it was") -> PaperSources:
    return PaperSources({MEETING, *inputs}, {COVER}, entry)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({TEXT}, f"{TEXT} changed"),
        ({TEXT, MEETING, "config.yaml", "inputs/mini/settings.yaml"}, f"{TEXT} changed"),
        ({COVER, MEETING}, f"{COVER} changed"),
        ({TEXT, COVER, OTHER}, f"{TEXT} or {COVER} changed"),
        ({"templates/agenda.docx", OTHER}, ""),
        ({"scripts/fill.py", OTHER}, "the program changed"),
        ({"requirements.lock"}, "the program changed"),
        (set(), ""),
    ],
)
def test_the_reason_is_a_changed_file_that_the_paper_uses(changed, reason):
    assert _reason((sources(TEXT), sources(TEXT)), changed, MEETING) == reason


def test_the_file_of_the_meeting_is_the_reason_where_it_says_something_else_of_the_paper():
    changed = {MEETING, TEXT}
    assert _reason((sources(), sources(entry="another")), changed, MEETING) == f"{MEETING} changed"
    both = _reason((sources(TEXT), sources(TEXT, entry="another")), changed, MEETING)
    assert both == f"{TEXT} or {MEETING} changed"


def test_a_file_that_the_paper_no_longer_uses_is_a_reason():
    assert _reason((sources(TEXT), sources()), {TEXT}, MEETING) == f"{TEXT} changed"


def test_what_was_used_before_need_not_be_known():
    assert _reason((None, sources(TEXT)), {TEXT, OTHER}, MEETING) == f"{TEXT} changed"
    assert _reason((None, None), {TEXT}, MEETING) == ""


def test_a_logo_that_was_added_is_the_reason_with_the_file_that_names_it():
    forum, logo = "inputs/mini/forum.yaml", "inputs/mini/logo.png"
    used = sources(TEXT, forum), sources(TEXT, forum, logo)
    assert _reason(used, {forum, logo, MEETING}, MEETING) == f"{forum} or {logo} changed"
