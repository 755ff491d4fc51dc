"""Put the official cover, laid out by LibreOffice, before a received PDF; the other pages stay as received.

LibreOffice's pages depend on its version and on fonts. So an issued paper is taken from the archive as long as it is made
of the same cover and the same received file: every machine then has the bytes that were circulated. The same goes for one
whose inputs are as they were: no machine needs LibreOffice for a cover with a new look that will not be delivered.
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, NumberTree, Object, Page, Pdf, StreamDecodeLevel, String

from papers.errors import UserError
from papers.pdf.libreoffice import OfficeError, convert, find_libreoffice, version
from papers.received.bounded import TooCostly, run_bounded
from papers.received.pdf_reader import FAULTS, PdfLimit, opened_pdf
from papers.richtext import unescaped
from papers.store.cache import cache_key
from papers.store.files import FileRef, digest, is_word
from papers.store.program import code_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from papers.store.cache import Cache

MADE_OF = "/MadeOf"  # the PDF's property with a digest of the cover and of the received file
_OPTIONS = {"UseTaggedPDF": True, "ExportBookmarks": False}
_LAYOUT = ("/Table", "/TR", "/TD")  # the cover's table only arranges it
_NO_DATE = "1980-01-01T00:00:00Z"  # as in the zip of a paper whose meeting has no date


def add_covers(
    filled: list[tuple[dict, bytes]], cache: Cache, has_same_inputs: Callable[[dict], bool]
) -> list[tuple[dict, bytes]]:
    """Return the papers of a meeting, those received as PDF with their covers.

    `filled`: (paper, bytes), of a PDF the bytes of its cover as a Word file. `cache`: of the meeting's covers.
    `has_same_inputs`: whether a paper was issued and only its look changed; it keeps its bytes, for which
    `IssuedPapers.replace` puts those that were issued. Raise UserError if LibreOffice is missing or a PDF cannot get
    a cover.
    """
    pdfs = [(paper, cover) for paper, cover in filled if not is_word(paper["file"])]
    issued = {paper["file"]: data for paper, cover in pdfs if (data := _issued(paper, cover))}
    new = [(paper, cover) for paper, cover in pdfs if paper["file"] not in issued]
    needed = {paper["file"]: cover for paper, cover in new if not has_same_inputs(paper)}
    try:
        laid_out = _lay_out(sorted({*needed.values()}), cache)
    except OfficeError as error:
        raise UserError(f"{error}. The cover of a received PDF needs it.") from error
    cache.remove_unused()
    papers = []
    for paper, data in filled:
        covered = _covered(paper, data, laid_out[data]) if paper["file"] in needed else None
        papers.append((paper, covered or issued.get(paper["file"], data)))
    return papers


def _lay_out(covers: list[bytes], cache: Cache) -> dict[bytes, bytes]:
    """Return the PDF of each cover (a .docx); those that are not cached are converted with one start of LibreOffice."""
    if not covers:
        return {}
    made_with = cache_key(code_digest(), version(find_libreoffice()))
    keys = {cover: cache_key(made_with, cover) for cover in covers}
    laid_out = {cover: pdf for cover, key in keys.items() if (pdf := cache.get(key)) is not None}
    new = [cover for cover in covers if cover not in laid_out]
    with tempfile.TemporaryDirectory(prefix="forum-papers-") as folder:
        sources = [Path(folder) / f"{digest(cover)}.docx" for cover in new]
        for source, cover in zip(sources, new, strict=True):
            source.write_bytes(cover)
        for cover, pdf in zip(new, convert(sources, Path(folder), _OPTIONS), strict=True):
            laid_out[cover] = pdf.read_bytes()
            cache.put(keys[cover], laid_out[cover])
    return laid_out


def _received(paper: dict) -> FileRef:
    """The received file as it was when it was checked."""
    return FileRef(Path(unescaped(paper["received"])), paper["received_sha256"])


def _made_of(paper: dict, cover: bytes) -> str:
    return digest(digest(cover).encode() + paper["received_sha256"].encode())


def _covered(paper: dict, cover: bytes, laid_out: bytes) -> bytes:
    properties = {key: unescaped(words) for key, words in paper["properties"].items()}
    received = _received(paper)
    try:
        arguments = (received.read(), laid_out, properties, _made_of(paper, cover))
        return run_bounded("cover", *arguments)
    except (TooCostly, ValueError) as error:
        found = f"{received.path.as_posix()}: found a PDF that a cover cannot be added to ({error})"
        raise UserError(f"{found}; expected a whole PDF. Ask for it again, exported from Word.") from error


def _issued(paper: dict, cover: bytes) -> bytes | None:
    """The archived file, if it is made of the same cover and file; `read` reports one that has changed."""
    issued = paper.get("issued")
    place = Path(unescaped(issued["kept"])) if issued else None
    if place is None or not place.is_file():
        return None
    data = place.read_bytes()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return data if str(pdf.docinfo.get(MADE_OF, "")) == _made_of(paper, cover) else None


def join_cover(received: bytes, cover: bytes, properties: dict[str, str], made_of: str) -> bytes:
    """Return the received PDF with the pages of the cover in front; its tags, bookmarks and links are kept.

    `properties`: title, subject, author, date. `made_of`: see MADE_OF. What no page needs is left out: properties of
    the file, which name people and folders, and objects that nothing refers to. No stream is unpacked. Raise
    UserError if the PDF is beyond a limit of pdf_reader or damaged.
    """
    try:
        return _join(received, cover, properties, made_of)
    except (*FAULTS, PdfLimit, pikepdf.PasswordError) as error:
        raise UserError(f"{type(error).__name__}: {error}") from error


def _join(received: bytes, cover: bytes, properties: dict[str, str], made_of: str) -> bytes:
    joined = io.BytesIO()
    with opened_pdf(received) as pdf, pikepdf.open(io.BytesIO(cover)) as front:
        number = len(front.pages)
        for at, page in enumerate(front.pages):
            pdf.pages.insert(at, page)
        _label_pages(pdf, number)
        if "/StructTreeRoot" in pdf.Root:
            _join_tags(pdf, front)
        else:
            for page in list(pdf.pages)[:number]:
                _drop(page.obj, "/StructParents")
        _set_properties(pdf, properties, made_of)
        _drop(pdf.Root, "/OpenAction", "/Perms")  # it opens with its cover; no signature outlasts one
        _drop(pdf.trailer, "/DocChecksum", "/ID")
        pdf.save(
            joined,
            deterministic_id=True,
            fix_metadata_version=False,
            min_version=front.pdf_version,
            stream_decode_level=StreamDecodeLevel.none,
        )
    return joined.getvalue()


def _drop(dictionary: Object, *keys: str) -> None:
    for key in keys:
        if key in dictionary:
            del dictionary[key]


def _label_pages(pdf: Pdf, number: int) -> None:
    """Keep the page numbers of the received pages; the cover has a name in place of a number."""
    old = NumberTree(pdf.Root.PageLabels) if "/PageLabels" in pdf.Root else {}
    labels = [(at + number, old[at]) for at in old] or [(number, Dictionary(S=Name.D))]
    numbers = Array([0, Dictionary(P=String("Cover"))])
    for at, label in labels:
        numbers.extend([at, label])
    pdf.Root.PageLabels = Dictionary(Nums=numbers)


def _join_tags(pdf: Pdf, front: Pdf) -> None:
    """Put the tags of the cover before the others, under standard names, as the two files may name theirs differently."""
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
    for page, front_page in zip(list(pdf.pages), front.pages, strict=False):
        _link_tags(pdf, page, others[int(front_page.obj.StructParents)], parents, free)
        free += 1
    root.ParentTreeNextKey = free


def _link_tags(pdf: Pdf, page: Page, elements: Object, parents: NumberTree, key: int) -> None:
    """Link a page of the cover to its tags, in the order of its marked content."""
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


def _set_properties(pdf: Pdf, properties: dict[str, str], made_of: str) -> None:
    """Replace the properties by title, number, author and the paper's date; nothing checks what the sender's claim."""
    date = properties["date"] or _NO_DATE
    _drop(pdf.Root, "/Metadata")
    _drop(pdf.trailer, "/Info")
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"], metadata["dc:creator"] = properties["title"], [properties["author"]]
        metadata["dc:description"] = properties["subject"]
        for key in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            metadata[key] = date
    info, stamp = pdf.docinfo, f"D:{re.sub('[^0-9]', '', date)}Z"
    info.Title, info.Author, info.Subject = (
        String(properties[key]) for key in ("title", "author", "subject")
    )
    info.CreationDate, info.ModDate = String(stamp), String(stamp)
    info[MADE_OF] = String(made_of)
    shown = pdf.Root.get("/ViewerPreferences")
    shown = shown if isinstance(shown, Dictionary) else Dictionary()
    shown.DisplayDocTitle = True
    pdf.Root.ViewerPreferences = shown
