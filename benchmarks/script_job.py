"""The `script:` of a rule in growth.py: fill one paper with docxtpl, from prepared texts, in a job of its own."""

import json
import sys
from pathlib import Path

job = globals()["snakemake"]  # set by Snakemake
sys.path[:0] = job.params.code

from docxtpl_fill import fill  # noqa: E402 -- needs the path above

fill(Path(job.params.whole), Path("papers"), json.loads(Path(job.input[0]).read_bytes()))
Path(job.output[0]).touch()
