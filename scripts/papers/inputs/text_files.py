"""Read a text file of the inputs: UTF-8, within the limits of safety.py, and with visible characters only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import safety
from papers.characters import EXPECTED_TEXT, describe_character, forbidden_character
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from pathlib import Path


def read_text_file(path: Path, name: str, problems: Problems) -> str | None:
    """Return the text of a file, or None and a problem. `name` is the file as messages name it."""
    text, expected = None, "a text file in UTF-8"
    try:
        text = safety.read_text(path)
    except FileNotFoundError:
        todo = "Add the file, or correct its name where another file names it."
        problems.add(Place(name), "unreadable", "a file that does not exist", expected, todo)
    except UnicodeDecodeError:
        todo = "Save it as UTF-8 (in Notepad: File, Save As, Encoding: UTF-8)."
        problems.add(Place(name), "unreadable", "text in another encoding", expected, todo)
    except OSError as error:
        found = f"a file that cannot be opened ({error.strerror or error})"
        todo = "Close it in other programs, or ask for permission to read it."
        problems.add(Place(name), "unreadable", found, expected, todo)
    except safety.UnsafeFile as refused:
        todo = "Delete what is not needed, or split the file."
        problems.add(Place(name), refused.kind, refused.found, refused.expected, todo)
    return text if text is not None and _is_visible(text, name, problems) else None


def _is_visible(text: str, name: str, problems: Problems) -> bool:
    bad = forbidden_character(text)
    if bad:
        place = Place(name, line=text[: bad.start()].count("\n") + 1)
        todo = "Delete that invisible character: type the words around it again."
        problems.add(place, "forbidden-character", describe_character(bad), EXPECTED_TEXT, todo)
    return bad is None
