"""What a forum's papers were built from: provenance.json. docs/seal.md documents its keys.

It contains nothing about a machine, a day or a user, so that the same inputs and program give the same file.
Standard library only, as every build that changed something writes it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.archive import archive_folder
from papers.ledger.file import END_NAME, LEDGER_NAME
from papers.store.file_lists import list_files
from papers.store.files import digest, read_bytes, read_json
from papers.store.output_files import FORUMS, PAPERS, PROVENANCE
from papers.store.program import SCRIPTS, VERSION, program_files
from papers.store.stages import read_manifest
from papers.store.work_files import INPUTS_FILE, papers_by_meeting, trace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FORMAT = 1
STAGE = "seal"  # folder below outputs/work
CONFIG, LOCK = "config.yaml", "requirements.lock"
# The packages whose version can change the bytes of a paper: requirements.lock pins them, provenance.json says what
# was installed. Python and the system are left out: they changed no byte where that was tried (docs/seal.md).
TOOLS = (
    "deflate",
    "docxtpl",
    "jinja2",
    "lxml",
    "markdown-it-py",
    "mdit-py-plugins",
    "pandas",
    "pikepdf",
    "pydantic",
    "python-calamine",
    "python-docx",
    "pyyaml",
    "tzdata",
    "xlsxwriter",
)
SOURCE_KEYS = (
    "inputs",
    "ledger",
    "templates",
    "config",
    "lock",
    "program",
)  # their values are file -> digest
_DIST_INFO = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)\.dist-info")


def source_digests(inputs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return path -> digest, of everything that papers are made from, by the keys of provenance.json.

    `inputs` are those that were read. The ledger is not among them.
    """
    ledger = {name: sha for name, sha in inputs.items() if name.rpartition("/")[2] in (LEDGER_NAME, END_NAME)}
    lock = SCRIPTS.parent / LOCK
    return {
        "inputs": {name: sha for name, sha in inputs.items() if name not in ledger},
        "ledger": ledger,
        "templates": _digests(
            {name: Path(name) for name in list_files("templates", but="templates/README.md")}
        ),
        "config": _digests({CONFIG: Path(CONFIG)}),
        "lock": _digests({LOCK: lock} if lock.is_file() else {}),
        "program": program_digests(),
    }


def program_digests() -> dict[str, str]:
    """Return path -> digest of the Snakefile and of the code."""
    return _digests({"Snakefile": SCRIPTS.parent / "Snakefile", **program_files()})


def _digests(files: Mapping[str, Path]) -> dict[str, str]:
    return {name: digest(read_bytes(path)) for name, path in files.items()}


def provenance(work: Path, logo: Iterable[str]) -> dict:
    """Return the content of provenance.json for the last build; parameters as in `papers.seal.seal.seal`."""
    sources = source_digests(read_json(work / INPUTS_FILE))
    papers = list(_papers(work, sources["inputs"], list(logo)))
    return {"format": FORMAT, "version": VERSION, **sources, "tools": tool_versions(), "papers": papers}


def sealed_file(work: Path) -> Path:
    """Return the provenance.json that was sealed last, if there is one; `work` has the stages of one forum."""
    written = sorted((work / STAGE).glob(f"{FORUMS}/*/{PROVENANCE}"))
    return written[0] if written else work / STAGE / PROVENANCE


def sealed_provenance(work: Path) -> dict:
    """Return the provenance that was sealed last; raise DamagedFile if there is none. `work` as in `sealed_file`."""
    found: dict = read_json(sealed_file(work))
    return found


def update_ledger(content: dict, forum: str) -> dict:
    """Return the content with the ledger as it is now: what is recorded after a build changes no paper."""
    paths = (archive_folder(forum) / name for name in (LEDGER_NAME, END_NAME))
    return {**content, "ledger": _digests({path.as_posix(): path for path in paths if path.is_file()})}


def as_json(content: dict) -> bytes:
    """Return the bytes of provenance.json or program.json, indented for readers."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def tool_versions() -> dict[str, str]:
    """Return the installed version of each of TOOLS, "" if it is missing.

    They are read from the names of the folders that pip leaves: `importlib.metadata` would open each of them.
    """
    found = {}
    for folder in sys.path:
        names = os.listdir(folder) if folder and Path(folder).is_dir() else []
        for match in filter(None, map(_DIST_INFO.fullmatch, names)):
            found.setdefault(re.sub(r"[-_.]+", "-", match["name"]).lower(), match["version"])
    return {name: found.get(name, "") for name in TOOLS}


def _built_papers(work: Path) -> Iterator[tuple[dict, dict]]:
    """Yield (summary of the context, entry of the manifest) of every paper of the last build."""
    for meeting, papers in papers_by_meeting(work / "contexts").items():
        manifest = read_manifest(work / "filled" / meeting)
        by_file = {entry["file"]: entry for entry in manifest["papers"]}
        yield from ((paper, by_file[paper["file"]]) for paper in papers)


def _papers(work: Path, inputs: dict[str, str], logo: list[str]) -> Iterator[dict]:
    for paper, entry in sorted(_built_papers(work), key=lambda pair: pair[0]["number"]):
        trace_path = work / "traces" / trace_file(paper["file"])
        trace = read_json(trace_path)
        used = sorted({*paper["made_from"], *logo})
        yield {
            "number": paper["number"],
            "title": paper["title"],
            "kind": paper["kind"],
            "access": trace["access"],
            "file": f"{PAPERS}/{paper['file']}",
            "sha256": entry["sha256"],
            "templates": paper["templates"],
            "inputs": {name: inputs[name] for name in used},
            "cells": _cells(trace),
            "trace": digest(read_bytes(trace_path)),
        }


def _cells(trace: dict) -> dict[str, dict[str, str]]:
    """Return file -> sheet -> the cells that the paper's figures depend on.

    Of a text file, "lines" stands for the sheet and line numbers for the cells.
    """
    found: dict[str, dict[str, dict[str, None]]] = {}
    counted = [cell for source in trace.get("sources", ()) for cell in source["cells"]]
    for cell in (*counted, *trace.get("deciding", ())):
        sheet, name = ("lines", str(cell["line"])) if cell.get("line") else (cell["sheet"], cell["cell"])
        found.setdefault(cell["file"], {}).setdefault(sheet, {})[name] = None
    return {
        file: {sheet: ", ".join(sorted(cells, key=_cell_order)) for sheet, cells in sorted(sheets.items())}
        for file, sheets in sorted(found.items())
    }


def _cell_order(cell: str) -> tuple[int, str, int]:
    """Sort A2 before A10, and Z1 before AA1."""
    letters = cell.rstrip("0123456789")
    return len(letters), letters, int(cell[len(letters) :] or 0)
