"""Text that is in a received file and that its reader does not see: hidden, in the colour of the page, or tiny."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from papers.docx.contrast import contrast
from papers.docx.scan_result import WARNING

if TYPE_CHECKING:
    from lxml import etree

    from papers.docx.places import Places
    from papers.docx.scan_result import ScanResult
    from papers.received.text_runs import TextRun

_LEAST_CONTRAST = 1.15  # 1 is equal; a light grey that is read at a second sight has 1.3
_LEAST_SIZE = 1  # point
_TODO = "Show it in Word (Ctrl+Shift+8) and delete it, or ask for a clean copy."
_COLOUR_TODO = "Select all in Word, set the font colour to Automatic and read it; or ask for a clean copy."
_SIZE_TODO = "Select all in Word, set a font size and read it; or ask for a clean copy."
_VML_SHAPES = "{urn:schemas-microsoft-com:vml}*"


def check_hidden_text(run: TextRun, page: str, places: Places, result: ScanResult) -> None:
    """Report a run that is hidden, that has the colour of what is behind it, or that is tiny.

    `page`: the colour of the page, "" for white.
    """
    is_drawing = run.words == "\n"
    if not is_drawing and (not run.words or run.words.isspace()):
        return
    if run.look.hidden or run.in_hidden_row:
        found = "a hidden picture" if is_drawing else "hidden text"
        _add("hidden-text", run.element, found, "none", _TODO, places, result)
    elif not is_drawing and _is_unseen(run, page):
        found, expected = "text in the colour of what is behind it", "text that people see"
        _add("text-without-contrast", run.element, found, expected, _COLOUR_TODO, places, result)
    elif not is_drawing and run.look.size is not None and run.look.size <= _LEAST_SIZE:
        found = f"text of {run.look.size:g} pt"
        _add("tiny-text", run.element, found, "text that people can read", _SIZE_TODO, places, result)


def check_hidden_shapes(root: etree._Element, places: Places, result: ScanResult) -> None:
    """Report pictures and shapes that are marked as hidden."""
    for element in root.iter(qn("wp:docPr"), _VML_SHAPES):
        style = element.get("style", "").replace(" ", "").lower()
        if element.get("hidden", "0") in ("1", "true") or "visibility:hidden" in style:
            todo = "Show it in Word (Layout, Selection Pane) and delete it, or ask for a clean copy."
            _add("hidden-text", element, "a hidden picture or shape", "none", todo, places, result)


def _is_unseen(run: TextRun, page: str) -> bool:
    if run.background is None:
        return False
    ratio = contrast(run.look.color, run.background or page)
    return ratio is not None and ratio < _LEAST_CONTRAST


def _add(
    code: str,
    element: etree._Element,
    found: str,
    expected: str,
    todo: str,
    places: Places,
    result: ScanResult,
) -> None:
    if not result.is_full(code):
        result.add(code, WARNING, places.of(element), found, expected, todo)
