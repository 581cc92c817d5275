# `make` alone prints its verbs. A newcomer needs two: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Without compiled modules every process, every test worker too, would read all of the source again: ten seconds each.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --update-notifier=false
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links
ESLINT := node_modules/.bin/eslint --config web/assets/eslint.config.mjs --max-warnings 0 web/assets engine
CHECKED := engine storage web bench tests
ON_EVERY_CORE := -n auto --dist loadfile --no-loadscope-reorder

# The fast tests write thousands of small databases: into memory, where there is room.
IN_MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df -k --output=avail /dev/shm | tail -1)" -gt 4000000 ] && echo TMPDIR=/dev/shm)

# Each part of the set-up leaves a stamp and is redone only when what it was made from changes.
PYTHON_READY := .venv/.packages-ready
PROJECT_READY := .venv/.project-ready
NODE_READY := node_modules/.packages-ready
ASSETS_READY := web/static/manifest.json
ASSETS := $(shell find web/assets -type f) $(wildcard engine/bpmn/drawing/*.mjs) $(wildcard web/static/*.svg web/static/*.png web/static/*.ico)

.PHONY: help setup run check test fuzz bench lock clean

help: ## print these lines
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(PROJECT_READY) $(ASSETS_READY) ## prepare .venv and the web assets (again: only what has changed)

$(PYTHON_READY): requirements-dev.txt
	@python=$$(.ci/require python); echo "Installing the Python packages (a minute or two) ..."; "$$python" -m venv .venv
	@$(PIP) install --quiet --no-compile --require-hashes -r requirements-dev.txt
	@touch $@

$(PROJECT_READY): setup.cfg pyproject.toml $(PYTHON_READY)
	@$(PIP) install --quiet --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

$(NODE_READY): package.json package-lock.json
	@.ci/require node >/dev/null; echo "Installing the web packages ..."
	@$(NPM_CI)
	@touch $@

$(ASSETS_READY): $(NODE_READY) $(ASSETS)
	@node web/assets/build.mjs

run: setup ## serve Headway with its demo trust on http://127.0.0.1:8000
	@DEMO=yes exec $(BIN)/headway serve

check: setup ## lint, formatting, types, import contracts and the fast tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CHECKED)
	$(BIN)/lint-imports
	$(ESLINT)
	$(IN_MEMORY) $(BIN)/python -m pytest $(ON_EVERY_CORE) -o tmp_path_retention_policy=failed -m "not slow"

test: check ## check, then the slow tests: PostgreSQL, Chromium, kill -9
	$(BIN)/python -m pytest $(ON_EVERY_CORE) -m slow

fuzz: setup ## random models against the oracle for longer; FUZZ="--seconds 60 --seed 7"
	$(BIN)/python -m tests.engine.bpmn.random_models.fuzz $(FUZZ)

bench: setup ## measure this machine and write bench/latest.json
	$(BIN)/python -m bench

lock: setup ## work out the lock files again after editing requirements*.in or package.json
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error

clean: ## remove what set-up and tests have made (var/, with its data, stays)
	rm -rf .venv node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -f engine/bpmn/drawing/arrange.bundle.js engine/rules/feelin.bundle.js web/static/{*.js,headway.css,licences.txt,manifest.json}
