"""The parts of a Word file that others made, and how they name each other. Nothing in it is taken on trust."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from papers import safety

TYPES, ROOT_RELATIONS = "[Content_Types].xml", "_rels/.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = "officeDocument"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
CONTENT_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


class PackageError(Exception):
    """A file that is no readable Word file: what was found in it."""


@dataclass(frozen=True)
class Relation:
    """How one part names another, or something outside of the file. `target` is the other's name, or an address."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def sort(self) -> str:
        """The type without its address: image, hyperlink, settings."""
        return self.type.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Package:
    """The parts of a .docx by name, as they were stored."""

    parts: dict[str, bytes]

    @classmethod
    def read(cls, data: bytes) -> Package:
        """The package in these bytes; PackageError where it is none, is damaged, or would fill the memory."""
        try:
            return cls(safety.read_zip(data))
        except safety.UnsafeFile as error:
            more = (
                f", more than {error.expected.removeprefix('at most ')}" if error.kind == "too-large" else ""
            )
            raise PackageError(f"{error.found}{more}") from error

    @cached_property
    def main(self) -> str:
        """The name of the part that has the text, or ""."""
        return next((r.target for r in self.relations("") if r.sort == MAIN), "")

    def relations(self, name: str) -> list[Relation]:
        """What a part names, in order; the package itself is ""."""
        place = relations_part(name)
        if place not in self.parts:
            return []
        return [_relation(e, name) for e in parse_xml(self.parts[place]).iter(f"{RELATIONS}Relationship")]

    def related(self, sort: str) -> str:
        """The part of this sort that the text names, or ""."""
        found = (r.target for r in self.relations(self.main) if r.sort == sort and not r.external)
        return next((target for target in found if target in self.parts), "")

    def xml(self, name: str) -> etree._Element:
        return parse_xml(self.parts[name])

    @cached_property
    def types(self) -> dict[str, str]:
        """The content type of each part."""
        defaults, own = {}, {}
        for element in parse_xml(self.parts[TYPES]):
            if element.tag == f"{CONTENT_TYPES}Override":
                own[element.get("PartName", "").lstrip("/")] = element.get("ContentType", "")
            elif element.tag == f"{CONTENT_TYPES}Default":
                defaults[element.get("Extension", "").lower()] = element.get("ContentType", "")
        endings = {name: name.rsplit(".", 1)[-1].lower() for name in self.parts}
        return {name: own.get(name, defaults.get(endings[name], "")) for name in self.parts}

    def reached(self, but: tuple[str, ...] = ()) -> set[str]:
        """The parts that the text names, directly or through others; relations of the sorts in `but` lead nowhere."""
        found, open_ = set(), [self.main]
        while open_:
            name = open_.pop()
            if name not in found and name in self.parts:
                found.add(name)
                related = (r for r in self.relations(name) if not r.external and r.sort not in but)
                open_ += [relation.target for relation in related]
        return found


def parse_xml(data: bytes) -> etree._Element:
    """XML without entities or other files; XMLSyntaxError where it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise etree.XMLSyntaxError("a document type declaration", 0, 0, 0)
    return root


def relations_part(name: str) -> str:
    """The part that has the relations of a part; of the package itself where the name is ""."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def _relation(element: etree._Element, source: str) -> Relation:
    target, external = element.get("Target", ""), element.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
    return Relation(element.get("Id", ""), element.get("Type", ""), target, external)
