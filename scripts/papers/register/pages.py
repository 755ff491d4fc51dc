"""The HTML pages: the register itself, and a page per paper with its figures and their cells."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from papers.register import html_elements, indicator_charts
from papers.register.html_elements import Markup, el, joined, screen_reader_only
from papers.register.page_frame import read_web_file, render_page
from papers.register.paper_entries import article
from papers.register.related_files import read_figures
from papers.store.cache import cache_key
from papers.store.output_files import DATA, FEED, PAGE, TO_OUTPUTS
from papers.store.program import code_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.register.facts import (
        Files,
        Register,
        RegisterEntry,
        RegisterFinding,
        RegisterIndicator,
        RegisterMeeting,
    )


def render_register(register: Register, files: Files) -> bytes:
    """Return the page of all papers.

    `files` has the files that may be linked, by their paths below outputs.
    """
    meetings = [_meeting(meeting, register, files) for meeting in register.meetings_with_papers]
    papers = el("section", el("h2", "Papers", id="papers"), *meetings, aria_labelledby="papers")
    return render_page(
        register.language,
        title=f"{register.code}: register of papers",
        skip="Skip to the papers",
        head=joined([_masthead(register), _search_box()]),
        nav=_navigation(register),
        main=joined([papers, *_indicators(register), *_findings(register)]),
        foot=_footer(),
        script=read_web_file("register.js"),
        links=el("link", rel="alternate", type="application/atom+xml", href=f"./{FEED}", title="Papers"),
    )


def render_traces_page(entry: RegisterEntry, register: Register) -> bytes:
    """Return the page with the figures of a paper, as it is in a folder of the forum's folder."""
    back = el("a", f"{entry.number} in the register", href=f"../{PAGE}#{entry.anchor}")
    head = el(
        "header",
        el("p", register.name, class_="above"),
        el("h1", "Figures and their cells"),
        el("p", entry.number, ", ", html_elements.title_of(entry), class_="below"),
        el("p", back),
        class_="masthead",
    )
    explanation = "Each figure opens to the cells of the input files that it was counted from."
    return render_page(
        register.language,
        title=f"{entry.number}: figures and their cells",
        skip="Skip to the figures",
        head=head,
        nav=Markup(),
        main=joined([el("p", explanation), indicator_charts.figure_list(read_figures(entry.trace))]),
        foot=Markup(),
        script="",
        links=Markup(),
    )


def traces_page_key(entry: RegisterEntry, register: Register) -> str:
    """Return the key under which a paper's traces page is cached: a digest of all that it is rendered from."""
    facts = (register.language, register.name, entry.number, entry.title, entry.trace.sha256)
    return cache_key(code_digest(), repr(facts))


def _masthead(register: Register) -> Markup:
    meetings = register.meetings_with_papers
    extent = html_elements.extent(register.paper_count(), [meeting.start for meeting in meetings])
    overview = el("a", "All forums", href=f"{TO_OUTPUTS}{PAGE}") if meetings else Markup()
    return el(
        "header",
        el("p", el("span", register.organisation), overview, class_="above"),
        el("h1", register.name),
        el("p", "Register of papers", class_="below"),
        el("p", extent, class_="extent"),
        class_="masthead",
    )


def _search_box() -> Markup:
    """Return the search; it stays hidden until its script runs."""
    label = el("label", "Search titles and full text", for_="search")
    field = el("input", id="search", type="search", autocomplete="off", spellcheck="false")
    status = el("p", role="status", id="search-status")
    return el("search", label, field, status, id="search-box", hidden=True)


def _navigation(register: Register) -> Markup:
    years = []
    for year, meetings in groupby(register.meetings_with_papers, lambda meeting: meeting.start[:4]):
        links = [el("li", _link_to(meeting, register)) for meeting in meetings]
        years.append(el("li", el("b", year or "Undated"), el("ul", *links)))
    further = []
    if register.indicators:
        further.append(el("li", el("a", "Indicators", href="#indicators")))
    if _is_checked(register):
        further.append(el("li", el("a", "Findings of the checks", href="#findings")))
    more = [el("ul", *further, class_="further")] if further else []
    return el("nav", el("h2", "Meetings"), el("ul", *years), *more, aria_label="Meetings and further parts")


