"""What a rule's `script:` runs in growth.py: one paper with docxtpl, from texts that are there already, in a job of its own."""

import json
import sys
from pathlib import Path

job = globals()["snakemake"]  # Snakemake puts it there
sys.path[:0] = job.params.code

from docxtpl_fill import fill  # noqa: E402 -- found only behind the line above

fill(Path(job.params.whole), Path("papers"), json.loads(Path(job.input[0]).read_bytes()))
Path(job.output[0]).touch()
