"""Numbers of papers: how they are found in text, parsed, ordered, and turned into the paths of files.

What a number looks like is data of the organisation (inputs/<organisation>/organisation.yaml), of which a
`Grammar` is made. `DocumentNumber` holds a number in its parts. Whatever does not fit raises NumberError, one
sentence with what was found, what was expected, and why.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from functools import total_ordering
from typing import Any

from papers.number_patterns import (
    NumberError,
    NumberPattern,
    PatternRules,
    compile_pattern,
    fill_in,
    group_pattern,
    natural,
    require_text,
)
from papers.problems import did_you_mean, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

PARTS = ("year", "path", "serial", "revision")  # groups that the pattern of each organisation has
_UNSAFE = re.compile("[^a-z0-9-]+")  # in the name of a file


@dataclass(frozen=True)
class FolderRule:
    """Where the papers of some paths are, of all years or of some: the first rule that fits counts."""

    path: str
    folder: str = ""
    file_prefix: str = ""
    from_year: int = 0
    to_year: int = 9999


@dataclass(frozen=True)
class UnusualPath:
    """A pattern of paths that are right, but seldom meant, and the reason for a notice."""

    path: str
    why: str


@dataclass(frozen=True)
class NumberRules:
    """How an organisation numbers its papers, as its file states it.

    `series` names a meeting's numbers where its file does not. `joint` stands between this prefix and the
    serial of `serial_digits` digits. `revision` is written at the end, with {n}. In `folder`, `file_prefix`
    and `file`, names in curly brackets are parts of the number, or yy and tail.
    """

    pattern: PatternRules
    first_year: int
    founded: str  # why no year is earlier
    series: str
    joint: str
    serial_digits: int
    revision: str
    folder: str
    file_prefix: str
    file: str
    in_text: str = ""
    aliases: dict[str, str] = field(default_factory=dict)
    folders: tuple[FolderRule, ...] = ()
    unusual: tuple[UnusualPath, ...] = ()

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> NumberRules:
        """Return the rules that plain data states, as `Grammar.as_data` returns it."""
        typed = {
            "pattern": PatternRules.from_data(data["pattern"]),
            "folders": tuple(FolderRule(**rule) for rule in data["folders"]),
            "unusual": tuple(UnusualPath(**rule) for rule in data["unusual"]),
        }
        return cls(**{**data, **typed})


@total_ordering
@dataclass(frozen=True)
class DocumentNumber:
    """The number of a paper, as its grammar parses it. Ordered by year, path, serial and what follows it.

    `parts` are the named groups of the grammar that are present. Serials with letters, such as those of
    intersessional papers, come last.
    """

    text: str
    prefix: str  # what the papers of one series share: 2016/SMEWG43
    tail: str  # the serial and what follows it: 015, 020rev1, IS01
    parts: dict[str, str] = field(compare=False, hash=False, repr=False)
    base_text: str = field(compare=False, repr=False)
    revision: int = field(compare=False, repr=False)
    order: tuple[object, ...] = field(compare=False, repr=False)
    as_written: str | None = field(default=None, compare=False, repr=False)  # only where it was normalised

    @property
    def year(self) -> int:
        return int(self.parts["year"])

    @property
    def path(self) -> tuple[str, ...]:
        """The segments between year and serial."""
        return tuple(self.parts.get("path", "").split("/"))

    @property
    def normalised(self) -> bool:
        """True where the text that was read differs from the canonical form (see ``as_written``)."""
        return self.as_written is not None

    @property
    def base(self) -> str:
        """The number without its revision, which all revisions of a paper share."""
        return self.base_text

    def __str__(self) -> str:
        return self.text

    def __lt__(self, other: object) -> bool:
        return self.order < other.order if isinstance(other, DocumentNumber) else NotImplemented


def names_number(number: str, words: str, longer: str) -> bool:
    """Return whether `words` contain exactly this number; `longer` is `Grammar.longer`.

    2018/SMEWG47/001 is neither 2018/SMEWG47/0012 nor 2018/SMEWG47/001rev1.
    """
    if number not in words:
        return False
    expression = rf"(?<![\w/]){re.escape(number)}(?!(?x:{longer}))"
    return re.search(expression, words, re.IGNORECASE) is not None


class Grammar:
    """The document numbers of an organisation. Raise re.error where an expression of `rules` is none."""

    def __init__(self, rules: NumberRules):
        self.rules = rules
        self.pattern = NumberPattern(rules.pattern)
        self.example = rules.pattern.examples[0]
        # For running text: an expression of its own also finds numbers with a mistake, to be reported.
        self.in_text = compile_pattern(rules.in_text or f"(?<!\\w)(?:{rules.pattern.pattern}\n)(?!\\w)")
        self.revision_pattern = group_pattern(rules.pattern.pattern, "revision")
        self._folders = [(compile_pattern(rule.path), rule) for rule in rules.folders]
        self._unusual = [(compile_pattern(rule.path), rule) for rule in rules.unusual]
        self._suffixes = _innermost(self.pattern.expression)
        # The ledger's rules check the same number at each of its events: so these are kept.
        self._splits: dict[str, tuple[str, int] | None] = {}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Grammar:
        """Return the grammar that plain data states, as `as_data` returns it."""
        return cls(NumberRules.from_data(data))

    def as_data(self) -> dict[str, Any]:
        """Return the grammar as plain data, for JSON."""
        return asdict(self.rules)

    # Numbers as text

    def is_number(self, text: str) -> bool:
        """Return whether `text` is a document number in its canonical form."""
        return self._split(text) is not None

    def split(self, number: str) -> tuple[str, int]:
        """Return the base and the revision: 2018/SMEWG47/003rev1 is 2018/SMEWG47/003 and 1.

        A revision is written at the end, as `with_revision` does. An annex that the pattern gives no revision is
        its own base with revision 0, and so is text that is no number.
        """
        return self._split(number) or (number, 0)

    def _split(self, number: str) -> tuple[str, int] | None:
        """Return base and revision; None where the text is no number."""
        if number not in self._splits:
            match = self.pattern.match(number)
            revision = match["revision"] if match else None
            if match is None or not revision:
                self._splits[number] = (number, 0) if match else None
            else:
                parts = number[: match.start("revision")], _digits(revision)
                self._splits[number] = parts if self.with_revision(*parts) == number else None
        return self._splits[number]

    def base_of(self, number: str) -> str:
        """Return the number without its revision, which all revisions of a paper share."""
        return self.split(number)[0]

    def did_you_mean(self, number: str, known: Iterable[str], otherwise: str) -> str:
        """Return what to do about an unknown number: another revision of the paper, or the nearest number."""
        known = list(known)
        revisions = [other for other in known if self.base_of(other) == self.base_of(number)]
        return f'Did you mean "{revisions[0]}"?' if revisions else did_you_mean(number, known, otherwise)

    def with_revision(self, base: str, revision: int) -> str:
        """Return the number of a revision; revision 0 is the paper itself."""
        return base + fill_in(self.rules.revision, {"n": str(revision)}) if revision else base

    def can_be(self, base: str, revision: int) -> bool:
        """Return whether the pattern has this revision of a number: often none of annexes, and not more than 99."""
        return self.split(self.with_revision(base, revision)) == (base, revision)

    @property
    def longer(self) -> str:
        """An expression of what makes a number longer, so another one: a digit, or the mark of a revision."""
        return f"[0-9]|{self.revision_pattern}"

    def serial_in(self, number: str, prefix: str) -> int | None:
        """Return the serial of a number with this prefix, such as 2018/SMEWG47.

        None for other prefixes, and for serials with letters, such as those of intersessional papers.
        """
        if not number.startswith(prefix):  # most numbers: quicker than the pattern
            return None
        match = self.pattern.match(number)
        if match is None or self._prefix(match) != prefix:
            return None
        serial = match["serial"] or ""
        return int(serial) if serial.isdecimal() else None

    def _prefix(self, match: re.Match[str]) -> str:
        return match.string[: match.start("serial")].removesuffix(self.rules.joint)

    # Numbers in their parts

    def parse(self, text: object) -> DocumentNumber:
        """Read a number in any known form, also 2005/SOMI/008/rev2 of old papers; raise NumberError."""
        match = self._with_new_names(self.pattern.parse(text))
        for name in ("year", "serial"):
            if not match[name]:
                raise NumberError(quoted(match.string), self.pattern.expected, f"it has no {name}")
        self._check_year(match, text)
        if not self.is_number(match.string):
            why = (
                f"a revision is {fill_in(self.rules.revision, {'n': '1'})} and so on, at the end of a number"
            )
            raise NumberError(quoted(match.string), self.pattern.expected, why)
        number = self._number(match)
        written = str(text).strip()
        return number if number.text == written else replace(number, as_written=written)

    def _with_new_names(self, match: re.Match[str]) -> re.Match[str]:
        """Return the match with today's names of segments: SOM1 for SOMI."""
        path = match["path"] or ""
        new = "/".join(self.rules.aliases.get(segment, segment) for segment in path.split("/"))
        if new == path:
            return match
        start, end = match.span("path")
        renamed = self.pattern.match(match.string[:start] + new + match.string[end:])
        if renamed is None:
            why = "the names of its segments have changed since"
            raise NumberError(quoted(match.string), self.pattern.expected, why)
        return renamed

    def _check_year(self, match: re.Match[str], text: object) -> None:
        # The papers' files carry two digits of the year: a wider range would let two years share a file name.
        first, last = self.rules.first_year, self.rules.first_year + 99
        year = match["year"]
        if not year.isdecimal() or not first <= int(year) <= last:
            why = f"{self.rules.founded} and the year of a file has two digits"
            found = f"the year {year} in {quoted(text)}"
            raise NumberError(found, f"{first} to {last}", why)

    def _number(self, match: re.Match[str]) -> DocumentNumber:
        text, start = match.string, match.start("serial")
        base, revision = self.split(text)
        return DocumentNumber(
            text=text,
            prefix=self._prefix(match),
            tail=text[start:],
            parts={name: value for name, value in match.groupdict().items() if value},
            base_text=base,
            revision=revision,
            order=self._order(match),
        )

    def _order(self, match: re.Match[str]) -> tuple[object, ...]:
        serial = match["serial"]
        prefix = tuple(natural(segment) for segment in self._prefix(match).split("/"))
        suffix = tuple((at, natural(match[n])) for at, n in enumerate(self._suffixes) if match[n])
        return int(match["year"]), prefix, not serial.isdecimal(), natural(serial), suffix

    # Series and files

    def series(self, prefix: str, folder: str | None = None, file_prefix: str | None = None) -> Series:
        """Return the series of a number prefix such as 2016/SMEWG43; raise NumberError.

        Folder and file prefix are only needed where they differ from the organisation's rules.
        """
        prefix = require_text(prefix, f"a number prefix such as {self._example_prefix}")
        first = self.parse(self._new(prefix, 1))
        values, rule = _values(first), self._folder_rule(first)
        folder = folder if folder is not None else (rule and rule.folder) or self.rules.folder
        if file_prefix is None:
            stated = (rule and rule.file_prefix) or self.rules.file_prefix
            file_prefix = _safe_name(fill_in(stated, self._captured(rule, first) | values))
        else:
            file_prefix = fill_in(file_prefix, values)
        folder = fill_in(folder, self._captured(rule, first) | values)
        return Series(self, first.prefix, first.year, folder, file_prefix)

    @property
    def _example_prefix(self) -> str:
        return self.parse(self.example).prefix

    def _new(self, prefix: str, serial: int) -> str:
        return f"{prefix}{self.rules.joint}{serial:0{self.rules.serial_digits}d}"

    def _folder_rule(self, number: DocumentNumber) -> FolderRule | None:
        path = number.parts.get("path", "")
        fitting = (
            r for e, r in self._folders if e.fullmatch(path) and r.from_year <= number.year <= r.to_year
        )
        return next(fitting, None)

    def _captured(self, rule: FolderRule | None, number: DocumentNumber) -> dict[str, str]:
        """Return the named groups of a rule's pattern of paths."""
        match = compile_pattern(rule.path).fullmatch(number.parts.get("path", "")) if rule else None
        return {name: value or "" for name, value in match.groupdict().items()} if match else {}

    def default_series(self, facts: dict[str, str]) -> str:
        """Return the prefix of a meeting's numbers; `facts`: its year, yy, code and ordinal."""
        return fill_in(self.rules.series, facts)

    def why_unusual(self, number: DocumentNumber) -> str:
        """Return why the path of a number is unusual; "" where it is as usual."""
        path = number.parts.get("path", "")
        return next((rule.why for expression, rule in self._unusual if expression.fullmatch(path)), "")


