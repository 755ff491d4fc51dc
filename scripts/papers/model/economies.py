"""The member economies: looked up by any of their names, told in APEC order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.characters import lookalikes
from papers.model.figures import Cell, Source
from papers.problems import Place, Problems, did_you_mean, nearest, quoted

if TYPE_CHECKING:
    from papers.inputs.schemas import EconomiesFile
    from papers.inputs.yaml import Document


@dataclass(frozen=True, order=True)
class Economy:
    """A member economy; ordered as APEC lists them."""

    order: int
    name: str
    full_name: str
    article: str
    code: str

    @property
    def with_article(self) -> str:
        """The name as it stands in running text: the Philippines."""
        return f"{self.article} {self.name}".strip()


class Economies:
    """All member economies, by name."""

    def __init__(self, economies: list[Economy], places: dict[Economy, Place] | None = None):
        self.economies, self.places = sorted(economies), places or {}
        self._by_name = {name: e for e in economies for name in (e.name, e.with_article, e.full_name)}

    @classmethod
    def of(cls, document: Document[EconomiesFile], problems: Problems) -> Economies:
        """The register of a file; names, orders and codes that stand twice are problems."""
        found = [Economy(**entry.model_dump()) for entry in document.form.economies]
        for field in ("name", "order", "code"):
            seen: dict = {}
            for index, economy in enumerate(found):
                value = getattr(economy, field)
                if value in seen:
                    place = document.place("economies", index, field)
                    problems.add(
                        place, "doubled", f"{quoted(value)} twice", f"each {field} once", "Correct one."
                    )
                seen[value] = economy
        return cls(found, {one: document.place("economies", at, "name") for at, one in enumerate(found)})

    def source(self, economy: Economy) -> Source:
        """An economy as something that is counted: its line in economies.yaml."""
        return Source(1, (Cell(self.places[economy], economy=economy.name),))

    def find(self, name: str, place: Place, problems: Problems) -> Economy | None:
        """The economy of that name (with or without article, or in full); None and a problem otherwise."""
        name = " ".join(name.split())  # spaces that do not break, from a web page, look alike
        if name in self._by_name:
            return self._by_name[name]
        names = [e.with_article for e in self.economies]
        todo = did_you_mean(name, names, "Use a name from inputs/apec/economies.yaml.")
        todo = f"{todo} Type it again on a Latin keyboard." if lookalikes(name) else todo
        problems.add(place, "unknown-economy", quoted(name), "one of the 21 member economies", todo)
        return None

    def check_body(self, name: str, place: Place, problems: Problems) -> None:
        """Any office or body will do, but the name of an economy with one letter amiss is no body's name."""
        guess = nearest(name, self._by_name, 0.85)
        todo = f'Did you mean "{guess}"?' if guess else ""
        todo = f"{todo} Type it again on a Latin keyboard.".strip() if lookalikes(name) else todo
        if (guess and name not in self._by_name) or lookalikes(name):
            expected = "the name of an economy or body"
            problems.add(place, "unknown-economy", quoted(name), expected, todo)
