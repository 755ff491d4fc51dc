"""Fill a prepared template with a paper's context: the bytes of a .docx, checked.

This runs once per paper and imports the standard library and the pinned compressor only; see README.md in this folder.
"""

from __future__ import annotations

import json
import marshal
import os
import re
import sys
import types
from xml.parsers import expat

from papers.docx import zip_writer
from papers.docx.runs import RunWriter
from papers.errors import UserError
from papers.richtext import escaped, unescaped, value_with_line_breaks
from papers.store.files import DamagedFile, read_with_digest

TYPE_CHECKING = False

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 4  # of prepared files
TYPES, RELATIONSHIPS = "[Content_Types].xml", "word/_rels/document.xml.rels"
DOCUMENT = "word/document.xml"
LISTINGS = (TYPES, RELATIONSHIPS)  # the parts that list others: the same in all papers but those with charts
STRETCH = 1_000  # pieces encoded at once: most stretches of a long part are ASCII, which is quicker
MOST_COLUMNS = 63  # of a table in Word
MOST_PIECES = 2_000_000  # texts and pieces of a template in one paper; 20,000 rows have 400,000
MOST_CHARACTERS = 100_000_000  # of a part, where tags compute texts
# Control characters and lone surrogates, as JSON escapes them, and noncharacters.
_FORBIDDEN = re.compile(r"\\u[0d]|[\ufffe\uffff]")
_NOT_XML = (
    r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # compiled only when needed, as that is slow
)


class FillError(UserError):
    """A paper that would not be whole; the text begins with its number."""


# What marshal and Prepared raise for a file of another version.
_NOT_PREPARED = (EOFError, ValueError, KeyError, TypeError, FillError)


def load_context(path: Path | str) -> dict:
    """Read a meeting's context and escape all its texts for XML.

    The JSON is escaped as a whole, in one pass in C: its own syntax has none of the three characters.
    Raise DamagedFile if it is not as a build wrote it.
    """
    try:
        with open(path, encoding="utf-8") as file:
            return context_of(file.read())
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise DamagedFile(path) from error


def context_of(source: str) -> dict:
    """Return a meeting's context from the JSON text of its file, see `load_context`."""
    context = json.loads(escaped(source))
    if _FORBIDDEN.search(source):
        _refuse_forbidden(context["papers"])
    if "\\n" in source or "\\t" in source or "\\r" in source:
        for paper in context["papers"]:
            paper["fields"] = value_with_line_breaks(paper["fields"])
    return context


def _refuse_forbidden(papers: list[dict]) -> None:
    """Raise FillError for a character that XML does not allow; reading reports those that users typed."""
    for paper in papers:
        for text in _texts([paper["fields"], paper["properties"]]):
            if match := re.search(_NOT_XML, text):
                raise FillError(
                    f'{paper["number"]}: found the character U+{ord(match[0]):04X} in the text "{_short(text)}"; expected'
                    " characters that Word can hold. Delete it where the text was typed."
                )


def key_of(paper: dict) -> str:
    """Return what a paper is filled from: its kind, or the path of the received file."""
    return unescaped(paper.get("received") or paper["kind"])


def load_prepared(
    papers: list[dict], templates: Path | str, received: Path | str | None
) -> dict[str, Prepared]:
    """Load the prepared files of a meeting's papers, by `key_of`.

    `templates`: the folder of the prepared kinds. `received`: the meeting's file of prepared received papers.
    Raise DamagedFile if one of these files is not as a build wrote it.
    """
    of_received = sorted({key_of(paper) for paper in papers if paper.get("received")})
    of_kinds = sorted({key_of(paper) for paper in papers if not paper.get("received")})
    prepared = {key: read_prepared(os.path.join(templates, f"{key}.prepared")) for key in of_kinds}
    return prepared | (_read_received(received, of_received) if of_received else {})


def _read_received(path: Path | str, keys: list[str]) -> dict[str, Prepared]:
    try:
        by_file = marshal.loads(read_with_digest(path))
        return {key: Prepared(by_file[key]) for key in keys}
    except _NOT_PREPARED as error:
        raise DamagedFile(path) from error


def read_prepared(path: Path | str) -> Prepared:
    """Read a prepared kind of paper; raise DamagedFile if it is not as this version wrote it."""
    try:
        return Prepared(read_with_digest(path))
    except _NOT_PREPARED as error:
        raise DamagedFile(path) from error


