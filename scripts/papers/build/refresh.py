"""Run the verbs of `record`: with page numbers before them, and register and public folder up to date after them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from papers.deliver import deliver_pdfs, deliver_views
from papers.errors import UserError
from papers.pdf.libreoffice import OfficeError, find_libreoffice
from papers.pdf.paginate import build_quietly, find_missing_pages
from papers.problems import Problems
from papers.public.publish import publish
from papers.record import commands
from papers.record.package import lacks_pdfs
from papers.register.gather import is_complete
from papers.seal.seal import is_sealed, reseal
from papers.store.locks import OUTPUTS
from papers.store.output_files import PAGE, forum_file
from papers.store.work_files import work_folder

if TYPE_CHECKING:
    from pathlib import Path

    from papers.record.session import Request
    from papers.store.locks import HeldLock


def run(verb: str, options: dict[str, str]) -> int:
    """Run a verb of `record`, then refresh what shows its result; return the exit code."""
    steps = commands.Steps(find_pages=_find_pages, make_pdfs=_make_pdfs, after=_refresh_after_verb)
    return commands.run(verb, options, steps)


def _find_pages(request: Request, lock: HeldLock) -> bool:
    """Find the page numbers that the papers of a request lack; return whether the builds that it took succeeded."""

    def is_about(number: str, meeting: str) -> bool:
        return meeting == request.meeting or number in request.papers

    return find_missing_pages(request.forum, is_about, lambda: build_quietly(request.forum, lock))


def _make_pdfs(request: Request, lock: HeldLock) -> bool:
    """Make the PDFs that the papers of a meeting lack; return whether the builds that it took succeeded.

    Where LibreOffice is missing or fails, a line says so, and the packages are made without these PDFs.
    """
    if not lacks_pdfs(request.work, request.meeting):
        return True
    try:
        find_libreoffice()
    except OfficeError as error:
        print(f"The packages are made without PDFs that are not there yet. {error}", file=sys.stderr)
        return True
    stage = request.work / "pdf" / request.meeting
    if not build_quietly(request.forum, lock, stage.as_posix()):
        print("The packages are made without PDFs that are not there yet.", file=sys.stderr)
        return True
    print(*deliver_pdfs(request.work, OUTPUTS), sep="\n", end="", file=sys.stderr)
    return build_quietly(request.forum, lock)  # register and public folder, which show PDFs


def _refresh_after_verb(forum: str) -> None:
    """Refresh under the locks of the verb; only report a failure, as what was recorded stays recorded."""
    try:
        lines = refresh_views(work_folder(forum), OUTPUTS, forum)
    except (UserError, OSError) as error:
        lines = [f"It was recorded, but {_page(forum)} does not show it yet ({error}). Run make."]
    except (LookupError, TypeError, ValueError):  # files below outputs/work of another version of the program
        lines = [f"It was recorded, but {_page(forum)} does not show it yet. Run make."]
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)


def _page(forum: str) -> str:
    return (OUTPUTS / forum_file(forum, PAGE)).as_posix()


def refresh_views(work: Path, out: Path, forum: str) -> list[str]:
    """Write, seal and deliver register and public folder of the last build again, where it was sealed.

    `work` is outputs/work/<forum>, `out` outputs. Return notices and problems for the user. After a failed build they
    are left as they are, because its inputs and the papers then differ.
    """
    if not (is_complete(work) and is_sealed(work)):
        return []
    problems = Problems()
    notices = publish(work, forum, problems)
    if problems:
        return problems.lines()
    reseal(work, forum)
    return notices + deliver_views(work, out)
