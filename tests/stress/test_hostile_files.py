"""Hostile files: each step refuses them in one line, within limits of memory and time that the system enforces.

Several hostile files are in one folder, as all problems are reported at once: each must be reported by its name, and
nothing else.
"""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable
from itertools import islice

import pytest
from forum_tools import FOLDER, MINI2, MINIATURE, SCHEDULE, SHEET_XML, copy_forum
from hostile_tools import ENTITIES, OUTSIDE, bomb, packed, prepare, read, snapshot, unpacked
from papers.received.scan_docx import scan_docx
from received_tools import MACROS, MAIN, paragraphs, with_body, with_part, with_relation, word_paper
from reliability import count
from word_tools import TEMPLATES, copied_templates, edited

SECTION = "Hostile files"
DOCUMENT, SHARED = "word/document.xml", "xl/sharedStrings.xml"
BOOK = (MINIATURE / SCHEDULE).read_bytes()
PARTS = unpacked(BOOK)
SHEET = PARTS[SHEET_XML].decode()
MAIN_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(**parts: bytes) -> bytes:
    """The workbook with parts added or changed; __ stands for / and the ending is .xml."""
    return packed({**PARTS, **{f"{name.replace('__', '/')}.xml": content for name, content in parts.items()}})


def sheet(edit: Callable[[str], str]) -> bytes:
    after = edit(SHEET)
    assert after != SHEET
    return packed({**PARTS, SHEET_XML: after.encode()})


def rows(number: int, cell: str) -> str:
    return "".join(f'<row r="{r}">{cell.format(r=r)}</row>' for r in range(10, 10 + number))


def more(xml: str, text: str = SHEET) -> str:
    return text.replace("</sheetData>", f"{xml}</sheetData>")


def shared(text: bytes) -> bytes:
    return f'<sst xmlns="{MAIN_NAMESPACE}"><si><t>'.encode() + text + b"</t></si></sst>"


def with_shared(text: bytes) -> dict[str, bytes]:
    """The part of shared texts with one text, and the relationship that names it."""
    name, entry = "xl/_rels/workbook.xml.rels", b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="'
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    end = b"</Relationships>"
    return {SHARED: shared(text), name: PARTS[name].replace(end, entry + kind + b'"/>' + end)}


def value(xml: str) -> bytes:
    """The workbook with another cell I2."""
    return sheet(lambda text: re.sub(r'<c r="I2".*?</c>', xml, text, count=1, flags=re.S))


