"""All sentences that the program and the shipped narratives print, in one file that an editor reads whole."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

from docx import Document as open_document
from docx.oxml.ns import qn
from forum_tools import EDITION_2020, SCHEDULE, Forum, copy_forum
from full_forum import DEADLINES, MINI3
from measure_tools import HEADING, PER_2020, PLAN_FILE, state
from optional_plan import change_yaml, drop_papers, empty_schedules, leave_out, written_forum
from papers.model.figures import Figure
from papers.richtext import plain
from papers.wording.compose import word_paper
from papers.wording.phrase_names import COUNT, PHRASES
from papers.wording.phrases import Count, phrase_files, say
from project_tools import ROOT
from returns_tools import REGISTER, RETURNS, row, send_in
from word_tools import GOLDEN, TEMPLATES

FILE = GOLDEN / "sentences.txt"
_SENTENCE_ENDS = (".", ":", ";", "?")
_NUMBERS = (0, 1, 2, 21)
TODAY = datetime.date(2020, 8, 1)
_COUNTED = {
    "restricted": "paper",
    "economies": "economy",
    "attending": "economy",
    "counting": "score",
    "activities": "activity",
    "areas": "priority area",
}


def test_the_sentences_of_papers_are_as_read_by_an_editor(tmp_path, request):
    text = "\n".join(_lines(tmp_path)) + "\n"
    if request.config.getoption("--golden"):
        FILE.write_text(text, encoding="utf-8")
    assert text == FILE.read_text(encoding="utf-8"), "if the change is intended: make golden, then git diff"


def _lines(folder: Path) -> Iterator[str]:
    """Yield the sentences, each once, below the heads of where they stand first."""
    seen: set[str] = set()
    for head, sentences in _groups(folder):
        new = [one for one in dict.fromkeys(sentences) if one not in seen]
        seen.update(new)
        if new:
            yield from ("", f"# {head}", *new)


def _groups(folder: Path) -> Iterator[tuple[str, list[str]]]:
    yield from _of_templates()
    shipped = Forum(ROOT)
    yield from _of_papers("shipped papers", shipped)
    yield from _of_phrases(shipped)
    for name, change in CASES.items():
        forum = written_forum(copy_forum(folder / name))
        change(forum)
        yield from _of_papers(name, forum)


# Edge cases: changes of the miniature forum with papers of nearly all kinds


def _nothing(forum: Forum) -> None:
    pass


def _delete_returns(forum: Forum) -> None:
    shutil.rmtree(forum.path(RETURNS))
    forum.write(DEADLINES, "returns_due:\n  2019: 2019-12-31\n")


def _without_returns(forum: Forum) -> None:
    _delete_returns(forum)
    drop_papers(forum, lambda entry: entry["kind"] == "indicator-report")


def _with_one_return(forum: Forum) -> None:
    _delete_returns(forum)
    send_in(forum, f"{RETURNS}/2019/per.xlsx", row(activity_id="2019-01"), date=datetime.date(2019, 8, 1))


def _with_all_returns(forum: Forum) -> None:
    _delete_returns(forum)
    for economy in REGISTER.economies:
        file = f"{RETURNS}/2019/{economy.code.lower()}.xlsx"
        send_in(forum, file, row(activity_id="2019-01"), date=datetime.date(2019, 8, 1))


def _without_activity(forum: Forum) -> None:
    _delete_returns(forum)
    for code in ("per", "vnm"):
        send_in(forum, f"{RETURNS}/2019/{code}.xlsx", row(), date=datetime.date(2019, 8, 1))
    empty_schedules(forum)


def _naming_economies(forum: Forum) -> None:
    for file in forum.path(MINI3).parent.glob("*.yaml"):
        change_yaml(forum, f"{Path(MINI3).parent}/{file.name}", _name_all)


def _name_all(meeting: dict) -> None:
    for entry in meeting["papers"]:
        if entry.get("kind") in ("indicator-report", "mid-term-review", "final-review", "fora-report"):
            entry.update(name_economies=["missing", "late"], access="restricted", reason="It names economies")


def _with_changes(forum: Forum, number: int) -> None:
    """Add to both editions `number` activities for each kind of change, with what they were and are."""
    with forum.sheet(SCHEDULE) as older, forum.sheet(EDITION_2020) as newer:
        for at, (before, now) in enumerate(product_of(_CHANGES, number)):
            usual = {"area": "Access to markets", "title": f"Study {at}", "first": 2019, "last": 2020}
            usual |= {
                "who": "Peru",
                "project": None,
                "status": "in progress",
                "remarks": "reason: It was so.",
            }
            year = 2019 if before is not None else 2020
            one = {"id": f"{year}-{at + 10}", **usual}
            if before is not None:
                older.append([*{**one, **before}.values()])
            newer.append([*{**one, **now}.values()])


def product_of(changes: list[tuple], number: int) -> list[tuple]:
    return [change for change, _ in product(changes, range(number))]


_CHANGES: list[tuple[dict | None, dict]] = [
    (None, {"status": "proposed"}),
    ({"status": "proposed"}, {"status": "approved"}),
    ({"status": "approved"}, {}),
    ({}, {"status": "completed"}),
    ({"last": 2019}, {}),
    ({}, {"last": 2019, "status": "completed"}),
    ({}, {"first": 2018}),
    ({}, {"status": "approved"}),
    ({}, {"title": "Another title"}),
    ({}, {"who": "Chile"}),
    ({}, {"area": "Skills, Tools and the Digital Economy"}),
    ({}, {"project": "SME 09 2020A"}),
    ({}, {"status": "withdrawn", "remarks": "reason: Nobody took it up."}),
]


def _with_targets(forum: Forum, **figures: float) -> None:
    _delete_returns(forum)
    forum.replace(PLAN_FILE, "commitments:\n", f"{HEADING}\ncommitments:\n")
    forum.write(DEADLINES, "returns_due:\n  2019: 2019-12-31\n  2020: 2020-12-31\n")
    state(forum, PER_2020, rows=[row(date=TODAY)], date=TODAY, **figures)
    change_yaml(forum, MINI3, _report_on_2020)


def _report_on_2020(meeting: dict) -> None:
    for entry in meeting["papers"]:
        if entry.get("kind") == "indicator-report":
            entry["year"] = 2020


CASES: dict[str, Callable[[Forum], object]] = {
    "two returns": _nothing,
    "no return": _without_returns,
    "one return": _with_one_return,
    "a return of each economy": _with_all_returns,
    "economies named": _naming_economies,
    "no activity": _without_activity,
    "no priority area": lambda forum: leave_out(forum, "priority_areas"),
    "one change of each kind": lambda forum: _with_changes(forum, 1),
    "two changes of each kind": lambda forum: _with_changes(forum, 2),
    "targets without figures": _with_targets,
    "targets not reached": lambda forum: _with_targets(forum, berths=28, share=45.5, days=6),
    "targets reached": lambda forum: _with_targets(forum, berths=60, share=60, days=3),
}


# Sentences of templates, papers and phrases


def _of_templates() -> Iterator[tuple[str, list[str]]]:
    for file in sorted(TEMPLATES.glob("*.docx")):
        body = open_document(str(file)).element.body
        texts = ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]
        yield f"template {file.stem}", [text for text in texts if re.sub(r"{[{%].*?[%}]}", "", text).strip()]


def _of_papers(name: str, forum: Forum) -> Iterator[tuple[str, list[str]]]:
    model = forum.model()
    of_kind: dict[str, list[str]] = {}
    for meeting in model.meetings:
        for paper in meeting.papers:
            if not paper.received:
                of_kind.setdefault(paper.kind, []).extend(
                    _sentences(word_paper(model, meeting, paper)["fields"])
                )
    for kind, sentences in sorted(of_kind.items()):
        yield f"{name}: {kind}", [one for one in sentences if one.endswith(_SENTENCE_ENDS)]


def _sentences(value: Any) -> Iterator[str]:
    """Yield the texts of a context: strings, and lines of runs."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict) and "line" in value:
        yield plain(value["line"]).strip()
    else:
        for inside in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from _sentences(inside)


