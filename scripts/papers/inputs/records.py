"""Read records/<meeting>.yaml: the records of meetings, with their texts about items of the agenda as Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.inputs.document_schemas import RecordFile
from papers.inputs.markdown import Section, read_blocks

if TYPE_CHECKING:
    from papers.inputs.folder_reader import FolderReader
    from papers.inputs.yaml import Document
    from papers.problems import Problems


@dataclass(frozen=True)
class RecordDocument:
    """A record as read: its data, and of each of its `items` the text."""

    data: Document[RecordFile]
    texts: list[Section]

    @property
    def code(self) -> str:
        """The code of the meeting, which is the name of the file."""
        return self.data.name.rsplit("/", 1)[1].removesuffix(".yaml")


def read_records(reader: FolderReader) -> list[RecordDocument]:
    """Return the records of a forum; what could not be read is in the reader's `unread`."""
    found = []
    for data in reader.yaml_files("records", RecordFile, "record"):
        before = len(reader.problems.found)
        record = RecordDocument(data, _texts(data, reader.problems))
        if len(reader.problems.found) > before:
            reader.unread.add("record", record.code)
        found.append(record)
    return found


def _texts(data: Document[RecordFile], problems: Problems) -> list[Section]:
    texts = []
    for index, item in enumerate(data.form.items):
        keys = "items", index, "text"
        blocks = read_blocks(item.text, data.place(*keys), problems)
        texts.append(Section(data.name, [], blocks, keys=keys))
    return texts
