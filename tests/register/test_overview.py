"""The page that lists the forums, made from their delivered registers."""

from __future__ import annotations

import html
import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from papers.register.overview import deliver_overviews, overview_page
from papers.wording.english import dates
from project_tools import build_once

REGISTER = "forums/mini/papers.json"
LATEST = {"code": "B2", "name": "2nd <Bay> Meeting", "place": "Lima, Peru", "start": "2022-03-30", "end": "2022-04-01"}  # fmt: skip
UNDATED = {"code": "B3", "name": "3rd Bay Meeting", "place": "", "start": "", "end": ""}


FACTS = {"code": "", "name": "", "organisation": ""}
DAMAGED = [
    b"",
    b"[]",
    b"{}",
    *(json.dumps(data).encode() for data in (
        {"forum": 1},
        {"forum": FACTS},
        {"forum": FACTS, "papers": [], "meetings": [{**LATEST, "start": "soon"}]},
    )),
]  # fmt: skip


@pytest.fixture
def outputs(tmp_path) -> Path:
    """The outputs of the miniature forum, without their intermediate files."""
    folder = tmp_path / "outputs"
    shutil.copytree(
        build_once().root / "outputs", folder, ignore=shutil.ignore_patterns("work", "index.html")
    )
    for top in (folder, folder / "public"):
        (top / "forums/mini/index.html").write_text("page", encoding="utf-8")
    return folder


def add_forum(outputs: Path, folder: str, papers: int = 1, **changes: object) -> None:
    """Deliver the register of another forum, with papers of the miniature one."""
    data = json.loads((outputs / REGISTER).read_bytes())
    data["forum"].update(code=folder.upper(), name=f"{folder.capitalize()} <Group>")
    data |= {"papers": data["papers"][:papers], "meetings": [UNDATED, LATEST], **changes}
    (outputs / "forums" / folder).mkdir()
    (outputs / "forums" / folder / "papers.json").write_text(json.dumps(data), encoding="utf-8")


def page_of(folder: Path, with_empty: bool = True) -> str:
    return overview_page(folder, with_empty)[0].decode()


def words(page: str) -> str:
    """Return the text of a page, with one blank between its parts."""
    body = page.partition("<body>")[2]
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", body)).split())


def test_a_forum_is_listed_with_its_papers_its_latest_meeting_and_its_files(outputs):
    data = json.loads((outputs / REGISTER).read_bytes())
    page = page_of(outputs)
    papers = len({paper["latest_link"] for paper in data["papers"]})
    assert f"1 forum: {papers} papers of {len(data['meetings'])} meetings, 2019" in words(page)
    latest = max(data["meetings"], key=lambda meeting: meeting["start"])
    days = dates(*(date.fromisoformat(latest[day]) for day in ("start", "end")))
    assert f"Latest meeting: {latest['name']} , {latest['place']}, {days} papers.json" in words(page)
    links = {html.unescape(link) for link in re.findall(r'href="(\./[^"]+)"', page)}
    assert f"./forums/mini/index.html#{latest['code']}" in links
    assert {"papers.json", "feed.xml"} < {Path(link).name for link in links}
    assert all((outputs / link.partition("#")[0]).is_file() for link in links)


def test_the_public_page_also_links_the_list_of_digests(outputs):
    assert 'href="./forums/mini/SHA256SUMS"' in page_of(outputs / "public")


def test_forums_are_in_the_order_of_their_names_and_count_together(outputs):
    add_forum(outputs, "bay", papers=2)
    page, alone = words(page_of(outputs)), words(page_of(outputs / "public"))
    assert page.index("Bay <Group>") < page.index("Mini Working Group")
    own = int(re.search(r"1 forum: (\d+) papers", alone)[1])
    assert f"2 forums: {own + 2} papers of 4 meetings, 2019 to 2022" in page
    assert "Latest meeting: 2nd <Bay> Meeting , Lima, Peru, 30 March-1 April 2022" in page
    assert "<Group>" not in page_of(outputs)


def test_organisations_are_named_at_each_forum_where_they_differ(outputs):
    organisation = "Asia-Pacific Economic Cooperation"
    assert words(page_of(outputs)).count(organisation) == 1
    add_forum(outputs, "bay", forum={"code": "BAY", "name": "Bay", "organisation": "Ports"})
    page = words(page_of(outputs))
    assert page.index("Ports") < page.index("Bay") and page.count(organisation) == 1


def test_a_forum_without_papers_is_on_the_page_for_delegates_alone(outputs):
    add_forum(outputs, "bay", papers=0, meetings=[])
    assert "BAY No papers yet" in words(page_of(outputs))
    assert "Bay" not in page_of(outputs, with_empty=False)


def test_without_public_papers_there_is_no_public_page(outputs):
    deliver_overviews(outputs)
    assert (outputs / "public/index.html").is_file()
    shutil.rmtree(outputs / "public/forums/mini")
    deliver_overviews(outputs)
    assert (outputs / "index.html").is_file() and not (outputs / "public/index.html").exists()


@pytest.mark.parametrize("content", DAMAGED)
def test_a_register_that_cannot_be_read_is_left_out_and_named(outputs, content):
    before = page_of(outputs)
    file = outputs / "forums/bay/papers.json"
    file.parent.mkdir()
    file.write_bytes(content)
    page, (notice,) = overview_page(outputs, with_empty=True)
    assert page.decode() == before
    assert notice.startswith(f"{file.as_posix()}: found a file that can't be read; expected ")


def test_the_same_registers_give_the_same_pages(outputs):
    add_forum(outputs, "bay")
    assert deliver_overviews(outputs) == []
    before = (outputs / "index.html").read_bytes()
    assert deliver_overviews(outputs) == [] and (outputs / "index.html").read_bytes() == before


def test_an_edited_page_is_kept_under_another_name(outputs):
    deliver_overviews(outputs)
    for page in (outputs / "index.html", outputs / "public/index.html"):
        page.write_bytes(b"edit")
    assert len(deliver_overviews(outputs)) == 2
    kept = ("index (edited copy 1).html", "kept-out-of-public/index (edited copy 1).html")
    assert [(outputs / name).read_bytes() for name in kept] == [b"edit", b"edit"]
