"""Documents and summary reports: what their inputs mean, and mistakes in them."""

from __future__ import annotations

import pytest
from document_inputs import (
    BOOK,
    DOCUMENT,
    FIRST,
    ITEM,
    MEETING,
    NIGHT,
    PICTURE,
    RECORD,
    SECOND,
    add_documents,
    write_book,
)
from papers import richtext
from papers.wording.compose import trace_paper
from papers.wording.kinds.document import merged


@pytest.fixture
def documents(forum):
    """The miniature forum with a document and a record."""
    add_documents(forum.root)
    return forum


def worded(forum, serial: str) -> tuple[dict, dict]:
    model = forum.model()
    meeting = next(m for m in model.meetings if m.code == "MINI2")
    paper = next(p for p in meeting.papers if str(p.number).endswith(serial))
    return trace_paper(model, meeting, paper)


def blocks(forum) -> list[dict]:
    return worded(forum, "003")[0]["fields"]["document"]["text"]["blocks"]


def summary(forum) -> dict:
    return worded(forum, "004")[0]["fields"]["summary"]


def texts(value: dict) -> list[str]:
    return [richtext.plain(block["line"]) for block in value["blocks"]]


def test_parts_come_in_their_order_and_turn_the_pages(documents):
    kinds = [(block["style"], block.get("page")) for block in blocks(documents)]
    assert [kind for kind in kinds if kind[0] in ("Page", "Table", "Picture", "Heading 1")] == [
        ("Heading 1", None),
        ("Page", richtext.LANDSCAPE),
        ("Table", None),
        ("Page", richtext.PORTRAIT),
        ("Table", None),
        ("Picture", None),
        ("Table", None),
    ]


def test_a_document_that_begins_with_a_landscape_part_is_landscape_from_its_title_on(documents):
    documents.replace(DOCUMENT, "  - section: 1.md\n", "  - section: 1.md\n    orientation: landscape\n")
    assert blocks(documents)[0]["page"] == richtext.WHOLE_LANDSCAPE


def test_numbers_are_printed_with_commas_and_to_the_right(documents):
    table = next(block["table"] for block in blocks(documents) if "table" in block)
    assert table["align"] == [richtext.LEFT, richtext.LEFT, richtext.LEFT, richtext.RIGHT]
    assert [richtext.plain(cell["line"]) for cell in table["rows"][1]] == [
        "",
        "2",
        "Measure 2 against noise",
        "2,000.50",
    ]
    assert [row[0].get("merge") for row in table["rows"]] == [1, *[2] * 18, 1, *[2] * 20]


@pytest.mark.parametrize(
    ("rows", "columns", "marks"),
    [
        ([["a"], ["a"], ["b"]], [0], [[1], [2], [None]]),
        ([["a"], [""], ["b"], [""]], [0], [[1], [2], [1], [2]]),
        ([[""], ["a"]], [0], [[None], [None]]),
        ([["a", "x"], ["b", "x"]], [0, 1], [[None, None], [None, None]]),
        ([["a", "x"], ["a", "x"]], [0, 1], [[1, 1], [2, 2]]),
        ([["a", "x"], ["b", "x"]], [1], [[None, 1], [None, 2]]),
    ],
)
def test_groups_are_merged_within_the_groups_to_their_left(rows, columns, marks):
    assert [[cell.get("merge") for cell in row] for row in merged(rows, columns)] == marks


def test_a_paper_is_made_from_every_file_of_its_document(documents):
    made_from = worded(documents, "003")[0]["made_from"]
    assert {DOCUMENT, FIRST, SECOND, BOOK, PICTURE} <= {*made_from}
    assert {RECORD, ITEM, "inputs/mini/meetings/MINI1.yaml"} <= {*worded(documents, "004")[0]["made_from"]}


def test_attendance_is_in_the_order_of_the_organisation_with_observers_and_guests_after(documents):
    assert texts(summary(documents)["attendance"]) == [
        "The meeting was chaired by the Chair of the Mini Working Group.",
        "The meeting was attended by four of the 21 member economies: Australia, Chile, the Philippines and Viet Nam.",
        "Observers: Pacific Islands Forum.",
        "Guests: Harbour Institute.",
    ]


def test_items_have_titles_and_papers_of_the_meeting_that_is_recorded(documents):
    items = summary(documents)["items"]
    assert [richtext.plain(item["heading"]["line"]) for item in items] == [
        "4. The plan of the group",
        "Item 5a",
    ]
    assert texts(items[0]["papers"]) == [
        "Papers tabled under this item:",
        "2019/MINI1/003: Mini Working Group Strategic Plan 2019-2020",
    ]
    assert texts(items[0]["text"]) == ["The plan was endorsed by 4 economies.", ""]
    assert (
        summary(documents)["next_meeting"]
        == "2nd Mini Working Group Meeting, Puerto Varas, Chile, 4-5 September 2019."
    )


