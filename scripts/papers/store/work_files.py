"""What `read` and other jobs leave in outputs/work/<forum> for later jobs: names of files, and readers.

contexts/<meeting>.json   by `read`: all that `fill` needs to know of a meeting's papers, their texts included
contexts/index.json       by `read`: meeting -> the kinds of its papers
contexts/papers.json      by `read`: meeting -> its papers, with the number of their figures, without their texts, which
                           are fifty times as large
contexts/numbers.json     by `read`: what document numbers look like, see papers.numbers.Grammar
traces/<paper>.json       by `read`: where each figure of a paper was counted from
filled/<meeting>/         by `fill`: the papers of a meeting; its manifest has them under "papers", and under
                           "blank_contents" the numbers of those that are not issued and whose table of contents has
                           no page numbers
templates/<kind>.prepared by `prepare`: what papers of a kind are filled from; see `prepared_folder`
changes/<meeting>/        by `redline`: comparisons; its manifest has them under "papers" and "compared"
pdf/<meeting>/            by `pdf`: PDFs; its manifest has them under "papers" and "converted"

Standard library only, as every build imports this module.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, cast

from papers.store.files import DamagedFile, read_json, to_json, write_atomic
from papers.store.output_files import CHANGES, PAPERS, PDF
from papers.store.stages import MANIFEST, read_manifest, staged_files
from papers.store.template_folders import has_own_templates

if TYPE_CHECKING:
    from typing import Any

    from papers.numbers import Grammar
    from papers.store.files import BuiltFile
    from papers.store.paper_context import MeetingContext, PaperContext, PaperSummary, Trace

INDEX_FILE, PAPERS_FILE, NUMBERS_FILE = "index.json", "papers.json", "numbers.json"  # below contexts
INPUTS_FILE = "inputs.json"  # digests of the inputs that were read
CLASSIFICATION_LIST = "classification-list"
MID_TERM_REVIEW, FINAL_REVIEW = "mid-term-review", "final-review"
IMPLEMENTATION_SCHEDULE = "implementation-schedule"
LIST_OF_ITEMS, SCHEDULE_CHANGES = "list-of-items", "schedule-changes"  # reviews refer to them
UPDATED_SCHEDULE = "updated-schedule"  # the kind whose schedule is compared with that of the year before
RECEIVED = (
    "received"  # the kind of papers that others send, and the name of their folder below inputs/<forum>/
)
ANNEX = "sources-annex"
SHARED_TEMPLATES = ("cover", ANNEX)  # templates that are parts of papers of many kinds
WORK = Path("outputs/work")
_TEXTS = ("fields", "places", "listed")  # keys of a paper's context


def work_folder(forum: str) -> Path:
    """Return the folder of a forum's intermediate files; functions call it `work`."""
    return WORK / forum


def work_folders(root: Path = WORK) -> list[Path]:
    """Return the folders of all forums that were built, also of those that config.yaml does not name now."""
    return sorted(index.parents[1] for index in root.glob(f"*/contexts/{INDEX_FILE}"))


def prepared_folder(work: Path) -> Path:
    """Return the folder with the prepared templates of a forum: one for all forums that have none of their own."""
    own = has_own_templates(outputs_of(work).parent, work.name)
    return (work if own else work.parent) / "templates"


def outputs_of(work: Path) -> Path:
    """Return the folder outputs to which a forum's folder of intermediate files belongs."""
    return work.parents[1]


def summary_of_context(paper: PaperContext, figures: int) -> PaperSummary:
    """Return a paper's context as papers.json keeps it: of its texts only the cover's, and its number of figures."""
    known = {key: value for key, value in paper.items() if key not in _TEXTS}
    return cast("PaperSummary", {**known, "cover": paper["fields"]["cover"], "figures": figures})


def write_context(
    contexts: Path, traces: Path, context: MeetingContext, paper_traces: list[Trace]
) -> list[PaperSummary]:
    """Write the context of a meeting, the trace of each of its papers, and what `receive` needs of received ones.

    The last alone, as a changed text of another paper must not prepare received files again. Return the summaries of the papers, each with the number of figures in its trace.
    """
    write_atomic(contexts / f"{context['meeting']}.json", to_json(context))
    received = [
        {key: paper[key] for key in ("number", "received", "received_sha256", "issued")}
        for paper in context["papers"]
        if paper["received"]
    ]
    if received:
        write_atomic(contexts / RECEIVED / f"{context['meeting']}.json", to_json({"papers": received}))
    for trace in paper_traces:
        write_atomic(traces / trace_file(trace["file"]), to_json(trace))
    return [
        summary_of_context(paper, len(trace["figures"]))
        for paper, trace in zip(context["papers"], paper_traces, strict=True)
    ]


