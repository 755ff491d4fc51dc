"""The only module that runs LibreOffice: Word files -> PDFs, with one start for many files.

LibreOffice can hang, crash, or report success without having written a PDF. So every start has a profile of
its own (which also lets it run while the user has LibreOffice open), a time limit and a second try, and the
PDFs are checked. Profiles are in a temporary folder, never in the project, and let it reach nothing outside
the files; see offline_profile.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papers.docx.offline_copy import offline_copy
from papers.errors import UserError
from papers.pdf.offline_profile import ENVIRONMENT, write_profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_INSTALL = (
    "Install LibreOffice: apt-get install libreoffice-writer fonts-liberation (macOS: brew install --cask"
    " libreoffice; Windows: winget install TheDocumentFoundation.LibreOffice)."
)
_USUAL_PLACES = (  # where installers put it without adding it to the PATH
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
)
# The same PDFs for every user: LibreOffice takes default language and time zone from its environment.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en", "TZ": "UTC"}
_TRIES = 2
_START_TIMEOUT = 60  # seconds; a start takes about one
_TIMEOUT_PER_PAPER = 20  # seconds; a paper takes less than one


class OfficeError(UserError):
    """LibreOffice is missing, or produced no whole PDF."""


def find_libreoffice() -> str:
    """Return the path of LibreOffice's program; the environment variable SOFFICE has precedence.

    OfficeError, which says how to install it, if there is none.
    """
    if chosen := os.environ.get("SOFFICE"):
        if (found := shutil.which(chosen)) is None:
            raise OfficeError(
                f"SOFFICE: found {chosen}, where no program is; expected the path of LibreOffice. Correct this"
                f" environment variable or remove it. {_INSTALL}"
            )
        return found
    names = ("soffice", "libreoffice", *_USUAL_PLACES)
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise OfficeError(
            "Found no LibreOffice, which writes PDFs and finds page numbers; expected it to be installed."
            f" {_INSTALL}"
        )
    return found


def version(program: str) -> str:
    """Return the version of LibreOffice and a digest of the fonts: a PDF depends on both.

    The fonts are "unknown" if the system cannot list them.
    """
    office = _output_of([program, "--version"])
    fonts = _output_of(["fc-list", "--format", "%{family}|%{style}|%{fontversion}\\n"])
    digest = hashlib.sha256("\n".join(sorted(fonts.splitlines())).encode()).hexdigest()
    return f"{' '.join(office.split()) or 'LibreOffice'}, fonts {digest[:16] if fonts else 'unknown'}"


def _output_of(command: list[str]) -> str:
    """Return the output of a command, "" if it fails: `convert` reports what is wrong with LibreOffice."""
    try:
        return subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_START_TIMEOUT,
            check=False,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def convert(
    files: Sequence[Path], folder: Path, options: Mapping[str, bool | int], processes: int = 1
) -> list[Path]:
    """Convert .docx files to PDFs in `folder`; return the PDFs in the order of `files`.

    A PDF is named by the position of its file, because two papers may have the same name. `options` are
    those of LibreOffice's PDF export. `processes` is the number of LibreOffices that share the files, with
    one start each. OfficeError names the files that could not be converted.
    """
    program, export = find_libreoffice(), export_filter(options)
    expected = {folder / f"{at}.pdf": file for at, file in enumerate(files)}
    reason = ""
    for _ in range(_TRIES):
        missing = {pdf: file for pdf, file in expected.items() if not _is_whole(pdf)}
        if missing:
            reason = _try(program, export, missing, folder, processes) or reason
    missing = [file for pdf, file in expected.items() if not _is_whole(pdf)]
    if missing:
        raise OfficeError(_message(missing, reason))
    return list(expected)


def export_filter(options: Mapping[str, bool | int]) -> str:
    """Return the argument of --convert-to for these options."""
    types = {name: "boolean" if isinstance(value, bool) else "long" for name, value in options.items()}
    values = ",".join(
        f'"{name}":{{"type":"{types[name]}","value":"{str(value).lower()}"}}'
        for name, value in options.items()
    )
    return f"pdf:writer_pdf_Export:{{{values}}}"


def _is_whole(pdf: Path) -> bool:
    """Whether a file begins and ends as a PDF does; a program that is killed leaves half of one."""
    try:
        data = pdf.read_bytes()
    except OSError:
        return False
    return data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")


def _message(missing: Sequence[Path], reason: str) -> str:
    """Return the error for files without a PDF.

    LibreOffice takes files in order, so the first one is the likely cause.
    """
    more = f" (nor of {len(missing) - 1} more)" if len(missing) > 1 else ""
    return (
        f"{missing[0].as_posix()}: found no PDF of it{more} after {_TRIES} tries of LibreOffice, which"
        f" {reason}; expected one. Check that this paper opens in LibreOffice, then run the same command again."
    )


def _try(program: str, export: str, missing: Mapping[Path, Path], folder: Path, processes: int) -> str:
    """Convert `missing` (PDF -> .docx) with one start per process; return what went wrong, or ""."""
    by_size = sorted(missing, key=lambda pdf: missing[pdf].stat().st_size, reverse=True)
    shares = [by_size[at::processes] for at in range(min(processes, len(by_size)))]
    with tempfile.TemporaryDirectory(prefix="forum-papers-", ignore_cleanup_errors=True) as temporary:
        starts: list[_Start] = []
        try:
            for at, share in enumerate(shares):
                work = Path(temporary) / str(at)
                work.mkdir()
                sources = {pdf: work / f"{pdf.stem}.docx" for pdf in missing if pdf in share}
                for pdf, source in sources.items():
                    source.write_bytes(offline_copy(missing[pdf].read_bytes()))
                with _deferred_termination():
                    starts.append(_Start.begin(program, export, work, folder, [*sources.values()]))
            return next(filter(None, [start.wait() for start in starts]), "")
        finally:
            for start in starts:
                start.stop()


@contextmanager
def _deferred_termination() -> Iterator[None]:
    """Handle a SIGTERM only at the end of the block, so that a process started within it is not lost."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread handles signals
        return
    received: list[int] = []
    handler = signal.signal(signal.SIGTERM, lambda number, _frame: received.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, handler)
        if received:
            signal.raise_signal(signal.SIGTERM)