def _innermost(expression: re.Pattern[str]) -> list[str]:
    """Return the groups that can follow a serial, in their order: those with no group within them."""
    serial, groups = expression.groupindex["serial"], expression.groupindex
    return [name for name, at in groups.items() if at > serial and not _has_inner(expression, name)]


def _has_inner(expression: re.Pattern[str], name: str) -> bool:
    return "(?P<" in group_pattern(expression.pattern, name)


def _digits(text: str) -> int:
    return int("".join(re.findall("[0-9]", text)) or 0)


def _values(number: DocumentNumber) -> dict[str, str]:
    return {**number.parts, "yy": f"{number.year % 100:02d}"}


def _safe_name(text: str) -> str:
    """Return a text as it stands in the name of a file: in small letters, other signs as one underscore."""
    return _UNSAFE.sub("_", text.lower())


# The numbers of a meeting and the paths of its files


@dataclass(frozen=True)
class Series:
    """The numbers of one series of papers of a meeting, and where their files are written."""

    grammar: Grammar = field(repr=False, compare=False)
    prefix: str  # 2016/SMEWG43
    year: int
    folder: str
    file_prefix: str

    def __post_init__(self) -> None:
        check_safe_path(self.folder, "folder")
        check_safe_path(self.file_prefix, "file prefix")
        if "/" in self.file_prefix:
            why = "it begins the name of a file and folders are stated apart"
            raise NumberError(f"the file prefix {quoted(self.file_prefix)}", "a name without a slash", why)

    def number(self, serial: int) -> DocumentNumber:
        """Return the number of a paper from its serial; raise NumberError."""
        return self.grammar.parse(self.grammar._new(self.prefix, serial))

    def place(self, number: DocumentNumber) -> str:
        """Return the path of the paper's file, without extension: ``2017/MM/AMM/17_amm_004``."""
        if number.prefix != self.prefix:
            why = f"it is a number of {number.prefix}"
            raise NumberError(quoted(number), f"a number of the series {self.prefix}", why)
        values = {**_values(number), "tail": _safe_name(number.tail)}
        values = {name: _safe_name(value) for name, value in values.items()}
        stem = fill_in(self.grammar.rules.file, {**values, "file_prefix": self.file_prefix})
        return f"{self.folder}/{stem}"


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
    return "Windows keeps this name for a device" if is_device(name) else None


def is_device(name: str) -> bool:
    """Return whether Windows keeps the name for a device, also with an extension: CON, aux.txt, COM1."""
    return _DEVICE.fullmatch(name) is not None


# Projects


@dataclass(frozen=True, order=True)
class ProjectNumber:
    """The number of a project, such as ``SME 02 2016A``. Ordered by parts of its pattern."""

    order: tuple[object, ...] = field(repr=False)
    text: str

    def __str__(self) -> str:
        return self.text


class ProjectGrammar:
    """The project numbers of an organisation. Without `rules`, every text is one."""

    def __init__(self, rules: PatternRules | None = None, order: tuple[str, ...] = ()):
        self._pattern, self._order = NumberPattern(rules) if rules else None, order

    def parse(self, text: object) -> ProjectNumber:
        """Read a project number; raise NumberError."""
        expected = self._pattern.expected if self._pattern else "a project number"
        words = " ".join(require_text(text, expected).split())
        if self._pattern is None:
            return ProjectNumber((0, natural(words)), words)
        match = self._pattern.parse(words)
        names = self._order or match.groupdict()
        return ProjectNumber(tuple(natural(match[name] or "") for name in names), match.string)