def write_summaries(contexts: Path, papers: dict[str, list[PaperSummary]], grammar: Grammar) -> None:
    """Write what most jobs need of all contexts. `papers`: code of a meeting -> the summaries of its papers."""
    write_atomic(contexts / NUMBERS_FILE, to_json(grammar.as_data()))
    kinds = {code: sorted({paper["kind"] for paper in summaries}) for code, summaries in papers.items()}
    write_atomic(contexts / INDEX_FILE, to_json(kinds))
    write_atomic(contexts / PAPERS_FILE, to_json(papers))


def papers_by_meeting(contexts: Path) -> dict[str, list[PaperSummary]]:
    """Return papers.json: code of a meeting -> its papers in order of their numbers.

    `contexts` is outputs/work/<forum>/contexts. Raise DamagedFile if papers.json is not as a build wrote it.
    """
    papers: dict[str, list[PaperSummary]] = _read_by_meeting(contexts / PAPERS_FILE)
    return papers


def read_grammar(contexts: Path) -> Grammar:
    """Return the grammar of the document numbers of the last build.

    `contexts` is outputs/work/<forum>/contexts. Raise DamagedFile if numbers.json is not as a build wrote it.
    """
    from papers.numbers import Grammar  # noqa: PLC0415 -- few jobs parse numbers

    try:
        return Grammar.from_data(read_json(contexts / NUMBERS_FILE))
    except (LookupError, TypeError, ValueError, re.error) as error:
        raise DamagedFile(contexts / NUMBERS_FILE) from error


def kinds_by_meeting(contexts: Path) -> dict[str, list[str]]:
    """Return index.json: code of a meeting -> the kinds of its papers.

    `contexts` and errors as in `papers_by_meeting`.
    """
    return _read_by_meeting(contexts / INDEX_FILE)


def _read_by_meeting(path: Path) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = read_json(path)
    if not all(isinstance(value, list) for value in found.values()):
        raise DamagedFile(path)
    return found


def trace_file(paper_file: str) -> str:
    """Return the path of a paper's trace, relative to the folder of traces."""
    return f"{paper_file.removesuffix('.docx')}.json"


def pdf_path(paper: str) -> str:
    """Return the path of a paper's PDF below outputs/pdf."""
    return PurePosixPath(paper).with_suffix(".pdf").as_posix()


def manifests(folder: Path) -> list[dict[str, Any]]:
    """Return the manifests of the last papers, comparisons or PDFs, one a meeting; none before the first.

    `folder` is outputs/work/<forum>/filled, changes or pdf.
    """
    return [read_manifest(file.parent) for file in sorted(folder.glob(f"*/{MANIFEST}"))]


def blank_contents(work: Path) -> dict[str, str]:
    """Return number of a paper -> code of its meeting, of the last build's papers whose contents list has no page numbers.

    Papers that are issued are left out, as they stay as they are.
    """
    filled = manifests(work / "filled")
    return {number: manifest["meeting"] for manifest in filled for number in manifest["blank_contents"]}


def built_files(work: Path) -> dict[str, BuiltFile]:
    """Return path below outputs -> file, of the papers, PDFs and comparisons of the last build."""
    groups = {PAPERS: "filled", PDF: "pdf", CHANGES: "changes"}
    return {
        f"{folder}/{name}": file
        for folder, stages in groups.items()
        for manifest in sorted((work / stages).glob(f"*/{MANIFEST}"))
        for name, file in staged_files(manifest.parent).items()
    }


def outdated_files(folder: Path, delivered: dict[str, str], made_by: str = "compared") -> list[str]:
    """Return the comparisons (or PDFs, with "converted") made from an earlier text of a paper.

    `delivered` maps the file of each paper to its digest now.
    """
    files = [file for manifest in manifests(folder) for file in manifest[made_by]]
    return [
        file["file"]
        for file in files
        if any(delivered.get(paper) != sha256 for paper, sha256 in file["of"].items())
    ]
