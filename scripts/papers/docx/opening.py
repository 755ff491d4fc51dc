"""A finished .docx opened to be looked at: its parts, and whether Word can open it at all.

Standard library only: this runs in a job that looks at every paper, and lxml costs more to import than it saves.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from xml.etree import ElementTree

MOST_BYTES = 200_000_000  # of one part, unpacked; the longest paper of ours has below one million
_TYPES, _ROOT = "[Content_Types].xml", "_rels/.rels"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = (  # the Strict variant of the format names the same things differently
    (
        b"http://purl.oclc.org/ooxml/officeDocument/",
        b"http://schemas.openxmlformats.org/officeDocument/2006/",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
)
_HAS_TEXT = re.compile(
    r"word/(?:document\w*|header\w*|footer\w*|footnotes|endnotes|comments|charts/chart\w*|charts/chartEx\w*"
    r"|diagrams/data\w*|drawings/drawing\w*)\.xml"
)


class Unreadable(Exception):
    """A file that is no .docx."""


class Package:
    """The parts of a .docx. `faults` are what Word may stumble over: (part, what is wrong)."""

    def __init__(self, data: bytes):
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.names = frozenset(self._zip.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Unreadable(str(error)) from error
        self.faults: list[tuple[str, str]] = []
        self.main = self._main()
        self.relations = self._relations()
        self._check_types()

    def xml(self, name: str) -> ElementTree.Element | None:
        """The root of a part; None where there is none, or none that can be read, which is then a fault."""
        if name not in self.names:
            return None
        try:
            return ElementTree.fromstring(self._bytes(name))
        except (
            ElementTree.ParseError,
            zipfile.BadZipFile,
            ValueError,
            OSError,
            NotImplementedError,
        ) as error:
            self.faults.append((name, f"a part that can't be read ({error})"))
        except Exception as error:  # zlib.error, which has no import of its own worth making
            self.faults.append((name, f"a damaged part ({error})"))
        return None

    def bytes_of(self, name: str) -> bytes:
        """The bytes of a part, b"" where there is none."""
        return self._zip.read(name) if name in self.names else b""

    def _bytes(self, name: str) -> bytes:
        if self._zip.getinfo(name).file_size > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES} bytes")
        data = self._zip.read(name)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise ValueError("it declares entities")
        if b"purl.oclc.org/ooxml" in data:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return data

    def _main(self) -> str:
        """The name of the part with the body of the text."""
        root = self.xml(_ROOT)
        for relation in root.iter(_RELATION) if root is not None else ():
            if relation.get("Type", "").endswith("/officeDocument"):
                return relation.get("Target", "").lstrip("/")
        raise Unreadable("it has no document in it")

    def texts(self) -> list[str]:
        """The parts with text that a reader sees, the body first."""
        others = sorted(name for name in self.names if name != self.main and _HAS_TEXT.fullmatch(name))
        return [self.main, *others]

    def _relations(self) -> dict[str, dict[str, tuple[str, bool]]]:
        """Part -> id -> (target, whether it lies outside); a target that is not there is a fault."""
        found: dict[str, dict[str, tuple[str, bool]]] = {}
        for name in sorted(n for n in self.names if n.endswith(".rels")):
            folder, _, file = name.rpartition("_rels/")
            part, root = folder + file.removesuffix(".rels"), self.xml(name)
            for relation in root.iter(_RELATION) if root is not None else ():
                target, outside = relation.get("Target", ""), relation.get("TargetMode") == "External"
                if not outside:
                    target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                    if target not in self.names:
                        self.faults.append(
                            (part or "the file", f"a reference to {target}, which is not in it")
                        )
                found.setdefault(part, {})[relation.get("Id", "")] = (target, outside)
        return found

    def _check_types(self) -> None:
        root = self.xml(_TYPES)
        if root is None:
            self.faults.append((_TYPES, "no list of the types of its parts"))
            return
        endings = {e.get("Extension", "").lower() for e in root if e.get("Extension")}
        named = {e.get("PartName", "").lstrip("/") for e in root if e.get("PartName")}
        for name in sorted(self.names - named - {_TYPES}):
            if not name.endswith("/") and name.rpartition(".")[2].lower() not in endings:
                self.faults.append((name, "a part without a type"))
