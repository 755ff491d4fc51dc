"""Readers of what `read` leaves below outputs/work refuse what no build wrote."""

from __future__ import annotations

import marshal

import pytest
from papers.build import snakefile
from papers.checks.findings import checked_papers, load_findings, open_texts
from papers.docx.fill import load_context, read_prepared
from papers.docx.template.prepare import prepare_kind
from papers.problems import Problems
from papers.public.published import published_sources
from papers.store.files import DamagedFile, digest, write_with_digest
from papers.store.stages import read_manifest
from papers.store.work_files import kinds_by_meeting, papers_by_meeting, read_grammar
from project_tools import ROOT
from word_tools import shipped_kinds

FOREIGN = [b"", b'{"MINI1": ["agen', b"[]", b'{"a": 1}', b"\x00\xff"]


@pytest.mark.parametrize("data", FOREIGN)
@pytest.mark.parametrize(
    ("read", "name"),
    [
        (kinds_by_meeting, "index.json"),
        (papers_by_meeting, "papers.json"),
        (read_grammar, "numbers.json"),
        (snakefile.kinds_by_meeting, "index.json"),
        (snakefile.paper_files, "papers.json"),
        (load_findings, "checked.json"),
        (open_texts, "checked.json"),
        (checked_papers, "checked.json"),
        (read_manifest, "manifest.json"),
    ],
)
def test_json_of_something_else_is_a_damaged_file(read, name, data, tmp_path):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DamagedFile, match=f"{name}: found a damaged file"):
        read(tmp_path)


@pytest.mark.parametrize("data", FOREIGN)
def test_a_manifest_that_does_not_say_where_access_stands_is_damaged(data, tmp_path):
    (tmp_path / "public").mkdir()
    (tmp_path / "public/manifest.json").write_bytes(data)
    with pytest.raises(DamagedFile):
        published_sources(tmp_path)
    (tmp_path / "public/manifest.json").write_bytes(b'{"files": {}}')
    with pytest.raises(DamagedFile):
        published_sources(tmp_path)


@pytest.mark.parametrize("data", [b"", b'{"papers": [', b"\xff"])
def test_a_context_that_is_no_json_is_damaged(data, tmp_path):
    (tmp_path / "MINI1.json").write_bytes(data)
    with pytest.raises(DamagedFile):
        load_context(tmp_path / "MINI1.json")


def test_a_prepared_template_that_is_cut_short_or_of_something_else_is_damaged(tmp_path):
    whole = prepare_kind(ROOT, shipped_kinds(), "agenda", None, Problems(), {})
    file = tmp_path / "agenda.prepared"
    write_with_digest(file, whole)
    assert read_prepared(file).compiled
    for data in (b"", whole[: len(whole) // 2], whole[:-1], b"[]", b"N", b"not from a build"):
        write_with_digest(file, data)
        with pytest.raises(DamagedFile, match=r"agenda\.prepared: found a damaged file"):
            read_prepared(file)
    file.unlink()
    with pytest.raises(DamagedFile):
        read_prepared(file)


def test_code_in_a_prepared_file_does_not_run_without_its_digest(tmp_path):
    """Nor is it unmarshalled: that alone may crash the interpreter."""
    ran = tmp_path / "ran"
    code = marshal.dumps(compile(f"import os; os.mkdir({str(ran)!r})\ndef render(): pass", "code", "exec"))
    content = marshal.loads(prepare_kind(ROOT, shipped_kinds(), "agenda", None, Problems(), {}))
    file, data = tmp_path / "agenda.prepared", marshal.dumps({**content, "compiled": [["part", code]]})
    for sha256 in (b"", digest(b"other").encode()):
        file.write_bytes(sha256 + data)
        with pytest.raises(DamagedFile):
            read_prepared(file)
        assert not ran.exists()
    write_with_digest(file, data)
    read_prepared(file)
    assert ran.exists()