def _of_phrases(forum: Forum) -> Iterator[tuple[str, list[str]]]:
    """Yield what each phrase says with every number of `_NUMBERS`, and with its names known and unknown."""
    model = forum.model()
    meeting = next(m for m in model.meetings if any(paper.plan for paper in m.papers))
    seen = model.as_of(next(paper for paper in meeting.papers if paper.plan))
    for name, values in PHRASES.items():
        entries = next(file.form.phrases[name] for file in phrase_files(seen) if name in file.form.phrases)
        decide = set(re.findall(r"\w+", " ".join(entry.condition or "" for entry in entries)))
        said = [say(seen, name, **dict(zip(values, each, strict=True))) for each in _ways(values, decide)]
        yield f"phrase {name}", [sentence for sentence in said if sentence]


def _ways(values: dict[str, Any], decide: set[str]) -> Iterator[tuple]:
    """Yield values of a phrase: counts that are the same, and one different; texts that `decide` also unknown."""
    counted = [name for name, value in values.items() if value == COUNT]
    numbers = [dict.fromkeys(counted, number) for number in _NUMBERS]
    numbers += [{**numbers[-1], name: number} for name in counted if name in decide for number in _NUMBERS]
    for each in numbers:
        counts = {name: Count(Figure(number), _COUNTED.get(name, name[:-1])) for name, number in each.items()}
        others = {name: _other(value, name in decide) for name, value in values.items() if name not in counts}
        yield from product(*([counts[name]] if name in counts else others[name] for name in values))


def _other(value: str | int, decides: bool) -> tuple:
    if not decides or (isinstance(value, int) and value > 2000):
        return (value,)
    return (value, "") if isinstance(value, str) else (0, 1, 2)
