# Two commands on a fresh machine: `make run` serves, `make test` tests. Both install what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
LOCKED := $(BIN)/python -m uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header -p 3.11

.PHONY: run test check format bench lock goldens clean help

help: ## List the targets.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run ## Serve in the foreground; every setting comes from the environment.
	@exec $(BIN)/plotkiln serve

test: $(VENV)/.dev ## Run every test; installs the servers they talk to where it may.
	@tests/install-tools.sh
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.dev ## Lint, types, import directions, formatting.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## Format, and mend what can be mended by itself.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## Run the benchmarks; each prints JSON.
	@for file in bench/bench_*.py; do $(BIN)/python $$file || exit 1; done

goldens: $(VENV)/.dev ## Draw the golden pictures anew; look at them before you commit them.
	PLOTKILN_TEST_UPDATE_GOLDENS=1 $(BIN)/python -m pytest tests/render

lock: $(VENV)/.dev ## Resolve requirements anew.
	$(BIN)/python -m pip --disable-pip-version-check install --quiet uv
	$(LOCKED) --upgrade requirements/build.in -o requirements/build.txt
	$(LOCKED) --upgrade pyproject.toml -o requirements/run.txt
	$(LOCKED) --upgrade pyproject.toml requirements/dev.in -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt

clean: ## Remove what was installed and cached here.
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist

$(VENV)/.python:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements/run.txt requirements/build.txt pyproject.toml
	$(PIP) -r requirements/build.txt -r requirements/run.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(PIP) -r requirements/dev.txt
	@touch $@
