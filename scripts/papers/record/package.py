"""Pack the papers of a meeting as zip files: for its delegates, for the public, and what changed since a day.

Same papers, same bytes: the dates of issue, a fixed order, names from the papers alone. A restricted paper is in
the packages for delegates only, marked in its name and in the manifest; the public package does not
mention it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from papers.docx.zip_writer import build_zip, zip_date, zip_entry
from papers.ledger.file import LedgerRow, csv_line
from papers.numbers import check_safe_path
from papers.record.built_papers import built_papers, read_as_built
from papers.record.session import FileWrites, LedgerSession
from papers.richtext import csv_safe
from papers.store.delivery import PACKAGE_FILES, Delivery, files_of
from papers.store.files import digest, is_word, read_bytes, read_json, remove_file
from papers.store.locks import OUTPUTS
from papers.store.stages import MANIFEST as STAGED
from papers.store.stages import read_manifest, staged_files, write_stage
from papers.store.work_files import manifests

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papers.store.files import BuiltFile

PACKAGES, PDFS, PUBLISHED = Path("outputs/packages"), Path("outputs/pdf"), Path("outputs/public")
FIRST_KINDS = ("classification-list", "agenda")  # before all other papers, whatever their item
MOST_BYTES = 120  # of a name: a path on Windows has 260, and delegates unpack in folders with long names
_REPLACED = str.maketrans(
    {":": " - ", "/": "-", "\\": "-", "|": "-", '"': "'", "<": "(", ">": ")", "?": "", "*": ""}
)

# What the manifest says; it is part of the package
MANIFEST = "MANIFEST.csv"
COLUMNS = (
    "Number",
    "Title",
    "Agenda item",
    "Access",
    "Issued",
    "File",
    "SHA-256",
    "PDF",
    "SHA-256 of the PDF",
)
NOT_ISSUED, NO_PDF, OLD_PDF = "not issued yet", "none", "none: the one there is of an older text"
IS_PDF = "the paper itself"


@dataclass(frozen=True)
class PackagedPaper:
    """A paper as it goes into packages.

    `issued` is the date, or ""; `pdf` the bytes of its PDF, or why there is none; `name` its name in the
    package, without a suffix.
    """

    number: str
    title: str
    kind: str
    agenda_item: str
    item_label: str
    access: str
    restricted_until: str
    issued: str
    file: str
    data: bytes
    pdf: bytes | str
    name: str = ""

    @property
    def suffix(self) -> str:
        """The suffix of the paper's file, with its dot."""
        return Path(self.file).suffix

    @property
    def restricted(self) -> bool:
        """Whether the paper may not be public: anything but "public" counts."""
        return self.access != "public"


def package_file_name(position: int, paper: PackagedPaper) -> str:
    """Return a name such as "03 Item 4 - RESTRICTED - Title - 2018-SMEWG47-005", without a suffix.

    A title that is too long is cut between words.
    """
    has_item = paper.agenda_item and paper.kind not in FIRST_KINDS
    item = _safe(f"{paper.item_label or 'Item'} {paper.agenda_item}") if has_item else ""
    before = [text for text in (item, "RESTRICTED" if paper.restricted else "") if text]
    number = _safe(paper.number)
    room = MOST_BYTES - len((f"{position:02d} " + " - ".join([*before, "", number])).encode())
    parts = [*before, _cut(_safe(paper.title), room), number]
    return check_safe_path(f"{position:02d} " + " - ".join(part for part in parts if part), "name of a file")


def _safe(text: str) -> str:
    """Return text without characters that Windows refuses in a name, and without invisible ones."""
    normal = unicodedata.normalize("NFC", text).translate(_REPLACED)
    visible = "".join(character if character.isprintable() else " " for character in normal)
    return re.sub(r"( -)+ (?=- )", " ", " ".join(visible.split())).strip(" .-")


def _cut(text: str, most: int) -> str:
    """Return the words that fit into `most` bytes; of a first word that is longer, its beginning."""
    if len(text.encode()) <= most:
        return text
    fitting = text.encode()[: max(most, 0)].decode("utf-8", "ignore")
    whole = fitting.rpartition(" ")[0] if " " in fitting and text[len(fitting)] != " " else fitting
    return whole.strip(" .,;-")


