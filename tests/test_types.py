"""Types: what the type checker of `make lint` covers, and where errors may be ignored."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from fnmatch import fnmatch

from project_tools import ROOT

SCRIPTS = ROOT / "scripts"
STRICT = (
    "errors",
    "characters",
    "problems",
    "numbers",
    "richtext",
    "safety",
    "job",
    "store.*",
    "ledger.*",
    "model.*",
    "wording.*",
)
IGNORE = re.compile(r"#\s*type:\s*ignore(?P<code>\[[a-z, -]+\])?\s*(?P<reason>.*)")
IGNORED_ERRORS = 0  # in all of scripts/; raise it only for an error that no type could avoid


def comments(source: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def ignores() -> list[re.Match[str]]:
    sources = [path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.rglob("*.py"))]
    return [match for source in sources for comment in comments(source) if (match := IGNORE.match(comment))]


def test_each_ignored_error_is_named_and_has_a_reason_on_its_line():
    assert not [match[0] for match in ignores() if not match["code"] or len(match["reason"].split()) < 3]


def test_the_number_of_ignored_errors_is_known():
    assert len(ignores()) == IGNORED_ERRORS


def test_the_ground_the_ledger_the_model_and_wording_are_checked_strictly():
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert mypy["strict"] is True and mypy["packages"] == ["papers"]
    silent = [
        name for override in mypy["overrides"] if override.get("ignore_errors") for name in override["module"]
    ]
    assert silent
    for strict in STRICT:
        module = f"papers.{strict.replace('*', 'anything')}"
        assert not [name for name in silent if fnmatch(module, name)], module


def imports_outside_type_checking(tree: ast.Module) -> list[str]:
    """The modules that are imported when the program runs."""
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    return [
        node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node not in for_types
    ]


def test_the_types_of_contexts_are_never_imported_by_a_running_program():
    for path in sorted(SCRIPTS.rglob("*.py")):
        imported = imports_outside_type_checking(ast.parse(path.read_bytes()))
        assert "papers.store.paper_context" not in imported, path
