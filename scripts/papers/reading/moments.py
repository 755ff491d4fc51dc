"""Dates with a time of day in the YAML files: with an offset from UTC, or by the clocks of a place."""

from __future__ import annotations

import datetime
import re
from typing import Any

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)?")  # YAML itself wants seconds


def moment(value: Any) -> datetime.datetime:
    """A point in time; ValueError where the offset is left out, as it would then be another one in each place."""
    read = _read(value)
    if read is None or read.tzinfo is None:
        raise ValueError("a date and a time with the offset from UTC, such as 2018-08-20T10:15+10:00")
    return read


def local_time(value: Any) -> datetime.datetime:
    """What the clocks of a place show, which is named beside it."""
    read = _read(value)
    if read is None or read.tzinfo is not None:
        raise ValueError("a date and a time without offset, such as 2018-08-24T17:00; time_zone says where")
    return read


def _read(value: Any) -> datetime.datetime | None:
    if isinstance(value, datetime.datetime):
        return value
    if not isinstance(value, str) or not _WRITTEN.fullmatch(value):
        return None
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return None
