# Everything people do with client360. `make help` lists it.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.10; do \
	$$python -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
LOCAL := PYTHONPATH=plugins:notebooks:. $(BIN)/python -m tools.local
# where people run the stack in Docker there is a .env; CLIENT360_LOCAL names an embedded one
IN_DOCKER = test -e .env -a -z "$$CLIENT360_LOCAL" && docker compose ps --quiet --status running postgres 2> /dev/null | grep -q .
EMBEDDED = $(MAKE) --silent --no-print-directory .venv/.installed && $(LOCAL)
ROWS := --clientes "$(CLIENTES)" --inicio "$(INICIO)" --semilla "$(SEMILLA)" --reemplazar "$(REEMPLAZAR)" --anonimo "$(ANONIMO)" \
	--suciedad "$(SUCIEDAD)" --fuente "$(FUENTE)" --entrada "$(ENTRADA)" --umbral "$(UMBRAL)"

.DEFAULT_GOAL := help
.PHONY: help run backfill feed ui dashboard notebook report up down logs airflow psql lint format realism bench bench-docker erd migration lock clean
.PHONY: test test-local test-browser test-notebooks test-docker

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'
	@echo
	@echo "  of run and backfill: CLIENTES=1000 INICIO=2025-01-01 SEMILLA=42 REEMPLAZAR=0 ANONIMO=0; data go to CLIENT360_DATA (data)"
	@echo "  SUCIEDAD=0.02 breaks that share of the rows on purpose, and grades what the pipeline rejects"
	@echo "  instead of a simulated world, your own CSV files: FUENTE=feed ENTRADA=folder UMBRAL=5 (rejected rows that stop it, %)"

.venv/.installed: requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "client360: there is no Python 3.10 to 3.13: install one, or name it: make PYTHON=..." >&2; exit 1; }
	@echo "client360: installing the locked requirements in .venv, once"
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.txt -r requirements-dev.txt
	@touch $@

run: .venv/.installed ## run the DAG for FECHA (the last complete day) on an embedded PostgreSQL
	@$(LOCAL) run --fecha "$(FECHA)" $(ROWS)

backfill: ## run the DAG for each day from DESDE to HASTA
	@if $(IN_DOCKER); then docker/backfill; else $(EMBEDDED) backfill --desde "$(DESDE)" --hasta "$(HASTA)" $(ROWS); fi

feed: .venv/.installed ## draft a feed of your own CSV files, for you to complete: NAME=my_feed ENTRADA=folder
	@$(LOCAL) feed --name "$(NAME)" --entrada "$(ENTRADA)"

ui: .venv/.installed ## Airflow in a browser, on PORT (8080), until Ctrl-C
	@$(LOCAL) ui --port "$(PORT)"

.venv/.dashboard: .venv/.installed requirements-dashboard.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements-dashboard.txt
	@touch $@

dashboard: ## the dashboard in a browser, on PORT (8501) until Ctrl-C; in Docker where the stack runs there
	@if $(IN_DOCKER); then docker compose up --build --detach --wait dashboard && \
		echo "The dashboard is at http://$$(docker compose port dashboard 8501)"; \
		else $(MAKE) --silent --no-print-directory .venv/.dashboard && $(LOCAL) dashboard --port "$(PORT)"; fi

# jsonschema imports rfc3987-syntax where there is one, and every Airflow process would start a second later: the lock leaves it out
.venv/.notebook: .venv/.installed requirements-notebook.txt
	@$(BIN)/uv pip install --quiet --no-deps --python $(BIN)/python -r requirements-notebook.txt
	@touch $@

notebook: ## the notebooks in JupyterLab, on PORT (8888) until Ctrl-C; in Docker where the stack runs there
	@if $(IN_DOCKER); then docker compose up --build --detach --wait notebook && \
		echo "JupyterLab is at http://$$(docker compose port notebook 8888)/lab, token: grep NOTEBOOK_PASSWORD .env"; \
		else $(MAKE) --silent --no-print-directory .venv/.notebook && $(LOCAL) notebook --port "$(PORT)"; fi

report: .venv/.notebook ## the notebooks of FECHA (the newest day published) as HTML, beside its CSV files
	@if $(IN_DOCKER); then export CLIENT360_DATA="$${CLIENT360_DATA:-$$(sed -n 's/^CLIENT360_DATA=//p' .env)}"; fi; \
		$(LOCAL) report --fecha "$(FECHA)"

up: .engine ## the stack in Docker, on 127.0.0.1: PostgreSQL, Airflow and its schedule; .env says what and how much
	@docker/prepare
	@docker compose up --build --detach --wait --remove-orphans || { docker compose logs --tail 25 init; docker compose ps --all; \
		echo "client360: the stack in Docker is not healthy: see above, and make logs" >&2; exit 1; }
	@echo "Airflow is at http://$$(docker compose port api-server 8080): user admin, password: grep ADMIN_PASSWORD .env"

