# Two commands for a stranger: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
GIAOBAN_PORT ?= 8000

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(VENV)/.installed ## make .venv with what the product needs
setup-dev: $(VENV)/.installed-dev ## the same with what developers need

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Giao Ban needs Python 3.11 or newer: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: apt-get install python3-venv"; exit 1; }

# uv installs ten times faster; where it cannot be had, pip does the same from the same hashes.
define install
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv 2>/dev/null || true
	@if $(BIN)/uv --version >/dev/null 2>&1; then \
	  VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r $(1) && \
	  VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e . ; \
	else \
	  $(BIN)/python -m pip install --quiet --require-hashes -r $(1) && \
	  $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . ; \
	fi
	@$(BIN)/python scripts/compile_translations.py
endef

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Giao Ban into $(VENV) …"
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing Giao Ban and its development tools into $(VENV) …"
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.installed $@

setup-spark: setup $(VENV)/.installed-spark ## add the client of a Spark cluster (docs/guide/may-tinh-cum.md)

$(VENV)/.installed-spark: requirements-spark.lock pyproject.toml | $(BIN)/python
	@echo "Installing the Spark client into $(VENV) …"
	$(call install,requirements-spark.lock)
	@touch $@

# Spark itself lies beside .venv: its package and that of its client have the same modules.
.spark/.installed: requirements-cluster.lock | $(BIN)/python
	@echo "Installing Spark (430 MB) into .spark …"
	@rm -rf .spark
	@if $(BIN)/uv --version >/dev/null 2>&1; then \
	  $(BIN)/uv pip install --quiet --require-hashes --no-deps --python $(BIN)/python --target .spark -r requirements-cluster.lock; \
	else $(BIN)/python -m pip install --quiet --require-hashes --no-deps --target .spark -r requirements-cluster.lock; fi
	@touch $@

setup-compare: .compare/.installed ## underthesea beside .venv, for the comparison in benchmarks/bench_reading.py

# Its dozens of packages are no part of the product and none of its development.
.compare/.installed: requirements-compare.lock | $(BIN)/python
	@echo "Installing underthesea (56 MB) into .compare …"
	@rm -rf .compare
	@if $(BIN)/uv --version >/dev/null 2>&1; then \
	  $(BIN)/uv pip install --quiet --require-hashes --no-deps --python $(BIN)/python --target .compare -r requirements-compare.lock; \
	else $(BIN)/python -m pip install --quiet --require-hashes --no-deps --target .compare -r requirements-compare.lock; fi
	@touch $@

demo: setup ## play the demonstration and serve it on http://127.0.0.1:8000/
	@$(BIN)/python scripts/compile_translations.py
	@$(BIN)/giaoban demo --port $(GIAOBAN_PORT)

system-packages: ## Debian packages of the browser tests, of scans, of translations and of PostgreSQL
	@bash scripts/system_packages.sh

test: setup-dev system-packages ## everything: SQLite, PostgreSQL, browser journeys
	@$(BIN)/python scripts/compile_translations.py
	@bash scripts/test.sh

check: setup-dev system-packages ## lint, walls, types, translations, documentation
	@$(BIN)/python scripts/compile_translations.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python scripts/check_translations.py
	$(BIN)/python scripts/print_reference.py --check

soak: setup-dev setup-spark .spark/.installed ## long tests: a real Spark cluster, compaction under kill -9
	@bash scripts/system_packages.sh
	@bash scripts/system_packages.sh java
	@bash scripts/soak.sh

score: setup-dev ## score the reader on ../shared/reading, where it is at hand
	@bash scripts/score.sh

bench: setup-dev ## benchmarks, each with a ratio to its baseline
	@for f in benchmarks/bench_*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

docs: setup-dev ## print docs/reference from the code
	$(BIN)/python scripts/print_reference.py

messages: setup-dev ## collect English message ids into the Vietnamese catalogues
	@$(BIN)/python scripts/make_messages.py

lock: setup-dev ## resolve dependencies anew, with hashes and without host names
	$(BIN)/uv pip compile pyproject.toml --group build --universal --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --universal --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --group build --extra spark -c requirements-dev.lock --universal --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o requirements-spark.lock
	$(BIN)/uv pip compile --group cluster --universal --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o requirements-cluster.lock
	$(BIN)/uv pip compile --group compare --universal --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o requirements-compare.lock

clean: ## remove the environment and the demonstration's data
	rm -rf $(VENV) .spark .compare var .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: help setup setup-dev setup-spark setup-compare demo system-packages test check soak score bench docs messages lock clean
