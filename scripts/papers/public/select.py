"""Which papers are published, with which files, and what an index of them tells."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from papers.docx.fill import context_of, key_of, load_prepared
from papers.docx.locate import with_places
from papers.public.leak_check import RestrictedWords, all_words, marks_of_persons
from papers.register.facts import Figures
from papers.store.contexts import RECEIVED, manifests, outdated_files, trace_file
from papers.store.files import FileRef, content, digest, digest_of, file_ref, to_json, write_atomic
from papers.wording.kinds.classification_list import TEMPLATE as LIST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from papers.register.facts import Register, RegisterEntry, RegisterFinding

SAID = "public.json"  # below outputs/work; wording/public_edition.py says what stands in it
PAPERS, TRACES = "papers", "traces"  # below outputs/public
_TOLD = ("title", "status", "purpose", "submitted_by", "notes", "forum_doc_no", "illustrative")


@dataclass
class Selection:
    """What goes: its files by their places below outputs/public, and the entries of their index, in its order."""

    files: dict[str, bytes | FileRef] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)  # place -> number of the paper
    entries: list[RegisterEntry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def select_papers(index: Register, said: dict, work: Path, out: Path) -> Selection:
    """The papers that may go, each with what lies beside it; one that names a restricted paper is held back.

    Earlier revisions stay: nothing says whether they were public.
    """
    allowed = set(said["papers"])
    going = [e for e in index.entries if e.number in allowed and e.file.startswith(f"{PAPERS}/")]
    withheld = RestrictedWords(said, [entry.title for entry in going])
    editions, traces = _editions(said, work), {trace["paper"]: trace for trace in said["traces"]}
    fresh, made = _fresh_pdfs(work, going), Selection()
    made.notes += [_held(number, why) for number, why in sorted(said["held"].items())]
    for entry in (_without(entry, withheld) for entry in going):
        if entry.number in editions:
            entry = replace(entry, pdf="", redlines=(), findings=None, sha256=digest(editions[entry.number]))
        elif entry.pdf not in fresh:
            entry = replace(entry, pdf="")
        files = _files(entry, work, out, editions, traces)
        if why := _why_not(entry, files, withheld, may_name=said["named"] and entry.kind == LIST):
            made.notes.append(_held(entry.number, why))
            continue
        made.files |= files
        made.of |= dict.fromkeys(files, entry.number)
        made.entries.append(_with_figures(entry, traces, work))
    _add_changes(made, out, withheld, editions.keys())
    return made


def _why_not(
    entry: RegisterEntry, files: Mapping[str, bytes | FileRef], withheld: RestrictedWords, may_name: bool
) -> str:
    """Why a paper stays inside; "" for one that may go."""
    data = files[entry.file]
    if digest_of(data) != entry.sha256:
        return "it was edited since it was built; run make"
    if entry.kind == RECEIVED and (marks := marks_of_persons(entry.file, content(data))):
        return f"it has {marks}, which tell who wrote them; ask for a paper without, or fix its file"
    named = [] if may_name else _named(entry, files, withheld)
    todo = "take that out of its inputs, or restrict it as well (docs/public.md)"
    return f"it says {', '.join(named)} of a restricted paper; {todo}" if named else ""


def _add_changes(made: Selection, out: Path, withheld: RestrictedWords, editions: Collection[str]) -> None:
    """The changes between two papers that both go as they are."""
    going = {entry.number for entry in made.entries} - {*editions}
    for at, entry in enumerate(made.entries):
        between = {one: (out / one.file).read_bytes() for one in entry.redlines if one.since in going}
        good = {
            one: data for one, data in between.items() if not withheld.named_in(all_words(one.file, data))
        }
        made.entries[at] = replace(entry, redlines=tuple(good))
        made.files |= {one.file: data for one, data in good.items()}
        made.of |= {one.file: entry.number for one in good}


def _held(number: str, why: str) -> str:
    return f"{number} stays out of outputs/public: {why}"


def _without(entry: RegisterEntry, withheld: RestrictedWords) -> RegisterEntry:
    """The entry without who recorded its events, often a user's name, and without what it tells of restricted papers."""
    history = tuple(replace(event, by="") for event in entry.history if not withheld.named_in(event.why))
    also = tuple(words for words in entry.also_tabled if not withheld.named_in(words))
    findings = entry.findings and tuple(one for one in entry.findings if not _tells(one, withheld))
    return replace(entry, history=history, also_tabled=also, findings=findings)


