"""Compare filled papers with what was issued, before they are delivered, and say why a paper changed.

An issued paper is delivered from the archive. If it differs because of its inputs, that is a problem; if it differs
because of the program or a template only, a notice.

The job `fill` imports this module: standard library only, without `pathlib` and `typing`.
"""

from __future__ import annotations

import json
import os

from papers.errors import UserError
from papers.richtext import unescaped
from papers.store.files import digest, read_bytes, read_json
from papers.store.template_folders import is_template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from papers.store.paper_context import Issued, PaperContext

_MOST_NAMED = 3  # changed files, or papers, in one message
_ENTRY = "# entry "  # begins the comment with the digest of what the paper's entry states
_PROGRAM = "# program "  # begins the comment with the program's digest; lists of earlier versions have none
_HELD_BACK = "# held back "  # begins the comment with the warnings that nobody had accepted
_CONFIG = "config.yaml"
_SETTINGS = f"{_CONFIG} or --config"  # of settings that are in no file of the list
_SETTINGS_FILE = "settings.yaml"  # in the folder of the forum


class IssuedPapers:
    """The papers of a meeting that were issued under exactly their number; `context` is the file of its context.

    After `replace`: `notices` has what to say of papers that differ from their issue because of the program or a
    template, `problems` a message for each paper whose inputs changed. Paths in contexts are relative to the project,
    which is the current folder.
    """

    def __init__(self, context: str):
        self.notices: list[str] = []
        self.problems: list[str] = []
        self._context = context
        self._unescaped: dict[str, PaperContext] = {}

    def replace(self, papers: list[tuple[PaperContext, bytes]]) -> list[tuple[PaperContext, bytes]]:
        """Return the papers (context, bytes) with the issued bytes of those whose inputs did not change.

        Raise UserError if an archived file that is needed is missing or damaged.
        """
        delivered, kept, changed = [], [], []
        for paper, data in papers:
            own = self._own(paper) if _differs(paper, data) else None
            if own and _changed_inputs(own):
                changed.append(own)
            elif own:
                data = _read_archived(own)
                kept.append(own)
            delivered.append((paper, data))
        self.problems = _messages(changed)
        self.notices = [_notice(kept)] if kept else []
        return delivered

    def has_same_inputs(self, paper: PaperContext) -> bool:
        """Return whether a paper was issued, and its inputs have not changed it since."""
        return bool(paper.get("issued")) and not _changed_inputs(self._own(paper))

    def _own(self, paper: PaperContext) -> PaperContext:
        """Return a paper's context as `read` wrote it, without what `fill` escapes."""
        if not self._unescaped:
            self._unescaped = {own["number"]: own for own in read_json(self._context)["papers"]}
        return self._unescaped[unescaped(paper["number"])]


def _differs(paper: PaperContext, data: bytes) -> bool:
    issued = paper.get("issued")
    return issued is not None and digest(data) != issued["sha256"]


def _issue_of(paper: PaperContext) -> Issued:
    """Return the issue of a paper that was issued."""
    if paper["issued"] is None:
        raise ValueError(f"{paper['number']} was not issued")
    return paper["issued"]


def _messages(papers: list[PaperContext]) -> list[str]:
    """Return a message for each paper that its inputs changed; lists that only follow are named in those of others."""
    others = [paper for paper in papers if not paper["listed"] and not _is_stated(paper, "entry")]
    following = [paper["number"] for paper in papers if _follows(paper, others)]
    return [
        _message(paper, following if paper in others else [])
        for paper in papers
        if paper["number"] not in following
    ]


def _follows(paper: PaperContext, others: list[PaperContext]) -> bool:
    """Return whether a list of papers differs from what was issued only because the entries of `others` changed."""
    if not (paper["listed"] and others) or _changed_inputs(paper) - files_of_entry(_issue_of(paper)["place"]):
        return False
    entries = {**paper["listed"], **{other["number"]: _entry_when_issued(other) for other in others}}
    return f"{_ENTRY}{digest_of_entries(entries)}" in _sources_text(paper).splitlines()


