"""Adapter of the rule `read`: config.yaml and inputs/ -> the model, and the texts of every meeting that has papers.

Writes, next to outputs/work/model.json: likely_doubles.csv (for the officer who decides about them), rules.json (for the
rule `check`), public.json (for the rule `public`), a context for each meeting and a trace for each paper. Problems go to
standard error, one on a line, all at once; then nothing is written and the exit code is 1.
"""

from __future__ import annotations

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
from papers.store.files import print_notices, to_json, write_atomic
from papers.store.processes import cpu_count, map_in_processes
from papers.store.work_files import write_context, write_summaries
from papers.wording.check_papers import check_papers
from papers.wording.compose import trace_meeting
from papers.wording.likely_duplicates import doubles_list

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Meeting

MIN_PAPERS_TO_SHARE = 200  # among processes: a paper takes 1.5 ms to word, a process 30 ms to start
# What the next build need not check again: the digest of a ledger without faults, and archived files without faults.
CHECKED_LEDGER, CHECKED_ARCHIVE = "ledger.checked", "archive.checked"


def main(root: Path, model_file: Path, contexts: Path, traces: Path, archive_stamp: Path | None) -> int:
    work, problems = model_file.parent, Problems()
    checked_ledger = work / CHECKED_LEDGER
    known = checked_ledger.read_text(encoding="utf-8") if checked_ledger.exists() else ""
    config = read_config(root / "config.yaml", problems)
    inputs = read_inputs(root, config, problems, known) if config else None
    model = build_model(inputs, config, problems) if inputs else None
    notices = _unpublish(work, model)
    if model:
        stamp = archive_stamp.read_text(encoding="utf-8").strip() if archive_stamp else ""
        _check(model, work, stamp, problems)
    if problems or model is None:
        print_notices(notices, sys.stderr)
        print(*problems.lines(), sep="\n", file=sys.stderr)
        return 1
    written = _write_contexts(model, contexts, traces)
    _write_facts(model, work, model_file, written.texts)
    write_atomic(checked_ledger, inputs.ledger.proven.encode())
    print_notices([*notices, *model.notices], sys.stderr)
    return 0


def _unpublish(work: Path, model: Model | None) -> list[str]:
    """Remove outputs/public if a paper in it is restricted now, even if the inputs have problems; return notices."""
    papers = [paper for meeting in model.meetings for paper in meeting.papers] if model else []
    return unpublish_restricted(work, work.parent, {str(paper.number): paper.access for paper in papers})


def _check(model: Model, work: Path, archive_stamp: str, problems: Problems) -> None:
    """Check the papers of the model, the archive, the corrections and the received files; add notices to the model."""
    check_papers(model, problems)
    forum, ledger = model.config.forum, model.ledger
    model.notices += check_archive(forum, ledger, work / CHECKED_ARCHIVE, problems, archive_stamp)
    check_printed(model.corrections, forum, ledger, problems)
    model.notices += check_received(model, work, problems)


class WrittenPapers(NamedTuple):
    """Papers whose contexts are written: their summaries by meeting, and digests of their texts by number."""

    summaries: dict[str, list[dict]]
    texts: dict[str, WordedPaper]


def _write_contexts(model: Model, contexts: Path, traces: Path) -> WrittenPapers:
    meetings = [meeting for meeting in model.chosen if meeting.papers]
    many = sum(len(meeting.papers) for meeting in meetings) >= MIN_PAPERS_TO_SHARE
    write = partial(_write_meetings, model, contexts, traces)
    shares = map_in_processes(write, meetings, cpu_count() if many else 1, least=2)
    summaries = {code: papers for share in shares for code, papers in share.summaries.items()}
    texts = {number: worded for share in shares for number, worded in share.texts.items()}
    summaries = {meeting.code: summaries[meeting.code] for meeting in meetings}
    write_summaries(contexts, summaries)
    return WrittenPapers(summaries, texts)


def _write_meetings(model: Model, contexts: Path, traces: Path, meetings: list[Meeting]) -> WrittenPapers:
    """Word and write one meeting after another: the texts of all of them would fill the memory."""
    written, has_restricted = WrittenPapers({}, {}), bool(restricted_papers(model))
    for meeting in meetings:
        context, paper_traces = trace_meeting(model, meeting)
        written.summaries[meeting.code] = write_context(contexts, traces, context, paper_traces)
        if has_restricted:  # what the public reads is compared with these texts
            pairs = zip(context["papers"], paper_traces, strict=True)
            written.texts.update({paper["number"]: worded_paper(paper, trace) for paper, trace in pairs})
    return written


def _write_facts(model: Model, work: Path, model_file: Path, texts: dict[str, WordedPaper]) -> None:
    write_atomic(model_file, to_json(as_data(model)))
    write_atomic(work / "likely_doubles.csv", doubles_list(model.indicators).encode("utf-8-sig"))
    write_atomic(work / "rules.json", to_json(build_rule_set(model).as_data()))
    write_atomic(work / "public.json", to_json(public_editions(model, texts)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--model", dest="model_file", type=Path, required=True)
    parser.add_argument("--contexts", type=Path, required=True)
    parser.add_argument("--traces", type=Path, required=True)
    parser.add_argument(
        "--archive-stamp", type=Path, help="changes with the archive; spares listing it again"
    )
    options = parser.parse_args()
    sys.exit(run_job(lambda: main(**vars(options))))
