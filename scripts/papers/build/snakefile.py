"""What the Snakefile asks: which files there are, which forum, what was lost or touched since the last build.

What is wrong in an input is told by `read`, with everything else; here it counts as absent.
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
from papers.seal.provenance import sources
from papers.seal.seal import edited_files
from papers.store.contexts import PAPERS_FILE, RECEIVED
from papers.store.delivery import remove_stale_papers
from papers.store.edited_files import keep_edited_files
from papers.store.files import NOTICE_PREFIX, digest, write_atomic

PACKAGE = Path("scripts/papers")


def forum(config: Path) -> str:
    """The forum that config.yaml names; "" where it names none that could be a folder."""
    name = _plain(config, "forum")
    return name if re.fullmatch(r"[\w-]+", name) else ""


def _plain(path: Path, key: str) -> str:
    """The text under a key at the top of a YAML file, without the cost of checking its whole form; "" for none."""
    data = load_yaml(path, path.name, Problems())[0]
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def input_files(folder: str, but: str = "") -> list[str]:
    """Every file below a folder but those with a brace in their name, which Snakemake can't watch: `read` refuses them."""
    return [name for name in list_inputs(folder, but) if not {"{", "}"} & {*name}]


def quoted(word: str) -> str:
    """A word as the shell of this system takes it."""
    return subprocess.list2cmdline([word]) if os.name == "nt" else shlex.quote(word)


def python_command(wildcards, input) -> str:
    """The Python that runs the jobs. A function of inputs, as Snakemake would import pandas to compare other params."""
    return quoted(sys.executable)


def code_digests(script: str, work: Path, *also: str) -> str:
    """A small file with the digests of a script's own code: itself, and whatever of ours it imports, now or later.

    `also`: rooms and files of scripts/papers that no import names, such as the kinds of paper. One file where a hundred
    would cost Snakemake a look at each of them for each job.
    """
    found, todo = set(), [Path(f"scripts/{script}.py")]
    for name in also:
        todo += sorted((PACKAGE / name).rglob("*.py")) if (PACKAGE / name).is_dir() else [PACKAGE / name]
    while todo:
        file = todo.pop()
        if file not in found:
            found.add(file)
            todo += _imported(file)
    lines = (f"{digest(_read(file))}  {file.as_posix()}\n" for file in sorted(found))
    return _stamped(work / "code" / f"{script}.sha256", "".join(lines))


_IMPORT = re.compile(r"^ *from (papers[\w.]*) import (\([^)]*\)|[^#\n]*)", re.MULTILINE)
_FOR_TYPES = re.compile(r"^if TYPE_CHECKING:\n(?:[ \t].*\n|\n)+", re.MULTILINE)


@cache  # most modules are imported by several scripts
def _imported(file: Path) -> tuple[Path, ...]:
    """The modules of ours that a file imports when it runs."""
    found = []
    if file.suffix == ".py":
        for module, names in _IMPORT.findall(_FOR_TYPES.sub("", _read(file).decode())):
            place = PACKAGE.parent / module.replace(".", "/")
            within = [place / f"{name}.py" for name in re.findall(r"\w+", names)] if place.is_dir() else []
            found += [one for one in within if one.is_file()] or [place.with_suffix(".py")]
    return tuple(one for one in found if one.is_file())


@cache
def _read(file: Path) -> bytes:
    return file.read_bytes()


def _stamped(place: Path, text: str) -> str:
    """Writes what changed, and leaves alone what did not."""
    now = text.encode()
    if not place.exists() or place.read_bytes() != now:
        write_atomic(place, now)
    return place.as_posix()


def kinds_of_paper(templates: Path) -> list[str]:
    """The kinds that have a template; prepare tells where a template has no kind."""
    shared = ("cover", "sources-annex")  # parts of many kinds
    return sorted(
        path.stem for path in templates.glob("*.docx") if path.stem not in shared and path.name[:2] != "~$"
    )


def prepared_templates(work: Path, meeting: str, kinds: list[str]) -> list[str]:
    """What a meeting's papers of these kinds are filled from."""
    made = [f"{work.as_posix()}/templates/{kind}.prepared" for kind in kinds if kind != RECEIVED]
    return [*made, f"{work.as_posix()}/received/{meeting}.prepared"] if RECEIVED in kinds else made


def kinds_by_meeting(contexts: Path) -> dict[str, list[str]]:
    """Meeting -> the kinds of its papers, as the inputs were read last."""
    return _as_it_is(contexts / "index.json")


def _as_it_is(file: Path) -> dict:
    """A file of JSON, which Snakemake asks for once a meeting: it is parsed once, and again when it is another."""
    about = file.stat()
    return _parsed(file, about.st_mtime_ns, about.st_ino)


