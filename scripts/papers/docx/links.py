"""Which addresses a link may have. One rule, whether a relation, a field or an attribute of a shape names the address."""

from __future__ import annotations

import re

ADDRESSES = ("http:", "https:", "mailto:", "tel:", "ftp:")
_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_WEB_NAME = re.compile(
    r"www\.|[\w-]+(\.[\w-]+)*\.(?:com|org|net|int|gov|edu|info|[a-z]{2})(?:[/?#:]|$)", re.IGNORECASE
)
_DOCUMENTS = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|md|py|sh|ps)$", re.IGNORECASE)

SAFE, FILE, INCOMPLETE, UNSAFE = "", "link-to-file", "incomplete-link", "unsafe-link"


def judge_link(address: str) -> str:
    """Return "" for an address that a reader may open, else the code of the finding about it.

    `unsafe-link`: it may run something, as javascript: does. `link-to-file`: it leads to a file of a computer or a
    share. `incomplete-link`: it is a web address without https:, which Word takes for a file.
    """
    plain = _IGNORED.sub("", address).lower()
    if not plain or plain.startswith(("#", *ADDRESSES)):
        return SAFE
    if plain.startswith(("file:", "\\\\", "//")):
        return FILE
    if _SCHEME.match(plain) and not _WEB_NAME.match(plain):
        return UNSAFE
    is_web = _WEB_NAME.match(plain) and not _DOCUMENTS.search(plain)
    return INCOMPLETE if is_web else FILE
