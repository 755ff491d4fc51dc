"""Styled text -> WordprocessingML: runs, paragraphs, footnotes, lists that restart at one.

Text arrives escaped. Standard library only, see README.md in this folder.
"""

from __future__ import annotations

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

CONTENTS = "<!--table of contents-->"  # placeholder, replaced when all headings are known


class RunWriter:
    """Writes the styled texts of one paper; collects its footnotes, lists, charts and tables of contents.

    `properties`: for each run of the template with a {{r }} tag, the <w:rPr> by marks; for each paragraph with a
    {{p }} tag, its <w:pPr> under "paragraph". `styles`: name -> id. `ordered`: id of an ordered list's style -> its
    abstract numbering. `first_list`: the first free id of a list.
    """

    def __init__(
        self, properties: list[dict], styles: dict[str, str], ordered: dict[str, str], first_list: int
    ):
        self.properties, self.styles, self.ordered = properties, styles, ordered
        self.first_list = first_list
        self.notes: list[list] = []
        self.texts: list[str] = []  # every text written
        self.lists: list[str] = []  # the abstract numbering of each list
        self.charts: list[dict] = []
        self.drawings: list[str] = []  # the XML of each chart in the text
        self.contents: list[dict | None] = []  # of each table of contents, the page numbers known

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
        paragraphs = [self._paragraph(block) for block in blocks["blocks"]]
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
            if block["start"] or not self.lists:
                self.lists.append(self.ordered[style])
            number = self.first_list + len(self.lists) - 1
            numbering = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        runs = self._runs(block["line"], self.properties[0])
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{numbering}</w:pPr>{runs}</w:p>'

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
        )
