"""What the engines of peers.py take, in turn, and what their papers show that they could and could not do."""

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
from peer_paper import Found, difference, expected_content, found, paper
from peers import DRIVERS, Engine, command, lay_out_all, write_data

WARM_UP, TURNS, EACH = 20, 9, 5
SIZES = (600, 2_000, 6_000, 20_000)
LIMIT = 20  # seconds that a paper may take before its engine is given up
KEPT = "peer"  # stem of the papers that engines save
BROKEN, MISSING = "\x0b", "proponents"


@dataclass(frozen=True)
class Taken:
    """Seconds and memory of one paper, medians."""

    wall: float
    cpu: float
    mib: float

    @property
    def seconds(self) -> float:
        """The smaller of the two: what else runs on the machine adds to the one, an engine's helping threads to the other."""
        return min(self.wall, self.cpu)


def check_same(name: str, made: bytes, data: dict) -> Found:
    """What the paper of that engine holds; a stop where its text is not the data's."""
    there = found(made)
    if told := difference(there, data):
        raise SystemExit(f"the benchmark's paper of {name}: {told}")
    return there


def warm(engines: list[str], folder: Path) -> tuple[dict[str, Taken], dict[str, bytes]]:
    """What a paper of 60 rows takes in a process that has made some before; and two papers of each, the first and the last."""
    running = [Engine(name, folder) for name in engines]
    papers = {}
    try:
        for engine in running:
            papers[engine.name] = [_saved(engine, "60")]
            engine.make("60", WARM_UP)
        taken = [[engine.make("60", EACH) for engine in running] for _ in range(TURNS)]
        medians = {}
        for engine, answers in zip(running, zip(*taken, strict=True), strict=True):
            papers[engine.name].append(_saved(engine, "60"))
            medians[engine.name] = _median(answers, peak(engine, answers[-1]))
    finally:
        for engine in running:
            engine.__exit__()
    return medians, papers


def _saved(engine: Engine, data: str) -> bytes:
    file = engine.folder / f"{KEPT}.docx"
    file.unlink(missing_ok=True)
    answer = engine.make(data, save=file)
    if "error" in answer:
        raise SystemExit(f"{engine.name} did not make the benchmark's paper: {answer['error']}")
    return file.read_bytes()


def _median(answers: list[dict], mib: float) -> Taken:
    return Taken(*(statistics.median(answer[clock] for answer in answers) for clock in ("wall", "cpu")), mib)


