"""Leave out of a received file what names people, their files and their computers, and is no text of the paper.

The authors of comments and tracked changes stay: they are part of what is shown, and intake warns of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from lxml import etree

if TYPE_CHECKING:
    from papers.docx.package import Relation

# Kinds of relations to what the text does not need: templates, addresses for a mail merge, custom XML, properties,
# settings of a printer, building blocks, and the workbook behind a chart.
_LEFT_OUT = (
    "attachedTemplate people person documenttasks customXml customXmlProps glossaryDocument printerSettings thumbnail"
    " core-properties extended-properties custom-properties mailMergeSource mailMergeHeaderSource"
    " mailMergeRecipientData recipientData transform keyMapCustomizations attachedToolbars"
)
_DROPPED = frozenset(_LEFT_OUT.split())
_BEHIND_A_CHART = frozenset(("package", "oleObject"))
_CHARTS = (
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}",
    "{http://schemas.microsoft.com/office/drawing/2014/chartex}",
)
_SCHEMAS = "{http://schemas.openxmlformats.org/schemaLibrary/2006/main}schemaLibrary"
_SETTINGS = tuple(
    qn(f"w:{tag}")
    for tag in ("attachedTemplate", "mailMerge", "docVars", "saveThroughXslt", "attachedSchema")
)
_WORKBOOKS = tuple(f"{chart}externalData" for chart in _CHARTS)
_ELEMENTS = (*_SETTINGS, *_WORKBOOKS, _SCHEMAS, qn("w:printerSettings"))
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# Word once took the path of a picture as its alternative text.
_DESCRIPTIONS = ("descr", "title", "name", "alt", "{urn:schemas-microsoft-com:office:office}title")
_PATH = re.compile(r"(?:[a-z]:[\\/]|\\\\|file:/).*[\\/]", re.IGNORECASE)
_PICTURES = {"docPr", "cNvPr", "shape", "imagedata", "rect", "group"}


def is_private(relation: Relation, source: etree._Element | None) -> bool:
    """Whether a relation of the part `source` leads to what a paper is given without."""
    if relation.kind in _DROPPED:
        return True
    of_a_chart = source is not None and source.tag in [f"{chart}chartSpace" for chart in _CHARTS]
    return of_a_chart and relation.kind in _BEHIND_A_CHART


def remove_private_data(root: etree._Element) -> bool:
    """Remove it from a part, with the elements that need a private relation; return whether there was any."""
    elements = [element for element in root.iter(*_ELEMENTS) if element.getparent() is not None]
    for element in elements:
        element.getparent().remove(element)
    changed = bool(elements)
    for element in root.iter(etree.Element):
        if _BASE in element.attrib:
            del element.attrib[_BASE]
            changed = True
        if etree.QName(element).localname in _PICTURES:
            changed |= _remove_folders(element)
    return changed


def _remove_folders(element: etree._Element) -> bool:
    """Keep only the name of the file in a description that is a path."""
    found = [key for key in _DESCRIPTIONS if _PATH.match(element.get(key, ""))]
    for key in found:
        element.set(key, _PATH.sub("", element.get(key), count=1))
    return bool(found)
