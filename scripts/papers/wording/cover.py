"""The cover of every paper, its headers and footers, and its document properties in Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.wording import english
from papers.wording.line_breaks import kept_together, title_lines
from papers.wording.tags import Contents, Each, Line, Picture, Text, Values

if TYPE_CHECKING:
    from papers.model.contents_pages import ContentsPages
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper
    from papers.store.paper_context import Properties
    from papers.wording.marks import Marks

TAGS = {
    "number": Text("number of the paper: 2016/SMEWG43/015"),
    "agenda_label": Text("what stands before the item: Agenda Item:; empty where there is none"),
    "purpose_label": Text("what stands before the purpose: Purpose:; empty where there is none"),
    "submitted_by_label": Text("what stands before who submits it: Submitted by:; empty where there is none"),
    "forum_doc_no_label": Text("what stands before that number: Forum Doc. No.:; empty where there is none"),
    "agenda_item": Text("item of the agenda, without a label: 12; empty where there is none"),
    "title": Text("title of the paper"),
    "status": Text("words under the title, such as (Draft), or that the text is restated; usually empty"),
    "purpose": Text("what the paper is for: Information; empty where there is none"),
    "submitted_by": Text("who submits the paper"),
    "forum_doc_no": Text("number under which it was tabled before; empty where there is none"),
    "host_mark": Each("lines of the host's mark: APEC PERU, 2016"),
    "meeting": Line("the meeting with its ordinal"),
    "place": Text("City, Economy; empty for a virtual meeting"),
    "dates": Text("7-8 September 2016"),
    "illustrative": Text("says that figures, or the paper, are illustrations; empty where they are real"),
    "organisation": Text("the organisation, in lines as on its papers: Asia-Pacific, Economic Cooperation"),
    "logo": Picture("the picture named in forum.yaml, or nothing"),
}
PAPER_TAGS = {
    "number": Text("number of the paper, for headers and footers"),
    "mark": Text("words that each page must carry, such as Illustrative figures; usually empty"),
    "contents": Contents("the table of contents, of all headings in the styles Heading 1 and Heading 2"),
}


def paper_context(paper: Paper, marks: Marks, pages: ContentsPages | None = None) -> Values:
    """Return the values of `PAPER_TAGS`; `pages` are for the table of contents, where they are known."""
    return {
        "number": str(paper.number),
        "mark": marks.on_pages,
        "contents": richtext.contents(pages.made_for, list(pages.pages)) if pages else richtext.contents(),
    }


def context(model: Model, meeting: Meeting, paper: Paper, marks: Marks) -> Values:
    """Return the values of `TAGS`."""
    labels, submitters = model.organisation.form.labels, submitted_by(model, paper)
    together = _kept_together(model)
    return {
        "agenda_label": (paper.item_label or labels.agenda_item) if paper.agenda_item else "",
        "purpose_label": labels.purpose if paper.purpose else "",
        "submitted_by_label": labels.submitted_by if submitters else "",
        "forum_doc_no_label": labels.forum_doc_no if paper.forum_doc_no else "",
        "number": str(paper.number),
        "agenda_item": paper.agenda_item,
        "title": title_lines(paper.title, together),
        "status": "\n".join(words for words in (paper.status, _supersedes(paper), marks.status) if words),
        "purpose": paper.purpose,
        "submitted_by": kept_together(submitters, together),
        "forum_doc_no": paper.forum_doc_no,
        "host_mark": list(meeting.host_mark),
        "meeting": english.numbered(
            meeting.ordinal, kept_together(meeting.name, together), model.forum.ordinals
        ),
        "place": kept_together(english.place(meeting.city, meeting.economy), together),
        "dates": english.dates(meeting.start, meeting.end),
        "illustrative": marks.illustrative_on_cover,
        "organisation": model.forum.organisation or "\n".join(model.organisation.form.lines_of_name),
    }


def _kept_together(model: Model) -> tuple[str, ...]:
    """Return the words that stay on one line of a cover: those of the organisation, and the names of its members."""
    economies = model.register.economies
    names = {name for e in economies for name in (e.name, e.with_article, e.full_name)}
    return (*model.organisation.form.kept_together, *sorted(name for name in names if " " in name))


def _supersedes(paper: Paper) -> str:
    return f"(Supersedes {paper.supersedes})" if paper.supersedes else ""


def submitted_by(model: Model, paper: Paper) -> str:
    """Return who submits a paper: roles and bodies as written, several economies in APEC order."""
    economies = model.register.economies
    order = {name: e.order for e in economies for name in (e.name, e.with_article, e.full_name)}
    names = sorted(paper.submitted_by, key=lambda name: order.get(name, 0))
    return ("; " if any("," in name for name in names) else ", ").join(names)


def properties(model: Model, meeting: Meeting, paper: Paper) -> Properties:
    """Return what Word shows under File, Info.

    The date is the paper's own, or the first day of the meeting.
    """
    day = paper.date or meeting.start
    return {
        "title": paper.title,
        "subject": str(paper.number),
        "author": submitted_by(model, paper),
        "language": model.settings.language,
        "date": f"{day.isoformat()}T00:00:00Z" if day else "",
    }
