"""Measure the engines of peers.py in turn, and find out from their papers what each could and could not do."""

from __future__ import annotations

import json
import statistics
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import forum
from lxml import etree
from peer_paper import PaperContent, expected_content, first_difference, paper_data, read_paper
from peers import DRIVERS, Engine, command, write_data, write_templates

WARM_UP, TURNS, EACH = 20, 9, 5
SIZES = (600, 2_000, 6_000, 20_000)
LIMIT = 20  # seconds for one paper; a slower engine is not measured further
KEPT = "peer"  # file name of the papers that engines save
BROKEN, MISSING = "\x0b", "proponents"


@dataclass(frozen=True)
class Cost:
    """Seconds and memory (MiB) of one paper, medians."""

    wall: float
    cpu: float
    mib: float

    @property
    def seconds(self) -> float:
        """The smaller of the two: other load adds to wall time, helper threads of an engine to CPU time."""
        return min(self.wall, self.cpu)


def check_text(name: str, made: bytes, data: dict) -> PaperContent:
    """Return the content of an engine's paper; exit if its text differs from the data."""
    content = read_paper(made)
    if difference := first_difference(content, data):
        raise SystemExit(f"the benchmark's paper of {name}: {difference}")
    return content


def measure_warm(engines: list[str], folder: Path) -> tuple[dict[str, Cost], dict[str, bytes]]:
    """Return the cost of a paper of 60 rows in a warm process, and the first and the last paper of each engine."""
    running = [Engine(name, folder) for name in engines]
    papers = {}
    try:
        for engine in running:
            papers[engine.name] = [_make_paper(engine, "60")]
            engine.make("60", WARM_UP)
        turns = [[engine.make("60", EACH) for engine in running] for _ in range(TURNS)]
        medians = {}
        for engine, answers in zip(running, zip(*turns, strict=True), strict=True):
            papers[engine.name].append(_make_paper(engine, "60"))
            medians[engine.name] = _median(answers, peak(engine, answers[-1]))
    finally:
        for engine in running:
            engine.__exit__()
    return medians, papers


def _make_paper(engine: Engine, data: str) -> bytes:
    file = engine.folder / f"{KEPT}.docx"
    file.unlink(missing_ok=True)
    answer = engine.make(data, save=file)
    if "error" in answer:
        raise SystemExit(f"{engine.name} did not make the benchmark's paper: {answer['error']}")
    return file.read_bytes()


def _median(answers: list[dict], mib: float) -> Cost:
    return Cost(*(statistics.median(answer[clock] for answer in answers) for clock in ("wall", "cpu")), mib)


