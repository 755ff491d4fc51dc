"""Fixtures for all tests."""

from __future__ import annotations

import pytest
from forum_tools import Forum, copy_forum
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the program
settings.load_profile("untimed")


def pytest_addoption(parser):
    parser.addoption(
        "--golden", action="store_true", help="write the golden texts anew, to be reviewed (make golden)"
    )


@pytest.fixture
def forum(tmp_path) -> Forum:
    """A copy of the miniature forum's inputs, to be spoilt."""
    return copy_forum(tmp_path / "forum")
