"""Text with marks -> WordprocessingML: runs, paragraphs, real footnotes, lists that begin again at one.

Text arrives escaped. Standard library only: this runs in every job that fills papers.
"""

from __future__ import annotations

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

CONTENTS = "<!--table of contents-->"


class RunWriter:
    """The marks of one paper: collects its footnotes and the lists that begin in it.

    `properties`: for each run of the template that holds a {{r }} tag, the <w:rPr> by marks; for each paragraph that
    holds a {{p }} tag, its <w:pPr> under "paragraph". `styles`: name -> id.
    `ordered`: id of an ordered list's style -> its abstract numbering. `first_list`: the first free id of a list.
    """

    def __init__(
        self, properties: list[dict], styles: dict[str, str], ordered: dict[str, str], first_list: int
    ):
        self.properties, self.styles, self.ordered = properties, styles, ordered
        self.first_list = first_list
        self.notes: list[list] = []
        self.texts: list[str] = []  # every text that reached the paper through a mark
        self.lists: list[str] = []  # abstract numbering of each list that begins
        self.charts: list[dict] = []
        self.drawings: list[str] = []  # of each chart, what stands in the text
        self.contents: list[dict | None] = []  # what is known of the pages, for each table of contents

    def runs(self, line: dict, tag: int) -> str:
        """The runs of a line, formatted as the template's run number `tag` is."""
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
        """The paragraphs of blocks; where there are none, a cell still gets the paragraph that Word requires."""
        if "blocks" not in blocks:
            return self._made_later(blocks, in_cell, tag)
        paragraphs = [self._paragraph(block) for block in blocks["blocks"]]
        return "".join(paragraphs) if paragraphs or not in_cell else "<w:p/>"

    def _made_later(self, value: dict, in_cell: int, tag: int) -> str:
        """A chart, in the format of its tag's paragraph, or a sign where the table of contents will stand."""
        if "contents" in value:
            self.contents.append(value["contents"])
            return CONTENTS
        if value["chart"] is None:
            return "<w:p/>" if in_cell else ""
        from papers.docx.charts import drawing  # noqa: PLC0415 -- only papers with charts pay for it

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
        """The <w:footnote> elements 1..n, in the order in which the document refers to them."""
        return "".join(self._note(at, note) for at, note in enumerate(self.notes, 1))

    def _note(self, at: int, note: list) -> str:
        text, reference = self.styles["footnote text"], self.styles["footnote reference"]
        return (
            f'<w:footnote w:id="{at}"><w:p><w:pPr><w:pStyle w:val="{text}"/></w:pPr>'
            f'<w:r><w:rPr><w:rStyle w:val="{reference}"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:t xml:space="preserve"> </w:t></w:r>{self._runs(note, self.properties[0])}</w:p></w:footnote>'
        )

    def numbering(self) -> str:
        """The <w:num> elements of the lists that begin in this paper."""
        return "".join(
            f'<w:num w:numId="{self.first_list + at}"><w:abstractNumId w:val="{abstract}"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            for at, abstract in enumerate(self.lists)
        )
