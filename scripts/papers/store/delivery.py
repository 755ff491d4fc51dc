"""Deliver what the stages of a build wrote to outputs/: whole or absent, and never over an edited file.

A file is copied if it changed or was lost. A file that was edited, which its digest shows, is kept under
another name. The record of a group of files, delivery/<group>.json in the folder of work, has the digests that
were delivered. It is no output of a rule: Snakemake deletes outputs before a job, and without its record every
changed file would look edited. If a record is damaged, the digests are those in the lists among the delivered
files and in the stages' manifests. Commands that deliver need the lock of outputs/.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from papers.store.edited_files import edited_copy_path, edited_notice, free_path
from papers.store.files import (
    SUMS,
    BuiltFile,
    DamagedFile,
    digest,
    is_unchanged,
    is_word,
    read_bytes,
    read_json,
    remove_file,
    replace_file,
    to_json,
    write_atomic,
)
from papers.store.locks import lock_file
from papers.store.output_files import (
    CHANGES,
    DATA,
    FEED,
    FORMS,
    FORUMS,
    ISSUED,
    LISTS,
    PACKAGES,
    PAGE,
    PAPERS,
    PDF,
    PREVIEWS,
    PUBLIC,
    SEALS,
    TEXT,
    TRACES_PAGES,
    forum_file,
    read_sums,
)
from papers.store.stages import MANIFEST, staged_files, time_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

RECORDS = "delivery"  # in a folder of work
EARLIER = "earlier"  # in a folder of work: papers as they were delivered before
_MOST_EARLIER = 9  # of one paper


@dataclass(frozen=True)
class Group:
    """Files of a forum, or of all forums, that are delivered together.

    `folder` is below outputs, `stages` a pattern of the stages' folders in the folder of work, `owns` has
    patterns of the paths of its files below outputs. Where `aside` names a folder below outputs, no file may be
    in `folder` that was not delivered there: each goes there.
    """

    name: str
    folder: str
    stages: str
    owns: tuple[str, ...]
    aside: str = ""

    def has(self, path: str) -> bool:
        """Return whether a path below outputs is that of a file of the group."""
        return any(fnmatchcase(path, pattern) for pattern in self.owns)

    def folders(self, work: Path) -> list[Path]:
        """Return the stages' folders that are complete."""
        return sorted(file.parent for file in work.glob(f"{self.stages}/{MANIFEST}"))


KEPT_OUT = "kept-out-of-public"
_REGISTER = tuple(forum_file("*", name) for name in (PAGE, DATA, FEED, TEXT, f"{TRACES_PAGES}/*"))
PAPER_FILES = Group("papers", PAPERS, "filled/*", (f"{PAPERS}/*",))
PDF_FILES = Group("pdf", PDF, "pdf/*", (f"{PDF}/*",))
CHANGES_FILES = Group("changes", CHANGES, "changes/*", (f"{CHANGES}/*",))
REGISTER_FILES = Group("register", "", "register", (*_REGISTER, f"{ISSUED}/*"))
SEAL_FILES = Group("seal", "", "seal", tuple(forum_file("*", name) for name in SEALS))
PUBLIC_FILES = Group("public", PUBLIC, "public", (f"{PUBLIC}/*/*",), aside=KEPT_OUT)
PACKAGE_FILES = Group("packages", PACKAGES, "packages/*", (f"{PACKAGES}/*",))
# Of one forum too, but on request: they are in no list, and no build restores them.
PREVIEW_FILES = Group("previews", PREVIEWS, "previews/*", (f"{PREVIEWS}/*",))
FORM_FILES = Group("forms", FORMS, "forms/*", (f"{FORMS}/*",))
# Of one forum. Two forums have records of their own, so that one removes no file of the other.
GROUPS = (
    PAPER_FILES,
    PDF_FILES,
    CHANGES_FILES,
    PACKAGE_FILES,
    REGISTER_FILES,
    SEAL_FILES,
    PUBLIC_FILES,
)
OVERVIEW_FILES = Group("overview", "", "overview", (PAGE,))
PUBLIC_OVERVIEW_FILES = Group(
    "public_overview", PUBLIC, "public_overview", (f"{PUBLIC}/{PAGE}",), aside=KEPT_OUT
)
OVERVIEWS = (OVERVIEW_FILES, PUBLIC_OVERVIEW_FILES)  # of all forums