def peak(engine: Engine, answer: dict) -> float:
    """The most memory that the engine's process, or one that it started, ever held, in MiB; Linux alone tells it."""
    status = Path(f"/proc/{engine.process.pid}/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.is_file() else []
    held = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return max([*held, answer["children_kib"], 0]) / 1024


def cold(engines: list[str], folder: Path) -> dict[str, Taken]:
    """What one paper of 60 rows takes from the start of a process to its end, the file written."""
    commands = {
        name: [*command(name, folder), str(folder / "cold.docx")] for name in engines if name != "ours"
    }
    commands["ours"] = _our_job(folder)
    answers: dict[str, list] = {name: [] for name in engines}
    for turn in range(TURNS + 1):
        for name in engines:
            answer = launched(DRIVERS, commands[name])
            if turn:  # the first fills the disk's cache
                answers[name].append(answer)
    return {n: _median(of, statistics.median(a["kib"] for a in of) / 1024) for n, of in answers.items()}


def _our_job(folder: Path) -> list[str]:
    """The job as the pipeline starts it, with the one paper in its meeting."""
    files = {"context": "60.context.json", "templates": "", "papers": "out", "record": "out/record.json"}
    given = [part for name, file in files.items() for part in (f"--{name}", str(folder / file))]
    job = str(forum.ROOT / "scripts" / "fill.py")
    return [sys.executable, job, *given, "--manifest", str(folder / "out" / "manifest.json")]


def launched(folder: Path, words: list[str]) -> dict:
    """A command run to its end: wall, cpu (of all its processes), kib (the most that any of them held)."""
    said = forum.run(folder, sys.executable, "-I", "-S", str(DRIVERS / "launch.py"), *words)
    return json.loads(said.splitlines()[0])


def long_schedules(engines: list[str], folder: Path, sizes: tuple[int, ...] = SIZES) -> dict[str, list]:
    """For each engine, what a paper of each size takes; from the first that it did not make on, why it did not."""
    taken: dict[str, list] = {name: [] for name in engines}
    for rows in sizes:
        data = paper(rows)
        write_data(folder, str(rows), data)
        for name in engines:
            before = taken[name][-1] if taken[name] else None
            taken[name].append(before if isinstance(before, str) else _long(name, folder, rows, data))
    return taken


def _long(name: str, folder: Path, rows: int, data: dict) -> Taken | str:
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
    check_same(name, file.read_bytes(), data)
    return taken


def abilities(name: str, papers: list[bytes], folder: Path, probes: Path) -> dict[str, str]:
    """What the papers of an engine show, "yes" or what was found instead; `probes` holds the templates of `write_probes`."""
    data = paper(60)
    there, expected = check_same(name, papers[0], data), expected_content(data)
    shown = {
        "the paper's number in the header": _yes(expected.header in there.header, "not in it"),
        "three footnotes, their places fixed in the template": _notes(there, expected),
        "footnotes that come with the data": _probe(
            probes, name, "60", lambda p: _notes(found(p), expected), "no: "
        ),
        "one cell an area beside its rows": _yes(there.merged == expected.merged, "not merged"),
        "the same bytes twice": _yes(papers[0] == papers[1], "differ"),
    }
    shown["a value is missing"] = _probe(folder, name, "missing", _missing)
    shown["a character that XML forbids"] = _probe(folder, name, "broken", _broken)
    return shown


def write_probes(folder: Path, probes: Path) -> None:
    """Data with a fault beside the good ones; and templates in which footnotes are repeated with the data."""
    missing, broken = paper(60), paper(60)
    del missing["areas"][1]["rows"][3][MISSING]
    broken["areas"][1]["rows"][3]["activity"] += BROKEN + "!"
    write_data(folder, "missing", missing)
    write_data(folder, "broken", broken)
    probes.mkdir()
    lay_out_all(probes, noted_list=True)
    write_data(probes, "60", paper(60))


def _yes(good: bool, otherwise: str) -> str:
    return "yes" if good else otherwise


def _notes(there: Found, expected: Found) -> str:
    if there.notes == expected.notes and there.noted_in_order:
        return "yes"
    known = sum(note in there.notes for note in expected.notes)
    return f"{known} of {len(expected.notes)} texts; {len(there.notes)} references" if there.notes else "none"


def _probe(folder: Path, name: str, data: str, look: Callable[[bytes], str], refused: str = "") -> str:
    """What `look` says of the paper, or what the engine said instead of making it."""
    with Engine(name, folder) as engine:
        file = folder / f"{KEPT}.docx"
        answer = engine.make(data, save=file)
        return refused + _error(answer["error"]) if "error" in answer else look(file.read_bytes())


def _error(message: str) -> str:
    """Which of the things that a user needs stand in the message: the paper, the name of the value, the row."""
    number = expected_content(paper(0)).header
    row = paper(60)["areas"][1]["rows"][3]["activity"]
    named = [what for what, sign in (("paper", number), ("tag", MISSING), ("row", row)) if sign in message]
    return f"error, names the {' and the '.join(named)}" if named else "error, names no place"


def _missing(made: bytes) -> str:
    return _instead(made, 3)


def _broken(made: bytes) -> str:
    try:
        return _instead(made, 1)
    except etree.XMLSyntaxError:
        return "a file that Word can't open"


def _instead(made: bytes, column: int) -> str:
    """What stands, without a word from the engine, in that cell of the faulty row."""
    rows = [one for one in found(made).body if isinstance(one, tuple) and len(one) == 4]
    words = rows[1 + 15 + 3][column]
    good = expected_content(paper(60)).body[-60 + 15 + 3][column]
    shown = words.replace(good, "…") if column == 1 else words
    return f'silently "{shown}"' if shown else "silently an empty cell"
