"""Readers of what `read` leaves below outputs/work refuse what no build wrote."""

from __future__ import annotations

import pytest
from papers.build import snakefile
from papers.checks.findings import checked_papers, load_findings, open_texts
from papers.docx.fill import load_context, read_prepared
from papers.docx.template.prepare import prepare_kind
from papers.problems import Problems
from papers.public.published import published_sources
from papers.store.files import DamagedFile
from papers.store.stages import read_manifest
from papers.store.work_files import kinds_by_meeting, papers_by_meeting
from project_tools import ROOT

FOREIGN = [b"", b'{"MINI1": ["agen', b"[]", b'{"a": 1}', b"\x00\xff"]


@pytest.mark.parametrize("data", FOREIGN)
@pytest.mark.parametrize(
    ("read", "name"),
    [
        (kinds_by_meeting, "index.json"),
        (papers_by_meeting, "papers.json"),
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
    whole = prepare_kind(ROOT / "templates", "agenda", None, Problems(), {})
    file = tmp_path / "agenda.prepared"
    file.write_bytes(whole)
    assert read_prepared(file).compiled
    for data in (b"", whole[: len(whole) // 2], whole[:-1], b"[]", b"N", b"not from a build"):
        file.write_bytes(data)
        with pytest.raises(DamagedFile, match=r"agenda\.prepared: found a damaged file"):
            read_prepared(file)
    file.unlink()
    with pytest.raises(DamagedFile):
        read_prepared(file)
