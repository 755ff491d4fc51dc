"""Which forums have templates of their own: the others share what is prepared."""

from __future__ import annotations

import pytest
from papers.store.template_folders import has_own_templates

WITH_LOGO = (
    "code: MINI\nlogo: mini.png\n",
    'code: MINI\r\n"logo": mini.png\r\n',
    "{code: MINI, logo: mini.png}\n",
    "logo:\n  mini.png\n",
    "logo: # of the forum\n  mini.png\n",
    "logo: nullarbor.png\n",
)
WITHOUT = (
    "code: MINI\n",
    "code: MINI\nlogo: null\n",
    "logo: ~  # none yet\n",
    "logo: null\r\n",
    "{logo: null, code: MINI}\n",
)


@pytest.mark.parametrize("text", WITH_LOGO)
def test_a_forum_with_a_logo_has_templates_of_its_own_in_whatever_form_it_is_written(tmp_path, text):
    (tmp_path / "inputs/mini").mkdir(parents=True)
    (tmp_path / "inputs/mini/forum.yaml").write_bytes(text.encode())
    assert has_own_templates(tmp_path, "mini")


@pytest.mark.parametrize("text", WITHOUT)
def test_a_forum_without_a_logo_has_none_until_a_template_or_kind_is_added(tmp_path, text):
    folder = tmp_path / "inputs/mini"
    (folder / "templates").mkdir(parents=True)
    (folder / "forum.yaml").write_bytes(text.encode())
    assert not has_own_templates(tmp_path, "mini")
    (folder / "templates/agenda.yaml").write_bytes(b"")
    assert has_own_templates(tmp_path, "mini")
