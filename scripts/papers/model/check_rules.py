"""The rules for the checks of finished papers: wrong words, marks of open text, and accepted texts.

A rule that can't find anything, and an accepted text that would accept nothing or everything, are problems
of the inputs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.inputs.folder import CheckRuleFiles
    from papers.inputs.schemas import Acceptance, NomenclatureFile, NomenclatureRule, OpenTextFile
    from papers.inputs.yaml import Document

_WORDS_ONLY = re.compile(r"[\w\s.,;:'’&/-]*")  # without brackets and the other signs of open text


@dataclass(frozen=True)
class AcceptedText:
    """A text that papers may hold although a rule finds it, and the line that accepts it.

    `column` is the head of the only table column in which it is accepted; "" for everywhere.
    """

    text: str
    reason: str
    column: str
    place: Place


@dataclass
class CheckRules:
    """What the checks search for, and what they accept."""

    nomenclature: list[NomenclatureRule] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    draft: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    accepted: list[AcceptedText] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """Every word that the checks search for."""
        wrong = [word for rule in self.nomenclature for word in rule.wrong]
        return [*wrong, *self.placeholders, *self.draft]


def build_check_rules(files: CheckRuleFiles, problems: Problems) -> CheckRules:
    """Return the rules of all files; report defects with their lines."""
    rules = CheckRules()
    if files.nomenclature:
        rules.nomenclature = files.nomenclature.form.rules
        _check_nomenclature(files.nomenclature, problems)
    if files.open_text:
        form: OpenTextFile = files.open_text.form
        rules.placeholders, rules.draft, rules.labels = form.placeholders, form.draft, form.labels
        _check_open_text(files.open_text, problems)
    if files.complete:
        rules.accepted = list(_accepted(files, rules, problems))
        _check_accepted_once(rules.accepted, problems)
    return rules


def _accepted(files: CheckRuleFiles, rules: CheckRules, problems: Problems) -> Iterator[AcceptedText]:
    for document in files.accepted:
        for at, entry in enumerate(document.form.accepted):
            place = document.place("accepted", at)
            _check_accepted(entry, place, rules, problems)
            yield AcceptedText(entry.text, entry.reason, entry.column or "", place)


def _has_letter(word: str) -> bool:
    return any(character.isalnum() for character in word)


def _check_nomenclature(document: Document[NomenclatureFile], problems: Problems) -> None:
    seen: dict[str, Place] = {}
    for at, rule in enumerate(document.form.rules):
        for n, word in enumerate(rule.wrong):
            place, key = document.place("rules", at, "wrong", n), folded(word)
            if not _has_letter(word):
                problems.add(place, "empty", quoted(word), "a word that is not used", "Delete it.")
            elif key in seen and not rule.capitals:
                found, expected = f"{quoted(word)} again", f"each word once; it is also in {seen[key]}"
                problems.add(place, "doubled", found, expected, "Delete one of them.")
            seen.setdefault(key, place)
        _check_right_words(document, at, problems)


def _check_right_words(document: Document[NomenclatureFile], at: int, problems: Problems) -> None:
    """Report words of a rule that are both right and wrong."""
    rule = document.form.rules[at]
    wrong = set(map(folded, rule.wrong))
    for n, word in enumerate(rule.right):
        if folded(word) in wrong:
            place, found = document.place("rules", at, "right", n), f"{quoted(word)} under right and wrong"
            problems.add(place, "right-and-wrong", found, "other words under right", "Delete one of the two.")


def _check_open_text(document: Document[OpenTextFile], problems: Problems) -> None:
    for key in ("placeholders", "draft"):
        for at, word in enumerate(getattr(document.form, key)):
            if not _has_letter(word):
                place, expected = document.place(key, at), "a word with a letter or digit"
                problems.add(place, "empty", quoted(word), expected, "Delete it.")
    for at, label in enumerate(document.form.labels):
        if not (label.startswith("[") and label.endswith("]") and len(label) > 2):
            place, expected = document.place("labels", at), 'a label with its brackets, such as "[sic]"'
            problems.add(place, "label", quoted(label), expected, "Put it in brackets and quotation marks.")


def _check_accepted(entry: Acceptance, place: Place, rules: CheckRules, problems: Problems) -> None:
    """Check that an entry has a reason, and accepts a longer text than a word that the checks search for."""
    if not entry.reason.strip():
        found, todo = f"{quoted(entry.text)} without a reason", "Write why papers may hold it."
        problems.add(place, "no-reason", found, "a reason", todo)
    text = folded(entry.text)
    if _WORDS_ONLY.fullmatch(text) and not any(_contains(text, word) for word in rules.words):
        expected = "a name with a word that the checks look for, or with a bracket or sign"
        todo = "Check its spelling, or delete the entry."
        problems.add(place, "accepts-nothing", quoted(entry.text), expected, todo)
    elif not entry.column and _is_single_word(text, rules):
        found = f"{quoted(entry.text)} by itself, which would accept it everywhere"
        expected = "a longer name with this word, or the column in which it is accepted"
        todo = "Write the whole name, or add column: with the head of the table's column."
        problems.add(place, "accepts-all", found, expected, todo)


def _is_single_word(text: str, rules: CheckRules) -> bool:
    """Return whether a text is no more than a word that the checks search for, or than brackets."""
    return text in map(folded, rules.words) or not text.strip("[]() ")


def _contains(text: str, word: str) -> bool:
    """Return whether a text holds a word that is not part of a longer one."""
    return bool(re.search(rf"(?<!\w){re.escape(folded(word))}(?!\w)", text))


def _check_accepted_once(accepted: list[AcceptedText], problems: Problems) -> None:
    seen: dict[tuple[str, str], Place] = {}
    for entry in accepted:
        key = (folded(entry.text), folded(entry.column))
        if key in seen:
            found, expected = f"{quoted(entry.text)} again", f"each entry once; it is also in {seen[key]}"
            problems.add(entry.place, "doubled", found, expected, "Delete one of them.")
        seen.setdefault(key, entry.place)