@lru_cache(maxsize=2)
def _parsed(file: Path, *_state: int) -> dict:
    return json.loads(file.read_bytes())


def received_files(contexts: Path, meeting: str) -> list[str]:
    """The files that others sent, of which papers of a meeting are made."""
    papers = _as_it_is(contexts / PAPERS_FILE)[meeting]
    return sorted({paper["received"] for paper in papers if paper["received"]})


def logo(forum: str) -> list[str]:
    """The forum's logo as a list of one path, or none."""
    name = _plain(Path("inputs", forum, "forum.yaml"), "logo")
    picture = f"inputs/{name}"
    return [picture] if name and Path(picture).is_file() else []


def archive_stamp_file(forum: str, work: Path) -> str:
    """A small file that changes when a kept file of an issued paper was added, touched or taken away."""
    return _stamped(work / "kept.stamp", f"{archive_stamp(forum)}\n")


@cache  # Snakemake asks once a meeting
def libreoffice_file(work: Path) -> str:
    """A small file that changes with LibreOffice and the fonts; empty where LibreOffice is missing, which the job tells."""
    try:
        found = version(find_libreoffice())
    except OfficeError:
        found = ""
    return _stamped(work / "pdf" / "office.txt", found)


def libreoffice_processes(work: Path, meeting: str) -> int:
    """How many LibreOffices share a meeting's papers: one for up to seven, else two, as each costs a start."""
    papers = _as_it_is(work / "contexts" / PAPERS_FILE)[meeting]
    return min(2, 1 + len(papers) // 8)


def inputs_stamp(work: Path) -> str:
    """A small file that changes when an input was edited or touched, though no paper need change with it."""
    return _stamp_of(input_files("inputs", but="inputs/README.md"), work / "inputs.stamp")


def sources_stamp(work: Path) -> str:
    """A small file that changes when anything was edited or touched that provenance.json has the digest of."""
    return _stamp_of([name for group in sources().values() for name in group], work / "sources.stamp")


def _stamp_of(names: list[str], place: Path) -> str:
    abouts = [(file, Path(file).stat()) for file in names]
    lines = "".join(f"{file} {about.st_size} {about.st_mtime_ns}\n" for file, about in abouts)
    return _stamped(place, lines)


def edited_stamp(work: Path, folder: Path) -> str:
    """A small file that changes when somebody edited or lost a file of the index: all are then made again, edits kept."""
    found = edited_files(folder)
    _tell(work, keep_edited_files(work, folder, found) if found else [])
    place = work / "edited.stamp"
    if found or not place.exists():
        _stamped(place, "".join(f"{file} {when}\n" for file, when in sorted(found.items())))
    return place.as_posix()


def tidy_up(work: Path, papers: Path, changes: Path, pdfs: Path) -> None:
    """After a build: papers and PDFs of meetings that are no longer built go, and comparisons of papers that follow no other."""
    meetings = set(kinds_by_meeting(work / "contexts"))
    lines = remove_stale_papers(work, papers, meetings) + remove_stale_papers(work / "pdf", pdfs, meetings)
    if (work / "changes").is_dir():  # only those who made comparisons pay for looking at the pairs
        lines += remove_stale_papers(work / "changes", changes, set(pairs_by_meeting(work / "contexts")))
    _tell(work, lines)


def _tell(work: Path, notes: list[str]) -> None:
    """Where build.py finds what to tell, and for those who run Snakemake themselves."""
    if notes:
        log = work / "logs" / "kept.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.writelines(f"{NOTICE_PREFIX}{note}\n" for note in notes)
        print(*notes, sep="\n", file=sys.stderr)


def ledger(forum: str) -> list[str]:
    """The ledger's files, where there is one."""
    return [
        path.as_posix()
        for name in (LEDGER_NAME, END_NAME)
        if (path := archive_folder(forum) / name).is_file()
    ]


def web_files() -> list[str]:
    """What the pages of the index are made of, beside its code."""
    return sorted(path.relative_to(PACKAGE).as_posix() for path in (PACKAGE / "register/web").iterdir())


def related_files_note(work: Path, folder: Path) -> str:
    """The note of what lies beside the papers: the index is made again when other verbs made or lost something."""
    note_related_files(work, folder)
    return (work / RELATED_FILES).as_posix()


def refresh_register(work: Path, folder: Path, forum: str) -> None:
    """At the end of a build: a verb that made what the index links (changes, say) leaves indexes that link it."""
    if note_related_files(work, folder):
        from papers.build.refresh import refresh_views  # noqa: PLC0415 -- few builds come here

        lines = refresh_views(work, folder, forum)
        print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
