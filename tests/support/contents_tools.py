"""Tables of contents in papers of tests: put into a template, and read from a paper."""

from __future__ import annotations

import re

from docx import Document as open_document
from docx.oxml.ns import qn
from own_kind import add_styles_of_contents
from project_tools import Project
from word_tools import part, words

_DOCUMENT = "word/document.xml"


def add_contents(project: Project, *kinds: str) -> None:
    """Put a table of contents at the beginning of the templates of these kinds."""
    for kind in kinds:
        place = project.root / "templates" / f"{kind}.docx"
        template = open_document(str(place))
        add_styles_of_contents(template)
        template.paragraphs[0].insert_paragraph_before("{{p paper.contents }}", "Body Text")
        template.save(str(place))


def entries(filled: bytes) -> list[str]:
    """Return the lines of a paper's table of contents."""
    paragraphs = part(filled, _DOCUMENT).iter(qn("w:p"))
    return [words(p) for p in paragraphs if p.find(qn("w:hyperlink")) is not None]


def is_dirty(filled: bytes) -> bool:
    """Return whether a paper asks Word to update a field, which must then be its table of contents."""
    fields = list(part(filled, _DOCUMENT).iter(qn("w:fldChar")))
    dirty = [field.getparent().getnext() for field in fields if field.get(qn("w:dirty")) == "true"]
    assert all(words(code) == "" and "TOC" in "".join(code.itertext()) for code in dirty)
    return bool(dirty)


def numbered(project: Project, name: str) -> bool:
    """Return whether the built paper `name` has a table of contents with a page number in each line."""
    found = entries((project.root / "outputs" / "papers" / name).read_bytes())
    return bool(found) and all(re.search(r"\t\d+$", entry) for entry in found)
