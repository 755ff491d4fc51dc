"""Two papers -> one Word file with the second as tracked changes to the first, by the Docxodus engine of python-redlines.

The engine is a .NET program that comes with the package. What it makes is fixed, checked (accepting all gives the new
paper, rejecting all the old one) and packed with fixed dates: the same two papers always give the same bytes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from papers.errors import UserError
from papers.redlines.excerpt import SCHEDULE, NoSuchTable, section_with_table
from papers.redlines.tracked_changes import finish_redline, first_difference

if TYPE_CHECKING:
    from papers.redlines.pairs import Pair

try:
    from python_redlines import DocxodusEngine
except ImportError:
    DocxodusEngine = None

MISSING = "The package python-redlines is missing, which compares papers: run make again (or pip install -r requirements.lock)."
# Else .NET looks for the libraries of ICU, which a plain Debian does not have, and leaves sockets in the folder for temporary files.
_ENVIRONMENT = {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "DOTNET_EnableDiagnostics": "0"}
_SECONDS = 180  # fifty times what the longest of our papers takes
_BY_HAND = "compare the two papers in Word instead (Review, Compare)"


def redline(pair: Pair, old: bytes, new: bytes) -> bytes:
    """The comparison of two .docx: a pure function. Author and date of every change are those of the newer paper."""
    if not pair.new.date:
        raise UserError(
            f"{pair.new.number}: tracked changes need a date; give the paper a line date: in its meeting's file, or the"
            " meeting its start."
        )
    if pair.only_schedule:
        old, new = _schedule(pair.old.number, old), _schedule(pair.new.number, new)
    made = finish_redline(_compared(pair, old, new), new, pair.title)
    for text, accepted, whose in ((new, True, pair.new), (old, False, pair.old)):
        if near := first_difference(made, accepted, text):
            raise UserError(
                f"{pair.new.number}: its changes since {pair.old.number} could not be marked so that the text of"
                f' {whose.number} comes back, near "{near}"; {_BY_HAND}.'
            )
    return made


def _schedule(number: str, data: bytes) -> bytes:
    try:
        return section_with_table(data, SCHEDULE)
    except NoSuchTable as error:
        raise UserError(
            f'{number}: no table has the title "{error}"; in templates/implementation-schedule.docx, give it that title'
            " again (Word: Table Properties, Alt Text)."
        ) from error


def _compared(pair: Pair, old: bytes, new: bytes) -> bytes:
    """What the engine makes: it must tell kinds of spaces apart, else accepting all would not give the new text.

    Called here instead of by its package, which would wait for ever for an engine that hangs.
    """
    with tempfile.TemporaryDirectory(prefix="redline-") as folder:
        places = [Path(folder, name) for name in ("old.docx", "new.docx", "changes.docx")]
        flags = [f"--author={pair.new.author}", f"--date-time={pair.new.date}", "--no-conflate-spaces"]
        command = [engine().extracted_binaries_path, *map(str, places), *flags]
        try:
            places[0].write_bytes(old)
            places[1].write_bytes(new)
            subprocess.run(
                command,
                check=True,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                env=os.environ | _ENVIRONMENT,
            )
            return places[2].read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise UserError(
                f"{pair.new.number}: the comparison with {pair.old.number} failed ({_why(error)}); {_BY_HAND}."
            ) from error


def _why(error: Exception) -> str:
    """In a few words, without the command and its paths."""
    if isinstance(error, subprocess.TimeoutExpired):
        return f"no result within {_SECONDS} s"
    if isinstance(error, FileNotFoundError):
        return "the engine ended without a result"
    return " ".join(str(getattr(error, "stderr", "") or error).split())[:200]


def engine() -> DocxodusEngine:
    """The engine, unpacked once beside the packages of this Python. Jobs may do so at the same time: one of them wins."""
    if DocxodusEngine is None:
        raise UserError(MISSING)
    place = Path(sys.prefix) / "share" / "redlines" / version("python-redlines-docxodus")
    try:
        if not place.is_dir():
            _unpack(place)
        return DocxodusEngine(target_path=str(place))
    except ImportError as error:
        raise UserError(MISSING) from error
    except OSError as error:
        raise UserError(
            f"The engine that compares papers could not be unpacked into {place} ({error.strerror or error}):"
            " make that folder writable, then run make changes again."
        ) from error


def _unpack(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = tempfile.mkdtemp(dir=place.parent, prefix=".unpacking-")
    try:
        DocxodusEngine(target_path=beside)
        os.chmod(beside, 0o755)  # made for its owner only; who installs need not be who builds
        os.rename(beside, place)
    except OSError:
        if not place.is_dir():  # else another job was faster
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
