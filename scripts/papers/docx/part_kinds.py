"""What a part of a Word file may be, by the type of the relation that leads to it and by its content type.

An allow-list: what is not here is refused. Tables for papers.docx.active_content.
"""

from __future__ import annotations

import re

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_OFFICE = "application/vnd.openxmlformats-officedocument."
_DRAWING = f"{_OFFICE}drawingml."
_XML = ("application/xml", "text/xml")
_PEOPLE = (f"{_WORD}people+xml", "application/vnd.ms-word.people+xml")

# Kind of relation -> content types that its part may have.
_ALLOWED: dict[str, tuple[str, ...]] = {
    "officeDocument": (f"{_WORD}document.main+xml",),
    **{
        kind: (f"{_WORD}{kind}+xml",)
        for kind in ("styles", "settings", "webSettings", "fontTable", "numbering", "footnotes", "endnotes")
    },
    **{kind: (f"{_WORD}{kind}+xml",) for kind in ("header", "footer", "comments")},
    "glossaryDocument": (f"{_WORD}document.glossary+xml",),
    "stylesWithEffects": ("application/vnd.ms-word.stylesWithEffects+xml", f"{_WORD}stylesWithEffects+xml"),
    "commentsExtended": (f"{_WORD}commentsExtended+xml", "application/vnd.ms-word.commentsExtended+xml"),
    "commentsIds": (f"{_WORD}commentsIds+xml", "application/vnd.ms-word.commentsIds+xml"),
    "commentsExtensible": (
        f"{_WORD}commentsExtensible+xml",
        "application/vnd.ms-word.commentsExtensible+xml",
    ),
    "people": _PEOPLE,
    "person": (*_PEOPLE, "application/vnd.ms-office.person+xml", "application/vnd.ms-excel.person+xml"),
    "documenttasks": ("application/vnd.ms-office.documenttasks+xml",),
    "theme": (f"{_OFFICE}theme+xml",),
    "themeOverride": (f"{_OFFICE}themeOverride+xml",),
    "font": ("application/x-fontdata", "application/x-font-ttf", f"{_OFFICE}obfuscatedFont"),
    "chart": (f"{_DRAWING}chart+xml",),
    "chartEx": ("application/vnd.ms-office.chartex+xml",),
    "chartStyle": ("application/vnd.ms-office.chartstyle+xml",),
    "chartColorStyle": ("application/vnd.ms-office.chartcolorstyle+xml",),
    "chartUserShapes": (f"{_DRAWING}chartshapes+xml",),
    "diagramData": (f"{_DRAWING}diagramData+xml",),
    "diagramLayout": (f"{_DRAWING}diagramLayout+xml",),
    "diagramQuickStyle": (f"{_DRAWING}diagramStyle+xml",),
    "diagramColors": (f"{_DRAWING}diagramColors+xml",),
    "diagramDrawing": ("application/vnd.ms-office.drawingml.diagramDrawing+xml",),
    "hdphoto": ("image/vnd.ms-photo",),
    "customXml": (*_XML, "application/inkml+xml"),
    "customXmlProps": (f"{_OFFICE}customXmlProperties+xml",),
    "printerSettings": (f"{_WORD}printerSettings", f"{_OFFICE}printerSettings"),
    "keyMapCustomizations": ("application/vnd.ms-word.keyMapCustomizations+xml",),
    "attachedToolbars": ("application/vnd.ms-word.attachedToolbars",),
    "core-properties": ("application/vnd.openxmlformats-package.core-properties+xml",),
    "extended-properties": (f"{_OFFICE}extended-properties+xml",),
    "custom-properties": (f"{_OFFICE}custom-properties+xml",),
    "origin": ("application/vnd.openxmlformats-package.digital-signature-origin",),
    "signature": ("application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml",),
    "certificate": ("application/vnd.openxmlformats-package.digital-signature-certificate",),
    "classificationlabels": ("application/vnd.ms-office.classificationlabels+xml",),
}
_FOLDED = {
    kind: frozenset(content_type.casefold() for content_type in types) for kind, types in _ALLOWED.items()
}
_PICTURE = re.compile(r"image/(?!pdf|x-eps|eps|postscript)[\w.+-]+")
_PICTURES = ("image", "thumbnail")

# Kinds that a part has once; Word reads one of them, another program may read the other.
ONCE = frozenset(
    [
        "officeDocument",
        "styles",
        "settings",
        "webSettings",
        "fontTable",
        "numbering",
        "footnotes",
        "endnotes",
        "comments",
        "glossaryDocument",
        "theme",
        "stylesWithEffects",
    ]
)
# What a received file may have and its paper is given without: nothing that a reader sees needs it.
LEFT_OUT = frozenset(["keyMapCustomizations", "attachedToolbars", "documenttasks"])

# Kind of relation -> the code of the finding. Whatever its part is.
REFUSED_KINDS = {
    "vbaProject": "macros",
    "wordVbaData": "macros",
    "control": "active-content",
    "activeXControlBinary": "active-content",
    "extensibility": "active-content",
    "webextension": "web-extension",
    "webextensiontaskpanes": "web-extension",
    "aFChunk": "foreign-text",
    "oleObject": "embedded-file",
    "package": "embedded-file",
    "video": "embedded-file",
    "audio": "embedded-file",
    "media": "embedded-file",
    "mailMergeSource": "mail-merge",
    "mailMergeHeaderSource": "mail-merge",
    "recipientData": "mail-merge",
    "mailMergeRecipientData": "mail-merge",
}
_REFUSED_TYPES = (  # content type -> code; the first that fits
    (re.compile(r"vbaProject|vbaData|macroEnabled|application/vnd\.ms-word\.vba", re.I), "macros"),
    (re.compile(r"activeX", re.I), "active-content"),
    (re.compile(r"webextension", re.I), "web-extension"),
    (
        re.compile(r"html|text/|message/|rtf|wordprocessingml\.(?:document|template)\.main|mhtml", re.I),
        "foreign-text",
    ),
    (
        re.compile(
            r"oleObject|spreadsheetml|presentationml|pdf|postscript|msdownload|zip|ms-excel|video/|audio/",
            re.I,
        ),
        "embedded-file",
    ),
)
# The first bytes of programs, documents and archives, which no picture or font begins with.
_FILES = (
    b"MZ",
    b"%PDF",
    b"PK\x03\x04",
    b"\x7fELF",
    bytes.fromhex("D0CF11E0A1B11AE1"),
    b"#!",
    b"{\\rtf",
    b"Rar!",
)


def is_allowed(kind: str, content_type: str) -> bool:
    """Whether a part of this content type may be what a relation of this kind leads to."""
    if kind in _PICTURES:
        return _PICTURE.fullmatch(content_type.casefold()) is not None
    return content_type.casefold() in _FOLDED.get(kind, ())


def refused_type(content_type: str) -> str:
    """Return the code of the finding about a content type that is never allowed; "" for another one."""
    return next((code for pattern, code in _REFUSED_TYPES if pattern.search(content_type)), "")


def is_file_by_its_bytes(data: bytes) -> bool:
    """Whether a part that is not XML begins as a program, a document or an archive does."""
    return data.startswith(_FILES)
