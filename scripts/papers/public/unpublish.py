"""What lies in outputs/public, and how it goes from there. Apart from publishing, as reading the inputs asks it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from papers.numbers import base_of
from papers.store.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

TAKEN = "outputs/public was taken away"
PUBLIC, ASIDE = "public", "kept-out-of-public"  # below outputs


def unpublish_all(work: Path, out: Path) -> list[str]:
    """Takes away everything published; returns what was kept because a person had edited it."""
    manifest_file(work).unlink(missing_ok=True)
    both = deliveries(work, out)
    for delivery in reversed(both):  # the index first: it tells of what the papers say
        delivery.deliver([])
        delivery.record.unlink()
    notes = [note for delivery in both for note in delivery.kept] + set_aside(out, set())
    for place, _, _ in os.walk(out / PUBLIC, topdown=False):
        os.rmdir(place)
    return notes


def published(work: Path) -> dict[str, str]:
    """Place below outputs/public -> number of each paper in it."""
    record = record_file(work, "papers")
    if not record.is_file():
        return {}
    return {one["file"]: one["number"] for one in json.loads(record.read_bytes())["papers"] if one["number"]}


def unpublish_restricted(work: Path, out: Path, access: Mapping[str, str]) -> list[str]:
    """Takes everything away if a paper in it is no longer known as public. `access`: number -> public or restricted.

    To be called as soon as the inputs are read, even if they have problems: what became restricted must not wait for
    a build that works. A paper that begins a revision is still the same paper.
    """
    public = {base_of(number) for number, how in access.items() if how == "public"}
    gone = sorted(
        {
            number
            for number in published(work).values()
            if access.get(number, "") != "public" and (number in access or base_of(number) not in public)
        }
    )
    if not gone:
        return []
    told = f"{TAKEN}, as {', '.join(gone)} in it may not be public any more; a build without problems makes it anew"
    return [told, *unpublish_all(work, out)]


def record_file(work: Path, what: str) -> Path:
    return work / PUBLIC / "record" / f"{what}.json"


def manifest_file(work: Path) -> Path:
    """Written when all is in its place; forget_lost reads it."""
    return work / PUBLIC / "filled" / "public.json"


def deliveries(work: Path, out: Path) -> tuple[Delivery, Delivery]:
    """Of the papers and what belongs to them; of the index, which tells of them."""
    papers, pages = (
        Delivery(out / PUBLIC, record_file(work, what), aside=out / ASIDE) for what in ("papers", "index")
    )
    return papers, pages


def set_aside(out: Path, delivered: Collection[str]) -> list[str]:
    """Moves what nobody published out of outputs/public; what a killed build was writing goes."""
    notes = []
    for place, folders, found in os.walk(out / PUBLIC):
        folders.sort()
        for path in (Path(place, name) for name in sorted(found)):
            file = path.relative_to(out / PUBLIC).as_posix()
            if file in delivered:
                continue
            if path.name.startswith(".") and path.suffix == ".part":
                path.unlink()
                continue
            notes.append(
                f"outputs/public/{file} is nothing that may be published: it is kept as {_moved(path, out / ASIDE / file)}"
            )
    return notes


def _moved(path: Path, to: Path) -> str:
    """Moves a file to a free place; returns that place."""
    free, number = to, 1
    while free.exists():
        number += 1
        free = to.with_stem(f"{to.stem} ({number})")
    free.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, free)
    return free.as_posix()
