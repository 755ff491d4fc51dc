"""A .docx as a package of parts that name each other. Everything that reads a .docx opens it here.

The file is unpacked once, within the limits of papers.safety, and nothing in it is trusted: its text is the part
that the package names as its main document, whatever that part is called.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from lxml import etree

from papers import safety

TYPES, ROOT_RELATIONS = "[Content_Types].xml", "_rels/.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = "officeDocument"
_NAMESPACES = re.compile(  # of the types of relations that Office defines; years are those of its editions
    r"http://(?:schemas\.openxmlformats\.org/(?:officeDocument/2006|package/2006)"
    r"|purl\.oclc\.org/ooxml/officeDocument|schemas\.microsoft\.com/office/20\d\d(?:/\d\d)?)/relationships/"
    r"(?:metadata/|digital-signature/|ui/)?",
    re.IGNORECASE,
)
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
_HAS_TEXT = re.compile(  # content types
    r"application/vnd\.openxmlformats-officedocument\.(?:wordprocessingml\.(?:header|footer|footnotes|endnotes|comments)"
    r"|drawingml\.(?:chart|chartshapes|diagramData))\+xml|application/vnd\.ms-office\.(?:chartex|DrawingShape)\+xml",
    re.IGNORECASE,
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
        """The type without its namespace, such as image or settings; the whole type if Office does not define it."""
        found = _NAMESPACES.match(self.type)
        return self.type[found.end() :] if found else self.type

    @property
    def leads_nowhere(self) -> bool:
        """Whether it has no target: Word writes "NULL" for a lost picture, and "#..." for a place in the text."""
        return self.target in ("", "NULL") or self.target.startswith("#")


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
            return cls(_with_usual_names(safety.read_zip(data)))
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
            content_type = element.get("ContentType", "").partition(";")[0].strip()
            if element.tag == f"{CONTENT_TYPES}Override":
                overrides[self._named(element.get("PartName", "").lstrip("/"))] = content_type
            elif element.tag == f"{CONTENT_TYPES}Default":
                defaults[element.get("Extension", "").lower()] = content_type
        return {
            name: overrides.get(name, defaults.get(name.rsplit(".", 1)[-1].lower(), ""))
            for name in self.parts
        }

    @cached_property
    def _by_folded_name(self) -> dict[str, str]:
        return {_folded(name): name for name in self.parts}

    def _named(self, name: str) -> str:
        """The name of a part as the file has it: references differ in case and in how they write a space."""
        return name if name in self.parts else self._by_folded_name.get(_folded(name), name)

    def is_xml(self, name: str) -> bool:
        """Whether a part is XML of Office: by its content type or its first bytes, never by its name.

        Pictures (SVG) and web pages are not.
        """
        if name == TYPES:
            return True
        content_type = self.types[name].casefold()
        if content_type.startswith(("image/", "text/html", "application/xhtml")):
            return False
        return content_type.endswith(("+xml", "/xml")) or safety.looks_like_xml(self.parts[name])

    def is_svg(self, name: str) -> bool:
        """Whether a part is a picture that is XML, whatever its content type says of the kind of picture."""
        return self.types[name].casefold().startswith("image/") and safety.looks_like_xml(self.parts[name])

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
        elements = self.xml(place).iter(f"{RELATIONS}Relationship")
        return [self._relation(element, name) for element in elements]

    def _relation(self, element: etree._Element, source: str) -> Relation:
        target = element.get("Target", "").strip()
        is_address = "://" in target or target.startswith("\\\\")
        external = is_address or element.get("TargetMode", "Internal") != "Internal"
        if not external and not target.startswith("#") and target not in ("", "NULL"):
            path = target.partition("#")[0]
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), path)).lstrip("/")
            target = self._named(target)
        return Relation(element.get("Id", ""), element.get("Type", "").strip(), target, external)

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

    def reachable(self) -> list[str]:
        """All parts that the package refers to, directly or through others, whatever they are; sorted."""
        found, pending = {""}, [""]
        while pending:
            for relation in self.relations(pending.pop()):
                if not relation.external and relation.target in self.parts and relation.target not in found:
                    found.add(relation.target)
                    pending.append(relation.target)
        return sorted(found - {""})

    def texts(self) -> list[str]:
        """The names of the parts with text that a reader sees, the main part first."""
        types = self.types
        others = sorted(n for n in self.parts if n != self.main and _HAS_TEXT.fullmatch(types[n]))
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
        if not relation.external and not relation.leads_nowhere and relation.target not in package.parts
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
        ids = package.xml(name).xpath("//@*[namespace-uri() = $namespace]", namespace=namespace)
        found |= {(name, str(id_)): None for id_ in ids if id_ and id_ not in known}
    return list(found)


def parse_xml(data: bytes, allow_doctype: bool = False) -> etree._Element:
    """Parse XML without entities, other files, comments or processing instructions.

    Raise PackageError if it is not well-formed, is nested too deep, or has a document type declaration; a picture (SVG)
    may have one.
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
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise PackageError(str(error)) from error
    if not allow_doctype and root.getroottree().docinfo.internalDTD is not None:
        raise PackageError("it has a document type declaration")
    return root


def relations_part(name: str) -> str:
    """The name of the part that lists the relations of a part; of the package itself for ""."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def _folded(name: str) -> str:
    return unquote(name).casefold()


def _with_usual_names(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts, with the lists of types and relations under the names that Office gives them, whatever their case."""
    names = {name.casefold(): name for name in parts}
    found = {}
    for name, data in parts.items():
        folder, is_list, file = name.casefold().rpartition("_rels/")
        if name.casefold() == TYPES.casefold():
            name = TYPES
        elif is_list and file.endswith(".rels") and (folder.endswith("/") or not folder):
            source = names.get(folder + file.removesuffix(".rels"), "")
            if source or file == ".rels":
                name = relations_part(source)
        found[name] = data
    return found


def _as_transitional(data: bytes) -> bytes:
    if _STRICT_MARK in data:
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
    return data
