"""Work that is shared out to processes comes to what one would make of it, whatever becomes of them."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers.errors import UserError
from papers.store.files import content, file_ref
from papers.store.processes import cpu_count, map_in_processes


@settings(max_examples=10)
@given(items=st.lists(st.integers(), max_size=9), processes=st.integers(0, 4))
def test_every_item_is_worked_on_once(items, processes):
    made = map_in_processes(lambda share: [item + 1 for item in share], items, processes, least=2)
    assert sorted(item for share in made for item in share) == sorted(item + 1 for item in items)


def test_the_share_of_a_process_that_died_is_done_here(tmp_path):
    parent = os.getpid()

    def work(share: list[int]) -> list[int]:
        if os.getpid() != parent:
            os.kill(os.getpid(), 9)
        return share

    assert map_in_processes(work, [1, 2, 3, 4], 2, least=2) == [[1, 3], [2, 4]]


def test_what_goes_wrong_in_a_process_is_told_by_the_parent():
    def work(share: list[int]) -> list[float]:
        return [1 / number for number in share]

    with pytest.raises(ZeroDivisionError):
        map_in_processes(work, [1, 0], 2, least=2)


def test_a_process_may_use_at_least_one_core():
    assert cpu_count() >= 1


def test_a_file_that_changed_after_it_was_looked_at_is_not_delivered(tmp_path):
    paper = tmp_path / "paper.docx"
    paper.write_bytes(b"as built")
    looked_at = file_ref(paper)
    assert content(looked_at) == b"as built"
    paper.write_bytes(b"edited meanwhile")
    with pytest.raises(UserError, match="found a file that changed while the build ran"):
        content(looked_at)
