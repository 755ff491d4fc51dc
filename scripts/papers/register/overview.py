"""The page that lists the forums, outputs/index.html and outputs/public/index.html, from their delivered registers.

A forum that the configuration does not select is on it too, as long as its register is in outputs.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.register.html_elements import Markup, count, el, extent, href, screen_reader_only
from papers.register.page_frame import render_page
from papers.store.delivery import OVERVIEWS, Delivery, files_of, shared_work
from papers.store.files import SUMS, DamagedFile, read_json
from papers.store.output_files import DATA, FEED, FORUMS, PAGE, forum_file
from papers.store.stages import write_stage
from papers.wording import english

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from papers.store.delivery import Group

_LANGUAGE = "en"  # of the words of this page


@dataclass(frozen=True)
class ListedForum:
    """What the page shows of a forum."""

    folder: str  # the name of its folder below forums/
    code: str
    name: str
    organisation: str
    papers: int  # the revisions of a paper count once
    starts: tuple[str, ...]  # the first day of each meeting with papers, "" if unknown
    latest: dict[str, str] | None  # as in papers.json, the meeting that begins last; None if no day is known
    has_sums: bool


def deliver_overviews(outputs: Path) -> list[str]:
    """Write the page of all forums, and that of the public registers, as far as they have a forum; return notices."""
    work = shared_work(outputs)
    return [notice for group in OVERVIEWS for notice in _deliver(group, work, outputs)]


def _deliver(group: Group, work: Path, outputs: Path) -> list[str]:
    page, notices = overview_page(outputs / group.folder, with_empty=not group.folder)
    stage = work / group.stages
    write_stage(stage, {PAGE: page} if page else {})
    delivery = Delivery(group, work, outputs)
    delivery.deliver(files_of([stage]))
    return notices + delivery.notices


def overview_page(folder: Path, with_empty: bool) -> tuple[bytes, list[str]]:
    """Return the page of the forums below a folder, b"" if there is none, and a notice for each damaged register.

    `folder` is outputs or outputs/public. A forum without papers is on the page only `with_empty`.
    """
    forums, notices = [], []
    for file in sorted(folder.glob(f"{FORUMS}/*/{DATA}")):
        try:
            forums.append(_listed(file))
        except (DamagedFile, LookupError, TypeError, ValueError):
            expected = "expected the register of a forum"
            todo = (
                f"Run make for the forum {file.parent.name}; the page of all forums leaves it out until then"
            )
            notices.append(f"{file.as_posix()}: found a file that can't be read; {expected}. {todo}.")
    shown = [forum for forum in forums if forum.papers or with_empty]
    return _render(sorted(shown, key=lambda forum: (forum.name.casefold(), forum.folder))), notices


def _listed(file: Path) -> ListedForum:
    """Return a forum, given its papers.json; raise DamagedFile, or an error of its content."""
    data = read_json(file)
    forum = data["forum"]
    return ListedForum(
        file.parent.name,
        *(str(forum[key]) for key in ("code", "name", "organisation")),
        papers=len({paper["latest_link"] for paper in data["papers"]}),
        starts=tuple(meeting["start"] for meeting in data["meetings"]),
        latest=_latest(data["meetings"]),
        has_sums=(file.parent / SUMS).is_file(),
    )


def _latest(meetings: Iterable[dict[str, str]]) -> dict[str, str] | None:
    """Return the meeting that begins last, with its days in words under "dates"."""
    dated = [meeting for meeting in meetings if meeting["start"]]
    if not dated:
        return None
    meeting = max(dated, key=lambda one: one["start"])  # of several, the first, as in the register
    days = [datetime.date.fromisoformat(day) if day else None for day in (meeting["start"], meeting["end"])]
    return {**{key: meeting[key] for key in ("code", "name", "place")}, "dates": english.dates(*days)}


def _render(forums: list[ListedForum]) -> bytes:
    if not forums:
        return b""
    organisations = list(dict.fromkeys(forum.organisation for forum in forums))
    above = el("p", organisations[0], class_="above") if len(organisations) == 1 else Markup()
    head = el(
        "header",
        above,
        el("h1", "Forums and their papers"),
        el("p", _extent_of_all(forums), class_="extent"),
        class_="masthead",
    )
    items = [_forum(forum, with_organisation=len(organisations) > 1) for forum in forums]
    return render_page(
        _LANGUAGE,
        title="Forums and their papers",
        skip="Skip to the forums",
        head=head,
        nav=Markup(),
        main=el("section", *items, aria_label="Forums"),
        foot=el("footer", el("p", "This page loads nothing from other sites.")),
        links=Markup(),
    )


def _extent_of_all(forums: list[ListedForum]) -> str:
    starts = [start for forum in forums for start in forum.starts]
    papers = sum(forum.papers for forum in forums)
    return f"{count(len(forums), 'forum')}: {extent(papers, starts)}"


def _forum(forum: ListedForum, with_organisation: bool) -> Markup:
    held = extent(forum.papers, forum.starts) if forum.papers else "No papers yet"
    organisation = [el("p", forum.organisation)] if with_organisation else []
    name = el("a", forum.name, href=href(forum_file(forum.folder, PAGE)))
    heading = el(
        "div", *organisation, el("h2", name), el("p", el("b", forum.code), f"  {held}"), class_="meeting-head"
    )
    return el("article", heading, *_latest_meeting(forum), _links(forum), id=forum.folder, class_="forum")


def _latest_meeting(forum: ListedForum) -> list[Markup]:
    if not (meeting := forum.latest):
        return []
    link = el("a", meeting["name"], href=f"{href(forum_file(forum.folder, PAGE))}#{meeting['code']}")
    more = "".join(f", {fact}" for fact in (meeting["place"], meeting["dates"]) if fact)
    return [el("p", "Latest meeting: ", link, more)]


def _links(forum: ListedForum) -> Markup:
    names = [("papers.json", DATA), ("Atom feed", FEED)]
    names += [(SUMS, SUMS)] if forum.has_sums else []
    of_forum = screen_reader_only(f" of {forum.name}")
    links = [el("a", label, of_forum, href=href(forum_file(forum.folder, name))) for label, name in names]
    return el("ul", *[el("li", link) for link in links], class_="files")