def shared_work(outputs: Path) -> Path:
    """Return the folder of work that all forums share: outputs/work."""
    return outputs / "work"


def _forum_of(work: Path, outputs: Path) -> str:
    """Return the forum whose folder of work this is, outputs/work/<forum>; "" for that of all forums."""
    return work.name if work.parent == shared_work(outputs) else ""


@dataclass(frozen=True)
class StagedFile:
    """A file as a stage wrote it; `time` is when the stage was complete, in ns."""

    ref: BuiltFile
    time: int


def files_of(folders: Iterable[Path]) -> dict[str, StagedFile]:
    """Return path below the group's folder -> file, of all files in the stages' folders."""
    found: dict[str, StagedFile] = {}
    for folder in folders:
        time = time_of(folder)
        found |= {name: StagedFile(ref, time) for name, ref in staged_files(folder).items()}
    return found


class Delivery:
    """The delivery of a group. `notices` has one for each edited file that was kept.

    `work` is the folder of work of a forum, or for OVERVIEWS that of all forums.
    """

    def __init__(self, group: Group, work: Path, outputs: Path):
        self.group, self.work, self.outputs = group, work, outputs
        self.folder = outputs / group.folder
        self.record = work / RECORDS / f"{group.name}.json"
        self.damaged = False  # the record
        self.known = self._read_record()
        self.notices: list[str] = []

    @cached_property
    def forum(self) -> str:
        return _forum_of(self.work, self.outputs)

    def _read_record(self) -> dict[str, list[str]]:
        """Return path -> the digests that were delivered."""
        try:
            recorded: dict[str, list[str]] = read_json(self.record)
            if not all(map(_are_digests, recorded.values())):
                raise DamagedFile(self.record)
        except DamagedFile:
            self.damaged = self.record.exists()
            return self._digests_without_record()
        return recorded

    def _digests_without_record(self) -> dict[str, list[str]]:
        """Return path -> the digests that the lists and, if there was a record, the manifests have.

        A file with one of them was written by a build: it is not edited.
        """
        found: dict[str, set[str]] = {}
        staged = self._staged() if self.damaged else ()
        for path, sha256 in (*self._listed(), *staged):
            found.setdefault(path, set()).add(sha256)
        return {path: sorted(digests) for path, digests in found.items()}

    def _listed(self) -> Iterator[tuple[str, str]]:
        """Yield path and digest of each file of the group in the lists among the delivered files of the forum."""
        prefix = f"{self.group.folder}/" if self.group.folder else ""
        public_list = f"{PUBLIC}/{forum_file(self.forum, SUMS)}"
        places = [SUMS] if self.group in OVERVIEWS else [forum_file(self.forum, name) for name in LISTS]
        lists = [(place, "") for place in places]
        for place, folder in (*lists, (public_list, f"{PUBLIC}/")):
            file = self.outputs / place
            data = read_bytes(file) if file.is_file() else b""
            listed = {
                f"{folder}{name}": sha256 for name, sha256 in read_sums(data.decode(errors="replace")).items()
            }
            if data and folder:
                listed[public_list] = digest(data)  # lists of views have it, but may be lost
            yield from (
                (path.removeprefix(prefix), sha256) for path, sha256 in listed.items() if self.group.has(path)
            )

    def _staged(self) -> Iterator[tuple[str, str]]:
        for stage in self.group.folders(self.work):
            with suppress(DamagedFile):
                yield from ((name, ref.sha256) for name, ref in staged_files(stage).items())

    def repair_record(self) -> None:
        """Write the record again if it is damaged, before a stage replaces what it would be written from."""
        if self.damaged:
            self._write_record()
            self.damaged = False

    def deliver(self, files: Mapping[str, StagedFile], may_stay: Collection[str] | None = ()) -> None:
        """Bring the group's folder in line with `files`, by their paths in it.

        Other files that were delivered before are removed, but for those in `may_stay`; None removes none.
        """
        before = {name: [*digests] for name, digests in self.known.items()}
        # Both digests are recorded before a file is written: after a crash in between, neither looks edited.
        for name, file in files.items():
            self.known[name] = sorted({*self.known.get(name, []), file.ref.sha256})
        if self.known != before:
            self._write_record()
        stale = set() if may_stay is None else self.known.keys() - files.keys() - {*may_stay}
        if stale and self.group.aside:
            # Nothing may stay while the pages still name a paper that is no longer public.
            for file in files.values():
                file.ref.read()  # a damaged file is met before anything is removed
            self._remove(self.known.keys() & before.keys(), before)
        else:
            self._remove(stale, before)
        touched = [name for name, file in files.items() if self._bring_in_line(name, file, before)]
        complete = {name: digests for name, digests in self.known.items() if name not in stale}
        complete |= {name: [file.ref.sha256] for name, file in files.items()}
        if complete != self.known or touched:  # `lost_or_edited` need not read files older than the record
            self.known = complete
            self._write_record()
        self._move_strays()

    def restore(self, files: Mapping[str, StagedFile]) -> None:
        """Deliver those of `files` again that were lost or edited since they were delivered."""
        changed = self.lost_or_edited()
        self.deliver({name: file for name, file in files.items() if name in changed}, may_stay=None)

    def lost_or_edited(self) -> dict[str, str]:
        """Return path -> "lost" or "edited" of each file that is not as it was delivered.

        A file older than the record is not read.
        """
        written = 0 if self.damaged or not self.record.is_file() else self.record.stat().st_mtime_ns
        found = {}
        for name, digests in self.known.items():
            path = os.path.join(self.folder, name)
            if not (len(digests) == 1 and is_unchanged(path, digests[0], written)):
                found[name] = "edited" if os.path.isfile(path) else "lost"
        return found

    def _write_record(self) -> None:
        write_atomic(self.record, to_json(self.known), durable=True)

    def _remove(self, names: Collection[str], known: Mapping[str, list[str]]) -> None:
        for name in sorted(names):
            path = self.folder / name
            if path.is_file():
                self._keep_if_edited(path, name, digest(read_bytes(path)), known)
            with suppress(FileNotFoundError):
                remove_file(path)
            _remove_empty_folders(path.parent, self.outputs)

    def _bring_in_line(self, name: str, file: StagedFile, known: Mapping[str, list[str]]) -> bool:
        """Write a file if it is not there as it should be; return whether it was written or touched."""
        path, ref = self.folder / name, file.ref
        present = digest(read_bytes(path)) if path.is_file() else ""
        if present == ref.sha256:
            if path.stat().st_mtime_ns > file.time:
                return False
            os.utime(path)  # filled again with the same result: Snakemake must see that it is up to date
            return True
        data = ref.read()
        if present:
            self._keep_if_edited(path, name, present, known)
        if self.group == PAPER_FILES and is_word(name) and path.is_file():
            _keep_earlier(self.work, name, read_bytes(path))
        write_atomic(path, data)
        return True

    def _keep_if_edited(self, path: Path, name: str, sha256: str, known: Mapping[str, list[str]]) -> None:
        if sha256 in known.get(name, []):
            return
        copy = edited_copy_path(self.outputs / self.group.aside / name if self.group.aside else path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, copy)
        where = copy.as_posix() if self.group.aside else f"{copy.name} in the same folder"
        self.notices.append(edited_notice(path.as_posix(), where))

    def _move_strays(self) -> None:
        for name in strays_in_public(self.outputs, self.known) if self.group == PUBLIC_FILES else ():
            path = self.folder / name
            if path.name.startswith(".") and path.suffix == ".part":
                remove_file(path)
                continue
            kept = self.outputs / self.group.aside / name
            kept = free_path(kept, " ({})", 2) if kept.exists() else kept
            kept.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, kept)
            self.notices.append(
                f"{path.as_posix()}: found a file that the build did not publish; expected none, as this"
                f" folder goes on the web. It was moved to {kept.as_posix()}."
            )


