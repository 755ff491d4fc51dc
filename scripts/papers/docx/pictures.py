"""Pictures from Markdown: the drawing in the text, and the parts that hold the files.

Imported only for papers with pictures; see README.md in this folder. Texts arrive escaped.
"""

from __future__ import annotations

import hashlib

from papers.docx.numbered_captions import caption_xml
from papers.richtext import unescaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from papers.richtext import PictureData

_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_FIRST_ID = 100_000  # above the ids of the drawings in templates and of charts
_EMU = 635  # in a twentieth of a point
_CAPTION = '<w:keepNext/><w:jc w:val="center"/>'
_TURNED = 11_000  # twentieths of a point: text that is wider is on a landscape page
_HIGHEST, _HIGHEST_TURNED = 1.2, 0.55  # of the width of the text, with room for a caption


class ChangedPicture(Exception):
    """A picture that is not as it was when the inputs were read."""


def picture_xml(picture: PictureData, caption: str, number: int, styles: dict[str, str], width: int) -> str:
    """Return the paragraph with picture `number`, counted from 1, and its caption as runs, if it has one.

    `width` is that of the text, in twentieths of a point.
    """
    wide, high = _fitted(picture["size"], width * _EMU)
    alt = picture["alt"].replace('"', "&quot;")
    size = f'cx="{wide}" cy="{high}"'
    drawing = (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}" distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{_FIRST_ID + number}" name="Picture {number}" descr="{alt}"/>'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{_MAIN}" noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic xmlns:a="{_MAIN}"><a:graphicData uri="{_PICTURE}"><pic:pic xmlns:pic="{_PICTURE}"><pic:nvPicPr>'
        f'<pic:cNvPr id="{_FIRST_ID + number}" name="Picture {number}" descr="{alt}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip xmlns:r="{_RELATIONSHIPS}" r:embed="rIdPicture{number}"/><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )
    above = caption_xml("Figure", caption, styles, _CAPTION) if caption else ""
    return above + (
        f'<w:p><w:pPr><w:pStyle w:val="{styles["Body Text"]}"/><w:spacing w:before="60" w:after="200"'
        f' w:line="240" w:lineRule="auto"/><w:jc w:val="center"/></w:pPr>{drawing}</w:p>'
    )


def _fitted(size: list[int], width: int) -> tuple[int, int]:
    """The size of the file, made smaller where it would be wider than the text, or too high for a page."""
    wide, high = size
    most = round(width * (_HIGHEST_TURNED if width > _TURNED * _EMU else _HIGHEST))
    if wide > width:
        wide, high = width, max(1, high * width // wide)
    return (max(1, wide * most // high), most) if high > most else (wide, high)


def new_parts(
    pictures: list[PictureData], types: str, relationships: str
) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the two listings with the pictures in them, by name, and the parts of the pictures.

    `types` and `relationships` are [Content_Types].xml and the document's relationships. Raise ChangedPicture if a file
    is not as it was read.
    """
    parts: dict[str, bytes] = {}
    added = []
    for number, picture in enumerate(pictures, 1):
        data = _read(picture)
        ending = "png" if data.startswith(b"\x89PNG") else "jpeg"
        name = f"media/picture-{picture['sha256'][:16]}.{ending}"
        parts[f"word/{name}"] = data
        added.append(f'<Relationship Id="rIdPicture{number}" Type="{_RELATIONSHIPS}/image" Target="{name}"/>')
    for ending in ("jpeg", "png"):
        known = f'Extension="{ending}"' in types
        if not known and any(name.endswith(f".{ending}") for name in parts):
            default = f'<Default Extension="{ending}" ContentType="image/{ending}"/>'
            types = types.replace("<Default", f"{default}<Default", 1)
    relationships = relationships.replace("</Relationships>", f"{''.join(added)}</Relationships>")
    return {"[Content_Types].xml": types, "word/_rels/document.xml.rels": relationships}, parts


def _read(picture: PictureData) -> bytes:
    """The bytes of a picture, which the build read and checked before."""
    file = unescaped(picture["file"])
    try:
        with open(file, "rb") as source:
            data = source.read()
    except OSError as error:
        raise ChangedPicture(f"{file}, which cannot be opened ({error.strerror or error})") from error
    if hashlib.sha256(data).hexdigest() != picture["sha256"]:
        raise ChangedPicture(f"{file}, which changed while the papers were made")
    return data
