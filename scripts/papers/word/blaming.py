"""Which of the templates that are joined for a kind of paper is at fault, where they can't be prepared together."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from docxtpl import DocxTemplate

from papers.word.compiling import compile_part, parse_part
from papers.word.opening_template import NOT_FITTING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from docx import Document

    from papers.wording.tags import Tag


def at_fault(templates: Iterable[str], own: str, alone: Callable[[str], object], error: BaseException) -> str:
    """The first template that fails alone (in `alone`) as all fail together; the kind's own where none does.

    The cover is part of every kind: a fault in it, told as one of fifteen others, would be looked for there.
    """
    for name in templates:
        try:
            alone(name)
        except NOT_FITTING as other:
            if (type(other), str(other)) == (type(error), str(error)):
                return name
    return own


def compile_tags(document: Document, tags: dict[str, dict[str, Tag]]) -> None:
    """Compiles the parts of a document that have tags, for what is wrong with them: TagError."""
    made = io.BytesIO()
    document.save(made)
    template = DocxTemplate(made)
    with zipfile.ZipFile(made) as package:
        for name in sorted(name for name in package.namelist() if name.endswith(".xml")):
            source = package.read(name).decode()
            if "{{" in source or "{%" in source:
                compile_part(parse_part(template.patch_xml(source)), tags)
