"""What is in outputs/public, and how it is removed; apart from publishing, as reading the inputs needs it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from papers.numbers import base_of
from papers.store.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

TAKEN = "outputs/public was removed"  # the beginning of the notice; build.make looks for it
PUBLIC, ASIDE = "public", "kept-out-of-public"  # below outputs


def unpublish_all(work: Path, out: Path) -> list[str]:
    """Remove everything published; return notices of the edited files that are kept.

    `work` is outputs/work, `out` is outputs.
    """
    manifest_file(work).unlink(missing_ok=True)
    both = deliveries(work, out)
    for delivery in reversed(both):  # the register first: it has the words of the papers
        delivery.deliver([])
        delivery.record.unlink()
    notices = [notice for delivery in both for notice in delivery.kept] + set_aside(out, set())
    for place, _, _ in os.walk(out / PUBLIC, topdown=False):
        os.rmdir(place)
    return notices


def published(work: Path) -> dict[str, str]:
    """Return path below outputs/public -> number of its paper, for each file of a paper."""
    record = record_file(work, "papers")
    if not record.is_file():
        return {}
    return {
        file["file"]: file["number"] for file in json.loads(record.read_bytes())["papers"] if file["number"]
    }


def unpublish_restricted(work: Path, out: Path, access: Mapping[str, str]) -> list[str]:
    """Remove everything published if one of its papers is no longer public; return notices.

    `access` is number -> "public" or "restricted", for every paper that could be read. This is called as
    soon as the inputs are read, even if they have problems: a paper that became restricted must not wait
    for a build that succeeds. A paper that begins a revision is still the same paper.
    """
    public = {base_of(number) for number, how in access.items() if how == "public"}
    no_longer_public = sorted(
        {
            number
            for number in published(work).values()
            if access.get(number, "") != "public" and (number in access or base_of(number) not in public)
        }
    )
    if not no_longer_public:
        return []
    numbers = ", ".join(no_longer_public)
    notice = (
        f"{TAKEN}, because {numbers} in it is no longer public; the next build without problems writes it"
        " again"
    )
    return [notice, *unpublish_all(work, out)]


def record_file(work: Path, what: str) -> Path:
    """Return the path of the record of a delivery: `what` is "papers" or "index"."""
    return work / PUBLIC / "record" / f"{what}.json"


def manifest_file(work: Path) -> Path:
    """Return the path of the manifest, which is written last; store.delivery.forget_lost_papers reads it."""
    return work / PUBLIC / "filled" / "public.json"


def deliveries(work: Path, out: Path) -> tuple[Delivery, Delivery]:
    """Return the delivery of papers and what belongs to them, and that of the register of these papers."""
    papers, register = (
        Delivery(out / PUBLIC, record_file(work, what), aside=out / ASIDE) for what in ("papers", "index")
    )
    return papers, register


def set_aside(out: Path, delivered: Collection[str]) -> list[str]:
    """Move files that were not published out of outputs/public; return notices.

    `delivered` are the paths of the published files. A part of a file, left by a build that was killed, is
    removed.
    """
    notices = []
    for place, folders, names in os.walk(out / PUBLIC):
        folders.sort()
        for path in (Path(place, name) for name in sorted(names)):
            file = path.relative_to(out / PUBLIC).as_posix()
            if file in delivered:
                continue
            if path.name.startswith(".") and path.suffix == ".part":
                path.unlink()
                continue
            kept = _move_to_free_place(path, out / ASIDE / file)
            notices.append(
                f"outputs/public/{file}: found a file that the build did not publish; expected none, as this"
                f" folder goes on the web. It was moved to {kept}."
            )
    return notices


def _move_to_free_place(path: Path, target: Path) -> str:
    """Move a file to `target`, or to "target (2)" and so on if that exists; return the new path."""
    free, number = target, 1
    while free.exists():
        number += 1
        free = target.with_stem(f"{target.stem} ({number})")
    free.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, free)
    return free.as_posix()
