# A fresh machine needs Python 3.11 or later and make; everything else goes into .venv.
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test lint bench docs page clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile | expand -t 14

demo: $(VENV)/.base  ## fly the bundled Seongju study and write its report
	$(BIN)/equipoise run seongju
	@echo "the globe: $(BIN)/equipoise serve, and open the address that it prints"

test: $(VENV)/.dev  ## style, types and import contract, then every test
	@scripts/compile & { scripts/page || test $$? -eq 3; } && scripts/check && wait
	@EQUIPOISE_THREADS=1 scripts/test -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev  ## style, types and import contract only
	@scripts/check

bench: $(VENV)/.bench  ## measure against SciPy and heyoka; writes docs/benchmarks.md
	$(BIN)/python benchmarks/run.py --write docs/benchmarks.md

page:  ## build the page of the globe; needs Node 20
	@scripts/page

docs: $(VENV)/.dev  ## build the documentation into docs/_build/html
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html
	@echo "documentation: docs/_build/html/index.html"

clean:  ## remove the virtual environment, caches and built pages (never runs/)
	rm -rf $(VENV) build dist src/equipoise/web/page frontend/node_modules docs/_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# One stamp per set of extras: a re-run installs nothing until pyproject.toml changes.
$(VENV)/.base: pyproject.toml scripts/install
	@scripts/install
	@touch $@

$(VENV)/.dev: pyproject.toml scripts/install
	@scripts/install test,lint,docs
	@touch $@ $(VENV)/.base

$(VENV)/.bench: pyproject.toml scripts/install
	@scripts/install bench,test
	@touch $@ $(VENV)/.base
