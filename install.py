"""Install what the papers are made with into .venv: python install.py, then with `test` or `cluster` for more.

`make` runs this; papers.cmd and papers.sh run it with `once`, which installs only what is missing or older. pip takes only files whose hash is in a lock, also to build a
package that the index has no wheel of: requirements-build.lock has what builds it, and pip gets no other build tool.
Without annotations and new syntax, so that an old Python 3 prints a sentence instead of a syntax error.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
VENV = PROJECT / ".venv"
CLUSTER = VENV / "cluster"
OLDEST, NEWEST = (3, 11), (3, 13)  # 3.14: there is no wheel yet of `immutables`, which Snakemake needs
VERSIONS = "Python 3.11, 3.12 or 3.13"
PIP_INSTALL = ("-m", "pip", "install", "-qq", "--disable-pip-version-check")
PIP_BUILD = (
    "--no-build-isolation",
    "--use-pep517",
)  # the latter for pip 23.0, which else needs the package wheel
LOCKED = ("--compile", "--require-hashes", "-r")
INSTALLED = VENV / "installed"  # what .venv was made for; the Makefile has the same
SOURCES = ("install.py", "pyproject.toml", "requirements-build.lock", "requirements.lock")
MADE_FOR = "import os, sys; print(ascii(os.path.realpath(sys.prefix)), *sys.version_info[:2])"
ITSELF = ("--no-deps", "--no-index", "--editable", ".")  # fetches nothing


class InstallError(Exception):
    """What is wrong, in one sentence with what to do."""


def main(arguments):
    """Install for the papers, or for the tests or the cluster; `check` checks this Python. Return the exit code."""
    steps = {
        "": install_papers,
        "once": install_once,
        "test": install_tests,
        "cluster": install_cluster,
        "check": check_python,
    }
    what = " ".join(arguments)
    try:
        if what not in steps:
            raise InstallError(
                f'command: found "{what}"; expected nothing, once, test, cluster or check. Correct it.'
            )
        check_python()
        steps[what]()
    except InstallError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        place = error.filename or ".venv"
        todo = "Make that possible, then run it again."
        print(
            f"{place}: found {error.strerror or error}; expected to write the files of .venv. {todo}",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("Stopped. Run it again: what was installed only in part is replaced.", file=sys.stderr)
        return 1
    return 0


def check_python():
    """Raise InstallError if this Python is not one that all locked packages support, or can't make .venv."""
    version = sys.version_info[:2]
    here = f"{sys.executable}: found Python {sys.version.split()[0]}"
    if not OLDEST <= version <= NEWEST:
        todo = "Install one of them, then run make again; without make, start install.py with it."
        raise InstallError(f"{here}; expected {VERSIONS}. {todo}")
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{version[0]}.{version[1]}-venv"
        todo = f"On Debian and Ubuntu: sudo apt install {package}. Then run make again."
        raise InstallError(f"{here} without the module ensurepip; expected it, as it makes .venv. {todo}")


def install_papers():
    """Make .venv from nothing, so that it has what is locked and nothing else."""
    check_replaceable()
    print("Setting up .venv (about a minute)", flush=True)
    if VENV.is_dir():
        shutil.rmtree(VENV)
    # Not the Python of .venv, should that run this.
    make_environment(getattr(sys, "_base_executable", sys.executable), VENV)
    python = python_of(VENV)
    install(python, "requirements-build.lock")
    install(python, "requirements.lock")
    pip(python, *ITSELF)
    for path in packages_of(python).glob("__editable__*.pth"):
        write_path(path, PROJECT / "scripts")
    run([python, "-m", "compileall", "-q", "scripts"])


def install_once():
    """Install for the papers, unless .venv is newer than what it is made from, and in the place it was made for."""
    if not is_installed():
        install_papers()
        INSTALLED.write_bytes(what_it_is_made_for())


def is_installed():
    """Return whether .venv is whole and up to date, as `make` finds out."""
    if not INSTALLED.is_file() or INSTALLED.read_bytes() != what_it_is_made_for():
        return False
    made = INSTALLED.stat().st_mtime
    return all((PROJECT / name).stat().st_mtime <= made for name in SOURCES)


def what_it_is_made_for():
    """Return the folder and the version of the Python in .venv; nothing if it does not start."""
    try:
        done = subprocess.run(
            [python_of(VENV), "-c", MADE_FOR], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        )
    except OSError:  # its Python was removed
        return b""
    return done.stdout.replace(b"\r\n", b"\n")


def check_replaceable():
    """Raise InstallError if .venv is anything but a virtual environment in this folder, or nothing."""
    if VENV.is_symlink():
        todo = "Delete the link, then run make again."
        raise InstallError(f".venv: found a link to another folder; expected a folder or none. {todo}")
    if VENV.exists() and not (VENV / "pyvenv.cfg").is_file() and (VENV.is_file() or any(VENV.iterdir())):
        todo = "Rename it, or delete it if nothing in it is yours; then run make again."
        raise InstallError(f".venv: found what is no virtual environment; expected one or nothing. {todo}")


def install_tests():
    install_papers_first()
    install(python_of(VENV), "requirements-test.lock")


def install_papers_first():
    if not Path(python_of(VENV)).is_file():
        install_papers()


def install_cluster():
    """Install the cluster's plugin into an environment that also sees the packages of .venv.

    Snakemake imports every plugin at each start, which would cost the builds of a laptop a second.
    """
    install_papers_first()
    if CLUSTER.is_dir():
        shutil.rmtree(CLUSTER)
    make_environment(python_of(VENV), CLUSTER)
    python = python_of(CLUSTER)
    write_path(packages_of(python) / "own.pth", packages_of(python_of(VENV)))
    install(python, "requirements-cluster.lock")


def write_path(path, folder):
    """Write a .pth file, which lets an environment import from a folder.

    The path in it is relative, without the names of the folders above: Python 3.11 and 3.12 read it in the locale's
    encoding, and would not start where that lacks a letter.
    """
    path.write_text(f"{os.path.relpath(folder, path.parent)}\n", encoding="utf-8")


def make_environment(python, folder):
    if run([python, "-m", "venv", str(folder)]):
        what = (
            f"{folder.relative_to(PROJECT)}: found that Python could not make this folder, as printed above"
        )
        raise InstallError(f"{what}; expected a virtual environment. Make room for it, then run make again.")


def install(python, lock):
    """Install the packages of a lock; pip refuses a file whose hash is not in it."""
    pip(python, *LOCKED, lock)


def pip(python, *arguments):
    if run([python, *PIP_INSTALL, *PIP_BUILD, *arguments]):
        what = "the project" if arguments == ITSELF else arguments[-1]
        found = f"{what}: found that pip failed, as printed above; expected it to install all of it"
        raise InstallError(f"{found}. Check the connection to the package index, then run make again.")


def run(command):
    """Run a command in the project's folder; return its exit code."""
    return subprocess.run(
        command, cwd=str(PROJECT), env={**os.environ, "PYTHONUTF8": "1"}, check=False
    ).returncode


def python_of(environment):
    return str(environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def packages_of(python):
    """Return the folder in which an environment keeps its packages."""
    code = "import os, sys, sysconfig; sys.stdout.buffer.write(os.fsencode(sysconfig.get_path('purelib')))"
    done = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, check=False)
    if done.returncode:
        todo = "Delete the folder .venv, then run make again."
        raise InstallError(f"{python}: found that it stops, as printed above; expected it to start. {todo}")
    return Path(os.fsdecode(done.stdout))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
