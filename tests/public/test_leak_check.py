"""Restricted titles and numbers are found in every spelling and every place of a file that is to be published."""

from __future__ import annotations

import html
import io
import json
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import pikepdf
import pytest
from organisation_tools import GRAMMAR
from papers.public.leak_check import LeakCheck, text_to_check
from papers.public.select import select_papers
from papers.register.facts import Register, RegisterEntry, RegisterMeeting
from pikepdf import Array, Dictionary, Name, Pdf, String
from received_tools import packed, with_body, word_paper
from word_tools import parts

NUMBER, TITLE = "2018/SMEWG47/007", 'The Chair\'s "Co-operation" Plan 2017-2020 & Efficient Offices'
FOUND = f"“{TITLE}”"
LEAKS = LeakCheck([{"number": NUMBER, "title": TITLE}], [], GRAMMAR.longer)

SPELLINGS = {
    "as typed": TITLE,
    "curly quotation marks": "The Chair\u2019s \u201cCo-operation\u201d Plan 2017-2020 & Efficient Offices",
    "other quotation marks": "The Chair`s \u00abCo-operation\u00bb Plan 2017-2020 & Efficient Offices",
    "no quotation marks": "The Chairs Co-operation Plan 2017-2020 & Efficient Offices",
    "en dash with blanks": TITLE.replace("2017-2020", "2017 \u2013 2020"),
    "em dash, two hyphens": TITLE.replace("2017-2020", "2017\u20142020").replace("Co-", "Co--"),
    "no-break hyphen and blank": TITLE.replace("-", "\u2011").replace(" ", "\u00a0"),
    "soft hyphens and joiners": TITLE.replace("operation", "oper\u00ada\u200d\u200ction"),
    "zero-width blank, byte order mark": TITLE.replace("operation", "oper\u200ba\ufefftion"),
    "hyphen at the end of a line": TITLE.replace("operation", "opera-\ntion"),
    "line breaks, tabs, blanks": TITLE.replace(" ", " \t\r\n  "),
    "capitals": TITLE.upper(),
    "small letters": TITLE.lower(),
    "full-width": "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in TITLE),
    "ligatures": TITLE.replace("ffi", "\ufb03"),
    "thin and ideographic blanks": TITLE.replace(" ", "\u2009").replace("\u2009Plan", "\u3000Plan"),
    "letters apart": " ".join(TITLE),
}
NUMBERS = {
    "as typed": NUMBER,
    "small letters": "2018/smewg47/007",
    "other slashes": "2018\u2044SMEWG47\u2215007",
    "full-width": "\uff12\uff10\uff11\uff18\uff0fSMEWG47\uff0f007",
    "blanks": "2018 / SMEWG\u00a047 / 007",
    "line break": "2018/SMEWG47/\n007",
    "hyphens": "2018-SMEWG47\u2011007",
    "backslashes": "2018\\SMEWG47\\007",
    "without zeros": "2018/SMEWG47/7",
    "in an address": "https://example.org/papers/2018/SMEWG47/007",
    "name of its file": "18_smewg47_007.docx",
    "soft hyphen": "2018/SME\u00adWG47/007",
}
OTHERS = {
    "another serial": "2018/SMEWG47/0071, 2018/SMEWG47/008, 12018/SMEWG47/007, 2018/SMEWG4/7007",
    "a revision": "2018/SMEWG47/007rev1",
    "another title": 'The Chair\'s "Co-operation" Plan 2017-2021 & Efficient Offices',
    "a longer word": f"{TITLE}hood",
}  # fmt: skip

every_spelling = pytest.mark.parametrize("words", SPELLINGS.values(), ids=SPELLINGS.keys())


@every_spelling
def test_a_restricted_title_is_found_in_every_spelling(words):
    assert LEAKS.find(f"As agreed, {words}: noted.") == [FOUND]


@pytest.mark.parametrize("words", NUMBERS.values(), ids=NUMBERS.keys())
def test_a_restricted_number_is_found_in_every_spelling(words):
    assert LEAKS.find(f"See {words}, noted.") == [NUMBER]


