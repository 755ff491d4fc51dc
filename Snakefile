"""The papers of forums, built from their inputs: a table of contents. The work is in scripts/papers; see README.md.

Reading this file writes nothing. A stage leaves its files below outputs/work/<forum>; `deliver` brings outputs/ in line.
A problem of one forum stops that forum only.
"""

import re
import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.0")
sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from papers.build import snakefile
from papers.build.snakefile import job
from papers.seal.lists import changed_lists
from papers.store.delivery import find_changed, repair_records
from papers.store.locks import hold_build_lock_until_exit
from papers.store.work_files import work_folder

WORK, OUT = "outputs/work/{forum}", "outputs"
WORK_OF_JOB = "outputs/work/{wildcards.forum}"
CONFIG = snakefile.read_config_sources(workflow.config_settings)
FORUMS = CONFIG.forums or ["no-forum"]  # `read` reports that none is named
WORKS = list(map(work_folder, FORUMS))
WORK_OF_ALL = ",".join(work.as_posix() for work in WORKS)
CHANGED = {**find_changed(WORKS, Path(OUT)), **changed_lists(WORKS, Path(OUT))}
PREPARED = {snakefile.owner_of_templates(forum): snakefile.prepared_files(forum) for forum in FORUMS}
DELIVERED = f"{WORK}/delivered"
snakefile.set_environment(Path(workflow.basedir))


wildcard_constraints:
    forum=r"[\w-]+",
    meeting=r"[A-Za-z0-9-]+",
    page="|".join(map(re.escape, snakefile.PAGES)),
    overview="|".join(map(re.escape, snakefile.OVERVIEWS)),


# On a cluster: each takes less time than a queue.
localrules:
    deliver,
    restore,
    paper,
    page,
    overview,
    deliver_papers,
    deliver_pdfs,
    deliver_changes,


onstart:
    hold_build_lock_until_exit("snakemake")
    snakefile.remove_rate_limit(workflow.scheduler)
    repair_records(WORKS, Path(OUT))


onerror:
    snakefile.deliver_filled(FORUMS, Path(OUT))


rule all:
    """Every paper of the forums and meetings that config.yaml selects, their registers, public folders and seals."""
    input:
        PREPARED.values(),  # also here, so that one build reports the problems of both inputs and templates
        expand(DELIVERED, forum=FORUMS),
        "outputs/work/restored" if CHANGED else [],


def contexts(forum: str) -> Path:
    """The folder of contexts, once the inputs are read."""
    return Path(checkpoints.read.get(forum=forum).output.contexts)


def traces(forum: str) -> str:
    """The folder of traces, once the inputs are read."""
    return checkpoints.read.get(forum=forum).output.traces


def filled(forum: str) -> list[str]:
    """The folders with the papers of all meetings that have papers."""
    return of_meetings(f"{WORK}/filled/{{meeting}}", forum)


def of_meetings(folder: str, forum: str) -> list[str]:
    """A folder of each meeting that has papers."""
    return expand(folder, forum=forum, meeting=snakefile.kinds_by_meeting(contexts(forum)))


checkpoint read:
    """Inputs -> the model, the text of every paper and the trace of its figures; reports all problems of the inputs."""
    input:
        data=lambda wildcards: snakefile.input_files(wildcards.forum),
        kinds=snakefile.kind_files(),
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
        job(
            "read",
            f"--forum {{wildcards.forum}} --work {WORK_OF_JOB} --config {CONFIG.for_shell}",
            unwatched=snakefile.archives_digest(),
        )


# Templates and what kinds are made of -> each kind of paper joined, checked, compiled, and compressed as far as its text
# allows. Once for all forums without templates of their own (owner ""), and a rule for each other forum, as each has
# kinds of its own: the outputs of a rule have the same wildcards.
for owner in PREPARED:

    rule:
        name:
            f"prepare_{owner}" if owner else "prepare"
        input:
            templates=snakefile.template_files(owner),
            logo=snakefile.watched(snakefile.logo_files(owner)),
        output:
            PREPARED[owner],
        log:
            f"{work_folder(owner).as_posix()}/logs/prepare.json",
        retries: 0  # problems of templates stay
        localrule: True
        conda:
            "envs/papers.yaml"
        params:  # `shell` is evaluated when the loop has ended
            forum=snakefile.derived(snakefile.shell_quoted, owner),
            logo=snakefile.derived(snakefile.logo_option, owner),
            out=lambda _, output: Path(output[0]).parent.as_posix(),
        shell:
            job(
                "prepare",
                "--forum {params.forum} --logo {params.logo} --out {params.out}",
            )


