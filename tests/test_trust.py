"""Trust: packages pinned with their hashes, under licences that we may use, and the code that opens files of others."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import generate_licences as licences
import pytest
from papers.safety import table_of_limits
from project_tools import ROOT
from reliability import count

SECTION = "Trust"
LOCKS = tuple(sorted(path.name for path in ROOT.glob("requirements*.lock")))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_to_a_version_with_hashes(lock):
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert lines
    assert not [
        line
        for line in lines
        if not re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ]
    count(SECTION, "packages pinned to a version with hashes", len(lines))


def wheel(folder: Path, body: str) -> Path:
    """Write a package of one line, as the index would serve it."""
    about = "Metadata-Version: 2.1\nName: tiny-one\nVersion: 1.0\n"
    files = {"tiny_one.py": body, "tiny_one-1.0.dist-info/METADATA": about}
    files["tiny_one-1.0.dist-info/WHEEL"] = (
        "Wheel-Version: 1.0\nGenerator: us\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    record = "".join(
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}\n"
        for name, text in files.items()
    )
    files["tiny_one-1.0.dist-info/RECORD"] = record + "tiny_one-1.0.dist-info/RECORD,,\n"
    path = folder / "tiny_one-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as package:
        for name, text in files.items():
            package.writestr(name, text)
    return path


def install(folder: Path, lock: Path) -> subprocess.CompletedProcess:
    """Run the install step of the Makefile with a folder in place of the index, into the folder `target`."""
    options = "--quiet --disable-pip-version-check --require-hashes --no-index".split()  # noqa: SIM905
    command = [sys.executable, "-m", "pip", "install", *options, "--find-links", str(folder)]
    command += ["--target", str(folder / "target"), "-r", str(lock)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_package_that_was_changed_after_it_was_locked_is_refused(tmp_path):
    lock = tmp_path / "requirements.lock"
    digest = hashlib.sha256(wheel(tmp_path, "answer = 42\n").read_bytes()).hexdigest()
    lock.write_text(f"tiny-one==1.0 --hash=sha256:{digest}\n", encoding="utf-8")
    first = install(tmp_path, lock)
    assert first.returncode == 0, first.stderr
    assert (tmp_path / "target" / "tiny_one.py").is_file()
    wheel(tmp_path, "answer = 43  # somebody else's\n")
    (tmp_path / "target" / "tiny_one.py").unlink()
    second = install(tmp_path, lock)
    assert second.returncode != 0
    assert "DO NOT MATCH THE HASHES" in second.stderr
    assert not (tmp_path / "target" / "tiny_one.py").exists()
    count(SECTION, "changed packages refused by the install step", 1)


def test_no_package_is_under_the_gpl_or_agpl_and_the_page_of_licences_is_up_to_date():
    found = {name: licences.licence(name) for name in licences.locked(ROOT / licences.LOCK)}
    assert licences.refused_packages(found) == []
    assert licences.page(found) == (ROOT / licences.PAGE).read_text(encoding="utf-8"), (
        "run python docs/generate_licences.py"
    )
    count(SECTION, "packages whose licence is known and may be used", len(found))


@pytest.mark.parametrize(
    "name", ["AGPL-3.0", "GNU General Public License v3 (GPLv3)", "GPL-2.0-only", "", "Proprietary"]
)
def test_a_package_under_a_licence_that_we_may_not_use_is_reported(name):
    (line,) = licences.refused_packages({"a-package": name})
    assert line.startswith("requirements.lock: found a-package under ")
    assert licences.refused_packages({"a-package": "LGPL-2.1-only"}) == []


# How a module opens or parses a file that the project did not write.
OPENS = re.compile(
    r"safety\.read_|safety\.as_zip|zipfile\.ZipFile\(|CalamineWorkbook\.from|etree\.XMLParser\(|pikepdf\.open|Pdf\.open"
    r"|yaml\.parse\(|MarkdownIt\(|ElementTree\.(?:fromstring|iterparse)"
)
PACKAGE = ROOT / "scripts/papers"


def test_docs_trust_names_exactly_the_modules_that_open_files_of_others():
    page = (ROOT / "docs/trust.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/]+\.py)`", page))
    table = {
        name
        for line in page.splitlines()
        if line.startswith("|")
        for name in re.findall(r"`([\w/]+\.py)`", line)
    }
    modules = {
        path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")
    }
    opening = {name for name, source in modules.items() if OPENS.search(source)}
    assert named - set(modules) == set(), "these do not exist"
    assert opening - named == set(), "these open files and are not on the page"
    assert table and table - opening == set(), "these are in the table and open nothing"
    count(SECTION, "modules that open files of others, named in docs/trust.md", len(opening))


def test_no_library_opens_a_workbook_or_template_by_itself():
    """Libraries get the parts that safety.py has read and checked."""
    sources = {
        path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")
    }
    assert not [name for name, source in sources.items() if "CalamineWorkbook.from_path" in source]
    assert not [name for name, source in sources.items() if re.search(r"(?<!\w)Document\(str\(", source)]


RUNS = re.compile(
    r"(?<![\w.])(?:exec|eval|compile|__import__)\(|\b(?:marshal|pickle|shelve|dill|cloudpickle)\.loads?\("
    r"|import pickle|import shelve|import_module\("
)


def test_what_outputs_work_holds_is_run_in_one_module_which_reads_it_with_its_digest():
    sources = {
        path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")
    }
    assert {name for name, source in sources.items() if RUNS.search(source)} == {
        "cli.py",  # imports the module of a verb
        "docx/fill.py",  # runs prepared files
        "docx/template/prepared_file.py",  # compiles what it has made itself
        "received/bounded_tasks.py",  # gets plain data from the process that started it
        "wording/kind.py",  # imports modules of the package
    }
    outside = set(re.findall(r"(?:Prepared|marshal\.loads)\((\w+)\(", sources["docx/fill.py"]))
    assert outside == {"read_with_digest"}
    made_by = {name for name, source in sources.items() if re.search(r"(?<!class )\bPrepared\(", source)}
    assert made_by == {"docx/fill.py"}


def test_the_page_on_trust_prints_the_table_of_limits():
    assert table_of_limits() in (ROOT / "docs/trust.md").read_text(encoding="utf-8")
