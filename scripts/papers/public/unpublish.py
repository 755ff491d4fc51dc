"""Remove from outputs/public what may no longer be public, as soon as the inputs are read, even if a build fails.

Apart from publishing, as reading the inputs needs it in every build.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from papers.public.published import REST, STAGE, published_sources
from papers.store.delivery import PUBLIC_FILES, Delivery, files_of
from papers.store.files import DamagedFile, digest, read_bytes, remove_file
from papers.store.output_files import DATA, forum_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from papers.numbers import Grammar

AGAIN = "the next build without problems publishes what may be public"


def unpublish_all(work: Path, out: Path) -> list[str]:
    """Remove everything published; return notices of the edited files that are kept.

    `work` is outputs/work, `out` is outputs.
    """
    for folder in (STAGE, REST):
        shutil.rmtree(work / folder, ignore_errors=True)
    delivery = Delivery(PUBLIC_FILES, work, out)
    delivery.deliver({})
    remove_file(delivery.record, missing_ok=True)
    return delivery.notices + _deliver_overviews(out)


def _deliver_overviews(out: Path) -> list[str]:
    from papers.register.overview import deliver_overviews  # noqa: PLC0415 -- as in `unpublish_restricted`

    return deliver_overviews(out)


def unpublish_restricted(
    work: Path, out: Path, access: Mapping[str, str], files_read: Collection[str], grammar: Grammar | None
) -> list[str]:
    """Remove the published papers that are restricted, or may be; return notices.

    `access` is number -> "public" or "restricted", of every paper of the meetings whose files could be read;
    `files_read` are these files. A paper of another meeting stays if the file of its meeting is as it was
    when the paper was published: then nothing says that it is restricted. The register of the papers that
    stay is written again, as it names all of them. If the record of what was published is damaged, everything
    is removed, unless `access` knows each paper in the published register as public.
    """
    base_of = grammar.base_of if grammar else str  # without it, `access` is empty
    delivery = Delivery(PUBLIC_FILES, work, out)
    known, data = delivery.known, forum_file(delivery.forum, DATA)
    if not known and not (delivery.folder / data).is_file():
        return []
    try:
        published = published_sources(work)
    except DamagedFile:
        named = _named_in_register(delivery.folder / data, known.get(data, []))
        is_public = named is not None and not _restricted(named, access, base_of)
        return [] if is_public else _unpublish_damaged(work, out)
    try:
        restricted, unknown = _no_longer_public(published, access, files_read, base_of)
        if not (restricted or unknown):
            return []
        from papers.public.stage import take_out  # noqa: PLC0415 -- the register is imported only where needed

        rest = take_out(restricted | unknown, restricted, work)
    except (DamagedFile, LookupError, TypeError, ValueError):  # also a foreign record with other content
        return _unpublish_damaged(work, out)
    delivery = Delivery(PUBLIC_FILES, work, out)
    delivery.deliver(files_of([rest]))
    shutil.rmtree(work / STAGE, ignore_errors=True)  # so that the next build without problems runs its rule
    return [*_notices(restricted, unknown), *delivery.notices, *_deliver_overviews(out)]


def _no_longer_public(
    published: Mapping[str, list[str]],
    access: Mapping[str, str],
    files_read: Collection[str],
    base_of: Callable[[str], str],
) -> tuple[set[str], set[str]]:
    """Return the numbers of published papers that are not public any more, and of those that may not be."""
    unknown = {
        number
        for number, (file, sha256) in published.items()
        if file not in files_read and not (Path(file).is_file() and digest(read_bytes(file)) == sha256)
    }
    read = [number for number, (file, _) in published.items() if file in files_read]
    return _restricted(read, access, base_of), unknown


def _restricted(
    numbers: Collection[str], access: Mapping[str, str], base_of: Callable[[str], str]
) -> set[str]:
    """Return those of the published papers that `access` does not know as public."""
    # A paper that begins a revision is still the same paper.
    public = {base_of(number) for number, how in access.items() if how == "public"}
    return {
        number
        for number in numbers
        if access.get(number, "") != "public" and (number in access or base_of(number) not in public)
    }


def _named_in_register(file: Path, delivered: Collection[str]) -> list[str] | None:
    """Return the numbers in the published papers.json; None if its digest is not one of those `delivered`."""
    data = read_bytes(file) if file.is_file() else b""
    if digest(data) not in delivered:
        return None
    return [paper["number"] for paper in json.loads(data)["papers"]]


def _unpublish_damaged(work: Path, out: Path) -> list[str]:
    forum = Delivery(PUBLIC_FILES, work, out).forum
    removed = f"Everything of {forum} was removed from outputs/public, because a record of it is damaged"
    return [f"{removed}; {AGAIN}", *unpublish_all(work, out)]


def _notices(restricted: set[str], unknown: set[str]) -> list[str]:
    notices = []
    if restricted:
        numbers, are = ", ".join(sorted(restricted)), "is" if len(restricted) == 1 else "are"
        notices.append(
            "Papers were removed from outputs/public, with those that mention one of them,"
            f" because {numbers} {are} no longer public; {AGAIN}"
        )
    if unknown:
        numbers = ", ".join(sorted(unknown))
        notices.append(
            "Papers were removed from outputs/public, because they may be restricted now, being"
            f" of a meeting whose file can't be read: {numbers}; {AGAIN}"
        )
    return notices
