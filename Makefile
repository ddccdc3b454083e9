# Peyvand. `make run` and `make test` do everything on a machine with Python 3.11+, git and make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup run test unit lint format lock specs audit clean

help: ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

setup: $(READY) ## Make the Python environment from the lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info[:2] < (3, 13) else "Peyvand needs Python 3.11 or 3.12, this is %d.%d. Name another: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "The Python environment cannot be made; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv || { echo "uv cannot be installed: is the package registry reachable?" >&2; exit 1; }
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)

run: setup ## Start everything on this machine and show the demonstration
	@exec $(BIN)/peyvand up $(ARGS)

test: setup ## Run every test, on embedded servers of its own
	@$(BIN)/python -m pytest -q $(ARGS)

unit: setup ## Run the pure tests only (seconds)
	@$(BIN)/python -m pytest -q -n 2 tests/unit

lint: setup ## Check style, types, layers and generated documents
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/pyright
	@$(BIN)/python -m schemas.generate --check
	@$(BIN)/python -m services.cli.reference --check

format: setup ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: setup ## Pin all dependencies anew, with hashes
	@$(BIN)/uv pip compile --quiet pyproject.toml --all-extras --group dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 --upgrade -o requirements.lock

specs: setup ## Write the generated documents: JSON Schemas and AsyncAPI
	@$(BIN)/python -m schemas.generate
	@$(BIN)/python -m services.cli.reference

audit: setup ## Write the bill of materials (CycloneDX) and look for known vulnerabilities
	@$(BIN)/python -m services.cli.dependencies

clean: ## Remove the environment and the data of `make run`
	rm -rf .venv .peyvand
