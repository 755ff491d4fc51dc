"""Read a text file of the inputs: UTF-8, within the limits of safety.py, and without characters that deceive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import safety
from papers.characters import EXPECTED_TEXT, TYPE_AGAIN, describe_character, forbidden_character
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from pathlib import Path


_UTF16, _UTF32 = (b"\xff\xfe", b"\xfe\xff"), (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_SAVE_AS_UTF8 = "Save it as UTF-8 (in Notepad: File, Save As, Encoding: UTF-8)."


def read_text_file(path: Path, name: str, problems: Problems, most: int = safety.MAX_TEXT) -> str | None:
    """Return the text of a file of at most `most` bytes, or None and a problem.

    `name` is the file as messages name it.
    """
    text, expected = None, "a text file in UTF-8"
    try:
        text = safety.read_text(path, most)
    except FileNotFoundError:
        todo = "Add the file, or correct its name where another file names it."
        problems.add(Place(name), "unreadable", "a file that does not exist", expected, todo)
    except UnicodeDecodeError as error:
        line, found = describe_encoding(error)
        problems.add(Place(name, line=line), "unreadable", found, expected, _SAVE_AS_UTF8)
    except OSError as error:
        found = f"a file that cannot be opened ({error.strerror or error})"
        todo = "Close it in other programs, or ask for permission to read it."
        problems.add(Place(name), "unreadable", found, expected, todo)
    except safety.UnsafeFile as refused:
        todo = "Delete what is not needed, or split the file."
        problems.add(Place(name), refused.kind, refused.found, refused.expected, todo)
    if text is not None and text.count("\0") > 1:
        found = "a file with zero bytes, as text in UTF-16 has them"
        place = Place(name, line=text.count("\n", 0, text.index("\0")) + 1)
        problems.add(place, "unreadable", found, expected, _SAVE_AS_UTF8)
        return None
    return text if text is not None and _is_visible(text, name, problems) else None


def describe_encoding(error: UnicodeDecodeError) -> tuple[int, str]:
    """Return the line where a text is no UTF-8 (0 if the whole is not), and what the file probably is."""
    data: bytes = error.object
    if data.startswith(_UTF32):
        return 0, "text in UTF-32"
    if data.startswith(_UTF16):
        return 0, "text in UTF-16"
    if b"\0" in data:
        return 0, "a file with zero bytes, as text in UTF-16 has them"
    line, byte = data.count(b"\n", 0, error.start) + 1, data[error.start : error.start + 1]
    shown = byte.decode("cp1252", "replace")
    return line, f'the byte {byte.hex().upper()}, which is no UTF-8 (in Windows-1252 it is "{shown}")'


def _is_visible(text: str, name: str, problems: Problems) -> bool:
    bad = forbidden_character(text)
    if bad:
        place = Place(name, line=text[: bad.start()].count("\n") + 1)
        problems.add(place, "forbidden-character", describe_character(bad), EXPECTED_TEXT, TYPE_AGAIN)
    return bad is None
