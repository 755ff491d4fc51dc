"""The papers of a forum, made from its inputs: a table of contents. The work is in scripts/papers; see README.md."""

import json
import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.0")
sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from papers.issuing import pipeline

CONFIG = pipeline.checked_config(Path("config.yaml"))
WORK, PAPERS = "outputs/work", "outputs/papers"
CHANGED, CHANGES = f"{WORK}/changes", "outputs/changes"
PYTHON = pipeline.quoted(sys.executable)
KINDS = pipeline.kinds_of_paper(Path("templates"))
pipeline.forget_lost(Path(WORK), Path(PAPERS))
pipeline.forget_lost(Path(CHANGED), Path(CHANGES))


wildcard_constraints:
    meeting=r"[A-Za-z0-9-]+",


onsuccess:
    pipeline.tidy_up(Path(WORK), Path(PAPERS), Path(CHANGES))


rule all:
    """Every paper of every meeting that config.yaml asks for."""
    input:
        # Asked for here too, so that faults of templates and of inputs are told in one build.
        expand(f"{WORK}/templates/{{kind}}.prepared", kind=KINDS),
        lambda _: expand(f"{WORK}/filled/{{meeting}}.json", meeting=index_of_contexts()),


def index_of_contexts() -> dict[str, list[str]]:
    """Meeting -> the kinds of its papers, as soon as the inputs are read."""
    folder = Path(checkpoints.read.get().output.contexts)
    return json.loads((folder / "index.json").read_bytes())


rule changes:
    """Every revision beside what it revises, every year's schedule beside the last: only where it is asked for."""
    input:
        lambda _: expand(f"{CHANGED}/filled/{{meeting}}.json", meeting=pairs()),


def pairs() -> dict[str, list]:
    """Meeting -> its papers that follow another one, as soon as the inputs are read."""
    return pipeline.pairs_by_meeting(Path(checkpoints.read.get().output.contexts))


checkpoint read:
    """Inputs -> facts, and the text of every paper; all problems of the inputs at once."""
    input:
        data=pipeline.files("inputs", but="inputs/README.md"),
        config="config.yaml",
        code=pipeline.code(
            "scripts/read.py",
            "reading",
            "model",
            "wording",
            "word/plain.py",
            "issuing/correcting.py",
            "issuing/keeping.py",
            "issuing/reasons.py",
        ),
    output:
        contexts=directory(f"{WORK}/contexts"),
        model=f"{WORK}/model.json",
    log:
        f"{WORK}/logs/read.log",
    conda:
        "envs/papers.yaml"
    params:
        python=PYTHON,
        issued=pipeline.quoted(pipeline.stamp(CONFIG.forum)),  # the kept files: looked at again when one was touched
    shell:
        "{params.python} scripts/read.py --contexts {output.contexts} --model {output.model}"
        " --issued {params.issued} 2> {log}"


rule prepare:
    """Templates -> each kind of paper joined, checked, compiled and compressed as far as it can be beforehand."""
    input:
        templates=pipeline.files("templates", but="templates/README.md"),
        code=pipeline.code("scripts/prepare.py", "wording", "word"),
        logo=pipeline.logo(CONFIG),
    output:
        expand(f"{WORK}/templates/{{kind}}.prepared", kind=KINDS),
    log:
        f"{WORK}/logs/prepare.log",
    conda:
        "envs/papers.yaml"
    params:
        python=PYTHON,
        logo=lambda _, input: f"--logo {pipeline.quoted(input.logo)}" if input.logo else "",
        out=lambda _, output: str(Path(output[0]).parent),
    shell:
        "{params.python} scripts/prepare.py --templates templates {params.logo} --out {params.out} 2> {log}"


rule fill:
    """A meeting's texts and the prepared templates -> all its papers, whole or not at all."""
    input:
        context=lambda wildcards: f"{checkpoints.read.get().output.contexts}/{wildcards.meeting}.json",
        templates=lambda wildcards: expand(
            f"{WORK}/templates/{{kind}}.prepared", kind=index_of_contexts()[wildcards.meeting]
        ),
        code=pipeline.code(
            "scripts/fill.py",
            "word/filling.py",
            "word/marks.py",
            "word/charts.py",
            "word/fields.py",
            "word/headings.py",
            "word/zipping.py",
            "issuing",
        ),
    output:
        f"{WORK}/filled/{{meeting}}.json",
    log:
        f"{WORK}/logs/fill-{{meeting}}.log",
    conda:
        "envs/papers.yaml"
    params:
        python=PYTHON,
        templates=f"{WORK}/templates",
        papers=PAPERS,
        record=lambda wildcards: f"{WORK}/record/{wildcards.meeting}.json",
    shell:
        "{params.python} scripts/fill.py --context {input.context} --templates {params.templates}"
        " --papers {params.papers} --record {params.record} --manifest {output} > {log} 2>&1"


rule redline:
    """A meeting's papers and those that they follow -> Word files with tracked changes, whole or not at all."""
    input:
        papers=lambda wildcards: expand(
            f"{WORK}/filled/{{meeting}}.json",
            meeting=pipeline.meetings_compared(
                Path(checkpoints.read.get().output.contexts), wildcards.meeting
            ),
        ),
        code=pipeline.code(
            "scripts/changes.py",
            "word/excerpt.py",
            "word/tracked.py",
            "word/zipping.py",
            "issuing/pairs.py",
            "issuing/redlines.py",
        ),
    output:
        f"{CHANGED}/filled/{{meeting}}.json",
    log:
        f"{WORK}/logs/redline-{{meeting}}.log",
    conda:
        "envs/papers.yaml"
    params:
        python=PYTHON,
        contexts=f"{WORK}/contexts",
        papers=PAPERS,
        changes=CHANGES,
        record=lambda wildcards: f"{CHANGED}/record/{wildcards.meeting}.json",
    shell:
        "{params.python} scripts/changes.py --contexts {params.contexts} --meeting {wildcards.meeting}"
        " --papers {params.papers} --changes {params.changes} --record {params.record}"
        " --manifest {output} > {log} 2>&1"
