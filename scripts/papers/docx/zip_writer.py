"""The zip around a .docx, or around a meeting's papers: fixed dates, a pinned compressor, parts copied while still compressed.

The compressor is libdeflate through the version that requirements.lock pins: the same bytes on every machine, which the
system's zlib does not give. Standard library and `deflate` only.
"""

from __future__ import annotations

from struct import pack

import deflate

# Parts that each paper has its own of are packed in less than half the time of level 6, a tenth larger; those that are
# packed once when a template is prepared make up for it.
EACH, ONCE = 1, 9
_UTF_8 = 0x800  # the name is UTF-8; without it, it counts as written in the code page of old DOS
_DATE, _TIME = 0x21, 0  # 1 January 1980, the earliest that a zip can say


def zip_entry(name: str, data: bytes | bytearray, level: int = EACH) -> tuple[bytes, bytes]:
    """A part as (local header + compressed data, central directory entry without its offset)."""
    packed, crc, encoded = bytes(deflate.deflate_compress(data, level)), deflate.crc32(data), name.encode()
    sizes, flags = (crc, len(packed), len(data), len(encoded)), 0 if name.isascii() else _UTF_8
    local = pack("<4s5H3I2H", b"PK\3\4", 20, flags, 8, _TIME, _DATE, *sizes, 0) + encoded + packed
    central = pack("<4s6H3I5HI", b"PK\1\2", 20, 20, flags, 8, _TIME, _DATE, *sizes, 0, 0, 0, 0, 0)
    return local, central


def build_zip(entries: list[tuple[bytes, bytes, bytes]]) -> bytes:
    """A zip from (local, central, name) of each part, in that order."""
    bodies, directory, offset = [], [], 0
    for local, central, name in entries:
        bodies.append(local)
        directory.append(central + pack("<I", offset) + name)
        offset += len(local)
    listing = b"".join(directory)
    count = len(entries)
    end = pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(listing), offset, 0)
    return b"".join(bodies) + listing + end