@dataclass
class _Start:
    """A running LibreOffice.

    It is several processes, which keep its output open: hence a process group, and a file for the output.
    """

    process: subprocess.Popen
    output: Path
    timeout: float  # seconds
    started: float  # by the monotonic clock

    @classmethod
    def begin(cls, program: str, export: str, work: Path, folder: Path, sources: list[Path]) -> _Start:
        """Start LibreOffice in the folder `work`, to convert `sources` to PDFs in `folder`."""
        write_profile(work / "profile")
        profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", export]
        command += ["--outdir", str(folder.resolve()), *map(str, sources)]
        output = work / "output.txt"
        with output.open("wb") as file:
            try:
                process = subprocess.Popen(
                    command,
                    cwd=work,
                    env={**os.environ, **_ENVIRONMENT, **ENVIRONMENT},
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise OfficeError(
                    f"{program}: found a program that cannot be started ({error.strerror}); expected LibreOffice."
                    " Install it again, then run the same command again."
                ) from error
        timeout = _START_TIMEOUT + _TIMEOUT_PER_PAPER * len(sources)
        return cls(process, output, timeout, time.monotonic())

    def wait(self) -> str:
        """Wait for the end; return how it failed, as a clause after "which"."""
        left = max(0.0, self.started + self.timeout - time.monotonic())
        try:
            code = self.process.wait(left)
        except subprocess.TimeoutExpired:
            return f"did not end within {self.timeout:.0f} s and was stopped"
        if code < 0:
            return f"was ended by signal {-code}"
        text = self.output.read_text("utf-8", "replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        last = f" and the message: {lines[-1][:200]}" if lines and code else ""
        return f"ended with exit code {code}{last}" if code else "reported no error"

    def stop(self) -> None:
        """Kill it and its children if they still run; also called when this program itself is being ended."""
        try:
            if os.name == "nt":
                if self.process.poll() is None:
                    command = ["taskkill", "/F", "/T", "/PID", str(self.process.pid)]
                    subprocess.run(command, capture_output=True, check=False)
            else:
                os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # all of them have ended
        self.process.wait()
