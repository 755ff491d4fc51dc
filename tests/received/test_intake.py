"""Scans of received files: what is found in Word files and PDFs, and how it is reported."""

from __future__ import annotations

import io
import zipfile

import pytest
from organisation_tools import APEC, GRAMMAR
from papers import safety
from papers.inputs.organisation import Labels
from papers.received import scan_pdf
from papers.received.scan_docx import OLE, scan_docx
from papers.received.sender_cover import cover_of
from pikepdf import Array, Dictionary, Name, Pdf, String
from received_tools import (
    DOCUMENT,
    MACROS,
    MAIN,
    encrypted_pdf,
    packed,
    paragraphs,
    pdf_paper,
    with_body,
    with_part,
    with_relation,
    word_paper,
)
from word_tools import parts

CHANGE = '<w:p><w:ins w:id="9" w:author="Somebody"><w:r><w:t>more</w:t></w:r></w:ins></w:p>'
HIDDEN = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>"
OBJECT = (
    '<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' Type="Embed" ProgID="Package"/></w:object></w:r></w:p>'
)
BOUND = (
    '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/ns0:Properties[1]/ns0:Company[1]" w:storeItemID="{6668398D}"'
    " w:prefixMappings=\"xmlns:ns0='http://schemas.openxmlformats.org/officeDocument/2006/extended-properties'\"/>"
    "</w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>"
)
NO_RESULT = '<w:p><w:fldSimple w:instr=" NUMPAGES "/></w:p>'
RESULT = '<w:p><w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>4</w:t></w:r></w:fldSimple></w:p>'


def word_findings(data: bytes) -> dict[str, str]:
    """Code -> severity."""
    return {finding.code: finding.severity for finding in scan_docx(data).findings}


def pdf_findings(data: bytes) -> dict[str, str]:
    """Code -> severity, as where poppler is installed."""
    found = {finding.code: (finding.severity, finding.found) for finding in scan_pdf.scan_pdf(data).findings}
    return {code: severity for code, (severity, words) in found.items() if "is missing" not in words}


def pdf_with(edit) -> dict[str, str]:
    return pdf_findings(pdf_paper(edit=edit))


# Word


def test_a_paper_with_all_that_word_writes_has_no_finding():
    assert word_findings(word_paper()) == {}


@pytest.mark.parametrize(
    ("damage", "code", "severity"),
    [
        (lambda d: with_part(d, "[Content_Types].xml", lambda t: t.replace(MAIN, MACROS)), "macros", "error"),
        (lambda d: with_relation(d, "image", "http://example.org/a.png"), "linked-content", "error"),
        (lambda d: with_relation(d, "oleObject", "file:///C:/a.xlsx"), "linked-content", "error"),
        (lambda d: with_relation(d, "hyperlink", "file:///C:/a.docx"), "link-to-file", "warning"),
        (
            lambda d: with_relation(d, "attachedTemplate", "file:///C:/a.dotx", "word/settings.xml"),
            "attached-template",
            "note",
        ),
        (lambda d: with_body(d, OBJECT), "embedded-file", "error"),
        (lambda d: with_body(d, '<w:altChunk r:id="rId1"/>'), "foreign-text", "error"),
        (lambda d: with_body(d, CHANGE), "tracked-changes", "warning"),
        (lambda d: with_body(d, HIDDEN), "hidden-text", "warning"),
        (lambda d: with_body(d, NO_RESULT), "field-without-result", "warning"),
        (
            lambda d: with_part(
                d, "word/settings.xml", lambda t: t.replace("<w:zoom", "<w:documentProtection/><w:zoom")
            ),
            "protected",
            "note",
        ),
        (lambda _: word_paper(title=""), "no-title", "note"),
    ],
)
def test_what_a_word_paper_must_not_hold_is_found(damage, code, severity):
    assert word_findings(damage(word_paper())) == {code: severity}


def test_a_link_that_readers_can_follow_has_no_finding():
    assert word_findings(with_relation(word_paper(), "hyperlink", "https://www.apec.org")) == {}


@pytest.mark.parametrize("xml", [RESULT, BOUND], ids=["a field with its result", "a bound content control"])
def test_what_keeps_its_text_behind_the_cover_has_no_finding(xml):
    assert word_findings(with_body(word_paper(), xml)) == {}


