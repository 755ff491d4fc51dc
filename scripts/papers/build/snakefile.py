"""What the Snakefile needs to know: input files, names of the kinds and meetings, and stamp files of what changed.

A stamp file is a small input of a rule: it is rewritten only if what it describes has changed, so that Snakemake
compares one file and not hundreds. Problems of inputs are reported by the rule `read`; here, such an input counts as
missing.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from functools import cache, lru_cache
from pathlib import Path

from papers.inputs.yaml import load_yaml
from papers.ledger.archive import archive_folder, archive_stamp, list_inputs
from papers.ledger.file import END_NAME, LEDGER_NAME
from papers.pdf.libreoffice import OfficeError, find_libreoffice, version
from papers.problems import Problems
from papers.redlines.pairs import pairs_by_meeting
from papers.register.related_files import RELATED_FILES, note_related_files
from papers.seal.provenance import program_files, source_files
from papers.store.delivery import remove_stale_papers
from papers.store.edited_files import keep_edited_files
from papers.store.files import NOTICE_PREFIX, digest, write_atomic
from papers.store.output_files import changed_since_sealed
from papers.store.work_files import INDEX_FILE, PAPERS_FILE, RECEIVED, SHARED_TEMPLATES

# The command line of a job


def python_command(wildcards, input) -> str:
    """The Python that runs the jobs, quoted for the shell.

    It is a function of `input` because Snakemake would import pandas to compare any other params with the last build's.
    """
    return shell_quoted(sys.executable)


def shell_quoted(word: str) -> str:
    return subprocess.list2cmdline([word]) if os.name == "nt" else shlex.quote(word)


# Inputs


def forum_name(config: Path) -> str:
    """The forum that config.yaml names; "" if it names none that could be a folder."""
    name = _top_level_text(config, "forum")
    return name if re.fullmatch(r"[\w-]+", name) else ""


def _top_level_text(path: Path, key: str) -> str:
    """The text under a top-level key of a YAML file, which is not validated here; "" if there is none."""
    data = load_yaml(path, path.name, Problems())[0]
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def input_files(folder: str, but: str = "") -> list[str]:
    """Every file below a folder but `but`, and but names with braces, which Snakemake can't watch and `read` refuses."""
    return [name for name in list_inputs(folder, but) if not {"{", "}"} & {*name}]


def logo_files(forum: str) -> list[str]:
    """The path of the forum's logo, in a list that is empty if it has none."""
    name = _top_level_text(Path("inputs", forum, "forum.yaml"), "logo")
    picture = f"inputs/{name}"
    return [picture] if name and Path(picture).is_file() else []


def ledger_files(forum: str) -> list[str]:
    """The files of the ledger that exist."""
    paths = (archive_folder(forum) / name for name in (LEDGER_NAME, END_NAME))
    return [path.as_posix() for path in paths if path.is_file()]


def kinds_with_template(templates: Path) -> list[str]:
    """The kinds of paper that have a template; `prepare` reports a template without a kind."""
    names = (path.stem for path in templates.glob("*.docx") if not path.name.startswith("~$"))
    return sorted(name for name in names if name not in SHARED_TEMPLATES)


# Meetings and papers, as `read` last wrote them


def kinds_by_meeting(contexts: Path) -> dict[str, list[str]]:
    """Code of each meeting that has papers -> the kinds of its papers."""
    return _read_json(contexts / INDEX_FILE)


def prepared_templates(work: Path, meeting: str, kinds: list[str]) -> list[str]:
    """The files that a meeting's papers of these kinds are filled from."""
    files = [f"{work.as_posix()}/templates/{kind}.prepared" for kind in kinds if kind != RECEIVED]
    return [*files, f"{work.as_posix()}/received/{meeting}.prepared"] if RECEIVED in kinds else files


def received_files(contexts: Path, meeting: str) -> list[str]:
    """The files of a meeting's papers that were received from others."""
    papers = _read_json(contexts / PAPERS_FILE)[meeting]
    return sorted({paper["received"] for paper in papers if paper["received"]})