class Prepared:
    """A prepared kind of paper, or a prepared received paper, ready to fill.

    Its code is run: the bytes of a file come from `read_with_digest`.
    `marks` are the arguments of RunWriter. `blank_contents` has the numbers of the filled papers whose table of contents
    shows no page numbers, each with a notice for the user.
    """

    def __init__(self, data: bytes):
        content = marshal.loads(data)
        if content["format"] != FORMAT or content["python"] != sys.implementation.cache_tag:
            raise FillError(
                "Templates: found files prepared by another version of Python or of this program; expected ones of this"
                " version. Run make clean, make."
            )
        self.static, self.listings, self.compiled = content["static"], content["listings"], []
        self.numbered, self.look = content["numbered"], content["look"]
        self.proven = frozenset(content["proven"])  # parts that are well-formed whatever is filled in
        self.unseen = content["unseen"]  # namespaces whose texts need not reach the paper
        self.blank_contents: dict[str, str] = {}
        self.marks = content["properties"], content["styles"], content["ordered"], content["first_list"]
        for name, body in content["compiled"]:
            self.compiled.append((name, _function(body) if isinstance(body, bytes) else body))

    def fill(self, paper: dict) -> bytes:
        """Return the .docx of one paper; raise FillError if it would not be complete and well-formed.

        A paper with an annex of sources goes through papers.docx.locate_tags.with_places first.
        """
        try:
            return self._filled(paper)
        except TypeError as error:
            raise FillError(
                f"{paper['number']}: found a value that is not text ({error}); expected text. Report this as a bug."
            ) from error

    def _filled(self, paper: dict) -> bytes:
        marks = RunWriter(*self.marks)
        rendered = self._rendered(paper, marks)
        notes = marks.footnotes()
        if marks.styles.missing:
            raise _no_styles(paper, marks.styles.missing)
        missing = self._missing(paper, rendered, marks)
        self._number(rendered, paper, marks)
        if marks.contents:
            document = "".join(rendered[DOCUMENT])
            rendered[DOCUMENT] = [self._with_contents(document, notes, marks.contents[0], paper)]
        entries = [*self.static, *self._entries(paper, rendered, notes, marks)]
        charts = self._add_parts(marks, entries, paper) if marks.charts or marks.pictures else ""
        if missing:
            self._refuse_missing(paper, missing, charts)
        return zip_writer.build_zip(entries)

    def _entries(
        self, paper: dict, rendered: dict[str, list[str]], notes: str, marks: RunWriter
    ) -> list[tuple]:
        """The zip entries of the parts that this paper has of its own, in the order of the prepared file."""
        entries = []
        for name, code in self.compiled:
            if isinstance(
                code, tuple
            ):  # footnotes or lists: what goes before and after them, and an entry without any
                before, after, empty = code
                added = notes if name == "word/footnotes.xml" else marks.numbering()
                if marks.numberings and name != "word/footnotes.xml":
                    before, added = marks.numberings.in_part(before, added)
                if not added:
                    entries.append(empty)
                    continue
                rendered[name] = [before, added, after]
            entry = _checked_entry(name, rendered.pop(name), paper, name in self.proven)
            entries.append((*entry, name.encode()))
        return entries

    def outline(self, paper: dict) -> tuple[str, list[str]] | None:
        """Return the digest of the text that page numbers are found for, and the texts of its headings.

        None if the paper has no table of contents.
        """
        marks = RunWriter(*self.marks)
        rendered = self._rendered(paper, marks)
        self._number(rendered, paper, marks)
        document = "".join(rendered[DOCUMENT])
        if not marks.contents:
            return None
        texts = [unescaped(heading.text) for heading in _toc().headings_of(document, marks.styles)]
        return _toc().digest_of(document, marks.footnotes(), self.look), texts

    def _rendered(self, paper: dict, marks: RunWriter) -> dict[str, list[str]]:
        """The parts that have tags, filled in, each as a list of pieces."""
        values, rendered = {**paper["fields"], "properties": paper["properties"]}, {}
        try:
            for name, function in self.compiled:
                if not isinstance(function, tuple):
                    rendered[name] = function(values, marks.runs, marks.blocks, marks.value)
                    if marks.computed and sum(map(len, rendered[name])) > MOST_CHARACTERS:
                        _refuse_endless()
        except FillError as error:
            raise FillError(f"{paper['number']}: {error}") from error
        except (TypeError, KeyError, ValueError) as error:
            raise _not_filled(paper, name, error) from error
        return rendered

    def _number(self, rendered: dict[str, list[str]], paper: dict, marks: RunWriter) -> None:
        """Number the captions of the document, and the references to them; turn its pages where blocks say so."""
        if marks.pages:
            from papers.docx.sections import with_sections  # noqa: PLC0415 -- few papers turn their pages

            rendered[DOCUMENT] = [with_sections("".join(rendered[DOCUMENT]))]
        if self.numbered or marks.captions:
            from papers.docx.captions import number_captions  # noqa: PLC0415 -- only papers with such fields need it

            try:
                rendered[DOCUMENT] = [number_captions("".join(rendered[DOCUMENT]))]
            except ValueError as error:
                raise _not_filled(paper, DOCUMENT, error) from error

    def _with_contents(self, document: str, notes: str, known: dict | None, paper: dict) -> str:
        """The document with its table of contents; page numbers only if they were found for this very text."""
        digest = _toc().digest_of(document, notes, self.look)
        pages = known["pages"] if known and known["made_for"] == digest else None
        if pages is None:
            found = "page numbers of an earlier text" if known else "no page numbers"
            self.blank_contents[paper["number"]] = (
                f"{paper['number']}: found {found} for its table of contents, which now shows none; expected those of"
                " this text. Run make paginate."
            )
        return _toc().with_contents(document, self.marks[1], pages)

    def _add_parts(self, marks: RunWriter, entries: list[tuple], paper: dict) -> str:
        """Add the parts of charts and pictures, and the two listings that name them, to the entries.

        Return the XML of the charts.
        """
        listings = {name: self.listings[name] for name in LISTINGS}
        charts: dict[str, str] = {}
        added: dict[str, bytes] = {}
        if marks.charts:
            from papers.docx.charts import new_parts  # noqa: PLC0415 -- only papers with charts need it

            charts, added = new_parts(marks.charts, *listings.values())
            listings = {name: charts[name] for name in LISTINGS}
        if marks.pictures:
            listings, pictures = _picture_parts(marks.pictures, listings, paper)
            added = {**added, **pictures}
        xml = {**charts, **listings}
        changed = {name: (*_checked_entry(name, [text], paper), name.encode()) for name, text in xml.items()}
        entries[:] = [changed.pop(name.decode(), (local, central, name)) for local, central, name in entries]
        entries += changed.values()
        entries += [(*zip_writer.zip_entry(name, data), name.encode()) for name, data in added.items()]
        return "".join((*marks.drawings, *charts.values()))

    def _missing(self, paper: dict, rendered: dict[str, list[str]], marks: RunWriter) -> set[str]:
        """The texts of the context that are not a whole piece of the paper.

        That "12" occurs somewhere in the XML does not show that the text "12" is in the paper.
        """
        missing = set(self._shown(paper))
        missing.difference_update(("",), marks.texts, *rendered.values())
        return missing

    def _shown(self, paper: dict) -> list[str]:
        """Every text that the paper has to show, empty ones included."""
        return _texts([fields for space, fields in paper["fields"].items() if space not in self.unseen])

    def _refuse_missing(self, paper: dict, missing: set[str], charts: str) -> None:
        """Raise FillError for the first text that is missing, unless a chart shows it."""
        for text in self._shown(paper):
            if text in missing and not (charts and text in charts):
                raise FillError(
                    f'{paper["number"]}: found that the text "{_short(text)}" did not reach the paper; expected all texts'
                    " in it. Add its tag to the template; see templates/README.md."
                )