# (function that returns a workbook, words that the line about it must contain)
WORKBOOKS: list[tuple[Callable[[], bytes], str]] = [
    (lambda: BOOK[: len(BOOK) // 2], "not a zip file"),
    (lambda: b"PK\3\4" + random.Random(1).randbytes(20_000), "not a zip file"),
    (lambda: random.Random(2).randbytes(20_000), "a file of another type"),
    (
        lambda: bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "Remove the password",
    ),
    (lambda: packed({**PARTS, "../../evil.txt": b"x"}), "leads out of the file"),
    (lambda: packed({**PARTS, "/etc/evil.txt": b"x"}), "leads out of the file"),
    (lambda: packed([*PARTS.items(), (SHEET_XML, PARTS[SHEET_XML])]), "sheet1.xml twice"),
    (lambda: packed([*PARTS.items(), (SHEET_XML.upper(), PARTS[SHEET_XML])]), "twice"),
    (lambda: packed(PARTS, zipfile.ZIP_LZMA), "packed in a way that Office does not use"),
    (lambda: packed({**PARTS, **{f"x/{n}": b"" for n in range(6000)}}), "6011 parts"),
    (lambda: packed({**PARTS, "xl/vbaProject.bin": b"x"}), "macros"),
    (lambda: book(xl__externalLinks__externalLink1=b"<a/>"), "links to other workbooks"),
    (lambda: book(xl__connections=b"<a/>"), "connections to other data"),
    (lambda: sheet(lambda text: ENTITIES + text.replace("Workshop", "&j;", 1)), "declares entities"),
    (lambda: book(xl__sharedStrings=(ENTITIES + "<sst/>").encode("utf-16")), "declares entities"),
    (
        lambda: book(
            xl__workbook=PARTS["xl/workbook.xml"].replace(b"<workbook", OUTSIDE.encode() + b"<workbook", 1)
        ),
        "declares entities",
    ),
    (lambda: value('<c r="I2"><f>1+1</f></c>'), "never calculated"),
    (lambda: value('<c r="I2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'), "#DIV/0!"),
    (lambda: sheet(lambda text: text.replace('<row r="3"', '<row hidden="1" r="3"')), "a hidden row"),
    (lambda: sheet(lambda text: text.replace('<row r="3"', '<row ht="0" r="3"')), "a hidden row"),
    (
        lambda: sheet(
            lambda text: text.replace(
                "<sheetData>", '<cols><col min="3" max="3" width="0"/></cols><sheetData>'
            )
        ),
        "a hidden column",
    ),
    (lambda: sheet(lambda text: more('<row r="1048576"><c><v>1</v></c></row>')), "as far away as"),
    (
        lambda: sheet(lambda text: more('<row r="9"><c r="xfd1048576"><v>1</v></c></row>')),
        "as far away as XFD1048576",
    ),
]
# Those that would use up memory or time: each is read alone.
BOMBS: list[tuple[Callable[[], bytes], str]] = [
    (lambda: bomb(PARTS, "xl/media/a.png", 1_000_000_000), "1000 MB when unpacked"),
    (lambda: bomb(PARTS, SHARED, 700_000_000, says=1000), "Bad CRC-32"),
    (lambda: book(xl__styles=PARTS["xl/styles.xml"].replace(b"</cellXfs>", b'<xf numFmtId="14"/>' * 6_000_000 + b"</cellXfs>")), "xl/styles.xml of 114 MB"),
    (lambda: sheet(lambda text: more(rows(1_000_000, "<c><v>1</v></c>"))), "expected at most 2000000"),
    (lambda: packed({**PARTS, **with_shared(b"a" * 1_000_000), SHEET_XML: more(rows(1000, '<c r="A{r}" t="s"><v>0</v></c>')).encode()}), "in each of many cells"),
]  # fmt: skip


def lines_about(file: str, lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith(file)]


def test_each_hostile_workbook_is_refused_in_one_line_that_names_it(tmp_path):
    forum = copy_forum(tmp_path)
    files = {f"{FOLDER}/plan-2019-2020/schedule/{1990 + at}.xlsx": case for at, case in enumerate(WORKBOOKS)}
    for file, (make, _) in files.items():
        forum.write(file, make())
    before = snapshot(forum.path("inputs"))
    result = read(forum.root)
    assert result.code == 1
    for file, (_, words) in files.items():
        assert [words in line for line in lines_about(file, result.lines)] == [True], (words, result.lines)
    assert all("; expected " in line for line in result.lines)
    assert not any(forum.path("outputs/work").glob("*.json"))
    assert snapshot(forum.path("inputs")) == before
    count(SECTION, "workbooks refused, each in one line", len(files))


@pytest.mark.slow
@pytest.mark.parametrize(("make", "words"), BOMBS, ids=[words for _, words in BOMBS])
def test_a_workbook_that_would_use_up_memory_or_time_is_refused_before_it_does(make, words, tmp_path):
    forum = copy_forum(tmp_path)
    forum.write(SCHEDULE, make())
    before = snapshot(forum.path("inputs"))
    result = read(forum.root)
    assert (result.code, len(result.lines)) == (1, 1), result
    assert words in result.lines[0] and result.lines[0].startswith(f"{SCHEDULE}: found ")
    assert snapshot(forum.path("inputs")) == before
    count(SECTION, "workbooks that would fill 600 MB or 10 seconds, refused within", 1)


def test_a_million_mistakes_are_reported_in_a_readable_number_of_lines(tmp_path):
    forum = copy_forum(tmp_path)
    forum.write(SCHEDULE, sheet(lambda text: more(rows(20_000, '<c r="C{r}"><f>A1</f></c>'))))
    result = read(forum.root)
    assert result.code == 1 and len(result.lines) < 500
    assert "more than 200 problems of one kind" in result.lines[0]


# Papers that others send


def with_macros(data: bytes) -> bytes:
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    relation = f'<Relationship Id="rIdMacros" Type="{kind}" Target="vbaProject.bin"/></Relationships>'
    data = with_part(
        data, "word/_rels/document.xml.rels", lambda xml: xml.replace("</Relationships>", relation)
    )
    type_ = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    data = with_part(data, "[Content_Types].xml", lambda xml: xml.replace("</Types>", type_))
    return with_part(data, "word/vbaProject.bin", lambda _: "x")


def test_each_hostile_received_paper_is_refused_in_one_line_that_names_it(tmp_path):
    """What a template may not contain, a paper may not contain either; but in a paper, tags are text."""
    of_tags = ("expression", "a call", "tag", "braces", "dotm")
    cases = [case for case in TEMPLATE_CASES if not any(word in case[1] for word in of_tags)]
    forum = copy_forum(tmp_path)
    entry = (
        "  - {{number: 2019/MINI2/{at:03}, file: received/MINI2/{at}.docx, title: T, submitted_by: [Peru]}}\n"
    )
    forum.write(
        MINI2, forum.text(MINI2) + "".join(entry.format(at=at) for at in range(100, 100 + len(cases)))
    )
    for at, (damage, _) in enumerate(cases, 100):
        forum.write(f"{FOLDER}/received/MINI2/{at}.docx", damage(word_paper(language="en-GB")))
    before = snapshot(forum.path("inputs"))
    result = read(forum.root)
    assert result.code == 1
    for at, (_, words) in enumerate(cases, 100):
        about = lines_about(f"{FOLDER}/received/MINI2/{at}.docx", result.lines)
        assert [words in line for line in about] == [True], (words, result.lines)
    assert snapshot(forum.path("inputs")) == before
    count(SECTION, "received papers refused, each in one line", len(cases))


def test_a_character_that_turns_or_hides_text_in_a_received_paper_is_reported_with_its_paragraph():
    (finding,) = scan_docx(with_body(word_paper(), paragraphs("First", "pay \u202e001 now"))).findings
    assert (finding.code, finding.severity, finding.place) == (
        "invisible-character",
        "warning",
        'paragraph 2 ("pay \u202e001 now")',
    )
    assert "U+202E" in finding.found


# Templates


def typed(*words: str) -> Callable[[bytes], bytes]:
    """Add paragraphs to a template."""
    xml = "".join(f'<w:p><w:r><w:t xml:space="preserve">{one}</w:t></w:r></w:p>' for one in words)
    return lambda data: with_body(data, xml)


def hidden(words: str) -> Callable[[bytes], bytes]:
    """Add a tag where Word does not show it: in the property Company."""
    company = f"<Company>{words}</Company></Properties>"
    return lambda data: with_part(
        data, "docProps/app.xml", lambda text: text.replace("</Properties>", company)
    )


def field(words: str) -> str:
    """Return a field whose instruction is split into two runs, as Word does."""
    mark, half = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>', len(words) // 2
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (words[:half], words[half:]))
    return f"<w:p>{mark.format('begin')}{runs}{mark.format('end')}</w:p>"


def parts_with(**parts: bytes) -> Callable[[bytes], bytes]:
    return lambda data: packed(
        {**unpacked(data), **{f"word/{name}.xml": content for name, content in parts.items()}}
    )


def entries(*names: str) -> Callable[[bytes], bytes]:
    return lambda data: packed([*unpacked(data).items(), *((name, b"<a/>") for name in names)])


def declared(what: str) -> Callable[[bytes], bytes]:
    return lambda data: with_part(
        data, DOCUMENT, lambda text: text.replace("<w:document", f"{what}<w:document", 1)
    )


RELATION = "https://evil.example/a"
INJECTED = "{{ cover.title|share('1 or runs.__func__.__globals__') }}"
RUNS = "{{ cover.meeting|runs('0) or open(chr(47)') }}"
TEMPLATE_CASES: list[tuple[Callable[[bytes], bytes], str]] = [
    (typed("{{ ''.__class__.__mro__[1].__subclasses__() }}"), "a call of __subclasses__()"),
    (typed("{{ cover.__init__.__globals__ }}"), "the unknown tag cover"),
    (typed("{% for x in range(999999999) %}{{ x }}{% endfor %}"), "a call of range()"),
    (typed("{% if " + "(" * 5000 + "cover.title" + ")" * 5000 + " %}x{% endif %}"), "half a tag"),
    (typed("{{ " * 50_000), "braces; expected at most"),
    (typed("{{ cover.title" + " " * 100_000 + "x }}"), "half a tag"),
    (hidden(INJECTED), "an expression with filter"),
    (hidden(RUNS), "an expression with filter"),
    (hidden("{% macro x() %}{% endmacro %}"), "an expression with macro"),
    (lambda data: with_relation(data, "attachedTemplate", f"{RELATION}.dotm", "word/settings.xml"), "a.dotm, which is not in the file"),
    (lambda data: with_relation(data, "image", f"{RELATION}.png"), "a linked picture, which is not in the file"),
    (lambda data: with_relation(data, "oleObject", "file:///C:/a.xlsx"), "a linked object, which is not in the file"),
    (lambda data: with_relation(data, "hyperlink", "javascript:alert(1)"), "a link that may run something"),
    (lambda data: with_body(data, field('DDEAUTO c:\\cmd.exe "/k calc"')), "(DDEAUTO)"),
    (lambda data: with_body(data, field(f"INCLUDEPICTURE {RELATION}.png")), "(INCLUDEPICTURE)"),
    (with_macros, "found macros"),
    (lambda data: with_part(data, "[Content_Types].xml", lambda text: text.replace(MAIN, MACROS)), "found macros"),
    (declared(ENTITIES), "declares entities"),
    (declared(OUTSIDE), "declares entities"),
    (parts_with(bomb=bytes(120_000_000)), "bomb.xml of 120 MB"),
    (lambda data: bomb(unpacked(data), "word/media/a.png", 400_000_000), "MB when unpacked"),
    (parts_with(marks=b"<a>" + b"<b/>" * 3_000_000 + b"</a>"), "3000002 elements"),
    (entries("../../evil.xml"), "leads out of the file"),
    (entries(DOCUMENT), "document.xml twice"),
    (lambda data: data[: len(data) // 2], "not a zip file"),
]  # fmt: skip
# They are parts of other kinds.
UNCHANGED = ("cover", "implementation-schedule", "terms-of-reference", "sources-annex", "project-scores")


def batches():
    kinds = [path.stem for path in sorted(TEMPLATES.glob("[!~]*.docx")) if path.stem not in UNCHANGED]
    cases = iter(TEMPLATE_CASES)
    while batch := list(islice(cases, len(kinds))):
        yield dict(zip(kinds, batch, strict=False))


@pytest.mark.parametrize("batch", list(batches()), ids=lambda batch: f"{len(batch)} of them")
def test_each_hostile_template_is_refused_in_lines_that_name_it(batch, tmp_path):
    templates = copied_templates(tmp_path)
    for kind, (damage, _) in batch.items():
        file = templates / f"{kind}.docx"
        file.write_bytes(damage(file.read_bytes()))
    before = snapshot(templates)
    result = prepare(tmp_path)
    assert result.code == 1
    for kind, (_, words) in batch.items():
        assert any(words in line for line in lines_about(f"templates/{kind}.docx", result.lines)), (
            words,
            result.lines,
        )
    assert all(line.startswith("templates/") and "; expected " in line for line in result.lines), result.lines
    assert not (tmp_path / "outputs").exists()
    assert snapshot(templates) == before
    count(SECTION, "templates refused, by name", len(batch))


def test_lists_repeated_within_themselves_are_refused(tmp_path):
    templates = copied_templates(tmp_path)
    with edited(templates, "agenda") as document:
        document.add_paragraph("{% for x in agenda.items %}" * 9 + "{{ x.title }}" + "{% endfor %}" * 9)
    result = prepare(tmp_path)
    assert result.code == 1 and any("agenda.items within" in line for line in result.lines), result.lines
