"""The cache: what was put is got, and whatever else is in its folder is a miss."""

from __future__ import annotations

import os

import pytest
from papers.errors import UserError
from papers.store.cache import Cache, cache_key

ONE, OTHER = cache_key("one"), cache_key("other")


@pytest.fixture
def cache(tmp_path) -> Cache:
    """A cache with two results."""
    cache = Cache(tmp_path / "cache")
    cache.put(ONE, b"the result")
    cache.put(OTHER, b"another result")
    return cache


def entries(cache: Cache) -> set[str]:
    return {file.name for file in cache.folder.iterdir()}


def test_a_result_is_got_by_any_later_process(cache):
    assert Cache(cache.folder).get(ONE) == b"the result"
    assert Cache(cache.folder).get(OTHER) == b"another result"


def test_an_empty_result_is_no_miss(cache):
    cache.put(ONE, b"")
    assert cache.get(ONE) == b""


def test_without_its_folder_a_cache_is_empty(tmp_path):
    cache = Cache(tmp_path / "none")
    assert cache.get(ONE) is None
    cache.remove_unused()
    assert not cache.folder.exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:10],
        lambda data: data[:-1],
        lambda data: data + b"\n",
        lambda data: data.replace(b"result", b"rEsult"),
        lambda data: data.partition(b"\n")[2],
        lambda data: b'{"papers": []}',
        lambda data: os.urandom(100),
    ],
    ids=["empty", "head cut", "cut", "longer", "edited", "without head", "foreign", "random"],
)
def test_a_damaged_entry_is_a_miss_until_it_is_put_again(cache, damage):
    file = cache.folder / ONE
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert cache.get(ONE) is None and cache.get(OTHER) == b"another result"
    cache.put(ONE, b"the result")
    assert cache.get(ONE) == b"the result" and file.read_bytes() == whole


def test_an_entry_under_the_name_of_another_is_a_miss(cache):
    (cache.folder / ONE).rename(cache.folder / "x")
    (cache.folder / OTHER).rename(cache.folder / ONE)
    (cache.folder / "x").rename(cache.folder / OTHER)
    assert (cache.get(ONE), cache.get(OTHER)) == (None, None)


def test_a_folder_in_the_place_of_an_entry_is_a_miss(cache):
    (cache.folder / ONE).unlink()
    (cache.folder / ONE).mkdir()
    assert cache.get(ONE) is None


def test_entries_that_were_neither_got_nor_put_are_removed(cache):
    later = Cache(cache.folder)
    later.get(ONE)
    later.put(cache_key("new"), b"")
    (cache.folder / "foreign.txt").write_bytes(b"")
    (cache.folder / ".writing.part").write_bytes(b"")
    later.remove_unused()
    assert entries(cache) == {ONE, cache_key("new"), ".writing.part"}


def test_a_cache_that_cannot_be_written_is_reported_with_its_place(tmp_path):
    (tmp_path / "cache").write_bytes(b"")
    with pytest.raises(UserError, match=f"cache/{ONE}: found that this computer could not read or write it"):
        Cache(tmp_path / "cache").put(ONE, b"")


def test_the_key_depends_on_every_part_and_on_where_one_ends():
    parts = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("c", "ab"), ("1\na",), ("", "a")]
    assert len({cache_key(*some) for some in parts}) == len(parts)
    assert cache_key("é", b"x") == cache_key("é".encode(), "x")
