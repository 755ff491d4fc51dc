"""Scans of PDFs that try to run, to reach out, to hide, or to take all time and memory."""

from __future__ import annotations

import zlib

import pytest
from papers.received import pdf_reader
from papers.received.scan_pdf import scan_pdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from received_tools import pdf_paper
from reliability import count

SECTION = "Hostile files by kind"

FILE = Dictionary(Type=Name.Filespec, F=String("other.pdf"), UF=String("other.pdf"))


def found_in(edit) -> dict[str, str]:
    """Code -> severity of what is found in an edited paper, without what every paper of the tests has."""
    findings = scan_pdf(pdf_paper(edit=edit)).findings
    return {f.code: f.severity for f in findings if f.code not in ("not-tagged", "not-run")}


def link(**keys):
    def edit(pdf: Pdf) -> None:
        box = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), **keys)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(box)])

    return edit


def action(kind: str, **keys) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **keys)


def anywhere(**keys):
    """An edit that adds a dictionary under a key of no meaning."""
    return page(Own=Dictionary(**keys))


def root(**keys):
    def edit(pdf: Pdf) -> None:
        for key, value in keys.items():
            pdf.Root[f"/{key}"] = pdf.make_indirect(value) if isinstance(value, Dictionary) else value

    return edit


def page(**keys):
    def edit(pdf: Pdf) -> None:
        for key, value in keys.items():
            pdf.pages[0].obj[f"/{key}"] = value

    return edit


def stream(data: bytes = b"", **keys):
    return lambda pdf: pdf.pages[0].obj.__setitem__("/Own", pdf.make_stream(data, **keys))


def chain(pdf: Pdf) -> None:
    first = pdf.make_indirect(action("GoTo", D=Array([0])))
    first.Next = pdf.make_indirect(
        action("GoTo", D=Array([0]), Next=Array([action("Launch", F=String("a.exe"))]))
    )
    pdf.Root.OpenAction = first


def outline(pdf: Pdf) -> None:
    item = pdf.make_indirect(Dictionary(Title=String("a"), A=action("JavaScript", JS=String("a"))))
    pdf.Root.Outlines = Dictionary(First=item, Last=item)


KINDS = (
    "GoToR GoToE Launch Thread SubmitForm ResetForm ImportData JavaScript Rendition Movie Sound Hide SetOCGState"
    " GoTo3DView RichMediaExecute SomethingNew"
)


@pytest.mark.parametrize("kind", KINDS.split())
@pytest.mark.parametrize(
    "place",
    [
        lambda act: root(OpenAction=act),
        lambda act: root(AA=Dictionary(WC=act)),
        lambda act: page(AA=Dictionary(O=act)),
        lambda act: link(A=act),
        lambda act: link(A=action("GoTo", Next=act)),
    ],
    ids=["open", "trigger of the file", "trigger of a page", "link", "next of another"],
)
def test_an_action_that_does_more_than_turn_pages_is_refused_wherever_it_is(kind, place):
    assert found_in(place(action(kind))) == {"actions": "error"}
    count(SECTION, "PDFs: actions, refused wherever they are")


@pytest.mark.parametrize(
    "edit",
    [chain, outline, root(Names=Dictionary(JavaScript=Dictionary(Names=Array()))), anywhere(S=Name.Launch)],
    ids=["chain of actions", "bookmark", "tree of names", "object of no meaning"],
)
def test_actions_are_found_behind_others_and_in_every_object(edit):
    assert found_in(edit) == {"actions": "error"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.apec.org", {}),
        ("mailto:a@apec.org", {}),
        ("javascript:alert(1)", {"unsafe-link": "error"}),
        ("java\nscript:alert(1)", {"unsafe-link": "error"}),
        ("ms-msdt:/id", {"unsafe-link": "error"}),
        ("file:///C:/a.docx", {"link-to-file": "warning"}),
        ("\\\\server\\share\\a.docx", {"link-to-file": "warning"}),
    ],
)
def test_links_follow_the_rule_of_links_in_word_files(address, expected):
    assert found_in(link(A=action("URI", URI=String(address)))) == expected
    count(SECTION, "PDFs: links, judged by the rule of Word files")


