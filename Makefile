# `make` alone prints this help. Everything a newcomer needs is `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Stamps: each part of the set-up is redone only when the file that describes it changes.
PYTHON_READY := .venv/.python-ready
PROJECT_READY := .venv/.project-ready
NODE_READY := node_modules/.headway-ready
ASSETS_READY := web/static/manifest.json
ASSET_SOURCES := $(wildcard web/assets/*.* web/assets/*/*.*)

.PHONY: help setup run check test fuzz bench lock clean

help: ## print these lines
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(PROJECT_READY) $(ASSETS_READY) ## prepare .venv and the web assets (repeated runs do only what has changed)

$(PYTHON_READY): requirements-dev.txt
	@.ci/find-python
	@echo "Installing the Python packages ..."
	@$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

$(PROJECT_READY): setup.cfg pyproject.toml $(PYTHON_READY)
	@$(PIP) install --quiet --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

clean: ## remove everything that setup and the tests have made (var/, with its data, stays)
	rm -rf .venv node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -f engine/bpmn/feelin.bundle.js web/static/*.js web/static/headway.css web/static/licences.txt web/static/manifest.json
