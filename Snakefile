"""The papers of a forum, made from its inputs: a table of contents. The work is in scripts/papers; see README.md."""

import json
import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.0")
sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from papers.issuing import pipeline

FORUM = pipeline.forum(Path("config.yaml"))
WORK, PAPERS = "outputs/work", "outputs/papers"
CHANGED, CHANGES = f"{WORK}/changes", "outputs/changes"
PYTHON = pipeline.quoted(sys.executable)  # no params: Snakemake would import pandas to compare them
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
        f"{WORK}/checked.json",


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
        kept=pipeline.stamp_file(FORUM, Path(WORK)),  # looked at again when a kept file was touched
        code=pipeline.code(
            "read",
            Path(WORK),
            "scripts/read.py",
            "reading",
            "model",
            "wording",
            "issuing/keeping.py",
            "issuing/reasons.py",
        ),
    output:
        contexts=directory(f"{WORK}/contexts"),
        model=f"{WORK}/model.json",
        rules=f"{WORK}/rules.json",
    log:
        f"{WORK}/logs/read.log",
    conda:
        "envs/papers.yaml"
    shell:
        "{PYTHON} scripts/read.py --contexts {output.contexts} --model {output.model} 2> {log}"


rule prepare:
    """Templates -> each kind of paper joined, checked, compiled and compressed as far as it can be beforehand."""
    input:
        templates=pipeline.files("templates", but="templates/README.md"),
        code=pipeline.code("prepare", Path(WORK), "scripts/prepare.py", "wording", "word"),
        logo=pipeline.logo(FORUM),
    output:
        expand(f"{WORK}/templates/{{kind}}.prepared", kind=KINDS),
    log:
        f"{WORK}/logs/prepare.log",
    conda:
        "envs/papers.yaml"
    shell:
        "{PYTHON} scripts/prepare.py --templates templates --logo {input.logo:q} --out {WORK}/templates 2> {log}"


rule fill:
    """A meeting's texts and the prepared templates -> all its papers, whole or not at all."""
    input:
        context=lambda wildcards: f"{checkpoints.read.get().output.contexts}/{wildcards.meeting}.json",
        templates=lambda wildcards: expand(
            f"{WORK}/templates/{{kind}}.prepared", kind=index_of_contexts()[wildcards.meeting]
        ),
        code=pipeline.code(
            "fill",
            Path(WORK),
            "scripts/fill.py",
            "word/filling.py",
            "word/marks.py",
            "word/charts.py",
            "word/fields.py",
            "word/headings.py",
            "word/zipping.py",
            "issuing/delivering.py",
            "issuing/differing.py",
        ),
    output:
        f"{WORK}/filled/{{meeting}}.json",
    log:
        f"{WORK}/logs/fill-{{meeting}}.log",
    conda:
        "envs/papers.yaml"
    shell:
        "{PYTHON} scripts/fill.py --context {input.context} --templates {WORK}/templates --papers {PAPERS}"
        " --record {WORK}/record/{wildcards.meeting}.json --manifest {output} > {log} 2>&1"


rule check:
    """Finished papers and the house's rules -> what a reader would stumble over; one job, as most papers are known."""
    input:
        papers=lambda _: expand(f"{WORK}/filled/{{meeting}}.json", meeting=index_of_contexts()),
        rules=f"{WORK}/rules.json",
        data=pipeline.inputs_stamp(Path(WORK)),  # findings name the line that the words come from
        code=pipeline.code(
            "check",
            Path(WORK),
            "scripts/check.py",
            "word/opening.py",
            "word/looks.py",
            "word/texts.py",
            "reading/cells.py",
            "issuing/check_access.py",
            "issuing/check_facts.py",
            "issuing/check_words.py",
            "issuing/checks.py",
            "issuing/findings.py",
            "issuing/origins.py",
        ),
    output:
        f"{WORK}/checked.json",
    log:
        f"{WORK}/logs/check.log",
    conda:
        "envs/papers.yaml"
    shell:
        "{PYTHON} scripts/check.py --work {WORK} --papers {PAPERS} --templates templates --code {input.code}"
        " > {log} 2>&1"


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
            "redline",
            Path(WORK),
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
    shell:
        "{PYTHON} scripts/changes.py --contexts {WORK}/contexts --meeting {wildcards.meeting}"
        " --papers {PAPERS} --changes {CHANGES} --record {CHANGED}/record/{wildcards.meeting}.json"
        " --manifest {output} > {log} 2>&1"
