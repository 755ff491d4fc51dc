"""What in a PDF runs, reaches outside the file, or is another file inside it. Actions and annotations are allow-lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary, Stream, String

from papers.docx.links import FILE, INCOMPLETE, UNSAFE, judge_link
from papers.docx.scan_result import ERROR, NOTE, WARNING
from papers.problems import quoted
from papers.received.pdf_reader import dictionaries, name, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikepdf import Pdf

    from papers.docx.active_content import ScanResult

_ACTION_KEYS = ("/A", "/OpenAction", "/PA", "/Next")
_ALL_ACTIONS = (
    "GoTo GoToR GoToE GoToDp GoTo3DView Launch Thread URI Sound Movie Hide Named SubmitForm ResetForm ImportData"
    " JavaScript SetOCGState Rendition Trans RichMediaExecute"
)
_KNOWN_ACTIONS = {f"/{action}" for action in _ALL_ACTIONS.split()}
_PAGE_TURNS = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
_COMMENTS = "Text FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Caret Ink Redact"
_COMMENT_KINDS = {f"/{kind}" for kind in _COMMENTS.split()}
_ANNOTATIONS = _COMMENT_KINDS | {"/Link", "/Popup", "/Widget", "/PrinterMark", "/TrapNet", "/Watermark"}
_MEDIA = {"/FileAttachment", "/RichMedia", "/Screen", "/3D", "/Movie", "/Sound", "/Projection"}
_MEDIA_TYPES = {
    "/Rendition",
    "/MediaClip",
    "/MediaPlayParams",
    "/Sound",
    "/3D",
    "/RichMediaContent",
    "/Collection",
}
_LINKS = (  # code, severity, what was found, what is expected
    (UNSAFE, ERROR, "a link that is not an address", "https: or mailto:"),
    (FILE, WARNING, "a link to a file", "links that every reader can follow"),
    (INCOMPLETE, NOTE, "a web address without https://", "links that every reader can follow"),
)
_MOST_NAMED = 3


@dataclass
class _Found:
    """What was found in all objects: names of actions, files and links, each once and in order."""

    actions: dict[str, None] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)
    outside: dict[str, None] = field(default_factory=dict)
    inside: dict[str, None] = field(default_factory=dict)
    comments: int = 0
    xfa: bool = False
    layers: bool = False


def check_contents(pdf: Pdf, result: ScanResult) -> None:
    """Report what is found in any object of a PDF, also in those that nothing refers to."""
    found = _Found()
    for entry, is_stream in dictionaries(pdf):
        _look_for_actions(entry, found)
        _look_for_files(entry, is_stream, found)
        _look_for_annotations(entry, found)
        found.xfa = found.xfa or "/XFA" in entry
        found.layers = found.layers or (
            "/OCProperties" in entry and _has_hidden_layers(entry["/OCProperties"])
        )
    _report_errors(found, result)
    _report_links(found, result)
    _report_what_readers_miss(found, result)


def _look_for_actions(entry: dict[str, Any], found: _Found) -> None:
    for action in _actions(entry):
        kind = name(action, "/S")
        is_page_turn = kind == "/Named" and name(action, "/N") in _PAGE_TURNS
        if kind not in ("/GoTo", "/URI") and not is_page_turn:
            found.actions[kind.lstrip("/") or "of no kind"] = None
    if "/JS" in entry or "/JavaScript" in entry:
        found.actions["JavaScript"] = None
    address = entry.get("/URI")
    if isinstance(address, String):
        found.links[str(address)] = None
    elif isinstance(address, Dictionary) and "/Base" in address:
        found.links[words(address["/Base"])] = None


def _actions(entry: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A dictionary that is an action itself, and those that stand where a reader looks for actions."""
    kind, type_ = name(entry, "/S"), name(entry, "/Type")
    if type_ == "/Action" or (kind in _KNOWN_ACTIONS and type_ != "/StructElem"):
        yield entry
    values = [entry[key] for key in _ACTION_KEYS if key in entry]
    triggers = entry.get("/AA")
    if isinstance(triggers, Dictionary):
        values += [value for _, value in triggers.items()]
    for value in values:
        for one in list(value) if isinstance(value, Array) else [value]:
            if isinstance(one, Dictionary) and "/S" in one:
                yield one


