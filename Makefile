# détente: every target makes the environment it needs. `make` alone lists them.

VENV := .venv
RUN := $(VENV)/bin
INSTALL := $(RUN)/python -m pip install --quiet --disable-pip-version-check
RUNS := $(VENV)/.runs
STAMP := $(VENV)/.installed
RIVALS := $(VENV)/.rivals
# A Python to use instead of the newest one found: make setup PYTHON=python3.12
PYTHON ?=
CANDIDATES := python3.13 python3.12 python3.11 python3
USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
COMPILE = $(RUN)/uv pip compile --universal --python-version 3.11 \
	--fork-strategy requires-python --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --no-annotate --quiet $(UPGRADE)

# Seconds of tests, as measured on one core, in `make check`.
BUDGET := 80

# A file stays in one process, so that its tests share what was compiled; in the order of
# tests/conftest.py.
SPREAD := -n auto --maxprocesses=4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup demo test explore lint style check expect episodes exposure bench docs site pins clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP)  ## .venv with the pinned dependencies of development and détente itself
	@:

# What a run needs, and what puts détente itself in place: a third of the packages.
$(RUNS): pyproject.toml requirements.txt requirements-build.txt
	@if ! $(RUN)/python -c '$(USABLE)' 2>/dev/null; then \
	  for name in $(or $(PYTHON),$(CANDIDATES)); do \
	    if "$$name" -c '$(USABLE)' 2>/dev/null; then found=$$name; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "détente needs Python 3.11 or later with its venv module; none of these runs as one: $(or $(PYTHON),$(CANDIDATES))." >&2; \
	    exit 1; \
	  fi; \
	  echo "Making $(VENV) with $$("$$found" --version)"; \
	  "$$found" -m venv --clear $(VENV) || exit 1; \
	fi
	@echo "Installing what a run needs (a minute or two the first time)"
	@$(INSTALL) --require-hashes -r requirements.txt -r requirements-build.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(STAMP): $(RUNS) requirements-dev.txt
	@echo "Installing what development needs (another minute or two the first time)"
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(RUNS)  ## opening services trade between China and Korea: the answer, and a brief to read
	@$(RUN)/detente run china-korea/services-opening

test: setup  ## every test; make test ARGS="-k tariff" passes options on
	@$(RUN)/python -m pytest $(SPREAD) $(ARGS)

explore: setup  ## the properties that must hold for any number, on thousands of new ones
	@HYPOTHESIS_PROFILE=explore $(RUN)/python -m pytest $(SPREAD) -m hypothesis $(ARGS)

lint: setup  ## format, lint and layers
	@$(RUN)/ruff format --check --quiet . || { echo "run $(RUN)/ruff format ." >&2; exit 1; }
	@$(RUN)/ruff check --quiet .
	@$(RUN)/lint-imports --no-cache

style: lint  ## the same, and types
	@$(RUN)/basedpyright --pythonpath $(RUN)/python

check: lint  ## in 90 seconds: the same, types of what changed, tests near to it and the fastest
	@changed=$$($(RUN)/python -m tools.nearest | grep ^src/); \
	[ -z "$$changed" ] || $(RUN)/basedpyright --pythonpath $(RUN)/python $$changed
	@$(RUN)/python -m pytest -q $(SPREAD) $$($(RUN)/python -m tools.durations $(BUDGET)) $(ARGS)

expect: setup  ## write the expected results of the shipped scenarios again; review the difference
	@$(RUN)/python tools/expect.py

episodes: setup  ## the tables that episodes ship again, from the raw sources in DETENTE_RAW
	@$(RUN)/python tools/episodes.py

exposure: setup  ## the table of exposure by year again, from the raw sources in DETENTE_RAW
	@$(RUN)/python tools/exposure.py

bench: $(RIVALS)  ## time the engine beside its rivals, and write docs/reference/benchmarks.md
	@$(RUN)/python -m benchmarks $(ARGS)

# Without them the engine is timed alone, and each rival is one line that says it is not installed.
$(RIVALS): $(STAMP) requirements-bench.txt
	@echo "Installing the rivals that the engine is timed beside"
	@if $(INSTALL) --require-hashes -r requirements-bench.txt; \
	then touch $@; else echo "They could not be installed; détente is timed alone." >&2; fi

docs: setup  ## the documentation, into site/
	@$(RUN)/python -m tools.pages
	@NO_MKDOCS_2_WARNING=1 $(RUN)/mkdocs build --strict --quiet
	@echo "site/index.html"

site: docs  ## the same, and the desk of every scenario of the library, for any web server
	@$(RUN)/python -m tools.desks site/desks
	@echo "site/desks/index.html"

pins: setup  ## the requirements files again, from pyproject.toml; UPGRADE=--upgrade for newer versions
	@$(COMPILE) pyproject.toml --output-file requirements.txt
	@$(COMPILE) pyproject.toml --all-extras --group dev --output-file requirements-dev.txt
	@$(COMPILE) --group build --constraints requirements-dev.txt --output-file requirements-build.txt
	@$(COMPILE) pyproject.toml --group bench --constraints requirements-dev.txt --output-file requirements-bench.txt
	@git diff --stat -- requirements*.txt 2>/dev/null || true

clean:  ## remove .venv and everything that was generated
	@rm -rf $(VENV) .venv-newer site dist build .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests benchmarks examples docs tools -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