@pytest.mark.parametrize("words", OTHERS.values(), ids=OTHERS.keys())
def test_other_titles_and_numbers_are_no_leaks(words):
    assert LEAKS.find(f"See {words}, noted.") == []


def test_a_restricted_revision_is_found_and_not_taken_for_its_paper():
    leaks = LeakCheck([{"number": f"{NUMBER}rev1", "title": "Any"}], [], GRAMMAR.longer)
    assert leaks.find(f"{NUMBER} rev. 1 is late") == [f"{NUMBER}rev1"]
    assert leaks.find(f"{NUMBER} and {NUMBER}rev12 are late") == []


def test_a_title_is_a_leak_unless_it_is_known():
    restricted = [
        {"number": f"2019/MINI2/00{at}", "title": title}
        for at, title in enumerate(["Agenda", "Big  Bid", "Plan"])
    ]
    leaks = LeakCheck(restricted, ["Plan", "agenda"], GRAMMAR.longer)
    assert leaks.find("The agenda and the Plan of the BIG\nBID, not Big Bids") == ["“Big Bid”"]
    assert leaks.find("The agenda, the Plan, Big Bids") == []


# Places in a Word file


def run(text: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{escape(text)}</w:t></w:r>"


def paragraph(*inner: str) -> str:
    return f"<w:p>{''.join(inner)}</w:p>"


def in_body(*inner: str):
    return lambda data: with_body(data, paragraph(*inner))


def with_part(name: str, content: bytes):
    return lambda data: packed({**parts(data), name: content})


def in_part(name: str, old: str):
    """Put the title in place of some words of a part."""

    def hide(data: bytes) -> bytes:
        found = parts(data)
        assert old.encode() in found[name]
        return packed(
            {**found, name: found[name].replace(old.encode(), escape(TITLE, {'"': "&quot;"}).encode())}
        )

    return hide


def field(instruction: str, result: str) -> str:
    marks = [f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in ("begin", "separate", "end")]
    text = f"<w:r><w:instrText>{escape(instruction)}</w:instrText></w:r>"
    return marks[0] + text + marks[1] + run(result) + marks[2]


def inserted(text: str) -> str:
    return f"<w:ins w:id='8' w:author='A'>{run(text)}</w:ins>"


def deleted(text: str) -> str:
    return f"<w:del w:id='9' w:author='A'><w:r><w:delText>{escape(text)}</w:delText></w:r></w:del>"


START, END = TITLE[:15], TITLE[15:]
BOX = f"<w:r><w:pict><v:textbox xmlns:v='urn:schemas-microsoft-com:vml'><w:txbxContent>{paragraph(run('A box'))}</w:txbxContent></v:textbox></w:pict></w:r>"  # fmt: skip
ONE_PART = f"<a><b>{escape(TITLE)}</b><c>Peru</c></a>"
WORKBOOK = packed({**parts(word_paper()), "xl/sharedStrings.xml": ONE_PART.encode()})
PLACES = {
    "body": in_body(run(f"See {TITLE}.")),
    "runs": in_body(run(START), "<w:proofErr w:type='spellStart'/>", run(END)),
    "Word's own hyphen": in_body(run(TITLE.split("-")[0]), "<w:r><w:noBreakHyphen/></w:r>", run(TITLE.split("-", 1)[1])),
    "a paragraph after another": lambda d: with_body(d, paragraph(run("See")) + paragraph(run(TITLE)) + paragraph(run("Noted"))),
    "line break": in_body(run(START), "<w:r><w:br/></w:r>", run(END)),
    "cdata": in_body(f"<w:r><w:t><![CDATA[{TITLE}]]></w:t></w:r>"),
    "references": in_body(f"<w:r><w:t>{escape(TITLE).replace('Plan', 'Pl&#97;n')}</w:t></w:r>"),
    "XML comment": in_body(f"<!-- {escape(TITLE).replace('-', '')} -->"),
    "capitals by format": in_body(f"<w:r><w:rPr><w:smallCaps/></w:rPr><w:t>{escape(TITLE)}</w:t></w:r>"),
    "deleted": in_body(deleted(TITLE)),
    "before a change": in_body(run(START), inserted("new "), run(END)),
    "after a change": in_body(run(START), deleted("old "), run(END)),
    "moved": in_body(run(START), f"<w:moveFrom w:id='9' w:author='A'>{run('old ')}</w:moveFrom>", run(END)),
    "field instruction": in_body(field(f'TITLE "{TITLE}"', "Title")),
    "partly in a field": in_body(run(START), field('HYPERLINK "https://example.org"', END)),
    "around a box": in_body(run(START), BOX, run(END)),
    "in a box": in_body(run("Text"), BOX.replace("A box", escape(TITLE)), run("text")),
    "hyperlink target": lambda d: packed({**parts(d), "word/_rels/document.xml.rels": parts(d)["word/_rels/document.xml.rels"].replace(
        b"</Relationships>", f"<Relationship Id='rIdX' Type='http://a/hyperlink' TargetMode='External' Target='https://example.org/{quote(TITLE)}.docx'/></Relationships>".encode())}),
    "bookmark": in_body(f"<w:bookmarkStart w:id='9' w:name={quoteattr(TITLE)}/><w:bookmarkEnd w:id='9'/>"),
    "alternative text": in_part("word/document.xml", "A dot"),
    "header": in_part("word/header1.xml", "The first header"),
    "footnote": with_part("word/footnotes.xml", ONE_PART.encode()),
    "comment": with_part("word/comments.xml", ONE_PART.encode()),
    "property": in_part("docProps/core.xml", "A Paper of an Economy"),
    "custom XML": with_part("customXml/item1.xml", f"<a>{escape(html.escape(TITLE))}<b/></a>".encode()),
    "UTF-16 part": with_part("word/notes.xml", f"<?xml version='1.0' encoding='UTF-16'?>{ONE_PART}".encode("utf-16")),
    "UTF-16 under another name": with_part("word/notes.bin", ONE_PART.encode("utf-16")),
    "UTF-16 text": with_part("word/notes.txt", TITLE.replace("'", "\u2019").encode("utf-16-le")),
    "UTF-16 in data": with_part("word/settings.bin", b"\1\2\3" + TITLE.encode("utf-16-be") + b"\0\0\7"),
    "UTF-8 in data": with_part("word/media/picture.png", b"\x89PNG\0tEXtTitle\0" + TITLE.encode() + b"\0"),
    "workbook of a chart": with_part("word/embeddings/data.xlsx", WORKBOOK),
    "embedded Word file": lambda d: packed({**parts(d), "word/embeddings/a.docx": in_body(run(TITLE))(d)}),
    "name of a part": with_part(f"word/media/{TITLE}.png", b"\x89PNG"),
}  # fmt: skip


@pytest.mark.parametrize("hide", PLACES.values(), ids=PLACES.keys())
def test_a_restricted_title_is_found_in_every_place_of_a_word_file(hide):
    assert LEAKS.find(text_to_check("papers/a.docx", hide(word_paper()))) == [FOUND]


@every_spelling
def test_a_restricted_title_is_found_in_every_spelling_in_a_word_file(words):
    shown = words.replace("\ufeff", "").replace("\r", "")
    assert LEAKS.find(text_to_check("papers/a.docx", with_body(word_paper(), paragraph(run(shown))))) == [
        FOUND
    ]


def test_a_word_file_without_restricted_titles_is_no_leak():
    assert LEAKS.find(text_to_check("papers/a.docx", word_paper())) == []


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("index.html", escape),
        ("index.html", lambda title: f"<b>{escape(title[:9])}</b>{escape(title[9:])}"),
        ("index/text.js", json.dumps),
        ("traces/a.json", lambda title: json.dumps({"figures": [{"text": title}]})),
        ("traces/a.json", lambda title: json.dumps({title.replace(" ", "\n"): 1})),
    ],
    ids=["web page", "mark within", "script", "trace", "key with line breaks"],
)
def test_a_restricted_title_is_found_in_web_pages_and_data(name, write):
    assert LEAKS.find(text_to_check(name, write(SPELLINGS["curly quotation marks"]).encode())) == [FOUND]


