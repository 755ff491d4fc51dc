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
from papers.inputs.config_files import forum_names
from papers.inputs.yaml_nodes import load_yaml
from papers.ledger.archive import (
    archive_folder,
    archive_stamp,
    inputs_of,
    ledgers_of_others,
    list_inputs,
)
from papers.ledger.file import END_NAME, LEDGER_NAME
from papers.ledger.mismatch import is_of_this_program
from papers.pdf.libreoffice import OfficeError, find_libreoffice, version
from papers.problems import Problems, count_of
from papers.redlines import pairs
from papers.store import work_files
from papers.store.delivery import CHANGES_FILES, PDF_FILES, RECORDS
from papers.store.file_lists import dated_in_future, list_files
from papers.store.files import NOTICE_PREFIX, SUMS, DamagedFile, digest
from papers.store.output_files import DATA, FEED, PAGE, PAPERS, SEALS, SUMS_OF_VIEWS, TEXT
from papers.store.processes import UTF8
from papers.store.program import code_digest
from papers.store.template_folders import SHIPPED, files_of_kinds, has_own_templates, template_folders
from papers.store.work_files import INDEX_FILE, PAPERS_FILE, RECEIVED, work_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from snakemake.scheduling.job_scheduler import JobScheduler
    from snakemake.settings.types import ConfigSettings

# Files that are targets of their own: of the register and the seal in the folder of a forum, and those of all forums.
PAGES, OVERVIEWS = [PAGE, DATA, FEED, TEXT, *SEALS, SUMS_OF_VIEWS], [PAGE, SUMS]
_MOST_NAMED = 10  # lost or edited files in one message

# Commands of jobs


def set_environment(project: Path) -> None:
    """Let jobs find this Python and the program, also if they run in another folder (--directory)."""
    python, scripts = Path(sys.executable).parent, project / "scripts"
    os.environ["PATH"] = os.pathsep.join([str(python), os.environ.get("PATH", "")])
    os.environ["PYTHONPATH"] = str(scripts)
    os.environ.update(UTF8)


def remove_rate_limit(scheduler: JobScheduler) -> None:
    """Remove the limiter of jobs per time if the profile asks for no limit (`/0s`).

    While jobs wait for a processor, it asks without a pause whether they may start: a third of the CPU of 16 forums.
    """
    if scheduler.job_rate_limiter and not scheduler.job_rate_limiter.timespan:
        scheduler.job_rate_limiter = None


def job(adapter: str, options: str, unwatched: str = "") -> str:
    """Return the shell command of a rule.

    The digest of the code is in it, and that of what Snakemake can't watch: if they change, the rule runs again.
    `unwatched` is such a digest, of one rule alone.
    """
    return f"python -P -m {adapter} --code {_digest_of_program()}{unwatched} --log {{log:q}} {options}"


def derived(option: Callable[[str], str], of: str | None = None) -> Callable[..., str]:
    """Return a function for `params`: it returns `option` of the forum of the job, or of `of`.

    Snakemake takes a value as derived from the files of its rule if the function has a parameter `output`. It compares
    other values with those of the last build, and imports pandas for that: a tenth of a build with nothing to do.
    """

    def value(wildcards: Any, output: Any) -> str:
        return option(wildcards.forum if of is None else of)

    return value


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
    forums: list[str]

    @property
    def for_shell(self) -> str:
        """The sources as one word of a command, for the rule `read`: which other forums are built changes no paper."""
        known = self.forums and all(Path("inputs", forum).is_dir() for forum in self.forums)
        values = {key: value for key, value in self.values.items() if key != "forum" or not known}
        return shell_quoted(json.dumps({"files": self.files, "values": values}))


def read_config_sources(settings: ConfigSettings) -> ConfigSources:
    """Return the sources of the configuration, and the forums that they name."""
    files, values = ["config.yaml", *map(str, settings.configfiles)], dict(settings.config)
    return ConfigSources(files, values, forum_names([Path(file) for file in files], values, Path()))


# Inputs


def _top_level_text(path: Path, key: str) -> str:
    """The text under a top-level key of a YAML file, which is not validated here; "" if there is none."""
    data = load_yaml(path, path.name, Problems())[0]
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def input_files(forum: str) -> list[str]:
    """The files that `read` reads for a forum."""
    return watched([*inputs_of(forum), *ledgers_of_others(forum)])


def watched(files: Iterable[str]) -> list[str]:
    """Return the files that Snakemake can watch: none with braces in its name, or whose time is in the future.

    `read` refuses the former; of the latter, see `future_files`.
    """
    future = future_files()
    return [file for file in files if file not in future and not {"{", "}"} & {*file}]


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
    name = _top_level_text(Path("inputs", forum, "forum.yaml"), "logo") if forum else ""
    picture = f"inputs/{name}"
    return [picture] if name and Path(picture).is_file() else []


