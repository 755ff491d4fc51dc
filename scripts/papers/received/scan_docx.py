"""Check a received .docx for what must not go into a paper, and for what its reader should know. Changes nothing.

The findings are plain data, so that intake can keep them under the file's digest; see papers.received.intake.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from papers.characters import describe_character, invisible_character
from papers.docx.active_content import (
    ERROR,
    NOTE,
    WARNING,
    ScanResult,
    find_active_content,
    has_element,
    why_not_word,
)
from papers.docx.package import Package, PackageError
from papers.numbers import NUMBER_LIKE_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

OLE = bytes.fromhex("D0CF11E0A1B11AE1")  # the first bytes of an old Office file, and of an encrypted one
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_P, _T = qn("w:p"), qn("w:t")
_CHANGES = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "rPrChange", "pPrChange", "tblPrChange")
_CHANGES += ("trPrChange", "tcPrChange", "sectPrChange", "numberingChange")
_CONTENT = ("w:drawing", "w:pict", "w:object", "m:oMath")
_FIRST_PARAGRAPHS = 60  # more than a cover has
_LABEL = re.compile(r"\s*(agenda item|purpose|submitted by|forum doc\.? ?no\.?)\s*:\s*(.*)", re.IGNORECASE)

_NUMBER = re.compile(NUMBER_LIKE_PATTERN)

_PROPERTIES = ("core-properties", "extended-properties", "CoverPageProps")
_SEND_AGAIN = "Ask for it again, saved in Word as Word Document (.docx)."


def scan_docx(data: bytes) -> ScanResult:
    """Scan a .docx. A file that cannot be read has one finding of that, and one that the other checks did not run."""
    result = ScanResult()
    package = _open(data, result)
    if package is None:
        result.not_run("The rest of the file", "it could not be read")
        return result
    result.findings += find_active_content(package)
    _check_extras(package, result)
    _check_properties(package, result)
    text = package.xml(package.main)
    for check in (_check_changes, _check_hidden_text, _check_characters, _check_empty):
        check(text, result)
    result.languages = _languages(text, package)
    result.cover = cover_of(_first_page(text))
    return result


def _open(data: bytes, result: ScanResult) -> Package | None:
    """The package, if it is a Word document whose parts can all be read; else None and a finding."""
    if data[:8] == OLE and _ENCRYPTED in data:
        todo = "Ask for it without a password (File, Info, Protect Document)."
        result.add("encrypted", ERROR, "", "an encrypted file", "one without a password", todo)
        return None
    if not data.startswith(b"PK"):
        wrong = "an old .doc under another name" if data[:8] == OLE else "something that is not a Word file"
        result.add("not-word", ERROR, "", wrong, "a Word document (.docx)", _SEND_AGAIN)
        return None
    try:
        package = Package.read(data)
        wrong = why_not_word(package)
    except PackageError as error:
        result.add("damaged", ERROR, "", f"{error}", "a readable Word document", _SEND_AGAIN)
        return None
    if wrong:
        result.add("not-word", ERROR, "", wrong, "a Word document (.docx)", _SEND_AGAIN)
        return None
    return package


def _check_extras(package: Package, result: ScanResult) -> None:
    """Report comments, a signature, protection: what comes with the text without being in it."""
    comments = package.related("comments")
    number = len(list(package.xml(comments).iter(qn("w:comment")))) if comments else 0
    if number:
        todo = "Delete them in Word (Review, Delete All Comments), or ask for a clean copy."
        result.add("comments", WARNING, "", f"{number} comments", "a paper without comments", todo)
    if any(relation.type.endswith("digital-signature/origin") for relation in package.relations("")):
        found, todo = "a digital signature", "Nothing to do: with its cover the paper is unsigned."
        result.add("signature", NOTE, "", found, "none, as no signature outlasts the cover", todo)
    settings = package.related("settings")
    protections = ("w:documentProtection", "w:writeProtection")
    if settings and has_element(package.xml(settings), *protections):
        todo = "Ask for it without (Review, Restrict Editing)."
        result.add("protected", WARNING, "", "protection against editing", "an unprotected file", todo)


def _check_properties(package: Package, result: ScanResult) -> None:
    titles = []
    for relation in package.relations(""):
        if relation.kind == "core-properties" and relation.target in package.parts:
            root = package.xml(relation.target)
            titles += [(e.text or "").strip() for e in root.iter("{http://purl.org/dc/elements/1.1/}title")]
    if not any(titles):
        todo = "Nothing to do: the paper gets the title of its entry."
        result.add("no-title", NOTE, "the file's properties", "no title", "the title of the paper", todo)
    if any(_is_bound(package, name) for name in sorted(package.reached())):
        found = "text that Word takes from the file's properties (title, author, company)"
        todo = "Check the paper in Word; ask for plain text where such text has changed."
        result.add("text-from-properties", WARNING, "", found, "plain text", todo)


def _is_bound(package: Package, name: str) -> bool:
    """Whether a part has text that Word takes from the properties, which the paper gets new ones of."""
    if not name.endswith(".xml") or b"dataBinding" not in package.parts[name]:
        return False
    bindings = (
        element.get(qn("w:xpath"), "") + element.get(qn("w:prefixMappings"), "")
        for element in package.xml(name).iter(qn("w:dataBinding"))
    )
    return any(words in binding for binding in bindings for words in _PROPERTIES)


def _check_changes(text: etree._Element, result: ScanResult) -> None:
    changes = list(text.iter(*(qn(f"w:{tag}") for tag in _CHANGES)))
    if changes:
        found = f"{len(changes)} tracked changes"
        todo = "Accept or reject them in Word (Review), or ask for a clean copy."
        result.add("tracked-changes", WARNING, _place(text, changes[0]), found, "none", todo)


def _check_hidden_text(text: etree._Element, result: ScanResult) -> None:
    for run in text.iter(qn("w:r")):
        mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        if mark is not None and mark.get(qn("w:val"), "1") not in ("0", "false") and _words(run).strip():
            todo = "Show it in Word (Ctrl+Shift+8) and delete it, or ask for a clean copy."
            result.add("hidden-text", WARNING, _place(text, run), "hidden text", "none", todo)
            return


def _check_characters(text: etree._Element, result: ScanResult) -> None:
    for words in text.iter(_T):
        if match := invisible_character(words.text or ""):
            found, expected = describe_character(match), "text that people see as it is"
            todo = "Check the words there, and ask for them without it."
            result.add("invisible-character", WARNING, _place(text, words), found, expected, todo)
            return


def _check_empty(text: etree._Element, result: ScanResult) -> None:
    if not any((e.text or "").strip() for e in text.iter(_T)) and not has_element(text, *_CONTENT):
        result.add("empty", ERROR, "", "a file without any text", "a paper", "Ask for it again.")


def _place(text: etree._Element, element: etree._Element) -> str:
    """The number and the first words of the paragraph of an element."""
    own = element if element.tag == _P else next(element.iterancestors(_P), None)
    for number, paragraph in enumerate(text.iter(_P), 1):
        if paragraph is own:
            words = " ".join(_words(paragraph).split())[:40]
            return f'paragraph {number} ("{words}")' if words else f"paragraph {number}"
    return ""


def _words(element: etree._Element) -> str:
    return "".join(e.text or "" for e in element.iter(_T))


def _languages(text: etree._Element, package: Package) -> dict[str, int]:
    """Language -> number of characters in it: the language of the run, or of the file's defaults."""
    styles = package.related("styles")
    default, found = "", {}
    for element in package.xml(styles).iter(qn("w:rPrDefault")) if styles else ():
        default = next((lang.get(qn("w:val"), "") for lang in element.iter(qn("w:lang"))), "")
    for run in text.iter(qn("w:r")):
        lang = run.find(f"{qn('w:rPr')}/{qn('w:lang')}")
        language = lang.get(qn("w:val"), default) if lang is not None else default
        found[language] = found.get(language, 0) + len(_words(run))
    return {language: count for language, count in found.items() if count}


def _first_page(text: etree._Element) -> list[str]:
    """The lines of the first paragraphs, up to a page break or the end of a section."""
    lines: list[str] = []
    for paragraph in islice(text.iter(_P), _FIRST_PARAGRAPHS):
        lines.append(_words(paragraph))
        breaks = (e.get(qn("w:type")) == "page" for e in paragraph.iter(qn("w:br")))
        if any(breaks) or has_element(paragraph, "w:sectPr"):
            break
    return lines


def cover_of(lines: Iterable[str]) -> dict[str, str] | None:
    """Return number, agenda_item and text of an official cover on a first page.

    None unless at least two of the labels of a cover are there.
    """
    lines = [line for line in lines if line.strip()]
    labels = {match[1].casefold(): match[2].strip() for line in lines if (match := _LABEL.match(line))}
    if len(labels) < 2:
        return None
    numbers = [found[0] for line in lines if not _LABEL.match(line) and (found := _NUMBER.search(line))]
    return {
        "number": numbers[0] if numbers else "",
        "agenda_item": labels.get("agenda item", ""),
        "text": " ".join(lines),
    }
