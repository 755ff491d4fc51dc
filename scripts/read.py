"""Adapter of the rule `read`: config.yaml and inputs/ -> the model, and the texts of every meeting that has papers.

Writes, next to outputs/work/<forum>/model.json: likely_doubles.csv (for the officer who decides about them), rules.json (for the
rule `check`), public.json (for the rule `publish`), inputs.json (digests of all inputs), a context for each meeting and a
trace for each paper. If there are problems, all are reported and nothing is written.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from papers.checks.rules import build_rule_set
from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.job import run_job
from papers.ledger.archive import check_archive, inputs_of
from papers.model.forum import as_data, build_model
from papers.problems import Problems
from papers.public.editions import WordedPaper, public_editions, worded_paper
from papers.public.restricted import restricted_papers
from papers.public.unpublish import unpublish_restricted
from papers.received.intake import check_received
from papers.record.corrections import check_printed
from papers.store.cache import CACHE, Cache
from papers.store.delivery import lock_delivery
from papers.store.file_lists import dated_in_future, list_files
from papers.store.files import digest, read_bytes, to_json, write_atomic
from papers.store.processes import cpu_count, map_in_processes
from papers.store.program import code_digest
from papers.store.work_files import INPUTS_FILE, outputs_of, write_context, write_summaries
from papers.wording.check_papers import check_papers
from papers.wording.compose import trace_meeting
from papers.wording.likely_duplicates import doubles_list

if TYPE_CHECKING:
    from papers.job import JobLog
    from papers.model.forum import Model
    from papers.model.meetings import Meeting

MIN_PAPERS_TO_SHARE = 200  # among processes: a paper takes 1.5 ms to word, a process 30 ms to start


def main(log: JobLog, config: str, forum: str, work: str) -> None:
    files, overrides = (json.loads(config)[key] for key in ("files", "values"))
    folder, problems = Path(work), Problems()
    settings = read_config([Path(file) for file in files], overrides, problems, forum)
    inputs = read_inputs(Path(), settings, problems) if settings else None
    model = build_model(inputs, settings, problems) if inputs else None
    log.add_notices(_unpublish(folder, model))
    if model:
        _check(model, folder, problems)
    log.add_problems(problems)
    if problems or model is None:
        return
    written = _write_contexts(model, folder / "contexts", folder / "traces")
    _write_facts(model, folder, written.texts)
    log.add_notices([*model.notices, *problems.notices(), *_future_files(forum)])


def _future_files(forum: str) -> list[str]:
    """Return a notice for each file whose modification time is in the future; nothing else depends on the clock."""
    files = [*inputs_of(forum), *list_files("templates"), "config.yaml"]
    return [
        f"{file}: found a modification time in the future; expected one that has passed. It was built all the same;"
        " check the clock of the computer that it comes from, and save the file again."
        for file in dated_in_future(files)
    ]


def _unpublish(work: Path, model: Model | None) -> list[str]:
    """Remove from outputs/public what is restricted now, even if the inputs have problems; return notices."""
    meetings = model.meetings if model else []
    access = {str(paper.number): paper.access for meeting in meetings for paper in meeting.papers}
    files = {meeting.file for meeting in meetings}
    with lock_delivery(outputs_of(work)):
        return unpublish_restricted(work, outputs_of(work), access, files, model.grammar if model else None)


def _check(model: Model, work: Path, problems: Problems) -> None:
    """Check the papers of the model, the archive, the corrections and the received files; add notices to the model."""
    check_papers(model, problems)
    forum, ledger = model.config.forum, model.ledger
    model.notices += check_archive(forum, ledger, Cache(work / CACHE / "archive"), problems)
    check_printed(model.corrections, forum, ledger, problems)
    model.notices += check_received(model, work, problems, code_digest())


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
    write_summaries(contexts, summaries, model.grammar)
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


def _write_facts(model: Model, work: Path, texts: dict[str, WordedPaper]) -> None:
    write_atomic(work / "model.json", to_json(as_data(model)))
    known = model.received_digests  # of files that are not read again
    digests = {name: known.get(name) or digest(read_bytes(name)) for name in inputs_of(model.config.forum)}
    write_atomic(work / INPUTS_FILE, to_json(digests))
    write_atomic(
        work / "likely_doubles.csv",
        doubles_list(period.indicators for period in model.periods.values()).encode("utf-8-sig"),
    )
    write_atomic(work / "rules.json", to_json(build_rule_set(model).as_data()))
    write_atomic(work / "public.json", to_json(public_editions(model, texts)))


if __name__ == "__main__":
    sys.exit(run_job(main))
