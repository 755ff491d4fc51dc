"""Folders and names of files that every system, Windows too, can hold."""

import re

from papers.model.refusals import NumberError, quoted, require_text

_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³]) *(\..*)?", re.IGNORECASE)
_REFUSED_BY_WINDOWS = re.compile(r'[<>:"|?*\\]')


def check_safe_path(path: str, what: str = "folder") -> str:
    """The path as given, if every system can hold it below the outputs; else NumberError."""
    for name in require_text(path, f"a {what} such as 2016/SMEWG43").split("/"):
        if why := _unsafe(name):
            wanted = "a relative path with forward slashes"
            raise NumberError(f"{quoted(name)} in the {what} {quoted(path)}", wanted, why)
    return path


def _unsafe(name: str) -> str | None:
    if name in ("", ".", ".."):
        return "an absolute path, an empty name or dots would lead out of the folder of the papers"
    if not name.isprintable() or _REFUSED_BY_WINDOWS.search(name):
        return 'Windows refuses control characters and each of < > : " | ? * \\ in a name'
    if name != name.strip() or name.endswith("."):
        return "Windows drops a space or a dot at the end of a name, and nobody sees a space at its beginning"
    return "Windows keeps this name for a device" if _DEVICE.fullmatch(name) else None