def write_packages(session: LedgerSession) -> FileWrites | None:
    """Build all packages of a meeting, then write them.

    A number that delegates see belongs to its paper: drafts that nobody got before are recorded as packed.
    """
    since = session.request.since
    papers = _packaged_papers(session)
    if not papers or not record_drafts(session, papers):
        return None
    delegates, public = _with_names(papers), _with_names(_published(papers))
    packages = {"delegates": _zip(delegates, []), "public": _zip(public, []) if public else None}
    if since:
        changed = [paper for paper in delegates if paper.issued >= since or not paper.issued]
        withdrawn = _withdrawn_since(session, since)
        packages[f"since-{since}"] = _zip(changed, withdrawn) if changed or withdrawn else None
        _report_changed(session, changed, withdrawn)
    _report_missing(session, papers)
    return FileWrites(after=partial(_write, session, packages))


def record_drafts(session: LedgerSession, papers: list[PackagedPaper]) -> bool:
    """Plan an event of each paper whose number was not circulated yet; return whether all are allowed."""
    session.read_drafts()
    allowed, known = [], session.ledger.papers
    for paper in papers:
        status = known.get(session.ledger.grammar.base_of(paper.number))
        if status is None or not status.circulated:
            about = paper.number, paper.kind, session.request.meeting, paper.title
            event = session.request.event("packed", *about, sha256=digest(paper.data))
            allowed.append(session.plan(event))
    return all(allowed)


def _packaged_papers(session: LedgerSession) -> list[PackagedPaper]:
    """Return the papers in the order of the agenda: list and agenda first, those without item last."""
    papers = built_papers(session.request, session.problems)
    if session.problems:
        return []
    model = read_json(session.request.work / "model.json")
    meeting = next(entry for entry in model["meetings"] if entry["code"] == session.request.meeting)
    details = {paper["number"]: paper for paper in meeting["papers"]}
    items = [item for item, _ in meeting["agenda"]]
    converted = _converted(session.request.work)
    found = []
    for paper in papers:
        data, about = read_as_built(session, paper), details[paper.number]
        event = session.ledger.issued(paper.number)
        found.append(
            PackagedPaper(
                paper.number,
                paper.title,
                paper.kind,
                agenda_item=about["agenda_item"] or "",
                item_label=about["item_label"],
                access=about["access"] or "",
                restricted_until=about["restricted_until"] or "",
                issued=event.date if event else "",
                file=paper.file,
                data=data,
                pdf=_read_pdf(paper.file, data, converted),
            )
        )
    return sorted(found, key=lambda paper: (_rank(paper.kind, FIRST_KINDS), _rank(paper.agenda_item, items)))


def _rank(value: str, order: Sequence[str]) -> int:
    return order.index(value) if value in order else len(order)


def _published(papers: list[PackagedPaper]) -> list[PackagedPaper]:
    """Return the papers that are in outputs/public, as they are there: some are public editions."""
    found = []
    for paper in papers:
        path = PUBLISHED / "papers" / paper.file
        if not paper.restricted and path.is_file():
            pdf = PUBLISHED / "pdf" / Path(paper.file).with_suffix(".pdf")
            without = paper.pdf if paper.pdf == IS_PDF else NO_PDF
            found.append(
                replace(paper, data=read_bytes(path), pdf=read_bytes(pdf) if pdf.is_file() else without)
            )
    return found


def _converted(work: Path) -> dict[str, dict[str, str]]:
    """Map each PDF that `make pdf` wrote to the paper it was made of, with the paper's digest."""
    return {pdf["file"]: pdf["of"] for manifest in manifests(work / "pdf") for pdf in manifest["converted"]}


def _read_pdf(file: str, data: bytes, converted: dict[str, dict[str, str]]) -> bytes | str:
    """Return the PDF of a paper if it was made of these very bytes; else why there is none."""
    if not is_word(file):
        return IS_PDF
    pdf = Path(file).with_suffix(".pdf")
    if not (PDFS / pdf).is_file():
        return NO_PDF
    up_to_date = converted.get(pdf.as_posix()) == {file: digest(data)}
    return read_bytes(PDFS / pdf) if up_to_date else OLD_PDF


def lacks_pdfs(work: Path, meeting: str) -> bool:
    """Return whether a Word paper of a meeting has no PDF of its present text; `work` has a complete build."""
    built, converted = read_manifest(work / "filled" / meeting)["files"], _converted(work)
    pdfs = {file: Path(file).with_suffix(".pdf") for file in built if is_word(file)}
    return any(
        not (PDFS / pdf).is_file() or converted.get(pdf.as_posix()) != {file: built[file]}
        for file, pdf in pdfs.items()
    )


