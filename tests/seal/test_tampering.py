"""Every kind of tampering with every kind of file below outputs/ is found by `make verify`, by the file's name."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest
from papers.seal import commands
from papers.seal.lists import write_list_of_all
from papers.seal.rebuild import different_environment, rebuild
from papers.store.files import digest, grouped
from papers.store.stages import write_stage
from project_tools import Project, copy_built, copy_of, copy_project

PAPER, REVISED, EARLIER = "2019/MINI2/19_mini2_001", "2019/MINI1/19_mini1_003rev1", "2019/MINI1/19_mini1_003"
SUMS, VIEWS, ALL = "forums/mini/SHA256SUMS", "forums/mini/SHA256SUMS.views", "SHA256SUMS"
PROVENANCE, SEAL, PUBLIC_SUMS = (
    "forums/mini/provenance.json",
    "forums/mini/SEAL.txt",
    "public/forums/mini/SHA256SUMS",
)
PACKAGE, PDF, REDLINE = "packages/MINI2-delegates.zip", f"pdf/{PAPER}.pdf", f"changes/{REVISED}_changes.docx"
FILES = [
    f"papers/{PAPER}.docx",
    f"issued/{EARLIER}.docx",
    "index.html",
    "forums/mini/index.html",
    "forums/mini/papers.json",
    "forums/mini/feed.xml",
    "forums/mini/text.js",
    PDF,
    REDLINE,
    PACKAGE,
    f"public/papers/{PAPER}.docx",
    f"public/traces/{PAPER}.json",
    f"public/pdf/{PAPER}.pdf",
    "public/packages/MINI2-public.zip",
    "public/index.html",
    PUBLIC_SUMS,
    PROVENANCE,
    SEAL,
    "forums/mini/program.json",
    f"work/mini/traces/{PAPER}.json",
]
LISTS = [SUMS, VIEWS, ALL]
RECORDS = [PROVENANCE, PUBLIC_SUMS, SUMS, SEAL, VIEWS, ALL]  # each has digests of some of those before it
ADDED = [
    "papers/2019/MINI2/19_mini2_009.docx",
    f"papers/{PAPER} (edited copy 1).docx",
    f"papers/{PAPER} (edited).docx",
    "papers/2019/MINI2/~$_mini2_001.docx",
    "papers/2019/note",
    "public/.draft.docx",
    "forums/mini/.SHA256SUMS",
    "pdf/2019/MINI2/extra.pdf",
    "changes/2019/MINI2/extra_changes.docx",
    "packages/MINI9-delegates.zip",
    "forums/other/index.html",
    ".git/config",
    "readme.txt",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Project:
    """A sealed forum with an issued and revised paper, packages, and a PDF and a redline that no program wrote."""
    project = copy_project(tmp_path_factory.mktemp("tampering") / "forum")
    why = ("date=2019-05-01", "by=APEC Secretariat", "why=early")
    command(project, "issue", "paper=2019/MINI1/003", *why)
    command(project, "revise", "paper=2019/MINI1/003", *why)
    stage(project, "pdf", "MINI2", f"{PAPER}.pdf", "2019/MINI2/001", "converted")
    stage(project, "changes", "MINI1", f"{REVISED}_changes.docx", "2019/MINI1/003rev1", "compared")
    command(project, "build")
    command(project, "package", "meeting=MINI2")
    return project


def command(project: Project, *words: str) -> None:
    run = project.run(sys.executable, "scripts/forum_papers.py", *words)
    assert run.code == 0, run.out + run.err


def stage(project: Project, folder: str, meeting: str, file: str, number: str, key: str) -> None:
    """Write the stage of `make pdf` or `make changes`, without the programs that they need."""
    paper = {"number": number, "title": "A Paper", "file": file, "sha256": digest(b"made")}
    of = {"file": file, "since": "2019/MINI1/003", "of": {}}
    facts = {"meeting": meeting, "papers": [paper], key: [of], "failed": []}
    write_stage(project.root / "outputs/work/mini" / folder / meeting, {file: b"made"}, **facts)


@pytest.fixture(scope="module")
def rebuilt(built, tmp_path_factory) -> Path:
    """The outputs of the forum as they are when they are built again elsewhere."""
    stages = [Path("outputs/work/mini") / name for name in ("pdf", "changes", "packages")]
    with rebuild(built.root, different_environment(), ["mini"], stages) as outputs:
        return shutil.copytree(outputs, tmp_path_factory.mktemp("rebuilt") / "outputs")


@pytest.fixture
def outputs(built, rebuilt, tmp_path, monkeypatch) -> Path:
    """The outputs of a copy that a test may tamper with; to verify it builds nothing."""

    @contextmanager
    def built_before(*_: object) -> Iterator[Path]:
        yield rebuilt

    project = copy_of(built, tmp_path / "forum")
    monkeypatch.chdir(project.root)
    monkeypatch.setattr(commands, "rebuild", built_before)
    return Path("outputs")


@pytest.fixture
def reported(capsys) -> Callable[[], set[str]]:
    """Verify; return the files that are reported, without `outputs/`."""

    def verify() -> set[str]:
        code = commands.run("verify", {})
        out, err = capsys.readouterr()
        lines = [
            line for line in out.splitlines() if re.match("outputs/.*: found (?!papers of another)", line)
        ]
        assert code == bool(lines), out + err
        assert ("Not verified: " in err) == bool(lines)
        assert ("Verified: " in out) == (not lines)
        return {line.removeprefix("outputs/").partition(": found ")[0] for line in lines}

    return verify


# Tampering


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def change_one_byte(path: Path) -> None:
    """Keep length and time of the file."""
    data, status = bytearray(path.read_bytes()), path.stat()
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


def put_link(path: Path) -> None:
    """Put a symbolic link to the same bytes in the place of the file."""
    elsewhere = path.rename("elsewhere").absolute()
    path.symlink_to(elsewhere)


def test_nothing_is_reported_of_outputs_as_they_were_built(outputs, reported):
    assert {path for path in [*FILES, *LISTS] if not (outputs / path).is_file()} == set()
    assert reported() == set()


@pytest.mark.parametrize("tamper", [change, change_one_byte, empty, remove, put_link])
@pytest.mark.parametrize("file", FILES)
def test_a_file_that_was_tampered_with_is_the_only_one_reported(outputs, reported, file, tamper):
    tamper(outputs / file)
    assert reported() == {file}


@pytest.mark.parametrize("tamper", [change, change_one_byte, empty, remove])
@pytest.mark.parametrize("file", LISTS)
def test_a_list_that_was_tampered_with_is_reported(outputs, reported, file, tamper):
    tamper(outputs / file)
    assert file in reported()


@pytest.mark.parametrize("file", LISTS)
def test_a_lost_list_is_reported_without_the_files_in_it(outputs, reported, file):
    remove(outputs / file)
    assert reported() == {file}


@pytest.mark.parametrize("file", ADDED)
def test_an_added_file_is_reported_whatever_its_name(outputs, reported, file):
    add(outputs / file)
    assert reported() == {file}


@pytest.mark.parametrize("content", [b"", b"text"])
def test_an_added_file_is_reported_whatever_its_content(outputs, reported, content):
    add(outputs / "papers/x", content)
    assert reported() == {"papers/x"}


def add(path: Path, content: bytes = b"text") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_links_that_were_added_are_reported_to_files_to_folders_and_to_nothing(outputs, reported):
    for name, target in (("a", outputs / "index.html"), ("b", outputs / "papers"), ("c", Path("nothing"))):
        (outputs / "public" / name).symlink_to(target.absolute())
    assert reported() == {"public/a", "public/b", "public/c"}


@pytest.mark.parametrize("file", [file for file in FILES if not file.startswith("work/")])
def test_a_file_that_was_changed_together_with_its_lines_in_the_lists_is_reported(outputs, reported, file):
    before = digest((outputs / file).read_bytes())
    change(outputs / file)
    after = digest((outputs / file).read_bytes())
    for path in (outputs / name for name in LISTS):
        path.write_text(path.read_text().replace(f"{before}  {file}\n", f"{after}  {file}\n"))
    assert file in reported()


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_was_changed_together_with_all_digests_of_it_and_of_its_lists_is_reported(
    outputs, reported, file
):
    before = digest((outputs / file).read_bytes())
    change(outputs / file)
    forge(outputs, {before: digest((outputs / file).read_bytes())}, but=file)
    assert file in reported()


def forge(outputs: Path, digests: dict[str, str], but: str) -> None:
    """Replace digests in everything that has them, then the digests of what was changed by that."""
    for path in (outputs / name for name in RECORDS if name != but):
        text = path.read_text(encoding="utf-8")
        forged = text
        for old, new in digests.items():
            forged = forged.replace(old, new).replace(grouped(old), grouped(new))
        path.write_text(forged, encoding="utf-8")
        if forged != text:
            digests[digest(text.encode())] = digest(forged.encode())


@pytest.mark.parametrize("file", [f"papers/{PAPER}b.docx", "pdf/2019/MINI2/extra.pdf", "public/.x"])
def test_a_file_that_was_added_together_with_a_line_in_the_lists_is_reported(outputs, reported, file):
    for name in (SUMS, VIEWS):
        add(outputs / file)
        path = outputs / name
        lines = [*path.read_text().splitlines(), f"{digest(b'text')}  {file}"]
        path.write_text("".join(f"{line}\n" for line in sorted(lines, key=lambda line: line[66:])))
    assert file in reported()


@pytest.mark.parametrize("file", [f"papers/{PAPER}.docx", PDF, REDLINE, PACKAGE, "index.html"])
def test_a_file_that_was_removed_together_with_its_lines_is_reported(outputs, reported, file):
    remove(outputs / file)
    for path in (outputs / name for name in LISTS):
        lines = [line for line in path.read_text().splitlines() if not line.endswith(f"  {file}")]
        path.write_text("".join(f"{line}\n" for line in lines))
    assert file in reported()


def test_what_is_in_a_package_is_covered_by_the_digest_of_the_package(outputs, reported):
    with ZipFile(outputs / PACKAGE, "a") as package:
        package.writestr("99 extra.docx", b"text")
    assert reported() == {PACKAGE}


# What somebody else sent, and forums that are not built


@pytest.fixture
def sent(outputs, tmp_path) -> Path:
    """What another user sends: the outputs without outputs/work."""
    return shutil.copytree(outputs, tmp_path / "sent", ignore=shutil.ignore_patterns("work"))


FORMS = ["", "forums/mini", "SHA256SUMS", "forums/mini/SHA256SUMS"]


@pytest.mark.parametrize("form", FORMS)
def test_a_folder_a_forum_in_it_and_a_list_alone_can_be_compared(sent, capsys, form):
    assert commands.run("verify", {"against": str(sent / form)}) == 0
    out = capsys.readouterr().out
    assert f"Testing whether the digests in {sent}" in out
    assert "the same as those that this program and these inputs give on this machine" in out
    assert ("compared only with the digests in the same folder" in out) == (form in FORMS[:2])


@pytest.mark.parametrize("form", FORMS)
def test_another_digest_in_them_is_reported_with_its_file(sent, capsys, form):
    paper = sent / FILES[0]
    change(paper)
    for name in LISTS:
        lines = (sent / name).read_text().splitlines()
        lines = [f"{digest(paper.read_bytes())}  {FILES[0]}" if x[66:] == FILES[0] else x for x in lines]
        (sent / name).write_text("".join(f"{line}\n" for line in lines))
    assert commands.run("verify", {"against": str(sent / form)}) == 1
    out = capsys.readouterr().out
    assert f"{FILES[0]}: found a file that these inputs do not give; expected the rebuilt one.\n" in out


def test_a_forum_that_is_not_built_is_compared_with_its_digests(outputs, reported, capsys):
    page = outputs / "forums/second/index.html"
    add(page)
    shutil.copy(outputs / PROVENANCE, page.parent)
    for name, files in {SUMS: ["provenance.json"], VIEWS: ["SHA256SUMS", "index.html"]}.items():
        lines = [f"{digest((page.parent / file).read_bytes())}  forums/second/{file}\n" for file in files]
        (outputs / name.replace("mini", "second")).write_text("".join(lines))
    write_list_of_all(outputs)
    assert reported() == set()
    change(page)
    assert reported() == {"forums/second/index.html"}


def test_the_words_of_also_are_checked(outputs, capsys):
    for options, found in (
        ({"also": "pdfs"}, 'found also=pdfs; expected pdf or changes. Did you mean "pdf"?'),
        ({"also": "pdf", "paper": "2019/MINI2/001"}, "found also= with paper=; expected it for all files"),
        (
            {"also": "pdf", "against": str(outputs.absolute())},
            "found also= with against=; expected it for all",
        ),
    ):
        assert commands.run("verify", options) == 1
        assert f"command: {found}" in capsys.readouterr().err


@pytest.mark.libreoffice
@pytest.mark.slow
def test_pdfs_are_built_again_where_it_is_asked_for(tmp_path):
    project = copy_built(tmp_path / "forum")
    command(project, "build", "all", "pdfs")
    verify = (sys.executable, "scripts/forum_papers.py", "verify", "also=pdf")
    done = project.run(*verify)
    assert done.code == 0, done.out + done.err
    assert "1 other file was compared only with" in done.out  # program.json
    pdf = f"pdf/{PAPER}.pdf"
    change(project.root / "outputs" / pdf)
    done = project.run(*verify)
    assert done.code == 1 and f"outputs/{pdf}: found a file edited" in done.out
