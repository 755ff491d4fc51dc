"""The papers of a forum, built from its inputs: a table of contents. The work is in scripts/papers; see README.md."""

import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.0")
sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from papers.build import snakefile
from papers.redlines.pairs import meetings_compared, pairs_by_meeting
from papers.seal.seal import remove_stale_seal
from papers.store.delivery import forget_lost_papers
from papers.store.locks import hold_build_lock_until_exit

FORUM = snakefile.forum_name(Path("config.yaml"))
WORK, PAPERS = "outputs/work", "outputs/papers"
CHANGED, CHANGES = f"{WORK}/changes", "outputs/changes"
CONVERTED, PDFS = f"{WORK}/pdf", "outputs/pdf"
REGISTER, SEAL = "outputs/index.html", "outputs/SHA256SUMS"
PUBLISHED = f"{WORK}/public/filled/public.json"
# On a cluster, each job parses this file too, while the build that submitted it holds the lock and others deliver.
if workflow.is_main_process:
    hold_build_lock_until_exit("snakemake")
    forget_lost_papers(Path(WORK), Path(PAPERS))
    forget_lost_papers(Path(CHANGED), Path(CHANGES))
    forget_lost_papers(Path(CONVERTED), Path(PDFS))
    forget_lost_papers(Path(WORK, "public"), Path("outputs/public"))
CODE = snakefile.code_digest_file(Path(WORK))
KINDS = snakefile.kinds_with_template(Path("templates"))
EDITED = snakefile.edited_files_stamp(Path(WORK), Path("outputs"))
RELATED = snakefile.related_files_stamp(Path(WORK), Path("outputs"))


wildcard_constraints:
    meeting=r"[A-Za-z0-9-]+",


# On a cluster: it takes two seconds for any forum, too little for a queue.
localrules:
    prepare,


onsuccess:
    snakefile.remove_stale_outputs(Path(WORK), Path(PAPERS), Path(CHANGES), Path(PDFS))
    snakefile.refresh_register(Path(WORK), Path("outputs"), FORUM)
    remove_stale_seal(Path(WORK), Path("outputs"))


onerror:
    remove_stale_seal(Path(WORK), Path("outputs"))


rule all:
    """Every paper of every meeting that config.yaml selects, the register, the public folder and the seal."""
    input:
        # Also here, so that one build reports the problems of both inputs and templates.
        expand(f"{WORK}/templates/{{kind}}.prepared", kind=KINDS),
        lambda _: filled(),
        REGISTER,
        SEAL,
        PUBLISHED,


rule papers:
    """The papers alone."""
    input:
        expand(f"{WORK}/templates/{{kind}}.prepared", kind=KINDS),
        lambda _: filled(),


def kinds_by_meeting() -> dict[str, list[str]]:
    """Meeting -> the kinds of its papers, once the inputs are read."""
    return snakefile.kinds_by_meeting(Path(checkpoints.read.get().output.contexts))


def filled() -> list[str]:
    """The manifests of all meetings that have papers."""
    return expand(f"{WORK}/filled/{{meeting}}.json", meeting=kinds_by_meeting())


rule changes:
    """A redline of every revision and of every year's schedule; only if it is a target."""
    input:
        lambda _: expand(f"{CHANGED}/filled/{{meeting}}.json", meeting=pairs()),


def pairs() -> dict[str, list]:
    """Meeting -> its papers that follow another one, once the inputs are read."""
    return pairs_by_meeting(Path(checkpoints.read.get().output.contexts))


rule pdfs:
    """Every paper as a PDF; only if it is a target."""
    input:
        lambda _: expand(f"{CONVERTED}/filled/{{meeting}}.json", meeting=kinds_by_meeting()),


checkpoint read:
    """Inputs -> the model, the text of every paper and the trace of its figures; reports all problems of the inputs."""
    input:
        data=snakefile.input_files("inputs", but="inputs/README.md"),
        config="config.yaml",
        archive=snakefile.archive_stamp_file(FORUM, Path(WORK)),
        code=CODE,
    output:
        contexts=directory(f"{WORK}/contexts"),
        traces=directory(f"{WORK}/traces"),  # apart, as a changed trace fills no paper again
        model=f"{WORK}/model.json",
        rules=f"{WORK}/rules.json",
        public=f"{WORK}/public.json",
    log:
        f"{WORK}/logs/read.log",
    retries: 0  # problems of inputs stay; profiles/slurm retries other jobs
    conda:
        "envs/papers.yaml"
    params:
        python=snakefile.python_command,
    shell:
        "{params.python} scripts/read.py --contexts {output.contexts} --traces {output.traces}"
        " --model {output.model} --archive-stamp {input.archive} 2> {log}"