def test_comments_are_counted():
    from docx import Document  # noqa: PLC0415

    document = Document(io.BytesIO(word_paper()))
    document.add_comment(document.paragraphs[0].runs, "Is this so?")
    buffer = io.BytesIO()
    document.save(buffer)
    assert [f.found for f in scan_docx(buffer.getvalue()).findings] == ["1 comment"]


def test_a_tracked_change_is_reported_with_its_paragraph():
    found = scan_docx(with_body(word_paper(), paragraphs("First") + CHANGE)).findings
    assert [finding.place for finding in found] == ['paragraph 2 ("more")']


def test_a_paper_without_a_word_is_an_error():
    empty = with_part(word_paper(), DOCUMENT, lambda t: f"{t[: t.index('<w:body>')]}<w:body/></w:document>")
    assert word_findings(empty) == {"empty": "error"}


def unreadable(code: str) -> dict[str, str]:
    """The findings of a file that cannot be read: the error, and that the other checks did not run."""
    return {code: "error", "not-run": "not-run"}


def test_a_file_with_a_password_is_reported_as_such():
    assert word_findings(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")) == unreadable("encrypted")


def test_an_old_doc_a_text_and_an_excel_file_are_no_word_documents():
    sheet = with_part(
        with_part(
            word_paper(), "[Content_Types].xml", lambda t: t.replace("wordprocessingml.document.main", "x")
        ),
        DOCUMENT,
        lambda _: "<workbook/>",
    )
    for data in (OLE + bytes(600), b"Dear colleagues", packed({"a.txt": b"a"}), sheet):
        assert word_findings(data) == unreadable("not-word")


def test_a_template_and_a_strict_document_are_to_be_saved_as_word_documents():
    template = MAIN.replace("document.main", "template.main")
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    ours = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    for part, old, new in (("[Content_Types].xml", MAIN, template), (DOCUMENT, ours, strict)):
        assert word_findings(
            with_part(word_paper(), part, lambda t, o=old, n=new: t.replace(o, n))
        ) == unreadable("not-word")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.99])
def test_a_file_that_was_cut_off_is_damaged(share):
    whole = word_paper()
    assert word_findings(whole[: int(len(whole) * share)]) == unreadable("damaged")


def test_a_broken_part_and_a_missing_part_are_reported():
    broken = with_part(word_paper(), "word/styles.xml", lambda text: text[:-30])
    assert word_findings(broken) == unreadable("damaged")
    whole = parts(word_paper())
    missing = packed({name: data for name, data in whole.items() if name != "word/numbering.xml"})
    assert word_findings(missing) == unreadable("not-word")
    assert "word/numbering.xml is missing" in scan_docx(missing).findings[0].found


def test_a_document_type_with_entities_is_never_expanded():
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    data = with_part(word_paper(), "word/styles.xml", lambda t: t.replace("<w:styles", f"{bomb}<w:styles", 1))
    assert word_findings(data) == unreadable("damaged")