def _tells(finding: RegisterFinding, withheld: RestrictedWords) -> bool:
    """A finding of consistency compares with another paper, which may be a restricted one."""
    if withheld and finding.code == "consistency":
        return True
    return bool(withheld.named_in(" ".join((finding.where, finding.found, finding.expected, finding.todo))))


def _editions(said: dict, work: Path) -> dict[str, bytes]:
    """Number -> the public edition as a Word file."""
    made = {}
    for edition in said["editions"]:
        (paper,) = context_of(json.dumps({"papers": [edition]}, ensure_ascii=False))["papers"]
        received = work / "received" / f"{edition['meeting']}.prepared"
        prepared = load_prepared([paper], work / "templates", received)[key_of(paper)]
        made[edition["number"]] = prepared.fill(with_places(prepared, paper))
    return made


def _fresh_pdfs(work: Path, entries: Iterable[RegisterEntry]) -> set[str]:
    """The places of PDFs that were made of the papers as they are, below outputs."""
    delivered = {entry.file.removeprefix(f"{PAPERS}/"): entry.sha256 for entry in entries}
    made = {one["file"] for manifest in manifests(work / "pdf") for one in manifest["converted"]}
    return {f"pdf/{file}" for file in made - {*outdated_files(work / "pdf", delivered, "converted")}}


def _files(
    entry: RegisterEntry, work: Path, out: Path, editions: Mapping[str, bytes], traces: Mapping[str, dict]
) -> dict[str, bytes | FileRef]:
    """The files of a paper by their places, without its changes."""
    number, place = entry.number, entry.file.removeprefix(f"{PAPERS}/")
    files = {entry.file: editions[number] if number in editions else file_ref(out / entry.file)}
    files |= {entry.pdf: file_ref(out / entry.pdf)} if entry.pdf else {}
    trace = work / TRACES / trace_file(place)
    if number in traces:
        files[f"{TRACES}/{trace_file(place)}"] = to_json(traces[number])
    elif trace.is_file():
        files[f"{TRACES}/{trace_file(place)}"] = file_ref(trace)
    return files


def _named(
    entry: RegisterEntry, files: Mapping[str, bytes | FileRef], withheld: RestrictedWords
) -> list[str]:
    """The numbers and titles of restricted papers that a paper or anything beside it says."""
    if not withheld:
        return []
    words = [getattr(entry, key) for key in _TOLD] + [
        all_words(name, content(data)) for name, data in files.items()
    ]
    return withheld.named_in(" \n".join(words))


def _with_figures(entry: RegisterEntry, traces: Mapping[str, dict], work: Path) -> RegisterEntry:
    """The entry with the figures of its public trace, where that is another one."""
    if entry.number not in traces:
        return entry
    trace = traces[entry.number]
    file, data = work / "public" / TRACES / trace_file(trace["file"]), to_json(trace)
    write_atomic(file, data)
    count = len(trace["figures"])
    return replace(entry, figures=Figures(file.as_posix(), digest(data), count) if count else None)


def public_index(index: Register, made: Selection, said: dict) -> Register:
    """The index of the chosen papers alone; with indicators whose cells these papers' traces show as well."""
    public = replace(index, entries=tuple(made.entries)).only([entry.number for entry in made.entries])
    if not said["restricted"]:
        return public
    those = [data for name, data in made.files.items() if name.startswith(f"{TRACES}/")]
    shown = {cell for data in those for cell in _cells(content(data))}
    told = tuple(
        one
        for one in index.indicators
        if all((c.file, c.sheet, c.cell) in shown for _, figure in one.years if figure for c in figure.cells)
    )
    return replace(public, indicators=told)


def _cells(trace: bytes) -> Iterable[tuple[str, str, str]]:
    """The cells that a trace names: file, sheet, address."""
    for source in json.loads(trace)["sources"]:
        for cell in source["cells"]:
            yield str(cell.get("file") or ""), str(cell.get("sheet") or ""), str(cell.get("cell") or "")
