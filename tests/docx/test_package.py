"""The package of a .docx: its parts by their relations, within limits, and what is wrong with them."""

from __future__ import annotations

import pytest
from papers import safety
from papers.docx.package import Package, PackageError, find_faults, relations_part
from papers.docx.texts import all_words, read_texts
from received_tools import DOCUMENT, packed, with_body, with_part, with_relation, word_paper
from word_tools import parts

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def moved_document(data: bytes, name: str) -> bytes:
    """The file with its document in a part of another name, as Word Online writes it."""
    content = parts(data)
    content[name] = content.pop(DOCUMENT)
    content[relations_part(name)] = content.pop(relations_part(DOCUMENT))
    for listing in ("_rels/.rels", "[Content_Types].xml"):
        content[listing] = content[listing].replace(DOCUMENT.encode(), name.encode())
    return packed(content)


def test_the_main_part_is_the_one_that_the_package_names():
    package = Package.read(moved_document(word_paper(), "word/document2.xml"))
    assert package.main == "word/document2.xml"
    assert package.texts()[0] == "word/document2.xml"
    assert package.related("styles") == "word/styles.xml"
    assert find_faults(package) == []


def test_the_texts_of_a_moved_document_are_read():
    data = moved_document(word_paper(), "word/document2.xml")
    assert read_texts(data).pieces == read_texts(word_paper()).pieces
    assert "The last words." in all_words(data)


def test_strict_names_are_read_as_the_usual_ones():
    strict = with_part(word_paper(), DOCUMENT, lambda text: text.replace(WORD, STRICT_WORD))
    assert Package.read(strict).xml(DOCUMENT).tag == f"{{{STRICT_WORD}}}document"
    assert Package.read(strict).as_transitional().xml(DOCUMENT).tag == f"{{{WORD}}}document"
    assert read_texts(strict).pieces == read_texts(word_paper()).pieces


def test_a_package_without_faults_has_none():
    assert find_faults(Package.read(word_paper())) == []


def test_missing_and_untyped_parts_are_faults():
    content = parts(word_paper())
    content.pop("word/numbering.xml")
    content["word/media/sound.snd"] = b"1"
    assert find_faults(Package.read(packed(content))) == [
        (DOCUMENT, "a reference to word/numbering.xml, which is not in it"),
        ("word/media/sound.snd", "a part without a type"),
    ]


def test_a_reference_to_the_outside_is_not_a_fault():
    data = with_relation(word_paper(), "hyperlink", "https://www.apec.org")
    assert find_faults(Package.read(data)) == []
    (outside,) = (relation for relation in Package.read(data).relations(DOCUMENT) if relation.external)
    assert (outside.kind, outside.target) == ("hyperlink", "https://www.apec.org")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "damaged"),
        (b"PK", "damaged"),
        (packed({"a.txt": b"a"}), "names no part as its document"),
        (
            with_part(word_paper(), "_rels/.rels", lambda text: text[:-9]),
            "a part _rels/.rels that can't be read",
        ),
        (
            with_part(word_paper(), "[Content_Types].xml", lambda text: text[:-9]),
            "[Content_Types].xml that can't",
        ),
    ],
)
def test_what_is_not_a_word_file_is_an_error(data, found):
    with pytest.raises(PackageError) as error:
        read_texts(data)
    assert found in str(error.value)


def test_a_part_that_is_missing_or_not_xml_is_an_error():
    package = Package.read(with_part(word_paper(), "word/styles.xml", lambda text: text[:-9]))
    for name in ("word/styles.xml", "word/none.xml"):
        with pytest.raises(PackageError, match=name):
            package.xml(name)


def test_the_limits_of_untrusted_files_hold(monkeypatch):
    monkeypatch.setattr(safety, "MAX_PARTS", 3)
    with pytest.raises(PackageError, match="parts, more than 3 parts"):
        Package.read(word_paper())


def test_comments_within_xml_do_not_hide_text():
    text = "<w:p><w:r><w:t>Before <!-- a comment -->and after</w:t></w:r></w:p>"
    data = with_body(word_paper(), text)
    (first, *_) = Package.read(data).xml(DOCUMENT).iter(f"{{{WORD}}}t")
    assert first.text == "Before and after"
    assert "Before and after" in all_words(data)
