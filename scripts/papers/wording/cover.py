"""The cover of every paper, its headers and footers, and its document properties in Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.wording import english
from papers.wording.tags import Contents, Each, Line, Picture, Text, Values

if TYPE_CHECKING:
    from papers.model.contents_pages import ContentsPages
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper
    from papers.store.paper_context import Properties

TAGS = {
    "number": Text("number of the paper: 2016/SMEWG43/015"),
    "agenda_item": Text("item of the agenda, without a label: 12; empty where there is none"),
    "title": Text("title of the paper"),
    "status": Text("words under the title, such as (Draft); usually empty"),
    "purpose": Text("Information or Consideration; empty where there is none"),
    "submitted_by": Text("who submits the paper"),
    "forum_doc_no": Text("number under which it was tabled before; empty where there is none"),
    "host_mark": Each("lines of the host's mark: APEC PERU, 2016"),
    "meeting": Line("the meeting with its ordinal"),
    "place": Text("City, Economy; empty for a virtual meeting"),
    "dates": Text("7-8 September 2016"),
    "illustrative": Text("says that figures are illustrations; empty where they are real"),
    "organisation": Text("Asia-Pacific Economic Cooperation"),
    "logo": Picture("the picture named in forum.yaml, or nothing"),
}
PAPER_TAGS = {
    "number": Text("number of the paper, for headers and footers"),
    "mark": Text("words that each page must carry, such as Illustrative figures; usually empty"),
    "contents": Contents("the table of contents, of all headings in the styles Heading 1 and Heading 2"),
}
ILLUSTRATIVE = "Illustrative figures: made to show the paper, not reported by any economy"


def paper_context(paper: Paper, illustrative: bool, pages: ContentsPages | None = None) -> Values:
    """Return the values of `PAPER_TAGS`; `pages` are for the table of contents, where they are known."""
    return {
        "number": str(paper.number),
        "mark": "Illustrative figures" if illustrative else "",
        "contents": richtext.contents(pages.made_for, list(pages.pages)) if pages else richtext.contents(),
    }


def context(model: Model, meeting: Meeting, paper: Paper, illustrative: bool) -> Values:
    """Return the values of `TAGS`."""
    return {
        "number": str(paper.number),
        "agenda_item": paper.agenda_item,
        "title": paper.title,
        "status": "\n".join(words for words in (paper.status, _supersedes(paper)) if words),
        "purpose": paper.purpose,
        "submitted_by": submitted_by(model, paper),
        "forum_doc_no": paper.forum_doc_no,
        "host_mark": list(meeting.host_mark),
        "meeting": english.numbered(meeting.ordinal, meeting.name, model.forum.ordinals),
        "place": english.place(meeting.city, meeting.economy),
        "dates": english.dates(meeting.start, meeting.end),
        "illustrative": ILLUSTRATIVE if illustrative else "",
        "organisation": model.forum.organisation,
    }


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
        "language": model.config.language,
        "date": f"{day.isoformat()}T00:00:00Z" if day else "",
    }
