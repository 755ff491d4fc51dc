"""Numbers of papers: how they are found in text, parsed, ordered, and turned into the paths of files.

A document number is ``YEAR/path/serial[suffix]``, for example 2016/SMEWG43/015 or 2005/SOM2/020rev1. The
functions on text serve code that compares many numbers; `DocumentNumber` holds one in its parts. Whatever
does not fit raises NumberError, one sentence with what was found, what was expected, and why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache, total_ordering

from papers.characters import printable
from papers.problems import did_you_mean, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class NumberError(ValueError):
    """A number or a path that cannot be used; its text is one sentence for the user."""

    def __init__(self, found: str, expected: str, why: str):
        super().__init__(found, expected, why)  # all three, so that the error survives pickling
        self.found, self.expected, self.why = found, expected, why

    def __str__(self) -> str:
        return printable(f"Found {self.found}, expected {self.expected}, because {self.why}.")


def require_text(value: object, expected: str) -> str:
    """Return `value` if it is text; else raise NumberError.

    A spreadsheet or YAML may have turned the text into a number.
    """
    if not isinstance(value, str):
        why = "a spreadsheet or a YAML file changes such a value (015 becomes 13) unless it is quoted as text"
        raise NumberError(f"{quoted(value)}, which is not text", expected, why)
    return value


# The grammar. Every pattern and parser of document numbers is built from these pieces.

# The papers' files carry two digits of the year: a wider range would let two years share a file name.
FIRST_YEAR, LAST_YEAR = 1989, 2088
_YEAR = "[0-9]{4}"
_SEGMENT = "[A-Z]+(?:[1-9][0-9]{0,3})?"
_SERIAL_DIGITS, _INTERSESSIONAL_DIGITS = 3, 2
_SERIAL = f"(?:[0-9]{{{_SERIAL_DIGITS}}}|IS[0-9]{{{_INTERSESSIONAL_DIGITS}}})"
# Kind of suffix -> what follows it; a single letter has no word before it. The order of the kinds is the
# order in which the papers of one serial are listed.
SUFFIX_MARKS = {"rev": "[1-9][0-9]?", "anx": "[A-Z]", "att": "[A-Z]", "letter": "[a-z]"}
_REVISION = f"rev{SUFFIX_MARKS['rev']}"
_SUFFIX = f"{_REVISION}|anx{SUFFIX_MARKS['anx']}|att{SUFFIX_MARKS['att']}|{SUFFIX_MARKS['letter']}"

NUMBER_PATTERN = f"{_YEAR}(?:/{_SEGMENT}){{1,3}}/{_SERIAL}(?:{_SUFFIX})?"
# For running text: also finds numbers with a mistake in a segment or revision (SMEWG047, rev0), so that it
# is reported.
NUMBER_LIKE_PATTERN = rf"\b{_YEAR}(?:/[A-Z0-9]+){{1,3}}/{_SERIAL}(?:{_SUFFIX}|rev[0-9]+)?\b"

# The ledger's rules check the same number at each of its events: so this and split_number are cached.
_match_number = cache(re.compile(NUMBER_PATTERN).fullmatch)
_OLD_CLUSTER = re.compile(r"SOM(I{1,3})")
_LOOKALIKES = (
    (re.compile(r"APEC ?#.*"), "it is the number of a publication"),
    (re.compile(r"(M )?[A-Z]+ [0-9]+ [0-9]{4}[A-Z]*"), "it is the number of a project"),
    (re.compile(r"[A-Z]+/IA/[0-9]{4}"), "it is the reference of an independent assessment"),
)


# Numbers as text


def is_number(text: str) -> bool:
    """Return whether `text` is a document number in its canonical form."""
    return _match_number(text) is not None


@cache
def split_number(number: str) -> tuple[str, int]:
    """Return the base and the revision: 2018/SMEWG47/003rev1 is 2018/SMEWG47/003 and 1.

    An annex is its own base with revision 0, and so is text that is no number.
    """
    base, _, revision = number.rpartition("rev")
    return (base, int(revision)) if base and is_number(number) else (number, 0)


def base_of(number: str) -> str:
    """Return the number without its revision, which all revisions of a paper share."""
    return split_number(number)[0]


def did_you_mean_number(number: str, known: Iterable[str], otherwise: str) -> str:
    """Return what to do about an unknown number: another revision of the paper, or the most similar number."""
    known = list(known)
    revisions = [other for other in known if base_of(other) == base_of(number)]
    return f'Did you mean "{revisions[0]}"?' if revisions else did_you_mean(number, known, otherwise)


def with_revision(base: str, revision: int) -> str:
    """Return the number of a revision; revision 0 is the paper itself."""
    return f"{base}rev{revision}" if revision else base


def serial_in(number: str, prefix: str) -> int | None:
    """Return the serial of a number with this prefix, such as 2018/SMEWG47.

    None for numbers with another prefix and for intersessional papers.
    """
    before, _, tail = number.rpartition("/")
    return int(tail[:_SERIAL_DIGITS]) if before == prefix and tail[:_SERIAL_DIGITS].isdigit() else None


def names_number(number: str, words: str) -> bool:
    """Return whether `words` contain exactly this number.

    2018/SMEWG47/001 is neither 2018/SMEWG47/0012 nor 2018/SMEWG47/001rev1.
    """
    return re.search(rf"(?<![\w/]){re.escape(number)}(?!\d|rev\d)", words) is not None


# Numbers in their parts


@total_ordering
@dataclass(frozen=True)
class Suffix:
    """What follows a serial: rev 1-99, anx A-Z, att A-Z, or a single letter a-z (kind "letter")."""

    kind: str
    mark: str

    def __post_init__(self) -> None:
        if self.kind == "rev" and not self.mark.strip("0"):
            why = "the first version of a paper carries no suffix and the first revision is rev1"
            raise NumberError(f"the revision {quoted(self)}", "rev1 or higher", why)
        if self.kind not in SUFFIX_MARKS or not re.fullmatch(SUFFIX_MARKS[self.kind], self.mark):
            expected = "rev1 to rev99, anxA to anxZ, attA to attZ or one letter a to z, without a separator"
            raise NumberError(f"the suffix {quoted(self)}", expected, "no other suffix is in use")

    @classmethod
    def parse(cls, text: str) -> Suffix:
        """Read ``rev1``, ``anxA``, ``attB`` or ``c`` in either case; raise NumberError."""
        text = require_text(text, "a suffix such as rev1")
        kind, mark = text[:3].lower(), text[3:]
        if not text.isascii():  # a few letters of other scripts turn into a to z when their case changes
            return cls("letter", text)
        if kind in ("rev", "anx", "att"):
            return cls(kind, mark.upper())
        return cls("letter", text.lower())

    def __str__(self) -> str:
        return self.mark if self.kind == "letter" else self.kind + self.mark

    def __lt__(self, other: object) -> bool:
        return self._key() < other._key() if isinstance(other, Suffix) else NotImplemented

    def _key(self) -> tuple[int, int | str]:
        return list(SUFFIX_MARKS).index(self.kind), int(self.mark) if self.kind == "rev" else self.mark


@total_ordering
@dataclass(frozen=True)
class DocumentNumber:
    """The number of a paper. Ordered by year, path, serial (intersessional papers last), suffix."""

    year: int
    path: tuple[str, ...]
    serial: int
    suffix: Suffix | None = None
    intersessional: bool = False
    as_written: str | None = field(default=None, compare=False, repr=False)  # only where it was normalised

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            why = "APEC began in 1989 and the year of a file has two digits"
            raise NumberError(f"the year {self.year} in {quoted(self)}", f"{FIRST_YEAR} to {LAST_YEAR}", why)
        if not 1 <= len(self.path) <= 3:
            expected = "the year, one to three segments and the serial, such as 2016/SOM3/SCE/003"
            why = "the segments between year and serial name the meeting"
            raise NumberError(f"{len(self.path)} segments in {quoted(self)}", expected, why)
        for segment in self.path:
            _check_segment(segment, str(self))
        if not 0 <= self.serial <= (99 if self.intersessional else 999):
            why = "a serial has three digits (two after IS)"
            raise NumberError(f"the serial {self.serial}", "000 to 999 (IS00 to IS99)", why)

    @classmethod
    def parse(cls, text: str) -> DocumentNumber:
        """Read a number in any known form, also 2005/SOMI/008/rev2 of old papers; raise NumberError."""
        text = require_text(text, "a document number such as 2016/SMEWG43/015").strip()
        _refuse_lookalike(text)
        year, *parts = text.split("/")
        if not re.fullmatch(_YEAR, year):
            why = "a number begins with the year of the meeting at which the paper is tabled"
            raise NumberError(f"{quoted(year)} in place of the year in {quoted(text)}", "four digits", why)
        if len(parts) > 1 and re.fullmatch("rev[0-9]*", parts[-1], re.IGNORECASE):
            parts[-2:] = [parts[-2] + parts[-1]]
        path = tuple(_new_cluster(part) for part in parts[:-1])
        number = cls(int(year), path, *_parse_tail(parts[-1] if parts else "", text))
        return number if str(number) == text else replace(number, as_written=text)

    @property
    def normalised(self) -> bool:
        """True where the text that was read differs from the canonical form (see ``as_written``)."""
        return self.as_written is not None

    @property
    def prefix(self) -> str:
        """What the papers of one meeting share: ``2016/SMEWG43``."""
        return "/".join((f"{self.year:04d}", *self.path))

    @property
    def tail(self) -> str:
        """Serial and suffix as printed: ``015``, ``020rev1``, ``IS01``."""
        serial = f"IS{self.serial:02d}" if self.intersessional else f"{self.serial:03d}"
        return f"{serial}{self.suffix or ''}"

    def __str__(self) -> str:
        return f"{self.prefix}/{self.tail}"

    def __lt__(self, other: object) -> bool:
        return self._key() < other._key() if isinstance(other, DocumentNumber) else NotImplemented

    def _key(self) -> tuple[object, ...]:
        suffix = self.suffix._key() if self.suffix else (-1,)
        return self.year, tuple(map(_natural, self.path)), self.intersessional, self.serial, suffix

    @property
    def base(self) -> DocumentNumber:
        """The number without any suffix, so that of the paper to which an annex belongs."""
        return replace(self, suffix=None, as_written=None)

    @property
    def revision(self) -> int:
        """The number of the revision; 0 for a paper that is not a revision."""
        return int(self.suffix.mark) if self.suffix and self.suffix.kind == "rev" else 0

    def next_revision(self) -> DocumentNumber:
        """Return the number of the next revision; annexes, attachments and parts have none (NumberError)."""
        if self.suffix and self.suffix.kind != "rev":
            why = "a number has one suffix, so an annex, an attachment or a part is not revised by number"
            raise NumberError(quoted(self), "a paper or a revision of it", why)
        return replace(self, suffix=Suffix("rev", str(self.revision + 1)), as_written=None)

    @property
    def default_folder(self) -> str:
        """The usual folder of the paper: ``2016/SOM3/SCE``."""
        return self.prefix

    @property
    def default_file_prefix(self) -> str:
        """The usual beginning of the file's name: ``16_som3_sce``."""
        return "_".join((f"{self.year % 100:02d}", *self.path)).lower()

    def file_stem(self, file_prefix: str | None = None) -> str:
        """Return the file's name without extension: ``16_smewg43_015``, ``05_som2_020rev1``."""
        prefix = self.default_file_prefix if file_prefix is None else file_prefix
        return f"{prefix}_{self.tail.lower()}"


