"""The frame of every HTML page: its head, its style and script, and what it may load."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from papers.register.html_elements import escaped

if TYPE_CHECKING:
    from papers.register.html_elements import Markup

WEB_FOLDER = Path(__file__).parent / "web"


@cache
def read_web_file(name: str) -> str:
    """Return the text of a file in `web/`."""
    return (WEB_FOLDER / name).read_text(encoding="utf-8")


def render_page(language: str, title: str, skip: str, script: str = "", **parts: Markup) -> bytes:
    """Return a page that may load nothing but its own style and script, and the text for its search.

    `parts` are links, head, nav, main and foot, as page.html names them.
    """
    style = read_web_file("register.css")
    policy = f"default-src 'none'; style-src {_csp_hash(style)}; img-src data:"
    policy += "; base-uri 'none'; form-action 'none'"
    policy += f"; script-src {_csp_hash(script)} 'self'" if script else ""
    page = Template(read_web_file("page.html")).substitute(
        language=escaped(language),
        policy=policy,
        title=escaped(title),
        skip=skip,
        style=style,
        script=f"<script>{script}</script>" if script else "",
        **parts,
    )
    return page.encode("utf-8")


def _csp_hash(text: str) -> str:
    """Return the source of a Content-Security-Policy that allows exactly this inline style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
