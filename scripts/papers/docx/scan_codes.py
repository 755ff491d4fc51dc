"""The codes of all findings about received files: what an officer writes to accept a warning, and what docs list."""

from __future__ import annotations

from papers.docx.scan_result import ERROR, NOT_RUN, NOTE, WARNING

# Code -> severity and what was found.
CODES: dict[str, tuple[str, str]] = {
    "too-large": (ERROR, "a file above `intake: largest_mb` of `config.yaml`"),
    "too-costly": (ERROR, "a file whose checks take more than 15 seconds of work or 600 MB"),
    "encrypted": (ERROR, "a file with a password"),
    "damaged": (ERROR, "a file that cannot be read"),
    "not-word": (ERROR, "something that is no Word document, whatever its name says"),
    "empty": (ERROR, "a Word file without any text"),
    "no-pages": (ERROR, "a PDF without pages"),
    "macros": (ERROR, "macros"),
    "active-content": (
        ERROR,
        "controls or commands that run: ActiveX, a ribbon of its own, a picture with a script",
    ),
    "web-extension": (ERROR, "an add-in from the web, such as a task pane"),
    "active-field": (ERROR, "a field that runs or fetches something"),
    "actions": (ERROR, "a PDF that does more than turn pages and open web addresses"),
    "unreadable-page": (ERROR, "a PDF whose first page pdftotext cannot read"),
    "form": (ERROR, "a form (XFA) that only some programs show"),
    "embedded-file": (ERROR, "a file inside the file"),
    "linked-content": (ERROR, "pictures, objects or text that are stored elsewhere"),
    "missing-picture": (ERROR, "a picture that is not in the file, or cannot be read"),
    "foreign-text": (ERROR, "text in another format inside the Word file"),
    "mail-merge": (ERROR, "a mail merge, which reads addresses from elsewhere"),
    "unknown-part": (ERROR, "a part of a kind that is not on the list of those that Word writes"),
    "ambiguous-part": (ERROR, "two parts where a file has one, such as settings"),
    "unsafe-link": (ERROR, "a link that may run something, in a link, a shape or a field"),
    "cover-number": (ERROR, "a cover of its own with another number"),
    "faulty": (WARNING, "a PDF that breaks the rules of its format"),
    "cover-agenda-item": (WARNING, "a cover of its own with another agenda item"),
    "cover-title": (WARNING, "a cover of its own with another title"),
    "own-cover": (NOTE, "a cover of its own: the paper has two then"),
    "link-to-file": (WARNING, "a link to a file on the sender's computer or network"),
    "comments": (WARNING, "comments"),
    "tracked-changes": (WARNING, "tracked changes"),
    "hidden-text": (
        WARNING,
        "hidden text, rows, pictures or shapes; in a PDF, text drawn invisibly, or layers not always shown",
    ),
    "text-without-contrast": (WARNING, "text in the colour of what is behind it, such as white on white"),
    "tiny-text": (WARNING, "text of 1 pt or less"),
    "invisible-character": (
        WARNING,
        "a character that is invisible, turns the direction of writing, or only looks like a Latin letter",
    ),
    "field-without-result": (
        WARNING,
        "a field of the sender's file, such as `NUMPAGES`, without the text that it shows",
    ),
    "language": (NOTE, "most of the text in another language than the papers"),
    "no-text": (NOTE, "a PDF whose pages are pictures, without text"),
    "not-tagged": (NOTE, "a PDF without tags for screen readers"),
    "font-not-embedded": (NOTE, "a font that is not in the PDF"),
    "incomplete-link": (NOTE, "a web address without `https://`, which does not work as a link"),
    "attached-template": (NOTE, "a template attached from elsewhere; it is removed"),
    "chart-data": (
        NOTE,
        "the workbook behind a chart, which may have more than the chart shows; it is removed",
    ),
    "linked-chart": (NOTE, "a chart that is linked to a workbook elsewhere; the link is removed"),
    "custom-xml": (NOTE, "data of another program, which nobody sees; they are removed"),
    "document-variables": (NOTE, "variables of macros or fields, which nobody sees; they are removed"),
    "left-out": (NOTE, "parts that the text does not need; they are removed"),
    "protected": (NOTE, "protection against editing"),
    "signature": (NOTE, "a digital signature, which does not outlast the cover"),
    "no-title": (NOTE, "no title in the file's properties"),
    "not-run": (NOT_RUN, "what could not be checked, and why"),
}


def table_of_codes() -> str:
    """Return the table of codes that docs/checks.md prints."""
    rows = [f"| `{code}` | {severity} | {meaning} |" for code, (severity, meaning) in CODES.items()]
    return "\n".join(["| code | counts as | what was found |", "|---|---|---|", *rows])
