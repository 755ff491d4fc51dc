"""The leak check: no published file may have the number or the title of a restricted paper in it."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote

from papers.characters import folded
from papers.docx.package import Package

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_TRACKED = re.compile(rb"<w:(?!comment )\w+ [^>]*w:author=")
_BETWEEN = r"[\W_]"  # what does not count between letters and digits: blanks, signs, accents
_SIGNS = re.compile(f"{_BETWEEN}+")
_RUNS = re.compile(r"\d+|[^\W\d_]+")  # of digits, of letters
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")  # of scripts
_MARKUP = re.compile(r"<[^>]*>")


def _comparable(text: str) -> str:
    """Return a text as it is compared here: no capitals, full-width letters or ligatures, accents apart."""
    return unicodedata.normalize("NFKD", folded(text))


def _letters(text: str) -> str:
    """Return the letters and digits of a comparable text."""
    return _SIGNS.sub("", text)


class LeakCheck:
    """Finds mentions of restricted papers in texts.

    Letters and digits count, and whether a word ends, but no signs and blanks, as programs and people write them
    differently. `longer` is `Grammar.longer`. `restricted` are numbers and titles, as in outputs/work/<forum>/public.json. A
    title that is among `known_titles`, such as one that a public paper has too, does not count as a leak.
    """

    def __init__(self, restricted: Iterable[Mapping[str, str]], known_titles: Iterable[str], longer: str):
        papers, known = list(restricted), {_letters(_comparable(title)) for title in known_titles}
        self.numbers = {paper["number"]: _number_patterns(paper["number"], longer) for paper in papers}
        titles = {" ".join(paper["title"].split()) for paper in papers}
        self.titles = {
            title: letters
            for title in sorted(titles)
            if (letters := _letters(_comparable(title))) and letters not in known
        }

    def find(self, text: str) -> list[str]:
        """Return the numbers and the titles (in quotation marks) that a text mentions, as texts are compared."""
        text = _comparable(text)
        letters = _letters(text)
        numbers = [
            number
            for number, (quick, pattern) in self.numbers.items()
            if quick.search(letters) and pattern.search(text)
        ]
        titles = (title for title, wanted in self.titles.items() if wanted in letters and _has(text, wanted))
        return numbers + [f"“{title}”" for title in titles]

    def __bool__(self) -> bool:
        """Whether there is any restricted paper."""
        return bool(self.numbers)


def _has(text: str, letters: str) -> bool:
    """Whether a text has these letters in it, neither beginning nor ending within a word."""
    expression = f"{_BETWEEN}*".join(map(re.escape, letters))
    return re.search(rf"(?<![^\W_]){expression}(?![^\W_])", text) is not None


def _number_patterns(number: str, longer: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return an expression of a document number, also with other signs, or without zeros and century.

    2018/SMEWG47/007 is found in 2018-smewg47-007, 2018 / SMEWG 47 / 7 and 18_smewg47_007.docx. An expression for the
    letters of a text comes first: it is quicker, and finds more.
    """
    runs = _RUNS.findall(_comparable(number))
    forms = [rf"0*{run.lstrip('0') or '0'}" if run.isdigit() else run for run in runs]
    if century := re.fullmatch("(19|20)([0-9]{2})", runs[0]):
        forms[0] = century[2]
    joints = [f"{_BETWEEN}{'+' if a.isdigit() and b.isdigit() else '*'}" for a, b in pairwise(runs)]
    rest = "".join(f"{joint}{form}" for joint, form in zip(joints, forms[1:], strict=True))
    before = f"(?:{century[1]})?" if century else ""
    return re.compile("".join(forms)), re.compile(
        rf"(?<!\d){before}{forms[0]}{rest}(?!(?x:{longer}))", re.IGNORECASE
    )


def text_to_check(name: str, data: bytes) -> str:
    """Return all text of a file that is to be published; `name` is its path below outputs.

    Of a Word file that is every part, including deleted and hidden text, attributes, and the workbooks of
    charts. Of a PDF that was received it is the text of its pages and of its other objects; one in `pdf/` has "", as it
    was converted from a paper that is checked itself. Raise PackageError for a Word file, and UserError for a PDF, that
    cannot be read.
    """
    # Their libraries take half of the start of `publish`, which needs them only beside restricted papers.
    from papers.docx.raw_texts import texts_and_attributes  # noqa: PLC0415
    from papers.public.pdf_texts import texts_of_pdf  # noqa: PLC0415

    if name.endswith(".docx"):
        texts = list(texts_and_attributes(Package.read(data)))
    elif name.endswith(".pdf"):
        texts = [] if name.startswith("pdf/") else [*texts_of_pdf(data)]
    elif name.endswith(".json"):
        texts = [*_texts_of_json(json.loads(data))]
    else:
        texts = [_ESCAPE.sub(lambda match: chr(int(match[1], 16)), data.decode("utf-8"))]
    return " \n".join(_readings(" \n".join(texts)))


def _readings(text: str) -> set[str]:
    """Return a text, and what it is without the escapes and marks of web pages and addresses."""
    plain = html.unescape(_MARKUP.sub("", text)) if "<" in text else html.unescape(text)
    return {text, plain, html.unescape(plain), unquote(plain)}


def _texts_of_json(value: object) -> Iterator[str]:
    """Yield the texts of data, keys included."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _texts_of_json(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts_of_json(one)
    else:
        yield str(value)


def author_marks(name: str, data: bytes) -> str:
    """Return which marks with names of people a file has.

    That is "comments", "tracked changes" or "comments and tracked changes", and "" if there is none or it
    is no Word file.
    """
    if not name.endswith(".docx"):
        return ""
    parts = [content for part, content in Package.read(data).parts.items() if part.endswith(".xml")]
    has_comments = any(b"<w:comment " in part for part in parts)
    has_changes = any(_TRACKED.search(part) for part in parts)
    return " and ".join(["comments"] * has_comments + ["tracked changes"] * has_changes)
