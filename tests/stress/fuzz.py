"""`make fuzz`: spoils the inputs of a forum by the thousand, one file at a time, and looks how the program ends.

    python tests/fuzz.py [many=3600] [seed=0] [processes=2] [only=123]

Trial n always spoils the same file in the same way: `only=n` repeats it and shows what is told. Each runs the real steps
(read or prepare, then receive, fill and check) in a forked child that the system stops at 600 MB or 10 seconds. It must
end in whole papers, or in lines that name the spoilt file; without a traceback, half an output or a changed input. Where
the mutation changes nothing of meaning, the papers must be the same, byte for byte.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent / "scripts"), str(TESTS / "support"), str(TESTS)]

import fill
import prepare
import read
import receive
from fuzz_forum import ANNEXED, ISSUED_FILE, fuzz_forum, issue
from fuzz_mutators import Mutation, mutated
from hostile_tools import MOST_MEMORY, MOST_SECONDS, snapshot
from papers.checks.run import check_papers
from papers.docx.package import Package, PackageError, find_faults
from papers.docx.template.prepare import prepare_kind
from papers.errors import UserError
from papers.problems import Problems
from papers.store.files import write_atomic
from papers.wording.kind import templates_of
from project_tools import ROOT
from reliability import write_table

WORK, PAPERS, TEMPLATES = Path("outputs/work"), Path("outputs/papers"), Path("templates")
SECTION = "Fuzzing (make fuzz)"
MANY = 3600
PATIENCE = 90  # seconds by the clock, for a child that waits and takes no processor time
# How often a sort of file is spoilt, among 100.
SORTS = {
    "workbooks": (34, r"inputs/.*\.xlsx"),
    "YAML": (24, r"inputs/.*\.yaml"),
    "Markdown": (13, r"inputs/.*\.md"),
    "templates": (14, r"templates/.*"),
    "ledger and corrections": (6, r"inputs/.*(\.csv|ledger\.end|/issued/.*)"),
    "config.yaml": (5, r"config\.yaml"),
    "received papers": (4, r"inputs/.*/received/.*"),
}
# (spoilt file, line that is told, why it may name another file)
EXCEPTIONS: list[tuple[str, str, str]] = []
PAIRS = ("ledger.end",)  # told beside the file that it belongs to


@dataclass(frozen=True)
class Base:
    """The forum as it is when nothing is spoilt: its files, and the papers that were made of them."""

    root: Path
    files: dict[str, bytes]
    papers: dict[str, str]  # file -> digest
    kinds: frozenset[str]

    def names(self, sort: str) -> list[str]:
        return sorted(name for name in self.files if self.sort_of(name) == sort and self.used(name))

    def used(self, name: str) -> bool:
        """A template that no paper of the forum is made of would never be filled."""
        parts = {part for kind in self.kinds for part in templates_of(kind)}
        return not name.startswith("templates/") or Path(name).stem in parts

    @staticmethod
    def sort_of(name: str) -> str:
        return next((sort for sort, (_, pattern) in SORTS.items() if re.fullmatch(pattern, name)), "")


@dataclass(frozen=True)
class Ended:
    """How a trial ended: "papers" or "refused", and what is wrong with that (nothing, mostly)."""

    trial: int
    file: str
    mutation: Mutation
    how: str
    wrong: str
    told: list[str]
    seconds: float


# The base


def make_base(folder: Path) -> Base:
    """Builds the forum, issues a paper of it and builds it again."""
    forum = fuzz_forum(folder)
    here = Path.cwd()
    os.chdir(folder)
    try:
        assert _prepare(None) == _build("inputs", WORK / "templates") == 0
        issue(forum, (PAPERS / ISSUED_FILE).read_bytes(), _made_from())
        assert _build("inputs", WORK / "templates") == 0
    finally:
        os.chdir(here)
    index = json.loads((folder / WORK / "contexts/index.json").read_bytes())
    files = {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }
    files = {name: data for name, data in files.items() if data and not name.startswith("outputs/")}
    kinds = frozenset(kind for kinds in index.values() for kind in kinds)
    return Base(folder, files, snapshot(folder / PAPERS), kinds)


def _made_from() -> list[str]:
    """What the issued paper is made from, as the ledger's verb lists it."""
    papers = json.loads((WORK / "contexts/MINI2.json").read_bytes())["papers"]
    templates = sorted(path.as_posix() for path in TEMPLATES.glob("*.docx"))
    return [
        *next(paper["made_from"] for paper in papers if paper["file"] == ISSUED_FILE),
        "config.yaml",
        *templates,
    ]


# The steps, as the rules run them


