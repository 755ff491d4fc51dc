"""The papers that a folder of inputs gives, in memory: their texts and figures, and a paper as paragraphs with its sources."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from papers.docx.fill import context_of, read_prepared
from papers.docx.locate_tags import with_places
from papers.edits.text_sources import find_marks, mark_texts
from papers.edits.word_copy import read_copy
from papers.errors import UserError
from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.model.forum import build_model
from papers.problems import Problems
from papers.store.files import DamagedFile
from papers.store.work_files import prepared_folder, work_folder
from papers.wording.check_papers import check_papers
from papers.wording.compose import trace_paper

if TYPE_CHECKING:
    from papers.edits.text_sources import PrintedText, TextSource
    from papers.edits.word_copy import CopyParagraph, WordCopy
    from papers.inputs.config import Config
    from papers.inputs.folder import Inputs
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper
    from papers.problems import Place
    from papers.store.paper_context import PaperContext, Trace

_ATTEMPTS = 4  # to put marks into the texts of the inputs


@dataclass(frozen=True)
class InputPapers:
    """The papers that inputs give, each with its meeting, by number."""

    model: Model
    papers: dict[str, tuple[Meeting, Paper]]

    def worded(self, number: str) -> tuple[PaperContext, Trace]:
        """Return the context and the trace of a paper."""
        return trace_paper(self.model, *self.papers[number])


def papers_of_inputs(root: Path, forum: str, problems: Problems) -> InputPapers | None:
    """Return the papers of a forum from the inputs below `root`; None and all problems of the inputs."""
    config = read_config([root / "config.yaml"], {}, problems, forum)
    inputs = read_inputs(root, config, problems) if config else None
    return _papers_of(inputs, config, problems) if inputs and config else None


def _papers_of(inputs: Inputs, config: Config, problems: Problems) -> InputPapers | None:
    model = build_model(inputs, config, problems)
    if model is None:
        return None
    check_papers(model, problems)
    if problems:
        return None
    chosen = {str(paper.number): (meeting, paper) for meeting in model.chosen for paper in meeting.papers}
    return InputPapers(model, chosen)


def filled_bytes(context: PaperContext, forum: str) -> bytes:
    """Return the Word file of a paper, as a build fills it; templates are those of the last build."""
    (paper,) = context_of(json.dumps({"papers": [context]}, ensure_ascii=False))["papers"]
    try:
        prepared = read_prepared(prepared_folder(work_folder(forum)) / f"{context['kind']}.prepared")
    except (OSError, DamagedFile) as error:
        found = "found no templates that a build prepared; expected those of the last build"
        raise UserError(f"outputs/work: {found}. Run make, then compare again.") from error
    return prepared.fill(with_places(prepared, paper))


def paper_of(context: PaperContext, forum: str) -> WordCopy:
    """Return a paper as a build gives it."""
    return read_copy(filled_bytes(context, forum))


@dataclass(frozen=True)
class SourcedPaper:
    """The paragraphs of a paper as the inputs give it now; and of each, the texts of the inputs that it prints."""

    context: PaperContext
    trace: Trace
    copy: WordCopy
    printed: dict[int, list[PrintedText]] = field(default_factory=dict)  # by the id of the paragraph

    @property
    def paragraphs(self) -> list[CopyParagraph]:
        return self.copy.paragraphs

    def printed_in(self, paragraph: CopyParagraph | None) -> list[PrintedText]:
        return self.printed.get(id(paragraph), [])


def sourced_paper(papers: InputPapers, number: str, forum: str) -> SourcedPaper:
    """Return a paper with its sources."""
    context, trace = papers.worded(number)
    paper = SourcedPaper(context, trace, paper_of(context, forum))
    again, marked = _marked_papers(forum)
    with_marks = paper_of(again.worded(number)[0], forum).paragraphs if again else []
    if len(with_marks) == len(paper.paragraphs):
        for paragraph, other in zip(paper.paragraphs, with_marks, strict=True):
            text, printed = find_marks(other.text, marked)
            if text == paragraph.text:
                paper.printed[id(paragraph)] = printed
    return paper


def _marked_papers(forum: str) -> tuple[InputPapers | None, list[list[TextSource]]]:
    """Return the papers with marks in their texts, and what the marks stand for; None if no marks are possible.

    A text in which a mark is a problem, as other inputs refer to it, gets none.
    """
    but: set[Place] = set()
    for _ in range(_ATTEMPTS):
        problems = Problems()
        config = read_config([Path("config.yaml")], {}, problems, forum)
        inputs = read_inputs(Path(), config, problems) if config else None
        if inputs is None or config is None:
            break
        marked = mark_texts(inputs, but)
        if papers := _papers_of(inputs, config, problems):
            return papers, marked
        but |= {problem.place for problem in problems.found}
    return None, []
