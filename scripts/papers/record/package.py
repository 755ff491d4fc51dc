"""The papers of a meeting as one zip for its delegates, one for the public, and one with only what changed since a day.

Same papers, same bytes: fixed dates, a fixed order, names from the papers alone. A restricted paper is in the packages
for delegates, marked in its name and in the manifest; the public package knows nothing of it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from papers.docx.zip_writer import build_zip, zip_entry
from papers.ledger.file import LedgerRow, csv_line
from papers.numbers import check_safe_path
from papers.record.issue import WORK, LedgerSession, built_papers, read_as_built
from papers.richtext import csv_safe
from papers.store.contexts import manifests
from papers.store.files import digest, is_word, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST = ("classification-list", "agenda")  # before all other papers, whatever their item

MOST = 120  # bytes of a name: a path on Windows has 260, and people unpack below folders with long names

_IN_PLACE = str.maketrans(
    {":": " - ", "/": "-", "\\": "-", "|": "-", '"': "'", "<": "(", ">": ")", "?": "", "*": ""}
)


def package_file_name(at: int, paper) -> str:
    """03 Item 4 - RESTRICTED - Title - 2018-SMEWG47-005, without a suffix; a long title is cut between words."""
    item = _safe(f"Item {paper.agenda_item}") if paper.agenda_item and paper.kind not in FIRST else ""
    before = [words for words in (item, "RESTRICTED" if paper.restricted else "") if words]
    number = _safe(paper.number)
    room = MOST - len((f"{at:02d} " + " - ".join([*before, "", number])).encode())
    parts = [*before, _cut(_safe(paper.title), room), number]
    return check_safe_path(f"{at:02d} " + " - ".join(part for part in parts if part), "name of a file")


def _safe(words: str) -> str:
    """Words without what Windows refuses in a name, and what nobody sees in one."""
    normal = unicodedata.normalize("NFC", words).translate(_IN_PLACE)
    seen = "".join(sign if sign.isprintable() else " " for sign in normal)
    return re.sub(r"( -)+ (?=- )", " ", " ".join(seen.split())).strip(" .-")


def _cut(words: str, most: int) -> str:
    """The words that fit into so many bytes; of a first word that is longer, its beginning."""
    if len(words.encode()) <= most:
        return words
    fitting = words.encode()[: max(most, 0)].decode("utf-8", "ignore")
    whole = fitting.rpartition(" ")[0] if " " in fitting and words[len(fitting)] != " " else fitting
    return whole.strip(" .,;-")


PACKAGES, PDFS, PUBLISHED = Path("outputs/packages"), Path("outputs/pdf"), Path("outputs/public")

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

ITSELF = "the paper itself"


@dataclass(frozen=True)
class PackagedPaper:
    """A paper as it goes into packages. `issued` is the day, or empty; `pdf` its PDF, or why there is none."""

    number: str
    title: str
    kind: str
    agenda_item: str
    access: str
    restricted_until: str
    issued: str
    file: str
    data: bytes
    pdf: bytes | str
    name: str = ""  # in the package, without suffix

    @property
    def suffix(self) -> str:
        return Path(self.file).suffix

    @property
    def restricted(self) -> bool:
        return self.access != "public"


def write_packages(session: LedgerSession):
    """A verb like those of recording: looks at everything, then writes all packages; no event is planned."""
    order = session.order
    papers = _packed(session)
    if not papers:
        return None
    delegates, public = _named(papers), _named(_published(papers))
    expected = {"delegates": _zipped(delegates, []), "public": _zipped(public, []) if public else None}
    if order.since:
        changed = [paper for paper in delegates if paper.issued >= order.since or not paper.issued]
        gone = _withdrawn(session, order.since)
        expected[f"since-{order.since}"] = _zipped(changed, gone) if changed or gone else None
        _tell_changed(session, changed, gone)
    _tell_lacking(session, papers)
    return None, lambda: _put(session, expected)


def _packed(session: LedgerSession) -> list[PackagedPaper]:
    """The papers of the last build in the order of the agenda: list and agenda first, those under no item last."""
    papers = built_papers(session.order, session.problems)
    if session.problems:
        return []
    model = json.loads((WORK / "model.json").read_bytes())
    meeting = next(one for one in model["meetings"] if one["code"] == session.order.meeting)
    facts = {paper["number"]: paper for paper in meeting["papers"]}
    items = [item for item, _ in meeting["agenda"]]
    converted = _converted()
    found = []
    for paper in papers:
        data, about = read_as_built(session, paper), facts[paper.number]
        event = session.ledger.issued(paper.number)
        about = {key: about[key] or "" for key in ("agenda_item", "access", "restricted_until")}
        date, pdf = event.date if event else "", _pdf(paper.file, data, converted)
        found.append(
            PackagedPaper(
                paper.number,
                paper.title,
                paper.kind,
                **about,
                issued=date,
                file=paper.file,
                data=data,
                pdf=pdf,
            )
        )
    return sorted(found, key=lambda one: (_rank(one.kind, FIRST), _rank(one.agenda_item, items)))


def _published(papers: list[PackagedPaper]) -> list[PackagedPaper]:
    """Of the papers what outputs/public has of them, which may be a public edition; what was held back there is not here."""
    found = []
    for paper in papers:
        place = PUBLISHED / "papers" / paper.file
        if not paper.restricted and place.is_file():
            pdf = PUBLISHED / "pdf" / Path(paper.file).with_suffix(".pdf")
            beside = paper.pdf if paper.pdf == ITSELF else NO_PDF
            found.append(
                replace(paper, data=place.read_bytes(), pdf=pdf.read_bytes() if pdf.is_file() else beside)
            )
    return found


def _rank(value: str, order: Iterable[str]) -> int:
    those = list(order)
    return those.index(value) if value in those else len(those)


def _converted() -> dict[str, dict[str, str]]:
    """What `make pdf` wrote: place of a PDF -> the paper that it was made of, with its digest."""
    return {one["file"]: one["of"] for made in manifests(WORK / "pdf") for one in made["converted"]}


def _pdf(file: str, data: bytes, converted: dict[str, dict[str, str]]) -> bytes | str:
    """The PDF of a paper, if it was made of this very file; else why there is none."""
    if not is_word(file):
        return ITSELF
    place = Path(file).with_suffix(".pdf")
    if not (PDFS / place).is_file():
        return NO_PDF
    now = converted.get(place.as_posix()) == {file: digest(data)}
    return (PDFS / place).read_bytes() if now else OLD_PDF


def _named(papers: list[PackagedPaper]) -> list[PackagedPaper]:
    """The papers with their names; the list of papers is 00 where there is one."""
    first = 0 if papers and papers[0].kind == FIRST[0] else 1
    return [replace(paper, name=package_file_name(at, paper)) for at, paper in enumerate(papers, first)]


def _withdrawn(session: LedgerSession, since: str) -> list[LedgerRow]:
    return [
        event
        for event in session.ledger.events
        if (event.event, event.meeting) == ("withdrawn", session.order.meeting) and event.date >= since
    ]


def _zipped(papers: list[PackagedPaper], withdrawn: list[LedgerRow]) -> bytes:
    files = {MANIFEST: _manifest(papers, withdrawn)}
    for paper in papers:
        files[paper.name + paper.suffix] = paper.data
        if isinstance(paper.pdf, bytes):
            files[f"{paper.name}.pdf"] = paper.pdf
    return build_zip([(*zip_entry(name, files[name]), name.encode()) for name in sorted(files)])


def _manifest(papers: list[PackagedPaper], withdrawn: list[LedgerRow]) -> bytes:
    """A table for Excel, one line a paper."""
    rows = [list(COLUMNS), *(_row(paper) for paper in papers)]
    rows += [[e.number, e.title, "", "", f"withdrawn on {e.date}", *[""] * 4] for e in withdrawn]
    lines = (csv_line([csv_safe(cell) for cell in row]) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def _row(paper: PackagedPaper) -> list[str]:
    until = f", until {paper.restricted_until}" if paper.restricted_until else ""
    access = f"RESTRICTED{until}" if paper.restricted else "Public"
    about = [paper.number, paper.title, paper.agenda_item, access, paper.issued or NOT_ISSUED]
    pdf = [f"{paper.name}.pdf", digest(paper.pdf)] if isinstance(paper.pdf, bytes) else [paper.pdf, ""]
    return [*about, paper.name + paper.suffix, digest(paper.data), *pdf]


def _tell_changed(session: LedgerSession, changed: list[PackagedPaper], gone: list[LedgerRow]) -> None:
    since, new = session.order.since, [paper.number for paper in changed if not paper.issued]
    told = [f"{paper.number}, issued on {paper.issued}" for paper in changed if paper.issued]
    told += [f"{', '.join(new)}: never issued, which counts as changed"] if new else []
    told += [f"{event.number}, withdrawn on {event.date}" for event in gone]
    session.told += [f"Changed since {since}: {words}" for words in told]
    if not changed and not gone:
        session.told.append(f"Nothing of {session.order.meeting} changed since {since}: no package of that.")


def _tell_lacking(session: LedgerSession, papers: list[PackagedPaper]) -> None:
    new = [paper.number for paper in papers if not paper.issued]
    if new:
        session.told.append(f"Not issued yet (make issue): {', '.join(new)}")
    if lacking := [paper.number for paper in papers if paper.pdf in (NO_PDF, OLD_PDF)]:
        session.told.append(
            f"Without an up-to-date PDF: {len(lacking)} of {len(papers)}; each manifest says which"
        )
    if all(paper.restricted for paper in papers):
        session.told.append("Every paper is restricted: there is no public package.")


def _put(session: LedgerSession, expected: dict[str, bytes | None]) -> None:
    """Writes each package whole; one of which nothing is left would be an old one, and goes."""
    for what, data in expected.items():
        place = PACKAGES / f"{session.order.meeting}-{what}.zip"
        if data is None:
            place.unlink(missing_ok=True)
        else:
            write_atomic(place, data)
            session.told.append(place.as_posix())
