"""The licences of all packages that the papers are made with -> docs/licences.md; fails where one may not be used.

Run it with the Python of .venv after every change of requirements.lock: python docs/generate_licences.py. Packages say their
licence in their metadata; those that do not stand in STATED, with where it was read.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

LOCK, PAGE = Path("requirements.lock"), Path("docs/licences.md")
FREE = ("MIT", "BSD", "Apache", "PSF", "0BSD", "Zlib", "CC0", "MIT-CMU", "ISC", "Public Domain", "Unlicense")
WEAK = {
    "LGPL": "used as a library, unchanged, and anyone may replace it",
    "MPL": "its own files stay under it; none of them was changed",
}
STATED = {
    "conda-inject": "MIT (its LICENSE)",
    "docutils": "Public Domain, BSD (its COPYING; the GPL is that of an Emacs mode that is not installed)",
    "pyreadline3": "BSD-3-Clause (its project's page; installed on Windows only)",
    "python-dateutil": "Apache-2.0 or BSD-3-Clause, as one chooses (its LICENSE)",
    "snakemake-interface-common": "MIT (its LICENSE)",
    "snakemake-interface-logger-plugins": "MIT (its LICENSE)",
    "snakemake-interface-report-plugins": "MIT (its LICENSE)",
    "snakemake-interface-scheduler-plugins": "MIT (its LICENSE)",
    "snakemake-interface-storage-plugins": "MIT (its LICENSE)",
}
HEAD = """# Licences of what the papers are made with

Written by `python docs/generate_licences.py` from `requirements.lock` and what each package says of itself; a test compares.
None is under the GPL or AGPL (numpy carries the runtime library of GCC, whose exception allows that). Weak copyleft is told under the table. Fonts, LibreOffice and poppler are programs beside
ours, which are started and not linked.

| package | licence |
|---|---|
"""


def locked(lock: Path = LOCK) -> list[str]:
    """The names of the locked packages."""
    return sorted(set(re.findall(r"^([a-z0-9][\w.-]*)==", lock.read_text(encoding="utf-8"), re.MULTILINE)))


def licence(name: str) -> str:
    """What a package says of its licence; "" where it says nothing, or is not there."""
    if name in STATED:
        return STATED[name]
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    said = about.get("License-Expression") or (about.get("License") or "").split("  ")[0].splitlines()
    said = said if isinstance(said, str) else (said or [""])[0]
    named = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    return (said.strip() if said.strip() and len(said) < 120 else "") or ", ".join(named)


def refused(licences: dict[str, str]) -> list[str]:
    """One line for each package that may not be used, or says nothing."""
    found = []
    for name, said in licences.items():
        strong = re.search(r"(?<![L])GPL|General Public License", re.sub(r"\(.*?\)", "", said))
        if strong or not any(word in said for word in (*FREE, *WEAK)):
            found.append(
                f"{LOCK}: found {name} under {said or 'no licence that it tells'}; expected none of GPL or AGPL."
            )
    return found


def page(licences: dict[str, str]) -> str:
    text = HEAD + "".join(f"| {name} | {said} |\n" for name, said in licences.items())
    for word, why in WEAK.items():
        names = ", ".join(name for name, said in licences.items() if word in said)
        text += f"\n{word}: {names}: {why}.\n"
    return text


def main() -> int:
    licences = {name: licence(name) for name in locked()}
    if wrong := refused(licences):
        print(*wrong, sep="\n", file=sys.stderr)
        return 1
    PAGE.write_text(page(licences), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
