"""What the Snakefile needs to know: commands of jobs, input files, names of the kinds and meetings.

Everything here only reads. Problems of inputs are reported by the rule `read`; here, such an input counts as missing.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papers.errors import UserError, describe_os_error
from papers.inputs.config_files import forum_name
from papers.inputs.yaml_nodes import load_yaml
from papers.ledger.archive import archive_folder, archive_stamp, list_inputs
from papers.ledger.file import END_NAME, LEDGER_NAME
from papers.ledger.mismatch import is_of_this_program
from papers.pdf.libreoffice import OfficeError, find_libreoffice, version
from papers.problems import Problems, count_of
from papers.redlines import pairs
from papers.store import work_files
from papers.store.delivery import CHANGES_FILES, PDF_FILES, RECORDS
from papers.store.file_lists import dated_in_future, list_files
from papers.store.files import NOTICE_PREFIX, DamagedFile, digest
from papers.store.output_files import DATA, FEED, PAGE, PAPERS, SEALS, TEXT
from papers.store.processes import UTF8
from papers.store.program import code_digest
from papers.store.work_files import INDEX_FILE, PAPERS_FILE, RECEIVED, SHARED_TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from snakemake.settings.types import ConfigSettings

PAGES = [PAGE, DATA, FEED, TEXT, *SEALS]  # files of the register and the seal that are targets of their own
_MOST_NAMED = 10  # lost or edited files in one message
_MOST_TARGETS = 300  # papers: 900 targets cost a build with nothing to do 0.6 s

# Commands of jobs


def set_environment(project: Path) -> None:
    """Let jobs find this Python and the program, also if they run in another folder (--directory)."""
    python, scripts = Path(sys.executable).parent, project / "scripts"
    os.environ["PATH"] = os.pathsep.join([str(python), os.environ.get("PATH", "")])
    os.environ["PYTHONPATH"] = str(scripts)
    os.environ.update(UTF8)


def job(adapter: str, options: str, watched: str = "") -> str:
    """Return the shell command of a rule.

    The digest of the code is in it, and that of what Snakemake can't watch: if they change, the rule runs again.
    """
    return f"python -P -m {adapter} --code {_digest_of_program()}{watched[:12]} --log {{log:q}} {options}"


def shell_quoted(text: str) -> str:
    """Return a word as the shell needs it, and braces as Snakemake does."""
    quoted = subprocess.list2cmdline([text]) if os.name == "nt" else shlex.quote(text)
    return quoted.replace("{", "{{").replace("}", "}}")


# Configuration


@dataclass(frozen=True)
class ConfigSources:
    """config.yaml, the files of --configfile, and the values of --config."""

    files: list[str]
    values: dict[str, Any]
    forum: str

    @property
    def for_shell(self) -> str:
        """The sources as one word of a command, for the rule `read`."""
        return shell_quoted(json.dumps({"files": self.files, "values": self.values}))


def read_config_sources(settings: ConfigSettings) -> ConfigSources:
    """Return the sources of the configuration; the forum is "" if they name none that could be a folder."""
    files, values = ["config.yaml", *map(str, settings.configfiles)], dict(settings.config)
    return ConfigSources(files, values, forum_name([Path(file) for file in files], values))


# Inputs


def _top_level_text(path: Path, key: str) -> str:
    """The text under a top-level key of a YAML file, which is not validated here; "" if there is none."""
    data = load_yaml(path, path.name, Problems())[0]
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def input_files(folder: str, but: str = "") -> list[str]:
    """Every file below a folder but `but` that Snakemake can watch.

    It can't watch names with braces, which `read` refuses, and refuses files of the future, see `future_files`.
    """
    return watched(name for name in list_inputs(folder, but) if not {"{", "}"} & {*name})


def watched(files: Iterable[str]) -> list[str]:
    """Return the files whose modification time is not in the future."""
    future = future_files()
    return [file for file in files if file not in future]


@cache
def future_files() -> tuple[str, ...]:
    """Return the inputs, templates and settings whose modification time is in the future.

    Snakemake would refuse what is built from them as out of date. Their digest is in the command of each job instead.
    """
    return tuple(dated_in_future([*list_inputs("inputs"), *list_files("templates"), "config.yaml"]))


@cache
def _digest_of_program() -> str:
    """Return a digest of the program's code, and of the files that Snakemake can't watch."""
    future = b"".join(Path(file).read_bytes() for file in future_files())
    return code_digest()[:12] + (digest(future)[:12] if future else "")


def logo_files(forum: str) -> list[str]:
    """The path of the forum's logo, in a list that is empty if it has none."""
    name = _top_level_text(Path("inputs", forum, "forum.yaml"), "logo")
    picture = f"inputs/{name}"
    return [picture] if name and Path(picture).is_file() else []


def ledger_files(forum: str) -> list[str]:
    """The files of the ledger that exist."""
    paths = (archive_folder(forum) / name for name in (LEDGER_NAME, END_NAME))
    return watched(path.as_posix() for path in paths if path.is_file())


def kinds_with_template(templates: Path) -> list[str]:
    """The kinds of paper that have a template; `prepare` reports a template without a kind."""
    names = (path.stem for path in templates.glob("*.docx") if not path.name.startswith("~$"))
    return sorted(name for name in names if name not in SHARED_TEMPLATES)


