"""What `bounded.run_bounded` starts: one task on one received file, from standard input to standard output."""

from __future__ import annotations

import marshal
import sys
from dataclasses import asdict

from papers.errors import UserError
from papers.store.files import to_json


def scan(data: bytes, suffix: str) -> bytes:
    """Return what is found in a file as JSON: a ScanResult."""
    if suffix == ".pdf":
        from papers.received.scan_pdf import scan_pdf as scan_file  # noqa: PLC0415 -- only what the file needs
    else:
        from papers.received.scan_docx import scan_docx as scan_file  # noqa: PLC0415
    return to_json(asdict(scan_file(data)))


def cover(received: bytes, front: bytes, properties: dict[str, str], made_of: str) -> bytes:
    """Return a received PDF with its cover."""
    from papers.received.cover_pdf import join_cover  # noqa: PLC0415

    return join_cover(received, front, properties, made_of)


TASKS = {"scan": scan, "cover": cover}


def main() -> int:
    """Run the task that the command line names; the last line of standard error is why it failed."""
    arguments = marshal.loads(sys.stdin.buffer.read())
    try:
        result = TASKS[sys.argv[1]](*arguments)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
