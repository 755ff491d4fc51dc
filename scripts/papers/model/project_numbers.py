"""Numbers of APEC projects: ``SME 02 2016A``; the letter at the end names the fund."""

import re
from dataclasses import dataclass

from papers.model.refusals import NumberError, quoted, require_text

# The papers' files carry two digits of the year: a wider range would let two years share a file name.
FIRST_YEAR, LAST_YEAR = 1989, 2088
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
    def parse(cls, text: str) -> "ProjectNumber":
        """Read a project number; raise NumberError."""
        wanted = "forum, serial of two digits, year and letter of the fund, such as SME 02 2016A"
        text = " ".join(require_text(text, wanted).split())
        read = re.fullmatch("(M )?([A-Z]+) ([0-9]+) ([0-9]{4})([A-Z]*)", text)
        if not read or not FIRST_YEAR <= int(read[4]) <= LAST_YEAR:
            why = "a project is known by its forum, serial and year with one space between them"
            raise NumberError(f"{quoted(text)} as a project number", wanted, why)
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
