# `make run` and `make test` are all a newcomer needs: they make what is missing and rebuild only what changed.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := services/chassis models services/inference services/ingest services/gateway services/standalone
INSTALLED := $(VENV)/.installed
MODEL := models/artifacts/milling/manifest.json
WEB_MODULES := web/node_modules/.installed
WEB := web/dist/index.html
MODEL_SOURCES := $(wildcard models/src/models/*.py models/src/models/profiles/*.yaml)
WEB_SOURCES := $(shell find web/src web/public web/index.html web/vite.config.ts web/scripts web/nginx/security-headers.template.conf -type f 2>/dev/null)
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2
# Marks of the tests that have a target of their own.
SLOWER := browser or faults or slow or kafka or postgres or services or chart or cluster or deploy or compose or day

PORT ?= 8080
FLEET ?= 50
VERSION ?=
REGISTRY ?=
DATA ?=
BROKERS ?= 1
SECURE ?=
HOURS ?= 1

.PHONY: help run services kafka model test lint types imports test-lint test-unit test-models test-web test-browser
.PHONY: test-kafka test-postgres test-services test-faults test-chart test-cluster test-deploy test-compose test-day up down fmt bench bench-stream bench-alarms bench-web release lock openapi docs screenshots clean

help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(INSTALLED) $(WEB) $(MODEL) ## start everything on http://localhost:8080 (PORT=…, FLEET=0 for no demo machines)
	@STANDALONE_PORT=$(PORT) STANDALONE_FLEET=$(FLEET) PM_LOG_FORMAT=$${PM_LOG_FORMAT:-text} exec $(BIN)/pm-standalone

services: $(INSTALLED) $(WEB) $(MODEL) ## the same as separate processes on Kafka and PostgreSQL behind an Nginx (PORT=…, FLEET=…)
	@exec $(BIN)/python -m tools.services --port $(PORT) --fleet $(FLEET)

kafka: $(INSTALLED) ## start Kafka for a person; prints the settings that lead to it (BROKERS=3, SECURE=1)
	@exec $(BIN)/python -m tools.kafka --brokers $(BROKERS) $(if $(SECURE),--secure)

model: $(INSTALLED) ## train on the simulator, or on your CSV with DATA=file.csv
	$(BIN)/pm-models train --out $(dir $(MODEL)) $(if $(DATA),--data $(DATA))

test: test-lint test-unit test-models test-web test-chart test-deploy test-kafka test-postgres test-services test-browser test-faults ## everything below

lint: $(INSTALLED) ## style of the Python code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(INSTALLED) ## mypy, strict
	$(BIN)/mypy services/*/src models/src services/*/tests models/tests tests benchmarks tools conftest.py

imports: $(INSTALLED) ## the import directions of the house
	$(BIN)/lint-imports

test-lint: lint types imports

test-unit: $(INSTALLED) $(MODEL) ## services, contracts and the whole walk in one process
	$(PYTEST) services tests -n $(WORKERS) --dist loadfile -m "not ($(SLOWER))"

test-models: $(INSTALLED) $(MODEL) ## profiles, features, training, evaluation against its bars
	$(PYTEST) models -n $(WORKERS) --dist loadfile

test-web: $(WEB_MODULES) ## types, style, unit tests and size budget of the web application
	cd web && npm run --silent types && npm run --silent lint && npm run --silent test && npm run --silent build && npm run --silent budget

test-browser: $(INSTALLED) $(WEB) $(MODEL) ## Chromium drives the pages on a running server
	$(PYTEST) tests -n $(WORKERS) --dist load -m browser

test-kafka: $(INSTALLED) ## the log on a real broker
	$(PYTEST) services tests -m "kafka and not (faults or services)"

test-postgres: $(INSTALLED) ## the store on a real database
	$(PYTEST) services tests -m "postgres and not (faults or services)"

test-services: $(INSTALLED) $(WEB) $(MODEL) ## separate processes on both, with one of them away
	$(PYTEST) tests -m services

test-day: $(INSTALLED) $(WEB) $(MODEL) ## hours of 50 machines through Kafka and the services, replayed: equal (HOURS=24 for a day)
	REPLAYED_DAY_HOURS=$(HOURS) $(PYTEST) tests -m day -s

test-chart: $(INSTALLED) ## the charts rendered, held to the schemas, scanned
	$(PYTEST) tests -n $(WORKERS) --dist loadfile -m chart

test-deploy: $(INSTALLED) ## the way to a host: bootstrap, module for AWS, workflows; installs pinned tools into a cache
	$(PYTEST) tests -m deploy

test-compose: $(INSTALLED) $(MODEL) ## compose.yaml on a real Docker engine, every service killed under load (CLUSTER_KIT)
	$(PYTEST) tests -m compose

test-cluster: $(INSTALLED) $(MODEL) ## the charts installed on a real cluster (KUBECONFIG, or CLUSTER_KIT)
	$(PYTEST) tests/cluster -m cluster

test-faults: $(INSTALLED) $(WEB) $(MODEL) ## kill -9 in the middle, then count: nothing lost, nothing doubled
	$(PYTEST) tests -m faults

fmt: $(INSTALLED) ## format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	[ ! -d web/node_modules ] || (cd web && npm run --silent format)

bench: $(INSTALLED) $(MODEL) ## scoring and HTTP against scikit-learn and a plain server, side by side
	$(BIN)/python benchmarks/scoring.py
	$(BIN)/python benchmarks/http_predict.py

bench-stream: $(INSTALLED) $(WEB) $(MODEL) ## events per second and core from ingest to PostgreSQL, each stage and the whole
	$(BIN)/python -m benchmarks.stream

bench-web: $(WEB) ## Lighthouse and the dashboard's goals of speed, as a table (PARTS='lighthouse arrival heap speed')
	cd web && npm run --silent bench -- $(PARTS)

bench-alarms: $(INSTALLED) ## what the alarm step costs per assessment, and how long the pages of the alarm desk wait
	$(BIN)/python -m benchmarks.alarms
	$(BIN)/python -m benchmarks.alarm_desk

openapi: $(INSTALLED) ## write the OpenAPI documents and the web's types from them
	$(BIN)/python -m standalone.openapi docs/openapi
	cd web && npm run --silent generate

docs: $(INSTALLED) ## write the tables of settings and of the charts' values
	$(BIN)/python -m standalone.settings_docs docs/settings.md
	$(BIN)/python -m charts.tools.values_table

up: $(MODEL) ## a kind cluster with Kafka, the ingress and the platform of this checkout (needs Docker, kind, helm)
	deploy/kind/up.sh

down: ## remove that cluster
	deploy/kind/down.sh

screenshots: $(INSTALLED) $(WEB) $(MODEL) ## take the pictures of the pages that the documents show
	$(BIN)/python -m tests.browser.screenshots

release: $(INSTALLED) ## the files of a release in dist/: charts, archive for hosts, checksums, changelog (VERSION=…, REGISTRY=…)
	@$(BIN)/python -m tools.release --version "$(VERSION)" --registry "$(REGISTRY)"

lock: $(INSTALLED) ## resolve the dependencies again into requirements.lock (hashes only)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --quiet --upgrade \
	  $(foreach p,chassis models inference ingest gateway standalone,--no-emit-package pm-$(p)) \
	  --group dev services/*/pyproject.toml models/pyproject.toml -o requirements.lock

clean: ## remove environments, builds and the model; keep the data in var/
	rm -rf $(VENV) web/node_modules web/dist web/nginx/security-headers.conf models/artifacts

$(INSTALLED): requirements.lock $(addsuffix /pyproject.toml,$(PACKAGES))
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. Set PYTHON=/path/to/python3.11")'
	@echo "── Python environment ($(VENV))"
	[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	if command -v uv >/dev/null; then export VIRTUAL_ENV=$(VENV) UV_COMPILE_BYTECODE=1; pip="uv pip"; else pip="$(BIN)/python -m pip --disable-pip-version-check"; fi; \
	  $$pip install --quiet --require-hashes -r requirements.lock && \
	  $$pip install --quiet --no-deps --no-build-isolation $(foreach p,$(PACKAGES),-e $(p))
	touch $@

$(WEB_MODULES): web/package-lock.json
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); if (a < 20 || (a === 20 && b < 19)) { console.error(`Node 20.19 or newer is needed; this is $${process.versions.node}`); process.exit(1) }'
	@echo "── web packages"
	cd web && npm ci --no-fund --no-audit --loglevel=error
	touch $@

$(WEB): $(WEB_MODULES) $(WEB_SOURCES)
	@echo "── web build"
	cd web && npm run --silent build
	touch $@

$(MODEL): $(MODEL_SOURCES) | $(INSTALLED)
	@echo "── model (simulated data, about a minute)"
	$(BIN)/pm-models train --out $(dir $(MODEL))
	touch $@
