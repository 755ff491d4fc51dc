"""The text of a meeting's file: its values, and a comment that explains each key."""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from papers.start.stated import Entry, StatedMeeting

_PLAIN = re.compile(r"[^\W_][\w ()/.–-]*")  # what is readable in YAML without quotation marks
_COLUMN = 40  # where the comments begin
# The keys of the meeting itself, in their order: what each is, and, if the file need not have it, an example.
_KEYS = {
    "code": ("the name of this file too", ""),
    "ordinal": ("the 48th meeting is 48; null: no ordinal on covers", ""),
    "name": ("what covers call the meeting; without it, meeting_name of forum.yaml", "{name}"),
    "city": ("null: a virtual meeting, or not known", ""),
    "economy": ("a name of economies.yaml; null: a virtual meeting", ""),
    "start": ("the first day; null: not known", ""),
    "end": ("the last day; null: not known", ""),
    "number_prefix": ("how its numbers begin; without it, year and code", "{year}/{code}"),
    "host_mark": ("the lines at the foot of covers that name the host; without it, by hosts.yaml", "[]"),
    "cut_off": ("until when papers are to come, by the clocks of time_zone", "{year}-08-24T17:00"),
    "time_zone": ("needed with cut_off", "Asia/Singapore"),
    "set_aside": ("papers that somebody sent and that stay wrong, each with file: and why:", "[]"),
}
# The keys of a paper, in their order, and what each is.
PAPER_KEYS = {
    "number": "belongs to the paper for ever once it is issued; make number writes one that is left out",
    "kind": "the name of a template: agenda, work-plan, ...",
    "file": "of a paper that somebody sent, instead of kind: received/{code}/name.docx",
    "received": "when it came, such as {year}-08-20T10:15+07:00; needed if the meeting has a cut_off",
    "allowed_by": "the office that allowed a paper that came after the cut_off",
    "title": "without it, the usual title of its kind",
    "agenda_item": "an item of the agenda above",
    "purpose": "Information or Consideration",
    "submitted_by": "one or several, in square brackets",
    "forum_doc_no": "its earlier number, if it was tabled before",
    "status": "stands under the title, such as (Draft)",
    "plan": "the folder of the plan that it is about",
    "schedule": "the edition of the schedule, such as {year}",
    "year": "the year that it reports on",
    "as_of": "until when returns are counted; without it, until the first day of the meeting",
    "session": "the session of proposals, such as {year}-1",
    "workplan": "the name of a work plan's file, if it is not the year",
    "document": "the folder of its text in documents/",
    "record": "the meeting that a summary report is about",
    "id": "a name for its narrative, if another paper of its kind and year has the usual one",
    "access": "public, or restricted with a reason",
    "reason": "why it is restricted",
    "restricted_until": "the day of its derestriction",
    "name_economies": "for what a restricted paper names economies: missing, late, overdue, scores",
    "notes": "a remark for the classification list",
}


def meeting_text(stated: StatedMeeting, organisation: str) -> str:
    """Return the text of the file; `organisation` is the folder with economies.yaml and hosts.yaml."""
    return "\n".join([*_head(stated, organisation), *_agenda(stated), *_papers(stated), ""])


def entry_lines(entry: Entry) -> list[str]:
    """Return the lines of a paper's entry, without its dash and indentation, in the usual order of keys."""
    keys = [key for key in PAPER_KEYS if entry.values.get(key) is not None]
    pairs = ((f"{key}: {written(entry.values[key])}", entry.notes.get(key, "")) for key in keys)
    return [f"{pair}  # {note}" if note else pair for pair, note in pairs]


def as_item(entry: Entry) -> list[str]:
    """Return the lines of a paper's entry as an item of the list papers."""
    first, *others = entry_lines(entry)
    return [f"  - {first}", *(f"    {line}" for line in others)]


def written(value: Any) -> str:
    """Return a value as YAML, which reads as the same value: with quotation marks only where they are needed."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{', '.join(written(one) for one in value)}]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        is_plain = _PLAIN.fullmatch(value) and yaml.safe_load(value) == value
        return value if is_plain else json.dumps(value, ensure_ascii=False)
    return str(value)


def _with_comment(text: str, comment: str) -> str:
    return f"{text.ljust(_COLUMN - 2)}  # {comment}"


def explained(examples: Mapping[str, str]) -> dict[str, str]:
    """Return what each key of a paper is; `examples` are the values of code and year in examples."""
    return {key: _filled(what, examples) for key, what in PAPER_KEYS.items()}


def _examples(stated: StatedMeeting) -> dict[str, str]:
    start, code = stated.values.get("start"), stated.values["code"]
    return {"year": str(start.year if start else 2018), "code": code, "name": "Ministerial Meeting"}


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _head(stated: StatedMeeting, organisation: str) -> Iterator[str]:
    yield "# A meeting, its agenda and its papers. A line with # before its key is an example: delete the # to use it."
    yield f"# economies.yaml and hosts.yaml are in {organisation}/. After a change, run make."
    examples = _examples(stated)
    for key, (what, example) in _KEYS.items():
        if stated.values.get(key) is not None or not example:
            yield _with_comment(f"{key}: {written(stated.values.get(key))}", what)
        else:
            yield _with_comment(f"# {key}: {_filled(example, examples)}", what)


def _agenda(stated: StatedMeeting) -> Iterator[str]:
    yield ""
    yield "# The items of the agenda: item is its number, in quotation marks; title: null is a title that is not known."
    if not stated.agenda:
        yield 'agenda: []   # such as - {item: "1", title: Opening} in a line of its own, instead of []'
        return
    yield "agenda:"
    for entry in stated.agenda:
        yield f"  - item: {json.dumps(str(entry.values['item']), ensure_ascii=False)}"
        yield f"    title: {written(entry.values.get('title'))}"


def _papers(stated: StatedMeeting) -> Iterator[str]:
    yield ""
    yield "# The papers. Keys of an entry:"
    for key, what in explained(_examples(stated)).items():
        yield f"#   {key.ljust(18)}{what}"
    yield "papers:"
    for entry in stated.papers:
        yield from as_item(entry)
