"""How tags are spelled: as users of docxtpl type them. Finds the tags of a text and reads each into its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from papers.evaluation import ExpressionError
from papers.expressions import LITERAL, LONGEST


def _pattern(literal: str, never: str = "") -> re.Pattern[str]:
    """The pattern of a tag, whose literals may have braces and per cent signs. `never`: what no tag has.

    The length is limited, as the search would be quadratic in a text of nothing but braces.
    """
    inside = rf"(?:{literal}|[^\"'“”„‘’‚{never}%s]|%s(?!\}})){{0,{LONGEST}}}"
    output, statement = inside % (r"\}", r"\}"), inside % ("%", "%")
    comment = rf"(?:[^#{never}]|#(?!\}})){{0,{LONGEST}}}"
    return re.compile(rf"\{{\{{{output}\}}\}}|\{{%{statement}%\}}|\{{#{comment}#\}}")


TAG = _pattern(LITERAL)
TAG_IN_XML = _pattern(LITERAL.replace("[^", "[^<"), "<")
# Braces that a paper shows, and that are no tag.
ESCAPES = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
ESCAPE = re.compile("|".join(map(re.escape, ESCAPES)))
HALF = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")

_READ = re.compile(
    r"\{(?P<sign>[{%#])(?P<before>-?)(?:(?P<letters>p|r|tr|tc)\s+(?=\S))?\s*(?P<words>.*?)\s*(?P<after>-?)[}%#]\}",
    re.DOTALL,
)
_WORD = re.compile(r"(\w+)(?:\s+|$|(?=\W))(.*)", re.DOTALL)

LOOP_OR_CONDITION = ("for", "if", "elif", "else", "endfor", "endif")
CELL_WORDS = ("vm", "hm", "colspan", "cellbg")  # docxtpl's own
STATEMENTS = (*LOOP_OR_CONDITION, "set", *CELL_WORDS)
# Statements of Jinja that templates here cannot have, and what to write instead.
REFUSED_STATEMENTS = {
    "macro": "Repeat the tags where they are needed, or use a loop.",
    "call": "Repeat the tags where they are needed, or use a loop.",
    "include": "Copy the text into the template, or fill it in as {{p x }}.",
    "import": "Write the tags in the template itself.",
    "from": "Write the tags in the template itself.",
    "extends": "Copy the text into the template; the cover is put in front of each paper.",
    "block": "Write its text without {% block %}.",
    "filter": "Write the filter in the tag: {{ x|upper }}.",
    "with": "Write {% set x = ... %}.",
    "do": "Delete it: a template only shows values.",
    "raw": "Write {_{ x }_} to show braces.",
    "autoescape": "Delete it: every text is escaped.",
    "trans": "Delete it: papers are in one language.",
    "break": "Put a condition into the loop.",
    "continue": "Put a condition into the loop.",
}


@dataclass(frozen=True)
class Typed:
    """A tag as it is typed: `sign` is {, % or #; `letters` p, r, tr or tc; `word` that of a statement.

    `before` and `after`: the dashes that remove the space on that side. `rest`: its expression, or a comment's text.
    """

    text: str
    sign: str
    letters: str
    word: str
    rest: str
    before: str
    after: str


def read_tag(text: str) -> Typed:
    """Return the parts of a tag; raise ExpressionError for one without content."""
    found = _READ.fullmatch(text)
    sign, words = (found["sign"], found["words"]) if found else ("", "")
    statement = _WORD.fullmatch(words) if sign == "%" else None
    if found and sign == "#":
        return Typed(text, "#", found["letters"] or "", "", words, "", "")
    if not found or not words or (sign == "%" and not statement):
        expected = "{{ x }}, {{r x }}, {{p x }} or {%p ... %}"
        raise ExpressionError("tag-syntax", text, expected, "Type it like that: a name such as cover.title.")
    if found["letters"] and (found["before"] or found["after"]):
        dash, expected = (
            f"a dash in {text}",
            f"no dash where {found['letters']} is: the tag takes all around it",
        )
        raise ExpressionError("tag-syntax", dash, expected, "Delete the dash.")
    word, rest = (statement[1], statement[2]) if statement else ("", words)
    return Typed(text, sign, found["letters"] or "", word, rest, found["before"], found["after"])
