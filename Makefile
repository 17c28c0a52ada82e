# Two commands matter: `make run` and `make test`. They need Python 3.11 and make; everything
# else they install into .tools/ and .venv/ of this folder, and only when it has changed.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& command -v "$$each" && break; done)
UV := $(or $(shell command -v uv),.tools/uv/bin/uv)
BIN := .venv/bin
WORKERS ?= 2

# uv takes the system's Python, and the registry that pip is told to take; it and Node.js trust
# whom the system trusts.
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS ?= true
export NODE_USE_SYSTEM_CA ?= 1
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check bench format migrate schema docs requirements clean setup assets

help: ## Show this
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z]*\):.*## /  \1 /p' $(MAKEFILE_LIST) | awk '{ name = $$1; $$1 = ""; printf "  %-14s%s\n", name, $$0 }'

run: .venv/.server ## Serve on $HOST:$PORT with a database of its own, or with $DATABASE_URL
	@$(BIN)/python graphiql/build.py || echo "Going on without GraphiQL." >&2
	@exec $(BIN)/backoffice serve

test: check ## Everything that CI checks
	$(BIN)/python -m pytest -n $(WORKERS)

check: setup assets ## What `make test` checks before it runs the tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/backoffice schema --check
	$(BIN)/backoffice docs --check

bench: setup ## Print what use cases and queries cost: CPU time and statements
	$(BIN)/python -m benchmarks.costs

format: setup ## Format the code, and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

migrate: .venv/.server ## Bring the database to this release's schema
	@$(BIN)/backoffice migrate

schema: .venv/.server ## Write schema/schema.graphql anew
	$(BIN)/backoffice schema

docs: .venv/.server ## Write the generated documents anew
	$(BIN)/backoffice docs

requirements: | $(UV) ## Pin requirements/*.in into *.txt; UPGRADE=--upgrade takes newer releases
	$(PIN) requirements/uv.in -o requirements/uv.txt
	$(PIN) requirements/server.in -o requirements/server.txt
	$(PIN) requirements/dev.in -o requirements/dev.txt -c requirements/server.txt

PIN = $(UV) pip compile -q $(UPGRADE) --universal --python-version 3.11 --generate-hashes

clean: ## Remove what was installed and built; the data in .data stays
	rm -rf .venv .tools graphiql/node_modules server/static *.egg-info
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What follows makes the machine ready. A file .venv/.NAME says that NAME is done.

setup: .venv/.dev ## Install everything, and do nothing else

assets: .venv/.server
	@$(BIN)/python graphiql/build.py

.venv/.dev: requirements/dev.txt .venv/.server
	$(UV) pip install --python .venv --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.server: requirements/server.txt pyproject.toml $(BIN)/python
	$(UV) pip install --python .venv --require-hashes -r requirements/server.txt
	$(UV) pip install --python .venv --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/python: | $(UV)
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: none was found." >&2; exit 1; }
	$(UV) venv --quiet --clear --python "$(PYTHON)" .venv

.tools/uv/bin/uv: requirements/uv.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: none was found." >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear .tools/uv || { \
		echo "Python's venv module is missing: install python3-venv, or uv." >&2; exit 1; }
	.tools/uv/bin/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@
