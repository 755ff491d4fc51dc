"""One paper of the register as HTML: number, title, what it is for, its files, and its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.register import markup
from papers.register.facts import HistoryEvent, Register, RegisterEntry, RegisterMeeting, latest_of
from papers.register.markup import Markup, el, href, screen_reader_only
from papers.store.files import grouped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRACES = "index/traces"  # below the folder of the index: a page a paper, with its figures and their cells


def traces_page(entry: RegisterEntry) -> str:
    """The place of the page with a paper's figures."""
    return f"{TRACES}/{entry.anchor}.html"


def article(entry: RegisterEntry, meeting: RegisterMeeting, index: Register, base: Path) -> Markup:
    """The paper as one entry; a newest revision also carries the anchor that always leads to the newest."""
    newest = index.newest(entry) is entry
    anchor = el("span", id=latest_of(entry.base), class_="anchor") if newest else Markup()
    about = [
        el("h4", markup.title_of(entry)),
        *_banner(entry, index),
        *[el("p", f"Open: {told}.", class_="banner") for told in entry.corrections],
        el("ul", *[el("li", fact) for fact in _facts(entry, index)], class_="facts"),
        el("div", *_files(entry, base), _record(entry, meeting), class_="at-hand"),
    ]
    number = el("a", entry.number, href=f"#{entry.anchor}")
    return el(
        "article",
        anchor,
        el("p", number, class_="number"),
        el("div", *about, class_="about"),
        id=entry.anchor,
        class_=f"paper {markup.state(entry, index)}",
    )


def _banner(entry: RegisterEntry, index: Register) -> Iterator[Markup]:
    """What whoever finds this number must know first."""
    state, newest = markup.state(entry, index), index.newest(entry)
    to = el("a", newest.number, href=f"#{newest.anchor}")
    if state == "withdrawn":
        why = f": {entry.withdrawn.why}" if entry.withdrawn.why else ""
        told = ["Withdrawn on ", markup.when(entry.withdrawn.date), f"{why}. It is no longer in circulation."]
    elif state == "superseded":
        on = [", issued on ", markup.when(newest.issued)] if newest.issued else []
        told = ["Superseded by ", to, *on, "."]
    elif state == "revising":
        told = ["Being revised: ", to, " is in preparation and not issued yet."]
    else:
        return
    yield el("p", *told, class_="banner")


def _facts(entry: RegisterEntry, index: Register) -> Iterator[str | Markup]:
    if entry.agenda_item:
        yield f"Agenda item {entry.agenda_item}"
    if entry.purpose:
        yield f"For {entry.purpose.lower()}"
    if entry.submitted_by:
        yield f"Submitted by {entry.submitted_by}"
    if entry.status:
        yield entry.status
    yield _access(entry)
    if entry.issued:
        yield el("span", "Issued ", markup.when(entry.issued))
    elif index.recorded and not entry.withdrawn:
        yield "Not issued yet"
    if entry.late:
        yield entry.late
    yield from entry.also_tabled
    if entry.illustrative:
        yield el("span", "Illustrative figures", title=entry.illustrative, class_="illustrative")


def _access(entry: RegisterEntry) -> str | Markup:
    if entry.access == "public":
        return "Public"
    if not entry.access:
        return "Access not stated"
    until = f" until {markup.day(entry.restricted_until)}" if entry.restricted_until else ""
    return el("strong", f"Restricted{until}", class_="restricted")


def _files(entry: RegisterEntry, base: Path) -> list[Markup]:
    """Links to what there is of the paper; each says of which paper, for those who hear links alone."""
    of = screen_reader_only(f" of {entry.number}")
    links = []
    if entry.file and (base / entry.file).is_file():
        name = "PDF" if entry.received_as_pdf else "Word"
        links.append(el("a", name, of, _size(base / entry.file), href=href(entry.file)))
    if entry.pdf:
        links.append(el("a", "PDF", of, _size(base / entry.pdf), href=href(entry.pdf)))
    for redline in entry.redlines:
        links.append(el("a", f"Changes since {redline.since}", of, href=href(redline.file)))
    if entry.figures:
        told = f"Figures and their cells ({entry.figures.count:,})"
        links.append(el("a", told, of, href=href(traces_page(entry))))
    if entry.findings:
        told = markup.count(len(entry.findings), "finding")
        links.append(el("a", told, of, href=f"#findings-{entry.anchor}"))
    return [el("ul", *[el("li", link) for link in links], class_="files")] if links else []


def _size(file: Path) -> Markup:
    return el("small", f" {max(1, round(file.stat().st_size / 1024)):,} KB")


def _record(entry: RegisterEntry, meeting: RegisterMeeting) -> Markup:
    """Links that stay, the digest, and who did what, when and why."""
    rows = [
        ("Permanent link", el("a", f"#{entry.anchor}", href=f"#{entry.anchor}")),
        ("Latest revision", el("a", f"#{latest_of(entry.base)}", href=f"#{latest_of(entry.base)}")),
    ]
    if title := meeting.agenda.get(entry.agenda_item):
        rows.append((f"Agenda item {entry.agenda_item}", title))
    rows += [(name, text) for name, text in _further(entry) if text]
    if entry.history:
        rows.append(("History", el("ol", *[el("li", *_happened(event, entry)) for event in entry.history])))
    facts = [el("div", el("dt", name), el("dd", told)) for name, told in rows]
    summary = el("summary", "Record", screen_reader_only(f" of {entry.number}"))
    return el("details", summary, el("dl", *facts), class_="record")


def _further(entry: RegisterEntry) -> list[tuple[str, str | Markup]]:
    return [
        ("Forum document", entry.forum_doc_no),
        ("Restricted because", entry.reason),
        ("Notes", entry.notes),
        ("Seal (SHA-256)", el("code", grouped(entry.sha256)) if entry.sha256 else ""),
    ]


def _happened(event: HistoryEvent, entry: RegisterEntry) -> list[str | Markup]:
    """12 September 2018: revised as 2018/SMEWG47/003rev1 by the Secretariat, because of ..."""
    what = {"numbered": "number given", "revised": "revision begun", "corrected": "correction begun"}
    other = f" ({event.number})" if event.number != entry.number else ""
    by = f" by {event.by}" if event.by else ""
    why = f": {event.why}" if event.why else ""
    return [markup.when(event.date), f", {what.get(event.event, event.event)}{other}{by}{why}"]
