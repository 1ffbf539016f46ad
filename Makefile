# Two commands on a fresh machine: `make run` serves, `make test` tests. Both install what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
LOCKED := $(BIN)/python -m uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header -p 3.11

# What the web app is built into, and what it is built from; a folder changes when a file in it goes.
APP := src/plotkiln/api/static/app/index.html
APP_SOURCES := $(shell find pwa -mindepth 1 \( -name node_modules -o -path pwa/tests \) -prune -o -print)
NODE_MODULES := pwa/node_modules/.package-lock.json
LIGHTHOUSE := tests/browser/lighthouse/node_modules/.package-lock.json
ISSUER := tests/issuer/node_modules/.package-lock.json
NPM := cd pwa && ../tools/npm.sh

.PHONY: run app test check format bench image-tree lock goldens manifests clean help

help: ## List the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run $(APP) ## Serve in the foreground; every setting comes from the environment.
	@exec $(BIN)/plotkiln serve

app: $(APP) ## Build the web app, if anything in pwa/ changed since.

test: $(VENV)/.dev $(APP) $(LIGHTHOUSE) $(ISSUER) ## Run every test; installs the servers they talk to where it may.
	@tests/install-tools.sh
	$(NPM) test --if-present
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.dev $(NODE_MODULES) ## Lint, types, import directions, formatting.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NPM) run --silent check
	$(NPM) run --silent types

format: $(VENV)/.dev $(NODE_MODULES) ## Format, and mend what can be mended by itself.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPM) run --silent format

bench: $(VENV)/.dev ## Run the benchmarks; each prints JSON.
	@for file in bench/bench_*.py; do $(BIN)/python $$file || exit 1; done

image-tree: $(VENV)/.run $(APP) ## Lay out the image's files in .cache/image, and print their sizes as JSON.
	@rm -rf .cache/image/made
	@$(BIN)/python deploy/container/stage.py base .cache/image/made/base >/dev/null
	@$(BIN)/python deploy/container/stage.py app .cache/image/made/base .cache/image/made/tree

goldens: $(VENV)/.dev ## Draw the golden pictures anew; look at them before you commit them.
	PLOTKILN_TEST_UPDATE_GOLDENS=1 $(BIN)/python -m pytest tests/render

lock: $(VENV)/.dev ## Resolve requirements anew.
	$(BIN)/python -m pip --disable-pip-version-check install --quiet uv
	$(LOCKED) --upgrade requirements/build.in -o requirements/build.txt
	$(LOCKED) --upgrade requirements/node.in -o requirements/node.txt
	$(LOCKED) --upgrade requirements/moto.in -o requirements/moto.txt
	$(LOCKED) --upgrade requirements/manifests.in -o requirements/manifests.txt
	$(LOCKED) --upgrade pyproject.toml -o requirements/run.txt
	$(LOCKED) --upgrade --extra otel pyproject.toml -c requirements/run.txt -o requirements/otel.txt
	$(LOCKED) --upgrade --extra otel pyproject.toml requirements/dev.in -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt

manifests: $(VENV)/.dev ## Check deploy/knative; CRDS=FOLDER: by a cluster's own definitions, too.
	@PYTHONPATH=tools $(BIN)/python -m manifests $(CRDS)

clean: ## Remove what was installed and cached here.
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
	rm -rf $(dir $(APP)) $(dir $(NODE_MODULES) $(LIGHTHOUSE) $(ISSUER))

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

%/node_modules/.package-lock.json: %/package-lock.json | $(VENV)/.python
	cd $* && "$(CURDIR)/tools/npm.sh" ci --no-progress --loglevel error
	@touch $@

$(APP): $(NODE_MODULES) $(APP_SOURCES)
	$(NPM) run --silent build -- --logLevel warn
	@touch $@
