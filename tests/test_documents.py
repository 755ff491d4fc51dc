"""The documents: lines of at most 100 characters, and nothing named in them that does not exist."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest
from papers import cli
from papers.docx.scan_codes import CODES, table_of_codes
from papers.inputs.config import Checks
from project_tools import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_LINE, LONGEST_README = 100, 100
FOLDERS = (".", "docs", "inputs", "templates", "benchmarks", "scripts/papers/docx", "tests/stress")
MEASURED = {"RESULTS.md", "GROWTH.md", "RELIABILITY.md"}  # written by the programs that measure
DOCUMENTS = sorted(path for folder in FOLDERS for path in ROOT.glob(f"{folder}/*.md"))
HISTORY = "CHANGELOG.md"  # names what is gone
PACKAGE = ROOT / "scripts" / "papers"
MODULES = {
    f"/{path.relative_to(ROOT).as_posix()}"
    for folder in ("scripts", "tests", "docs", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
}
TOP_FOLDERS = r"(?:inputs|templates|scripts|docs|tests|benchmarks|profiles|envs|\.ci)"
# Files that a user, a command or a test adds, and the kind and the forum that CONTRIBUTING.md adds as examples.
EXAMPLES = {
    "inputs/apec/accepted.yaml",
    "inputs/smewg/issued/",
    "benchmarks/peers/",
    "templates/meeting-note.docx",
    "scripts/papers/wording/kinds/meeting_note.py",
    "inputs/scsc/",
}
EXAMPLE_FORUM = "inputs/harb/"  # of docs/new-forum.md
SCANNERS = [*PACKAGE.glob("received/*.py"), *PACKAGE.glob("docx/*.py")]  # of received files

every_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)
every_description = pytest.mark.parametrize(
    "document",
    [document for document in DOCUMENTS if document.name != HISTORY],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)


def code_blocks(text: str) -> list[str]:
    return re.findall(r"^ *```.*?^ *```", text, re.MULTILINE | re.DOTALL)


def without_code_blocks(text: str) -> str:
    """Return a text with as many lines, of which those of code blocks are empty."""
    for block in code_blocks(text):
        text = text.replace(block, "\n" * block.count("\n"), 1)
    return text


def inline_code(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", without_code_blocks(text))


@every_document
def test_lines_have_at_most_100_characters(document):
    if document.name in MEASURED:
        return
    lines = enumerate(without_code_blocks(document.read_text(encoding="utf-8")).splitlines(), 1)
    assert not [number for number, line in lines if len(line) > LONGEST_LINE and can_wrap(line)]


def can_wrap(line: str) -> bool:
    """Return whether a line is neither the row of a table nor a single word, such as a long address."""
    return not line.startswith("|") and " " in line.strip("*-> ")


def test_the_readme_is_one_page():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= LONGEST_README


@every_document
def test_relative_links_lead_to_files_and_headings(document):
    text = without_code_blocks(document.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"\w+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = document.parent / name if name else document
        assert path.exists(), target
        assert not anchor or anchor in anchors(path), target


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as the web pages of repositories make them."""
    text = without_code_blocks(document.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def verbs_of_the_makefile() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE)) | (cli.VERBS.keys() - {"build"})


def verbs_in(document: Path) -> set[str]:
    """Return the verbs of `make VERB` and `forum-papers VERB` in the code of a document."""
    text = document.read_text(encoding="utf-8")
    code = "\n".join([*inline_code(text), *(re.sub(r" #.*", "", block) for block in code_blocks(text))])
    return set(re.findall(r"(?:^|/|\\|\s)(?:make|forum-papers) ([a-z][a-z-]*)", code, re.MULTILINE))


@every_description
def test_verbs_that_are_named_are_in_the_makefile(document):
    assert verbs_in(document) <= verbs_of_the_makefile() | {"build"}  # build is make itself


def test_every_verb_of_the_makefile_is_described():
    described = {verb for document in DOCUMENTS if document.name != HISTORY for verb in verbs_in(document)}
    assert verbs_of_the_makefile() <= described | {"papers"}  # which is make itself


@every_description
def test_files_that_are_named_exist(document):
    names = inline_code(document.read_text(encoding="utf-8"))
    assert not [name for name in names if not exists(name)]


def exists(name: str) -> bool:
    """Return whether code in a document names a file of the project, or no file."""
    if re.search(r"[<>*{} ]|\.\.\.", name) or name in EXAMPLES or name.startswith(EXAMPLE_FORUM):
        return True
    if "::" in name:  # a test, as docs/claims.md names it
        return (ROOT / "tests" / name.partition("::")[0]).is_file()
    if name.endswith(".py"):
        return any(module.endswith(f"/{name}") for module in MODULES)
    return not re.match(rf"{TOP_FOLDERS}/", name) or (ROOT / name).exists()


def first_cells(document: str, heading: str) -> dict[str, str]:
    """Return first cell -> second cell of the rows below a heading whose first cell is code."""
    text = (ROOT / document).read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `([\w-]+)` \| ([\w-]+) \|", section, re.MULTILINE))


def test_the_page_of_checks_lists_the_checks_of_finished_papers_with_their_severity():
    severities = {name: field.default for name, field in Checks.model_fields.items()}
    assert first_cells("docs/checks.md", "Finished papers") == severities


def test_the_page_of_checks_lists_what_is_found_in_received_files():
    assert table_of_codes() in (ROOT / "docs/checks.md").read_text(encoding="utf-8")


def test_every_finding_of_a_scanner_is_in_the_list_of_codes():
    found = {code for code, _ in findings_of_scanners() if code[:1].isalpha()}  # not struct.pack
    assert len(found) > 30
    assert found - {*CODES} == set()


def findings_of_scanners() -> Iterator[tuple[str, str]]:
    """Yield code and severity of each call that adds a finding about a received file."""
    for file in SCANNERS:
        for call in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(call, ast.Call) and len(call.args) >= 5 and isinstance(call.args[0], ast.Constant):
                severity = call.args[1]
                if isinstance(severity, ast.Name) and severity.id.isupper():
                    yield call.args[0].value, severity.id.lower().replace("_", "-")
                elif isinstance(severity, ast.Constant):
                    yield call.args[0].value, severity.value
