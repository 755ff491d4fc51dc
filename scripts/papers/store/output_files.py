"""Names of the files that a build leaves in outputs/.

Paths are relative to outputs/. Standard library only, as every build imports it.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from papers.store.files import SUMS

PAPERS, PDF, CHANGES, ISSUED = "papers", "pdf", "changes", "issued"  # folders, for the papers of all forums
FORUMS = "forums"  # the folder with a folder for each forum
TO_OUTPUTS = "../../"  # from a forum's folder
PAGE, DATA, FEED, TEXT = (
    "index.html",
    "papers.json",
    "feed.xml",
    "text.js",
)  # the register, in a forum's folder
TRACES_PAGES = "traces"  # in a forum's folder: a page per paper, with its figures and their cells
PACKAGES, PREVIEWS, PUBLIC, FORMS = "packages", "previews", "public", "forms"  # folders
PROVENANCE, SUMS_OF_VIEWS, SEAL = "provenance.json", f"{SUMS}.views", "SEAL.txt"
PROGRAM = "program.json"
SEALS = (SUMS, SEAL, PROVENANCE, PROGRAM)  # of each forum, written by the stage `seal`
LISTS = (SUMS, SUMS_OF_VIEWS)  # of each forum; their paths are relative to outputs/ as well
_NOT_REBUILT = (PDF, CHANGES, PACKAGES)
_VIEWS = (PAGE, DATA, *LISTS, SEAL, PROGRAM)


def forum_file(forum: str, name: str) -> str:
    """Return the path of a file of a forum, such as forums/smewg/SHA256SUMS."""
    return f"{FORUMS}/{forum}/{name}"


def is_made_on_request(path: str) -> bool:
    """Return whether a file is a PDF, a redline or a package, which a plain build does not make."""
    return path.removeprefix(f"{PUBLIC}/").partition("/")[0] in _NOT_REBUILT


def depends_on_machine(path: str) -> bool:
    """Return whether a delivered file may differ between two users with the same inputs and program.

    These are what is made on request, the pages that link to it, lists of either, and program.json.
    """
    return is_made_on_request(path) or PurePosixPath(path).name in _VIEWS


def read_sums(text: str) -> dict[str, str]:
    """Parse a list as sha256sum writes it, of text or (with an asterisk) of binary files: path -> digest."""
    lines = (line.partition(" ") for line in text.splitlines())
    return {name[1:]: sha256 for sha256, _, name in lines if len(name) > 1}
