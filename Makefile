# Forum Papers: `make` builds every paper, `make help` lists the verbs. Windows: see README.md for the plain commands.
.DEFAULT_GOAL := papers

# The first Python that install.py takes; else any Python 3, to which install.py says what is expected.
PYTHONS := python3.13 python3.12 python3.11 python3 python
PYTHON ?= $(shell for code in 'install.py check' '-c print(f"")'; do for p in $(PYTHONS); do \
	$$p $$code >/dev/null 2>&1 && echo $$p && exit; done; done)
VENV := .venv/bin
CLUSTER := .venv/cluster/bin
# All variables of the command line, word for word: reasons may contain quotation marks and dollar signs.
GIVEN = $(foreach key,$(sort $(filter-out PYTHON,$(.VARIABLES))),\
	$(if $(findstring command,$(origin $(key))),'$(key)=$(subst ','\'',$(value $(key)))'))
FORUM_PAPERS := $(VENV)/python scripts/forum_papers.py
# forum-papers --help says what each of them does.
VERBS := dry-run notices changes pdf paginate clean number issue revise withdraw freeze package history \
	trace verify seal profile report new-plan new-meeting new-paper forms \
	status preview check compare
TARGETS := papers $(VERBS) test test-all test-slurm test-windows help lint lock benchmark benchmark-growth golden tags schema \
	soak faults fuzz reliability cluster
.PHONY: $(TARGETS)
# Before anything starts: words that are no target, such as the second one of by=APEC Secretariat, and line breaks.
STRAY := $(filter-out $(TARGETS) .venv/%,$(MAKECMDGOALS))
ifneq ($(STRAY),)
$(error command: found "$(STRAY)"; expected a verb of make help, then key=value. Put a value with spaces between \
quotation marks, as in by="APEC Secretariat")
endif
define LINE_BREAK


endef
ifneq ($(findstring $(LINE_BREAK),$(GIVEN)),)
$(error command: found a value with a line break; expected one line of visible characters. Correct it)
endif
# What .venv was made for. It is made again if its folder was moved, or if its Python was removed or replaced.
MADE_FOR = $(VENV)/python -c 'import os, sys; print(ascii(os.path.realpath(sys.prefix)), *sys.version_info[:2])' 2>/dev/null
ifneq ($(shell $(MADE_FOR)),$(shell cat .venv/installed 2>/dev/null))
.PHONY: .venv/installed
endif

papers: .venv/installed  ## build every paper into outputs/ (the default)
	@$(FORUM_PAPERS) build $(if $(profile),--workflow-profile 'profiles/$(profile)')

$(VERBS): .venv/installed
	@$(FORUM_PAPERS) $@ $(GIVEN)

test: .venv/installed-test  ## run the tests that need Python packages alone (about ten minutes on two cores)
	@$(VENV)/python -m pytest -n auto --dist loadfile --quick

test-all: test .venv/installed-cluster  ## run all tests; install what make test does without (Debian: by apt)
	@tests/tools/install_system.sh
	@$(MAKE) --no-print-directory test-slurm
	@$(MAKE) --no-print-directory test-windows
	@$(VENV)/python -m pytest -n auto --dist loadfile --rest

test-slurm: .venv/installed-test .venv/installed-cluster  ## test that a cluster builds the same papers (needs Slurm)
	@PATH="$$PATH:/usr/sbin:/sbin" $(CLUSTER)/python -m pytest tests/stress/slurm.py

test-windows: .venv/installed-windows  ## test that a Python for Windows builds the same papers (needs Wine, MinGW and the package index)
	@$(VENV)/python -m pytest tests/stress/windows.py

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

benchmark: .venv/installed-test  ## measure the speed side by side with docxtpl and what else makes Word files (about seven minutes; npm, pandoc)
	@$(VENV)/python benchmarks/run.py

benchmark-growth: .venv/installed-test  ## measure how a build grows with the papers, next to docxtpl: papers="30 300 1000 10000"
	@$(VENV)/python benchmarks/growth.py $(papers)

golden: .venv/installed-test  ## rewrite the golden texts of the tests, to be reviewed with git diff
	@$(VENV)/python -m pytest -q tests/pipeline/test_golden_papers.py tests/pipeline/test_documents_in_builds.py tests/docx/template/test_prepare.py --golden

tags: .venv/installed  ## rewrite docs/tags.md and docs/phrases.md, the tags and phrases of papers
	@PYTHONPATH=scripts $(VENV)/python docs/generate_tags.py

schema: .venv/installed  ## rewrite config.schema.json, by which editors check config.yaml
	@PYTHONPATH=scripts $(VENV)/python docs/generate_config_schema.py

lint: .venv/installed-test  ## check style and types
	@$(VENV)/ruff check . && $(VENV)/ruff format --check . && $(VENV)/snakefmt --check Snakefile && $(VENV)/mypy && $(VENV)/snakemake --lint

LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url
lock:  ## choose newer versions of the packages (needs uv)
	$(LOCK) --upgrade requirements-build.in -o requirements-build.lock
	$(LOCK) --upgrade requirements.in -o requirements.lock
	$(LOCK) -c requirements.lock requirements-test.in -o requirements-test.lock
	$(LOCK) -c requirements-test.lock requirements-cluster.in -o requirements-cluster.lock

help: .venv/installed  ## list the verbs, and what else make does
	@$(FORUM_PAPERS) --help
	@echo; echo "Further targets of make:"
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 26

.venv/installed: install.py pyproject.toml requirements-build.lock requirements.lock
	@command -v '$(PYTHON)' >/dev/null || { echo 'Python: found none$(if $(PYTHON), of the name $(PYTHON)); expected Python 3.11, 3.12 or 3.13. Install one, then run make again.' >&2; exit 1; }
	@$(PYTHON) install.py
	@$(MADE_FOR) > $@

.venv/installed-test: requirements-test.lock .venv/installed
	@$(VENV)/python install.py test
	@touch $@

.venv/installed-cluster: requirements-cluster.lock .venv/installed
	@$(VENV)/python install.py cluster
	@touch $@

.venv/installed-windows: tests/tools/windows_up.py .venv/installed-test
	@$(VENV)/python tests/tools/windows_up.py
	@touch $@