def test_a_file_that_would_fill_the_memory_is_never_unpacked(monkeypatch):
    monkeypatch.setattr(safety, "MAX_UNPACKED", 1_000_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", bytes(5_000_000))
    assert word_findings(buffer.getvalue()) == unreadable("damaged")
    assert "5 MB when unpacked" in scan_docx(buffer.getvalue()).findings[0].found


def test_the_size_that_a_zip_claims_is_not_trusted():
    """A part of 5 MB that says it has 100 bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", bytes(5_000_000))
    true, false = (5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert true in buffer.getvalue()
    assert word_findings(buffer.getvalue().replace(true, false)) == unreadable("damaged")


def test_the_language_is_that_of_most_of_the_text():
    assert set(scan_docx(word_paper(language="es-PE")).languages) == {"es-PE"}


# PDF


def test_a_pdf_without_tags_has_a_warning():
    assert pdf_findings(pdf_paper()) == {"not-tagged": "note"}


def catalogue(**keys):
    def edit(pdf: Pdf) -> None:
        for key, value in keys.items():
            pdf.Root[f"/{key}"] = value

    return edit


def annotation(**keys):
    def edit(pdf: Pdf) -> None:
        box = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **keys)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(box)])

    return edit


SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
LAUNCH = Dictionary(S=Name.Launch, F=String("a.exe"))
FILES = Dictionary(Names=Array([String("a"), Dictionary(Type=Name.Filespec, EF=Dictionary())]))


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (catalogue(OpenAction=SCRIPT), "actions"),
        (annotation(Subtype=Name.Link, A=LAUNCH), "actions"),
        (catalogue(Names=Dictionary(EmbeddedFiles=FILES)), "embedded-file"),
        (annotation(Subtype=Name.FileAttachment), "embedded-file"),
        (catalogue(AcroForm=Dictionary(XFA=String("a"), Fields=Array())), "form"),
    ],
)
def test_what_a_pdf_must_not_hold_is_found(edit, code):
    assert pdf_with(edit) == {code: "error", "not-tagged": "note"}


def without_fonts(pdf: Pdf) -> None:
    for page in pdf.pages:
        page.obj.Resources = Dictionary()


def with_helvetica(pdf: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[1].obj.Resources = Dictionary(Font=Dictionary(F1=font))


def test_a_font_that_is_not_in_the_file_is_named_with_its_page():
    found = scan_pdf.scan_pdf(pdf_paper(edit=with_helvetica)).findings[0]
    assert (found.code, found.severity, found.place) == ("font-not-embedded", "note", "page 2")
    assert "Helvetica" in found.found


def test_a_scan_a_signature_and_a_missing_title_are_reported():
    assert pdf_with(without_fonts) == {"no-text": "note", "not-tagged": "note"}
    signed = catalogue(AcroForm=Dictionary(SigFlags=3, Fields=Array()))
    assert pdf_with(signed) == {"signature": "note", "not-tagged": "note"}
    assert pdf_with(lambda pdf: pdf.docinfo.__delitem__("/Title")) == {
        "no-title": "note",
        "not-tagged": "note",
    }


def test_a_pdf_without_pages_is_an_error():
    assert pdf_findings(pdf_paper(pages=0))["no-pages"] == "error"


@pytest.mark.parametrize("user", ["secret", ""])
def test_an_encrypted_pdf_is_reported_as_such_also_where_it_opens_without_a_password(user):
    assert pdf_findings(encrypted_pdf(user)) == unreadable("encrypted")


def test_something_else_under_the_name_of_a_pdf_is_damaged():
    assert pdf_findings(word_paper()) == unreadable("damaged")


@pytest.mark.poppler
def test_with_poppler_every_check_runs():
    assert "not-run" not in {finding.severity for finding in scan_pdf.scan_pdf(pdf_paper()).findings}


def test_a_cover_that_could_not_be_checked_is_reported_as_not_run(monkeypatch):
    monkeypatch.setattr(scan_pdf, "READER", "no-such-program")
    found = [finding for finding in scan_pdf.scan_pdf(pdf_paper()).findings if finding.severity == "not-run"]
    assert ["no-such-program is missing" in finding.found for finding in found] == [True]


# A cover of its own


LABELS = APEC.form.labels


def test_a_cover_is_known_by_two_of_its_labels():
    lines = [
        "2018/SMEWG47/010",
        "Agenda Item: 7",
        "A title",
        "Purpose: Information",
        "Forum Doc. No.: 2018/SOM3/001",
    ]
    cover = cover_of(lines, LABELS, GRAMMAR)
    assert (cover["number"], cover["agenda_item"]) == ("2018/SMEWG47/010", "7")
    assert cover_of(["Purpose: to tell members of 2018/SMEWG47/003", "More"], LABELS, GRAMMAR) is None


def test_a_cover_is_known_by_the_labels_of_the_organisation():
    labels = Labels(agenda_item="Point No.:", purpose="For:", submitted_by="From:", forum_doc_no="Was:")
    cover = cover_of(["point no : 7", "2018/SMEWG47/010", "FOR: decision", "From: Peru"], labels, GRAMMAR)
    assert cover == {
        "number": "2018/SMEWG47/010",
        "agenda_item": "7",
        "text": "point no : 7 2018/SMEWG47/010 FOR: decision From: Peru",
    }
    assert cover_of(["Agenda Item: 7", "Purpose: decision"], labels, GRAMMAR) is None
