"""Refuse workbooks that run something, or that fetch values from elsewhere.

Only the kinds of parts below `_ALLOWED` may be reached from the workbook; names of parts say nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from papers.inputs.xlsx_package import damaged, is_true, local_name, reached
from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from xml.etree import ElementTree

    from papers.inputs.xlsx_package import WorkbookPackage, WorkbookRelation

ADDRESSES = ("http:", "https:", "mailto:", "tel:")
_ALLOWED = frozenset((
    "officeDocument", "extended-properties", "custom-properties", "package-core-properties",
    "package-thumbnail", "package-origin", "package-signature", "package-certificate",
    "ms-classificationlabels", "thumbnail", "worksheet", "chartsheet", "styles", "sharedStrings", "theme",
    "themeOverride", "calcChain", "sheetMetadata", "customXml", "customXmlProps", "ms-person",
    "revisionHeaders", "revisionLog", "usernames", "ms-rdRichValue", "ms-rdRichValueStructure",
    "ms-rdRichValueTypes", "ms-rdArray", "ms-richStyles", "ms-rdSupportingPropertyBag",
    "ms-rdSupportingPropertyBagStructure", "ms-richValueRel", "ms-slicerCache", "ms-slicer",
    "ms-timelineCache", "ms-timeline", "pivotCacheDefinition", "pivotCacheRecords", "pivotTable",
    "hyperlink", "drawing", "vmlDrawing", "comments", "ms-threadedComment", "table", "printerSettings",
    "customProperty", "ms-namedSheetView", "ms-wsSortMap", "ctrlProp", "image", "chart", "ms-chartEx",
    "ms-chartStyle", "ms-chartColorStyle", "chartUserShapes", "diagramData", "diagramLayout",
    "diagramQuickStyle", "diagramColors", "ms-diagramDrawing",
))  # fmt: skip
# Of other programs: pictures in cells (WPS), and settings (Google Sheets). Nothing is read from there.
_FOREIGN = (
    "http://www.wps.cn/officeDocument/2020/cellImage",
    "http://customschemas.google.com/relationships/workbookmetadata",
)
_VALUES_ONLY = "Copy the sheets into a new workbook: Copy, then Paste Special, Values."
_NO_MACROS = ("macros", "Save it as Excel Workbook (.xlsx), which has none.")
_NO_LINKS = ("links to other workbooks", "In Excel: Data, Edit Links, Break Link; then save.")
_NO_CONNECTIONS = ("connections to other data", "In Excel: Data, Queries & Connections; delete them.")
_NO_OBJECTS = (
    "files, controls or media within the workbook",
    "In Excel: Home, Find & Select, Select Objects; delete them.",
)
_NO_ADD_INS = ("an add-in or buttons of its own", _VALUES_ONLY)
_ACTIVE_KINDS = {
    **dict.fromkeys(
        ("vbaProject", "ms-vbaProject", "ms-xlMacrosheet", "ms-xlIntlMacrosheet", "xlMacrosheet",
         "xlIntlMacrosheet", "dialogsheet", "attachedToolbars", "ms-attachedToolbars", "ms-wordVbaData"),
        _NO_MACROS,
    ),
    **dict.fromkeys(("externalLink", "externalLinkPath", "ms-xlExternalLinkPath/xlPathMissing"), _NO_LINKS),
    **dict.fromkeys(
        ("connections", "queryTable", "xmlMaps", "tableSingleCells", "volatileDependencies",
         "powerPivotData", "ms-powerPivotData", "ms-rdRichValueWebImage", "ms-customDataProps"),
        _NO_CONNECTIONS,
    ),
    **dict.fromkeys(
        ("oleObject", "package", "control", "ms-activeXControlBinary", "audio", "video", "ms-media"),
        _NO_OBJECTS,
    ),
    **dict.fromkeys(("ms-extensibility", "ms-webextensiontaskpanes", "ms-webextension"), _NO_ADD_INS),
}  # fmt: skip
# Also refused where nothing refers to them: words of their content types, and their usual names.
_ACTIVE_TYPES = {
    "macrosheet": _NO_MACROS,
    "vbaproject": _NO_MACROS,
    "macroenabled": _NO_MACROS,
    "dialogsheet": _NO_MACROS,
    "externallink": _NO_LINKS,
    "connections": _NO_CONNECTIONS,
    "querytable": _NO_CONNECTIONS,
    "volatiledependencies": _NO_CONNECTIONS,
    "oleobject": _NO_OBJECTS,
    "activex": _NO_OBJECTS,
    "webextension": _NO_ADD_INS,
}
_ACTIVE_NAMES = {
    "xl/vbaproject.bin": _NO_MACROS,
    "xl/macrosheets/": _NO_MACROS,
    "xl/externallinks/": _NO_LINKS,
    "xl/connections.xml": _NO_CONNECTIONS,
}
_KNOWN_TYPE = re.compile(
    r"application/vnd\.openxmlformats-(?:officedocument|package)\.[\w.+-]+"
    r"|application/vnd\.ms-(?:excel|office)\.[\w.+-]+"
    r"|(?:application|text)/xml|image/[\w.+-]+|",
    re.IGNORECASE,
)
_READ_KINDS = ("worksheet", "chartsheet", "styles", "sharedStrings")  # also a word of their content types


def check_sources(package: WorkbookPackage, file: str, problems: Problems) -> bool:
    """Report all parts that run something or fetch values, once for each kind; return whether there is none."""
    found: dict[str, tuple[str, str]] = {}
    for _, relation in reached(package, _ALLOWED):
        for what, todo in _judge(package, relation):
            found.setdefault(what, (what, todo))
    for part in package.parts:
        declared = package.content_type(part).casefold()
        known = [said for word, said in _ACTIVE_TYPES.items() if word in declared]
        known += [said for begins, said in _ACTIVE_NAMES.items() if part.casefold().startswith(begins)]
        found |= {what: (what, todo) for what, todo in known}
    for what, todo in found.values():
        problems.add(Place(file), "from-elsewhere", what, "values typed in this workbook", todo)
    return not found


def _judge(package: WorkbookPackage, relation: WorkbookRelation) -> list[tuple[str, str]]:
    """Return what is wrong with a relationship, as (found, what to do)."""
    if known := _ACTIVE_KINDS.get(relation.kind):
        return [known]
    if relation.kind in _FOREIGN and not relation.external:
        return []
    if relation.kind not in _ALLOWED:
        return [(f"a part of an unknown kind ({quoted(relation.kind)})", _VALUES_ONLY)]
    if relation.external:
        return _judge_address(relation)
    if not relation.target:
        return []  # it leads nowhere, and nothing is read from there
    declared = package.content_type(relation.target)
    if not _KNOWN_TYPE.fullmatch(declared):
        return [(f"a part {relation.target} of an unknown type ({quoted(declared)})", _VALUES_ONLY)]
    if relation.kind in _READ_KINDS and "spreadsheetml." in declared and f".{relation.kind}+" not in declared:
        raise damaged(f"a part {relation.target} of another type than its relationship states")
    if relation.kind == "pivotCacheDefinition":
        return _judge_pivot(package, relation.target)
    return []


def _judge_address(relation: WorkbookRelation) -> list[tuple[str, str]]:
    if relation.kind != "hyperlink":
        return [(f"content that is stored elsewhere ({quoted(relation.target)})", _VALUES_ONLY)]
    if relation.target.lower().startswith(ADDRESSES) or relation.target.startswith("#"):
        return []
    todo = "Right-click the cell, Remove Hyperlink."
    return [(f"a link that is no address of the web ({quoted(relation.target)})", todo)]


def _judge_pivot(package: WorkbookPackage, part: str) -> list[tuple[str, str]]:
    """Refuse a pivot table whose data come from another file or a database."""
    for element in package.parse(part).iter():
        local = local_name(element)
        if local == "cacheSource" and element.get("type", "").strip() != "worksheet":
            return [_NO_CONNECTIONS]
        if local == "worksheetSource" and any(name.endswith("}id") for name in element.attrib):
            return [_NO_LINKS]
    return []


# Formulas

_STRING, _QUOTED_NAME = re.compile(r'"(?:[^"]|"")*"'), re.compile(r"'(?:[^']|'')*'")
_COLUMN_NAME = re.compile(r"\[[^\[\]]*\]")
_ACTIVE_FUNCTION = re.compile(
    r"(?<![\w.])(?:_xl(?:fn|ws|udf)\.)*(_xll\.[\w.]+|WEBSERVICE|FILTERXML|RTD|CALL|REGISTER(?:\.ID)?|DDE\w*"
    r"|EXEC(?:UTE)?|EVALUATE|RUN|F(?:OPEN|WRITE|WRITELN)|SQL\.REQUEST|GET\.[A-Z]+|IMPORT\w+|GOOGLE\w+"
    r"|STOCKHISTORY|IMAGE|PY|CUBE\w+|ENCODEURL|COPILOT|TRANSLATE|DETECTLANGUAGE|FIELDVALUE)\s*\(",
    re.IGNORECASE,
)
_OTHER_BOOK = re.compile(r"""(?<![\w\[\]])\[(?!0\])[^\[\]]+\][^\s\[\]'",;()+*/^&=<>-]*!""")
_MAX_FORMULA = 8_192  # characters, of Excel
_LINK = re.compile(r"(?<![\w.])HYPERLINK\s*\(\s*(.{0,12})", re.IGNORECASE | re.DOTALL)
_FORMULAS = ("f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula",
             "totalsRowFormula", "oldFormula")  # fmt: skip
_TYPE_VALUE = "Replace the formula by its value: Copy, then Paste Special, Values."


def active_formula(text: str) -> str:
    """Return what a formula fetches or runs, in words for `found` of a problem; "" for one that calculates."""
    if len(text) > _MAX_FORMULA:
        return f"a formula of {len(text)} characters, more than Excel can write"
    bare = _STRING.sub('""', text)
    if function := _ACTIVE_FUNCTION.search(bare):
        return f"a formula with {function[1].upper()}, which takes a value from elsewhere or runs something"
    names = (each[0] for each in _QUOTED_NAME.finditer(bare) if bare[each.end() :].lstrip().startswith("!"))
    if any("[" in name for name in names) or _OTHER_BOOK.search(bare):
        return "a formula with a link to another workbook"
    if "|" in _COLUMN_NAME.sub("", _QUOTED_NAME.sub("", bare)):
        return f"a formula that starts another program (DDE: {quoted(text)})"
    for target in _LINK.findall(text):
        if not target.lower().startswith(tuple(f'"{word}' for word in (*ADDRESSES, "#"))):
            return "a formula with HYPERLINK whose target is no address of the web"
    return ""


def report_formula(text: str, place: Place, problems: Problems) -> None:
    """Report a formula that fetches or runs something."""
    if found := active_formula(text):
        problems.add(place, "from-elsewhere", found, "values typed in this workbook", _TYPE_VALUE)


def check_formulas(root: ElementTree.Element, place: Place, problems: Problems) -> None:
    """Report formulas that fetch or run something in names, rules, lists of drop-down cells and tables."""
    found: set[str] = set()
    for element in root.iter():
        if element.tag.rpartition("}")[2] not in _FORMULAS:
            continue
        if any(is_true(element.get(name)) for name in ("xlm", "vbProcedure")):
            found.add("a name that runs a macro")
        found.add(active_formula("".join(element.itertext())))
    for what in sorted(found - {""}):
        todo = "In Excel: Formulas, Name Manager, and Data, Data Validation; delete it there."
        problems.add(place, "from-elsewhere", what, "values typed in this workbook", todo)