def test_what_a_record_does_not_state_is_not_printed(documents):
    documents.write(RECORD, "{}\n")
    documents.path(ITEM).unlink()
    fields = summary(documents)
    assert texts(fields["attendance"]) == texts(fields["decisions"]) == [] and fields["next_meeting"] == ""
    assert [richtext.plain(item["heading"]["line"]) for item in fields["items"]] == [
        "4. The plan of the group"
    ]


def test_the_number_of_economies_is_traced_to_the_lines_of_the_record_also_in_a_table(documents):
    trace = worded(documents, "004")[1]
    figures = [figure for figure in trace["figures"] if figure["figure"] in ("four", "4")]
    assert [figure["where"] for figure in figures] == [
        "attendance, paragraph 2",
        "items, text, paragraph 1",
        "items, text, Plan, Economies",
    ]
    cells = [cell for at in figures[0]["sources"] for cell in trace["sources"][at]["cells"]]
    assert {(cell["file"], cell["line"]) for cell in cells} == {(RECORD, 2)} and len(cells) == 4


def test_a_column_narrower_than_its_longest_word_is_a_notice(documents):
    documents.replace(DOCUMENT, "{title: Measure, width: 5}", "{title: Measure, width: 0.3}")
    (notice,) = [line for line in documents.model().notices if "too narrow" in line]
    assert '"Measure"' in notice and "expected a width of" in notice


MISTAKES = [
    ("unknown-document", MEETING, lambda f: f.replace(MEETING, "document: night-noise", "document: nite-noise"), "night-noise"),
    ("missing-document", MEETING, lambda f: f.replace(MEETING, "    document: night-noise\n", ""), "a line document:"),
    ("unknown-record", MEETING, lambda f: f.replace(MEETING, "record: MINI1", "record: MINI3"), "MINI1"),
    ("unknown-key", DOCUMENT, lambda f: f.replace(DOCUMENT, "orientation:", "orientaton:"), "orientation"),
    ("unknown-column", BOOK, lambda f: write_book(f.path(BOOK), ("Area", "No.", "Measures", "Cost (USD)")), "cell C1"),
    ("no-file", DOCUMENT, lambda f: f.replace(DOCUMENT, "measures.xlsx", "measure.xlsx"), "a file that exists"),
    ("cells", DOCUMENT, lambda f: f.replace(DOCUMENT, "[Survey, 2020, 12.5]", "[Survey, 2020]"), "a row with 2 cells"),
    ("not-a-number", DOCUMENT, lambda f: f.replace(DOCUMENT, "12.5]", "many]"), "in digits"),
    ("unused", f"{NIGHT}/3.md", lambda f: f.write(f"{NIGHT}/3.md", "# Later\n"), "document.yaml"),
    ("no-document", f"{NIGHT}2", lambda f: f.write(f"{NIGHT}2/1.md", "# Later\n"), "document.yaml"),
    ("unknown-economy", RECORD, lambda f: f.replace(RECORD, "Viet Nam", "Vietnam"), "Viet Nam"),
    ("doubled", RECORD, lambda f: f.replace(RECORD, "Viet Nam", "Chile"), "each economy once"),
    ("unknown-item", RECORD, lambda f: f.replace(RECORD, '"5a"', '"5"'), "5a"),
    ("unknown-meeting", RECORD, lambda f: f.replace(RECORD, "MINI2", "MINI9"), "Did you mean"),
    ("stray-section", ITEM.replace("4", "9"), lambda f: f.path(ITEM).rename(f.path(ITEM.replace("4", "9"))), "item-4"),
    ("stray-section", ITEM, lambda f: f.replace(RECORD, "decisions:", '  - {item: "4", text: Endorsed.}\ndecisions:'), "no file, as every section has its text elsewhere. Delete the file."),
    ("no-alternative-text", SECOND, lambda f: f.replace(SECOND, 'Two bars: 2019 has "twice" the noise of 2020', ""), "square brackets"),
    ("damaged", PICTURE, lambda f: f.write(PICTURE, f.path(PICTURE).read_bytes()[:-20]), "PNG or JPEG"),
    ("too-large", PICTURE, lambda f: f.write(PICTURE, bytes(10_000_001)), "10 MB"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "file", "make", "words"), MISTAKES, ids=[f"{m[0]} {m[3]}" for m in MISTAKES]
)
def test_a_mistake_is_one_problem_with_its_file(documents, kind, file, make, words):
    make(documents)
    (problem,) = documents.problems()
    assert (problem.kind, problem.place.file) == (kind, file), str(problem)
    assert words in str(problem)


def test_a_document_or_record_that_no_paper_names_is_a_problem(documents):
    documents.replace(MEETING, "kind: document\n    document: night-noise", "kind: agenda")
    documents.replace(MEETING, "kind: summary-report\n    record: MINI1", "kind: agenda\n    id: other")
    documents.path(ITEM).unlink()
    documents.path(ITEM).parent.rmdir()
    assert [(p.kind, p.place.file) for p in documents.problems()] == [("stray", DOCUMENT), ("stray", RECORD)]
