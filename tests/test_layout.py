"""Where code belongs: imports go one way, adapters are named as their rule, a module holds one idea."""

from __future__ import annotations

import ast
import re

import pytest
from project_tools import ROOT

SCRIPTS = ROOT / "scripts"
PACKAGE = SCRIPTS / "papers"
GROUND = (
    "errors",
    "characters",
    "problems",
    "number_patterns",
    "numbers",
    "richtext",
    "sharing",
    "safety",
    "evaluation",
    "expressions",
)
CORRIDOR = ("store", "job", "ledger", "inputs", "model", "wording", "docx")
WINGS = (
    "received",
    "checks",
    "redlines",
    "pdf",
    "record",
    "register",
    "public",
    "seal",
    "traces",
    "start",
    "intake_check",
    "edits",
)
TOP = ("deliver", "build", "cli")  # run the wings: they may import all of them, and each those before it
# The only imports from one wing into another, as docs/architecture.md draws them, each with its reason.
ARROWS = {
    ("received", "pdf"): "LibreOffice lays out the cover of a received PDF",
    ("record", "checks"): "a paper with open text is not issued without a reason",
    ("start", "record"): "a new paper is written into the file of its meeting",
    ("public", "register"): "the public folder has an index of its own",
    ("intake_check", "received"): "a file is scanned as intake scans it",
    ("intake_check", "checks"): "the words of a paper are checked as those of a finished one",
}
MODULES = {
    path.relative_to(PACKAGE).with_suffix("").as_posix(): ast.parse(path.read_bytes())
    for path in sorted(PACKAGE.rglob("*.py"))
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
LIBRARIES = {  # where each library may be imported
    "python_calamine": {"inputs", "checks"},
    "yaml": {"inputs", "start"},
    "markdown_it": {"inputs"},
    "pydantic": {"inputs", "public"},
    "pandas": {"model"},
    "docxtpl": {"docx"},
    "jinja2": {"docx", "expressions"},
    "docx": {"docx", "received", "redlines"},
    "lxml": {"docx", "received", "redlines", "intake_check"},
    "pikepdf": {"pdf", "public", "received"},
    "python_redlines": {"redlines"},
    "snakemake": {"build"},
}


def imported_modules(tree: ast.AST) -> set[str]:
    """The modules of the package that a tree imports, as paths such as docx/fill; for their types alone too."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "papers":
            base = node.module.removeprefix("papers").strip(".").replace(".", "/")
            for alias in node.names:
                inner = f"{base}/{alias.name}".strip("/")
                found.add(inner if inner in MODULES or f"{inner}/__init__" in MODULES else base)
    return found


def libraries(tree: ast.AST) -> set[str]:
    """The names of all packages that a tree imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            found.add(node.module.split(".")[0])
    return found


def folder_of(module: str) -> str:
    return module.split("/")[0]


def may_import(folder: str, other: str) -> bool:
    if folder == other or other == "__init__":
        return True
    below = (*GROUND, *CORRIDOR)
    if folder in below:
        return other in below[: below.index(folder)]
    if folder in WINGS:
        return other in below or (folder, other) in ARROWS
    return other in (*below, *WINGS, *TOP[: TOP.index(folder)])


def test_every_folder_has_its_place_in_the_picture():
    found = {folder_of(module) for module in MODULES} - {"__init__"}
    assert found == {*GROUND, *CORRIDOR, *WINGS, *TOP}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_point_one_way(module):
    folder = folder_of(module)
    assert not {
        other for other in imported_modules(MODULES[module]) if not may_import(folder, folder_of(other))
    }


def test_every_arrow_between_wings_is_used():
    used = {
        (folder_of(module), folder_of(other))
        for module, tree in MODULES.items()
        for other in imported_modules(tree)
    }
    assert set(ARROWS) <= used


def test_the_picture_of_the_architecture_names_every_arrow():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    for folder, other in ARROWS:
        assert f"`{folder}` imports `{other}`" in page


def test_no_module_imports_itself_through_others():
    open_ = {module: imported_modules(tree) & set(MODULES) for module, tree in MODULES.items()}
    while free := [module for module, others in open_.items() if not others & set(open_)]:
        for module in free:
            del open_[module]
    assert not open_, "these import each other"


def test_adapters_are_named_as_their_rule_and_import_what_stands_below_the_wings_top():
    rules = set(
        re.findall(
            r'^(?:rule|checkpoint) (\w+):|^ +f"(\w+)_\{owner\}"',
            (ROOT / "Snakefile").read_text("utf-8"),
            re.MULTILINE,
        )
    )
    rules = {name for names in rules for name in names}
    adapters = {path.stem for path in SCRIPTS.glob("*.py")} - {"forum_papers"}
    run_by_rules = re.findall(r'job\(\s*"(\w+)"', (ROOT / "Snakefile").read_text("utf-8"))
    assert adapters == {*run_by_rules} <= rules
    for adapter in adapters:
        tree = ast.parse((SCRIPTS / f"{adapter}.py").read_bytes())
        assert not {other for other in imported_modules(tree) if folder_of(other) in TOP[1:]}, adapter


def test_the_command_and_the_snakefile_import_only_what_runs_the_build():
    command = imported_modules(ast.parse((SCRIPTS / "forum_papers.py").read_bytes()))
    assert command == {"cli"}
    lines = re.findall(r"^from papers\.(\w+)", (ROOT / "Snakefile").read_text("utf-8"), re.MULTILINE)
    assert set(lines) <= {*CORRIDOR, *WINGS, "build"}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_library_is_used_only_where_it_belongs(module):
    used = libraries(MODULES[module]) & set(LIBRARIES)
    assert not {library for library in used if folder_of(module) not in LIBRARIES[library]}


@pytest.mark.parametrize(
    "module",
    sorted(
        m
        for m in MODULES
        if folder_of(m)
        in (
            "model",
            "wording",
            "problems",
            "number_patterns",
            "numbers",
            "richtext",
            "evaluation",
            "expressions",
        )
    ),
)
def test_model_and_wording_open_no_file(module):
    names = {node.id for node in ast.walk(MODULES[module]) if isinstance(node, ast.Name)}
    attributes = {node.attr for node in ast.walk(MODULES[module]) if isinstance(node, ast.Attribute)}
    assert not (names & {"open"} or attributes & OPENERS)
    assert not {"os", "pathlib", "shutil", "tempfile", "subprocess", "zipfile"} & libraries(MODULES[module])


def test_no_function_is_longer_than_forty_lines():
    long = {
        f"{module}: {node.name}"
        for module, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 40
    }
    assert not long


def test_a_module_is_neither_a_single_constant_nor_five_hundred_lines():
    for module, tree in MODULES.items():
        lines = tree.body[-1].end_lineno if tree.body else 0
        assert lines < 500, module
        if not module.endswith("__init__"):
            assert any(isinstance(node, (ast.FunctionDef, ast.ClassDef)) for node in tree.body), module


def test_no_class_name_stands_twice():
    seen: dict[str, str] = {}
    for module, tree in MODULES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                assert node.name not in seen, f"{node.name} in {module} and {seen[node.name]}"
                seen[node.name] = module