rule receive:
    """The received files of a meeting, each behind the official cover -> ready to fill, as from templates."""
    input:
        context=lambda wildcards: f"{contexts(wildcards.forum)}/received/{wildcards.meeting}.json",
        papers=lambda wildcards: snakefile.received_files(contexts(wildcards.forum), wildcards.meeting),
        cover=lambda wildcards: snakefile.watched([snakefile.cover_file(wildcards.forum)]),
        logo=lambda wildcards: snakefile.watched(snakefile.logo_files(wildcards.forum)),
    output:
        f"{WORK}/received/{{meeting}}.prepared",
    log:
        f"{WORK}/logs/receive-{{meeting}}.json",
    conda:
        "envs/papers.yaml"
    params:
        cover=snakefile.derived(snakefile.cover_file),
        logo=snakefile.derived(snakefile.logo_option),
    shell:
        job("receive", "--context {input.context} --cover {params.cover} --logo {params.logo} --out {output}")


rule fill:
    """A meeting's texts and the prepared templates -> all its papers."""
    input:
        context=lambda wildcards: f"{contexts(wildcards.forum)}/{wildcards.meeting}.json",
        templates=lambda wildcards: snakefile.prepared_templates(contexts(wildcards.forum), wildcards.meeting),
        since_issue=lambda wildcards: snakefile.inputs_since_issue(
            contexts(wildcards.forum), wildcards.meeting
        ),
    output:
        report(
            directory(f"{WORK}/filled/{{meeting}}"),
            patterns=["{year}/{folder}/{file}.docx"],
            category="Papers",
            subcategory="{forum} {meeting}",
            labels={"file": "{file}"},
        ),
    log:
        f"{WORK}/logs/fill-{{meeting}}.json",
    conda:
        "envs/papers.yaml"
    params:
        templates=snakefile.derived(snakefile.folder_of_prepared),
    shell:
        job(
            "fill",
            f"--context {{input.context}} --templates {{params.templates}} --received {WORK_OF_JOB}/received/{{wildcards.meeting}}.prepared --out {{output}}",
        )


rule check:
    """Filled papers and rules of style -> findings; one job, as most papers were checked in an earlier build."""
    input:
        papers=lambda wildcards: filled(wildcards.forum),
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
        job("check", f"--work {WORK_OF_JOB} --forum {{wildcards.forum}} --processes {{threads}}")


rule publish:
    """All papers with their history, figures and files -> the register, the folder for the web, and lists of digests."""
    input:
        papers=lambda wildcards: filled(wildcards.forum),
        checked=f"{WORK}/checked.json",
        traces=lambda wildcards: traces(wildcards.forum),
        model=f"{WORK}/model.json",
        editions=f"{WORK}/public.json",
        data=f"{WORK}/inputs.json",
        ledger=lambda wildcards: snakefile.ledger_files(wildcards.forum),
        related=lambda wildcards: snakefile.related_records(work_folder(wildcards.forum)),
        templates=lambda wildcards: snakefile.template_files(wildcards.forum),
        logo=lambda wildcards: snakefile.watched(snakefile.logo_files(wildcards.forum)),
        config=snakefile.watched(CONFIG.files),
    output:
        register=directory(f"{WORK}/register"),
        public=directory(f"{WORK}/public"),
        seal=directory(f"{WORK}/seal"),
    log:
        f"{WORK}/logs/publish.json",
    conda:
        "envs/papers.yaml"
    params:
        logo=snakefile.derived(snakefile.logo_option),
    shell:
        job("publish", f"--work {WORK_OF_JOB} --forum {{wildcards.forum}} --logo {{params.logo}}")


rule deliver:
    """What the stages wrote -> outputs/, all at once; an edited file is kept under another name."""
    input:
        papers=lambda wildcards: filled(wildcards.forum),
        published=rules.publish.output,
    output:
        touch(DELIVERED),
    log:
        f"{WORK}/logs/deliver.json",
    conda:
        "envs/papers.yaml"
    shell:
        job("deliver", f"--what {{output:q}} --work {WORK_OF_JOB} --out {OUT}")


rule paper:
    """One paper, if it is asked for by its path. `update`: Snakemake must not delete what a person may have edited."""
    input:
        lambda wildcards: snakefile.filled_folder(map(contexts, FORUMS), wildcards.file),
    output:
        update(f"{OUT}/papers/{{file}}"),
    log:
        "outputs/work/logs/paper-{file}.json",
    conda:
        "envs/papers.yaml"
    params:
        work=lambda wildcards, input: Path(input[0]).parents[1].as_posix(),
    shell:
        job("deliver", f"--what {{output:q}} --work {{params.work}} --out {OUT}")


