"""Fixtures for all tests, and what `make test` leaves out."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from examples import load_profile
from forum_tools import Forum, copy_forum
from shared_builds import shared_folder
from system_tools import TOOLS, path_with

STRESS = Path(__file__).parent / "stress"  # slow, all of it
QUICK, REST, SLOW = "--quick", "--rest", "slow"
_LEFT_OUT = pytest.StashKey[Counter]()


def pytest_addoption(parser):
    parser.addoption(
        "--golden",
        action="store_true",
        help="write the golden texts, to be reviewed with git diff (make golden)",
    )
    parser.addoption(
        QUICK,
        action="store_true",
        help="leave out tests that need more than Python packages or much time (make test)",
    )
    parser.addoption(
        REST, action="store_true", help="run only what --quick leaves out (make test-all, after make test)"
    )


def pytest_configure(config):
    for mark, (name, _) in TOOLS.items():
        config.addinivalue_line("markers", f"{mark}: needs {name}; other tests can't find it")
    config.addinivalue_line("markers", f"{SLOW}: takes much time; only make test-all runs it")
    load_profile(quick=config.getoption(QUICK))
    config.stash[_LEFT_OUT] = Counter()
    shared_folder()  # made here, so that the processes of pytest-xdist inherit its name
    os.environ["PATH"] = path_with(frozenset())
    os.environ.pop("SOFFICE", None)  # which has precedence over PATH


def pytest_collection_modifyitems(config, items):
    quick, rest = config.getoption(QUICK), config.getoption(REST)
    if not (quick or rest):
        return
    kept, left_out = [], []
    for item in items:
        reason = _reason_to_leave_out(item)
        (left_out if bool(reason) == quick else kept).append(item)
        if reason and quick:
            config.stash[_LEFT_OUT][reason] += 1
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)
    if hasattr(config, "workeroutput"):
        config.workeroutput[QUICK] = dict(config.stash[_LEFT_OUT])


def _reason_to_leave_out(item) -> str:
    """Return what a test needs that make test has not, "" if it needs nothing."""
    needs = [name for mark, (name, _) in TOOLS.items() if item.get_closest_marker(mark)]
    is_slow = item.get_closest_marker(SLOW) or STRESS in item.path.parents
    return " and ".join(needs) or ("more time" if is_slow else "")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Each process of pytest-xdist has collected all tests: the last one's counts are those of the run."""
    node.config.stash[_LEFT_OUT] = Counter(getattr(node, "workeroutput", {}).get(QUICK, {}))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    """Print at the very end what was not run."""
    left_out, terminal = config.stash.get(_LEFT_OUT, {}), config.pluginmanager.get_plugin("terminalreporter")
    if not left_out or terminal is None or hasattr(config, "workeroutput"):
        return
    terminal.write_line(f"Not run: {sum(left_out.values())} tests, which need:")
    for reason, number in left_out.most_common():
        terminal.write_line(f"{number:6}  {reason}")
    terminal.write_line(
        "make test-all installs what they need, and runs them and those with a Slurm cluster."
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Before any fixture: only the programs that the test's marks name are in PATH."""
    os.environ["PATH"] = path_with(frozenset(mark.name for mark in item.iter_markers()))


@pytest.fixture
def forum(tmp_path) -> Forum:
    """A copy of the miniature forum's inputs, which a test may change."""
    return copy_forum(tmp_path / "forum")
