"""The rules of the checks, looked at: rules that cannot find anything, and acceptances that accept too much or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from papers.inputs.folder import CheckRuleFiles
    from papers.inputs.schemas import Acceptance, NomenclatureRule, OpenTextFile
    from papers.inputs.yaml import Document

_WORDS_ONLY = re.compile(r"[\w\s.,;:'’&/-]*")  # without brackets and the other signs of open text


@dataclass(frozen=True)
class Accepted:
    """What may stay, and where that is written."""

    text: str
    reason: str
    column: str
    place: Place


@dataclass
class Rules:
    """What the checks go by."""

    nomenclature: list[NomenclatureRule] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    draft: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)


def rules_of(read: CheckRuleFiles, problems: Problems) -> Rules:
    """The rules; words of two rules, empty words and acceptances without effect or measure are problems."""
    rules = Rules()
    if read.nomenclature:
        rules.nomenclature = read.nomenclature.form.rules
        _check_words(read, problems)
    if read.open_text:
        form: OpenTextFile = read.open_text.form
        rules.placeholders, rules.draft, rules.labels = form.placeholders, form.draft, form.labels
        _check_open_text(read.open_text, problems)
    if read.nomenclature and read.open_text:
        for document in read.accepted:
            for at, accepted in enumerate(document.form.accepted):
                place = document.place("accepted", at)
                _check_accepted(accepted, place, rules, problems)
                rules.accepted.append(Accepted(accepted.text, accepted.reason, accepted.column or "", place))
        _check_once(rules.accepted, problems)
    return rules


def _has_letter(word: str) -> bool:
    return any(sign.isalnum() for sign in word)


def _check_words(read: CheckRuleFiles, problems: Problems) -> None:
    seen: dict[str, Place] = {}
    document = read.nomenclature
    for at, rule in enumerate(document.form.rules):
        for n, word in enumerate(rule.wrong):
            place, key = document.place("rules", at, "wrong", n), folded(word)
            if not _has_letter(word):
                problems.add(place, "empty", quoted(word), "a word that is not used", "Delete it.")
            elif key in seen and not rule.capitals:
                found, expected = f"{quoted(word)} again", f"each word once; it stands in {seen[key]}"
                problems.add(place, "doubled", found, expected, "Delete one of them.")
            seen.setdefault(key, place)
        for n, word in enumerate(rule.right):
            if folded(word) in map(folded, rule.wrong):
                place, found = (
                    document.place("rules", at, "right", n),
                    f"{quoted(word)} under right and wrong",
                )
                problems.add(
                    place, "right-and-wrong", found, "other words under right", "Correct one of them."
                )


def _check_open_text(document: Document[OpenTextFile], problems: Problems) -> None:
    for key in ("placeholders", "draft", "labels"):
        for at, word in enumerate(getattr(document.form, key)):
            if key != "labels" and not _has_letter(word):
                place = document.place(key, at)
                problems.add(place, "empty", quoted(word), "a word to look for", "Delete it.")
    for at, label in enumerate(document.form.labels):
        if not (label.startswith("[") and label.endswith("]") and len(label) > 2):
            place = document.place("labels", at)
            expected = 'a label with its brackets, such as "[sic]"'
            problems.add(place, "label", quoted(label), expected, "Put it in brackets and quotation marks.")


def _check_accepted(accepted: Acceptance, place: Place, rules: Rules, problems: Problems) -> None:
    """An acceptance needs a reason, something to accept, and a name that is longer than the word itself."""
    if not accepted.reason.strip():
        found, todo = f"{quoted(accepted.text)} without a reason", "Write why it may stay."
        problems.add(place, "no-reason", found, "a reason", todo)
    wrong = [word for rule in rules.nomenclature for word in rule.wrong]
    words = [*wrong, *rules.placeholders, *rules.draft]
    text = folded(accepted.text)
    if _WORDS_ONLY.fullmatch(text) and not any(_holds(text, word) for word in words):
        expected = "a name with a word that the checks look for, or with a bracket or sign"
        todo = "Check its spelling, or delete the entry."
        problems.add(place, "accepts-nothing", quoted(accepted.text), expected, todo)
    elif not accepted.column and (text in map(folded, words) or text.strip("[]() ") == ""):
        expected = "a longer name in which it stands, or its column"
        todo = "Write the whole name, or add column: with the head of the table's column."
        found = f"{quoted(accepted.text)} by itself, which would accept it everywhere"
        problems.add(place, "accepts-all", found, expected, todo)


def _holds(text: str, word: str) -> bool:
    """The word stands in the text as a whole word."""
    return bool(re.search(rf"(?<!\w){re.escape(folded(word))}(?!\w)", text))


def _check_once(accepted: list[Accepted], problems: Problems) -> None:
    seen: dict[tuple[str, str], Place] = {}
    for one in accepted:
        key = (folded(one.text), folded(one.column))
        if key in seen:
            found, expected = f"{quoted(one.text)} again", f"each entry once; it stands in {seen[key]}"
            problems.add(one.place, "doubled", found, expected, "Delete one of them.")
        seen.setdefault(key, one.place)
