"""What a received .docx holds that a paper must not, or that its reader should be told. Looks only; changes nothing.

What is found is plain data, so that it can be kept under the file's digest: see papers.received.intake.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from lxml import etree

from papers.characters import describe_character, invisible_character
from papers.docx.active_content import _HARMFUL, _SEND_AGAIN, ERROR, WARNING, ScanResult, _has, why_not_word
from papers.docx.package import Package, PackageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OLE = bytes.fromhex("D0CF11E0A1B11AE1")

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_P, _T = qn("w:p"), qn("w:t")

_CHANGES = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "rPrChange", "pPrChange", "tblPrChange")

_CHANGES += ("trPrChange", "tcPrChange", "sectPrChange", "numberingChange")

_CONTENT = ("w:drawing", "w:pict", "w:object", "m:oMath")

_FIRST_PARAGRAPHS = 60  # more than a cover has

_LABEL = re.compile(r"\s*(agenda item|purpose|submitted by|forum doc\.? ?no\.?)\s*:\s*(.*)", re.IGNORECASE)

_NUMBER = re.compile(
    r"\b[0-9]{4}(?:/[A-Z0-9]+){1,3}/(?:IS[0-9]{2}|[0-9]{3})(?:[a-z]|rev[0-9]+|(?:anx|att)[A-Z])?\b"
)

_PROPERTIES = ("core-properties", "extended-properties", "CoverPageProps")


def scan_docx(data: bytes) -> ScanResult:
    """The facts of a .docx. A check that can't run, as the file can't be read so far, is told as not run."""
    facts = ScanResult()
    package = _opened(data, facts)
    if package is None:
        facts.not_run("The rest of the file", "it could not be read")
        return facts
    for check in (*_HARMFUL, _beside, _properties):
        check(package, facts)
    text = package.xml(package.main)
    for check in (_changes, _hidden, _unseen, _empty):
        check(text, facts)
    facts.languages = _languages(text, package)
    facts.cover = cover_of(_first_page(text))
    return facts


def _opened(data: bytes, facts: ScanResult) -> Package | None:
    """The package, if it is a whole Word document whose parts can all be read."""
    if data[:8] == OLE and _ENCRYPTED in data:
        todo = "Ask for it without a password (File, Info, Protect Document)."
        facts.add("encrypted", ERROR, "", "an encrypted file", "one without a password", todo)
        return None
    if data[:8] == OLE or not data.startswith(b"PK"):
        found = "an old .doc under another name" if data[:8] == OLE else "something that is not a Word file"
        facts.add("not-word", ERROR, "", found, "a Word document (.docx)", _SEND_AGAIN)
        return None
    try:
        package = Package.read(data)
        wrong = why_not_word(package)
    except (PackageError, etree.XMLSyntaxError, UnicodeError) as error:
        facts.add("damaged", ERROR, "", f"{error}", "a readable Word document", _SEND_AGAIN)
        return None
    if wrong:
        facts.add("not-word", ERROR, "", wrong, "a Word document (.docx)", _SEND_AGAIN)
        return None
    return package


def _beside(package: Package, facts: ScanResult) -> None:
    """Comments, signature, protection: what goes with the text without being in it."""
    comments = package.related("comments")
    number = len(list(package.xml(comments).iter(qn("w:comment")))) if comments else 0
    if number:
        todo = "Delete them in Word (Review, Delete All Comments), or ask for a clean copy."
        facts.add("comments", WARNING, "", f"{number} comments", "a paper without comments", todo)
    if any(relation.type.endswith("digital-signature/origin") for relation in package.relations("")):
        found, todo = "a digital signature", "Nothing to do: with its cover the paper is unsigned."
        facts.add("signature", WARNING, "", found, "none, as no signature outlasts the cover", todo)
    settings = package.related("settings")
    root = package.xml(settings) if settings else etree.Element("none")
    if _has(root, "w:documentProtection", "w:writeProtection"):
        todo = "Ask for it without (Review, Restrict Editing)."
        facts.add("protected", WARNING, "", "protection against editing", "an unprotected file", todo)


def _properties(package: Package, facts: ScanResult) -> None:
    titles = []
    for relation in package.relations(""):
        if relation.kind == "core-properties" and relation.target in package.parts:
            root = package.xml(relation.target)
            titles += [(e.text or "").strip() for e in root.iter("{http://purl.org/dc/elements/1.1/}title")]
    if not any(titles):
        todo = "Nothing to do: the paper gets the title of its entry."
        facts.add("no-title", WARNING, "the file's properties", "no title", "the title of the paper", todo)
    for name in sorted(package.reached()):
        if name.endswith(".xml") and b"dataBinding" in package.parts[name]:
            bound = (
                e.get(qn("w:xpath"), "") + e.get(qn("w:prefixMappings"), "") for e in _bindings(package, name)
            )
            if any(words in binding for binding in bound for words in _PROPERTIES):
                found = "text that Word takes from the file's properties (title, author, company)"
                todo = "Look at the paper in Word; ask for plain text where such text has changed."
                facts.add("text-from-properties", WARNING, "", found, "plain text", todo)
                return


def _bindings(package: Package, name: str) -> Iterator[etree._Element]:
    return package.xml(name).iter(qn("w:dataBinding"))


def _changes(text: etree._Element, facts: ScanResult) -> None:
    changes = list(text.iter(*(qn(f"w:{tag}") for tag in _CHANGES)))
    if changes:
        found = f"{len(changes)} tracked changes"
        todo = "Accept or reject them in Word (Review), or ask for a clean copy."
        facts.add("tracked-changes", WARNING, _place(text, changes[0]), found, "none", todo)


def _hidden(text: etree._Element, facts: ScanResult) -> None:
    for run in text.iter(qn("w:r")):
        mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        if mark is not None and mark.get(qn("w:val"), "1") not in ("0", "false") and _words(run).strip():
            todo = "Show it in Word (Ctrl+Shift+8) and delete it, or ask for a clean copy."
            facts.add("hidden-text", WARNING, _place(text, run), "hidden text", "none", todo)
            return


def _unseen(text: etree._Element, facts: ScanResult) -> None:
    for words in text.iter(_T):
        if found := invisible_character(words.text or ""):
            todo = "Look at the words there, and ask for them without it."
            expected = "text that people see as it is"
            facts.add(
                "unseen-character", WARNING, _place(text, words), describe_character(found), expected, todo
            )
            return


def _empty(text: etree._Element, facts: ScanResult) -> None:
    if not any((e.text or "").strip() for e in text.iter(_T)) and not _has(text, *_CONTENT):
        facts.add("empty", ERROR, "", "a file without any text", "a paper", "Ask for it again.")


def _place(text: etree._Element, element: etree._Element) -> str:
    """The paragraph of an element, counted as they follow each other, with its first words."""
    expected = element if element.tag == _P else next(element.iterancestors(_P), None)
    for number, paragraph in enumerate(text.iter(_P), 1):
        if paragraph is expected:
            words = " ".join(_words(paragraph).split())[:40]
            return f'paragraph {number} ("{words}")' if words else f"paragraph {number}"
    return ""


def _words(element: etree._Element) -> str:
    return "".join(e.text or "" for e in element.iter(_T))


def _languages(text: etree._Element, package: Package) -> dict[str, int]:
    """How many characters are in each language: that of the run, or of the file's defaults."""
    styles = package.related("styles")
    default, found = "", {}
    for element in package.xml(styles).iter(qn("w:rPrDefault")) if styles else ():
        default = next((lang.get(qn("w:val"), "") for lang in element.iter(qn("w:lang"))), "")
    for run in text.iter(qn("w:r")):
        own = run.find(f"{qn('w:rPr')}/{qn('w:lang')}")
        language = own.get(qn("w:val"), default) if own is not None else default
        found[language] = found.get(language, 0) + len(_words(run))
    return {language: count for language, count in found.items() if count}


def _first_page(text: etree._Element) -> list[str]:
    """The lines of the first paragraphs, up to a page break or the end of a section."""
    lines: list[str] = []
    for paragraph in islice(text.iter(_P), _FIRST_PARAGRAPHS):
        lines.append(_words(paragraph))
        breaks = (e.get(qn("w:type")) == "page" for e in paragraph.iter(qn("w:br")))
        if any(breaks) or _has(paragraph, "w:sectPr"):
            break
    return lines


def cover_of(lines: Iterable[str]) -> dict[str, str] | None:
    """Number, agenda item and text of an official cover on a first page; None where two labels of one are not there."""
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