@cache
def archive_digest(forum: str) -> str:
    """Return a digest that changes when an archived file of an issued paper was added, touched or removed."""
    return archive_stamp(forum)


def related_records(work: Path) -> list[str]:
    """Return the records of delivered PDFs and redlines that exist: the register links to these files."""
    records = (work / RECORDS / f"{group.name}.json" for group in (PDF_FILES, CHANGES_FILES))
    return [record.as_posix() for record in records if record.is_file()]


@cache
def libreoffice_version() -> str:
    """Return what changes with LibreOffice and the fonts; "" if LibreOffice is missing, which the job reports."""
    try:
        return version(find_libreoffice())
    except OfficeError:
        return ""


# Meetings and papers, as `read` last wrote them; `contexts` is outputs/work/contexts


def kinds_by_meeting(contexts: Path) -> dict[str, list[str]]:
    """Code of each meeting that has papers -> the kinds of its papers."""
    return _read_again(work_files.kinds_by_meeting, contexts, INDEX_FILE)


def paper_files(contexts: Path) -> list[str]:
    """Return the paths of all papers below outputs; none if there are so many that targets would take too long."""
    papers = [f"{PAPERS}/{paper['file']}" for papers in _papers(contexts).values() for paper in papers]
    return papers if len(papers) <= _MOST_TARGETS else []


def meeting_of(contexts: Path, file: str) -> str:
    """Return the meeting of the paper with this path below outputs/papers; raise ValueError if there is none."""
    for meeting, papers in _papers(contexts).items():
        if any(paper["file"] == file for paper in papers):
            return meeting
    raise ValueError(
        f"outputs/papers/{file}: found no such paper; expected a file of a paper of the inputs. Correct the path."
    )


def prepared_templates(work: Path, contexts: Path, meeting: str) -> list[str]:
    """The files that a meeting's papers are filled from."""
    kinds = kinds_by_meeting(contexts)[meeting]
    files = [f"{work.as_posix()}/templates/{kind}.prepared" for kind in kinds if kind != RECEIVED]
    return [*files, f"{work.as_posix()}/received/{meeting}.prepared"] if RECEIVED in kinds else files


def received_files(contexts: Path, meeting: str) -> list[str]:
    """The files of a meeting's papers that were received from others."""
    return watched(sorted({paper["received"] for paper in _papers(contexts)[meeting] if paper["received"]}))


def inputs_since_issue(contexts: Path, meeting: str) -> list[str]:
    """The inputs of a meeting's papers that another version of the program issued.

    Such a paper may have another text than it had: `fill` stops if one of these changed since.
    """
    issued = [paper for paper in _papers(contexts)[meeting] if paper["issued"]]
    older = [paper for paper in issued if not is_of_this_program(paper["issued"]["sources"])]
    return watched(sorted({name for paper in older for name in (*paper["made_from"], "config.yaml")}))


def libreoffice_processes(contexts: Path, meeting: str) -> int:
    """How many LibreOffices convert a meeting's papers: one for up to seven, else two, as each takes a second to start."""
    return min(2, 1 + len(_papers(contexts)[meeting]) // 8)


def pairs_by_meeting(contexts: Path) -> list[str]:
    """Return the meetings with papers that follow another one."""
    return list(pairs.pairs_by_meeting(contexts))


def meetings_compared(contexts: Path, meeting: str) -> list[str]:
    """Return the meetings whose papers are needed for the redlines of this one."""
    return pairs.meetings_compared(contexts, meeting)


def _papers(contexts: Path) -> dict[str, list[dict[str, Any]]]:
    return _read_again(work_files.papers_by_meeting, contexts, PAPERS_FILE)


def _read_again(read: Callable[[Path], dict[str, list]], contexts: Path, name: str) -> dict[str, Any]:
    """Snakemake asks once for each meeting: the file is parsed again only if it changed."""
    try:
        status = (contexts / name).stat()
    except FileNotFoundError as error:
        raise DamagedFile(contexts / name) from error
    return _read_version(read, contexts, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=2)
def _read_version(read: Callable[[Path], dict[str, list]], contexts: Path, *_version: int) -> dict[str, Any]:
    return read(contexts)


# Delivered files


def describe_changed(changed: dict[str, str]) -> str:
    """Return a message that names the lost and edited files, as Snakemake formats it."""
    papers_first = sorted(changed.items(), key=lambda item: ("/papers/" not in item[0], item))
    named = [f"{file} was {how}" for file, how in papers_first[:_MOST_NAMED]]
    more = [f"{count_of(len(changed) - _MOST_NAMED, 'more file')}"] if len(changed) > _MOST_NAMED else []
    text = "Deliver again what is not as it was delivered: " + ", ".join([*named, *more])
    return text.replace("{", "{{").replace("}", "}}")


def deliver_filled(work: Path, outputs: Path) -> None:
    """Deliver what was filled before a build failed, and print the notices."""
    from papers.deliver import deliver_filled as deliver  # noqa: PLC0415 -- only after a failure

    try:
        notices = deliver(work, outputs)
    except UserError as error:
        notices = [str(error)]
    except OSError as error:
        notices = [describe_os_error(error)]
    for notice in notices:
        print(NOTICE_PREFIX + notice, file=sys.stderr)
