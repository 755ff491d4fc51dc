"""A received PDF and its official cover, which LibreOffice lays out -> the paper: the cover's page in front, the rest as sent.

LibreOffice's pages depend on its version and on fonts. So a paper that was issued is taken from the kept file as long as
it is made of the same cover and the same received file: every machine then has the bytes that were circulated.
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, NumberTree, Object, Page, Pdf, String

from papers.errors import UserError
from papers.pdf.libreoffice import OfficeError, convert
from papers.richtext import unescaped
from papers.store.files import digest, is_word, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterator

MADE_OF = "/MadeOf"  # in the PDF's properties: a digest of the cover and of the received file
_OPTIONS = {"UseTaggedPDF": True, "ExportBookmarks": False}
_CLAIMS = ("pdfaid:part", "pdfaid:conformance", "pdfaid:amd", "pdfaid:rev", "pdfuaid:part", "pdfuaid:rev")
_LAYOUT = ("/Table", "/TR", "/TD")  # the cover's table only puts things in their place
_NO_DATE = "1980-01-01T00:00:00Z"  # as in the zip of a paper whose meeting has no date


def add_covers(filled: list[tuple[dict, bytes]], covers: Path) -> list[tuple[dict, bytes]]:
    """The papers of a meeting; of a PDF, what was filled is the cover as a Word file. `covers` keeps laid-out ones.

    DeliveryError where LibreOffice is missing or a PDF can't be joined.
    """
    kept = {
        paper["file"]: data for paper, cover in filled if _is_pdf(paper) and (data := _kept(paper, cover))
    }
    missing = {
        digest(cover): cover for paper, cover in filled if _is_pdf(paper) and paper["file"] not in kept
    }
    try:
        _lay_out({name: data for name, data in missing.items() if not _place(covers, name).is_file()}, covers)
    except OfficeError as error:
        raise UserError(f"{error}. The cover of a received PDF needs it.") from error
    made = []
    for paper, data in filled:
        new = _is_pdf(paper) and paper["file"] not in kept
        made.append((paper, _covered(paper, data, covers) if new else kept.get(paper["file"], data)))
    return made


def _is_pdf(paper: dict) -> bool:
    return not is_word(paper["file"])


def _place(covers: Path, name: str) -> Path:
    return covers / f"{name}.pdf"


def _lay_out(missing: dict[str, bytes], covers: Path) -> None:
    """One start of LibreOffice for all covers."""
    if not missing:
        return
    with tempfile.TemporaryDirectory(prefix="forum-papers-") as folder:
        sources = [Path(folder) / f"{name}.docx" for name in sorted(missing)]
        for source in sources:
            source.write_bytes(missing[source.stem])
        for source, made in zip(sources, convert(sources, Path(folder), _OPTIONS), strict=True):
            write_atomic(_place(covers, source.stem), made.read_bytes())


def _sent(paper: dict) -> Path:
    return Path(unescaped(paper["received"]))


def _made_of(paper: dict, cover: bytes) -> str:
    return digest(digest(cover).encode() + digest(_sent(paper).read_bytes()).encode())


def _covered(paper: dict, cover: bytes, covers: Path) -> bytes:
    said = {key: unescaped(words) for key, words in paper["properties"].items()}
    laid_out = _place(covers, digest(cover)).read_bytes()
    try:
        return join_cover(_sent(paper).read_bytes(), laid_out, said, _made_of(paper, cover))
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        found = f"{_sent(paper).as_posix()}: found a PDF that takes no cover ({error})"
        raise UserError(f"{found}; expected one that does. Ask for it again, exported from Word.") from error


def _kept(paper: dict, cover: bytes) -> bytes | None:
    """The file as it was issued, if it is made of the same; one that is not as it was issued is told by `read`."""
    issued = paper.get("issued")
    place = Path(unescaped(issued["kept"])) if issued else None
    if place is None or not place.is_file():
        return None
    data = place.read_bytes()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return data if str(pdf.docinfo.get(MADE_OF, "")) == _made_of(paper, cover) else None


def join_cover(sent: bytes, cover: bytes, said: dict[str, str], made_of: str) -> bytes:
    """The cover's page before those that were sent, with their tags, marks and links. `said`: title, subject, author, date."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(sent)) as pdf, pikepdf.open(io.BytesIO(cover)) as front:
        number = len(front.pages)
        for at, page in enumerate(front.pages):
            pdf.pages.insert(at, page)
        _label_pages(pdf, number)
        if "/StructTreeRoot" in pdf.Root:
            _join_tags(pdf, front)
        else:
            for page in list(pdf.pages)[:number]:
                _drop(page.obj, "/StructParents")
        _describe(pdf, said, made_of)
        _drop(pdf.Root, "/OpenAction", "/Perms")  # it opens with its cover; no signature outlasts one
        _drop(pdf.trailer, "/DocChecksum", "/ID")
        pdf.save(made, deterministic_id=True, fix_metadata_version=False, min_version=front.pdf_version)
    return made.getvalue()


