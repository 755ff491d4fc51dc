"""`make fuzz`: damage the inputs of a forum thousands of times, one file at a time, and check how the program ends.

    python tests/stress/fuzz.py [many=3600] [seed=0] [processes=2] [only=123]

Trial n always damages the same file in the same way: `only=n` repeats it and shows its messages. Each runs the real steps
(read or prepare, then receive, fill and check) in a forked child that the system stops at 600 MB or 10 seconds. It must
end in whole papers, or in messages that name the damaged file; without a traceback, a partial output or a changed input.
If the mutation does not change the meaning, the papers must be the same, byte for byte.
"""

from __future__ import annotations

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

sys.path.extend(str(Path(__file__).resolve().parents[2] / name) for name in ("scripts", "tests/support"))

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
from papers.job import call
from papers.problems import Problems
from papers.store.delivery import PAPER_FILES, Delivery, files_of
from papers.store.files import write_with_digest
from reliability import write_table
from word_tools import shipped_kinds

COVER = Path("templates/cover.docx")
WORK, PAPERS, TEMPLATES = Path("outputs/work/mini"), Path("outputs/papers"), Path("templates")
CONFIG = json.dumps({"files": ["config.yaml"], "values": {}})
SECTION = "Fuzzing (make fuzz)"
MANY = 3600
TIMEOUT = 90  # seconds by the clock, for a child that waits and uses no processor time
# Category -> how many of 100 trials damage such a file, and the pattern of its name.
CATEGORIES = {
    "workbooks": (34, r"inputs/.*\.xlsx"),
    "YAML": (24, r"inputs/.*\.yaml"),
    "Markdown": (13, r"inputs/.*\.md"),
    "templates": (14, r"templates/.*"),
    "ledger and corrections": (6, r"inputs/.*(\.csv|ledger\.end|/issued/.*)"),
    "config.yaml": (5, r"config\.yaml"),
    "received papers": (4, r"inputs/.*/received/.*"),
}
# (damaged file, pattern of the message, why it may name another file)
EXCEPTIONS: list[tuple[str, str, str]] = [
    (
        r"plan\.yaml$",
        r"of which plan\.yaml says nothing",
        "the section that uses a fact is where it is missed",
    ),
]
PAIRS = ("ledger.end",)  # a message may name it by its file name, after the file that it belongs to


@dataclass(frozen=True)
class Base:
    """The undamaged forum: its files, and the papers that were built from them."""

    root: Path
    files: dict[str, bytes]
    papers: dict[str, str]  # file -> digest
    kinds: frozenset[str]

    def names(self, category: str) -> list[str]:
        return sorted(name for name in self.files if self.category(name) == category and self.is_used(name))

    def is_used(self, name: str) -> bool:
        """A template of which the forum has no paper is never filled."""
        parts = {part for kind in self.kinds for part in shipped_kinds().templates_of(kind)}
        is_word = name.startswith("templates/") and name.endswith(".docx")
        return not is_word or Path(name).stem in parts

    @staticmethod
    def category(name: str) -> str:
        return next(
            (category for category, (_, pattern) in CATEGORIES.items() if re.fullmatch(pattern, name)), ""
        )


@dataclass(frozen=True)
class TrialResult:
    """How a trial ended: with "papers" or "refused", and what is wrong with that, mostly nothing."""

    trial: int
    file: str
    mutation: Mutation
    end: str
    wrong: str
    lines: list[str]
    seconds: float


# The base


def make_base(folder: Path) -> Base:
    """Build the forum, issue one of its papers and build it again."""
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
    """Return the files that the issued paper is built from, as `issue` lists them."""
    papers = json.loads((WORK / "contexts/MINI2.json").read_bytes())["papers"]
    templates = sorted(path.as_posix() for path in TEMPLATES.glob("*.docx"))
    return [
        *next(paper["made_from"] for paper in papers if paper["file"] == ISSUED_FILE),
        "config.yaml",
        *templates,
    ]


# The steps, as the rules run them


def _build(name: str, templates: Path) -> int:
    """Run what the rules run after an edit of this file; return 0, or 1 after messages on standard error."""
    if name.startswith("templates/") and name.endswith(".docx"):
        if code := _prepare(Path(name).stem):
            return code
    elif code := _run(read.main, config=CONFIG, forum="mini", work=WORK):
        return code
    for meeting in json.loads((WORK / "contexts/index.json").read_bytes()):
        context, received = WORK / f"contexts/{meeting}.json", WORK / f"received/{meeting}.prepared"
        own = WORK / f"contexts/received/{meeting}.json"
        anew = not received.exists() or "received/" in name or name.endswith("cover.docx")
        if (
            own.exists()
            and anew
            and (code := _run(receive.main, context=own, cover=COVER, logo="", out=received))
        ):
            return code
        places = {"templates": templates, "received": received, "out": WORK / f"filled/{meeting}"}
        if code := _run(fill.main, context=context, **places):
            return code
    check_papers(WORK, "mini", code="the same in all trials")
    deliver_all_papers(WORK)
    return 0


