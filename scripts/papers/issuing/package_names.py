"""Names of files in a package: readable, in the order of the agenda, and such that every system can hold them."""

from __future__ import annotations

import re
import unicodedata

from papers.model.safe_paths import check_safe_path

FIRST = ("classification-list", "agenda")  # before all other papers, whatever their item
MOST = 120  # bytes of a name: a path on Windows has 260, and people unpack below folders with long names
_IN_PLACE = str.maketrans(
    {":": " - ", "/": "-", "\\": "-", "|": "-", '"': "'", "<": "(", ">": ")", "?": "", "*": ""}
)


def name_of(at: int, paper) -> str:
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