def peak(engine: Engine, answer: dict) -> float:
    """Return the peak memory of the engine's process, or of one that it started, in MiB; only Linux reports it."""
    status = Path(f"/proc/{engine.process.pid}/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.is_file() else []
    sizes = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return max([*sizes, answer["children_kib"], 0]) / 1024


def measure_cold(engines: list[str], folder: Path) -> dict[str, Cost]:
    """Return the cost of one paper of 60 rows from the start of a process to its end, file included."""
    commands = {
        name: [*command(name, folder), str(folder / "cold.docx")] for name in engines if name != "ours"
    }
    commands["ours"] = _our_job(folder)
    answers: dict[str, list] = {name: [] for name in engines}
    for turn in range(TURNS + 1):
        for name in engines:
            answer = run_measured(DRIVERS, commands[name])
            if turn:  # the first only fills the disk cache
                answers[name].append(answer)
    return {n: _median(of, statistics.median(a["kib"] for a in of) / 1024) for n, of in answers.items()}


def _our_job(folder: Path) -> list[str]:
    """Return the job as the pipeline starts it, for a meeting with one paper."""
    files = {"context": "60.context.json", "templates": "", "received": "", "out": "out", "log": "log.json"}
    given = [part for name, file in files.items() for part in (f"--{name}", str(folder / file))]
    job = str(forum.ROOT / "scripts" / "fill.py")
    return [sys.executable, job, *given]


def run_measured(folder: Path, words: list[str]) -> dict:
    """Run a command; return `wall`, `cpu` (of all its processes) and `kib` (the peak of any of them)."""
    output = forum.run(folder, sys.executable, "-I", "-S", str(DRIVERS / "launch.py"), *words)
    return json.loads(output.splitlines()[0])


def measure_long_schedules(
    engines: list[str], folder: Path, sizes: tuple[int, ...] = SIZES
) -> dict[str, list]:
    """Return the cost of a paper of each size for each engine; from its first failure on, the reason instead."""
    taken: dict[str, list] = {name: [] for name in engines}
    for rows in sizes:
        data = paper_data(rows)
        write_data(folder, str(rows), data)
        for name in engines:
            before = taken[name][-1] if taken[name] else None
            taken[name].append(before if isinstance(before, str) else _long(name, folder, rows, data))
    return taken


def _long(name: str, folder: Path, rows: int, data: dict) -> Cost | str:
    with Engine(name, folder) as engine:
        file = folder / f"{KEPT}.docx"
        engine.make("60")
        answers = []
        while len(answers) < 3 and sum(answer["wall"] for answer in answers) < 2:
            alarm = threading.Timer(LIMIT, engine.process.kill)
            alarm.start()
            answer = engine.make(str(rows), save=file)
            if not alarm.is_alive():
                return f"not within {LIMIT} s"
            alarm.cancel()
            if "error" in answer:
                return "failed: " + answer["error"].splitlines()[0][:80]
            answers.append(answer)
        taken = _median(answers, peak(engine, answers[-1]))
    check_text(name, file.read_bytes(), data)
    return taken


def abilities(name: str, papers: list[bytes], folder: Path, probes: Path) -> dict[str, str]:
    """Return what an engine can do: "yes" or what its papers show instead. `probes` has the output of `write_probes`."""
    data = paper_data(60)
    content, expected = check_text(name, papers[0], data), expected_content(data)
    shown = {
        "the paper's number in the header": _yes(expected.header in content.header, "not in it"),
        "three footnotes, their places fixed in the template": _notes(content, expected),
        "footnotes that come with the data": _probe(
            probes, name, "60", lambda p: _notes(read_paper(p), expected), "no: "
        ),
        "one merged cell for each area": _yes(content.merged == expected.merged, "not merged"),
        "the same bytes twice": _yes(papers[0] == papers[1], "differ"),
    }
    shown["a value is missing"] = _probe(folder, name, "missing", _missing)
    shown["a character that XML forbids"] = _probe(folder, name, "broken", _broken)
    return shown


def write_probes(folder: Path, probes: Path) -> None:
    """Write data with an error, and templates in which footnotes are repeated with the data."""
    missing, broken = paper_data(60), paper_data(60)
    del missing["areas"][1]["rows"][3][MISSING]
    broken["areas"][1]["rows"][3]["activity"] += BROKEN + "!"
    write_data(folder, "missing", missing)
    write_data(folder, "broken", broken)
    probes.mkdir()
    write_templates(probes, noted_list=True)
    write_data(probes, "60", paper_data(60))


def _yes(good: bool, otherwise: str) -> str:
    return "yes" if good else otherwise


def _notes(content: PaperContent, expected: PaperContent) -> str:
    if content.notes == expected.notes and content.noted_in_order:
        return "yes"
    known = sum(note in content.notes for note in expected.notes)
    return (
        f"{known} of {len(expected.notes)} texts; {len(content.notes)} references"
        if content.notes
        else "none"
    )


def _probe(folder: Path, name: str, data: str, judge: Callable[[bytes], str], refused: str = "") -> str:
    """Return what `judge` says of the paper, or the engine's error."""
    with Engine(name, folder) as engine:
        file = folder / f"{KEPT}.docx"
        answer = engine.make(data, save=file)
        return refused + _error(answer["error"]) if "error" in answer else judge(file.read_bytes())


def _error(message: str) -> str:
    """Return which of these the message names: the paper, the tag, the row."""
    number = expected_content(paper_data(0)).header
    row = paper_data(60)["areas"][1]["rows"][3]["activity"]
    named = [what for what, sign in (("paper", number), ("tag", MISSING), ("row", row)) if sign in message]
    return f"error, names the {' and the '.join(named)}" if named else "error, names no place"


def _missing(made: bytes) -> str:
    return _shown_instead(made, 3)


def _broken(made: bytes) -> str:
    try:
        return _shown_instead(made, 1)
    except etree.XMLSyntaxError:
        return "a file that Word can't open"


def _shown_instead(made: bytes, column: int) -> str:
    """Return what that cell of the faulty row contains, if the engine reported nothing."""
    rows = [row for row in read_paper(made).body if isinstance(row, tuple) and len(row) == 4]
    words = rows[1 + 15 + 3][column]
    good = expected_content(paper_data(60)).body[-60 + 15 + 3][column]
    shown = words.replace(good, "…") if column == 1 else words
    return f'silently "{shown}"' if shown else "silently an empty cell"
