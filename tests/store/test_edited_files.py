"""Pages of the register that the user edited are kept before a build overwrites them."""

from __future__ import annotations

from papers.store.edited_files import is_edited_copy, keep_edited_files, record_before_writing, record_written

PAGE = "index.html"


def write(work, base, data: bytes) -> list[str]:
    """Write the page as a build does; return the notices."""
    notices = keep_edited_files(work, base, [PAGE])
    record_before_writing(work, {PAGE: data})
    (base / PAGE).write_bytes(data)
    record_written(work, {PAGE: data}, [])
    return notices


def test_an_edited_page_is_copied_once(tmp_path):
    work = tmp_path / "work"
    write(work, tmp_path, b"1")
    assert write(work, tmp_path, b"2") == []
    (tmp_path / PAGE).write_bytes(b"edit")
    assert keep_edited_files(work, tmp_path, [PAGE]) == [
        f"{(tmp_path / PAGE).as_posix()} had been edited:"
        " the edited file is kept as index (edited copy 1).html in the same folder"
    ]
    assert keep_edited_files(work, tmp_path, [PAGE]) == []
    copies = [path for path in tmp_path.iterdir() if is_edited_copy(path.name)]
    assert [copy.read_bytes() for copy in copies] == [b"edit"]


def test_after_a_crash_before_or_after_writing_the_page_does_not_look_edited(tmp_path):
    work = tmp_path / "work"
    write(work, tmp_path, b"1")
    record_before_writing(work, {PAGE: b"2"})
    for text in (b"1", b"2"):
        (tmp_path / PAGE).write_bytes(text)
        assert keep_edited_files(work, tmp_path, [PAGE]) == []
