"""Work divided among processes gives the results of one process, even if some of them die."""

from __future__ import annotations

import os

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from papers.store.processes import cpu_count, map_in_processes


@examples(10)
@given(items=st.lists(st.integers(), max_size=9), processes=st.integers(0, 4))
def test_every_item_is_processed_once(items, processes):
    results = map_in_processes(lambda share: [item + 1 for item in share], items, processes, least=2)
    assert sorted(item for share in results for item in share) == sorted(item + 1 for item in items)


def test_the_parent_does_the_share_of_a_process_that_died():
    parent = os.getpid()

    def work(share: list[int]) -> list[int]:
        if os.getpid() != parent:
            os.kill(os.getpid(), 9)
        return share

    assert map_in_processes(work, [1, 2, 3, 4], 2, least=2) == [[1, 3], [2, 4]]


def test_an_error_in_a_process_is_raised_by_the_parent():
    def work(share: list[int]) -> list[float]:
        return [1 / number for number in share]

    with pytest.raises(ZeroDivisionError):
        map_in_processes(work, [1, 0], 2, least=2)


def test_a_process_may_use_at_least_one_core():
    assert cpu_count() >= 1
