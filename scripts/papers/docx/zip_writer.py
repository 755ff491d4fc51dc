"""Write zips in which no byte depends on the machine: fixed dates, a pinned compressor, compressed parts copied as they are.

The compressor is libdeflate in the version that requirements.lock pins; the system's zlib differs between machines.
Standard library and `deflate` only, see README.md in this folder.
"""

from __future__ import annotations

from struct import pack

import deflate

# Levels of compression. A part of each paper takes less than half the time of level 6 and is a tenth larger; parts
# compressed once, when a template is prepared, make up for it.
EACH, ONCE = 1, 9
_UTF_8 = 0x800  # flag: the name is UTF-8, not in the code page of DOS
_DATE, _TIME = 0x21, 0  # 1 January 1980, the earliest date of a zip


def zip_date(day: str) -> int:
    """Return a day such as 2018-08-31 as a zip writes it; the earliest date of a zip for "" and for earlier days."""
    year, month, of_month = map(int, day.split("-")) if day else (0, 0, 0)
    return max((year - 1980) << 9 | month << 5 | of_month, _DATE)


def zip_entry(
    name: str, data: bytes | bytearray, level: int = EACH, date: int = _DATE
) -> tuple[bytes, bytes]:
    """Return a part as (local header and compressed data, central directory entry without its offset).

    `date` is that of `zip_date`.
    """
    packed, crc, encoded = bytes(deflate.deflate_compress(data, level)), deflate.crc32(data), name.encode()
    sizes, flags = (crc, len(packed), len(data), len(encoded)), 0 if name.isascii() else _UTF_8
    local = pack("<4s5H3I2H", b"PK\3\4", 20, flags, 8, _TIME, date, *sizes, 0) + encoded + packed
    central = pack("<4s6H3I5HI", b"PK\1\2", 20, 20, flags, 8, _TIME, date, *sizes, 0, 0, 0, 0, 0)
    return local, central


def build_zip(entries: list[tuple[bytes, bytes, bytes]]) -> bytes:
    """Return a zip of entries (local, central, name), in that order; see `zip_entry`."""
    bodies, directory, offset = [], [], 0
    for local, central, name in entries:
        bodies.append(local)
        directory.append(central + pack("<I", offset) + name)
        offset += len(local)
    listing = b"".join(directory)
    count = len(entries)
    end = pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(listing), offset, 0)
    return b"".join(bodies) + listing + end