def _natural(segment: str) -> tuple[str, int]:
    """Return a key that puts SMEWG9 before SMEWG43: the ordinal counts as a number, and none comes first."""
    code = segment.rstrip("0123456789")
    return code, int(segment[len(code) :] or 0)


def _new_cluster(segment: str) -> str:
    old = _OLD_CLUSTER.fullmatch(segment)
    return f"SOM{len(old[1])}" if old else segment


def _check_segment(segment: str, whole: str) -> None:
    if not re.fullmatch(_SEGMENT, segment) or _OLD_CLUSTER.fullmatch(segment):
        expected = (
            "capital letters, with an ordinal without leading zeros where there is one, such as SMEWG43"
        )
        why = "a segment is the code of a forum, a cluster of meetings or an event"
        raise NumberError(f"the segment {quoted(segment)} in {quoted(whole)}", expected, why)


def _refuse_lookalike(text: str) -> None:
    for pattern, why in _LOOKALIKES:
        if pattern.fullmatch(text):
            raise NumberError(quoted(text), "a document number such as 2016/SMEWG43/015", why)


def _parse_tail(tail: str, whole: str) -> tuple[int, Suffix | None, bool]:
    """Return serial, suffix and "intersessional" of ``015``, ``020rev1`` or ``IS01``.

    Splits any text, so that the error names the part that is wrong.
    """
    read = re.fullmatch("(?ais)(IS)?([0-9]*)(.*)", tail)
    assert read, "the pattern fits any text"
    mark, digits, suffix = read.groups()
    if len(digits) != (_INTERSESSIONAL_DIGITS if mark else _SERIAL_DIGITS):
        found = f"{quoted((mark or '') + digits or tail)} as the serial of {quoted(whole)}"
        expected = "three digits such as 015, or IS and two digits for an intersessional paper"
        raise NumberError(found, expected, "lists and files keep their order by serials of equal length")
    return int(digits), Suffix.parse(suffix) if suffix else None, bool(mark)