def test_an_address_that_all_links_begin_with_is_a_link_too():
    assert found_in(root(URI=Dictionary(Base=String("file://server/share/")))) == {"link-to-file": "warning"}


@pytest.mark.parametrize(
    "edit",
    [
        stream(F=String("http://example.org/a")),
        stream(F=FILE, FFilter=Name.FlateDecode),
        stream(Type=Name.XObject, Subtype=Name.Form, Ref=Dictionary(F=FILE, Page=0)),
        stream(Type=Name.XObject, Subtype=Name.Image, OPI=Dictionary({"/2.0": Dictionary(F=FILE)})),
        anywhere(Type=Name.Filespec, F=String("a.pdf")),
        anywhere(F=String("a.pdf")),
    ],
    ids=[
        "data of a stream",
        "filtered data",
        "page of another file",
        "picture by OPI",
        "file",
        "file without type",
    ],
)
def test_what_is_in_other_files_is_refused(edit):
    assert found_in(edit) == {"linked-content": "error"}
    count(SECTION, "PDFs: parts in other files, refused")


@pytest.mark.parametrize(
    "kind", ["FileAttachment", "RichMedia", "Screen", "3D", "Movie", "Sound", "Projection"]
)
def test_files_and_media_inside_are_refused(kind):
    assert found_in(anywhere(Type=Name.Annot, Subtype=Name(f"/{kind}"))) == {"embedded-file": "error"}
    count(SECTION, "PDFs: files and media inside, refused")


@pytest.mark.parametrize(
    "edit",
    [
        anywhere(Type=Name.Filespec, EF=Dictionary()),
        root(Collection=Dictionary(View=Name.D)),
        stream(Type=Name.EmbeddedFile),
        anywhere(Type=Name.Rendition, S=Name.MR),
    ],
    ids=["file", "portfolio", "bytes of a file", "rendition"],
)
def test_files_inside_are_found_in_every_object(edit):
    assert found_in(edit) == {"embedded-file": "error"}


def test_an_annotation_of_an_unknown_kind_is_refused():
    assert found_in(anywhere(Type=Name.Annot, Subtype=Name.Hologram)) == {"actions": "error"}


def test_comments_of_persons_are_a_warning():
    assert found_in(anywhere(Type=Name.Annot, Subtype=Name.Highlight, T=String("A person"))) == {
        "comments": "warning"
    }


@pytest.mark.parametrize(
    "settings",
    [{"OFF": Array([Dictionary()])}, {"BaseState": Name.OFF}, {"AS": Array([Dictionary(Event=Name.Print)])}],
    ids=["off", "all off", "off in print"],
)
def test_layers_that_are_not_always_shown_are_hidden_text(settings):
    layers = Dictionary(OCGs=Array(), D=Dictionary({f"/{key}": value for key, value in settings.items()}))
    assert found_in(root(OCProperties=layers)) == {"hidden-text": "warning"}


def with_text(text: bytes, picture: bool = False):
    def edit(pdf: Pdf) -> None:
        pdf.pages[0].obj.Contents = pdf.make_stream(text)
        if picture:
            form = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image)
            pdf.pages[0].obj.Resources.XObject = Dictionary(I=form)

    return edit


@pytest.mark.parametrize("text", [b"BT 3 Tr (a) Tj ET", b"BT/F1 9 Tf 3\nTr(a)Tj ET"])
def test_text_that_is_drawn_invisibly_is_a_warning_but_not_below_the_picture_of_a_scan(text):
    assert found_in(with_text(text)) == {"hidden-text": "warning"}
    assert found_in(with_text(text, picture=True)) == {}


