"""The papers of a forum, made from its inputs: a table of contents. The work is in scripts/papers; see README.md."""

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

FORUM = snakefile.forum(Path("config.yaml"))
WORK, PAPERS = "outputs/work", "outputs/papers"
CHANGED, CHANGES = f"{WORK}/changes", "outputs/changes"
CONVERTED, PDFS = f"{WORK}/pdf", "outputs/pdf"
INDEX, SEAL = "outputs/index.html", "outputs/SHA256SUMS"
PUBLISHED = f"{WORK}/public/filled/public.json"
if workflow.is_main_process:  # a job elsewhere belongs to a build that holds outputs/
    hold_build_lock_until_exit("snakemake")
KINDS = snakefile.kinds_of_paper(Path("templates"))
if workflow.is_main_process:  # a cluster's job reads this file too, while other jobs are delivering
    forget_lost_papers(Path(WORK), Path(PAPERS))
    forget_lost_papers(Path(CHANGED), Path(CHANGES))
    forget_lost_papers(Path(CONVERTED), Path(PDFS))
    forget_lost_papers(Path(WORK, "public"), Path("outputs/public"))
EDITED = snakefile.edited_stamp(Path(WORK), Path(SEAL).parent)
RELATED = snakefile.related_files_note(Path(WORK), Path(INDEX).parent)


wildcard_constraints:
    meeting=r"[A-Za-z0-9-]+",


# On a cluster: two seconds' work of the same size for every forum is not worth a place in a queue.
localrules:
    prepare,


onsuccess:
    snakefile.tidy_up(Path(WORK), Path(PAPERS), Path(CHANGES), Path(PDFS))
    snakefile.refresh_register(Path(WORK), Path(INDEX).parent, FORUM)
    remove_stale_seal(Path(WORK), Path(SEAL).parent)


onerror:
    remove_stale_seal(Path(WORK), Path(SEAL).parent)


rule all:
    """Every paper of every meeting that config.yaml asks for, their index, what of it may be public, and the seal."""
    input:
        # Asked for here too: faults of templates and of inputs are told in one build, and a lost paper is made again.
        expand(f"{WORK}/templates/{{kind}}.prepared", kind=KINDS),
        lambda _: filled(),
        INDEX,
        SEAL,
        PUBLISHED,


rule papers:
    """The papers alone."""
    input:
        expand(f"{WORK}/templates/{{kind}}.prepared", kind=KINDS),
        lambda _: filled(),


def index_of_contexts() -> dict[str, list[str]]:
    """Meeting -> the kinds of its papers, as soon as the inputs are read."""
    return snakefile.kinds_by_meeting(Path(checkpoints.read.get().output.contexts))


def filled() -> list[str]:
    """The manifests of all meetings that have papers."""
    return expand(f"{WORK}/filled/{{meeting}}.json", meeting=index_of_contexts())


rule changes:
    """Every revision beside what it revises, every year's schedule beside the last: only where it is asked for."""
    input:
        lambda _: expand(f"{CHANGED}/filled/{{meeting}}.json", meeting=pairs()),


def pairs() -> dict[str, list]:
    """Meeting -> its papers that follow another one, as soon as the inputs are read."""
    return pairs_by_meeting(Path(checkpoints.read.get().output.contexts))


rule pdfs:
    """Every paper as a PDF: only where it is asked for."""
    input:
        lambda _: expand(f"{CONVERTED}/filled/{{meeting}}.json", meeting=index_of_contexts()),


checkpoint read:
    """Inputs -> facts, the text of every paper and the trace of its figures; all problems of the inputs at once."""
    input:
        data=snakefile.input_files("inputs", but="inputs/README.md"),
        config="config.yaml",
        kept=snakefile.archive_stamp_file(FORUM, Path(WORK)),  # looked at again when a kept file was touched
        code=snakefile.code_digests("read", Path(WORK), "wording"),  # the kinds of paper are found, not imported
    output:
        contexts=directory(f"{WORK}/contexts"),
        traces=directory(f"{WORK}/traces"),  # an output of its own: a changed trace fills no paper again
        model=f"{WORK}/model.json",
        rules=f"{WORK}/rules.json",
        public=f"{WORK}/public.json",
    log:
        f"{WORK}/logs/read.log",
    retries: 0  # a fault of the inputs stays one
    conda:
        "envs/papers.yaml"
    params:
        python=snakefile.python_command,
    shell:
        "{params.python} scripts/read.py --contexts {output.contexts} --traces {output.traces}"
        " --model {output.model} --kept {input.kept} 2> {log}"