def _keep_earlier(work: Path, name: str, data: bytes) -> None:
    """Keep a delivered paper that is about to be replaced: somebody may have it, and send it back with edits."""
    path = work / EARLIER / name / f"{digest(data)}.docx"
    write_atomic(path, data)
    for old in earlier_papers(work, name)[_MOST_EARLIER:]:
        remove_file(old)


def earlier_papers(work: Path, name: str) -> list[Path]:
    """Return a paper as it was delivered before, the latest first; `name` is its path below outputs/papers."""
    kept = (work / EARLIER / name).glob("*.docx")
    return sorted(kept, key=lambda path: (-path.stat().st_mtime_ns, path.name))


def lock_delivery(outputs: Path) -> AbstractContextManager[object]:
    """Hold the lock under which jobs of several forums, which run at once, write folders and lists that they share."""
    return lock_file(shared_work(outputs) / ".delivery.lock", "the delivery of another forum")


def delivered_digests(work: Path, outputs: Path) -> dict[str, str]:
    """Return path below outputs -> digest of every file of a forum that was delivered completely."""
    return _delivered_digests(GROUPS, work, outputs)


def shared_digests(outputs: Path) -> dict[str, str]:
    """Return the same of the files that are of no one forum."""
    return _delivered_digests(OVERVIEWS, shared_work(outputs), outputs)