down: ## stop the stack in Docker; VOLUMES=1 also removes its database and logs, after asking
	@test "$(VOLUMES)" != 1 || { printf "The database and the logs in Docker will be gone; data stays. Type yes: "; \
		read answer && test "$$answer" = yes; }
	@docker compose --profile "*" down --remove-orphans $(if $(filter 1,$(VOLUMES)),--volumes)

logs: ## what the stack says, in Docker where it runs there, else the last of the embedded one
	@if $(IN_DOCKER); then docker compose logs --follow --tail 100; \
		else tail -n 100 "$$(ls -t "$${CLIENT360_LOCAL:-.local}"/logs/*.log | head -n 1)"; fi

airflow: ## Airflow's own command: make airflow ARGS="dags list"
	@if $(IN_DOCKER); then docker compose exec scheduler airflow $(ARGS); else $(EMBEDDED) airflow $(ARGS); fi

psql: ## the warehouse in psql, in Docker as a role that only reads; SQL="select ..." runs one statement
	@if $(IN_DOCKER); then docker compose exec postgres psql --username client360_reader --dbname client360 \
		$(if $(SQL),--command "$(SQL)"); else $(EMBEDDED) psql --sql "$(SQL)"; fi

test: .venv/.installed ## tests, on a PostgreSQL and an Airflow of their own; the next ones take minutes each
	@$(BIN)/pytest $(ARGS)

test-local: .venv/.installed ## tests of make run and its siblings, for minutes: killed half-way, at once, given nonsense, driven over REST
	@$(BIN)/pytest tests/local $(ARGS)

.venv/.browser: .venv/.installed requirements-browser.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements-browser.txt
	@touch $@

test-browser: .venv/.dashboard .venv/.browser ## tests of the dashboard and of the page in Airflow, in a browser, on a small world
	@$(BIN)/pytest tests/browser --numprocesses=0 $(ARGS)

test-notebooks: .venv/.notebook ## tests of the notebooks, on a small world, an empty shop and the files alone
	@$(BIN)/pytest tests/notebooks --numprocesses=0 $(ARGS)

.engine: # never made
	@docker compose version > /dev/null 2>&1 && docker info > /dev/null 2>&1 || { \
		echo "client360: no Docker engine with compose answers here: install or start one (make run needs none)" >&2; exit 1; }

test-docker: .engine .venv/.browser ## tests of the stack in Docker, for minutes, with a browser; needs an engine
	@$(BIN)/pytest tests/docker --numprocesses=0 --verbose --exitfirst $(ARGS)

lint: .venv/.dashboard .venv/.notebook ## style and types of Python and SQL
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint include dashboard notebooks tests

format: .venv/.notebook ## put Python and SQL in style, and take outputs out of notebooks
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format
	@$(BIN)/jupyter nbconvert --log-level=ERROR --clear-output --inplace notebooks/*.ipynb
	@$(BIN)/sqlfluff fix include dashboard notebooks tests

realism: .venv/.installed ## compare a generated world with what world.yaml declares
	@PYTHONPATH=plugins:. $(BIN)/python -m proof.realism

bench: .venv/.dashboard .venv/.browser ## measure each step beside its bare minimum; ONLY=generate|load|steps|feeds|daily|whole|dashboard
	@PYTHONPATH=plugins:tests/docker $(BIN)/python -m bench $(ONLY)

bench-docker: .engine .venv/.installed ## measure the stack in Docker: seconds to healthy, memory, seconds of a run
	@PYTHONPATH=plugins:tests/local:tests/docker $(BIN)/python -m bench.docker

erd: .venv/.installed ## draw docs/erd.md, the star, from the models
	@PYTHONPATH=plugins $(BIN)/python docs/erd.py

migration: .venv/.installed ## draft the revision that changed models need: MESSAGE="what changes"; read it before you commit it
	@$(LOCAL) migration --message "$(MESSAGE)"
	@$(BIN)/ruff check --quiet --fix plugins/client360/warehouse/migrations && $(BIN)/ruff format --quiet plugins/client360/warehouse/migrations

lock: .venv/.installed ## resolve requirements*.in anew
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --upgrade requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --upgrade requirements-dev.in -o requirements-dev.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --upgrade requirements-browser.in -o requirements-browser.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --upgrade requirements-dashboard.in -o requirements-dashboard.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --upgrade requirements-notebook.in -o requirements-notebook.txt \
		--no-emit-package lark --no-emit-package rfc3987-syntax

clean: ## remove the virtual environment, the embedded database and the caches; keeps data
	@-test ! -x $(BIN)/python || $(LOCAL) stop
	@rm -rf .venv .local .mypy_cache .ruff_cache .pytest_cache .hypothesis