def libreoffice_processes(work: Path, meeting: str) -> int:
    """How many LibreOffices convert a meeting's papers: one for up to seven, else two, as each takes a second to start."""
    papers = _read_json(work / "contexts" / PAPERS_FILE)[meeting]
    return min(2, 1 + len(papers) // 8)


def _read_json(file: Path) -> dict:
    """Snakemake asks once for each meeting: the file is parsed again only if it changed."""
    status = file.stat()
    return _parse_json(file, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=2)
def _parse_json(file: Path, *_version: int) -> dict:
    return json.loads(file.read_bytes())


# Stamp files: each function returns the path of one


def code_digest_file(work: Path) -> str:
    """Changes with the project's own code: every module and web file below scripts/."""
    code = b"".join(f"{name}\n".encode() + Path(name).read_bytes() for name in program_files())
    return _write_if_changed(work / "code.sha256", f"{digest(code)}\n")


def archive_stamp_file(forum: str, work: Path) -> str:
    """Changes when an archived file of an issued paper was added, touched or removed."""
    return _write_if_changed(work / "archive.stamp", f"{archive_stamp(forum)}\n")


def inputs_stamp_file(work: Path) -> str:
    """Changes when an input was edited or touched, even if no paper uses it."""
    return _write_file_list(input_files("inputs", but="inputs/README.md"), work / "inputs.stamp")


def sources_stamp_file(work: Path) -> str:
    """Changes when a file was edited or touched whose digest is in provenance.json."""
    names = [name for group in source_files().values() for name in group]
    return _write_file_list(names, work / "sources.stamp")


@cache  # Snakemake asks once for each meeting
def libreoffice_version_file(work: Path) -> str:
    """Changes with LibreOffice and the fonts; empty if LibreOffice is missing, which the job reports."""
    try:
        text = version(find_libreoffice())
    except OfficeError:
        text = ""
    return _write_if_changed(work / "pdf" / "office.txt", text)


def edited_files_stamp(work: Path, outputs: Path) -> str:
    """Changes when a file of the register was edited or deleted; then all are written again. Keep copies of the edited."""
    found = changed_since_sealed(outputs)
    _log_notices(work, keep_edited_files(work, outputs, found) if found else [])
    stamp = work / "edited.stamp"
    if found or not stamp.exists():
        _write_if_changed(stamp, "".join(f"{file} {time}\n" for file, time in sorted(found.items())))
    return stamp.as_posix()


def related_files_stamp(work: Path, outputs: Path) -> str:
    """Changes when other commands wrote or removed what the register links to, such as PDFs."""
    note_related_files(work, outputs)
    return (work / RELATED_FILES).as_posix()


def _write_file_list(names: list[str], stamp: Path) -> str:
    statuses = [(file, Path(file).stat()) for file in names]
    lines = (f"{file} {status.st_size} {status.st_mtime_ns}\n" for file, status in statuses)
    return _write_if_changed(stamp, "".join(lines))


def _write_if_changed(path: Path, text: str) -> str:
    data = text.encode()
    if not path.exists() or path.read_bytes() != data:
        write_atomic(path, data)
    return path.as_posix()


# After a build


def remove_stale_outputs(work: Path, papers: Path, changes: Path, pdfs: Path) -> None:
    """Remove papers and PDFs of meetings that are no longer built, and redlines of papers that follow no other paper."""
    meetings = set(kinds_by_meeting(work / "contexts"))
    notices = remove_stale_papers(work, papers, meetings) + remove_stale_papers(work / "pdf", pdfs, meetings)
    if (work / "changes").is_dir():  # a project without redlines does not pay for finding the pairs
        compared = set(pairs_by_meeting(work / "contexts"))
        notices += remove_stale_papers(work / "changes", changes, compared)
    _log_notices(work, notices)


def _log_notices(work: Path, notices: list[str]) -> None:
    """Print notices for users of plain Snakemake, and log them for `papers.build.make`, which prints them at the end."""
    if notices:
        log = work / "logs" / "snakefile.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.writelines(f"{NOTICE_PREFIX}{notice}\n" for notice in notices)
        print(*notices, sep="\n", file=sys.stderr)


def refresh_register(work: Path, outputs: Path, forum: str) -> None:
    """Write the registers again if this build changed what they link to, such as redlines."""
    if note_related_files(work, outputs):
        from papers.build.refresh import refresh_views  # noqa: PLC0415 -- few builds need it: a tenth of a second

        for notice in refresh_views(work, outputs, forum):
            print(notice, file=sys.stderr)