def _link_to(meeting: RegisterMeeting, register: Register) -> Markup:
    return el(
        "a",
        meeting.code,
        el("small", f" {register.paper_count(meeting)}"),
        screen_reader_only(" papers"),
        href=f"#{meeting.code}",
    )


def _meeting(meeting: RegisterMeeting, register: Register, files: Files) -> Markup:
    entries = register.entries_of(meeting)
    where = ", ".join(part for part in (meeting.place, meeting.dates) if part)
    head = [
        el("h3", html_elements.runs(meeting.name)),
        el("p", el("b", meeting.code), f"  {where}", class_="where"),
    ]
    if counts := _open_matters(entries):
        head.append(el("p", f"{counts}."))
    articles = [article(entry, meeting, register, files) for entry in entries]
    heading = el("div", *head, class_="meeting-head")
    return el("section", heading, *articles, id=meeting.code, class_="meeting")


def _open_matters(entries: list[RegisterEntry]) -> str:
    """Return how many papers came late and how many corrections are open; revisions share corrections."""
    late = len({entry.base for entry in entries if entry.late})
    corrections = {entry.base: entry.corrections for entry in entries}
    open_count = sum(len(sentences) for sentences in corrections.values())
    counts = [html_elements.count(late, "late paper")] if late else []
    return ", ".join([*counts, *([html_elements.count(open_count, "open correction")] if open_count else [])])


def _indicators(register: Register) -> Iterator[Markup]:
    if not register.indicators:
        return
    explanation = (
        "Counted from every return received until now; an item that several economies report counts once."
        " A paper counts only the returns received by its own date. A year for which no economy reported is"
        " shown as not reported, not as 0."
    )
    plans = groupby(register.indicators, lambda indicator: indicator.plan)
    by_plan = [(plan, list(indicators)) for plan, indicators in plans]
    yield el(
        "section",
        el("h2", "Indicators", id="indicators"),
        el("p", explanation),
        *[element for plan, own in by_plan for element in _of_plan(plan if len(by_plan) > 1 else "", own)],
        aria_labelledby="indicators",
    )


def _of_plan(title: str, indicators: list[RegisterIndicator]) -> Iterator[Markup]:
    """Return the indicators of a plan, under its title if there is one; charts of one unit can be compared."""
    if title:
        yield el("p", title, class_="plan")
    highest = indicator_charts.highest_figures(indicators)
    yield from (indicator_charts.indicator_section(one, highest[one.unit]) for one in indicators)


def _is_checked(register: Register) -> bool:
    return any(entry.findings is not None for entry in register.entries)


def _findings(register: Register) -> Iterator[Markup]:
    """Yield the findings of the checks by paper, if papers were checked."""
    if not _is_checked(register):
        return
    with_findings = [(entry, entry.findings) for entry in register.entries if entry.findings]
    number = sum(len(findings) for _, findings in with_findings)
    checked = sum(entry.findings is not None for entry in register.entries)
    result = html_elements.count(number, "finding") if number else "nothing found"
    head = el("h2", "Findings of the checks", id="findings")
    summary = el("p", f"{html_elements.count(checked, 'paper')} checked: {result}.")
    sections = [_findings_of(entry, findings) for entry, findings in with_findings]
    yield el("section", head, summary, *sections, aria_labelledby="findings", class_="findings")


def _findings_of(entry: RegisterEntry, findings: tuple[RegisterFinding, ...]) -> Markup:
    link = el("a", entry.number, href=f"#{entry.anchor}")
    return el(
        "section",
        el("h3", link, " ", html_elements.title_of(entry)),
        el("ul", *[el("li", *_finding(finding)) for finding in findings]),
        id=f"findings-{entry.anchor}",
    )


def _finding(finding: RegisterFinding) -> list[Markup]:
    where = [el("span", f" {finding.where}: ", class_="where")] if finding.where else []
    text = f"found {finding.found}; expected {finding.expected}. {finding.todo}"
    return [el("b", f"{finding.severity} "), *where, el("span", text), el("small", f" {finding.code}")]


def _footer() -> Markup:
    data = el("a", "papers.json", href=f"./{DATA}")
    feed = el("a", "Atom feed", href=f"./{FEED}")
    text = "This page loads nothing from other sites. The same facts as files: "
    return el("footer", el("p", text, data, ", ", feed, "."))
