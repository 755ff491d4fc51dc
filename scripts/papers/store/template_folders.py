"""Where templates, files of kinds and phrases are looked for. Standard library only and without `typing`, as
the job `fill` imports it.

Look-up order: the plan (phrases only), the forum, the organisation, the shipped folder.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

SHIPPED, ORGANISATION = "templates", "inputs/apec"
PHRASES = "phrases.yaml"  # in the shipped folder, the organisation's, the forum's, and that of a plan
SHIPPED_PHRASES = f"{SHIPPED}/{PHRASES}"
# A logo in forum.yaml, in whatever form; what only looks like one does no harm: the forum's templates are prepared apart.
_LOGO = re.compile(rb"logo[\"']?\s*:(?!\s*(?:null|~)\s*?(?:[\r\n#,}]|$))")


def template_folders(forum: str) -> tuple[str, ...]:
    """Return the folders with templates and kinds, from the shipped to the nearest; for "" those of all forums."""
    return SHIPPED, f"{ORGANISATION}/{SHIPPED}", *([f"inputs/{forum}/{SHIPPED}"] if forum else [])


def has_own_templates(root: Path, forum: str) -> bool:
    """Return whether papers of a forum are made from a template, file of a kind or logo that is not that of all forums."""
    inputs = root / "inputs" / forum
    if any((inputs / SHIPPED).glob("[!.]*")):
        return True
    try:
        settings = (inputs / "forum.yaml").read_bytes()
    except OSError:
        return False  # `read` reports it
    return _LOGO.search(settings) is not None


def files_of_kinds(root: Path, forum: str, suffix: str) -> dict[str, str]:
    """Return name -> path below `root` of the nearest file of each name; `suffix` is .yaml or .docx."""
    return {
        path.stem: path.relative_to(root).as_posix()
        for folder in template_folders(forum)
        for path in sorted((root / folder).glob(f"*{suffix}"))
        if path.name != PHRASES and not path.name.startswith(("~$", "."))
    }


def is_template(file: str) -> bool:
    """Return whether a file of the project lies in one of the folders with templates."""
    return file.startswith(f"{SHIPPED}/") or (
        file.startswith("inputs/") and file.split("/")[2:3] == [SHIPPED]
    )
