# `make help` lists what there is. Without make, as on Windows: README.md has the same lines.

ifndef PYTHON
PYTHON := $(shell for name in python3.11 python3 python3.12 python3.13 python3.14; do \
  $$name -c "import sys; sys.exit(sys.version_info < (3, 11))" 2> /dev/null && echo $$name && break; done)
endif
PORT ?= 8000
PREFIX ?= /

PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help book serve lab assignments quick test test-all lint bench mutants costs bundle clean python packages test-packages

help:  ## show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 10

book: python  ## build the site, with Python in the browser, into _build/html
	@$(PYTHON) tools/book.py

serve: packages  ## show the built site at http://localhost:8000/ (PORT=8001 PREFIX=/some/path/)
	@$(PY) tools/serve.py --port $(PORT) --prefix "$(PREFIX)"

lab: packages  ## open the chapters in JupyterLab
	@.venv/bin/jupyter lab --ServerApp.default_url=/lab/tree/chapters

assignments: packages  ## make the notebooks of all exercises, into _build/assignments
	@$(PY) -m udl_exercises build

quick: python  ## lint, types and the tests of what changed, in a minute
	@$(PYTHON) -m tools.checks quick

test: python  ## check everything, from lint to a real browser
	@$(PYTHON) -m tools.checks

test-all: python  ## the same at full length: every chapter in every way, every screen, more examples
	@$(PYTHON) -m tools.checks all

lint: python  ## check style and types, Python and TypeScript
	@$(PYTHON) -m tools.checks lint

bench: test-packages  ## measure against PyTorch and other peers
	@$(PY) -m benchmarks

mutants: test-packages  ## break the package in many small ways and see whether the tests notice
	@$(PY) tools/mutants.py

costs: test-packages  ## what each live figure costs, in lines
	@$(PY) tools/figure_cost.py

bundle: test-packages  ## rebuild the live figures' front end from js/
	@$(PY) -m tools.declare
	@$(PY) -m tools.node build.mjs

clean:  ## forget what was built; .venv and the downloads in .cache stay
	@rm -rf _build .cache/lite/site* .pytest_cache .mypy_cache .ruff_cache .hypothesis .jupyterlite.doit.db

python:
	@test -n "$(PYTHON)" || { echo "error: Python 3.11 or newer is needed, and none was found: make PYTHON=/path/to/python3" >&2; exit 1; }
	@($(PYTHON) -c "") > /dev/null 2>&1 || { echo "error: PYTHON=$(PYTHON) does not run: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) tools/install.py --check

packages: python
	@$(PYTHON) tools/install.py requirements.txt

test-packages: packages
	@$(PYTHON) tools/install.py tests/requirements.txt
