"""A .docx as a package of parts that name each other. Everything that reads a .docx opens it here.

The file is unpacked once, within the limits of papers.safety, and nothing in it is trusted: its text is the part
that the package names as its main document, whatever that part is called.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from papers import safety

TYPES, ROOT_RELATIONS = "[Content_Types].xml", "_rels/.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = "officeDocument"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
CONTENT_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_STRICT_MARK = b"http://purl.oclc.org/ooxml/"
_STRICT = (  # the namespaces of Strict Open XML, and those of the usual (Transitional) variant
    (_STRICT_MARK + b"officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (_STRICT_MARK + b"drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (
        _STRICT_MARK + b"wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
)
_HAS_TEXT = re.compile(
    r"word/(?:document\w*|header\w*|footer\w*|footnotes|endnotes|comments|charts/chart\w*|charts/chartEx\w*"
    r"|diagrams/data\w*|drawings/drawing\w*)\.xml"
)


class PackageError(Exception):
    """A file that is not a readable Word file. The message says what was found."""


@dataclass(frozen=True)
class Relation:
    """A reference from one part to another (`target` is its name) or to an address outside the file."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """The type without its namespace, such as image, hyperlink or settings."""
        return self.type.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Package:
    """The parts of a .docx: name -> bytes as stored, in the order of the file."""

    parts: dict[str, bytes]

    @classmethod
    def read(cls, data: bytes) -> Package:
        """Unpack a .docx.

        Raise PackageError if `data` is not a zip, is damaged, or goes beyond the limits of papers.safety.
        """
        try:
            return cls(safety.read_zip(data))
        except safety.UnsafeFile as error:
            limit = error.expected.removeprefix("at most ")
            raise PackageError(
                f"{error.found}, more than {limit}" if error.kind == "too-large" else error.found
            ) from error

    def as_transitional(self) -> Package:
        """Return the package with the names of Strict Open XML replaced by the usual ones."""
        return Package({name: _as_transitional(data) for name, data in self.parts.items()})

    @cached_property
    def main(self) -> str:
        """The name of the part with the text, as the package names it; "" if it names none."""
        return next((relation.target for relation in self.relations("") if relation.kind == MAIN), "")

    @cached_property
    def types(self) -> dict[str, str]:
        """The content type of each part; "" for a part without one."""
        defaults, overrides = {}, {}
        for element in self.xml(TYPES):
            if element.tag == f"{CONTENT_TYPES}Override":
                overrides[element.get("PartName", "").lstrip("/")] = element.get("ContentType", "")
            elif element.tag == f"{CONTENT_TYPES}Default":
                defaults[element.get("Extension", "").lower()] = element.get("ContentType", "")
        return {
            name: overrides.get(name, defaults.get(name.rsplit(".", 1)[-1].lower(), ""))
            for name in self.parts
        }

    def xml(self, name: str) -> etree._Element:
        """Parse a part. Return a new tree, which the caller may change; raise PackageError if it is not XML."""
        if name not in self.parts:
            raise PackageError(f"a file without the part {name}")
        try:
            return parse_xml(self.parts[name])
        except PackageError as error:
            raise PackageError(f"a part {name} that can't be read ({error})") from error

    def relations(self, name: str) -> list[Relation]:
        """The references of a part, in order; those of the package itself for ""."""
        place = relations_part(name)
        if place not in self.parts:
            return []
        return [_relation(element, name) for element in self.xml(place).iter(f"{RELATIONS}Relationship")]

    def related(self, kind: str) -> str:
        """The name of the first part of this kind that the main part refers to; "" if there is none."""
        targets = (r.target for r in self.relations(self.main) if r.kind == kind and not r.external)
        return next((target for target in targets if target in self.parts), "")

    def reached(self, skip: tuple[str, ...] = ()) -> set[str]:
        """The main part and all parts it refers to, directly or through others, but for relations of kinds in `skip`."""
        found, pending = set(), [self.main]
        while pending:
            name = pending.pop()
            if name not in found and name in self.parts:
                found.add(name)
                pending += [r.target for r in self.relations(name) if not r.external and r.kind not in skip]
        return found

    def texts(self) -> list[str]:
        """The names of the parts with text that a reader sees, the main part first."""
        others = sorted(name for name in self.parts if name != self.main and _HAS_TEXT.fullmatch(name))
        return [self.main, *others] if self.main in self.parts else others


def find_faults(package: Package) -> list[tuple[str, str]]:
    """Return (part, fault) for each reference to a missing part, and for each part without a content type.

    Raise PackageError if the parts that list references or types cannot be read.
    """
    lists = sorted(name for name in package.parts if name.endswith(".rels"))
    sources = ["".join(name.removesuffix(".rels").rpartition("_rels/")[::2]) for name in lists]
    dangling = [
        (source or "the file", f"a reference to {relation.target}, which is not in it")
        for source in sources
        for relation in package.relations(source)
        if not relation.external and relation.target not in package.parts
    ]
    dangling += [
        (name, f"a reference to its relation {id_}, which it does not have")
        for name, id_ in find_unresolved_ids(package)
    ]
    types = package.types
    untyped = [name for name in sorted(types) if not types[name] and name != TYPES]
    return dangling + [(name, "a part without a type") for name in untyped]


def find_unresolved_ids(package: Package) -> list[tuple[str, str]]:
    """Return (part, id) for each id in an XML part that its relations do not have, such as that of a lost picture.

    Raise PackageError if a part cannot be read.
    """
    namespace, found = OFFICE[:-1], {}
    for name in sorted(package.parts):
        if name.endswith(".rels") or namespace.encode() not in package.parts[name]:
            continue
        known = {relation.id for relation in package.relations(name)}
        for element in package.xml(name).iter(etree.Element):
            ids = (value for key, value in element.items() if key.startswith(f"{{{namespace}}}"))
            found |= {(name, id_): None for id_ in ids if id_ and id_ not in known}
    return list(found)


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML without entities, other files, comments or processing instructions.

    Raise PackageError if it is not well-formed or has a document type declaration.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PackageError(str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise PackageError("it has a document type declaration")
    return root


def relations_part(name: str) -> str:
    """The name of the part that lists the relations of a part; of the package itself for ""."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def _relation(element: etree._Element, source: str) -> Relation:
    target, external = element.get("Target", ""), element.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
    return Relation(element.get("Id", ""), element.get("Type", ""), target, external)


def _as_transitional(data: bytes) -> bytes:
    if _STRICT_MARK in data:
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
    return data
