"""Characters that XML 1.0, and so Word, cannot hold."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def forbidden(text: str) -> re.Match | None:
    """The first character of `text` that XML 1.0 forbids, as a match, or None."""
    return _FORBIDDEN.search(text)
