"""Received papers: their entries, deadlines and covers, and their way through the pipeline."""

from __future__ import annotations

import datetime
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from docx.oxml.ns import qn
from forum_tools import MINI2
from lxml import etree
from papers.docx.fill import Prepared
from papers.docx.package import Package
from papers.docx.template.prepare import put_logo, read_template, template_file
from papers.pdf.libreoffice import convert
from papers.problems import Problems
from papers.received import bounded
from papers.received.cover_docx import check_cover, prepare_cover, prepare_received
from papers.received.cover_pdf import join_cover
from papers.received.intake import check_received
from papers.wording.compose import word_meeting
from papers.wording.line_breaks import breakable
from project_tools import Project, copy_project
from received_tools import (
    BRACES,
    DOCUMENT,
    ENTRY,
    FOLDER,
    MACROS,
    MAIN,
    add_entry,
    pdf_paper,
    refused,
    send,
    with_body,
    with_part,
    with_relation,
    word_paper,
)
from validators import sdk_errors
from word_tools import TEMPLATES, edited, loaded, paragraph_with, parts, retyped, sample, shipped_kinds, words

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SAID = {"title": "T", "author": "A", "subject": "S", "date": ""}
CUT_OFF = "cut_off: 2019-08-20T17:00\ntime_zone: America/Santiago\n"


def paper_of(forum):
    return next(p for m in forum.model().meetings for p in m.papers if str(p.number) == "2019/MINI2/007")


# The entry


def test_an_entry_with_a_file_needs_no_kind(forum):
    add_entry(forum)
    paper = paper_of(forum)
    assert (paper.kind, paper.received) == ("received", f"{FOLDER}/paper.docx")
    assert paper.file == "2019/MINI2/19_mini2_007.docx"


def test_a_received_pdf_stays_a_pdf(forum):
    add_entry(forum, entry=ENTRY.replace(".docx", ".PDF"))
    forum.write(f"{FOLDER}/paper.PDF", pdf_paper())
    assert paper_of(forum).file == "2019/MINI2/19_mini2_007.pdf"


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("received/MINI2/papr.docx", "no-file"),
        ("received/../forum.yaml", "file-place"),
        ("plan-2019-2020/schedule/2019.xlsx", "file-place"),
        ('"received/MINI2/{a}.docx"', "file-place"),
        ("received/MINI2/paper.doc", "file-type"),
        ("received/MINI2/paper.docm", "file-type"),
    ],
)
def test_a_file_that_cannot_be_used_is_reported_at_its_line(forum, file, kind):
    add_entry(forum, entry=ENTRY.replace("received/MINI2/paper.docx", file))
    assert refused(forum) == [(kind, "papers[3].file")]


def test_a_misspelt_file_is_reported_with_the_nearest_name(forum):
    add_entry(forum, entry=ENTRY.replace("paper.docx", "papr.docx"))
    assert forum.problems()[0].todo == f'Did you mean "{FOLDER}/paper.docx"?'


def test_a_file_with_another_kind_and_a_received_paper_without_file_are_refused(forum):
    add_entry(forum, "kind: terms-of-reference")
    assert refused(forum) == [("file-and-kind", "papers[3].file")]
    forum.replace(MINI2, "    file: received/MINI2/paper.docx\n", "")
    forum.replace(
        MINI2,
        "    submitted_by: [Peru]\n    kind: terms-of-reference",
        "    submitted_by: [Peru]\n    kind: received",
    )
    assert refused(forum) == [("missing-file", "papers[3].file")]


def test_an_agenda_item_that_does_not_exist_is_refused(forum):
    add_entry(forum, 'agenda_item: "9"')
    assert refused(forum) == [("agenda-item", "papers[3].agenda_item")]


# In time, or late


def test_a_paper_is_in_time_until_the_minute_of_the_cut_off_by_the_clocks_of_its_place(forum):
    add_entry(forum, "received: 2019-08-20T21:00Z", cut_off=CUT_OFF)  # Santiago is four hours behind
    assert paper_of(forum).late is None


