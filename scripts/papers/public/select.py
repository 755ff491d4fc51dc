"""Select the papers that may be published, the files of each, and what their register shows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from papers.docx.fill import context_of, key_of, load_prepared
from papers.docx.locate_tags import with_places
from papers.errors import UserError
from papers.public.leak_check import LeakCheck, author_marks, text_to_check
from papers.register.facts import TraceFile
from papers.store.files import FileRef, content, digest, file_ref, to_json, write_atomic
from papers.store.work_files import (
    CLASSIFICATION_LIST,
    RECEIVED,
    manifests,
    outdated_files,
    prepared_folder,
    trace_file,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from papers.register.facts import Files, Register, RegisterEntry, RegisterFinding

RULES = "public.json"  # below outputs/work; editions.public_editions describes its keys
PAPERS, TRACES = "papers", "traces"  # below outputs/public
_CHECKED_FACTS = ("title", "status", "purpose", "submitted_by", "notes", "forum_doc_no", "illustrative")


@dataclass
class Selection:
    """What is published: files by path below outputs/public, and entries in the order of the register."""

    files: dict[str, bytes | FileRef] = field(default_factory=dict)
    number_of: dict[str, str] = field(default_factory=dict)  # path of a file -> number of its paper
    entries: list[RegisterEntry] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def add_files(self, number: str, files: Mapping[str, bytes | FileRef]) -> None:
        self.files |= files
        self.number_of |= dict.fromkeys(files, number)


def select_papers(register: Register, rules: dict, work: Path, built: Files) -> Selection:
    """Return the papers that may be published, with their files.

    A paper that mentions a restricted one is withheld.

    `rules` is the content of outputs/work/<forum>/public.json, `work` is outputs/work, `built` has the files of the
    build by their paths below outputs. Earlier revisions are not published, because nothing says whether they
    were public.
    """
    allowed = set(rules["papers"])
    candidates = [e for e in register.entries if e.number in allowed and e.file.startswith(f"{PAPERS}/")]
    known_titles = [*rules["known_titles"], *(entry.title for entry in candidates)]
    leaks = LeakCheck(rules["restricted"], known_titles, rules["longer"])
    editions = _fill_editions(rules["editions"], work)
    traces = {trace["paper"]: trace for trace in rules["traces"]}
    fresh_pdfs, selection = _fresh_pdfs(work, candidates), Selection()
    selection.notices += [_withheld(number, why) for number, why in sorted(rules["withheld"].items())]
    for entry in (_without_leaks(entry, leaks) for entry in candidates):
        if entry.number in editions:
            entry = replace(entry, pdf="", redlines=(), findings=None, sha256=digest(editions[entry.number]))
        elif entry.pdf not in fresh_pdfs:
            entry = replace(entry, pdf="")
        files = _files(entry, work, built, editions, traces)
        may_name = rules["list_may_name"] and entry.kind == CLASSIFICATION_LIST
        if why := _why_withheld(entry, files, leaks, may_name):
            selection.notices.append(_withheld(entry.number, why))
            continue
        selection.add_files(entry.number, files)
        selection.entries.append(_with_public_trace(entry, traces, work))
    _add_redlines(selection, built, leaks, editions.keys())
    return selection


def _withheld(number: str, why: str) -> str:
    return f"{number} stays out of outputs/public: {why}"


def _why_withheld(
    entry: RegisterEntry, files: Mapping[str, bytes | FileRef], leaks: LeakCheck, may_name: bool
) -> str:
    """Return why a paper may not be published, and what to do about it; "" if it may be."""
    data = files[entry.file]
    if entry.kind == RECEIVED and (marks := author_marks(entry.file, content(data))):
        return (
            f"it has {marks}, which name the people who wrote them; ask the sender for a file without them, or"
            " remove them in Word (Review: accept all changes, delete all comments)"
        )
    try:
        mentioned = [] if may_name else _mentioned(entry, files, leaks)
    except UserError as error:
        return str(error)
    if not mentioned:
        return ""
    return (
        f"it mentions {', '.join(mentioned)} of a restricted paper; delete that from its inputs, or restrict"
        " this paper as well (docs/public.md)"
    )


def _mentioned(entry: RegisterEntry, files: Mapping[str, bytes | FileRef], leaks: LeakCheck) -> list[str]:
    """Return the numbers and titles of restricted papers that a paper, its facts or its files mention."""
    if not leaks:
        return []
    facts = [getattr(entry, key) for key in _CHECKED_FACTS]
    texts = [text_to_check(name, content(data)) for name, data in files.items()]
    return leaks.find(" \n".join(facts + texts))


def _names_restricted(name: str, data: bytes, leaks: LeakCheck) -> bool:
    return bool(leaks) and bool(leaks.find(text_to_check(name, data)))


def _without_leaks(entry: RegisterEntry, leaks: LeakCheck) -> RegisterEntry:
    """Return the entry without mentions of restricted papers, and without the names in its history."""
    history = tuple(replace(event, by="") for event in entry.history if not leaks.find(event.why))
    also_tabled = tuple(text for text in entry.also_tabled if not leaks.find(text))
    findings = entry.findings and tuple(one for one in entry.findings if not _is_leak(one, leaks))
    return replace(entry, history=history, also_tabled=also_tabled, findings=findings)


def _is_leak(finding: RegisterFinding, leaks: LeakCheck) -> bool:
    """Whether a finding may mention a restricted paper; one of consistency compares two papers."""
    if leaks and finding.code == "consistency":
        return True
    return bool(leaks.find(" ".join((finding.where, finding.found, finding.expected, finding.todo))))


def _fill_editions(editions: Iterable[dict], work: Path) -> dict[str, bytes]:
    """Return number -> public edition as a Word file."""
    filled = {}
    for edition in editions:
        (paper,) = context_of(json.dumps({"papers": [edition]}, ensure_ascii=False))["papers"]
        received = work / "received" / f"{edition['meeting']}.prepared"
        prepared = load_prepared([paper], prepared_folder(work), received)[key_of(paper)]
        filled[edition["number"]] = prepared.fill(with_places(prepared, paper))
    return filled


def _fresh_pdfs(work: Path, entries: Iterable[RegisterEntry]) -> set[str]:
    """Return the paths below outputs of PDFs that were converted from the papers as they are now."""
    delivered = {entry.file.removeprefix(f"{PAPERS}/"): entry.sha256 for entry in entries}
    converted = {pdf["file"] for manifest in manifests(work / "pdf") for pdf in manifest["converted"]}
    return {f"pdf/{file}" for file in converted - {*outdated_files(work / "pdf", delivered, "converted")}}


def _files(
    entry: RegisterEntry, work: Path, built: Files, editions: Mapping[str, bytes], traces: Mapping[str, dict]
) -> dict[str, bytes | FileRef]:
    """Return the files of a paper by their paths, without its redlines."""
    number, place = entry.number, entry.file.removeprefix(f"{PAPERS}/")
    files = {entry.file: editions[number] if number in editions else built[entry.file]}
    files |= {entry.pdf: built[entry.pdf]} if entry.pdf else {}
    trace = work / TRACES / trace_file(place)
    if number in traces:
        files[f"{TRACES}/{trace_file(place)}"] = to_json(traces[number])
    elif trace.is_file():
        files[f"{TRACES}/{trace_file(place)}"] = file_ref(trace)
    return files


def _add_redlines(selection: Selection, built: Files, leaks: LeakCheck, editions: Collection[str]) -> None:
    """Add the redlines between two papers that are both published as they are."""
    published = {entry.number for entry in selection.entries} - {*editions}
    for at, entry in enumerate(selection.entries):
        files = {one: content(built[one.file]) for one in entry.redlines if one.since in published}
        clean = {one: data for one, data in files.items() if not _names_restricted(one.file, data, leaks)}
        selection.entries[at] = replace(entry, redlines=tuple(clean))
        selection.add_files(entry.number, {one.file: data for one, data in clean.items()})


def _with_public_trace(entry: RegisterEntry, traces: Mapping[str, dict], work: Path) -> RegisterEntry:
    """Return the entry with its public trace, if that differs from the one for delegates.

    Writes that trace.
    """
    if entry.number not in traces:
        return entry
    trace = traces[entry.number]
    file, data = work / "public" / TRACES / trace_file(trace["file"]), to_json(trace)
    write_atomic(file, data)
    count = len(trace["figures"])
    return replace(entry, trace=TraceFile(file.as_posix(), digest(data), count) if count else None)


def public_register(register: Register, selection: Selection, rules: dict) -> Register:
    """Return the register of the selected papers only.

    An indicator is in it if all its cells are in the traces of these papers.
    """
    numbers = [entry.number for entry in selection.entries]
    public = replace(register, entries=tuple(selection.entries)).subset(numbers)
    if not rules["restricted"]:
        return public
    return with_shown_indicators(public, selection.files)


def with_shown_indicators(register: Register, files: Files) -> Register:
    """Return the register with the indicators whose cells are all in the traces among these public files."""
    traces = [content(data) for name, data in files.items() if name.startswith(f"{TRACES}/")]
    shown = {cell for trace in traces for cell in _cells(trace)}
    indicators = tuple(
        indicator
        for indicator in register.indicators
        if all(
            (cell.file, cell.sheet, cell.cell) in shown
            for _, figure in indicator.years
            if figure
            for cell in figure.cells
        )
    )
    return replace(register, indicators=indicators)


def _cells(trace: bytes) -> Iterable[tuple[str, str, str]]:
    """Yield the cells of a trace: file, sheet, address."""
    for source in json.loads(trace)["sources"]:
        for cell in source["cells"]:
            yield str(cell.get("file") or ""), str(cell.get("sheet") or ""), str(cell.get("cell") or "")