# Places in a PDF that others sent


def pdf_with(words: str = "", change=lambda pdf: None) -> bytes:
    """A PDF of one page with words, in the encoding of Windows."""
    pdf, written = Pdf.new(), io.BytesIO()
    pdf.add_blank_page(page_size=(900, 200))
    shown = words.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)")
    lines = b" ".join(b"(" + line + b") Tj 0 -20 Td" for line in shown.split(b"\n"))
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(F1=font))
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 12 Tf 40 150 Td " + lines + b" ET")
    change(pdf)
    pdf.save(written)
    return written.getvalue()


def with_bookmark(pdf: Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(TITLE, 0))


def with_comment(pdf: Pdf) -> None:
    comment = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents=String(TITLE))
    pdf.pages[0].Annots = Array([pdf.make_indirect(comment)])


def with_metadata(pdf: Pdf) -> None:
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = TITLE


def with_property(pdf: Pdf) -> None:
    pdf.docinfo.Title = TITLE


@pytest.mark.poppler
@pytest.mark.parametrize(
    "pdf",
    [
        lambda: pdf_with(f"See {TITLE}."),
        lambda: pdf_with(SPELLINGS["curly quotation marks"].replace(" ", "\n")),
        lambda: pdf_with(TITLE.replace("operation", "opera-\ntion")),
        lambda: pdf_with("Text", with_bookmark),
        lambda: pdf_with("Text", with_comment),
        lambda: pdf_with("Text", with_metadata),
        lambda: pdf_with("Text", with_property),
    ],
    ids=["text", "lines", "hyphenated", "bookmark", "comment", "metadata", "property"],
)
def test_a_restricted_title_is_found_in_every_place_of_a_pdf_that_others_sent(pdf):
    assert LEAKS.find(text_to_check("papers/a.pdf", pdf_with("Text"))) == []
    assert LEAKS.find(text_to_check("papers/a.pdf", pdf())) == [FOUND]


