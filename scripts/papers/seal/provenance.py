"""What everything was made from: outputs/provenance.json. docs/seal.md tells its keys.

Nothing in it belongs to a machine, a day or a person: the same inputs and program give the same file everywhere.
Standard library only, as every build that made something writes it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.archive import list_inputs
from papers.ledger.file import END_NAME
from papers.ledger.file import LEDGER_NAME as LEDGER
from papers.store.changed_files import digests, list_files
from papers.store.contexts import papers_by_meeting, trace_file
from papers.store.files import to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PROVENANCE = "provenance.json"
FORMAT = 1
CONFIG, LOCK = "config.yaml", "requirements.lock"
# The packages whose version can change the bytes of a paper; requirements.lock pins them, this says what really ran.
# Python and the system are left out: they change no byte, which make verify proves on each machine.
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
_DIST_INFO = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)\.dist-info")
SOURCES = (
    "inputs",
    "ledger",
    "templates",
    "config",
    "lock",
    "program",
)  # the keys whose values are file -> digest


def sources() -> dict[str, list[str]]:
    """Key of provenance.json -> the files that it has the digests of. Of inputs/, all but the ledger, which is apart."""
    inputs = list_inputs("inputs", but="inputs/README.md")
    ledger = [name for name in inputs if name.rpartition("/")[2] in (LEDGER, END_NAME)]
    return {
        "inputs": sorted({*inputs} - {*ledger}),
        "ledger": ledger,
        "templates": list_files("templates", but="templates/README.md"),
        "config": [CONFIG],
        "lock": [LOCK] if Path(LOCK).is_file() else [],
        "program": ["Snakefile", *_program()],
    }


def _program() -> list[str]:
    """Our own code, and what the pages of the index are made of."""
    return [name for name in list_files("scripts") if "/__pycache__/" not in name]


def provenance(work: Path, logo: Iterable[str]) -> dict:
    """All that provenance.json says of the last build. `work` is outputs/work, `logo` the forum's picture if it has one."""
    store = work / "sealed.json"  # what was not touched since is not read again
    known = json.loads(store.read_bytes()) if store.exists() else {}
    groups = sources()
    now = digests([name for names in groups.values() for name in names], known)
    if now != known:
        write_atomic(store, to_json(now))
    found = {key: {name: now[name][2] for name in names} for key, names in groups.items()}
    papers = list(_papers(work, found["inputs"], list(logo)))
    return {"format": FORMAT, **found, "tools": tools(), "papers": papers}


def with_ledger(made: dict) -> dict:
    """The same with the ledger as it is now: what is recorded after a build changes the index, but no paper."""
    ledger = sources()["ledger"]
    return {**made, "ledger": {name: one[2] for name, one in digests(ledger, {}).items()}}


def as_text(made: dict) -> bytes:
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def tools() -> dict[str, str]:
    """The installed version of each of TOOLS, from the names of the folders that pip leaves; "" for one that is not there."""
    found = {}
    for folder in sys.path:
        names = os.listdir(folder) if folder and Path(folder).is_dir() else []
        for one in filter(None, map(_DIST_INFO.fullmatch, names)):
            found.setdefault(re.sub(r"[-_.]+", "-", one["name"]).lower(), one["version"])
    return {name: found.get(name, "") for name in TOOLS}


def _built(work: Path) -> Iterator[tuple[dict, dict]]:
    """(what it is, manifest's entry) of every paper of the last build, meeting by meeting."""
    for meeting, papers in papers_by_meeting(work / "contexts").items():
        made = json.loads((work / "filled" / f"{meeting}.json").read_bytes())["papers"]
        by_file = {paper["file"]: paper for paper in made}
        yield from ((paper, by_file[paper["file"]]) for paper in papers)


def _papers(work: Path, inputs: dict[str, str], logo: list[str]) -> Iterator[dict]:
    both = sorted(_built(work), key=lambda one: one[0]["number"])
    for paper, made in both:
        trace = json.loads((work / "traces" / trace_file(paper["file"])).read_bytes())
        used = sorted({*paper["made_from"], *logo})
        yield {
            "number": paper["number"],
            "title": paper["title"],
            "kind": paper["kind"],
            "access": trace["access"],
            "file": f"papers/{paper['file']}",
            "sha256": made["sha256"],
            "templates": paper["templates"],
            "inputs": {name: inputs[name] for name in used},
            "cells": _cells(trace),
        }


def _cells(trace: dict) -> dict[str, dict[str, str]]:
    """File -> sheet -> the cells that figures of the paper were counted from; of a text, "lines" -> their numbers."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    for source in trace.get("sources", ()):
        for cell in source["cells"]:
            at = ("lines", str(cell["line"])) if cell.get("line") else (cell["sheet"], cell["cell"])
            found.setdefault(cell["file"], {}).setdefault(at[0], {})[at[1]] = None
    return {
        file: {sheet: ", ".join(sorted(cells, key=_order)) for sheet, cells in sorted(sheets.items())}
        for file, sheets in sorted(found.items())
    }


def _order(cell: str) -> tuple[int, str, int]:
    """A2 before A10, and Z1 before AA1."""
    letters = cell.rstrip("0123456789")
    return len(letters), letters, int(cell[len(letters) :] or 0)