def _run(main, **options: str | Path) -> int:
    """Run an adapter, print what it reports, and return its exit code."""
    log = call(main, **{name: str(value) for name, value in options.items()})
    log.print()
    return 1 if log.failed else 0


def deliver_all_papers(work: Path) -> None:
    delivery = Delivery(PAPER_FILES, work, work.parents[1])
    delivery.deliver(files_of(PAPER_FILES.folders(work)))


def _prepare(template: str | None) -> int:
    """Run `prepare` for all kinds, or for two kinds at most that use a template, as each takes a tenth of a second."""
    if template is None:
        return _run(prepare.main, forum="mini", logo="", out=WORK / "templates")
    problems = Problems()
    with_it = [kind for kind in _USED if template in shipped_kinds().templates_of(kind)][:2]
    made = {
        kind: prepare_kind(TEMPLATES.parent, shipped_kinds(), kind, None, problems, {}) for kind in with_it
    }
    if problems:
        print(*problems.lines(), sep="\n", file=sys.stderr)
        return 1
    for kind, data in made.items():
        write_with_digest(WORK / f"templates/{kind}.prepared", data)
    return 0


_USED: list[str] = []
_AT_ANY_END = ("cache", "intake", "received")  # folders that have files also after a refusal


# A trial


def trial(base: Base, root: Path, number: int) -> TrialResult:
    """Damage a file in `root`, a copy of the base, run the steps in a child, check how they end, and restore the file."""
    random = Random(f"fuzz {number}")
    category = random.choices(list(CATEGORIES), [weight for weight, _ in CATEGORIES.values()])[0]
    name = random.choice(base.names(category))
    mutation = mutated(random, name, base.files[name])
    shutil.rmtree(root / "outputs", ignore_errors=True)
    template_damaged = name.startswith("templates/")
    for kept in ("contexts", "templates", "rules.json") if template_damaged else ():
        _copy(base.root / WORK / kept, root / WORK / kept)
    for kept in ("received", "cache"):  # of the last build
        _copy(base.root / WORK / kept, root / WORK / kept)
    (root / name).write_bytes(mutation.data)
    before, began = snapshot(root / "inputs") | snapshot(root / "templates"), time.perf_counter()
    templates = WORK / "templates" if template_damaged else base.root / WORK / "templates"
    status, lines = _in_child(root, name, templates)
    seconds = time.perf_counter() - began
    wrong = _check_end(base, root, name, mutation, status, lines)
    if snapshot(root / "inputs") | snapshot(root / "templates") != before:
        wrong = "inputs were changed"
        shutil.rmtree(root)
        shutil.copytree(base.root, root)
    (root / name).write_bytes(base.files[name])
    return TrialResult(number, name, mutation, "refused" if status else "papers", wrong, lines, seconds)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)


def _in_child(root: Path, name: str, templates: Path) -> tuple[int, list[str]]:
    """Return the exit code (negative: the signal that ended it) and the lines that were printed."""
    output = root / "output"
    child = os.fork()
    if child == 0:
        code = 70
        try:
            out = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1), os.dup2(out, 2)
            sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
            resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.alarm(TIMEOUT)
            os.chdir(root)
            code = _build(name, templates)
        except BaseException:  # as a user would see it
            traceback.print_exc()
        finally:
            sys.stdout.flush(), sys.stderr.flush()
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, output.read_text(encoding="utf-8", errors="replace").splitlines()


def _check_end(base: Base, root: Path, name: str, mutation: Mutation, status: int, lines: list[str]) -> str:
    """Return what is wrong with the end of a trial, or ""."""
    if any(line.startswith("Traceback") for line in lines):
        return f"a traceback ({lines[-1]})"
    if status not in (0, 1):
        return f"ended with {status}"
    if status == 0:
        return _check_papers(base, root, mutation)
    if mutation.neutral:
        return "refused, though it means the same"
    return _check_refusal(root, name, lines)


