"""The parts of a received Word file that its text reaches, with the sender's values frozen and private data left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from papers.docx.package import OFFICE, RELATIONS, ROOT_RELATIONS, TYPES, Package, relations_part
from papers.received.private_data import is_private, remove_private_data
from papers.received.sender_fields import freeze_fields, unbind_controls

if TYPE_CHECKING:
    from papers.docx.package import Relation

_CLEANING = (freeze_fields, unbind_controls, remove_private_data)
_RELATIONSHIP = f"{RELATIONS}Relationship"
_ID_ATTRIBUTE = f"{{{OFFICE[:-1]}}}"


def kept_parts(package: Package) -> Package:
    """Return the parts that the text reaches, and their relations. A part that has nothing to clean keeps its bytes."""
    kept = {name: package.parts[name] for name in (TYPES, ROOT_RELATIONS)}
    pending = [package.main]
    while pending:
        name = pending.pop()
        if name in kept or name not in package.parts:
            continue
        root = package.xml(name) if is_xml(package, name) else None
        kept[name] = _cleaned(package.parts[name], root)
        relations = _kept_relations(package, name, root)
        if relations is not None:
            kept[relations_part(name)], targets = relations
            pending += targets
    return Package(kept)


def is_xml(package: Package, name: str) -> bool:
    """Whether a part is XML of Office, by its content type. Pictures (SVG) are copied as they are."""
    type_ = package.types[name].lower()
    return type_.endswith(("+xml", "/xml")) and not type_.startswith("image/")


def serialised(root: etree._Element) -> bytes:
    """Return a part of this content, in UTF-8."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _cleaned(data: bytes, root: etree._Element | None) -> bytes:
    if root is None:
        return data
    changes = [clean(root) for clean in _CLEANING]
    return serialised(root) if any(changes) or not _is_utf8(root) else data


def _is_utf8(root: etree._Element) -> bool:
    return (root.getroottree().docinfo.encoding or "UTF-8").upper() in ("UTF-8", "ASCII", "US-ASCII")


def _kept_relations(
    package: Package, name: str, root: etree._Element | None
) -> tuple[bytes, list[str]] | None:
    """The list of a part's relations without those that are left out, and the parts that they lead to.

    None for a part without relations. Relations to nothing are left out if nothing refers to them, and a link to a
    place in the text is written as Word does.
    """
    place = relations_part(name)
    if place not in package.parts:
        return None
    listing = package.xml(place)
    used, targets, changed = _used_ids(root), [], False
    pairs = zip(list(listing.iter(_RELATIONSHIP)), package.relations(name), strict=True)
    for element, relation in pairs:
        if is_private(relation, root) or (_leads_nowhere(relation, package) and relation.id not in used):
            listing.remove(element)
            changed = True
        elif not relation.external and element.get("Target", "").startswith("#"):
            element.set("TargetMode", "External")
            changed = True
        elif not relation.external:
            targets.append(relation.target)
    return serialised(listing) if changed or not _is_utf8(listing) else package.parts[place], targets


def _leads_nowhere(relation: Relation, package: Package) -> bool:
    return not relation.external and relation.target not in package.parts


def _used_ids(root: etree._Element | None) -> set[str]:
    """The ids of relations that a part refers to."""
    elements = () if root is None else root.iter(etree.Element)
    return {value for e in elements for key, value in e.attrib.items() if key.startswith(_ID_ATTRIBUTE)}
