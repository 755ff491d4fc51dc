"""The pages as a whole: the register itself, and a page of figures a paper."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from itertools import groupby
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from papers.register import figures, markup
from papers.register.articles import article
from papers.register.markup import Markup, el, escaped, joined, screen_reader_only
from papers.register.related_files import figures_of
from papers.store.outputs import DATA, FEED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.register.facts import Register, RegisterEntry, RegisterFinding, RegisterMeeting

_WEB = Path(__file__).parent / "web"


def register(index: Register, base: Path) -> bytes:
    """The page of all papers."""
    parts = [
        el("h2", "Papers", id="papers"),
        *[_meeting(meeting, index, base) for meeting in index.held],
    ]
    main = [el("section", *parts, aria_labelledby="papers"), *_indicators(index), *_findings(index)]
    return _page(
        index,
        title=f"{index.code}: register of papers",
        skip="Skip to the papers",
        head=joined([_masthead(index), _search()]),
        nav=_navigation(index),
        main=joined(main),
        foot=_foot(),
        script=_web("register.js"),
        links=el("link", rel="alternate", type="application/atom+xml", href=f"./{FEED}", title="Papers"),
    )


def made_from(entry: RegisterEntry, index: Register) -> bytes:
    """A line that stands in the page of a paper's figures: as long as it would be the same, so would be the page."""
    words_ = (_program(), index.language, index.name, entry.number, entry.title, entry.figures.sha256)
    return f"<!-- made from {hashlib.sha256(repr(words_).encode()).hexdigest()} -->".encode()


@cache
def _program() -> str:
    """The digest of all that makes a page, but its facts."""
    files = sorted([*Path(__file__).parent.glob("*.py"), *_WEB.iterdir()])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def traces_page(entry: RegisterEntry, index: Register, to_register: str) -> bytes:
    """The page with the figures of a paper. `to_register` leads from it to the register."""
    back = el("a", f"{entry.number} in the register", href=f"{to_register}#{entry.anchor}")
    head = el(
        "header",
        el("p", index.name, class_="above"),
        el("h1", "Figures and their cells"),
        el("p", entry.number, ", ", markup.title_of(entry), class_="below"),
        el("p", back),
        class_="masthead",
    )
    told = "Each figure opens to the cells of the input files that it was counted from."
    return _page(
        index,
        title=f"{entry.number}: figures and their cells",
        skip="Skip to the figures",
        head=head,
        nav=Markup(),
        main=joined([el("p", told), figures.traces(figures_of(entry.figures))]),
        foot=Markup(),
        script="",
        links=Markup(made_from(entry, index).decode()),
    )


@cache
def _web(name: str) -> str:
    return (_WEB / name).read_text(encoding="utf-8")


