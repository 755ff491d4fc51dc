"""Other engines that make Word files: install them, write their templates and data, and run them."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import forum
import peer_layout as layout
from papers.docx.template import prepare
from papers.inputs.kind_files import KindFile, KindFiles
from papers.inputs.yaml import Document
from papers.problems import Problems
from papers.store.files import to_json
from papers.wording import cover
from papers.wording.kind import SHARED_TAGS, Kind, Kinds
from papers.wording.tags import Each, Line, Text
from papers.wording.words import Words
from peer_paper import FIELDS, NUMBER, YEARS, flat, paper_data

HERE = Path(__file__).resolve().parent
DRIVERS, PEERS = HERE / "peer_drivers", HERE / "peers"
JAVASCRIPT = ("docxtemplater", "carbone", "easy-template-x")
PYTHON = ("ours", "docxtpl", "python-docx", "pandoc")
KIND = "own"
CONTEXT = ("ours", "ours, from JSON", "deflating alone")  # engines that read our context
_TEXT = Text("")
_TAGS = {
    "title": _TEXT,
    "sections": Each("", {"heading": _TEXT, "paragraphs": Each("", {"text": _TEXT})}),
    "noted": Each("", {"text": Line("")}),
    "priorities": Each("", {"number": _TEXT, "name": _TEXT, "objectives": Each("", {"text": _TEXT})}),
    "indicators": Each("", {"name": _TEXT, **{f"y{year}": _TEXT for year in YEARS}}),
    "areas": Each("", {"name": _TEXT, "rows": Each("", dict.fromkeys(FIELDS, _TEXT))}),
}


def install_engines() -> tuple[list[str], list[str]]:
    """Install what npm has; return the available engines, ours first, and a sentence for each missing one."""
    missing = []
    if shutil.which("npm") and shutil.which("node"):
        PEERS.mkdir(exist_ok=True)
        expected = (DRIVERS / "package.json").read_text(encoding="utf-8")
        installed = PEERS / "installed.json"
        if not installed.is_file() or installed.read_text(encoding="utf-8") != expected:
            shutil.copy(DRIVERS / "package.json", PEERS)
            forum.run(PEERS, "npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent")
            installed.write_text(expected, encoding="utf-8")
    else:
        missing += [f"{name} is not measured: npm is not installed." for name in JAVASCRIPT]
    if not shutil.which("pandoc"):
        missing.append("pandoc is not measured: it is not installed (Debian: apt install pandoc).")
    return [name for name in (*PYTHON, *JAVASCRIPT) if not any(m.startswith(name) for m in missing)], missing


def write_templates(folder: Path, noted_list: bool = False) -> None:
    """Write every engine's template into `folder`."""
    dialects = {"docxtpl": layout.Jinja(), "carbone": layout.Carbone()}
    dialects |= {"docxtemplater": layout.Mustache(), "easy-template-x": layout.Mustache()}
    for name, dialect in dialects.items():
        layout.save(layout.cover_and_paper(layout.base(), dialect, noted_list), folder / f"{name}.docx")
    layout.save(layout.base(), folder / "empty.docx")
    (folder / "own.prepared").write_bytes(prepare_own_template(folder / "templates"))


def prepare_own_template(templates: Path) -> bytes:
    """Return our template, prepared as the pipeline does it, for a kind of paper that only the benchmark has."""
    ours, front = layout.Ours(), layout.base()
    layout.lay_out_cover(front, ours)
    layout.save(front, templates / "cover.docx")
    body = layout.base()
    layout.lay_out(body, ours)
    layout.save(body, templates / f"{KIND}.docx")
    form = KindFile(namespace=KIND, parts=[{"template": KIND}])
    document = Document(f"templates/{KIND}.yaml", form, None)
    kind = Kind(KIND, document, Words(tags=_TAGS, context=lambda *_: {}))
    kinds = Kinds(KindFiles(kinds={KIND: document}), {KIND: kind})
    front_tags = {name: cover.TAGS[name] for name in paper_data(0)["cover"]}
    front_tags = {"cover": front_tags, "paper": cover.PAPER_TAGS}
    problems = Problems()
    with mock.patch.dict(SHARED_TAGS, {"cover": front_tags}):
        made = prepare.prepare_kind(templates.parent, kinds, KIND, None, problems)
    if made is None:
        raise SystemExit("\n".join(problems.lines()))
    return made


def write_data(folder: Path, name: str, data: dict) -> None:
    """Write the data as the other engines read them, and as our context."""
    (folder / f"{name}.json").write_text(json.dumps(flat(data)), encoding="utf-8")
    own = {key: value for key, value in data.items() if key != "cover"}
    own["noted"] = [{"text": {"line": [[n["text"], ""], {"note": [[n["note"], ""]]}]}} for n in data["noted"]]
    properties = {"title": data["title"], "subject": NUMBER, "author": "", "language": "en-GB", "date": ""}
    about = {
        "number": NUMBER,
        "title": data["title"],
        "kind": KIND,
        "file": "2018/SMEWG47/18_smewg47_003.docx",
    }
    fields = {"cover": data["cover"], "paper": {"number": NUMBER}, KIND: own}
    context = {"meeting": "SMEWG47", "papers": [{**about, "properties": properties, "fields": fields}]}
    (folder / f"{name}.context.json").write_bytes(to_json(context))


class Engine:
    """One engine in a process of its own, which stays warm."""

    def __init__(self, name: str, folder: Path):
        self.name, self.folder = name, folder
        self.process = subprocess.Popen(
            command(name, folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()

    def make(self, data: str, times: int = 1, save: Path | None = None) -> dict:
        """Make papers; return seconds for one paper (`wall`, `cpu`), or `error`."""
        suffix = ".context.json" if self.name in CONTEXT else ".json"
        request = {"data": str(self.folder / f"{data}{suffix}"), "times": times, "save": save and str(save)}
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:  # the process has ended
            answer = ""
        if not answer:
            return {"error": f"{self.name} ended with code {self.process.wait()}"}
        return json.loads(answer)


def command(name: str, folder: Path) -> list[str]:
    """Return the command that starts an engine."""
    if name in JAVASCRIPT:
        return ["node", str(DRIVERS / "javascript_peers.mjs"), name, str(folder), str(PEERS)]
    return [sys.executable, str(DRIVERS / "python_peers.py"), name, str(folder)]
