# One page of commands. `make demo` and `make test` are all a newcomer needs.
SHELL := /bin/bash
PY := .venv/bin/python
WORKERS ?= 2
unexport PYTHONDONTWRITEBYTECODE  # every command starts new processes: what is compiled once is kept

.PHONY: help setup demo test test-nightly check bench docs clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

setup:  ## everything the product needs, in .venv and web/node_modules; fast when nothing changed
	@scripts/setup.sh

demo: setup  ## the town of Longsha on its ninth day, served; typed data is kept
	@.venv/bin/shouwang demo

test: setup  ## the whole test suite
	@scripts/setup.sh --for-tests
	@.venv/bin/pytest -n $(WORKERS) --dist loadgroup -q

test-nightly: setup  ## the long fault and fuzz runs
	@scripts/setup.sh --for-tests
	@.venv/bin/pytest -m nightly -q

check: setup  ## style, types, floors, migrations, packs, translations, dependencies, front end
	@scripts/check.sh

bench: setup  ## how fast it is, as a table
	@$(PY) -m bench

docs: setup  ## the generated reference, into docs/reference
	@$(PY) tools/reference.py

clean:  ## what was built; never SHOUWANG_HOME
	@rm -rf build dist htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@rm -rf src/shouwang/desk/static/built src/shouwang/fieldapi/static/field
	@git clean -fdXq docs/reference
	@find src -name '*.mo' -delete
