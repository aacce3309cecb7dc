# Everything people do with client360. `make help` lists it.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.10; do \
	$$python -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
LOCAL := PYTHONPATH=plugins $(BIN)/python -m client360.local
WORLD := --clientes "$(CLIENTES)" --inicio "$(INICIO)" --semilla "$(SEMILLA)" --reemplazar "$(REEMPLAZAR)"

.DEFAULT_GOAL := help
.PHONY: help run backfill ui airflow psql test lint format realism bench erd migration lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'
	@echo
	@echo "  of run and backfill: CLIENTES=1000 INICIO=2025-01-01 SEMILLA=42 REEMPLAZAR=0; data go to CLIENT360_DATA (data)"

.venv/.installed: requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "client360: there is no Python 3.10 to 3.13: install one, or name it: make PYTHON=..." >&2; exit 1; }
	@echo "client360: installing the locked requirements in .venv, once"
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.txt -r requirements-dev.txt
	@touch $@

run: .venv/.installed ## run the DAG for FECHA (the last complete day) on an embedded PostgreSQL
	@$(LOCAL) run --fecha "$(FECHA)" $(WORLD)

backfill: .venv/.installed ## run the DAG for each day from DESDE to HASTA
	@$(LOCAL) backfill --desde "$(DESDE)" --hasta "$(HASTA)" $(WORLD)

ui: .venv/.installed ## Airflow in a browser, on PORT (8080), until Ctrl-C
	@$(LOCAL) ui --port "$(PORT)"

airflow: .venv/.installed ## Airflow's own command on the embedded stack: make airflow ARGS="dags list"
	@$(LOCAL) airflow $(ARGS)

psql: .venv/.installed ## the warehouse in psql; SQL="select ..." runs one statement
	@$(LOCAL) psql --sql "$(SQL)"

test: .venv/.installed ## all tests, on a PostgreSQL and an Airflow of their own
	@$(BIN)/pytest $(ARGS)

lint: .venv/.installed ## style and types of Python and SQL
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint include tests

format: .venv/.installed ## put Python and SQL in style
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format
	@$(BIN)/sqlfluff fix include tests

realism: .venv/.installed ## compare a generated world with what world.yaml declares
	@PYTHONPATH=plugins $(BIN)/python -m client360.world.realism

bench: .venv/.installed ## measure each step beside its bare minimum; ONLY=generate|load|steps|daily|whole
	@PYTHONPATH=plugins $(BIN)/python -m bench $(ONLY)

erd: .venv/.installed ## draw docs/erd.md, the star, from the models
	@PYTHONPATH=plugins $(BIN)/python docs/erd.py

migration: .venv/.installed ## draft the revision that changed models need: MESSAGE="what changes"; read it before you commit it
	@$(LOCAL) migration --message "$(MESSAGE)"
	@$(BIN)/ruff check --quiet --fix plugins/client360/migrations && $(BIN)/ruff format --quiet plugins/client360/migrations

lock: .venv/.installed ## resolve requirements*.in anew
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --upgrade requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --upgrade requirements-dev.in -o requirements-dev.txt

clean: ## remove the virtual environment, the embedded database and the caches; keeps data
	@-test ! -x $(BIN)/python || $(LOCAL) stop
	@rm -rf .venv .local .mypy_cache .ruff_cache .pytest_cache .hypothesis
