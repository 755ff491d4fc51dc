"""The rooms of the code: who may import whom, and who may touch files, Excel and Word."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "scripts" / "papers"
ROOMS = (
    "reading",
    "model",
    "wording",
    "word",
    "issuing",
)  # each imports only from itself and towards the left
HALL = {"papers", "papers.problems", "papers.text"}  # everyone may go there
MODULES = {
    path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_bytes()) for path in PACKAGE.rglob("*.py")
}
OPENERS = {
    "open",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "iterdir",
    "glob",
    "rglob",
    "exists",
    "is_file",
}
HOMES = {
    "python_calamine": {"reading"},
    "openpyxl": {"reading"},
    "yaml": {"reading"},
    "markdown_it": {"reading"},
    "docxtpl": {"word"},
    "jinja2": {"word"},
    "docx": {"word"},
    "lxml": {"word"},
    "snakemake": {"issuing"},
    "python_redlines": {"issuing"},
}


def imports(tree: ast.AST) -> set[str]:
    """Every module that a module imports, also within functions; `from papers import text` is papers.text."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (
                inner if node.module in ("papers", *(f"papers.{room}" for room in ROOMS)) else {node.module}
            )
    return found


def room_of(file: str) -> str:
    return file.split("/")[0] if "/" in file else "hall"


def test_there_are_five_rooms_and_a_hall():
    assert {room_of(file) for file in MODULES} == {*ROOMS, "hall"}
    assert {file for file in MODULES if "/" not in file} == {"__init__.py", "problems.py", "text.py"}


@pytest.mark.parametrize("file", sorted(MODULES))
def test_a_room_imports_only_itself_the_hall_and_what_lies_to_its_left(file):
    room = room_of(file)
    allowed = () if room == "hall" else ROOMS[: ROOMS.index(room) + 1]
    ours = {name for name in imports(MODULES[file]) if name.split(".")[0] == "papers"} - HALL
    assert not {name for name in ours if name.split(".")[1] not in allowed}


@pytest.mark.parametrize("file", sorted(MODULES))
def test_a_library_is_used_only_in_its_room(file):
    used = {name.split(".")[0] for name in imports(MODULES[file])}
    assert not {library for library in used & set(HOMES) if room_of(file) not in HOMES[library]}


@pytest.mark.parametrize(
    "file", sorted(file for file in MODULES if room_of(file) in ("model", "wording", "hall"))
)
def test_model_and_wording_open_no_file(file):
    names = {node.id for node in ast.walk(MODULES[file]) if isinstance(node, ast.Name)}
    attributes = {node.attr for node in ast.walk(MODULES[file]) if isinstance(node, ast.Attribute)}
    assert not (names & {"open"} or attributes & OPENERS)
    assert not {"os", "pathlib", "shutil", "tempfile", "subprocess", "zipfile"} & imports(MODULES[file])


def test_no_function_is_longer_than_forty_lines():
    long = {
        f"{file}: {node.name}"
        for file, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 40
    }
    assert not long
