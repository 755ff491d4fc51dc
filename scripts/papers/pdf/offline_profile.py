"""The settings with which LibreOffice opens papers: it reaches nothing outside them and runs nothing in them.

Whether it would is not left to the scans of received files: a paper may have a link that no scan knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NOWHERE, _PORT = "127.0.0.1", 9  # a proxy that answers nothing
_SECURITY = "org.openoffice.Office.Common/Security/Scripting"
_NETWORK = "org.openoffice.Inet/Settings"
_SETTINGS: tuple[tuple[str, str, str | int | bool], ...] = (
    # Pictures and sections of other files are not loaded, unless a trusted folder has them: there is none.
    (_SECURITY, "BlockUntrustedRefererLinks", True),
    (_SECURITY, "DisableActiveContent", True),
    (_SECURITY, "DisableMacrosExecution", True),
    (_SECURITY, "MacroSecurityLevel", 3),
    ("org.openoffice.Office.Writer/Content/Update", "Link", 0),  # never
    ("org.openoffice.Office.WriterWeb/Content/Update", "Link", 0),
    ("org.openoffice.Office.Calc/Content/Update", "Link", 1),  # never
    ("org.openoffice.Office.Java/VirtualMachine", "Enable", False),
    (_NETWORK, "ooInetProxyType", 2),  # set by hand
    *((_NETWORK, f"ooInet{scheme}ProxyName", _NOWHERE) for scheme in ("HTTP", "HTTPS", "FTP")),
    *((_NETWORK, f"ooInet{scheme}ProxyPort", _PORT) for scheme in ("HTTP", "HTTPS", "FTP")),
    (_NETWORK, "ooInetNoProxy", ""),
)
ENVIRONMENT = {
    name: f"http://{_NOWHERE}:{_PORT}"
    for scheme in ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy")
    for name in (scheme, scheme.upper())
} | {"no_proxy": "", "NO_PROXY": ""}


def write_profile(folder: Path) -> None:
    """Write these settings into the folder of a new profile."""
    items = "".join(_item(*setting) for setting in _SETTINGS)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n{items}</oor:items>\n'
    )
    place = folder / "user" / "registrymodifications.xcu"
    place.parent.mkdir(parents=True)
    place.write_text(text, encoding="utf-8")


def _item(path: str, name: str, value: str | int | bool) -> str:
    shown = str(value).lower() if isinstance(value, bool) else value
    prop = f'<prop oor:name="{name}" oor:op="fuse"><value>{shown}</value></prop>'
    return f'<item oor:path="/{path}">{prop}</item>\n'
