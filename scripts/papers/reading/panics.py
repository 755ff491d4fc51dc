"""calamine meets a crooked workbook: it panics, which is no Exception, and writes of it to standard error by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


class Panic(Exception):
    """What calamine could not read, in its own words."""


@contextmanager
def without_panic() -> Iterator[None]:
    """Nothing is written to standard error meanwhile, and a panic becomes a Panic."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    except BaseException as error:
        if isinstance(error, (Exception, KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        raise Panic(str(error)) from None
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
