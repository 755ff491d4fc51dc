"""Documents and summary reports made by the real pipeline: what Word, validators, the ledger and the search get."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from document_inputs import PICTURE, add_documents
from docx.oxml.ns import qn
from papers.checks.accessibility import check_accessibility
from papers.docx.pictures import ChangedPicture, new_parts, picture_xml
from papers.docx.texts import read_texts
from project_tools import Project, copy_built
from validators import EACH_VALIDATOR
from word_tools import check_golden, dump, part, parts, png, words

NAMES = {"document": "19_mini2_003", "summary-report": "19_mini2_004"}


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """The miniature forum with a document and a record, built; no test may change it."""
    project = copy_built(tmp_path_factory.mktemp("documents") / "project")
    add_documents(project.root)
    run = project.build()
    assert run.code == 0, run.out + run.err
    return project


def paper(project: Project, kind: str) -> Path:
    return project.root / "outputs/papers/2019/MINI2" / f"{NAMES[kind]}.docx"


@pytest.fixture
def document(project):
    return part(paper(project, "document").read_bytes(), "word/document.xml")


def test_the_papers_are_as_reviewed(project, request):
    for kind in NAMES:
        text = dump(paper(project, kind).read_bytes())
        check_golden(f"documents/{kind}.txt", text, request.config.getoption("--golden"))


@pytest.mark.parametrize("kind", NAMES)
@EACH_VALIDATOR
def test_validators_find_nothing(project, kind, validate):
    assert validate(paper(project, kind)) == []


@pytest.mark.parametrize("kind", NAMES)
def test_tables_have_header_rows_and_pictures_alternative_texts(project, kind):
    texts = read_texts(paper(project, kind).read_bytes())
    assert [*check_accessibility(texts)] == [] and texts.faults == []
    assert all(table.header for table in texts.tables if not table.layout)


def test_pages_are_turned_for_the_part_that_asks_for_it(document):
    sizes = [section.find(qn("w:pgSz")) for section in document.iter(qn("w:sectPr"))]
    assert [size.get(qn("w:orient")) for size in sizes] == [None, None, "landscape", None]
    tables = [
        table for table in document.iter(qn("w:tbl")) if table.find(f".//{qn('w:tblHeader')}") is not None
    ]
    assert [table.find(f"{qn('w:tblPr')}/{qn('w:tblW')}").get(qn("w:w")) for table in tables] == [
        "13958",
        "9026",
        "9026",
    ]


def test_lists_have_numberings_of_their_own_that_go_on_after_a_text(project, document):
    numbering = part(paper(project, "document").read_bytes(), "word/numbering.xml")
    lists = {
        n.get(qn("w:numId")): n.find(qn("w:abstractNumId")).get(qn("w:val"))
        for n in numbering.iter(qn("w:num"))
    }
    levels = {a.get(qn("w:abstractNumId")): shown(a) for a in numbering.iter(qn("w:abstractNum"))}
    items = [
        (words(p), *(p.find(f".//{qn(f'w:{tag}')}").get(qn("w:val")) for tag in ("numId", "ilvl")))
        for p in document.iter(qn("w:p"))
        if p.find(f".//{qn('w:numPr')}") is not None
    ]
    letters, dotted = items[0][1], items[-1][1]
    assert items == [
        ("the north quay;", letters, "0"),
        ("in winter", letters, "1"),
        ("by day", letters, "2"),
        ("the south quay; and", letters, "0"),
        ("the ferry quay.", letters, "0"),
        ("Economies share their measures.", dotted, "0"),
        ("The Group reports each year.", dotted, "0"),
    ]
    assert levels[lists[letters]] == [("lowerLetter", "%1)"), ("bullet", "–"), ("bullet", "•")]
    assert levels[lists[dotted]] == [("decimal", "1.%1")] and letters != dotted


def shown(abstract) -> list[tuple[str, str]]:
    """Format and text of each level."""
    return [
        tuple(level.find(qn(f"w:{tag}")).get(qn("w:val")) for tag in ("numFmt", "lvlText"))
        for level in abstract.iter(qn("w:lvl"))
    ]


def test_a_picture_is_a_part_of_its_own_at_most_as_wide_as_the_text(project, document):
    (picture,) = document.iter(qn("wp:inline"))
    extent, about = picture.find(qn("wp:extent")), picture.find(qn("wp:docPr"))
    assert (extent.get("cx"), extent.get("cy")) == (str(9026 * 635), str(9026 * 635 // 4))
    assert about.get("descr") == 'Two bars: 2019 has "twice" the noise of 2020'
    package = parts(paper(project, "document").read_bytes())
    media = [data for name, data in package.items() if name.startswith("word/media/picture-")]
    assert media == [(project.root / PICTURE).read_bytes()]


def test_the_words_of_tables_and_captions_are_found_by_the_search(project):
    folder = project.root / "outputs/forums/mini"
    page = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    for word in ("Measure 39 against noise", "Noise at the quays", "Harbour Institute"):
        assert word.encode() in page


def test_provenance_has_the_digest_of_the_picture(project):
    provenance = json.dumps(
        json.loads((project.root / "outputs/forums/mini/provenance.json").read_text(encoding="utf-8"))
    )
    assert PICTURE in provenance


def test_an_issued_paper_whose_picture_changes_is_reported_with_the_picture(tmp_path):
    project = copy_built(tmp_path / "project")
    add_documents(project.root)
    assert project.build().code == 0
    issued = project.run(
        sys.executable, "scripts/forum_papers.py", "issue", "paper=2019/MINI2/003", "by=APEC Secretariat"
    )
    assert issued.code == 0, issued.err
    (project.root / PICTURE).write_bytes(png(900, 300))
    (problem,) = project.build().problems
    assert f"because {PICTURE} changed" in problem


def test_a_picture_elsewhere_in_the_forum_may_be_used_by_any_text(tmp_path):
    project = copy_built(tmp_path / "project")
    (project.root / "inputs/mini/figures").mkdir()
    (project.root / "inputs/mini/figures/bar.png").write_bytes(png())
    section = "inputs/mini/plan-2019-2020/sections/3-review.md"
    path = project.root / section
    text = "\n\n![A bar](../../figures/bar.png)\n\n| a | b |\n|---|---|\n| 1 | {{ first_year }} |\n"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    run = project.build()
    assert run.code == 0, run.err
    data = (project.root / "outputs/papers/2019/MINI1/19_mini1_003.docx").read_bytes()
    assert "[Table Text] 2019" in dump(data)
    assert any(name.startswith("word/media/picture-") for name in parts(data))


def test_a_picture_that_changes_while_papers_are_made_is_reported(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.png").write_bytes(png())
    picture = {"alt": "A", "file": "a.png", "sha256": "0" * 64, "size": [1, 1]}
    with pytest.raises(ChangedPicture, match=r"a\.png, which changed"):
        new_parts([picture], "<Types></Types>", "<Relationships></Relationships>")


@pytest.mark.parametrize(
    ("width", "size", "expected"),
    [
        (9026, [1000, 500], (1000, 500)),
        (9026, [11_463_020, 1_146_302], (5_731_510, 573_151)),
        (9026, [1_000_000, 20_000_000], (343_890, 6_877_812)),
        (13958, [8_863_330, 8_863_330], (4_874_832, 4_874_832)),
    ],
    ids=["small", "too wide", "too high", "too high for a landscape page"],
)
def test_a_picture_fits_the_page_and_keeps_its_form(width, size, expected):
    picture = {"alt": "A", "file": "a.png", "sha256": "", "size": size}
    xml = picture_xml(picture, "", 1, {"Body Text": "BodyText"}, width)
    assert 'cx="{}" cy="{}"'.format(*expected) in xml
