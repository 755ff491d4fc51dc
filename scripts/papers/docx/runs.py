"""Styled text -> WordprocessingML: runs, paragraphs, footnotes, lists that restart at one.

Text arrives escaped. Standard library only, see README.md in this folder.
"""

from __future__ import annotations

from papers.richtext import escaped, unescaped_value, with_line_breaks

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

_COLON = ":</w:t></w:r>"  # the end of a paragraph that introduces what follows, so stays with it
CONTENTS = "<!--table of contents-->"  # placeholder, replaced when all headings are known


class _Styles(dict[str, str]):
    """Name of a style -> its id; of a style that the template does not have its name, which is kept to be reported."""

    def __init__(self, styles: dict[str, str]):
        super().__init__(styles)
        self.missing: list[str] = []

    def __missing__(self, name: str) -> str:
        self.missing.append(name)
        return name


class RunWriter:
    """Writes the styled texts of one paper; collects its footnotes, lists, charts and tables of contents.

    `properties`: for each run of the template with a {{r }} tag, the <w:rPr> by marks; for each paragraph with a
    {{p }} tag, its <w:pPr> under "paragraph". `styles`: name -> id. `ordered`: id of an ordered list's style -> its
    abstract numbering. `first_list`: the first free id of a list.
    """

    def __init__(
        self, properties: list[dict], styles: dict[str, str], ordered: dict[str, str], first_list: int
    ):
        self.properties, self.styles, self.ordered = properties, _Styles(styles), ordered
        self.first_list = first_list
        self.notes: list[list] = []
        self.texts: list[str] = []  # every text written
        self.lists: list[
            str
        ] = []  # the abstract numbering of each list, "" for one with a numbering of its own
        self.last_plain = -1  # the last list that a style numbers
        self.charts: list[dict] = []
        self.drawings: list[str] = []  # the XML of each chart in the text
        self.contents: list[dict | None] = []  # of each table of contents, the page numbers known
        self.pictures: list[dict] = []
        self.numberings = None  # docx.lists.Numberings, where a list has a numbering of its own
        self.captions = self.pages = False  # whether a block has a numbered caption, or turns the pages
        self.tag = 0  # of the blocks that are being written
        self.turned = 0  # richtext.LANDSCAPE where pages are turned
        self.computed = False  # whether a tag has computed a text, which may be long

    def value(self, tree: tuple, names: dict, shown: tuple[str, ...]) -> object:
        """Return what an expression of a tag makes of the values of its names, text escaped as they are.

        `shown`: the names whose texts are shown by it, if in another form.
        """
        from papers.evaluation import value_of  # noqa: PLC0415 -- only templates with filters need it

        self.computed = True
        for name in shown:
            self.texts += names[name] if type(names[name]) is list else [names[name]]
        return _escaped(value_of(tree, names, _unescaped))

    def runs(self, line: dict, tag: int) -> str:
        """Return the runs of a line, in the format of the template's run number `tag`."""
        return self._runs(line["line"], self.properties[tag])

    def _runs(self, runs: list, properties: dict) -> str:
        pieces = []
        for run in runs:
            if type(run) is list:
                text, marks = run
                self.texts.append(text)
                pieces += ("<w:r>", properties[marks], '<w:t xml:space="preserve">', text, "</w:t></w:r>")
            else:
                pieces.append(self._reference(run["note"]))
        return "".join(pieces)

    def _reference(self, note: list) -> str:
        self.notes.append(note)
        style = self.styles["footnote reference"]
        return (
            f'<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr>'
            f'<w:footnoteReference w:id="{len(self.notes)}"/></w:r>'
        )

    def blocks(self, blocks: dict, in_cell: int, tag: int = 0) -> str:
        """Return the paragraphs of blocks; without any, a cell still gets the paragraph that Word requires."""
        if "blocks" not in blocks:
            return self._chart_or_contents(blocks, in_cell, tag)
        self.tag = tag
        paragraphs = [
            self._paragraph(block) if len(block) == 3 or "align" in block else self._special(block)
            for block in blocks["blocks"]
        ]
        return "".join(paragraphs) if paragraphs or not in_cell else "<w:p/>"

    def _chart_or_contents(self, value: dict, in_cell: int, tag: int) -> str:
        """A chart, in the format of its tag's paragraph, or the placeholder of a table of contents."""
        if "contents" in value:
            self.contents.append(value["contents"])
            return CONTENTS
        if value["chart"] is None:
            return "<w:p/>" if in_cell else ""
        from papers.docx.charts import drawing  # noqa: PLC0415 -- only papers with charts need it

        self.charts.append(value["chart"])
        run = drawing(value["chart"], len(self.charts))
        self.drawings.append(run)
        return f"<w:p>{self.properties[tag]['paragraph']}{run}</w:p>"

    def _paragraph(self, block: dict) -> str:
        style = self.styles[block["style"]]
        numbering = ""
        if style in self.ordered:
            if block["start"] or self.last_plain < 0:
                self.lists.append(self.ordered[style])
                self.last_plain = len(self.lists) - 1
            number = self.first_list + self.last_plain
            numbering = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        runs = self._runs(block["line"], self.properties[0])
        align = f'<w:jc w:val="{block["align"]}"/>' if "align" in block else ""
        keep = "<w:keepNext/>" if runs.endswith(_COLON) else ""
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}{numbering}{align}</w:pPr>{runs}</w:p>'

    def _special(self, block: dict) -> str:
        """A block with more than a style and a line: an item of a numbered list, a table, a picture, turned pages."""
        if "item" in block:
            return self._list_item(block)
        if "page" in block:
            from papers.docx.sections import PLACEHOLDER  # noqa: PLC0415 -- the imports below: only where needed

            self.pages, self.turned = True, block["page"]
            return PLACEHOLDER.format(block["page"])
        caption = self._runs(block["line"], self.properties[0])
        self.captions = self.captions or bool(caption)
        if "table" in block:
            return self._table(block, caption)
        from papers.docx.pictures import picture_xml  # noqa: PLC0415

        self.pictures.append(block["picture"])
        self.texts.append(block["picture"]["alt"])
        return picture_xml(block["picture"], caption, len(self.pictures), self.styles, self._width())

    def _list_item(self, block: dict) -> str:
        from papers.docx.lists import Numberings  # noqa: PLC0415

        self.numberings = self.numberings or Numberings()
        begins = block["start"] or not self.numberings.knows(block["item"])
        if begins:
            self.lists.append("")
        number = self.first_list + len(self.lists) - 1
        numbering = self.numberings.item(block["item"], begins, number)
        runs = self._runs(block["line"], self.properties[0])
        return f'<w:p><w:pPr><w:pStyle w:val="{self.styles[block["style"]]}"/>{numbering}</w:pPr>{runs}</w:p>'

    def _table(self, block: dict, caption: str) -> str:
        from papers.docx.tables import table_xml  # noqa: PLC0415

        title = "".join(run[0] for run in block["line"] if type(run) is list)
        self.texts.append(block["table"]["alt"])
        return table_xml(block["table"], title, caption, self.styles, self._width(), self._cell)

    def _cell(self, line: dict) -> str:
        return self._runs(line["line"], self.properties[0])

    def _width(self) -> int:
        """The width of the text around the tag that is being filled, in twentieths of a point."""
        wide, turned = self.properties[self.tag].get("widths", (9026, 13958))
        return turned if self.turned else wide

    def footnotes(self) -> str:
        """Return the <w:footnote> elements 1..n, in the order of their references."""
        return "".join(self._note(at, note) for at, note in enumerate(self.notes, 1))

    def _note(self, at: int, note: list) -> str:
        text, reference = self.styles["footnote text"], self.styles["footnote reference"]
        return (
            f'<w:footnote w:id="{at}"><w:p><w:pPr><w:pStyle w:val="{text}"/></w:pPr>'
            f'<w:r><w:rPr><w:rStyle w:val="{reference}"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:t xml:space="preserve"> </w:t></w:r>{self._runs(note, self.properties[0])}</w:p></w:footnote>'
        )

    def numbering(self) -> str:
        """Return the <w:num> elements of the lists of this paper."""
        return "".join(
            f'<w:num w:numId="{self.first_list + at}"><w:abstractNumId w:val="{abstract}"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            for at, abstract in enumerate(self.lists)
            if abstract
        )


def _unescaped(value: object) -> object:
    """A text, or each of a list of texts, as it was before it was escaped; anything else as it is."""
    if type(value) is str or (type(value) is list and value and type(value[0]) is str):
        return unescaped_value(value)
    return value


def _escaped(value: object) -> object:
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [_escaped(text) for text in value]
    return with_line_breaks(escaped(value)) if isinstance(value, str) else value