def _entry_when_issued(paper: PaperContext) -> str:
    lines = _sources_text(paper).splitlines()
    return next((line[len(_ENTRY) :] for line in lines if line.startswith(_ENTRY)), "")


def digest_of_entries(entries: dict[str, str]) -> str:
    """Return the digest `entry` of a paper that lists others; `entries` are theirs by number, in order."""
    return digest(json.dumps([*entries.values()]).encode())


def _message(paper: PaperContext, following: list[str]) -> str:
    number, issued, changed = paper["number"], _issue_of(paper), _changed_inputs(paper)
    why = reason_for_change(changed - {_CONFIG, _SETTINGS}, changed)
    if not _is_stated(paper, "program"):
        why = f"{why.removesuffix(' changed')} or the program changed"
    found = f"{number} differing from what was issued on {issued['date']}, because {why}"
    todo = f'Undo the change, or run make revise paper={number} why="...".'
    if following:
        lists = " and ".join(following)
        found += f", and its entry in {lists} with it"
        todo = f"{todo[:-1]}, which also begins the next revision of {lists}."
    return f"{issued['place']}: found {found}; expected the paper as it was issued. {todo}"


def _notice(papers: list[PaperContext]) -> str:
    """Return what to say of the papers of a meeting that are delivered as issued although they would differ."""
    numbers = [paper["number"] for paper in papers]
    causes = sorted({cause for paper in papers for cause in _changed_look(paper)})
    found = f"{_listed(numbers)} differing from what was issued, because {' and '.join(causes)} changed"
    todo = (
        "There is nothing to do: the issued files are delivered. For a paper with the new look, run make revise"
        f' paper={numbers[0]} why="...".'
    )
    return f"{_issue_of(papers[0])['place']}: found {found}; expected what was issued. {todo}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _changed_look(paper: PaperContext) -> list[str]:
    """Return what gave a paper another look than it had when it was issued: templates, the logo, the program."""
    sources = _read_sources(paper)
    inputs = {*paper["made_from"], _CONFIG}
    logo = {name for name in sources if not is_template(name)} - inputs
    look = sorted({*paper["templates"], *(name for name in logo if os.path.isfile(name))})
    changed = [name for name in look if _digest(name) != sources.get(name)]
    recorded = _PROGRAM in _sources_text(paper)
    by_program = not _is_stated(paper, "program") if recorded else not changed
    return [*changed, *(["the program"] if by_program else [])] or ["a package that the program uses"]


def _changed_inputs(paper: PaperContext) -> set[str]:
    """Return the inputs changed, deleted or added since an issued paper's issue; none if they did not change it."""
    sources = _read_sources(paper)
    inputs = {name: sha256 for name, sha256 in sources.items() if not is_template(name)}
    changed = {name for name, sha256 in inputs.items() if _digest(name) != sha256}
    changed |= {*paper["made_from"]} - inputs.keys()
    if _is_stated(paper, "text"):
        return set()
    same_program, same_entry = _is_stated(paper, "program"), _is_stated(paper, "entry")
    if (
        same_entry
    ):  # then these say the same of the paper: the other text is that of other inputs, or of another program
        others = changed - files_of_entry(_issue_of(paper)["place"])
        changed = others if others or not same_program else changed
    if same_program and not same_entry and not changed:
        return {_SETTINGS}
    return changed


def _is_stated(paper: PaperContext, what: str) -> bool:
    """Return whether the list of an issued paper's sources has the present digest of `what`."""
    return _comments(paper)[what] in _sources_text(paper).splitlines()


def changed_since_issue(context: Path | str) -> dict[str, list[str]]:
    """Return number -> the inputs that changed since its issue, of the papers of a meeting that they changed.

    `context` is the file of the meeting's context, as `read` wrote it.
    """
    papers: list[PaperContext] = read_json(context)["papers"]
    changed = {paper["number"]: _changed_inputs(paper) for paper in papers if paper.get("issued")}
    return {number: sorted(files) for number, files in changed.items() if files}