def _look_for_files(entry: dict[str, Any], is_stream: bool, found: _Found) -> None:
    """Find references to other files, and files inside."""
    file = entry.get("/F")
    type_ = name(entry, "/Type")
    if {"/EF", "/EmbeddedFiles", "/RF"} & entry.keys() or type_ == "/EmbeddedFile":
        found.inside["a file"] = None
    elif name(entry, "/S") not in _KNOWN_ACTIONS and (
        (is_stream and file is not None)
        or type_ in ("/Filespec", "/F")
        or isinstance(entry.get("/UF"), String)
        or (isinstance(file, String) and not {"/N", "/V"} <= entry.keys())  # these: how a property is shown
    ):
        found.outside[words(entry.get("/UF")) or words(file) or "a file"] = None
    if is_stream and isinstance(entry.get("/Ref"), Dictionary):
        found.outside["a page of another file"] = None
    if "/OPI" in entry and not isinstance(entry["/OPI"], Stream):
        found.outside["a picture of another file"] = None
    if "/PS" in (name(entry, "/Subtype"), name(entry, "/Subtype2")):
        found.actions["PostScript"] = None


def _look_for_annotations(entry: dict[str, Any], found: _Found) -> None:
    kind = name(entry, "/Subtype")
    if kind in _MEDIA or name(entry, "/Type") in _MEDIA_TYPES or "/Collection" in entry:
        found.inside[kind.lstrip("/") or "media"] = None
    is_annotation = name(entry, "/Type") == "/Annot" or ("/Rect" in entry and kind)
    if is_annotation and kind not in _ANNOTATIONS | _MEDIA:
        found.actions[f"an annotation of the kind {kind.lstrip('/') or 'none'}"] = None
    found.comments += bool(is_annotation and kind in _COMMENT_KINDS)


def _has_hidden_layers(properties: object) -> bool:
    """Whether a layer is not shown, neither on the screen nor in print, or only in one of them."""
    if not isinstance(properties, Dictionary):
        return False
    others = properties.get("/Configs")
    configurations = [properties.get("/D"), *(list(others) if isinstance(others, Array) else [])]
    for one in (one for one in configurations if isinstance(one, Dictionary)):
        off = one.get("/OFF")
        has_off = isinstance(off, Array) and len(off) > 0
        if has_off or name(one, "/BaseState") == "/OFF" or _changes_layers(one.get("/AS")):
            return True
    return False


def _changes_layers(usage: object) -> bool:
    return isinstance(usage, Array) and len(usage) > 0


def _report_errors(found: _Found, result: ScanResult) -> None:
    if found.actions:
        todo = "Ask for it without scripts and actions."
        expected = "a PDF that does nothing by itself"
        result.add("actions", ERROR, "", f"actions ({_listed(found.actions)})", expected, todo)
    if found.inside:
        what, todo = "files or media inside the file", "Ask for each as a paper of its own, or without."
        what = f"{what} ({_listed(found.inside)})"
        result.add("embedded-file", ERROR, "", what, "a paper without files in it", todo)
    if found.outside:
        what, todo = (
            f"parts that are in other files ({_listed(found.outside)})",
            "Ask for it with all of it inside.",
        )
        result.add("linked-content", ERROR, "", what, "all of the paper in the file", todo)
    if found.xfa:
        what, todo = "a form that only some readers show (XFA)", "Ask for it printed to PDF."
        result.add("form", ERROR, "", what, "pages that every reader shows", todo)


def _report_links(found: _Found, result: ScanResult) -> None:
    """Report links by the rule of links in Word files; a reader follows them only if somebody clicks."""
    for code, severity, what, expected in _LINKS:
        links = dict.fromkeys(link for link in found.links if judge_link(link) == code)
        if links:
            todo = "Ask for the address in its place."
            result.add(code, severity, "", f"{what} ({_listed(links)})", expected, todo)


def _report_what_readers_miss(found: _Found, result: ScanResult) -> None:
    if found.layers:
        todo = "Ask for it without layers, or printed to PDF."
        result.add("hidden-text", WARNING, "", "layers that are not always shown", "none", todo)
    if found.comments:
        todo = "Ask for it without them, or printed to PDF."
        result.add("comments", WARNING, "", f"{found.comments} comments", "a paper without comments", todo)


def _listed(names: dict[str, None]) -> str:
    """The first of these names, and how many more there are."""
    shown = [quoted(one) if not one.replace(" ", "").isalnum() else one for one in list(names)[:_MOST_NAMED]]
    more = [f"and {len(names) - _MOST_NAMED} more"] if len(names) > _MOST_NAMED else []
    return ", ".join([*shown, *more])