rule prepare:
    """Templates -> each kind of paper joined, checked, compiled and compressed as far as it can be beforehand."""
    input:
        templates=snakefile.input_files("templates", but="templates/README.md"),
        code=snakefile.code_digests("prepare", Path(WORK), "wording"),  # the kinds of paper are found, not imported
        logo=snakefile.logo(FORUM),
    output:
        expand(f"{WORK}/templates/{{kind}}.prepared", kind=KINDS),
    log:
        f"{WORK}/logs/prepare.log",
    retries: 0  # a fault of the templates stays one
    conda:
        "envs/papers.yaml"
    params:
        python=snakefile.python_command,
    shell:
        f"{{params.python}} scripts/prepare.py --templates templates --logo {{input.logo:q}} --out {WORK}/templates 2> {{log}}"


rule receive:
    """The files that others sent for a meeting, each behind the official cover -> ready to fill, as from templates."""
    input:
        context=lambda wildcards: f"{checkpoints.read.get().output.contexts}/{wildcards.meeting}.json",
        papers=lambda wildcards: snakefile.received_files(
            Path(checkpoints.read.get().output.contexts), wildcards.meeting
        ),
        cover="templates/cover.docx",
        code=snakefile.code_digests("receive", Path(WORK), "wording"),  # the kinds of paper are found, not imported
        logo=snakefile.logo(FORUM),
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
    """A meeting's texts and the prepared templates -> all its papers, whole or not at all."""
    input:
        context=lambda wildcards: f"{checkpoints.read.get().output.contexts}/{wildcards.meeting}.json",
        templates=lambda wildcards: snakefile.prepared_templates(
            Path(WORK), wildcards.meeting, index_of_contexts()[wildcards.meeting]
        ),
        code=snakefile.code_digests("fill", Path(WORK)),
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
    """Finished papers and the house's rules -> what a reader would stumble over; one job, as most papers are known."""
    input:
        papers=lambda _: filled(),
        rules=f"{WORK}/rules.json",
        data=snakefile.inputs_stamp(Path(WORK)),  # findings name the line that the words come from
        code=snakefile.code_digests("check", Path(WORK)),
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
    """A meeting's papers and those that they follow -> Word files with tracked changes, whole or not at all."""
    input:
        papers=lambda wildcards: expand(
            f"{WORK}/filled/{{meeting}}.json",
            meeting=meetings_compared(Path(checkpoints.read.get().output.contexts), wildcards.meeting),
        ),
        code=snakefile.code_digests("redline", Path(WORK)),
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
    """A meeting's papers -> tagged PDFs by one start of LibreOffice, whole or not at all; only what changed is converted."""
    input:
        filled=f"{WORK}/filled/{{meeting}}.json",
        office=lambda _: snakefile.libreoffice_file(Path(WORK)),  # a newer LibreOffice makes other PDFs
        code=snakefile.code_digests("pdf", Path(WORK)),
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
    """All papers with their history, figures and files -> one page for people, and files for programs."""
    input:
        papers=lambda _: filled(),
        checked=f"{WORK}/checked.json",
        traces=lambda _: checkpoints.read.get().output.traces,
        model=f"{WORK}/model.json",
        ledger=snakefile.ledger(FORUM),
        beside=RELATED,
        edited=EDITED,
        code=snakefile.code_digests("register", Path(WORK), *snakefile.web_files()),
    output:
        page=INDEX,
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
    """What was made, and what it was made from -> lists of digests, which two people can compare."""
    input:
        papers=lambda _: filled(),
        index=rules.register.output,
        sources=snakefile.sources_stamp(Path(WORK)),
        edited=EDITED,
        traces=lambda _: checkpoints.read.get().output.traces,
        code=snakefile.code_digests("seal", Path(WORK)),
        logo=snakefile.logo(FORUM),
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
    """What may be public of all that was made -> outputs/public, the folder for the web; in every build, so that nothing stale stays."""
    input:
        said=f"{WORK}/public.json",
        papers=lambda _: filled(),
        index=INDEX,  # its pages of figures are taken where they are the same
        beside=RELATED,
        code=snakefile.code_digests("public", Path(WORK), *snakefile.web_files()),
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
    """Every paper, for Snakemake's own report (snakemake --report): only where it is asked for."""
    input:
        papers=lambda _: filled(),
        code=snakefile.code_digests("report", Path(WORK)),
    output:
        report(
            directory(f"{WORK}/reported"),
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