def test_a_late_paper_needs_the_office_that_allowed_it(forum):
    add_entry(forum, "received: 2019-08-20T21:00:01Z", cut_off=CUT_OFF)
    assert refused(forum) == [("late", "papers[3].received")]
    assert "received on 2019-08-20T17:00" in forum.problems()[0].found


def test_a_late_paper_that_was_allowed_is_marked_in_the_list(forum):
    add_entry(forum, "received: 2019-08-22T03:30+02:00", "allowed_by: Chair", cut_off=CUT_OFF)
    forum.write(
        MINI2,
        forum.text(MINI2)
        + "  - number: 2019/MINI2/000\n    kind: classification-list\n    title: List\n    submitted_by: [Chair]\n",
    )
    model = forum.model()
    assert model.notices == []
    meeting = next(m for m in model.meetings if m.code == "MINI2")
    rows = word_meeting(model, meeting)["papers"][0]["fields"]["classification"]["rows"]
    assert (
        rows[-1]["cells"][-1]["text"]
        == "Late: received on 21 August 2019 (cut-off 20 August 2019), allowed by Chair"
    )


def test_what_a_cut_off_needs_is_reported(forum):
    add_entry(forum, cut_off=CUT_OFF)
    assert refused(forum) == [("missing-received", "papers[3].received")]
    forum.replace(
        MINI2,
        "    submitted_by: [Peru]\n",
        "    submitted_by: [Peru]\n    received: 2019-08-01T10:00Z\n    allowed_by: Chair\n",
    )
    assert refused(forum) == [("allowed-in-time", "papers[3].allowed_by")]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("cut_off: 2019-08-20T17:00\n", "missing-time_zone"),
        ("time_zone: America/Santiago\n", "missing-cut_off"),
        ("cut_off: 2019-08-20T17:00\ntime_zone: America/Santjago\n", "time-zone"),
        ("cut_off: 2019-08-20T17:00\ntime_zone: ../etc\n", "time-zone"),
        ("cut_off: 2019-04-06T23:30\ntime_zone: America/Santiago\n", "cut-off"),  # shown twice
        ("cut_off: 2019-09-08T00:30\ntime_zone: America/Santiago\n", "cut-off"),  # never shown
    ],
)
def test_a_cut_off_that_is_not_a_date_is_refused(forum, lines, kind):
    forum.write(MINI2, lines + forum.text(MINI2))
    assert [problem.kind for problem in forum.problems()] == [kind]


@pytest.mark.parametrize(
    ("received", "is_late"),
    [
        ("2019-08-18", False),
        ("18 August 2019", False),
        ("2019-08-19T10:00", False),
        ("18 August 2019, 9:00", False),
        ("2019-08-22", True),
        ("2019-08-22 09:00", True),
    ],
)
def test_a_day_or_a_time_without_offset_is_taken_where_no_time_zone_makes_a_difference(
    forum, received, is_late
):
    lines = [f'received: "{received}"', *(["allowed_by: Chair"] if is_late else [])]
    add_entry(forum, *lines, cut_off=CUT_OFF)
    late = paper_of(forum).late
    assert bool(late) == is_late
    assert not late or late.received.date() == datetime.date(2019, 8, 22)


def test_a_time_without_offset_near_the_cut_off_is_refused_with_what_to_write(forum):
    add_entry(forum, "received: 2019-08-20T17:00", cut_off=CUT_OFF)
    (problem,) = forum.problems()
    assert str(problem).partition("found ")[2] == (
        "2019-08-20T17:00 without offset from UTC; expected the offset of the clock too, as it may be before or "
        "after the cut-off 2019-08-20T17:00 (America/Santiago). Write 2019-08-20T17:00-04:00 if it is by the clocks "
        "of America/Santiago; if not, with the offset of that clock."
    )


