"""Write the tables of tags in templates/README.md from their declarations (`make tags`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.wording.kind import ANNEX, kinds, tags_of
from papers.wording.tags import Blocks, Chart, Contents, Each, Flag, Line, Picture, Share, Tag, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

README = Path("templates/README.md")
BEGIN, END = "<!-- tags: begin -->", "<!-- tags: end -->"
FORMATS = {  # of the tags that are neither lists nor flags
    **dict.fromkeys((Blocks, Chart, Contents), "{{{{p {} }}}}"),
    **dict.fromkeys((Line, Picture), "{{{{r {} }}}}"),
    Text: "{{{{ {} }}}}",
}


def main() -> int:
    """Update templates/README.md; return the exit code."""
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    return 0


def with_tables(readme: str) -> str:
    """Return the README with the tables between BEGIN and END replaced."""
    head, rest = readme.split(BEGIN)
    tail = rest.split(END)[1]
    tables = [table(template) for template in ("cover", *kinds(), ANNEX)]
    return f"{head}{BEGIN}\n\n" + "\n\n".join(tables) + f"\n\n{END}{tail}"


def table(template: str) -> str:
    """Return the table of one template: how each tag is written, and what it holds."""
    rows = [f"### {template}.docx", "", "| tag | holds |", "|---|---|"]
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
            yield indent + FORMATS[type(tag)].format(full), tag.about


if __name__ == "__main__":
    sys.exit(main())