def _page(index: Register, title: str, skip: str, script: str, **parts: Markup) -> bytes:
    """A page that may load nothing but what it holds, and the text for its search."""
    style = _web("register.css")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    policy += f"; script-src {_hash(script)} 'self'" if script else ""
    filled = Template(_web("page.html")).substitute(
        language=escaped(index.language),
        policy=policy,
        title=escaped(title),
        skip=skip,
        style=style,
        script=f"<script>{script}</script>" if script else "",
        **parts,
    )
    return filled.encode("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _masthead(index: Register) -> Markup:
    held = index.held
    years = sorted({meeting.start[:4] for meeting in held if meeting.start})
    span = f", {years[0]}" + (f" to {years[-1]}" if years[-1] != years[0] else "") if years else ""
    told = f"{markup.count(index.papers(), 'paper')} of {markup.count(len(held), 'meeting')}{span}"
    return el(
        "header",
        el("p", index.organisation, class_="above"),
        el("h1", index.name),
        el("p", "Register of papers", class_="below"),
        el("p", told, class_="extent"),
        class_="masthead",
    )


def _search() -> Markup:
    """The search; hidden until the script that does it is there."""
    label = el("label", "Search titles and full text", for_="search")
    field = el("input", id="search", type="search", autocomplete="off", spellcheck="false")
    status = el("p", role="status", id="told")
    return el("search", label, field, status, id="searching", hidden=True)


def _navigation(index: Register) -> Markup:
    years = []
    for year, meetings in groupby(index.held, lambda meeting: meeting.start[:4]):
        links = [el("li", _to(meeting, index)) for meeting in meetings]
        years.append(el("li", el("b", year or "Undated"), el("ul", *links)))
    further = []
    if index.indicators:
        further.append(el("li", el("a", "Indicators", href="#indicators")))
    if _checked(index):
        further.append(el("li", el("a", "Findings of the checks", href="#findings")))
    more = [el("ul", *further, class_="further")] if further else []
    return el("nav", el("h2", "Meetings"), el("ul", *years), *more, aria_label="Meetings and further parts")


def _to(meeting: RegisterMeeting, index: Register) -> Markup:
    return el(
        "a",
        meeting.code,
        el("small", f" {index.papers(meeting)}"),
        screen_reader_only(" papers"),
        href=f"#{meeting.code}",
    )


def _meeting(meeting: RegisterMeeting, index: Register, base: Path) -> Markup:
    where = ", ".join(part for part in (meeting.place, meeting.dates) if part)
    head = [el("h3", markup.runs(meeting.name)), el("p", el("b", meeting.code), f"  {where}", class_="where")]
    if told := _to_know(index.of(meeting)):
        head.append(el("p", f"{told}."))
    entries = [article(entry, meeting, index, base) for entry in index.of(meeting)]
    return el("section", el("div", *head, class_="convened"), *entries, id=meeting.code, class_="meeting")


def _to_know(entries: list[RegisterEntry]) -> str:
    """How many papers of a meeting came late, and how many corrections are open: one is of all revisions of a paper."""
    late = len({entry.base for entry in entries if entry.late})
    still = sum(len(told) for told in {entry.base: entry.corrections for entry in entries}.values())
    counts = [markup.count(late, "late paper")] if late else []
    return ", ".join([*counts, *([markup.count(still, "open correction")] if still else [])])


def _indicators(index: Register) -> Iterator[Markup]:
    if not index.indicators:
        return
    told = (
        "Counted from every return received until now; an item that several economies report counts once. A paper counts"
        " what had come by its day. A year that nobody reported for is told as such, and is not nought."
    )
    most = figures.highest(index.indicators)
    parts = [figures.indicator(one, most) for one in index.indicators]
    yield el(
        "section",
        el("h2", "Indicators", id="indicators"),
        el("p", told),
        *parts,
        aria_labelledby="indicators",
    )


def _checked(index: Register) -> bool:
    return any(entry.findings is not None for entry in index.entries)


def _findings(index: Register) -> Iterator[Markup]:
    """What the checks found, a paper after the other; that they found nothing is told too."""
    if not _checked(index):
        return
    of = [(entry, entry.findings) for entry in index.entries if entry.findings]
    number = sum(len(found) for _, found in of)
    checked = sum(entry.findings is not None for entry in index.entries)
    told = f"{markup.count(checked, 'paper')} checked: {markup.count(number, 'finding') if number else 'nothing found'}."
    parts = [_findings_of(entry, found) for entry, found in of]
    head = el("h2", "Findings of the checks", id="findings")
    yield el("section", head, el("p", told), *parts, aria_labelledby="findings", class_="findings")


def _findings_of(entry: RegisterEntry, found: tuple[RegisterFinding, ...]) -> Markup:
    link = el("a", entry.number, href=f"#{entry.anchor}")
    items = [el("li", *_finding(one)) for one in found]
    return el(
        "section",
        el("h3", link, " ", markup.title_of(entry)),
        el("ul", *items),
        id=f"findings-{entry.anchor}",
    )


def _finding(one: RegisterFinding) -> list[Markup]:
    where = [el("span", f" {one.where}: ", class_="where")] if one.where else []
    told = f"found {one.found}; expected {one.expected}. {one.todo}"
    return [el("b", f"{one.severity} "), *where, el("span", told), el("small", f" {one.code}")]


def _foot() -> Markup:
    data = el("a", "papers.json", href=f"./{DATA}")
    feed = el("a", "Atom feed", href=f"./{FEED}")
    text = [
        "This page is made from the papers and loads nothing from elsewhere. Its facts as files: ",
        data,
        ", ",
        feed,
    ]
    return el("footer", el("p", *text, "."))