rule prepare:
    """Templates -> each kind of paper joined, checked, compiled, and compressed as far as its text allows."""
    input:
        templates=snakefile.input_files("templates", but="templates/README.md"),
        code=CODE,
        logo=snakefile.logo_files(FORUM),
    output:
        expand(f"{WORK}/templates/{{kind}}.prepared", kind=KINDS),
    log:
        f"{WORK}/logs/prepare.log",
    retries: 0  # problems of templates stay
    conda:
        "envs/papers.yaml"
    params:
        python=snakefile.python_command,
    shell:
        f"{{params.python}} scripts/prepare.py --templates templates --logo {{input.logo:q}} --out {WORK}/templates 2> {{log}}"


rule receive:
    """The received files of a meeting, each behind the official cover -> ready to fill, as from templates."""
    input:
        context=lambda wildcards: f"{checkpoints.read.get().output.contexts}/{wildcards.meeting}.json",
        papers=lambda wildcards: snakefile.received_files(
            Path(checkpoints.read.get().output.contexts), wildcards.meeting
        ),
        cover="templates/cover.docx",
        code=CODE,
        logo=snakefile.logo_files(FORUM),
    output:
        f"{WORK}/received/{{meeting}}.prepared",
    log:
        f"{WORK}/logs/receive-{{meeting}}.log",
    conda:
        "envs/papers.yaml"
    params:
        python=snakefile.python_command,
    shell:
        "{params.python} scripts/receive.py --context {input.context} --templates templates --logo {input.logo:q}"
        " --out {output} 2> {log}"


rule fill:
    """A meeting's texts and the prepared templates -> all its papers."""
    input:
        context=lambda wildcards: f"{checkpoints.read.get().output.contexts}/{wildcards.meeting}.json",
        templates=lambda wildcards: snakefile.prepared_templates(
            Path(WORK), wildcards.meeting, kinds_by_meeting()[wildcards.meeting]
        ),
        code=CODE,
    output:
        f"{WORK}/filled/{{meeting}}.json",
    log:
        f"{WORK}/logs/fill-{{meeting}}.log",
    conda:
        "envs/papers.yaml"
    params:
        python=snakefile.python_command,
    shell:
        f"{{params.python}} scripts/fill.py --context {{input.context}} --templates {WORK}/templates --papers {PAPERS}"
        f" --received {WORK}/received/{{wildcards.meeting}}.prepared --record {WORK}/record/{{wildcards.meeting}}.json --manifest {{output}} > {{log}} 2>&1"


rule check:
    """Finished papers and rules of style -> findings; one job, as most papers were checked in an earlier build."""
    input:
        papers=lambda _: filled(),
        rules=f"{WORK}/rules.json",
        data=snakefile.inputs_stamp_file(Path(WORK)),  # findings name lines of inputs
        code=CODE,
    output:
        f"{WORK}/checked.json",
    log:
        f"{WORK}/logs/check.log",
    conda:
        "envs/papers.yaml"
    threads: 16
    params:
        python=snakefile.python_command,
    shell:
        f"{{params.python}} scripts/check.py --work {WORK} --papers {PAPERS} --templates templates --code {{input.code}}"
        " --processes {threads} > {log} 2>&1"


rule redline:
    """A meeting's papers and those that they follow -> Word files with tracked changes."""
    input:
        papers=lambda wildcards: expand(
            f"{WORK}/filled/{{meeting}}.json",
            meeting=meetings_compared(Path(checkpoints.read.get().output.contexts), wildcards.meeting),
        ),
        code=CODE,
    output:
        f"{CHANGED}/filled/{{meeting}}.json",
    log:
        f"{WORK}/logs/redline-{{meeting}}.log",
    conda:
        "envs/papers.yaml"
    params:
        python=snakefile.python_command,
    shell:
        f"{{params.python}} scripts/redline.py --contexts {WORK}/contexts --meeting {{wildcards.meeting}}"
        f" --papers {PAPERS} --changes {CHANGES} --record {CHANGED}/record/{{wildcards.meeting}}.json"
        " --manifest {output} > {log} 2>&1"


