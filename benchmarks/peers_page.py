"""The rows and the section of RESULTS.md with the results of peers.py and peers_measure.py."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import peers_measure
from peer_paper import paper_data
from peers import JAVASCRIPT, PEERS, install_engines, write_data, write_templates
from peers_measure import SIZES, Cost

OURS, LIMIT = "ours", "deflating alone"
ALSO_WARM = ("ours, from JSON", LIMIT)
Row = tuple[str, str, str, bool]
_BAR = 60  # characters of the longest bar
_EIGHTHS = "▏▎▍▌▋▊▉█"
# Targets of the ratios: how many times as fast.
DOCXTPL, BEST_JAVASCRIPT, DEFLATING = 60, 15, 1.5
COLD_MS, COLD_MIB, COLD = 30, 16, 6
LONG_DOCXTPL, LONG_CARBONE, LONG_MIB, LINEAR = 20, 2, 48, 1.2


@dataclass(frozen=True)
class Results:
    """All measurements, by engine; ours is always among them."""

    warm: dict[str, Cost]
    cold: dict[str, Cost]
    long: dict[str, list]
    able: dict[str, dict[str, str]]
    sizes: dict[str, int]
    missing: list[str]


def measure_peers() -> Results:
    """Measure every engine that is installed."""
    engines, missing = install_engines()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_templates(folder)
        write_data(folder, "60", paper_data(60))
        peers_measure.write_probes(folder, folder / "probes")
        warm, papers = peers_measure.measure_warm([*engines, *ALSO_WARM], folder)
        cold = peers_measure.measure_cold(engines, folder)
        able = {
            name: peers_measure.abilities(name, papers[name], folder, folder / "probes") for name in engines
        }
        long = peers_measure.measure_long_schedules(engines, folder)
    return Results(warm, cold, long, able, {name: len(own[0]) for name, own in papers.items()}, missing)


def rows(found: Results) -> list[Row]:
    """Return one row for each target that was measured."""
    return [*_warm_rows(found), *_cold_rows(found), *_long_rows(found)]


def _warm_rows(found: Results) -> list[Row]:
    ours, peers = found.warm[OURS].seconds, found.warm
    measured = [
        _times("One paper of 60 rows, warm, compared with docxtpl", ours, peers["docxtpl"].seconds, DOCXTPL)
    ]
    if in_javascript := [name for name in JAVASCRIPT if name in peers]:
        best = min(in_javascript, key=lambda name: peers[name].seconds)
        measured.append(
            _times(
                f"The same, compared with the fastest in JavaScript, {best}",
                ours,
                peers[best].seconds,
                BEST_JAVASCRIPT,
            )
        )
    share = ours / peers[LIMIT].seconds
    shown = f"{ours * 1000:.2f} ms : {peers[LIMIT].seconds * 1000:.2f} ms = {share:.1f}"
    expected = f"at most {DEFLATING} times"
    return [
        *measured,
        ("The same, compared with deflating its changed parts alone", shown, expected, share <= DEFLATING),
    ]


def _cold_rows(found: Results) -> list[Row]:
    ours = found.cold[OURS]
    shown = f"{ours.seconds * 1000:.0f} ms, {ours.mib:.1f} MiB"
    good = ours.seconds * 1000 <= COLD_MS and ours.mib <= COLD_MIB
    first = ("One paper from a cold process", shown, f"at most {COLD_MS} ms and {COLD_MIB} MiB", good)
    others = {name: taken.seconds for name, taken in found.cold.items() if name != OURS}
    best = min(others, key=others.get)
    return [
        first,
        _times(f"The same, compared with the fastest other, {best}", ours.seconds, others[best], COLD),
    ]


def _long_rows(found: Results) -> list[Row]:
    ours, made = found.long[OURS], []
    for name, least in (("docxtpl", LONG_DOCXTPL), ("carbone", LONG_CARBONE)):
        theirs = found.long.get(name, ["not measured"])[-1]
        if isinstance(theirs, Cost):
            what = f"A schedule of {SIZES[-1]:,} rows, compared with {name}"
            made.append(_times(what, ours[-1].seconds, theirs.seconds, least))
    made.append(
        (
            "The same, peak memory",
            f"{ours[-1].mib:.0f} MiB",
            f"at most {LONG_MIB} MiB",
            ours[-1].mib <= LONG_MIB,
        )
    )
    a_row = [taken.seconds / size for taken, size in zip(ours, SIZES, strict=True)]
    most = max(a_row) / a_row[0]
    shown = f"at most {most:.2f} times as much"
    what = f"Time for a row from {SIZES[0]:,} to {SIZES[-1]:,} rows, compared with {SIZES[0]:,}"
    return [*made, (what, shown, f"at most {LINEAR} times", most <= LINEAR)]


def _times(what: str, ours: float, theirs: float, least: float) -> Row:
    shown = f"{ours * 1000:.2f} ms : {theirs * 1000:.1f} ms, {theirs / ours:.1f} x"
    return what, shown, f"at least {least} x", theirs / ours >= least


def section(found: Results) -> str:
    """Return the section of RESULTS.md about other engines."""
    parts = [
        "## Compared with other ways to make Word files",
        "The same paper from the same data, its text checked. Times are ms for one paper, the smaller of wall time and CPU time;"
        " memory is the peak of the process in MiB, the interpreter included.",
        _speed(found),
        "One paper, warm (ms):",
        f"```\n{_chart(found.warm)}\n```",
        "What each engine could and could not do, as its papers show; below that, ms and peak MiB of a paper with a longer schedule:",
        _abilities(found.able),
        _long(found.long),
        f"{_versions(found)}.",
        *found.missing,
    ]
    return "\n\n".join(parts)


def _speed(found: Results) -> str:
    ours = found.warm[OURS].seconds, found.cold[OURS].seconds
    lines = []
    for name, warm in sorted(found.warm.items(), key=lambda item: item[1].seconds):
        cells = [f"{warm.seconds * 1000:.2f}", f"{warm.seconds / ours[0]:.1f}", f"{warm.mib:.0f}"]
        cold = found.cold.get(name)
        cells += (
            [f"{cold.seconds * 1000:.0f}", f"{cold.seconds / ours[1]:.1f}", f"{cold.mib:.0f}"]
            if cold
            else [""] * 3
        )
        size = f"{found.sizes[name]:,}" if found.sizes[name] else ""
        lines.append([name, *cells, size])
    heads = ["engine", "warm", "x ours", "MiB", "from a cold process", "x ours", "MiB", "bytes of the paper"]
    return table(heads, lines)


def table(heads: list[str], lines: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *lines))


def _chart(warm: dict[str, Cost]) -> str:
    longest, width = max(taken.seconds for taken in warm.values()), max(map(len, warm))
    lines = []
    for name, taken in sorted(warm.items(), key=lambda item: item[1].seconds):
        full, part = divmod(max(1, round(taken.seconds / longest * _BAR * 8)), 8)
        bar = _EIGHTHS[-1] * full + (_EIGHTHS[part - 1] if part else "")
        lines.append(f"{name:<{width}} {bar} {taken.seconds * 1000:.1f}")
    return "\n".join(lines)


def _abilities(able: dict[str, dict[str, str]]) -> str:
    asked = list(able[OURS])
    return table(["", *able], [[what, *(able[name][what] for name in able)] for what in asked])


def _long(long: dict[str, list]) -> str:
    def cell(taken: Cost | str) -> str:
        return taken if isinstance(taken, str) else f"{taken.seconds * 1000:,.1f} ({taken.mib:.0f})"

    return table(
        ["rows", *(f"{size:,}" for size in SIZES)], [[name, *map(cell, of)] for name, of in long.items()]
    )


def _versions(found: Results) -> str:
    versions = [f"{name} {version(name)}" for name in ("docxtpl", "python-docx")]
    if "pandoc" in found.able:
        versions.append(_version_line("pandoc"))
    if JAVASCRIPT[0] in found.able:
        versions += [f"{name} {_npm_version(name)}" for name in JAVASCRIPT]
        versions.append(f"Node {_version_line('node')}")
    return ", ".join(versions)


def _version_line(program: str) -> str:
    done = subprocess.run((program, "--version"), capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[0]


def _npm_version(name: str) -> str:
    return json.loads((PEERS / "node_modules" / name / "package.json").read_text(encoding="utf-8"))["version"]


if __name__ == "__main__":
    results = measure_peers()
    print(
        table(
            ["what", "measured", "target", "met"], [[*r[:3], "yes" if r[3] else "no"] for r in rows(results)]
        )
    )
    print("\n" + section(results))
