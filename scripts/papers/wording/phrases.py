"""The sentences of papers, from phrases.yaml: the first entry of a phrase whose condition holds is said.

The nearest file that has a phrase decides: that of the paper's plan, the forum's, the organisation's, the
shipped one. What each phrase may name is listed in phrase_names.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from papers.errors import UserError
from papers.evaluation import ExpressionError
from papers.expressions import Expression, parse, parse_text
from papers.problems import Place, did_you_mean, quoted
from papers.store.template_folders import SHIPPED_PHRASES
from papers.wording import conditions, english
from papers.wording.check_kinds import check_condition, check_pattern
from papers.wording.figure_markers import capitalised
from papers.wording.phrase_names import PHRASES, examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from papers.expressions import Pattern
    from papers.inputs.kind_files import PhraseForm, PhrasesFile
    from papers.inputs.yaml import Document
    from papers.model.figures import Figure
    from papers.model.forum import Model
    from papers.problems import Problems

_COMMON = ("plan", "forum", "member")  # records that every phrase may name
_parse_text = lru_cache(maxsize=1024)(parse_text)
_parse = lru_cache(maxsize=1024)(parse)


@dataclass(frozen=True)
class Count:
    """A figure that a phrase may name, with the noun that it counts; `plural` of one that is not regular.

    In conditions it is a number. In texts `.count` is "four activities", `.number` "four", `.figure` "4", `.alone`
    "four", or "none" instead of "no", and `.value` the number, for {{ "is" if activities.value == 1 else "are" }}.
    """

    figure: Figure
    noun: str
    plural: str = ""

    @property
    def value(self) -> int:
        """The figure as a number for conditions; one that nobody reported counts as 0."""
        return int(self.figure.value or 0)

    def fields(self, used: Iterable[str]) -> dict[str, Any]:
        """Return the fields of these names; only what is worded is marked with the figure."""
        ways: dict[str, Callable[[], Any]] = {
            "count": lambda: english.count(self.figure, self.noun, self.plural),
            "number": lambda: english.number(self.figure),
            "figure": lambda: english.figure(self.figure),
            "alone": lambda: english.alone(self.figure),
            "value": lambda: self.value,
        }
        return {name: ways[name]() for name in used if name in ways}


def say(model: Model, name: str, **values: str | int | Count) -> str:
    """Return a phrase of the paper by which the model is seen, with these values; "" where nothing is said.

    A phrase that begins with a name begins with a capital letter. The values are those that PHRASES lists.
    """
    if values.keys() != PHRASES[name].keys():
        raise AssertionError(f"{name}: {sorted(values.keys() ^ PHRASES[name].keys())} in one of the two only")
    document = next(found for found in phrase_files(model) if name in found.form.phrases)
    for at, entry in enumerate(document.form.phrases[name]):
        try:
            if _holds(entry, model, values):
                return _text(_parse_text(entry.say), model, values)
        except ExpressionError as error:
            place = document.place(name, at, "say")
            raise UserError(
                f"{place}: found {error.found}; expected {error.expected}. {error.todo}"
            ) from error
    return ""


def said(*sentences: str) -> list[str]:
    """Return the sentences that are not empty."""
    return [sentence for sentence in sentences if sentence]


def phrase_files(model: Model) -> list[Document[PhrasesFile]]:
    """Return the files with phrases from the nearest to the shipped one."""
    own = model.period.phrases if model.period else None
    return [*([own] if own else []), *model.kind_files.phrases]


def files_of_phrases(model: Model) -> list[str]:
    """Return the files with phrases that override the shipped ones, for a paper by which the model is seen."""
    return [document.name for document in phrase_files(model) if document.name != SHIPPED_PHRASES]


def _holds(entry: PhraseForm, model: Model, values: Mapping[str, str | int | Count]) -> bool:
    if not entry.condition:
        return True
    plain = {name: value.value if isinstance(value, Count) else value for name, value in values.items()}
    return bool(_parse(entry.condition).value({**_common(model), **plain}))


def _text(pattern: Pattern, model: Model, values: Mapping[str, str | int | Count]) -> str:
    used: dict[str, list[str]] = {}
    for name in pattern.names:
        first, _, field = name.partition(".")
        used.setdefault(first, []).append(field)
    filled = {
        name: value.fields(used.get(name, ())) if isinstance(value, Count) else value
        for name, value in values.items()
    }
    text = pattern.fill({**_common(model), **filled})
    return capitalised(text) if pattern.parts and isinstance(pattern.parts[0], Expression) else text


def _common(model: Model) -> dict[str, Any]:
    return conditions.records(model, model.plan if model.period else None)


def check_phrases(model: Model, problems: Problems) -> None:
    """Report phrases that are not said, missing ones, and expressions that cannot be used, each with its line."""
    plans = [period.phrases for period in model.periods.values() if period.phrases]
    for document in (*plans, *model.kind_files.phrases):
        for name, entries in document.form.phrases.items():
            if name not in PHRASES:
                expected = "the id of a phrase; templates/phrases.yaml has them all"
                todo = did_you_mean(name, PHRASES, "Correct it, or delete it.")
                problems.add(document.place(name), "unknown-phrase", quoted(name), expected, todo)
                continue
            for at, entry in enumerate(entries):
                _check_entry(name, at, entry, document, problems)
        if document.name == SHIPPED_PHRASES:
            for name in sorted(PHRASES.keys() - document.form.phrases.keys()):
                expected, todo = f"the phrase {name}", f"Write it, or {name}: [] to say nothing."
                problems.add(Place(document.name), "missing-phrase", "nothing", expected, todo)


def _check_entry(
    name: str, at: int, entry: PhraseForm, document: Document[PhrasesFile], problems: Problems
) -> None:
    common = {key: conditions.NAMES[key] for key in _COMMON}
    fields = {"count": "four", "number": "four", "figure": "4", "alone": "four", "value": 4}
    texts, plain = examples(name, fields), examples(name, 4)
    check_condition(entry.condition, {**common, **plain}, document.place(name, at, "if"), problems)
    check_pattern(entry.say, {**common, **texts}, document.place(name, at, "say"), problems)