def _build(name: str, templates: Path) -> int:
    """What the rules do after an edit of this file: 0, or 1 and lines on standard error."""
    if name.startswith("templates/"):
        if code := _prepare(Path(name).stem):
            return code
    elif code := read.main(Path(), WORK / "model.json", WORK / "contexts", WORK / "traces", None):
        return code
    for meeting in json.loads((WORK / "contexts/index.json").read_bytes()):
        context, received = WORK / f"contexts/{meeting}.json", WORK / f"received/{meeting}.prepared"
        anew = not received.exists() or "received/" in name or name.endswith("cover.docx")
        if anew and (code := receive.main(context, TEMPLATES, None, received)):
            return code
        record, manifest = WORK / f"record/{meeting}.json", WORK / f"filled/{meeting}.json"
        if code := fill.main(context, templates, PAPERS, record, manifest, received):
            return code
    check_papers(WORK, PAPERS, TEMPLATES, ROOT / "scripts/check.py")
    return 0


def _prepare(template: str | None) -> int:
    """The step `prepare` for the kinds with this template (two at most, as each costs a tenth of a second), or for all."""
    if template is None:
        return prepare.main(TEMPLATES, None, WORK / "templates")
    problems = Problems()
    with_it = [kind for kind in _USED if template in templates_of(kind)][:2]
    made = {kind: prepare_kind(TEMPLATES, kind, None, problems, {}) for kind in with_it}
    if problems:
        print(*problems.lines(), sep="\n", file=sys.stderr)
        return 1
    for kind, data in made.items():
        write_atomic(WORK / f"templates/{kind}.prepared", data)
    return 0


_USED: list[str] = []
_REMEMBERED = (
    "kept.txt",
    "scanned_files.json",
)  # what `read` knows of files that were right, whatever else is wrong


# A trial


def trial(base: Base, root: Path, number: int) -> Ended:
    """Spoils a file in `root`, a copy of the base, runs the steps in a child, judges, and puts the file back."""
    random = Random(f"fuzz {number}")
    sort = random.choices(list(SORTS), [weight for weight, _ in SORTS.values()])[0]
    name = random.choice(base.names(sort))
    mutation = mutated(random, name, base.files[name])
    shutil.rmtree(root / "outputs", ignore_errors=True)
    spoilt_template = name.startswith("templates/")
    for kept in ("contexts", "templates", "rules.json") if spoilt_template else ():
        _copy(base.root / WORK / kept, root / WORK / kept)
    for kept in ("checks", "received", *_REMEMBERED):  # what the last build knows
        _copy(base.root / WORK / kept, root / WORK / kept)
    (root / name).write_bytes(mutation.data)
    before, began = snapshot(root / "inputs") | snapshot(root / "templates"), time.perf_counter()
    templates = WORK / "templates" if spoilt_template else base.root / WORK / "templates"
    status, told = _in_child(root, name, templates)
    seconds = time.perf_counter() - began
    wrong = _judged(base, root, name, mutation, status, told)
    if snapshot(root / "inputs") | snapshot(root / "templates") != before:
        wrong = "inputs were changed"
        shutil.rmtree(root)
        shutil.copytree(base.root, root)
    (root / name).write_bytes(base.files[name])
    return Ended(number, name, mutation, "refused" if status else "papers", wrong, told, seconds)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)


def _in_child(root: Path, name: str, templates: Path) -> tuple[int, list[str]]:
    """Exit code (negative: the signal that ended it) and lines."""
    told = root / "told"
    child = os.fork()
    if child == 0:
        code = 70
        try:
            out = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1), os.dup2(out, 2)
            sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
            resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.alarm(PATIENCE)
            os.chdir(root)
            code = _build(name, templates)
        except UserError as error:  # as the job prints it
            print(error, file=sys.stderr)
            code = 1
        except BaseException:  # told as the traceback that a person would see
            traceback.print_exc()
        finally:
            sys.stdout.flush(), sys.stderr.flush()
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, told.read_text(encoding="utf-8", errors="replace").splitlines()


def _judged(base: Base, root: Path, name: str, mutation: Mutation, status: int, told: list[str]) -> str:
    """What is wrong with how it ended, or ""."""
    if any(line.startswith("Traceback") for line in told):
        return f"a traceback ({told[-1]})"
    if status not in (0, 1):
        return f"ended with {status}"
    if status == 0:
        return _papers_wrong(base, root, mutation)
    if mutation.neutral:
        return "refused, though it means the same"
    return _refusal_wrong(root, name, told)


