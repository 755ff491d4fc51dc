"""docs/claims.md lists what the documents claim, each sentence with the test that would fail if it were false."""

from __future__ import annotations

import ast
import re
from functools import cache

import fuzz
import pytest
import yaml
from hostile_tools import MOST_MEMORY, MOST_SECONDS
from papers import evaluation, expressions, number_patterns, safety
from papers.build import summary
from papers.checks import run as checks
from papers.docx import fill
from papers.docx.template import resolve
from papers.inputs import xlsx_audit
from papers.received import bounded, pdf_reader
from papers.store import locks
from papers.wording import sources_annex
from project_tools import ROOT

CLAIMS = "docs/claims.md"
GENERATED = {"docs/tags.md", "docs/phrases.md", "docs/licences.md", CLAIMS}
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    *sorted(f"docs/{path.name}" for path in ROOT.glob("docs/*.md") if f"docs/{path.name}" not in GENERATED),
    "inputs/README.md",
    "templates/README.md",
]
COUNTED = "[0-9]+|one|two|three|four|five|ten|fifteen|twenty|thirty"
# A sentence with one of these words has to be listed. "Each", "all" and "only" are in most sentences that merely
# describe; what a user relies on is listed all the same.
ABSOLUTE = re.compile(
    rf"\b(?:never|always|every|exactly|nothing|whatever|unchanged|bytes?|at (?:most|least)|(?:{COUNTED}) (?:seconds|minutes|hours))\b",
    re.IGNORECASE,
)
NO_CLAIM = "no claim: "
TESTS = ROOT / "tests"

every_document = pytest.mark.parametrize("document", DOCUMENTS)


@cache
def text_of(document: str) -> str:
    """Return a document on one line, without blocks of code, headings, and the targets of links."""
    text = (ROOT / document).read_text(encoding="utf-8")
    text = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^#+ .*$", "", text, flags=re.MULTILINE)
    return " ".join(re.sub(r"\]\([^)]*\)", "]", text).split())


@cache
def claims() -> dict[str, dict[str, str]]:
    """Return document -> words of the document -> their tests, or why they are no claim."""
    sections = re.split(r"^## ", (ROOT / CLAIMS).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {
        section.partition("\n")[0]: dict(re.findall(r"^\| (.+) \| (.+?) \|$", section, re.MULTILINE)[1:])
        for section in sections
    }


@cache
def functions_in(file: str) -> set[str]:
    path = TESTS / file
    tree = ast.parse(path.read_bytes()) if path.is_file() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_sections_of_the_list_are_the_documents():
    assert list(claims()) == DOCUMENTS


@every_document
def test_each_claim_stands_in_its_document(document):
    gone = [words for words in claims()[document] if words not in text_of(document)]
    assert not gone, f"{CLAIMS} lists words that {document} no longer has. Correct or delete these lines."


@every_document
def test_each_claim_has_a_test_that_exists_or_a_reason_why_it_is_none(document):
    wrong = {}
    for words, proof in claims()[document].items():
        tests = re.findall(r"`([\w/]+\.py)::(\w+)`", proof)
        missing = [f"{file}::{name}" for file, name in tests if name not in functions_in(file)]
        if missing or not (tests or proof.startswith(NO_CLAIM)):
            wrong[words] = missing or proof
    assert not wrong, f"These lines of {CLAIMS} need `folder/test_file.py::test_name`, or '{NO_CLAIM}why'."


@every_document
def test_a_sentence_with_an_absolute_word_is_listed(document):
    """Add a line to docs/claims.md with words of the sentence and its test; or write the sentence without the word."""
    text = text_of(document)
    for words in sorted(claims()[document], key=len, reverse=True):
        text = text.replace(words, " ... ")
    unlisted = [text[max(0, m.start() - 60) : m.end() + 60] for m in ABSOLUTE.finditer(text)]
    assert not unlisted, (
        f"{document} has sentences that {CLAIMS} does not list. Add a line under '## {document}' with words of the"
        " sentence, the absolute word among them, and the test that fails if it is false; or say it without the word."
    )


SPELLED = {2: "twice", 5: "five", 10: "ten", 50: "fifty", 100: "a hundred"}
SLURM = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text(encoding="utf-8"))
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
COSTS = f"{bounded.SECONDS} seconds of work {{}} {bounded.MEGABYTES} MB"
NUMBERS = [
    ("CONTRIBUTING.md", f"damages the inputs in {fuzz.MANY:,} ways"),
    (
        "CONTRIBUTING.md",
        f"Lines of code have at most {re.search('^line-length = ([0-9]+)', PYPROJECT, re.MULTILINE)[1]} characters",
    ),
    ("docs/checks.md", f"of one check and one paper, at most {SPELLED[checks.MOST_ALIKE]} are listed"),
    ("docs/checks.md", f"the first {SPELLED[summary.MAX_FINDINGS]} findings"),
    ("docs/checks.md", COSTS.format("or")),
    ("docs/cluster.md", f"{SPELLED[SLURM['group-components']['fill']]} meetings in one job"),
    ("docs/cluster.md", f"is run again, at most {SPELLED[SLURM['retries']]}"),
    ("docs/officer.md", f"at most {SPELLED[locks.TIMEOUT / 60]} minutes"),
    (
        "docs/templates-for-docxtpl-users.md",
        f"at most {expressions.LONGEST} characters, and makes a text of at most {evaluation.LONGEST_TEXT:,}",
    ),
    ("docs/templates-for-docxtpl-users.md", f"1 to {fill.MOST_COLUMNS}"),
    (
        "docs/trust.md",
        f"{safety.MAX_PARTS:,} parts; an XML part {safety.MAX_XML // 1_000_000} MB, and {safety.MAX_MARKUP:,} signs",
    ),
    ("docs/trust.md", f"a table of {xlsx_audit.MAX_CELLS:,} cells; {xlsx_audit.MAX_SHARED:,} characters"),
    ("docs/trust.md", f"in {MOST_SECONDS} seconds and {MOST_MEMORY // 1_000_000} MB"),
    ("docs/trust.md", COSTS.format("and")),
    ("docs/trust.md", f"{bounded.SECONDS} seconds of a processor, or at {bounded.MEGABYTES} MB"),
    ("docs/trust.md", f"{pdf_reader.MOST_OBJECTS:,} objects, {pdf_reader.MOST_VALUES:,} entries"),
    ("docs/trust.md", f"{pdf_reader.DEEPEST} levels, {pdf_reader.MOST_PAGES:,} pages"),
    ("docs/trust.md", f"{expressions.LONGEST} characters, {expressions.DEEPEST} parts within each other"),
    ("docs/trust.md", f"at most {resolve.MOST_LITERALS:,} times"),
    ("docs/trust.md", f"{fill.MOST_PIECES:,} pieces, or {fill.MOST_CHARACTERS:,} characters"),
    ("inputs/README.md", f"Up to {sources_annex.MOST_CELLS} cells"),
    ("inputs/README.md", f"at most {number_patterns.MOST_CHARACTERS} characters"),
]


@pytest.mark.parametrize(("document", "words"), NUMBERS)
def test_a_number_in_a_document_is_that_of_the_program(document, words):
    assert words in text_of(document)
