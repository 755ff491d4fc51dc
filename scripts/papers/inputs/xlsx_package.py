"""Resolve the parts of a workbook as Excel does: by relationships and content types, never by their names.

What the checks look at and what the reader of values gets is resolved here, once. What two programs could
resolve differently is damage.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree

from papers import safety

if TYPE_CHECKING:
    from collections.abc import Iterator

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # the strict form
)
_OFFICE_RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
# What a type of relationship begins with, and what stands for that in `WorkbookRelation.kind`.
_BASES = (
    (re.compile("|".join(map(re.escape, _OFFICE_RELATIONS))), ""),
    (re.compile(re.escape(_RELATIONS) + "/(?:metadata|digital-signature)"), "package-"),
    (
        re.compile(r"http://schemas\.openxmlformats\.org/officedocument/2006/relationships/metadata"),
        "package-",
    ),
    (re.compile(r"http://schemas\.microsoft\.com/office/\d{4}(?:/\d\d)?/relationships(?:/ui)?"), "ms-"),
)
_SPREADSHEET_XML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
# A template or a workbook with macros has the same parts; macros are refused where they are reached.
_WORKBOOK_TYPES = (
    f"{_SPREADSHEET_XML}sheet.main+xml",
    f"{_SPREADSHEET_XML}template.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml",
)
_UNIQUE = ("sheets", "sheetData", "sheetFormatPr")
_ALONE = (*_UNIQUE, "cols", "sheet")  # elements that another program must not find in another place


def damaged(why: str) -> safety.UnsafeFile:
    """Return the error for a workbook whose parts contradict each other."""
    return safety.UnsafeFile("damaged", f"a damaged workbook ({why})", "an intact file")


def local_name(element: ElementTree.Element) -> str:
    """Return the name of a SpreadsheetML element without its namespace; other names stay whole."""
    return _local(element.tag)


@lru_cache(maxsize=1000)
def _local(tag: str) -> str:
    namespace, _, local = tag[1:].rpartition("}")
    return local if namespace in MAIN else tag


def is_true(value: str | None) -> bool:
    """Return the value of an xsd:boolean as Excel reads it; what is none of its four words counts as true."""
    return value is not None and value.strip() not in ("0", "false")


@dataclass(frozen=True)
class WorkbookRelation:
    """A relationship: `kind` is the last word of its type, or the whole type if Office has no such type.

    Kinds that only Microsoft's own namespaces have begin with "ms-", those of packages with "package-".
    `target` is the name of a part in the file, "" if there is none, or an address if it is `external`.
    """

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True)
class SheetEntry:
    """A sheet as the workbook lists it; `state` is "visible", "hidden" or "veryHidden"."""

    name: str
    state: str
    kind: str
    part: str


class WorkbookPackage:
    """The parts of a workbook. Raises safety.UnsafeFile, ElementTree.ParseError or KeyError for damage."""

    def __init__(self, parts: dict[str, bytes]):
        self.parts = parts
        self._names = {name.casefold(): name for name in parts}
        self._types, self._endings = self._read_content_types()
        main = [relation for relation in self.relations("") if relation.kind == "officeDocument"]
        if len(main) != 1 or not main[0].target:
            raise damaged("it does not say which of its parts is the workbook")
        self.main = main[0].target
        if self.content_type(self.main) not in _WORKBOOK_TYPES:
            found = f"a file of another type under the name .xlsx ({self.content_type(self.main)})"
            raise safety.UnsafeFile("not-xlsx", found, "an Excel workbook (.xlsx)")
        self.workbook = self.parse(self.main)
        if local_name(self.workbook) != "workbook":
            raise damaged("its main part is no workbook")

    def parse(self, part: str) -> ElementTree.Element:
        """Return the root element of a part, whatever its name ends in."""
        safety.check_xml(part, self.parts[part])
        return ElementTree.fromstring(self.parts[part])

    def content_type(self, part: str) -> str:
        """Return the declared content type of a part, "" if it has none."""
        ending = part.rpartition("/")[2].rpartition(".")[2].casefold()
        return self._types.get(f"/{part}".casefold()) or self._endings.get(ending, "")

    def _read_content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        if "[content_types].xml" not in self._names:  # a zip of another kind, such as .ods
            found = "a file of another type under the name .xlsx"
            raise safety.UnsafeFile("not-xlsx", found, "an Excel workbook (.xlsx)")
        root, names, endings = self.parse(self._names["[content_types].xml"]), {}, {}
        for element in root:
            if element.tag == f"{{{_TYPES}}}Override":
                table, key = names, unquote(element.get("PartName", "")).casefold()
            elif element.tag == f"{{{_TYPES}}}Default":
                table, key = endings, element.get("Extension", "").casefold()
            else:
                raise damaged("an unknown element among its content types")
            if table.setdefault(key, element.get("ContentType", "")) != element.get("ContentType", ""):
                raise damaged(f"two content types for {key}")
        return names, endings

    def relations(self, source: str) -> list[WorkbookRelation]:
        """Return the relationships of a part, or of the whole file for "". Each is listed in document order."""
        folder, name = posixpath.split(source)
        part = self._names.get(posixpath.join(folder, "_rels", f"{name}.rels").casefold())
        if part is None:
            return []
        root, found = self.parse(part), {}
        for element in root:
            if element.tag != f"{{{_RELATIONS}}}Relationship":
                raise damaged(f"an unknown element in {part}")
            relation = self._relation(element, folder)
            if relation.id in found:
                raise damaged(f"two relationships {relation.id} in {part}")
            found[relation.id] = relation
        return [*found.values()]

    def _relation(self, element: ElementTree.Element, folder: str) -> WorkbookRelation:
        base, _, last = element.get("Type", "").rpartition("/")
        prefixes = [prefix for pattern, prefix in _BASES if pattern.fullmatch(base)]
        kind = prefixes[0] + last if prefixes else element.get("Type", "")
        target, external = element.get("Target", ""), element.get("TargetMode") == "External"
        return WorkbookRelation(
            element.get("Id", ""), kind, target if external else self._find(folder, target), external
        )

    def _find(self, folder: str, target: str) -> str:
        """Return the name of the part that a relationship in `folder` names, "" if there is none."""
        for text in (target, unquote(target)):
            path = posixpath.normpath(posixpath.join("/", folder, text)).lstrip("/")
            if name := self._names.get(path.casefold()):
                return name
        return ""

    def related(self, source: str, kind: str) -> list[str]:
        """Return the parts that `source` names by relationships of one kind."""
        return [each.target for each in self.relations(source) if each.kind == kind and each.target]

    def one(self, kind: str) -> str:
        """Return the part that the workbook has for a kind of relationship, "" if there is none."""
        found = self.related(self.main, kind)
        if len(found) > 1:
            raise damaged(f"{len(found)} parts of the kind {kind}")
        return found[0] if found else ""

    @cached_property
    def sheets(self) -> list[SheetEntry]:
        """The sheets in their order in Excel, below the one element `sheets` of the workbook."""
        check_alone(self.workbook)
        lists = [child for child in self.workbook if local_name(child) == "sheets"]
        if len(lists) != 1:
            raise damaged("it has no list of sheets")
        relations = {relation.id: relation for relation in self.relations(self.main)}
        entries = []
        for element in lists[0]:
            if local_name(element) != "sheet":
                raise damaged("an unknown element in its list of sheets")
            ids = [value for space in _OFFICE_RELATIONS if (value := element.get(f"{{{space}}}id"))]
            if len(ids) != 1 or not (relation := relations.get(ids[0])) or not relation.target:
                raise damaged(f"no single part for the sheet {element.get('name')}")
            state = element.get("state", "visible").strip()
            entries.append(SheetEntry(element.get("name", ""), state, relation.kind, relation.target))
        if len({entry.name.casefold() for entry in entries}) < len(entries):
            raise damaged("two sheets of one name")
        if len({entry.part for entry in entries}) < len(entries):
            raise damaged("two sheets with one part")
        return entries

    @property
    def days_from_1904(self) -> bool:
        """Whether the dates of the workbook are counted from 1904."""
        settings = [child for child in self.workbook if local_name(child) == "workbookPr"]
        return any(is_true(element.get("date1904")) for element in settings)


def check_alone(root: ElementTree.Element) -> None:
    """Raise damage if an element that decides what is read is also found where Excel would not read it."""
    right = {id(child) for child in root}
    right |= {id(each) for child in root if local_name(child) == "sheets" for each in child}
    seen: set[str] = set()
    for element in root.iter():
        local = element.tag.rpartition("}")[2]
        if local not in _ALONE:
            continue
        if id(element) not in right or local_name(element) != local:
            raise damaged(f"an element {local} in the wrong place")
        if local in _UNIQUE and local in seen:
            raise damaged(f"a second element {local}")
        seen.add(local)


def reached(package: WorkbookPackage, enters: frozenset[str]) -> Iterator[tuple[str, WorkbookRelation]]:
    """Yield (source, relationship) of everything that the workbook reaches; only through kinds in `enters`."""
    waiting, seen = [""], {""}
    while waiting:
        source = waiting.pop()
        for relation in package.relations(source):
            yield source, relation
            inside = relation.target if not relation.external and relation.kind in enters else ""
            if inside and inside not in seen:
                seen.add(inside)
                waiting.append(inside)
