"""A received file is read once: a stage that opens it again refuses other bytes than those that were checked."""

from __future__ import annotations

import json

import pytest
from papers.errors import UserError
from papers.received.cover_pdf import add_covers
from papers.store.cache import Cache
from papers.store.files import digest
from project_tools import copy_project
from received_tools import FOLDER, pdf_paper, send, with_part, word_paper


def run_stage(project, name: str, *options: str):
    import sys  # noqa: PLC0415

    return project.run(sys.executable, f"scripts/{name}.py", *options, "--log", f"{name}.json")


@pytest.mark.parametrize(
    ("name", "sent", "swapped"),
    [
        ("paper.docx", word_paper(), with_part(word_paper(), "word/vbaProject.bin", lambda _: "macro")),
        ("paper.pdf", pdf_paper(), pdf_paper(pages=3)),
    ],
    ids=["Word", "PDF"],
)
def test_a_file_that_is_swapped_after_it_was_checked_gets_no_cover(tmp_path, name, sent, swapped):
    project = copy_project(tmp_path / "p")
    send(project, name, sent)
    config = json.dumps({"files": ["config.yaml"], "values": {}})
    assert (
        run_stage(project, "read", "--config", config, "--forum", "mini", "--work", "outputs/work/mini").code
        == 0
    )
    context = project.root / "outputs/work/mini/contexts/MINI2.json"
    (paper,) = [p for p in json.loads(context.read_bytes())["papers"] if p["received"]]
    assert paper["received_sha256"] == digest(sent)
    inputs = json.loads((project.root / "outputs/work/mini/inputs.json").read_bytes())
    assert inputs[f"{FOLDER}/{name}"] == digest(sent)
    (project.root / FOLDER / name).write_bytes(swapped)
    places = (
        "--cover",
        "templates/cover.docx",
        "--logo",
        "",
        "--out",
        "outputs/work/mini/received/MINI2.prepared",
    )
    run = run_stage(
        project, "receive", "--context", "outputs/work/mini/contexts/received/MINI2.json", *places
    )
    assert run.code == 1 and len(run.err.splitlines()) == 1
    assert f"{FOLDER}/{name}: found a file that changed while the build ran" in run.err
    assert not (project.root / "outputs/work/mini/received/MINI2.prepared").exists()


def test_a_pdf_that_is_swapped_before_it_is_joined_with_its_cover_is_refused(tmp_path, monkeypatch):
    from papers.received import cover_pdf  # noqa: PLC0415

    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf_paper(pages=3))
    paper = {
        "file": "a.pdf",
        "received": file.as_posix(),
        "received_sha256": digest(pdf_paper()),
        "properties": {},
    }
    monkeypatch.setattr(cover_pdf, "_lay_out", lambda covers, _: dict.fromkeys(covers, pdf_paper()))
    with pytest.raises(UserError, match="found a file that changed while the build ran"):
        add_covers([(paper, b"cover")], Cache(tmp_path / "cache"), lambda _: False)
