"""The papers of a forum, built from its inputs: a table of contents. The work is in scripts/papers; see README.md.

Reading this file writes nothing. A stage leaves its files below outputs/work; `deliver` brings outputs/ in line.
"""

import re
import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.0")
sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from papers.build import snakefile
from papers.build.snakefile import job
from papers.store.delivery import find_changed, repair_records
from papers.store.locks import hold_build_lock_until_exit

WORK, OUT = "outputs/work", "outputs"
CONFIG = snakefile.read_config_sources(workflow.config_settings)
FORUM = CONFIG.forum
KINDS = snakefile.kinds_with_template(Path("templates"))
LOGO = snakefile.logo_files(FORUM)
LOGO_OPTION = snakefile.shell_quoted("".join(LOGO))
CHANGED = find_changed(Path(WORK), Path(OUT))
PREPARED = expand(f"{WORK}/templates/{{kind}}.prepared", kind=KINDS)
DELIVERED = f"{WORK}/delivered"
snakefile.set_environment(Path(workflow.basedir))


wildcard_constraints:
    meeting=r"[A-Za-z0-9-]+",
    page="|".join(map(re.escape, snakefile.PAGES)),


# On a cluster: each takes less time than a queue.
localrules:
    prepare,
    deliver,
    restore,
    paper,
    page,
    papers,
    pdfs,
    changes,


onstart:
    hold_build_lock_until_exit("snakemake")
    repair_records(Path(WORK), Path(OUT))


onerror:
    snakefile.deliver_filled(Path(WORK), Path(OUT))


rule all:
    """Every paper of every meeting that config.yaml selects, the register, the public folder and the seal."""
    input:
        PREPARED,  # also here, so that one build reports the problems of both inputs and templates
        DELIVERED,
        lambda _: delivered(),
        f"{WORK}/restored" if CHANGED else [],


def delivered() -> list[str]:
    """The delivered files that have a rule, once they are delivered in bulk: none of them is a job of its own then."""
    checkpoints.deliver.get()
    files = snakefile.paper_files(contexts()) + snakefile.PAGES
    return [file for name in files if (file := f"{OUT}/{name}") not in CHANGED]


def contexts() -> Path:
    """The folder of contexts, once the inputs are read."""
    return Path(checkpoints.read.get().output.contexts)


def filled() -> list[str]:
    """The folders with the papers of all meetings that have papers."""
    return expand(f"{WORK}/filled/{{meeting}}", meeting=snakefile.kinds_by_meeting(contexts()))


checkpoint read:
    """Inputs -> the model, the text of every paper and the trace of its figures; reports all problems of the inputs."""
    input:
        data=snakefile.input_files("inputs", but="inputs/README.md"),
        config=snakefile.watched(CONFIG.files),
    output:
        contexts=directory(f"{WORK}/contexts"),
        traces=directory(f"{WORK}/traces"),  # apart, as a changed trace fills no paper again
        model=f"{WORK}/model.json",
        rules=f"{WORK}/rules.json",
        public=f"{WORK}/public.json",
        inputs=f"{WORK}/inputs.json",  # changes with every input, even if no paper uses it
    log:
        f"{WORK}/logs/read.json",
    retries: 0  # problems of inputs stay; profiles/slurm retries other jobs
    conda:
        "envs/papers.yaml"
    shell:
        job("read", f"--work {WORK} --config {CONFIG.for_shell}", watched=snakefile.archive_digest(FORUM))


rule prepare:
    """Templates -> each kind of paper joined, checked, compiled, and compressed as far as its text allows."""
    input:
        templates=snakefile.input_files("templates", but="templates/README.md"),
        logo=snakefile.watched(LOGO),
    output:
        PREPARED,
    log:
        f"{WORK}/logs/prepare.json",
    retries: 0  # problems of templates stay
    conda:
        "envs/papers.yaml"
    shell:
        job("prepare", f"--templates templates --logo {LOGO_OPTION} --out {WORK}/templates")