# The numbers of a meeting and the paths of its files


@dataclass(frozen=True)
class Series:
    """The numbers of one meeting's papers, and where their files are written."""

    year: int
    path: tuple[str, ...]
    folder: str
    file_prefix: str

    def __post_init__(self) -> None:
        check_safe_path(self.folder, "folder")
        check_safe_path(self.file_prefix, "file prefix")
        if "/" in self.file_prefix:
            why = "it begins the name of a file and folders are stated apart"
            raise NumberError(f"the file prefix {quoted(self.file_prefix)}", "a name without a slash", why)

    @classmethod
    def of(cls, prefix: str, folder: str | None = None, file_prefix: str | None = None) -> Series:
        """Return the series of a number prefix such as 2016/SMEWG43.

        Folder and file prefix are only needed where they differ from the default.
        """
        prefix = require_text(prefix, "a number prefix such as 2016/SMEWG43")
        first = DocumentNumber.parse(f"{prefix}/001")
        folder = first.default_folder if folder is None else folder
        file_prefix = first.default_file_prefix if file_prefix is None else file_prefix
        return cls(first.year, first.path, folder, file_prefix)

    @property
    def prefix(self) -> str:
        """The number prefix: ``2016/SMEWG43``."""
        return "/".join((str(self.year), *self.path))

    def number(self, serial: str, suffix: str = "") -> DocumentNumber:
        """Return the number of a paper from its serial ("015", "IS01") and suffix ("rev1").

        Raises NumberError.
        """
        serial = require_text(serial, 'a serial in quotation marks such as "015"')
        suffix = require_text(suffix, "a suffix such as rev1, or empty text")
        digits, inside, intersessional = _parse_tail(serial, f"{self.prefix}/{serial}")
        if inside:
            why = "a suffix is stated apart from the serial"
            raise NumberError(f"the serial {quoted(serial)}", "digits alone such as 015", why)
        mark = Suffix.parse(suffix) if suffix else None
        return DocumentNumber(self.year, self.path, digits, mark, intersessional)

    def place(self, number: DocumentNumber) -> str:
        """Return the path of the paper's file, without extension: ``2017/MM/AMM/17_amm_004``."""
        if reasons := check_belongs(number, self.year, self.prefix):
            raise NumberError(quoted(number), f"a number of the series {self.prefix}", reasons[0].rstrip("."))
        return f"{self.folder}/{number.file_stem(self.file_prefix)}"