def test_a_day_near_the_cut_off_is_refused_with_what_to_write(forum):
    add_entry(forum, "received: 2019-08-20", cut_off=CUT_OFF)
    (problem,) = forum.problems()
    assert problem.found == "the day 2019-08-20 alone"
    assert problem.todo == "Write 2019-08-20Thh:mm-04:00, with the time by the clocks of America/Santiago."


@pytest.mark.parametrize("received", ["03/04/2019", "2019-08-20T25:00", "noon", "2019-08-20 9 pm"])
def test_what_is_no_time_is_refused(forum, received):
    add_entry(forum, f'received: "{received}"', cut_off=CUT_OFF)
    assert [problem.kind for problem in forum.problems()] == ["wrong-value"]


# The cover on a Word file


def cover(folder: Path = TEMPLATES):
    problems = Problems()
    read = read_template(template_file(folder.parent, shipped_kinds(), "cover"), problems, {})
    put_logo(read, None, problems)
    check_cover(read, "templates/cover.docx", problems)
    assert not problems, problems.lines()
    return read


def a_paper() -> dict:
    properties = {"title": "A title", "subject": "2016/SMEWG43/015", "author": "Us", "language": "en-GB"}
    carried = {"number": "", "mark": "", "contents": {"contents": None}}  # no header or footer of ours
    return {
        "number": "2016/SMEWG43/015",
        "title": "A title",
        "kind": "received",
        "received": "x",
        "properties": {**properties, "date": "2016-09-07T00:00:00Z"},
        "fields": {"cover": sample(shipped_kinds().tags_of("cover")["cover"], "cover"), "paper": carried},
    }


def covered(data: bytes, folder: Path) -> bytes:
    """The paper of a received Word file, by the way a job takes."""
    return Prepared(prepare_received(cover(), Package.read(data))).fill(loaded(a_paper(), folder))


CHANGED = {
    DOCUMENT,
    "word/styles.xml",
    "word/_rels/document.xml.rels",
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/core.xml",
}
LEFT_BEHIND = {
    "docProps/app.xml",
    "docProps/thumbnail.jpeg",
    "customXml/item1.xml",
    "customXml/itemProps1.xml",
}
LEFT_BEHIND |= {"customXml/_rels/item1.xml.rels"}


def test_every_other_part_is_as_received_byte_for_byte(tmp_path):
    sent, made = parts(word_paper()), parts(covered(word_paper(), tmp_path))
    assert set(sent) - set(made) == LEFT_BEHIND
    assert {name for name in sent if name in made and sent[name] != made[name]} == CHANGED
    assert set(made) - set(sent) == set()


def test_the_received_styles_come_before_those_of_the_cover(tmp_path):
    sent, made = (
        parts(word_paper())["word/styles.xml"],
        parts(covered(word_paper(), tmp_path))["word/styles.xml"],
    )
    sent, made = list(etree.fromstring(sent)), list(etree.fromstring(made))
    as_sent, added = made[: len(sent)], made[len(sent) :]
    assert [etree.tostring(e, method="c14n") for e in as_sent] == [
        etree.tostring(e, method="c14n") for e in sent
    ]
    names = [style.find(qn("w:name")).get(qn("w:val")) for style in added]
    assert "Cover Title2" in names and "Cover Title" not in names  # which the paper has, for something else
    assert not [e for style in added for e in style.iter(qn("w:basedOn"))]


def test_the_received_text_follows_the_cover(tmp_path):
    sent, made = (
        etree.fromstring(parts(data)[DOCUMENT]) for data in (word_paper(), covered(word_paper(), tmp_path))
    )
    body = list(made[0])
    own = body[-len(sent[0]) :]
    kind = next(e for e in own[-1] if e.tag == qn("w:type"))
    assert kind.get(qn("w:val")) == "nextPage"  # else it would begin on the page of the cover
    kind.set(qn("w:val"), "continuous")
    number = own[-1].find(qn("w:pgNumType"))
    assert number.get(qn("w:start")) == "1"  # as its even pages have a header of their own
    own[-1].remove(number)
    assert [etree.tostring(e, method="c14n") for e in own] == [
        etree.tostring(e, method="c14n") for e in sent[0]
    ]
    assert BRACES in words(made)


