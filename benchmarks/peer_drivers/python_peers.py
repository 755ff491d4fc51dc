"""Run one Python engine: `python_peers.py ENGINE FOLDER [OUT]`. FOLDER has its template and data, see benchmarks/peers.py.

With OUT it makes one paper and ends: a cold start. Without OUT it answers lines of JSON on its input, see `serve`.
Each engine's function imports what the engine needs and returns (load, render): load(path) reads the data, render(data)
returns the bytes of a paper.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def ours(folder: Path):
    """Our engine, from texts in memory; the other engines are measured in the same way."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from papers.docx.fill import Prepared, load_context  # noqa: PLC0415

    prepared = Prepared((folder / "own.prepared").read_bytes())
    return lambda path: load_context(path)["papers"][0], prepared.fill


def ours_from_json(folder: Path):
    """Our engine, with reading the JSON context and escaping its texts, which the pipeline does once for a meeting."""
    _, fill = ours(folder)
    from papers.docx.fill import context_of  # noqa: PLC0415

    return lambda path: path.read_text(encoding="utf-8"), lambda text: fill(context_of(text)["papers"][0])


def deflating(folder: Path):
    """The lower limit: our compressor on the parts of our paper that change, and nothing else."""
    load, fill = ours(folder)
    import io  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    from papers.docx import zip_writer  # noqa: PLC0415
    from papers.docx.fill import Prepared  # noqa: PLC0415

    names = [name for name, _ in Prepared((folder / "own.prepared").read_bytes()).compiled]

    def changed(path: Path) -> list[tuple[str, bytes]]:
        with zipfile.ZipFile(io.BytesIO(fill(load(path)))) as package:
            return [(name, package.read(name)) for name in names]

    def render(parts: list[tuple[str, bytes]]) -> bytes:
        for name, data in parts:
            zip_writer.zip_entry(name, data)
        return b""

    return changed, render


def docxtpl(folder: Path):
    """As its users write it: the template is opened again for each paper, because render() changes it."""
    from io import BytesIO  # noqa: PLC0415

    import jinja2  # noqa: PLC0415
    from docxtpl import DocxTemplate  # noqa: PLC0415

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)

    def render(data: dict) -> bytes:
        document, made = DocxTemplate(str(folder / "docxtpl.docx")), BytesIO()
        document.render(data, environment, autoescape=True)
        document.save(made)
        return made.getvalue()

    return _json, render


def python_docx(folder: Path):
    """The document built by code, in the same layout; its footnotes part is written without python-docx."""
    sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "benchmarks")]
    from io import BytesIO  # noqa: PLC0415

    from docx import Document  # noqa: PLC0415
    from peer_layout import Values, cover_and_paper  # noqa: PLC0415

    def render(data: dict) -> bytes:
        made = BytesIO()
        cover_and_paper(Document(str(folder / "empty.docx")), Values(data)).save(made)
        return made.getvalue()

    return _json, render


def pandoc(folder: Path):
    """The document as pandoc's tree of blocks; one process for each paper, as pandoc has no other way."""
    sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "benchmarks")]
    from peer_pandoc import convert  # noqa: PLC0415

    return _json, lambda data: convert(data, folder / "empty.docx")


ENGINES = {
    "ours": ours,
    "ours, from JSON": ours_from_json,
    "deflating alone": deflating,
    "docxtpl": docxtpl,
    "python-docx": python_docx,
    "pandoc": pandoc,
}


def _json(path: Path) -> dict:
    return json.loads(path.read_bytes())


def serve(load, render) -> None:
    """Answer each request {"data": file, "times": n, "save": file or null} with the seconds it took, or the error."""
    loaded, data = "", None
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            if asked["data"] != loaded:
                loaded, data = asked["data"], load(Path(asked["data"]))
            answer, made = _measured(render, data, asked["times"])
            if asked["save"]:
                Path(asked["save"]).write_bytes(made)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


def _measured(render, data, times: int) -> tuple[dict, bytes]:
    made = b""
    wall, cpu = time.perf_counter(), _cpu()
    for _ in range(times):
        made = render(data)
    taken = {"wall": (time.perf_counter() - wall) / times, "cpu": (_cpu() - cpu) / times}
    return {**taken, "children_kib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}, made


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    engine, place, *out = sys.argv[1:]
    load_data, render_paper = ENGINES[engine](Path(place))
    if out:
        Path(out[0]).write_bytes(render_paper(load_data(Path(place) / "60.json")))
    else:
        serve(load_data, render_paper)
