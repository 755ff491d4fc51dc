"""Check a received .docx for what must not go into a paper, and for what its reader should know. Changes nothing.

The findings are plain data, so that intake can keep them under the file's digest; see papers.received.intake.
"""

from __future__ import annotations

import posixpath
from itertools import islice
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from papers.characters import describe_character, forbidden_character
from papers.docx.active_content import find_active_content, has_element, why_not_word
from papers.docx.package import Package, PackageError, find_unresolved_ids
from papers.docx.places import Places, story_of
from papers.docx.scan_result import ERROR, NOTE, WARNING, ScanResult
from papers.problems import count_of
from papers.received.hidden_text import check_hidden_shapes, check_hidden_text
from papers.received.languages import Languages
from papers.received.sender_fields import fields_without_result
from papers.received.text_runs import TextStyles, text_runs

if TYPE_CHECKING:
    from lxml import etree

OLE = bytes.fromhex("D0CF11E0A1B11AE1")  # the first bytes of an old Office file, and of an encrypted one
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_P, _T = qn("w:p"), qn("w:t")
_DRAWN_TEXT = qn("a:t")
_CHANGES = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "rPrChange", "pPrChange")
_CHANGES += ("tblPrChange", "tblPrExChange", "tblGridChange", "trPrChange", "tcPrChange", "sectPrChange")
_CHANGES += ("numberingChange", "customXmlInsRangeStart", "customXmlDelRangeStart")
_CHANGES += ("customXmlMoveFromRangeStart", "customXmlMoveToRangeStart")
_CHANGE_TAGS = tuple(qn(f"w:{tag}") for tag in _CHANGES)
_CONTENT = ("w:drawing", "w:pict", "w:object", "m:oMath")
_FIRST_PARAGRAPHS = 60  # more than a cover has

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
    _check_fields_of_the_sender(package, result)
    text = package.xml(package.main)
    styles, languages = TextStyles(_related_xml(package, "styles")), Languages()
    page = _page_colour(text)
    for name in _reader_parts(package):
        root = text if name == package.main else package.xml(name)
        places = Places(story_of(package, name), root)
        for run in text_runs(root, styles):
            check_hidden_text(run, page, places, result)
            if name == package.main:
                languages.add(run)
        check_hidden_shapes(root, places, result)
        _check_characters(root, places, result)
    _check_changes(package, result)
    _check_empty(text, result)
    result.languages = languages.as_data()
    result.first_page = _first_page(text)
    return result


def _reader_parts(package: Package) -> list[str]:
    """The parts of XML that the text reaches, without building blocks and data, which are left out of the paper."""
    left_out = ("glossaryDocument", "customXml")
    others = sorted(
        name for name in package.reached(left_out) if name != package.main and package.is_xml(name)
    )
    return [package.main, *others]


def _related_xml(package: Package, kind: str) -> etree._Element | None:
    name = package.related(kind)
    return package.xml(name) if name else None


def _page_colour(text: etree._Element) -> str:
    background = text.find(qn("w:background"))
    return "" if background is None else background.get(qn("w:color"), "")


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
        wrong = why_not_word(package) or _lost_relation(package)
    except PackageError as error:
        result.add("damaged", ERROR, "", f"{error}", "a readable Word document", _SEND_AGAIN)
        return None
    if wrong:
        result.add("not-word", ERROR, "", wrong, "a Word document (.docx)", _SEND_AGAIN)
        return None
    return package


def _lost_relation(package: Package) -> str:
    """The first reference of a part to a relation that it does not have, as a file that was damaged has; "" if none."""
    reached = package.reached()
    for name, id_ in find_unresolved_ids(package):
        if name in reached:
            return f"a damaged Word document, whose part {name} refers to its relation {id_}, which it does not have"
    return ""


def _check_extras(package: Package, result: ScanResult) -> None:
    """Report comments, protection, data: what comes with the text without being in it."""
    roots = (package.xml(name) for name in _reader_parts(package))
    number = sum(len(root.findall(qn("w:comment"))) for root in roots if root.tag == qn("w:comments"))
    if number:
        todo = "Delete them in Word (Review, Delete All Comments), or ask for a clean copy."
        found = count_of(number, "comment")
        result.add("comments", WARNING, "", found, "a paper without comments", todo)
    settings = _related_xml(package, "settings")
    if settings is not None:
        _check_settings(settings, result)
    _check_custom_xml(package, result)