def _check_refusal(root: Path, name: str, lines: list[str]) -> str:
    messages = [line for line in lines if not line.startswith("note: ")]
    if not messages:
        return "refused without a message"
    if malformed := [line for line in messages if not re.match(r".+: found .+; expected .+", line)]:
        return f"no well-formed message: {malformed[0]}"
    if partial := _partial_outputs(root, name):
        return f"partial outputs: {partial}"
    named = any(name in line or _may_name_other(name, line) for line in messages)
    return "" if named else "names another file"


def _partial_outputs(root: Path, name: str) -> list[str]:
    """Files that must not exist after a refusal: any if reading or preparing refused; later, files that are no papers."""
    found = [p for p in (root / PAPERS).rglob("*") if p.is_file() and p.suffix != ".docx"]
    if not (root / WORK / "model.json").exists() and not name.startswith("templates/"):
        files = [p for p in (root / "outputs").rglob("*") if p.is_file() and not p.name.endswith(".lock")]
        work = root / WORK
        found += [p for p in files if not any(p.is_relative_to(work / folder) for folder in _AT_ANY_END)]
    return sorted(p.name for p in found)


def _may_name_other(name: str, line: str) -> bool:
    """Whether a message about this file may name another one, such as the other file of a pair."""
    pair = any(name.endswith(one) and one in line for one in PAIRS)
    return pair or any(re.search(file, name) and re.search(words, line) for file, words, _ in EXCEPTIONS)


def _check_papers(base: Base, root: Path, mutation: Mutation) -> str:
    now = snapshot(root / PAPERS)
    differ = {file for file, _ in now.items() ^ base.papers.items()} - {ANNEXED}
    if mutation.neutral and differ:
        return f"other papers, though it means the same: {sorted(differ)}"
    for file in sorted(file for file in now if now[file] != base.papers.get(file)):
        try:
            package = Package.read((root / PAPERS / file).read_bytes())
            if faults := find_faults(package):
                return f"{file} is damaged: {faults[0]}"
            for part in package.parts:
                if part.endswith((".xml", ".rels")):
                    package.xml(part)
        except PackageError as error:
            return f"{file} is damaged: {error}"
    return ""


# Many trials

_BASE: list[Base] = []
_ROOT: list[Path] = []


def _start(base: Base, folder: str) -> None:
    """Give a worker its own copy of the forum."""
    _BASE.append(base)
    _USED.extend(sorted(base.kinds - {"received"}))
    _ROOT.append(Path(tempfile.mkdtemp(dir=folder)) / "forum")
    shutil.copytree(base.root, _ROOT[0], ignore=shutil.ignore_patterns("outputs"))


def _one(number: int) -> TrialResult:
    return trial(_BASE[0], _ROOT[0], number)


def main(arguments: list[str]) -> int:
    options = {"many": MANY, "seed": 0, "processes": os.cpu_count(), "only": -1}
    options |= {key: int(value) for key, value in (word.split("=", 1) for word in arguments)}
    numbers = (
        range(options["seed"], options["seed"] + options["many"])
        if options["only"] < 0
        else [options["only"]]
    )
    counts, wrong, began = Counter(), [], time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        base = make_base(Path(folder) / "base")
        fork = multiprocessing.get_context("fork")
        with fork.Pool(options["processes"], _start, (base, folder)) as pool:
            for done, result in enumerate(pool.imap_unordered(_one, numbers, chunksize=4), 1):
                if result.wrong:
                    wrong.append(result)
                else:
                    counts[_description(base.category(result.file), result)] += 1
                if result.wrong or options["only"] >= 0:
                    print(_report(result, options["only"] >= 0), flush=True)
                if done % 200 == 0:
                    print(f"{done} trials, {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    print(*(f"{n:6} {what}" for what, n in sorted(counts.items())), sep="\n")
    if not wrong and options["many"] >= MANY and options["only"] < 0:
        write_table((SECTION, what, n) for what, n in counts.items())
    print(f"{sum(counts.values()) + len(wrong)} damaged files, {len(wrong)} of them ended wrongly.")
    return 1 if wrong else 0


def _description(category: str, result: TrialResult) -> str:
    """What a trial is counted as."""
    if result.mutation.neutral:
        return f"{category}: changed without a change of meaning, built into the same papers"
    ends = {"refused": "refused in messages that name the file", "papers": "built into whole papers"}
    return f"{category}: damaged, {ends[result.end]}"


def _report(result: TrialResult, all_lines: bool) -> str:
    """Show a trial: how to repeat it, what was done, and the last lines that were printed."""
    lines = "\n    ".join(result.lines[-30 if all_lines else -6 :])
    trial = f"only={result.trial}: {result.file}, {result.mutation.how}"
    return f"{trial}: {result.end}, {result.wrong or 'right'}, {result.seconds:.1f} s\n    {lines}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
