"""The register in a real browser: search, links, traces, keyboard, phone, dark mode, without a script."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import re
import shutil
import sys
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from forum_tools import Forum
from organisation_tools import GRAMMAR
from papers.characters import printable
from papers.ledger.corrections import COLUMNS
from papers.problems import Problems
from papers.register import gather
from papers.register.facts import Register, TraceCell, TracedFigure
from papers.register.feeds import feed_xml, papers_json
from papers.register.html_elements import el
from papers.register.indicator_charts import traced_figure
from papers.register.pages import render_traces_page
from papers.register.paper_entries import article
from papers.register.search import SearchTexts
from papers.register.write import render_files
from papers.store.cache import Cache
from papers.store.files import digest
from papers.store.stages import write_stage
from papers.store.work_files import built_files
from playwright.sync_api import Browser, Page, expect, sync_playwright
from project_tools import ROOT, Project, copy_built, copy_of
from returns_tools import PER, PRACTICES, VNM, row, send_in

FORUM = "inputs/mini/forum.yaml"
MINI1, MINI2 = "inputs/mini/meetings/MINI1.yaml", "inputs/mini/meetings/MINI2.yaml"
PLAN, REVISED, WITHDRAWN = "2019/MINI1/003", "2019/MINI1/003rev1", "2019/MINI2/001"
TERMS, NASTY, REPORT = "2019/MINI2/002rev1", "2019/MINI2/004", "2019/MINI2/005"
PURPOSE = "inputs/mini/terms-of-reference/purpose.md"
TITLE = '<script>document.title="bad"</script> <a href="javascript:alert(1)">x</a> \u200dgnp.exe & "quotes"'
WHY = "a <b>wrong</b> date"
MORE = f"""  - number: {NASTY}
    kind: terms-of-reference
    title: {json.dumps(TITLE)}
    submitted_by:
      - APEC Secretariat
    access: restricted
    reason: Not agreed yet
    restricted_until: 2020-03-01
"""
LATE, RECEIVED = "2019/MINI2/007", "inputs/mini/received/MINI2/update.docx"
SENT = f"""  - number: {LATE}
    file: received/MINI2/update.docx
    received: 2019-08-22T03:30+02:00
    allowed_by: Chair
    title: Project Update
    submitted_by:
      - Viet Nam
"""
CORRECTIONS = "inputs/mini/corrections.csv"
CORRECTION = f"""id,paper,place,as_printed,correct,reported_by,verified_by,status,closed_by
C1,{PLAN},title,Mini,Small,Viet Nam,,open,
"""
INDICATORS = """  - number: 2019/MINI2/005
    kind: indicator-report
    title: Indicators of 2019
    submitted_by:
      - APEC Secretariat
    plan: plan-2019-2020
    year: 2019
    as_of: 2020-02-01
"""
FIRST = """  - number: 2019/MINI2/002
    kind: terms-of-reference
    title: First Draft of the Terms
    submitted_by:
      - APEC Secretariat
