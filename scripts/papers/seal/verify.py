"""What was sealed against what the same inputs give when they are built again elsewhere; every difference in words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from papers.errors import UserError
from papers.seal.compare import differences
from papers.seal.provenance import PROVENANCE, SOURCES
from papers.seal.seal import DATA, INDEX, ISSUED, PAGE, PAPERS, SEAL, VIEWS, read_sums
from papers.store.files import SUMS, digest

if TYPE_CHECKING:
    from collections.abc import Iterator

EDITED = " (edited copy "  # as papers.store.delivery names what somebody edited
_VIEWS = ("pdf/", "changes/")
_SEALED_FOLDERS = (PAPERS, INDEX, ISSUED)  # in which nothing else belongs


@dataclass(frozen=True)
class Sealed:
    """A seal, and the files that it seals: `folder` is None where only the list was sent. Paths as in SHA256SUMS."""

    name: str  # of the folder or list, as people know it
    sums: dict[str, str]
    written: bytes  # the list itself, as the seal of all papers is its digest
    folder: Path | None = None
    made_from: dict | None = None  # provenance.json

    def bytes_of(self, file: str) -> bytes | None:
        place = self.folder / file if self.folder else None
        return place.read_bytes() if place and place.is_file() else None


@dataclass
class Verdict:
    """What was compared and found: `lines` for people, `bad` the files that are not the sealed ones made again."""

    files: int = 0
    lines: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)

    def tell(self, file: str, what: str, parts: list[str] | tuple[str, ...] = ()) -> None:
        self.bad.append(file)
        self.lines += [f"{file}: {what}", *(f"    {part}" for part in parts)]


def sealed(place: Path) -> Sealed:
    """The seal at a place: a folder such as outputs, or the list itself; UserError where there is none."""
    folder = place if place.is_dir() else None
    if folder and not (folder / SUMS).is_file() and (folder / "outputs" / SUMS).is_file():
        folder = folder / "outputs"
    file = folder / SUMS if folder else place
    way_out = (
        "Run make."
        if place == Path("outputs")
        else "Name the folder or the file SHA256SUMS that you were sent."
    )
    if not file.is_file():
        raise UserError(
            f"{file.as_posix()}: found no such file; expected the list of digests that a build ends with. {way_out}"
        )
    written = file.read_bytes()
    sums = read_sums(written.decode("utf-8", "replace"))
    if not sums or any(len(sha) != 64 for sha in sums.values()):
        raise UserError(
            f"{file.as_posix()}: found no list of SHA-256 digests; expected one as sha256sum writes it. {way_out}"
        )
    return Sealed((folder or file).as_posix(), sums, written, folder, _provenance(folder) if folder else None)


def _provenance(folder: Path) -> dict | None:
    place = folder / PROVENANCE
    if not place.is_file():
        return None
    try:
        return json.loads(place.read_bytes())
    except ValueError:
        return None  # that it was edited is told where its digest is looked at


def compared(theirs: Sealed, rebuilt: Sealed, own: bool) -> Verdict:
    """Each sealed file beside the same one made again. `own`: theirs are the outputs of this project."""
    verdict = Verdict()
    papers_first = sorted(
        theirs.sums.keys() | rebuilt.sums.keys(), key=lambda file: (file[: len(PAPERS)] != PAPERS, file)
    )
    for file in papers_first:
        verdict.files += 1
        _compare(file, theirs, rebuilt, verdict)
    if own:
        for name in (PAGE, DATA):
            verdict.files += 1
            _compare_page(name, theirs, rebuilt, verdict)
    for file in _unsealed(theirs):
        verdict.tell(file, "found a file that no build makes. Move it out of the folder.")
    return verdict


def _compare(file: str, theirs: Sealed, rebuilt: Sealed, verdict: Verdict) -> None:
    sha, expected = theirs.sums.get(file), rebuilt.sums.get(file)
    there, made = theirs.bytes_of(file), rebuilt.bytes_of(file)
    found = digest(there) if there is not None else sha
    if sha is None:
        verdict.tell(file, "is made again, but not sealed there")
    elif theirs.folder and there is None:
        verdict.tell(file, f"is sealed, but is not there. {_again(theirs)}")
    elif found != sha:
        said = f"it was edited or damaged after it was sealed. {_again(theirs, file)}"
        verdict.tell(file, said, differences(file, there, made) if made else ())
    elif expected is None:
        verdict.tell(file, "is sealed, but not made again from these inputs")
    elif sha != expected:
        if there is None:
            parts = ["the list alone does not tell what in it: ask for the file"]
        else:
            parts = [] if file == PROVENANCE else differences(file, there, made)
        verdict.tell(file, "what is made again is not the same", parts)


def _again(theirs: Sealed, edited: str = "") -> str:
    """The what to do for a file that is lost or edited."""
    if theirs.name != "outputs":
        return "Ask for it again."
    if edited.startswith(f"{PAPERS}/"):
        return "make makes it again, and keeps the edited file beside it."
    return "make makes it again." if edited else "Run make."


def _compare_page(name: str, theirs: Sealed, rebuilt: Sealed, verdict: Verdict) -> None:
    there, made = theirs.bytes_of(name), rebuilt.bytes_of(name)
    if there is None:
        verdict.tell(name, f"is not there. {_again(theirs)}")
    elif there != made:
        said = f"is not the same as the one made again. {_again(theirs, name)}"
        verdict.tell(name, said, differences(name, there, made))


def _unsealed(theirs: Sealed) -> Iterator[str]:
    """Files among the papers and the index that the seal does not know; edited copies that a build kept are known."""
    if theirs.folder is None:
        return
    for name in _SEALED_FOLDERS:
        for place in sorted((theirs.folder / name).rglob("*")):
            file = place.relative_to(theirs.folder).as_posix()
            if (
                place.is_file()
                and file not in theirs.sums
                and not place.name.startswith((".", "~$"))
                and EDITED not in place.name
            ):
                yield file


def edited_views(theirs: Sealed) -> list[str]:
    """PDFs and comparisons that are not as they were made; they are looked at, not made again."""
    data = theirs.bytes_of(VIEWS)
    listed = read_sums(data.decode("utf-8", "replace")) if data else {}
    lines = []
    for file, sha in listed.items():
        there = theirs.bytes_of(file) if file.startswith(_VIEWS) else None
        if there is not None and digest(there) != sha:
            lines.append(file)
    return lines


def other_sources(theirs: dict, now: dict, paper: str = "") -> list[str]:
    """What the two were made from differently: inputs, templates, config, lock, program, versions of tools.

    With the number of a `paper`, only what that paper uses.
    """
    chosen = {one["number"]: one for one in theirs.get("papers", ())}.get(paper)
    lines = []
    for key in SOURCES:
        old, new = theirs.get(key, {}), now.get(key, {})
        used = (
            {*chosen.get(key, ())} if chosen and key in ("inputs", "templates") else old.keys() | new.keys()
        )
        for name in sorted(used):
            if old.get(name) != new.get(name):
                what = "is not there now" if name not in new else "is new" if name not in old else "changed"
                lines.append(f"{name} {what}")
    old, new = theirs.get("tools", {}), now.get("tools", {})
    names = sorted(old.keys() | new.keys())
    lines += [
        f"{n} was {old.get(n) or 'not there'}, here {new.get(n) or 'not there'}"
        for n in names
        if old.get(n) != new.get(n)
    ]
    return lines


def lists_changed(theirs: Sealed, rebuilt: Sealed) -> list[str]:
    """SHA256SUMS and SEAL.txt where they name the right digests, but were written by another hand; a line each."""
    if theirs.sums != rebuilt.sums or theirs.folder is None:
        return []
    return [
        f"{name}: is not as a build writes it. {_again(theirs, name)}"
        for name in (SUMS, SEAL)
        if theirs.bytes_of(name) != rebuilt.bytes_of(name)
    ]
