"""What in a Word file runs or reaches outside the file when it is opened: macros, linked content, active fields.

Received papers and templates go through the same checks, as the parts of both go into papers. Every part that the
package refers to is checked, whatever it is called: what papers.docx.part_kinds does not list is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from papers.docx.linked_markup import check_markup, check_svg, relation_ids
from papers.docx.package import ROOT_RELATIONS, TYPES, Package
from papers.docx.part_kinds import (
    LEFT_OUT,
    ONCE,
    REFUSED_KINDS,
    is_allowed,
    is_file_by_its_bytes,
    refused_type,
)
from papers.docx.places import Places, story_of
from papers.docx.scan_result import ERROR, NOT_RUN, NOTE, WARNING, ScanFinding, ScanResult
from papers.problems import count_of, quoted

if TYPE_CHECKING:
    from lxml import etree

    from papers.docx.package import Relation

__all__ = [
    "ERROR",
    "NOTE",
    "NOT_RUN",
    "WARNING",
    "ScanFinding",
    "ScanResult",
    "find_active_content",
    "why_not_word",
]
_STRICT = "{http://purl.oclc.org/ooxml/"
_CHART_DATA = ("package", "oleObject")
_WORKBOOK = "spreadsheetml.sheet"  # in its content type; one with macros has another
_WORDS = {  # code -> what was found, what is expected, what to ask the sender for
    "macros": (
        "macros",
        "a file without macros",
        "Ask for it without macros, saved as Word Document (.docx).",
    ),
    "active-content": (
        "controls or commands that run (ActiveX, buttons, a ribbon of its own)",
        "a file without any",
        "Ask for it without them (Word: Developer tab).",
    ),
    "web-extension": (
        "an add-in from the web (task pane)",
        "a file without any",
        "Ask for it without (Word: Insert, My Add-ins, remove it and save).",
    ),
    "foreign-text": (
        "text of another format",
        "text that Word has written",
        "Open it in Word and save it again.",
    ),
    "embedded-file": (
        "a file inside the file",
        "a paper without files in it",
        "Ask for it as a paper of its own, or as a picture (Word: Paste Special).",
    ),
    "mail-merge": (
        "a mail merge, which reads addresses from elsewhere",
        "a finished paper",
        "Ask for it as a normal document (Word: Mailings, Start Mail Merge, Normal Word Document).",
    ),
    "unknown-part": (
        "a part of an unknown kind",
        "parts that Word writes",
        "Open it in Word and save it again as Word Document (.docx).",
    ),
}


def find_active_content(package: Package) -> list[ScanFinding]:
    """Return a finding for everything that runs, or reaches outside the file, when it is opened.

    Also for what is left out of a received paper for that reason. Raise PackageError for a part that cannot be read.
    """
    result = ScanResult()
    reachable, workbooks = package.reachable(), _chart_workbooks(package)
    files: list[str] = []  # programs, documents and archives, whatever their types say
    if refused_type(package.types[package.main]) == "macros":
        _refuse("macros", "", "", result)
    for name in ["", *reachable]:
        known: set[str] = set()
        if name and package.is_svg(name):
            check_svg(package.parts[name], name, result)
        elif name and package.is_xml(name):
            root = package.xml(name)
            places = Places(story_of(package, name), root)
            known = check_markup(package, name, root, places, result)
        elif name and is_file_by_its_bytes(package.parts[name]) and name not in workbooks:
            known.add("embedded-file")
            files.append(name)
        _check_relations(package, name, known, result)
    if files and not any(finding.code == "embedded-file" for finding in result.findings):
        _refuse("embedded-file", "", f" ({files[0]})", result)
    _check_unreached(package, reachable, result)
    return result.findings


def why_not_word(package: Package) -> str:
    """Return what the file is if it is not a Word document, such as "a Word template"; else "".

    Every XML part is parsed, so that PackageError is raised here and not later.
    """
    if TYPES not in package.parts or package.main not in package.parts:
        return "a zip file that is not a Word document"
    for name in [ROOT_RELATIONS, *package.reachable()]:
        if package.is_xml(name):
            package.xml(name)
    root, content_type = package.xml(package.main), package.types[package.main]
    if root.tag.startswith(_STRICT):
        return "a Strict Open XML document"
    if root.tag != qn("w:document") or root.find(qn("w:body")) is None:
        return "another kind of Office file"
    if damage := _damage(package):
        return f"a damaged Word document, whose part {damage}"
    return "a Word template" if ".template." in content_type else ""


def _damage(package: Package) -> str:
    """The first part that is missing or has no content type, with what is wrong; "" if there is none."""
    reached = sorted(package.reached())
    for name in reached:
        lost = [r for r in package.relations(name) if not r.external and r.target not in package.parts]
        used = _used_relations(package.xml(name)) if lost and package.is_xml(name) else set()
        for relation in lost:
            is_place = relation.kind == "hyperlink" and relation.leads_nowhere
            is_used = relation.id in used and relation.kind != "image" and not is_place
            if relation.kind in ONCE or is_used:
                return f"{relation.target or 'of a relation'} is missing"
    untyped = next((name for name in reached if not package.types[name]), "")
    return f"{untyped} has no type" if untyped else ""


def _used_relations(root: etree._Element) -> set[str]:
    """The ids of the relations that the elements of a part refer to."""
    return {rid for element in root.iter("*") for _, rid in relation_ids(element)}


def has_element(root: etree._Element, *tags: str) -> bool:
    """Whether there is an element with one of these tags, such as w:drawing, in a tree."""
    return next(root.iter(*map(qn, tags)), None) is not None


def _check_relations(package: Package, name: str, known: set[str], result: ScanResult) -> None:
    """Check what one part, or the package itself (""), refers to. `known`: what was found in its elements."""
    targets: dict[str, str] = {}
    for relation in package.relations(name):
        if relation.kind in ONCE and targets.setdefault(relation.kind, relation.target) != relation.target:
            found = f"two parts with the {relation.kind} ({targets[relation.kind]} and {relation.target})"
            todo = "Open it in Word and save it again as Word Document (.docx)."
            result.add("ambiguous-part", ERROR, "", found, "one, as other programs may read the other", todo)
        is_workbook = relation.external or _WORKBOOK in package.types.get(relation.target, "")
        if relation.kind in _CHART_DATA and is_workbook and _is_chart(package, name):
            _note_chart_data(relation, result)
        elif (code := REFUSED_KINDS.get(relation.kind, "")) and not (
            relation.external and "linked-content" in known
        ):
            if code not in known:
                _refuse(code, story_of(package, name), f" ({relation.target})", result)
        elif relation.kind == "origin":
            found, todo = "a digital signature", "Nothing to do: with its cover the paper is unsigned."
            result.add("signature", NOTE, "", found, "none, as no signature outlasts the cover", todo)
        elif relation.external:
            _check_external(package, name, relation, result)
        elif relation.target in package.parts:
            _check_part(package, name, relation, result)


def _check_external(package: Package, name: str, relation: Relation, result: ScanResult) -> None:
    """Check a relation to the outside; those of a part of XML are checked where its elements use them."""
    if relation.kind == "attachedTemplate" and story_of(package, name) == "settings":
        found = f"the attached template {relation.target}, which is not in the file"
        todo = "Nothing to do: the paper is made without it, and looks as in the file."
        result.add("attached-template", NOTE, "", found, "no attached template", todo)
    elif (not name or not package.is_xml(name)) and not relation.leads_nowhere:
        found = f"linked content, which is not in the file ({quoted(relation.target)})"
        todo = "Open it in Word and save it again as Word Document (.docx)."
        result.add("linked-content", ERROR, "", found, "all of the paper in the file", todo)


def _check_part(package: Package, name: str, relation: Relation, result: ScanResult) -> None:
    """Check the kind and the content type of a part that another one refers to."""
    content_type = package.types[relation.target]
    what = f" ({relation.target}, {content_type or 'without a type'})"
    if relation.target == package.main or is_allowed(relation.kind, content_type):
        if relation.kind in LEFT_OUT:
            found, todo = (
                f"commands or tasks of its own ({relation.target})",
                "Nothing to do: they are left out.",
            )
            result.add("left-out", NOTE, "", found, "none", todo)
    else:
        _refuse(refused_type(content_type) or "unknown-part", story_of(package, name), what, result)


def _refuse(code: str, place: str, what: str, result: ScanResult) -> None:
    found, expected, todo = _WORDS[code]
    result.add(code, ERROR, place, f"{found}{what}", expected, todo)


def _is_chart(package: Package, name: str) -> bool:
    return is_allowed("chart", package.types.get(name, "")) or is_allowed(
        "chartEx", package.types.get(name, "")
    )


def _chart_workbooks(package: Package) -> set[str]:
    """The workbooks behind charts."""
    charts = [name for name in package.parts if _is_chart(package, name)]
    targets = {r.target for name in charts for r in package.relations(name) if r.kind in _CHART_DATA}
    return {name for name in targets if _WORKBOOK in package.types.get(name, "")}


def _note_chart_data(relation: Relation, result: ScanResult) -> None:
    """Report the workbook behind a chart: it often has more than the chart shows, and a reader can open it."""
    todo = "Nothing to do: the chart looks as in the file, and is left without its workbook."
    if relation.external:
        found = f"a chart that is linked to a workbook ({relation.target})"
        result.add("linked-chart", NOTE, "", found, "a chart without a link", todo)
    else:
        found = f"a chart with its workbook in the file ({relation.target})"
        result.add("chart-data", NOTE, "", found, "a chart that shows all of its data", todo)


def _check_unreached(package: Package, reachable: list[str], result: ScanResult) -> None:
    others = sorted({*package.parts} - {*reachable, TYPES})
    if others := [name for name in others if not name.endswith(".rels")]:
        found = f"{count_of(len(others), 'part')} that nothing refers to ({quoted(others[0])})"
        result.add(
            "left-out", NOTE, "", found, "parts that the text needs", "Nothing to do: they are left out."
        )
