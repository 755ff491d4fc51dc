"""The member economies, found by any of their names and sorted in APEC order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.characters import lookalikes
from papers.model.figures import Cell, Source
from papers.problems import Place, Problems, did_you_mean, nearest, quoted

if TYPE_CHECKING:
    from papers.inputs.schemas import EconomiesFile
    from papers.inputs.yaml import Document

_KEYBOARD = "Type it again on a Latin keyboard."


@dataclass(frozen=True, order=True)
class Economy:
    """A member economy; economies compare in APEC order."""

    order: int
    name: str
    full_name: str
    article: str
    code: str

    @property
    def with_article(self) -> str:
        """The name as in a sentence: the Philippines."""
        return f"{self.article} {self.name}".strip()


class Economies:
    """The register of member economies. `places` are their lines in economies.yaml."""

    def __init__(self, economies: list[Economy], places: dict[Economy, Place] | None = None):
        self.economies, self.places = sorted(economies), places or {}
        self._by_name = {name: e for e in economies for name in (e.name, e.with_article, e.full_name)}

    @classmethod
    def of(cls, document: Document[EconomiesFile], problems: Problems) -> Economies:
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
        return cls(found, places)

    def source(self, economy: Economy) -> Source:
        """Return an economy as one thing that a figure counts: its line in economies.yaml."""
        return Source(1, (Cell(self.places[economy], economy=economy.name),))

    def find(self, name: str, place: Place, problems: Problems) -> Economy | None:
        """Return the economy with this name in any form; None, with a problem, if there is none."""
        name = " ".join(name.split())  # a name that was copied from a web page may hold non-breaking spaces
        if name in self._by_name:
            return self._by_name[name]
        names = [economy.with_article for economy in self.economies]
        todo = did_you_mean(name, names, "Use a name from inputs/apec/economies.yaml.")
        todo = f"{todo} {_KEYBOARD}" if lookalikes(name) else todo
        problems.add(place, "unknown-economy", quoted(name), "one of the 21 member economies", todo)
        return None

    def check_body(self, name: str, place: Place, problems: Problems) -> None:
        """Report a misspelt economy among the names of offices and bodies, which are otherwise free text."""
        guess = nearest(name, self._by_name, 0.85)
        if (guess and name not in self._by_name) or lookalikes(name):
            hints = [f'Did you mean "{guess}"?' if guess else "", _KEYBOARD if lookalikes(name) else ""]
            todo = " ".join(hint for hint in hints if hint)
            problems.add(place, "unknown-economy", quoted(name), "the name of an economy or body", todo)