def _picture_parts(
    pictures: list[dict], listings: dict[str, str], paper: dict
) -> tuple[dict[str, str], dict[str, bytes]]:
    from papers.docx.pictures import ChangedPicture, new_parts  # noqa: PLC0415 -- only papers with pictures need it

    try:
        return new_parts(pictures, *listings.values())
    except ChangedPicture as error:
        found, expected = f"the picture {error}", "it as it was read"
        raise FillError(f"{paper['number']}: found {found}; expected {expected}. Run make again.") from error


def _not_filled(paper: dict, name: str, error: Exception) -> FillError:
    if hasattr(error, "todo"):  # an expression of the template does not fit a value
        return FillError(
            f"{paper['number']}: found {error.found}, in a tag of {' or '.join(paper['templates'])}; expected"
            f" {error.expected}. {error.todo}"
        )
    return FillError(
        f"{paper['number']}: found that {name} could not be filled ({error}); expected a tag for each value. Undo the"
        " last change of the template."
    )


def _no_styles(paper: dict, names: list[str]) -> FillError:
    missing, many = ", ".join(f'"{name}"' for name in dict.fromkeys(names)), len(set(names)) > 1
    return FillError(
        f"{paper['number']}: found texts in the style{'s' * many} {missing}; expected only styles that"
        f" {' or '.join(paper['templates'])} has. Create {'them' if many else 'it'} in the template (Word: Home, Styles,"
        " New Style)."
    )