def test_ids_in_the_whole_paper_are_different(tmp_path):
    made = parts(covered(word_paper(), tmp_path))
    related = etree.fromstring(made["word/_rels/document.xml.rels"])
    assert len({r.get("Id") for r in related}) == len(related)
    ids = [s.get(qn("w:styleId")) for s in etree.fromstring(made["word/styles.xml"]).iter(qn("w:style"))]
    assert len(set(ids)) == len(ids)


@pytest.mark.validator
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: with_relation(data, "attachedTemplate", "file:///C:/a.dotx", "word/settings.xml"),
        lambda data: with_part(
            data, DOCUMENT, lambda text: text.replace("<w:body>", '<w:body><!-- a "note" -->')
        ),
    ],
)
def test_the_open_xml_sdk_finds_the_paper_as_valid_as_the_received_file(tmp_path, damage):
    files = {name: tmp_path / f"{name}.docx" for name in ("sent", "made")}
    files["sent"].write_bytes(word_paper())
    files["made"].write_bytes(covered(damage(word_paper()), tmp_path))
    sent, made = (sdk_errors(file) for file in files.values())
    assert {error["id"] for error in made} <= {error["id"] for error in sent}
    assert len(made) <= len(sent)


def test_a_template_that_is_attached_is_left_out(tmp_path):
    data = with_relation(word_paper(), "attachedTemplate", "file:///C:/a.dotx", "word/settings.xml")
    attached = f'<w:attachedTemplate xmlns:r="{OFFICE}" r:id="rIdX"/>'
    data = with_part(
        data, "word/settings.xml", lambda t: re.sub(r"(<w:settings[^>]*>)", rf"\1{attached}", t, count=1)
    )
    made = b"".join(parts(covered(data, tmp_path)).values())
    assert b"a.dotx" not in made and b"attachedTemplate" not in made


def test_a_file_in_another_encoding_and_with_other_prefixes_gets_its_cover(tmp_path):
    def other_prefix(text: str) -> str:
        return (
            text.replace("<w:", "<q:")
            .replace("</w:", "</q:")
            .replace(" w:", " q:")
            .replace("xmlns:w=", "xmlns:q=")
        )

    data = with_part(with_part(word_paper(), DOCUMENT, other_prefix), "word/styles.xml", other_prefix)
    made = parts(covered(data, tmp_path))
    assert BRACES in words(etree.fromstring(made[DOCUMENT]))
    utf16 = parts(word_paper())
    utf16[DOCUMENT] = etree.tostring(
        etree.fromstring(utf16[DOCUMENT]), encoding="UTF-16", xml_declaration=True
    )
    made = prepare_received(cover(), Package(utf16))
    paper = a_paper()
    assert BRACES in words(etree.fromstring(parts(Prepared(made).fill(loaded(paper, tmp_path)))[DOCUMENT]))


def test_a_cover_with_a_list_is_reported(tmp_path):
    shutil.copytree(TEMPLATES, tmp_path / "templates", ignore=shutil.ignore_patterns("~$*"))
    with edited(tmp_path / "templates", "cover") as document:
        next(document.element.body.iter(qn("w:pPr"))).get_or_add_numPr().get_or_add_numId().val = 1
    problems = Problems()
    check_cover(
        read_template(template_file(tmp_path, shipped_kinds(), "cover"), problems, {}),
        "templates/cover.docx",
        problems,
    )
    assert [(problem.kind, "numPr" in problem.found) for problem in problems.found] == [("cover", True)]


