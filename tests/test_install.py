"""install.py, which `make` runs: only what is locked is installed, and what hinders it is one sentence."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from project_tools import ROOT

LOCKS = (
    "requirements-build.lock",
    "requirements.lock",
    "requirements-test.lock",
    "requirements-cluster.lock",
)
ITSELF = {"forum-papers", "forum_papers"}


@pytest.fixture
def installer(tmp_path, monkeypatch):
    """The module install.py, with an empty folder for the project's; `commands` lists what it would have run."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "install.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    commands: list[list[str]] = []

    def run(command: list[str]) -> int:
        commands.append(command)
        return 0

    for name, value in {
        "PROJECT": tmp_path,
        "VENV": tmp_path / ".venv",
        "CLUSTER": tmp_path / ".venv/cluster",
        "run": run,
        "packages_of": lambda python: tmp_path / Path(python).parent,
        "commands": commands,
    }.items():
        monkeypatch.setattr(module, name, value, raising=False)
    return module


def pip_commands(installer) -> list[list[str]]:
    return [command[2:] for command in installer.commands if command[1:3] == ["-m", "pip"]]


def locked(lock: str) -> dict[str, set[str]]:
    """Name of each package of a lock -> its versions."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def test_every_package_is_installed_from_a_lock_with_hashes_and_built_with_locked_tools(installer, tmp_path):
    (tmp_path / ".venv/cluster/bin").mkdir(parents=True)
    (tmp_path / ".venv/pyvenv.cfg").write_text("", encoding="utf-8")
    for wanted in ([], ["test"]):
        assert installer.main(wanted) == 0
    installer.make_environment = lambda python, folder: (folder / "bin").mkdir(parents=True)
    assert installer.main(["cluster"]) == 0
    commands = pip_commands(installer)
    assert all("--no-build-isolation" in command for command in commands)
    from_locks = [command for command in commands if "--require-hashes" in command]
    assert {command[-1] for command in from_locks} == {*LOCKS}
    assert all(command[-2] == "-r" for command in from_locks)
    others = [command for command in commands if command not in from_locks]
    assert others and all({"--no-index", "--no-deps"} <= {*command} for command in others)


def test_the_build_tools_come_before_what_is_built_with_them(installer):
    assert installer.main([]) == 0
    assert [command[-1] for command in pip_commands(installer)] == [
        "requirements-build.lock",
        "requirements.lock",
        ".",
    ]


def test_the_project_is_built_with_locked_tools():
    required = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    assert {*required} <= locked("requirements-build.lock").keys()


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_host(lock):
    assert "://" not in (ROOT / lock).read_text("utf-8")


def test_every_place_names_the_same_versions_of_python(installer):
    oldest, newest = installer.OLDEST, installer.NEWEST
    expected = f">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == expected
    assert f"python {expected}\n" in (ROOT / "envs/papers.yaml").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    versions = [f"{oldest[0]}.{minor}" for minor in range(oldest[1], newest[1] + 1)]
    assert " ".join(f"python{version}" for version in reversed(versions)) in makefile
    sentence = f"Python {', '.join(versions[:-1])} or {versions[-1]}"
    assert sentence == installer.VERSIONS
    assert f"expected {sentence}." in makefile
    for name in ("papers.cmd", "papers.sh"):
        start = (ROOT / name).read_text("utf-8")
        assert f"versions {', '.join(versions[:-1])} and {versions[-1]}; expected one of them." in start
        assert " ".join(reversed(versions)) in start.replace(" python3.", " 3.").replace("python3.", "3.")


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0), (3, 6, 15)])
def test_another_python_is_refused_in_one_sentence(installer, monkeypatch, capsys, version):
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(sys, "version", f"{'.'.join(map(str, version))} (main)")
    assert installer.main([]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"found Python {'.'.join(map(str, version))}; expected Python 3.11, 3.12 or 3.13. Install" in line
    assert installer.commands == []


def test_a_python_that_can_not_make_an_environment_is_refused_in_one_sentence(installer, monkeypatch, capsys):
    monkeypatch.setattr(installer.importlib.util, "find_spec", lambda name: None)
    assert installer.main([]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "without the module ensurepip; expected it" in line
    assert f"sudo apt install python3.{sys.version_info[1]}-venv" in line


def test_a_failure_of_pip_ends_the_installation_with_one_sentence(installer, capsys):
    installer.run = lambda command: "requirements.lock" in command
    assert installer.main([]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("requirements.lock: found that pip failed, as printed above;")


def test_an_unknown_word_is_refused(installer, capsys):
    assert installer.main(["tests"]) == 1
    assert (
        'command: found "tests"; expected nothing, once, test, cluster or check.' in capsys.readouterr().err
    )
    assert installer.commands == []


def test_an_environment_that_was_made_in_part_is_replaced(installer, tmp_path):
    (tmp_path / ".venv/lib").mkdir(parents=True)
    (tmp_path / ".venv/pyvenv.cfg").write_text("", encoding="utf-8")
    assert installer.main([]) == 0
    assert not (tmp_path / ".venv").exists()  # until `venv` makes it, which this test does not run


def test_what_is_no_environment_is_kept(installer, tmp_path, capsys):
    letter = tmp_path / ".venv/letter.txt"
    letter.parent.mkdir()
    letter.write_text("Dear Chair", encoding="utf-8")
    assert installer.main([]) == 1
    assert letter.read_text("utf-8") == "Dear Chair"
    letter.parent.rename(tmp_path / "elsewhere")
    (tmp_path / ".venv").symlink_to(tmp_path / "elsewhere")
    assert installer.main([]) == 1
    assert (tmp_path / "elsewhere/letter.txt").is_file()
    link_last = capsys.readouterr().err.splitlines()
    assert "found what is no virtual environment; expected one or nothing." in link_last[0]
    assert "found a link to another folder; expected a folder or none." in link_last[1]


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder in which `make` finds an environment that is up to date; its Python only says what it is."""
    for name in ("Makefile", "install.py", "pyproject.toml", *LOCKS):
        shutil.copy2(ROOT / name, tmp_path)
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho here 3 12\n", encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / ".venv/installed").write_text("here 3 12\n", encoding="utf-8")
    return tmp_path


