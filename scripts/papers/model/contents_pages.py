"""Page numbers for tables of contents: the files that `make paginate` writes, one for each paper."""

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
    """The pages of one paper's headings, in order.

    `made_for` is the digest of the text that was paginated.
    """

    file: str
    made_for: str
    pages: tuple[int, ...]


def pages_file_name(number: str) -> str:
    """Return the name of the file for a paper's number: 2018_SMEWG47_003.yaml."""
    return f"{number.replace('/', '_')}.yaml"


def build_contents_pages(
    documents: Iterable[Document[PagesFile]], numbers: set[str], notices: list[str], problems: Problems
) -> dict[str, ContentsPages]:
    """Return number of a paper -> its pages. `numbers` are those of all papers.

    A file with the name of another paper is a problem; one of a paper that does not exist is a notice.
    """
    found = {}
    for document in documents:
        number, name = document.form.paper, pages_file_name(document.form.paper)
        if not document.name.endswith(f"/{name}"):
            todo = "Delete the file and run make paginate."
            expected = f"the pages of that paper in a file named {name}"
            problems.add(Place(document.name), "file-name", f"the pages of {number}", expected, todo)
        elif number not in numbers:
            notices.append(f"{document.name} belongs to no paper any more; you can delete it")
        else:
            pages = tuple(heading.page for heading in document.form.headings)
            found[number] = ContentsPages(document.name, document.form.made_for, pages)
    return found
