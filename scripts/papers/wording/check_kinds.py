"""Check the files of kinds: what they name must exist, and their conditions and patterns must have values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from papers.evaluation import ExpressionError
from papers.expressions import parse, parse_text
from papers.model import titles
from papers.problems import did_you_mean, quoted
from papers.store.work_files import RECEIVED, SHARED_TEMPLATES
from papers.wording import conditions, level_words
from papers.wording.kind import PARTS, modules_of_words
from papers.wording.narrative import AREA, ITEM
from papers.wording.needs import NEEDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from papers.expressions import Expression, Pattern
    from papers.inputs.kind_files import KindFile, KindFiles
    from papers.inputs.yaml import Document
    from papers.problems import Place, Problems

_RESERVED = (
    "paper",
    "cover",
    "sources",
    level_words.NAMESPACE,
    PARTS,
)  # namespaces that templates have from elsewhere
_SECTION = re.compile(rf"[a-z0-9]+(?:-[a-z0-9]+)*(?:-{re.escape(AREA)}|-{re.escape(ITEM)})?")


def check_kinds(files: KindFiles, problems: Problems) -> None:
    """Report what the files of kinds name and what does not exist, and expressions that cannot be used."""
    for name, document in files.kinds.items():
        _check_names(name, document, files, problems)
        _check_parts(name, document, files, problems)
        _check_narrative(document, problems)
        check_pattern(document.form.title, titles.NAMES, document.place("title"), problems)


def _check_names(name: str, document: Document[KindFile], files: KindFiles, problems: Problems) -> None:
    form = document.form
    if name in (RECEIVED, *SHARED_TEMPLATES):
        found, expected = f"a kind of the name {name}", "another name, as this one is used for something else"
        problems.add(document.place("namespace"), "reserved-name", found, expected, "Rename the file.")
    if form.namespace in _RESERVED:
        found, expected = f"the namespace {form.namespace}", f"none of {', '.join(_RESERVED)}"
        problems.add(document.place("namespace"), "reserved-name", found, expected, "Choose another word.")
    if form.words:
        _check_known(form.words, modules_of_words(), "module", document.place("words"), problems)
    for index, need in enumerate(form.needs):
        _check_known(need, NEEDS, "need", document.place("needs", index), problems)
    if not form.parts:
        expected, todo = f"the templates that follow the cover, such as [{name}]", "Write them after parts:."
        problems.add(document.place("parts"), "no-parts", "no parts", expected, todo)
    for index, block in enumerate(form.blocks):
        _check_known(block, form.narrative, "section", document.place("blocks", index), problems)
    if form.blocks and form.words in modules_of_words():
        found, todo = "blocks in a kind with words", "Delete them; the template has the order of its text."
        problems.add(document.place("blocks"), "blocks", found, "blocks only in a kind without words", todo)


def _check_parts(name: str, document: Document[KindFile], files: KindFiles, problems: Problems) -> None:
    """Check the parts: each is a kind, once, with tags of its own, and the first is in every paper."""
    seen: dict[str, str] = {}
    for index, part in enumerate(document.form.parts):
        place = document.place("parts", index)
        if part.template in files.unread:
            continue
        if not _check_known(part.template, files.kinds, "kind", place, problems):
            continue
        space = files.kinds[part.template].form.namespace
        if space in seen:
            found = f"{part.template}, whose tags begin with {space} like those of {seen[space]}"
            problems.add(place, "doubled", found, "parts with tags of their own", "Delete one of them.")
        seen.setdefault(space, part.template)
        if part.condition and index == 0:
            found, todo = "a condition at the first part", "Delete it, or put another part before."
            problems.add(place, "condition", found, "a first part that every paper has", todo)
        check_condition(part.condition, conditions.NAMES, document.place("parts", index, "if"), problems)


def _check_narrative(document: Document[KindFile], problems: Problems) -> None:
    for section, form in document.form.narrative.items():
        place = document.place("narrative", section)
        if not _SECTION.fullmatch(section):
            expected = "small letters, digits and hyphens; -{area} or -{item} at the end for one of each"
            problems.add(place, "section-name", f"the section {quoted(section)}", expected, "Rename it.")
        elif (AREA in section, ITEM in section) != (form.each == "area", form.each == "item"):
            expected = "each: area with a name that ends in -{area}, each: item with -{item}, or neither"
            problems.add(place, "section-name", f"the section {quoted(section)}", expected, "Correct it.")
        examples: dict[str, Any] = {
            **conditions.NAMES,
            **({form.each: {"name": "Name"}} if form.each else {}),
        }
        at = document.place("narrative", section, "heading")
        check_pattern(form.heading, examples, at, problems)
        check_condition(
            form.condition, conditions.NAMES, document.place("narrative", section, "if"), problems
        )


def _check_known(name: str, known: Collection[str], what: str, place: Place, problems: Problems) -> bool:
    """Report a name that is none of `known`; return whether it is one."""
    if name in known:
        return True
    names = sorted(known)
    expected = f"one of {', '.join(names)}" if names else f"a {what} that exists; there is none"
    problems.add(place, f"unknown-{what}", quoted(name), expected, did_you_mean(name, names, "Correct it."))
    return False


# Expressions


def check_condition(text: str, examples: Mapping[str, Any], place: Place, problems: Problems) -> None:
    """Report a condition that is none, or that names what has no value; "" is one that always holds.

    `examples`: each name that it may use -> an example of its value.
    """
    if text:
        try:
            condition = parse(text)
            if not _report_names(condition.names, examples, place, problems):
                _evaluate(condition, examples)
        except ExpressionError as error:
            problems.add(place, error.kind, error.found, error.expected, error.todo)


def check_pattern(text: str, examples: Mapping[str, Any], place: Place, problems: Problems) -> None:
    """Report a text with expressions that cannot be filled; parameters as in `check_condition`."""
    try:
        pattern = parse_text(text)
        if not _report_names(pattern.names, examples, place, problems):
            _evaluate(pattern, examples)
    except ExpressionError as error:
        problems.add(place, error.kind, error.found, error.expected, error.todo)


def _evaluate(expression: Expression | Pattern, examples: Mapping[str, Any]) -> None:
    """Evaluate an expression with the examples: values that cannot be compared raise ExpressionError."""
    if hasattr(expression, "fill"):
        expression.fill(examples)
    else:
        expression.value(examples)


def _report_names(
    names: Iterable[str], examples: Mapping[str, Any], place: Place, problems: Problems
) -> bool:
    """Report each name that has no value; return whether there is any."""
    known = titles.known_names(examples)
    unknown = sorted(name for name in names if name not in known)
    for name in unknown:
        expected, todo = f"one of {', '.join(sorted(known))}", did_you_mean(name, known, "Correct the name.")
        problems.add(place, "unknown-name", f"the unknown name {name}", expected, todo)
    return bool(unknown)
