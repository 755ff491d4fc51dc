"""The member economies, found by any of their names and sorted in APEC order."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from papers.characters import folded, lookalikes
from papers.model.figures import Cell, Source
from papers.numbers import ProjectGrammar
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from papers.inputs.organisation import Organisation
    from papers.inputs.schemas import EconomiesFile, NomenclatureFile, OtherNamesFile
    from papers.inputs.yaml import Document

_KEYBOARD = "Type it again on a Latin keyboard."
_JOINTS = re.compile(r",?\s+and\s+|[/&+\n]", re.IGNORECASE)
_CLOSE, _SHORTEST = 0.8, 4  # how alike a misspelt name is at least (0 to 1), and its least number of letters


@dataclass(frozen=True, order=True)
class Economy:
    """A member economy; economies compare in APEC order."""

    order: int
    name: str
    full_name: str
    article: str
    code: str
    host_mark: str | None = None

    @property
    def on_host_mark(self) -> str:
        """The name on covers, as the host."""
        return self.host_mark or self.name.upper()

    @property
    def with_article(self) -> str:
        """The name as in a sentence: the Philippines."""
        return f"{self.article} {self.name}".strip()


@dataclass(frozen=True)
class MemberNames:
    """What papers call a member, and the file of the members as messages name it."""

    one: str = "member"
    many: str = "members"
    short: str = "member"
    file: str = ""


class Economies:
    """The register of member economies. `places` are their lines in the organisation's file.

    `words` are what papers call them, `projects` the numbers of their projects.
    """

    def __init__(
        self,
        economies: list[Economy],
        places: dict[Economy, Place] | None = None,
        words: MemberNames | None = None,
        projects: ProjectGrammar | None = None,
    ):
        self.economies, self.places = sorted(economies), places or {}
        self.words, self.projects = words or MemberNames(), projects or ProjectGrammar()
        own = [(name, e) for e in economies for name in (e.name, e.with_article, e.full_name)]
        self._by_name = {folded(name): economy for name, economy in own}
        self._letters = [(_letters(name), economy) for name, economy in own]
        codes = {_letters(economy.code): economy for economy in economies}
        self._meant: dict[str, Economy | None] = {**codes, **dict(self._letters)}

    @classmethod
    def of(
        cls, document: Document[EconomiesFile], organisation: Organisation, problems: Problems
    ) -> Economies:
        """Return the register of a file; report names, order numbers and codes that are used twice."""
        found = [Economy(**entry.model_dump()) for entry in document.form.economies]
        for field in ("name", "order", "code"):
            seen = set()
            for index, economy in enumerate(found):
                value = getattr(economy, field)
                if value in seen:
                    place, expected = document.place("economies", index, field), f"each {field} once"
                    todo = "Correct one of them."
                    problems.add(place, "doubled", f"{quoted(value)} twice", expected, todo)
                seen.add(value)
        places = {economy: document.place("economies", at, "name") for at, economy in enumerate(found)}
        member = organisation.form.member
        words = MemberNames(member.one, member.many, member.short, document.name)
        return cls(found, places, words, organisation.projects)

    def add_other_names(
        self,
        document: Document[OtherNamesFile] | None,
        nomenclature: Document[NomenclatureFile] | None,
        problems: Problems,
    ) -> None:
        """Add names that papers do not use, and those that the nomenclature calls wrong: hints name what is meant."""
        for rule in nomenclature.form.rules if nomenclature else ():
            right = [economy for name in rule.right if (economy := self._by_name.get(folded(name)))]
            self._add(dict.fromkeys(rule.wrong, right[0]) if right else {})
        if document:
            self._add(dict.fromkeys(document.form.not_members))
            for name, others in document.form.other_names.items():
                if economy := self.find(name, document.place("other_names", name), problems):
                    self._add(dict.fromkeys(others, economy))

    def _add(self, names: Mapping[str, Economy | None]) -> None:
        self._meant = {**{_letters(name): economy for name, economy in names.items()}, **self._meant}

    def source(self, economy: Economy) -> Source:
        """Return an economy as one thing that a figure counts: its line in economies.yaml."""
        return Source(1, (Cell(self.places[economy], economy=economy.name),))

    def split_names(self, text: str, bodies: Sequence[str] = ()) -> list[str]:
        """Return the names of a list with semicolons, or with commas where the known names leave no doubt.

        "Hong Kong, China, Peru" are two. A wrong name between commas is one of the names, if others are known.
        """
        known = {*self._by_name, *map(folded, bodies)}
        names = []
        for part in (part.strip() for part in text.split(";")):
            is_one = folded(part) in known or "," not in part
            names += [part] if is_one else self._between_commas(part, known)
        return [name for name in names if name]

    def joined_names(self, text: str) -> list[str]:
        """Return the names that a text joins by "and", a stroke or a line break; [] where one is not known."""
        pieces = [piece for piece in _JOINTS.split(text) if piece.strip()]
        names = [name for piece in pieces for name in self.split_names(piece)]
        known = all(folded(name) in self._by_name for name in names)
        return names if known and len(pieces) > 1 and folded(text) not in self._by_name else []

    def _between_commas(self, text: str, known: Set[str]) -> list[str]:
        pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
        ways = _known_names(pieces, known)
        if ways:
            return ways[0] if len(ways) == 1 else [text]
        names, at = [], 0
        while at < len(pieces):
            joined = {end: ", ".join(pieces[at:end]) for end in range(len(pieces), at, -1)}
            written = (
                end for end, name in joined.items() if folded(name) in known or _letters(name) in self._meant
            )
            similar = (end for end, name in joined.items() if self.meant_by(name))
            end = next(written, 0) or next(similar, at + 1)
            names.append(joined[end])
            at = end
        return names if any(folded(name) in known for name in names) else [text]

    def find(
        self, name: str, place: Place, problems: Problems, bodies: Sequence[str] | None = None
    ) -> Economy | None:
        """Return the economy with this name in any form; None, with a problem, if there is none.

        `bodies` are names that would do as well, of which the problem names the nearest; None where only economies do.
        """
        if found := self._by_name.get(folded(name)):
            return found
        meant = self.meant_by(name)
        expected = f"one of the {len(self.economies)} {self.words.many}"
        otherwise = f"Use a name from {self.words.file}."
        if bodies is not None:
            expected += f", or one of {', '.join(bodies)}" if bodies else ""
            otherwise = did_you_mean(
                name, bodies, f"{otherwise[:-1]}, or add it under bodies in settings.yaml."
            )
        todo = f'Did you mean "{meant.name}"?' if meant else otherwise
        todo = f"{todo} {_KEYBOARD}" if lookalikes(name) else todo
        problems.add(place, "unknown-economy", quoted(name), expected, todo)
        return None

    def check_body(self, name: str, place: Place, problems: Problems) -> None:
        """Report a wrong name of an economy among the names of offices and bodies, which are otherwise free text."""
        meant = None if folded(name) in self._by_name else self.meant_by(name)
        if meant or lookalikes(name):
            hints = [f'Did you mean "{meant.name}"?' if meant else "", _KEYBOARD if lookalikes(name) else ""]
            todo = " ".join(hint for hint in hints if hint)
            problems.add(place, "unknown-economy", quoted(name), "the name of an economy or body", todo)

    def meant_by(self, name: str) -> Economy | None:
        """Return the economy that a wrong or misspelt name means.

        None if no name, or names of more than one economy, are close to it.
        """
        letters = _letters(name)
        if letters in self._meant:
            return self._meant[letters]
        if len(letters) < _SHORTEST:
            return None
        matcher = SequenceMatcher(None, "", letters)  # compares many texts with this one
        close = {
            economy
            for known, economy in self._letters
            if _is_close(matcher, known) or _is_swapped(letters, known)  # in a short name a swap is a lot
        }
        self._meant[letters] = close.pop() if len(close) == 1 else None  # a table may repeat it 10,000 times
        return self._meant[letters]


def _known_names(pieces: list[str], known: Set[str]) -> list[list[str]]:
    """Return the ways in which pieces of a text between commas make known names; of several ways, two."""
    ways: list[list[list[str]]] = [[[]]]
    for end in range(1, len(pieces) + 1):
        last = {at: ", ".join(pieces[at:end]) for at in range(end)}
        ends = [[*way, name] for at, name in last.items() if folded(name) in known for way in ways[at]]
        ways.append(ends[:2])
    return ways[-1]


def _letters(name: str) -> str:
    """Return the letters and digits of a name, without accents, case and article: theusa -> usa."""
    plain = unicodedata.normalize("NFKD", folded(name).removeprefix("the "))
    return "".join(character for character in plain if character.isalnum())


def _is_swapped(one: str, other: str) -> bool:
    """Return whether two texts differ in two neighbouring letters that changed places: preu, peru."""
    at = [index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]]
    return len(one) == len(other) and len(at) == 2 and at[1] == at[0] + 1 and sorted(one) == sorted(other)


def _is_close(matcher: SequenceMatcher[str], known: str) -> bool:
    matcher.set_seq1(known)
    # The first two are upper bounds, and quick.
    ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(ratio() >= _CLOSE for ratio in ratios)
