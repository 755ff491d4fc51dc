"""The packages for the public that `make package` made, as long as they hold exactly what is published."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

from papers.issuing.delivering import digest, digest_of
from papers.text import not_a_formula

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from papers.issuing.delivering import Lying
    from papers.issuing.index.facts import Index

PACKAGES, MANIFEST = "packages", "MANIFEST.csv"


def public_packages(out: Path, public: Index, files: Mapping[str, bytes | Lying]) -> dict[str, bytes]:
    """Place -> package, of each meeting whose package has these very papers and nothing else."""
    digests, found = {digest_of(data) for data in files.values()}, {}
    for meeting in public.held:
        name = f"{PACKAGES}/{meeting.code}-public.zip"
        if (out / name).is_file():
            data = (out / name).read_bytes()
            if _holds(data, {entry.number: entry.title for entry in public.of(meeting)}, digests):
                found[name] = data
    return found


def _holds(package: bytes, titles: Mapping[str, str], digests: set[str]) -> bool:
    """Whether a package has the papers of these numbers and titles, and no file that is not published."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        listed = csv.DictReader(io.StringIO(opened.read(MANIFEST).decode("utf-8-sig")))
        rows = {row["Number"]: row["Title"] for row in listed}
        held = [digest(opened.read(name)) for name in opened.namelist() if name != MANIFEST]
    return rows == {number: not_a_formula(title) for number, title in titles.items()} and digests.issuperset(
        held
    )
