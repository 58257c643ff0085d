# Everything from nothing: `make site`, `make test`. All that is asked of the machine is Python 3.11.5 or later, and make.
PYTHON ?= python3
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')
VENV := .venv/$(VERSION)
RUN := $(VENV)/bin/python
export NO_MKDOCS_2_WARNING = 1
# The tools that run from here find the environment's commands (mypy and the like) first.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: site offline serve new record test fuzz cpython-tests mutants update check bench requirements clean

site: $(VENV)/site  ## build the site into site/ (ARGS="--shares FOLDER …": with records made by `make record` elsewhere)
	$(RUN) -m sitebuild build $(ARGS)

offline: $(VENV)/site  ## build the site, and pack it into awaited-offline.zip, which opens from disk
	$(RUN) -m sitebuild offline

serve: $(VENV)/site  ## show the site while you write; reloads by itself
	$(RUN) -m sitebuild serve $(ARGS)

new: $(VENV)/site  ## lay out a new example or page: `make new example tasks/my_example`, `make new page tasks/my-page`
	@$(RUN) -m sitebuild new $(or $(NEW),$(ARGS))

# The words after `new` are not targets but its arguments.
ifeq ($(firstword $(MAKECMDGOALS)),new)
NEW := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
.PHONY: $(NEW)
$(NEW): new
	@:
endif

record: $(VENV)/site  ## run the examples for a build elsewhere (ARGS="--shard 3/8 --into FOLDER")
	$(RUN) -m sitebuild record $(ARGS)

test: $(VENV)/test  ## run all tests, on as many cores as there are up to four
	$(RUN) -m pytest -n auto --maxprocesses 4 $(ARGS)

fuzz:  ## run N random programs unrecorded and recorded (N=100 SEED=0; ONLY=1: that one alone)
	PYTHONPATH=. nice $(PYTHON) tests/loopscope/fuzz.py -n $(or $(N),100) --seed $(or $(SEED),0) $(if $(ONLY),--only)

cpython-tests: $(VENV)/site  ## run CPython's tests of asyncio unrecorded and recorded (PYTHONS="3.11 3.13"; all that are here)
	PYTHONPATH=. nice $(RUN) tests/loopscope/cpython_tests.py $(PYTHONS)

mutants: $(VENV)/test  ## put N bugs in, one at a time, and see whether the tests catch them (N=100 SEED=1; takes hours)
	nice $(RUN) tests/mutants.py -n $(or $(N),100) --seed $(or $(SEED),1)

update: $(VENV)/site  ## record the examples' outputs anew, and whatever else is generated
	$(RUN) -m sitebuild update $(ARGS)

SCHEMA = $(VENV)/bin/check-jsonschema --builtin-schema
check: $(VENV)/dev  ## lint, formats, types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check loopscope sitebuild tests
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	@if command -v tsc >/dev/null; then set -x; tsc -p loopscope/views/stepper && tsc -p sitebuild/rendering/search; \
	else echo "skipped: types of the JavaScript; no tsc here (Debian: node-typescript)"; fi
	$(VENV)/bin/typos
	$(SCHEMA) vendor.citation-file-format CITATION.cff
	$(SCHEMA) vendor.github-workflows .github/workflows/*.yml
	$(SCHEMA) vendor.dependabot .github/dependabot.yml
	$(SCHEMA) vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
	$(SCHEMA) vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(VENV)/bin/zizmor --quiet --offline --persona=pedantic .github

bench: $(VENV)/site  ## measure all figures (ARGS="--trust-examples": also beside plain console fences, which have no sandbox; "--gallery PYTHON": beside sphinx-gallery, where that Python has it)
	$(RUN) -m sitebuild.commands.bench $(ARGS)

# Each set of packages goes on top of the one before: the site, its tests, what checks the code.
INSTALL = $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes
# Says what a step does, and then how long it took.
define step
@printf '%s … ' '$(1)'
@begin=$$(date +%s); $(2) && echo "$$(($$(date +%s) - begin)) s"
endef

$(VENV)/site: requirements.txt requirements-examples.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11, 5) or sys.exit("Awaited is built with Python 3.11.5 or later; this is " + sys.version.split()[0])'
	$(call step,making an environment in $(VENV),{ $(PYTHON) -m venv $(VENV) || uv venv --quiet --seed --clear --python $(PYTHON) $(VENV); })
	$(call step,installing what the site and its examples need,$(INSTALL) -r requirements.txt -r requirements-examples.txt)
	@touch $@

$(VENV)/test: requirements-test.txt $(VENV)/site
	$(call step,installing what the tests need,$(INSTALL) -r requirements-test.txt)
	@touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/test
	$(call step,installing what checks the code,$(INSTALL) -r requirements-dev.txt)
	@touch $@

COMPILE = uv pip compile -q --generate-hashes --python-version 3.11.7 --universal --no-emit-index-url
requirements: $(VENV)/dev  ## pin anew what the *.in files name (UPGRADE=--upgrade: the newest of all)
	for set in requirements requirements-examples requirements-test requirements-dev; do \
	    $(COMPILE) $(UPGRADE) $$set.in -o $$set.txt || exit; \
	done

clean:
	rm -rf .cache .venv site .site-* awaited-offline.zip