def _toc():
    """The module that writes tables of contents; only papers with one need it."""
    from papers.docx import toc  # noqa: PLC0415

    return toc


def _function(code: bytes):
    scope: dict = {}
    exec(marshal.loads(code), scope)
    return types.FunctionType(
        scope["render"].__code__,
        {"__builtins__": _BUILTINS},
    )


def _enough(pieces: list[str]) -> None:
    """Raise FillError if loops within loops repeat each row with each other one; called by compiled templates."""
    if len(pieces) > MOST_PIECES:
        _refuse_endless()


def _refuse_endless() -> None:
    raise FillError(
        "found a paper that grows without end; expected fewer loops within loops. Take one out of its template."
    )


def _span(columns: str | int, each: int) -> str:
    """The columns that a cell spans, as {% colspan %} and {% hm %} say, for the attribute of the cell."""
    number = str(columns)
    if not (number.isascii() and number.isdigit() and 0 < int(number[:6]) * each <= MOST_COLUMNS):
        raise FillError(
            f'found "{_short(number)}" as the columns of a cell; expected a number from 1 to {MOST_COLUMNS}. Correct'
            " what {% colspan %} names."
        )
    return str(int(number) * each)


def _colour(colour: str) -> str:
    """A colour, as {% cellbg %} says, for the attribute of the cell."""
    if not re.fullmatch(r"#?[0-9A-Fa-f]{6}|auto", colour):
        raise FillError(
            f'found "{_short(colour)}" as the colour of a cell; expected six digits such as FFCC00, or auto. Correct'
            " what {% cellbg %} names."
        )
    return colour.removeprefix("#")


_BUILTINS = {
    "len": len, "str": str, "enumerate": enumerate, "enough": _enough, "span": _span, "colour": _colour,
}  # fmt: skip


def encode(pieces: list[str]) -> bytes | bytearray:
    """Encode a part. A long one is encoded in stretches, so that its whole text is never in memory as well."""
    if len(pieces) <= STRETCH:
        return "".join(pieces).encode()
    data = bytearray()
    for at in range(0, len(pieces), STRETCH):
        data += "".join(pieces[at : at + STRETCH]).encode()
    return data


def _checked_entry(name: str, pieces: list[str], paper: dict, proven: bool = False) -> tuple[bytes, bytes]:
    """The zip entry of a part; FillError if it is not well-formed, which is not checked where it is `proven`."""
    try:
        data = encode(pieces)
        if not proven:
            expat.ParserCreate().Parse(data, True)
    except (expat.ExpatError, UnicodeEncodeError) as error:
        templates = " or ".join(paper["templates"])
        found = f"{paper['number']}, whose {name} would not be well-formed ({error})"
        todo = "Undo the last change of the template; both tags of a pair belong at the same depth."
        raise FillError(f"{templates}: found {found}; expected a whole paper. {todo}") from error
    return zip_writer.zip_entry(name, data)


def _short(text: str) -> str:
    return text if len(text) < 80 else text[:79] + "…"


def _texts(values: list) -> list[str]:
    """Every text below `values`, the outer ones first; of a line or block, its runs. Some may be empty."""
    found, todo = [], [values]
    for inner in todo:
        for value in inner:
            kind = type(value)
            if kind is str:
                found.append(value)
            elif kind is list:
                todo.append(value)
            elif kind is dict:
                if "line" in value:
                    _run_texts(value["line"], found)
                    if "table" in value:
                        todo.append(value["table"].values())
                    elif "picture" in value:
                        found.append(value["picture"]["alt"])
                elif "size_cm" in value:
                    _chart_texts(value, found)
                elif "made_for" not in value:  # pages of a table of contents: not words of the paper
                    todo.append(value.values())
    return found


def _chart_texts(chart: dict, found: list[str]) -> None:
    hidden = chart["kind"] == "timeline"  # its first series only says where the others begin
    shown = [chart["title"], *chart["categories"], *(name for name, _ in chart["series"][hidden:])]
    found += [text for text in shown if text]
    found.append(chart["alt"].replace('"', "&quot;"))


def _run_texts(runs: list, found: list[str]) -> None:
    for run in runs:
        if type(run) is list:
            found.append(run[0])
        else:
            _run_texts(run["note"], found)
