"""The titles of papers whose entries state none, before a build: by the pattern of the kind, as `read` makes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papers.evaluation import ExpressionError
from papers.inputs.kind_files import read_kind_files
from papers.inputs.plan_folder import PLAN_FILE
from papers.inputs.plan_levels import plan_form
from papers.inputs.schemas import ForumFile
from papers.inputs.yaml import read_yaml
from papers.model.titles import entry_values, title_by_pattern

if TYPE_CHECKING:
    from papers.inputs.kind_files import KindFiles
    from papers.inputs.schemas import MeetingFile, PaperEntry
    from papers.problems import Place, Problems


@dataclass(frozen=True)
class TitleReader:
    """Completes entries of papers that state no title; `forum` is the name of its folder."""

    forum: str
    kinds: KindFiles
    problems: Problems

    @classmethod
    def of(cls, forum: str, problems: Problems) -> TitleReader:
        """Return the reader of a forum's entries; problems of the files of kinds are added."""
        return cls(forum, read_kind_files(Path(), forum, problems), problems)

    def titled(self, entry: PaperEntry, meeting: MeetingFile, place: Place) -> PaperEntry:
        """Return an entry with its title; report one that has none and whose pattern gives none."""
        kind = self.kinds.kinds.get(entry.kind)
        if entry.title is not None or kind is None:
            return entry
        folder = f"inputs/{self.forum}"
        forum = read_yaml(Path(folder, "forum.yaml"), f"{folder}/forum.yaml", ForumFile, self.problems)
        if forum is None:
            return entry
        plan = f"{folder}/{entry.plan}/{PLAN_FILE}"
        known = read_yaml(Path(plan), plan, plan_form, self.problems) if Path(plan).is_file() else None
        values = entry_values(entry, forum.form, meeting, known.form if known else None)
        try:
            return entry.model_copy(update={"title": title_by_pattern(kind.form.title, values)})
        except ExpressionError as error:
            self.problems.add(place, "missing-title", f"no title, and {error.found}", *_ADVICE)
            return entry


_ADVICE = ('a line "title: ..."', "Write the title, or what the pattern of its kind names.")