def _refusal_wrong(root: Path, name: str, told: list[str]) -> str:
    lines = [line for line in told if not line.startswith("note: ")]
    if not lines:
        return "refused without a word"
    if odd := [line for line in lines if not re.match(r".+: found .+; expected .+", line)]:
        return f"no clean line: {odd[0]}"
    if left := _half(root, name):
        return f"half an output: {left}"
    named = any(name in line or _excepted(name, line) for line in lines)
    return "" if named else "names another file"


def _half(root: Path, name: str) -> list[str]:
    """What should not be there after a refusal: anything where reading or preparing refused; later, papers but whole meetings."""
    left = [p for p in (root / PAPERS).rglob("*") if p.is_file() and p.suffix != ".docx"]
    if not (root / WORK / "model.json").exists() and not name.startswith("templates/"):
        made = [p for p in (root / "outputs").rglob("*") if p.is_file()]
        left += [
            p
            for p in made
            if p.name not in _REMEMBERED and p.parent.name not in ("intake", "checks", "received")
        ]
    return sorted(p.name for p in left)


def _excepted(name: str, line: str) -> bool:
    """Whether this line may be told of this file: it names the other file of a pair, and this one by its name alone."""
    pair = any(name.endswith(one) and one in line for one in PAIRS)
    return pair or any(re.search(file, name) and re.search(words, line) for file, words, _ in EXCEPTIONS)


def _papers_wrong(base: Base, root: Path, mutation: Mutation) -> str:
    now = snapshot(root / PAPERS)
    differ = {file for file, _ in now.items() ^ base.papers.items()} - {ANNEXED}
    if mutation.neutral and differ:
        return f"other papers, though it means the same: {sorted(differ)}"
    for file in sorted(file for file in now if now[file] != base.papers.get(file)):
        try:
            package = Package.read((root / PAPERS / file).read_bytes())
            if faults := find_faults(package):
                return f"{file} is not whole: {faults[0]}"
            for part in package.parts:
                if part.endswith((".xml", ".rels")):
                    package.xml(part)
        except PackageError as error:
            return f"{file} is not whole: {error}"
    return ""


# Many trials

_BASE: list[Base] = []
_ROOT: list[Path] = []


def _start(base: Base, folder: str) -> None:
    """A worker's own copy of the forum."""
    _BASE.append(base)
    _USED.extend(sorted(base.kinds - {"received"}))
    _ROOT.append(Path(tempfile.mkdtemp(dir=folder)) / "forum")
    shutil.copytree(base.root, _ROOT[0], ignore=shutil.ignore_patterns("outputs"))
    gc.freeze()


def _one(number: int) -> Ended:
    return trial(_BASE[0], _ROOT[0], number)


def main(arguments: list[str]) -> int:
    given = {"many": MANY, "seed": 0, "processes": os.cpu_count(), "only": -1}
    given |= {key: int(value) for key, value in (word.split("=", 1) for word in arguments)}
    numbers = range(given["seed"], given["seed"] + given["many"]) if given["only"] < 0 else [given["only"]]
    counts, wrong, began = Counter(), [], time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        base = make_base(Path(folder) / "base")
        fork = multiprocessing.get_context("fork")
        with fork.Pool(given["processes"], _start, (base, folder)) as pool:
            for done, ended in enumerate(pool.imap_unordered(_one, numbers, chunksize=4), 1):
                said = _said(base.sort_of(ended.file), ended)
                if ended.wrong:
                    wrong.append(ended)
                else:
                    counts[said] += 1
                if ended.wrong or given["only"] >= 0:
                    print(_shown(ended, given["only"] >= 0), flush=True)
                if done % 200 == 0:
                    print(f"{done} trials, {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    print(*(f"{n:6} {said}" for said, n in sorted(counts.items())), sep="\n")
    if not wrong and given["many"] >= MANY and given["only"] < 0:
        write_table((SECTION, said, n) for said, n in counts.items())
    print(f"{sum(counts.values()) + len(wrong)} spoilt files, {len(wrong)} of them ended wrongly.")
    return 1 if wrong else 0


def _said(sort: str, ended: Ended) -> str:
    """What a trial is counted as."""
    if ended.mutation.neutral:
        return f"{sort}: spoilt in nothing that matters, made into the same papers"
    how = {"refused": "refused in lines that name the file", "papers": "made into whole papers"}[ended.how]
    return f"{sort}: spoilt, {how}"


def _shown(ended: Ended, whole: bool) -> str:
    """A trial for people: how to repeat it, what was done, and what was told."""
    lines = "\n    ".join(ended.told[-30 if whole else -6 :])
    did = f"only={ended.trial}: {ended.file}, {ended.mutation.how}: {ended.how}, {ended.wrong or 'right'}"
    return f"{did}, {ended.seconds:.1f} s\n    {lines}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