def _with_names(papers: list[PackagedPaper]) -> list[PackagedPaper]:
    """Return the papers with their names; the list of papers, if there is one, has the number 00."""
    first = 0 if papers and papers[0].kind == FIRST_KINDS[0] else 1
    return [
        replace(paper, name=package_file_name(position, paper))
        for position, paper in enumerate(papers, first)
    ]


def _withdrawn_since(session: LedgerSession, since: str) -> list[LedgerRow]:
    return [
        event
        for event in session.ledger.events
        if (event.event, event.meeting) == ("withdrawn", session.request.meeting) and event.date >= since
    ]


def _zip(papers: list[PackagedPaper], withdrawn: list[LedgerRow]) -> bytes:
    """Return a zip; each file has the date on which its paper was issued, the manifest the latest of them."""
    latest = max([*(paper.issued for paper in papers), *(event.date for event in withdrawn)], default="")
    files = {MANIFEST: (_manifest(papers, withdrawn), latest)}
    for paper in papers:
        files[paper.name + paper.suffix] = paper.data, paper.issued
        if isinstance(paper.pdf, bytes):
            files[f"{paper.name}.pdf"] = paper.pdf, paper.issued
    entries = ((name, *files[name]) for name in sorted(files))
    return build_zip(
        [(*zip_entry(name, data, date=zip_date(day)), name.encode()) for name, data, day in entries]
    )


def _manifest(papers: list[PackagedPaper], withdrawn: list[LedgerRow]) -> bytes:
    """Return a table for Excel with one line a paper."""
    rows = [list(COLUMNS), *(_row(paper) for paper in papers)]
    rows += [
        [event.number, event.title, "", "", f"withdrawn on {event.date}", *[""] * 4] for event in withdrawn
    ]
    lines = (csv_line([csv_safe(cell) for cell in row]) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def _row(paper: PackagedPaper) -> list[str]:
    until = f", until {paper.restricted_until}" if paper.restricted_until else ""
    access = f"RESTRICTED{until}" if paper.restricted else "Public"
    about = [paper.number, paper.title, paper.agenda_item, access, paper.issued or NOT_ISSUED]
    pdf = [f"{paper.name}.pdf", digest(paper.pdf)] if isinstance(paper.pdf, bytes) else [paper.pdf, ""]
    return [*about, paper.name + paper.suffix, digest(paper.data), *pdf]


def _report_changed(session: LedgerSession, changed: list[PackagedPaper], withdrawn: list[LedgerRow]) -> None:
    since, meeting = session.request.since, session.request.meeting
    never = [paper.number for paper in changed if not paper.issued]
    lines = [f"{paper.number}, issued on {paper.issued}" for paper in changed if paper.issued]
    lines += [f"{', '.join(never)}: never issued, which counts as changed"] if never else []
    lines += [f"{event.number}, withdrawn on {event.date}" for event in withdrawn]
    session.messages += [f"Changed since {since}: {line}" for line in lines]
    if not lines:
        session.messages.append(f"Nothing of {meeting} changed since {since}: no package of that.")


def _report_missing(session: LedgerSession, papers: list[PackagedPaper]) -> None:
    never = [paper.number for paper in papers if not paper.issued]
    if never:
        session.messages.append(f"Not issued yet (make issue): {', '.join(never)}")
    if without := [paper.number for paper in papers if paper.pdf in (NO_PDF, OLD_PDF)]:
        count = f"{len(without)} of {len(papers)}"
        session.messages.append(f"Without an up-to-date PDF: {count}; each manifest says which")
    if all(paper.restricted for paper in papers):
        session.messages.append("Every paper is restricted: there is no public package.")


def _write(session: LedgerSession, packages: dict[str, bytes | None]) -> None:
    """Write and deliver each package; delete the old file of a package that is empty now."""
    meeting, work = session.request.meeting, session.request.work
    files = {f"{meeting}-{what}.zip": data for what, data in packages.items()}
    stage = work / PACKAGE_FILES.stages.replace("*", meeting)
    before: dict[str, BuiltFile] = staged_files(stage) if (stage / STAGED).is_file() else {}
    earlier = {name: file for name, file in before.items() if name not in files}  # since other days
    written = {name: data for name, data in files.items() if data is not None}
    write_stage(stage, {**earlier, **written})
    delivery = Delivery(PACKAGE_FILES, work, OUTPUTS)
    delivery.deliver(files_of([stage]), may_stay=delivery.known.keys() - files.keys())
    for name in files.keys() - written.keys():
        remove_file(PACKAGES / name, missing_ok=True)  # one that no delivery knows
    session.messages += delivery.notices
    session.messages += [(PACKAGES / name).as_posix() for name in written]