rule pdf:
    """A meeting's papers -> tagged PDFs; only changed papers are converted."""
    input:
        filled=f"{WORK}/filled/{{meeting}}.json",
        office=lambda _: snakefile.libreoffice_version_file(Path(WORK)),
        code=CODE,
    output:
        f"{CONVERTED}/filled/{{meeting}}.json",
    log:
        f"{WORK}/logs/pdf-{{meeting}}.log",
    conda:
        "envs/papers.yaml"
    threads: lambda wildcards: snakefile.libreoffice_processes(Path(WORK), wildcards.meeting)
    params:
        python=snakefile.python_command,
    shell:
        f"{{params.python}} scripts/pdf.py --filled {{input.filled}} --papers {PAPERS} --pdfs {PDFS} --office {{input.office}}"
        f" --made {CONVERTED}/made/{{wildcards.meeting}}.json --record {CONVERTED}/record/{{wildcards.meeting}}.json"
        " --manifest {output} --processes {threads} > {log} 2>&1"


rule register:
    """All papers with their history, figures and files -> the register: a page, and the same as data."""
    input:
        papers=lambda _: filled(),
        checked=f"{WORK}/checked.json",
        traces=lambda _: checkpoints.read.get().output.traces,
        model=f"{WORK}/model.json",
        ledger=snakefile.ledger_files(FORUM),
        related=RELATED,
        edited=EDITED,
        code=CODE,
    output:
        page=REGISTER,
        data="outputs/papers.json",
        feed="outputs/feed.xml",
        text="outputs/index/text.js",
    log:
        f"{WORK}/logs/register.log",
    conda:
        "envs/papers.yaml"
    params:
        python=snakefile.python_command,
    shell:
        f"{{params.python}} scripts/register.py --forum {FORUM} --work {WORK} --out outputs > {{log}} 2>&1"


rule seal:
    """Outputs, and what they were built from -> lists of digests, which two users can compare."""
    input:
        papers=lambda _: filled(),
        register=rules.register.output,
        sources=snakefile.sources_stamp_file(Path(WORK)),
        edited=EDITED,
        traces=lambda _: checkpoints.read.get().output.traces,
        code=CODE,
        logo=snakefile.logo_files(FORUM),
    output:
        sums=SEAL,
        views=f"{SEAL}.views",
        seals="outputs/SEAL.txt",
        provenance="outputs/provenance.json",
    log:
        f"{WORK}/logs/seal.log",
    conda:
        "envs/papers.yaml"
    params:
        python=snakefile.python_command,
    shell:
        f"{{params.python}} scripts/seal.py --work {WORK} --out outputs --logo {{input.logo:q}} > {{log}} 2>&1"


rule public:
    """What may be public -> outputs/public, the folder for the web; in every build, so that nothing stale stays."""
    input:
        editions=f"{WORK}/public.json",
        papers=lambda _: filled(),
        register=REGISTER,  # its pages of figures are copied if they are the same
        related=RELATED,
        code=CODE,
    output:
        PUBLISHED,
    log:
        f"{WORK}/logs/public.log",
    conda:
        "envs/papers.yaml"
    params:
        python=snakefile.python_command,
    shell:
        f"{{params.python}} scripts/public.py --work {WORK} --out outputs > {{log}} 2>&1"


rule report:
    """Every paper, for Snakemake's own report (snakemake --report); only if it is a target."""
    input:
        papers=lambda _: filled(),
        code=CODE,
    output:
        report(
            directory(f"{WORK}/report"),
            patterns=["{year}/{meeting}/{file}.docx"],
            category="Papers",
            subcategory="{meeting}",
            labels={"file": "{file}"},
        ),
    log:
        f"{WORK}/logs/report.log",
    conda:
        "envs/papers.yaml"
    params:
        python=snakefile.python_command,
    shell:
        f"{{params.python}} scripts/report.py --papers {PAPERS} --out {{output}} > {{log}} 2>&1"
