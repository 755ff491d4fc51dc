"""Adapter of the rule `read`: config.yaml and inputs/ -> the model, and a context for each meeting that has papers.

Writes outputs/work/model.json (for people and tests), likely_doubles.csv beside it (for the person who decides about
them), rules.json (for the rule `check`), public.json (for the rule `public`), contexts/<meeting>.json with contexts/index.json and papers.json, and
traces/<year>/<meeting>/<file of the paper>.json. Problems go to standard error, one a line, all at once; then nothing
is written and the exit code is 1.
"""

from __future__ import annotations

import gc

if __name__ == "__main__":
    gc.disable()  # a short job that keeps nearly all it makes: looking for garbage costs a tenth of its time, of its imports as well

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from papers.checks.rules import build_rule_set
from papers.errors import run_job
from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.ledger.archive import check_archive
from papers.model.forum import as_data, build_model
from papers.problems import Problems
from papers.public.editions import WordedPaper, public_editions, worded_paper
from papers.public.restricted import restricted_papers
from papers.public.unpublish import unpublish_restricted
from papers.received.intake import check_received
from papers.record.corrections import check_printed
from papers.store.contexts import PAPERS_FILE, summary_of_context, trace_file
from papers.store.files import print_notices, to_json, write_atomic
from papers.store.processes import cpu_count, map_in_processes
from papers.wording.check_papers import check_papers
from papers.wording.compose import trace_meeting
from papers.wording.doubles_list import doubles_list

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Meeting

_PROVEN = "ledger.proven"
WORTH_SHARING = 200  # papers, each of which takes about 1.5 ms to word


def main(root: Path, model_file: Path, contexts: Path, traces: Path, kept: Path | None) -> int:
    problems = Problems()
    config = read_config(root / "config.yaml", problems)
    inputs = read_inputs(root, config, problems, _proven(model_file)) if config else None
    model = build_model(inputs, config, problems) if inputs else None
    notes = _take_back(model_file.parent, model)
    if model:
        check_papers(model, problems)
        store, issued = (
            model_file.with_name("kept.txt"),
            kept.read_text(encoding="utf-8").strip() if kept else "",
        )
        model.notices += check_archive(model.config.forum, model.ledger, store, problems, issued)
        check_printed(model.corrections, model.config.forum, model.ledger, problems)
        model.notices += check_received(model, model_file.parent, problems)
    if problems or model is None:
        print_notices(notes, sys.stderr)
        print(*problems.lines(), sep="\n", file=sys.stderr)
        return 1
    _write(model, model_file, contexts, traces)
    write_atomic(model_file.with_name(_PROVEN), inputs.ledger.proven.encode())
    print_notices([*notes, *model.notices], sys.stderr)
    return 0


def _write(model: Model, model_file: Path, contexts: Path, traces: Path) -> None:
    meetings = [meeting for meeting in model.chosen if meeting.papers]
    words = partial(_word, model, contexts, traces)
    many = sum(len(meeting.papers) for meeting in meetings) >= WORTH_SHARING
    made = map_in_processes(words, meetings, cpu_count() if many else 1, least=2)
    papers = {code: those for share in made for code, those in share.papers.items()}
    papers = {meeting.code: papers[meeting.code] for meeting in meetings}
    index = {code: sorted({paper["kind"] for paper in those}) for code, those in papers.items()}
    worded = {number: said for share in made for number, said in share.worded.items()}
    write_atomic(contexts / "index.json", to_json(index))
    write_atomic(contexts / PAPERS_FILE, to_json(papers))
    write_atomic(model_file, to_json(as_data(model)))
    write_atomic(
        model_file.with_name("likely_doubles.csv"), doubles_list(model.indicators).encode("utf-8-sig")
    )
    write_atomic(model_file.with_name("rules.json"), to_json(build_rule_set(model).as_data()))
    write_atomic(model_file.with_name("public.json"), to_json(public_editions(model, worded)))


class Share(NamedTuple):
    """What is kept of the papers of some meetings when their texts are written: `papers` by meeting, `worded` by number."""

    papers: dict[str, list[dict]]
    worded: dict[str, WordedPaper]


def _word(model: Model, contexts: Path, traces: Path, meetings: list[Meeting]) -> Share:
    """Words and writes one meeting after the other: the texts of all would fill the memory."""
    made, hidden = Share({}, {}), bool(restricted_papers(model))
    for meeting in meetings:
        context, traced = trace_meeting(model, meeting)
        write_atomic(contexts / f"{meeting.code}.json", to_json(context))
        for paper, trace in zip(context["papers"], traced, strict=True):
            write_atomic(traces / trace_file(trace["file"]), to_json(trace))
            if hidden:
                made.worded[paper["number"]] = worded_paper(paper, trace)
        made.papers[meeting.code] = [summary_of_context(paper) for paper in context["papers"]]
    return made


def _take_back(work: Path, model: Model | None) -> list[str]:
    """What is restricted now is no longer public, whatever else is wrong. A meeting that cannot be read has no public paper."""
    papers = [paper for meeting in model.meetings for paper in meeting.papers] if model else []
    return unpublish_restricted(work, work.parent, {str(paper.number): paper.access for paper in papers})


def _proven(model_file: Path) -> str:
    """The digest of the ledger that the last build followed from its first line to its last."""
    kept = model_file.with_name(_PROVEN)
    return kept.read_text(encoding="utf-8") if kept.exists() else ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--contexts", type=Path, required=True)
    parser.add_argument("--traces", type=Path, required=True)
    parser.add_argument(
        "--kept", type=Path, help="a file with the stamp of the kept files, where it is known"
    )
    arguments = parser.parse_args()
    code = run_job(
        lambda: main(arguments.root, arguments.model, arguments.contexts, arguments.traces, arguments.kept)
    )
    gc.freeze()  # nor at the end, where Python looks once more
    sys.exit(code)
