"""Fixtures for all tests."""

from __future__ import annotations

import pytest
from forum_tools import Forum, copy_forum
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is not the program's fault
settings.load_profile("untimed")


def pytest_addoption(parser):
    parser.addoption(
        "--golden",
        action="store_true",
        help="write the golden texts, to be reviewed with git diff (make golden)",
    )


@pytest.fixture
def forum(tmp_path) -> Forum:
    """A copy of the miniature forum's inputs, which a test may change."""
    return copy_forum(tmp_path / "forum")
