"""The one home of LibreOffice: Word files -> PDFs, with one start for many files.

It can hang, crash, or end well without a PDF. So every start has a profile of its own (which also lets it run beside a
LibreOffice that is open), a time limit and a second try, and what it made is looked at. Profiles lie in a temporary
folder, never in the project. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papers.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INSTALL = (
    "LibreOffice is missing, which makes PDFs and finds page numbers: apt-get install libreoffice-writer fonts-liberation"
    " (macOS: brew install --cask libreoffice; Windows: winget install TheDocumentFoundation.LibreOffice)"
)
_USUAL_PLACES = (  # where installers put it without telling the PATH
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
)
# The same PDFs whoever starts it: it takes the language of what is undefined, and times, from here.
_SURROUNDINGS = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en", "TZ": "UTC"}
_TRIES = 2
_SECONDS = 60  # a start of LibreOffice takes about one; the limit ends a hung one
_SECONDS_A_PAPER = 20  # a paper takes less than one


class OfficeError(UserError):
    """LibreOffice is missing, or produced no whole PDF."""


def find_libreoffice() -> str:
    """The program of LibreOffice; SOFFICE in the environment wins. OfficeError says how to install it."""
    if chosen := os.environ.get("SOFFICE"):
        if (found := shutil.which(chosen)) is None:
            raise OfficeError(f"No program is where SOFFICE says ({chosen}). {INSTALL}")
        return found
    names = ("soffice", "libreoffice", *_USUAL_PLACES)
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise OfficeError(INSTALL)
    return found


def version(program: str) -> str:
    """What LibreOffice says of itself and, where the system can tell, a digest of its fonts: a PDF depends on both."""
    asked = ([program, "--version"], ["fc-list", "--format", "%{family}|%{style}|%{fontversion}\\n"])
    office, fonts = (_answer(command) for command in asked)
    digest = hashlib.sha256("\n".join(sorted(fonts.splitlines())).encode()).hexdigest()
    return f"{' '.join(office.split()) or 'LibreOffice'}, fonts {digest[:16] if fonts else 'unknown'}"


def _answer(command: list[str]) -> str:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""  # what is wrong with it, `convert` tells


def convert(
    files: Sequence[Path], folder: Path, options: Mapping[str, bool | int], processes: int = 1
) -> list[Path]:
    """Each .docx -> a PDF in `folder`, in the order of `files`; named by its place in it, for two papers may share a name.

    `options` are those of LibreOffice's PDF export. `processes`: how many LibreOffices share the work, with a start each.
    OfficeError names the files that none was made of.
    """
    program, export = find_libreoffice(), export_filter(options)
    expected = {folder / f"{at}.pdf": file for at, file in enumerate(files)}
    why = ""
    for _ in range(_TRIES):
        missing = {pdf: file for pdf, file in expected.items() if not _is_whole(pdf)}
        if missing:
            why = _attempt(program, export, missing, folder, processes) or why
    missing = [file for pdf, file in expected.items() if not _is_whole(pdf)]
    if missing:
        raise OfficeError(_sentence(missing, why))
    return list(expected)


def export_filter(options: Mapping[str, bool | int]) -> str:
    """Options as --convert-to takes them."""
    said = ",".join(
        f'"{name}":{{"type":"{"boolean" if isinstance(value, bool) else "long"}","value":"{str(value).lower()}"}}'
        for name, value in options.items()
    )
    return f"pdf:writer_pdf_Export:{{{said}}}"


def _is_whole(pdf: Path) -> bool:
    """Whether the file begins and ends as a PDF does; a program that is killed leaves half of one."""
    try:
        data = pdf.read_bytes()
    except OSError:
        return False
    return data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")


def _sentence(missing: Sequence[Path], why: str) -> str:
    """LibreOffice takes files in order: the first one missing is the likely cause."""
    more = f" (nor of {len(missing) - 1} more)" if len(missing) > 1 else ""
    return (
        f"{missing[0].as_posix()}: found no PDF of it{more} after {_TRIES} tries of LibreOffice, which {why};"
        " expected one. Open this paper in LibreOffice to see whether it does there; then run the same command again."
    )


def _attempt(program: str, export: str, missing: Mapping[Path, Path], folder: Path, processes: int) -> str:
    """One start for each share of the files; says what went wrong, or nothing."""
    by_size = sorted(missing, key=lambda pdf: missing[pdf].stat().st_size, reverse=True)
    shares = [by_size[at::processes] for at in range(min(processes, len(by_size)))]
    with tempfile.TemporaryDirectory(prefix="forum-papers-", ignore_cleanup_errors=True) as temporary:
        starts: list[_Start] = []
        try:
            for at, share in enumerate(shares):
                room = Path(temporary) / str(at)
                room.mkdir()
                sources = {pdf: room / f"{pdf.stem}.docx" for pdf in missing if pdf in share}
                for pdf, source in sources.items():
                    shutil.copyfile(missing[pdf], source)
                starts.append(_Start.of(program, export, room, folder, [*sources.values()]))
            return next(filter(None, [start.end() for start in starts]), "")
        finally:
            for start in starts:
                start.stop()


@dataclass
class _Start:
    """A running LibreOffice. It is several processes, which hold on to its output: hence a group, and files for it."""

    process: subprocess.Popen
    said: Path
    seconds: float
    since: float

    @classmethod
    def of(cls, program: str, export: str, room: Path, folder: Path, sources: list[Path]) -> _Start:
        profile = f"-env:UserInstallation={(room / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", export]
        command += ["--outdir", str(folder.resolve()), *map(str, sources)]
        said = room / "said.txt"
        with said.open("wb") as output:
            try:
                process = subprocess.Popen(
                    command,
                    cwd=room,
                    env={**os.environ, **_SURROUNDINGS},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise OfficeError(
                    f"{program}: LibreOffice could not be started ({error.strerror})"
                ) from error
        return cls(process, said, _SECONDS + _SECONDS_A_PAPER * len(sources), time.monotonic())

    def end(self) -> str:
        """Waits for the end; what was wrong with it, as words behind `which`."""
        left = max(0.0, self.since + self.seconds - time.monotonic())
        try:
            code = self.process.wait(left)
        except subprocess.TimeoutExpired:
            return f"did not end within {self.seconds:.0f} s and was stopped"
        if code < 0:
            return f"was ended by signal {-code}"
        lines = [
            line.strip() for line in self.said.read_text("utf-8", "replace").splitlines() if line.strip()
        ]
        last = f" and said: {lines[-1][:200]}" if lines and code else ""
        return f"ended with exit code {code}{last}" if code else "ended as if all were well"

    def stop(self) -> None:
        """Ends it and its children, where they still run: also when this program itself is being ended."""
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
