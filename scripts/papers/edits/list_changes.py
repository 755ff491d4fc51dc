"""The listing of an edited copy: each change beside its source, comments, and what changes with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from papers.characters import in_one_line, with_plain_signs
from papers.edits.pairing import opcodes
from papers.edits.word_copy import words_of
from papers.problems import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.edits.compare_papers import CopyChange, CopyComparison
    from papers.edits.find_base import Base
    from papers.edits.prove_edits import ProvenEdits
    from papers.edits.word_copy import WordCopy

_AROUND = 8  # words and spaces that are shown before and after a change
_MOST_NAMED = 12  # other papers
_LONGEST = 90  # characters of a paragraph that is shown in part


def listing(
    comparison: CopyComparison, copy: WordCopy, base: Base, proven: ProvenEdits, is_written: bool
) -> list[str]:
    """Return the lines that `compare` prints."""
    context, changes = comparison.paper.context, comparison.changes
    lines = [f"{context['number']}  {context['title']}", f"Compared with {base.where}."]
    lines += ["[-deleted-] {+added+}"] if changes else []
    for number, group in enumerate(_rows(changes), 1):
        lines += _lines_of(number, group, proven)
    lines += [f"Comment {where}: {said}" for where, said in copy.comments]
    lines += [f"Not read back: {words}" for words in _margins(copy, base)]
    lines += [f"Changes with them, {one.where}: {_short(one.text)}" for one in proven.follows]
    lines += _others(proven)
    return [in_one_line(line) for line in [*lines, _summary(comparison, proven, is_written)]]


def _rows(changes: list[CopyChange]) -> Iterator[list[CopyChange]]:
    """Yield changes one by one; but those of a row that was added or deleted together."""
    group: list[CopyChange] = []
    for change in changes:
        if group and not (_row_of(change) and _row_of(change) == _row_of(group[-1])):
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _row_of(change: CopyChange) -> tuple[object, ...] | None:
    """Return the row that a change is part of, if all of it was added or deleted."""
    if (change.old is None) == (change.new is None):
        return None
    paragraph = change.old or change.new
    return (change.old is None, *paragraph.cell[:2]) if paragraph and paragraph.cell else None


def _lines_of(number: int, group: list[CopyChange], proven: ProvenEdits) -> Iterator[str]:
    first = group[0]
    authors = [name for name in first.new.tracked_by if name] if first.new else []
    by = f", tracked by {' and '.join(authors)}" if authors else ""
    where = first.where.rpartition(", column")[0] if len(group) > 1 else first.where
    shown = " | ".join(_shown(change) for change in group)
    only = " (only signs or spaces)" if len(group) == 1 and _only_signs(first) else ""
    yield f"{number}. {where}{by}{only}: {shown}"
    if id(first) in proven.places:
        yield f"   {proven.places[id(first)]}"
    elif first.conflict:
        source = first.now.where if first.now else "nowhere"
        yield f"   CONFLICT, not written: {first.reason} ({source})"
    else:
        yield f"   Not written: {first.reason}"


def _only_signs(change: CopyChange) -> bool:
    if change.old is None or change.new is None or change.old.text == change.new.text:
        return False
    return with_plain_signs(change.old.text) == with_plain_signs(change.new.text)


def _shown(change: CopyChange) -> str:
    """Return the words that differ, with some of those around them."""
    old = words_of(change.old.text) if change.old else []
    new = words_of(change.new.text) if change.new else []
    if old == new:
        return f"{_short(change.new.text if change.new else '')} (its format)"
    parts = opcodes(old, new)
    made = ""
    for at, (kind, start, end, start2, end2) in enumerate(parts):
        if kind == "equal":
            made += _cut(old[start:end], is_first=at == 0, is_last=at == len(parts) - 1)
            continue
        made += f"[-{''.join(old[start:end])}-]" if start < end else ""
        made += f"{{+{''.join(new[start2:end2])}+}}" if start2 < end2 else ""
    return made


def _cut(words: list[str], is_first: bool, is_last: bool) -> str:
    """Return words that did not change: the ones beside a change, whole."""
    if len(words) <= 2 * _AROUND:
        return "".join(words)
    before = "" if is_first else "".join(words[:_AROUND])
    after = "" if is_last else "".join(words[-_AROUND:])
    return f"{before}…{after}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]}…"


def _margins(copy: WordCopy, base: Base) -> Iterator[str]:
    """Yield what stands in headers and footers of the copy alone; the numbers of pages do not count."""
    known = {re.sub(r"\d+", "0", text) for text in base.copy.margins}
    for text in copy.margins:
        if re.sub(r"\d+", "0", text) not in known:
            yield f'"{_short(text)}", in a header or footer, which the template makes'


def _others(proven: ProvenEdits) -> Iterator[str]:
    others = [*proven.others, *proven.others_issued]
    if others:
        more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        yield f"Other papers that change with them: {', '.join(others[:_MOST_NAMED])}{more}"


def _summary(comparison: CopyComparison, proven: ProvenEdits, is_written: bool) -> str:
    changes = comparison.changes
    written = sum(id(change) in proven.places for change in changes)
    done = f" {count_of(comparison.done, 'change')} more in the inputs already." if comparison.done else ""
    if not changes:
        return f"No change that is not in the inputs.{done}"
    left = len(changes) - written
    if is_written:
        rest = f" {left} left to do by hand." if left else ""
        ending = " Run make." if written else ""
        return f"{count_of(len(changes), 'change')}: {written} written.{rest}{done}{ending}"
    how = " with apply=yes" if written else ""
    return f"{count_of(len(changes), 'change')}: {written} can be written{how}, {left} can't.{done}"