"""
PDF = "pdf/2019/MINI2/19_mini2_002rev1.pdf"
REGISTER = "forums/mini"
PAGE, TRACES = f"{REGISTER}/index.html", f"{REGISTER}/traces/2019-MINI2-005.html"
MADE = (PAGE, *(f"{REGISTER}/{name}" for name in ("papers.json", "feed.xml", "text.js")), TRACES)
PAGES = (PAGE, TRACES, "index.html")
WINDOWS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 360, "height": 740}},
}


def record(project: Project, *words: str) -> None:
    run = project.run(sys.executable, "scripts/forum_papers.py", *words, "by=APEC Secretariat")
    assert run.code == 0, run.err


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """The miniature forum with returns, a revised and a withdrawn paper, and all that other commands make from a paper."""
    project = copy_built(tmp_path_factory.mktemp("register") / "forum")
    forum = Forum(project.root)
    joint = row(title="A workshop on locks", date=row()["date"], jointly_with="Viet Nam")
    send_in(forum, PER, row(), joint, row(title="A study of keys", indicator=PRACTICES))
    send_in(forum, VNM, {**joint, "jointly_with": "Peru"})
    forum.write(
        MINI2,
        forum.text(MINI2).replace(
            "  - number: 2019/MINI2/002rev1", f"{MORE}{INDICATORS}{SENT}{FIRST}  - number: {TERMS}"
        ),
    )
    forum.replace(MINI2, "papers:\n", "cut_off: 2019-08-20T17:00\ntime_zone: America/Santiago\npapers:\n")
    forum.write(RECEIVED, (ROOT / "inputs/smewg/received/SMEWG47/viet-nam-digital-trade.docx").read_bytes())
    forum.write(FORUM, f"{forum.text(FORUM)}feed_authority: example.org,2019\n")
    forum.replace(PURPOSE, "To bring economies together", "To bring countries together")
    record(project, "issue", f"paper={PLAN},{WITHDRAWN}", "why=two weeks before", "date=2019-03-14")
    record(project, "revise", f"paper={PLAN}", f"why={WHY}", "date=2019-03-20")
    forum.write(CORRECTIONS, CORRECTION)
    record(project, "withdraw", f"paper={WITHDRAWN}", "why=sent in twice", "date=2019-08-21")
    convert(project)
    run = project.build("all", "changes")
    assert run.code == 0, run.err
    return project


def convert(project: Project) -> None:
    """Write a PDF as the rule `pdf` does."""
    file, data = PDF.removeprefix("pdf/"), b"%PDF-1.7\n"
    facts = {"number": TERMS, "title": "", "kind": "pdf", "file": file, "sha256": digest(data)}
    folder = project.root / "outputs/work/mini/pdf/MINI2"
    write_stage(folder, {file: data}, papers=[facts], converted=[{"file": file, "of": {}}])


@pytest.fixture(scope="module")
def out(project) -> Path:
    return project.root / "outputs"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "found no Chromium; expected what make test-all installs, and its mark"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, out):
    """Open a page; at the end, no page may have reported an error or requested anything outside its own folder."""
    faults, contexts = [], []

    def open_page(place: str = PAGE, home: str = f"{out.as_uri()}/", **window) -> Page:
        contexts.append(browser.new_context(**{**WINDOWS["light"], **window}))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text))
        page.on("dialog", lambda dialog: faults.append(dialog.message))
        page.on("request", lambda request: request.url.startswith(home) or faults.append(request.url))
        page.goto(home + place)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def search(page: Page, words: str) -> list[str]:
    """Search for words; return the numbers of the papers that are then shown."""
    page.locator("#search").press("Escape")
    page.locator("#search").fill(words)
    expect(page.locator("#search-status")).to_have_text(re.compile(r"found\.$"))  # the text is loaded
    return page.locator(".paper:visible .number").all_inner_texts()


def entry(page: Page, number: str):
    return page.locator(f"[id='{number.replace('/', '-')}']")


@pytest.mark.chromium
def test_search_as_you_type_finds_a_title(opened):
    page = opened()
    page.locator("#search").press_sequentially("strat mini1")
    expect(page.locator("#search-status")).to_have_text("2 papers found.")
    assert page.locator(".paper:visible .number").all_inner_texts() == [REVISED, PLAN]
    page.locator("#search").press("Escape")
    assert page.locator(".paper:visible").count() == 8 and page.locator("#search-status").inner_text() == ""


@pytest.mark.chromium
def test_search_finds_a_word_of_the_text_and_shows_the_line_with_it(opened):
    page = opened()
    found = search(page, "HOST vice")
    assert {TERMS, "2019/MINI2/002", NASTY} <= {*found} and WITHDRAWN not in found
    snippet = entry(page, TERMS).locator(".snippet")
    assert snippet.inner_text() == "a Vice-Chair, from the next host; and"
    assert snippet.locator("mark").all_inner_texts() == ["Vice", "host"]


@pytest.mark.chromium
def test_search_ignores_accents_and_finds_numbers(opened):
    page = opened()
    assert search(page, "valparaiso") == [REVISED, PLAN]  # the cover has Valparaíso
    assert search(page, NASTY) == [NASTY]
    assert search(page, "zebra") == [] and page.locator("#search-status").inner_text() == "No papers found."


@pytest.mark.chromium
def test_a_link_to_a_paper_that_the_search_hides_shows_the_paper(opened):
    page = opened()
    search(page, NASTY)
    page.evaluate("location.hash = '2019-MINI1-003'")
    entry(page, PLAN).wait_for(state="visible")
    assert page.locator("#search").input_value() == ""


@pytest.mark.chromium
def test_the_keyboard_alone_skips_to_the_papers_and_goes_from_the_search_to_a_file(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the papers"
    assert page.locator(".skip").bounding_box()["y"] > 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "All forums"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.paper').id") == "2019-MINI2-001"
    page.locator("#search").focus()
    page.keyboard.type("strat mini1")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('href')").endswith("19_mini1_003rev1.docx")


@pytest.mark.chromium
def test_a_record_opens_by_keyboard_and_shows_who_did_what_when_and_why(opened):
    page = opened()
    entry(page, REVISED).locator("summary").focus()
    page.keyboard.press("Enter")
    history = entry(page, REVISED).locator("ol li").all_inner_texts()
    assert history == [
        f"14 March 2019, issued ({PLAN}) by APEC Secretariat: two weeks before",
        f"20 March 2019, revision begun by APEC Secretariat: {WHY}",
    ]


def links(page: Page) -> Iterator[str]:
    for link in page.locator("[href]").all():
        if link.get_attribute("href") != "data:,":
            yield link.get_attribute("href")


@pytest.mark.chromium
@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_an_existing_file_and_anchor(opened, out, name):
    page, found = opened(name), 0
    for href in set(links(page)):
        place, anchor = urldefrag(urljoin((out / name).as_uri(), href))
        file = Path(unquote(place.removeprefix("file://")))
        assert file.is_file(), href
        if anchor:
            html = file.read_text(encoding="utf-8")
            assert html.count(f'id="{anchor}"') == 1, href
        found += 1
    assert found > (20 if name == PAGE else 3 if name == "index.html" else 0)


@pytest.mark.chromium
def test_the_latest_link_leads_to_the_newest_revision_and_an_older_one_says_so(opened, project, out):
    page = opened(f"{PAGE}#2019-MINI1-003-latest")
    newest = page.locator(":target").locator("xpath=ancestor::article")
    assert newest.locator(".number").inner_text() == REVISED
    banner = entry(page, PLAN).locator(".banner")
    assert banner.first.inner_text() == f"Being revised: {REVISED} is in preparation and not issued yet."
    banner.locator("a").click()
    assert page.url.endswith("#2019-MINI1-003rev1")
    kept = out / "issued/2019/MINI1/19_mini1_003.docx"
    assert (
        kept.read_bytes() == (project.root / "inputs/mini/issued/2019/MINI1/19_mini1_003.docx").read_bytes()
    )


@pytest.mark.chromium
def test_a_revision_that_replaces_another_without_a_ledger_supersedes_it(opened):
    page = opened()
    assert entry(page, "2019/MINI2/002").locator(".banner").inner_text() == f"Superseded by {TERMS}."


@pytest.mark.chromium
def test_a_withdrawn_paper_keeps_its_number_and_loses_its_file(opened, out):
    page = opened()
    banner = entry(page, WITHDRAWN).locator(".banner").inner_text()
    assert banner == "Withdrawn on 21 August 2019: sent in twice. It is no longer in circulation."
    assert entry(page, WITHDRAWN).locator(".files").count() == 0
    assert not list(out.glob("issued/2019/MINI2/*"))


@pytest.mark.chromium
def test_a_paper_links_what_other_commands_made_from_it(opened):
    page = opened()
    links = entry(page, TERMS).locator(".files a").all_text_contents()
    assert [re.sub(r" [\d,]+ KB", "", words) for words in links] == [
        f"Word of {TERMS}",
        f"PDF of {TERMS}",
        f"Changes since 2019/MINI2/002 of {TERMS}",
        f"1 finding of {TERMS}",
    ]
    finding = page.locator("[id='findings-2019-MINI2-002rev1'] li").inner_text()
    assert PURPOSE in finding and "countries" in finding and "; expected " in finding


@pytest.mark.chromium
def test_a_restricted_paper_says_so(opened):
    page = opened()
    assert "Restricted until 1 March 2020" in entry(page, NASTY).locator(".facts").inner_text()


@pytest.mark.chromium
def test_each_figure_of_an_indicator_opens_to_the_cells_that_it_was_counted_from(opened):
    page = opened()
    section = page.locator("#indicator-plan-2019-2020-activities")
    assert section.locator("svg").get_attribute("aria-label") == (
        "Column chart of Activities carried out. 2019: 2; 2020: not reported."
    )
    figure = section.locator("#figure-plan-2019-2020-activities-2019")
    assert not figure.locator(".cells").is_visible()
    figure.locator("summary").click()
    assert figure.locator("summary").inner_text().split() == ["2", "3", "cells", "in", "2", "files"]
    assert figure.locator(".cells > li > code").all_inner_texts() == [
        f"{PER}, sheet Return",
        f"{VNM}, sheet Return",
    ]
    assert figure.locator(".cells li li").all_inner_texts() == [
        "A7: A workshop on doors 1",
        "A8: A workshop on locks (jointly with Viet Nam) 1",
        "A7: A workshop on locks (jointly with Peru; counted at Peru) 0",
    ]
    assert section.locator("tbody tr").nth(1).inner_text().split("\t") == ["2020", "not reported"]


@pytest.mark.chromium
def test_each_figure_of_a_paper_opens_to_its_cells_in_the_order_of_the_sheet(opened, out):
    page = opened(TRACES)
    trace = json.loads((out / "work/mini/traces/2019/MINI2/19_mini2_005.json").read_bytes())
    figures = page.locator(".trace").all()
    assert len(figures) == len(trace["figures"]) > 5
    for figure, one in zip(figures, trace["figures"], strict=True):
        assert figure.locator("summary b").inner_text() == one["figure"]
        figure.locator("summary").click()
        sources = {at for part in one.get("of", [one]) for at in part["sources"]}
        cells = [cell for at in sources for cell in trace["sources"][at]["cells"]]
        shown_cells = figure.locator(".cells li li code")
        assert sorted(shown_cells.all_inner_texts()) == sorted(
            cell.get("cell") or f"line {cell['line']}" for cell in cells
        )
        assert not cells or shown_cells.first.is_visible()


def test_cells_are_in_the_order_of_the_sheet():
    cells = tuple(TraceCell("per.xlsx", "Return", cell, "1") for cell in ("A10", "B2", "A8"))
    html = traced_figure(TracedFigure("3", "", "", cells), "x")
    assert re.findall(r"<code>([AB]\d+)", html) == ["A8", "A10", "B2"]


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")


@pytest.mark.chromium
@pytest.mark.parametrize(
    ("name", "window"),
    [*[(name, window) for name in (PAGE, "index.html") for window in WINDOWS], (TRACES, "dark")],
)
def test_axe_finds_no_accessibility_fault(opened, name, window):
    page = opened(name, **WINDOWS[window])
    for _ in range(2):
        broken = Axe().run(page).response
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in broken["violations"]] == []
        assert len(broken["passes"]) > 15
        open_all(page)


@pytest.mark.chromium
def test_axe_finds_no_accessibility_fault_in_search_results(opened):
    page = opened(**WINDOWS["dark"])
    search(page, "terms")
    assert page.locator("mark").count() > 0
    assert Axe().run(page).response["violations"] == []


@pytest.mark.chromium
@pytest.mark.parametrize("name", PAGES)
def test_a_phone_never_scrolls_sideways(opened, name):
    page = opened(name, **WINDOWS["phone"])
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.chromium
def test_without_a_script_everything_but_the_search_works(opened):
    page = opened(java_script_enabled=False)
    assert page.locator(".paper:visible").count() == 8
    assert not page.locator("#search").is_visible()
    figure = page.locator("#figure-plan-2019-2020-activities-2019")
    figure.locator("summary").click()
    assert figure.locator(".cells").is_visible()


@pytest.mark.chromium
def test_a_title_with_markup_is_shown_as_text(opened):
    page = opened()
    title = entry(page, NASTY).locator("h4")
    assert title.inner_text() == TITLE.replace("\u200d", "[U+200D]")
    assert page.title() == "MINI: register of papers"
    assert page.locator("[href^='javascript']").count() == 0
    assert page.locator("script").count() == 1
    assert search(page, "gnp") == [NASTY]


@pytest.mark.chromium
def test_the_page_loads_and_runs_nothing_from_outside(browser, out):
    """Without the fixture `opened`: here the browser must report errors."""
    page, messages = browser.new_page(), []
    page.on("console", lambda line: messages.append(line.text))
    page.goto((out / PAGE).as_uri())
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.inside = 1";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.inside = 2'>");
    }""")
    assert page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'in', () => 'out')") == "out"
    assert page.evaluate("window.inside") is None
    assert sum("Content Security Policy" in line for line in messages) >= 3
    page.close()