rule receive:
    """The received files of a meeting, each behind the official cover -> ready to fill, as from templates."""
    input:
        context=lambda wildcards: f"{contexts()}/{wildcards.meeting}.json",
        papers=lambda wildcards: snakefile.received_files(contexts(), wildcards.meeting),
        cover=snakefile.watched(["templates/cover.docx"]),
        logo=snakefile.watched(LOGO),
    output:
        f"{WORK}/received/{{meeting}}.prepared",
    log:
        f"{WORK}/logs/receive-{{meeting}}.json",
    conda:
        "envs/papers.yaml"
    shell:
        job(
            "receive",
            f"--context {{input.context}} --templates templates --logo {LOGO_OPTION} --out {{output}}",
        )


rule fill:
    """A meeting's texts and the prepared templates -> all its papers."""
    input:
        context=lambda wildcards: f"{contexts()}/{wildcards.meeting}.json",
        templates=lambda wildcards: snakefile.prepared_templates(Path(WORK), contexts(), wildcards.meeting),
        since_issue=lambda wildcards: snakefile.inputs_since_issue(contexts(), wildcards.meeting),
    output:
        report(
            directory(f"{WORK}/filled/{{meeting}}"),
            patterns=["{year}/{folder}/{file}.docx"],
            category="Papers",
            subcategory="{meeting}",
            labels={"file": "{file}"},
        ),
    log:
        f"{WORK}/logs/fill-{{meeting}}.json",
    conda:
        "envs/papers.yaml"
    shell:
        job(
            "fill",
            f"--context {{input.context}} --templates {WORK}/templates --received {WORK}/received/{{wildcards.meeting}}.prepared --out {{output}}",
        )


rule check:
    """Filled papers and rules of style -> findings; one job, as most papers were checked in an earlier build."""
    input:
        papers=lambda _: filled(),
        rules=f"{WORK}/rules.json",
        data=f"{WORK}/inputs.json",  # findings name lines of inputs
    output:
        f"{WORK}/checked.json",
    log:
        f"{WORK}/logs/check.json",
    conda:
        "envs/papers.yaml"
    threads: 16
    shell:
        job("check", f"--work {WORK} --templates templates --processes {{threads}}")


rule register:
    """All papers with their history, figures and files -> the register: a page, and the same as data."""
    input:
        papers=lambda _: filled(),
        checked=f"{WORK}/checked.json",
        traces=lambda _: checkpoints.read.get().output.traces,
        model=f"{WORK}/model.json",
        ledger=snakefile.ledger_files(FORUM),
        related=snakefile.related_records(Path(WORK)),
    output:
        directory(f"{WORK}/register"),
    log:
        f"{WORK}/logs/register.json",
    conda:
        "envs/papers.yaml"
    shell:
        job("register", f"--work {WORK} --forum {FORUM}")


rule seal:
    """Everything that is delivered, and what it was built from -> lists of digests, which two users can compare."""
    input:
        papers=lambda _: filled(),
        register=rules.register.output,
        traces=lambda _: checkpoints.read.get().output.traces,
        data=f"{WORK}/inputs.json",
        templates=rules.prepare.input.templates,
        config=snakefile.watched(CONFIG.files),
    output:
        directory(f"{WORK}/seal"),
    log:
        f"{WORK}/logs/seal.json",
    conda:
        "envs/papers.yaml"
    shell:
        job("seal", f"--work {WORK} --logo {LOGO_OPTION}")


rule public:
    """What may be public -> the folder for the web."""
    input:
        editions=f"{WORK}/public.json",
        papers=lambda _: filled(),
        register=rules.register.output,  # for the same reasons: ledger, findings, PDFs, redlines
    output:
        directory(f"{WORK}/public"),
    log:
        f"{WORK}/logs/public.json",
    conda:
        "envs/papers.yaml"
    shell:
        job("public", f"--work {WORK}")