def logo_option(forum: str) -> str:
    """The path of the forum's logo as a word of a command; '' if it has none."""
    return shell_quoted("".join(logo_files(forum)))


def ledger_files(forum: str) -> list[str]:
    """The files of the ledger that exist."""
    paths = (archive_folder(forum) / name for name in (LEDGER_NAME, END_NAME))
    return watched(path.as_posix() for path in paths if path.is_file())


def kinds_of_forum(forum: str) -> list[str]:
    """The kinds of paper that have a file; `prepare` reports a template without one."""
    return sorted(files_of_kinds(Path(), forum, ".yaml"))


def owner_of_templates(forum: str) -> str:
    """Return the forum if it has templates of its own; else "", as it uses those of all forums."""
    return forum if has_own_templates(Path(), forum) else ""


def prepared_files(forum: str) -> list[str]:
    """Return the files that `prepare` writes for a forum; the same for all that have no templates of their own."""
    return [f"{folder_of_prepared(forum)}/{kind}.prepared" for kind in kinds_of_forum(forum)]


def template_files(forum: str) -> list[str]:
    """Every file in the folders with templates that Snakemake can watch, without their README."""
    found = {name for folder in template_folders(forum) for name in watched(list_files(folder))}
    return sorted(found - {"templates/README.md"})


def kind_files() -> list[str]:
    """The shipped files of kinds and phrases, which `read` reads; those of a forum are among its inputs."""
    return [name for name in watched(list_files(SHIPPED)) if name.endswith(".yaml")]


def cover_file(forum: str) -> str:
    """The template of the cover that a forum uses."""
    return files_of_kinds(Path(), forum, ".docx").get("cover", "templates/cover.docx")


def folder_of_work(forum: str) -> str:
    """The folder of a forum's intermediate files."""
    return work_folder(forum).as_posix()


def folder_of_prepared(forum: str) -> str:
    """The folder with the prepared templates that a forum uses."""
    return work_files.prepared_folder(work_folder(forum)).as_posix()


@cache
def archives_digest() -> str:
    """Return a digest that changes when an archived file of an issued paper was added, touched or removed.

    It is that of all forums, as it is in a command, which has no wildcards: what another forum issues is rare, and costs
    reading again.
    """
    forums = sorted(path.parent.name for path in Path("inputs").glob("*/issued"))
    return digest("".join(map(archive_stamp, forums)).encode())[:12]


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


# Meetings and papers, as `read` last wrote them; `contexts` is outputs/work/<forum>/contexts


def kinds_by_meeting(contexts: Path) -> dict[str, list[str]]:
    """Code of each meeting that has papers -> the kinds of its papers."""
    return _read_again(work_files.kinds_by_meeting, contexts, INDEX_FILE)


def paper_files(contexts: Path) -> list[str]:
    """Return the paths of all papers below outputs."""
    return [f"{PAPERS}/{paper['file']}" for papers in _papers(contexts).values() for paper in papers]


def filled_folder(contexts: Iterable[Path], file: str) -> str:
    """Return the folder with the paper that has this path below outputs/papers; raise ValueError if there is none."""
    for folder in contexts:
        for meeting, papers in _papers(folder).items():
            if any(paper["file"] == file for paper in papers):
                return (folder.parent / "filled" / meeting).as_posix()
    raise ValueError(
        f"outputs/papers/{file}: found no such paper; expected a file of a paper of the inputs. Correct the path."
    )


def prepared_templates(contexts: Path, meeting: str) -> list[str]:
    """The files that a meeting's papers are filled from."""
    kinds, work = kinds_by_meeting(contexts)[meeting], contexts.parent
    templates = work_files.prepared_folder(work).as_posix()
    files = [f"{templates}/{kind}.prepared" for kind in kinds if kind != RECEIVED]
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


@lru_cache(maxsize=64)  # two files of each forum
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


def deliver_filled(forums: Iterable[str], outputs: Path) -> None:
    """Deliver what was filled before a build failed, and print the notices."""
    from papers.deliver import deliver_filled as deliver  # noqa: PLC0415 -- only after a failure

    try:
        notices = [notice for forum in forums for notice in deliver(work_folder(forum), outputs)]
    except UserError as error:
        notices = [str(error)]
    except OSError as error:
        notices = [describe_os_error(error)]
    for notice in notices:
        print(NOTICE_PREFIX + notice, file=sys.stderr)