@pytest.mark.libreoffice
@pytest.mark.poppler
def test_the_cover_looks_the_same_whatever_the_defaults_of_the_file_are(tmp_path):
    """Each word of the cover stands at the same place as on the cover alone, as LibreOffice lays them out."""
    loud = '<w:rPrDefault><w:rPr><w:b/><w:caps/><w:spacing w:val="60"/><w:u w:val="single"/>'
    data = with_part(word_paper(), "word/styles.xml", lambda t: t.replace("<w:rPrDefault><w:rPr>", loud))
    data = with_part(
        data,
        "word/styles.xml",
        lambda t: re.sub("<w:pPrDefault/>|<w:pPrDefault>.*?</w:pPrDefault>", _SPREAD, t),
    )
    made = {
        "joined": covered(data, tmp_path),
        "alone": Prepared(prepare_cover(cover())).fill(loaded(a_paper(), tmp_path)),
    }
    for name, paper in made.items():
        (tmp_path / f"{name}.docx").write_bytes(paper)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = [str(tmp_path / f"{name}.docx") for name in made]
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    joined, alone = (_boxes(tmp_path / f"{name}.pdf") for name in made)
    assert len(alone) > 10 and joined == alone


_SPREAD = (
    '<w:pPrDefault><w:pPr><w:keepNext/><w:spacing w:before="200" w:after="400" w:line="480" w:lineRule="auto"/>'
    '<w:ind w:left="400"/><w:jc w:val="right"/></w:pPr></w:pPrDefault>'
)


def _boxes(pdf: Path) -> list[str]:
    done = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", str(pdf), "-"], capture_output=True, timeout=60, check=True
    )
    return re.findall("<word .*?</word>", done.stdout.decode())


# The pipeline


def test_a_file_is_scanned_again_only_if_it_or_the_program_changed(forum, monkeypatch):
    add_entry(forum)
    model, read = forum.model(), []
    monkeypatch.chdir(forum.root)
    run = bounded.run_bounded
    monkeypatch.setattr(
        bounded, "run_bounded", lambda task, data, *more: read.append(data) or run(task, data, *more)
    )
    papers = [word_paper(), word_paper(title="Another")]
    for paper, code in (0, "one program"), (0, "one program"), (0, "another"), (1, "another"), (1, "another"):
        forum.write(f"{FOLDER}/paper.docx", papers[paper])
        check_received(model, Path("work"), Problems(), code)
    assert read == [papers[0], papers[0], papers[1]]


def findings(project: Project) -> list[tuple[str, str, str]]:
    written = json.loads((project.root / "outputs/work/mini/intake/MINI2.json").read_bytes())
    assert written["meeting"] == "MINI2"
    return [(finding["paper"], finding["code"], finding["severity"]) for finding in written["findings"]]


@cache
def spanish_pdf() -> bytes:
    return pdf_paper(edit=lambda pdf: pdf.Root.__setitem__("/Lang", pikepdf.String("es-PE")))


def test_a_word_paper_needs_no_libreoffice_and_keeps_the_words_of_its_title(tmp_path):
    project = copy_project(tmp_path / "p")
    send(project, "a & 'b' c.docx", word_paper())
    run = project.build(SOFFICE="no-such-program")
    assert run.code == 0, run.err
    data = (project.root / "outputs/papers/2019/MINI2/19_mini2_007.docx").read_bytes()
    assert "A Paper of an Economy" in breakable(words(etree.fromstring(parts(data)[DOCUMENT])[0][0]))
    assert findings(project) == []


@pytest.mark.slow
def test_errors_of_received_files_stop_the_build_all_at_once_and_are_written_as_findings(tmp_path):
    project = copy_project(tmp_path / "p")
    own = ("2019/MINI2/099", "Purpose: Information", "Agenda Item: 9", "Another title")
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in own)
    macros = with_part(word_paper(), "[Content_Types].xml", lambda text: text.replace(MAIN, MACROS))
    send(project, "macro.docx", macros)
    send(project, "cover.docx", with_body(word_paper(title="Another"), paragraphs), number="2019/MINI2/008")
    send(project, "cut.pdf", pdf_paper()[:300], number="2019/MINI2/009")
    project.replace("inputs/mini/meetings/MINI2.yaml", "title: A Paper of an Economy", "title: Our Paper")
    run = project.build()
    assert run.code == 1
    assert [line.split(": ")[0] for line in run.problems] == [
        f"{FOLDER}/cover.docx, its own cover",
        f"{FOLDER}/cut.pdf",
        f"{FOLDER}/macro.docx",
    ]
    assert "outputs/ is as it was" in run.err and project.papers() == {}
    assert findings(project) == [
        ("2019/MINI2/007", "macros", "error"),
        ("2019/MINI2/008", "cover-number", "error"),
        ("2019/MINI2/008", "cover-agenda-item", "warning"),
        ("2019/MINI2/008", "cover-title", "warning"),
        ("2019/MINI2/008", "own-cover", "note"),
        ("2019/MINI2/009", "damaged", "error"),
        ("2019/MINI2/009", "not-run", "not-run"),
    ]