def check_belongs(number: DocumentNumber, year: int, prefix: str) -> list[str]:
    """Return why a number is not one of the meeting in ``year`` with this number prefix; [] if it is.

    Each reason is a sentence.
    """
    series = DocumentNumber.parse(f"{prefix}/001")
    reasons = []
    if number.year != year:
        reasons.append(f"The number {number} has the year {number.year}, but the meeting is in {year}.")
    if series.year != year:
        reasons.append(
            f"The number prefix {prefix} has the year {series.year}, but the meeting is in {year}."
        )
    if number.path != series.path:
        found, expected = "/".join(number.path), "/".join(series.path)
        reasons.append(
            f"The number {number} belongs to {found}, but the papers of the meeting to {expected}."
        )
    return reasons


_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³]) *(\..*)?", re.IGNORECASE)
_REFUSED_BY_WINDOWS = re.compile(r'[<>:"|?*\\]')


def check_safe_path(path: str, what: str = "folder") -> str:
    """Return `path` if every system can hold it below the outputs; else raise NumberError."""
    for name in require_text(path, f"a {what} such as 2016/SMEWG43").split("/"):
        if why := _why_unsafe(name):
            expected = "a relative path with forward slashes"
            raise NumberError(f"{quoted(name)} in the {what} {quoted(path)}", expected, why)
    return path