def source_comments(paper: PaperContext) -> list[str]:
    """Return the comments of a paper's list of sources, which `sha256sum -c` skips. `paper`: as `read` wrote it.

    They are the digests of all that the paper says, whatever its look; of what config.yaml and its meeting's file
    state about it, as these files change for other papers; and of the program. The last one has the warnings that
    keep it out of outputs/public, if there are any.
    """
    held_back = [f"{_HELD_BACK}{' '.join(paper['held_back'])}"] if paper.get("held_back") else []
    return [*_comments(paper).values(), *held_back]


def held_back_when_issued(sources: str) -> set[str]:
    """Return the codes of the warnings that kept a paper out of outputs/public when it was issued.

    `sources` is the file of its list of sources. Warnings that a later version of the program gives do not count.
    """
    lines = read_bytes(sources).decode().splitlines() if os.path.isfile(sources) else []
    return {code for line in lines if line.startswith(_HELD_BACK) for code in line[len(_HELD_BACK) :].split()}


def is_of_this_program(sources: str) -> bool:
    """Return whether the paper with this list of sources was issued by this version of the program."""
    return os.path.isfile(sources) and _program() in read_bytes(sources).decode().splitlines()


def _program() -> str:
    from papers.store.program import code_digest  # noqa: PLC0415 -- only for papers that changed

    return f"{_PROGRAM}{code_digest()}"


def _comments(paper: PaperContext) -> dict[str, str]:
    text = json.dumps(
        [paper["fields"], paper["properties"], paper.get("received_sha256", "")], sort_keys=True
    )
    return {
        "text": f"# text {digest(text.encode())}",
        "entry": f"{_ENTRY}{paper['entry']}",
        "program": _program(),
    }


# The archive


def _read_archived(paper: PaperContext) -> bytes:
    """Return a paper as it was issued; `read` reports damage too, but the file may have changed since."""
    issued = _issue_of(paper)
    data = _read_file(issued["kept"], paper)
    if digest(data) != issued["sha256"]:
        raise _not_as_issued(issued["kept"], "a changed file", paper)
    return data


def _read_sources(paper: PaperContext) -> dict[str, str]:
    return sources_of(_sources_text(paper))


def _sources_text(paper: PaperContext) -> str:
    return _read_file(_issue_of(paper)["sources"], paper).decode()


def _read_file(file: str, paper: PaperContext) -> bytes:
    try:
        return read_bytes(file)
    except FileNotFoundError as error:
        raise _not_as_issued(file, "no such file", paper) from error


def _not_as_issued(file: str, what: str, paper: PaperContext) -> UserError:
    found = f"{file}: found {what}, archived for {paper['number']}; expected the file as it was issued."
    return UserError(f"{found} Restore it from your backup or from git: an issued file never changes.")


def _digest(path: str) -> str:
    return digest(read_bytes(path)) if os.path.isfile(path) else ""


def sources_of(text: str) -> dict[str, str]:
    """Return the entries of a list as sha256sum writes it: file -> digest."""
    lines = (line.partition("  ") for line in text.splitlines())
    return {name: sha256 for sha256, _, name in lines if name}


def files_of_entry(meeting_file: str) -> set[str]:
    """Return the files of whose content the digest `entry` of a paper has what they state about it."""
    forum = meeting_file.rpartition("/")[0].rpartition("/")[0]
    return {meeting_file, f"{forum}/{_SETTINGS_FILE}", _CONFIG}


def reason_for_change(used: Iterable[str], changed: set[str]) -> str:
    """Return a phrase such as "inputs/a.yaml changed"; "" where none of the files that a paper uses changed.

    It names those of `used` that are among `changed`; without any, config.yaml. Of several files it says that one or
    the other changed it, as nothing shows which.
    """
    of_settings = {name for name in changed if name.startswith(_CONFIG)}
    for group in ({*used} & changed - of_settings, of_settings):
        if group:
            return f"{_one_of(sorted(group))} changed"
    return ""


def _one_of(names: list[str]) -> str:
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} or one of {len(names) - _MOST_NAMED} more"
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