@pytest.mark.libreoffice
@pytest.mark.poppler
def test_a_received_pdf_needs_libreoffice_and_gets_its_cover_in_front(tmp_path):
    project = copy_project(tmp_path / "p")
    send(project, "paper.pdf", spanish_pdf())
    refused_ = project.build(SOFFICE="no-such-program")
    assert refused_.code == 1
    assert "apt-get install libreoffice" in refused_.err and "Traceback" not in refused_.err
    assert not [file for file in project.papers() if "mini2" in file]
    run = project.build()
    assert run.code == 0, run.err
    made = project.root / "outputs/papers/2019/MINI2/19_mini2_007.pdf"
    done = subprocess.run(["pdftotext", str(made), "-"], capture_output=True, timeout=60, check=True)
    first = " ".join(done.stdout.decode().split("\f")[0].split())
    assert "2019/MINI2/007" in first and "A Paper of an Economy" in first
    with pikepdf.open(made) as pdf, pikepdf.open(io.BytesIO(spanish_pdf())) as sent:
        assert len(pdf.pages) == 3
        own = [page.Contents.read_bytes() for page in list(pdf.pages)[1:]]
        assert own == [page.Contents.read_bytes() for page in sent.pages]
        assert (str(pdf.docinfo.Title), str(pdf.docinfo.Author)) == ("A Paper of an Economy", "Peru")
        assert [str(label.get("/P", "")) for label in pikepdf.NumberTree(pdf.Root.PageLabels).values()] == [
            "Cover",
            "",
        ]
        assert pdf.check_pdf_syntax() == []


@pytest.mark.libreoffice
@pytest.mark.poppler
def test_make_pdf_and_packages_take_a_received_pdf_as_it_is(tmp_path):
    project, file = copy_project(tmp_path / "p"), "2019/MINI2/19_mini2_007.pdf"
    send(project, "paper.pdf", pdf_paper())
    run = project.build("all", "pdfs")
    assert run.code == 0, run.err
    made = {path.name for path in (project.root / "outputs/pdf").rglob("*.pdf")}
    assert "19_mini2_001.pdf" in made and "19_mini2_007.pdf" not in made
    packed = project.run(sys.executable, "scripts/forum_papers.py", "package", "meeting=MINI2")
    assert packed.code == 0 and "Without an up-to-date PDF" not in packed.out
    with zipfile.ZipFile(project.root / "outputs/packages/MINI2-delegates.zip") as package:
        (name,) = (name for name in package.namelist() if "2019-MINI2-007" in name)
        assert package.read(name) == (project.root / "outputs/papers" / file).read_bytes()
        assert f"{name}," in package.read("MANIFEST.csv").decode("utf-8-sig")
        assert "the paper itself" in package.read("MANIFEST.csv").decode("utf-8-sig")


@pytest.mark.poppler
def test_findings_that_are_no_errors_are_reported_at_the_end(tmp_path):
    project = copy_project(tmp_path / "p")
    send(project, "paper.pdf", spanish_pdf())
    (project.root / FOLDER / "stray.docx").write_bytes(b"")
    config = json.dumps({"files": ["config.yaml"], "values": {}})
    places = ("--config", config, "--forum", "mini", "--work", "outputs/work/mini", "--log", "read.json")
    run = project.run(sys.executable, "scripts/read.py", *places)
    assert run.code == 0, run.err
    assert f"note: {FOLDER}/paper.pdf: found the language es-PE; expected en-GB" in run.err
    assert f"note: {FOLDER}/stray.docx: found a file that no paper names" in run.err
    expected = [("2019/MINI2/007", "not-tagged", "note"), ("2019/MINI2/007", "language", "note")]
    assert findings(project) == expected