# The rules that follow run the same command as `paper`.


use rule paper as page with:
    # One file of a forum's register or seal, if it is asked for by its path.
    input:
        rules.publish.output,
    output:
        update(f"{OUT}/forums/{{forum}}/{{page}}"),
    log:
        f"{WORK}/logs/page-{{page}}.json",
    params:
        work=snakefile.derived(snakefile.folder_of_work),


use rule paper as overview with:
    # A page or list of all forums, if it is asked for by its path: `deliver` writes it.
    input:
        ancient(expand(DELIVERED, forum=FORUMS)),
    output:
        update(f"{OUT}/{{overview}}"),
    log:
        "outputs/work/logs/overview-{overview}.json",
    params:
        work=snakefile.derived(str, WORK_OF_ALL),


use rule paper as restore with:
    # Files that were lost or edited since they were delivered; only if there are any.
    input:
        expand(DELIVERED, forum=FORUMS),
    output:
        temp(touch("outputs/work/restored")),
    log:
        "outputs/work/logs/restore.json",
    params:
        work=snakefile.derived(str, WORK_OF_ALL),
    message:
        snakefile.describe_changed(CHANGED)


use rule paper as deliver_papers with:
    # The papers of a forum alone, without their register, seal and public folder.
    input:
        lambda wildcards: filled(wildcards.forum),
    output:
        touch(f"{WORK}/delivered_papers"),
    log:
        f"{WORK}/logs/deliver_papers.json",
    params:
        work=snakefile.derived(snakefile.folder_of_work),


use rule paper as deliver_pdfs with:
    # Every paper of a forum as a PDF.
    input:
        lambda wildcards: of_meetings(f"{WORK}/pdf/{{meeting}}", wildcards.forum),
    output:
        touch(f"{WORK}/delivered_pdfs"),
    log:
        f"{WORK}/logs/deliver_pdfs.json",
    params:
        work=snakefile.derived(snakefile.folder_of_work),


use rule paper as deliver_changes with:
    # A redline of every revision and of every year's schedule of a forum.
    input:
        lambda wildcards: expand(
            f"{WORK}/changes/{{meeting}}",
            forum=wildcards.forum,
            meeting=snakefile.pairs_by_meeting(contexts(wildcards.forum)),
        ),
    output:
        touch(f"{WORK}/delivered_changes"),
    log:
        f"{WORK}/logs/deliver_changes.json",
    params:
        work=snakefile.derived(snakefile.folder_of_work),


# Targets: what is only made if it is asked for.


rule papers:
    input:
        expand(rules.deliver_papers.output, forum=FORUMS),


rule pdfs:
    input:
        expand(rules.deliver_pdfs.output, forum=FORUMS),


rule changes:
    input:
        expand(rules.deliver_changes.output, forum=FORUMS),


rule every_file:
    """Each delivered file by its path: snakemake --summary every_file, snakemake --delete-all-output every_file."""
    input:
        lambda _: delivered(),


def delivered() -> list[str]:
    """The delivered files that have a rule, without those that were lost or edited since: the latter must stay."""
    papers = [paper for forum in FORUMS for paper in snakefile.paper_files(contexts(forum))]
    pages = expand("forums/{forum}/{page}", forum=FORUMS, page=snakefile.PAGES)
    return [
        file for name in (*papers, *pages, *snakefile.OVERVIEWS) if (file := f"{OUT}/{name}") not in CHANGED
    ]


rule redline:
    """A meeting's papers and those that they follow -> Word files with tracked changes."""
    input:
        papers=lambda wildcards: expand(
            f"{WORK}/filled/{{meeting}}",
            forum=wildcards.forum,
            meeting=snakefile.meetings_compared(contexts(wildcards.forum), wildcards.meeting),
        ),
    output:
        directory(f"{WORK}/changes/{{meeting}}"),
    log:
        f"{WORK}/logs/redline-{{meeting}}.json",
    conda:
        "envs/papers.yaml"
    shell:
        job("redline", f"--work {WORK_OF_JOB} --meeting {{wildcards.meeting}} --out {{output}}")


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
    threads: lambda wildcards: snakefile.libreoffice_processes(contexts(wildcards.forum), wildcards.meeting)
    params:
        office=lambda _: snakefile.libreoffice_version(),
    shell:
        job(
            "pdf",
            f"--filled {{input}} --work {WORK_OF_JOB} --out {{output}} --office {{params.office:q}} --processes {{threads}}",
        )
