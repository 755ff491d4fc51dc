"""The pages that a paper's table of contents prints: read from the files that `make paginate` writes, one a paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.schemas import PagesFile
    from papers.inputs.yaml import Document


@dataclass(frozen=True)
class ContentsPages:
    """`pages` has one page a heading, in order; `made_for` is the digest of the text that they were found for."""

    file: str
    made_for: str
    pages: tuple[int, ...]


def pages_file_name(number: str) -> str:
    """The name of a paper's file: 2018_SMEWG47_003.yaml."""
    return f"{number.replace('/', '_')}.yaml"


def build_contents_pages(
    documents: Iterable[Document[PagesFile]], numbers: set[str], notices: list[str], problems: Problems
) -> dict[str, ContentsPages]:
    """Number of a paper -> its pages. A file that lies under another paper's name is a problem, one of no paper noticed."""
    found = {}
    for document in documents:
        form, expected = document.form, pages_file_name(document.form.paper)
        if not document.name.endswith(f"/{expected}"):
            what, todo = f"the pages of {form.paper}", "Delete the file and run make paginate."
            problems.add(Place(document.name), "file-name", what, f"them in {expected}", todo)
        elif form.paper not in numbers:
            notices.append(f"{document.name} is of no paper any more: it may be deleted")
        else:
            pages = tuple(heading.page for heading in form.headings)
            found[form.paper] = ContentsPages(document.name, form.made_for, pages)
    return found