def record(project: Project, *words_: str):
    """Run a verb of the ledger, as somebody, on a day."""
    return project.run(
        sys.executable, "scripts/forum_papers.py", *words_, "by=Secretariat", "date=2019-08-30"
    )


@pytest.mark.libreoffice
@pytest.mark.poppler
def test_an_issued_pdf_comes_back_byte_for_byte_without_libreoffice_and_is_revised_like_any_paper(tmp_path):
    project, name = copy_project(tmp_path / "p"), "2019/MINI2/19_mini2_007.pdf"
    send(project, "paper.pdf", pdf_paper())
    issued = record(project, "issue", "paper=2019/MINI2/007")
    assert issued.code == 0, issued.err
    before = project.papers()
    shutil.rmtree(project.root / "outputs")
    shutil.rmtree(project.root / ".snakemake")
    again = project.build(SOFFICE="no-such-program")
    assert again.code == 0, again.err
    assert project.papers() == before and name in before
    with edited(project.root / "templates", "cover") as template:
        retyped(paragraph_with(template, "{{ cover.number }}"), "No. {{ cover.number }}")
    upgraded = project.build(SOFFICE="no-such-program")
    assert upgraded.code == 0, upgraded.err
    assert project.papers()[name] == before[name]
    assert "found 2019/MINI2/007 differing from what was issued, because templates/cover.docx" in upgraded.err
    (project.root / FOLDER / "paper.pdf").write_bytes(pdf_paper(pages=3))
    changed = project.build()
    assert changed.code == 1
    assert len(changed.problems) == 1 and f"{FOLDER}/paper.pdf changed" in changed.problems[0]
    assert record(project, "revise", "paper=2019/MINI2/007", "why=A third page").code == 0
    assert "number: 2019/MINI2/007rev1" in (project.root / MINI2).read_text(encoding="utf-8")


@pytest.mark.libreoffice
def test_a_pdf_and_its_cover_have_the_same_bytes_each_time(tmp_path):
    """Of two starts of LibreOffice: what it writes of clocks and chance is not in the paper."""
    file = tmp_path / "cover.docx"
    file.write_bytes(Prepared(prepare_cover(cover())).fill(loaded(a_paper(), tmp_path)))
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (front,) = convert([file], tmp_path / name, {"UseTaggedPDF": True, "ExportBookmarks": False})
        made.append(join_cover(pdf_paper(), front.read_bytes(), SAID, "x"))
    assert made[0] == made[1]


@pytest.mark.libreoffice
def test_tags_of_a_received_pdf_and_of_its_cover_are_in_one_tree(tmp_path):
    files = [tmp_path / "sent.docx", tmp_path / "cover.docx"]
    files[0].write_bytes(word_paper())
    files[1].write_bytes(Prepared(prepare_cover(cover())).fill(loaded(a_paper(), tmp_path)))
    sent, front = (file.read_bytes() for file in convert(files, tmp_path, {"UseTaggedPDF": True}))
    with pikepdf.open(io.BytesIO(join_cover(sent, front, SAID, "x"))) as pdf:
        root = pdf.Root.StructTreeRoot
        parents = pikepdf.NumberTree(root.ParentTree)
        keys = [int(page.obj.StructParents) for page in pdf.pages]
        assert len(set(keys)) == len(keys) and set(keys) <= {*parents}
        for page, key in zip(pdf.pages, keys, strict=True):
            assert {element.Pg.objgen for element in parents[key] if element is not None} == {page.obj.objgen}
        assert len(list(root.K)) == 2 and "/Table" not in {str(e.S) for e in parents[keys[0]]}