def _drop(dictionary: Object, *keys: str) -> None:
    for key in keys:
        if key in dictionary:
            del dictionary[key]


def _label_pages(pdf: Pdf, number: int) -> None:
    """The pages keep the numbers that they had: the cover has a name instead of one."""
    old = NumberTree(pdf.Root.PageLabels) if "/PageLabels" in pdf.Root else {}
    labels = [(at + number, old[at]) for at in old] or [(number, Dictionary(S=Name.D))]
    numbers = Array([0, Dictionary(P=String("Cover"))])
    for at, label in labels:
        numbers.extend([at, label])
    pdf.Root.PageLabels = Dictionary(Nums=numbers)


def _join_tags(pdf: Pdf, front: Pdf) -> None:
    """The cover's tags before the others, under standard names, so that the two need not agree on theirs."""
    root, other = pdf.Root.StructTreeRoot, front.Root.StructTreeRoot
    roles = {str(key): str(value) for key, value in (other.get("/RoleMap") or {}).items()}
    kids = [pdf.copy_foreign(kid) for kid in _kids(other)]
    for kid in kids:
        kid.P = root
        kid.Lang = String(str(front.Root.get("/Lang", "en")))
        for element in list(_below(kid)):
            name = _standard(str(element.S), roles)
            element.S = Name.Div if name in _LAYOUT else Name(name)
            _drop(element, "/A")
    root.K = Array([*kids, *_kids(root)])
    if "/ParentTree" not in root:
        root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array()))
    parents, others = NumberTree(root.ParentTree), NumberTree(other.ParentTree)
    free = max(int(root.get("/ParentTreeNextKey", 0)), *(int(key) + 1 for key in parents), 0)
    for here, there in zip(list(pdf.pages), front.pages, strict=False):
        _adopt(pdf, here, others[int(there.obj.StructParents)], parents, free)
        free += 1
    root.ParentTreeNextKey = free


def _adopt(pdf: Pdf, page: Page, elements: Object, parents: NumberTree, key: int) -> None:
    """The tags of a page of the cover, in the order of its marks."""
    page.obj.StructParents = key
    parents[key] = pdf.make_indirect(Array([pdf.copy_foreign(element) for element in elements]))


def _kids(element: Object) -> list[Object]:
    kids = element.get("/K")
    return [] if kids is None else list(kids) if isinstance(kids, Array) else [kids]


def _below(element: Object) -> Iterator[Object]:
    yield element
    for kid in _kids(element):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield from _below(kid)


def _standard(name: str, roles: dict[str, str]) -> str:
    for _ in range(10):
        if name not in roles or roles[name] == name:
            break
        name = roles[name]
    return name


def _describe(pdf: Pdf, said: dict[str, str], made_of: str) -> None:
    """Title, number, who submits it, and the paper's date for every clock; no claim to a standard that we can't vouch for."""
    date = said["date"] or _NO_DATE
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"], metadata["dc:creator"] = said["title"], [said["author"]]
        metadata["dc:description"] = said["subject"]
        for key in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            metadata[key] = date
        for key in _CLAIMS:
            if key in metadata:
                del metadata[key]
    info, stamp = pdf.docinfo, f"D:{re.sub('[^0-9]', '', date)}Z"
    info.Title, info.Author, info.Subject = (String(said[key]) for key in ("title", "author", "subject"))
    info.CreationDate, info.ModDate = String(stamp), String(stamp)
    info[MADE_OF] = String(made_of)
    shown = pdf.Root.get("/ViewerPreferences") or Dictionary()
    shown.DisplayDocTitle = True
    pdf.Root.ViewerPreferences = shown
