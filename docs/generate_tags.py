"""Write docs/tags.md: the tags of each template, from their declarations (`make tags`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.wording.kind import ANNEX, kinds, tags_of
from papers.wording.tags import Blocks, Chart, Contents, Each, Flag, Line, Picture, Share, Tag, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path("docs/tags.md")
HEAD = """# The tags of the templates

Written by `make tags` from the declarations in `scripts/papers/wording/`; a test compares. How to
use a tag, and where each type may be: [templates/README.md](../templates/README.md). A line that is
indented belongs to the list above it, and is repeated with it.
"""
FORMATS = {  # of the tags that are neither lists nor flags
    **dict.fromkeys((Blocks, Chart, Contents), "{{{{p {} }}}}"),
    **dict.fromkeys((Line, Picture), "{{{{r {} }}}}"),
    Text: "{{{{ {} }}}}",
}


def main() -> int:
    """Write docs/tags.md; return the exit code."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    return 0


def page() -> str:
    """Return the text of docs/tags.md: the table of the cover, of each kind of paper, and of the annex."""
    return "\n".join([HEAD, *(f"{table(template)}\n" for template in ("cover", *kinds(), ANNEX))])


def table(template: str) -> str:
    """Return the table of one template: how each tag is written, and what it holds."""
    rows = [f"## {template}.docx", "", "| tag | holds |", "|---|---|"]
    for namespace, tags in tags_of(template).items():
        rows += [f"| `{tag}` | {about} |" for tag, about in rows_of(tags, namespace)]
    return "\n".join(rows)


def rows_of(tags: dict[str, Tag], path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Return (tag as it is typed, description) for each tag; below a list, indented, the tags of its items.

    `path` is the namespace, or the variable of the loop.
    """
    indent = "  " * depth
    for name, tag in tags.items():
        full = f"{path}.{name}"
        if isinstance(tag, Each):
            variable = name.removesuffix("s") if name.endswith("s") else f"each_{name}"
            yield f"{indent}{{%p for {variable} in {full} %}}", tag.about
            if tag.of:
                yield from rows_of(tag.of, variable, depth + 1)
            else:
                yield f"{indent}  {{{{ {variable} }}}}", "the line"
        elif isinstance(tag, Share):
            continue
        elif isinstance(tag, Flag):
            yield f"{indent}{{%p if {full} %}}", tag.about
        else:
            about = f"a chart: {tag.about}" if isinstance(tag, Chart) else tag.about
            yield indent + FORMATS[type(tag)].format(full), about


if __name__ == "__main__":
    sys.exit(main())
