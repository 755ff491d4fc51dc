"""Compare what was sealed with what the same inputs give when they are built again; report each difference in words."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from papers.problems import count_of
from papers.seal.compare import differences
from papers.seal.provenance import SOURCE_KEYS
from papers.seal.sealed import ForumSeal, Sealed
from papers.store.edited_files import is_edited_copy
from papers.store.files import SUMS, digest, read_bytes
from papers.store.output_files import (
    CHANGES,
    PACKAGES,
    PAPERS,
    PDF,
    PREVIEWS,
    PROGRAM,
    PROVENANCE,
    PUBLIC,
    SUMS_OF_VIEWS,
    forum_file,
    is_made_on_request,
)
from papers.store.work_files import trace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Folder of files that a plain build does not make -> what makes them.
_MADE_BY = {PDF: "make pdf", CHANGES: "make changes", PACKAGES: "make package"}
_NOT_SEALED = ("work", PREVIEWS)  # folders of outputs/
_EDITED = "found a file edited or damaged after it was sealed; expected the sealed one."
_DIFFERS = "found a file that these inputs do not give; expected the rebuilt one."
_NOT_RECORDED = "found another digest in the list than the build recorded; expected the same."


@dataclass
class Comparison:
    """The files that were compared, those compared with digests alone, the lines to print, and what is not as sealed."""

    files: set[str] = field(default_factory=set)
    not_rebuilt: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)

    def add(self, file: str, message: str, details: Iterable[str] = ()) -> None:
        self.different.append(file)
        self.lines += [f"{file}: {message}", *(f"    {detail}" for detail in details)]


@dataclass
class Verification:
    """What is compared: a seal, what was built again from these inputs, and what deliveries recorded.

    `recorded` maps paths below outputs to the digests that outputs/work has of them; it is for the own outputs.
    `built_too` are the folders of files that are made on request and were built again too.
    """

    sealed: Sealed
    rebuilt: Sealed
    recorded: Mapping[str, str] = field(default_factory=dict)
    built_too: tuple[str, ...] = ()
    result: Comparison = field(default_factory=Comparison)

    def run(self) -> Comparison:
        """Compare every file that is listed, is in the folder, or is given by the inputs."""
        if self.sealed.folder is not None:
            self._compare_lists()
        expected = self._expected()
        assumed = {path: sha for path, sha in self._lines_of_missing_lists().items() if path in expected}
        listed = assumed | self.sealed.sums | self.sealed.views
        present = dict(_files(self.sealed.folder)) if self.sealed.is_whole and self.sealed.folder else {}
        lists = {path for path, _ in self.sealed.lists()}
        names = {*listed, *expected, *present} - lists
        for file in sorted(names, key=lambda name: (not name.startswith(f"{PAPERS}/"), name)):
            self.result.files.add(file)
            self._compare(file, listed.get(file), expected.get(file), present.get(file, ""))
        if self.sealed.is_own:
            self._compare_lines_of_views(expected)
        return self.result

    def _compare_lines_of_views(self, expected: Mapping[str, str]) -> None:
        for forum, seal in self.sealed.forums.items():
            if wrong := [path for path, sha in seal.views.items() if expected.get(path) != sha]:
                message = f"found {count_of(len(wrong), 'line')} that no build writes; expected none."
                self.result.add(forum_file(forum, SUMS_OF_VIEWS), f"{message} {self._todo()}")

    def _compare_lists(self) -> None:
        """Compare the lists that no other list has; SHA256SUMS of a forum is in its list of views."""
        for forum in self.sealed.forums if not self.sealed.is_own else ():
            if not self._seal(forum).sums and forum_file(forum, SUMS) not in self._seal(forum).views:
                self._report_missing(forum_file(forum, SUMS))
        for file, text in self.sealed.lists():
            data = self.sealed.read(file)
            if not data:
                self._report_missing(file)
            elif data != text.encode():
                self.result.add(
                    file, f"found an edited list; expected it as a build writes it. {self._todo()}"
                )

    def _report_missing(self, file: str) -> None:
        self.result.add(file, f"found no such list; expected the one that a build ends with. {self._todo()}")

    def _forums(self) -> list[str]:
        """Return the forums that must have a seal."""
        return sorted({*self.sealed.forums, *(self.rebuilt.forums if self.sealed.is_own else ())})

    def _seal(self, forum: str) -> ForumSeal:
        return self.sealed.forums.get(forum, ForumSeal({}))

    def _lines_of_missing_lists(self) -> dict[str, str]:
        """Return what the missing lists would have, so that only the list is reported, not each of its lines."""
        found = {} if self.sealed.read(SUMS) else dict(self.rebuilt.shared)
        for forum in self._forums() if self.sealed.folder else ():
            seal, again = self._seal(forum), self.rebuilt.forums.get(forum, ForumSeal({}))
            found |= {} if seal.sums else again.sums
            found |= {} if seal.views else {**again.views, **self.recorded}
        return found

    def _expected(self) -> dict[str, str]:
        """Return path -> the digest that a file must have: as built again, else as recorded, else as listed."""
        if self.sealed.folder is None:
            return self._expected_of_list()
        same_forums = self.sealed.forums.keys() == self.rebuilt.forums.keys()
        is_all = self.sealed.is_whole and same_forums
        found = dict(self.rebuilt.shared if is_all else self.sealed.shared)
        for forum in self._forums():
            seal, again = self._seal(forum), self.rebuilt.forums.get(forum)
            if again is None:
                self.result.not_rebuilt |= seal.sums.keys() | seal.views.keys()
            found |= (again or seal).sums
            found |= again.views if again and self.sealed.is_own else seal.views
        if self.sealed.is_own:
            return self._with_recorded(found)
        self.result.not_rebuilt |= self.sealed.views.keys()
        return found

    def _expected_of_list(self) -> dict[str, str]:
        """Return what the forums give that a list is of. What is of no one forum is in a list of all forums only."""
        forums = {
            name: self.rebuilt.forums[name] for name in self.sealed.forums if name in self.rebuilt.forums
        }
        found = {path: sha for seal in forums.values() for path, sha in seal.sums.items()}
        return found | {path: sha for path, sha in self.rebuilt.shared.items() if path in self.sealed.shared}

    def _with_recorded(self, found: dict[str, str]) -> dict[str, str]:
        """Return what is expected of the own outputs; PDFs, redlines and packages are those that were delivered."""
        kept = {path: sha for path, sha in found.items() if not self._is_only_recorded(path)}
        recorded = {path: sha for path, sha in self.recorded.items() if self._is_only_recorded(path)}
        self.result.not_rebuilt |= recorded.keys()
        return kept | recorded

    def _is_only_recorded(self, path: str) -> bool:
        folder = path.removeprefix(f"{PUBLIC}/").partition("/")[0]
        on_request = is_made_on_request(path) and folder not in self.built_too
        return on_request or path.rpartition("/")[2] == PROGRAM

    def _compare(self, file: str, listed: str | None, expected: str | None, kind: str) -> None:
        """Compare a file; `kind` says what stands in its place if that is no file."""
        sealed, add = self.sealed, self.result.add
        content = None if kind else sealed.read(file)
        if kind:
            expected_kind = "a file" if listed or expected else "none"
            add(file, f"found {kind}; expected {expected_kind}. Delete it{', then run make' * bool(listed)}.")
        elif listed is None and expected is None:
            add(file, _describe_unlisted(file))
        elif listed is None:
            add(
                file,
                "found no digest in the lists of the seal; expected one, as these inputs give this file.",
            )
        elif sealed.folder and content is None:
            add(file, f"found no such file; expected it, as it is sealed. {self._todo(file)}")
        elif content is not None and digest(content) != listed:
            add(file, f"{_EDITED} {self._todo(file, edited=True)}", self._details(file, content))
        elif expected is None:
            add(file, f"found a sealed file that {self._no_source(file)}; expected none.")
        elif listed != expected:
            message = f"{_NOT_RECORDED} {self._todo()}" if self._is_only_recorded(file) else _DIFFERS
            add(file, message, self._details(file, content))

    def _no_source(self, file: str) -> str:
        return "no command recorded" if self._is_only_recorded(file) else "these inputs do not give"

    def _details(self, file: str, content: bytes | None) -> list[str]:
        if content is None:
            return [f"{SUMS} alone does not show what differs: ask for the file"]
        again = None if self._is_only_recorded(file) else self.rebuilt.read(file)
        is_record = file.rpartition("/")[2] == PROVENANCE  # its differences are listed as changed sources
        return [] if again is None or is_record else differences(file, content, again)

    def _todo(self, file: str = "", edited: bool = False) -> str:
        """What to do about a missing file, or about an edited one."""
        if not self.sealed.is_own:
            return "Ask for it again."
        if file.startswith(f"{PAPERS}/") and edited:
            return "Run make: it builds the paper again and keeps the edited file next to it."
        return "Run make."


def _describe_unlisted(file: str) -> str:
    name = file.rpartition("/")[2]
    if is_edited_copy(name):
        found = "an edited copy that a build kept"
    elif name.startswith("~$"):
        found = "a lock file of Office, of a file that is open"
    elif name.startswith("."):
        found = "a hidden file"
    else:
        found = "a file that no build writes"
    made_by = _MADE_BY.get(file.removeprefix(f"{PUBLIC}/").partition("/")[0])
    again = f"Run {made_by}, or move" if made_by else "Move"
    return f"found {found}; expected none. {again} it out of the folder."


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the path below outputs of everything but folders, and what it is if it is no file.

    Intermediate files and previews are left out: no list has them.
    """
    for place, folders, names in os.walk(folder):
        here = Path(place)
        if here == folder:
            folders[:] = [name for name in folders if name not in _NOT_SEALED]
        links = [name for name in folders if (here / name).is_symlink()]
        for name in (*names, *links):
            path = here / name
            kind = "a symbolic link" if path.is_symlink() else "" if path.is_file() else "no regular file"
            yield path.relative_to(folder).as_posix(), kind


