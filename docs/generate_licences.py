"""Write docs/licences.md: the licences of all locked packages; fail if one may not be used.

Run it with the Python of .venv after every change of requirements.lock: python docs/generate_licences.py. Licences
come from the metadata of the packages; STATED has those that the metadata lacks, and where they were read.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

LOCK, PAGE = Path("requirements.lock"), Path("docs/licences.md")
PERMISSIVE = (
    "MIT",
    "BSD",
    "Apache",
    "PSF",
    "0BSD",
    "Zlib",
    "CC0",
    "MIT-CMU",
    "ISC",
    "Public Domain",
    "Unlicense",
)
WEAK_COPYLEFT = {
    "LGPL": "used as a library, unchanged, and replaceable by anyone",
    "MPL": "its own files stay under it, and none of them was changed",
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
HEAD = """# Licences of the packages that make the papers

Forum Papers itself is under the MIT licence ([LICENSE](../LICENSE)), which its owner may change.

Written by `python docs/generate_licences.py` from `requirements.lock` and the metadata of each
package; a test compares. None is under the GPL or AGPL (numpy carries the runtime library of GCC,
whose exception allows that). Packages under weak copyleft are listed below the table. LibreOffice
and poppler are separate programs that are started, not linked; fonts are installed separately.

| package | licence |
|---|---|
"""


def locked(lock: Path = LOCK) -> list[str]:
    """Return the names of the locked packages."""
    return sorted(set(re.findall(r"^([a-z0-9][\w.-]*)==", lock.read_text(encoding="utf-8"), re.MULTILINE)))


def licence(name: str) -> str:
    """Return the licence that a package states; "" if it states none or is not installed."""
    if name in STATED:
        return STATED[name]
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    stated = about.get("License-Expression") or (about.get("License") or "").split("  ")[0].splitlines()
    stated = stated if isinstance(stated, str) else (stated or [""])[0]
    classifiers = [c for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    from_classifiers = ", ".join(classifier.rpartition(" :: ")[2] for classifier in classifiers)
    return (stated.strip() if len(stated) < 120 else "") or from_classifiers


def refused_packages(licences: dict[str, str]) -> list[str]:
    """Return one line for each package that may not be used, or states no licence."""
    found = []
    for name, stated in licences.items():
        strong = re.search(r"(?<![L])GPL|General Public License", re.sub(r"\(.*?\)", "", stated))
        if strong or not any(word in stated for word in (*PERMISSIVE, *WEAK_COPYLEFT)):
            found.append(
                f"{LOCK}: found {name} under {stated or 'no stated licence'}; expected none of GPL or AGPL."
            )
    return found


def page(licences: dict[str, str]) -> str:
    """Return the text of docs/licences.md."""
    text = HEAD + "".join(f"| {name} | {stated} |\n" for name, stated in licences.items())
    for word, why in WEAK_COPYLEFT.items():
        names = ", ".join(name for name, stated in licences.items() if word in stated)
        text += f"\n{word} ({why}): {names}.\n"
    return text


def main() -> int:
    licences = {name: licence(name) for name in locked()}
    if wrong := refused_packages(licences):
        print(*wrong, sep="\n", file=sys.stderr)
        return 1
    PAGE.write_text(page(licences), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
