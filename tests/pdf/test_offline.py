"""LibreOffice reaches nothing outside the file that it converts: a listener gets no request, no other file is shown."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path

import pikepdf
import pytest
from papers.docx.offline_copy import offline_copy
from papers.pdf.libreoffice import convert
from papers.pdf.normalise import OPTIONS
from received_tools import packed, with_body, with_part, word_paper
from word_tools import parts

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SVG = "http://www.w3.org/2000/svg"


@pytest.fixture
def listener():
    """An address of this computer, and the requests that it got."""
    requests: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(f"{self.command} {self.path}")
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", requests
    server.shutdown()
    server.server_close()


def wide_picture(folder: Path) -> Path:
    """A picture of 37 by 11 pixels, as no other picture of the tests has."""
    from struct import pack  # noqa: PLC0415
    from zlib import compress, crc32  # noqa: PLC0415

    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", crc32(name + data))

    head = pack(">IIBBBBB", 37, 11, 8, 2, 0, 0, 0)
    rows = compress((b"\0" + b"\xff\0\0" * 37) * 11)
    file = folder / "elsewhere.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return file


def drawing(how: str) -> str:
    ns = "http://schemas.openxmlformats.org/drawingml/2006"
    return (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{ns}/wordprocessingDrawing"><wp:extent cx="900000" cy="300000"/>'
        f'<wp:docPr id="90" name="p"/><a:graphic xmlns:a="{ns}/main"><a:graphicData uri="{ns}/picture">'
        f'<pic:pic xmlns:pic="{ns}/picture"><pic:nvPicPr><pic:cNvPr id="0" name="x"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip xmlns:r="{OFFICE}" r:{how}="rL"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="300000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def related(data: bytes, kind: str, target: str, mode: str = "External") -> bytes:
    relation = f'<Relationship Id="rL" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return with_part(
        data,
        "word/_rels/document.xml.rels",
        lambda text: text.replace("</Relationships>", f"{relation}</Relationships>"),
    )


def linked(kind: str):
    return lambda target: related(with_body(word_paper(), drawing("link")), kind, target)


def with_svg(svg: str) -> bytes:
    data = related(with_body(word_paper(), drawing("embed")), "image", "media/a.svg", "Internal")
    data = with_part(data, "word/media/a.svg", lambda _: svg)
    default = '<Default Extension="svg" ContentType="image/svg+xml"/><Default '
    return with_part(data, "[Content_Types].xml", lambda text: text.replace("<Default ", default, 1))


def svg_picture(target: str) -> str:
    return (
        f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="30">'
        f'<image width="90" height="30" xlink:href="{target}"/></svg>'
    )


def field(target: str) -> bytes:
    codes = f'<w:fldSimple w:instr=" INCLUDEPICTURE &quot;{target}&quot; \\d "><w:r><w:t>a</w:t></w:r></w:fldSimple>'
    return with_body(word_paper(), f"<w:p>{codes}</w:p>")


def section_of_another_format(target: str) -> bytes:
    office, xlink = "urn:oasis:names:tc:opendocument:xmlns", "http://www.w3.org/1999/xlink"
    return (
        f'<?xml version="1.0"?><office:document xmlns:office="{office}:office:1.0" xmlns:text="{office}:text:1.0"'
        f' xmlns:xlink="{xlink}" xmlns:draw="{office}:drawing:1.0" xmlns:svg="{office}:svg-compatible:1.0"'
        ' office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>'
        f'<text:section text:name="s"><text:section-source xlink:href="{target}"/><text:p>a</text:p></text:section>'
        f'<text:p><draw:frame svg:width="5cm" svg:height="2cm" text:anchor-type="as-char"><draw:image'
        f' xlink:href="{target}"/></draw:frame></text:p></office:text></office:body></office:document>'
    ).encode()


WAYS = {
    "linked picture": linked("image"),
    "picture under another relation": linked("hyperlink"),
    "picture in an SVG": lambda target: with_svg(svg_picture(target)),
    "field": field,
    "linked section": section_of_another_format,
}


@pytest.mark.libreoffice
@pytest.mark.parametrize("way", WAYS)
def test_nothing_outside_the_file_is_reached(way, listener, tmp_path):
    address, requests = listener
    outside = wide_picture(tmp_path)
    files = [tmp_path / "web.docx", tmp_path / "file.docx"]
    for file, target in zip(files, (f"{address}/a.png", outside.as_uri()), strict=True):
        file.write_bytes(WAYS[way](target))
    (tmp_path / "made").mkdir()
    for made in convert(files, tmp_path / "made", OPTIONS):
        assert (37, 11) not in pictures(made)
    assert requests == []


@pytest.mark.libreoffice
def test_a_picture_in_the_file_is_shown(tmp_path):
    data = related(with_body(word_paper(), drawing("embed")), "image", "media/a.png", "Internal")
    inside = packed({**parts(data), "word/media/a.png": wide_picture(tmp_path).read_bytes()})
    (tmp_path / "paper.docx").write_bytes(inside)
    (made,) = convert([tmp_path / "paper.docx"], tmp_path, OPTIONS)
    assert (37, 11) in pictures(made)


def pictures(file: Path) -> set[tuple[int, int]]:
    with pikepdf.open(file) as pdf:
        found = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and "/Width" in one]
        return {(int(one.Width), int(one.Height)) for one in found}


@pytest.mark.parametrize(
    "svg",
    [
        svg_picture("file:///a.png"),
        svg_picture("../../a.png"),
        svg_picture("data:image/svg+xml;base64,PHN2Zy8+"),
        f'<svg xmlns="{SVG}"><rect fill="url(http://example.org/a.svg#b)"/></svg>',
        f'<svg xmlns="{SVG}"><style>@import "http://example.org/a.css";</style></svg>',
        f'<?xml-stylesheet href="http://example.org/a.css"?><svg xmlns="{SVG}"/>',
        f'<!DOCTYPE svg SYSTEM "http://example.org/a.dtd"><svg xmlns="{SVG}"/>',
    ],
)
def test_an_svg_is_converted_without_what_it_refers_to(svg):
    made = parts(offline_copy(with_svg(svg)))["word/media/a.svg"].decode()
    assert "svg" in made and not {"example.org", "file:", "../", "base64"} & {
        w for w in ("example.org", "file:", "../", "base64") if w in made
    }


@pytest.mark.parametrize("target", ["#part", "data:image/png;base64,AAAA"])
def test_an_svg_that_refers_to_itself_is_converted_as_it_is(target):
    paper = with_svg(svg_picture(target))
    assert offline_copy(paper) == paper


def test_a_paper_without_svg_is_converted_as_it_is():
    assert offline_copy(word_paper()) == word_paper()
    assert offline_copy(b"no zip") == b"no zip"
