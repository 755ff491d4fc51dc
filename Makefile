# Forum Papers: `make` builds every paper, `make help` lists the verbs. Windows: see README.md for the plain commands.
.DEFAULT_GOAL := papers
.PHONY: papers test help dry-run lint lock clean benchmark benchmark-growth golden tags schema paginate changes pdf issue number revise withdraw freeze history trace package soak faults fuzz verify seal reliability cluster test-slurm profile report

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv/bin
CLUSTER := .venv/cluster/bin
# All variables of the command line, word for word: reasons may contain quotation marks and dollar signs. A verb refuses
# those that it does not know.
GIVEN = $(foreach key,$(sort $(filter-out PYTHON,$(.VARIABLES))),\
	$(if $(findstring command,$(origin $(key))),'$(key)=$(subst ','\'',$(value $(key)))'))
FORUM_PAPERS := $(VENV)/python scripts/forum_papers.py
RUN = $(FORUM_PAPERS) $@ $(GIVEN)
INSTALL := $(VENV)/python -m pip install --quiet --disable-pip-version-check --compile --require-hashes

papers: .venv/installed  ## build every paper into outputs/ (the default)
	@$(FORUM_PAPERS) build $(if $(profile),--workflow-profile 'profiles/$(profile)')

test: .venv/installed-test tests/tools/node_modules/installed  ## run the tests
	@$(VENV)/python -m pytest -n auto --dist loadfile

test-slurm: .venv/installed-test .venv/installed-cluster  ## test that a cluster builds the same papers (needs Slurm)
	@$(CLUSTER)/python -m pytest tests/stress/slurm.py

soak: .venv/installed-test  ## try 100,000 random sequences of the ledger's verbs (about twenty minutes on two cores)
	@$(VENV)/python tests/stress/soak.py

faults: .venv/installed-test  ## kill builds and the ledger's verbs at 200 random moments each; damage each file below outputs/work (about an hour)
	@$(VENV)/python tests/stress/faults.py
	@$(VENV)/python tests/stress/damaged_files.py

fuzz: .venv/installed-test  ## damage the inputs in 3,600 ways, and check how each build ends (about fifteen minutes on two cores)
	@$(VENV)/python tests/stress/fuzz.py

reliability: .venv/installed-test  ## run the tests that try to break it, and write the counts to tests/stress/RELIABILITY.md
	@$(VENV)/python tests/stress/reliability.py

cluster: .venv/installed-cluster  ## build every paper on a Slurm cluster; see docs/cluster.md
	@$(CLUSTER)/python scripts/forum_papers.py build --workflow-profile profiles/slurm

profile: .venv/installed  ## rebuild every paper, and report where the time went
	@$(FORUM_PAPERS) build --times all --forceall

report: .venv/installed  ## Snakemake's own report with every paper in it, into outputs/report.html: what ran, when, on what
	@$(FORUM_PAPERS) build
	@$(VENV)/snakemake --quiet all --report outputs/report.html

changes: .venv/installed  ## compare each revision with what it revises, each schedule with the last, into outputs/changes/
	@$(FORUM_PAPERS) build all changes

pdf: .venv/installed  ## make a tagged PDF of every paper, into outputs/pdf/ (needs LibreOffice)
	@$(FORUM_PAPERS) build all pdfs

trace: .venv/installed  ## where does a figure come from? paper=2018/SMEWG47/003 figure="14"
	@$(RUN)

verify: .venv/installed  ## build everything again in another folder, and compare: also against=FOLDER-or-SHA256SUMS, or paper=...
	@$(RUN)

seal: .venv/installed  ## the lines that two people compare: all papers, or paper=2020/SMEMM/002
	@$(RUN)

dry-run: .venv/installed  ## show what would be built, and why
	@$(VENV)/snakemake -n --quiet progress

benchmark: .venv/installed-test  ## measure the speed side by side with docxtpl and what else makes Word files (about seven minutes; npm, pandoc)
	@$(VENV)/python benchmarks/run.py

benchmark-growth: .venv/installed-test  ## measure how a build grows with the papers, next to docxtpl: papers="30 300 1000 10000"
	@$(VENV)/python benchmarks/growth.py $(papers)

golden: .venv/installed-test  ## rewrite the golden texts of the tests, to be reviewed with git diff
	@$(VENV)/python -m pytest -q tests/pipeline/test_golden_papers.py tests/docx/template/test_prepare.py --golden

tags: .venv/installed  ## rewrite the table of tags in templates/README.md
	@PYTHONPATH=scripts $(VENV)/python docs/generate_tags.py

schema: .venv/installed  ## rewrite config.schema.json, by which editors check config.yaml
	@PYTHONPATH=scripts $(VENV)/python docs/generate_config_schema.py

paginate: .venv/installed  ## find the page numbers of tables of contents (needs LibreOffice)
	@$(FORUM_PAPERS) paginate

issue: .venv/installed  ## record papers as circulated: meeting=SMEWG47, or paper=2018/SMEWG47/003
	@$(RUN)

number: .venv/installed  ## give numbers to the papers of a meeting that have none: meeting=SMEWG47
	@$(RUN)

revise: .venv/installed  ## begin the next revision of an issued paper: paper=2018/SMEWG47/003 why="..."
	@$(RUN)

withdraw: .venv/installed  ## take an issued paper out of circulation: paper=2018/SMEWG47/003 why="..."
	@$(RUN)

freeze: .venv/installed  ## end a meeting, its papers stay as they are: meeting=SMEWG47
	@$(RUN)

history: .venv/installed  ## who did what to a paper, when and why: paper=2018/SMEWG47/003
	@$(RUN)

package: .venv/installed  ## one zip for delegates, one for the public: meeting=SMEWG47, also what changed since=2018-08-20
	@$(RUN)

lint: .venv/installed-test  ## check style and types
	@$(VENV)/ruff check . && $(VENV)/ruff format --check . && $(VENV)/snakefmt --check Snakefile && $(VENV)/mypy && $(VENV)/snakemake --lint

lock: requirements.in requirements-test.in requirements-cluster.in  ## choose newer versions of the packages (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --upgrade requirements.in -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url -c requirements.lock requirements-test.in -o requirements-test.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url -c requirements-test.lock requirements-cluster.in -o requirements-cluster.lock

clean:  ## remove what was built, but no edited paper
	@$(PYTHON) scripts/forum_papers.py clean

help:  ## list the verbs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 18

tests/tools/node_modules/installed: tests/tools/package.json
	@npm install --prefix tests/tools --no-package-lock --no-audit --no-fund --silent
	@touch $@

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Forum Papers needs Python 3.11 or newer: install it, then run make again."; exit 1; }
	@echo "Setting up .venv, once (about a minute)"
	@$(PYTHON) -m venv .venv || { echo "Python can't make .venv: on Debian, apt install python3-venv."; exit 1; }

.venv/installed: requirements.lock | .venv/bin/python
	@$(INSTALL) -r requirements.lock
	@$(VENV)/python -m compileall -q scripts
	@touch $@

.venv/installed-test: requirements-test.lock | .venv/installed
	@$(INSTALL) -r requirements-test.lock
	@touch $@

# An environment of its own on top of .venv: Snakemake imports every plugin at each start, which costs a laptop's builds a second.
.venv/installed-cluster: requirements-cluster.lock | .venv/installed
	@$(VENV)/python -m venv .venv/cluster
	@for python in $(VENV) $(CLUSTER); do $$python/python -c "import sysconfig; print(sysconfig.get_path('purelib'))"; done \
		| { read own; read cluster; echo "$(CURDIR)/.venv/$${own##*/.venv/}" > "$$cluster/own.pth"; }
	@$(subst $(VENV),$(CLUSTER),$(INSTALL)) -r requirements-cluster.lock
	@touch $@