def _delivered_digests(groups: Iterable[Group], work: Path, outputs: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for group in groups:
        prefix = f"{group.folder}/" if group.folder else ""
        known = Delivery(group, work, outputs).known.items()
        found |= {f"{prefix}{name}": digests[0] for name, digests in known if len(digests) == 1}
    return found


def staged_digests(group: Group, work: Path) -> dict[str, str]:
    """Return path below outputs -> digest of every file in the stages of a group."""
    prefix = f"{group.folder}/" if group.folder else ""
    return {f"{prefix}{name}": file.ref.sha256 for name, file in files_of(group.folders(work)).items()}


def all_deliveries(works: Iterable[Path], outputs: Path) -> list[Delivery]:
    """Return the deliveries of the forums whose folders of work are given, and those of all forums together."""
    of_forums = [Delivery(group, work, outputs) for work in works for group in GROUPS]
    return of_forums + [Delivery(group, shared_work(outputs), outputs) for group in OVERVIEWS]


def find_changed(works: Iterable[Path], outputs: Path) -> dict[str, str]:
    """Return path, with `outputs` -> "lost", "edited" or "added" since the delivery; reads files, and writes none.

    `works` are the folders of work of the forums that are built. A file that was not delivered is "added", where no
    other file may be.
    """
    found: dict[str, str] = {}
    deliveries = all_deliveries(works, outputs)
    for delivery in deliveries:
        changed = delivery.lost_or_edited()
        found |= {(delivery.folder / name).as_posix(): how for name, how in changed.items()}
    public = {name for one in deliveries if one.group.folder == PUBLIC for name in one.known}
    added = strays_in_public(outputs, public)
    return found | dict.fromkeys(((outputs / PUBLIC / name).as_posix() for name in added), "added")


def strays_in_public(outputs: Path, known: Collection[str]) -> list[str]:
    """Return the paths below outputs/public of files that are neither `known` nor delivered there for any forum."""
    folder = outputs / PUBLIC
    found = [
        Path(place, name).relative_to(folder).as_posix()
        for place, _, names in os.walk(folder)
        for name in names
    ]
    others = sorted(name for name in found if name not in known)
    if not others:
        return []
    delivered = {*Delivery(PUBLIC_OVERVIEW_FILES, shared_work(outputs), outputs).known}
    for place in folder.glob(f"{FORUMS}/*"):
        delivered |= {PAGE, *Delivery(PUBLIC_FILES, shared_work(outputs) / place.name, outputs).known}
    return [name for name in others if name not in delivered]


def repair_records(works: Iterable[Path], outputs: Path) -> None:
    """Write each damaged record again; needs the lock of outputs/. Parameters as of `find_changed`."""
    for delivery in all_deliveries(works, outputs):
        delivery.repair_record()


def _are_digests(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(sha256, str) for sha256 in found)


def _remove_empty_folders(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
