"""The package behind the pipeline: five rooms, imports only towards the left (reading, model, wording, word, issuing)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import SourceFileLoader
    from types import CodeType

_Loader = type(__loader__)
_get_code = _Loader.get_code


def _whole_code(loader: SourceFileLoader, name: str) -> CodeType:
    """The code of a module, compiled anew where the file that Python keeps of it is cut short.

    Up to Python 3.13 a full disk leaves such files, and every later start would end with EOFError (python/cpython,
    issue 126606): who made room runs the same command again, and it must work.
    """
    try:
        return _get_code(loader, name)
    except EOFError:
        from importlib.util import cache_from_source  # noqa: PLC0415 -- only who met such a file pays for it

        # An empty one counts as none: it is written at the next start.
        loader.set_data(cache_from_source(loader.path), b"")
        return loader.source_to_code(loader.get_data(loader.path), loader.path)


_Loader.get_code = _whole_code
