"""Check a paper that somebody sent, as intake and the checks of finished papers would."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from papers.checks.rules import build_rule_set
from papers.checks.run import limit_findings, paper_findings
from papers.docx.package import Package, PackageError
from papers.docx.template.prepare import TemplateFile, read_template
from papers.docx.texts import read_texts
from papers.inputs.config_files import forum_folders
from papers.inputs.forums import choose_forum
from papers.inputs.schemas import MeetingFile
from papers.inputs.yaml import read_yaml
from papers.intake_check.inputs_with_file import read_inputs_with
from papers.intake_check.recognise import Belongs
from papers.intake_check.result import Result
from papers.problems import Place, Problem, Problems, quoted
from papers.received.intake import findings_of, scan_files
from papers.received.page_size import page_size_notice, size_of_cover, sizes_of_pdf, sizes_of_word
from papers.store.cache import Cache
from papers.store.files import read_bytes
from papers.store.program import code_digest
from papers.store.template_folders import files_of_kinds
from papers.store.work_files import RECEIVED
from papers.wording.kind import SHARED_TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from papers.model.forum import Model
    from papers.model.meetings import Paper


def check_paper(root: Path, path: Path, options: Mapping[str, str]) -> Result:
    """Return what a build would find in a paper; `root` is the project's folder, the current one."""
    result = Result(path)
    place = _place(root, path, options, result.problems)
    if place is None:
        return result
    forum, meeting = place
    file = f"inputs/{forum}/{RECEIVED}/{meeting}/{path.name}"
    result.belongs = Belongs(f"a paper for {meeting}", forum, file) if meeting else None
    if not meeting:
        todo = f"Add meeting=..., or write an entry with file: {RECEIVED}/.../{path.name} into the meeting's file."
        what = f"no meeting whose file names {quoted(path.name)}"
        result.advice.append(
            str(Problem(Place(path.name), "no-meeting", what, "the meeting of the paper", todo))
        )
    model, found = read_inputs_with(root, forum, path, file)
    if model is None:
        result.elsewhere = found.lines()
        return result
    paper = next((one for each in model.meetings for one in each.papers if one.received == file), None)
    _add_findings(result, model, paper)
    if meeting and paper is None and file.removeprefix(f"inputs/{forum}/") not in model.set_aside:
        todo = f'Put it there, then run make new-paper meeting={meeting} file="{RECEIVED}/{meeting}/{path.name}".'
        result.advice.append(f"{path.name}: found no entry of {meeting} that names it; expected one. {todo}")
    return result


def _place(root: Path, path: Path, options: Mapping[str, str], problems: Problems) -> tuple[str, str] | None:
    """Return the forum of a paper, and its meeting ("" if nothing says which); None and a problem without a forum."""
    named = {place for place in _meetings(root, options) if path.name in place[2]}
    if "meeting" in options:
        named = {place for place in _meetings(root, options) if place[1] == options["meeting"]}
    if len(named) > 1:
        places = " or ".join(sorted(f"{meeting} of {forum}" for forum, meeting, _ in named))
        todo = f"Add meeting={sorted(named)[0][1]}, for example."
        problems.add(Place("command"), "several-meetings", f"a paper for {places}", "one meeting", todo)
        return None
    if named:
        return named.pop()[:2]
    forum = choose_forum(options, problems)
    if not forum:
        return None
    return forum, ""


def _meetings(root: Path, options: Mapping[str, str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the forum, the code and the names of received files of each meeting."""
    for forum in forum_folders(root):
        if options.get("forum", forum) != forum:
            continue
        for path in sorted(root.glob(f"inputs/{forum}/meetings/*.yaml")):
            document = read_yaml(path, path.name, MeetingFile, Problems())
            files = [entry.file for entry in document.form.papers if entry.file] if document else []
            yield forum, path.stem, tuple(file.rsplit("/", 1)[-1] for file in files)


def _add_findings(result: Result, model: Model, paper: Paper | None) -> None:
    """Add what scanning the file finds, and what the checks of words would find in it."""
    file = str(result.path)
    with tempfile.TemporaryDirectory(prefix="forum-papers-") as folder:
        scans = scan_files([file], Cache(Path(folder)), code_digest(), model)
    findings = findings_of(paper, {paper.received: scans[file]}, model) if paper else scans[file]["findings"]
    for one in findings:
        place = Place(result.path.name, part=one["place"])
        words = (one[key] for key in ("found", "expected", "todo"))
        problem = Problem(place, f"intake-{one['code']}", *words)
        if one["severity"] == "error":
            result.problems.found.append(problem)
        else:
            result.settle.append(str(problem))
    if not any(one["severity"] == "error" for one in findings):
        result.settle += [*_of_text(result, model), *_page_size(result, model.config.forum)]


def _of_text(result: Result, model: Model) -> Iterator[str]:
    """Yield the findings in the text of a Word file: words to avoid, open text, accessibility."""
    if result.path.suffix.lower() != ".docx":
        return
    rules = build_rule_set(model)
    try:
        texts = read_texts(read_bytes(result.path))
    except PackageError:
        return  # the scan reported it
    for one in limit_findings([*paper_findings(rules, texts, set())]):
        if rules.severities[one.code] != "off":
            place = Place(result.path.name, part=one.where)
            yield str(Problem(place, one.code, one.found, one.expected, one.todo))


def _page_size(result: Result, forum: str) -> list[str]:
    """Return a notice if the pages are of another size than the cover, as a list."""
    cover = files_of_kinds(Path(), forum, ".docx").get("cover")
    if cover is None:
        return []
    template = read_template(TemplateFile(Path(cover), cover, SHARED_TAGS["cover"]), Problems(), {})
    if template is None:
        return []
    data = read_bytes(result.path)
    sizes = sizes_of_pdf(data) if result.path.suffix.lower() == ".pdf" else sizes_of_word(Package.read(data))
    notice = page_size_notice(result.path.name, sizes, size_of_cover(template))
    return [notice] if notice else []