def edited_traces(sealed: dict | None, rebuilt: dict, work: Path) -> Iterator[tuple[str, str]]:
    """Yield path and message of each trace in `work` that is not the one of a paper that was built again.

    `sealed` and `rebuilt` are contents of provenance.json.
    """
    folder = work / "traces"
    before = {paper["file"]: paper.get("trace") for paper in (sealed or {}).get("papers", ())}
    for paper in rebuilt["papers"]:
        file = folder / trace_file(paper["file"].removeprefix(f"{PAPERS}/"))
        sha256 = digest(read_bytes(file)) if file.is_file() and not file.is_symlink() else ""
        if sha256 == paper["trace"]:
            continue
        is_old = sha256 and sha256 == before.get(paper["file"])
        found = "a trace" if is_old else "an edited trace" if sha256 else "no such file"
        todo = "Run make." if is_old else f"Delete the folder {folder.as_posix()} and run make."
        yield file.as_posix(), f"found {found}; expected the trace that these inputs give. {todo}"


def changed_sources(sealed: dict | None, rebuilt: dict, paper: str = "") -> list[str]:
    """Return a line for each input, template, module or tool that differs between two contents of provenance.json.

    With the number of a `paper`, only what that paper uses.
    """
    if sealed is None:
        return []
    entry = {one["number"]: one for one in sealed.get("papers", ())}.get(paper)
    lines = []
    for key in SOURCE_KEYS:
        old, new = sealed.get(key, {}), rebuilt.get(key, {})
        only_used = entry and key in ("inputs", "templates")
        for name in sorted({*entry.get(key, ())} if only_used else old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                what = "was removed" if name not in new else "is new" if name not in old else "changed"
                lines.append(f"{name} {what}")
    old, new = sealed.get("tools", {}), rebuilt.get("tools", {})
    return lines + [
        f"{name} was {old.get(name) or 'missing'}, here {new.get(name) or 'missing'}"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]
