"""Write docs/tags.md and docs/phrases.md: tags and phrases, from their declarations (`make tags`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.kind_files import read_kind_files
from papers.problems import Problems
from papers.wording.kind import ANNEX, Kinds, kinds_of
from papers.wording.phrase_names import COUNT, PHRASES
from papers.wording.tags import Blocks, Chart, Contents, Each, Flag, Line, Merge, Picture, Share, Tag, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE, PHRASES_PAGE = Path("docs/tags.md"), Path("docs/phrases.md")
PHRASES_HEAD = """# The phrases of papers

Written by `make tags`; a test compares. `templates/phrases.yaml` has the words of each phrase, and
[inputs/README.md](../inputs/README.md#say-it-in-your-own-words) describes how to say it otherwise.
Every phrase may also name `plan.title`, `plan.first_year`, `plan.last_year`, `forum.code`,
`forum.name`, `forum.short_name`, `member.one` and `member.many` ("member economies").

A **count** is a number in conditions; in texts `x.count` is "four activities", `x.number` "four",
`x.figure` "4", `x.alone` "four" or "none", and `x.value` the number. Other names in the plural,
such as `items`, are numbers, too.

| phrase | may name |
|---|---|
"""
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
    PHRASES_PAGE.write_text(phrases_page(), encoding="utf-8", newline="\n")
    return 0


def page() -> str:
    """Return the text of docs/tags.md: the table of the cover, of each kind of paper, and of the annex."""
    kinds = kinds_of(read_kind_files(Path(), "", Problems()))
    templates = ("cover", *kinds, ANNEX)
    return "\n".join([HEAD, *(f"{table(template, kinds)}\n" for template in templates)])


def phrases_page() -> str:
    """Return the text of docs/phrases.md: each phrase, with the names that it may use."""
    lines = []
    for name, values in sorted(PHRASES.items()):
        named = [f"`{one}`{' (count)' if value is COUNT else ''}" for one, value in values.items()]
        lines.append(f"| `{name}` | {', '.join(named) or 'nothing more'} |\n")
    return PHRASES_HEAD + "".join(lines)


def table(template: str, kinds: Kinds) -> str:
    """Return the table of one template: how each tag is written, and what it holds."""
    rows = [f"## {template}.docx", "", "| tag | holds |", "|---|---|"]
    for namespace, tags in kinds.tags_of(template).items():
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
        elif isinstance(tag, (Share, Merge)):
            continue
        elif isinstance(tag, Flag):
            yield f"{indent}{{%p if {full} %}}", tag.about
        else:
            about = f"a chart: {tag.about}" if isinstance(tag, Chart) else tag.about
            yield indent + FORMATS[type(tag)].format(full), about


if __name__ == "__main__":
    sys.exit(main())