def make(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [shutil.which("make"), *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_make_installs_nothing_if_the_environment_is_up_to_date(folder):
    assert "install.py" not in make(folder, "-n", "papers").stdout


@pytest.mark.parametrize("change", ["moved", "another Python", "no Python", "newer lock", "made in part"])
@pytest.mark.slow
def test_make_installs_again_what_no_longer_fits(folder, change):
    stamp, python = folder / ".venv/installed", folder / ".venv/bin/python"
    if change == "moved":
        stamp.write_text("elsewhere 3 12\n", encoding="utf-8")
    elif change == "another Python":
        python.write_text("#!/bin/sh\necho here 3 13\n", encoding="utf-8")
    elif change == "no Python":
        python.unlink()
        python.symlink_to(folder / "removed")
    elif change == "newer lock":
        later = stamp.stat().st_mtime_ns + 10**9
        os.utime(folder / "requirements.lock", ns=(later, later))
    else:
        stamp.unlink()
    assert " install.py\n" in make(folder, "-n", "papers").stdout


def test_a_double_click_installs_as_make_does_and_then_nothing_more(folder, installer, monkeypatch):
    """`make` takes what papers.sh installed for up to date, and papers.sh what `make` did."""
    monkeypatch.setattr(installer, "SOURCES", ())
    (folder / ".venv/pyvenv.cfg").touch()
    installer.PROJECT, installer.VENV = folder, folder / ".venv"
    installer.INSTALLED = folder / ".venv/installed"
    assert installer.main(["once"]) == 0 and installer.commands == []
    installer.INSTALLED.unlink()
    python = Path(installer.python_of(folder / ".venv"))
    said = python.read_text("utf-8")

    def make_environment(_, venv):
        python.parent.mkdir(parents=True)
        python.write_text(said, encoding="utf-8")
        python.chmod(0o755)

    monkeypatch.setattr(installer, "make_environment", make_environment)
    assert installer.main(["once"]) == 0 and installer.commands
    installer.commands.clear()
    assert installer.main(["once"]) == 0 and installer.commands == []
    assert "install.py" not in make(folder, "-n", "papers").stdout


@pytest.mark.parametrize("change", ["moved", "no Python", "newer lock", "made in part"])
def test_a_double_click_installs_again_what_no_longer_fits(folder, installer, change):
    installer.PROJECT, installer.VENV = folder, folder / ".venv"
    installer.INSTALLED = stamp = folder / ".venv/installed"
    for name in installer.SOURCES:
        os.utime(folder / name, ns=(0, 0))
    assert installer.is_installed()
    if change == "moved":
        stamp.write_text("elsewhere 3 12\n", encoding="utf-8")
    elif change == "no Python":
        (folder / ".venv/bin/python").unlink()
    elif change == "newer lock":
        later = stamp.stat().st_mtime_ns + 10**9
        os.utime(folder / "requirements.lock", ns=(later, later))
    else:
        stamp.unlink()
    assert not installer.is_installed()


@pytest.mark.parametrize(
    ("words", "found"), [([], "none"), (["PYTHON=nonesuch"], "none of the name nonesuch")]
)
def test_make_without_python_ends_with_one_sentence(folder, words, found):
    shutil.rmtree(folder / ".venv")
    (folder / "programs").mkdir()
    (folder / "programs/sh").symlink_to(shutil.which("sh"))
    done = make(folder, *words, PATH=str(folder / "programs"))
    assert done.returncode
    assert done.stderr.startswith(f"Python: found {found}; expected Python 3.11, 3.12 or 3.13. Install one,")
    assert len(done.stderr.splitlines()) == 2  # the last is make's own: ... Error 1


@pytest.mark.network
def test_an_empty_environment_gets_what_is_locked_and_nothing_else(tmp_path):
    project = tmp_path / "new földer"
    shutil.copytree(ROOT / "scripts", project / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("install.py", "pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, project)
    log = tmp_path / "pip.log"
    environment = {**os.environ, "PIP_LOG": str(log), "PIP_NO_CACHE_DIR": "1"}
    command = [sys.executable, "install.py"]
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    allowed = locked("requirements-build.lock") | locked("requirements.lock")
    text = log.read_text("utf-8", "replace")
    assert "Installing build dependencies" not in text  # what pip prints when it gets build tools of its own
    fetched = re.findall(r"Added ([\w.-]+)==(\S+) from ", text)  # also by what builds a package
    assert {normalised(name) for name, _ in fetched} >= locked("requirements-build.lock").keys()
    assert {name for name, version in fetched if version not in allowed.get(normalised(name), ())} <= ITSELF
    python = project / (".venv/Scripts/python.exe" if os.name == "nt" else ".venv/bin/python")
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"],
        capture_output=True,
        check=True,
    )
    installed = {normalised(one["name"]): one["version"] for one in json.loads(listed.stdout)}
    unlocked = {name for name, version in installed.items() if version not in allowed.get(name, ())}
    assert unlocked == {"pip", "forum-papers"}  # Python brings pip
    needed_at_times = "import click, pygments, rich"  # pygments: snakemake --report
    assert subprocess.run([python, "-c", needed_at_times], check=False).returncode == 0
    seal = subprocess.run(
        [python.parent / "forum-papers", "seal"],
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert seal.stderr.startswith("outputs: found no such file; expected the list of digests")
    assert {path.name for path in project.iterdir()} == {
        ".venv", "scripts", "install.py", "pyproject.toml", *LOCKS
    }  # fmt: skip


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.git
def test_a_clone_that_converts_line_ends_has_the_same_files(tmp_path):
    """Also if the project is a copy without git: its files are committed to a repository of the test."""
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    people = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def git(*arguments: str) -> str:
        command = ["git", *arguments]
        environment = {**os.environ, **settings, **people}
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, encoding="utf-8"
        ).stdout

    repository, clone = tmp_path / "project.git", tmp_path / "clone"
    here = (f"--git-dir={repository}", f"--work-tree={ROOT}")
    git("init", "--quiet", "--bare", str(repository))
    git(*here, "add", "--all", "--", str(ROOT))
    git(*here, "commit", "--quiet", "--message", "x")
    files = git(*here, "ls-files", "-z").split("\0")[:-1]
    git("clone", "--quiet", "--config", "core.autocrlf=true", str(repository), str(clone))
    assert len(files) > 500
    assert not [name for name in files if digest(ROOT / name) != digest(clone / name)]


def digest(path: Path) -> str:
    return hashlib.sha256(os.readlink(path).encode() if path.is_symlink() else path.read_bytes()).hexdigest()
