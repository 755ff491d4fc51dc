"""One paper of the register as HTML: number, title, purpose, files, and its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.register import html_elements
from papers.register.html_elements import Markup, el, href, screen_reader_only
from papers.store.files import grouped, size_of
from papers.store.output_files import TO_OUTPUTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.register.facts import Files, HistoryEvent, Register, RegisterEntry, RegisterMeeting
    from papers.store.files import FileRef


def article(entry: RegisterEntry, meeting: RegisterMeeting, register: Register, files: Files) -> Markup:
    """Return the <article> of an entry. `files` has the files that may be linked.

    The newest revision also has the anchor that always leads to the newest.
    """
    newest = register.newest(entry) is entry
    latest_anchor = el("span", id=entry.latest_anchor, class_="anchor") if newest else Markup()
    about = [
        el("h4", html_elements.title_of(entry)),
        *_banner(entry, register),
        *[el("p", f"Open: {correction}.", class_="banner") for correction in entry.corrections],
        el("ul", *[el("li", fact) for fact in _facts(entry, register)], class_="facts"),
        el("div", *_file_links(entry, files), _record(entry, meeting), class_="files-and-record"),
    ]
    number = el("a", entry.number, href=f"#{entry.anchor}")
    return el(
        "article",
        latest_anchor,
        el("p", number, class_="number"),
        el("div", *about, class_="about"),
        id=entry.anchor,
        class_=f"paper {html_elements.state(entry, register)}",
    )


def _banner(entry: RegisterEntry, register: Register) -> Iterator[Markup]:
    """Yield the warning that the number is withdrawn, superseded or being revised, if it is."""
    state, newest = html_elements.state(entry, register), register.newest(entry)
    link = el("a", newest.number, href=f"#{newest.anchor}")
    if state == "withdrawn":
        why = f": {entry.withdrawn.why}" if entry.withdrawn.why else ""
        date = html_elements.time_element(entry.withdrawn.date)
        text = ["Withdrawn on ", date, f"{why}. It is no longer in circulation."]
    elif state == "superseded":
        issued = [", issued on ", html_elements.time_element(newest.issued)] if newest.issued else []
        text = ["Superseded by ", link, *issued, "."]
    elif state == "revising":
        text = ["Being revised: ", link, " is in preparation and not issued yet."]
    else:
        return
    yield el("p", *text, class_="banner")


def _facts(entry: RegisterEntry, register: Register) -> Iterator[str | Markup]:
    if entry.agenda_item:
        yield f"{entry.agenda_label} {entry.agenda_item}"
    if entry.purpose:
        yield f"For {entry.purpose.lower()}"
    if entry.submitted_by:
        yield f"Submitted by {entry.submitted_by}"
    if entry.status:
        yield entry.status
    yield _access(entry)
    if entry.issued:
        yield el("span", "Issued ", html_elements.time_element(entry.issued))
    elif register.has_ledger and not entry.withdrawn:
        yield "Not issued yet"
    if entry.late:
        yield entry.late
    yield from entry.also_tabled
    if entry.restated:
        yield el("span", entry.restated, class_="illustrative")
    if entry.illustrative:
        words = entry.illustrative.partition(":")[0]
        yield el("span", words, title=entry.illustrative, class_="illustrative")


def _access(entry: RegisterEntry) -> str | Markup:
    if entry.access == "public":
        return "Public"
    if not entry.access:
        return "Access not stated"
    until = f" until {html_elements.format_date(entry.restricted_until)}" if entry.restricted_until else ""
    return el("strong", f"Restricted{until}", class_="restricted")


def _file_links(entry: RegisterEntry, files: Files) -> list[Markup]:
    """Return a list of links to the files that exist, or nothing.

    Each link names its paper, for screen readers that read out links alone.
    """
    of_paper = screen_reader_only(f" of {entry.number}")
    links = []
    if entry.file in files:
        format_name = "PDF" if entry.received_as_pdf else "Word"
        links.append(
            el("a", format_name, of_paper, _size(files[entry.file]), href=href(TO_OUTPUTS + entry.file))
        )
    if entry.pdf:
        links.append(el("a", "PDF", of_paper, _size(files[entry.pdf]), href=href(TO_OUTPUTS + entry.pdf)))
    for redline in entry.redlines:
        links.append(
            el("a", f"Changes since {redline.since}", of_paper, href=href(TO_OUTPUTS + redline.file))
        )
    if entry.trace:
        label = f"Figures and their cells ({entry.trace.count:,})"
        links.append(el("a", label, of_paper, href=href(entry.traces_page)))
    if entry.findings:
        label = html_elements.count(len(entry.findings), "finding")
        links.append(el("a", label, of_paper, href=f"#findings-{entry.anchor}"))
    return [el("ul", *[el("li", link) for link in links], class_="files")] if links else []


def _size(file: bytes | FileRef) -> Markup:
    return el("small", f" {max(1, round(size_of(file) / 1024)):,} KB")


def _record(entry: RegisterEntry, meeting: RegisterMeeting) -> Markup:
    """Return the permanent links, the digest, and the history: who did what, when and why."""
    rows = [
        ("Permanent link", el("a", f"#{entry.anchor}", href=f"#{entry.anchor}")),
        ("Latest revision", el("a", f"#{entry.latest_anchor}", href=f"#{entry.latest_anchor}")),
    ]
    if title := meeting.agenda.get(entry.agenda_item):
        rows.append((f"{entry.agenda_label} {entry.agenda_item}", title))
    rows += [(name, text) for name, text in _further_facts(entry) if text]
    if entry.history:
        events = [el("li", *_event_text(event, entry)) for event in entry.history]
        rows.append(("History", el("ol", *events)))
    facts = [el("div", el("dt", name), el("dd", text)) for name, text in rows]
    summary = el("summary", "Record", screen_reader_only(f" of {entry.number}"))
    return el("details", summary, el("dl", *facts), class_="record")


def _further_facts(entry: RegisterEntry) -> list[tuple[str, str | Markup]]:
    return [
        ("Forum document", entry.forum_doc_no),
        ("Restricted because", entry.reason),
        ("Notes", entry.notes),
        ("Seal (SHA-256)", el("code", grouped(entry.sha256)) if entry.sha256 else ""),
    ]


def _event_text(event: HistoryEvent, entry: RegisterEntry) -> list[str | Markup]:
    """Return text such as "12 September 2018, revision begun by the Secretariat: a reason", in parts."""
    words = {
        "numbered": "number given",
        "packed": "draft sent in a package",
        "revised": "revision begun",
        "corrected": "correction begun",
    }
    other_number = f" ({event.number})" if event.number != entry.number else ""
    by = f" by {event.by}" if event.by else ""
    why = f": {event.why}" if event.why else ""
    what = words.get(event.event, event.event)
    return [html_elements.time_element(event.date), f", {what}{other_number}{by}{why}"]
