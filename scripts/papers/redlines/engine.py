"""Two papers -> one Word file with the second as tracked changes to the first.

The papers are compared by Docxodus, a .NET program that comes with the package python-redlines. Its result
is fixed, checked (accepting all changes must give the new paper, rejecting all the old one) and packed with
fixed dates: the same two papers always give the same bytes.
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

from papers.docx.package import PackageError
from papers.docx.template.open import INCONSISTENT
from papers.errors import UserError
from papers.problems import quoted
from papers.redlines.excerpt import SCHEDULE, NoSuchTable, section_with_table
from papers.redlines.tracked_changes import finish_redline, first_difference

if TYPE_CHECKING:
    from papers.redlines.pairs import Pair

try:
    from python_redlines import DocxodusEngine
except ImportError:
    DocxodusEngine = None

_MISSING = (
    "Found no package python-redlines, which compares papers; expected it to be installed. Delete the"
    " folder .venv, then run make; without make, run install.py."
)
# Without these, .NET needs the ICU libraries, which a plain Debian lacks, and leaves temporary sockets.
_ENVIRONMENT = {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "DOTNET_EnableDiagnostics": "0"}
UNREADABLE = (PackageError, *INCONSISTENT)  # what a paper with a fault of its own raises
_TIMEOUT = 180  # seconds, fifty times what the longest of our papers takes
_BY_HAND = "Compare the two papers in Word instead (Review, Compare)."


def redline(pair: Pair, old: bytes, new: bytes) -> bytes:
    """Return the comparison of two .docx files as a .docx.

    It depends on the arguments alone. Author and date of every change are those of the newer paper.
    UserError, which names both papers, if they cannot be compared, or if the result does not give both texts.
    """
    try:
        return _redline(pair, old, new)
    except UNREADABLE as error:
        raise UserError(
            f"{pair.new.number}: found that it cannot be compared with {pair.old.number}"
            f" ({type(error).__name__}: {quoted(error, 80)}); expected two papers as Word writes them. {_BY_HAND}"
        ) from error


def _redline(pair: Pair, old: bytes, new: bytes) -> bytes:
    if not pair.new.date:
        raise UserError(
            f"{pair.new.number}: found no date of the paper; expected one, which the changes since {pair.old.number}"
            " need. In the meeting's file, give the paper a line date: or the meeting a line start:."
        )
    if pair.only_schedule:
        old, new = _schedule(pair.old.number, old), _schedule(pair.new.number, new)
    result = finish_redline(_compare(pair, old, new), new, pair.title)
    for text, accepted, paper in ((new, True, pair.new), (old, False, pair.old)):
        if near := first_difference(result, accepted, text):
            raise UserError(
                f"{pair.new.number}: found changes since {pair.old.number} that could not be marked, near"
                f' "{near}"; expected marks from which the text of {paper.number} can be restored. {_BY_HAND}'
            )
    return result


def _schedule(number: str, data: bytes) -> bytes:
    try:
        return section_with_table(data, SCHEDULE)
    except NoSuchTable as error:
        raise UserError(
            f'{number}: found no table with the title "{error}"; expected one. In'
            " templates/implementation-schedule.docx, give the table that title again (Word: Table Properties,"
            " Alt Text)."
        ) from error


def _compare(pair: Pair, old: bytes, new: bytes) -> bytes:
    """Return the engine's result.

    The engine must keep kinds of spaces apart, otherwise accepting all changes would not give the new text.
    It is run from here, because its package has no time limit.
    """
    with tempfile.TemporaryDirectory(prefix="redline-") as folder:
        files = [Path(folder, name) for name in ("old.docx", "new.docx", "changes.docx")]
        flags = [f"--author={pair.new.author}", f"--date-time={pair.new.date}", "--no-conflate-spaces"]
        command = [engine().extracted_binaries_path, *map(str, files), *flags]
        try:
            files[0].write_bytes(old)
            files[1].write_bytes(new)
            subprocess.run(
                command,
                check=True,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=_TIMEOUT,
                env=os.environ | _ENVIRONMENT,
            )
            return files[2].read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise UserError(
                f"{pair.new.number}: found no result of the comparison with {pair.old.number}"
                f" ({_reason(error)}); expected one. {_BY_HAND}"
            ) from error


def _reason(error: Exception) -> str:
    """Return why the engine failed in a few words, without the command and its paths."""
    if isinstance(error, subprocess.TimeoutExpired):
        return f"no result within {_TIMEOUT} s"
    if isinstance(error, FileNotFoundError):
        return "the engine ended without a result"
    return " ".join(str(getattr(error, "stderr", "") or error).split())[:200]


def engine() -> DocxodusEngine:
    """Return the engine, unpacked once below the prefix of this Python.

    Several jobs may call this at the same time; one of them unpacks it. UserError if it is missing or
    cannot be unpacked.
    """
    if DocxodusEngine is None:
        raise UserError(_MISSING)
    folder = Path(sys.prefix) / "share" / "redlines" / version("python-redlines-docxodus")
    try:
        if not folder.is_dir():
            _unpack(folder)
        return DocxodusEngine(target_path=str(folder))
    except ImportError as error:
        raise UserError(_MISSING) from error
    except OSError as error:
        raise UserError(
            f"{folder}: found a folder into which the engine that compares papers cannot be unpacked"
            f" ({error.strerror or error}); expected a writable one. Make it writable, then run make changes"
            " again."
        ) from error


def _unpack(folder: Path) -> None:
    """Unpack the engine into a temporary folder and rename that, so that `folder` is complete or absent."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = tempfile.mkdtemp(dir=folder.parent, prefix=".unpacking-")
    try:
        DocxodusEngine(target_path=temporary)
        os.chmod(temporary, 0o755)  # mkdtemp makes it private, but another user may run the builds
        os.rename(temporary, folder)
    except OSError:
        if not folder.is_dir():  # otherwise another job was faster
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