def _why_unsafe(name: str) -> str | None:
    if name in ("", ".", ".."):
        return "an absolute path, an empty name or dots would lead out of the folder of the papers"
    if not name.isprintable() or _REFUSED_BY_WINDOWS.search(name):
        return 'Windows refuses control characters and each of < > : " | ? * \\ in a name'
    if name != name.strip() or name.endswith("."):
        return "Windows drops a space or a dot at the end of a name, and nobody sees a space at its beginning"
    return "Windows keeps this name for a device" if _DEVICE.fullmatch(name) else None


# Projects

FUNDS = {"": "General Project Account", "A": "APEC Support Fund", "T": "TILF", "S": "self-funded"}


@dataclass(frozen=True, order=True)
class ProjectNumber:
    """The number of an APEC project, such as ``SME 02 2016A`` or ``M SCE 02 2011A``."""

    year: int
    forum: str
    serial: int
    fund: str = ""  # a key of FUNDS
    multi_year: bool = False

    @classmethod
    def parse(cls, text: str) -> ProjectNumber:
        """Read a project number; raise NumberError."""
        expected = "forum, serial of two digits, year and letter of the fund, such as SME 02 2016A"
        text = " ".join(require_text(text, expected).split())
        read = re.fullmatch("(M )?([A-Z]+) ([0-9]+) ([0-9]{4})([A-Z]*)", text)
        if not read or not FIRST_YEAR <= int(read[4]) <= LAST_YEAR:
            why = "a project is known by its forum, serial and year with one space between them"
            raise NumberError(f"{quoted(text)} as a project number", expected, why)
        if len(read[3]) != 2:
            why = "projects keep their order by serials of equal length"
            raise NumberError(f"the serial {quoted(read[3])} in {quoted(text)}", "two digits such as 02", why)
        if read[5] not in FUNDS:
            funds = ", ".join(f"{letter or 'no letter'} ({fund})" for letter, fund in FUNDS.items())
            why = "the letter after the year names the fund"
            raise NumberError(f"the fund {quoted(read[5])} in {quoted(text)}", funds, why)
        return cls(int(read[4]), read[2], int(read[3]), read[5], bool(read[1]))

    @property
    def fund_name(self) -> str:
        """The fund in words: ``APEC Support Fund``."""
        return FUNDS[self.fund]

    def __str__(self) -> str:
        return f"{'M ' if self.multi_year else ''}{self.forum} {self.serial:02d} {self.year}{self.fund}"