def select(tmp_path, data: bytes):
    """Select among one public paper, which others sent as PDF, while another paper is restricted."""
    entry = RegisterEntry(
        number="2018/SMEWG47/009", base="2018/SMEWG47/009", revision=0, title="A Scan", kind="received",
        meeting="SMEWG47", file="papers/a.pdf", sha256="", date="2018-09-12",
    )  # fmt: skip
    meeting = RegisterMeeting("SMEWG47", (("SME", ""),), "Port Moresby", "", "2018-09-12", "", {})
    register = Register("smewg", "SMEWG", "SMEWG", "APEC", "en-GB", (meeting,), (entry,), (), True)
    restricted = [{"number": NUMBER, "title": TITLE}]
    rules = {"papers": [entry.number], "known_titles": [], "restricted": restricted, "longer": GRAMMAR.longer}
    rules |= {"editions": [], "traces": [], "withheld": {}, "list_may_name": False}
    return select_papers(register, rules, tmp_path, {entry.file: data})


@pytest.mark.poppler
def test_a_pdf_that_mentions_a_restricted_paper_is_not_published(tmp_path):
    selection = select(tmp_path, pdf_with(f"See {TITLE}."))
    assert selection.files == {}
    assert "2018/SMEWG47/009 stays out of outputs/public: it mentions" in selection.notices[0]
    assert select(tmp_path, pdf_with("Text")).files


def test_a_pdf_whose_text_cannot_be_searched_is_not_published(tmp_path):
    """Tests without the mark poppler find no pdftotext."""
    selection = select(tmp_path, pdf_with("Text"))
    assert selection.files == {}
    assert "pdftotext is missing" in selection.notices[0] and "install poppler-utils" in selection.notices[0]


def test_a_pdf_that_was_converted_is_not_searched_again():
    """The Word file is."""
    assert text_to_check("pdf/a.pdf", pdf_with(TITLE)) == ""