def _check_settings(settings: etree._Element, result: ScanResult) -> None:
    if has_element(settings, "w:documentProtection", "w:writeProtection"):
        todo = (
            "Nothing has to be done; ask for it without (Review, Restrict Editing) if members are to edit it."
        )
        result.add("protected", NOTE, "", "protection against editing", "an unprotected file", todo)
    if number := len(list(settings.iter(qn("w:docVar")))):
        found, todo = count_of(number, "document variable"), "Nothing to do: they are left out."
        result.add("document-variables", NOTE, "", found, "a file without data that nobody sees", todo)


def _check_custom_xml(package: Package, result: ScanResult) -> None:
    """Report data of other programs in the file, such as names of reviewers and paths, which are left out."""
    for name in package.reachable():
        relations = package.relations(name)
        for relation in relations:
            if relation.kind == "customXml" and relation.target in package.parts:
                root = package.xml(relation.target)
                if any((text or "").strip() for text in root.itertext()):
                    found = f"data of another program ({relation.target}, {_local_name(root)})"
                    todo = "Nothing to do: they are left out, and the text stays as it is."
                    result.add("custom-xml", NOTE, "", found, "a file without data that nobody sees", todo)


def _local_name(root: etree._Element) -> str:
    return root.tag.rpartition("}")[2][:40]


def _check_properties(package: Package, result: ScanResult) -> None:
    titles = []
    for relation in package.relations(""):
        if relation.kind == "core-properties" and relation.target in package.parts:
            root = package.xml(relation.target)
            titles += [(e.text or "").strip() for e in root.iter("{http://purl.org/dc/elements/1.1/}title")]
    if not any(titles):
        todo = "Nothing to do: the paper gets the title of its entry."
        result.add("no-title", NOTE, "the file's properties", "no title", "the title of the paper", todo)


def _check_fields_of_the_sender(package: Package, result: ScanResult) -> None:
    """Report fields that show values of the sender's file and have no result, which the paper could keep."""
    for name in sorted(package.reached()):
        if package.is_xml(name) and (fields := fields_without_result(package.xml(name))):
            found = f"the field {', '.join(fields)} without its result"
            expected = "a field with the text that it shows, as behind the cover it would show another"
            todo = "In Word, update it (F9), save, and check that its text is there; or type the text."
            kind = posixpath.basename(name).partition(".")[0].rstrip("0123456789")  # such as header
            place = "" if name == package.main else kind
            result.add("field-without-result", WARNING, place, found, expected, todo)


def _check_changes(package: Package, result: ScanResult) -> None:
    """Count the tracked changes of all parts; the place is that of the first one."""
    number, place = 0, ""
    for name in _reader_parts(package):
        root = package.xml(name)
        changes = root.iter(*_CHANGE_TAGS)
        first = next(changes, None)
        if first is not None:
            place = place or Places(story_of(package, name), root).of(first)
            number += 1 + sum(1 for _ in changes)
    if number:
        todo = "Accept or reject them in Word (Review), or ask for a clean copy."
        found = count_of(number, "tracked change")
        result.add("tracked-changes", WARNING, place, found, "none", todo)


def _check_characters(root: etree._Element, places: Places, result: ScanResult) -> None:
    for words in root.iter(_T, _DRAWN_TEXT):
        match = forbidden_character(words.text or "")
        if match and not result.is_full("invisible-character"):
            found, expected = describe_character(match), "text that people see as it is"
            todo = "Check the words there, and ask for them without it."
            result.add("invisible-character", WARNING, places.of(words), found, expected, todo)


def _check_empty(text: etree._Element, result: ScanResult) -> None:
    if not any((e.text or "").strip() for e in text.iter(_T)) and not has_element(text, *_CONTENT):
        result.add("empty", ERROR, "", "a file without any text", "a paper", "Ask for it again.")


def _words(element: etree._Element) -> str:
    return "".join(e.text or "" for e in element.iter(_T))


def _first_page(text: etree._Element) -> list[str]:
    """The lines of the first paragraphs, up to a page break or the end of a section."""
    lines: list[str] = []
    for paragraph in islice(text.iter(_P), _FIRST_PARAGRAPHS):
        lines.append(_words(paragraph))
        breaks = (e.get(qn("w:type")) == "page" for e in paragraph.iter(qn("w:br")))
        if any(breaks) or has_element(paragraph, "w:sectPr"):
            break
    return lines
