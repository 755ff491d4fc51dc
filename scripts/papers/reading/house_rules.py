"""What the checks of finished papers go by: words that are not used, signs of open text, and what is accepted by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field

from papers.problems import Problems
from papers.reading.yaml_files import Closed, Document, read_form

NOMENCLATURE, OPEN_TEXT, ACCEPTED = "nomenclature.yaml", "open_text.yaml", "accepted.yaml"


class NomenclatureRule(Closed):
    """Words that are not used, and what stands in their place; `capitals`: only where written in capitals as here."""

    wrong: list[str] = Field(min_length=1)
    right: list[str]
    why: str = ""
    unless: list[str] = Field(default_factory=list)
    capitals: bool = False


class NomenclatureFile(Closed):
    rules: list[NomenclatureRule]


class OpenTextFile(Closed):
    """Signs of a text that is not finished, and what may stand in square brackets."""

    placeholders: list[str]
    draft: list[str]
    labels: list[str]


class Acceptance(Closed):
    """What is found and may stay, with the reason; with `column`, only as the whole of a cell under that head."""

    text: str
    reason: str
    column: str | None = None


class AcceptedFile(Closed):
    accepted: list[Acceptance]


@dataclass
class HouseRules:
    """As read. What could not be read is absent; there may be no file of acceptances."""

    nomenclature: Document[NomenclatureFile] | None = None
    open_text: Document[OpenTextFile] | None = None
    accepted: list[Document[AcceptedFile]] = field(default_factory=list)


def read_house_rules(root: Path, forum: str, problems: Problems) -> HouseRules:
    """The rules that all fora share, and what is accepted for all and for this forum."""

    def shared(name: str, form: type) -> Document | None:
        return read_form(root / name, name, form, problems)

    accepted = [f"inputs/{folder}/{ACCEPTED}" for folder in ("apec", forum)]
    documents = [shared(name, AcceptedFile) for name in accepted if (root / name).is_file()]
    return HouseRules(
        shared(f"inputs/apec/{NOMENCLATURE}", NomenclatureFile),
        shared(f"inputs/apec/{OPEN_TEXT}", OpenTextFile),
        [document for document in documents if document],
    )
