# mailbot's workbench. `make setup`, `make demo` and `make test` need git, make and python3.11 on Debian or Ubuntu.
# PYTHON=/path/to/python chooses another Python (3.11 to 3.13).

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
# A python3.11 on PATH may be a shim with nothing behind it, so each candidate has to run. Looked up only where it is used.
CAN_RUN = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13; do \
	"$$python" -c '$(CAN_RUN)' 2>/dev/null && { echo "$$python"; break; }; done)
# Arguments for pytest: make test ARGS="-k calendar"
ARGS ?=
JOBS ?= 2

.PHONY: help setup demo test test-full lint format typecheck bench docs lock clean

help: ## show these lines
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

setup: ## system packages (as root) and .venv; quick when all is there
	@if [ -z "$(PYTHON)" ]; then \
	  echo "setup: no Python 3.11 to 3.13 found; install python3.11, or say PYTHON=/path/to/it" >&2; exit 1; fi
	@"$(PYTHON)" tools/setup.py

demo: setup ## the whole product on loopback with sample mails; ends by itself
	@$(BIN)/python -m tools.demo

test: lint typecheck ## what CI checks
	$(BIN)/pytest -n $(JOBS) -m "not slow" $(ARGS)

test-full: lint typecheck ## everything, also what takes long
	$(BIN)/pytest -n $(JOBS) --hypothesis-profile=full --timeout=900 $(ARGS)

lint: setup ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup ## let ruff mend what it safely can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

typecheck: setup ## mypy, strict
	$(BIN)/mypy

bench: setup ## the ratios this project promises
	$(BIN)/python -m tools.bench

docs: setup ## generate what is generated: the calendar files, the catalogue
	$(BIN)/python -m tools.make_calendar
	$(BIN)/python -m tools.make_docs

# --no-config and the plain options keep every address and path of this machine out of the file.
# Not after `setup`, which would stop at a bound that the old lock file does not meet.
lock: | $(BIN)/uv ## choose versions anew within pyproject.toml's bounds; make lock UPGRADE=1 takes the newest
	$(BIN)/uv --quiet --no-config pip compile pyproject.toml --output-file requirements/lock.txt \
	  --all-extras --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)
	$(BIN)/uv --quiet --no-config pip compile requirements/build.in --output-file requirements/build.txt \
	  --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

$(BIN)/uv:
	@$(MAKE) setup

clean: ## remove what setup, tests and builds left; storage/ is data and stays
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