checkpoint deliver:
    """What the stages wrote -> outputs/, all at once; an edited file is kept under another name."""
    input:
        papers=lambda _: filled(),
        register=rules.register.output,
        seal=rules.seal.output,
        public=rules.public.output,
    output:
        touch(DELIVERED),
    log:
        f"{WORK}/logs/deliver.json",
    conda:
        "envs/papers.yaml"
    shell:
        job("deliver", f"--what {{output:q}} --work {WORK} --out {OUT}")


rule paper:
    """One paper, if it is asked for by its path. `update`: Snakemake must not delete what a person may have edited."""
    input:
        lambda wildcards: f"{WORK}/filled/{snakefile.meeting_of(contexts(), wildcards.file)}",
    output:
        update(f"{OUT}/papers/{{file}}"),
    log:
        f"{WORK}/logs/paper-{{file}}.json",
    conda:
        "envs/papers.yaml"
    shell:
        job("deliver", f"--what {{output:q}} --work {WORK} --out {OUT}")


# The rules that follow run the same command as `paper`.


use rule paper as page with:
    # One file of the register or the seal, if it is asked for by its path.
    input:
        [rules.register.output, rules.seal.output],
    output:
        update(f"{OUT}/{{page}}"),
    log:
        f"{WORK}/logs/page-{{page}}.json",


use rule paper as papers with:
    # The papers alone, without their register, seal and public folder; only if it is a target.
    input:
        lambda _: filled(),
    output:
        touch(f"{WORK}/delivered_papers"),
    log:
        f"{WORK}/logs/papers.json",


use rule paper as restore with:
    # Files that were lost or edited since they were delivered; only if there are any.
    input:
        DELIVERED,
    output:
        temp(touch(f"{WORK}/restored")),
    log:
        f"{WORK}/logs/restore.json",
    message:
        snakefile.describe_changed(CHANGED)


use rule paper as pdfs with:
    # Every paper as a PDF; only if it is a target.
    input:
        lambda _: expand(f"{WORK}/pdf/{{meeting}}", meeting=snakefile.kinds_by_meeting(contexts())),
    output:
        touch(f"{WORK}/delivered_pdfs"),
    log:
        f"{WORK}/logs/pdfs.json",


use rule paper as changes with:
    # A redline of every revision and of every year's schedule; only if it is a target.
    input:
        lambda _: expand(f"{WORK}/changes/{{meeting}}", meeting=snakefile.pairs_by_meeting(contexts())),
    output:
        touch(f"{WORK}/delivered_changes"),
    log:
        f"{WORK}/logs/changes.json",


rule redline:
    """A meeting's papers and those that they follow -> Word files with tracked changes."""
    input:
        papers=lambda wildcards: expand(
            f"{WORK}/filled/{{meeting}}", meeting=snakefile.meetings_compared(contexts(), wildcards.meeting)
        ),
    output:
        directory(f"{WORK}/changes/{{meeting}}"),
    log:
        f"{WORK}/logs/redline-{{meeting}}.json",
    conda:
        "envs/papers.yaml"
    shell:
        job("redline", f"--work {WORK} --meeting {{wildcards.meeting}} --out {{output}}")


rule pdf:
    """A meeting's papers -> tagged PDFs; only changed papers are converted."""
    input:
        f"{WORK}/filled/{{meeting}}",
    output:
        directory(f"{WORK}/pdf/{{meeting}}"),
    log:
        f"{WORK}/logs/pdf-{{meeting}}.json",
    conda:
        "envs/papers.yaml"
    threads: lambda wildcards: snakefile.libreoffice_processes(contexts(), wildcards.meeting)
    params:
        office=lambda _: snakefile.libreoffice_version(),
    shell:
        job(
            "pdf",
            f"--filled {{input}} --work {WORK} --out {{output}} --office {{params.office:q}} --processes {{threads}}",
        )