@pytest.mark.chromium
def test_it_works_from_a_web_server(opened, out):
    handler = functools.partial(Quiet, directory=str(out))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            page = opened(home=f"http://127.0.0.1:{server.server_port}/")
            assert search(page, "strat mini1") == [REVISED, PLAN]
        finally:
            server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.mark.chromium
def test_without_the_text_file_titles_are_searched_and_the_page_says_so(browser, out, tmp_path):
    shutil.copy(out / PAGE, tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    page.locator("#search").fill("strategic")
    status = "2 papers found; only titles were searched, as text.js is not there."
    expect(page.locator("#search-status")).to_have_text(status)
    page.close()


def test_papers_json_has_an_entry_per_number_with_the_documented_keys(out):
    data = json.loads((out / REGISTER / "papers.json").read_bytes())
    papers = {paper["number"]: paper for paper in data["papers"]}
    assert data["format"] == 1 and list(papers) == [
        REVISED,
        PLAN,
        WITHDRAWN,
        TERMS,
        "2019/MINI2/002",
        NASTY,
        REPORT,
        LATE,
    ]
    states = ["built", "revising", "withdrawn", "built", "superseded", "built", "built", "built"]
    assert [paper["state"] for paper in papers.values()] == states
    described = re.findall(
        r"^\| `(\w+)` \|", (ROOT / "docs/register.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert all(sorted(paper) == sorted(described) for paper in papers.values())
    for number in (REVISED, PLAN, TERMS):
        file = out / REGISTER / papers[number]["word"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == papers[number]["sha256"]
    assert papers[PLAN]["latest"] == REVISED and papers[PLAN]["latest_link"] == papers[REVISED]["latest_link"]


def test_the_feed_is_atom_with_permanent_ids_and_dates_of_the_ledger(out):
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.parse(out / REGISTER / "feed.xml").getroot()
    entries = feed.findall(f"{atom}entry")
    found = {one.find(f"{atom}id").text: one.find(f"{atom}updated").text for one in entries}
    assert len(found) == len(entries) == 8
    assert found["tag:example.org,2019:MINI/2019/MINI1/003"] == "2019-03-14T00:00:00Z"
    assert found["tag:example.org,2019:MINI/2019/MINI1/003rev1"] == "2019-03-20T00:00:00Z"
    assert feed.find(f"{atom}updated").text == max(found.values()) == "2019-09-04T00:00:00Z"
    for one in [feed, *entries]:
        assert all(one.find(f"{atom}{name}") is not None for name in ("id", "title", "updated", "author"))


def test_without_an_authority_the_ids_of_the_feed_are_uuids_of_forum_and_number(register):
    def ids(register: Register) -> list[str]:
        return re.findall(r"<id>([^<]*)</id>", feed_xml(register).decode())

    without = replace(register, feed_authority="")
    assert len(set(ids(without))) == 9 and all(
        re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one) for one in ids(without)
    )
    assert ids(replace(without, entries=without.entries[::-1])) == ids(without)
    assert not set(ids(replace(without, code="OTHER"))) & set(ids(without))


def test_an_invalid_feed_authority_is_a_problem(forum):
    forum.write(FORUM, f"{forum.text(FORUM)}feed_authority: the Secretariat\n")
    (problem,) = forum.problems()
    assert problem.place.file == FORUM and "example.org,2016" in problem.expected


@pytest.mark.chromium
def test_late_papers_and_open_corrections_are_shown_at_the_paper_and_at_its_meeting(opened, out):
    page = opened()
    late = "Late: received on 21 August 2019 (cut-off 20 August 2019), allowed by Chair"
    expect(entry(page, LATE).locator(".facts")).to_contain_text(late)
    expect(page.locator("#MINI2 .meeting-head")).to_contain_text("1 late paper.")
    correction = "Correction C1, title: “Mini” should read “Small”"
    expect(entry(page, PLAN).locator(".banner").last).to_have_text(f"Open: {correction}.")
    expect(page.locator("#MINI1 .meeting-head")).to_contain_text("1 open correction.")
    papers = {
        one["number"]: one for one in json.loads((out / REGISTER / "papers.json").read_bytes())["papers"]
    }
    assert papers[LATE]["late"] == late and papers[PLAN]["corrections"] == [correction]
    assert [number for number, one in papers.items() if one["late"] or one["corrections"]] == [
        REVISED,
        PLAN,
        LATE,
    ]


def test_the_correction_of_a_restricted_paper_is_shown_without_its_words(register):
    rows = [
        {
            **dict.fromkeys(COLUMNS, "secret"),
            "id": "C2",
            "paper": NASTY,
            "status": "open",
            "first": 2,
            "last": 2,
        }
    ]
    shown = {
        one.number: one.corrections for one in gather._with_corrections(list(register.entries), rows, GRAMMAR)
    }
    assert shown.pop(NASTY) == ("Correction C2 is open",) and not any(shown.values())


def made(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in MADE}


def test_the_same_inputs_give_the_same_bytes_elsewhere(project, out, tmp_path):
    other = copy_of(project, tmp_path / "elsewhere")
    for name in MADE:
        (other.root / "outputs" / name).unlink()
    shutil.rmtree(other.root / "outputs/work/mini/cache")
    command = (
        "scripts/publish.py",
        "--forum",
        "mini",
        "--logo",
        "",
        "--work",
        "outputs/work/mini",
        "--log",
        "publish.json",
    )
    run = other.run(sys.executable, *command, TZ="Asia/Kathmandu", LC_ALL="C", PYTHONHASHSEED="7")
    assert run.code == 0, run.err
    assert made(other.root / "outputs/work/mini/register") == made(out)


@pytest.mark.slow
def test_after_other_commands_the_register_is_up_to_date_and_a_lost_file_is_delivered_again(
    project, tmp_path
):
    other = copy_of(project, tmp_path / "forum")
    assert other.build().out.startswith("Nothing to be done")
    before = other.papers()
    (other.root / "outputs" / PDF).unlink()
    assert other.build().code == 0
    assert (other.root / "outputs" / PDF).is_file()
    assert other.papers() == before and other.build().out.startswith("Nothing to be done")


@pytest.mark.slow
def test_what_was_recorded_is_shown_at_once_even_after_a_failed_build(project, tmp_path):
    other = copy_of(project, tmp_path / "forum")
    record(other, "issue", f"paper={REVISED}", "date=2019-03-21")
    page = (other.root / "outputs" / PAGE).read_text(encoding="utf-8")
    assert 'Superseded by <a href="#2019-MINI1-003rev1">' in page and "21 March 2019" in page
    shutil.rmtree(other.root / "outputs/work/mini/filled/MINI1")  # as Snakemake does when a job fails
    record(other, "revise", f"paper={REVISED}", "why=again", "date=2019-03-22")


def test_make_clean_removes_it(project, tmp_path):
    other = copy_of(project, tmp_path / "forum")
    (other.root / "outputs" / PDF).unlink()
    assert other.run(sys.executable, "scripts/forum_papers.py", "clean").code == 0
    assert [path for path in (other.root / "outputs").rglob("*") if path.is_file()] == []


@pytest.fixture
def register(project, monkeypatch) -> Register:
    monkeypatch.chdir(project.root)
    problems = Problems()
    register = gather.gather_register(
        Path("outputs/work/mini"), built_files(Path("outputs/work/mini")), problems
    )
    assert not problems
    return register


def test_a_subset_of_the_register_mentions_no_other_paper(register, out, tmp_path):
    hidden = (NASTY, "2019/MINI2/002", PLAN)
    some = register.subset(one.number for one in register.entries if one.number not in hidden)
    assert [one.number for one in some.entries] == [REVISED, WITHDRAWN, TERMS, REPORT, LATE]
    files = render_files(some, built_files(out / "work/mini"), SearchTexts(Cache(tmp_path), "the program"))
    traced = [one for one in some.entries if one.trace]
    assert traced
    files |= {one.traces_page: render_traces_page(one, some) for one in traced}
    for name, content in files.items():
        text = content.decode("utf-8")
        assert "gnp.exe" not in text and "2019-MINI2-004" not in text and "First Draft" not in text, name
        if not name.endswith("text.js"):  # the cover of a revision names the paper that it supersedes
            assert not [number for number in hidden if re.search(rf"{number}(?!rev)", text)], name


def test_a_paper_that_was_received_as_pdf_is_linked_as_pdf(register):
    sent = replace(register.entries[0], file=PDF, pdf="")
    files = {PDF: b"%PDF-1.7"}
    page = article(sent, register.meetings[0], replace(register, entries=(sent,)), files)
    assert re.findall(r'<a href="([^"]*)">(PDF|Word)', page) == [(f"../../{PDF}", "PDF")]
    data = json.loads(papers_json(replace(register, entries=(sent,)), files))["papers"][0]
    assert (data["word"], data["pdf"]) == ("", f"../../{PDF}")


def test_the_figures_of_the_indicators_add_up(register):
    added = 0
    for one in register.indicators:
        for figure in (figure for _, figure in one.years if figure):
            assert int(figure.figure) == sum(int(cell.value) for cell in figure.cells)
            added += 1
    assert added == 2


def test_an_element_escapes_every_text_and_attribute():
    made = el("a", "<b>", el("i", "&"), href='"><script>', hidden=True, title=None)
    assert made == '<a href="&quot;&gt;&lt;script&gt;" hidden>&lt;b&gt;<i>&amp;</i></a>'


def test_invisible_characters_are_written_out():
    assert printable("a\u202eb\u2066c\x07\u200bd") == "a[U+202E]b[U+2066]c[U+0007][U+200B]d"
    assert printable("Valparaíso, Việt Nam, 日本\n") == "Valparaíso, Việt Nam, 日本\n"