def test_other_numbers_before_the_operator_are_no_hidden_text():
    assert found_in(with_text(b"BT 0 Tr 13 Tw (3 Tr) Tj 0.3 Tc ET")) in ({}, {"hidden-text": "warning"})
    assert found_in(with_text(b"BT 13 Tr ET")) == {}


def test_an_object_that_nothing_refers_to_is_looked_at_too():
    orphan = b"90 0 obj\n<</S/Launch/F(a.exe)>>\nendobj\n"
    update = b"xref\n90 1\n%010d 00000 n \ntrailer\n<</Size 91/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    data = pdf_paper()
    before = int(data.split(b"startxref")[-1].split()[0])
    data += orphan + update % (len(data), before, len(data) + len(orphan))
    assert "actions" in {finding.code for finding in scan_pdf(data).findings}


# Bounds


def forms_that_draw_each_other(pdf: Pdf) -> None:
    one, other = (pdf.make_stream(b"", Subtype=Name.Form) for _ in range(2))
    for form, inner in ((one, other), (other, one)):
        form.Resources = pdf.make_indirect(Dictionary(XObject=Dictionary(A=inner, B=form)))
    pdf.pages[0].obj.Resources.XObject = Dictionary(A=one)


def doubled_forms(pdf: Pdf) -> None:
    inner = pdf.make_stream(b"", Subtype=Name.Form)
    for _ in range(60):
        inner = pdf.make_stream(
            b"", Subtype=Name.Form, Resources=Dictionary(XObject=Dictionary(A=inner, B=inner))
        )
    pdf.pages[0].obj.Resources.XObject = Dictionary(A=inner)


def endless_chain(pdf: Pdf) -> None:
    first = pdf.make_indirect(action("GoTo"))
    first.Next = first
    pdf.Root.OpenAction = first


@pytest.mark.parametrize("edit", [forms_that_draw_each_other, doubled_forms, endless_chain])
def test_each_object_is_visited_once(edit):
    assert found_in(edit) == {}
    count(SECTION, "PDFs: objects within themselves, visited once")


def pages_in_a_loop(pdf: Pdf) -> None:
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)


def test_a_tree_of_pages_in_a_loop_is_damaged():
    assert found_in(pages_in_a_loop) == {"damaged": "error"}


def bomb(pdf: Pdf) -> None:
    data = zlib.compress(bytes(pdf_reader.LARGEST_STREAM + 1))
    pdf.pages[0].obj.Contents = pdf.make_stream(data, Filter=Name.FlateDecode)


def deep(pdf: Pdf) -> None:
    inner = Array()
    for _ in range(pdf_reader.DEEPEST + 5):
        inner = Array([inner])
    pdf.Root.Own = inner


@pytest.mark.parametrize(
    "edit", [bomb, deep], ids=["a stream that unpacks to too much", "lists within lists"]
)
def test_a_pdf_beyond_a_limit_is_an_error(edit):
    assert found_in(edit) == {"too-large": "error"}
    count(SECTION, "PDFs beyond a limit, refused")


@pytest.mark.parametrize(
    ("limit", "most"), [("MOST_OBJECTS", 3), ("MOST_VALUES", 5), ("MOST_PAGES", 1), ("MOST_CONTENT", 5)]
)
def test_what_is_counted_is_an_error_beyond_its_limit(limit, most, monkeypatch):
    monkeypatch.setattr(pdf_reader if limit != "MOST_CONTENT" else scan_module(), limit, most)
    assert found_in(lambda _: None) == {"too-large": "error"}


def scan_module():
    from papers.received import scan_pdf as module  # noqa: PLC0415

    return module


def test_many_fonts_that_are_missing_are_one_finding():
    def many_fonts(pdf: Pdf) -> None:
        fonts = {f"/F{n}": Dictionary(Type=Name.Font, BaseFont=Name(f"/Font{n}")) for n in range(100)}
        pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(fonts))

    (found,) = [f for f in scan_pdf(pdf_paper(edit=many_fonts)).findings if f.code == "font-not-embedded"]
    assert "and 95 more" in found.found
